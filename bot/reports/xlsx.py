"""Workbooks that Excel and LibreOffice open. A text is a text in them, whatever it begins with."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from bot.phrases.figures import Cell
from bot.reports.csv import shown

#: How wide a column gets, in characters; what is longer is broken into lines.
_WIDEST = 60

#: Excel takes no more in a cell.
_LONGEST = 32_767


def workbook(sheets: Iterable[tuple[str, Sequence[Sequence[Cell]]]], made_at: datetime) -> bytes:
    """The tables as a file, each on a sheet of its name, its first row as headings. `made_at` is in its properties."""
    file = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    with Workbook(file, options) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    _write(sheet, number, column, cell, heading if number == 0 else body)
            for column, width in enumerate(_widths(rows)):
                sheet.set_column(column, column, width)
            sheet.freeze_panes(1, 0)
    return file.getvalue()


def _write(sheet: Worksheet, row: int, column: int, cell: Cell, look: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, _kept(cell)[:_LONGEST], look)
    elif cell is not None:
        sheet.write_number(row, column, float(cell) if isinstance(cell, Decimal) else cell, look)


def _kept(text: str) -> str:
    """Without what the file's format cannot hold."""
    return "".join(c for c in shown(text) if ord(c) & 0xFFFE != 0xFFFE)


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    columns = max((len(row) for row in rows), default=0)
    longest = [8] * columns
    for row in rows:
        for column, cell in enumerate(row):
            lines = ("" if cell is None else str(cell)).split("\n")
            longest[column] = max(longest[column], *(len(line) + 2 for line in lines))
    return [min(width, _WIDEST) for width in longest]
