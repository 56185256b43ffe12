"""What a summary says as plain numbers, and in what two of them differ. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.agenda import Session
from bot.coverage import Count, Stand
from bot.questions import State
from bot.storage.published import Published
from bot.summary_values import Summary

#: Names of figures to whole numbers; times are in milliseconds. The parts of a name are joined by a colon:
#: "people", "country:CR:profile:judicial", "block:2020-09-08/1:total".
Figures = Mapping[str, int]

#: To be counted up when figures are added or come to mean something else: an older summary lacks them, which is no
#: correction.
FORMAT = 1

_FORMAT = "format"


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that is another number now. `name` is that of the figure, in its parts."""

    name: tuple[str, ...]
    before: int
    now: int


@dataclass(frozen=True, slots=True)
class CorrectedSummary:
    """A summary that corrects the one `before` it, of which the `first` of the day may be another."""

    session: Session
    first: Published
    before: Published
    differences: tuple[Difference, ...]

    @property
    def number(self) -> int:
        """From 1 on: which correction of the day's summary it is."""
        return self.before.generation


def figures(summary: Summary) -> dict[str, int]:
    """All that the post of a day says, but what compares it with another day, and from which countries questions came.

    In the order in which it is told.
    """
    found = {":".join(name): value for name, value in _figures(summary)}
    return {**found, _FORMAT: FORMAT}


def differences(before: Figures, now: Figures) -> tuple[Difference, ...]:
    """What changed, in the order in which it is told; a figure that only one of the two has was, or is, 0."""
    names = dict.fromkeys((*now, *before))
    if before.get(_FORMAT) != now.get(_FORMAT):
        names = {name: None for name in names if name in before and name in now}
    return tuple(
        Difference(tuple(name.split(":")), before.get(name, 0), now.get(name, 0))
        for name in names
        if name != _FORMAT and before.get(name, 0) != now.get(name, 0)
    )


def _figures(summary: Summary) -> Iterator[tuple[tuple[str, ...], int]]:
    total = summary.total
    yield ("people",), total.people
    yield ("corrected",), total.corrected
    yield ("discounted",), total.discounted
    yield ("only_seen",), summary.only_seen
    yield ("connections",), summary.connections
    yield ("excused",), total.excused
    yield ("declared",), total.declared
    yield ("companions",), total.companions
    yield ("companions_corrected",), total.companions_corrected
    yield ("complete",), len(summary.standing(Stand.COMPLETE))
    for line in sorted(summary.delegations, key=lambda each: each.country):
        name = ("country", line.country)
        yield from _counts(name, line.count)
        for profile, people in zip(summary.profiles, line.by_profile, strict=True):
            yield (*name, "profile", profile.key), people
        yield (*name, "without_profile"), line.without_profile
        for profile, companions in zip(summary.profiles, line.companions_by_profile, strict=True):
            yield (*name, "companions_of", profile.key), companions
    for kind, count in summary.elsewhere.items():
        yield from _counts(("elsewhere", kind), count)
    yield from _counts(("unregistered",), summary.unregistered)
    for block in summary.blocks:
        name = ("block", block.block.key)
        yield (*name, "people"), block.people
        yield (*name, "total"), block.total
        yield (*name, "median"), block.median
        yield (*name, "unknown"), block.unknown
    yield ("unknown",), sum(span.end - span.start for span in summary.unknown)
    yield ("questions", "received"), summary.questions.received
    for state in State:
        yield ("questions", state), summary.questions[state]
    yield ("questions", "in_writing"), summary.questions.in_writing


def _counts(name: tuple[str, ...], count: Count) -> Iterator[tuple[tuple[str, ...], int]]:
    yield (*name, "people"), count.people
    yield (*name, "declared"), count.declared
    yield (*name, "companions"), count.companions
    yield (*name, "excused"), count.excused
