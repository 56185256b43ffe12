"""The questions as files: all that is kept of each, and nothing of who asked anonymously."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.config import load
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.languages import LANGUAGES
from bot.phrases.exports import questions_table
from bot.questions import Asker, By, Question, Reason, State, Transition
from bot.queue_values import Answer, Exported
from bot.reports.questions import questions_csv, questions_json, questions_xlsx
from tests.factories import CONFIG_FILE
from tests.reports.test_xlsx import cells

EVENT = load(CONFIG_FILE).agenda
TUESDAY = SessionKey("2020-09-08")
NINE = datetime(2020, 9, 8, 15, tzinfo=UTC)
MORA = PersonId(900)


def step(number: int, minutes: float, to: State, origin: State | None = None, **more: Any) -> Transition:
    by = By.AUTHOR if origin is None else By.MODERATOR
    values = {"by": by, "moderator": None if by is By.AUTHOR else MORA, "reason": None, "words": None, **more}
    return Transition(
        id=int(minutes * 10) + 1,
        number=QuestionNumber(number),
        at=NINE + timedelta(minutes=minutes),
        from_state=origin,
        to_state=to,
        **values,
    )


def question(number: int, **more: Any) -> Question:
    values: dict[str, Any] = {
        "session": TUESDAY,
        "author": PersonId(100 + number),
        "seal": None,
        "text": "¿Habrá vídeo?",
        "language": "es",
        "addressed_to": None,
        "state": State.PENDING,
        "asked_at": NINE,
        "moved_at": NINE,
        "moved_by": None,
        "reason": None,
        "words": None,
        "showings": 0,
        "votes": 0,
        **more,
    }
    return Question(number=QuestionNumber(number), **values)


ANA = Exported(
    question(
        1, state=State.ANSWERED, in_writing=True, votes=3, addressed_to="Irene Panelista", text="=cmd|' /C calc'!A0"
    ),
    Asker("Ana Prueba", "Fiscalía de Ensayo", "CR"),
    Answer(QuestionNumber(1), 1, "Sí, lo habrá.", MORA, NINE + timedelta(hours=3)),
    (
        step(1, 0, State.PENDING),
        step(1, 1, State.REJECTED, State.PENDING, reason=Reason.OFF_TOPIC, words="Eso es de mañana."),
        step(1, 2, State.PENDING, State.REJECTED, undoes=11),
        step(1, 3.0005, State.APPROVED, State.PENDING),
        step(1, 90, State.ANSWERED, State.APPROVED, in_writing=True),
    ),
    (),
)
SEALED = Exported(
    question(2, author=None, seal="5ea1" * 8, sealed_under="f1" * 16, language="en", text="Who decides?"),
    None,
    None,
    (step(2, 0, State.PENDING),),
    (),
)
UNREGISTERED = Exported(
    question(3, state=State.MERGED, into=QuestionNumber(1)),
    None,
    None,
    (step(3, 0, State.PENDING), step(3, 4, State.MERGED, State.PENDING, into=QuestionNumber(1))),
    (),
)
FILED = Exported(
    question(4, author=None, filed_for="Telma Teléfono", filed_by=MORA), None, None, (step(4, 0, State.PENDING),), ()
)
ALL = (ANA, SEALED, UNREGISTERED, FILED)


def test_json_has_each_question_with_all_that_is_kept_of_it() -> None:
    ana, sealed, unregistered, filed = json.loads(questions_json(ALL))["questions"]
    assert ana == {
        "number": 1,
        "session": "2020-09-08",
        "text": "=cmd|' /C calc'!A0",
        "language": "es",
        "anonymous": False,
        "author": "Ana Prueba",
        "country": "CR",
        "addressed_to": "Irene Panelista",
        "state": "answered",
        "votes": 3,
        "answer": "Sí, lo habrá.",
        "history": [
            {"at": "2020-09-08T15:00:00.000Z", "from": None, "to": "pending", "by": "author", "why": None},
            {
                "at": "2020-09-08T15:01:00.000Z",
                "from": "pending",
                "to": "rejected",
                "by": "moderator 900",
                "why": "off_topic: Eso es de mañana.",
            },
            {
                "at": "2020-09-08T15:02:00.000Z",
                "from": "rejected",
                "to": "pending",
                "by": "moderator 900",
                "why": "undo",
            },
            {"at": "2020-09-08T15:03:00.030Z", "from": "pending", "to": "approved", "by": "moderator 900", "why": None},
            {
                "at": "2020-09-08T16:30:00.000Z",
                "from": "approved",
                "to": "answered",
                "by": "moderator 900",
                "why": "in writing",
            },
        ],
    }
    assert set(sealed) == set(ana) - {"author", "country"}
    assert (sealed["anonymous"], sealed["answer"]) == (True, None)
    assert (unregistered["author"], unregistered["country"]) == ("103", None)
    assert unregistered["history"][-1]["why"] == "merged into 1"
    assert (filed["author"], filed["country"]) == ("Telma Teléfono", None)


@pytest.mark.trial("R1")
@pytest.mark.parametrize("language", LANGUAGES)
def test_spreadsheets_hold_the_same_rows_and_nothing_that_runs(language: Any) -> None:
    delimiter = ";" if language == "es" else ","
    text = questions_csv(ALL, EVENT, language).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    table = questions_table(ALL, EVENT, language)
    assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4"]
    assert rows[1][4] == "'=cmd|' /C calc'!A0"
    assert all(len(row) == len(rows[0]) for row in rows)
    in_workbook = cells(questions_xlsx(ALL, EVENT, language, NINE))
    assert in_workbook == [[cell for cell in row if cell is not None] for row in table]


def test_table_tells_in_words_where_each_question_stands() -> None:
    headings, ana, sealed, unregistered, filed = questions_table(ALL, EVENT, "es")
    assert dict(zip(headings, ana, strict=True)) == {
        "Número": 1,
        "Sesión": "2020-09-08",
        "Recibida": "2020-09-08 09:00:00",
        "Idioma": "español",
        "Pregunta": "=cmd|' /C calc'!A0",
        "Anónima": "no",
        "Quién pregunta": "Ana Prueba",
        "Institución": "Fiscalía de Ensayo",
        "País": "Costa Rica",
        "Dirigida a": "Irene Panelista",
        "Estado": "respondida por escrito",
        "Motivo": None,
        "Apoyos": 3,
        "Respuesta por escrito": "Sí, lo habrá.",
        "Historia": "2020-09-08 09:00:00 · por revisar · quien pregunta\n"
        "2020-09-08 09:01:00 · por revisar → rechazada · moderación 900\n"
        "2020-09-08 09:02:00 · rechazada → por revisar · moderación 900 · deshace\n"
        "2020-09-08 09:03:00 · por revisar → aprobada, sin responder · moderación 900\n"
        "2020-09-08 10:30:00 · aprobada, sin responder → respondida por escrito · moderación 900",
    }
    assert sealed[5:9] == ["sí", None, None, None]
    assert (unregistered[6], unregistered[10]) == ("cuenta de Discord 103", "unida a la 1")
    assert filed[6] == "Telma Teléfono"


def test_nothing_of_an_anonymous_question_leads_to_who_asked_it() -> None:
    files = [questions_json([SEALED]), questions_csv([SEALED], EVENT, "es")]
    files.append(str(cells(questions_xlsx([SEALED], EVENT, "es", NINE))).encode())
    for content in files:
        assert b"Who decides?" in content
        assert not any(part in content for part in (b"5ea1", b"f1f1", b"102"))
