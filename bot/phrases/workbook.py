"""A day as the sheets of a workbook. The one of people, and that of questions, are for organizers alone."""

from collections.abc import Iterable, Iterator, Sequence

from bot.agenda import Block, Event
from bot.attendance import Span, span_of
from bot.collation import alphabetical
from bot.config import Profile
from bot.coverage import Count, Delegation, Stand
from bot.i18n import country_name, translator
from bot.languages import Language, text_in
from bot.participants import Affiliation, Country, Standing
from bot.phrases.exports import question_state, who_asked, why_rejected
from bot.phrases.figures import minutes
from bot.phrases.overview import local, overview
from bot.phrases.question_figures import language_name
from bot.phrases.sight import hours, without_data
from bot.phrases.summary import by_name, elsewhere_name, standing_name, unregistered_name
from bot.phrases.tables import Cell, Column, Look, Shade, Shaded, Sheet, Table, Value
from bot.queue_values import Exported
from bot.summary_values import Attendee, Basis, People, Summary

_ = translator("workbook")


def day_workbook(
    summary: Summary, people: People, questions: Sequence[Exported], event: Event, language: Language
) -> tuple[Sheet, ...]:
    """All that a day has come to: Resumen, Cobertura, Personas, Bloques, Preguntas."""
    return (
        overview(summary, event, language),
        coverage_sheet(summary.profiles, summary.delegations, event, language, summary),
        people_sheet(people, event, language),
        blocks_sheet([summary], event, language),
        questions_sheet(questions, event, language),
    )


def coverage_sheet(
    profiles: Sequence[Profile],
    lines: Iterable[Delegation],
    event: Event,
    language: Language,
    summary: Summary | None = None,
) -> Table:
    """Each delegation against the minimum, and with a day's `summary` everybody else beneath."""
    present = _("Presentes", language)
    if summary is not None:
        present = headed(present, summary.unknown_in_blocks, event, language)
    columns = [
        Column(_("Delegación", language)),
        Column(_("Código", language)),
        Column(_("Cobertura", language)),
        *(Column(_profile(each, language), Look.WHOLE) for each in profiles),
        Column(_("Sin perfil", language), Look.WHOLE),
        Column(present, Look.WHOLE),
    ]
    companions = () if summary is None or not any(summary.companions_by_profile) else profiles
    if summary is not None:
        columns += _count_columns(language)
    columns += [Column(_companions(each, language), Look.WHOLE) for each in companions]
    columns.append(Column(_("Faltan", language), Look.LONG))
    rows = []
    for line in by_name(lines, language):
        *cells, missing = _coverage_row(line, profiles, language, is_day=summary is not None)
        rows.append((*cells, *(line.companions_by_profile if companions else ()), missing))
    last: list[tuple[Cell, ...]] = []
    if summary is not None:
        blank: tuple[Cell, ...] = (None,) * (len(profiles) + 3)
        for kind, count in summary.elsewhere.items():
            last.append((elsewhere_name(kind, language), *blank, *_counts(count)))
        last.append((unregistered_name(language), *blank, *_counts(summary.unregistered)))
        sums = (*summary.people_by_profile, summary.people_without_profile)
        declared = summary.companions_by_profile if companions else ()
        last.append((_("Total", language), None, None, *sums, *_counts(summary.total), *declared))
    return Table(_("Cobertura", language), tuple(columns), tuple(rows), tuple(last))


def people_sheet(people: People, event: Event, language: Language) -> Table:
    """Who was there, by name, in the order of delegations; beneath, how many more there were."""
    blocks = people.session.blocks if people.basis is Basis.MEASURED else ()
    hidden = [span for spans in people.unknown.values() for span in spans]
    columns = [*person_columns(language), Column(headed(_("Presente", language), hidden, event, language))]
    place = len(columns) - 1
    if blocks:
        columns.append(Column(headed(_("Minutos", language), hidden, event, language), Look.MINUTES))
    for block in blocks:
        called = f"{block.printed}\n{text_in(block.title, language)}"
        spans = people.unknown.get(block.key, ())
        columns.append(Column(headed(called, spans, event, language), Look.MINUTES))
    columns += [
        Column(_("Declaró presencia", language)),
        Column(_("Acompañantes", language), Look.WHOLE),
        Column(_("Corrección", language)),
        Column(_("Excusada", language)),
        Column(_("Cuenta de Discord", language), Look.ID),
    ]
    attendees = sorted(people.attendees, key=lambda each: person_order(each.standing, each.participant.name, language))
    rows = [_person(each, people.profiles, blocks, language) for each in attendees]
    unnamed = (_("Presentes sin registrar (sin nombre)", language), *(None,) * (place - 1), people.unnamed)
    return Table(_("Personas", language), tuple(columns), tuple(rows), (unnamed,))


def person_columns(language: Language) -> tuple[Column, ...]:
    """Who somebody is."""
    return (
        Column(_("Nombre", language)),
        Column(_("Institución", language)),
        Column(_("Delegación", language)),
        Column(_("Código", language)),
        Column(_("Perfil", language)),
    )


def person_cells(
    name: str, institution: str, standing: Standing, profiles: Sequence[Profile], language: Language
) -> tuple[Value, ...]:
    named = {profile.key: text_in(profile.name, language) for profile in profiles}
    affiliation = standing.affiliation
    code = affiliation.code if isinstance(affiliation, Country) else None
    return name, institution, affiliation_name(affiliation, language), code, named.get(standing.profile or "")


def person_order(standing: Standing, name: str, language: Language) -> tuple[object, ...]:
    """Delegations first, by their names; then everybody's own."""
    affiliation = standing.affiliation
    return (
        not isinstance(affiliation, Country),
        alphabetical(affiliation_name(affiliation, language), language),
        alphabetical(name, language),
    )


def blocks_sheet(summaries: Iterable[Summary], event: Event, language: Language) -> Table:
    """Each block of each of the days, with who was in it."""
    columns = (
        Column(_("Día", language), Look.DAY),
        Column(_("Inicio", language), Look.HOUR),
        Column(_("Fin", language), Look.HOUR),
        Column(_("Bloque", language)),
        Column(_("Duración (min)", language), Look.MINUTES),
        Column(_("Personas", language), Look.WHOLE),
        Column(_("Minutos en total", language), Look.MINUTES),
        Column(_("Mediana de minutos", language), Look.MINUTES),
        Column(_("Minutos sin datos", language), Look.MINUTES),
        Column(_("Sin datos", language), Look.LONG),
    )
    rows = [row for summary in summaries for row in _block_rows(summary, event, language)]
    return Table(_("Bloques", language), columns, tuple(rows))


def questions_sheet(questions: Sequence[Exported], event: Event, language: Language) -> Table:
    """Each question, in order of arrival."""
    columns = (
        Column(_("Número", language), Look.WHOLE),
        Column(_("Recibida", language), Look.MOMENT),
        Column(_("Idioma", language)),
        Column(_("Pregunta", language), Look.LONG),
        Column(_("Anónima", language)),
        Column(_("Quién pregunta", language)),
        Column(_("Institución", language)),
        Column(_("País", language)),
        Column(_("Dirigida a", language)),
        Column(_("Estado", language)),
        Column(_("Motivo", language), Look.LONG),
        Column(_("Apoyos", language), Look.WHOLE),
        Column(_("Respuesta por escrito", language), Look.LONG),
    )
    return Table(_("Preguntas", language), columns, tuple(_question(each, event, language) for each in questions))


def affiliation_name(affiliation: Affiliation, language: Language) -> str:
    if isinstance(affiliation, Country):
        return country_name(affiliation.code, language)
    return elsewhere_name(affiliation, language)


def headed(what: str, hidden: Iterable[Span], event: Event, language: Language) -> str:
    """A heading, with the note beneath it where unknown time touches what it heads."""
    return "\n".join(filter(None, (what, without_data(hidden, event, language))))


def yes_or_no(value: bool, language: Language) -> str:
    return _("sí", language) if value else _("no", language)


def _profile(profile: Profile, language: Language) -> str:
    name = text_in(profile.name, language)
    return _("{profile} (mínimo {minimum})", language, profile=name, minimum=profile.minimum)


def _companions(profile: Profile, language: Language) -> str:
    return _("Acompañantes declarados\n{profile}", language, profile=text_in(profile.name, language))


def _coverage_row(
    line: Delegation, profiles: Sequence[Profile], language: Language, *, is_day: bool
) -> tuple[Cell, ...]:
    cells: list[Cell] = []
    missing = []
    for has, profile in zip(line.by_profile, profiles, strict=True):
        if line.stand is Stand.UNEXPECTED or not profile.minimum:
            cells.append(has)
            continue
        shade = Shade.MET if has >= profile.minimum else Shade.SHORT if has else Shade.NONE
        cells.append(Shaded(has, shade))
        if has < profile.minimum:
            name = text_in(profile.name, language)
            missing.append(_("{profile}: {has} de {minimum}", language, profile=name, has=has, minimum=profile.minimum))
    counted = _counts(line.count) if is_day else (line.count.people,)
    stand = standing_name(line.stand, language)
    named = country_name(line.country, language), line.country, stand
    return (*named, *cells, line.without_profile, *counted, "\n".join(missing) or None)


def _count_columns(language: Language) -> list[Column]:
    return [
        Column(_("Declaradas", language), Look.WHOLE),
        Column(_("Acompañantes", language), Look.WHOLE),
        Column(_("Excusadas", language), Look.WHOLE),
    ]


def _counts(count: Count) -> tuple[Cell, ...]:
    return count.people, count.declared, count.companions, count.excused


def _person(
    attendee: Attendee, profiles: Sequence[Profile], blocks: Sequence[Block], language: Language
) -> tuple[Cell, ...]:
    participant = attendee.participant
    row: list[Cell] = [
        *person_cells(participant.name, participant.institution, attendee.standing, profiles, language),
        yes_or_no(attendee.present, language),
    ]
    if blocks:
        row.append(minutes(sum(attendee.minutes.values())))
        row += [minutes(attendee.minutes.get(block.key, 0)) for block in blocks]
    return (
        *row,
        yes_or_no(attendee.companions is not None, language),
        attendee.companions or 0,
        _corrected(attendee, language),
        yes_or_no(attendee.excused, language),
        str(participant.person_id),
    )


def _corrected(attendee: Attendee, language: Language) -> str | None:
    said = []
    if attendee.corrected is not None:
        said.append(_("presente", language) if attendee.corrected else _("no presente", language))
    if more := attendee.companions_corrected:
        said.append(_("acompañantes {more}", language, more=f"{more:+}"))
    return ", ".join(said) or None


def _block_rows(summary: Summary, event: Event, language: Language) -> Iterator[tuple[Cell, ...]]:
    found = {figures.block.key: figures for figures in summary.blocks}
    for block in summary.session.blocks:
        starts, ends = (local(edge, event) for edge in (block.starts_at, block.ends_at))
        length = minutes(span_of(block).end - span_of(block).start)
        cells: list[Cell] = [summary.session.day, starts.time(), ends.time(), text_in(block.title, language), length]
        figures = found.get(block.key)
        if figures is None:
            yield (*cells, None, None, None, None, None)
            continue
        times = (minutes(figures.total), minutes(figures.median), minutes(figures.unknown))
        yield (*cells, figures.people, *times, hours(figures.unknown_spans, event) or None)


def _question(exported: Exported, event: Event, language: Language) -> tuple[Cell, ...]:
    question, asker = exported.question, exported.asker
    return (
        question.number,
        local(question.asked_at, event),
        language_name(question.language, language),
        question.text,
        yes_or_no(question.anonymous, language),
        who_asked(exported, language),
        None if asker is None else asker.institution,
        None if asker is None or asker.country is None else country_name(asker.country, language),
        question.addressed_to,
        question_state(question, language),
        why_rejected(question, language),
        question.votes,
        None if exported.answer is None else exported.answer.text,
    )
