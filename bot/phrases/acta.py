"""What the acta of a day says. Plain texts for the template; nothing in it names anybody."""

from collections.abc import Iterator

from bot.agenda import Block, BlockKind, Event
from bot.coverage import Delegation
from bot.i18n import country_name, day_name, hour_of_place, translator
from bot.languages import Language, text_in
from bot.phrases import question_figures as asked
from bot.phrases.acta_parts import (
    Said,
    as_sentence,
    basis,
    capital,
    complete,
    corrections,
    counts,
    draft,
    frame,
    minutes,
    missing,
    row,
    section,
    signatures,
    span_said,
    state,
    table,
    unknown,
)
from bot.phrases.summary import by_name, clock_time, elsewhere_name, unregistered_name
from bot.questions import State
from bot.summary_values import Basis, People, Summary

_ = translator("acta")


def day_acta(summary: Summary, people: People, event: Event, language: Language) -> Said:
    """A day's acta, as the template `acta` has it."""
    session = summary.session
    total = summary.total
    facts = [
        (_("Horario", language), capital(_hours(summary, event, language))),
        (_("Base de las cifras", language), capital(basis(summary, language))),
        (_("Estado", language), capital(state(summary.provisional, summary.as_of, event, language))),
    ]
    figures = [
        (str(total.people), _("personas presentes", language)),
        (complete(summary, language), _("delegaciones completas", language)),
        (str(total.companions), _("acompañantes declarados, aparte", language)),
        (str(summary.questions[State.ANSWERED]), _("preguntas respondidas", language)),
    ]
    return {
        **frame(event, language),
        "date": [session.day.year, session.day.month, session.day.day],
        "title": _("Acta de asistencia", language),
        "subtitle": _(
            "Sesión {number} de {count}: {day}",
            language,
            number=session.number,
            count=len(event.sessions),
            day=day_name(session.day, language, with_year=True),
        ),
        "theme": text_in(session.theme, language),
        "draft": draft(summary.provisional, summary.as_of, event, language),
        "facts": facts,
        "figures": figures,
        "first": [_attendance(summary, event, language), _coverage(summary, language)],
        "second": [
            *missing([summary], language),
            *_blocks(summary, event, language),
            *unknown([summary], event, language),
            _questions(summary, language),
            *_corrections(people, language),
        ],
        "signatures": signatures([session], language),
    }


def _hours(summary: Summary, event: Event, language: Language) -> str:
    """From when to when it really was, and what the programme says where that is something else."""
    session = summary.session
    start, end = clock_time(session.starts_at, event), clock_time(session.ends_at, event)
    printed_start, printed_end = session.blocks[0].printed.split("-")[0], session.blocks[-1].printed.split("-")[1]
    place = hour_of_place(event.timezone, language)
    if (start, end) == (printed_start, printed_end):
        return _("de {start} a {end}, {place}", language, start=start, end=end, place=place)
    return _(
        "de {start} a {end}, {place} (programa: de {printed_start} a {printed_end})",
        language,
        start=start,
        end=end,
        place=place,
        printed_start=printed_start,
        printed_end=printed_end,
    )


def _attendance(summary: Summary, event: Event, language: Language) -> Said:
    total = summary.total
    lines: list[tuple[str | None, str]] = []
    if summary.basis is Basis.MEASURED:
        said = _.plural(
            "Presentes: {n} persona, de ellas {unregistered} sin registrar.",
            "Presentes: {n} personas, de ellas {unregistered} sin registrar.",
            total.people,
            language,
            unregistered=summary.unregistered.people,
        )
        if summary.only_seen:
            said += " " + _.plural(
                "{n} más estuvo menos de {seconds} segundos y no se cuenta.",
                "{n} más estuvieron menos de {seconds} segundos y no se cuentan.",
                summary.only_seen,
                language,
                seconds=summary.present_after_seconds,
            )
        said += " " + _(
            "Declararon presencia {declared}, con {companions} acompañantes en la misma conexión.",
            language,
            declared=total.declared,
            companions=total.companions,
        )
    else:
        said = _(
            "Declararon presencia {people} personas, con {companions} acompañantes en la misma conexión; de ellas "
            "{unregistered} sin registrar.",
            language,
            people=total.people,
            companions=total.companions,
            unregistered=summary.unregistered.people,
        )
    lines.append((None, said))
    if summary.unknown_in_blocks:
        spans = ", ".join(span_said(span, event) for span in summary.unknown_in_blocks)
        name = _("Sin datos {spans}.", language, spans=spans)
        lines.append((name, _("De ese tiempo no dicen nada las cifras de esta acta.", language)))
    return section(_("Asistencia", language), lines=lines)


def _coverage(summary: Summary, language: Language) -> Said:
    lacks = bool(summary.people_without_profile)
    head = [
        _("Delegación", language),
        *(
            _("{profile} (mínimo {minimum})", language, profile=text_in(p.name, language), minimum=p.minimum)
            for p in summary.profiles
        ),
        *([_("Sin perfil", language)] if lacks else []),
        _("Presentes", language),
        _("Declaradas", language),
        _("Acompañantes", language),
    ]
    rows = [_delegation(summary, line, lacks, language) for line in by_name(summary.delegations, language)]
    blank = [""] * (len(summary.profiles) + lacks)
    others = [(elsewhere_name(kind, language), count) for kind, count in summary.elsewhere.items()]
    for name, count in (*others, (unregistered_name(language), summary.unregistered)):
        rows.append(row(name, *blank, *counts(count)))
    sums = [*summary.people_by_profile, *([summary.people_without_profile] if lacks else [])]
    rows.append(row(_("Total", language), *map(str, sums), *counts(summary.total), strong=True))
    widths = [2.1, *[1.6] * len(summary.profiles), *([0.9] if lacks else []), 1, 1.05, 1.2]
    return section(
        _("Cobertura por delegación y perfil", language),
        table=table(head, rows, widths, tight=4.4),
        note=_("Sombreado, y con el mínimo al lado: los perfiles que no lo alcanzan.", language),
    )


def _delegation(summary: Summary, line: Delegation, lacks: bool, language: Language) -> Said:
    missing = {profile.key for profile, _has in summary.missing(line)}
    cells, gaps = [], []
    for place, (profile, has) in enumerate(zip(summary.profiles, line.by_profile, strict=True), 1):
        if profile.key in missing:
            gaps.append(place)
            cells.append(_("{has} de {minimum}", language, has=has, minimum=profile.minimum))
        else:
            cells.append(str(has))
    if lacks:
        cells.append(str(line.without_profile))
    return row(country_name(line.country, language), *cells, *counts(line.count), gaps=gaps, named=True)


def _blocks(summary: Summary, event: Event, language: Language) -> Iterator[Said]:
    if summary.basis is Basis.DECLARED:
        return
    head = [
        _("Bloque", language),
        _("Horario", language),
        _("Personas", language),
        _("Minutos en total", language),
        _("Mediana", language),
        _("Sin datos", language),
    ]
    rows = [
        row(
            _block_name(figures.block, language),
            _block_hours(figures.block, event, language),
            str(figures.people),
            minutes(figures.total, language),
            minutes(figures.median, language),
            minutes(figures.unknown, language) if figures.unknown else "–",
            gaps=[5] if figures.unknown else [],
        )
        for figures in summary.blocks
    ]
    yield section(
        _("Bloques", language),
        table=table(head, rows, [2.9, 2.1, 0.9, 1.2, 1, 1], left=(0, 1)),
        note=_("En minutos. La mediana es de quienes estuvieron en el bloque. Los descansos no cuentan.", language)
        if any(block.kind is BlockKind.BREAK for block in summary.session.blocks)
        else _("En minutos. La mediana es de quienes estuvieron en el bloque.", language),
    )


def _block_name(block: Block, language: Language) -> str:
    title = text_in(block.title, language)
    if block.moderator is None:
        return title
    return _("{title} (modera: {who})", language, title=title, who=text_in(block.moderator, language))


def _block_hours(block: Block, event: Event, language: Language) -> str:
    actual = f"{clock_time(block.starts_at, event)}-{clock_time(block.ends_at, event)}"
    if actual == block.printed:
        return _dashed(actual)
    return _("{actual} (programa: {printed})", language, actual=_dashed(actual), printed=_dashed(block.printed))


def _dashed(hours: str) -> str:
    return hours.replace("-", "–")


def _questions(summary: Summary, language: Language) -> Said:
    figures = summary.questions
    counted = [(asked.state_name(state, language), figures[state]) for state in State if figures[state]]
    said = [f"{name} {count}" for name, count in counted]
    lines: list[tuple[str | None, str]] = [
        (_("Recibidas: {received}.", language, received=figures.received), as_sentence(said))
    ]
    if figures.in_writing:
        lines.append((None, _("Respondidas por escrito, de las respondidas: {n}.", language, n=figures.in_writing)))
    if figures.by_reason:
        reasons = [f"{name} {count}" for name, count in asked.by_reason(figures, language)]
        lines.append((_("Motivos de rechazo:", language), as_sentence(reasons)))
    return section(_("Preguntas", language), lines=lines)


def _corrections(people: People, language: Language) -> Iterator[Said]:
    excused = sum(each.excused for each in people.attendees)
    corrected = sum(each.corrected is not None for each in people.attendees)
    yield from corrections(excused, corrected, language)
