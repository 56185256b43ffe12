"""The event, its sessions (one a day) and their blocks: what is on now and what is next."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.agenda_mistakes import AgendaMistake, AmbiguousHour, MissingHour
from bot.agenda_text import parse_day, parse_hours
from bot.ids import BlockKey, PersonId, SessionKey
from bot.languages import LANGUAGES, Language, Text, text_in

__all__ = [
    "LANGUAGES",
    "AgendaMistake",
    "AmbiguousHour",
    "Block",
    "BlockKind",
    "Event",
    "Language",
    "MissingHour",
    "Panelist",
    "Session",
    "Text",
    "instant_of",
    "parse_day",
    "parse_hours",
    "text_in",
]


class BlockKind(StrEnum):
    """What a block is for."""

    OPENING = "opening"
    EXCHANGE = "exchange"
    QA = "qa"
    BREAK = "break"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Panelist:
    name: str
    institution: Text | None = None
    #: The Discord account, where the configuration gives it.
    person: PersonId | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a session. Half-open: `starts_at` belongs to it, `ends_at` does not. Both aware, in UTC."""

    key: BlockKey
    kind: BlockKind
    title: Text
    starts_at: datetime
    ends_at: datetime
    #: The official hours in the event's zone, "09:00-09:30".
    printed: str
    speakers: tuple[Text, ...] = ()
    remarks: Text | None = None
    moderator: Text | None = None
    #: The Discord role (id or name) of who moderates; None: the event's moderators do.
    moderator_role: int | str | None = None
    panelists: tuple[Panelist, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """One day of the event: at least one block, in order of time, none overlapping another."""

    key: SessionKey
    day: date
    #: From 1, in order of days.
    number: int
    theme: Text
    blocks: tuple[Block, ...]

    @property
    def starts_at(self) -> datetime:
        return self.blocks[0].starts_at

    @property
    def ends_at(self) -> datetime:
        return self.blocks[-1].ends_at

    @property
    def qa(self) -> Block | None:
        """The questions and answers, where the session has them; the first such block."""
        return next((block for block in self.blocks if block.kind is BlockKind.QA), None)

    @property
    def opening(self) -> Block | None:
        return next((block for block in self.blocks if block.kind is BlockKind.OPENING), None)

    def block_at(self, instant: datetime) -> Block | None:
        """The block that is on at `instant`."""
        return next((b for b in self.blocks if b.starts_at <= instant < b.ends_at), None)

    def next_block(self, instant: datetime) -> Block | None:
        """The first block that starts after `instant`."""
        return next((b for b in self.blocks if b.starts_at > instant), None)


@dataclass(frozen=True, slots=True)
class Event:
    """The whole agenda. Sessions are in order of days, one a day, and none overlaps another."""

    name: Text
    timezone: ZoneInfo
    languages: tuple[Language, ...]
    sessions: tuple[Session, ...]

    def session(self, key: SessionKey) -> Session:
        """The session of that key; raises KeyError where the agenda has none."""
        for session in self.sessions:
            if session.key == key:
                return session
        raise KeyError(key)

    def block(self, key: BlockKey) -> Block:
        """The block of that key; raises KeyError where the agenda has none."""
        for block in self.blocks():
            if block.key == key:
                return block
        raise KeyError(key)

    def blocks(self) -> Iterator[Block]:
        """Every block of every session, in order."""
        for session in self.sessions:
            yield from session.blocks

    def session_at(self, instant: datetime, open_before: timedelta = timedelta(0)) -> Session | None:
        """The session that is on at `instant`, or that starts within `open_before` of it."""
        return next((s for s in self.sessions if s.starts_at - open_before <= instant < s.ends_at), None)

    def next_session(self, instant: datetime) -> Session | None:
        """The first session that starts after `instant`."""
        return next((s for s in self.sessions if s.starts_at > instant), None)

    def session_of_day(self, instant: datetime) -> Session | None:
        """The session of the day that `instant` falls on in the event's zone, past or to come."""
        today = instant.astimezone(self.timezone).date()
        return next((s for s in self.sessions if s.day == today), None)

    def is_over(self, instant: datetime) -> bool:
        """Whether every session has ended."""
        return instant >= self.sessions[-1].ends_at


def instant_of(day: date, hour: time, zone: ZoneInfo) -> datetime:
    """The instant in UTC of a local time; raises MissingHour or AmbiguousHour where the clocks change."""
    local = datetime.combine(day, hour, zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise MissingHour(day, f"{hour:%H:%M}")
    if local.replace(fold=1).utcoffset() != local.utcoffset():
        raise AmbiguousHour(day, f"{hour:%H:%M}")
    return instant
