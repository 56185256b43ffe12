"""The files opened by LibreOffice itself: accents, columns and numbers are where they were put."""

import csv
import io
import shutil
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.event_coverage import event_delegations
from bot.phrases.event_workbook import event_workbook
from bot.phrases.figures import day_table
from bot.phrases.tables import Look, Table, flat, rows_of
from bot.phrases.workbook import day_workbook, people_sheet
from bot.reports.csv import figures_csv, safe, shown, written
from bot.reports.xlsx import report
from tests.reports.days import (
    CONFIG,
    EVENT,
    NASTY,
    SESSION,
    final_of,
    minutes_in,
    people_of,
    questions_of,
    summary_of,
)
from tests.reports.test_report_workbook import MADE_AT, sheets

SOFFICE = shutil.which("soffice")

pytestmark = [
    pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed (Debian: libreoffice-calc)"),
    pytest.mark.timeout(300),
]

NAMES = ["Álvaro Núñez Zúñiga", "Ñandú; José", 'María "Mía" Peña', "Ana García", *NASTY]

#: Semicolons between cells, UTF-8, the signs of Spanish, numbers and days recognised: as a double click has it.
SPANISH = "CSV:59,34,76,1,,3082,false,true"
ENGLISH = "CSV:44,34,76,1,,1033,false,true"

Convert = Callable[..., dict[str, bytes]]


@pytest.fixture(scope="module")
def convert(tmp_path_factory: pytest.TempPathFactory) -> Convert:
    """LibreOffice, with a profile of its own: what it makes of a file, by the names of what it left."""
    profile = tmp_path_factory.mktemp("profile")

    def convert(name: str, content: bytes, to: str, infilter: str | None = None) -> dict[str, bytes]:
        place = tmp_path_factory.mktemp("files")
        file, out = place / name, place / "out"
        file.write_bytes(content)
        command = [str(SOFFICE), f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", to]
        if infilter is not None:
            command.append(f"--infilter={infilter}")
        subprocess.run([*command, "--outdir", str(out), str(file)], check=True, capture_output=True, timeout=240)
        return {each.name: each.read_bytes() for each in sorted(out.iterdir())}

    return convert


def opened(convert: Convert, content: bytes, infilter: str) -> list[list[Any]]:
    """A CSV file as LibreOffice has it in its cells."""
    (book,) = convert("archivo.csv", content, "xlsx", infilter).values()
    (rows,) = sheets(book).values()
    return rows


def expected(value: Any) -> Any:
    """What a cell of a CSV file is to be in a spreadsheet."""
    if value is None:
        return ""
    return float(value) if isinstance(value, int | Decimal) else safe(value)


def trimmed(row: Any) -> list[Any]:
    """Without the empty cells at the end, which a spreadsheet fills rows up with."""
    found = list(row)
    while found and found[-1] == "":
        found.pop()
    return found


@pytest.mark.parametrize(("language", "infilter"), [("es", SPANISH), ("en", ENGLISH)])
def test_csv_of_people_opens_with_its_accents_columns_and_numbers(
    convert: Convert, language: Any, infilter: str
) -> None:
    table = people_sheet(people_of(NAMES), EVENT, language)
    found = opened(convert, written(rows_of(table), language), infilter)
    assert [trimmed(row) for row in found] == [trimmed(map(expected, row)) for row in rows_of(table)]
    minutes = [n for n, column in enumerate(table.columns) if column.look is Look.MINUTES]
    assert len(minutes) == 4
    assert all(isinstance(row[n], float) for row in found[1:] for n in minutes)


def test_csv_of_figures_opens_with_its_accents_columns_and_numbers(convert: Convert) -> None:
    summary = summary_of(unknown=(minutes_in(SESSION, 20, 24.5),), provisional=False)
    found = opened(convert, figures_csv(summary, EVENT, "es"), SPANISH)
    rows = {str(row[0]): row for row in found}
    assert rows["Personas presentes"][1] == 118
    assert rows["México"][:2] == ["México", "MX"]
    assert rows["República Dominicana"][0] == "República Dominicana"
    intended = [row for row in day_table(summary, EVENT, "es") if row and isinstance(row[-1], Decimal)]
    assert intended
    for row in intended:
        assert rows[str(row[0])][len(row) - 1] == float(row[-1] or 0)


@pytest.mark.trial("R1")
def test_workbook_opens_with_every_sheet_as_it_was_written(convert: Convert) -> None:
    summary = summary_of(unknown=(minutes_in(SESSION, 20, 24.5),))
    made = day_workbook(summary, people_of(NAMES), questions_of(NASTY), EVENT, "es")
    _compare(convert, made)


@pytest.mark.trial("R1")
def test_workbook_of_the_event_opens_with_every_sheet_as_it_was_written(convert: Convert) -> None:
    final = final_of(NAMES)
    lines = event_delegations(final, CONFIG.coverage)
    _compare(convert, event_workbook(final, lines, questions_of(NASTY), EVENT, "es"))


def _compare(convert: Convert, made: Any) -> None:
    # Each sheet as a file of its own, cells as they are and not as they are shown.
    every_sheet = "csv:Text - txt - csv (StarCalc):44,34,76,1,,1033,false,false,false,false,false,-1"
    files = convert("informe.xlsx", report(made, "es", MADE_AT), every_sheet)
    assert len(files) == 5
    for sheet in made:
        if not isinstance(sheet, Table):
            continue
        text = files[f"informe-{sheet.name}.csv"].decode("utf-8")
        found = list(csv.reader(io.StringIO(text, newline="")))
        assert found[0] == [column.heading for column in sheet.columns]
        rows = (*sheet.rows, *sheet.last)
        assert len(found) == 1 + len(rows)
        for got, row in zip(found[1:], rows, strict=True):
            for cell, value, column in zip(got, row, sheet.columns, strict=False):
                intended = flat(value)
                if isinstance(intended, int | Decimal):
                    assert Decimal(cell) == Decimal(str(float(intended))), (sheet.name, column.heading)
                elif isinstance(intended, str):
                    assert cell == shown(intended), (sheet.name, column.heading)
                elif intended is None:
                    assert cell == ""
                else:
                    assert cell != ""
    overview = files[f"informe-{made[0].name}.csv"].decode("utf-8")
    assert "Taller para el intercambio de buenas prácticas" in overview
    assert "República" in files["informe-Cobertura.csv"].decode("utf-8")


def test_workbook_is_printed_one_page_wide(convert: Convert) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    made = day_workbook(summary_of(), people_of(NAMES * 3), questions_of(NASTY), EVENT, "es")
    (document,) = convert("informe.xlsx", report(made, "es", MADE_AT), "pdf").values()
    # Five sheets, of which the people take two pages at most.
    assert 5 <= len(pdfium.PdfDocument(document)) <= 6


def test_files_are_where_a_path_has_accents(convert: Convert) -> None:
    (name,) = convert("informe año.csv", written([["Núñez", 1]], "es"), "xlsx", SPANISH)
    assert Path(name).stem == "informe año"
