"""Every benchmark, or one of them, and one table of what was measured: `python -m benchmarks all`.

Each runs in a process of its own, one after the other. The exit code is 0 where every bound is kept, 1 where one is not
or a benchmark broke off, and 2 where the command line is wrong.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.measures import Measure, as_json, table

MODULES = ("burst", "storm", "next", "summary", "start", "memory", "on_time")
README = Path(__file__).parent.parent / "README.md"
BEGIN, END = "<!-- benchmarks -->\n", "<!-- end -->\n"


class BrokenOffError(Exception):
    """A benchmark ended without its measures. Its text is for people."""


def of_process(name: str, quick: bool, command: Sequence[str] = (sys.executable, "-m")) -> list[Measure]:
    """What a benchmark measures in a process of its own; what that prints goes to stderr."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "measures.json"
        arguments = [*command, f"benchmarks.{name}", "--json", str(file), *(["--quick"] if quick else [])]
        code = subprocess.run(arguments, stdout=sys.stderr, cwd=README.parent, check=False).returncode
        if code not in (0, 1) or not file.exists():
            raise BrokenOffError(f"The benchmark {name} broke off with exit code {code} and measured nothing.")
        measures = [Measure(**each) for each in json.loads(file.read_text("utf-8"))]
    if not measures:
        raise BrokenOffError(f"The benchmark {name} ended without a measure.")
    return measures


def run(
    names: Sequence[str], measured: Callable[[str], list[Measure]], say: Callable[[str], object]
) -> tuple[list[Measure], list[str]]:
    """The measures of every benchmark that came to its end, and a sentence for each that did not."""
    measures: list[Measure] = []
    broken: list[str] = []
    for number, name in enumerate(names, 1):
        say(f"{name} ({number} of {len(names)})\n")
        try:
            measures += measured(name)
        except BrokenOffError as error:
            broken.append(str(error))
            say(f"{error}\n")
    return measures, broken


def with_table(text: str, measures: Sequence[Measure]) -> str:
    """The page with the table in its marked part. Raises ValueError where the page has no such part."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError(f"README.md has no part between {BEGIN.strip()} and {END.strip()}")
    return f"{before}{begin}{table(measures)}{end}{after}"


def main() -> None:
    """Run what the command line names."""
    arguments = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    arguments.add_argument("name", choices=("all", *MODULES), help="which benchmark")
    arguments.add_argument("--quick", action="store_true", help="fewer runs and shorter ones")
    arguments.add_argument("--json", type=Path, metavar="FILE", help="write the measures to FILE too")
    arguments.add_argument("--readme", action="store_true", help="write the table into README.md, with all only")
    options = arguments.parse_args()
    if options.readme and options.name != "all":
        arguments.error("--readme takes the table of all benchmarks")
    if options.readme:
        # Before anything is measured: a page without the part is told at once.
        try:
            with_table(README.read_text("utf-8"), [])
        except ValueError as error:
            arguments.error(str(error))
    names = MODULES if options.name == "all" else (options.name,)
    measures, broken = run(names, lambda name: of_process(name, options.quick), sys.stderr.write)
    sys.stdout.write(table(measures))
    for sentence in broken:
        sys.stdout.write(f"\n**{sentence}**\n")
    if options.json:
        options.json.write_text(as_json(measures), "utf-8")
    if options.readme and not broken:
        README.write_text(with_table(README.read_text("utf-8"), measures), "utf-8")
    if broken or not all(measure.holds for measure in measures):
        sys.exit(1)


if __name__ == "__main__":
    main()
