"""Attendance through a session, drawn as an area over its blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agenda import Block, BlockKind
from bot.attendance import Span, common, union, without
from bot.clock import to_ms
from bot.phrases.picture import Through
from bot.reports.canvas import Canvas, Pen, steps, width_of
from bot.reports.palette import BADGE, MIDDLE, MUTED, badge

#: The ground of a block, by its kind.
GROUNDS = {
    BlockKind.OPENING: "#fbf0d9",
    BlockKind.EXCHANGE: "#e4eef8",
    BlockKind.QA: "#e0f1e7",
    BlockKind.BREAK: "#ececef",
    BlockKind.CLOSING: "#f1e7f7",
}

_AREA, _OUTLINE = "#8dbbe3", "#1d5f9c"
HATCH, HATCHED = "#9aa4b2", "#f1f2f4"
_TICK = Pen(22, MUTED)
#: Between two hours below the area, at least.
_APART = 14.0
#: Above this there is room for more lines across.
_HIGH = 260.0


@dataclass(frozen=True, slots=True)
class Course:
    """What is drawn. Instants are epoch milliseconds."""

    blocks: tuple[Block, ...]
    through: Through
    unknown: tuple[Span, ...]
    #: How long each value holds.
    step: int
    #: Nothing is known of what comes after.
    seen_to: int


def drawn(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    height: float,
    course: Course,
    highest: int,
    hour: Callable[[datetime], str],
    *,
    unknown: str,
    numbered: bool = False,
) -> None:
    """The area within a rectangle, its scale up to `highest`. Blocks are numbered from 1 where they are wide enough.

    `unknown` is written across the time of which nothing is known, where there is room.
    """
    ticks = ticks_to(highest, 5 if height > _HIGH else 2)
    left, right = x + max(width_of(str(tick), _TICK) for tick in ticks) + 14, x + width
    top, base = y + (BADGE + 12 if numbered else 0), y + height - _TICK.line - 6
    start, end = to_ms(course.blocks[0].starts_at), to_ms(course.blocks[-1].ends_at)

    def across(instant: float) -> float:
        return left + (right - left) * (instant - start) / (end - start)

    def up(people: float) -> float:
        # The highest line stays a little below the edge.
        return base - (base - top - 16) * people / ticks[-1]

    for number, block in enumerate(course.blocks, 1):
        begins, ends = across(to_ms(block.starts_at)), across(to_ms(block.ends_at))
        canvas.box(begins, y, ends - begins, base - y, GROUNDS[block.kind])
        if numbered and ends - begins > BADGE + 4:
            badge(canvas, (begins + ends - BADGE) / 2, y + 6, str(number), "#ffffff")
    for tick in ticks:
        canvas.line([(left, up(tick)), (right, up(tick))], "#c3cbd6", 1)
        canvas.write(left - 10, up(tick) + _TICK.size * MIDDLE, str(tick), _TICK, "right")
    for block in course.blocks[1:]:
        edge = across(to_ms(block.starts_at))
        canvas.line([(edge, y), (edge, base)], "#ffffff", 2)
    holes = union(course.unknown)
    for known in without((Span(start, max(start, min(end, course.seen_to))),), holes):
        _area(canvas, course, known, across, up)
    for hole in common((Span(start, end),), holes):
        _hole(canvas, across(hole.start), across(hole.end), top, base, unknown)
    canvas.line([(left, base), (right, base)], MUTED, 2)
    _hours(canvas, course.blocks, across, base, (x, right), hour)


def ticks_to(highest: int, most: int) -> list[int]:
    """Numbers of people from 0, so many steps at most, the last one at or above the highest."""
    wanted = max(highest, 1)
    step = next(step for power in range(12) for factor in (1, 2, 5) if (step := factor * 10**power) * most >= wanted)
    return list(range(0, -(-wanted // step) * step + 1, step))


def _area(
    canvas: Canvas, course: Course, known: Span, across: Callable[[float], float], up: Callable[[float], float]
) -> None:
    """What is known without a break, as steps."""
    held = [(at, people) for at, people in course.through if known.start - course.step < at < known.end]
    # A value holds from its instant on, and is not known before what is unknown has ended.
    values = [(across(max(at, known.start)), up(people)) for at, people in held]
    if not values:
        return
    corners = steps(values, across(min(known.end, held[-1][0] + course.step)))
    canvas.area([(corners[0][0], up(0)), *corners, (corners[-1][0], up(0))], _AREA)
    canvas.line(corners, _OUTLINE, 3)


def _hole(canvas: Canvas, left: float, right: float, top: float, base: float, unknown: str) -> None:
    """Time of which nothing is known; never too narrow to be seen."""
    if right - left < 3:
        left, right = (left + right) / 2 - 1.5, (left + right) / 2 + 1.5
    canvas.hatched(left, top, right - left, base - top, HATCH, HATCHED)
    for edge in (left, right):
        canvas.line([(edge, top), (edge, base)], HATCH, 1)
    pen = Pen(20, MUTED, bold=True)
    length, middle = width_of(unknown, pen), (left + right) / 2
    if right - left > length + 24:
        canvas.card(middle - length / 2 - 8, (top + base) / 2 - 17, length + 16, 34, "#ffffff", edge=HATCH, radius=6)
        canvas.write(middle, (top + base) / 2 + pen.size * MIDDLE, unknown, pen, "center")
    elif right - left > 34 and base - top > length + 24:
        canvas.card(middle - 15, (top + base - length) / 2 - 8, 30, length + 16, "#ffffff", edge=HATCH, radius=6)
        canvas.write(middle, (top + base) / 2, unknown, pen, upwards=True)


def _hours(
    canvas: Canvas,
    blocks: Sequence[Block],
    across: Callable[[float], float],
    base: float,
    room: tuple[float, float],
    hour: Callable[[datetime], str],
) -> None:
    """The hours at the bounds of the blocks: the first and the last, and between them those that have room."""
    bounds = [blocks[0].starts_at, *(block.starts_at for block in blocks[1:]), blocks[-1].ends_at]
    taken: list[tuple[float, float]] = []
    for bound in (bounds[0], bounds[-1], *bounds[1:-1]):
        text, at = hour(bound), across(to_ms(bound))
        half = width_of(text, _TICK) / 2
        middle = min(max(at, room[0] + half), room[1] - half)
        if all(middle + half + _APART <= left or middle - half - _APART >= right for left, right in taken):
            taken.append((middle - half, middle + half))
            canvas.line([(at, base), (at, base + 6)], MUTED, 2)
            canvas.write(middle, base + 8 + _TICK.size, text, _TICK, "center")
