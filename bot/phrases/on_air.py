"""What all read of a question on air and of its written answer, beside what phrases/questions.py says of it."""

from datetime import datetime, timedelta

from bot.i18n import translator
from bot.languages import Language
from bot.phrases.agenda import hour, relative

_ = translator("on_air")


def time_left(ends_at: datetime, language: Language) -> str:
    """Under the question, where little time is left of the block."""
    return _("El tiempo de preguntas termina {when}", language, when=relative(ends_at))


def answer_heading(number: int, language: Language, *, corrected: bool) -> str:
    if corrected:
        return _("Respuesta corregida a la pregunta {number}", language, number=number)
    return _("Respuesta a la pregunta {number}", language, number=number)


def question_withdrawn(number: int, language: Language) -> str:
    """In place of a question's post that cannot be removed."""
    return _("La pregunta {number} fue retirada por quienes moderan.", language, number=number)


def answer_withdrawn(number: int, language: Language) -> str:
    """In place of an answer's post that cannot be removed."""
    return _("La respuesta a la pregunta {number} fue retirada por quienes moderan.", language, number=number)


def time_for_each(left: timedelta, ends_at: datetime, waiting: int, language: Language) -> str:
    """How long each of the questions that wait may take until the block's end."""
    if not waiting:
        return _("Quedan {minutes} min, hasta las {end}.", language, minutes=_minutes(left), end=hour(ends_at))
    each = left / waiting
    values = {"minutes": _minutes(left), "end": hour(ends_at), "each": _each(each, language)}
    return _.plural(
        "Quedan {minutes} min, hasta las {end}, para {n} pregunta: {each}.",
        "Quedan {minutes} min, hasta las {end}, para {n} preguntas: {each} cada una.",
        waiting,
        language,
        **values,
    )


def _minutes(left: timedelta) -> int:
    return int(left.total_seconds()) // 60


def _each(each: timedelta, language: Language) -> str:
    seconds = int(each.total_seconds())
    if seconds >= 120:
        return _("{minutes} min", language, minutes=seconds // 60)
    return _("{seconds} s", language, seconds=seconds)
