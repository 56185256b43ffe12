"""Calendars: an entry a session with the zone's rules in it, and calendars of others read into a programme."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import icalendar
import pytest

from bot.agenda import BlockKind
from bot.config import load
from bot.ids import SessionKey
from bot.programmes.calendar_file import calendar, read_calendar
from bot.programmes.draft import ProgrammeMistake, ProgrammeMistakeKind
from tests.factories import CONFIG_FILE

COSTA_RICA = ZoneInfo("America/Costa_Rica")
MADE_AT = datetime(2020, 9, 1, 12, tzinfo=UTC)


def workshop(sequences: dict[SessionKey, int] | None = None, scope: str = "servidor", language: str = "es") -> bytes:
    event = load(CONFIG_FILE).agenda
    return calendar(
        event, "en" if language == "en" else "es", scope=scope, sequences=sequences or {}, made_at=MADE_AT, place="Sala"
    )


def entries(content: bytes) -> list[icalendar.Event]:
    return icalendar.Calendar.from_ical(content).events


def others(*lines: str) -> bytes:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *lines, "END:VCALENDAR", ""]).encode()


def entry(*lines: str) -> list[str]:
    return ["BEGIN:VEVENT", "UID:x", "DTSTAMP:20200901T000000Z", *lines, "END:VEVENT"]


def test_an_entry_a_session_at_its_hours_in_the_zone_of_the_event() -> None:
    found = entries(workshop())
    assert [(e.start.isoformat(), e.end.isoformat()) for e in found] == [
        (f"2020-09-{day:02}T09:00:00-06:00", f"2020-09-{day:02}T11:00:00-06:00") for day in range(8, 12)
    ]
    assert {e["DTSTART"].params["TZID"] for e in found} == {"America/Costa_Rica"}
    assert found[1]["SUMMARY"] == "Cooperación judicial transfronteriza"
    assert found[0]["DESCRIPTION"].splitlines()[1] == "09:30-10:15 Intercambio Técnico"
    assert entries(workshop(language="en"))[1]["SUMMARY"] == "Cross-border judicial cooperation"
    assert found[0]["LOCATION"] == "Sala"


def test_the_rules_of_the_zone_are_in_the_file() -> None:
    zones = icalendar.Calendar.from_ical(workshop()).timezones
    assert [zone["TZID"] for zone in zones] == ["America/Costa_Rica"]
    rules = zones[0].subcomponents
    assert {rule["TZOFFSETTO"].td.total_seconds() / 3600 for rule in rules} == {-6.0}


def test_identities_stay_and_sequences_count_changes() -> None:
    before, after = entries(workshop()), entries(workshop({SessionKey("2020-09-09"): 2}))
    assert [e["UID"] for e in before] == [e["UID"] for e in after]
    assert [e["SEQUENCE"] for e in before] == [0, 0, 0, 0]
    assert [e["SEQUENCE"] for e in after] == [0, 2, 0, 0]
    assert not {e["UID"] for e in before} & {e["UID"] for e in entries(workshop(scope="otro"))}


def test_the_workshop_comes_back_with_its_blocks() -> None:
    event = load(CONFIG_FILE).agenda
    draft = read_calendar(workshop(), COSTA_RICA, "es", None)
    assert draft.name == event.name["es"]
    for session, drafted in zip(event.sessions, draft.sessions, strict=True):
        assert (drafted.day, drafted.theme) == (session.day, session.theme["es"])
        assert [(f"{b.starts:%H:%M}-{b.ends:%H:%M}", b.kind, b.title) for b in drafted.blocks] == [
            (block.printed, block.kind, block.title["es"]) for block in session.blocks
        ]


def test_a_calendar_of_somebody_else() -> None:
    content = others(
        *entry("SUMMARY:Aguas", "DTSTART;VALUE=DATE:20200907", "DTEND;VALUE=DATE:20200908"),
        *entry("SUMMARY:Bienvenida", "DTSTART:20200907T150000Z", "DURATION:PT30M"),
        *entry(
            "SUMMARY:Panel", "DTSTART;TZID=Europe/Madrid:20200907T173000", "DTEND;TZID=Europe/Madrid:20200907T181500"
        ),
        *entry("SUMMARY:Preguntas", "DTSTART:20200907T101500", "DTEND:20200907T110000"),
        *entry("SUMMARY:Anulado", "STATUS:CANCELLED", "DTSTART:20200907T101500", "DTEND:20200907T110000"),
    )
    (session,) = read_calendar(content, COSTA_RICA, "es", "Jornadas").sessions
    assert (session.day, session.theme) == (date(2020, 9, 7), "Aguas")
    assert [(b.starts, b.ends, b.kind) for b in session.blocks] == [
        (time(9), time(9, 30), BlockKind.OPENING),
        (time(9, 30), time(10, 15), BlockKind.EXCHANGE),
        (time(10, 15), time(11), BlockKind.QA),
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"BEGIN:VCALENDAR\r\nNonsense", ProgrammeMistakeKind.UNREADABLE),
        (others(), ProgrammeMistakeKind.NO_DAY),
        (others(*entry("SUMMARY:x")), ProgrammeMistakeKind.UNREADABLE),
        (others(*entry("SUMMARY:x", "DTSTART:00010101T000000Z", "DURATION:PT30M")), ProgrammeMistakeKind.UNREADABLE),
        (others(*entry("SUMMARY:x", "DTSTART:99991231T235959Z", "DURATION:P9D")), ProgrammeMistakeKind.UNREADABLE),
        (
            others(*entry("SUMMARY:x", "DTSTART:20200907T150000Z", "DURATION:PT30M", "RRULE:FREQ=DAILY;COUNT=4")),
            ProgrammeMistakeKind.REPEATS,
        ),
    ],
)
def test_what_is_no_programme_is_refused(content: bytes, kind: ProgrammeMistakeKind) -> None:
    with pytest.raises(ProgrammeMistake) as refused:
        read_calendar(content, COSTA_RICA, "es", None)
    assert refused.value.kind is kind
