"""What a corrected summary says: what it corrects, and each figure that is another one now. It names nobody."""

from collections.abc import Sequence

from babel.numbers import format_decimal

from bot.agenda import Event, Session
from bot.config import Profile
from bot.i18n import country_name, day_name, sentence, translator, weekday_name
from bot.languages import Language, text_in
from bot.participants import Elsewhere
from bot.phrases.question_figures import in_writing_name, state_name
from bot.phrases.summary import clock_time, elsewhere_name, unregistered_name
from bot.published import CorrectedSummary, Difference
from bot.questions import State

_ = translator("corrected_summary")


def told(corrected: CorrectedSummary, event: Event, profiles: Sequence[Profile], language: Language) -> str:
    """The whole of it in one language. Any length."""
    session = corrected.session
    heading = _("## Resumen corregido del {day}", language, day=day_name(session.day, language))
    changes = _.plural(
        "Cambia {n} cifra; lo demás queda igual.",
        "Cambian {n} cifras; lo demás queda igual.",
        len(corrected.differences),
        language,
    )
    lines = [heading, _cited(corrected, event, language), changes]
    lines += [_difference(each, session, profiles, language) for each in corrected.differences]
    return "\n".join(lines)


def _cited(corrected: CorrectedSummary, event: Event, language: Language) -> str:
    day = weekday_name(corrected.session.day.weekday(), language)
    first = corrected.first.made_at.astimezone(event.timezone)
    at = clock_time(first, event)
    if first.date() == corrected.session.day:
        said = _("Corrige el resumen del {day} de las {at}.", language, day=day, at=at)
    else:
        said = _(
            "Corrige el resumen del {day}, publicado el {other} a las {at}.",
            language,
            day=day,
            other=day_name(first.date(), language),
            at=at,
        )
    if corrected.number > 1:
        before = corrected.before.made_at.astimezone(event.timezone)
        said += " " + _(
            "La corrección anterior es del {day} a las {at}; lo que sigue es respecto de ella.",
            language,
            day=weekday_name(before.weekday(), language),
            at=clock_time(before, event),
        )
    return said


def _difference(difference: Difference, session: Session, profiles: Sequence[Profile], language: Language) -> str:
    is_time = difference.name[-1] in _TIMES
    before, now = (_number(value, language, is_time=is_time) for value in (difference.before, difference.now))
    more = difference.now - difference.before
    sign = "+" if more > 0 else "−"
    return _(
        "- {figure}: {before} → {now} ({change})",
        language,
        figure=_figure(difference.name, session, profiles, language),
        before=before,
        now=now,
        change=f"{sign}{_number(abs(more), language, is_time=is_time)}",
    )


def _number(value: int, language: Language, *, is_time: bool) -> str:
    if not is_time:
        return str(value)
    # As many decimals as it takes to see a difference of one millisecond.
    return str(format_decimal(value / 60_000, "#,##0.0####", locale=language))


def _figure(name: tuple[str, ...], session: Session, profiles: Sequence[Profile], language: Language) -> str:
    match name:
        case (figure,) if figure in _TOTALS:
            return _(_TOTALS[figure], language)
        case ("country", country, figure) if figure in _LINES:
            return _(_LINES[figure], language, whose=country_name(country, language))
        case ("country", country, figure, profile) if figure in _LINES:
            whose = f"{country_name(country, language)}, {_profile(profile, profiles, language)}"
            return _(_LINES[figure], language, whose=whose)
        case ("elsewhere", kind, figure) if figure in _LINES:
            return _(_LINES[figure], language, whose=elsewhere_name(Elsewhere(kind), language))
        case ("unregistered", figure) if figure in _LINES:
            return _(_LINES[figure], language, whose=unregistered_name(language))
        case ("block", key, figure) if figure in _BLOCKS:
            block = next((f"{b.printed} {text_in(b.title, language)}" for b in session.blocks if b.key == key), key)
            return _(_BLOCKS[figure], language, block=block)
        case ("questions", figure):
            return _("Preguntas {figure}", language, figure=_question_figure(figure, language))
    return ":".join(name)


def _profile(key: str, profiles: Sequence[Profile], language: Language) -> str:
    return next((text_in(profile.name, language) for profile in profiles if profile.key == key), key)


def _question_figure(figure: str, language: Language) -> str:
    if figure == "received":
        return _("recibidas", language)
    if figure == "in_writing":
        return in_writing_name(language)
    return state_name(State(figure), language)


#: The figures that are milliseconds, by the last part of their name.
_TIMES = frozenset({"total", "median", "unknown"})

_TOTALS = {
    "people": sentence("Personas presentes"),
    "corrected": sentence("De ellas, por corrección"),
    "discounted": sentence("No contadas, por corrección"),
    "only_seen": sentence("Vistas menos tiempo, no contadas"),
    "connections": sentence("Conexiones (no son personas)"),
    "excused": sentence("Excusadas"),
    "declared": sentence("Declaradas con /presente"),
    "companions": sentence("Acompañantes declarados"),
    "companions_corrected": sentence("Acompañantes, por corrección"),
    "complete": sentence("Delegaciones completas"),
    "unknown": sentence("Minutos sin datos"),
}

_LINES = {
    "people": sentence("{whose}, presentes"),
    "declared": sentence("{whose}, declaradas"),
    "companions": sentence("{whose}, acompañantes declarados"),
    "excused": sentence("{whose}, excusadas"),
    "without_profile": sentence("{whose}, sin perfil, presentes"),
    "profile": sentence("{whose}, presentes"),
    "companions_of": sentence("{whose}, acompañantes declarados"),
}

_BLOCKS = {
    "people": sentence("{block}, personas"),
    "total": sentence("{block}, minutos en total"),
    "median": sentence("{block}, mediana de minutos"),
    "unknown": sentence("{block}, minutos sin datos"),
}
