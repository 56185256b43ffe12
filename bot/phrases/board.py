"""What moderators read: the live board, the queue, and the answers to what they do."""

from collections.abc import Sequence

from bot.i18n import translator
from bot.languages import Language
from bot.phrases.agenda import hour, relative
from bot.phrases.questions import state_name
from bot.questions import Figures, Hours, Question, State
from bot.queue_operations import Taken

_ = translator("board")


def title(number: int, theme: str, language: Language) -> str:
    return _("Preguntas · sesión {number} · {theme}", language, number=number, theme=theme)


def counts(figures: Figures, language: Language) -> str:
    """How many questions stand where, those that are none left out."""
    states = (State.PENDING, State.APPROVED, State.ANSWERED, State.REJECTED, State.WITHDRAWN)
    names = {
        State.PENDING: _("en revisión {n}", language, n=figures[State.PENDING]),
        State.APPROVED: _("aprobadas {n}", language, n=figures[State.APPROVED]),
        State.ANSWERED: _("respondidas {n}", language, n=figures[State.ANSWERED]),
        State.REJECTED: _("rechazadas {n}", language, n=figures[State.REJECTED]),
        State.WITHDRAWN: _("retiradas {n}", language, n=figures[State.WITHDRAWN]),
    }
    told = [names[s] for s in states if figures[s] or s in (State.PENDING, State.APPROVED)]
    return " · ".join([_("recibidas {n}", language, n=figures.received), *told])


def asking_hours(hours: Hours, language: Language) -> str:
    return _("se reciben de {opens} a {closes}", language, opens=hour(hours.opens_at), closes=hour(hours.closes_at))


def on_air(question: Question, language: Language) -> str:
    return _("Al aire: {number} · {when}", language, number=question.number, when=relative(question.moved_at))


def nothing_on_air(language: Language) -> str:
    return _("Nada al aire", language)


def next_in_turn(numbers: Sequence[int], language: Language) -> str:
    listed = ", ".join(str(number) for number in numbers)
    return _("Siguen, por turno: {numbers}", language, numbers=listed)


def nothing_under_review(language: Language) -> str:
    return _("Nada en revisión", language)


def more_under_review(n: int, language: Language) -> str:
    return _.plural("y {n} más en revisión", "y {n} más en revisión", n, language)


def addressed_to(shown: str, language: Language) -> str:
    return _("para {whom}", language, whom=shown)


def unregistered(language: Language) -> str:
    return _("sin registrar", language)


# Buttons and forms


def approve_button(language: Language) -> str:
    return _("Aprobar", language)


def reject_button(language: Language) -> str:
    return _("Rechazar…", language)


def approve_on_air_button(language: Language) -> str:
    return _("Aprobar y al aire", language)


def next_button(language: Language) -> str:
    return _("Siguiente", language)


def finish_button(language: Language) -> str:
    return _("Respondida", language)


def show_again_button(language: Language) -> str:
    return _("Mostrar de nuevo", language)


def early_button(language: Language) -> str:
    return _("Sí, al aire ya", language)


def reject_title(number: int, language: Language) -> str:
    return _("Rechazar la pregunta {number}", language, number=number)


def reject_reason(language: Language) -> str:
    return _("Motivo (se le dice a quien preguntó)", language)


def reject_words(language: Language) -> str:
    return _("¿Algo que añadir? (opcional)", language)


# Answers


def taken(taken: Taken, text: str, language: Language) -> str:
    """What `/siguiente` did; `text` is the question's, as to be shown."""
    told = _("Al aire: la pregunta **{number}**.", language, number=taken.on_air.number) + f"\n{text}"
    if taken.closed is None:
        return told
    return told + "\n" + _("La {number} quedó respondida.", language, number=taken.closed.number)


def moved(question: Question, language: Language) -> str:
    """What became of a question by the moderator's own press."""
    state = state_name(question.state, language)
    return _("Pregunta {number}: {state}.", language, number=question.number, state=state)


def shown_again(number: int, language: Language) -> str:
    return _("La pregunta {number} se muestra de nuevo.", language, number=number)


def queue(lines: Sequence[str], figures: Figures, language: Language) -> str:
    """`/cola`: the next in turn, each line as to be shown, and how many wait."""
    if not lines:
        return _("No hay preguntas aprobadas en espera.", language) + "\n" + counts(figures, language)
    heading = _("**Las próximas, por turno**", language)
    return "\n".join([heading, *lines, "", counts(figures, language)])
