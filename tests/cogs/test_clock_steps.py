"""A machine's clock that is set back or forward, and a machine that slept, in the middle of the event."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.attendance import minutes_by_person_and_block
from bot.config import load
from bot.cues import CueKind, plan
from bot.ids import PersonId, SessionKey
from bot.loopback.people import Person
from bot.notices import Outcome
from tests.factories import CONFIG_FILE

from .test_announcements import TUESDAY, marks, notices

NOTICES = [mark.rpartition("-")[0] for mark in TUESDAY]

DAY = SessionKey("2020-09-08")


async def minutes(event: Any, person: Person) -> float:
    """What the register says of the person's presence; fails where any of it is negative."""
    await event.settle()
    by_block = minutes_by_person_and_block(await event.services.register.day(DAY)).get(PersonId(person.id), {})
    assert all(length >= 0 for length in by_block.values())
    return sum(by_block.values()) / 60_000


def posted_at(event: Any, person: Person) -> dict[str, str]:
    """The hour of each post in the announcements' channel."""
    seen = person.sees_in("anuncios")
    hours = [message.created_at.astimezone(event.config.timezone).strftime("%H:%M:%S") for message in seen]
    return dict(zip(marks(seen), hours, strict=True))


async def run_to(event: Any, hour: str) -> None:
    await event.clock.run_until(event.at(f"{DAY} {hour}"))


@pytest.mark.trial("J9")
@pytest.mark.parametrize("restarts", [False, True])
async def test_a_clock_that_is_set_back_repeats_nothing_and_is_not_early(event: Any, restarts: bool) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "08:50")
    await ana.joins("auditorio")
    await run_to(event, "08:55")
    event.clock.set(event.at(f"{DAY} 08:45"))
    if restarts:
        await event.restart()
    await event.settle()
    assert list(posted_at(event, ana)) == TUESDAY[:1]
    await run_to(event, "08:59:59")
    assert list(posted_at(event, ana)) == TUESDAY[:1]
    await run_to(event, "11:00")
    await ana.leaves()
    await run_to(event, "11:30")
    assert list(posted_at(event, ana)) == TUESDAY
    assert list(posted_at(event, ana).values())[1:] == ["09:00:00", "09:30:00", "10:15:00", "10:55:00", "11:00:00"]
    assert await minutes(event, ana) == 120
    assert {entry.outcome for entry in await event.services.notices.ledger()} == {Outcome.SENT}


@pytest.mark.trial("J9")
async def test_a_clock_that_is_set_back_within_the_session_makes_no_minutes(event: Any) -> None:
    ana, ben = event.person("Ana Prueba"), event.person("Ben Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:35")
    await ben.joins("auditorio")
    await event.settle()
    event.clock.set(event.at(f"{DAY} 09:25"))
    await event.settle()
    await run_to(event, "09:28")
    await ben.leaves()
    await run_to(event, "09:40")
    await ana.leaves()
    await run_to(event, "11:30")
    assert list(posted_at(event, ana)) == TUESDAY
    # By the clock that she saw from 09:00 to 09:40; he left before he had come.
    assert await minutes(event, ana) <= 40
    assert await minutes(event, ben) <= 5


@pytest.mark.trial("J9")
async def test_a_clock_that_is_set_two_hours_forward_piles_nothing_up(event: Any) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:10")
    event.clock.set(event.at(f"{DAY} 11:10"))
    await event.settle()
    await run_to(event, "11:40")
    seen = ana.sees_in("anuncios")
    # What is no longer true is not told; that the session is over still was.
    assert notices(seen)[:2] == ["0908-recordatorio", "0908-apertura"]
    assert len(seen) <= 3
    assert "Comienza ahora" not in "".join(message.content for message in seen[2:])
    assert [name for name in notices(olga.sees_in("organizacion")) if "resumen" in name] == ["0908-resumen"]
    assert "0908-bloque2" in "".join(m.content for m in olga.sees_in("organizacion") if "Por llegar tarde" in m.content)
    assert await minutes(event, ana) <= 120
    await event.clock.run_until(event.at("2020-09-09 09:00"))
    assert notices(ana.sees_in("anuncios"))[-2:] == ["0909-recordatorio", "0909-apertura"]


@pytest.mark.trial("J9")
@pytest.mark.parametrize("line_is_lost", [False, True])
async def test_a_machine_that_slept_over_the_start_tells_once_what_is_on(event: Any, line_is_lost: bool) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await ana.joins("auditorio")
    await run_to(event, "08:50")
    event.clock.set(event.at(f"{DAY} 09:20"))
    if line_is_lost:
        await event.loopback.drop(resume=False)
        await event.loopback.connected()
    await event.settle()
    seen = ana.sees_in("anuncios")
    assert notices(seen) == NOTICES[:2]
    assert "La sesión está en marcha" in seen[1].content
    assert "Comienza ahora" not in "".join(message.content for message in seen[1:])
    await run_to(event, "11:30")
    later = ana.sees_in("anuncios")
    assert notices(later) == NOTICES
    assert len(set(marks(later))) == len(marks(later))
    told = [m.content for m in olga.sees_in("organizacion") if "0908-apertura" in m.content]
    assert ["con 20 minutos de retraso" in text for text in told] == [True]
    # She was there all the time, and what was not seen is not counted.
    assert 100 <= await minutes(event, ana) <= 120


@pytest.mark.trial("J9")
def test_what_is_due_on_the_day_before_is_at_its_hour_over_a_change_of_the_clocks(tmp_path: Path) -> None:
    madrid = ZoneInfo("Europe/Madrid")
    text = CONFIG_FILE.read_text("utf-8")
    text = text.replace("America/Costa_Rica", "Europe/Madrid").replace("year = 2020", "year = 2026")
    text = text.replace("day_before_hours = 18", "day_before_hours = 24")
    days = ("Martes 8", "Miércoles 9", "Jueves 10", "Viernes 11")
    for old, new in zip(days, ("Lunes 26", "Martes 27", "Miércoles 28", "Jueves 29"), strict=True):
        text = text.replace(f"{old} de septiembre", f"{new} de octubre")
    file = tmp_path / "config.toml"
    file.write_text(text, "utf-8")
    config = load(file)
    session = config.agenda.sessions[0]
    assert session.day == date(2026, 10, 26)
    cues = plan(config.agenda, config.announcements)
    (cue,) = [each for each in cues if (each.kind, each.session) == (CueKind.DAY_BEFORE, session.key)]
    assert cue.at.astimezone(madrid) == datetime(2026, 10, 25, 9, tzinfo=madrid)
    assert session.starts_at.astimezone(madrid).strftime("%a %H:%M %z") == "Mon 09:00 +0100"
    assert session.starts_at - cue.at == timedelta(hours=24)
