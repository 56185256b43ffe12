"""The workbook of a report: real numbers, days and hours, texts that stay texts, and sheets that can be used."""

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any
from xml.etree import ElementTree

import pytest
from python_calamine import CalamineWorkbook

from bot.event_coverage import event_delegations
from bot.languages import LANGUAGES, Language
from bot.phrases.event_workbook import event_workbook
from bot.phrases.workbook import day_workbook, people_sheet
from bot.reports.csv import shown
from bot.reports.xlsx import report
from tests.reports.days import (
    CHANGES,
    CONFIG,
    EVENT,
    FORTY,
    LONG_PROFILES,
    LONG_SESSION,
    NASTY,
    SESSION,
    final_of,
    minutes_in,
    people_of,
    questions_of,
    summary_of,
)

MADE_AT = datetime(2020, 9, 8, 17, 1, tzinfo=UTC)
_IN = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
NAMES = ["Ana García", "Álvaro Núñez Zúñiga", "José Ñandú", "Élida Peña"]


def day_of(names: Any = NAMES, texts: Any = ("¿Habrá vídeo?",), language: Language = "es", **more: Any) -> bytes:
    summary = summary_of(**more)
    return report(day_workbook(summary, people_of(names), questions_of(texts), EVENT, language), language, MADE_AT)


def event_of(names: Any = NAMES, texts: Any = ("¿Habrá vídeo?",), language: Language = "es") -> bytes:
    final = final_of(names)
    lines = event_delegations(final, CONFIG.coverage)
    return report(event_workbook(final, lines, questions_of(texts), EVENT, language), language, MADE_AT)


def sheets(content: bytes) -> dict[str, list[list[Any]]]:
    """Every sheet as a spreadsheet reads it: texts, numbers, days and hours."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


def xml_of(content: bytes) -> Iterator[ElementTree.Element]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        for name in sorted(book.namelist()):
            if name.startswith("xl/worksheets/sheet"):
                yield ElementTree.fromstring(book.read(name))


def wall(hour: int, minute: int, second: int = 0) -> datetime:
    """An instant as a spreadsheet has it: without a zone."""
    return datetime.combine(date(2020, 9, 8), time(hour, minute, second))


def column(rows: list[list[Any]], heading: str) -> list[Any]:
    place = next(n for n, cell in enumerate(rows[0]) if str(cell).split("\n")[0] == heading)
    return [row[place] for row in rows[1:]]


@pytest.mark.parametrize("make", [day_of, event_of])
def test_has_the_five_sheets_in_order_in_each_language(make: Any) -> None:
    assert list(sheets(make())) == ["Resumen", "Cobertura", "Personas", "Bloques", "Preguntas"]
    assert list(sheets(make(language="en"))) == ["Summary", "Coverage", "People", "Blocks", "Questions"]


def test_days_and_hours_are_real_ones_in_the_events_zone() -> None:
    found = sheets(day_of(unknown=(minutes_in(SESSION, 20, 24.5),)))
    blocks = found["Bloques"]
    assert column(blocks, "Día") == [date(2020, 9, 8)] * 3
    assert column(blocks, "Inicio") == [time(9), time(9, 30), time(10, 15)]
    assert column(blocks, "Fin") == [time(9, 30), time(10, 15), time(11)]
    assert column(blocks, "Duración (min)") == [30, 45, 45]
    assert column(blocks, "Sin datos") == ["09:20-09:24:30", "", ""]
    assert column(found["Preguntas"], "Recibida") == [wall(9, 12, 5)]
    overview = {row[0]: row[1:] for row in found["Resumen"] if row[0]}
    assert overview["Día"][0] == date(2020, 9, 8)
    assert overview["Inicio"][0] == time(9)
    assert overview["Corte"][0] == wall(11, 1)
    assert overview["Personas presentes · sin datos 09:20-09:24:30"][0] == 118
    assert [row[:3] for row in found["Resumen"] if row[0] == time(9, 20)] == [[time(9, 20), time(9, 24, 30), 4.5]]


def test_numbers_are_numbers_and_accounts_are_texts_with_every_digit() -> None:
    people = sheets(day_of())["Personas"]
    assert column(people, "Nombre")[:4] == ["Álvaro Núñez Zúñiga", "Ana García", "Élida Peña", "José Ñandú"]
    assert column(people, "Minutos")[:2] == [90.06, 90.0]
    assert column(people, "Cuenta de Discord")[:2] == ["712345678901234561", "712345678901234560"]
    assert column(people, "Presente")[:2] == ["no", "sí"]
    assert people[-1][0] == "Presentes sin registrar (sin nombre)"
    assert people[-1][5] == 3
    coverage = sheets(day_of())["Cobertura"]
    assert column(coverage, "Presentes")[-1] == 118
    assert all(isinstance(cell, float) for cell in column(coverage, "Presentes"))
    (final,) = (row for row in sheets(event_of())["Personas"] if row[0] == "Ana García")
    assert final[5:8] == [3, 240, 0]


def test_what_changed_since_the_day_before_is_told() -> None:
    found = sheets(day_of(since=EVENT.sessions[0], gained=CHANGES))["Resumen"]
    assert ["Belice", "Fiscalía o procuraduría", 0, 2] in [row[:4] for row in found]
    assert ["Honduras", "Autoridad de control migratorio", 2, 1] in [row[:4] for row in found]


def test_event_has_each_day_and_each_person_once() -> None:
    found = sheets(event_of())
    days = [row for row in found["Resumen"] if isinstance(row[0], date) and row[1] == 118]
    assert [row[0] for row in days] == [session.day for session in EVENT.sessions]
    assert len(found["Bloques"]) == 1 + sum(len(session.blocks) for session in EVENT.sessions)
    assert sorted(column(found["Personas"], "Nombre")) == sorted(NAMES)
    assert column(found["Cobertura"], "Presentes el jueves 10 de septiembre")[0] == 3


@pytest.mark.trial("R1")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [day_of, event_of])
def test_nothing_that_people_write_is_a_formula_a_link_or_a_number(make: Any, language: Language) -> None:
    content = make(NASTY, NASTY, language=language)
    for sheet in xml_of(content):
        assert sheet.find(".//x:f", _IN) is None
        assert sheet.find(".//x:hyperlink", _IN) is None
    everything = [cell for rows in sheets(content).values() for row in rows for cell in row]
    for text in NASTY:
        # As name, institution, question, addressee and reason: each time a text, and the same one.
        assert everything.count(shown(text)) >= 4, text
    assert not any(cell == -5 for cell in everything)


@pytest.mark.parametrize("make", [day_of, event_of])
def test_tables_can_be_sorted_filtered_and_printed(make: Any) -> None:
    for number, sheet in enumerate(xml_of(make())):
        setup = sheet.find("x:pageSetup", _IN)
        assert setup is not None
        assert (setup.get("paperSize"), setup.get("fitToHeight")) == ("9", "0")
        assert sheet.find("x:sheetPr/x:pageSetUpPr", _IN).get("fitToPage") == "1"  # type: ignore[union-attr]
        assert len(sheet.findall("x:cols/x:col", _IN)) >= 2
        if number:
            pane = sheet.find("x:sheetViews/x:sheetView/x:pane", _IN)
            assert pane is not None
            assert (pane.get("ySplit"), pane.get("xSplit"), pane.get("state")) == ("1", "1", "frozen")
            assert sheet.find("x:autoFilter", _IN) is not None


def test_what_stands_beneath_a_table_is_not_filtered_with_it() -> None:
    coverage = list(xml_of(day_of()))[1]
    reach = coverage.find("x:autoFilter", _IN).get("ref")  # type: ignore[union-attr]
    assert reach is not None
    assert reach.endswith("12")
    assert len(coverage.findall(".//x:row", _IN)) == 12 + 5


def test_empty_day_and_long_names_have_all_their_sheets() -> None:
    empty = sheets(day_of((), (), people=(0,), codes=()))
    assert [len(rows) for rows in empty.values()][2:] == [2, 4, 1]
    long = day_of(["Ana García" * 10], ["¿?" * 500], session=LONG_SESSION, codes=FORTY, profiles=LONG_PROFILES)
    assert len(sheets(long)["Cobertura"]) == 1 + len(FORTY) + 5


def test_same_figures_make_the_same_file() -> None:
    assert day_of() == day_of()


def test_list_of_people_is_the_same_table() -> None:
    names = [row[0] for row in people_sheet(people_of(NAMES), EVENT, "es").rows]
    assert names == column(sheets(day_of())["Personas"], "Nombre")[:-1]
