"""What the operator is told when the configuration is read anew."""

from bot.i18n import translator
from bot.languages import Language

_ = translator("rereading")


def read_anew(days: int, language: Language) -> str:
    """`days`: how many of the event's days differ."""
    if not days:
        return _("La configuración se leyó de nuevo: el programa sigue igual.", language)
    return _.plural(
        "La configuración se leyó de nuevo: cambió el programa de un día, y se avisa a todas las personas.",
        "La configuración se leyó de nuevo: cambió el programa de {n} días, y se avisa a todas las personas.",
        days,
        language,
    )


def rest_needs_a_start(language: Language) -> str:
    return _("Lo que cambió en la configuración fuera de [event] rige desde el próximo arranque.", language)


def not_read(language: Language) -> str:
    return _("La configuración no se pudo leer de nuevo: el programa sigue como estaba.", language)


def nobody_runs(language: Language) -> str:
    return _("Ningún bot está usando esta base de datos: lo leerá al arrancar.", language)


def cannot_ask(process: int, language: Language) -> str:
    return _(
        "No se puede avisar al proceso {process}: ejecute la orden en la misma máquina o contenedor, con el mismo "
        "usuario que el bot.",
        language,
        process=process,
    )


def not_taken_up(language: Language) -> str:
    return _("El bot no tomó la configuración nueva; en lo que él mismo dice está por qué.", language)


def taken_up(days: int, language: Language) -> str:
    return _.plural(
        "El bot sigue ahora con la configuración nueva, de un día.",
        "El bot sigue ahora con la configuración nueva, de {n} días.",
        days,
        language,
    )
