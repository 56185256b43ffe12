"""The queue over a real database: what is answered is saved, and two who do the same do it once."""

import asyncio
import logging
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import RehearsalClock
from bot.config import Config, load
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.live_agenda import LiveAgenda
from bot.question_refusals import (
    AlreadyDecided,
    AlreadyTaken,
    AskingClosed,
    EmptyText,
    NothingApproved,
    QuestionTimeNotCome,
    QuestionUnknown,
    SessionFull,
    SessionNotOn,
    TooManyQuestions,
)
from bot.questions import Asker, By, LiveMessage, Reason, State
from bot.queue import Queue, unlocked
from bot.queue_values import Asked, Registered
from bot.storage.nouns import Nouns
from bot.storage.store import Store

ANA, BEN, EVA = PersonId(700000000000000001), PersonId(700000000000000002), PersonId(700000000000000003)
MODERATOR, OTHER = PersonId(800000000000000001), PersonId(800000000000000002)
TUESDAY, WEDNESDAY = SessionKey("2020-09-08"), SessionKey("2020-09-09")
ZONE = ZoneInfo("America/Costa_Rica")

PEOPLE = {
    ANA: Registered(Asker("Ana Prueba", "Migración", "CR"), "country:CR"),
    BEN: Registered(Asker("Ben Ensayo", "Fiscalía", "HN"), "country:HN"),
}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def lookup(_tx: Nouns, person: PersonId) -> Registered | None:
    return PEOPLE.get(person)


@pytest.fixture
def config() -> Config:
    return load(Path("config.toml"))


def queue_over(store: Store, clock: RehearsalClock, config: Config, anonymity: object, **rules: object) -> Queue:
    changed = config.model_copy(update={"questions": config.questions.model_copy(update=rules)})
    return Queue(store, LiveAgenda(store, config.agenda, clock), changed, clock, anonymity, lookup)


@pytest.fixture
async def queue(store: Store, clock: RehearsalClock, config: Config, tmp_path: Path) -> Queue:
    return queue_over(store, clock, config, await unlocked(store, tmp_path / "clave" / "anonimato.key"))


async def asks(queue: Queue, person: PersonId, text: str, *, anonymous: bool = False, to: str | None = None) -> Asked:
    return await queue.ask(person, text, anonymous=anonymous, addressed_to=to, language="es")


async def on_air(queue: Queue, session: SessionKey = TUESDAY) -> int | None:
    shown = (await queue.board(session)).on_air
    return shown.question.number if shown else None


class TestAsking:
    async def test_question_gets_its_number_and_its_place(self, queue: Queue, store: Store) -> None:
        first = await asks(queue, ANA, "¿Habrá vídeo?", to="OIM")
        second = await asks(queue, BEN, "¿Y actas?")
        assert (first.number, first.place, first.repeated) == (1, 1, False)
        assert (second.number, second.place, second.state) == (2, 2, State.PENDING)
        board = await queue.board(TUESDAY)
        assert [(s.question.text, s.question.addressed_to, s.asker) for s in board.under_review] == [
            ("¿Habrá vídeo?", "OIM", PEOPLE[ANA].asker),
            ("¿Y actas?", None, PEOPLE[BEN].asker),
        ]
        history = await store.read(lambda tx: tx.questions.history(first.number))
        assert [(t.by, t.from_state, t.to_state) for t in history] == [(By.AUTHOR, None, State.PENDING)]

    @pytest.mark.trial("Q1")
    async def test_same_text_by_the_same_person_is_the_same_question(self, queue: Queue) -> None:
        numbers = await asyncio.gather(
            asks(queue, ANA, "¿Cuándo se detiene?"),
            asks(queue, ANA, "  cuándo  se detiene"),
            asks(queue, ANA, "CUANDO SE DETIENE", anonymous=True),
            asks(queue, BEN, "¿Cuándo se detiene?"),
        )
        assert [(a.number, a.repeated, a.anonymous) for a in numbers] == [
            (1, False, False),
            (1, True, False),
            (1, True, False),
            (2, False, False),
        ]
        figures = await queue.figures(TUESDAY)
        assert (figures.received, figures.repeats) == (2, 2)

    async def test_withdrawn_question_may_be_asked_again(self, queue: Queue) -> None:
        await asks(queue, ANA, "¿Habrá vídeo?")
        await queue.withdraw(QuestionNumber(1), ANA)
        again = await asks(queue, ANA, "¿Habrá vídeo?")
        assert (again.number, again.place, again.repeated) == (2, 1, False)

    @pytest.mark.trial("Q1")
    async def test_caps_hold_for_a_flood_and_keep_everybody_elses(
        self, store: Store, clock: RehearsalClock, config: Config, tmp_path: Path
    ) -> None:
        anonymity = await unlocked(store, tmp_path / "anonimato.key")
        queue = queue_over(store, clock, config, anonymity, per_person=3, per_session=5)
        flood = [asks(queue, ANA, f"Pregunta {n}", anonymous=n % 2 == 0) for n in range(50)]
        outcomes = await asyncio.gather(*flood, asks(queue, BEN, "La mía"), return_exceptions=True)
        refused = [o for o in outcomes if isinstance(o, TooManyQuestions)]
        assert (len(refused), refused[0].limit, outcomes[-1].number) == (47, 3, 4)
        # The same caps hold after a restart, since they are counted and not remembered.
        after = queue_over(store, clock, config, anonymity, per_person=3, per_session=5)
        with pytest.raises(TooManyQuestions):
            await asks(after, ANA, "Otra más")
        await asks(after, BEN, "Otra mía")
        with pytest.raises(SessionFull):
            await asks(after, EVA, "No cabe")

    @pytest.mark.trial("Q6")
    async def test_sessions_do_not_mix_and_the_boundary_is_told(self, queue: Queue, clock: RehearsalClock) -> None:
        clock.set(at("2020-09-08 10:59:59.900"))
        await asks(queue, ANA, "A tiempo")
        clock.set(at("2020-09-08 11:00:00.100"))
        with pytest.raises(AskingClosed):
            await asks(queue, ANA, "Tarde")
        clock.set(at("2020-09-09 09:30"))
        wednesday = await asks(queue, ANA, "A tiempo")
        assert (wednesday.number, wednesday.place) == (2, 1)
        board = await queue.board(WEDNESDAY)
        assert [s.question.number for s in board.under_review] == [2]

    @pytest.mark.trial("Q6")
    async def test_order_of_arrival_is_stable(self, queue: Queue) -> None:
        asked = await asyncio.gather(*(asks(queue, PersonId(n + 1), f"Pregunta {n}") for n in range(30)))
        assert [a.number for a in asked] == list(range(1, 31))
        assert [a.place for a in asked] == list(range(1, 31))

    async def test_nothing_of_what_was_asked_is_logged(self, queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        await asks(queue, ANA, "¿Sobornos en Peñas Blancas?", anonymous=True, to="Zutana")
        await queue.reject(QuestionNumber(1), MODERATOR, Reason.OTHER, "Demasiado delicada")
        assert "question.rejected number=1" in caplog.text
        for private in ("Sobornos", "Zutana", "delicada", str(ANA)):
            assert private not in caplog.text


class TestAnonymous:
    async def test_authors_id_is_nowhere_in_the_database(self, queue: Queue, store: Store, database: Path) -> None:
        await asks(queue, ANA, "¿Quién firmó?", anonymous=True)
        await asks(queue, ANA, "¿Quién firma?", anonymous=True)
        await queue.withdraw(QuestionNumber(2), ANA)
        await asks(queue, ANA, "¿Quién firmó?", anonymous=True)
        assert await store.scrub()
        for file in database.parent.glob("estrado.db*"):
            content = file.read_bytes()
            assert str(ANA).encode() not in content
            assert ANA.to_bytes(8, "big") not in content
        with sqlite3.connect(database) as connection:
            everything = "\n".join(connection.iterdump())
        connection.close()
        assert "¿Quién firmó?" in everything
        assert str(ANA) not in everything
        assert "country:CR" not in everything

    async def test_what_the_author_does_by_name_right_after_does_not_stand_beside_it_in_time(
        self, queue: Queue, clock: RehearsalClock, database: Path
    ) -> None:
        await asks(queue, EVA, "¿Quién firma?")
        await queue.approve(QuestionNumber(1), MODERATOR)
        began = clock.now()
        for seconds in (600, 1200):
            clock.set(began + timedelta(seconds=seconds))
            person = PersonId(seconds)
            await asks(queue, person, f"¿Quién firmó {seconds}?", anonymous=True)
            await queue.vote(QuestionNumber(1), person)
            await queue.set_wants_messages(person, True)
        with sqlite3.connect(database) as connection:
            asked = {at for (at,) in connection.execute("SELECT asked_at FROM questions WHERE author_id IS NULL")}
            votes = [at for (at,) in connection.execute("SELECT voted_at FROM question_votes")]
            wanted = [at for (at,) in connection.execute("SELECT since FROM question_messages_wanted")]
        connection.close()
        # All of it in one hour, and nothing nearer to anything.
        for instants in (votes, wanted):
            assert len(instants) == 2
            assert set(instants) == asked
        assert all(at % 3_600_000 == 0 for at in asked)

    async def test_hour_alone_is_kept_of_what_their_authors_do(
        self, queue: Queue, store: Store, clock: RehearsalClock, config: Config
    ) -> None:
        hour = clock.now()
        clock.set(hour + timedelta(minutes=11, seconds=7))
        for number in (1, 2, 3):
            await asks(queue, ANA, f"¿Quién firmó {number}?", anonymous=True)
        clock.set(hour + timedelta(minutes=20))
        await queue.approve(QuestionNumber(1), MODERATOR)
        clock.set(hour + timedelta(minutes=33, seconds=3))
        await queue.edit_by_author(QuestionNumber(1), ANA, "¿Quién firma?")
        await queue.withdraw(QuestionNumber(2), ANA)
        kept = [[step.at for step in await queue.history(QuestionNumber(number))] for number in (1, 2)]
        approved_at = hour + timedelta(minutes=20)
        # Never before the step that it followed.
        assert kept == [[hour, approved_at, approved_at], [hour, hour]]
        question = (await queue.shown(QuestionNumber(1))).question
        assert (question.asked_at, question.moved_when) == (hour, None)
        assert [text.at for text in await queue.texts(QuestionNumber(1))] == [approved_at]
        # What is withdrawn when the day's figures have settled was there when they did, whatever the hour.
        settled = config.settled_at(config.agenda)[0]
        clock.set(settled + timedelta(minutes=1))
        await queue.withdraw(QuestionNumber(3), ANA)
        at_the_close = await store.read(lambda tx: tx.figures.at(TUESDAY, settled))
        assert (at_the_close[State.WITHDRAWN], at_the_close[State.PENDING]) == (1, 2)
        assert (await queue.figures(TUESDAY))[State.WITHDRAWN] == 2

    async def test_step_that_withdrawing_causes_stands_beside_it_to_the_hour_too(
        self, queue: Queue, clock: RehearsalClock
    ) -> None:
        await asks(queue, ANA, "¿Quién firmó?", anonymous=True)
        await asks(queue, BEN, "¿Quién lo firmó?")
        joined_at = clock.now() + timedelta(minutes=5)
        clock.set(joined_at)
        await queue.merge(QuestionNumber(2), QuestionNumber(1), MODERATOR)
        clock.set(joined_at + timedelta(minutes=7, seconds=3))
        await queue.withdraw(QuestionNumber(1), ANA)
        assert (await queue.history(QuestionNumber(2)))[-1].at == joined_at

    @pytest.mark.parametrize(
        ("text", "theirs", "kept"),
        [
            ("Who keeps the records of these requests?", "es", "en"),
            ("¿Quién guarda los registros?", "en", "es"),
            ("OK?", "en", "es"),
        ],
    )
    async def test_language_of_the_text_is_kept_and_not_the_authors(
        self, queue: Queue, text: str, theirs: str, kept: str
    ) -> None:
        for anonymous in (True, False):
            person = ANA if anonymous else BEN
            await queue.ask(person, text, anonymous=anonymous, addressed_to=None, language=theirs)
        languages = [(await queue.shown(QuestionNumber(number))).question.language for number in (1, 2)]
        assert languages == [kept, theirs]

    async def test_text_that_nobody_approved_is_gone_once_its_author_changed_it(
        self, config: Config, clock: RehearsalClock, database: Path, tmp_path: Path
    ) -> None:
        async with Store.open(database, clock) as store:
            queue = queue_over(store, clock, config, await unlocked(store, tmp_path / "clave" / "anonimato.key"))
            await asks(queue, ANA, "¿Cobró Zutano el soborno?", anonymous=True)
            edited = await queue.edit_by_author(QuestionNumber(1), ANA, "¿Quién autoriza los pagos?")
            # The text that moderators saw is another one all the same.
            assert edited.question.edits == 1
            assert await queue.texts(QuestionNumber(1)) == ()
            await queue.edit_and_approve(QuestionNumber(1), MODERATOR, "¿Quién autoriza el pago?")
            await queue.edit_by_author(QuestionNumber(1), ANA, "¿Y quién lo revisa?")
            texts = [text.text for text in await queue.texts(QuestionNumber(1))]
            assert texts == ["¿Quién autoriza los pagos?", "¿Quién autoriza el pago?"]
            await store.backup(tmp_path / "copia.db")
        left = {path: path.read_bytes() for path in (tmp_path / "copia.db", *tmp_path.glob(f"{database.name}*"))}
        assert database in left
        for content in left.values():
            assert b"Zutano" not in content
            assert b"zutano" not in content

    async def test_several_by_one_author_stand_as_those_of_several(self, queue: Queue, clock: RehearsalClock) -> None:
        for person, text in ((ANA, "Uno"), (ANA, "Dos"), (BEN, "Tres"), (ANA, "Cuatro")):
            await asks(queue, person, text, anonymous=True)
        await queue.approve_all([QuestionNumber(n) for n in (1, 2, 3, 4)], MODERATOR)
        clock.set(at("2020-09-08 10:20"))
        order = []
        for _ in range(4):
            taken = await queue.take_next(TUESDAY, MODERATOR, seen=QuestionNumber(order[-1]) if order else None)
            order.append(taken.on_air.number)
        assert order == [1, 2, 3, 4]

    async def test_author_alone_follows_and_withdraws_it(self, queue: Queue, clock: RehearsalClock) -> None:
        await asks(queue, ANA, "¿Quién firmó?", anonymous=True)
        clock.set(at("2020-09-09 09:30"))
        await asks(queue, ANA, "Con mi nombre")
        assert [(o.question.number, o.question.anonymous) for o in await queue.mine(ANA)] == [
            (1, True),
            (2, False),
        ]
        assert await queue.mine(BEN) == []
        with pytest.raises(QuestionUnknown):
            await queue.withdraw(QuestionNumber(1), BEN)
        assert (await queue.withdraw(QuestionNumber(1), ANA)).state is State.WITHDRAWN

    async def test_nobody_is_shown_as_its_author(self, queue: Queue) -> None:
        await asks(queue, ANA, "¿Quién firmó?", anonymous=True)
        shown = (await queue.board(TUESDAY)).under_review[0]
        assert shown.asker is None
        assert shown.question.author is None

    async def test_key_must_be_the_one_of_the_questions(self, queue: Queue, store: Store, tmp_path: Path) -> None:
        await unlocked(store, tmp_path / "otra" / "anonimato.key")
        await unlocked(store, tmp_path / "clave" / "anonimato.key")
        await asks(queue, ANA, "¿Quién firmó?", anonymous=True)
        from bot.anonymity import AnonymityKeyDiffers, AnonymityKeyMissing  # noqa: PLC0415

        with pytest.raises(AnonymityKeyDiffers):
            await unlocked(store, tmp_path / "otra" / "anonimato.key")
        with pytest.raises(AnonymityKeyMissing):
            await unlocked(store, tmp_path / "nueva" / "anonimato.key")


@pytest.fixture
async def during_questions(queue: Queue, clock: RehearsalClock) -> Queue:
    """Five approved questions of Tuesday, at 10:20: 1 and 2 by Ana, 3 by Ben, 4 by Eva, 5 by nobody."""
    await asks(queue, ANA, "Uno")
    await asks(queue, ANA, "Dos")
    await asks(queue, BEN, "Tres")
    await asks(queue, EVA, "Cuatro")
    await asks(queue, EVA, "Cinco", anonymous=True)
    for number in range(1, 6):
        await queue.approve(QuestionNumber(number), MODERATOR)
    clock.set(at("2020-09-08 10:20"))
    return queue


class TestTurns:
    async def test_next_closes_the_one_on_air_and_gives_turns_by_rotation(
        self, during_questions: Queue, clock: RehearsalClock, store: Store
    ) -> None:
        queue = during_questions
        board = await queue.board(TUESDAY)
        assert [s.question.number for s in board.next_in_turn] == [1, 3, 4, 5, 2]
        order = []
        for _ in range(5):
            taken = await queue.take_next(TUESDAY, MODERATOR)
            order.append((taken.on_air.number, taken.closed and taken.closed.number))
            clock.set(clock.now() + (at("2020-09-08 10:01") - at("2020-09-08 10:00")))
        assert order == [(1, None), (3, 1), (4, 3), (5, 4), (2, 5)]
        with pytest.raises(NothingApproved) as nothing:
            await queue.take_next(TUESDAY, MODERATOR)
        assert (nothing.value.waiting, nothing.value.first, await on_air(queue)) == (0, None, 2)
        assert [t.to_state for t in await store.read(lambda tx: tx.questions.history(QuestionNumber(1)))] == [
            State.PENDING,
            State.APPROVED,
            State.ON_AIR,
            State.ANSWERED,
        ]

    async def test_with_none_approved_says_how_many_wait_and_which_is_first(
        self, queue: Queue, clock: RehearsalClock
    ) -> None:
        await asks(queue, ANA, "Uno")
        await asks(queue, BEN, "Dos")
        clock.set(at("2020-09-08 10:20"))
        with pytest.raises(NothingApproved) as nothing:
            await queue.take_next(TUESDAY, MODERATOR)
        assert nothing.value.waiting == 2
        assert nothing.value.first is not None
        assert nothing.value.first.number == 1

    async def test_two_moderators_at_once_take_one(self, during_questions: Queue) -> None:
        queue = during_questions
        none_seen = QuestionNumber(0)
        for seen in (none_seen, QuestionNumber(1), None):
            before = await on_air(queue)
            outcomes = await asyncio.gather(
                queue.take_next(TUESDAY, MODERATOR, seen=seen),
                queue.take_next(TUESDAY, OTHER, seen=seen),
                return_exceptions=True,
            )
            if seen is None:
                assert all(isinstance(o, AlreadyTaken) for o in outcomes)
                assert await on_air(queue) == before
                continue
            first, second = outcomes
            assert isinstance(second, AlreadyTaken)
            assert (second.number, second.by) == (first.on_air.number, MODERATOR)
        figures = await queue.figures(TUESDAY)
        assert (figures[State.ON_AIR], figures[State.ANSWERED], figures[State.APPROVED]) == (1, 1, 3)

    async def test_before_the_questions_it_has_to_be_confirmed(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        clock.set(at("2020-09-08 10:00"))
        with pytest.raises(QuestionTimeNotCome):
            await during_questions.take_next(TUESDAY, MODERATOR)
        with pytest.raises(QuestionTimeNotCome):
            await during_questions.put_on_air(QuestionNumber(3), MODERATOR)
        assert (await during_questions.take_next(TUESDAY, MODERATOR, early=True)).on_air.number == 1

    async def test_put_on_air_approves_where_needed_and_closes_the_other(
        self, queue: Queue, clock: RehearsalClock, store: Store
    ) -> None:
        await asks(queue, ANA, "Uno")
        await asks(queue, BEN, "Dos")
        clock.set(at("2020-09-08 10:20"))
        await queue.put_on_air(QuestionNumber(2), MODERATOR)
        taken = await queue.put_on_air(QuestionNumber(1), OTHER)
        assert (taken.on_air.number, taken.closed and taken.closed.number) == (1, 2)
        with pytest.raises(AlreadyDecided) as again:
            await queue.put_on_air(QuestionNumber(1), MODERATOR)
        assert again.value == AlreadyDecided(QuestionNumber(1), State.ON_AIR, OTHER, clock.now())
        steps = await store.read(lambda tx: tx.questions.history(QuestionNumber(2)))
        assert [(t.by, t.moderator, t.to_state) for t in steps][1:] == [
            (By.MODERATOR, MODERATOR, State.APPROVED),
            (By.MODERATOR, MODERATOR, State.ON_AIR),
            (By.MODERATOR, OTHER, State.ANSWERED),
        ]

    async def test_close_of_the_session_answers_what_is_on_air_and_leaves_the_rest(
        self, during_questions: Queue, clock: RehearsalClock
    ) -> None:
        queue = during_questions
        await queue.take_next(TUESDAY, MODERATOR)
        await queue.close_past()
        assert await on_air(queue) == 1
        clock.set(at("2020-09-08 11:00"))
        await queue.close_past()
        await queue.close_past()
        figures = await queue.figures(TUESDAY)
        assert dict(figures.by_state) == {State.ANSWERED: 1, State.APPROVED: 4}
        with pytest.raises(SessionNotOn):
            await queue.take_next(TUESDAY, MODERATOR)
        with pytest.raises(SessionNotOn):
            await queue.put_on_air(QuestionNumber(2), MODERATOR, early=True)

    async def test_turns_follow_a_later_registration(self, during_questions: Queue, store: Store) -> None:
        await store.write(lambda tx: tx.questions.set_affiliation(EVA, "country:CR"))
        board = await during_questions.board(TUESDAY)
        assert [s.question.number for s in board.next_in_turn] == [1, 3, 5, 4, 2]


class TestModerating:
    async def test_second_press_is_told_who_decided(self, queue: Queue, clock: RehearsalClock) -> None:
        await asks(queue, ANA, "Uno")
        outcomes = await asyncio.gather(
            queue.approve(QuestionNumber(1), MODERATOR),
            queue.approve(QuestionNumber(1), OTHER),
            queue.approve(QuestionNumber(1), MODERATOR),
            return_exceptions=True,
        )
        decided = AlreadyDecided(QuestionNumber(1), State.APPROVED, MODERATOR, clock.now())
        assert [getattr(outcomes[0], "state", None), *outcomes[1:]] == [State.APPROVED, decided, decided]

    async def test_rejection_keeps_its_reason_and_words_for_the_author(self, queue: Queue) -> None:
        await asks(queue, ANA, "Uno", anonymous=True)
        with pytest.raises(EmptyText):
            await queue.reject(QuestionNumber(1), MODERATOR, Reason.UNCLEAR, "\u200b\u2800")
        await queue.reject(QuestionNumber(1), MODERATOR, Reason.UNCLEAR, "¿De qué país habla?")
        own = (await queue.mine(ANA))[0]
        assert (own.question.state, own.question.reason, own.question.words, own.place) == (
            State.REJECTED,
            Reason.UNCLEAR,
            "¿De qué país habla?",
            None,
        )
        with pytest.raises(AlreadyDecided):
            await queue.withdraw(QuestionNumber(1), ANA)

    async def test_number_that_is_not_there_is_said_to_be_unknown(self, queue: Queue) -> None:
        for operation in (
            queue.approve(QuestionNumber(9), MODERATOR),
            queue.put_on_air(QuestionNumber(9), MODERATOR),
            queue.withdraw(QuestionNumber(9), ANA),
            queue.show_again(QuestionNumber(9)),
            queue.finish(QuestionNumber(9), MODERATOR),
        ):
            with pytest.raises(QuestionUnknown):
                await operation

    async def test_two_hundred_rounds_of_two_moderators_lose_and_repeat_nothing(
        self, store: Store, clock: RehearsalClock, config: Config, tmp_path: Path
    ) -> None:
        queue = queue_over(store, clock, config, await unlocked(store, tmp_path / "anonimato.key"), per_person=1000)
        for n in range(200):
            await asks(queue, ANA, f"Pregunta {n}")
        clock.set(at("2020-09-08 10:20"))
        for n in range(1, 201):
            seen = QuestionNumber(await on_air(queue) or 0)
            outcomes = await asyncio.gather(
                queue.approve(QuestionNumber(n), MODERATOR),
                queue.reject(QuestionNumber(n), OTHER, Reason.OTHER, None)
                if n % 3 == 0
                else queue.approve(QuestionNumber(n), OTHER),
                queue.take_next(TUESDAY, MODERATOR, seen=seen),
                queue.take_next(TUESDAY, OTHER, seen=seen),
                return_exceptions=True,
            )
            unexpected = [
                o
                for o in outcomes
                if isinstance(o, BaseException) and not isinstance(o, AlreadyDecided | AlreadyTaken | NothingApproved)
            ]
            assert unexpected == []
        on_air_steps = await store.read(
            lambda tx: tx.connection.execute(
                "SELECT number, count(*) FROM question_transitions WHERE to_state = 'on_air' GROUP BY number"
            ).fetchall()
        )
        assert all(count == 1 for _, count in on_air_steps)
        figures = await queue.figures(TUESDAY)
        assert figures.received == 200
        assert figures[State.ON_AIR] == 1
        assert figures[State.ON_AIR] + figures[State.ANSWERED] == len(on_air_steps)


class TestKept:
    @pytest.mark.trial("Q3")
    async def test_queue_is_the_same_after_three_restarts(
        self, database: Path, clock: RehearsalClock, config: Config, tmp_path: Path
    ) -> None:
        key = tmp_path / "clave" / "anonimato.key"
        async with Store.open(database, clock) as store:
            queue = queue_over(store, clock, config, await unlocked(store, key))
            for n in range(60):
                await asks(queue, PersonId(n + 1), f"Pregunta {n}", anonymous=n % 3 == 0)
            await queue.approve(QuestionNumber(7), MODERATOR)
            clock.set(at("2020-09-08 10:20"))
            await queue.take_next(TUESDAY, MODERATOR)
        for _ in range(3):
            async with Store.open(database, clock) as store:
                queue = queue_over(store, clock, config, await unlocked(store, key))
                assert await on_air(queue) == 7
                assert [s.question.number for s in await queue.unposted()] == [7]
                board = await queue.board(TUESDAY)
                assert (board.figures.received, board.figures[State.PENDING]) == (60, 59)
                assert [s.question.number for s in board.under_review] == [1, 2, 3, 4, 5]
                assert (await queue.mine(PersonId(31)))[0].question.number == 31

    async def test_each_showing_is_posted_once(self, during_questions: Queue) -> None:
        queue = during_questions
        first = (await queue.take_next(TUESDAY, MODERATOR)).on_air
        await queue.note_posted(first, MessageId(11))
        assert await queue.unposted() == []
        again = await queue.show_again(first.number)
        assert (first.showings, again.showings) == (1, 2)
        await queue.note_posted(first, MessageId(11))
        assert [s.question.showings for s in await queue.unposted()] == [2]
        await queue.note_posted(again, MessageId(12))
        assert await queue.unposted() == []

    async def test_live_message_is_remembered_in_its_last_place(self, queue: Queue, clock: RehearsalClock) -> None:
        assert await queue.live_message("board") is None
        for message in (11, 12):
            await queue.keep_live_message("board", LiveMessage(5, MessageId(message), clock.now()))
        assert await queue.live_message("board") == LiveMessage(5, MessageId(12), clock.now())

    async def test_database_holds_what_the_code_promises(self, during_questions: Queue, store: Store) -> None:
        await during_questions.take_next(TUESDAY, MODERATOR)
        for statement in (
            "UPDATE questions SET state = 'on_air' WHERE number = 4",
            "UPDATE questions SET author_seal = 'x' WHERE number = 1",
            "UPDATE questions SET author_id = NULL WHERE number = 1",
            "UPDATE questions SET affiliation = 'country:CR' WHERE number = 5",
            "UPDATE questions SET folded = 'uno' WHERE number = 2",
            "UPDATE questions SET state = 'shelved' WHERE number = 2",
            "UPDATE questions SET state = 'rejected' WHERE number = 2",
            "INSERT INTO question_votes VALUES (1, 5, 0), (1, 5, 0)",
            "INSERT INTO question_votes VALUES (99, 5, 0)",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                await store.write(lambda tx, statement=statement: tx.connection.execute(statement) and None)

    async def test_listeners_hear_of_each_saved_change_and_of_no_other(self, queue: Queue) -> None:
        heard: list[SessionKey] = []
        queue.on_change(heard.append)
        await asks(queue, ANA, "Uno")
        await queue.approve(QuestionNumber(1), MODERATOR)
        with pytest.raises(AlreadyDecided):
            await queue.approve(QuestionNumber(1), MODERATOR)
        assert heard == [TUESDAY, TUESDAY]
        queue.forget(heard.append)
        await queue.withdraw(QuestionNumber(1), ANA)
        assert heard == [TUESDAY, TUESDAY]
