"""What is said about corrections to organizers, in private and by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.agenda import Event
from bot.corrections import (
    AlreadySo,
    Correction,
    CorrectionKind,
    NobodyToCorrect,
    NoReason,
    NoSuchCorrection,
    NotBegun,
    ReasonTooLong,
    TakenBackAlready,
)
from bot.errata import Listed, Noted
from bot.i18n import country_name, day_name, sentence, translator
from bot.ids import PersonId
from bot.languages import Language
from bot.participants import Affiliation, Country
from bot.phrases.refusals import words
from bot.phrases.summary import elsewhere_name

_ = translator("corrections")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "Corrija la presencia de alguien en una sesión; lo medido no se toca (organización)",
    "Anote que alguien avisó que no asiste a una sesión (organización)",
    "Vea a quiénes se corrigió o excusó, quién lo hizo y por qué (organización)",
    "persona",
    "sesion",
    "presencia",
    "motivo",
    "acompanantes",
    "De quién se trata",
    "El día de la sesión",
    "Si estuvo o no, en verdad",
    "Por qué; lo lee solo la organización",
    "Cuántas personas compartían en verdad su conexión; sin nada, las declaradas",
    "Solo las de un día; sin él, todas",
    "Presente",
    "Ausente",
)


def noted(made: Noted, who: str, event: Event, language: Language, *, quiet_minutes: int | None = None) -> str:
    """The answer to a correction or an excuse that is saved. `who` is shown as it is.

    `quiet_minutes`: the day's summary has been posted; a corrected one comes after so long.
    """
    row = made.correction
    lines = [
        _(
            "Anotada la corrección {number}: {who}, {day}: {what}.",
            language,
            number=row.number,
            who=who,
            day=day_name(event.session(row.session).day, language),
            what=what(row, language),
        ),
        _("Motivo: {reason}", language, reason=row.reason),
    ]
    if made.replaces is not None:
        lines.append(_("Reemplaza la {earlier}.", language, earlier=_row(made.replaces, language)))
    if row.kind is CorrectionKind.EXCUSED:
        lines.append(_("Si resulta que estuvo, cuenta como presente.", language))
    else:
        lines.append(
            _("Lo medido y lo declarado quedan como están; la corrección se cuenta y se dice aparte.", language)
        )
    if made.participant is None:
        lines.append(_("No está en el registro: cuenta sin nombre y en ninguna delegación.", language))
    return "\n".join(lines + _to_come(quiet_minutes, language))


def taken_back(made: Noted, who: str, event: Event, language: Language, *, quiet_minutes: int | None = None) -> str:
    """The answer to one that takes another back."""
    row, taken = made.correction, made.replaces
    assert taken is not None
    lines = [
        _(
            "Anulada la corrección {number}: {who}, {day}: {what}.",
            language,
            number=taken.number,
            who=who,
            day=day_name(event.session(row.session).day, language),
            what=what(taken, language),
        ),
        _("Motivo: {reason}", language, reason=row.reason),
    ]
    if made.restores is not None:
        lines.append(_("Vuelve a valer la {earlier}.", language, earlier=_row(made.restores, language)))
    return "\n".join(lines + _to_come(quiet_minutes, language))


def what(row: Correction, language: Language) -> str:
    """What a correction says of somebody."""
    said = _(_KINDS[row.kind], language)
    if row.companions is not None:
        said += ", " + _.plural("con {n} acompañante", "con {n} acompañantes", row.companions, language)
    return said


def listed(lines: Sequence[Listed], names: Mapping[PersonId, str], event: Event, language: Language) -> str:
    """Every correction, for organizers alone. `names` are those of everybody in it, shown as they are."""
    if not lines:
        return _("No hay correcciones ni excusas.", language)
    told = [_("**Correcciones y excusas: {count}**, la última primero", language, count=len(lines))]
    told += [_line(line, names, event, language) for line in lines]
    return "\n".join(told)


def unknown_person(person: PersonId, language: Language) -> str:
    """Somebody who has not registered, as the reader's Discord knows them."""
    # No id of Discord's is below zero: that is what stands for somebody who was erased.
    return f"<@{person}>" if person > 0 else _("alguien cuyos datos se borraron", language)


def known_person(name: str, institution: str, affiliation: Affiliation, language: Language) -> str:
    """Somebody as they registered, so that two of one name are told apart."""
    if isinstance(affiliation, Country):
        return f"**{name}** ({country_name(affiliation.code, language)}, {institution})"
    return f"**{name}** ({elsewhere_name(affiliation, language)}, {institution})"


def somebody(language: Language) -> str:
    """Somebody who has not registered, where their Discord name cannot be shown."""
    return _("persona sin registrar", language)


def take_back_button(language: Language) -> str:
    return _("Anular…", language)


def take_back_placeholder(language: Language) -> str:
    return _("Anular una…", language)


def take_back_title(number: int, language: Language) -> str:
    """The form's heading, at most 45 characters."""
    return _("Anular la corrección {number}", language, number=number)


def reason_label(language: Language) -> str:
    return _("Motivo", language)


def reason_description(language: Language) -> str:
    return _("Queda anotado con su nombre. Lo lee solo la organización.", language)


def choice(line: Listed, name: str, event: Event, language: Language) -> str:
    """A correction to choose from a list; any length."""
    row = line.correction
    return f"{row.number} · {name} · {day_name(event.session(row.session).day, language)} · {what(row, language)}"


def _line(line: Listed, names: Mapping[PersonId, str], event: Event, language: Language) -> str:
    row = line.correction
    told = _(
        "{number}. {who}, {day}: **{what}**. {reason} ({by}, {at})",
        language,
        number=row.number,
        who=names[row.person],
        day=day_name(event.session(row.session).day, language),
        what=what(row, language),
        reason=_reason(row, language),
        by=_by(row, language),
        at=_stamp(row.made_at),
    )
    if line.taken_back is not None:
        by = line.taken_back
        told += "\n> " + _(
            "Anulada: {reason} ({by}, {at})",
            language,
            reason=_reason(by, language),
            by=_by(by, language),
            at=_stamp(by.made_at),
        )
    elif not line.is_in_force:
        told += "\n> " + _("Reemplazada por otra posterior.", language)
    return told


def _row(row: Correction, language: Language) -> str:
    return _(
        "{number} ({what}; {by}, {at})",
        language,
        number=row.number,
        what=what(row, language),
        by=_by(row, language),
        at=_stamp(row.made_at),
    )


def _reason(row: Correction, language: Language) -> str:
    return _("motivo borrado", language) if row.reason is None else row.reason


def _by(row: Correction, language: Language) -> str:
    return _("alguien cuyos datos se borraron", language) if row.made_by is None else f"<@{row.made_by}>"


def _stamp(instant: datetime) -> str:
    """As each reader's Discord shows it."""
    return f"<t:{int(instant.timestamp())}:f>"


def _to_come(quiet_minutes: int | None, language: Language) -> list[str]:
    if quiet_minutes is None:
        return []
    return [
        _.plural(
            "Si cambian las cifras, el resumen corregido sale en el canal de la organización tras {n} minuto sin más "
            "cambios.",
            "Si cambian las cifras, el resumen corregido sale en el canal de la organización tras {n} minutos sin más "
            "cambios.",
            quiet_minutes,
            language,
        )
    ]


_KINDS = {
    CorrectionKind.PRESENT: sentence("presente"),
    CorrectionKind.ABSENT: sentence("ausente"),
    CorrectionKind.EXCUSED: sentence("excusada"),
    CorrectionKind.TAKEN_BACK: sentence("anulación"),
}


@words(NoReason)
def _no_reason(_refusal: NoReason, language: Language) -> str:
    return _("Falta el motivo: escriba por qué, con palabras. No se guardó nada.", language)


@words(ReasonTooLong)
def _reason_too_long(refusal: ReasonTooLong, language: Language) -> str:
    return _(
        "El motivo tiene {length} caracteres y caben {limit}. Acórtelo y repítalo; no se guardó nada.",
        language,
        length=refusal.length,
        limit=refusal.limit,
    )


@words(NotBegun)
def _not_begun(refusal: NotBegun, language: Language) -> str:
    return _(
        "Esa sesión comienza {at}: antes no hay presencia que corregir. Si alguien avisó que no viene, use /excusar.",
        language,
        at=_stamp(refusal.starts_at),
    )


@words(AlreadySo)
def _already_so(refusal: AlreadySo, language: Language) -> str:
    return _(
        "Ya consta así: es la corrección {correction}. No se anotó otra vez.",
        language,
        correction=_row(refusal.correction, language),
    )


@words(NoSuchCorrection)
def _no_such_correction(refusal: NoSuchCorrection, language: Language) -> str:
    return _("No hay una corrección {number}. Véalas con /correcciones.", language, number=refusal.number)


@words(TakenBackAlready)
def _taken_back_already(refusal: TakenBackAlready, language: Language) -> str:
    return _(
        "Ya la anuló {by}, {at}. No se anotó otra vez.",
        language,
        by=_by(refusal.by, language),
        at=_stamp(refusal.by.made_at),
    )


@words(NobodyToCorrect)
def _nobody_to_correct(_refusal: NobodyToCorrect, language: Language) -> str:
    return _("Los bots no se cuentan: no hay nada que corregir.", language)
