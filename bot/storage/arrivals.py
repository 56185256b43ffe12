"""Who of those called before a session said to be there: once a place and person."""

from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import PersonId, SessionKey
from bot.preflight import Arrival
from bot.storage.queries import load

queries = load("arrivals")


class ArrivalRows:
    """The arrivals of a session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_session(self, session: SessionKey) -> list[Arrival]:
        """In the order in which they were said."""
        rows = queries.of_session(self._connection, session=session)
        return [Arrival(row["place"], PersonId(row["person_id"]), from_ms(row["arrived_at"])) for row in rows]

    def add(self, session: SessionKey, arrival: Arrival) -> None:
        """Where it was said before, the first time counts."""
        queries.add(self._connection, session=session, place=arrival.place, person=arrival.person, at=to_ms(arrival.at))
