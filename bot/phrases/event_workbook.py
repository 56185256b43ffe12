"""The whole event as the sheets of a workbook. Those of people and of questions are for organizers alone."""

from collections.abc import Sequence

from bot.agenda import Event
from bot.coverage import Delegation
from bot.event_coverage import days_present
from bot.i18n import day_name, translator
from bot.languages import Language
from bot.phrases.figures import minutes
from bot.phrases.overview import by_day, event_overview
from bot.phrases.summary import by_name
from bot.phrases.tables import Cell, Column, Look, Sheet, Table, Value, flat
from bot.phrases.workbook import (
    blocks_sheet,
    coverage_sheet,
    headed,
    person_cells,
    person_columns,
    person_order,
    questions_sheet,
    yes_or_no,
)
from bot.queue_values import Exported
from bot.summary_values import Basis, Career, DayOf, Final, Summary

_ = translator("event_workbook")


def event_workbook(
    final: Final, lines: Sequence[Delegation], questions: Sequence[Exported], event: Event, language: Language
) -> tuple[Sheet, ...]:
    """All that the event has come to. `lines` are the coverage of all days together."""
    return (
        event_overview(final, lines, event, language),
        _coverage(final, lines, event, language),
        careers_sheet(final, event, language),
        blocks_sheet(final.summaries, event, language),
        questions_sheet(questions, event, language),
    )


def careers_sheet(final: Final, event: Event, language: Language) -> Table:
    """Everybody who registered, with each of their days, in the order of delegations."""
    measured = final.summaries[-1].basis is Basis.MEASURED
    columns = [*person_columns(language), Column(_("Días presente", language), Look.WHOLE)]
    if measured:
        columns.append(Column(_("Minutos en total", language), Look.MINUTES))
    columns.append(Column(_("Días que declaró presencia", language), Look.WHOLE))
    for summary in final.summaries:
        day = day_name(summary.session.day, language)
        hidden = summary.unknown_in_blocks
        columns.append(Column(headed(_("{day}: presente", language, day=day), hidden, event, language)))
        if measured:
            columns.append(
                Column(headed(_("{day}: minutos", language, day=day), hidden, event, language), Look.MINUTES)
            )
    columns.append(Column(_("Cuenta de Discord", language), Look.ID))
    careers = sorted(final.people, key=lambda each: person_order(each.standing, each.participant.name, language))
    return Table(
        _("Personas", language),
        tuple(columns),
        tuple(_career(each, final, language, measured=measured) for each in careers),
    )


def days_table(final: Final, event: Event, language: Language) -> list[list[Value]]:
    """The figures of each day, for a file that is posted. It names nobody."""
    section = by_day(final, event, language)
    return [[column.heading for column in section.columns], *([flat(cell) for cell in row] for row in section.rows)]


def _career(career: Career, final: Final, language: Language, *, measured: bool) -> tuple[Cell, ...]:
    participant, profiles = career.participant, final.summaries[-1].profiles
    row: list[Cell] = [
        *person_cells(participant.name, participant.institution, career.standing, profiles, language),
        days_present(career),
    ]
    if measured:
        row.append(minutes(sum(day.measured for day in career.days.values())))
    row.append(sum(day.declared for day in career.days.values()))
    for summary in final.summaries:
        day = career.days[summary.session.key]
        row.append(_state(day, language))
        if measured:
            row.append(minutes(day.measured))
    return (*row, str(participant.person_id))


def _state(day: DayOf, language: Language) -> str:
    if day.excused:
        return _("excusada", language)
    present = yes_or_no(day.present, language)
    return _("{present} (corregido)", language, present=present) if day.corrected else present


def _coverage(final: Final, lines: Sequence[Delegation], event: Event, language: Language) -> Table:
    """The coverage of all days together, and how many of each delegation were present on each day."""
    table = coverage_sheet(final.summaries[-1].profiles, lines, event, language)
    by_day = [{line.country: line.count.people for line in each.delegations} for each in final.summaries]
    days = [Column(_present_on(each, event, language), Look.WHOLE) for each in final.summaries]
    rows = [
        (*row[:-1], *(day.get(line.country, 0) for day in by_day), row[-1])
        for row, line in zip(table.rows, by_name(lines, language), strict=True)
    ]
    return Table(table.name, (*table.columns[:-1], *days, table.columns[-1]), tuple(rows))


def _present_on(summary: Summary, event: Event, language: Language) -> str:
    said = _("Presentes el {day}", language, day=day_name(summary.session.day, language))
    return headed(said, summary.unknown_in_blocks, event, language)
