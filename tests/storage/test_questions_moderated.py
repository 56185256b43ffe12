"""What moderators and people do with questions beyond asking and taking turns, over a real database."""

import asyncio
import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.anonymity import Anonymity
from bot.clock import RehearsalClock
from bot.config import Config
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.question_refusals import (
    AlreadyDecided,
    AlreadyTaken,
    AskedAlready,
    EmptyText,
    MergeImpossible,
    NothingApprovedFor,
    NothingToUndo,
    NotLinkable,
    NotVotable,
    OwnQuestion,
    QuestionUnknown,
    Silenced,
    TextChanged,
    TooManyQuestions,
    TooSoon,
    UndoBlocked,
)
from bot.questions import Asker, By, Outcome, Reason, State, standing_after
from bot.queue import Forgotten, Queue, forget_anonymous, unlocked
from bot.queue_similar import similar
from bot.queue_values import Asked, Similar, Tab, Voted
from bot.storage import checks
from bot.storage.store import Store
from bot.turns import Place, PlaceReason
from tests.storage.test_questions import (
    ANA,
    BEN,
    EVA,
    MODERATOR,
    OTHER,
    PEOPLE,
    TUESDAY,
    WEDNESDAY,
    asks,
    at,
    config,
    during_questions,
    lookup,
    on_air,
    queue,
    queue_over,
)

__all__ = ["config", "during_questions", "queue"]

NOBODY_ELSE = PersonId(900)


def n(number: int) -> QuestionNumber:
    return QuestionNumber(number)


async def alike(store: Store, session: SessionKey, text: str, person: PersonId) -> Similar:
    return await store.read(lambda tx: similar(tx, session, text, person, "", lookup, percent=85))


async def state(queue: Queue, number: int) -> State:
    return (await queue.shown(n(number))).question.state


async def numbers(shown: object) -> list[int]:
    return [each.question.number for each in shown]


@pytest.fixture
async def sound(store: Store, database: Path) -> object:
    """At the end of the test the database contradicts nowhere what it counts."""
    yield
    assert checks.check(database) == []


pytestmark = pytest.mark.usefixtures("sound")


class TestUndo:
    @pytest.mark.trial("Q6")
    async def test_every_state_can_be_undone_with_a_trace(self, during_questions: Queue, clock: RehearsalClock) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.finish(n(1), MODERATOR, Outcome.IN_WRITING)
        answered = (await queue.shown(n(1))).question
        assert (answered.state, answered.in_writing) == (State.ANSWERED, True)
        states = []
        for _ in range(3):
            undone = (await queue.undo(n(1), OTHER)).question
            states.append((undone.state, undone.in_writing, undone.air_session))
        assert states == [
            (State.ON_AIR, False, TUESDAY),
            (State.APPROVED, False, None),
            (State.PENDING, False, None),
        ]
        with pytest.raises(NothingToUndo):
            await queue.undo(n(1), OTHER)
        await queue.reject(n(1), MODERATOR, Reason.OTHER, "Porque sí")
        assert (await queue.undo(n(1), OTHER)).question.reason is None
        await queue.approve(n(1), MODERATOR)
        await queue.defer(n(1), MODERATOR)
        assert (await queue.undo(n(1), OTHER)).question.state is State.APPROVED
        history = await queue.history(n(1))
        by_id = {step.id: step for step in history}
        assert [(by_id[t.undoes].to_state, t.moderator, t.at) for t in history if t.undoes] == [
            (undone_state, OTHER, clock.now())
            for undone_state in (
                State.ANSWERED,
                State.ON_AIR,
                State.APPROVED,
                State.REJECTED,
                State.DEFERRED,
            )
        ]
        assert standing_after(history).state is State.APPROVED

    async def test_question_taken_off_air_by_undo_has_had_no_turn(self, during_questions: Queue) -> None:
        queue = during_questions
        before = await numbers((await queue.board(TUESDAY)).next_in_turn)
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.undo(n(1), MODERATOR)
        assert await numbers((await queue.board(TUESDAY)).next_in_turn) == before
        again = (await queue.take_next(TUESDAY, MODERATOR)).on_air
        assert (again.number, again.showings) == (1, 2)
        assert [s.question.number for s in await queue.unposted()] == [1]

    async def test_answer_taken_back_is_no_new_showing(self, during_questions: Queue) -> None:
        queue = during_questions
        first = (await queue.take_next(TUESDAY, MODERATOR)).on_air
        await queue.note_posted(first, MessageId(11))
        await queue.finish(n(1), MODERATOR)
        assert (await queue.undo(n(1), MODERATOR)).question.showings == 1
        assert await queue.unposted() == []
        assert await queue.posted(n(1)) == 11

    async def test_second_one_on_air_is_refused_and_says_which_is_in_the_way(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.take_next(TUESDAY, MODERATOR, seen=n(1))
        with pytest.raises(UndoBlocked) as blocked:
            await queue.undo(n(1), MODERATOR)
        assert blocked.value == UndoBlocked(n(1), n(3))
        undone = await queue.undo(n(3), MODERATOR)
        assert undone.on_air is not None
        assert (undone.on_air.number, undone.on_air.state, undone.on_air.showings) == (1, State.ON_AIR, 1)
        assert await on_air(queue) == 1

    async def test_what_was_decided_since_does_not_go_back_on_air(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.take_next(TUESDAY, MODERATOR, seen=n(1))
        await queue.finish(n(3), MODERATOR)
        await queue.undo(n(1), OTHER)
        await queue.finish(n(1), OTHER)
        # That 1 is answered is another step than the one for which 3 made it do so.
        await queue.undo(n(3), MODERATOR)
        assert (await queue.undo(n(3), MODERATOR)).on_air is None
        assert await on_air(queue) is None

    async def test_posts_of_what_was_taken_back_are_to_go_and_no_others(self, during_questions: Queue) -> None:
        queue = during_questions
        first = (await queue.take_next(TUESDAY, MODERATOR)).on_air
        await queue.note_posted(first, MessageId(11))
        await queue.finish(n(1), MODERATOR, Outcome.DEFERRED)
        again = (await queue.put_on_air(n(1), MODERATOR)).on_air
        await queue.note_posted(again, MessageId(12))
        await queue.show_again(n(1))
        assert (await queue.undo(n(1), OTHER)).post
        orders = await queue.takedowns()
        assert [(t.number, t.what, t.generation) for t in orders] == [(1, "question", 2), (1, "question", 3)]
        # Posted in the very moment in which it was taken back: it is no post of the question's.
        await queue.note_posted(replace(again, showings=3), MessageId(13))
        assert await queue.posted(n(1)) is None
        for order in orders:
            await queue.note_taken_down(order)
        assert await queue.takedowns() == []

    async def test_edit_of_a_moderator_is_taken_back_with_its_approval(self, queue: Queue) -> None:
        await asks(queue, ANA, "¿Cuado?")
        await queue.edit_and_approve(n(1), MODERATOR, "¿Cuándo?")
        undone = await queue.undo(n(1), OTHER)
        assert (undone.text, undone.question.text, undone.question.state) == (True, "¿Cuado?", State.PENDING)
        assert [(r.text, r.moderator) for r in await queue.texts(n(1))] == [
            ("¿Cuado?", MODERATOR),
            ("¿Cuándo?", OTHER),
        ]
        # Whoever has seen either text before has not seen the present one as it came about.
        with pytest.raises(TextChanged):
            await queue.approve(n(1), MODERATOR, seen_edits=1)
        await queue.approve(n(1), MODERATOR)
        assert not (await queue.undo(n(1), OTHER)).text
        assert (await queue.shown(n(1))).question.text == "¿Cuado?"

    async def test_answers_are_taken_back_one_by_one_and_by_whoever_saw_them(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.answer(n(1), MODERATOR, "Sí.")
        seen = (await queue.history(n(1)))[-1].id
        await queue.answer(n(1), MODERATOR, "No.")
        with pytest.raises(AlreadyDecided) as decided:
            await queue.undo(n(1), OTHER, seen=seen, seen_answer=1)
        assert decided.value.by == MODERATOR
        undone = await queue.undo(n(1), OTHER, seen=seen, seen_answer=2)
        assert (undone.step, undone.answer, undone.earlier_answer) == (False, True, True)
        assert undone.question.state is State.ANSWERED
        with pytest.raises(AlreadyDecided) as decided:
            await queue.undo(n(1), MODERATOR, seen=seen, seen_answer=2)
        assert decided.value.by == OTHER
        answer = await queue.answer_of(n(1))
        assert answer is not None
        assert (answer.generation, answer.text) == (1, "Sí.")
        undone = await queue.undo(n(1), OTHER)
        assert (undone.step, undone.answer, undone.earlier_answer) == (True, True, False)
        assert (undone.question.state, await queue.answer_of(n(1))) == (State.APPROVED, None)
        assert [(t.what, t.generation) for t in await queue.takedowns()] == [("answer", 2), ("answer", 1)]
        third = await queue.answer(n(1), MODERATOR, "Quizá.", seen=0)
        (waiting,) = await queue.unposted_answers()
        assert (third.generation, waiting.corrected, waiting.earlier) == (3, False, None)

    async def test_answer_while_on_air_stays_when_the_end_of_it_is_taken_back(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.answer(n(1), MODERATOR, "Sí.")
        await queue.finish(n(1), MODERATOR)
        assert not (await queue.undo(n(1), OTHER)).answer
        assert await queue.answer_of(n(1)) is not None
        clock.set(at("2020-09-08 11:00"))
        await queue.close_past()
        # That it was on air is taken back, and so the answer of then.
        undone = await queue.undo(n(1), OTHER)
        assert (undone.question.state, undone.post, undone.answer) == (State.APPROVED, True, True)

    async def test_what_a_moderator_changed_last_may_be_an_answer(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        clock.set(clock.now() + timedelta(seconds=1))
        await queue.answer(n(1), OTHER, "Sí.")
        assert await queue.last_changed_by(OTHER, TUESDAY) == 1
        assert await queue.last_changed_by(OTHER, TUESDAY, of=()) is None
        # On question 1 somebody else did something since.
        assert await queue.last_changed_by(MODERATOR, TUESDAY) == 5

    async def test_after_the_session_nothing_goes_back_on_air(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        clock.set(at("2020-09-08 11:00"))
        await queue.close_past()
        undone = (await queue.undo(n(1), MODERATOR)).question
        assert (undone.state, undone.air_session) == (State.APPROVED, None)
        assert standing_after(await queue.history(n(1))) == undone.standing
        assert (await queue.undo(n(1), MODERATOR)).question.state is State.PENDING
        await queue.approve(n(1), MODERATOR)
        assert (await queue.defer(n(1), MODERATOR)).state is State.DEFERRED

    async def test_what_authors_did_is_theirs(self, queue: Queue) -> None:
        await asks(queue, ANA, "Uno")
        await queue.approve(n(1), MODERATOR)
        await queue.edit_by_author(n(1), ANA, "Uno y medio")
        with pytest.raises(NothingToUndo):
            await queue.undo(n(1), MODERATOR)
        await queue.withdraw(n(1), ANA)
        with pytest.raises(NothingToUndo):
            await queue.undo(n(1), MODERATOR)
        with pytest.raises(QuestionUnknown):
            await queue.undo(n(9), MODERATOR)

    @pytest.mark.trial("Q4")
    async def test_two_who_undo_the_same_step_undo_one(self, queue: Queue) -> None:
        await asks(queue, ANA, "Uno")
        await queue.approve(n(1), MODERATOR)
        await queue.defer(n(1), MODERATOR)
        seen = (await queue.history(n(1)))[-1].id
        outcomes = await asyncio.gather(
            queue.undo(n(1), MODERATOR, seen=seen), queue.undo(n(1), OTHER, seen=seen), return_exceptions=True
        )
        assert outcomes[0].question.state is State.APPROVED
        assert isinstance(outcomes[1], AlreadyDecided)
        assert (outcomes[1].state, outcomes[1].by) == (State.APPROVED, MODERATOR)

    async def test_last_moved_come_first_and_only_those_with_something_to_undo(
        self, queue: Queue, clock: RehearsalClock
    ) -> None:
        for name in ("Uno", "Dos", "Tres"):
            await asks(queue, ANA, name)
        for number in (2, 1):
            clock.set(clock.now() + timedelta(seconds=1))
            await queue.approve(n(number), MODERATOR)
        assert await numbers(await queue.recently_moved(TUESDAY)) == [1, 2]
        await queue.undo(n(1), MODERATOR)
        assert await numbers(await queue.recently_moved(TUESDAY)) == [2]

    async def test_of_two_moved_by_one_press_the_one_on_air_comes_first(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        for name in ("Uno", "Dos"):
            await asks(queue, ANA, name)
        await queue.put_on_air(n(2), MODERATOR)
        clock.set(clock.now() + timedelta(seconds=20))
        await queue.put_on_air(n(1), MODERATOR)
        assert (await numbers(await queue.recently_moved(TUESDAY)))[:2] == [1, 2]


class TestTaking:
    async def test_outcome_number_and_addressee(self, during_questions: Queue, clock: RehearsalClock) -> None:
        queue = during_questions
        await asks(queue, EVA, "Seis", to="OIM Costa Rica")
        await queue.approve(n(6), MODERATOR)
        taken = await queue.take_next(TUESDAY, MODERATOR, addressed_to="oim  costa rica")
        assert taken.on_air.number == 6
        taken = await queue.take_next(TUESDAY, MODERATOR, seen=n(6), number=n(5), outcome=Outcome.DEFERRED)
        assert (taken.on_air.number, taken.closed.number, taken.closed.state) == (5, 6, State.DEFERRED)
        taken = await queue.take_next(TUESDAY, MODERATOR, seen=n(5), outcome=Outcome.IN_WRITING)
        assert (taken.closed.state, taken.closed.in_writing) == (State.ANSWERED, True)
        with pytest.raises(NothingApprovedFor) as nobody:
            await queue.take_next(TUESDAY, MODERATOR, seen=taken.on_air.number, addressed_to="OIM")
        assert nobody.value.addressed_to == "OIM"
        with pytest.raises(AlreadyDecided):
            await queue.take_next(TUESDAY, MODERATOR, seen=taken.on_air.number, number=n(5))
        with pytest.raises(AlreadyTaken):
            await queue.take_next(TUESDAY, MODERATOR, seen=n(5), number=n(4))
        assert await on_air(queue) == taken.on_air.number

    async def test_deferred_one_comes_on_air_on_a_later_day_and_sessions_do_not_mix(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.finish(n(1), MODERATOR, Outcome.DEFERRED)
        clock.set(at("2020-09-09 10:20"))
        await asks(queue, BEN, "Del miércoles")
        await queue.approve(n(6), MODERATOR)
        assert await numbers(await queue.carried_over(WEDNESDAY)) == [1, 2, 3, 4, 5]
        assert await queue.carried_over(TUESDAY) == ()
        await queue.take_next(WEDNESDAY, MODERATOR)
        taken = await queue.put_on_air(n(1), MODERATOR)
        assert (taken.closed.number, taken.on_air.session, taken.on_air.air_session) == (6, TUESDAY, WEDNESDAY)
        assert (await on_air(queue, WEDNESDAY), await on_air(queue)) == (1, None)
        assert (await queue.undo(n(1), MODERATOR)).question.state is State.DEFERRED
        await queue.put_on_air(n(1), MODERATOR)
        clock.set(at("2020-09-09 12:00"))
        await queue.close_past()
        assert await state(queue, 1) is State.ANSWERED

    async def test_policy_changes_while_it_runs_and_is_kept(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.vote(n(4), ANA)
        orders = {}
        for policy in ("rotation", "votes", "arrival"):
            await queue.set_policy(TUESDAY, policy, MODERATOR)
            board = await queue.board(TUESDAY, tab=Tab.APPROVED)
            orders[policy] = [
                (row.question.number, row.place_reason.kind, row.place_reason.count) for row in board.rows
            ]
            assert (await queue.policy(TUESDAY), board.policy) == (policy, policy)
        assert orders == {
            "rotation": [
                (4, Place.NO_TURN_YET, 0),
                (1, Place.NO_TURN_YET, 0),
                (3, Place.NO_TURN_YET, 0),
                (5, Place.NO_TURN_YET, 0),
                (2, Place.TURNS, 1),
            ],
            "votes": [(4, Place.VOTES, 1)] + [(k, Place.ARRIVAL, k + 1 - (k > 4)) for k in (1, 2, 3, 5)],
            "arrival": [(k, Place.ARRIVAL, k) for k in range(1, 6)],
        }
        assert await queue.policy(WEDNESDAY) == "rotation"

    async def test_all_anonymous_ones_together_have_one_turn(self, queue: Queue, clock: RehearsalClock) -> None:
        for person in range(1, 5):
            await asks(queue, PersonId(person), f"Anónima {person}", anonymous=True)
        await asks(queue, ANA, "Con nombre")
        await asks(queue, BEN, "También")
        await queue.approve_all([n(k) for k in range(1, 7)], MODERATOR)
        clock.set(at("2020-09-08 10:20"))
        order = [(await queue.take_next(TUESDAY, MODERATOR, seen=n(await on_air(queue) or 0))).on_air for _ in range(6)]
        assert [q.number for q in order] == [1, 5, 6, 2, 3, 4]


class TestBoard:
    async def test_tabs_pages_and_filters(self, during_questions: Queue) -> None:
        queue = during_questions
        for k in range(7):
            await queue.ask(
                PersonId(k + 1), f"Más {k}", anonymous=False, addressed_to="OIM" if k % 2 else None, language="en"
            )
        first = await queue.board(TUESDAY)
        assert (await numbers(first.rows), first.page, first.pages, first.total) == ([6, 7, 8, 9, 10], 0, 2, 7)
        assert [row.place_reason for row in first.rows] == [PlaceReason(Place.ARRIVAL, k) for k in range(1, 6)]
        assert (first.figures[State.PENDING], first.figures[State.APPROVED]) == (7, 5)
        last = await queue.board(TUESDAY, page=99)
        assert (await numbers(last.rows), last.page) == ([11, 12], 1)
        assert await numbers(last.under_review) == [6, 7, 8, 9, 10]
        mine = await queue.board(TUESDAY, panelist="oim", language="en")
        assert (await numbers(mine.rows), mine.total) == ([7, 9, 11], 3)
        assert (await queue.board(TUESDAY, language="es")).rows == []
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.take_next(TUESDAY, MODERATOR, seen=n(1), outcome=Outcome.DEFERRED)
        tabs = {tab: await numbers((await queue.board(TUESDAY, tab=tab)).rows) for tab in Tab}
        assert tabs == {Tab.REVIEW: [6, 7, 8, 9, 10], Tab.APPROVED: [4, 5, 2], Tab.ON_AIR: [3], Tab.DEFERRED: [1]}
        assert await numbers((await queue.board(TUESDAY, tab=Tab.APPROVED, language="es")).rows) == [4, 5, 2]

    async def test_whole_page_is_approved_but_for_what_wants_a_second_look(
        self, store: Store, clock: RehearsalClock, config: Config, tmp_path: Path
    ) -> None:
        anonymity = await unlocked(store, tmp_path / "a.key")
        queue = queue_over(store, clock, config, anonymity, blocked_words=("coima", "mala fe"))
        asked = [await asks(queue, ANA, text) for text in ("¿Hay COIMAS?", "¿Hay «coima»?", "De mala  fe", "Fe mala")]
        assert [a.held_words for a in asked] == [(), ("coima",), ("mala fe",), ()]
        approved = await queue.approve_all([n(k) for k in (4, 3, 2, 1, 1, 77)], MODERATOR)
        assert [q.number for q in approved] == [4, 1]
        assert [r.question.held_words for r in (await queue.board(TUESDAY)).rows] == [("coima",), ("mala fe",)]
        assert await queue.approve_all([n(4)], OTHER) == []

    @pytest.mark.trial("D5")
    async def test_every_question_is_reached_by_typing(self, queue: Queue) -> None:
        same = "¿Cuándo se aplicará el protocolo de atención a las víctimas en los puestos fronterizos del país " * 3
        for k in range(60):
            await asks(queue, PersonId(k + 1), f"{same} según el anexo{k:02} de Ñandú?")
        first = await queue.suggestions(TUESDAY, "", [State.PENDING])
        assert await numbers(first) == list(range(1, 26))
        for k in range(60):
            assert (await numbers(await queue.suggestions(TUESDAY, str(k + 1), [State.PENDING])))[0] == k + 1
            assert await numbers(await queue.suggestions(TUESDAY, f"ÁNEXO{k:02}", [State.PENDING])) == [k + 1]
        assert len(await queue.suggestions(TUESDAY, "nandu protocolo", [State.PENDING])) == 25
        assert await queue.suggestions(TUESDAY, "nandu nadie", [State.PENDING]) == []
        assert await queue.suggestions(TUESDAY, "", [State.APPROVED]) == []
        assert await queue.suggestions(WEDNESDAY, "12", [State.PENDING]) == []
        assert await numbers(await queue.suggestions(WEDNESDAY, "60", [State.PENDING], earlier=[TUESDAY])) == [60]
        assert await queue.suggestions(WEDNESDAY, "60", [State.PENDING], carried=True) == []
        await queue.approve(n(60), MODERATOR)
        left = await queue.suggestions(WEDNESDAY, "60", [State.PENDING, State.APPROVED], carried=True)
        assert await numbers(left) == [60]
        for odd in ("#", "0", "%", "9" * 30, "\ud800", "'", "\x00"):
            await queue.suggestions(TUESDAY, odd, [State.PENDING])


class TestEditing:
    @pytest.mark.trial("Q6")
    async def test_edit_while_pending_stays_and_after_approval_goes_back(
        self, queue: Queue, clock: RehearsalClock
    ) -> None:
        await asks(queue, ANA, "Uno", anonymous=True)
        edited = await queue.edit_by_author(n(1), ANA, "  Uno bis ")
        assert (edited.back_to_review, edited.question.text) == (False, "Uno bis")
        await queue.approve(n(1), MODERATOR)
        assert not (await queue.edit_by_author(n(1), ANA, "Uno bis")).back_to_review
        edited = await queue.edit_by_author(n(1), ANA, "Otra cosa")
        assert (edited.back_to_review, edited.question.state) == (True, State.PENDING)
        assert [(t.text, t.by, t.moderator) for t in await queue.texts(n(1))] == [
            # "Uno" was nobody's to read any more: its anonymous author changed it before anybody had approved it.
            ("Uno bis", By.AUTHOR, None),
        ]
        assert (await asks(queue, ANA, "otra COSA")).repeated
        assert not (await asks(queue, ANA, "Uno")).repeated
        with pytest.raises(AskedAlready) as clash:
            await queue.edit_by_author(n(1), ANA, "uno")
        assert clash.value.number == 2
        for who, text, refusal in ((BEN, "Mía", QuestionUnknown), (ANA, " \u200b ", EmptyText)):
            with pytest.raises(refusal):
                await queue.edit_by_author(n(1), who, text)
        await queue.approve(n(1), MODERATOR)
        clock.set(at("2020-09-08 10:20"))
        await queue.take_next(TUESDAY, MODERATOR)
        with pytest.raises(AlreadyDecided) as decided:
            await queue.edit_by_author(n(1), ANA, "Tarde")
        assert decided.value.by is None

    async def test_moderator_edits_and_approves_and_what_was_written_is_kept(self, queue: Queue) -> None:
        await asks(queue, ANA, "Uno", anonymous=True)
        await asks(queue, ANA, "Dos", anonymous=True)
        # That both are of one author is not told by a refusal either.
        edited = await queue.edit_and_approve(n(1), MODERATOR, "Dos")
        assert (edited.text, edited.state) == ("Dos", State.APPROVED)
        assert [(t.text, t.by, t.moderator) for t in await queue.texts(n(1))] == [("Uno", By.MODERATOR, MODERATOR)]
        assert (await asks(queue, ANA, "Uno", anonymous=True)).number == 1
        with pytest.raises(AlreadyDecided) as decided:
            await queue.edit_and_approve(n(1), OTHER, "Tres")
        assert decided.value.by == MODERATOR


class TestVotes:
    async def test_one_vote_a_person_toggles_and_not_for_ones_own(self, during_questions: Queue, store: Store) -> None:
        queue = during_questions
        assert await queue.vote(n(3), ANA) == Voted(n(3), 1, supports=True)
        assert await queue.vote(n(3), EVA) == Voted(n(3), 2, supports=True)
        assert await queue.vote(n(3), ANA) == Voted(n(3), 1, supports=False)
        for number, person in ((3, BEN), (5, EVA)):
            with pytest.raises(OwnQuestion):
                await queue.vote(n(number), person)
        await asks(queue, BEN, "Seis")
        with pytest.raises(NotVotable) as pending:
            await queue.vote(n(6), ANA)
        assert pending.value.state is State.PENDING
        with pytest.raises(QuestionUnknown):
            await queue.vote(n(9), ANA)
        with pytest.raises(sqlite3.IntegrityError):
            await store.write(lambda tx: tx.votes.add(n(3), EVA, tx.now))

    async def test_list_to_support_is_stable_and_paged(self, during_questions: Queue) -> None:
        queue = during_questions
        before = await queue.supportable(TUESDAY, 0, size=2)
        assert (await numbers(before.questions), before.page, before.pages, before.total) == ([1, 2], 0, 3, 5)
        await queue.vote(n(4), ANA)
        assert await numbers((await queue.supportable(TUESDAY, 0, size=2)).questions) == [1, 2]
        last = await queue.supportable(TUESDAY, 9, size=2)
        assert (await numbers(last.questions), last.page) == ([5], 2)
        empty = await queue.supportable(WEDNESDAY)
        assert (empty.questions, empty.pages, empty.total) == ((), 1, 0)


class TestMerging:
    async def test_votes_add_up_by_person_and_both_authors_follow(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        for number, voters in ((3, (101, 102)), (4, (102, 103)), (5, (103, 104))):
            for voter in voters:
                await queue.vote(n(number), PersonId(voter))
        assert (await queue.merge(n(4), n(3), MODERATOR)).votes == 3
        assert (await queue.merge(n(3), n(5), MODERATOR)).votes == 4
        # A press on what was joined counts for where it went, and takes back what is counted there.
        assert await queue.vote(n(4), PersonId(102)) == Voted(n(5), 3, supports=False)
        assert await queue.vote(n(3), PersonId(105)) == Voted(n(5), 4, supports=True)
        with pytest.raises(OwnQuestion):
            await queue.vote(n(5), BEN)
        taken = await queue.put_on_air(n(5), MODERATOR)
        assert taken.on_air.votes == 4
        own = {o.question.number: o for o in await queue.mine(EVA)}
        assert (own[4].question.state, own[4].outcome.number, own[4].outcome.state) == (
            State.MERGED,
            5,
            State.ON_AIR,
        )
        assert (await queue.mine(BEN))[0].outcome.state is State.ON_AIR
        undone = (await queue.undo(n(4), MODERATOR)).question
        # The support of 103 is its own, that of 102 was taken back.
        assert (undone.state, undone.votes, undone.into) == (State.APPROVED, 1, None)
        assert (await queue.shown(n(5))).question.votes == 4

    async def test_what_cannot_be_joined_is_told_why(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.reject(n(2), MODERATOR, Reason.OTHER, None)
        for number, into in ((1, 1), (1, 2)):
            with pytest.raises(MergeImpossible):
                await queue.merge(n(number), n(into), MODERATOR)
        with pytest.raises(AlreadyDecided):
            await queue.merge(n(2), n(1), MODERATOR)
        await queue.merge(n(3), n(1), MODERATOR)
        with pytest.raises(MergeImpossible):
            await queue.merge(n(1), n(3), MODERATOR)
        with pytest.raises(QuestionUnknown):
            await queue.merge(n(1), n(9), MODERATOR)

    async def test_withdrawal_of_one_leaves_those_that_were_joined_to_it(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.vote(n(3), NOBODY_ELSE)
        await queue.merge(n(3), n(1), MODERATOR)
        await queue.merge(n(4), n(1), MODERATOR)
        await queue.withdraw(n(1), ANA)
        assert [(await state(queue, k)) for k in (1, 3, 4)] == [State.WITHDRAWN, State.APPROVED, State.APPROVED]
        assert [(await queue.shown(n(k))).question.votes for k in (1, 3)] == [0, 1]
        assert (await queue.history(n(3)))[-1].by is By.EVENT


class TestLikeness:
    async def test_nearly_the_same_is_found_and_pending_ones_are_only_said_to_exist(
        self, queue: Queue, store: Store
    ) -> None:
        await asks(queue, ANA, "¿Cuándo entra en vigor el nuevo protocolo de refugio?")
        text = "Cuando entrará en vigor el protocolo nuevo de refugio"
        assert await alike(store, TUESDAY, text, BEN) == Similar((), under_review=True)
        await queue.approve(n(1), MODERATOR)
        found = await alike(store, TUESDAY, text, BEN)
        assert (await numbers(found.approved), found.under_review) == ([1], False)
        assert found.approved[0].asker == PEOPLE[ANA].asker
        for who, other in ((ANA, text), (BEN, "¿Qué presupuesto tiene el nuevo albergue?"), (BEN, "sí")):
            assert not (await alike(store, TUESDAY, other, who)).approved
        assert not (await alike(store, WEDNESDAY, text, BEN)).approved

    async def test_at_most_three_the_most_similar_first(self, queue: Queue, store: Store) -> None:
        for k, text in enumerate(("plazo de refugio", "plazos de refugio", "plazo del refugio", "plazo de un refugio")):
            await asks(queue, PersonId(k + 1), text)
            await queue.approve(n(k + 1), MODERATOR)
        found = await alike(store, TUESDAY, "plazos de refugio", BEN)
        assert len(found.approved) == 3
        assert found.approved[0].question.number == 2

    async def test_what_a_moderator_changed_is_compared_as_it_stands_now(self, queue: Queue, store: Store) -> None:
        await asks(queue, ANA, "¿Cuándo entra en vigor el nuevo protocolo de refugio?")
        await queue.edit_and_approve(n(1), MODERATOR, "¿Quién paga los albergues de la frontera?")
        assert await alike(store, TUESDAY, "¿Cuándo entra en vigor el nuevo protocolo?", BEN) == Similar()
        found = await alike(store, TUESDAY, "¿Quién paga los albergues en la frontera?", BEN)
        assert await numbers(found.approved) == [1]

    async def test_who_asks_nearly_the_same_is_shown_it_and_nothing_is_saved(self, queue: Queue) -> None:
        await asks(queue, ANA, "¿Cuándo entra en vigor el nuevo protocolo de refugio?")
        bens = {"anonymous": False, "addressed_to": None, "language": "es"}
        asked = await queue.ask_unless_alike(BEN, "¿Cuándo entra en vigor el protocolo nuevo de refugio?", **bens)
        assert isinstance(asked, Asked)
        assert (asked.number, asked.alike_under_review) == (2, True)
        again = await queue.ask_unless_alike(BEN, "¿Cuándo entra en vigor el protocolo nuevo de refugio?", **bens)
        assert isinstance(again, Asked)
        assert (again.number, again.repeated, again.alike_under_review) == (2, True, False)
        await queue.approve(n(1), MODERATOR)
        found = await queue.ask_unless_alike(EVA, "Cuándo entra en vigor el nuevo protocolo de refugio", **bens)
        assert isinstance(found, Similar)
        assert await numbers(found.approved) == [1]
        assert [own.question.number for own in await queue.mine(EVA)] == []


class TestAnswers:
    async def test_answer_is_kept_by_generation_and_posted_once(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        on = (await queue.take_next(TUESDAY, MODERATOR)).on_air
        await queue.note_posted(on, MessageId(50))
        first = await queue.answer(n(1), MODERATOR, "En enero.")
        assert (first.generation, await state(queue, 1)) == (1, State.ON_AIR)
        (to_post,) = await queue.unposted_answers()
        assert (to_post.answer, to_post.post, to_post.earlier) == (first, 50, None)
        await queue.note_answer_posted(first, MessageId(60))
        assert await queue.unposted_answers() == []
        second = await queue.answer(n(1), OTHER, "En febrero.")
        # Of the generation before, posted late, nothing is taken for the new one.
        await queue.note_answer_posted(first, MessageId(61))
        (to_post,) = await queue.unposted_answers()
        assert (to_post.answer, to_post.earlier) == (second, 61)
        assert [a.text for a in await queue.answers(TUESDAY)] == ["En febrero."]
        assert (await queue.mine(ANA))[0].answer == second

    async def test_waiting_question_is_answered_in_writing(self, queue: Queue) -> None:
        for text in ("Uno", "Dos", "Tres"):
            await asks(queue, ANA, text)
        await queue.approve(n(2), MODERATOR)
        await queue.reject(n(3), MODERATOR, Reason.OTHER, None)
        for number in (1, 2):
            await queue.answer(n(number), MODERATOR, "Sí.")
            question = (await queue.shown(n(number))).question
            assert (question.state, question.in_writing, question.air_session) == (State.ANSWERED, True, None)
        with pytest.raises(AlreadyDecided):
            await queue.answer(n(3), MODERATOR, "No.")
        with pytest.raises(EmptyText) as empty:
            await queue.answer(n(1), MODERATOR, "…")
        assert empty.value.where == "answer"

    async def test_what_is_left_for_answers_in_writing(self, during_questions: Queue) -> None:
        queue = during_questions
        await asks(queue, BEN, "Seis")
        await queue.take_next(TUESDAY, MODERATOR, number=n(1))
        await queue.finish(n(1), MODERATOR, Outcome.IN_WRITING)
        await queue.defer(n(2), MODERATOR)
        await queue.take_next(TUESDAY, MODERATOR, number=n(3))
        await queue.finish(n(3), MODERATOR)
        assert await numbers(await queue.for_written_answers()) == [1, 2, 4, 5, 6]
        await queue.answer(n(1), MODERATOR, "Sí.")
        await queue.answer(n(2), MODERATOR, "Sí.")
        assert await numbers(await queue.for_written_answers()) == [4, 5, 6]


class TestTidings:
    async def test_only_who_wants_is_told_of_questions_by_name(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.set_wants_messages(EVA, True)
        assert [await queue.wants_messages(p) for p in (ANA, EVA)] == [False, True]
        for number in (1, 4, 5):
            await queue.reject(n(number), MODERATOR, Reason.OTHER, None)
        (tiding,) = await queue.tidings()
        assert (tiding.person, tiding.number, tiding.state) == (EVA, 4, State.REJECTED)
        await queue.undo(n(4), MODERATOR)
        assert await queue.tidings() == []
        await queue.defer(n(4), MODERATOR)
        (old,) = await queue.tidings()
        await queue.answer(n(4), MODERATOR, "Sí.")
        await queue.note_told(old)
        (tiding,) = await queue.tidings()
        assert tiding.state is State.ANSWERED
        await queue.note_told(tiding)
        assert await queue.tidings() == []
        await queue.undo(n(4), MODERATOR)
        await queue.set_wants_messages(EVA, False)
        assert await queue.tidings() == []

    async def test_authors_of_joined_questions_are_told_of_the_other(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.set_wants_messages(BEN, True)
        await queue.merge(n(3), n(5), MODERATOR)
        (tiding,) = await queue.tidings()
        assert (tiding.number, tiding.state) == (3, State.MERGED)
        await queue.put_on_air(n(5), MODERATOR)
        (tiding,) = await queue.tidings()
        assert (tiding.person, tiding.number, tiding.state) == (BEN, 3, State.ON_AIR)


class TestAbuse:
    async def test_silenced_author_may_ask_again_in_the_next_session(
        self, queue: Queue, clock: RehearsalClock, database: Path, store: Store
    ) -> None:
        await asks(queue, ANA, "Uno")
        await asks(queue, BEN, "Dos", anonymous=True)
        silence = await queue.silence(n(1), MODERATOR)
        assert (silence.session, silence.until) == (TUESDAY, at("2020-09-08 11:00"))
        await queue.silence(n(2), MODERATOR)
        for person in (ANA, BEN):
            for anonymous in (True, False):
                with pytest.raises(Silenced) as silenced:
                    await asks(queue, person, "Más", anonymous=anonymous)
                assert silenced.value.until == at("2020-09-08 11:00")
        with pytest.raises(Silenced):
            await queue.edit_by_author(n(2), BEN, "Otra")
        # That nobody silenced Ben by name tells nothing of who is silenced.
        assert await queue.lift_silence(BEN, MODERATOR) is False
        assert await queue.lift_silence(ANA, MODERATOR) is True
        await asks(queue, ANA, "Más")
        await asks(queue, EVA, "Tres")
        await queue.silence_person(EVA, MODERATOR)
        with pytest.raises(Silenced):
            await asks(queue, EVA, "Más")
        assert await store.scrub()
        assert BEN.to_bytes(8, "big") not in database.read_bytes()
        # By a question of theirs, silences are lifted too; of an anonymous author it is not told whether there was one.
        await asks(queue, PersonId(77), "De otra persona", anonymous=True)
        other = (await queue.mine(PersonId(77)))[0].question.number
        assert await queue.lift_silence_of(other, MODERATOR) is True
        with pytest.raises(Silenced):
            await asks(queue, BEN, "Más")
        assert await queue.lift_silence_of(n(2), MODERATOR) is True
        await asks(queue, BEN, "Más")
        clock.set(at("2020-09-09 09:30"))
        for person in (BEN, EVA):
            await asks(queue, person, "Otro día")
        with pytest.raises(NotLinkable):
            await queue.silence(n(2), MODERATOR)

    async def test_slow_mode_holds_by_name_and_not_and_repeats_are_joined(
        self, store: Store, clock: RehearsalClock, config: Config, tmp_path: Path
    ) -> None:
        queue = queue_over(store, clock, config, await unlocked(store, tmp_path / "a.key"), slow_mode_seconds=60)
        began = clock.now()
        await asks(queue, ANA, "Uno", anonymous=True)
        clock.set(began + timedelta(seconds=59))
        with pytest.raises(TooSoon) as soon:
            await asks(queue, ANA, "Dos")
        assert soon.value.again_at == began + timedelta(seconds=60)
        assert (await asks(queue, ANA, "uno")).repeated
        await asks(queue, BEN, "Dos")
        clock.set(began + timedelta(seconds=60))
        assert (await asks(queue, ANA, "Dos")).number == 3

    async def test_filed_for_somebody_says_who_filed_it(self, queue: Queue) -> None:
        await queue.silence_person(ANA, MODERATOR)
        by_phone = await queue.ask_for(MODERATOR, "  Doña  Marta ", "¿Habrá actas?", "es", addressed_to="OIM")
        for_ana = await queue.ask_for(OTHER, ANA, "Will there be minutes?", "en")
        shown = [await queue.shown(a.number) for a in (by_phone, for_ana)]
        assert [(s.asker, s.question.author, s.question.filed_by, s.question.filed_for) for s in shown] == [
            (Asker("Doña Marta"), None, MODERATOR, "Doña Marta"),
            (PEOPLE[ANA].asker, ANA, OTHER, None),
        ]
        first = (await queue.history(by_phone.number))[0]
        assert (first.by, first.moderator) == (By.MODERATOR, MODERATOR)
        assert [o.question.number for o in await queue.mine(ANA)] == [2]
        assert not shown[0].question.anonymous
        with pytest.raises(NotLinkable):
            await queue.silence(by_phone.number, MODERATOR)
        with pytest.raises(EmptyText) as empty:
            await queue.ask_for(MODERATOR, "\u200b", "Hola", "es")
        assert empty.value.where == "name"

    async def test_filing_for_somebody_tells_nothing_of_what_they_asked_anonymously(self, queue: Queue) -> None:
        await asks(queue, ANA, "Frontera", anonymous=True)
        of_author = await queue.ask_for(MODERATOR, ANA, "Frontera", "es")
        of_another = await queue.ask_for(MODERATOR, BEN, "Frontera", "es")
        assert (of_author.number, of_author.repeated) == (2, False)
        assert (of_another.number, of_another.repeated) == (3, False)
        for number in range(3):
            await asks(queue, EVA, f"Anónima {number}", anonymous=True)
        for number in range(5):
            # As many as of anybody, though three of hers wait already.
            await queue.ask_for(MODERATOR, EVA, f"Por teléfono {number}", "es")
        with pytest.raises(TooManyQuestions):
            await queue.ask_for(MODERATOR, EVA, "Por teléfono 5", "es")

    async def test_message_becomes_a_question_of_its_author(self, queue: Queue) -> None:
        await queue.from_message(ANA, ANA, "Uno", "es")
        await queue.from_message(MODERATOR, BEN, "Dos", "es")
        assert [(r.question.author, r.question.filed_by) for r in (await queue.board(TUESDAY)).rows] == [
            (ANA, None),
            (BEN, MODERATOR),
        ]


class TestFigures:
    async def test_figures_tell_reason_language_country_and_wait(
        self, during_questions: Queue, clock: RehearsalClock, store: Store
    ) -> None:
        queue = during_questions
        await queue.ask(BEN, "Six", anonymous=False, addressed_to=None, language="en")
        asked = at("2020-09-08 09:00")
        for number in (1, 3, 4):
            await queue.put_on_air(n(number), MODERATOR)
            clock.set(clock.now() + timedelta(minutes=5))
        await queue.undo(n(4), MODERATOR)
        await queue.finish(n(3), MODERATOR)
        await queue.reject(n(2), MODERATOR, Reason.UNCLEAR, None)
        await queue.answer(n(5), MODERATOR, "Sí.")
        figures = await queue.figures(TUESDAY)
        assert dict(figures.by_state) == {
            State.ANSWERED: 3,
            State.APPROVED: 1,
            State.REJECTED: 1,
            State.PENDING: 1,
        }
        assert figures.in_writing == 1
        assert dict(figures.by_reason) == {Reason.UNCLEAR: 1}
        assert dict(figures.by_language) == {"es": 5, "en": 1}
        assert dict(figures.by_country) == {"CR": 2, "HN": 2}
        assert figures.anonymous == 1
        assert figures.median_wait_seconds == (at("2020-09-08 10:22:30") - asked).total_seconds()
        # Of a moment before, they are what they were then.
        earlier = await store.read(lambda tx: tx.questions.figures_at(TUESDAY, at("2020-09-08 10:20")))
        assert (earlier[State.ON_AIR], earlier.in_writing, dict(earlier.by_reason)) == (1, 0, {})
        assert earlier.median_wait_seconds == (at("2020-09-08 10:20") - asked).total_seconds()
        assert (await queue.figures(WEDNESDAY)).median_wait_seconds is None

    async def test_export_has_everything_and_of_the_anonymous_no_author(self, during_questions: Queue) -> None:
        queue = during_questions
        await queue.edit_by_author(n(2), ANA, "Dos bis")
        await queue.answer(n(3), MODERATOR, "Sí.")
        exported = {e.question.number: e for e in await queue.export()}
        assert sorted(exported) == [1, 2, 3, 4, 5]
        assert (exported[5].asker, exported[5].question.author) == (None, None)
        assert [t.text for t in exported[2].texts] == ["Dos"]
        assert exported[3].answer is not None
        assert [t.to_state for t in exported[3].history] == [State.PENDING, State.APPROVED, State.ANSWERED]
        assert str(EVA) not in repr([exported[5], exported[5].history])


class TestForgotten:
    async def test_without_the_key_nobody_can_link_and_the_bot_runs_on(
        self, store: Store, clock: RehearsalClock, config: Config, tmp_path: Path
    ) -> None:
        key = tmp_path / "clave" / "anonimato.key"
        queue = queue_over(store, clock, config, await unlocked(store, key))
        await asks(queue, ANA, "Uno", anonymous=True)
        await asks(queue, ANA, "Dos")
        assert await queue.unlinkable() == 0
        assert await forget_anonymous(store, key) == Forgotten(1, key_was_there=True)
        assert not key.exists()
        assert await forget_anonymous(store, key) == Forgotten(1, key_was_there=False)
        after = queue_over(store, clock, config, fresh := await unlocked(store, key))
        assert isinstance(fresh, Anonymity)
        assert [o.question.number for o in await after.mine(ANA)] == [2]
        assert await after.unlinkable() == 1
        for refused in (
            after.withdraw(n(1), ANA),
            after.edit_by_author(n(1), ANA, "Otra"),
            after.silence(n(1), MODERATOR),
        ):
            with pytest.raises(NotLinkable):
                await refused
        await after.approve(n(1), MODERATOR)
        again = await asks(after, ANA, "Uno", anonymous=True)
        assert (again.number, again.repeated) == (3, False)
        await after.withdraw(n(3), ANA)
        # The fresh key is the one that has to be there from now on.
        assert (await unlocked(store, key)).fingerprint == fresh.fingerprint
