"""A canvas in pixels, from the upper left corner, with matplotlib's pencils and the letters that it brings.

Nothing of matplotlib is shared: no pyplot, no settings of the machine's, no fonts but its own. So the same strokes
give the same bytes.
"""

import io
import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Literal, NamedTuple

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.patches import FancyBboxPatch, Polygon, Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Affine2D

from bot.reports.csv import shown

#: One point is one pixel, so that sizes of letters are in pixels too.
_DPI = 72

#: A line's height, in sizes of its letters.
LEADING = 1.3

Align = Literal["left", "center", "right"]


class Pen(NamedTuple):
    """How something is written: size in pixels, colour, and whether in bold."""

    size: float
    color: str
    bold: bool = False

    @property
    def line(self) -> float:
        """The height of a line."""
        return self.size * LEADING


class Canvas:
    """Strokes are kept, and drawn when the height is known. What is drawn first lies below."""

    def __init__(self, width: float, background: str) -> None:
        self.width = width
        self._background = background
        self._strokes: list[Callable[[], Artist]] = []

    def box(self, x: float, y: float, width: float, height: float, color: str, *, edge: str | None = None) -> None:
        """A filled rectangle."""
        self._add(lambda: Rectangle((x, y), width, height, facecolor=color, edgecolor=edge or "none", linewidth=1.5))

    def card(self, x: float, y: float, width: float, height: float, color: str, *, edge: str, radius: float) -> None:
        """A filled rectangle with round corners."""
        self._add(
            lambda: FancyBboxPatch(
                (x, y),
                width,
                height,
                boxstyle=f"round,pad=0,rounding_size={radius}",
                facecolor=color,
                edgecolor=edge,
                linewidth=1.5,
            )
        )

    def hatched(self, x: float, y: float, width: float, height: float, color: str, background: str) -> None:
        """A hatched rectangle."""
        self._add(
            lambda: Rectangle((x, y), width, height, facecolor=background, edgecolor=color, linewidth=0, hatch="////")
        )

    def line(self, points: Sequence[tuple[float, float]], color: str, width: float = 1.5) -> None:
        """A line through the points."""
        self._add(
            lambda: Line2D(
                [x for x, _ in points],
                [y for _, y in points],
                color=color,
                linewidth=width,
                solid_joinstyle="miter",
                solid_capstyle="butt",
            )
        )

    def area(self, points: Sequence[tuple[float, float]], color: str) -> None:
        """The area within the points."""
        self._add(lambda: Polygon(points, closed=True, facecolor=color, edgecolor="none"))

    def write(
        self, x: float, baseline: float, text: str, pen: Pen, align: Align = "left", *, upwards: bool = False
    ) -> None:
        """One line of text. `upwards`: turned to be read from below, about its middle."""
        self._add(
            lambda: Text(
                x,
                baseline,
                shown(text).replace("\n", " "),
                fontproperties=_font(pen.bold),
                fontsize=pen.size,
                color=pen.color,
                horizontalalignment="center" if upwards else align,
                verticalalignment="center" if upwards else "baseline",
                rotation=90 if upwards else 0,
                parse_math=False,
            )
        )

    def paragraph(
        self, x: float, y: float, text: str, pen: Pen, width: float, *, lines: int = 99, align: Align = "left"
    ) -> float:
        """Text broken into lines from `y` downwards; returns where it ends."""
        anchor = {"left": x, "center": x + width / 2, "right": x + width}[align]
        for line in wrapped(text, pen, width, lines):
            self.write(anchor, y + pen.size, line, pen, align)
            y += pen.line
        return y

    def png(self, height: float) -> bytes:
        """The picture as a file, so many pixels high."""
        canvas = FigureCanvasAgg(self.figure(height))
        file = io.BytesIO()
        with mpl.rc_context({"hatch.linewidth": 1.6}):
            # Without the program's version in it.
            canvas.print_png(file, metadata={"Software": None})  # type: ignore[no-untyped-call]
        return file.getvalue()

    def figure(self, height: float) -> Figure:
        """The strokes, each below the next."""
        figure = Figure(figsize=(self.width / _DPI, height / _DPI), dpi=_DPI, facecolor=self._background)
        downwards = Affine2D().scale(1, -1).translate(0, height)
        for order, stroke in enumerate(self._strokes):
            artist = stroke()
            artist.set_transform(downwards)
            artist.set_zorder(order)
            figure.add_artist(artist)
        return figure

    def _add(self, stroke: Callable[[], Artist]) -> None:
        self._strokes.append(stroke)


def steps(values: Iterable[tuple[float, float]], end: float) -> list[tuple[float, float]]:
    """Each value held until the next one, the last until `end`, as corners of a line."""
    held = list(values)
    corners: list[tuple[float, float]] = []
    for (x, y), (until, _) in pairwise([*held, (end, 0.0)]):
        corners += [(x, y), (until, y)]
    return corners


def width_of(text: str, pen: Pen) -> float:
    """How wide a line of text is."""
    ruler, font = _ruler(), _font(pen.bold, pen.size)
    width, _height, _descent = ruler.get_text_width_height_descent(shown(text), font, False)  # type: ignore[no-untyped-call]
    return float(width)


def wrapped(text: str, pen: Pen, width: float, lines: int = 99) -> list[str]:
    """The text in lines no wider than `width`; what is more than `lines` ends in an ellipsis."""
    found: list[str] = []
    line = ""
    for word in re.split(r"[ \t\n]+", shown(text).strip()):
        if width_of(wider := f"{line} {word}".strip(), pen) <= width:
            line = wider
            continue
        if line:
            found.append(line)
        line = word
        while width_of(line, pen) > width and len(line) > 1:
            fits = next(n for n in range(len(line) - 1, 0, -1) if n == 1 or width_of(line[:n], pen) <= width)
            found.append(line[:fits])
            line = line[fits:]
    found.append(line)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    while last and width_of(f"{last}…", pen) > width:
        last = last[:-1]
    return [*found[: lines - 1], f"{last.rstrip()}…"]


@cache
def _font(bold: bool, size: float | None = None) -> FontProperties:
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    return FontProperties(fname=str(Path(mpl.get_data_path()) / "fonts" / "ttf" / name), size=size)


@cache
def _ruler() -> RendererAgg:
    return RendererAgg(1, 1, _DPI)  # type: ignore[no-untyped-call]
