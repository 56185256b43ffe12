"""Who supports which question. A question has its own support and that of those that were joined to it."""

import json
from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Connection

from bot.anonymity import blurred
from bot.clock import to_ms
from bot.ids import PersonId, QuestionNumber
from bot.storage.queries import load

queries = load("votes")


class Votes:
    """Votes, one a person and question, and the groups that they count for."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def root(self, number: QuestionNumber) -> QuestionNumber:
        """The question to which this one was joined in the end; itself where it was to none."""
        return QuestionNumber(queries.root(self._connection, number=number))

    def members(self, number: QuestionNumber) -> list[QuestionNumber]:
        """The question and all that were joined to it, whether directly or not."""
        return [QuestionNumber(row["number"]) for row in queries.members(self._connection, number=number)]

    def supports(self, numbers: Sequence[QuestionNumber], voter: PersonId) -> bool:
        """Whether the person supports one of them."""
        return bool(queries.supports(self._connection, numbers=json.dumps(numbers), voter=voter))

    def add(self, number: QuestionNumber, voter: PersonId, at: datetime) -> None:
        """The person supports the question. Twice is an error that the database refuses. Of `at` the hour is kept."""
        queries.add(self._connection, number=number, voter=voter, at=to_ms(blurred(at)))

    def remove(self, numbers: Sequence[QuestionNumber], voter: PersonId) -> None:
        """The person supports none of them any more."""
        queries.remove(self._connection, numbers=json.dumps(numbers), voter=voter)

    def recount(self, number: QuestionNumber) -> None:
        """Count who supports the question or one that was joined to it, each person once."""
        queries.recount(self._connection, number=number)
