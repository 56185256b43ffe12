"""What became of a day's questions, in figures. It names nobody, and to others than organizers no small delegation."""

from babel.numbers import format_decimal

from bot.collation import alphabetical
from bot.i18n import country_name, sentence, translator
from bot.languages import LANGUAGES, Language
from bot.origins import FEW_PEOPLE, Origins
from bot.questions import Figures, Reason, State

_ = translator("question_figures")

#: What is counted, and how often.
Line = tuple[str, int]


def told(figures: Figures, origins: Origins, language: Language, *, for_organizers: bool) -> str:
    """The figures as lines of a post. `for_organizers`: nobody else reads it, so small delegations are named."""
    shown = [state for state in _STATES if state in _ALWAYS or figures[state]]
    lines = [
        _(
            "**Preguntas recibidas: {received}** ({standing}). Aprobadas en total: {accepted}.",
            language,
            received=figures.received,
            standing=" · ".join(_counted(state, figures, language) for state in shown),
            accepted=figures.accepted,
        )
    ]
    if figures.by_reason:
        listed = _listed(by_reason(figures, language))
        lines.append(_("- Motivos de rechazo: {listed}", language, listed=listed))
    if figures.by_language:
        listed = _listed(by_language(figures, language))
        lines.append(_("- Por idioma: {listed}", language, listed=listed))
    if figures.received:
        listed = _listed(by_country(origins, language, for_organizers=for_organizers))
        lines.append(_("- Por país: {listed}", language, listed=listed))
    if figures.median_wait_seconds is not None:
        minutes = _minutes(figures.median_wait_seconds, language)
        lines.append(
            _(
                "- Mediana de la espera hasta estar al aire, de las hechas con nombre: {minutes} min",
                language,
                minutes=minutes,
            )
        )
    return "\n".join(lines)


def by_reason(figures: Figures, language: Language) -> list[Line]:
    """The rejected ones by reason, in the order of the list from which the reason is chosen."""
    given = figures.by_reason
    return [(_(_REASONS[reason], language), given[reason]) for reason in Reason if reason in given]


def by_language(figures: Figures, language: Language) -> list[Line]:
    """By the language of those who asked."""
    spoken = figures.by_language
    return [(language_name(each, language), spoken[each]) for each in LANGUAGES if each in spoken]


def by_country(origins: Origins, language: Language, *, for_organizers: bool) -> list[Line]:
    """Every question in one line. Where others than organizers read, countries of few people are one line together."""
    listed = origins.by_country if for_organizers else origins.of_many
    lines = [(country_name(code, language), each.questions) for code, each in listed.items()]
    lines.sort(key=lambda line: alphabetical(line[0], language))
    if not for_organizers and origins.others:
        others = _("otros, de menos de {few} personas cada uno", language, few=FEW_PEOPLE)
        lines.append((others, origins.others))
    if origins.elsewhere:
        lines.append((_("sin delegación", language), origins.elsewhere))
    if origins.anonymous:
        lines.append((_("anónimas", language), origins.anonymous))
    return lines


def state_name(state: State, language: Language) -> str:
    """Questions that stand there, as figures call them."""
    return _(_STATES[state], language)


def in_writing_name(language: Language) -> str:
    """Those of the answered ones that were answered in writing."""
    return _("de ellas por escrito", language)


def median_name(language: Language) -> str:
    return _("mediana de la espera de las hechas con nombre hasta estar al aire, en minutos", language)


def language_name(of: Language, language: Language) -> str:
    return _(_LANGUAGES[of], language)


def _counted(state: State, figures: Figures, language: Language) -> str:
    said = f"{state_name(state, language)} {figures[state]}"
    if state is State.ANSWERED and figures.in_writing:
        said += f", {in_writing_name(language)} {figures.in_writing}"
    return said


def _listed(lines: list[Line]) -> str:
    return " · ".join(f"{name} {count}" for name, count in lines)


def _minutes(seconds: float, language: Language) -> str:
    return str(format_decimal(seconds / 60, "#,##0.0", locale=language))


_STATES = {
    State.ANSWERED: sentence("respondidas"),
    State.ON_AIR: sentence("al aire"),
    State.APPROVED: sentence("aprobadas sin responder"),
    State.DEFERRED: sentence("aplazadas"),
    State.REJECTED: sentence("rechazadas"),
    State.PENDING: sentence("por revisar"),
    State.WITHDRAWN: sentence("retiradas"),
    State.MERGED: sentence("unidas a otra"),
}

_ALWAYS = frozenset({State.ANSWERED, State.APPROVED, State.REJECTED, State.PENDING})

_REASONS = {
    Reason.OFF_TOPIC: sentence("fuera del tema"),
    Reason.REPEATED: sentence("repetidas"),
    Reason.UNCLEAR: sentence("poco claras"),
    Reason.TOO_LONG: sentence("demasiado largas"),
    Reason.PERSONAL_DATA: sentence("con datos de personas"),
    Reason.DISRESPECTFUL: sentence("de tono inadecuado"),
    Reason.NO_TIME: sentence("sin tiempo para ellas"),
    Reason.OTHER: sentence("por otro motivo"),
}

_LANGUAGES: dict[Language, str] = {"es": sentence("español"), "en": sentence("inglés")}
