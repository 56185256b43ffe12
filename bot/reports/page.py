"""The page that a picture is on: a head, a row of figures, two panels beside each other, a foot."""

from collections.abc import Callable, Sequence

from matplotlib.figure import Figure

from bot.phrases.picture import Label
from bot.reports.canvas import Canvas, Pen, width_of
from bot.reports.palette import BACKGROUND, EDGE, HEADING, INK, MUTED, PANEL, SMALL, labelled

#: Draws a panel's content from `x`, `y` downwards over `width`, at least `height` high where it can be; returns where
#: it ends.
Content = Callable[[Canvas, float, float, float, float], float]

_MARGIN, _GAP, _INSET = 28.0, 20.0, 22.0
_NARROWEST = (440.0, 570.0)

#: A panel does not grow more than so much to be as high as its neighbour.
_STRETCH = 420.0

_TITLE, _KICKER, _FIGURE = Pen(42, INK, bold=True), Pen(22, MUTED), Pen(54, "#1d5f9c", bold=True)


class Page:
    """Filled from above; as wide as its panels want to be."""

    def __init__(self, left: float, right: float) -> None:
        self._left, self._right = (
            max(wanted, least) + 2 * _INSET for wanted, least in zip((left, right), _NARROWEST, strict=True)
        )
        self._width = 2 * _MARGIN + _GAP + self._left + self._right
        self._canvas = Canvas(self._width, BACKGROUND)
        self._y = _MARGIN

    def head(self, kicker: Label, title: Label, lines: Sequence[Label]) -> None:
        """What it is about; the first line of each language stands out."""
        width = self._width - 2 * _MARGIN
        y = labelled(self._canvas, _MARGIN, self._y, kicker, width, first=_KICKER, more=_KICKER)
        y = labelled(self._canvas, _MARGIN, y + 2, title, width, first=_TITLE)
        for line in lines:
            y = labelled(self._canvas, _MARGIN, y + 6, line, width)
        self._y = y + 16

    def figures(self, *figures: tuple[str, Label]) -> None:
        """Figures beside each other, each with what it counts."""
        width = (self._width - 2 * _MARGIN - _GAP * (len(figures) - 1)) / len(figures)
        inner, pen = width - 2 * 18, _FIGURE
        while any(width_of(figure, pen) > inner for figure, _label in figures) and pen.size > 24:
            pen = pen._replace(size=pen.size - 2)
        first, more = Pen(24, INK), Pen(21, MUTED)

        def draw(canvas: Canvas, number: int, figure: str, label: Label) -> float:
            x = _MARGIN + number * (width + _GAP) + 18
            canvas.write(x, self._y + 14 + pen.size * 0.8, figure, pen)
            return labelled(canvas, x, self._y + 22 + pen.size * 1.05, label, inner, first=first, more=more)

        ends = [draw(Canvas(self._width, BACKGROUND), n, *each) for n, each in enumerate(figures)]
        height = max(ends) + 12 - self._y
        for number, each in enumerate(figures):
            self._canvas.card(_MARGIN + number * (width + _GAP), self._y, width, height, PANEL, edge=EDGE, radius=14)
            draw(self._canvas, number, *each)
        self._y += height + _GAP

    def panels(self, left: tuple[Label, Content], right: tuple[Label, Content]) -> None:
        """Two panels, each under its heading; of one height where the lower one can be stretched so far."""
        x = (_MARGIN, _MARGIN + self._left + _GAP)
        widths = (self._left, self._right)
        scratch = Canvas(self._width, BACKGROUND)
        ends = [self._panel(scratch, x[n], widths[n], *each, 0) for n, each in enumerate((left, right))]
        for n, each in enumerate((left, right)):
            more = min(max(ends) - ends[n], _STRETCH)
            height = ends[n] + more + _INSET - self._y
            self._canvas.card(x[n], self._y, widths[n], height, PANEL, edge=EDGE, radius=14)
            self._panel(self._canvas, x[n], widths[n], *each, more)
        self._y = max(ends) + _INSET + _GAP

    def foot(self, *lines: Label) -> None:
        for line in lines:
            self._y = labelled(self._canvas, _MARGIN, self._y, line, self._width - 2 * _MARGIN, first=SMALL, more=SMALL)

    def png(self) -> bytes:
        """All that was put on it, as a file."""
        return self._canvas.png(self._y + _MARGIN - 4)

    def figure(self) -> Figure:
        """The same as matplotlib has it."""
        return self._canvas.figure(self._y + _MARGIN - 4)

    def _panel(self, canvas: Canvas, x: float, width: float, label: Label, content: Content, more: float) -> float:
        """`more` is how much higher its content is to be than it would by itself."""
        inner = width - 2 * _INSET
        y = labelled(canvas, x + _INSET, self._y + _INSET - 6, label, inner, first=HEADING)
        return content(canvas, x + _INSET, y + 14, inner, more)
