"""The questions one by one as a table, and what is said of the files that hold them."""

from collections.abc import Sequence
from datetime import datetime

from bot.agenda import Event, Session
from bot.i18n import country_name, day_name, sentence, translator
from bot.languages import Language
from bot.origins import Origins
from bot.phrases import question_figures
from bot.phrases.figures import Row
from bot.phrases.question_figures import language_name
from bot.phrases.questions import reason as reason_of
from bot.questions import By, Figures, Question, State, Transition
from bot.queue_values import Exported

_ = translator("exports")

#: The Spanish of what Discord shows of the command.
COMMANDS = (
    "Vea qué fue de las preguntas, con textos, autores y respuestas en un archivo (organización)",
    "Solo las de un día; sin él, las de todo el evento",
)


def questions_table(questions: Sequence[Exported], event: Event, language: Language) -> list[Row]:
    """Each question in a row, in order of arrival. It names people: for organizers alone."""
    rows: list[Row] = [
        [
            _("Número", language),
            _("Sesión", language),
            _("Recibida", language),
            _("Idioma", language),
            _("Pregunta", language),
            _("Anónima", language),
            _("Quién pregunta", language),
            _("Institución", language),
            _("País", language),
            _("Dirigida a", language),
            _("Estado", language),
            _("Motivo", language),
            _("Apoyos", language),
            _("Respuesta por escrito", language),
            _("Historia", language),
        ]
    ]
    rows.extend(_row(each, event, language) for each in questions)
    return rows


def sheet_name(language: Language) -> str:
    return _("Preguntas", language)


def question_state(question: Question, language: Language) -> str:
    """Where one question stands."""
    if question.state is State.MERGED and question.into is not None:
        return _("unida a la {number}", language, number=question.into)
    if question.in_writing:
        return _("respondida por escrito", language)
    return _(_STATES[question.state], language)


def who_asked(exported: Exported, language: Language) -> str | None:
    """The name as registered; else the Discord account's number, or whom a moderator filed it for."""
    question = exported.question
    if question.anonymous:
        return None
    if exported.asker is not None:
        return exported.asker.name
    return question.filed_for or _("cuenta de Discord {id}", language, id=question.author)


def with_names(language: Language) -> str:
    """Said with the file, to organizers alone."""
    return _(
        "Los archivos contienen nombres y textos que no se publicaron: son para la organización. Nadie puede saber por "
        "ellos quién hizo una pregunta anónima.",
        language,
    )


#: A day with what became of its questions.
Day = tuple[Session, Figures, Origins]


def report(only: Session | None, days: Sequence[Day], language: Language) -> str:
    """The figures of one day's questions, or of all days', each by itself; small delegations are named in it."""
    if only is None:
        parts = [_("## Preguntas de todo el evento", language)]
    else:
        parts = [_("## Preguntas del {day}", language, day=day_name(only.day, language))]
    asked = [(session, figures, origins) for session, figures, origins in days if figures.received]
    if not asked:
        return "\n\n".join([*parts, _("Todavía no hay preguntas.", language)])
    for session, figures, origins in asked:
        lines = [question_figures.told(figures, origins, language, for_organizers=True)]
        if only is None:
            lines.insert(0, f"### {day_name(session.day, language)}")
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, with_names(language)])


def exported(n: int, language: Language) -> str:
    """To who asked for the file on the command line."""
    return _.plural("Se exportó {n} pregunta.", "Se exportaron {n} preguntas.", n, language)


def _row(exported: Exported, event: Event, language: Language) -> Row:
    question, asker = exported.question, exported.asker
    return [
        question.number,
        question.session,
        _local(question.asked_at, event),
        language_name(question.language, language),
        question.text,
        _("sí", language) if question.anonymous else _("no", language),
        who_asked(exported, language),
        None if asker is None else asker.institution,
        None if asker is None or asker.country is None else country_name(asker.country, language),
        question.addressed_to,
        question_state(question, language),
        why_rejected(question, language),
        question.votes,
        None if exported.answer is None else exported.answer.text,
        "\n".join(_step(step, event, language) for step in exported.history),
    ]


def why_rejected(question: Question, language: Language) -> str | None:
    if question.reason is None:
        return None
    why = reason_of(question.reason, language)
    return why if question.words is None else f"{why}: {question.words}"


def _step(step: Transition, event: Event, language: Language) -> str:
    said = _(_BY[step.by], language)
    if step.moderator is not None:
        said += f" {step.moderator}"
    reached = _reached(step, language)
    arrow = reached if step.from_state is None else f"{_(_STATES[step.from_state], language)} → {reached}"
    line = f"{_local(step.at, event)} · {arrow} · {said}"
    return line if step.undoes is None else line + " · " + _("deshace", language)


def _reached(step: Transition, language: Language) -> str:
    if step.to_state is State.MERGED and step.into is not None:
        return _("unida a la {number}", language, number=step.into)
    return _("respondida por escrito", language) if step.in_writing else _(_STATES[step.to_state], language)


def _local(instant: datetime, event: Event) -> str:
    """In the event's zone, so that it sorts."""
    return f"{instant.astimezone(event.timezone):%Y-%m-%d %H:%M:%S}"


_STATES = {
    State.PENDING: sentence("por revisar"),
    State.APPROVED: sentence("aprobada, sin responder"),
    State.ON_AIR: sentence("al aire"),
    State.ANSWERED: sentence("respondida"),
    State.DEFERRED: sentence("aplazada"),
    State.REJECTED: sentence("rechazada"),
    State.WITHDRAWN: sentence("retirada"),
    State.MERGED: sentence("unida a otra"),
}

_BY = {
    By.AUTHOR: sentence("quien pregunta"),
    By.MODERATOR: sentence("moderación"),
    By.EVENT: sentence("el evento"),
}
