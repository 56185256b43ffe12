"""Everybody's presence counted a second time, from the server's own log and by another way.

The register keeps stays, unites and clips them. This walks each person's day step by step instead, and shares no code
with it: a mistake in one shows as a difference.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.ids import BlockKey, PersonId

#: Milliseconds by person and block; whoever was not there at all has no entry.
Presence = Mapping[PersonId, Mapping[BlockKey, int]]


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """From `at` (milliseconds since 1970) a person is in `channel`, or in none."""

    at: int
    person: PersonId
    channel: int | None


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts_at`, to just before `ends_at`, in milliseconds since 1970."""

    starts_at: int
    ends_at: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the two counts do not agree, in milliseconds."""

    person: PersonId
    block: BlockKey
    recounted: int
    registered: int


def recount(
    log: Iterable[Whereabouts],
    blocks: Mapping[BlockKey, Span],
    counted_channels: frozenset[int],
    unknown: Sequence[Span],
) -> Presence:
    """Presence of everybody in each block, without the time that was unknown.

    `log` is in the order in which things happened. Each moment between two marks (a change of the person's, a bound
    of a block or of an unknown span) is looked at once and belongs as a whole to where the person was.
    """
    changes: dict[PersonId, list[Whereabouts]] = defaultdict(list)
    for entry in log:
        changes[entry.person].append(entry)
    bounds = {edge for span in (*blocks.values(), *unknown) for edge in (span.starts_at, span.ends_at)}
    presence: dict[PersonId, dict[BlockKey, int]] = {}
    for person, own in changes.items():
        marks = sorted(bounds | {entry.at for entry in own})
        minutes: dict[BlockKey, int] = defaultdict(int)
        position, where = 0, None
        for start, end in pairwise(marks):
            while position < len(own) and own[position].at <= start:
                where = own[position].channel
                position += 1
            if where not in counted_channels or any(u.starts_at <= start < u.ends_at for u in unknown):
                continue
            for block, span in blocks.items():
                if span.starts_at <= start < span.ends_at:
                    minutes[block] += end - start
        if minutes:
            presence[person] = dict(minutes)
    return presence


def differences(recounted: Presence, registered: Presence) -> tuple[Difference, ...]:
    """Every person and block on which the two do not agree to the millisecond; no entry counts as nothing."""
    found: list[Difference] = []
    for person in sorted({*recounted, *registered}):
        ours, theirs = recounted.get(person, {}), registered.get(person, {})
        for block in sorted({*ours, *theirs}):
            if ours.get(block, 0) != theirs.get(block, 0):
                found.append(Difference(person, block, ours.get(block, 0), theirs.get(block, 0)))
    return tuple(found)


def compared(recounted: Presence, registered: Presence) -> int:
    """How many pairs of person and block were compared."""
    presences = (recounted, registered)
    return len({(person, block) for presence in presences for person in presence for block in presence[person]})
