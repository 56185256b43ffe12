"""What is said of programmes that were made elsewhere: comments in a drafted configuration, and why a file is none."""

from datetime import date

from bot.agenda_mistakes import AgendaMistake
from bot.config_mistakes import ConfigMistake
from bot.i18n import day_name, translator
from bot.languages import Language
from bot.phrases.mistakes import worded
from bot.phrases.refusals import words
from bot.programmes.draft import AlreadyThere, Doubt, DoubtKind, ProgrammeMistake, ProgrammeMistakeKind

_ = translator("programmes")


# Comments in the file.


def heading(language: Language) -> str:
    return _(
        "Borrador hecho a partir de un programa. Lo que este no dice lleva la marca REVISAR; «estrado check» dice "
        "lo que falta para usarlo.",
        language,
    )


def doubt(asked: Doubt, language: Language) -> str:
    """What to ask somebody about the value that follows."""
    return _("REVISAR: {what}", language, what=_doubt(asked, language))


def _doubt(asked: Doubt, language: Language) -> str:
    match asked.kind:
        case DoubtKind.NAME:
            return _("el programa no dice el nombre del evento; este se tomó de una frase suya.", language)
        case DoubtKind.NO_THEME:
            return _("el programa no dice el tema del día.", language)
        case DoubtKind.NO_TITLE:
            return _("el programa no dice qué ocurre a esta hora.", language)
        case DoubtKind.KIND:
            return _("el título no dice qué clase de bloque es; se supone «exchange».", language)
        case DoubtKind.MISPRINT:
            return _(
                "«{word}» parece una errata de «{likely}», que el programa escribe {times} veces.",
                language,
                **asked.data,
            )
        case DoubtKind.PANELISTS:
            return _("se anuncian panelistas ({announced}) y no se nombran.", language, **asked.data)
        case DoubtKind.NO_MODERATOR:
            return _("el programa no dice quién modera.", language)
        case DoubtKind.NO_END:
            return _("el programa no dice cuándo termina; se suponen treinta minutos.", language)
        case DoubtKind.REMARKS:
            return _("el programa no trae las palabras de apertura; se escriben en «remarks».", language)
        case DoubtKind.SECOND_QA:
            return _("la sesión tiene ya un bloque de preguntas («qa»); este se anota como «exchange».", language)


def zone(name: str, language: Language) -> str:
    return _("REVISAR: la zona de las horas escritas ({zone}) se indicó al leer el programa.", language, zone=name)


def one_language(language: Language) -> str:
    return _(
        "REVISAR: solo el idioma del programa. Para dos, escriba los dos aquí y cada texto como "
        '{{ es = "…", en = "…" }}.',
        language,
    )


def coverage(language: Language) -> str:
    return _(
        "REVISAR: a quién se espera. El programa no lo dice; estos valores solo ocupan el lugar.",
        language,
    )


def discord(language: Language) -> str:
    return _(
        "REVISAR: el servidor, sus canales y sus roles, por nombre o por identificador.",
        language,
    )


def privacy(language: Language) -> str:
    return _(
        "REVISAR: lo que se dice a las personas antes de guardar sus datos, y por cuántos días se guardan.", language
    )


def storage(language: Language) -> str:
    return _("REVISAR: dónde se guarda, desde el directorio de este archivo.", language)


# Values that stand in until somebody writes their own, in the language of the programme.


def delegate(language: Language) -> str:
    return _("Delegado o delegada", language)


def announcements_channel(language: Language) -> str:
    return _("anuncios", language)


def questions_channel(language: Language) -> str:
    return _("preguntas", language)


def moderators_channel(language: Language) -> str:
    return _("moderacion", language)


def organizers_channel(language: Language) -> str:
    return _("organizacion", language)


def stage(language: Language) -> str:
    return _("auditorio", language)


def moderator_role(language: Language) -> str:
    return _("Moderación", language)


def organizer_role(language: Language) -> str:
    return _("Organización", language)


def consent(language: Language) -> str:
    return _(
        "Para el registro del evento se guardan su nombre, institución, país y perfil, y los minutos en que está "
        "presente.",
        language,
    )


def recorded(language: Language) -> str:
    return _("Se registran las entradas y salidas, las preguntas y el registro de participantes.", language)


# What the command says.


def drafted(days: int, doubts: int, language: Language) -> str:
    told = _.plural("Se leyó {n} día.", "Se leyeron {n} días.", days, language)
    asked = _.plural("Hay {n} duda marcada con REVISAR.", "Hay {n} dudas marcadas con REVISAR.", doubts, language)
    return f"{told} {asked}"


@words(AlreadyThere)
def _already_there(refusal: AlreadyThere, language: Language) -> str:
    return _("{file} ya existe. Indique otro nombre, o --overwrite para reemplazarlo.", language, file=refusal.file)


@words(ProgrammeMistake)
def _mistake(mistake: ProgrammeMistake, language: Language) -> str:
    said = _why(mistake, language)
    return said if mistake.line is None else _("Línea {line}: {said}", language, line=mistake.line, said=said)


def _why(mistake: ProgrammeMistake, language: Language) -> str:
    data = dict(mistake.data)
    day = data.get("day")
    if isinstance(day, date):
        data["day"] = day_name(day, language)
    match mistake.kind:
        case ProgrammeMistakeKind.NO_DAY:
            return _("No se encuentra ningún día. Escriba cada uno como «martes 8 de septiembre».", language)
        case ProgrammeMistakeKind.NO_HOURS:
            return _("El {day} no tiene horas. Escríbalas como «09:00-09:30».", language, **data)
        case ProgrammeMistakeKind.IMPOSSIBLE:
            found = data["mistake"]
            assert isinstance(found, AgendaMistake)
            return worded(ConfigMistake("", found.kind, found.values()), language)
        case ProgrammeMistakeKind.OVERLAP:
            return _("Dos bloques del {day} se solapan.", language, **data)
        case ProgrammeMistakeKind.OVER_MIDNIGHT:
            return _("«{title}» ({day}) no termina después de comenzar, el mismo día.", language, **data)
        case ProgrammeMistakeKind.ROOMS:
            return _(
                "Hay varias salas o no existe la indicada. Elija una con --room: {rooms}.",
                language,
                rooms=", ".join(data["rooms"]),
            )
        case ProgrammeMistakeKind.REPEATS:
            return _("«{title}» se repite por una regla. Escriba cada día como una entrada propia.", language, **data)
        case ProgrammeMistakeKind.UNREADABLE if data.get("where"):
            return _("No se entiende el archivo en «{where}».", language, **data)
        case ProgrammeMistakeKind.UNREADABLE:
            return _("No se entiende el archivo: ni texto en UTF-8, ni calendario, ni programa de pretalx.", language)
