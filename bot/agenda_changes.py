"""How a programme is changed while it goes on: values and rules, all pure.

A change says what a block is to be, beside what the configuration plans for it. It holds only while the
configuration still plans that: whoever edits config.toml is right about the blocks that they edited. What is past
keeps its bounds, whatever changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.agenda import Block, Event, Session
from bot.errors import Refusal
from bot.ids import BlockKey, SessionKey
from bot.languages import Text


class ChangeKind(StrEnum):
    """Which command a change came from."""

    DELAY = "delay"
    MOVE = "move"
    CANCEL = "cancel"
    RECAST = "recast"
    OPEN_QUESTIONS = "open_questions"
    #: The configuration was read anew.
    RELOAD = "reload"


@dataclass(frozen=True, slots=True)
class Hours:
    """A block's time, half-open, aware, in UTC."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class BlockChange:
    """What a block is to be. `planned` are the hours that the configuration had for it when this was decided.

    None leaves a value as it is. A cancelled block is not in the programme any more.
    """

    block: BlockKey
    planned: Hours
    hours: Hours | None = None
    is_cancelled: bool = False
    title: Text | None = None
    speakers: tuple[Text, ...] | None = None
    moderator: Text | None = None
    moderator_role: int | str | None = None


@dataclass
class NothingToDelay(Refusal):
    """No block of today runs or is still to come."""


@dataclass
class BlockIsPast(Refusal):
    """The block has ended, or has begun where only what is to come can be changed."""

    block: Block


@dataclass
class BlocksWouldOverlap(Refusal):
    """The block would run into another of the day."""

    block: Block
    other: Block


@dataclass
class BeyondTheDay(Refusal):
    """The block would not begin and end on the day of its session, in the event's zone, the end after the start."""

    block: Block


@dataclass
class LastBlockOfTheDay(Refusal):
    """Without the block its session would have none."""

    block: Block


@dataclass
class NoQuestionsToOpen(Refusal):
    """The session that is on has no questions and answers that are still to begin. None: no session is on."""

    session: SessionKey | None


def with_changes(planned: Event, changes: Iterable[BlockChange]) -> Event:
    """The event as it is after the changes, in their order; those that the configuration has overtaken hold no more."""
    by_session: dict[SessionKey, dict[BlockKey, list[BlockChange]]] = {}
    for change in changes:
        session = SessionKey(change.block.rpartition("/")[0])
        by_session.setdefault(session, {}).setdefault(change.block, []).append(change)
    if not by_session:
        return planned
    return replace(
        planned,
        sessions=tuple(
            _changed_session(session, by_session[session.key], planned.timezone)
            if session.key in by_session
            else session
            for session in planned.sessions
        ),
    )


def _changed_session(session: Session, changes: Mapping[BlockKey, Sequence[BlockChange]], zone: ZoneInfo) -> Session:
    blocks: list[Block] = []
    for planned in session.blocks:
        block: Block | None = planned
        for change in changes.get(planned.key, ()):
            if block is not None and change.planned == _hours(planned):
                block = _changed(block, change, zone)
        if block is not None:
            blocks.append(block)
    # A block may have gone before another. The order of the day is the order of time.
    blocks.sort(key=lambda block: (block.starts_at, block.ends_at))
    return replace(session, blocks=tuple(_in_turn(blocks, zone)))


def _in_turn(blocks: Sequence[Block], zone: ZoneInfo) -> Iterator[Block]:
    """The blocks without overlaps. Rules make none; a configuration that was edited beside changes may.

    A block then ends where the next begins; of two that begin together the longer stays.
    """
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if after is None or block.ends_at <= after.starts_at:
            yield block
        elif block.starts_at < after.starts_at:
            yield _with_hours(block, Hours(block.starts_at, after.starts_at), zone)


def _with_hours(block: Block, hours: Hours, zone: ZoneInfo) -> Block:
    return replace(block, starts_at=hours.starts_at, ends_at=hours.ends_at, printed=printed(hours, zone))


def _changed(block: Block, change: BlockChange, zone: ZoneInfo) -> Block | None:
    if change.is_cancelled:
        return None
    return replace(
        block if change.hours is None else _with_hours(block, change.hours, zone),
        title=block.title if change.title is None else change.title,
        speakers=block.speakers if change.speakers is None else change.speakers,
        moderator=block.moderator if change.moderator is None else change.moderator,
        moderator_role=block.moderator_role if change.moderator_role is None else change.moderator_role,
    )


def printed(hours: Hours, zone: ZoneInfo) -> str:
    """The official hours as they are printed: "09:10-09:40"."""
    return f"{hours.starts_at.astimezone(zone):%H:%M}-{hours.ends_at.astimezone(zone):%H:%M}"


def delay(event: Event, planned: Event, now: datetime, minutes: int) -> tuple[BlockChange, ...]:
    """Put off what runs and what follows of the day by `minutes` (negative: bring it forward).

    The block that runs ends later; where none runs, the next one of the day begins later, and what follows moves as a
    whole. Raises NothingToDelay, BlockIsPast where something would begin or end before `now`, and BeyondTheDay.
    """
    session = event.session_of_day(now)
    left = [] if session is None else [block for block in session.blocks if block.ends_at > now]
    if session is None or not left:
        raise NothingToDelay
    by = timedelta(minutes=minutes)
    moved = []
    for block in left:
        runs = block.starts_at <= now
        hours = Hours(block.starts_at if runs else block.starts_at + by, block.ends_at + by)
        if (not runs and hours.starts_at < now) or hours.ends_at <= now:
            raise BlockIsPast(block)
        moved.append(_moved(event, planned, session, block, hours))
    return tuple(moved)


def move(event: Event, planned: Event, now: datetime, key: BlockKey, hours: Hours) -> tuple[BlockChange, ...]:
    """Give one block other hours of its day. The one that runs keeps its start.

    Raises KeyError for a block that the event does not have, BlockIsPast, BeyondTheDay and BlocksWouldOverlap.
    """
    session, block = _find(event, key)
    if block.ends_at <= now or hours.ends_at <= now:
        raise BlockIsPast(block)
    if (block.starts_at <= now or hours.starts_at < now) and hours.starts_at != block.starts_at:
        raise BlockIsPast(block)
    change = _moved(event, planned, session, block, hours)
    for other in session.blocks:
        if other.key != key and other.starts_at < hours.ends_at and hours.starts_at < other.ends_at:
            raise BlocksWouldOverlap(block, other)
    return (change,)


def cancel(event: Event, planned: Event, now: datetime, key: BlockKey) -> tuple[BlockChange, ...]:
    """Take a block that is still to begin out of the programme; the others keep their hours.

    Raises KeyError, BlockIsPast and LastBlockOfTheDay.
    """
    session, block = _find(event, key)
    if block.starts_at <= now:
        raise BlockIsPast(block)
    if len(session.blocks) == 1:
        raise LastBlockOfTheDay(block)
    return (BlockChange(key, _hours(planned.block(key)), is_cancelled=True),)


def recast(
    event: Event,
    planned: Event,
    now: datetime,
    key: BlockKey,
    *,
    title: Text | None = None,
    speakers: tuple[Text, ...] | None = None,
    moderator: Text | None = None,
    moderator_role: int | str | None = None,
) -> tuple[BlockChange, ...]:
    """Other people, or another title, for a block that has not ended. Raises KeyError and BlockIsPast."""
    _, block = _find(event, key)
    if block.ends_at <= now:
        raise BlockIsPast(block)
    return (
        BlockChange(
            key,
            _hours(planned.block(key)),
            title=title,
            speakers=speakers,
            moderator=moderator,
            moderator_role=moderator_role,
        ),
    )


def open_questions(event: Event, planned: Event, now: datetime) -> tuple[BlockChange, ...]:
    """Begin the questions and answers of the session that is on now, before their hour.

    The block that runs ends now, blocks in between are left out, and the questions keep their end. Raises
    NoQuestionsToOpen.
    """
    session = event.session_at(now)
    qa = None if session is None else session.qa
    if session is None or qa is None or qa.starts_at <= now:
        raise NoQuestionsToOpen(None if session is None else session.key)
    changes = []
    for block in session.blocks:
        if block.starts_at < now < block.ends_at:
            changes.append(_moved(event, planned, session, block, Hours(block.starts_at, now)))
        elif now <= block.starts_at < qa.starts_at:
            changes.append(BlockChange(block.key, _hours(planned.block(block.key)), is_cancelled=True))
    changes.append(_moved(event, planned, session, qa, Hours(now, qa.ends_at)))
    return tuple(changes)


def _moved(event: Event, planned: Event, session: Session, block: Block, hours: Hours) -> BlockChange:
    local = [instant.astimezone(event.timezone).date() for instant in (hours.starts_at, hours.ends_at)]
    if hours.ends_at <= hours.starts_at or local != [session.day, session.day]:
        raise BeyondTheDay(block)
    return BlockChange(block.key, _hours(planned.block(block.key)), hours)


def _find(event: Event, key: BlockKey) -> tuple[Session, Block]:
    for session in event.sessions:
        for block in session.blocks:
            if block.key == key:
                return session, block
    raise KeyError(key)


def _hours(block: Block) -> Hours:
    return Hours(block.starts_at, block.ends_at)


@dataclass
class PastWouldChange(Refusal):
    """A configuration that says otherwise about a block that has begun, or does not have it any more."""

    block: Block


def check_past(event: Event, anew: Event, now: datetime) -> None:
    """Raise PastWouldChange where `anew` differs from `event` in what is past: starts, ends and kinds of blocks."""
    known = {block.key: block for block in anew.blocks()}
    for block in event.blocks():
        if block.starts_at > now:
            continue
        other = known.get(block.key)
        if other is None or other.starts_at != block.starts_at or other.kind != block.kind:
            raise PastWouldChange(block)
        if min(block.ends_at, other.ends_at) <= now and other.ends_at != block.ends_at:
            raise PastWouldChange(block)


def changed_sessions(event: Event, anew: Event) -> tuple[SessionKey, ...]:
    """The sessions that differ between the two, those that only one of them has included, in order."""
    one, other = ({session.key: session for session in each.sessions} for each in (event, anew))
    return tuple(key for key in sorted(one.keys() | other.keys()) if one.get(key) != other.get(key))
