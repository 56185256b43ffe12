"""Tables as spreadsheets write them: whatever stands between cells, in whatever encoding, CSV or XLSX."""

import io
import zipfile
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from bot.sheets import LARGEST_FILE, MOST_ROWS, NoTable, Row, Unreadable, readings

HALF_PAST = datetime.fromisoformat("2020-09-08T09:30:00")


def first(content: bytes) -> list[tuple[int, tuple[str, ...]]]:
    """The rows by the first way in which the file may be meant."""
    return [(row.line, row.cells) for row in next(iter(readings(content)))]


def workbook(*sheets: Sequence[Sequence[object]], hidden: int | None = None) -> bytes:
    file = io.BytesIO()
    with Workbook(file, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet()
            if number == hidden:
                sheet.hide()
            for line, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    sheet.write(line, place, cell)
    return file.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
def test_letters_are_right_in_every_encoding_that_spreadsheets_write(encoding: str) -> None:
    text = "nombre;país\r\nÁngela Ñandú Güell;México\r\n"
    assert first(text.encode(encoding)) == [(1, ("nombre", "país")), (2, ("Ángela Ñandú Güell", "México"))]


def test_bytes_that_no_code_page_has_do_not_stop_it() -> None:
    assert first(b"nombre;x\nJos\xe9 \x81;1\n")[1] == (2, ("José \x81", "1"))


def test_line_that_names_the_delimiter_is_no_row_and_counts_as_a_line() -> None:
    for said in (b"sep=;\r\n", b'"sep=;"\r\n', b"SEP=;\n"):
        assert first(said + b"a;b,c\n\nd;e\n") == [(2, ("a", "b,c")), (4, ("d", "e"))]
    assert first(b"sep=\t\na\tb\n") == [(2, ("a", "b"))]


def test_each_row_has_the_line_on_which_it_begins() -> None:
    text = b'name;institution\n\n"Ana\nMaria";"one\r\n""two"""\n;;\nBen;x\n'
    assert first(text) == [(1, ("name", "institution")), (3, ("Ana\nMaria", 'one\r\n"two"')), (7, ("Ben", "x"))]


def test_every_delimiter_is_tried() -> None:
    found = [rows[0].cells for rows in readings(b"a\tb;c|d,e\n")]
    assert found == [("a\tb", "c|d,e"), ("a\tb;c|d", "e"), ("a", "b;c|d,e"), ("a\tb;c", "d,e")]


def test_quotation_mark_within_a_name_is_taken_as_it_is() -> None:
    assert first(b'Jos\xc3\xa9 "Pepe" P\xc3\xa9rez;x\n"Ana" Ruiz;y\n') == [
        (1, ('José "Pepe" Pérez', "x")),
        (2, ("Ana Ruiz", "y")),
    ]


@pytest.mark.parametrize(
    ("content", "reason", "line"),
    [
        (b"", Unreadable.EMPTY, None),
        (b" \r\n\n", Unreadable.EMPTY, None),
        (b"x" * (LARGEST_FILE + 1), Unreadable.TOO_LARGE, None),
        (b"a\n" * (MOST_ROWS + 1), Unreadable.TOO_LONG, None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Unreadable.OLD_WORKBOOK, None),
        (b"PK\x03\x04 and then nothing", Unreadable.DAMAGED_WORKBOOK, None),
        (b"\x89PNG\r\n\x1a\n\0\0\0", Unreadable.BINARY, None),
        (b"\xff\xfe\x00", Unreadable.BINARY, None),
        (b'name;x\nAna;1\n"Ben;2\nEva;3\n', Unreadable.OPEN_QUOTE, 3),
        (b"name;x\n" + b"y" * 200_000, Unreadable.CELL_TOO_LONG, 2),
    ],
)
def test_what_is_no_table_says_why_and_where(content: bytes, reason: Unreadable, line: int | None) -> None:
    with pytest.raises(NoTable) as refused:
        list(readings(content))
    assert (refused.value.reason, refused.value.line) == (reason, line)


def test_workbook_that_unpacks_to_very_much_is_not_unpacked() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (101 * 1024 * 1024))
    assert len(file.getvalue()) < LARGEST_FILE
    with pytest.raises(NoTable) as refused:
        list(readings(file.getvalue()))
    assert refused.value.reason is Unreadable.TOO_LARGE


def test_cells_of_a_workbook_are_what_a_person_reads() -> None:
    rows = [
        [],
        ["", "nombre", "número", "día", "instante", "hora", "sí"],
        [],
        ["", "Ñandú", 42, date(2020, 9, 8), HALF_PAST, HALF_PAST.time(), True],
        ["", "x", 1.5],
    ]
    book = workbook(rows)
    assert first(book) == [
        (2, ("", "nombre", "número", "día", "instante", "hora", "sí")),
        (4, ("", "Ñandú", "42", "2020-09-08", "2020-09-08 09:30:00", "09:30:00", "TRUE")),
        (5, ("", "x", "1.5", "", "", "", "")),
    ]


def test_every_sheet_that_can_be_seen_is_tried() -> None:
    book = workbook([["cover"]], [["secret"]], [], [["name"], ["Ana"]], hidden=1)
    assert [[row.cells for row in rows] for rows in readings(book)] == [[("cover",)], [("name",), ("Ana",)]]


def test_workbook_without_a_row_is_empty() -> None:
    with pytest.raises(NoTable) as refused:
        list(readings(workbook([])))
    assert refused.value.reason is Unreadable.EMPTY


@given(st.binary(max_size=400))
def test_any_bytes_are_rows_or_refused(content: bytes) -> None:
    try:
        found = list(readings(content))
    except NoTable:
        return
    assert all(isinstance(row, Row) and not row.is_blank for rows in found for row in rows)
