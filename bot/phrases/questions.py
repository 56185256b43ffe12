"""What is said about questions to those who ask them, and to all when one is on air."""

from bot.i18n import country_name, translator
from bot.ids import PersonId
from bot.languages import Language
from bot.phrases.agenda import hour
from bot.phrases.refusals import words
from bot.question_refusals import NotYourMessage
from bot.questions import Hours, Question, Reason, State
from bot.queue_values import Asked

_ = translator("questions")

#: The Spanish of what Discord shows of the commands.
COMMANDS = (
    "Haga una pregunta a quienes exponen; sin texto se abre un formulario",
    "texto",
    "Su pregunta, tal como debe leerse",
    "anonima",
    "Nadie del evento verá que es suya, tampoco quienes moderan; Discord sí lo sabe",
    "para",
    "A quién va dirigida, si es a alguien en particular",
    "Ponga al aire la pregunta siguiente (quienes moderan)",
    "Vea las próximas preguntas y cuántas esperan (quienes moderan)",
)


def asked(asked: Asked, hours: Hours, language: Language) -> str:
    """The private answer to a question that is saved."""
    number = asked.number
    if asked.repeated:
        parts = [
            _("Esta pregunta ya la había hecho: es la **número {number}** y no se duplicó.", language, number=number),
            standing(asked.state, asked.place, language),
        ]
        if asked.anonymous:
            parts.append(_("Sigue siendo anónima.", language))
        return " ".join(parts)
    parts = [
        _("Guardada: su pregunta es la **número {number}**.", language, number=number),
        standing(asked.state, asked.place, language),
    ]
    if asked.anonymous:
        parts.append(_("Es anónima: nadie del evento ve que es suya.", language))
    parts.append(_("Se reciben preguntas hasta justo antes de las {closes}.", language, closes=hour(hours.closes_at)))
    return " ".join(parts)


def filed(asked: Asked, author: PersonId, language: Language) -> str:
    """The private answer to a moderator who made somebody's message a question."""
    if asked.repeated:
        return _(
            "<@{author}> ya la había hecho: es la **número {number}**.", language, author=author, number=asked.number
        )
    return _(
        "Guardada como pregunta de <@{author}>: es la **número {number}**, en revisión. "
        "Queda anotado que la envió usted.",
        language,
        author=author,
        number=asked.number,
    )


def anonymity(language: Language) -> str:
    """What anonymous means, for before a question is sent."""
    return _(
        "**Con su nombre:** quienes moderan ven quién pregunta, y al aire se leen su nombre, institución y país según "
        "su registro.\n**Anónima:** no lo ve nadie del evento: ni asistentes, ni quienes moderan, exponen u organizan, "
        "y no está en informes ni archivos; tampoco se muestran su país ni su institución. Discord sí sabe que la "
        "escribió usted, y quien tuviera a la vez la base de datos y la clave que se guarda aparte podría comprobarlo "
        "mientras esa clave exista.",
        language,
    )


def not_anonymous(language: Language) -> str:
    """In the form for a message that becomes a question."""
    return _(
        "Así **no puede ser anónima**: el mensaje ya está a su nombre. Para preguntar sin él, use /pregunta con otras "
        "palabras.",
        language,
    )


def standing(state: State, place: int | None, language: Language) -> str:
    """Where a question stands, as a sentence for its author."""
    match state:
        case State.PENDING if place is None:
            return _("Está en revisión.", language)
        case State.PENDING:
            return _("Está en revisión, en el puesto {place} por orden de llegada.", language, place=place)
        case State.APPROVED:
            return _("Está aprobada y espera su turno.", language)
        case State.ON_AIR:
            return _("Está al aire en este momento.", language)
        case State.ANSWERED:
            return _("Ya se puso al aire.", language)
        case State.DEFERRED:
            return _("Quedó aplazada.", language)
        case State.REJECTED:
            return _("No fue admitida.", language)
        case State.WITHDRAWN:
            return _("Usted la retiró.", language)
        case State.MERGED:
            return _("Se unió a otra pregunta igual.", language)


def added_words(shown: str, language: Language) -> str:
    """What a moderator added to a rejection, as to be shown."""
    return _("Quien modera añadió: {words}", language, words=shown)


def withdrawn(question: Question, language: Language) -> str:
    told = _("La pregunta {number} quedó retirada.", language, number=question.number)
    if question.anonymous:
        return told
    seen = _(
        "Quienes moderan pudieron leerla a su nombre, y así queda guardada: si quiere hacerla como anónima, use otras "
        "palabras.",
        language,
    )
    return f"{told} {seen}"


def reason(why: Reason, language: Language) -> str:
    """A reason for not admitting a question, as chosen from the list and as its author reads it."""
    match why:
        case Reason.OFF_TOPIC:
            return _("No es del tema de la sesión", language)
        case Reason.REPEATED:
            return _("Ya se preguntó o ya se respondió", language)
        case Reason.UNCLEAR:
            return _("No se entiende; puede hacerla de otro modo", language)
        case Reason.TOO_LONG:
            return _("Es demasiado larga; puede acortarla", language)
        case Reason.PERSONAL_DATA:
            return _("Menciona datos de personas o de casos concretos", language)
        case Reason.DISRESPECTFUL:
            return _("El tono no es adecuado", language)
        case Reason.NO_TIME:
            return _("No alcanza el tiempo de esta sesión", language)
        case Reason.OTHER:
            return _("Otro motivo", language)


def nobody(language: Language, *, anonymous: bool) -> str:
    """In place of who asks, where there is no name to read."""
    return _("anónima", language) if anonymous else _("una persona sin registrar", language)


def country(code: str, language: Language) -> str:
    return country_name(code, language)


def on_air_heading(number: int, language: Language) -> str:
    """The first line of the public post."""
    return _("Pregunta {number} al aire", language, number=number)


def asked_by(language: Language) -> str:
    """What stands before who asks."""
    return _("Pregunta de", language)


def addressed_to(language: Language) -> str:
    """What stands before whom it is for."""
    return _("Para", language)


# The form


def form_title(language: Language) -> str:
    return _("Hacer una pregunta", language)


def form_question(language: Language) -> str:
    return _("Su pregunta", language)


def form_how(language: Language) -> str:
    return _("¿Con su nombre o anónima?", language)


def form_by_name(language: Language) -> str:
    return _("Con mi nombre", language)


def form_anonymously(language: Language) -> str:
    return _("Anónima", language)


def form_whom(language: Language) -> str:
    return _("¿A quién va dirigida? (opcional)", language)


def ask_button(language: Language) -> str:
    return _("Preguntar", language)


def own_button(language: Language) -> str:
    return _("Mis preguntas", language)


def withdraw_button(number: int, language: Language) -> str:
    return _("Retirar la {number}", language, number=number)


def your_text(shown: str, language: Language) -> str:
    """Gives back what somebody typed and what was not taken."""
    return _("Su texto, para que no lo pierda:\n{text}", language, text=shown)


def state_name(state: State, language: Language) -> str:
    """The state in a word or two."""
    match state:
        case State.PENDING:
            return _("en revisión", language)
        case State.APPROVED:
            return _("aprobada", language)
        case State.ON_AIR:
            return _("al aire", language)
        case State.ANSWERED:
            return _("respondida", language)
        case State.DEFERRED:
            return _("aplazada", language)
        case State.REJECTED:
            return _("rechazada", language)
        case State.WITHDRAWN:
            return _("retirada", language)
        case State.MERGED:
            return _("unida a otra", language)


@words(NotYourMessage)
def _not_your_message(_refusal: NotYourMessage, language: Language) -> str:
    return _(
        "Solo se convierte en pregunta un mensaje de quien lo escribió; quienes moderan pueden hacerlo con el de "
        "cualquier persona, no con el de un bot.",
        language,
    )
