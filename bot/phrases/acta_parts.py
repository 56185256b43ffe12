"""What the acta of a day and that of the event have in common, as plain texts for the template."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from babel.numbers import format_decimal

from bot.agenda import Event, Session
from bot.attendance import Span
from bot.clock import from_ms
from bot.coverage import Count, Stand
from bot.i18n import country_name, day_name, translator
from bot.languages import Language, text_in
from bot.phrases.summary import by_name, clock_time
from bot.summary_values import Basis, Summary

_ = translator("acta_parts")

Said = Mapping[str, object]


def days_between(event: Event, language: Language) -> str:
    """The event's days from the first to the last: "del 8 al 11 de septiembre de 2020"."""
    first, last = event.sessions[0].day, event.sessions[-1].day
    if first == last:
        return day_name(first, language, with_year=True)
    name = day_name(last, language, with_year=True).split(" ", 1)[1]
    if (first.year, first.month) == (last.year, last.month):
        return _("del {first} al {last}", language, first=first.day, last=name)
    start = day_name(first, language, with_year=first.year != last.year).split(" ", 1)[1]
    return _("del {first} al {last}", language, first=start, last=name)


def frame(event: Event, language: Language) -> dict[str, object]:
    return {
        "language": language,
        "event": text_in(event.name, language),
        "footer": _("Del registro del evento. Sin nombres de participantes.", language),
        # The template fills these in.
        "page": _("Página {page} de {pages}", language, page="{page}", pages="{pages}"),
    }


def full_day(session: Session, language: Language) -> str:
    return day_name(session.day, language, with_year=True)


def basis(summary: Summary, language: Language) -> str:
    if summary.basis is Basis.DECLARED:
        return _("presencia declarada por cada persona; en este evento no se mide", language)
    return _(
        "presencia medida en el auditorio, al menos {seconds} segundos; lo declarado va aparte y no se suma",
        language,
        seconds=summary.present_after_seconds,
    )


def state(provisional: bool, as_of: datetime, event: Event, language: Language) -> str:
    at = as_of.astimezone(event.timezone)
    values = {"day": day_name(at.date(), language), "hour": clock_time(as_of, event)}
    if provisional:
        return _("provisional, con lo anotado hasta el {day} a las {hour}", language, **values)
    return _("definitiva, con lo anotado hasta el {day} a las {hour}", language, **values)


def draft(provisional: bool, as_of: datetime, event: Event, language: Language) -> str | None:
    if not provisional:
        return None
    return _("Provisional, a las {hour}: las cifras pueden cambiar.", language, hour=clock_time(as_of, event))


def complete(summary: Summary, language: Language) -> str:
    expected = sum(line.stand is not Stand.UNEXPECTED for line in summary.delegations)
    complete = len(summary.standing(Stand.COMPLETE))
    return _("{complete} de {expected}", language, complete=complete, expected=expected)


def section(
    title: str | None,
    *,
    lines: Iterable[tuple[str | None, str]] = (),
    table: Said | None = None,
    note: str | None = None,
) -> Said:
    return {
        "title": title,
        "lines": [{"name": name, "said": said} for name, said in lines],
        "table": table,
        "note": note,
    }


def row(*cells: str, gaps: Sequence[int] = (), named: bool = False, strong: bool = False) -> Said:
    return {"cells": cells, "gaps": gaps, "named": named, "strong": strong}


def table(
    head: Sequence[str], rows: Sequence[Said], widths: Sequence[float], *, left: Sequence[int] = (0,), tight: float = 4
) -> Said:
    return {"head": head, "rows": rows, "widths": widths, "left": left, "tightness": tight}


def counts(count: Count) -> list[str]:
    return [str(count.people), str(count.declared), str(count.companions)]


def missing(summaries: Sequence[Summary], language: Language) -> Iterator[Said]:
    """What is missing to the minimum: on the one day, or on every one of several."""
    last = summaries[-1]
    if not last.profiles:
        return
    one = len(summaries) == 1
    missing: dict[str, list[str]] = {}
    absent: list[str] = []
    for line in by_name(last.delegations, language):
        name = country_name(line.country, language)
        lines = [each for summary in summaries for each in summary.delegations if each.country == line.country]
        if line.stand is Stand.UNEXPECTED:
            continue
        if not any(each.count.people for each in lines):
            absent.append(name)
            continue
        for place, profile in enumerate(last.profiles):
            best = max(each.by_profile[place] for each in lines)
            if best < profile.minimum:
                # What belongs together stays on one line.
                share = _("{has} de {minimum}", language, has=best, minimum=profile.minimum).replace(" ", "\u00a0")
                missing.setdefault(name, []).append(f"{text_in(profile.name, language)}, {share}")
    lines_said: list[tuple[str | None, str]] = []
    if absent:
        said = ", ".join(absent) + "."
        name = _("Delegaciones ausentes:", language) if one else _("Delegaciones ausentes todos los días:", language)
        lines_said.append((name, said))
    lines_said += [(f"{name}:", "; ".join(each) + ".") for name, each in missing.items()]
    if not lines_said:
        lines_said.append((None, _("Nada: todas las delegaciones alcanzan el mínimo en cada perfil.", language)))
    title = _("Lo que falta", language) if one else _("Lo que faltó", language)
    note = None if one or not missing else _("El mejor de los días, donde ninguno alcanzó el mínimo.", language)
    yield section(title, lines=lines_said, note=note)


def unknown(summaries: Sequence[Summary], event: Event, language: Language) -> Iterator[Said]:
    """When the bot could not see, where there was such a time."""
    lines: list[tuple[str | None, str]] = []
    for summary in summaries:
        if summary.unknown:
            spans = ", ".join(span_said(span, event) for span in summary.unknown)
            total = minutes(sum(span.end - span.start for span in summary.unknown), language)
            name = None if len(summaries) == 1 else f"{full_day(summary.session, language)}:"
            said = _("{spans} ({minutes} minutos).", language, spans=spans, minutes=total)
            lines.append((name, said))
    if lines:
        yield section(
            _("Tiempo sin datos", language),
            lines=lines,
            note=_(
                "El registro no pudo ver quién estaba. Ese tiempo no cuenta ni como presencia ni como ausencia.",
                language,
            ),
        )


def span_said(span: Span, event: Event) -> str:
    start, end = (clock_time(from_ms(edge), event, seconds=True) for edge in span)
    return f"{start}–{end}"


def as_sentence(parts: Sequence[str]) -> str:
    said = ", ".join(parts)
    return f"{said[:1].upper()}{said[1:]}." if said else ""


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def corrections(excused: int, corrected: int, language: Language) -> Iterator[Said]:
    lines: list[tuple[str | None, str]] = []
    if corrected:
        lines.append(
            (
                None,
                _.plural(
                    "{n} asistencia corregida por la organización, con su motivo en el registro.",
                    "{n} asistencias corregidas por la organización, con su motivo en el registro.",
                    corrected,
                    language,
                ),
            )
        )
    if excused:
        lines.append(
            (
                None,
                _.plural("{n} ausencia excusada.", "{n} ausencias excusadas.", excused, language),
            )
        )
    if lines:
        yield section(_("Correcciones", language), lines=lines)


def signatures(sessions: Sequence[Session], language: Language) -> Said:
    named = dict.fromkeys(
        text_in(block.moderator, language)
        for session in sessions
        for block in session.blocks
        if block.moderator is not None
    )
    return {
        "title": _("Firmas", language),
        "said": _("Quienes firman dan fe de las cifras de esta acta. Lugar y fecha:", language),
        "people": [
            (_("Por la moderación", language), ", ".join(named)),
            (_("Por la organización", language), _("Nombre y cargo", language)),
        ],
    }


def minutes(milliseconds: int, language: Language) -> str:
    """Minutes to the tenth."""
    return str(format_decimal(milliseconds / 60_000, "#,##0.0", locale=language))
