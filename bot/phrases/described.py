"""The picture of a day, or of the event, in words, for whoever cannot see it."""

from collections.abc import Sequence

from bot.agenda import Event
from bot.attendance import union
from bot.clock import from_ms
from bot.coverage import Delegation, Stand
from bot.i18n import country_name, day_name, translator
from bot.languages import Language, text_in
from bot.phrases.picture import Through, not_measured, peak_of, unknown_spans
from bot.phrases.summary import by_name, clock_time
from bot.summary_values import Basis, Final, Summary

_ = translator("described")

#: How much Discord takes to describe a file by.
DESCRIPTION_LENGTH = 1024


def described(summary: Summary, through: Through, event: Event, language: Language) -> str:
    """A day's picture in words, at most DESCRIPTION_LENGTH: the first of several tellings that is short enough."""
    head = _("Asistencia del {day}.", language, day=day_name(summary.session.day, language))
    parts = [_totals(summary, language), _through(summary, through, event, language)]
    blocks = _blocks(summary, language)
    matrix, gaps, counts = (tell(summary, language) for tell in (_matrix, _gaps, _counts))
    tellings = ((blocks, matrix), (matrix,), (blocks, gaps), (gaps,), (counts,))
    return _first_that_fits([(head, *parts, *telling) for telling in tellings])


def event_described(final: Final, lines: Sequence[Delegation], language: Language) -> str:
    """The event's picture in words, at most DESCRIPTION_LENGTH. `lines` are the coverage of all days together."""
    head = _("Informe final del evento.", language)
    days = [
        _("{day}: {people}", language, day=day_name(each.session.day, language), people=each.total.people)
        for each in final.summaries
    ]
    by_day = _("Personas presentes por día: {days}.", language, days="; ".join(days))
    profiles = final.summaries[-1].profiles
    matrix = _matrix_of(_profiles_named(final.summaries[-1], language), [p.minimum for p in profiles], lines, language)
    return _first_that_fits([(head, by_day, matrix), (head, by_day)])


def _first_that_fits(tellings: Sequence[Sequence[str]]) -> str:
    texts = [" ".join(filter(None, telling)) for telling in tellings]
    last = texts[-1][: DESCRIPTION_LENGTH - 1] + "…"
    return next((text for text in texts if len(text) <= DESCRIPTION_LENGTH), last)


def _totals(summary: Summary, language: Language) -> str:
    total = summary.total
    expected = sum(line.stand is not Stand.UNEXPECTED for line in summary.delegations)
    return _(
        "{people} personas presentes; declararon presencia {declared}, con {companions} acompañantes; delegaciones "
        "completas: {complete} de {expected}.",
        language,
        people=total.people,
        declared=total.declared,
        companions=total.companions,
        complete=len(summary.standing(Stand.COMPLETE)),
        expected=expected,
    )


def _through(summary: Summary, through: Through, event: Event, language: Language) -> str:
    if summary.basis is Basis.DECLARED:
        return not_measured(language)
    told = []
    if peak := peak_of(through):
        told.append(
            _(
                "Máximo a la vez: {people}, a las {at}.",
                language,
                people=peak[1],
                at=clock_time(from_ms(peak[0]), event),
            )
        )
    if hidden := union(summary.unknown_in_blocks):
        told.append(f"{unknown_spans(hidden, event, language)}.")
    return " ".join(told)


def _blocks(summary: Summary, language: Language) -> str:
    if not summary.blocks:
        return ""
    told = [
        _(
            "{hours} {title}, {people}",
            language,
            hours=each.block.printed,
            title=text_in(each.block.title, language),
            people=each.people,
        )
        for each in summary.blocks
    ]
    return _("Personas por bloque: {blocks}.", language, blocks="; ".join(told))


def _matrix(summary: Summary, language: Language) -> str:
    minimums = [profile.minimum for profile in summary.profiles]
    return _matrix_of(_profiles_named(summary, language), minimums, summary.delegations, language)


def _matrix_of(
    profiles: Sequence[str], minimums: Sequence[int], lines: Sequence[Delegation], language: Language
) -> str:
    if not lines:
        return ""
    told = []
    for line in by_name(lines, language):
        cells = [
            f"{has}/{minimum}" if minimum and line.stand is not Stand.UNEXPECTED else f"{has}"
            for has, minimum in zip(line.by_profile, minimums, strict=True)
        ]
        told.append(f"{country_name(line.country, language)} {' '.join(cells)}")
    return _(
        "Presentes de cada delegación sobre el mínimo, en el orden {profiles}: {lines}.",
        language,
        profiles=", ".join(profiles),
        lines="; ".join(told),
    )


def _gaps(summary: Summary, language: Language) -> str:
    lines = [
        f"{country_name(line.country, language)} "
        + ", ".join(f"{text_in(profile.name, language)} {has}/{profile.minimum}" for profile, has in missing)
        for line in by_name(summary.delegations, language)
        if (missing := summary.missing(line))
    ]
    return _("Faltan: {lines}.", language, lines="; ".join(lines)) if lines else ""


def _counts(summary: Summary, language: Language) -> str:
    return _(
        "Delegaciones ausentes {absent}, incompletas {incomplete}, completas {complete}.",
        language,
        absent=len(summary.standing(Stand.ABSENT)),
        incomplete=len(summary.standing(Stand.INCOMPLETE)),
        complete=len(summary.standing(Stand.COMPLETE)),
    )


def _profiles_named(summary: Summary, language: Language) -> list[str]:
    return [text_in(each.name, language) for each in summary.profiles]
