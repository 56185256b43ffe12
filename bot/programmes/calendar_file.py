"""The programme as a calendar file (iCalendar, RFC 5545), read and written."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar

from bot.agenda import Event, Session, text_in
from bot.ids import SessionKey
from bot.languages import Language
from bot.programmes.draft import Doubt, DoubtKind, DraftEvent, DraftSession, ProgrammeMistake, ProgrammeMistakeKind
from bot.programmes.entries import Entry, sessions_of
from bot.programmes.identities import identity
from bot.programmes.plain_text import read_text


def read_calendar(content: bytes, zone: ZoneInfo, language: Language, name: str | None) -> DraftEvent:
    """The programme of a calendar, its hours in `zone`; an entry of a whole day names that day's theme.

    An entry without a zone is taken to be in `zone`. Raises ProgrammeMistake where it is no calendar, has nothing
    with an hour, or has entries that repeat.
    """
    try:
        calendar = icalendar.Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError):
        raise ProgrammeMistake(ProgrammeMistakeKind.UNREADABLE, data={"where": ""}) from None
    entries: list[tuple[Entry, str]] = []
    themes: dict[date, str] = {}
    for event in calendar.walk("VEVENT"):
        title = _text(event.get("SUMMARY"))
        if not isinstance(event, icalendar.Event) or event.get("STATUS") == "CANCELLED":
            continue
        if event.get("RRULE") is not None or event.get("RDATE") is not None:
            raise ProgrammeMistake(ProgrammeMistakeKind.REPEATS, data={"title": title})
        try:
            starts, ends = event.start, event.end
            if isinstance(starts, datetime) and isinstance(ends, datetime):
                described = str(event.get("DESCRIPTION") or "")
                entries.append((Entry(_local(starts, zone), _local(ends, zone), title), described))
            else:
                themes[starts] = title
        except (icalendar.IncompleteComponent, icalendar.InvalidCalendar, OverflowError):
            # The last: an hour before the year 1 or after the year 9999, in the zone or for its length.
            raise ProgrammeMistake(ProgrammeMistakeKind.UNREADABLE, data={"where": title}) from None
    named = name or _text(calendar.get("X-WR-CALNAME")) or _text(calendar.get("NAME"))
    sessions = tuple(
        _with_theme(_described(session, entries), themes.get(session.day))
        for session in sessions_of(entry for entry, _ in entries)
    )
    return DraftEvent(named or "?", language, sessions, () if named else (Doubt(DoubtKind.NAME),))


def calendar(
    event: Event,
    language: Language,
    *,
    scope: str,
    sequences: Mapping[SessionKey, int],
    made_at: datetime,
    place: str | None,
) -> bytes:
    """A calendar with an entry a session, in one language.

    `scope` tells events apart that have sessions on the same day: an entry's identity is made of it and the day, and
    stays the same whatever else changes. `sequences` count a session's changes: a reader replaces what it has by a
    higher one. `made_at` is when the file is made. `place` is where it happens.
    """
    file = icalendar.Calendar()
    file.add("PRODID", "-//Estrado//ES")
    file.add("VERSION", "2.0")
    file.add("METHOD", "PUBLISH")
    file.add("X-WR-CALNAME", text_in(event.name, language))
    file.add("X-WR-TIMEZONE", event.timezone.key)
    for session in event.sessions:
        entry = _entry(event, session, language, made_at, place)
        entry.add("UID", str(identity(scope, session.key)))
        entry.add("SEQUENCE", sequences.get(session.key, 0))
        file.add_component(entry)
    # The zone's rules for the days of the event, and no year more.
    first, last = event.sessions[0].day, event.sessions[-1].day
    file.add_missing_timezones(first_date=first - timedelta(days=366), last_date=last + timedelta(days=366))
    return bytes(file.to_ical())


def _entry(event: Event, session: Session, language: Language, made_at: datetime, place: str | None) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("DTSTAMP", made_at.astimezone(UTC))
    entry.add("DTSTART", session.starts_at.astimezone(event.timezone))
    entry.add("DTEND", session.ends_at.astimezone(event.timezone))
    entry.add("SUMMARY", text_in(session.theme, language))
    entry.add("DESCRIPTION", "\n".join(_lines(session, language)))
    if place is not None:
        entry.add("LOCATION", place)
    return entry


def _lines(session: Session, language: Language) -> Iterator[str]:
    for block in session.blocks:
        yield f"{block.printed} {text_in(block.title, language)}"


def _described(session: DraftSession, entries: Iterable[tuple[Entry, str]]) -> DraftSession:
    """Where a day is one entry that tells its own programme, hours and all: that programme, under the entry's title."""
    own = [(entry, described) for entry, described in entries if entry.starts.date() == session.day]
    if len(own) != 1:
        return session
    (entry, described) = own[0]
    try:
        told = read_text(f"{session.day.isoformat()}\n{described}", None, "es", entry.title).sessions[0]
    except ProgrammeMistake:
        return session
    return DraftSession(session.day, entry.title, told.blocks)


def _with_theme(session: DraftSession, theme: str | None) -> DraftSession:
    return session if theme is None else DraftSession(session.day, theme, session.blocks)


def _local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.replace(tzinfo=None) if instant.tzinfo is None else instant.astimezone(zone).replace(tzinfo=None)


def _text(value: object) -> str:
    return " ".join(str(value or "").split())
