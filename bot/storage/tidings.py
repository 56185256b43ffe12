"""Who wants to be told by direct message what becomes of their questions, and what is still to be told."""

from datetime import datetime
from sqlite3 import Connection

from bot.anonymity import blurred
from bot.clock import from_ms, to_ms
from bot.ids import PersonId, QuestionNumber
from bot.question_states import State
from bot.questions import Tiding
from bot.storage.queries import load

queries = load("tidings")


class Tidings:
    """One a person and question, about where it stands by now; none about anonymous questions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def wanted(self, person: PersonId) -> bool:
        return bool(queries.wanted(self._connection, person=person))

    def set_wanted(self, person: PersonId, at: datetime, *, wanted: bool) -> None:
        """Whether the person is told from now on; of `at` the hour is kept. What was still to be told is dropped
        where they are not."""
        if wanted:
            queries.want(self._connection, person=person, at=to_ms(blurred(at)))
        else:
            queries.want_no_more(self._connection, person=person)
            queries.drop_of_person(self._connection, person=person)

    def add(self, number: QuestionNumber, state: State, at: datetime) -> None:
        """The question stands there now; its author is to be told, if they want to and asked by name."""
        queries.add(self._connection, number=number, state=state, at=to_ms(at))

    def drop(self, number: QuestionNumber, but: State | None = None) -> None:
        """There is nothing to tell of the question any more, but for its being in that state."""
        queries.drop(self._connection, number=number, kept=but or "")

    def untold(self, how_many: int) -> list[Tiding]:
        """What is to be told, the oldest first."""
        return [
            Tiding(
                row["id"],
                PersonId(row["person_id"]),
                QuestionNumber(row["number"]),
                State(row["state"]),
                from_ms(row["moved_at"]),
            )
            for row in queries.untold(self._connection, how_many=how_many)
        ]

    def note_told(self, tiding: Tiding) -> None:
        """It was told, or cannot be. Where the question has moved on since, that is still to be told."""
        queries.note_told(self._connection, id=tiding.id, state=tiding.state, at=to_ms(tiding.at))
