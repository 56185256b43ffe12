"""Which incidents a rehearsal has, and when; and what the programme is after them, by a way of its own.

What the bot makes of a change is in bot/agenda_changes.py. Nothing of it is used here: a mistake there shows as a
difference between the two.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import Block, BlockKind, Event, Session
from bot.ids import BlockKey, SessionKey
from bot.rehearsal.deeds import (
    BreaksConnection,
    CallsOff,
    ChangesPlaces,
    Deed,
    DeletesBoard,
    GivesPermission,
    LooksForBoard,
    LooksForHeldBack,
    PutsOff,
    StartsBot,
    StopsBot,
    TakesPermission,
)

#: By so much the second day is put off.
DELAY_MINUTES = 10

#: People are gone so long after the end of their day.
_ROOM_EMPTIES = timedelta(minutes=30)


def mishaps(event: Event, first_day: int) -> tuple[Deed, ...]:
    """The incidents of the days that are played; `first_day` is the number of the first of them in the whole event."""
    by_day = {1: _first_day, 2: _second_day, 3: _third_day, 4: _fourth_day}
    found: list[Deed] = []
    for number, session in enumerate(event.sessions, first_day):
        of_day: Callable[[Session], Iterator[Deed]] | None = by_day.get(number)
        if of_day is not None:
            found += of_day(session)
    return tuple(found)


def _first_day(session: Session) -> Iterator[Deed]:
    yield BreaksConnection(session.starts_at + _minutes(40), resumes=True)
    yield from _without_the_bot(_turn(session) + _minutes(15))


def _second_day(session: Session) -> Iterator[Deed]:
    yield PutsOff(session.starts_at + _minutes(20), DELAY_MINUTES)
    yield BreaksConnection(_turn(session) + _minutes(DELAY_MINUTES + 12), resumes=False)


def _third_day(session: Session) -> Iterator[Deed]:
    later = [block for block in session.blocks[1:] if block.kind is not BlockKind.QA] or session.blocks[1:]
    if later:
        yield CallsOff(session.starts_at + _minutes(5), later[0].key)
    # What is due at the turn of the blocks falls into the time in which the bot is away.
    yield from _without_the_bot(_turn(session) - _minutes(0.25))


def _without_the_bot(at: datetime) -> Iterator[Deed]:
    yield StopsBot(at)
    yield ChangesPlaces(at + _minutes(0.3))
    yield StartsBot(at + _minutes(0.75))


def _fourth_day(session: Session) -> Iterator[Deed]:
    yield DeletesBoard(session.starts_at + _minutes(30))
    yield LooksForBoard(session.starts_at + _minutes(32))
    yield TakesPermission(_turn(session) - _minutes(2))
    yield GivesPermission(_turn(session) + _minutes(3))
    yield LooksForHeldBack(_turn(session) + _minutes(5))


def _turn(session: Session) -> datetime:
    """When the questions and answers begin, or the last block where there are none."""
    return (session.qa or session.blocks[-1]).starts_at


def _minutes(count: float) -> timedelta:
    return timedelta(milliseconds=round(count * 60_000))


def together(deeds: Sequence[Deed], incidents: Iterable[Deed], event: Event) -> tuple[Deed, ...]:
    """Everything in its order. People follow a delay: what they do after it on its day, they do so much later."""
    incidents = tuple(incidents)
    moved = list(deeds)
    for incident in incidents:
        if isinstance(incident, PutsOff):
            ends = next(s.ends_at for s in event.sessions if s.starts_at <= incident.at < s.ends_at) + _ROOM_EMPTIES
            by = timedelta(minutes=incident.minutes)
            moved = [replace(deed, at=deed.at + by) if incident.at < deed.at < ends else deed for deed in moved]
    return tuple(sorted((*moved, *incidents), key=lambda deed: deed.at))


def put_off(event: Event, at: datetime, minutes: int) -> Event:
    """The event of which, at `at`, the day that is on was put off: what is over stays, what is on lasts longer."""
    by = timedelta(minutes=minutes)

    def later(block: Block) -> Block:
        if block.ends_at <= at:
            return block
        begun = block.starts_at <= at
        return _at(block, block.starts_at if begun else block.starts_at + by, block.ends_at + by, event)

    return replace(
        event,
        sessions=tuple(
            replace(session, blocks=tuple(later(block) for block in session.blocks))
            if session.starts_at <= at < session.ends_at
            else session
            for session in event.sessions
        ),
    )


def called_off(event: Event, key: BlockKey) -> Event:
    """The event without that block."""
    day = SessionKey(key.partition("/")[0])
    return replace(
        event,
        sessions=tuple(
            replace(session, blocks=tuple(block for block in session.blocks if block.key != key))
            if session.key == day
            else session
            for session in event.sessions
        ),
    )


def _at(block: Block, starts_at: datetime, ends_at: datetime, event: Event) -> Block:
    hours = "-".join(f"{instant.astimezone(event.timezone):%H:%M}" for instant in (starts_at, ends_at))
    return replace(block, starts_at=starts_at, ends_at=ends_at, printed=hours)
