"""Answers in writing, every generation of each."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.questions import Answer
from bot.storage.queries import load

queries = load("answers")


class Answers:
    """What was answered in writing, and where it is public."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, number: QuestionNumber, text: str, moderator: PersonId, at: datetime) -> Answer:
        """A new generation of the question's answer."""
        generation = queries.add(self._connection, number=number, text=text, moderator=moderator, at=to_ms(at))
        return Answer(number, generation, text, moderator, at)

    def last(self, number: QuestionNumber) -> Answer | None:
        row = queries.last(self._connection, number=number)
        return None if row is None else _answer(row)

    def of_session(self, session: SessionKey) -> list[Answer]:
        """The last generation of each answer to the session's questions."""
        return [_answer(row) for row in queries.of_session(self._connection, session=session)]

    def unposted(self) -> list[Answer]:
        """The answers whose last generation is not known to be public, the oldest first."""
        return [_answer(row) for row in queries.unposted(self._connection)]

    def posted(self, number: QuestionNumber) -> MessageId | None:
        """The last message that held a generation of the question's answer."""
        message: MessageId | None = queries.posted(self._connection, number=number)
        return message

    def note_posted(self, number: QuestionNumber, generation: int, message: MessageId) -> None:
        queries.note_posted(self._connection, number=number, generation=generation, message=message)


def _answer(row: Row) -> Answer:
    return Answer(
        QuestionNumber(row["number"]),
        row["generation"],
        row["text"],
        PersonId(row["moderator_id"]),
        from_ms(row["answered_at"]),
        None if row["message_id"] is None else MessageId(row["message_id"]),
    )
