"""A day's figures and its people as tables, for files."""

from decimal import Decimal

from bot.agenda import Event
from bot.clock import from_ms
from bot.collation import alphabetical
from bot.coverage import Count
from bot.i18n import country_name, day_name, translator
from bot.languages import Language, text_in
from bot.participants import Affiliation, Country
from bot.phrases import question_figures as asked
from bot.phrases.sight import noted, without_data
from bot.phrases.summary import (
    by_name,
    clock_time,
    elsewhere_name,
    standing_name,
    unregistered_name,
)
from bot.questions import State
from bot.summary import Attendee, Basis, People, Summary

_ = translator("figures")

#: A text stays a text in whatever file it gets into; a number is one; None is an empty cell.
Cell = str | int | Decimal | None
Row = list[Cell]


def day_table(summary: Summary, event: Event, language: Language) -> list[Row]:
    """The figures of a day, without names: several tables below each other, an empty row between them.

    The file goes from hand to hand, so countries of which few people asked are not named in it.
    """
    tables = [_about(summary, event, language), _totals(summary, event, language), _coverage(summary, language)]
    tables += [_by_profile(summary, language), _gained(summary, event, language), _companions(summary, language)]
    if summary.basis is Basis.MEASURED:
        tables += [_blocks(summary, event, language), _unknown(summary, event, language)]
    tables += _questions(summary, language)
    return [row for table in tables if table for row in (*table, [])][:-1]


def people_table(people: People, event: Event, language: Language) -> list[Row]:
    """Who was there, by name, in the order of delegations; how many more there were who did not register."""
    blocks = people.session.blocks if people.basis is Basis.MEASURED else ()
    heading: Row = [
        _("Nombre", language),
        _("Institución", language),
        _("Delegación", language),
        _("Código", language),
        _("Perfil", language),
        _("Presente", language),
    ]
    if blocks:
        every = [span for hidden in people.unknown.values() for span in hidden]
        heading[-1] = noted(_("Presente", language), every, event, language)
        heading.append(noted(_("Minutos", language), every, event, language))
        for block in blocks:
            title = text_in(block.title, language)
            of_block = _("Minutos {hours} {title}", language, hours=block.printed, title=title)
            heading.append(noted(of_block, people.unknown.get(block.key, ()), event, language))
    heading += [
        _("Declaró presencia", language),
        _("Acompañantes", language),
        _("Corrección", language),
        _("Acompañantes por corrección", language),
        _("Excusada", language),
    ]
    profiles = {profile.key: text_in(profile.name, language) for profile in people.profiles}
    rows = [heading]
    for attendee in sorted(people.attendees, key=lambda each: _order(each, language)):
        affiliation = attendee.standing.affiliation
        row: Row = [
            attendee.participant.name,
            attendee.participant.institution,
            _affiliation(affiliation, language),
            affiliation.code if isinstance(affiliation, Country) else None,
            profiles.get(attendee.standing.profile or ""),
            _yes_or_no(attendee.present, language),
        ]
        if blocks:
            row.append(minutes(sum(attendee.minutes.values())))
            row += [minutes(attendee.minutes.get(block.key, 0)) for block in blocks]
        row += [_yes_or_no(attendee.companions is not None, language), attendee.companions or 0]
        row += [_corrected(attendee, language), attendee.companions_corrected, _yes_or_no(attendee.excused, language)]
        rows.append(row)
    return [*rows, [], [_("Presentes sin registrar (sin nombre)", language), people.unnamed]]


def minutes(milliseconds: int) -> Decimal:
    """Minutes to the hundredth."""
    return (Decimal(milliseconds) / 60_000).quantize(Decimal("0.01"))


def _about(summary: Summary, event: Event, language: Language) -> list[Row]:
    session = summary.session
    state = _("definitivo", language)
    if summary.provisional:
        state = _("provisional, a las {at}", language, at=clock_time(summary.as_of, event))
    measured = summary.basis is Basis.MEASURED
    return [
        [_("Evento", language), text_in(event.name, language)],
        [_("Día", language), day_name(session.day, language, with_year=True)],
        [_("Tema", language), text_in(session.theme, language)],
        [_("Estado", language), state],
        [
            _("Base", language),
            _("presencia medida", language) if measured else _("presencia declarada", language),
        ],
    ]


def _totals(summary: Summary, event: Event, language: Language) -> list[Row]:
    total = summary.total
    rows: list[Row] = [[_("Personas presentes", language), total.people]]
    if note := without_data(summary.unknown_in_blocks, event, language):
        rows[0].append(note)
    if summary.basis is Basis.MEASURED:
        seconds = summary.present_after_seconds
        rows.append([_("Vistas menos de {seconds} s", language, seconds=seconds), summary.only_seen])
        rows.append([_("Conexiones, que no son personas", language), summary.connections])
    return [
        *rows,
        [_("De las presentes, por corrección", language), total.corrected],
        [_("No contadas, por corrección", language), total.discounted],
        [_("Excusadas, no presentes", language), total.excused],
        [_("Personas que declararon presencia", language), total.declared],
        [_("Acompañantes declarados", language), total.companions],
        [_("Acompañantes de más o de menos, por corrección", language), total.companions_corrected],
    ]


def _coverage(summary: Summary, language: Language) -> list[Row]:
    headings: Row = [_("Delegación", language), _("Código", language), _("Cobertura", language)]
    headings += [
        _("{profile} (mínimo {minimum})", language, profile=text_in(p.name, language), minimum=p.minimum)
        for p in summary.profiles
    ]
    headings += [
        _("Sin perfil", language),
        _("Presentes", language),
        _("Declaradas", language),
        _("Acompañantes", language),
    ]
    rows = [headings]
    for line in by_name(summary.delegations, language):
        name, stand = country_name(line.country, language), standing_name(line.stand, language)
        rows.append([name, line.country, stand, *line.by_profile, line.without_profile, *_counts(line.count)])
    blank: Row = [None] * (len(summary.profiles) + 3)
    for kind, count in summary.elsewhere.items():
        rows.append([elsewhere_name(kind, language), *blank, *_counts(count)])
    rows.append([unregistered_name(language), *blank, *_counts(summary.unregistered)])
    sums = [*summary.people_by_profile, summary.people_without_profile]
    rows.append([_("Total", language), None, None, *sums, *_counts(summary.total)])
    return rows


def _by_profile(summary: Summary, language: Language) -> list[Row]:
    """Everybody once more, each in one line: the sum is that of the delegations' table."""
    outside = sum(count.people for count in summary.elsewhere.values())
    names = [text_in(profile.name, language) for profile in summary.profiles]
    rows: list[Row] = [[_("Perfil", language), _("Personas", language)]]
    rows += [[name, people] for name, people in zip(names, summary.people_by_profile, strict=True)]
    return [
        *rows,
        [_("Sin dato: delegación sin perfil indicado", language), summary.people_without_profile],
        [_("Sin dato: sin registrar", language), summary.unregistered.people],
        [_("Fuera de las delegaciones", language), outside],
        [_("Total", language), summary.total.people],
    ]


def _gained(summary: Summary, event: Event, language: Language) -> list[Row]:
    """What changed in the coverage since the day before."""
    if summary.since is None:
        return []
    before = noted(day_name(summary.since.day, language), summary.since_unknown, event, language)
    now = noted(day_name(summary.session.day, language), summary.unknown_in_blocks, event, language)
    rows: list[Row] = [[_("Cambios en la cobertura", language), _("Perfil", language), before, now]]
    for change in summary.gained:
        profile = text_in(change.profile.name, language)
        rows.append([country_name(change.country, language), profile, change.before, change.now])
    return rows if summary.gained else [[_("Sin cambios en la cobertura desde el", language), before]]


def _companions(summary: Summary, language: Language) -> list[Row]:
    """The companions whose profile was declared, apart from the coverage."""
    if not any(summary.companions_by_profile):
        return []
    names = [text_in(profile.name, language) for profile in summary.profiles]
    rows: list[Row] = [[_("Acompañantes con perfil declarado", language), _("Código", language), *names]]
    for line in by_name(summary.delegations, language):
        if any(line.companions_by_profile):
            rows.append([country_name(line.country, language), line.country, *line.companions_by_profile])
    return rows


def _counts(count: Count) -> Row:
    return [count.people, count.declared, count.companions]


def _blocks(summary: Summary, event: Event, language: Language) -> list[Row]:
    headings: Row = [
        _("Bloque", language),
        _("Horario", language),
        _("Personas", language),
        _("Minutos en total", language),
        _("Mediana de minutos", language),
        _("Minutos sin datos", language),
    ]
    rows = [headings]
    for figures in summary.blocks:
        title, hours = text_in(figures.block.title, language), figures.block.printed
        times = [minutes(figures.total), minutes(figures.median), minutes(figures.unknown)]
        note = without_data(figures.unknown_spans, event, language)
        rows.append([title, hours, figures.people, *times, *([note] if note else [])])
    return rows


def _unknown(summary: Summary, event: Event, language: Language) -> list[Row]:
    if not summary.unknown:
        return []
    rows: list[Row] = [[_("Sin datos desde", language), _("hasta", language), _("Minutos", language)]]
    for span in summary.unknown:
        start, end = (clock_time(from_ms(edge), event, seconds=True) for edge in span)
        rows.append([start, end, minutes(span.end - span.start)])
    return rows


def _questions(summary: Summary, language: Language) -> list[list[Row]]:
    figures = summary.questions
    standing: list[Row] = [[_("Preguntas recibidas", language), figures.received]]
    for state in State:
        standing.append([asked.state_name(state, language), figures[state]])
        if state is State.ANSWERED:
            standing.append([asked.in_writing_name(language), figures.in_writing])
    standing.append([_("aprobadas en total", language), figures.accepted])
    if figures.median_wait_seconds is not None:
        standing.append([asked.median_name(language), minutes(round(figures.median_wait_seconds * 1000))])
    by_country = asked.by_country(summary.origins, language, for_organizers=False)
    return [
        standing,
        _counted(_("Motivo de rechazo", language), asked.by_reason(figures, language), language),
        _counted(_("Idioma de la pregunta", language), asked.by_language(figures, language), language),
        _counted(_("País de quien pregunta", language), by_country, language),
    ]


def _counted(what: str, lines: list[asked.Line], language: Language) -> list[Row]:
    if not lines:
        return []
    rows: list[Row] = [[what, _("Preguntas", language)]]
    rows += [[name, count] for name, count in lines]
    return rows


def _affiliation(affiliation: Affiliation, language: Language) -> str:
    if isinstance(affiliation, Country):
        return country_name(affiliation.code, language)
    return elsewhere_name(affiliation, language)


def _order(attendee: Attendee, language: Language) -> tuple[object, ...]:
    affiliation = attendee.standing.affiliation
    return (
        not isinstance(affiliation, Country),
        alphabetical(_affiliation(affiliation, language), language),
        alphabetical(attendee.participant.name, language),
        attendee.participant.person_id,
    )


def _corrected(attendee: Attendee, language: Language) -> str | None:
    """What a correction alone made of somebody."""
    if attendee.corrected is None:
        return None
    return _("presente", language) if attendee.corrected else _("ausente", language)


def _yes_or_no(value: bool, language: Language) -> str:
    return _("sí", language) if value else _("no", language)
