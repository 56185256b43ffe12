"""Three seconds and fifteen minutes: answers come in time, and what is saved is never lost with its answer."""

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import pytest

from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.questions import State
from tests.cogs.acts import Act, acts, announcement, state

TUESDAY = "2020-09-08"


def held(event: Any, seconds: float) -> sqlite3.Connection:
    """Somebody else's hold of the database, for so many real seconds."""
    other = sqlite3.connect(event.config.storage.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    event.loop.call_later(seconds, other.execute, "ROLLBACK")
    return other


def board_of(moderator: Person) -> SeenMessage:
    return next(m for m in reversed(moderator.sees_in("moderacion")) if m.components and not m.ephemeral)


@pytest.fixture
async def questions(event: Any) -> Any:
    """Tuesday 10:20, with six questions under review."""
    await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
    for number in range(1, 7):
        await event.person(f"Persona {number}").slash("pregunta", texto=f"Pregunta {number}")
    await event.clock.run_for(3)
    return event


#: What only reads, or opens a form: nobody's hold of the database for writing keeps it up.
READING = {
    "/programa",
    "/anunciar",
    "press agenda:confirm:1",
    "/constancia",
    "press programme:calendar",
    "/practica",
    "/practicas",
    "press practice:list:0",
    "press practice:show:1",
    "press practice:reject:1",
    "press practice:approve:1",
    "form practice:rejected:1",
    "/materiales",
    "press material:get:0",
    "/mis-preguntas",
    "/cola",
    "/registro",
    "/mis-datos",
    "press programme:show",
    "press data:anonymous",
    "press data:erase",
    "/asistencia",
    "/estado",
    "/revista",
    "press floor:look:2020-09-08",
    "press floor:back:2020-09-08:1",
    "press floor:mute:2020-09-08:1",
    "/informe preguntas",
    "/correcciones",
    "press correction:undo:1",
    "press correction:list:0",
    "press presence:profiles:2020-09-08:0",
    "press question:mine",
    "press question:ask",
    "press question:edit:1",
    "press question:edit",
    "press question:anyway:named",
    "press question:support:1:named",
    "press support:page:2020-09-08:1",
    "menu Convertir en pregunta",
    "press question:reject:1",
    "/responder",
    "press question:card:1",
    "press question:lists:2020-09-08",
    "press question:list:2020-09-08:review:0:-:-:tab",
    "press question:panelist:2020-09-08:review:-",
    "press question:language:2020-09-08:review:-",
    "press question:merge:1",
    "press question:rewrite:1",
    "press question:answer:1",
    "press registration:open",
    "press registration:agree",
    "press registration:again:1599550000000",
    "press registration:affiliation:1599550000000:0",
    "/registrar",
    "/participantes pendientes",
    "/participantes ausentes",
    "press registrar:700000000000000001:ana.p:agree",
    "press registrar:700000000000000001:ana.p:again:1599550000000",
    "press registrar:700000000000000001:ana.p:affiliation:1599550000000:0",
}


#: What may be too much for one message.
LONG = {"/informe final"}

#: So many people act at once.
_TOGETHER = 24


def batched(everything: Iterable[tuple[Act, Person]]) -> Iterator[list[tuple[Act, Person]]]:
    """In groups that act together."""
    left = iter(everything)
    while together := list(islice(left, _TOGETHER)):
        yield together


@pytest.mark.trial("D1")
@pytest.mark.parametrize("seconds", [2.9, 6.0])
async def test_every_act_is_acknowledged_in_time_while_the_database_is_held(questions: Any, seconds: float) -> None:
    event, message = questions, announcement(questions)
    everything = acts(event.bot)
    people = [event.organizer(f"Olga {number}") for number in range(len(everything))]
    deferred = set()
    for together in batched(zip(everything, people, strict=True)):
        other = held(event, seconds)
        done = await asyncio.gather(*(act.by(who, message) for act, who in together))
        await event.settle()
        other.close()
        for (act, who), exchange in zip(together, done, strict=True):
            # The loopback fails what is not acknowledged within Discord's three seconds.
            assert not exchange.failed, act
            assert exchange.interaction.finished.is_set() or act.kind == "press", act
            answers = [each.text for each in who.private()]
            assert exchange.modal is not None or len(answers) == 1 or (str(act) in LONG and len(answers) == 2), act
            assert not any("Algo falló" in text for text in answers), act
            if exchange.deferred:
                deferred.add(str(act))
    assert deferred == {str(act) for act in everything} - READING


@pytest.mark.trial("D1")
async def test_board_that_was_pressed_while_the_database_is_held_is_changed_in_the_end(questions: Any) -> None:
    event, moderator = questions, questions.moderator()
    board = board_of(moderator)
    other = held(event, 2.9)
    exchange = await moderator.click(board, "question:approve:1")
    assert exchange.deferred
    assert moderator.private() == []
    await event.settle()
    other.close()
    assert not exchange.failed
    assert "question:approve:1" not in [button.custom_id for button in board_of(moderator).buttons]
    assert moderator.private() == []


async def _asks(who: Person, _event: Any) -> Any:
    return await who.slash("pregunta", texto="¿Una sola?")


async def _is_present(who: Person, _event: Any) -> Any:
    return await who.slash("presente", acompanantes=2)


async def _approves(who: Person, _event: Any) -> Any:
    return await who.click(board_of(who), "question:approve:1")


async def _rejects(who: Person, event: Any) -> Any:
    return await who.submit_raw("question:rejected:3", {"reason": ["other"], "words": ""}, channel="moderacion")


async def _registers(who: Person, event: Any) -> Any:
    act = next(each for each in acts(event.bot) if each.name.startswith("registration:form"))
    return await act.by(who, announcement(event))


#: What a question, a check-in or a registration adds to the database.
KEPT = tuple(f'INSERT INTO "{table}"' for table in ("questions", "check_ins", "participants", "question_transitions"))


@pytest.mark.trial("D1")
@pytest.mark.parametrize("act", [_asks, _is_present, _approves, _rejects, _registers])
async def test_lost_acknowledgement_neither_loses_nor_doubles_what_was_done(
    questions: Any, act: Callable[[Person, Any], Any]
) -> None:
    event, moderator = questions, questions.moderator()
    database = event.config.storage.database
    before = set(state(database))

    def added() -> list[str]:
        return [row.split(" VALUES")[0] for row in state(database) if row not in before and row.startswith(KEPT)]

    event.loopback.faults.add("callback-10062")
    assert (await act(moderator, event)).failed
    await event.settle()
    once = added()
    assert once, "nothing was done"
    again = await act(moderator, event)
    await event.settle()
    assert not again.failed
    assert added() == once
    if act is _asks:
        assert "es la **número 7** y no se duplicó" in moderator.private()[-1].text


@pytest.mark.trial("D1")
async def test_next_question_whose_acknowledgement_was_lost_is_not_passed_over_by_asking_again(questions: Any) -> None:
    event, moderator = questions, questions.moderator()
    for number in (2, 4):
        await event.services.queue.approve(number, moderator.id)
    event.loopback.faults.add("callback-10062")
    assert (await moderator.slash("siguiente")).failed
    await moderator.slash("siguiente")
    await event.settle()
    assert (await event.services.queue.board(TUESDAY)).on_air.question.number == 2
    assert "2" in moderator.private()[-1].text


@pytest.mark.trial("D1")
async def test_private_panel_of_a_moderator_works_after_its_token_has_expired(questions: Any) -> None:
    event, moderator = questions, questions.moderator()
    await moderator.slash("siguiente")
    panel = moderator.private()[-1]
    assert "question:approve:1" in [button.custom_id for button in panel.buttons]
    await event.clock.run_for(16 * 60)
    await moderator.click(panel, "question:approve:1")
    await event.settle()
    assert "aprobada" in moderator.private()[-1].text
    exchange = await moderator.slash("siguiente")
    await event.settle()
    assert not exchange.failed
    assert (await event.services.queue.board(TUESDAY)).on_air.question.number == 1


@pytest.mark.trial("D1")
async def test_form_that_stood_open_for_sixteen_minutes_is_taken(questions: Any) -> None:
    event, ana, moderator = questions, questions.person("Ana"), questions.moderator()
    asking = (await ana.slash("pregunta")).modal
    rejecting = (await moderator.click(board_of(moderator), "question:reject:1")).modal
    await event.clock.run_for(16 * 60)
    await ana.submit(asking, text="¿Con calma?", how="named")
    await moderator.submit(rejecting, reason="other", words="Fuera de tema")
    await event.settle()
    assert "es la **número 7**" in ana.private()[-1].text
    assert (await event.services.queue.figures(TUESDAY))[State.REJECTED] == 1


@pytest.mark.trial("D1")
async def test_who_asked_a_moment_before_the_bot_is_stopped_gets_the_answer(questions: Any) -> None:
    event, ana = questions, questions.person("Ana")
    other = held(event, 1.5)
    asking = asyncio.create_task(ana.slash("pregunta", texto="¿Justo a tiempo?"))
    is_asked = asyncio.Event()
    event.loop.call_later(0.5, is_asked.set)
    await is_asked.wait()
    await event.stop()
    exchange = await asking
    other.close()
    assert not exchange.failed
    assert "es la **número 7**" in exchange.text
    await event.start()
