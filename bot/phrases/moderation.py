"""What moderators are told and asked when they decide about questions: answers, forms, cards and lists."""

from collections.abc import Sequence
from datetime import datetime

from bot.i18n import translator
from bot.languages import Language
from bot.phrases.agenda import hour, relative
from bot.phrases.board import standing
from bot.questions import Question
from bot.queue_values import Undone
from bot.turns import Policy

_ = translator("moderation")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "que_fue",
    "numero",
    "Qué fue de la que está al aire: respondida, si no dice otra cosa",
    "Cuál va al aire: su número o parte de su texto; sin nada, la que toque",
    "Solo entre las dirigidas a esta persona",
    "Respondida",
    "Se responderá por escrito",
    "Aplazada",
    "Cambie el orden en que se pasan las preguntas (quienes moderan)",
    "orden",
    "El orden desde ahora",
    "Por turnos entre delegaciones",
    "Por apoyos",
    "Por orden de llegada",
    "Deshaga el último cambio de una pregunta (quienes moderan)",
    "Cuál: su número o parte de su texto; sin nada, la última que usted cambió",
    "Una dos preguntas iguales (quienes moderan)",
    "con",
    "La que deja de estar por separado",
    "La que queda",
    "Escriba la respuesta de una pregunta y publíquela (quienes moderan)",
    "Cuál: su número o parte de su texto",
    "No admita más preguntas de alguien en esta sesión (quienes moderan)",
    "persona",
    "levantar",
    "Por una pregunta suya, también anónima: su número o parte de su texto",
    "De quién, si no es por una pregunta",
    "Volver a admitir sus preguntas",
    "Registre la pregunta de otra persona, por ejemplo por teléfono (quienes moderan)",
    "de",
    "idioma",
    "De quién es, como debe leerse, si no está en el servidor",
    "De quién es, si está en el servidor",
    "En qué idioma está",
    "Español",
    "Inglés",
)


# Answers


def undone(undone: Undone, language: Language) -> str:
    """What was taken back, and what that leaves."""
    question = undone.question
    values = {"number": question.number, "state": standing(question, language)}
    if not undone.step:
        told = [_("Se retira la respuesta a la pregunta {number}, que sigue «{state}».", language, **values)]
    else:
        told = [_("La pregunta {number} vuelve a «{state}».", language, **values)]
        if undone.post:
            told.append(_("Su publicación se retira.", language))
        if undone.answer:
            told.append(_("Su respuesta escrita se retira.", language))
    if undone.earlier_answer:
        told.append(_("Vale de nuevo la respuesta anterior.", language))
    if undone.text:
        told.append(_("Su texto vuelve a ser el de antes de la edición.", language))
    if undone.parted_from is not None:
        told.append(_("Ya no está unida a la {into}: cada una cuenta sus apoyos.", language, into=undone.parted_from))
    if undone.on_air is not None:
        told.append(_("La pregunta {number} está de nuevo al aire.", language, number=undone.on_air.number))
    return " ".join(told)


def approved_page(numbers: Sequence[int], language: Language) -> str:
    listed = ", ".join(str(number) for number in numbers)
    return _.plural("Aprobada: {numbers}.", "Aprobadas: {numbers}.", len(numbers), language, numbers=listed)


def not_approved(numbers: Sequence[int], language: Language) -> str:
    """Those of the page that somebody else decided meanwhile, or that want to be looked at one by one."""
    listed = ", ".join(str(number) for number in numbers)
    return _(
        "Quedan como estaban, por estar ya resueltas, cambiadas o con palabras que revisar: {numbers}.",
        language,
        numbers=listed,
    )


def merged(number: int, into: Question, language: Language) -> str:
    return _.plural(
        "La pregunta {number} se unió a la {into}, que tiene ahora {n} apoyo.",
        "La pregunta {number} se unió a la {into}, que tiene ahora {n} apoyos.",
        into.votes,
        language,
        number=number,
        into=into.number,
    )


def edited(number: int, language: Language) -> str:
    return _(
        "La pregunta {number} quedó aprobada con el texto nuevo; el original se conserva.", language, number=number
    )


def answer_kept(number: int, language: Language) -> str:
    return _("Respuesta a la pregunta {number} guardada. Se publica en seguida.", language, number=number)


def silenced(until: datetime, language: Language) -> str:
    return _("Hecho: no se le admiten más preguntas hasta las {until}.", language, until=hour(until))


def silence_lifted(language: Language) -> str:
    return _("Hecho: se le admiten preguntas de nuevo.", language)


def was_not_silenced(language: Language) -> str:
    return _("Nadie había silenciado a esa persona por su nombre en esta sesión.", language)


def choose_author(language: Language) -> str:
    return _("¿De quién es la pregunta? Escriba su nombre en «de», o elíjala en «persona».", language)


def filed(number: int, language: Language, *, repeated: bool) -> str:
    """A question that a moderator entered for somebody else."""
    if repeated:
        return _("Esa persona ya la había hecho: es la pregunta **{number}** y no se duplicó.", language, number=number)
    return _("Guardada: es la pregunta **{number}**. Consta que la registró usted.", language, number=number)


def policy_set(policy: Policy, language: Language) -> str:
    return _("Desde ahora, las preguntas pasan así: {policy}.", language, policy=policy_name(policy, language))


def policy_name(policy: Policy, language: Language) -> str:
    """The order of the questions in a few words."""
    match policy:
        case "rotation":
            return _("por turnos entre delegaciones", language)
        case "votes":
            return _("por apoyos", language)
        case "arrival":
            return _("por orden de llegada", language)


def choose_which(language: Language) -> str:
    """Which question a command is about was not said, or not so that it is known."""
    return _("¿Qué pregunta? Escriba su número, o parte de su texto y elija una de las que se ofrecen.", language)


def choose_whom(language: Language) -> str:
    return _("¿De quién? Elija una pregunta o una persona.", language)


# Forms and lists


def edit_title(number: int, language: Language) -> str:
    return _("Editar y aprobar la {number}", language, number=number)


def edit_text(language: Language) -> str:
    return _("Texto que se leerá", language)


def answer_title(number: int, language: Language) -> str:
    return _("Responder la pregunta {number}", language, number=number)


def answer_text(language: Language) -> str:
    return _("Respuesta (la leerán todos)", language)


def merge_with(number: int, language: Language) -> str:
    return _(
        "¿Con cuál se une la pregunta **{number}**? Aquí están las más parecidas; para otra, use /unir.",
        language,
        number=number,
    )


def merge_placeholder(language: Language) -> str:
    return _("La que queda", language)


def nothing_to_merge_with(language: Language) -> str:
    return _("No hay otra pregunta con la que unirla.", language)


# Buttons


def approve_page_button(language: Language) -> str:
    return _("Aprobar esta página", language)


def card_button(language: Language) -> str:
    return _("Ver todo…", language)


def undo_button(language: Language) -> str:
    return _("Deshacer", language)


def defer_button(language: Language) -> str:
    return _("Aplazar", language)


def in_writing_button(language: Language) -> str:
    return _("Por escrito", language)


def on_air_button(language: Language) -> str:
    return _("Al aire", language)


def edit_button(language: Language) -> str:
    return _("Editar y aprobar", language)


def merge_button(language: Language) -> str:
    return _("Unir con…", language)


def answer_button(language: Language) -> str:
    return _("Responder…", language)


def silence_button(language: Language) -> str:
    return _("Silenciar a quien preguntó", language)


def previous_button(language: Language) -> str:
    return _("← Anteriores", language)


def following_button(language: Language) -> str:
    return _("Siguientes →", language)


def refresh_button(language: Language) -> str:
    return _("Actualizar", language)


# Cards and lists


def card_heading(question: Question, language: Language) -> str:
    """The first line of a question's private card: where it stands, since when, by whom."""
    state = standing(question, language)
    if question.moved_when is None:
        return _("**Pregunta {number}** · {state}", language, number=question.number, state=state)
    values = {"number": question.number, "state": state, "when": relative(question.moved_when)}
    if question.moved_by is None:
        return _("**Pregunta {number}** · {state} ({when})", language, **values)
    return _("**Pregunta {number}** · {state}, por <@{by}> ({when})", language, by=question.moved_by, **values)


def answer_so_far(language: Language) -> str:
    """What stands before the answer in writing that there is."""
    return _("Respuesta escrita:", language)


def replaced_text(at: datetime | None, language: Language) -> str:
    """What stands before a text that the question had until then, where it is known when."""
    if at is None:
        return _("Texto anterior, cambiado por su autor:", language)
    return _("Texto anterior, cambiado {when}:", language, when=relative(at))


def asked_when(asked_at: datetime, language: Language) -> str:
    return _("Llegó {when}", language, when=relative(asked_at))


def supports(n: int, language: Language) -> str:
    return _.plural("{n} apoyo", "{n} apoyos", n, language)


def lists(language: Language) -> str:
    """What opens the private lists."""
    return _("Ver listas (solo usted)…", language)


def page_of(page: int, pages: int, language: Language) -> str:
    return _("Página {page} de {pages}", language, page=page, pages=pages)


def first_of_many(n: int, language: Language) -> str:
    """What stands beside the page's number where a list does not go to its end."""
    return _("solo las {n} primeras; las demás, por su número o sus palabras", language, n=n)


def nothing_here(language: Language) -> str:
    return _("No hay ninguna aquí.", language)


def only_you(language: Language) -> str:
    return _("Solo usted ve esta lista.", language)


def filter_panelist(language: Language) -> str:
    return _("Dirigidas a…", language)


def filter_language(language: Language) -> str:
    return _("Idioma…", language)


def everybody(language: Language) -> str:
    return _("A cualquiera", language)


def any_language(language: Language) -> str:
    return _("Cualquier idioma", language)


def language_name(of: Language, language: Language) -> str:
    match of:
        case "es":
            return _("Español", language)
        case "en":
            return _("Inglés", language)
