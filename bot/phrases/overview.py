"""The first sheet of a workbook, which is read: what a day, or the whole event, has come to."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.agenda import Event
from bot.attendance import Span
from bot.clock import from_ms
from bot.coverage import Delegation, Stand
from bot.event_coverage import days_present
from bot.i18n import country_name, day_name, hour_of_place, translator
from bot.languages import Language, text_in
from bot.phrases import question_figures
from bot.phrases.figures import minutes
from bot.phrases.sight import hours, noted
from bot.phrases.tables import Cell, Column, Look, Reading, Section
from bot.questions import State
from bot.summary_values import Basis, Final, Summary

_ = translator("overview")

Line = tuple[str, Cell, Look]


def overview(summary: Summary, event: Event, language: Language) -> Reading:
    """A day's figures. Names nobody."""
    session = summary.session
    sections = [_about(summary, event, language), _attendance(summary, event, language)]
    if summary.unknown:
        sections.append(_unknown(summary.unknown, event, language))
    if summary.since is not None and summary.gained:
        sections.append(_changes(summary, language))
    sections += _questions(summary, language)
    return Reading(
        name=_("Resumen", language),
        title=text_in(event.name, language),
        subtitles=(_begun(day_name(session.day, language, with_year=True)), text_in(session.theme, language)),
        sections=tuple(sections),
    )


def event_overview(final: Final, lines: Sequence[Delegation], event: Event, language: Language) -> Reading:
    """The event's figures, day by day. `lines` are the coverage of all days together. Names nobody."""
    first, last = (day_name(each.session.day, language) for each in (final.summaries[0], final.summaries[-1]))
    year = final.summaries[-1].session.day.year
    return Reading(
        name=_("Resumen", language),
        title=text_in(event.name, language),
        subtitles=(
            _("Informe final", language),
            _begun(_("{first} a {last}, {year}", language, first=first, last=last, year=year)),
        ),
        sections=(_event_totals(final, lines, event, language), by_day(final, event, language)),
    )


def by_day(final: Final, event: Event, language: Language) -> Section:
    """The figures of each day beside each other."""
    columns = (
        Column(_("Día", language), Look.DAY),
        Column(_("Personas presentes", language), Look.WHOLE),
        Column(_("Sin registrar", language), Look.WHOLE),
        Column(_("Declararon presencia", language), Look.WHOLE),
        Column(_("Acompañantes declarados", language), Look.WHOLE),
        Column(_("Delegaciones completas", language), Look.WHOLE),
        Column(_("Delegaciones ausentes", language), Look.WHOLE),
        Column(_("Sin datos", language)),
        Column(_("Preguntas", language), Look.WHOLE),
        Column(_("Respondidas", language), Look.WHOLE),
    )
    rows = [
        (
            each.session.day,
            each.total.people,
            each.unregistered.people,
            each.total.declared,
            each.total.companions,
            len(each.standing(Stand.COMPLETE)),
            len(each.standing(Stand.ABSENT)),
            hours(each.unknown_in_blocks, event) or None,
            each.questions.received,
            each.questions[State.ANSWERED],
        )
        for each in final.summaries
    ]
    return Section(_("Día por día", language), columns=columns, rows=tuple(rows))


def local(instant: datetime, event: Event) -> datetime:
    """The day and hour on the wall of the event's zone, to the second."""
    return instant.astimezone(event.timezone).replace(tzinfo=None, microsecond=0)


def _event_totals(final: Final, lines: Sequence[Delegation], event: Event, language: Language) -> Section:
    expected = [line for line in lines if line.stand is not Stand.UNEXPECTED]
    provisional = _("provisional", language) if final.provisional else _("definitivas", language)
    attended = [career for career in final.people if days_present(career)]
    every = sum(days_present(career) == len(final.summaries) for career in attended)
    return Section(
        _("Todo el evento", language),
        lines=(
            (_("Días", language), len(final.summaries), Look.WHOLE),
            (_("Cifras", language), provisional, Look.TEXT),
            (_("Corte", language), local(final.as_of, event), Look.MOMENT),
            (_("Horas", language), hour_of_place(event.timezone, language), Look.TEXT),
            (_("Personas registradas", language), len(final.people), Look.WHOLE),
            (_("Registradas y presentes al menos un día", language), len(attended), Look.WHOLE),
            (_("Registradas y presentes todos los días", language), every, Look.WHOLE),
            (_("Delegaciones esperadas", language), len(expected), Look.WHOLE),
            (
                _("Delegaciones completas", language),
                sum(line.stand is Stand.COMPLETE for line in expected),
                Look.WHOLE,
            ),
            (_("Preguntas recibidas", language), sum(s.questions.received for s in final.summaries), Look.WHOLE),
        ),
    )


def _about(summary: Summary, event: Event, language: Language) -> Section:
    session = summary.session
    measured = summary.basis is Basis.MEASURED
    provisional = _("provisional", language) if summary.provisional else _("definitivas", language)
    return Section(
        _("Sesión", language),
        lines=(
            (_("Día", language), session.day, Look.DAY),
            (_("Inicio", language), local(session.starts_at, event).time(), Look.HOUR),
            (_("Fin", language), local(session.ends_at, event).time(), Look.HOUR),
            (_("Horas", language), hour_of_place(event.timezone, language), Look.TEXT),
            (_("Cifras", language), provisional, Look.TEXT),
            (_("Corte", language), local(summary.as_of, event), Look.MOMENT),
            (
                _("Base", language),
                _("presencia medida", language) if measured else _("presencia declarada", language),
                Look.TEXT,
            ),
        ),
    )


def _attendance(summary: Summary, event: Event, language: Language) -> Section:
    total = summary.total
    expected = [line for line in summary.delegations if line.stand is not Stand.UNEXPECTED]
    lines: list[Line] = [(_noted(summary, event, language), total.people, Look.WHOLE)]
    if summary.basis is Basis.MEASURED:
        seconds = summary.present_after_seconds
        seen = _("Vistas menos de {seconds} s, no contadas", language, seconds=seconds)
        lines.append((seen, summary.only_seen, Look.WHOLE))
        lines.append((_("Conexiones (no son personas)", language), summary.connections, Look.WHOLE))
    lines += [
        (_("De las presentes, sin registrar", language), summary.unregistered.people, Look.WHOLE),
        (_("Personas que declararon presencia", language), total.declared, Look.WHOLE),
        (_("Acompañantes declarados", language), total.companions, Look.WHOLE),
    ]
    for name, number in (
        (_("Presentes solo por corrección", language), total.corrected),
        (_("Descontadas por corrección", language), total.discounted),
        (_("Acompañantes, por corrección", language), total.companions_corrected),
        (_("Excusadas, no presentes", language), total.excused),
    ):
        if number:
            lines.append((name, number, Look.WHOLE))
    complete = len(summary.standing(Stand.COMPLETE))
    lines += [
        (_("Delegaciones esperadas", language), len(expected), Look.WHOLE),
        (_("Delegaciones completas", language), complete, Look.WHOLE),
        (_("Delegaciones incompletas", language), len(summary.standing(Stand.INCOMPLETE)), Look.WHOLE),
        (_("Delegaciones ausentes", language), len(summary.standing(Stand.ABSENT)), Look.WHOLE),
    ]
    return Section(_("Asistencia", language), lines=tuple(lines))


def _noted(summary: Summary, event: Event, language: Language) -> str:
    return noted(_("Personas presentes", language), summary.unknown_in_blocks, event, language)


def _unknown(unknown: Sequence[Span], event: Event, language: Language) -> Section:
    columns = (
        Column(_("Sin datos desde", language), Look.INSTANT),
        Column(_("hasta", language), Look.INSTANT),
        Column(_("Minutos", language), Look.MINUTES),
    )
    rows: list[tuple[Cell, ...]] = [
        (*(local(from_ms(edge), event).time() for edge in span), minutes(span.end - span.start)) for span in unknown
    ]
    return Section(_("El bot no pudo ver", language), columns=columns, rows=tuple(rows))


def _changes(summary: Summary, language: Language) -> Section:
    assert summary.since is not None
    columns = (
        Column(_("Delegación", language)),
        Column(_("Perfil", language)),
        Column(_("Antes", language), Look.WHOLE),
        Column(_("Ahora", language), Look.WHOLE),
    )
    rows = [
        (country_name(each.country, language), text_in(each.profile.name, language), each.before, each.now)
        for each in summary.gained
    ]
    heading = _("Cambios de cobertura desde el {day}", language, day=day_name(summary.since.day, language))
    return Section(heading, columns=columns, rows=tuple(rows))


def _questions(summary: Summary, language: Language) -> Iterator[Section]:
    """What became of a day's questions. Countries of which few people asked are not named."""
    figures = summary.questions
    lines: list[Line] = [(_("Recibidas", language), figures.received, Look.WHOLE)]
    for state in State:
        if figures[state]:
            lines.append((question_figures.state_name(state, language), figures[state], Look.WHOLE))
        if state is State.ANSWERED and figures.in_writing:
            lines.append((question_figures.in_writing_name(language), figures.in_writing, Look.WHOLE))
    lines.append((_("aprobadas en total", language), figures.accepted, Look.WHOLE))
    if figures.median_wait_seconds is not None:
        wait = minutes(round(figures.median_wait_seconds * 1000))
        lines.append((question_figures.median_name(language), wait, Look.MINUTES))
    yield Section(_("Preguntas", language), lines=tuple(lines))
    by_country = question_figures.by_country(summary.origins, language, for_organizers=False)
    if figures.received and by_country:
        counted = tuple((name, count, Look.WHOLE) for name, count in by_country)
        yield Section(_("Preguntas por país de quien pregunta", language), lines=counted)


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
