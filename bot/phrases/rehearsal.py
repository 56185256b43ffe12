"""What is said of a rehearsal on the terminal."""

from bot.i18n import translator
from bot.languages import Language

_ = translator("rehearsal")


def now_on(day: int | None, local: str, title: str, language: Language) -> str:
    """Beside the bar: the day's number, the hour in the event's zone, the block that is on."""
    if day is None:
        return f"{local} · {title}"
    return _("Día {day} · {local} · {title}", language, day=day, local=local, title=title)


def between(language: Language) -> str:
    """In place of a block's title while none is on."""
    return _("fuera de sesión", language)


def no_such_days(days: str, count: int, language: Language) -> str:
    """The event does not have the days that were asked for; it has `count`."""
    return _(
        "El evento no tiene los días {days}; los suyos van de 1 a {count}. Indique uno o un intervalo, por ejemplo "
        "2-3.",
        language,
        days=days,
        count=count,
    )


Line = tuple[str, str]


def cues(due: int, sent: int, late: int, skipped: int, missed: int, doubled: int, language: Language) -> Line:
    """What became of what fell due."""
    return _("Avisos", language), _(
        "{due} debidos, {sent} enviados, {late} tarde, {skipped} omitidos, {missed} perdidos, {doubled} repetidos",
        language,
        due=due,
        sent=sent,
        late=late,
        skipped=skipped,
        missed=missed,
        doubled=doubled,
    )


def questions(acknowledged: int, stored: int, lost: int, language: Language) -> Line:
    """What became of the questions."""
    return _("Preguntas", language), _(
        "{acknowledged} confirmadas a quien preguntó, {stored} guardadas, {lost} perdidas",
        language,
        acknowledged=acknowledged,
        stored=stored,
        lost=lost,
    )


def attendance(day: str, people: int, minutes: int, language: Language) -> Line:
    """A day's attendance."""
    figures = _("{people} personas, {minutes} minutos", language, people=people, minutes=minutes)
    return _("Asistencia {day}", language, day=day), figures


def recount(compared: int, differences: int, language: Language) -> Line:
    """The second count against the first."""
    figures = _(
        "{compared} comparaciones, {differences} diferencias", language, compared=compared, differences=differences
    )
    return _("Segundo recuento", language), figures


def contract(requests: int, violations: int, language: Language) -> Line:
    """What was held against Discord's published description."""
    figures = _(
        "{requests} peticiones, {violations} fuera de la descripción de Discord",
        language,
        requests=requests,
        violations=violations,
    )
    return _("Contrato", language), figures


def no_contract(language: Language) -> Line:
    """Nothing was held against it."""
    return _("Contrato", language), _("no se comprobó (falta DISCORD_OPENAPI)", language)


def unanswered(count: int, language: Language) -> Line:
    """Interactions that nobody answered in three seconds."""
    return _("Sin respuesta a tiempo", language), str(count)


def wall_seconds(seconds: float, language: Language) -> Line:
    """How long it took."""
    return _("Duración", language), _("{seconds} s", language, seconds=f"{seconds:.1f}")


def verdict(holds: bool, place: str, language: Language) -> str:
    """The last line: how it went, and where the files are."""
    if holds:
        return _("El ensayo salió bien. Los archivos están en {place}.", language, place=place)
    return _("El ensayo NO salió bien: vea {place}/result.json y {place}/transcript.md.", language, place=place)


def repeat(command: str, language: Language) -> str:
    """What a failing rehearsal is repeated with; one line."""
    return _("Para repetirlo: {command}", language, command=command)


def one_or_the_other(first: str, second: str, language: Language) -> str:
    """Two options that exclude each other were given."""
    return _("{first} y {second} se excluyen: dé una sola.", language, first=first, second=second)
