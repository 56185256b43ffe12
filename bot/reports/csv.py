"""CSV that a spreadsheet opens by a double click, with letters, columns and numbers right.

A spreadsheet expects the signs of its language: in Spanish semicolons between cells and a comma in numbers. Texts
never become formulas, whoever typed them.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.agenda import Event
from bot.languages import Language
from bot.phrases.figures import Cell, day_table, people_table
from bot.phrases.tables import Value
from bot.summary import People, Summary

#: What makes a spreadsheet take a cell for a formula, at its start.
_FORMULA = frozenset("=+-@\u2212")


def figures_csv(summary: Summary, event: Event, language: Language) -> bytes:
    """A day's figures. Names nobody."""
    return written(day_table(summary, event, language), language)


def people_csv(people: People, event: Event, language: Language) -> bytes:
    """A day's people by name: for organizers alone."""
    return written(people_table(people, event, language), language)


def written(rows: Iterable[Sequence[Cell | Value]], language: Language) -> bytes:
    """The rows as a file: UTF-8 with its mark, by which Excel knows it."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if language == "es" else ",", lineterminator="\r\n")
    for row in rows:
        writer.writerow([_cell(cell, language) for cell in row])
    return file.getvalue().encode("utf-8-sig")


def safe(text: str) -> str:
    """The text as a spreadsheet shows it and does not run it: an apostrophe before what would begin a formula.

    Full-width signs count as the signs that they stand for, and so does what hides behind blanks or invisible
    signs. Control characters, which no spreadsheet shows, are left out; line breaks and tabs inside stay.
    """
    kept = shown(text)
    first = next((c for c in kept if not c.isspace() and unicodedata.category(c) != "Cf"), "")
    # A spreadsheet keeps fifteen digits of a number: an account's are more.
    is_long_number = len(kept) > 15 and kept.isdecimal()
    if is_long_number or kept[:1] in ("\t", "\n") or unicodedata.normalize("NFKC", first)[:1] in _FORMULA:
        return f"'{kept}"
    return kept


def shown(text: str) -> str:
    """The text without control characters, which no spreadsheet shows; line breaks and tabs stay."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or _is_shown(c))


def _is_shown(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cs")


def _cell(cell: Cell | Value, language: Language) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:f}".replace(".", ",") if language == "es" else f"{cell:f}"
    return safe(cell) if isinstance(cell, str) else str(cell)
