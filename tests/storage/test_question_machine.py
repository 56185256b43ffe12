"""Random sequences of everything that people and moderators do, against what they were told."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot import queue_operations as operations
from bot.anonymity import Anonymity
from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import AlreadyDecided, NothingApproved, QuestionUnknown
from bot.questions import TRANSITIONS, Asker, By, Question, Reason, State
from bot.queue_operations import Asking, Registered, Taken
from bot.storage import migrations
from bot.storage.nouns import Nouns
from bot.storage.questions import queries

T = TypeVar("T")

SESSION = SessionKey("2020-09-08")
PEOPLE = [PersonId(n) for n in (701, 702, 703, 704)]
COUNTRIES = {PEOPLE[0]: "country:CR", PEOPLE[1]: "country:CR", PEOPLE[2]: "country:HN"}
MODERATORS = [PersonId(801), PersonId(802)]

numbers = st.integers(1, 12).map(QuestionNumber)
moderators = st.sampled_from(MODERATORS)


def lookup(_tx: Nouns, person: PersonId) -> Registered | None:
    return Registered(Asker("Una Persona"), COUNTRIES[person]) if person in COUNTRIES else None


class QueueMachine(RuleBasedStateMachine):
    """Keeps beside the database what each answer said, and nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        self.connection.execute("PRAGMA foreign_keys = ON")
        (migration,) = (m for m in migrations.known() if m.name == "0002_questions")
        for statement in migration.statements:
            self.connection.execute(statement)
        self.now = datetime(2020, 9, 8, 16, 20, tzinfo=UTC)
        self.anonymity = Anonymity(b"k" * 32)
        self.told: dict[QuestionNumber, State] = {}
        self.shown: list[QuestionNumber] = []

    def teardown(self) -> None:
        self.connection.close()

    def does(self, operation: Callable[[Nouns], T]) -> T | Refusal:
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

    def hears(self, outcome: Question | Refusal, number: QuestionNumber, to: State) -> None:
        """Either it is there now, or it was told why not, truly."""
        if isinstance(outcome, Question):
            assert to in TRANSITIONS[self.told[number]]
            self.told[number] = outcome.state
        elif isinstance(outcome, AlreadyDecided):
            assert outcome.state is self.told[number]
            assert to not in TRANSITIONS[outcome.state]
        else:
            assert isinstance(outcome, QuestionUnknown)

    @initialize(policy=st.sampled_from(["rotation", "votes", "arrival"]))
    def begins(self, policy: str) -> None:
        self.policy = policy

    @rule(person=st.sampled_from(PEOPLE), text=st.sampled_from("abcdef"), anonymous=st.booleans())
    def asks(self, person: PersonId, text: str, *, anonymous: bool) -> None:
        asking = Asking(person, text, anonymous, None, "es")
        asked = self.does(
            lambda tx: operations.ask(tx, SESSION, asking, self.anonymity, lookup, per_person=4, per_session=12)
        )
        if isinstance(asked, Refusal):
            return
        if asked.repeated:
            assert asked.state is self.told[asked.number]
        else:
            assert asked.number > max(self.told, default=0)
            self.told[asked.number] = State.PENDING

    @rule(number=numbers, person=st.sampled_from(PEOPLE))
    def withdraws(self, number: QuestionNumber, person: PersonId) -> None:
        outcome = self.does(lambda tx: operations.withdraw(tx, number, person, self.anonymity))
        self.hears(outcome, number, State.WITHDRAWN)

    @rule(number=numbers, moderator=moderators)
    def approves(self, number: QuestionNumber, moderator: PersonId) -> None:
        self.moves(number, State.APPROVED, moderator)

    @rule(number=numbers, moderator=moderators)
    def finishes(self, number: QuestionNumber, moderator: PersonId) -> None:
        self.moves(number, State.ANSWERED, moderator)

    @rule(number=numbers, moderator=moderators, reason=st.sampled_from(Reason))
    def rejects(self, number: QuestionNumber, moderator: PersonId, reason: Reason) -> None:
        self.moves(number, State.REJECTED, moderator, reason)

    def moves(self, number: QuestionNumber, to: State, moderator: PersonId, reason: Reason | None = None) -> None:
        outcome = self.does(
            lambda tx: operations.move(tx, operations.existing(tx, number), to, By.MODERATOR, moderator, reason)
        )
        self.hears(outcome, number, to)

    @rule(moderator=moderators, seen=st.none() | numbers)
    def takes_next(self, moderator: PersonId, seen: QuestionNumber | None) -> None:
        self.hears_taken(self.does(lambda tx: operations.take_next(tx, SESSION, moderator, self.policy, seen)))

    @rule(voter=st.sampled_from(PEOPLE), number=numbers)
    def votes(self, voter: PersonId, number: QuestionNumber) -> None:
        if number in self.told:
            self.connection.execute(
                "INSERT INTO question_votes VALUES (?, ?, 0) ON CONFLICT DO NOTHING", (number, voter)
            )

    def hears_taken(self, taken: Taken | Refusal) -> None:
        if isinstance(taken, NothingApproved):
            assert State.APPROVED not in self.told.values()
            assert taken.waiting == list(self.told.values()).count(State.PENDING)
        if isinstance(taken, Refusal):
            return
        on_air = [n for n, state in self.told.items() if state is State.ON_AIR]
        assert on_air == ([taken.closed.number] if taken.closed else [])
        for number in on_air:
            self.told[number] = State.ANSWERED
        assert self.told[taken.on_air.number] is State.APPROVED
        self.told[taken.on_air.number] = State.ON_AIR
        self.shown.append(taken.on_air.number)

    @invariant()
    def everybody_was_told_the_truth(self) -> None:
        rows = self.connection.execute("SELECT number, state FROM questions ORDER BY number").fetchall()
        assert {row["number"]: State(row["state"]) for row in rows} == self.told
        assert len(self.shown) == len(set(self.shown))
        assert list(self.told.values()).count(State.ON_AIR) <= 1

    @invariant()
    def history_leads_to_where_each_stands(self) -> None:
        for check in (queries.broken_on_air, queries.broken_history, queries.broken_chain):
            assert list(check(self.connection)) == []

    @invariant()
    def nothing_names_who_is_anonymous(self) -> None:
        rows = self.connection.execute("SELECT author_id, affiliation FROM questions WHERE author_seal IS NOT NULL")
        assert all(tuple(row) == (None, None) for row in rows)


QueueMachine.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestQueue = QueueMachine.TestCase
