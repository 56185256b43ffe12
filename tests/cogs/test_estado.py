"""`/estado`: how the bot is doing, told to organizers alone."""

from typing import Any

import pytest

from bot.cues import plan, reference
from bot.errors import NotSavedReason
from bot.observing import observe
from bot.status import SeenCue

TUESDAY = "2020-09-08"


def stamp(instant: Any) -> str:
    return f"<t:{int(instant.timestamp())}:f>"


async def test_organizer_reads_how_the_bot_is_doing(event: Any) -> None:
    since = event.clock.now()
    await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
    for number in range(3):
        await event.person(f"Persona {number}").slash("pregunta", texto=f"¿Pregunta {number}?")
    await event.services.queue.approve(2, event.moderator().id)
    olga, ana = event.organizer(), event.person("Ana")
    text = (await olga.slash("estado")).text
    first, *lines = text.splitlines()
    assert first == "✅ Estrado funciona."
    assert lines[0] == f"- En marcha desde {stamp(since)} (<t:{int(since.timestamp())}:R>)"
    assert lines[1].startswith("- Conectado con Discord")
    opens, closes = event.at(f"{TUESDAY} 10:15"), event.at(f"{TUESDAY} 10:55")
    assert lines[2].startswith("- Último aviso: 0908-")
    assert stamp(opens) in lines[2]
    assert lines[3].startswith("- Próximo aviso: 0908-")
    assert stamp(closes) in lines[3]
    assert lines[4] == "- Preguntas del martes 8 de septiembre: en revisión 2 · aprobada 1 · al aire 0 · aplazada 0"
    assert lines[5].startswith("- Base de datos: ")
    assert lines[6] == "- Última copia: ninguna todavía"
    assert ana.private() == []


async def test_english_reader_gets_it_in_english(event: Any) -> None:
    text = (await event.organizer(locale="en-GB").slash("estado")).text
    assert text.startswith("✅ Estrado is working.\n- Running since ")
    assert "Last announcement: none\n" in text


async def test_copy_of_last_night_is_told(event: Any) -> None:
    made = await event.services.backups.make()
    text = (await event.organizer().slash("estado")).text
    assert f"- Última copia: {stamp(made.made_at)}" in text


async def test_state_tells_what_is_wrong(event: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    bot, services = event.bot, event.services
    assert (await observe(services, bot)).is_well
    event.world.unavailable = True
    await event.loopback.drop(resume=False)
    await event.loopback.connected()
    away = await observe(services, bot)
    assert (away.connected, away.in_server, away.is_well) == (True, False, False)
    await event.loopback.guild_available()
    await event.settle()
    assert (await observe(services, bot)).is_well
    monkeypatch.setattr(type(services.store), "trouble", NotSavedReason.FULL)
    full = await observe(services, bot)
    assert (full.trouble, full.is_well) == (NotSavedReason.FULL, False)
    text = (await event.organizer().slash("estado")).text
    assert text.startswith("⚠️ Estrado tiene un problema; vea abajo.")
    assert "no puede guardar nada ahora" in text


async def test_gateway_that_is_gone_is_told(event: Any) -> None:
    bot, services = event.bot, event.services
    await event.stop()
    assert not bot.is_connected
    assert services.opened_at == event.clock.now()
    await event.start()
    assert event.bot.is_connected


async def test_next_announcement_is_the_first_that_was_not_settled(event: Any) -> None:
    start = event.config.agenda.sessions[0].starts_at
    status = await observe(event.services, event.bot)
    assert status.last_cue is None
    to_come = [cue for cue in plan(event.config.agenda, event.config.announcements) if cue.at > event.clock.now()]
    assert status.next_cue == SeenCue(reference(to_come[0]), to_come[0].at)
    await event.clock.run_until(start)
    status = await observe(event.services, event.bot)
    assert status.last_cue is not None
    assert status.last_cue.at == start
    assert status.next_cue is not None
    assert status.next_cue.at > start
