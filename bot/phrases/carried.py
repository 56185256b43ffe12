"""Questions that a day left without an answer: named when the next one opens its questions, and at the event's end."""

from collections.abc import Sequence

from bot.i18n import translator
from bot.languages import Language
from bot.phrases.exports import question_state
from bot.phrases.figures import Row
from bot.phrases.question_figures import language_name
from bot.queue_values import Shown

_ = translator("carried")

#: So many are named in a message, and so much of each; the rest is counted, or in a file.
NAMED = 10
TEXT_LENGTH = 200

#: Marks that what stands before it goes on.
CUT = "…"


def carried_over_heading(n: int, language: Language) -> str:
    """Before the questions of earlier days, when the questions of this one open."""
    return _.plural(
        "**Queda {n} pregunta de días anteriores** y puede responderse hoy:",
        "**Quedan {n} preguntas de días anteriores** y pueden responderse hoy:",
        n,
        language,
    )


def for_written_answers_heading(n: int, language: Language) -> str:
    """Before the questions that nobody has answered by the event's end, to organizers."""
    return _.plural(
        "**Queda {n} pregunta para responder por escrito.** Con /responder la respuesta se publica y llega a quien "
        "preguntó:",
        "**Quedan {n} preguntas para responder por escrito.** Con /responder la respuesta se publica y llega a quien "
        "preguntó:",
        n,
        language,
    )


def line(number: int, text: str) -> str:
    """One of them; `text` as it is to be shown."""
    return f"- **{number}** · {text}"


def and_more(n: int, language: Language) -> str:
    """In place of those that are not named."""
    return _("y {n} más", language, n=n)


def cut(text: str) -> str:
    """As much of a question as a list shows, in one line."""
    whole = " ".join(text.split())
    return whole if len(whole) <= TEXT_LENGTH else whole[: TEXT_LENGTH - 1].rstrip() + CUT


def for_written_answers_table(shown: Sequence[Shown], language: Language) -> list[Row]:
    """All of them for a file. Whose they are is not in it: it is posted."""
    rows: list[Row] = [
        [
            _("Número", language),
            _("Sesión", language),
            _("Idioma", language),
            _("Pregunta", language),
            _("Dirigida a", language),
            _("Estado", language),
        ]
    ]
    for each in shown:
        question = each.question
        rows.append(
            [
                question.number,
                question.session,
                language_name(question.language, language),
                question.text,
                question.addressed_to,
                question_state(question, language),
            ]
        )
    return rows
