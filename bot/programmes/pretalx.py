"""A schedule as pretalx, frab and their kin publish it (schedule.json), read and written.

The shape is pretalx's `schedule/export/schedule.json`: schedule.conference.days[].rooms{name: [talk]}, where a talk
has `date` (an instant), `duration` ("HH:MM"), `title`, `track`, `type`, `abstract` and `persons`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.agenda import Block, BlockKind, Event, Session, text_in
from bot.languages import Language
from bot.programmes.draft import Doubt, DoubtKind, DraftEvent, ProgrammeMistake, ProgrammeMistakeKind
from bot.programmes.entries import Entry, sessions_of
from bot.programmes.identities import identity

#: The one room of an event that has one.
ROOM = "Estrado"

Written = str | dict[str, str] | None


class _Open(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Person(_Open):
    name: str | None = None
    public_name: str | None = None


class _Talk(_Open):
    date: datetime
    duration: str = Field(pattern=r"^\d{1,3}:\d{2}(:\d{2})?$")
    title: Written = None
    track: Written = None
    type: Written = None
    abstract: Written = None
    #: Ours: who moderates.
    moderator: Written = None
    persons: tuple[_Person, ...] = ()


class _Day(_Open):
    rooms: dict[str, tuple[_Talk, ...]]


class _Conference(_Open):
    title: Written = None
    days: tuple[_Day, ...]


class _Schedule(_Open):
    conference: _Conference


class _File(_Open):
    schedule: _Schedule


def read_schedule(content: str, zone: ZoneInfo, language: Language, name: str | None, room: str | None) -> DraftEvent:
    """The programme of a schedule, its hours in `zone`; of one `room`, where it has several.

    Raises ProgrammeMistake where it is no such schedule, or has several rooms and none was named.
    """
    try:
        conference = _File.model_validate_json(content).schedule.conference
    except ValidationError as error:
        first = error.errors()[0]
        raise ProgrammeMistake(
            ProgrammeMistakeKind.UNREADABLE, data={"where": ".".join(map(str, first["loc"]))}
        ) from None
    rooms = sorted({each for day in conference.days for each, talks in day.rooms.items() if talks})
    if (room is None and len(rooms) > 1) or (room is not None and room not in rooms):
        raise ProgrammeMistake(ProgrammeMistakeKind.ROOMS, data={"rooms": rooms})
    entries = [
        _entry(talk, zone, language)
        for day in conference.days
        for each, talks in day.rooms.items()
        for talk in talks
        if room in (None, each)
    ]
    named = name or _in(conference.title, language)
    doubts = () if named else (Doubt(DoubtKind.NAME),)
    return DraftEvent(named or "?", language, sessions_of(entries), doubts)


def _entry(talk: _Talk, zone: ZoneInfo, language: Language) -> Entry:
    hours, minutes = (int(part) for part in talk.duration.split(":")[:2])
    try:
        starts = talk.date.astimezone(zone).replace(tzinfo=None)
        ends = starts + timedelta(hours=hours, minutes=minutes)
    except OverflowError:
        # Before the year 1 or after the year 9999.
        raise ProgrammeMistake(ProgrammeMistakeKind.UNREADABLE, data={"where": str(talk.date)}) from None
    kind = _in(talk.type, language)
    people = (person.public_name or person.name for person in talk.persons)
    return Entry(
        starts,
        ends,
        _in(talk.title, language) or "",
        theme=_in(talk.track, language),
        kind=BlockKind(kind) if kind in set(BlockKind) else None,
        people=tuple(name for name in people if name),
        moderator=_in(talk.moderator, language),
        remarks=_in(talk.abstract, language),
    )


def _in(written: Written, language: Language) -> str | None:
    if isinstance(written, dict):
        written = written.get(language) or next(iter(written.values()), None)
    return None if written is None or not written.strip() else " ".join(written.split())


def schedule(event: Event, version: str, language: Language, *, scope: str) -> Mapping[str, Any]:
    """The event in that shape, in one of its languages.

    `version` tells one state of the programme from another, `scope` this event from others (see `identity`).
    """
    days = [_day(event, session, language, scope) for session in event.sessions]
    themes = dict.fromkeys(text_in(session.theme, language) for session in event.sessions)
    return {
        "schedule": {
            "version": version,
            "conference": {
                "acronym": "",
                "title": text_in(event.name, language),
                "start": event.sessions[0].day.isoformat(),
                "end": event.sessions[-1].day.isoformat(),
                "daysCount": len(days),
                "timeslot_duration": "00:05",
                "time_zone_name": event.timezone.key,
                "rooms": [{"name": ROOM, "guid": str(identity(scope, "room")), "description": None, "capacity": None}],
                "tracks": [{"name": theme} for theme in themes],
                "days": days,
            },
        }
    }


def _day(event: Event, session: Session, language: Language, scope: str) -> Mapping[str, Any]:
    zone = event.timezone
    return {
        "index": session.number,
        "date": session.day.isoformat(),
        "day_start": session.starts_at.astimezone(zone).isoformat(),
        "day_end": session.ends_at.astimezone(zone).isoformat(),
        "rooms": {ROOM: [_talk(event, session, block, language, scope) for block in session.blocks]},
    }


def _talk(event: Event, session: Session, block: Block, language: Language, scope: str) -> Mapping[str, Any]:
    length = block.ends_at - block.starts_at
    hours, minutes = divmod(length // timedelta(minutes=1), 60)
    starts = block.starts_at.astimezone(event.timezone)
    return {
        "guid": str(identity(scope, block.key)),
        "code": block.key,
        "date": starts.isoformat(),
        "start": f"{starts:%H:%M}",
        "duration": f"{hours:02}:{minutes:02}",
        "room": ROOM,
        "slug": block.key.replace("/", "-"),
        "title": text_in(block.title, language),
        "subtitle": "",
        "track": text_in(session.theme, language),
        "type": block.kind.value,
        "language": language,
        "abstract": "" if block.remarks is None else text_in(block.remarks, language),
        "description": "",
        "recording_license": "",
        "do_not_record": True,
        "persons": [{"name": name, "public_name": name} for name in _people(block, language)],
        "links": [],
        "attachments": [],
        "moderator": None if block.moderator is None else text_in(block.moderator, language),
    }


def _people(block: Block, language: Language) -> Iterator[str]:
    yield from (text_in(speaker, language) for speaker in block.speakers)
    yield from (panelist.name for panelist in block.panelists)
