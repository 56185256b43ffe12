"""Rows of questions and of their histories, as the values that they are."""

import json
from sqlite3 import Row

from bot.clock import from_ms
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_states import By, Reason, State, Transition
from bot.questions import Question


def _person(value: int | None) -> PersonId | None:
    return None if value is None else PersonId(value)


def _number(value: int | None) -> QuestionNumber | None:
    return None if value is None else QuestionNumber(value)


def transition(row: Row) -> Transition:
    """A step of a history."""
    return Transition(
        id=row["id"],
        number=QuestionNumber(row["number"]),
        at=from_ms(row["at"]),
        by=By(row["moved_by"]),
        moderator=_person(row["moderator_id"]),
        from_state=State(row["from_state"]) if row["from_state"] else None,
        to_state=State(row["to_state"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        words=row["words"],
        undoes=row["undoes"],
        in_writing=bool(row["in_writing"]),
        into=_number(row["merged_into"]),
        session=row["air_session"],
        took_off=row["took_off"],
        showing=row["showing"],
    )


def question(row: Row) -> Question:
    """A question."""
    return Question(
        number=QuestionNumber(row["number"]),
        session=SessionKey(row["session_key"]),
        author=_person(row["author_id"]),
        seal=row["author_seal"],
        text=row["text"],
        language=row["language"],
        addressed_to=row["addressed_to"],
        state=State(row["state"]),
        asked_at=from_ms(row["asked_at"]),
        moved_at=from_ms(row["moved_at"]),
        moved_by=_person(row["moved_by"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        words=row["words"],
        showings=row["showings"],
        votes=row["votes"],
        edits=row["edits"],
        in_writing=bool(row["in_writing"]),
        into=_number(row["merged_into"]),
        air_session=row["air_session"],
        held_words=tuple(json.loads(row["held_words"])),
        filed_by=_person(row["filed_by"]),
        filed_for=row["filed_for"],
        sealed_under=row["sealed_under"],
    )
