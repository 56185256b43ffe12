"""The questions of the event one by one, as files. They name people: for organizers and the operator alone.

Of anonymous questions nothing is in them that would lead to who asked.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.agenda import Event
from bot.languages import Language
from bot.phrases.exports import questions_table, sheet_name
from bot.questions import Transition
from bot.queue_values import Exported
from bot.reports.csv import written
from bot.reports.xlsx import workbook


def questions_csv(questions: Sequence[Exported], event: Event, language: Language) -> bytes:
    """A row a question, with the headings of the language."""
    return written(questions_table(questions, event, language), language)


def questions_xlsx(questions: Sequence[Exported], event: Event, language: Language, made_at: datetime) -> bytes:
    """The same as a workbook."""
    return workbook([(sheet_name(language), questions_table(questions, event, language))], made_at)


def questions_json(questions: Sequence[Exported]) -> bytes:
    """The same for a script, in no language; instants are in UTC."""
    listed = {"questions": [_question(each) for each in questions]}
    return (json.dumps(listed, ensure_ascii=False, indent=2) + "\n").encode()


def _question(exported: Exported) -> dict[str, Any]:
    question, asker, answer = exported.question, exported.asker, exported.answer
    who: dict[str, Any] = {}
    if not question.anonymous:
        # The Discord account's number stands for somebody who has not registered.
        account = None if question.author is None else str(question.author)
        who["author"] = asker.name if asker is not None else question.filed_for or account
        who["country"] = None if asker is None else asker.country
    return {
        "number": question.number,
        "session": question.session,
        "text": question.text,
        "language": question.language,
        "anonymous": question.anonymous,
        **who,
        "addressed_to": question.addressed_to,
        "state": question.state.value,
        "votes": question.votes,
        "answer": None if answer is None else answer.text,
        "history": [_step(step) for step in exported.history],
    }


def _step(step: Transition) -> dict[str, str | None]:
    return {
        "at": f"{step.at:%Y-%m-%dT%H:%M:%S}.{step.at.microsecond // 1000:03}Z",
        "from": None if step.from_state is None else step.from_state.value,
        "to": step.to_state.value,
        # With the moderator's account: who did it.
        "by": step.by.value if step.moderator is None else f"{step.by.value} {step.moderator}",
        "why": _why(step),
    }


def _why(step: Transition) -> str | None:
    if step.undoes is not None:
        return "undo"
    if step.into is not None:
        return f"merged into {step.into}"
    if step.in_writing:
        return "in writing"
    if step.reason is None:
        return None
    return step.reason.value if step.words is None else f"{step.reason.value}: {step.words}"
