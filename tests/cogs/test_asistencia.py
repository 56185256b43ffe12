"""Measured presence, over the wire: who comes and goes, and what the register makes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.attendance import ClosedBy, DayRecord, Span, connections_by_person, minutes_by_person_and_block
from bot.clock import to_ms
from bot.config import Config
from bot.ids import PersonId, SessionKey
from bot.loopback.people import Person
from tests.factories import workshop

TUESDAY = SessionKey("2020-09-08")
MINUTE = 60_000


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop with two rooms that count beside the Stage."""
    return workshop(tmp_path, voice=("grupo 1", "grupo 2"))


async def run_to(event: Any, hour: str) -> None:
    await event.clock.run_until(event.at(f"2020-09-08 {hour}"))


async def tuesday(event: Any) -> DayRecord:
    await event.settle()
    return await event.services.register.day(TUESDAY)  # type: ignore[no-any-return]


def pieces(record: DayRecord, person: Person) -> list[tuple[datetime, datetime | None, ClosedBy | None]]:
    return [(s.opened_at, s.closed_at, s.closed_by) for s in record.stays if s.person == person.id]


def minutes(record: DayRecord, person: Person) -> float:
    return sum(minutes_by_person_and_block(record).get(PersonId(person.id), {}).values()) / MINUTE


def a_span(event: Any, start: str, end: str) -> Span:
    return Span(*(to_ms(event.at(f"2020-09-08 {hour}")) for hour in (start, end)))


def while_disconnected(event: Any, act: Callable[[], Awaitable[None]]) -> None:
    """Have `act` done the next time that the bot loses the gateway, before it is back."""

    async def on_disconnect() -> None:
        event.bot.remove_listener(on_disconnect, "on_disconnect")
        await act()

    event.bot.add_listener(on_disconnect, "on_disconnect")


@pytest.mark.trial("A1")
@pytest.mark.parametrize("channel", ["auditorio", "grupo 1"])
async def test_how_one_is_heard_and_seen_changes_no_stay(event: Any, channel: str) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins(channel)
    toggles: list[dict[str, bool]] = [
        {"mute": True},
        {"server_mute": True},
        {"deaf": True},
        {"video": True},
        {"stream": True},
        {"suppress": False},
        {"suppress": True},
        {"request_to_speak": True},
    ]
    for number, toggle in enumerate(toggles, 1):
        await run_to(event, f"09:{number * 5:02}")
        await ana.toggles(**toggle)
    await run_to(event, "11:00")
    await ana.leaves()
    record = await tuesday(event)
    assert pieces(record, ana) == [
        (event.at("2020-09-08 09:00"), event.at("2020-09-08 11:00"), ClosedBy.REGISTER_CLOSED)
    ]
    assert minutes(record, ana) == 120
    assert connections_by_person(record) == {ana.id: 1}


@pytest.mark.trial("A2")
async def test_returns_of_the_same_person_are_one_person(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    for hour in ("09:10", "09:14", "09:18", "09:22"):
        await run_to(event, hour)
        await ana.leaves()
        await event.clock.run_for(40)
        await ana.joins("auditorio")
    for hour in ("09:26", "09:30"):
        await run_to(event, hour)
        late = asyncio.create_task(ana.changes_device(late_leave=True, gap=20))
        await event.clock.run_for(20)
        await late
    # The same once more, told twice.
    event.loopback.faults.repeat_next_event("VOICE_STATE_UPDATE")
    await ana.toggles(mute=True)
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert minutes_by_person_and_block(record).keys() == {ana.id}
    assert minutes(record, ana) == 120 - 4 * 40 / 60
    assert connections_by_person(record) == {ana.id: 7}


@pytest.mark.trial("A3")
async def test_moves_between_channels_are_contiguous(event: Any) -> None:
    event.world.add_voice("pasillo")
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:07")
    await ana.moves("grupo 2")
    await run_to(event, "09:14")
    await ana.moves("auditorio")
    await ana.moves("grupo 1")
    await run_to(event, "09:21")
    await ana.moves("pasillo")
    await run_to(event, "09:28")
    await ana.moves("auditorio")
    await run_to(event, "11:00")
    record = await tuesday(event)
    hours = [("09:00", "09:07"), ("09:07", "09:14"), ("09:14", "09:14"), ("09:14", "09:21"), ("09:28", "11:00")]
    assert [(start, end) for start, end, _ in pieces(record, ana)] == [
        (event.at(f"2020-09-08 {start}"), event.at(f"2020-09-08 {end}")) for start, end in hours
    ]
    assert minutes(record, ana) == 120 - 7


@pytest.mark.trial("A4")
@pytest.mark.parametrize("how", [{}, {"gap": 0.005}, {"late_leave": True}, {"late_leave": True, "gap": 5}])
async def test_a_change_of_device_is_one_continuous_stay(event: Any, how: dict[str, Any]) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:30")
    changing = asyncio.create_task(ana.changes_device(**how))
    await run_to(event, "10:00")
    await changing
    await ana.leaves()
    record = await tuesday(event)
    assert pieces(record, ana) == [(event.at("2020-09-08 09:00"), event.at("2020-09-08 10:00"), ClosedBy.LEFT)]
    assert connections_by_person(record) == {ana.id: 2}


@pytest.mark.trial("A7")
async def test_a_restart_reconciles_with_who_is_really_there_before_any_event(event: Any) -> None:
    ana, ben, clara, dora, eva = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Clara", "Dora", "Eva"))
    await run_to(event, "09:00")
    for person in (ana, ben, clara, dora):
        await person.joins("auditorio")
    await run_to(event, "09:50")
    await event.stop()
    await dora.leaves()
    await eva.joins("auditorio")
    await run_to(event, "09:58")
    await event.start()
    await ana.toggles(mute=True)
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert record.unknown == (a_span(event, "09:50", "09:58"),)
    assert {person.username: minutes(record, person) for person in (ana, ben, clara, dora, eva)} == {
        "ana.prueba": 112,
        "ben.prueba": 112,
        "clara.prueba": 112,
        "dora.prueba": 50,
        "eva.prueba": 62,
    }
    assert len(pieces(record, ana)) == 2


@pytest.mark.trial("A7")
@pytest.mark.parametrize("back", ["2020-09-08 11:10", "2020-09-09 08:00"])
async def test_a_restart_after_the_session_counts_nobody_up_to_now(event: Any, back: str) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:50")
    await event.stop()
    await event.clock.run_until(event.at(back))
    await event.start()
    record = await tuesday(event)
    assert pieces(record, ana) == [(event.at("2020-09-08 09:00"), event.at("2020-09-08 09:50"), ClosedBy.LOST_SIGHT)]
    assert record.unknown == (a_span(event, "09:50", "11:00"),)


@pytest.mark.parametrize("broken", [False, True])
async def test_after_a_dropped_line_all_that_was_missed_is_replayed(event: Any, broken: bool) -> None:
    ana, ben, clara = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Clara"))
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await ben.joins("auditorio")
    await run_to(event, "09:20")

    async def meanwhile() -> None:
        event.clock.set(event.at("2020-09-08 09:24"))
        await ben.leaves()
        await clara.joins("auditorio")

    while_disconnected(event, meanwhile)
    await (event.loopback.cut() if broken else event.loopback.drop())
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert record.unknown == (a_span(event, "09:20", "09:24"),)
    assert [minutes(record, person) for person in (ana, ben, clara)] == [116, 20, 96]
    assert len(pieces(record, ana)) == 1


async def test_after_a_session_that_cannot_be_resumed_the_room_is_taken_from_the_servers_own_list(event: Any) -> None:
    ana, ben, clara = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Clara"))
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await ben.joins("auditorio")
    await run_to(event, "09:20")

    async def meanwhile() -> None:
        event.clock.set(event.at("2020-09-08 09:24"))
        await ben.leaves()
        await clara.joins("auditorio")

    while_disconnected(event, meanwhile)
    await event.loopback.drop(resume=False)
    await event.settle()
    await ben.joins("auditorio")
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert record.unknown == (a_span(event, "09:20", "09:24"),)
    assert [minutes(record, person) for person in (ana, ben, clara)] == [116, 116, 96]
    assert [piece[2] for piece in pieces(record, ana)] == [ClosedBy.LOST_SIGHT, ClosedBy.REGISTER_CLOSED]


@pytest.mark.trial("A15")
async def test_an_outage_of_the_server_closes_nobody_and_is_reconciled_on_return(event: Any) -> None:
    ana, ben, clara = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Clara"))
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await ben.joins("auditorio")
    await run_to(event, "09:30")
    await event.loopback.guild_unavailable()
    await event.clock.run_for(60)
    during = await tuesday(event)
    assert all(stay.closed_at is None for stay in during.stays)
    assert during.unknown == (a_span(event, "09:30", "09:31"),)
    await ben.leaves()
    await clara.joins("auditorio")
    # A lost line on top of it changes nothing: the server is still away.
    await event.loopback.drop()
    await run_to(event, "09:36")
    await event.loopback.guild_available()
    await ana.toggles(mute=True)
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert record.unknown == (a_span(event, "09:30", "09:36"),)
    assert [minutes(record, person) for person in (ana, ben, clara)] == [114, 30, 84]


@pytest.mark.trial("A15")
async def test_a_start_with_the_server_unavailable_waits_for_it(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await event.stop()
    event.world.unavailable = True
    await run_to(event, "09:10")
    await ana.joins("auditorio")
    await event.start()
    await run_to(event, "09:30")
    assert (await tuesday(event)).unknown == (a_span(event, "08:45", "09:30"),)
    await event.loopback.guild_available()
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert record.unknown == (a_span(event, "08:45", "09:30"),)
    assert minutes(record, ana) == 90


@pytest.mark.trial("A8")
async def test_bots_and_those_who_are_away_are_no_audience(event: Any) -> None:
    ana, dora = event.person("Ana Prueba"), event.person("Dora Prueba")
    early, music = event.person("Grabadora", bot=True), event.person("Música", bot=True)
    await early.joins("auditorio")
    await dora.joins("ausentes")
    await run_to(event, "08:50")
    # Whoever is there already when the bot comes is told apart by the server's own list.
    await event.restart()
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await music.joins("auditorio")
    await run_to(event, "09:30")
    await music.toggles(mute=True)
    await run_to(event, "09:45")
    await ana.moves("ausentes")
    await run_to(event, "10:15")
    await ana.moves("auditorio")
    await music.leaves()
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert {stay.person for stay in record.stays} == {ana.id}
    assert minutes(record, ana) == 90


@pytest.mark.trial("A11")
async def test_who_stays_overnight_counts_for_each_day_by_itself(event: Any) -> None:
    ana, ben = event.person("Ana Prueba"), event.person("Ben Prueba")
    await run_to(event, "10:50")
    await ana.joins("auditorio")
    await run_to(event, "15:00")
    first = await tuesday(event)
    await ben.joins("auditorio")
    await run_to(event, "15:02")
    await ben.leaves()
    await event.clock.run_until(event.at("2020-09-09 09:20"))
    await ana.leaves()
    await event.clock.run_until(event.at("2020-09-11 18:00"))
    assert await tuesday(event) == first
    wednesday = await event.services.register.day(SessionKey("2020-09-09"))
    assert {p.username: (minutes(first, p), minutes(wednesday, p)) for p in (ana, ben)} == {
        "ana.prueba": (10, 20),
        "ben.prueba": (0, 0),
    }


@pytest.mark.trial("A14")
async def test_forty_people_join_and_leave_fifty_milliseconds_apart(event: Any) -> None:
    people = [event.person(f"Persona {number}") for number in range(40)]
    await run_to(event, "09:00")
    joins = [asyncio.create_task(person.joins("auditorio")) for person in people]
    await asyncio.gather(*joins)
    await event.clock.run_for(0.05)
    await asyncio.gather(*(person.leaves() for person in people))
    record = await tuesday(event)
    assert {
        person.id: [(end - start).total_seconds() for start, end, _ in pieces(record, person) if end]
        for person in people
    } == {person.id: [0.05] for person in people}
    assert len(record.stays) == 40
