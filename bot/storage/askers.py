"""Who asked by name, as is needed to count the questions of each delegation."""

from datetime import datetime
from sqlite3 import Connection

from bot.clock import to_ms
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load

queries = load("askers")


class Askers:
    """The people who asked by name. Of those who asked anonymously it knows nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def asked(self, session: SessionKey, at: datetime) -> dict[PersonId, int]:
        """How many questions each of them had asked in the session by `at`."""
        rows = queries.asked(self._connection, session=session, at=to_ms(at))
        return {PersonId(row["author_id"]): row["how_many"] for row in rows}
