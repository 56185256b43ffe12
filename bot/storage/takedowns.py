"""Which public posts are to be removed, until it is known that they are gone."""

from datetime import datetime
from sqlite3 import Connection

from bot.clock import to_ms
from bot.ids import QuestionNumber
from bot.questions import Published, Takedown
from bot.storage.queries import load

queries = load("takedowns")


class Takedowns:
    """Posts to be removed, each once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def order(self, number: QuestionNumber, what: Published, generation: int, at: datetime) -> None:
        """Have the post removed, whether it is there, on its way, or was never sent."""
        queries.order(self._connection, number=number, what=what, generation=generation, now=to_ms(at))

    def open(self) -> list[Takedown]:
        """Those that are not known to be gone, the first ordered first."""
        return [
            Takedown(row["id"], QuestionNumber(row["number"]), Published(row["what"]), row["generation"])
            for row in queries.open(self._connection)
        ]

    def done(self, takedown: Takedown, at: datetime) -> None:
        """It is gone."""
        queries.done(self._connection, id=takedown.id, now=to_ms(at))
