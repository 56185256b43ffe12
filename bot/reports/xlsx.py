"""Workbooks that Excel and LibreOffice open. A text is a text in them, whatever it begins with.

The only importer of xlsxwriter, so that no sheet is written in a way of its own.
"""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.languages import Language
from bot.phrases import figures
from bot.phrases.tables import Cell, Column, Look, Reading, Section, Shade, Shaded, Sheet, Table, Value, flat
from bot.reports.csv import shown

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: How wide a column gets, in characters; what is longer is broken into lines.
_WIDEST = 60

#: Excel takes no more in a cell.
_LONGEST = 32_767

_INK, _ACCENT, _BAND, _RULE = "#18212f", "#1d4f80", "#e7eef6", "#c9d2dd"
_SHADES = {
    Shade.MET: {"bg_color": "#d3ecdf", "font_color": "#0e5239"},
    Shade.SHORT: {"bg_color": "#fbe9bf", "font_color": "#5a4300"},
    Shade.NONE: {"bg_color": "#fbe0db", "font_color": "#98200f"},
}

#: How a day is written where the workbook's language does not say it by itself.
_DAYS: dict[Language, str] = {"es": "dd/mm/yyyy", "en": "d mmm yyyy"}

_NUMBERS = {Look.WHOLE: "#,##0", Look.MINUTES: "#,##0.00", Look.HOUR: "hh:mm", Look.INSTANT: "hh:mm:ss", Look.ID: "@"}

#: What is written from the left.
_WRITTEN = (Look.TEXT, Look.LONG, Look.ID)

#: How wide a column of a kind gets at most, in characters.
_MOST = {Look.LONG: 46, Look.TEXT: 25, Look.ID: 22}

#: Sizes in points, and how high a line of the body is and a row can be.
_TITLE, _SUBTITLE, _BODY, _LINE, _HIGHEST = 16, 12, 11, 14.5, 400.0

#: How wide a letter is, in digits.
_LETTER = 1.0

#: A column of a sheet that is read, but the first.
_READING_COLUMN = 20

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def workbook(sheets: Iterable[tuple[str, Sequence[Sequence[figures.Cell]]]], made_at: datetime) -> bytes:
    """The tables as a file, each on a sheet of its name, its first row as headings. `made_at` is in its properties."""
    from xlsxwriter import Workbook  # noqa: PLC0415 -- what only reports need loads only then

    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
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


def report(sheets: Iterable[Sheet], language: Language, made_at: datetime) -> bytes:
    """The sheets of a report as a file: to be sorted, filtered and printed."""
    from xlsxwriter import Workbook  # noqa: PLC0415 -- what only reports need loads only then

    file = io.BytesIO()
    with Workbook(file, _OPTIONS) as book:
        book.set_properties({"created": made_at.replace(tzinfo=None)})
        writing = _Writing(book, language)
        for sheet in sheets:
            if isinstance(sheet, Table):
                writing.table(sheet)
            else:
                writing.reading(sheet)
    return file.getvalue()


class _Writing:
    """A workbook that is being written."""

    def __init__(self, book: "Workbook", language: Language) -> None:
        self._book = book
        self._numbers = {**_NUMBERS, Look.DAY: _DAYS[language], Look.MOMENT: f"{_DAYS[language]} hh:mm"}
        self._formats: dict[tuple[tuple[str, object], ...], Format] = {}

    def table(self, table: Table) -> None:
        """Headings that stay in sight and filter what is below them, a row each, and the last rows in bold."""
        sheet = self._book.add_worksheet(table.name)
        rows = [[flat(cell) for cell in row] for row in (*table.rows, *table.last)]
        widths = _column_widths(table.columns, rows)
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        self._headings(sheet, 0, table.columns, widths)
        for at, row in enumerate((*table.rows, *table.last), 1):
            is_last = at > len(table.rows)
            for number, (cell, column) in enumerate(zip(row, table.columns, strict=False)):
                self._cell(sheet, at, number, cell, column.look, bold=is_last)
            # What stands beneath begins in the first column, and may go beyond it.
            _set_height(sheet, at, rows[at - 1][1:] if is_last else rows[at - 1], widths[1:] if is_last else widths)
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
        self._print(sheet, table.name, landscape=True)
        sheet.repeat_rows(0)

    def reading(self, reading: Reading) -> None:
        """A title, and below it the sections."""
        sheet = self._book.add_worksheet(reading.name)
        sheet.hide_gridlines(2)
        across = max([2, *(len(section.columns) for section in reading.sections)])
        widths = [_reading_width(reading), *[_READING_COLUMN] * (across - 1)]
        for number, width in enumerate(widths):
            sheet.set_column(number, number, width)
        room = sum(widths)
        for row, text in enumerate((reading.title, *reading.subtitles)):
            look = self._format(
                bold=not row,
                font_size=_SUBTITLE if row else _TITLE,
                font_color=_INK if row else _ACCENT,
                text_wrap=True,
                valign="top",
            )
            sheet.merge_range(row, 0, row, across - 1, "", look)
            _write(sheet, row, 0, text, look)
            size = _SUBTITLE if row else _TITLE
            sheet.set_row(row, (size + 4) * _lines(text, room * _BODY / size) + 3)
        at = 1 + len(reading.subtitles)
        for section in reading.sections:
            at = self._section(sheet, at + 1, section, widths)
        self._print(sheet, reading.name, landscape=across > 5)

    def _section(self, sheet: "Worksheet", row: int, section: Section, widths: Sequence[int]) -> int:
        """Write it; returns the row below it."""
        look = self._format(bold=True, font_color=_ACCENT, bottom=2, bottom_color=_ACCENT, font_size=_SUBTITLE)
        for number in range(max(len(section.columns), 2)):
            _write(sheet, row, number, None if number else section.heading, look)
        row += 1
        for name, cell, look_of in section.lines:
            self._cell(sheet, row, 0, name, Look.TEXT)
            self._cell(sheet, row, 1, cell, look_of, align="right")
            _set_height(sheet, row, (name, flat(cell)), widths)
            row += 1
        if section.columns:
            self._headings(sheet, row, section.columns, widths, first="left")
            row += 1
        for cells in section.rows:
            for number, (cell, column) in enumerate(zip(cells, section.columns, strict=True)):
                self._cell(sheet, row, number, cell, column.look, align=None if number else "left")
            _set_height(sheet, row, [flat(cell) for cell in cells], widths)
            row += 1
        return row

    def _headings(
        self,
        sheet: "Worksheet",
        row: int,
        columns: Sequence[Column],
        widths: Sequence[int],
        *,
        first: str | None = None,
    ) -> None:
        for number, column in enumerate(columns):
            right = column.look not in _WRITTEN and not (first and not number)
            settings = {"align": "right"} if right else {"align": "left", "indent": int(number > 0)}
            look = self._format(
                bold=True,
                text_wrap=True,
                valign="vcenter",
                bg_color=_BAND,
                font_color=_ACCENT,
                bottom=1,
                bottom_color=_ACCENT,
                **settings,
            )
            _write(sheet, row, number, column.heading, look)
        # The button that filters takes some of the width.
        _set_height(sheet, row, [column.heading for column in columns], [width - 3 for width in widths], more=4)

    def _cell(
        self,
        sheet: "Worksheet",
        row: int,
        column: int,
        cell: Cell,
        look: Look,
        *,
        bold: bool = False,
        align: str | None = None,
    ) -> None:
        settings: dict[str, object] = {
            "valign": "top",
            "bottom": 1,
            "bottom_color": _RULE,
            "num_format": self._numbers.get(look, "General"),
            "text_wrap": look in (Look.LONG, Look.TEXT) and not bold,
        }
        if bold:
            settings["bold"] = True
        if align is not None:
            settings["align"] = align
        elif look in _WRITTEN and column:
            settings |= {"align": "left", "indent": 1}
        if isinstance(cell, Shaded):
            settings |= _SHADES[cell.shade]
        _write(sheet, row, column, flat(cell), self._format(**settings))

    def _format(self, **settings: object) -> "Format":
        key = tuple(sorted(settings.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(settings)
        return self._formats[key]

    def _print(self, sheet: "Worksheet", name: str, *, landscape: bool) -> None:
        """One page wide on A4, as many high as it takes."""
        sheet.set_paper(9)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L{name.replace('&', '&&')}&R&P / &N")


def _set_height(
    sheet: "Worksheet", row: int, values: Sequence[Value], widths: Sequence[int], *, more: float = 0
) -> None:
    """High enough for what is broken into lines, which not every program finds out by itself."""
    texts = zip(values, widths, strict=False)
    lines = max((_lines(value, width) for value, width in texts if isinstance(value, str)), default=1)
    sheet.set_row(row, min(lines * _LINE + 1 + more, _HIGHEST))


def _lines(text: str, width: float) -> int:
    """How many lines a text takes, by the guess that its letters are as wide as a digit on the average, and a bit."""
    count = 0
    for line in text.split("\n"):
        count, room = count + 1, width
        for word in line.split(" "):
            wide = len(word) * _LETTER
            if wide > room and room < width:
                count, room = count + 1, width
            count += int(max(wide - 1, 0) // width) if wide > width else 0
            room -= wide % width if wide > width else wide + 1
    return count


def _write(sheet: "Worksheet", row: int, column: int, cell: Value, look: object) -> None:
    if isinstance(cell, str):
        sheet.write_string(row, column, _kept(cell)[:_LONGEST], look)
    elif isinstance(cell, date | time):
        sheet.write_datetime(row, column, cell, look)
    elif cell is None:
        sheet.write_blank(row, column, None, look)
    else:
        sheet.write_number(row, column, float(cell) if isinstance(cell, Decimal) else cell, look)


def _kept(text: str) -> str:
    """Without what the file's format cannot hold."""
    return "".join(c for c in shown(text) if ord(c) & 0xFFFE != 0xFFFE)


def _column_widths(columns: Sequence[Column], rows: Sequence[Sequence[Value]]) -> list[int]:
    """Wide enough for what is in them, up to a point, and for the longest word of the heading with its button."""
    found = []
    for number, column in enumerate(columns):
        cells = [_length(row[number]) for row in rows if number < len(row)]
        words = max(len(word) for word in column.heading.split()) + 5
        found.append(max(min(max([0, *cells]) + 3, _MOST.get(column.look, 20)), words, 8))
    return found


def _length(value: Value) -> int:
    if isinstance(value, str):
        return max(round(len(line) * _LETTER) for line in value.split("\n"))
    if isinstance(value, datetime):
        return 16
    if isinstance(value, date):
        return 10
    if isinstance(value, time):
        return 8
    return 0 if value is None else len(f"{value:,}")


def _reading_width(reading: Reading) -> int:
    names = [len(name) for section in reading.sections for name, _cell, _look in section.lines]
    return min(max([24, *names]) + 3, 46)


def _widths(rows: Sequence[Sequence[figures.Cell]]) -> list[int]:
    columns = max((len(row) for row in rows), default=0)
    longest = [8] * columns
    for row in rows:
        for column, cell in enumerate(row):
            lines = ("" if cell is None else str(cell)).split("\n")
            longest[column] = max(longest[column], *(len(line) + 2 for line in lines))
    return [min(width, _WIDEST) for width in longest]
