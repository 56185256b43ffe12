"""Workbooks: each cell a text or a number, never a formula, whatever people write."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.phrases.figures import Cell
from bot.reports.xlsx import workbook

MADE_AT = datetime(2020, 9, 8, 17, 1, tzinfo=UTC)
_IN = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells(content: bytes) -> list[list[str | float]]:
    """The first sheet, as a spreadsheet reads it: texts and numbers. Fails where there is a formula."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        texts = []
        if "xl/sharedStrings.xml" in book.namelist():
            shared = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            texts = ["".join(part.text or "" for part in each.iterfind(".//x:t", _IN)) for each in shared]
    assert sheet.find(".//x:f", _IN) is None
    rows: list[list[str | float]] = []
    for row in sheet.iterfind(".//x:row", _IN):
        found: list[str | float] = []
        for cell in row:
            value = cell.findtext("x:v", None, _IN)
            if value is not None:
                found.append(_unescaped(texts[int(value)]) if cell.get("t") == "s" else float(value))
        rows.append(found)
    return rows


def _unescaped(text: str) -> str:
    return re.sub("_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), text)


@pytest.mark.trial("R1")
@pytest.mark.parametrize(
    "text", ["=1+1", "+34 600", "-5", "@SUM(A1)", "＝1+1", "=HYPERLINK(1)", "https://example.org", "{=1}"]
)
def test_text_stays_the_text_that_it_is(text: str) -> None:
    assert cells(workbook([("Preguntas", [["Pregunta"], [text]])], MADE_AT)) == [["Pregunta"], [text]]


@pytest.mark.trial("R1")
def test_numbers_are_numbers_and_nothing_is_nothing() -> None:
    row: list[Cell] = [-5, Decimal("12.5"), None, "7"]
    assert cells(workbook([("Hoja", [row])], MADE_AT)) == [[-5.0, 12.5, "7"]]


@pytest.mark.trial("R1")
def test_signs_that_the_format_cannot_hold_are_left_out_and_lines_stay() -> None:
    text = "a\0b\x1fc\r\nd\te\ufffe\U0001ffff🙂 é"
    assert cells(workbook([("Hoja", [[text]])], MADE_AT)) == [["abc\nd\te🙂 é"]]


@given(st.lists(st.lists(st.text(min_size=1), min_size=1, max_size=3), min_size=1, max_size=4))
def test_any_text_makes_a_workbook_without_formulas(rows: list[list[str]]) -> None:
    cells(workbook([("Hoja", rows)], MADE_AT))


def test_same_tables_make_the_same_file() -> None:
    sheets = [("Preguntas", [["Número", "Pregunta"], [1, "¿Habrá vídeo?"]])]
    assert workbook(sheets, MADE_AT) == workbook(sheets, MADE_AT)
