"""Each session as an event of Discord's own: what is to be done about one, by what it should be and what it is. Pure.

Discord lets an event only go on: from scheduled to active to over, or from scheduled to called off; none comes back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from bot.ids import NativeEventId

#: Discord takes no event that begins now. One that is made, or brought forward, while its session runs begins so soon.
BEGINS_AFTER = timedelta(minutes=1)

#: For less than this, none is made any more.
_SHORTEST = timedelta(minutes=5)


class NativeState(StrEnum):
    """How far an event of Discord's has come."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    #: Completed, called off, or taken away by somebody: final.
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Announced:
    """What people read of it. Hours are aware, in UTC, in whole seconds."""

    name: str
    description: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class NativeEvent:
    """An event as Discord has it."""

    id: NativeEventId
    state: NativeState
    announced: Announced


@dataclass(frozen=True, slots=True)
class Make:
    """Make it."""

    announced: Announced


@dataclass(frozen=True, slots=True)
class Change:
    """Give it these values; None stays as it is."""

    name: str | None = None
    description: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


class Turn(StrEnum):
    """Let it go on."""

    START = "start"
    COMPLETE = "complete"
    CALL_OFF = "call_off"


Deed = Make | Change | Turn


def next_deed(
    wanted: Announced,
    seen: NativeEvent | None,
    now: datetime,
    *,
    was_made: bool,
    has_begun: bool,
    in_vain: Deed | None = None,
) -> Deed | None:
    """The next thing to do; ask again after it was done. None: nothing, until something changes.

    `was_made`: whether there was one before; then it is gone, and stays so. `has_begun`: whether somebody speaks.
    `in_vain` was tried: a change keeps nothing else back.
    """
    if seen is None:
        if was_made or wanted.ends_at - now < _SHORTEST:
            return None
        return Make(replace(wanted, starts_at=max(wanted.starts_at, _whole(now + BEGINS_AFTER))))
    if seen.state is NativeState.OVER:
        return None
    if wanted.ends_at <= now:
        return Turn.COMPLETE if seen.state is NativeState.ACTIVE else Turn.CALL_OFF
    change = _difference(wanted, seen, now)
    if change not in (Change(), in_vain):
        return change
    if seen.state is NativeState.SCHEDULED and wanted.starts_at <= now and has_begun:
        return Turn.START
    return None


def _difference(wanted: Announced, seen: NativeEvent, now: datetime) -> Change:
    has = seen.announced
    return Change(
        name=None if has.name == wanted.name else wanted.name,
        description=None if has.description == wanted.description else wanted.description,
        # When an active event began is past, whatever the programme says.
        starts_at=_other_start(wanted, has, now) if seen.state is NativeState.SCHEDULED else None,
        ends_at=None if has.ends_at == wanted.ends_at else wanted.ends_at,
    )


def _other_start(wanted: Announced, has: Announced, now: datetime) -> datetime | None:
    if wanted.starts_at > now:
        return None if has.starts_at == wanted.starts_at else wanted.starts_at
    soon = _whole(now + BEGINS_AFTER)
    return soon if has.starts_at > soon else None


def _whole(instant: datetime) -> datetime:
    return instant.replace(microsecond=0)
