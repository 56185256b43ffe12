"""What is said about documents and links: to everybody, and to the organizers who add them."""

from collections.abc import Sequence

from bot.agenda import Event
from bot.i18n import day_name, sentence, size_name, translator
from bot.languages import Language, text_in
from bot.materials import Material, MaterialFault, MaterialNotAdded, MaterialUnreadable, NoSuchMaterial
from bot.phrases.refusals import words

_ = translator("materials")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "Lea los documentos y enlaces de cada día",
    "Añada un documento o un enlace a los materiales de un día (organización)",
    "titulo",
    "enlace",
    "Con qué nombre aparece en la lista",
    "Su dirección, si está en la red: https://…",
    "El documento, si lo tiene usted",
    "A qué día pertenece",
)


def listed(materials: Sequence[tuple[Material, str]], event: Event, language: Language) -> str:
    """Everything by day, each with its title as it is shown."""
    if not materials:
        return _("Todavía no hay materiales.", language)
    lines = [_("**Materiales**", language)]
    for session in event.sessions:
        of_day = [(material, title) for material, title in materials if material.session == session.key]
        if of_day:
            theme = text_in(session.theme, language)
            heading = _("{day}: {theme}", language, day=day_name(session.day, language), theme=theme)
            lines.append(f"### {heading}")
            lines += [f"- **{title}** · {_where(material)}" for material, title in of_day]
    return "\n".join(lines)


def get_placeholder(language: Language) -> str:
    return _("Recibir un documento…", language)


def remove_placeholder(language: Language) -> str:
    return _("Quitar de la lista…", language)


def choice(material: Material, event: Event, language: Language) -> str:
    """One to choose from a list, as plain text."""
    day = day_name(event.session(material.session).day, language)
    return f"{text_in(material.title, language)} · {day}"


def here_it_is(file_name: str, language: Language) -> str:
    return _("Aquí está: {name}", language, name=file_name)


def added(title: str, day: str, language: Language) -> str:
    return _(
        "Añadido a los materiales del {day}: {title}. Todos lo ven con /materiales.", language, day=day, title=title
    )


def removed(title: str, language: Language) -> str:
    return _("Quitado de la lista: {title}. Quien ya lo recibió lo conserva.", language, title=title)


@words(MaterialNotAdded)
def _not_added(refusal: MaterialNotAdded, language: Language) -> str:
    limit = refusal.limit or 0
    shown = size_name(limit, language) if refusal.fault is MaterialFault.TOO_LARGE else limit
    return _(_FAULTS[refusal.fault], language, limit=shown)


@words(NoSuchMaterial)
def _no_such(_refusal: NoSuchMaterial, language: Language) -> str:
    return _("Ese material ya no está. Pida la lista otra vez con /materiales.", language)


@words(MaterialUnreadable)
def _unreadable(refusal: MaterialUnreadable, language: Language) -> str:
    return _(
        "El documento {name} no se puede leer. Avise a la organización, por favor.", language, name=refusal.file_name
    )


def _where(material: Material) -> str:
    return f"<{material.link}>" if material.link is not None else f"📄 `{material.file_name}`"


_FAULTS = {
    MaterialFault.NO_TITLE: sentence("NO se añadió: diga con qué título."),
    MaterialFault.TITLE_TOO_LONG: sentence("NO se añadió: el título es demasiado largo; caben {limit} caracteres."),
    MaterialFault.NOT_ONE: sentence("NO se añadió: dé un enlace o un archivo, uno de los dos."),
    MaterialFault.NOT_A_LINK: sentence(
        "NO se añadió: el enlace debe ser una dirección completa que comience por https://."
    ),
    MaterialFault.TOO_LARGE: sentence(
        "NO se añadió: el documento pesa más de {limit}. Póngalo en la red y dé su enlace."
    ),
    MaterialFault.EMPTY: sentence("NO se añadió: el archivo está vacío."),
    MaterialFault.TITLE_TAKEN: sentence("NO se añadió: ese día ya tiene uno con el mismo título. Dele otro."),
    MaterialFault.TOO_MANY: sentence("NO se añadió: ese día ya tiene {limit}, y no caben más. Quite uno antes."),
}
