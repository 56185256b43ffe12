"""What the acta of the whole event says. Plain texts for the template; nothing in it names anybody."""

from collections.abc import Iterator, Sequence

from bot.agenda import Event, Session
from bot.coverage import Stand
from bot.i18n import country_name, day_name, translator
from bot.languages import Language, text_in
from bot.participants import Country
from bot.phrases import question_figures as asked
from bot.phrases.acta_parts import (
    Said,
    basis,
    capital,
    complete,
    corrections,
    counts,
    days_between,
    draft,
    frame,
    minutes,
    missing,
    row,
    section,
    signatures,
    state,
    table,
    unknown,
)
from bot.phrases.summary import by_name, elsewhere_name, unregistered_name
from bot.questions import State
from bot.summary_values import Final, Summary

_ = translator("final_acta")


def final_acta(final: Final, event: Event, language: Language) -> Said:
    """The acta of the whole event, as the template `acta` has it."""
    summaries = final.summaries
    first, last = event.sessions[0], event.sessions[-1]
    distinct = sum(any(day.present for day in career.days.values()) for career in final.people)
    answered = sum(summary.questions[State.ANSWERED] for summary in summaries)
    facts = [
        (_("Base de las cifras", language), capital(basis(summaries[-1], language))),
        (_("Estado", language), capital(state(final.provisional, final.as_of, event, language))),
    ]
    figures = [
        (str(len(summaries)), _("sesiones", language)),
        (str(distinct), _("personas registradas, presentes al menos un día", language)),
        (str(max(summary.total.people for summary in summaries)), _("personas en el día más concurrido", language)),
        (str(answered), _("preguntas respondidas", language)),
    ]
    return {
        **frame(event, language),
        "date": [last.day.year, last.day.month, last.day.day],
        "title": _("Acta final", language),
        "subtitle": _(
            "Sesiones 1 a {count}: {days}", language, count=len(event.sessions), days=days_between(event, language)
        )
        if first is not last
        else day_name(first.day, language, with_year=True),
        "theme": None,
        "draft": draft(final.provisional, final.as_of, event, language),
        "facts": facts,
        "figures": figures,
        "first": [_by_day(summaries, language), _coverage_by_day(final, language)],
        "second": [
            *missing(summaries, language),
            *unknown(summaries, event, language),
            _questions_by_day(summaries, language),
            *_final_corrections(final, language),
        ],
        "signatures": signatures(event.sessions, language),
    }


def _by_day(summaries: Sequence[Summary], language: Language) -> Said:
    head = [
        _("Día", language),
        _("Tema", language),
        _("Presentes", language),
        _("Declaradas", language),
        _("Acompañantes", language),
        _("Completas", language),
        _("Sin datos", language),
    ]
    rows = []
    for summary in summaries:
        unknown = sum(span.end - span.start for span in summary.unknown)
        rows.append(
            row(
                _day_of_week(summary.session, language),
                text_in(summary.session.theme, language),
                *counts(summary.total),
                complete(summary, language),
                minutes(unknown, language) if unknown else "–",
                gaps=[6] if unknown else [],
                named=True,
            )
        )
    return section(
        _("Asistencia por día", language),
        table=table(head, rows, [1.5, 3.1, 1, 1.05, 1.25, 1.05, 0.9], left=(0, 1), tight=4),
        note=_("Completas: delegaciones con el mínimo en cada perfil. Sin datos: minutos.", language),
    )


def _coverage_by_day(final: Final, language: Language) -> Said:
    """How many profiles of each delegation reach the minimum on each day, and how many people it brought in all."""
    summaries = final.summaries
    head = [
        _("Delegación", language),
        *(capital(day_name(summary.session.day, language)) for summary in summaries),
        _("Personas distintas", language),
    ]
    rows = []
    listed = {line.country: line for summary in summaries for line in summary.delegations}
    present = [career for career in final.people if any(day.present for day in career.days.values())]
    for known in by_name(listed.values(), language):
        cells, gaps = [], []
        for place, summary in enumerate(summaries, 1):
            line = next((each for each in summary.delegations if each.country == known.country), None)
            if line is None or line.stand is Stand.UNEXPECTED:
                cells.append("–" if line is None else str(line.count.people))
                continue
            profiles = len(summary.profiles)
            has = profiles - len(summary.missing(line))
            cells.append(
                _("{has} de {profiles} · {people}", language, has=has, profiles=profiles, people=line.count.people)
            )
            if has < profiles:
                gaps.append(place)
        people = sum(career.standing.affiliation == Country(known.country) for career in present)
        rows.append(row(country_name(known.country, language), *cells, str(people), gaps=gaps, named=True))
    elsewhere = [
        (elsewhere_name(kind, language), [s.elsewhere[kind].people for s in summaries], kind)
        for kind in summaries[-1].elsewhere
    ]
    for name, by_day, kind in elsewhere:
        people = sum(career.standing.affiliation == kind for career in present)
        rows.append(row(name, *map(str, by_day), str(people)))
    unregistered = [str(summary.unregistered.people) for summary in summaries]
    rows.append(row(unregistered_name(language), *unregistered, "–"))
    totals = [str(summary.total.people) for summary in summaries]
    rows.append(row(_("Total", language), *totals, str(len(present)), strong=True))
    return section(
        _("Cobertura por delegación y día", language),
        table=table(head, rows, [2, *[1.5] * len(summaries), 1.3], tight=4.4),
        note=_("Perfiles que alcanzan el mínimo, y personas presentes ese día. Sombreado: no todos.", language),
    )


def _questions_by_day(summaries: Sequence[Summary], language: Language) -> Said:
    states = [state for state in State if any(summary.questions[state] for summary in summaries)]
    head = [
        _("Día", language),
        _("Recibidas", language),
        *(capital(asked.state_name(state, language)) for state in states),
    ]
    rows = [
        row(
            _day_of_week(summary.session, language),
            str(summary.questions.received),
            *(str(summary.questions[state]) for state in states),
        )
        for summary in summaries
    ]
    received = sum(summary.questions.received for summary in summaries)
    sums = [str(sum(summary.questions[state] for summary in summaries)) for state in states]
    rows.append(row(_("Total", language), str(received), *sums, strong=True))
    return section(_("Preguntas", language), table=table(head, rows, [2, 1, *[1.1] * len(states)]))


def _day_of_week(session: Session, language: Language) -> str:
    return capital(day_name(session.day, language))


def _final_corrections(final: Final, language: Language) -> Iterator[Said]:
    days = [day for career in final.people for day in career.days.values()]
    yield from corrections(sum(day.excused for day in days), sum(day.corrected for day in days), language)
