"""What moderators read: the live board, the queue, and the answers to what they do."""

from collections.abc import Sequence

from bot.i18n import translator
from bot.languages import Language
from bot.phrases.agenda import hour, relative
from bot.phrases.questions import state_name
from bot.questions import Figures, Hours, Question, State
from bot.queue_values import Row, Tab, Taken
from bot.turns import ANONYMOUS_TURN, UNREGISTERED_TURN, Place, PlaceReason, Policy

_ = translator("board")


def title(number: int, theme: str, language: Language) -> str:
    return _("Preguntas · sesión {number} · {theme}", language, number=number, theme=theme)


def counts(figures: Figures, language: Language) -> str:
    """How many questions stand where, those that are none left out."""
    names = {
        State.PENDING: _("en revisión {n}", language, n=figures[State.PENDING]),
        State.APPROVED: _("aprobadas {n}", language, n=figures[State.APPROVED]),
        State.ANSWERED: _("respondidas {n}", language, n=figures[State.ANSWERED]),
        State.DEFERRED: _("aplazadas {n}", language, n=figures[State.DEFERRED]),
        State.REJECTED: _("rechazadas {n}", language, n=figures[State.REJECTED]),
        State.MERGED: _("unidas {n}", language, n=figures[State.MERGED]),
        State.WITHDRAWN: _("retiradas {n}", language, n=figures[State.WITHDRAWN]),
    }
    told = [name for s, name in names.items() if figures[s] or s in (State.PENDING, State.APPROVED)]
    return " · ".join([_("recibidas {n}", language, n=figures.received), *told])


def asking_hours(hours: Hours, language: Language) -> str:
    return _("se reciben de {opens} a {closes}", language, opens=hour(hours.opens_at), closes=hour(hours.closes_at))


def on_air(question: Question, language: Language) -> str:
    return _("Al aire: {number} · {when}", language, number=question.number, when=relative(question.moved_at))


def nothing_on_air(language: Language) -> str:
    return _("Nada al aire", language)


def next_in_turn(rows: Sequence[Row], policy: Policy, language: Language) -> str:
    """The next ones, each with why it has its place."""
    listed = ", ".join(_with_reason(row, language) for row in rows)
    match policy:
        case "rotation":
            return _("Siguen, por turno: {numbers}", language, numbers=listed)
        case "votes":
            return _("Siguen, por apoyos: {numbers}", language, numbers=listed)
        case "arrival":
            return _("Siguen, por orden de llegada: {numbers}", language, numbers=listed)


def _with_reason(row: Row, language: Language) -> str:
    if row.place_reason is None:
        return str(row.question.number)
    return f"{row.question.number} ({place_reason(row.place_reason, language)})"


def place_reason(why: PlaceReason, language: Language) -> str:
    """Why a question stands where it does."""
    match why.kind:
        case Place.NO_TURN_YET:
            return _without_turn(why.turn or "", language)
        case Place.TURNS:
            # Those before it in the order have their turns before it.
            return _("turno n.º {n} de su grupo", language, n=why.count + 1)
        case Place.VOTES:
            return _.plural("{n} apoyo", "{n} apoyos", why.count, language)
        case Place.ARRIVAL:
            return _("llegada n.º {n}", language, n=why.count)


def _without_turn(turn: str, language: Language) -> str:
    if turn.startswith("country:"):
        return _("país sin turno", language)
    if turn == ANONYMOUS_TURN:
        return _("anónimas sin turno", language)
    if turn == UNREGISTERED_TURN:
        return _("sin registrar, sin turno", language)
    return _("institución sin turno", language)


def held(shown: str, language: Language) -> str:
    """Before a question in which there are words of config's list; `shown` is these, as to be shown."""
    return _("⚠ Revise: contiene {words}", language, words=shown)


def filed(by: int, language: Language) -> str:
    """Who entered a question for somebody else."""
    return _("la registró <@{by}>", language, by=by)


def tab(tab: Tab, n: int, language: Language) -> str:
    """The name of a list, with how many there are in it."""
    match tab:
        case Tab.REVIEW:
            return _("En revisión ({n})", language, n=n)
        case Tab.APPROVED:
            return _("Aprobadas ({n})", language, n=n)
        case Tab.ON_AIR:
            return _("Al aire ({n})", language, n=n)
        case Tab.DEFERRED:
            return _("Aplazadas ({n})", language, n=n)


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
    return told if taken.closed is None else f"{told}\n{_closed(taken.closed, language)}"


def _closed(closed: Question, language: Language) -> str:
    if closed.state is State.DEFERRED:
        return _("La {number} quedó aplazada.", language, number=closed.number)
    if closed.in_writing:
        return _("La {number} quedó para responder por escrito.", language, number=closed.number)
    return _("La {number} quedó respondida.", language, number=closed.number)


def standing(question: Question, language: Language) -> str:
    """Where a question stands, in a word or some more."""
    if question.state is State.ANSWERED and question.in_writing:
        return _("por escrito", language)
    if question.state is State.MERGED and question.into is not None:
        return _("unida a la {into}", language, into=question.into)
    return state_name(question.state, language)


def moved(question: Question, language: Language) -> str:
    """What became of a question by the moderator's own press."""
    state = standing(question, language)
    return _("Pregunta {number}: {state}.", language, number=question.number, state=state)


def shown_again(number: int, language: Language) -> str:
    return _("La pregunta {number} se muestra de nuevo.", language, number=number)


def queue(lines: Sequence[str], figures: Figures, time: str | None, language: Language) -> str:
    """`/cola`: the next in turn, each line as to be shown, how many wait, and the time that is left for each."""
    if lines:
        told = [_("**Las próximas, por turno**", language), *lines, ""]
    else:
        told = [_("No hay preguntas aprobadas en espera.", language)]
    return "\n".join([*told, *([time] if time else []), counts(figures, language)])
