"""The rows of a table that somebody made with a spreadsheet: CSV as any of them writes it, or a workbook."""

import csv
import io
import math
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.errors import Refusal

#: Nobody's list of people is larger; a file that is, is another file.
LARGEST_FILE = 5 * 1024 * 1024
MOST_ROWS = 50_000

#: A small workbook can be packed so that it fills the memory.
_LARGEST_UNPACKED = 100 * 1024 * 1024

#: What may stand between cells; the first one wins where a file gives no reason for another.
DELIMITERS = (";", ",", "\t", "|")

_WORKBOOK = b"PK\x03\x04"
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


class Unreadable(StrEnum):
    """Why a file is no table."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    #: More than MOST_ROWS rows.
    TOO_LONG = "too_long"
    #: An .xls of before 2007, or a workbook with a password.
    OLD_WORKBOOK = "old_workbook"
    DAMAGED_WORKBOOK = "damaged_workbook"
    #: Neither a text nor a workbook.
    BINARY = "binary"
    #: A quotation mark opens on `line` and never closes: all that follows would be one cell.
    OPEN_QUOTE = "open_quote"
    #: A cell on `line` that no spreadsheet would hold.
    CELL_TOO_LONG = "cell_too_long"


@dataclass
class NoTable(Refusal):
    """The file cannot be read as a table."""

    reason: Unreadable
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A row with the line on which it begins, counted from 1 as an editor or a spreadsheet shows it."""

    line: int
    cells: tuple[str, ...] = field(repr=False)

    @property
    def is_blank(self) -> bool:
        return not any(cell.strip() for cell in self.cells)


def readings(content: bytes) -> Iterator[Sequence[Row]]:
    """The rows of the file by each way in which it may be meant: a workbook's sheets, a text's delimiters.

    The likeliest comes first. Blank rows are left out. Raises NoTable.
    """
    if not content.strip():
        raise NoTable(Unreadable.EMPTY)
    if len(content) > LARGEST_FILE:
        raise NoTable(Unreadable.TOO_LARGE)
    if content.startswith(_OLD_WORKBOOK):
        raise NoTable(Unreadable.OLD_WORKBOOK)
    if content.startswith(_WORKBOOK):
        yield from _sheets(content)
    else:
        yield from _texts(_decoded(content))


# Text


def _decoded(content: bytes) -> str:
    """The text, by its mark where it has one, else as UTF-8 where it is, else as Excel writes it in the West."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            raise NoTable(Unreadable.BINARY) from None
    if b"\0" in content:
        raise NoTable(Unreadable.BINARY)
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _texts(text: str) -> Iterator[Sequence[Row]]:
    first, _, rest = text.partition("\n")
    said = first.strip().strip('"').lower()
    if said.startswith("sep=") or first.strip(" \r").lower().startswith("sep="):
        # By which Excel is told what stands between cells; it is no row.
        delimiter = first.strip(" \r\"'")[4:5] or "\t"
        yield _parsed(rest, delimiter if delimiter.strip() or delimiter == "\t" else ";", first_line=2)
        return
    for delimiter in DELIMITERS:
        yield _parsed(text, delimiter, first_line=1)


def _parsed(text: str, delimiter: str, *, first_line: int) -> Sequence[Row]:
    try:
        return _rows(text, delimiter, first_line, strict=True)
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise NoTable(Unreadable.OPEN_QUOTE, _open_quote(text, delimiter, first_line)) from None
        # A quotation mark in the middle of a cell, as people type them.
        return _rows(text, delimiter, first_line, strict=False)


def _rows(text: str, delimiter: str, first_line: int, *, strict: bool) -> Sequence[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=strict, skipinitialspace=True)
    rows: list[Row] = []
    while True:
        line = first_line + reader.line_num
        try:
            cells = next(reader)
        except StopIteration:
            return rows
        except csv.Error as error:
            if "field larger" in str(error):
                raise NoTable(Unreadable.CELL_TOO_LONG, line) from None
            raise
        row = Row(line, tuple(cells))
        if not row.is_blank:
            rows.append(row)
        if len(rows) > MOST_ROWS:
            raise NoTable(Unreadable.TOO_LONG)


def _open_quote(text: str, delimiter: str, first_line: int) -> int:
    """The line of the row in which a quotation mark opens that never closes."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    line = first_line
    try:
        while True:
            line = first_line + reader.line_num
            next(reader)
    except (csv.Error, StopIteration):
        return line


# Workbooks


def _sheets(content: bytes) -> Iterator[Sequence[Row]]:
    import python_calamine  # noqa: PLC0415 -- what only a workbook needs loads only then

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            unpacked = sum(each.file_size for each in packed.infolist())
        if unpacked > _LARGEST_UNPACKED:
            raise NoTable(Unreadable.TOO_LARGE)
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [
            sheet.name
            for sheet in book.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        sheets = [book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in names]
    except (python_calamine.CalamineError, zipfile.BadZipFile, NotImplementedError, OSError) as error:
        raise NoTable(Unreadable.DAMAGED_WORKBOOK) from error
    if not any(sheets):
        raise NoTable(Unreadable.EMPTY)
    for sheet in sheets:
        rows = [Row(line, tuple(_text(cell) for cell in cells)) for line, cells in enumerate(sheet, 1)]
        rows = [row for row in rows if not row.is_blank]
        if len(rows) > MOST_ROWS:
            raise NoTable(Unreadable.TOO_LONG)
        if rows:
            yield rows


def _text(cell: object) -> str:
    """A cell as a person would read it: whole numbers without a point, days without an hour."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if math.isfinite(cell) and cell.is_integer() and abs(cell) < 1e15:
            return str(int(cell))
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ", "seconds")
        case date() | time():
            return cell.isoformat()
        case timedelta():
            return str(cell)
        case None:
            return ""
    return str(cell)
