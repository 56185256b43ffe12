"""What a benchmark says: one measured figure beside its bound, and how a benchmark is run from the command line."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

__all__ = ["Measure", "as_json", "at_least", "at_most", "command", "table"]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure and its bound; `runs` is how many runs the figure is the median, or the worst, of.

    A figure is a ratio of two things that were measured in one run, or one that a deadline of Discord's is held
    against. `name` says what is compared with what, in which unit, and ends in "at least" or "at most".
    """

    name: str
    measured: float
    bound: float
    holds: bool
    runs: int


def at_least(name: str, measured: float, bound: float, runs: int) -> Measure:
    """Holds where `measured` reaches `bound`."""
    return Measure(f"{name}, at least", measured, bound, measured >= bound, runs)


def at_most(name: str, measured: float, bound: float, runs: int) -> Measure:
    """Holds where `measured` does not exceed `bound`."""
    return Measure(f"{name}, at most", measured, bound, measured <= bound, runs)


def as_json(measures: Sequence[Measure]) -> str:
    """A list of {name, measured, bound, holds, runs}."""
    return json.dumps([asdict(measure) for measure in measures], ensure_ascii=False, indent=2) + "\n"


def table(measures: Sequence[Measure]) -> str:
    """The same as a Markdown table."""
    rows = ["| what | measured | bound | holds | runs |", "|---|--:|--:|---|--:|"]
    for each in measures:
        kept = "yes" if each.holds else "**no**"
        rows.append(f"| {each.name} | {each.measured:,.3g} | {each.bound:,.3g} | {kept} | {each.runs} |")
    return "\n".join(rows) + "\n"


def command(description: str, measure: Callable[[bool], list[Measure]]) -> None:
    """Run `measure(quick)` as the command line asks, print the table, and exit with 1 where a bound is not kept."""
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("--quick", action="store_true", help="fewer runs and shorter ones")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the measures to FILE too")
    options = arguments.parse_args()
    measures = measure(options.quick)
    sys.stdout.write(table(measures))
    if options.json:
        options.json.write_text(as_json(measures), "utf-8")
    if not all(each.holds for each in measures):
        sys.exit(1)
