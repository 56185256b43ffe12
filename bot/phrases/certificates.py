"""Certificates: what one says, and what is said about them to participants and to the operator."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from babel.numbers import format_decimal

from bot.agenda import Event, Text
from bot.certificates import (
    Certificate,
    CertificatesNotYet,
    CodeUnreadable,
    Merit,
    NotMet,
    NotRegisteredForOne,
    Rule,
    printed,
)
from bot.certifying import Held, IssuingNeedsTheDatabase
from bot.i18n import country_name, day_name, hour_of_place, translator
from bot.languages import Language, text_in
from bot.participants import Country, Elsewhere, Participant
from bot.phrases.acta_parts import days_between
from bot.phrases.refusals import words

_ = translator("certificates")

#: The Spanish of what Discord shows of the command.
COMMANDS = ("Reciba su constancia de asistencia, en privado, cuando termine el evento",)

Said = Mapping[str, object]


def certificate(held: Held, event: Event, signatories: Sequence[Text], language: Language) -> Said:
    """One certificate, as the template `certificates` has it."""
    given, who = held.certificate, held.participant
    return {
        "language": language,
        "event": text_in(event.name, language),
        "kind": _("Constancia", language),
        "of": _("de asistencia", language),
        "awarded": _("Se hace constar que", language),
        "name": who.name,
        "from": _from(who, language),
        "attended": _("asistió a las sesiones de", language),
        "when": _("celebrado en modalidad virtual, {days}.", language, days=days_between(event, language)),
        "figures": [*_figures(given.merit, language)],
        "number": _("N.º {number}", language, number=number(given)),
        "code": printed(given.code),
        "code_name": _("Código", language),
        "issued": _(
            "Expedida el {day}", language, day=_day(given.issued_at.astimezone(event.timezone).date(), language)
        ),
        "corrected": _(
            "Cifras corregidas el {day}", language, day=_day(given.since.astimezone(event.timezone).date(), language)
        )
        if given.is_changed
        else None,
        "check": _("La organización comprueba este código a quien se lo pida.", language),
        "signatories": [text_in(each, language) for each in signatories] or [_("Por la organización", language)],
    }


def document_title(event: Event, language: Language) -> str:
    """The title of a file of certificates."""
    return _("Constancia de asistencia: {event}", language, event=text_in(event.name, language))


def number(given: Certificate) -> str:
    """A certificate's number, as it is written."""
    return f"{given.number:03}"


def figures(merit: Merit, language: Language) -> str:
    """What somebody's days come to, in a line."""
    return " ".join(_figures(merit, language))


def rule_said(rule: Rule, language: Language) -> str:
    """What it takes."""
    said = _.plural(
        "Se da a quien asistió {n} día de {sessions}, al menos el {percent} % de los minutos del día.",
        "Se da a quien asistió {n} días de {sessions}, al menos el {percent} % de los minutos de cada uno.",
        rule.days,
        language,
        sessions=rule.sessions,
        percent=rule.minutes_percent,
    )
    if rule.declared_counts:
        said += " " + _("También cuentan los días declarados con /presente.", language)
    return said


def here_it_is(held: Held, missing: str, language: Language) -> str:
    """Said with the file; `missing` are the letters for which a square stands in it."""
    said = _(
        "Aquí está su constancia, la número {number}, con el nombre que registró: revíselo. Solo usted ve este "
        "mensaje. Si el nombre no está bien, corríjalo con /registro y pida la constancia otra vez: el número y el "
        "código no cambian.",
        language,
        number=number(held.certificate),
    )
    if missing:
        said += "\n" + _(
            "En la constancia va un cuadro en lugar de los signos que ninguna letra de imprenta tiene; escriba su "
            "nombre e institución en letras latinas.",
            language,
        )
    return said


@words(CertificatesNotYet)
def _not_yet(refusal: CertificatesNotYet, language: Language) -> str:
    at = f"<t:{int(refusal.at.timestamp())}:F>"
    return _("Las constancias se dan al terminar el evento: pídala desde {at}.", language, at=at)


@words(NotMet)
def _not_met(refusal: NotMet, language: Language) -> str:
    return "\n".join(
        [
            _("Todavía no hay constancia para usted.", language) + " " + rule_said(refusal.rule, language),
            _("Lo anotado de usted: {figures}", language, figures=figures(refusal.merit, language)),
            _(
                "Si estuvo y no quedó anotado, escriba a la organización, que puede corregirlo; después pídala otra "
                "vez.",
                language,
            ),
        ]
    )


@words(NotRegisteredForOne)
def _not_registered(_refusal: NotRegisteredForOne, language: Language) -> str:
    return _(
        "La constancia lleva su nombre, y usted no se ha registrado. Hágalo con /registro y pídala otra vez.", language
    )


@words(CodeUnreadable)
def _code_unreadable(_refusal: CodeUnreadable, language: Language) -> str:
    return _(
        "Eso no es un código de constancia: son doce letras y cifras, y alguna está mal copiada. Revíselo.", language
    )


@words(IssuingNeedsTheDatabase)
def _needs_the_database(_refusal: IssuingNeedsTheDatabase, language: Language) -> str:
    return _(
        "Hay constancias por anotar y el bot tiene abierta la base de datos. Deténgalo y repita; o pida usted "
        "/constancia en el servidor, que las anota todas, y repita.",
        language,
    )


# For the operator


def made(count: int, folder: Path, language: Language) -> str:
    return _.plural(
        "{n} constancia está en {folder}. Lleva el nombre de una persona: entréguela solo a ella.",
        "{n} constancias están en {folder}. Llevan nombres de personas: entregue a cada una solo la suya.",
        count,
        language,
        folder=folder,
    )


def nobody(rule: Rule, language: Language) -> str:
    return _("Nadie cumple la regla. {rule}", language, rule=rule_said(rule, language))


def given_from(at: datetime, event: Event, language: Language) -> str:
    """Too early, for who reads it in a terminal."""
    local = at.astimezone(event.timezone)
    return _(
        "Las constancias se dan al terminar el evento: desde el {day} a las {hour}, {place}.",
        language,
        day=_day(local.date(), language),
        hour=f"{local:%H:%M}",
        place=hour_of_place(event.timezone, language),
    )


def newly_given(count: int, language: Language) -> str:
    return _.plural("Se anotó {n} constancia nueva.", "Se anotaron {n} constancias nuevas.", count, language)


def withdrawn(given: Certificate, rule: Rule, language: Language) -> str:
    """Its figures were corrected below the rule."""
    return _(
        "La constancia {number} ya no vale: sus cifras se corrigieron por debajo de la regla ({days} de {needed} "
        "días). Avise a la persona; su archivo se quitó y el código ya no se reconoce como válido.",
        language,
        number=number(given),
        days=given.merit.days,
        needed=rule.days,
    )


def restored(given: Certificate, language: Language) -> str:
    return _("La constancia {number} vuelve a valer: sus cifras se corrigieron.", language, number=number(given))


def changed(given: Certificate, language: Language) -> str:
    return _(
        "Las cifras de la constancia {number} se corrigieron: entregue de nuevo su archivo.",
        language,
        number=number(given),
    )


def removed(file: Path, language: Language) -> str:
    return _("Se quitó {file}, que ya no es de ninguna constancia válida.", language, file=file)


def letters_missing(letters: str, language: Language) -> str:
    return _(
        "Ninguna letra de imprenta tiene estos signos y en su lugar va un cuadro: {letters}", language, letters=letters
    )


def verified(given: Certificate, who: Participant | None, event: Event, language: Language) -> list[tuple[str, str]]:
    """What is known of a certificate, a name and a value each."""
    zone = event.timezone
    lines = [
        (_("Constancia", language), number(given)),
        (_("Nombre", language), who.name if who is not None else _("borrado a petición de la persona", language)),
        (_("Evento", language), text_in(event.name, language)),
        (_("Días", language), days_between(event, language)),
        (_("Expedida", language), _day(given.issued_at.astimezone(zone).date(), language)),
        (_("Asistencia", language), figures(given.merit, language)),
    ]
    if given.is_changed and given.is_valid:
        lines.append((_("Corregida", language), _day(given.since.astimezone(zone).date(), language)))
    return lines


def is_valid(language: Language) -> str:
    return _("El código es auténtico y la constancia vale.", language)


def is_withdrawn(since: date, language: Language) -> str:
    return _(
        "El código es auténtico, pero la constancia dejó de valer el {day}: sus cifras se corrigieron.",
        language,
        day=_day(since, language),
    )


def unknown_code(language: Language) -> str:
    return _("Ninguna constancia de este evento tiene ese código.", language)


def _figures(merit: Merit, language: Language) -> list[str]:
    """What somebody's days come to: measured, and apart from it what is not."""
    parts = [
        _.plural(
            "Asistencia medida en {n} de {sessions} días: {minutes} minutos de {seen}.",
            "Asistencia medida en {n} de {sessions} días: {minutes} minutos de {seen}.",
            merit.measured_days,
            language,
            sessions=merit.sessions,
            minutes=_minutes(merit.measured, language),
            seen=_minutes(merit.seen, language),
        )
    ]
    if merit.corrected_days:
        parts.append(
            _.plural(
                "{n} día reconocido por la organización.",
                "{n} días reconocidos por la organización.",
                merit.corrected_days,
                language,
            )
        )
    if merit.declared_days:
        parts.append(
            _.plural(
                "{n} día declarado por la propia persona, sin medición.",
                "{n} días declarados por la propia persona, sin medición.",
                merit.declared_days,
                language,
            )
        )
    if merit.unseen_days:
        parts.append(
            _.plural(
                "{n} día sin datos del registro, que no se exige.",
                "{n} días sin datos del registro, que no se exigen.",
                merit.unseen_days,
                language,
            )
        )
    return parts


def _from(who: Participant, language: Language) -> str:
    if isinstance(who.affiliation, Country):
        return f"{who.institution} · {country_name(who.affiliation.code, language)}"
    if who.affiliation is Elsewhere.PANELIST:
        return f"{who.institution} · {_('panelista', language)}"
    return who.institution


def _day(day: date, language: Language) -> str:
    """Without the weekday, which no paper needs."""
    return day_name(day, language, with_year=True).split(" ", 1)[1]


def _minutes(milliseconds: int, language: Language) -> str:
    # Cut, not rounded: nobody is certified a minute that was not there.
    return str(format_decimal(milliseconds // 60_000, "#,##0", locale=language))
