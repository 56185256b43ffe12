"""The day as it really goes: one command moves everything, everybody is told once, and posts say the new hours."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.config import load
from bot.ids import PersonId
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.questions import State
from bot.services import open_services
from bot.steering import Command
from tests.factories import CONFIG_FILE

TUESDAY = "2020-09-08"
LATER = ["09:00-09:40", "09:40-10:25", "10:25-11:10"]


def hours(event: Any, day: str = TUESDAY) -> list[str]:
    return [block.printed for block in event.services.event.session(day).blocks]


def announced(event: Any, words: str, channel: str = "anuncios") -> list[SeenMessage]:
    anybody = event.person("Alguien que mira")
    return [message for message in anybody.sees_in(channel) if words in message.text]


def last_private(person: Person) -> SeenMessage:
    return person.private()[-1]


async def confirmed(event: Any, person: Person, *command: Any, **values: Any) -> SeenMessage:
    """The command, what it shows, and its button pressed."""
    await person.slash(*command, **values)
    shown = last_private(person)
    await person.click(shown, "Confirmar")
    await event.settle()
    return shown


@pytest.fixture
async def day(event: Any) -> Any:
    """Tuesday 09:10, ten minutes into the session."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:10"))
    return event


async def test_a_preview_is_private_and_changes_nothing(day: Any) -> None:
    olga = day.organizer()
    before = hours(day)
    await olga.slash("retrasar", minutos=10, motivo="Fallo de *audio*")
    await day.settle()
    shown = last_private(olga)
    assert shown.ephemeral
    assert "nada ha cambiado todavía" in shown.text
    assert "~~09:00-09:30~~ → **09:00-09:40**" in shown.text
    assert r"Fallo de \*audio\*" in shown.text
    assert "Change of programme" in shown.text
    assert hours(day) == before
    assert announced(day, "Cambio en el programa") == []


async def test_a_delay_is_told_once_with_old_and_new_hours_and_moves_everything(day: Any) -> None:
    olga = day.organizer()
    await confirmed(day, olga, "retrasar", minutos=10, motivo="Fallo de audio")
    assert hours(day) == LATER
    (told,) = announced(day, "Cambio en el programa")
    for old, new in zip(["09:00-09:30", "09:30-10:15", "10:15-11:00"], LATER, strict=True):
        assert f"~~{old}~~ → **{new}**" in told.text
    assert "Motivo: Fallo de audio" in told.text
    assert "Reason: Fallo de audio" in told.text
    assert "Hecho" in last_private(olga).text
    # The opening, which has the programme, says the new hours.
    (opening,) = announced(day, "Qué se registra")
    assert all(new in opening.text for new in LATER)
    assert "09:30-10:15" not in opening.text
    # What is still to come comes at its new hour, once.
    await day.clock.run_until(day.at(f"{TUESDAY} 09:39"))
    assert announced(day, "09:40-10:25; su hora local") == []
    await day.clock.run_until(day.at(f"{TUESDAY} 09:41"))
    assert len(announced(day, "09:40-10:25; su hora local")) == 1
    # The questions are on air to their new end, and the register closes with the session.
    await day.clock.run_until(day.at(f"{TUESDAY} 11:05"))
    await day.person("Ana Prueba").slash("pregunta", texto="¿Se llega a tiempo?")
    await day.clock.run_until(day.at(f"{TUESDAY} 11:20"))
    assert len(announced(day, "Termina la sesión de hoy")) == 1
    with closing(sqlite3.connect(day.config.storage.database)) as connection:
        row = connection.execute(
            "SELECT ends_at, closed_at FROM registers WHERE session_key = ?", (TUESDAY,)
        ).fetchone()
        asked = connection.execute("SELECT count(*) FROM questions").fetchone()
    assert row == (int(day.at(f"{TUESDAY} 11:10").timestamp() * 1000),) * 2
    assert asked == (1,)


async def test_pressing_twice_changes_once(day: Any) -> None:
    olga = day.organizer()
    shown = await confirmed(day, olga, "retrasar", minutos=10, motivo="Fallo de audio")
    await olga.click(shown, "Confirmar")
    await day.settle()
    assert "Ya se confirmó antes" in last_private(olga).text
    assert hours(day) == LATER
    assert len(announced(day, "Cambio en el programa")) == 1


async def test_of_two_previews_of_the_same_programme_one_counts(day: Any) -> None:
    olga, otra = day.organizer(), day.organizer("Otra Organizadora")
    await olga.slash("retrasar", minutos=10, motivo="Fallo de audio")
    await otra.slash("retrasar", minutos=10, motivo="No hay sonido")
    await olga.click(last_private(olga), "Confirmar")
    await otra.click(last_private(otra), "Confirmar")
    await day.settle()
    assert "otra persona cambió el programa" in last_private(otra).text
    assert hours(day) == LATER


async def test_what_somebody_else_prepared_is_not_confirmed(day: Any) -> None:
    olga, mora = day.organizer(), day.moderator()
    await olga.slash("agenda cancelar", bloque="2020-09-10/3")
    before = hours(day, "2020-09-10")
    await mora.click(announced(day, "Qué se registra")[0], forged_custom_id="agenda:confirm:1", forged_values=())
    await day.settle()
    assert hours(day, "2020-09-10") == before


async def test_who_is_no_organizer_any_more_confirms_nothing_of_theirs(day: Any) -> None:
    olga, before = day.organizer(), hours(day, "2020-09-10")
    await olga.slash("agenda cancelar", bloque="2020-09-10/3")
    shown = last_private(olga)
    await olga.gains(day.hall.moderator_role)
    await olga.loses(day.hall.organizer_role)
    await olga.click(shown, "Confirmar")
    await day.settle()
    assert "organización" in last_private(olga).text
    assert hours(day, "2020-09-10") == before


async def test_a_change_and_its_notice_survive_a_restart(day: Any) -> None:
    olga = day.organizer()
    await olga.slash("retrasar", minutos=10, motivo="Fallo de audio")
    shown = last_private(olga)
    await day.restart()
    await olga.click(shown, "Confirmar")
    await day.settle()
    await day.restart()
    assert hours(day) == LATER
    assert len(announced(day, "Cambio en el programa")) == 1


@pytest.mark.trial("J7")
async def test_an_edited_configuration_is_told_once_and_denies_nothing_that_is_past(day: Any, tmp_path: Path) -> None:
    await day.clock.run_until(day.at(f"{TUESDAY} 09:40"))
    text = CONFIG_FILE.read_text("utf-8")
    thursday = text.index('day = "Jueves')
    head, tail = text[:thursday].replace('"10:15-11:00"', '"10:20-11:05"', 1), text[thursday:]
    # Thursday's second block goes, Friday's theme is another, and Wednesday has one block more.
    second = tail.index("[[event.sessions.blocks]]", tail.index('hours = "09:15 -10:15"') - 60)
    third = tail.index("[[event.sessions.blocks]]", second + 5)
    tail = (tail[:second] + tail[third:]).replace("Retos y buenas prácticas en el combate", "Desafíos del combate", 1)
    more = '[[event.sessions.blocks]]\nhours = "11:00-11:20"\nkind = "closing"\ntitle = "Fotografía"\n\n# --- Thursday'
    (tmp_path / "edited.toml").write_text((head + tail).replace("# --- Thursday", more, 1), "utf-8")
    edited = load(tmp_path / "edited.toml").agenda
    before = [message.id for message in day.person("Quien mira").sees_in("anuncios")]
    for _ in range(2):
        await day.services.steering.reload(edited)
        await day.settle()
    (told,) = announced(day, "Cambio en el programa")
    spanish = told.text.split("**Change of programme**")[0]
    assert "~~10:15-11:00~~ → **10:20-11:05**" in spanish
    assert "~~09:15-10:15~~ **Se cancela:** Intercambio Técnico" in spanish
    assert "**11:00-11:20**" in spanish
    assert "**Nuevo:** Fotografía" in spanish
    assert "Tema: Desafíos del combate" in spanish
    assert spanish.count("\n- ") == 4
    assert [m.id for m in day.person("Quien mira").sees_in("anuncios")][: len(before)] == before
    day.config = day.config.model_copy(update={"event": load(tmp_path / "edited.toml").event})
    day.config.__dict__.pop("agenda", None)
    await day.restart()
    await day.clock.run_until(day.at(f"{TUESDAY} 11:10"))
    assert hours(day) == ["09:00-09:30", "09:30-10:15", "10:20-11:05"]
    assert len(announced(day, "Cambio en el programa")) == 1
    assert len(announced(day, "Termina la sesión de hoy")) == 1


async def test_a_block_of_another_day_is_moved_cancelled_and_recast(day: Any) -> None:
    olga = day.organizer()
    found = await olga.suggestions("agenda cancelar", option="bloque", typed="10 de septiembre")
    assert [choice.value for choice in found][:1] == ["2020-09-10/1"]
    before = hours(day, "2020-09-10")
    await confirmed(day, olga, "agenda cancelar", bloque="2020-09-10/2", motivo="No viene nadie")
    assert hours(day, "2020-09-10") == [each for each in before if each != before[1]]
    assert len(announced(day, "**Se cancela:**")) == 1
    await confirmed(day, olga, "agenda cambiar", bloque="2020-09-10/3", modera="Nadia Nueva")
    assert len(announced(day, "Modera: Nadia Nueva")) == 1
    await confirmed(day, olga, "agenda mover", bloque="2020-09-10/3", horas="11:15 a 11:45")
    assert hours(day, "2020-09-10")[-1] == "11:15-11:45"


@pytest.mark.parametrize(
    ("command", "values", "words"),
    [
        ("agenda cancelar", {"bloque": "2020-09-08/1"}, "conserva sus horas"),
        ("agenda mover", {"bloque": "2020-09-08/3", "horas": "09:40-10:20"}, "coincidiría con"),
        ("agenda mover", {"bloque": "2020-09-08/3", "horas": "a las mil"}, "No entiendo las horas"),
        ("agenda cambiar", {"bloque": "2020-09-08/3"}, "no hay nada que cambiar"),
        ("retrasar", {"minutos": 0, "motivo": "Nada"}, "no hay nada que cambiar"),
        ("retrasar", {"minutos": -60, "motivo": "Prisa"}, "conserva sus horas"),
        ("agenda mover", {"bloque": "2020-09-08/9", "horas": "10:00-11:00"}, "ya no"),
    ],
)
async def test_what_cannot_be_is_refused_in_words(day: Any, command: str, values: dict[str, Any], words: str) -> None:
    olga, before = day.organizer(), hours(day)
    await olga.slash(command, **values)
    await day.settle()
    assert words in last_private(olga).text
    assert "Algo falló" not in last_private(olga).text
    assert hours(day) == before
    assert announced(day, "Cambio en el programa") == []


async def test_rights_move_with_the_moderator(day: Any) -> None:
    olga = day.organizer()
    role = day.world.add_role("Modera el martes")
    nadia = day.person("Nadia Nueva", roles=(role,))
    await nadia.slash("cola", forged=True)
    assert "modera" in last_private(nadia).text.lower()
    await confirmed(day, olga, "agenda cambiar", bloque="2020-09-08/3", rol=role)
    assert announced(day, "Cambio en el programa") == []
    await nadia.slash("cola", forged=True)
    assert "Solo quienes" not in last_private(nadia).text


async def test_a_pause_takes_no_new_questions_until_it_is_over(day: Any) -> None:
    mora, ana = day.moderator(), day.person("Ana Prueba")
    await mora.slash("pausar")
    await day.settle()
    assert len(announced(day, "Las preguntas quedan en pausa", "preguntas")) == 1
    await ana.slash("pregunta", texto="¿Y ahora?")
    assert "en pausa por ahora" in last_private(ana).text
    await mora.slash("pausar")
    assert "ya están en pausa" in last_private(mora).text
    await day.restart()
    await mora.slash("abrir")
    await day.settle()
    assert len(announced(day, "Se reciben preguntas de nuevo", "preguntas")) == 1
    await ana.slash("pregunta", texto="¿Y ahora?")
    await day.settle()
    figures = await day.services.queue.board(TUESDAY)
    assert figures.figures[State.PENDING] == 1


async def test_the_questions_begin_before_their_hour_where_the_room_runs_ahead(day: Any) -> None:
    mora = day.moderator()
    await confirmed(day, mora, "abrir")
    assert hours(day) == ["09:00-09:10", "09:10-11:00"]
    assert len(announced(day, "Comienza ahora: ")) == 1
    assert len(announced(day, "Cambio en el programa")) == 1


async def test_an_announcement_is_seen_first_and_said_once_in_both_languages(day: Any) -> None:
    olga = day.organizer()
    exchange = await olga.slash("anunciar")
    await olga.submit(exchange.modal, es="El almuerzo es a las 12.", en="Lunch is at 12. @everyone")
    shown = last_private(olga)
    assert "Lunch is at 12" in shown.text
    assert announced(day, "El almuerzo") == []
    for _ in range(2):
        await olga.click(shown, "Confirmar")
        await day.settle()
    (told,) = announced(day, "El almuerzo es a las 12.")
    assert "Lunch is at 12. @everyone" in told.text


async def test_commands_are_for_those_who_may(day: Any) -> None:
    ana, mora = day.person("Ana Prueba"), day.moderator()
    for command, values in [("retrasar", {"minutos": 5, "motivo": "x"}), ("pausar", {}), ("abrir", {})]:
        await ana.slash(command, forged=True, **values)
    for command, values in [("agenda cancelar", {"bloque": "2020-09-10/3"}), ("anunciar", {})]:
        await mora.slash(command, forged=True, **values)
    await day.settle()
    assert len({message.text for message in ana.private()}) == 1
    assert hours(day)[0] == "09:00-09:30"
    assert await day.services.steering.untold() == []


async def test_what_was_confirmed_by_a_run_that_died_is_told_by_the_next(day: Any) -> None:
    await day.stop()
    olga = PersonId(day.organizer().id)
    async with open_services(day.config, day.clock) as services:
        draft, _ = await services.steering.prepare(olga, Command.delay(10, "Fallo de audio"))
        await services.steering.confirm(olga, draft)
    assert announced(day, "Cambio en el programa") == []
    await day.start()
    assert len(announced(day, "Cambio en el programa")) == 1
    (opening,) = announced(day, "Qué se registra")
    assert all(new in opening.text for new in LATER)
    await day.restart()
    assert len(announced(day, "Cambio en el programa")) == 1
    assert await day.services.steering.untold() == []


@pytest.mark.parametrize("fault", ["403", "accepted-then-502"])
async def test_what_a_channel_does_not_take_is_told_once_it_does(day: Any, fault: str) -> None:
    olga = day.organizer()
    day.loopback.faults.add(fault, route="POST /channels/{channel_id}/messages", channel="anuncios")
    await confirmed(day, olga, "retrasar", minutos=10, motivo="Fallo de audio")
    assert hours(day) == LATER
    await day.clock.run_for(180)
    assert len(announced(day, "Cambio en el programa")) == 1
    assert await day.services.steering.untold() == []


async def test_news_of_a_day_that_is_over_is_no_news(day: Any) -> None:
    await day.stop()
    olga = PersonId(day.organizer().id)
    async with open_services(day.config, day.clock) as services:
        draft, _ = await services.steering.prepare(olga, Command.delay(10, "Fallo de audio"))
        await services.steering.confirm(olga, draft)
    day.clock.set(day.at(f"{TUESDAY} 11:30"))
    await day.start()
    assert announced(day, "Cambio en el programa") == []
    assert await day.services.steering.untold() == []
    assert any("0908-cambio-1" in message.text for message in day.organizer("Otra").sees_in("organizacion"))


async def test_the_end_of_a_pause_is_told_after_the_pause_whatever_has_to_be_tried_again(day: Any) -> None:
    mora = day.moderator()
    day.loopback.faults.add("429", route="POST /channels/{id}/messages", channel="preguntas", times=2)
    for command in ("pausar", "abrir"):
        await mora.slash(command)
        await day.settle()
    await day.clock.run_for(30 * 60)
    await day.settle()
    told = [words for message in day.person("Alguien que mira").sees_in("preguntas") for words in _pauses(message.text)]
    assert told == ["en pausa", "de nuevo"]


def _pauses(text: str) -> list[str]:
    found = {"Las preguntas quedan en pausa": "en pausa", "Se reciben preguntas de nuevo": "de nuevo"}
    return [short for words, short in found.items() if words in text]
