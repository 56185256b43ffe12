"""Random sequences of everything that people and moderators do, with restarts, against what they were told."""

import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot import queue_air as air
from bot import queue_asking as asking
from bot import queue_operations as operations
from bot import queue_undo as undoing
from bot import queue_votes as voting
from bot.anonymity import Anonymity
from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import (
    AlreadyDecided,
    AskedAlready,
    MergeImpossible,
    NothingApproved,
    NothingToUndo,
    NotVotable,
    OwnQuestion,
    QuestionUnknown,
    Silenced,
    UndoBlocked,
)
from bot.questions import (
    OPEN_TO_MERGE,
    TRANSITIONS,
    WAITING,
    Asker,
    By,
    Outcome,
    Reason,
    State,
    answerable,
    standing_after,
)
from bot.queue_order import in_order
from bot.queue_values import Asking, Registered, Taken, Undone
from bot.storage import migrations, queries
from bot.storage.nouns import Nouns
from bot.turns import Turns, in_turn
from tests.factories import workshop

T = TypeVar("T")

EVENT = workshop(Path("/nowhere")).agenda
TUESDAY, WEDNESDAY = EVENT.sessions[:2]
RULES = workshop(Path("/nowhere")).questions.model_copy(
    update={"per_person": 4, "per_session": 6, "blocked_words": ("c",)}
)
PEOPLE = [PersonId(n) for n in (701, 702, 703, 704)]
MODERATORS = [PersonId(801), PersonId(802)]

#: Of those that there are, and now and then of none.
numbers = st.runner().flatmap(lambda machine: st.sampled_from([*machine.steps, QuestionNumber(99)]))
moderators = st.sampled_from(MODERATORS)
people = st.sampled_from(PEOPLE)
texts = st.sampled_from("abcdef")
outcomes = st.sampled_from(Outcome)


@dataclass(eq=False)
class Brought:
    """What a step brought with it."""

    text_before: str
    showing: int
    #: The answers that came with it or after it.
    answers: list[str] = field(default_factory=list)
    #: The question that it took off the air, and what that one's step brought.
    took_off: "tuple[QuestionNumber, Brought] | None" = None


class QueueMachine(RuleBasedStateMachine):
    """Keeps beside the database what each answer said, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.connection = self.connect()
        for migration in migrations.known():
            for statement in migration.statements:
                self.connection.execute(statement)
        self.anonymity = Anonymity(b"k" * 32)
        self.countries = {PEOPLE[0]: "country:CR", PEOPLE[1]: "country:CR", PEOPLE[2]: "country:HN"}
        #: Of each question the steps that are in force, each with who made it.
        self.steps: dict[QuestionNumber, list[tuple[State, By]]] = {}
        self.into: dict[QuestionNumber, QuestionNumber] = {}
        self.supporters: dict[QuestionNumber, set[PersonId]] = {}
        self.asked_in: dict[QuestionNumber, SessionKey] = {}
        self.air: dict[QuestionNumber, list[SessionKey]] = {}
        self.text: dict[QuestionNumber, str] = {}
        #: Of each question as many as its steps.
        self.brought: dict[QuestionNumber, list[Brought]] = {}
        self.showings: dict[QuestionNumber, int] = {}
        self.taken_down: set[tuple[QuestionNumber, int]] = set()

    def connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(Path(self.folder.name) / "estrado.db", isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = OFF")
        return connection

    def teardown(self) -> None:
        self.connection.close()
        self.folder.cleanup()

    @initialize(
        policy=st.sampled_from(["rotation", "votes", "arrival"]),
        first=st.lists(st.tuples(people, texts, st.booleans(), st.booleans()), min_size=3, max_size=6),
    )
    def begins(self, policy: str, first: list[tuple[PersonId, str, bool, bool]]) -> None:
        assert TUESDAY.qa is not None
        self.now = TUESDAY.qa.starts_at
        self.day = TUESDAY
        self.policy = policy
        for person, text, anonymous, approved in first:
            self.asks(person, text, anonymous=anonymous, to=None)
            if approved and self.steps and self.state(max(self.steps)) is State.PENDING:
                self.moves(max(self.steps), State.APPROVED, MODERATORS[0])

    def lookup(self, _tx: Nouns, person: PersonId) -> Registered | None:
        return Registered(Asker("Una Persona"), self.countries[person]) if person in self.countries else None

    def does(self, operation: Callable[[Any], T]) -> T | Refusal:
        """One operation in its savepoint, as the store runs it."""
        self.now += timedelta(seconds=7)
        self.connection.execute("SAVEPOINT operation")
        try:
            result = operation(Nouns(self.connection, self.now))
        except Refusal as refusal:
            self.connection.execute("ROLLBACK TO operation")
            return refusal
        finally:
            self.connection.execute("RELEASE operation")
        return result

    def state(self, number: QuestionNumber) -> State:
        return self.steps[number][-1][0]

    def push(self, number: QuestionNumber, *states: State, by: By = By.MODERATOR) -> None:
        for state in states:
            assert state in TRANSITIONS[self.state(number)]
            self.steps[number].append((state, by))
            self.showings[number] += state is State.ON_AIR
            self.brought[number].append(Brought(self.text[number], self.showings[number]))
            if state is State.ON_AIR:
                self.air.setdefault(number, []).append(self.day.key)

    def pop(self, number: QuestionNumber) -> None:
        state, _ = self.steps[number].pop()
        brought = self.brought[number].pop()
        self.text[number] = brought.text_before
        if state is State.MERGED:
            del self.into[number]
        if state is State.ON_AIR:
            self.air[number].pop()
            self.taken_down.add((number, brought.showing))

    def on_air(self, session: SessionKey) -> list[QuestionNumber]:
        return [n for n in self.steps if self.state(n) is State.ON_AIR and self.air[n][-1] == session]

    def refused_truly(self, outcome: object, number: QuestionNumber, fits: Callable[[State], bool]) -> bool:
        """Whether it was refused; if so, for what the question was told to be."""
        if isinstance(outcome, QuestionUnknown):
            return True
        if isinstance(outcome, AlreadyDecided):
            assert outcome.number == number
            assert outcome.state is self.state(number)
            assert not fits(outcome.state)
            return True
        assert not isinstance(outcome, Refusal), outcome
        assert fits(self.state(number))
        return False

    # What people do

    @rule(person=people, text=texts, anonymous=st.booleans(), to=st.sampled_from([None, "OIM"]))
    def asks(self, person: PersonId, text: str, *, anonymous: bool, to: str | None) -> None:
        self.hears_asked(Asking(person, text, anonymous, to, "es"))

    @rule(moderator=moderators, whom=st.sampled_from([*PEOPLE, "Una Vecina", "Otro Vecino"]), text=texts)
    def files(self, moderator: PersonId, whom: PersonId | str, text: str) -> None:
        person, name = (None, whom) if isinstance(whom, str) else (whom, None)
        self.hears_asked(Asking(person, text, False, None, "en", filed_by=moderator, filed_for=name))

    def hears_asked(self, question: Asking) -> None:
        asked = self.does(lambda tx: asking.ask(tx, self.day.key, question, self.anonymity, self.lookup, RULES))
        if isinstance(asked, Refusal):
            return
        if asked.repeated:
            assert asked.state is self.state(asked.number)
            return
        assert asked.number > max(self.steps, default=0)
        self.steps[asked.number] = [(State.PENDING, By.AUTHOR)]
        self.text[asked.number] = question.text
        self.showings[asked.number] = 0
        self.brought[asked.number] = [Brought(question.text, 0)]
        self.asked_in[asked.number] = self.day.key
        waiting = [n for n in self.steps if self.state(n) in WAITING and self.asked_in[n] == self.day.key]
        assert asked.place == len(waiting)

    @rule(number=numbers, person=people)
    def withdraws(self, number: QuestionNumber, person: PersonId) -> None:
        outcome = self.does(lambda tx: asking.withdraw(tx, number, person, self.anonymity))
        if self.refused_truly(outcome, number, WAITING.__contains__):
            return
        self.push(number, State.WITHDRAWN, by=By.AUTHOR)
        for member in [n for n, into in self.into.items() if into == number]:
            self.pop(member)

    @rule(number=numbers, person=people, text=texts)
    def edits(self, number: QuestionNumber, person: PersonId, text: str) -> None:
        outcome = self.does(lambda tx: asking.edit_by_author(tx, number, person, text, self.anonymity, ("c",)))
        if isinstance(outcome, AskedAlready | Silenced) or self.refused_truly(outcome, number, WAITING.__contains__):
            return
        assert outcome.question.text == text
        self.text[number] = text
        assert outcome.question.held_words == (("c",) if text == "c" else ())
        assert outcome.back_to_review in (False, self.state(number) is State.APPROVED)
        if outcome.back_to_review:
            self.push(number, State.PENDING, by=By.AUTHOR)

    @rule(number=numbers, voter=people)
    def votes(self, number: QuestionNumber, voter: PersonId) -> None:
        outcome = self.does(lambda tx: voting.vote(tx, number, voter, self.anonymity))
        root = number
        while root in self.into:
            root = self.into[root]
        if isinstance(outcome, NotVotable):
            assert self.state(root) is not State.APPROVED
        if isinstance(outcome, Refusal):
            assert isinstance(outcome, NotVotable | OwnQuestion | QuestionUnknown)
            return
        voted, _ = outcome
        assert (voted.number, self.state(root)) == (root, State.APPROVED)
        group = self.group(root)
        assert voted.supports is (voter not in self.support(root))
        for member in group:
            self.supporters.setdefault(member, set()).discard(voter)
        if voted.supports:
            self.supporters[root].add(voter)
        assert voted.votes == len(self.support(root))

    def group(self, root: QuestionNumber) -> set[QuestionNumber]:
        members = {root}
        while more := {n for n, into in self.into.items() if into in members} - members:
            members |= more
        return members

    def support(self, root: QuestionNumber) -> set[PersonId]:
        return set().union(*(self.supporters.get(n, set()) for n in self.group(root)))

    @rule(person=people, country=st.sampled_from(["country:CR", "country:HN", "country:GT"]))
    def registers(self, person: PersonId, country: str) -> None:
        self.countries[person] = country
        self.does(lambda tx: tx.questions.set_affiliation(person, country))

    # What moderators do

    @rule(number=numbers, moderator=moderators)
    def approves(self, number: QuestionNumber, moderator: PersonId) -> None:
        self.moves(number, State.APPROVED, moderator)

    @rule(chosen=st.lists(numbers, max_size=5), moderator=moderators)
    def approves_a_page(self, chosen: list[QuestionNumber], moderator: PersonId) -> None:
        approved = self.does(lambda tx: operations.approve_all(tx, chosen, moderator))
        assert not isinstance(approved, Refusal)
        for question in approved:
            assert question.held_words == ()
            self.push(question.number, State.APPROVED)

    @rule(number=numbers, moderator=moderators, text=texts)
    def edits_and_approves(self, number: QuestionNumber, moderator: PersonId, text: str) -> None:
        outcome = self.does(lambda tx: asking.edit_and_approve(tx, number, moderator, text, ("c",)))
        if not self.refused_truly(outcome, number, lambda state: state is State.PENDING):
            assert outcome.text == text
            self.push(number, State.APPROVED)
            self.text[number] = text

    @rule(number=numbers, moderator=moderators)
    def defers(self, number: QuestionNumber, moderator: PersonId) -> None:
        self.moves(number, State.DEFERRED, moderator)

    @rule(number=numbers, moderator=moderators, reason=st.sampled_from(Reason))
    def rejects(self, number: QuestionNumber, moderator: PersonId, reason: Reason) -> None:
        self.moves(number, State.REJECTED, moderator, reason)

    def moves(self, number: QuestionNumber, to: State, moderator: PersonId, reason: Reason | None = None) -> None:
        outcome = self.does(
            lambda tx: operations.move(tx, operations.existing(tx, number), to, By.MODERATOR, moderator, reason)
        )
        if not self.refused_truly(outcome, number, lambda state: to in TRANSITIONS[state]):
            self.push(number, to)

    @rule(number=numbers, moderator=moderators, how=outcomes)
    def finishes(self, number: QuestionNumber, moderator: PersonId, how: Outcome) -> None:
        outcome = self.does(lambda tx: air.finish(tx, number, moderator, how))
        if not self.refused_truly(outcome, number, lambda state: state is State.ON_AIR):
            assert outcome.in_writing is (how is Outcome.IN_WRITING)
            self.push(number, how.state)

    @rule(
        moderator=moderators,
        seen=st.none() | numbers,
        how=outcomes,
        number=st.none() | numbers,
        to=st.sampled_from([None, "oim"]),
    )
    def takes_next(
        self,
        moderator: PersonId,
        seen: QuestionNumber | None,
        how: Outcome,
        number: QuestionNumber | None,
        to: str | None,
    ) -> None:
        taken = self.does(
            lambda tx: air.take_next(
                tx, self.day.key, moderator, self.policy, seen, outcome=how, number=number, addressed_to=to
            )
        )
        if isinstance(taken, NothingApproved):
            here = [self.state(n) for n in self.steps if self.asked_in[n] == self.day.key]
            assert State.APPROVED not in here
            assert taken.waiting == here.count(State.PENDING)
        if isinstance(taken, AlreadyDecided):
            assert taken.state is self.state(taken.number)
        if isinstance(taken, Taken):
            assert number in (None, taken.on_air.number)
            assert number or to is None or taken.on_air.addressed_to == "OIM"
            self.hears_taken(taken, how)

    @rule(number=numbers, moderator=moderators, how=outcomes)
    def puts_on_air(self, number: QuestionNumber, moderator: PersonId, how: Outcome) -> None:
        taken = self.does(lambda tx: air.put_on_air(tx, number, moderator, EVENT, self.now, early=True, outcome=how))
        if not self.refused_truly(taken, number, air.READY.__contains__):
            assert taken.on_air.number == number
            self.hears_taken(taken, how)

    def hears_taken(self, taken: Taken, how: Outcome) -> None:
        assert self.on_air(self.day.key) == ([taken.closed.number] if taken.closed else [])
        took_off = None
        for number in self.on_air(self.day.key):
            self.push(number, how.state)
            took_off = number, self.brought[number][-1]
        number = taken.on_air.number
        if self.state(number) is State.PENDING:
            self.push(number, State.APPROVED)
        self.push(number, State.ON_AIR)
        self.brought[number][-1].took_off = took_off

    @rule(number=numbers, into=numbers, moderator=moderators)
    def merges(self, number: QuestionNumber, into: QuestionNumber, moderator: PersonId) -> None:
        outcome = self.does(lambda tx: voting.merge(tx, number, into, moderator))
        if isinstance(outcome, MergeImpossible):
            assert number == into or self.state(into) not in OPEN_TO_MERGE
            return
        if self.refused_truly(outcome, number, WAITING.__contains__):
            return
        assert self.state(into) in OPEN_TO_MERGE
        self.push(number, State.MERGED)
        self.into[number] = into
        assert outcome[1].votes == len(self.support(into))

    @rule(number=numbers, moderator=moderators, text=texts)
    def answers(self, number: QuestionNumber, moderator: PersonId, text: str) -> None:
        outcome = self.does(lambda tx: operations.answer(tx, number, moderator, text))
        if self.refused_truly(outcome, number, answerable):
            return
        assert outcome[0].text == text
        if self.state(number) is State.PENDING:
            self.push(number, State.APPROVED)
        if self.state(number) in (State.APPROVED, State.DEFERRED):
            self.push(number, State.ANSWERED)
        self.brought[number][-1].answers.append(text)
        assert outcome[1].state is self.state(number)

    @rule(number=numbers, moderator=moderators)
    def undoes(self, number: QuestionNumber, moderator: PersonId) -> None:
        outcome = self.does(lambda tx: undoing.undo(tx, number, moderator, EVENT, ("c",)))
        if isinstance(outcome, QuestionUnknown):
            return
        steps = self.steps[number]
        if isinstance(outcome, NothingToUndo):
            assert len(steps) == 1 or steps[-1][1] is By.AUTHOR
            return
        assert steps[-1][1] is not By.AUTHOR
        top = self.brought[number][-1]
        came_with_it = steps[-1][0] is State.ANSWERED and steps[-2][0] in (State.APPROVED, State.DEFERRED)
        if len(top.answers) > came_with_it:
            assert isinstance(outcome, Undone), outcome
            top.answers.pop()
            assert (outcome.step, outcome.answer) == (False, True)
            assert outcome.question.state is self.state(number)
            return
        off_air = steps[-2][0] is State.ON_AIR
        if isinstance(outcome, UndoBlocked):
            assert off_air
            assert self.on_air(self.air[number][-1]) == [outcome.on_air]
            return
        assert isinstance(outcome, Undone), outcome
        past = off_air and self.air[number][-1] != self.day.key
        gone, answers = steps[-1][0], len(self.given(number))
        self.pop(number)
        if past:
            self.pop(number)
        assert outcome.question.state is self.state(number)
        assert outcome.question.text == self.text[number]
        assert outcome.post is (past or gone is State.ON_AIR)
        assert outcome.answer is (len(self.given(number)) < answers)
        back = None
        if gone is State.ON_AIR and top.took_off is not None:
            other, closing = top.took_off
            if self.brought[other][-1] is closing and self.air[other][-1] == self.day.key:
                self.pop(other)
                # The answers that it was given meanwhile stay.
                self.brought[other][-1].answers += closing.answers
                back = other
        assert (outcome.on_air and outcome.on_air.number) == back

    def given(self, number: QuestionNumber) -> list[str]:
        return [answer for brought in self.brought[number] for answer in brought.answers]

    @rule(number=numbers, moderator=moderators)
    def silences(self, number: QuestionNumber, moderator: PersonId) -> None:
        self.does(lambda tx: operations.silence(tx, number, moderator, self.day, self.anonymity.fingerprint))

    @rule(moderator=moderators, policy=st.sampled_from(["rotation", "votes", "arrival"]))
    def changes_the_policy(self, moderator: PersonId, policy: Any) -> None:
        self.does(lambda tx: tx.policies.set(self.day.key, policy, moderator, tx.now))
        self.policy = policy

    # What the event does

    @precondition(lambda self: self.day is TUESDAY)
    @rule(policy=st.sampled_from(["rotation", "votes", "arrival"]))
    def the_next_day_comes(self, policy: str) -> None:
        assert WEDNESDAY.qa is not None
        self.now = WEDNESDAY.qa.starts_at
        closed = self.does(lambda tx: air.close_past(tx, EVENT))
        assert not isinstance(closed, Refusal)
        assert [q.number for q in closed] == self.on_air(TUESDAY.key)
        for question in closed:
            self.push(question.number, State.ANSWERED, by=By.EVENT)
        self.day = WEDNESDAY
        self.policy = policy

    @rule()
    def restarts(self) -> None:
        self.connection.close()
        self.connection = self.connect()

    @invariant()
    def everybody_was_told_the_truth(self) -> None:
        rows = self.connection.execute("SELECT number, state, votes, merged_into FROM questions ORDER BY number")
        kept = {row["number"]: (State(row["state"]), row["votes"], row["merged_into"]) for row in rows}
        assert kept == {n: (self.state(n), len(self.support(n)), self.into.get(n)) for n in self.steps}
        assert all(len(self.on_air(session.key)) <= 1 for session in EVENT.sessions)

    @invariant()
    def texts_and_answers_are_those_of_the_steps_in_force(self) -> None:
        rows = self.connection.execute("SELECT number, text FROM questions")
        assert {row["number"]: row["text"] for row in rows} == self.text
        given: dict[QuestionNumber, list[str]] = {number: [] for number in self.steps}
        for row in self.connection.execute(
            "SELECT number, text FROM question_answers WHERE withdrawn_at IS NULL ORDER BY number, generation"
        ):
            given[row["number"]].append(row["text"])
        assert given == {number: self.given(number) for number in self.steps}

    @invariant()
    def posts_of_what_was_taken_back_are_to_go(self) -> None:
        rows = self.connection.execute("SELECT number, generation FROM question_takedowns WHERE what = 'question'")
        assert {(row["number"], row["generation"]) for row in rows} == self.taken_down

    @invariant()
    def nothing_contradicts_itself(self) -> None:
        for noun in ("questions", "question_turns", "votes", "tidings", "takedowns"):
            named = queries.loaded()[noun]
            for name in named.available_queries:
                if name.startswith("broken_") and not name.endswith("_cursor"):
                    assert list(getattr(named, name)(self.connection)) == [], name

    @invariant()
    def log_replays_to_where_each_stands(self) -> None:
        tx = Nouns(self.connection, self.now)
        for number in self.steps:
            question = tx.questions.find(number)
            assert question is not None
            history = tx.questions.history(number)
            assert standing_after(history) == question.standing
            assert history[0].from_state is None

    @invariant()
    def order_of_arrival_is_stable(self) -> None:
        rows = self.connection.execute("SELECT asked_at, author_seal FROM questions ORDER BY number").fetchall()
        # When an anonymous one came is known to the hour.
        assert all(row["asked_at"] % 3_600_000 == 0 for row in rows if row["author_seal"] is not None)
        by_name = [row["asked_at"] for row in rows if row["author_seal"] is None]
        hours = [row["asked_at"] // 3_600_000 for row in rows]
        assert (by_name, hours) == (sorted(by_name), sorted(hours))

    @invariant()
    def kept_order_is_the_one_that_the_rule_gives(self) -> None:
        tx = Nouns(self.connection, self.now)
        for session in (TUESDAY, WEDNESDAY):
            candidates = list(tx.turns.by(session.key, "arrival"))
            given_turns: dict[str, int] = {}
            for row in self.connection.execute("SELECT turn FROM questions WHERE air_session = ?", (session.key,)):
                given_turns[row["turn"]] = given_turns.get(row["turn"], 0) + 1
            turns = Turns(given_turns, {c.author: c.author_turns for c in candidates})
            for policy in ("rotation", "votes", "arrival"):
                if tx.policies.of(session.key) in (None, policy):
                    kept = [placed.candidate for placed in in_order(tx, session.key, policy)]
                    assert kept == in_turn(candidates, policy, turns)

    @invariant()
    def nothing_names_who_is_anonymous(self) -> None:
        rows = self.connection.execute(
            "SELECT author_id, affiliation, filed_by, filed_for FROM questions WHERE author_seal IS NOT NULL"
        )
        assert all(tuple(row) == (None, None, None, None) for row in rows)


QueueMachine.TestCase.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)


@pytest.mark.trial("Q6")
class TestQueue(QueueMachine.TestCase):
    """The machine, as a test."""
