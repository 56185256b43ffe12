"""The colours and letters of the picture, and the small parts that its halves share."""

from collections.abc import Sequence

from bot.phrases.picture import Label
from bot.reports.canvas import Canvas, Pen

BACKGROUND, PANEL, EDGE = "#f3f5f8", "#ffffff", "#d9dfe7"
INK, MUTED, FAINT = "#18212f", "#546071", "#8893a3"

TEXT = Pen(26, INK)
STRONG = Pen(26, INK, bold=True)
SMALL = Pen(22, MUTED)
HEADING = Pen(28, INK, bold=True)

#: A badge's side.
BADGE = 34.0

#: From a line's baseline to the middle of its figures and capitals, in sizes of its letters.
MIDDLE = 0.365


def labelled(
    canvas: Canvas, x: float, y: float, label: Label, width: float, *, first: Pen = TEXT, more: Pen = SMALL
) -> float:
    """The first language, and beneath it the others smaller; returns where it ends."""
    for number, text in enumerate(label):
        y = canvas.paragraph(x, y, text, more if number else first, width)
    return y


def badge(canvas: Canvas, x: float, y: float, text: str, ground: str) -> None:
    """A letter or number in a small square."""
    canvas.card(x, y, BADGE, BADGE, ground, edge=FAINT, radius=7)
    pen = Pen(21, INK, bold=True)
    canvas.write(x + BADGE / 2, y + BADGE / 2 + pen.size * MIDDLE, text, pen, "center")


def listed(canvas: Canvas, x: float, y: float, marks: Sequence[tuple[str, str, Label]], width: float) -> float:
    """What the badges stand for, each with its ground, one below the other; returns where the list ends."""
    for mark, ground, label in marks:
        badge(canvas, x, y, mark, ground)
        end = labelled(canvas, x + BADGE + 12, y + 1, label, width - BADGE - 12)
        y = max(end, y + BADGE) + 8
    return y
