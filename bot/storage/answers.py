"""Answers in writing, every generation of each, those too that were taken back."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.questions import Answer
from bot.storage.queries import load

queries = load("answers")


class Answers:
    """What was answered in writing, and where it is public. Unless it says otherwise, of those that were not taken
    back."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, number: QuestionNumber, text: str, moderator: PersonId, at: datetime, step: int) -> Answer:
        """A new generation of the question's answer; `step` is the last one of the question's history by then."""
        generation = queries.add(
            self._connection, number=number, text=text, moderator=moderator, at=to_ms(at), step=step
        )
        return Answer(number, generation, text, moderator, at)

    def last(self, number: QuestionNumber) -> Answer | None:
        row = queries.last(self._connection, number=number)
        return None if row is None else _answer(row)

    def since(self, number: QuestionNumber, step: int) -> list[Answer]:
        """The generations that came with this step of the question or after it, in order."""
        return [_answer(row) for row in queries.since(self._connection, number=number, step=step)]

    def how_many(self, number: QuestionNumber) -> int:
        """How many generations there are."""
        count: int = queries.how_many(self._connection, number=number)
        return count

    def last_change(self, number: QuestionNumber) -> tuple[PersonId, datetime] | None:
        """Who wrote the last generation of all, or took it back, and when."""
        row = queries.last_change(self._connection, number=number)
        return None if row is None else (PersonId(row["moderator_id"]), from_ms(row["at"]))

    def withdraw(self, answer: Answer, moderator: PersonId, at: datetime) -> None:
        """It does not hold any more; the generation before it does."""
        queries.withdraw(
            self._connection, number=answer.number, generation=answer.generation, moderator=moderator, at=to_ms(at)
        )

    def recent(self, session: SessionKey, moderator: PersonId, how_many: int) -> list[QuestionNumber]:
        """The session's questions that the moderator answered, the last one first."""
        rows = queries.recent(self._connection, session=session, moderator=moderator, how_many=how_many)
        return [QuestionNumber(row["number"]) for row in rows]

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
        """The message that holds this generation; nothing, where it was taken back meanwhile."""
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
