"""What is written in the picture of a day's or the event's figures."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from bot.agenda import Block, Event
from bot.attendance import Span
from bot.i18n import day_name, hour_of_place, translator
from bot.languages import Language, Text, text_in
from bot.phrases.sight import hours, noted
from bot.phrases.summary import clock_time, elsewhere_name, unregistered_name
from bot.summary_values import Basis, Final, Summary

_ = translator("picture")

#: The same in each of the event's languages, in their order; once where they say it alike.
Label = tuple[str, ...]

Through = Sequence[tuple[int, int]]


def label(said: Callable[[Language], str], languages: Iterable[Language]) -> Label:
    """What is said, in each language."""
    return tuple(dict.fromkeys(said(language) for language in languages))


def text_label(text: Text, languages: Iterable[Language]) -> Label:
    return label(lambda language: text_in(text, language), languages)


def day_heading(summary: Summary, language: Language) -> str:
    return _begun(day_name(summary.session.day, language, with_year=True))


def short_day(summary: Summary, language: Language) -> str:
    """A day among the others of the event: "Martes 8 de septiembre"."""
    return _begun(day_name(summary.session.day, language))


def event_heading(language: Language) -> str:
    return _("Informe final", language)


def first_to_last(final: Final, language: Language) -> str:
    """The days that the event took."""
    first, last = (day_name(each.session.day, language) for each in (final.summaries[0], final.summaries[-1]))
    year = final.summaries[-1].session.day.year
    return _begun(_("{first} a {last}, {year}", language, first=first, last=last, year=year))


def provisional(summary: Summary, event: Event, language: Language) -> str:
    at = clock_time(summary.as_of, event)
    return _("Provisional, a las {at}: las cifras pueden cambiar", language, at=at)


def event_provisional(language: Language) -> str:
    return _("Provisional: el evento no ha terminado", language)


def people_present(summary: Summary, event: Event, language: Language) -> str:
    return noted(_("personas presentes", language), summary.unknown_in_blocks, event, language)


def people_in_event(language: Language) -> str:
    return _("asistentes con registro", language)


def complete_of(complete: int, expected: int, language: Language) -> str:
    return _("{complete} de {expected}", language, complete=complete, expected=expected)


def delegations_complete(language: Language) -> str:
    return _("delegaciones completas", language)


def declared_present(language: Language) -> str:
    return _("declararon presencia", language)


def companions(language: Language) -> str:
    return _("acompañantes declarados", language)


def questions_received(language: Language) -> str:
    return _("preguntas recibidas", language)


def days_held(language: Language) -> str:
    return _("días", language)


def through_heading(language: Language) -> str:
    return _("Presencia en la sesión", language)


def days_heading(language: Language) -> str:
    return _("Presencia por día", language)


def highest(people: int, at: datetime, event: Event, language: Language) -> str:
    """The most that were there at once, and when for the first time."""
    return _("máximo {people}, a las {at}", language, people=people, at=clock_time(at, event))


def present_on(summary: Summary, language: Language) -> str:
    n = summary.total.people
    return _.plural("{n} persona presente", "{n} personas presentes", n, language)


def nobody(language: Language) -> str:
    return _("Nadie", language)


def not_measured(language: Language) -> str:
    return _("La presencia no se mide en este servidor: las cifras son lo declarado con /presente.", language)


def nothing_yet(language: Language) -> str:
    return _("La sesión todavía no comienza.", language)


def unknown(language: Language) -> str:
    return _("sin datos", language)


def unknown_spans(spans: Sequence[Span], event: Event, language: Language) -> str:
    """When the bot could not see; a handful, the rest as a number."""
    shown = hours(spans[:_SPANS], event)
    if (more := len(spans) - _SPANS) > 0:
        return _("Sin datos: {spans} y {more} más", language, spans=shown, more=more)
    return _("Sin datos: {spans}", language, spans=shown)


def coverage_heading(language: Language) -> str:
    return _("Cobertura: presentes / mínimo", language)


def event_coverage_heading(language: Language) -> str:
    return _("Cobertura: asistentes / mínimo", language)


def event_coverage_note(language: Language) -> str:
    return _("Cada persona cuenta una vez, si estuvo presente al menos un día", language)


def profile(name: Text, minimum: int, language: Language) -> str:
    return _("{profile} (mínimo {minimum})", language, profile=text_in(name, language), minimum=minimum)


def without_profile(language: Language) -> str:
    return _("Sin perfil indicado", language)


def total(language: Language) -> str:
    return _("Total", language)


def no_delegations(language: Language) -> str:
    return _("No se esperan delegaciones.", language)


def met(language: Language) -> str:
    return _("alcanza", language)


def short(language: Language) -> str:
    return _("falta", language)


def absent(language: Language) -> str:
    return _("nadie", language)


def others(summary: Summary, language: Language) -> str:
    """Those who are in no delegation."""
    counted = [(elsewhere_name(kind, language), count.people) for kind, count in summary.elsewhere.items()]
    counted.append((unregistered_name(language), summary.unregistered.people))
    return " · ".join(f"{name} {people}".replace(" ", "\u00a0") for name, people in counted)


def rule(summary: Summary, event: Event, language: Language) -> str:
    """When somebody counts as present, and whose hours are shown."""
    if summary.basis is Basis.DECLARED:
        return _("Presente: quien declaró presencia", language)
    return _(
        "Presente: en el auditorio al menos {seconds} s, sin contar pausas · {hours}",
        language,
        seconds=summary.present_after_seconds,
        hours=hour_of_place(event.timezone, language),
    )


def block_label(block: Block, languages: Iterable[Language]) -> Label:
    """What a block is called in the list beneath the picture, its hours once."""
    first, *more = text_label(block.title, languages)
    return f"{block.printed}  {first}", *more


def peak_of(through: Through) -> tuple[int, int] | None:
    """When the most people were there at once for the first time, and how many; None where nobody was."""
    highest = max(through, key=lambda each: (each[1], -each[0]), default=None)
    return highest if highest is not None and highest[1] else None


#: How many spans without data are named.
_SPANS = 4


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]
