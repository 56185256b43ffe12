"""Who may do what: asked by the bot itself, each time, whatever Discord's interface shows or hides."""

from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.errors import Needed, NotAllowed, NotOpenYet, OnlyInTheServer
from bot.loopback.messages import composed
from bot.loopback.nouns import Message
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.phrases.refusals import refused
from bot.questions import Reason, State
from tests.cogs.acts import Act, acts, announcement, state
from tests.factories import workshop

TUESDAY, WEDNESDAY = "2020-09-08", "2020-09-09"

NEEDED = {"moderators": Needed.MODERATOR, "organizers": Needed.ORGANIZER}


def forbidden(act: Act, language: Any = "es") -> str:
    """What whoever may not do it is told."""
    assert act.needs is not None
    return refused(NotAllowed(NEEDED[act.needs]), language)


def board_of(moderator: Person) -> SeenMessage:
    return next(m for m in reversed(moderator.sees_in("moderacion")) if m.components and not m.ephemeral)


@pytest.fixture
async def questions(event: Any) -> Any:
    """Tuesday 10:20, with one question under review."""
    await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
    await event.person("Ben").slash("pregunta", texto="Pregunta uno")
    await event.clock.run_for(3)
    return event


def reserved(event: Any, *to: str) -> list[Act]:
    found = [act for act in acts(event.bot) if act.needs in (to or tuple(NEEDED))]
    assert len(found) >= (10 if not to else 1)
    return found


@pytest.mark.trial("D8")
async def test_attendee_is_refused_all_that_is_for_moderators_and_organizers(
    questions: Any, caplog: pytest.LogCaptureFixture
) -> None:
    event, message = questions, announcement(questions)
    ana, eve = event.person("Ana Reservada"), event.person("Eve", locale="en-US")
    caplog.set_level("INFO")
    before = state(event.config.storage.database)
    expected = []
    for act in reserved(event):
        await act.by(ana, message)
        await act.by(eve, message)
        expected.append(act)
    await event.settle()
    assert [m.text for m in ana.private()] == [forbidden(act) for act in expected]
    assert [m.text for m in eve.private()] == [forbidden(act, "en") for act in expected]
    assert state(event.config.storage.database) == before
    assert caplog.text.count("refused kind=NotAllowed") == 2 * len(expected)
    ours = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(("bot", "cogs")))
    for personal in ("Reservada", str(ana.id), str(eve.id), "Pregunta uno"):
        assert personal not in ours


@pytest.mark.trial("D8")
async def test_moderator_is_refused_what_is_for_organizers(questions: Any) -> None:
    event, mora = questions, questions.moderator()
    message = announcement(event)
    for act in reserved(event, "organizers"):
        await act.by(mora, message)
        await event.settle()
        assert mora.private()[-1].text == forbidden(act)


@pytest.mark.trial("D8")
async def test_every_command_in_a_private_message_is_told_where_it_belongs(questions: Any) -> None:
    event, message = questions, announcement(questions)
    olga, ana = event.organizer(), event.person("Ana", locale="en-GB")
    before = state(event.config.storage.database)
    for act in acts(event.bot):
        if act.kind != "command" or act.name == "programa":
            continue
        for person in (olga, ana):
            exchange = await act.by(person, message, dm=True)
            assert not exchange.failed
            assert exchange.text == refused(OnlyInTheServer(), "es" if person is olga else "en"), act
    # What is said of the programme is no secret and needs no server.
    assert "Asistencia" not in (await ana.slash("programa", dm=True)).text
    assert state(event.config.storage.database) == before


@pytest.mark.trial("D8")
async def test_every_button_and_form_in_a_private_message_is_told_where_it_belongs(questions: Any) -> None:
    event, olga = questions, questions.organizer()
    bot = event.world.members[event.bot.user.id]
    there = event.world.private_channel(bot, olga)
    values = composed(event.world, {"content": "Copia"}, [], allowed=0)
    copy = Message(id=event.world.new_id(), channel=there, author=bot, created_at=event.clock.now(), **values)
    event.world.add_message(copy)
    before = state(event.config.storage.database)
    for act in acts(event.bot):
        if act.kind == "command":
            continue
        exchange = await act.by(olga, SeenMessage(copy))
        assert not exchange.failed, act
        assert exchange.text == refused(OnlyInTheServer(), "es"), act
    assert state(event.config.storage.database) == before


@pytest.mark.trial("D8")
async def test_rights_hold_at_once_after_a_reconnect_before_the_server_is_seen(questions: Any) -> None:
    event, ana, mora = questions, questions.person("Ana"), questions.moderator()
    message = announcement(event)
    event.world.unavailable = True
    await event.loopback.drop(resume=False)
    await event.loopback.connected()
    for act in reserved(event):
        exchange = await act.by(ana, message)
        assert exchange.text == forbidden(act), act
    assert not (await mora.slash("cola")).failed
    assert "Pregunta uno" not in mora.private()[-1].text
    assert "1" in mora.private()[-1].text
    await event.loopback.guild_available()
    await event.settle()


@pytest.mark.trial("D8")
async def test_nothing_is_done_before_the_server_was_ever_seen(questions: Any) -> None:
    event, olga = questions, questions.organizer()
    message = announcement(event)
    await event.stop()
    event.world.unavailable = True
    await event.start()
    before = state(event.config.storage.database)
    for act in acts(event.bot):
        if act.name == "programa":
            continue
        exchange = await act.by(olga, message)
        assert not exchange.failed, act
        assert exchange.text == refused(NotOpenYet(), "es"), act
    assert state(event.config.storage.database) == before
    await event.loopback.guild_available()
    await event.settle()
    assert not (await olga.slash("cola")).text.startswith(refused(NotOpenYet(), "es"))


@pytest.mark.trial("D8")
async def test_who_loses_the_role_during_the_session_may_do_no_more(questions: Any) -> None:
    event, mora = questions, questions.moderator()
    board = board_of(mora)
    form = (await mora.click(board, "question:reject:1")).modal
    panel = (await mora.slash("siguiente")).answer
    await mora.loses(event.hall.moderator_role)
    before = state(event.config.storage.database)
    for exchange in (
        await mora.click(panel, "question:approve:1"),
        await mora.submit(form, reason="other"),
        await mora.slash("siguiente", forged=True),
    ):
        assert exchange.text == refused(NotAllowed(Needed.MODERATOR), "es")
    assert state(event.config.storage.database) == before
    await mora.gains(event.hall.moderator_role)
    await mora.click(panel, "question:approve:1")
    await event.settle()
    assert state(event.config.storage.database) != before


@pytest.mark.trial("D5")
@pytest.mark.trial("D8")
async def test_suggestions_for_organizers_are_empty_for_others(questions: Any) -> None:
    event = questions
    assert len(await event.organizer().suggestions("asistencia", "dia")) == 4
    for person in (event.person("Ana"), event.moderator()):
        assert await person.suggestions("asistencia", "dia", forged=True) == []
    assert await event.organizer("Otra").suggestions("asistencia", "dia", dm=True) == []


class TestModeratorsOfOneSession:
    """Each session may have moderators of its own, beside those of the event."""

    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        config = workshop(tmp_path)
        sessions = []
        for session in config.event.sessions:
            blocks = [
                block.model_copy(update={"moderator_role": f"Modera {session.day.isoformat()}"})
                if block.kind == "exchange"
                else block
                for block in session.blocks
            ]
            sessions.append(session.model_copy(update={"blocks": tuple(blocks)}))
        event = config.event.model_copy(update={"sessions": tuple(sessions)})
        return config.model_copy(update={"event": event})

    def moderates(self, event: Any, day: str) -> Person:
        role = next(role for role in event.world.roles.values() if role.name == f"Modera {day}")
        person: Person = event.person(f"Moderadora del {day}", roles=(role,))
        return person

    @pytest.mark.trial("D8")
    async def test_they_moderate_their_day_until_the_next_one(self, questions: Any) -> None:
        event = questions
        tuesdays, wednesdays = self.moderates(event, TUESDAY), self.moderates(event, WEDNESDAY)
        at = [f"{TUESDAY} 10:20", f"{TUESDAY} 12:00", f"{WEDNESDAY} 09:30"]
        may = []
        for instant in at:
            await event.clock.run_until(event.at(instant))
            answers = [await who.slash("cola", forged=True) for who in (tuesdays, wednesdays)]
            may.append([answer.text != refused(NotAllowed(Needed.MODERATOR), "es") for answer in answers])
        assert may == [[True, False], [True, False], [False, True]]

    @pytest.mark.trial("D8")
    async def test_they_decide_nothing_of_another_session(self, questions: Any) -> None:
        event = questions
        wednesdays, eventwide = self.moderates(event, WEDNESDAY), event.moderator()
        await event.clock.run_until(event.at(f"{WEDNESDAY} 09:30"))
        message = announcement(event)
        before = [row for row in state(event.config.storage.database) if "question" in row]
        for custom_id in (
            "question:approve:1",
            "question:finish:1",
            "question:air:1:early",
            "question:show:1",
            "question:next:2020-09-08:0:early",
            "question:page:2-1",
            "question:written:1",
            "question:defer:1",
            "question:undo:1:1",
            "question:card:1",
            "question:lists:2020-09-08",
            "question:list:2020-09-08:review:0:-:-:tab",
            "question:merge:1",
            "question:rewrite:1",
            "question:answer:1",
            "question:silence:1",
        ):
            exchange = await wednesdays.click(message, forged_custom_id=custom_id)
            assert exchange.text == refused(NotAllowed(Needed.MODERATOR), "es"), custom_id
        exchange = await wednesdays.submit_raw("question:rejected:1", {"reason": ["other"], "words": ""})
        assert exchange.text == refused(NotAllowed(Needed.MODERATOR), "es")
        assert [row for row in state(event.config.storage.database) if "question" in row] == before
        exchange = await eventwide.click(message, forged_custom_id="question:air:1:early")
        assert exchange.text != refused(NotAllowed(Needed.MODERATOR), "es")

    @pytest.mark.trial("D8")
    async def test_they_are_offered_nothing_of_days_that_they_do_not_moderate_but_what_those_left(
        self, questions: Any
    ) -> None:
        event, queue = questions, questions.services.queue
        wednesdays, eventwide = self.moderates(event, WEDNESDAY), event.moderator()
        tuesdays = self.moderates(event, TUESDAY)
        for number, text in enumerate(("Secreta en revisión", "Secreta aplazada", "Secreta rechazada"), 1001):
            await event.person(f"Persona {number}").slash("pregunta", texto=text)
        pending, deferred, rejected = [
            each.question.number for each in await queue.suggestions(TUESDAY, "secreta", [State.PENDING])
        ]
        await queue.approve(deferred, eventwide.id)
        await queue.defer(deferred, eventwide.id)
        await queue.reject(rejected, eventwide.id, Reason.OTHER, None)
        await event.clock.run_until(event.at(f"{WEDNESDAY} 10:20"))

        async def offered(who: Person, command: str, option: str, **others: str) -> set[str]:
            choices = await who.suggestions(command, option=option, typed="secreta", forged=True, **others)
            return {str(choice.value) for choice in choices}

        all_of = {
            ("siguiente", "numero"): {str(pending), str(deferred)},
            ("unir", "con"): {str(pending), str(deferred)},
            ("deshacer", "numero"): {str(deferred), str(rejected)},
            ("responder", "numero"): {str(deferred)},
        }
        for (command, option), numbers in all_of.items():
            others = {"numero": "1"} if command == "unir" else {}
            assert await offered(eventwide, command, option, **others) == numbers
            # What was left for a later day is listed to whoever moderates that, and may go on air there.
            theirs = {str(deferred)} if command == "siguiente" else set()
            assert await offered(wednesdays, command, option, **others) == theirs
            assert await offered(tuesdays, command, option, **others) == set()
        await wednesdays.slash("siguiente", numero=str(pending), forged=True)
        assert wednesdays.private()[-1].text == refused(NotAllowed(Needed.MODERATOR), "es")
        assert (await queue.shown(pending)).question.state is State.PENDING
        await wednesdays.slash("siguiente", numero=str(deferred), forged=True)
        assert (await queue.shown(deferred)).question.air_session == WEDNESDAY
        # It has its turn in their session, and so they may take that back.
        assert await offered(wednesdays, "deshacer", "numero") == {str(deferred)}
        await wednesdays.slash("deshacer", forged=True)
        assert (await queue.shown(deferred)).question.state is State.DEFERRED
