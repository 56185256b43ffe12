"""Presence, measured and declared: pure rules and values.

Time is a set of half-open spans of whole milliseconds since 1970 in UTC, so that every sum is exact. Nobody is
counted twice, outside a block, or while the bot could not see.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import NamedTuple

from bot.agenda import Block, BlockKind
from bot.clock import to_ms
from bot.errors import Refusal
from bot.ids import BlockKey, ChannelId, PersonId, SessionKey


class Span(NamedTuple):
    """From `start`, to just before `end`; nothing where `end` is not later."""

    start: int
    end: int


class ClosedBy(StrEnum):
    """What ended a stay."""

    LEFT = "left"
    MOVED = "moved"
    REGISTER_CLOSED = "register_closed"
    LOST_SIGHT = "lost_sight"
    RECONCILED = "reconciled"


class Seat(NamedTuple):
    """Somebody in a voice channel that counts. `voice_session` is Discord's name for the one connection."""

    person: PersonId
    channel: ChannelId
    voice_session: str


@dataclass(frozen=True, slots=True)
class Stay:
    """One continuous presence in one channel. `connections` counts the devices that carried it, one after another.

    `closed_at` is None while it goes on; it may equal `opened_at`.
    """

    person: PersonId
    session: SessionKey
    channel: ChannelId
    voice_session: str
    opened_at: datetime
    closed_at: datetime | None = None
    closed_by: ClosedBy | None = None
    connections: int = 1


@dataclass(frozen=True, slots=True)
class CheckIn:
    """Somebody declared that they are there, and how many others share their connection."""

    person: PersonId
    session: SessionKey
    companions: int
    declared_at: datetime
    #: How many of the companions are of which profile, as far as the person said so.
    profiles: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class DayRecord:
    """All that is kept about one session's attendance.

    Nothing is known after `seen_to`; while the register is open that is the last instant of which the bot is sure.
    `unknown` are the spans in which it could not see, the one after `seen_to` included, in order.
    """

    session: SessionKey
    blocks: tuple[Block, ...]
    stays: tuple[Stay, ...]
    unknown: tuple[Span, ...]
    check_ins: tuple[CheckIn, ...]
    seen_to: datetime
    is_closed: bool


@dataclass(frozen=True, slots=True)
class Attended:
    """What one session's attendance comes to, each person by themselves. The rest is as in DayRecord."""

    session: SessionKey
    blocks: tuple[Block, ...]
    #: Milliseconds. Everybody who was measured at all has an entry, and none in it for a block they missed.
    minutes: Mapping[PersonId, Mapping[BlockKey, int]]
    #: How often anybody connected; never to be taken for a number of people.
    connections: int
    unknown: tuple[Span, ...]
    check_ins: tuple[CheckIn, ...]
    seen_to: datetime
    is_closed: bool


@dataclass
class CheckInNotOpen(Refusal):
    """The session's check-in opens later the same day."""

    opens_at: datetime


@dataclass
class CheckInOver(Refusal):
    """Today's session has ended, or there is none today. `next_opens_at` is None where no session follows."""

    next_opens_at: datetime | None


@dataclass
class TooManyCompanions(Refusal):
    """More people than one connection may declare."""

    maximum: int


@dataclass
class NotCheckedIn(Refusal):
    """The profiles of companions of somebody who did not check in."""


@dataclass
class TooManyProfiles(Refusal):
    """Profiles of more companions than were declared."""

    given: int
    companions: int


@dataclass
class NoNumber(Refusal):
    """Something that is no number of people. `written` is what was typed."""

    written: str


#: A new connection that follows the old one this closely is the same presence on another device.
CHANGE_OF_DEVICE = timedelta(seconds=1)


def is_change_of_device(last: Stay, seat: Seat, at: datetime) -> bool:
    """Whether a join goes on with the person's last stay: same channel, another connection, hardly a gap."""
    return (
        last.closed_by is ClosedBy.LEFT
        and last.closed_at is not None
        and last.channel == seat.channel
        and last.voice_session != seat.voice_session
        and timedelta(0) <= at - last.closed_at <= CHANGE_OF_DEVICE
    )


def union(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time as spans in order, none touching another."""
    united: list[Span] = []
    for span in sorted(spans):
        if span.end <= span.start:
            continue
        if united and span.start <= united[-1].end:
            if span.end > united[-1].end:
                united[-1] = Span(united[-1].start, span.end)
        else:
            united.append(span)
    return tuple(united)


def common(some: Iterable[Span], others: Iterable[Span]) -> tuple[Span, ...]:
    """The time that is in both, in order; each of the two must be in order and without overlaps."""
    found: list[Span] = []
    left, right = iter(some), iter(others)
    one, other = next(left, None), next(right, None)
    while one is not None and other is not None:
        span = Span(max(one.start, other.start), min(one.end, other.end))
        if span.start < span.end:
            found.append(span)
        if one.end <= other.end:
            one = next(left, None)
        else:
            other = next(right, None)
    return tuple(found)


def without(spans: Iterable[Span], holes: Iterable[Span]) -> tuple[Span, ...]:
    """The time of `spans` that is in none of `holes`; each of the two must be in order and without overlaps."""
    return common(spans, _between(holes))


def length(spans: Iterable[Span]) -> int:
    """How many milliseconds; the spans must not overlap."""
    return sum(span.end - span.start for span in spans)


def span_of(block: Block) -> Span:
    """The time of a block."""
    return Span(to_ms(block.starts_at), to_ms(block.ends_at))


def presence(record: DayRecord) -> dict[PersonId, tuple[Span, ...]]:
    """When each person was there for certain, in any counted channel, within the register or beyond the blocks."""
    seen_to = to_ms(record.seen_to)
    spans: dict[PersonId, list[Span]] = {}
    for stay in record.stays:
        closed = seen_to if stay.closed_at is None else to_ms(stay.closed_at)
        spans.setdefault(stay.person, []).append(Span(to_ms(stay.opened_at), closed))
    known = tuple(_between(union(record.unknown)))
    return {person: common(union(own), known) for person, own in spans.items()}


def minutes_by_person_and_block(record: DayRecord) -> dict[PersonId, dict[BlockKey, int]]:
    """Milliseconds of presence. Whoever was in no block has no entry, and a person none for a block they missed."""
    blocks = [(block.key, span_of(block)) for block in record.blocks]
    found: dict[PersonId, dict[BlockKey, int]] = {}
    for person, spans in presence(record).items():
        own = {key: there for key, span in blocks if (there := length(common(spans, (span,))))}
        if own:
            found[person] = own
    return found


def people_through(record: DayRecord, step_seconds: int = 60) -> tuple[tuple[int, int], ...]:
    """How many people were there for certain at instants `step_seconds` apart, from the first block's start to just
    before the last one's end: (epoch milliseconds, people). Unknown instants have no entry, nor those to come."""
    if not record.blocks:
        return ()
    step = step_seconds * 1000
    start, end = to_ms(record.blocks[0].starts_at), to_ms(record.blocks[-1].ends_at)
    instants = range(start, min(end, to_ms(record.seen_to)), step)
    changes = dict.fromkeys(range(len(instants) + 1), 0)
    for spans in presence(record).values():
        for span in spans:
            # The first instant that is in the span, and the first one that is after it.
            first, after = (min(max(-(-(edge - start) // step), 0), len(instants)) for edge in span)
            changes[first] += 1
            changes[after] -= 1
    counts = accumulate(changes[n] for n in range(len(instants)))
    unknown = union(record.unknown)
    known = [not any(hole.start <= at < hole.end for hole in unknown) for at in instants]
    return tuple((at, people) for at, people, sure in zip(instants, counts, known, strict=True) if sure)


def attended(record: DayRecord) -> Attended:
    """What a session's attendance comes to. This is the specification: the database computes the same faster
    (`bot.register_operations.attended`), and a property test holds the two together."""
    minutes = minutes_by_person_and_block(record)
    return Attended(
        session=record.session,
        blocks=record.blocks,
        minutes={stay.person: minutes.get(stay.person, {}) for stay in record.stays},
        connections=sum(stay.connections for stay in record.stays),
        unknown=record.unknown,
        check_ins=record.check_ins,
        seen_to=record.seen_to,
        is_closed=record.is_closed,
    )


def unknown_spans_by_block(record: DayRecord | Attended) -> dict[BlockKey, tuple[Span, ...]]:
    """What of each block the bot could not see; blocks seen as a whole have no entry."""
    unknown = union(record.unknown)
    spans = {block.key: common(unknown, (span_of(block),)) for block in record.blocks}
    return {key: hidden for key, hidden in spans.items() if hidden}


def unknown_by_block(record: DayRecord | Attended) -> dict[BlockKey, int]:
    """How many milliseconds that is."""
    return {key: length(hidden) for key, hidden in unknown_spans_by_block(record).items()}


def counted_blocks(record: DayRecord | Attended) -> tuple[BlockKey, ...]:
    """The blocks whose time makes up a person's attendance: all but the breaks."""
    return tuple(block.key for block in record.blocks if block.kind is not BlockKind.BREAK)


def connections_by_person(record: DayRecord) -> dict[PersonId, int]:
    """How often each person connected; never to be taken for a number of people."""
    found: dict[PersonId, int] = {}
    for stay in record.stays:
        found[stay.person] = found.get(stay.person, 0) + stay.connections
    return found


def is_present(minutes: Mapping[BlockKey, int], present_after_seconds: int) -> bool:
    """Whether somebody's milliseconds, summed over the blocks given, are enough to call them present."""
    total = sum(minutes.values())
    return total > 0 and total >= present_after_seconds * 1000


_EVER = Span(-(2**63), 2**63)


def _between(holes: Iterable[Span]) -> Iterator[Span]:
    """All the time that is outside `holes`, which must be in order and without overlaps."""
    start = _EVER.start
    for hole in holes:
        yield Span(start, hole.start)
        start = hole.end
    yield Span(start, _EVER.end)
