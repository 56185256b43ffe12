"""What is said about declared presence to whoever declares it."""

from datetime import datetime

from bot.attendance import CheckInNotOpen, CheckInOver, TooManyCompanions
from bot.i18n import translator
from bot.languages import Language
from bot.phrases.agenda import hour
from bot.phrases.refusals import words
from bot.register import CheckedIn

_ = translator("attendance")

#: The Spanish of what Discord shows of the command.
COMMANDS = (
    "Diga que está en la sesión de hoy, y cuántas personas más comparten su conexión",
    "acompanantes",
    "Cuántas personas más están con usted en la misma conexión",
)


def checked_in(result: CheckedIn, language: Language) -> str:
    """The private answer to a check-in that is saved."""
    companions = result.check_in.companions
    if result.is_new:
        said = _("Anotado: está presente en la sesión de hoy.", language)
    elif result.is_changed:
        said = _("Corregido: su presencia de hoy ya estaba anotada.", language)
    else:
        said = _(
            "Ya estaba anotada su presencia de hoy, a las {hour}; no hace falta repetirla.",
            language,
            hour=hour(result.check_in.declared_at),
        )
    if companions:
        said += " " + _.plural(
            "Con usted comparte la conexión {n} persona más.",
            "Con usted comparten la conexión {n} personas más.",
            companions,
            language,
        )
    elif result.is_changed:
        said += " " + _("Nadie más comparte su conexión.", language)
    return said


@words(CheckInNotOpen)
def _not_open(refusal: CheckInNotOpen, language: Language) -> str:
    return _(
        "Todavía no: la presencia se anota desde {opens}. No se guardó nada; vuelva a esa hora, por favor.",
        language,
        opens=_day_and_hour(refusal.opens_at),
    )


@words(CheckInOver)
def _over(refusal: CheckInOver, language: Language) -> str:
    if refusal.next_opens_at is None:
        return _(
            "El evento terminó y ya no se anota presencia. Si estuvo y no quedó anotado, escriba a la organización.",
            language,
        )
    return _(
        "La sesión de hoy ya terminó y su presencia no se puede anotar ahora. La siguiente se anota desde {opens}.",
        language,
        opens=_day_and_hour(refusal.next_opens_at),
    )


@words(TooManyCompanions)
def _too_many(refusal: TooManyCompanions, language: Language) -> str:
    if refusal.maximum == 0:
        return _("En este evento cada persona se anota con su propia cuenta, sin acompañantes.", language)
    return _(
        "Son demasiados acompañantes para una conexión: se pueden anotar hasta {maximum}.",
        language,
        maximum=refusal.maximum,
    )


def _day_and_hour(instant: datetime) -> str:
    """As each reader's Discord shows it, with the day."""
    return f"<t:{int(instant.timestamp())}:F>"
