"""The coverage as a map of heat: a row a delegation, a column a profile, each cell with its figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.reports.canvas import Canvas, Pen, width_of, wrapped
from bot.reports.palette import BADGE, INK, MIDDLE, SMALL, STRONG, TEXT, badge


class Level(StrEnum):
    """How a cell stands."""

    MET = "met"
    SHORT = "short"
    NONE = "none"
    #: There is nothing to be reached.
    FREE = "free"


#: Ground and letters of a cell. They differ in lightness too, for who does not tell the colours apart.
LEVELS = {
    Level.MET: ("#1b7a5a", "#ffffff"),
    Level.SHORT: ("#f6cf74", "#3d2c00"),
    Level.NONE: ("#fbe0db", "#98200f"),
    Level.FREE: ("#e9edf2", INK),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the map."""

    name: str
    cells: tuple[tuple[str, Level], ...]
    total: str


@dataclass(frozen=True, slots=True)
class Heat:
    """The map. `columns` are the letters that head it, `total` what heads the last column."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    total: str

    @property
    def width(self) -> float:
        """How wide it wants to be: names in one line up to a point."""
        names = max((width_of(row.name, TEXT) for row in self.rows), default=0.0)
        return min(names, _LONGEST_NAME) + _GAP + self._columns_width

    @property
    def _columns_width(self) -> float:
        last = max([width_of(self.total, SMALL), *(width_of(row.total, STRONG) for row in self.rows)]) + _GAP
        return len(self.columns) * self._cell + last

    @property
    def _cell(self) -> float:
        widest = max((width_of(text, STRONG) for row in self.rows for text, _level in row.cells), default=0.0)
        return max(66.0, widest + 18)

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> float:
        """Draw it over `width`; returns where it ends."""
        cell, names, last = self._cell, width - self._columns_width, x + width
        for number, column in enumerate(self.columns):
            badge(canvas, x + names + cell * (number + 0.5) - BADGE / 2, y, column, "#e9edf2")
        canvas.write(last, y + BADGE / 2 + SMALL.size * MIDDLE, self.total, SMALL, "right")
        y += BADGE + 8
        for row in self.rows:
            called = wrapped(row.name, TEXT, names - _GAP, 2)
            height = max(42.0, len(called) * TEXT.line + 8)
            first = y + height / 2 - (len(called) - 1) * TEXT.line / 2 + TEXT.size * MIDDLE
            for number, part in enumerate(called):
                canvas.write(x, first + number * TEXT.line, part, TEXT)
            middle = y + height / 2 + TEXT.size * MIDDLE
            for number, (text, level) in enumerate(row.cells):
                ground, ink = LEVELS[level]
                left = x + names + cell * number
                canvas.card(left + 2, y + 2, cell - 4, height - 4, ground, edge=ground, radius=6)
                canvas.write(left + cell / 2, middle, text, Pen(TEXT.size, ink, bold=level is Level.MET), "center")
            canvas.write(last, middle, row.total, STRONG, "right")
            y += height
        return y


def level(has: int, minimum: int) -> Level:
    """How so many of a minimum stand."""
    if has >= minimum:
        return Level.MET
    return Level.SHORT if has else Level.NONE


def letters(count: int) -> tuple[str, ...]:
    """A column's letter for each profile, of which there are 25 at most."""
    return tuple(chr(ord("A") + n) for n in range(count))


def legend(canvas: Canvas, x: float, y: float, marks: Sequence[tuple[Level, str]], width: float) -> float:
    """What the colours mean, in as many lines as it takes; returns where it ends."""
    left = x
    for each, text in marks:
        wanted = 28 + 8 + width_of(text, SMALL)
        if left > x and left + wanted > x + width:
            left, y = x, y + SMALL.line + 6
        canvas.card(left, y + 1, 26, 26, LEVELS[each][0], edge="#8893a3", radius=5)
        canvas.write(left + 36, y + SMALL.size, text, SMALL)
        left += wanted + 26
    return y + SMALL.line + 6


_LONGEST_NAME = 310.0
_GAP = 16.0
