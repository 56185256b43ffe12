"""A picture of a day's figures, and of the event's: who was there through the sessions, beside the coverage.

It has a ground of its own, so that it is read on a dark screen and on a light one, and letters that are read on a
telephone. To be made apart (`bot.reports.apart`): drawing holds the interpreter for a second.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

from bot.agenda import Event
from bot.attendance import union
from bot.clock import from_ms, to_ms
from bot.coverage import Delegation, Stand
from bot.i18n import country_name
from bot.languages import Language
from bot.phrases import picture as phrases
from bot.phrases.picture import Through, label, text_label
from bot.phrases.summary import by_name, clock_time
from bot.reports import course
from bot.reports.canvas import Canvas
from bot.reports.course import GROUNDS, Course, drawn
from bot.reports.heat import Heat, Level, Row, legend, letters, level
from bot.reports.page import Page
from bot.reports.palette import SMALL, STRONG, TEXT, labelled, listed
from bot.summary_values import Basis, Final, Summary

#: Between two values of attendance through a session.
STEP_SECONDS = 60

_LEFT = 440.0
_PLOT, _SMALL_PLOT = 330.0, 150.0


def day_png(summary: Summary, through: Through, event: Event, languages: Sequence[Language]) -> bytes:
    """The picture of a day, in these languages; `through` is how many were there at each step. It names nobody."""
    return day_page(summary, through, event, languages).png()


def day_page(summary: Summary, through: Through, event: Event, languages: Sequence[Language]) -> Page:
    """The same before it is drawn."""
    coverage = _Coverage(summary, summary.delegations, languages)
    page = Page(_LEFT, coverage.heat.width)
    lines = [text_label(summary.session.theme, languages)]
    if summary.provisional:
        lines.append(label(lambda it: phrases.provisional(summary, event, it), languages))
    page.head(text_label(event.name, languages[:1]), label(partial(phrases.day_heading, summary), languages), lines)
    total = summary.total
    page.figures(
        (str(total.people), label(lambda it: phrases.people_present(summary, event, it), languages)),
        (coverage.complete(), label(phrases.delegations_complete, languages)),
        (str(total.declared), label(phrases.declared_present, languages)),
        (str(total.companions), label(phrases.companions, languages)),
    )

    def left(canvas: Canvas, x: float, y: float, width: float, more: float) -> float:
        return _day(canvas, x, y, width, more, summary, through, event, languages)

    def right(canvas: Canvas, x: float, y: float, width: float, _more: float) -> float:
        end = coverage.draw(canvas, x, y, width)
        said = label(partial(phrases.others, summary), languages)
        end = labelled(canvas, x, end + 6, said, width, first=SMALL, more=SMALL)
        if summary.unknown_in_blocks:
            hidden = label(partial(_hidden, summary, event), languages)
            end = labelled(canvas, x, end + 6, hidden, width, first=SMALL, more=SMALL)
        return end

    page.panels((label(phrases.through_heading, languages), left), (label(phrases.coverage_heading, languages), right))
    page.foot(label(lambda it: phrases.rule(summary, event, it), languages))
    return page


def final_png(
    final: Final,
    lines: Sequence[Delegation],
    through: Sequence[Through],
    event: Event,
    languages: Sequence[Language],
) -> bytes:
    """The picture of the whole event. `lines` are the coverage of all days together, `through` is of each day."""
    return final_page(final, lines, through, event, languages).png()


def final_page(
    final: Final,
    lines: Sequence[Delegation],
    through: Sequence[Through],
    event: Event,
    languages: Sequence[Language],
) -> Page:
    """The same before it is drawn."""
    last = final.summaries[-1]
    coverage = _Coverage(last, lines, languages)
    page = Page(_LEFT, coverage.heat.width)
    heads = [text_label(event.name, languages)]
    if final.provisional:
        heads.append(label(phrases.event_provisional, languages))
    page.head(label(partial(phrases.first_to_last, final), languages), label(phrases.event_heading, languages), heads)
    attended = sum(any(day.present for day in career.days.values()) for career in final.people)
    page.figures(
        (str(len(final.summaries)), label(phrases.days_held, languages)),
        (str(attended), label(phrases.people_in_event, languages)),
        (coverage.complete(), label(phrases.delegations_complete, languages)),
        (str(sum(each.questions.received for each in final.summaries)), label(phrases.questions_received, languages)),
    )

    def left(canvas: Canvas, x: float, y: float, width: float, more: float) -> float:
        return _days(canvas, x, y, width, more, final, through, event, languages)

    def right(canvas: Canvas, x: float, y: float, width: float, _more: float) -> float:
        end = coverage.draw(canvas, x, y, width)
        note = label(phrases.event_coverage_note, languages)
        return labelled(canvas, x, end + 6, note, width, first=SMALL, more=SMALL)

    page.panels(
        (label(phrases.days_heading, languages), left), (label(phrases.event_coverage_heading, languages), right)
    )
    page.foot(label(lambda it: phrases.rule(last, event, it), languages))
    return page


class _Coverage:
    """The coverage's panel."""

    def __init__(self, summary: Summary, lines: Sequence[Delegation], languages: Sequence[Language]) -> None:
        self._languages = languages
        self._profiles = summary.profiles
        self._lines = lines
        self._lacks = any(line.without_profile for line in lines)
        first = languages[0]
        rows = [self._row(line, country_name(line.country, first)) for line in by_name(lines, first)]
        columns = letters(len(self._profiles)) + (("?",) if self._lacks else ())
        self.heat = Heat(columns, tuple(rows), phrases.total(first))

    def complete(self) -> str:
        """How many of the expected delegations are complete."""
        expected = [line for line in self._lines if line.stand is not Stand.UNEXPECTED]
        complete = sum(line.stand is Stand.COMPLETE for line in expected)
        return phrases.complete_of(complete, len(expected), self._languages[0])

    def draw(self, canvas: Canvas, x: float, y: float, width: float) -> float:
        languages = self._languages
        if not self._lines:
            return labelled(canvas, x, y, label(phrases.no_delegations, languages), width)
        y = self.heat.draw(canvas, x, y, width) + 16
        meanings = ((Level.MET, phrases.met), (Level.SHORT, phrases.short), (Level.NONE, phrases.absent))
        y = legend(canvas, x, y, [(each, " / ".join(label(say, languages))) for each, say in meanings], width) + 8
        marks = [
            (letter, "#e9edf2", label(partial(phrases.profile, profile.name, profile.minimum), languages))
            for letter, profile in zip(letters(len(self._profiles)), self._profiles, strict=True)
        ]
        if self._lacks:
            marks.append(("?", "#e9edf2", label(phrases.without_profile, languages)))
        return listed(canvas, x, y, marks, width)

    def _row(self, line: Delegation, name: str) -> Row:
        cells = []
        for has, profile in zip(line.by_profile, self._profiles, strict=True):
            if line.stand is Stand.UNEXPECTED or not profile.minimum:
                cells.append((str(has), Level.FREE))
            else:
                cells.append((f"{has}/{profile.minimum}", level(has, profile.minimum)))
        if self._lacks:
            cells.append((str(line.without_profile), Level.FREE))
        return Row(name, tuple(cells), str(line.count.people))


def _day(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    more: float,
    summary: Summary,
    through: Through,
    event: Event,
    languages: Sequence[Language],
) -> float:
    """Attendance through the session, and what its numbers stand for; returns where it ends."""
    if summary.basis is Basis.DECLARED:
        y = labelled(canvas, x, y, label(phrases.not_measured, languages), width) + 16
    else:
        y = _course(canvas, x, y, width, more, summary, through, event, languages)
    blocks = summary.session.blocks
    marks = [
        (str(number), GROUNDS[block.kind], phrases.block_label(block, languages))
        for number, block in enumerate(blocks, 1)
    ]
    return listed(canvas, x, y, marks, width)


def _course(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    more: float,
    summary: Summary,
    through: Through,
    event: Event,
    languages: Sequence[Language],
) -> float:
    peak = phrases.peak_of(through)
    if peak is not None:
        at = from_ms(peak[0])
        said = label(lambda it: phrases.highest(peak[1], at, event, it), languages)
    elif summary.unknown and not through:
        said = label(phrases.unknown, languages)
    elif summary.as_of < summary.session.starts_at:
        said = label(phrases.nothing_yet, languages)
    else:
        said = label(phrases.nobody, languages)
    y = labelled(canvas, x, y - 8, said, width, first=SMALL, more=SMALL) + 10
    height = _PLOT + more
    drawn(
        canvas,
        *(x, y, width, height),
        _course_of(summary, through),
        peak[1] if peak else 0,
        partial(_hour, event),
        unknown=phrases.unknown(languages[0]),
        numbered=True,
    )
    y += height + 14
    if summary.unknown_in_blocks:
        hidden = label(partial(_hidden, summary, event), languages)
        y = _hatched_note(canvas, x, y, hidden, width)
    return y


def _hatched_note(canvas: Canvas, x: float, y: float, text: phrases.Label, width: float) -> float:
    canvas.hatched(x, y + 2, 34, 30, course.HATCH, course.HATCHED)
    return max(labelled(canvas, x + 46, y + 1, text, width - 46), y + 34) + 10


def _days(
    canvas: Canvas,
    x: float,
    y: float,
    width: float,
    more: float,
    final: Final,
    through: Sequence[Through],
    event: Event,
    languages: Sequence[Language],
) -> float:
    """A small picture of each day, all to one scale."""
    first = languages[0]
    highest = max((peak[1] for each in through if (peak := phrases.peak_of(each))), default=0)
    height = _SMALL_PLOT + more / len(final.summaries)
    for summary, own in zip(final.summaries, through, strict=True):
        canvas.paragraph(x, y, phrases.short_day(summary, first), STRONG, width, lines=1)
        y += STRONG.line
        y = canvas.paragraph(x, y, phrases.present_on(summary, first), TEXT, width)
        if summary.basis is Basis.MEASURED:
            drawn(
                canvas,
                *(x, y + 8, width, height),
                _course_of(summary, own),
                highest,
                partial(_hour, event),
                unknown=phrases.unknown(first),
            )
            y += height + 14
            if summary.unknown_in_blocks:
                y = canvas.paragraph(x, y, _hidden(summary, event, first), SMALL, width)
        y += 22
    return y - 22


def _hidden(summary: Summary, event: Event, language: Language) -> str:
    return phrases.unknown_spans(union(summary.unknown_in_blocks), event, language)


def _course_of(summary: Summary, through: Through) -> Course:
    return Course(
        blocks=summary.session.blocks,
        through=through,
        unknown=summary.unknown,
        step=STEP_SECONDS * 1000,
        seen_to=to_ms(summary.as_of),
    )


def _hour(event: Event, instant: datetime) -> str:
    return clock_time(instant, event)
