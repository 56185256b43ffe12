"""What somebody reads of their own questions: the list, how to change one, and the messages that they asked for."""

from collections.abc import Sequence

from bot.i18n import translator
from bot.ids import QuestionNumber
from bot.languages import Language
from bot.phrases.questions import reason, standing
from bot.questions import Question, State
from bot.queue_values import Edited, Own, Tiding

_ = translator("own_questions")

#: The Spanish of what Discord shows of the commands.
COMMANDS = ("Vea sus preguntas, en qué están y sus respuestas; cambie o retire las que aún esperan",)


def heading(language: Language) -> str:
    return _("**Sus preguntas** (solo usted ve esto)", language)


def nothing_asked(language: Language) -> str:
    return _("Todavía no ha hecho ninguna pregunta. Puede hacerla con /pregunta.", language)


def entry(own: Own, text: str, day: str, language: Language) -> str:
    """One of somebody's own questions; `text` as to be shown."""
    question = own.question
    head = f"**{question.number}** · {day}"
    if question.anonymous:
        head += " · " + _("anónima", language)
    return f"{head}\n{text}\n{where_it_stands(own, language)}"


def where_it_stands(own: Own, language: Language) -> str:
    """Where a question stands, as its author is told; of one that was joined to another, what became of that one."""
    question, outcome = own.question, own.outcome
    if question.state is State.MERGED:
        joined = _("Se unió a la pregunta {number}, que pregunta lo mismo.", language, number=outcome.number)
        return f"{joined} {_of(outcome, None, language)}"
    return _of(question, own.place, language)


def _of(question: Question, place: int | None, language: Language) -> str:
    if question.state is State.ANSWERED and question.in_writing:
        return _("Se responde por escrito.", language)
    told = standing(question.state, place, language)
    if question.reason is None:
        return told
    return told + " " + _("Motivo: {reason}.", language, reason=reason(question.reason, language))


def unlinkable(language: Language) -> str:
    """Below the list, once the key of the anonymous questions has been destroyed."""
    return _(
        "Las preguntas anónimas de antes ya no se pueden relacionar con nadie: aquí no aparece ninguna, tampoco las "
        "suyas, ni se pueden retirar.",
        language,
    )


def answer(shown: str, language: Language) -> str:
    """The answer in writing, as to be shown."""
    return _("Respuesta: {text}", language, text=shown)


def edit_button(number: QuestionNumber, language: Language) -> str:
    return _("Editar la {number}", language, number=number)


def edit_list(language: Language) -> str:
    """Over the list from which one is chosen, where there are more than fit as buttons."""
    return _("Editar…", language)


def withdraw_list(language: Language) -> str:
    return _("Retirar…", language)


def edit_title(number: QuestionNumber, language: Language) -> str:
    return _("Editar la pregunta {number}", language, number=number)


def edit_warning(language: Language) -> str:
    """In the form, where the question has been approved."""
    return _("Ya está aprobada: si la cambia, vuelve a revisión y espera que la aprueben de nuevo.", language)


def edited(edited: Edited, language: Language) -> str:
    """The change is saved."""
    number = edited.question.number
    if edited.back_to_review:
        return _("La pregunta {number} quedó cambiada y vuelve a revisión.", language, number=number)
    return _("La pregunta {number} quedó cambiada.", language, number=number)


# Messages


def messages_on_button(language: Language) -> str:
    return _("Avisarme por mensaje directo", language)


def messages_off_button(language: Language) -> str:
    return _("No avisarme más", language)


def messages_on(language: Language) -> str:
    return _(
        "Le avisaré por mensaje directo de lo que pase con sus preguntas. De las anónimas no: Discord guardaría el "
        "mensaje junto a su nombre. Con /mis-preguntas puede dejarlo cuando quiera.",
        language,
    )


def messages_off(language: Language) -> str:
    return _("No le enviaré más avisos. Con /mis-preguntas ve siempre en qué están.", language)


def tidings(tidings: Sequence[Tiding], event: str, language: Language) -> str:
    """The message to somebody about their questions; their texts are not repeated in it."""
    lines = [f"**{tiding.number}** · {standing(tiding.state, None, language)}" for tiding in tidings]
    more = _("Con /mis-preguntas, en el servidor, ve todo y puede dejar de recibir estos avisos.", language)
    return "\n".join([f"**{event}**", *lines, f"-# {more}"])
