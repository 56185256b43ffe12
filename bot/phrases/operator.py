"""What the command line says to the operator, but for the texts of --help."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bot.cues import NeverSent
from bot.errors import NotSaved, Refusal
from bot.i18n import day_name, translator
from bot.languages import Language
from bot.phrases import connection, database
from bot.phrases.refusals import refused, words

# Importing them gives their refusals words.
assert connection

_ = translator("operator")


def told(refusal: Refusal, language: Language) -> str:
    """A refusal in words for the operator, who can do something about the database."""
    if isinstance(refusal, NotSaved):
        return database.not_saved(refusal, language)
    return refused(refusal, language)


def file_trouble(file: str, reason: str, language: Language) -> str:
    return _("No se puede usar {file}: {reason}.", language, file=file, reason=reason)


def nobody_answers(port: int, language: Language) -> str:
    return _(
        "En 127.0.0.1:{port} no responde ningún Estrado. Inícielo con «estrado run --http-port {port}».",
        language,
        port=port,
    )


# What is said while the bot runs.


def running(event: str, language: Language) -> str:
    return _("Estrado está en marcha: {event}. Se detiene con Ctrl+C.", language, event=event)


def over(event: str, language: Language) -> str:
    return _(
        "Todas las sesiones de {event} ya pasaron y no queda nada por enviar. Estrado termina aquí.",
        language,
        event=event,
    )


@words(NeverSent)
def _never_sent(refusal: NeverSent, language: Language) -> str:
    return _(
        "El evento terminó hace horas y esto no pudo publicarse: {references}. Arregle su canal («estrado check "
        "--online» dice qué le falta) y repita «estrado run», que lo publica.",
        language,
        references=", ".join(refusal.references),
    )


def stopping(language: Language) -> str:
    return _("Deteniendo; todo lo guardado queda guardado. Otro Ctrl+C termina de inmediato.", language)


def stopped(language: Language) -> str:
    return _("Estrado se detuvo en orden.", language)


def forced(language: Language) -> str:
    return _("Estrado terminó de inmediato. Lo que se había dado por guardado está en la base de datos.", language)


def too_slow(seconds: int, language: Language) -> str:
    return _(
        "Detenerse tomó más de {seconds} segundos y Estrado terminó por la fuerza. Lo que se había dado por guardado "
        "está en la base de datos.",
        language,
        seconds=seconds,
    )


def failed(reference: str, language: Language) -> str:
    return _(
        "Estrado se detuvo por un error del programa. El registro de arriba lo muestra con la referencia {reference}.",
        language,
        reference=reference,
    )


# Checks.


def mistakes_found(n: int, file: Path, language: Language) -> str:
    return _.plural(
        "Hay {n} error en {file}. Corríjalo y repita.",
        "Hay {n} errores en {file}. Corríjalos y repita.",
        n,
        language,
        file=file,
    )


def config_is_good(file: Path, language: Language) -> str:
    return _("La configuración está bien: {file}.", language, file=file)


def past_days(days: Sequence[date], of: int, language: Language) -> str:
    """A warning; `of` is how many days the event has."""
    listed = ", ".join(day_name(day, language, with_year=True) for day in days)
    if len(days) == of:
        return _(
            "Todas las sesiones ya pasaron ({days}): «estrado run» terminaría enseguida. Revise el año.",
            language,
            days=listed,
        )
    return _.plural(
        "Ya pasó una sesión: {days}.",
        "Ya pasaron {n} sesiones: {days}.",
        len(days),
        language,
        days=listed,
    )


def kept_too_long(database: Path, keep_until: date, language: Language) -> str:
    """A warning about what was promised to people."""
    return _(
        "Lo que se guarda sobre las personas debía borrarse a más tardar el {day}, y {file} todavía lo tiene. "
        "Bórrelo con «estrado db purge»; aparte, las copias que estén en otros lugares y la clave de anonimato.",
        language,
        day=day_name(keep_until, language, with_year=True),
        file=database,
    )


# The agenda as a table.


def hours_heading(zone: str, language: Language) -> str:
    return _("Hora ({zone})", language, zone=zone)


def block_heading(language: Language) -> str:
    return _("Parte", language)


def people_heading(language: Language) -> str:
    return _("Quién", language)


def session_heading(number: int, day: date, theme: str, language: Language) -> str:
    return _(
        "Sesión {number}, {day}: {theme}",
        language,
        number=number,
        day=day_name(day, language, with_year=True),
        theme=theme,
    )


def moderated_by(moderator: str, language: Language) -> str:
    return _("Modera: {moderator}", language, moderator=moderator)
