"""That no file is written past the one place that keeps a text from running."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: What writes files that a spreadsheet or a typesetter reads, and the only module that may use it.
WRITERS = {
    "csv.writer": "bot/reports/csv.py",
    "csv.DictWriter": "bot/reports/csv.py",
    "xlsxwriter": "bot/reports/xlsx.py",
    "typst": "bot/reports/typesetting.py",
}


def used(module: Path) -> Iterator[str]:
    """What a module uses of WRITERS."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        match node:
            case ast.Attribute(value=ast.Name(id=name), attr=attr) if f"{name}.{attr}" in WRITERS:
                yield f"{name}.{attr}"
            case ast.Import(names=names):
                yield from (n.name.split(".")[0] for n in names if n.name.split(".")[0] in WRITERS)
            case ast.ImportFrom(module=str(origin), names=names):
                found = [origin.split(".")[0], *(f"{origin}.{n.name}" for n in names)]
                yield from (each for each in found if each in WRITERS)


@pytest.mark.trial("R1")
def test_each_kind_of_file_is_written_in_one_place() -> None:
    modules = [*(ROOT / "bot").rglob("*.py"), *(ROOT / "cogs").rglob("*.py")]
    places = {(writer, str(m.relative_to(ROOT))) for m in modules for writer in used(m)}
    assert places - set(WRITERS.items()) == set()
    assert ("csv.writer", "bot/reports/csv.py") in places
    assert ("xlsxwriter", "bot/reports/xlsx.py") in places


def test_running_bot_loads_nothing_that_draws_typesets_or_writes_workbooks() -> None:
    program = "import sys, bot.cli, bot.operator.running, cogs.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "discord" in loaded
    assert loaded & {"matplotlib", "numpy", "PIL", "typst", "xlsxwriter"} == set()
