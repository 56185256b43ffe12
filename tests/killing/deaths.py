"""How a bot is to die, and which deaths are still to be died."""

import json
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from .points import STATEMENT

#: Stands for every point.
ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True)
class Death:
    """At the `after`-th of those points that stand in the file `armed` by then, a line each.

    Without that file it lives. Where it died is written to the file `obituary`, and every point on its way to `trace`.
    """

    after: int = 1
    armed: str | None = None
    obituary: str = "obituary"
    trace: str | None = None

    def as_json(self) -> str:
        """The same as one argument of a command line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The death that `as_json` was made from."""
        return cls(**json.loads(text))


def arm(file: Path, points: Iterable[str]) -> None:
    """Have a bot die at the first of these from now on; it never reads half of them."""
    written = file.with_suffix(".new")
    written.write_text("".join(f"{point}\n" for point in points), "utf-8")
    written.replace(file)


class Targets:
    """Each point of a day, to be died at where it came first and where it came last.

    `trace` are the points of a day on which nobody died, in order, and `parts` how many of them had come as each part
    of the day began; what came before all of them is part 0.
    """

    def __init__(self, trace: Sequence[str], parts: Sequence[int], *, last: bool = True) -> None:
        places: dict[str, list[int]] = {}
        for position, point in enumerate(trace):
            if point != STATEMENT:
                part = bisect_right(parts, position)
                places.setdefault(point, [part, part])[1] = part
        self.names = len(places)
        self._left: defaultdict[int, set[str]] = defaultdict(set)
        for point, (first, final) in places.items():
            self._left[first].add(point)
            if last:
                self._left[final].add(point)
        self.count = self.left

    @property
    def left(self) -> int:
        """How many deaths are still to be died."""
        return sum(map(len, self._left.values()))

    def due(self, part: int) -> frozenset[str]:
        """Where to die in this part of the day."""
        return frozenset(self._left[part])

    def died(self, part: int, point: str) -> None:
        """One is done. It was due in this part, or in an earlier one that was over when its death was seen."""
        due = max((each for each, points in self._left.items() if each <= part and point in points), default=part)
        self._left[due].discard(point)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        """Leave out every point that is not wanted."""
        for points in self._left.values():
            points.intersection_update([point for point in points if wanted(point)])
        self.count = self.left

    def named(self) -> list[str]:
        """What is left, by part and point."""
        return [f"{part}: {point}" for part, points in sorted(self._left.items()) for point in sorted(points)]
