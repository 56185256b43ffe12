"""`python -m benchmarks` gathers what each benchmark measures, and says so where one broke off."""

import subprocess
import sys

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.measures import Measure, at_least, at_most, table
from tests.factories import CONFIG_FILE


def program(code: str) -> tuple[str, ...]:
    """A program in the place of a benchmark: its arguments are the module, "--json" and the file."""
    return sys.executable, "-c", f"import sys\nfrom pathlib import Path\nfile = Path(sys.argv[3])\n{code}"


def of(code: str) -> list[Measure]:
    return benchmarks.of_process("next", quick=False, command=program(code))


ONE = '[{"name": "a, at most", "measured": 2, "bound": 1, "holds": false, "runs": 3}]'


@pytest.mark.parametrize("code", [0, 1])
def test_measures_are_those_that_the_process_wrote_whether_they_hold_or_not(code: int) -> None:
    assert of(f"file.write_text({ONE!r}); sys.exit({code})") == [Measure("a, at most", 2, 1, False, 3)]


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("raise ValueError", "next broke off with exit code 1"),
        (f"file.write_text({ONE!r}); sys.exit(3)", "next broke off with exit code 3"),
        ("pass", "next broke off with exit code 0"),
        ("file.write_text('[]')", "next ended without a measure"),
    ],
)
def test_process_without_its_measures_is_told(code: str, said: str) -> None:
    with pytest.raises(benchmarks.BrokenOffError, match=said):
        of(code)


def test_one_that_broke_off_is_told_and_the_others_run() -> None:
    good = at_most("b", 1, 2, 5)

    def measured(name: str) -> list[Measure]:
        if name == "storm":
            raise benchmarks.BrokenOffError("storm broke off")
        return [good]

    said: list[str] = []
    assert benchmarks.run(("burst", "storm", "next"), measured, said.append) == ([good, good], ["storm broke off"])
    assert said == ["burst (1 of 3)\n", "storm (2 of 3)\n", "storm broke off\n", "next (3 of 3)\n"]


def test_bounds_are_kept_where_they_are_reached_just() -> None:
    assert [at_most("a", 2, 2, 1).holds, at_most("a", 2.1, 2, 1).holds] == [True, False]
    assert [at_least("a", 2, 2, 1).holds, at_least("a", 1.9, 2, 1).holds] == [True, False]


def test_table_goes_between_its_marks_and_nothing_else_changes() -> None:
    measures = [at_most("b", 1, 2, 5)]
    page = f"before\n{benchmarks.BEGIN}old\n{benchmarks.END}after\n<!-- end -->\n"
    expected = f"before\n{benchmarks.BEGIN}{table(measures)}{benchmarks.END}after\n<!-- end -->\n"
    assert benchmarks.with_table(page, measures) == expected
    with pytest.raises(ValueError, match="no part"):
        benchmarks.with_table("before\n<!-- end -->\n", measures)


@pytest.mark.parametrize("wrong", [(), ("nothing",), ("next", "--readme")])
def test_wrong_command_line_is_told_with_exit_code_2(wrong: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "benchmarks", *wrong]
    assert subprocess.run(command, cwd=CONFIG_FILE.parent, capture_output=True, check=False).returncode == 2
