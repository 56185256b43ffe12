"""What is said about a day's figures. It names delegations and nobody."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from babel.numbers import format_decimal

from bot.agenda import Event
from bot.collation import alphabetical
from bot.coverage import Count, Delegation, Stand
from bot.i18n import country_name, day_name, sentence, translator
from bot.languages import Language, text_in
from bot.participants import Elsewhere
from bot.phrases import coverage, question_figures
from bot.phrases.refusals import words
from bot.phrases.sight import hours, noted
from bot.summary import Basis, NoSuchDay, Summary

_ = translator("summary")

#: The Spanish of what Discord shows of the command.
COMMANDS = (
    "Vea la asistencia de un día con nombres, también mientras transcurre (organización)",
    "dia",
    "El día de la sesión; sin él, la de hoy o la última",
)


def told(summary: Summary, event: Event, language: Language, *, for_organizers: bool = False) -> tuple[str, ...]:
    """The whole summary in one language, in parts that had better stay together. Any length.

    `for_organizers`: nobody else reads it, so countries of few who asked are named.
    """
    parts = [_heading(summary, event, language), _people(summary, event, language)]
    parts += [_coverage(summary, event, language), coverage.gained(summary, _letters(summary), event, language)]
    parts.append(_blocks(summary, event, language))
    parts.append(question_figures.told(summary.questions, summary.origins, language, for_organizers=for_organizers))
    return tuple(part for part in parts if part)


def posted(summary: Summary, event: Event) -> tuple[str, ...]:
    """The summary as it is posted: in each of the event's languages."""
    return tuple("\n\n".join(told(summary, event, language)) for language in event.languages)


def with_names(language: Language) -> str:
    """Said with the file that names people, to organizers alone."""
    return _("El archivo «personas» contiene nombres: es para la organización y no debe publicarse.", language)


def by_name(lines: Iterable[Delegation], language: Language) -> list[Delegation]:
    """Delegations in the order in which they need attention, and of the alphabet within it."""
    order = list(Stand)
    return sorted(
        lines, key=lambda line: (order.index(line.stand), alphabetical(country_name(line.country, language), language))
    )


def elsewhere_name(kind: Elsewhere, language: Language) -> str:
    """People outside the delegations, as a line of figures calls them."""
    return _(_ELSEWHERE[kind], language)


def unregistered_name(language: Language) -> str:
    return _("Sin registrar", language)


def standing_name(stand: Stand, language: Language) -> str:
    return _(_STANDS[stand], language)


def clock_time(instant: datetime, event: Event, *, seconds: bool = False) -> str:
    """The hour in the event's zone, as organizers have it on the wall."""
    return f"{instant.astimezone(event.timezone):{'%H:%M:%S' if seconds else '%H:%M'}}"


def day_suggestion(summary_day: str, theme: str) -> str:
    """A day to choose, at most 100 characters."""
    whole = f"{summary_day} · {theme}"
    return whole if len(whole) <= 100 else whole[:99] + "…"


@words(NoSuchDay)
def _no_such_day(refusal: NoSuchDay, language: Language) -> str:
    return _(
        "No hay sesión en ese día. Las hay en: {days}.",
        language,
        days=", ".join(day_name(day, language) for day in refusal.days),
    )


def _heading(summary: Summary, event: Event, language: Language) -> str:
    session = summary.session
    lines = [
        _("## Resumen del {day}", language, day=day_name(session.day, language)),
        text_in(session.theme, language),
    ]
    if summary.provisional:
        at = clock_time(summary.as_of, event)
        lines.append(_("**Provisional, a las {at}**: las cifras pueden cambiar.", language, at=at))
    if summary.basis is Basis.DECLARED:
        lines.append(
            _(
                "No hay auditorio en este servidor: la asistencia no se mide y todo descansa en lo declarado con "
                "/presente.",
                language,
            )
        )
    return "\n".join(lines)


def _people(summary: Summary, event: Event, language: Language) -> str:
    total = summary.total
    lines = [_("**Personas presentes: {people}**", language, people=total.people)]
    if summary.basis is Basis.MEASURED:
        lines[0] += " " + _(
            "(medidas en el auditorio, al menos {seconds} s)", language, seconds=summary.present_after_seconds
        )
        lines[0] = noted(lines[0], summary.unknown_in_blocks, event, language)
        lines.append(_("Conexiones, que no son personas: {connections}", language, connections=summary.connections))
        lines += _corrections(total, language)
        if summary.only_seen:
            lines.append(_("Vistas menos tiempo, no contadas: {people}", language, people=summary.only_seen))
        lines.append(
            _(
                "Declaradas con /presente: {declared}; acompañantes: {companions}. No se suman a las medidas.",
                language,
                declared=total.declared,
                companions=total.companions,
            )
        )
    else:
        lines += _corrections(total, language)
        lines.append(_("Acompañantes declarados: {companions}", language, companions=total.companions))
    lines += _companions(summary, language)
    if summary.unregistered.people:
        lines.append(_("De las presentes, sin registrar: {people}", language, people=summary.unregistered.people))
    return "\n".join(lines)


def _corrections(total: Count, language: Language) -> Iterator[str]:
    """What organizers corrected: apart from what was measured and declared."""
    if total.corrected:
        yield _("De ellas, por corrección de la organización: {people}", language, people=total.corrected)
    if total.discounted:
        yield _("No contadas, por corrección de la organización: {people}", language, people=total.discounted)
    if total.excused:
        yield _("Excusadas, no presentes: {people}", language, people=total.excused)


def _companions(summary: Summary, language: Language) -> Iterator[str]:
    """What is known of companions beyond their number."""
    total = summary.total
    if total.companions_corrected:
        corrected = total.companions + total.companions_corrected
        yield _("Acompañantes según la organización, que los corrigió: {companions}", language, companions=corrected)
    if any(summary.companions_by_profile):
        by_country = [
            f"{country_name(line.country, language)} ({profiles})"
            for line in by_name(summary.delegations, language)
            if (profiles := _companions_of(line, summary, language))
        ]
        yield _(
            "Acompañantes con perfil declarado, fuera de la cobertura: {delegations}.",
            language,
            delegations="; ".join(by_country),
        )


def _companions_of(line: Delegation, summary: Summary, language: Language) -> str:
    pairs = zip(summary.profiles, line.companions_by_profile, strict=True)
    return ", ".join(f"{text_in(profile.name, language)} {number}" for profile, number in pairs if number)


def _coverage(summary: Summary, event: Event, language: Language) -> str:
    lines: list[str] = []
    if summary.unknown_in_blocks:
        lines.append(noted(_("**Cobertura**", language), summary.unknown_in_blocks, event, language))
    for stand, saying in _COVERAGE.items():
        names = [country_name(line.country, language) for line in by_name(summary.standing(stand), language)]
        if names:
            lines.append(_(saying, language, count=len(names), names=", ".join(names)))
        if stand is Stand.INCOMPLETE:
            lines += coverage.gaps(summary, _letters(summary), language)
    expected = sum(line.stand is not Stand.UNEXPECTED for line in summary.delegations)
    complete = len(summary.standing(Stand.COMPLETE))
    lines.append(_("Delegaciones completas: {complete} de {expected}", language, complete=complete, expected=expected))
    for letter, profile in zip(_letters(summary), summary.profiles, strict=True):
        lines.append(
            _(
                "`{letter}` {profile} (mínimo {minimum})",
                language,
                letter=letter,
                profile=text_in(profile.name, language),
                minimum=profile.minimum,
            )
        )
    if summary.people_without_profile:
        lines.append(_("`?` delegación sin perfil indicado", language))
    return "\n".join(lines) + "\n```\n" + "\n".join(_matrix(summary, language)) + "\n```"


def _matrix(summary: Summary, language: Language) -> Iterator[str]:
    """The table of persons, in columns. What falls short of the minimum shows it: 1/2."""
    lacks = bool(summary.people_without_profile)
    rows = [["", *_letters(summary), *(["?"] if lacks else []), _("Total", language)]]
    for line in by_name(summary.delegations, language):
        missing = {profile.key for profile, _has in summary.missing(line)}
        cells = [
            f"{has}/{profile.minimum}" if profile.key in missing else str(has)
            for profile, has in zip(summary.profiles, line.by_profile, strict=True)
        ]
        if lacks:
            cells.append(str(line.without_profile))
        rows.append([country_name(line.country, language), *cells, str(line.count.people)])
    blank = [""] * (len(rows[0]) - 2)
    for name, count in _others(summary, language):
        rows.append([name, *blank, str(count.people)])
    sums = [str(n) for n in summary.people_by_profile]
    if lacks:
        sums.append(str(summary.people_without_profile))
    rows.append([_("Total", language), *sums, str(summary.total.people)])
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True)]
        yield " ".join([row[0].ljust(widths[0]), *cells]).rstrip()


def _others(summary: Summary, language: Language) -> Iterator[tuple[str, Count]]:
    """The lines of those who are in no delegation."""
    for kind, count in summary.elsewhere.items():
        yield elsewhere_name(kind, language), count
    yield unregistered_name(language), summary.unregistered


def _letters(summary: Summary) -> Sequence[str]:
    """A column's letter for each profile, of which there are 25 at most."""
    return [chr(ord("A") + n) for n in range(len(summary.profiles))]


def _blocks(summary: Summary, event: Event, language: Language) -> str:
    if summary.basis is Basis.DECLARED:
        return ""
    lines = [_("**Minutos por bloque**, de quienes estuvieron en él", language)]
    for figures in summary.blocks:
        line = _.plural(
            "- {hours} {title}: {n} persona, {total} min en total, mediana {median}",
            "- {hours} {title}: {n} personas, {total} min en total, mediana {median}",
            figures.people,
            language,
            hours=figures.block.printed,
            title=text_in(figures.block.title, language),
            total=_minutes(figures.total, language),
            median=_minutes(figures.median, language),
        )
        lines.append(noted(line, figures.unknown_spans, event, language))
    if summary.unknown:
        lines.append(
            _(
                "**Sin datos**: {spans}. El bot no pudo ver; ese tiempo no cuenta ni como presencia ni como ausencia.",
                language,
                spans=hours(summary.unknown, event),
            )
        )
    return "\n".join(lines)


def _minutes(milliseconds: int, language: Language) -> str:
    return str(format_decimal(milliseconds / 60_000, "#,##0.0", locale=language))


_ELSEWHERE = {
    Elsewhere.ORGANIZATION: sentence("Organizaciones"),
    Elsewhere.PANELIST: sentence("Panelistas"),
    Elsewhere.STAFF: sentence("Equipo"),
}

_COVERAGE = {
    Stand.ABSENT: sentence("**Delegaciones ausentes ({count}):** {names}"),
    Stand.INCOMPLETE: sentence("**Delegaciones incompletas ({count}):** {names}"),
    Stand.UNEXPECTED: sentence("Fuera de la lista ({count}): {names}"),
}

_STANDS = {
    Stand.ABSENT: sentence("ausente"),
    Stand.INCOMPLETE: sentence("incompleta"),
    Stand.COMPLETE: sentence("completa"),
    Stand.UNEXPECTED: sentence("fuera de la lista"),
}
