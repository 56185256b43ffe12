"""The files of a report: made from what is in the database, the same with the bot and without it.

To be asked for through `bot.reports.making`, which a running bot can do without loading any of this.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from bot.agenda import Event
from bot.attendance import people_through
from bot.config import Config
from bot.directory import who_asks
from bot.event_coverage import event_delegations
from bot.ids import SessionKey
from bot.languages import Language
from bot.live_agenda import kept_event
from bot.phrases.described import described, event_described
from bot.phrases.event_workbook import careers_sheet, event_workbook
from bot.phrases.picture import Through
from bot.phrases.tables import Table, rows_of
from bot.phrases.workbook import day_workbook, people_sheet
from bot.queue_carried import export
from bot.queue_values import Exported
from bot.register_operations import day_record
from bot.reports.acta import acta_pdf, final_acta_pdf
from bot.reports.chart import STEP_SECONDS, day_png, final_png
from bot.reports.csv import written
from bot.reports.making import ALL, Form, Made, Source
from bot.reports.xlsx import report
from bot.storage.looking import look
from bot.storage.nouns import Nouns
from bot.summary import basis_of, day_of, final_of
from bot.summary_values import Basis, Final, People, Summary


def day_report(
    source: Source, session: SessionKey, languages: Sequence[Language], forms: Iterable[Form] = ALL
) -> tuple[Made, ...]:
    """A day's files, in the order of `forms`. The picture is in each of the languages, the rest in the first one.

    Raises KeyError for a day without session, what is wrong with the database, and NotTypeset.
    """
    config, first = source.config, languages[0]

    def read(nouns: Nouns) -> tuple[Event, Summary, People, Through, list[Exported]]:
        event = _event(nouns, source)
        sure = source.seen_to.get(session)
        summary, people = day_of(nouns, event, config, session, source.now, seen_to=sure)
        asked = [each for each in export(nouns, who_asks) if each.question.session == session]
        return event, summary, people, _through(nouns, source, session), asked

    event, summary, people, through, questions = look(source.database, source.now, read)
    day, as_of = summary.session.day, summary.as_of
    make: dict[Form, Callable[[], Made]] = {
        Form.PNG: lambda: _day_picture(summary, through, event, languages),
        Form.XLSX: lambda: Made(
            f"informe-{day}.xlsx", report(day_workbook(summary, people, questions, event, first), first, as_of)
        ),
        Form.PDF: lambda: Made(f"acta-{day}.pdf", acta_pdf(summary, people, event, first, as_of)),
        Form.CSV: lambda: Made(f"personas-{day}.csv", _csv(people_sheet(people, event, first), first)),
    }
    return tuple(make[form]() for form in forms)


def final_report(source: Source, languages: Sequence[Language], forms: Iterable[Form] = ALL) -> tuple[Made, ...]:
    """The files of the whole event, in the same way."""
    config, first = source.config, languages[0]

    def read(nouns: Nouns) -> tuple[Event, Final, list[Through], tuple[Exported, ...]]:
        event = _event(nouns, source)
        final = final_of(nouns, event, config, source.now, seen_to=source.seen_to)
        through = [_through(nouns, source, session.key) for session in event.sessions]
        return event, final, through, export(nouns, who_asks)

    event, final, through, questions = look(source.database, source.now, read)
    lines, as_of = event_delegations(final, config.coverage), final.as_of
    make: dict[Form, Callable[[], Made]] = {
        Form.PNG: lambda: _final_picture(final, through, event, config, languages),
        Form.XLSX: lambda: Made(
            "informe-final.xlsx", report(event_workbook(final, lines, questions, event, first), first, as_of)
        ),
        Form.PDF: lambda: Made("acta-final.pdf", final_acta_pdf(final, event, first, as_of)),
        Form.CSV: lambda: Made("personas-final.csv", _csv(careers_sheet(final, event, first), first)),
    }
    return tuple(make[form]() for form in forms)


def day_picture(source: Source, summary: Summary, languages: Sequence[Language]) -> Made:
    """The picture of a summary that is posted."""

    def read(nouns: Nouns) -> tuple[Event, Through]:
        return _event(nouns, source), _through(nouns, source, summary.session.key)

    event, through = look(source.database, source.now, read)
    return _day_picture(summary, through, event, languages)


def final_picture(source: Source, final: Final, languages: Sequence[Language]) -> Made:
    """The picture of the final report that is posted."""

    def read(nouns: Nouns) -> tuple[Event, list[Through]]:
        event = _event(nouns, source)
        return event, [_through(nouns, source, session.key) for session in event.sessions]

    event, through = look(source.database, source.now, read)
    return _final_picture(final, through, event, source.config, languages)


def _day_picture(summary: Summary, through: Through, event: Event, languages: Sequence[Language]) -> Made:
    return Made(
        f"asistencia-{summary.session.day}.png",
        day_png(summary, through, event, languages),
        described(summary, through, event, languages[0]),
    )


def _final_picture(
    final: Final, through: Sequence[Through], event: Event, config: Config, languages: Sequence[Language]
) -> Made:
    lines = event_delegations(final, config.coverage)
    return Made(
        "asistencia-final.png",
        final_png(final, lines, through, event, languages),
        event_described(final, lines, languages[0]),
    )


def _event(nouns: Nouns, source: Source) -> Event:
    return kept_event(nouns, source.config.agenda) if source.event is None else source.event


def _through(nouns: Nouns, source: Source, session: SessionKey) -> Through:
    """How many were there at each step; nothing where presence is not measured."""
    if basis_of(source.config) is Basis.DECLARED:
        return ()
    on = _event(nouns, source).session(session)
    opens_at = on.starts_at - timedelta(minutes=source.config.attendance.register_opens_minutes)
    record = day_record(nouns, on, opens_at, source.now, source.seen_to.get(session))
    return people_through(record, STEP_SECONDS)


def _csv(table: Table, language: Language) -> bytes:
    """One table: what stands beneath it is in no row, so that a program reads it too."""
    return written(rows_of(table), language)
