"""The pinned message about how to take part."""

from bot.i18n import translator
from bot.languages import Language

_ = translator("taking_part")


def programme_button(language: Language) -> str:
    return _("Ver el programa", language)


def how_to_take_part(rooms: str, questions: str, language: Language) -> str:
    """Everything that somebody who has just arrived needs. `rooms` and `questions` are shown as links to channels;
    `rooms` is empty where the event is heard elsewhere."""
    lines = [
        _("## Cómo participar", language),
        _("Basta con los botones de abajo: no hace falta escribir nada más.", language),
    ]
    if rooms:
        lines.append(_("- **Escuchar:** entre en {rooms}. Para hablar, pida allí la palabra.", language, rooms=rooms))
    lines += [
        _("- **Registrarse:** una sola vez, con su país o institución. Así su delegación cuenta.", language),
        _(
            "- **Preguntar:** con su nombre o de forma anónima. Quienes moderan la revisan, y se lee en {questions}.",
            language,
            questions=questions,
        ),
        _(
            "- **Presente:** dice que está, y cuántas personas comparten su conexión. También se mide la presencia en "
            "las salas.",
            language,
        ),
        _("- **Programa:** qué hay cada día, a su hora, y para guardarlo en su calendario.", language),
        _("- **Sus datos:** /mis-datos muestra lo que se guarda de usted y lo borra.", language),
    ]
    return "\n".join(lines)
