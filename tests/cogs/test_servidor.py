"""The room without the members intent: Discord tells of who is heard, and of nobody else."""

from typing import Any

import pytest

from bot.attendance import ClosedBy, DayRecord, minutes_by_person_and_block
from bot.ids import SessionKey
from bot.loopback.people import Person

TUESDAY = SessionKey("2020-09-08")
MINUTE = 60_000
_PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15


async def run_to(event: Any, hour: str) -> None:
    await event.clock.run_until(event.at(f"2020-09-08 {hour}"))


async def tuesday(event: Any) -> DayRecord:
    await event.settle()
    return await event.services.register.day(TUESDAY)  # type: ignore[no-any-return]


def minutes(record: DayRecord, person: Person) -> float:
    return sum(minutes_by_person_and_block(record).get(person.id, {}).values()) / MINUTE  # type: ignore[call-overload]


@pytest.mark.trial("A15")
async def test_who_is_expelled_has_left_although_discord_tells_nothing_of_members(event: Any) -> None:
    ana, ben, clara = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Clara"))
    await run_to(event, "09:00")
    for person in (ana, ben, clara):
        await person.joins("auditorio")
    await run_to(event, "09:30")
    await ben.is_expelled()
    # Put out while nobody looks: the server's own list does not have them any more.
    await run_to(event, "10:00")
    await event.loopback.guild_unavailable()
    await clara.is_expelled()
    await run_to(event, "10:06")
    await event.loopback.guild_available()
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert {p.username: minutes(record, p) for p in (ana, ben, clara)} == {
        "ana.prueba": 114,
        "ben.prueba": 30,
        "clara.prueba": 60,
    }
    assert [(s.closed_at, s.closed_by) for s in record.stays if s.person == ben.id] == [
        (event.at("2020-09-08 09:30"), ClosedBy.LEFT)
    ]


@pytest.mark.trial("A15")
async def test_nothing_rests_on_lists_of_members_which_never_come(event: Any) -> None:
    """No privileged intent is asked for, no list of members is waited for, and all is counted all the same."""
    ana, ben = event.person("Ana Prueba"), event.person("Ben Prueba")
    bystander, music = event.person("Zoe Curiosa"), event.person("Música", bot=True)
    await event.stop()
    event.loopback.faults.ignore_member_requests()
    await run_to(event, "08:50")
    await ben.joins("auditorio")
    await music.joins("auditorio")
    await event.start()
    (session,) = event.loopback.sessions
    assert session.intents & _PRIVILEGED == 0
    known = {member.id for member in event.bot.get_guild(event.world.id).members}
    assert not known & {ana.id, bystander.id}
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:40")
    await ben.leaves()
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert {stay.person for stay in record.stays} == {ana.id, ben.id}
    assert (minutes(record, ana), minutes(record, ben)) == (120, 40)


@pytest.mark.trial("A15")
async def test_server_that_goes_and_comes_at_once_makes_no_gap_and_no_second_stay(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:30")
    await event.loopback.guild_unavailable()
    await event.loopback.guild_available()
    await run_to(event, "11:00")
    record = await tuesday(event)
    assert record.unknown == ()
    assert minutes(record, ana) == 120
