"""The button under /programa: the programme as a calendar file, whose entries replace what was saved before."""

from typing import Any

import icalendar

from bot.agenda_changes import ChangeKind, delay
from bot.ids import PersonId
from bot.loopback.people import Person


async def entries(person: Person) -> dict[str, tuple[int, Any, Any]]:
    """What the button gives: sequence, start and end by identity."""
    shown = await person.slash("programa")
    got = await person.click(shown.answer, "programme:calendar")
    (file,) = got.answer.attachments
    assert file.name == "programa.ics"
    found = icalendar.Calendar.from_ical(file.content).walk("VEVENT")
    return {str(each["UID"]): (int(each["SEQUENCE"]), each.start, each.end) for each in found}


async def test_calendar_is_given_in_private_in_ones_own_language_and_hours(event: Any) -> None:
    ana, ben = event.person("Ana"), event.person("Ben", locale="en-GB")
    shown = await ben.slash("programa")
    assert shown.answer.labels == ["Save to my calendar"]
    got = await ben.click(shown.answer, "programme:calendar")
    assert got.text.startswith("Here is the programme as it is now.")
    (file,) = got.answer.attachments
    text = icalendar.Calendar.from_ical(file.content)
    first = text.walk("VEVENT")[0]
    assert str(first["SUMMARY"]).startswith("Investigation techniques")
    assert first.start == event.config.agenda.sessions[0].starts_at
    assert first["DTSTART"].params["TZID"] == "America/Costa_Rica"
    assert str(first["LOCATION"]).startswith("https://discord.com/channels/")
    assert ana.private() == []


async def test_change_of_the_programme_raises_the_sequence_of_its_day_alone(event: Any) -> None:
    ana = event.person("Ana")
    before = await entries(ana)
    assert [sequence for sequence, _, _ in before.values()] == [0, 0, 0, 0]
    await event.clock.run_until(event.at("2020-09-08 09:10"))
    await event.services.agenda.change(
        ChangeKind.DELAY, lambda now_is, planned, now: delay(now_is, planned, now, 10), by=PersonId(1), reason="Sonido"
    )
    after = await entries(ana)
    assert list(after) == list(before)
    assert [sequence for sequence, _, _ in after.values()] == [1, 0, 0, 0]
    (first, *others), (first_before, *others_before) = after.values(), before.values()
    assert (first[2] - first_before[2]).total_seconds() == 600
    assert others == others_before
