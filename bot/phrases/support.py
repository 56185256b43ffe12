"""What is said of supporting questions: the public list, and the answers to who presses in it."""

from bot.i18n import translator
from bot.ids import QuestionNumber
from bot.languages import Language

_ = translator("support")


def title(language: Language) -> str:
    return _("Preguntas aprobadas que esperan turno", language)


def how(language: Language) -> str:
    """Under the title, while the session runs."""
    return _(
        "Apoye las que también quiera oír; si pulsa otra vez, retira su apoyo. Nadie ve qué preguntas apoya usted.",
        language,
    )


def over(language: Language) -> str:
    """Under the title, once the session has ended."""
    return _("La sesión terminó.", language)


def nothing_waits(language: Language) -> str:
    return _("Por ahora no espera ninguna.", language)


def nothing_left(language: Language) -> str:
    """In place of the list, once the session has ended."""
    return _("No quedó ninguna sin turno.", language)


def more(n: int, language: Language) -> str:
    return _.plural("y {n} más", "y {n} más", n, language)


def supporters(n: int, language: Language) -> str:
    return _.plural("{n} apoyo", "{n} apoyos", n, language)


def which_page(page: int, pages: int, language: Language) -> str:
    return _("Página {page} de {pages}", language, page=page, pages=pages)


# Buttons


def support_button(language: Language) -> str:
    return _("Apoyar", language)


def all_button(language: Language) -> str:
    return _("Ver todas", language)


def previous_button(language: Language) -> str:
    return _("Anteriores", language)


def next_button(language: Language) -> str:
    return _("Más", language)


def support_that_button(number: QuestionNumber, language: Language) -> str:
    return _("Apoyar la {number}", language, number=number)


def send_anyway_button(language: Language) -> str:
    return _("Enviar de todos modos", language)


# Answers


def supported(number: QuestionNumber, votes: int, language: Language) -> str:
    """Somebody supports a question now."""
    return _.plural(
        "Apoya la pregunta {number}, que tiene {n} apoyo.",
        "Apoya la pregunta {number}, que tiene {n} apoyos.",
        votes,
        language,
        number=number,
    )


def no_longer_supported(number: QuestionNumber, votes: int, language: Language) -> str:
    """Somebody took their support back."""
    return _.plural(
        "Retiró su apoyo a la pregunta {number}, que tiene {n} apoyo.",
        "Retiró su apoyo a la pregunta {number}, que tiene {n} apoyos.",
        votes,
        language,
        number=number,
    )


# While asking


def alike(language: Language) -> str:
    """Before the approved questions that resemble what somebody is about to ask."""
    return _("**Todavía no se envió.** Ya hay preguntas aprobadas que se parecen a la suya:", language)


def alike_one(number: QuestionNumber, text: str, votes: int, language: Language) -> str:
    """One of them; `text` as to be shown."""
    return f"**{number}** · {supporters(votes, language)}\n> {text}"


def what_to_do(language: Language) -> str:
    """After them."""
    return _("Puede apoyar una de ellas o enviar la suya. Su texto queda aquí mientras tanto.", language)


def may_still_send(language: Language) -> str:
    """Beside a draft, once its author supports another question in its place."""
    return _("La suya no se envió; si de todos modos la quiere enviar, aquí está.", language)


def draft_title(language: Language) -> str:
    return _("Su pregunta, sin enviar", language)


def draft_for(language: Language) -> str:
    return _("Para", language)


def draft_anonymous(language: Language) -> str:
    return _("Se enviaría como anónima", language)


def draft_by_name(language: Language) -> str:
    return _("Se enviaría con su nombre", language)


def alike_under_review(language: Language) -> str:
    """Beside the answer to a question that is saved."""
    return _("Hay otra parecida en revisión; quienes moderan pueden unirlas.", language)
