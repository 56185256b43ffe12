"""Tables for a workbook: plain values, worded already. How they look is up to who writes them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

#: A text stays a text; an hour and a day are in the event's zone, without it; None is an empty cell.
Value = str | int | Decimal | date | time | datetime | None


class Look(StrEnum):
    """What a column holds."""

    TEXT = "text"
    #: A text that is broken into lines.
    LONG = "long"
    #: A number by which something is known: a text, so that no digit of it is lost.
    ID = "id"
    WHOLE = "whole"
    #: To the hundredth.
    MINUTES = "minutes"
    DAY = "day"
    HOUR = "hour"
    #: An hour with its seconds.
    INSTANT = "instant"
    #: A day with its hour.
    MOMENT = "moment"


class Shade(StrEnum):
    """How a cell stands out."""

    MET = "met"
    SHORT = "short"
    NONE = "none"


class Shaded(NamedTuple):
    """A value that stands out."""

    value: Value
    shade: Shade


Cell = Value | Shaded


class Column(NamedTuple):
    heading: str
    look: Look = Look.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet that can be sorted and filtered: a row each. `last` stands beneath, and is neither."""

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    last: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a sheet that is read: lines of a name and a value of its own look, or a small table."""

    heading: str
    lines: tuple[tuple[str, Cell, Look], ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A sheet that is read from above, under a title."""

    name: str
    title: str
    subtitles: tuple[str, ...]
    sections: tuple[Section, ...]


Sheet = Table | Reading


def flat(cell: Cell) -> Value:
    """The value itself."""
    return cell.value if isinstance(cell, Shaded) else cell


def rows_of(table: Table) -> Iterator[Sequence[Value]]:
    """The table with its headings, without what stands beneath it: for a file that has one table."""
    yield [column.heading.replace("\n", " · ") for column in table.columns]
    for row in table.rows:
        yield [flat(cell) for cell in row]
