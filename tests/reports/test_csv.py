"""CSV files: they open right in a spreadsheet, and nothing in them runs."""

import csv
import io
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.reports.csv import safe, written


def read(content: bytes, delimiter: str = ";") -> list[list[str]]:
    """As a spreadsheet reads it: UTF-8 by its mark."""
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@pytest.mark.trial("R1")
@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+34 600",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\x1f\rAna",
        "\tAna",
        "\0=1",
        "＝1+1",
        "＋1",
        "－1",
        "＠a",
        "−1",
        "  =1",
        "\u200b=1",
        "\ufeff@a",
        '=HYPERLINK("https://example.org";"acta")',
    ],
)
def test_text_that_would_be_a_formula_stays_a_text(text: str) -> None:
    (row,) = read(written([[text, "Ana"]], "es"))
    assert row[0].startswith("'")
    assert row[1] == "Ana"
    # Still readable: nothing that shows is lost.
    shown = [c for c in text if c.isprintable()]
    assert [c for c in row[0][1:] if c.isprintable()] == shown


@pytest.mark.trial("R1")
@pytest.mark.parametrize("text", ["Ana", "José Ñandú", "a=b", "1-2", "Nº 5", "(Salvador, El)", '"cita"', "a;b", ""])
def test_other_text_is_untouched(text: str) -> None:
    assert read(written([[text]], "es")) == ([[text]] if text else [[""]])


@pytest.mark.trial("R1")
def test_numbers_stay_numbers_with_the_signs_of_the_language() -> None:
    row = [-5, 0, 1234567, Decimal("-0.50"), Decimal("1234.25"), None]
    assert read(written([row], "es")) == [["-5", "0", "1234567", "-0,50", "1234,25", ""]]
    assert read(written([row], "en"), ",") == [["-5", "0", "1234567", "-0.50", "1234.25", ""]]


@given(st.lists(st.lists(st.text(), min_size=1, max_size=4), max_size=5))
def test_every_cell_comes_back_in_its_place_and_none_begins_a_formula(rows: list[list[str]]) -> None:
    found = read(written(rows, "es"))
    assert found == [[safe(cell) for cell in row] for row in rows]
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in found for cell in row)
