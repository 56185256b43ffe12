"""Who had the floor in a session, one after the other."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.floor import Speech
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load

queries = load("speeches")


class Speeches:
    """The speeches of each session; at most one of them runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, session: SessionKey) -> list[Speech]:
        """Every one, in order."""
        return [_speech(row) for row in queries.of_session(self._connection, session=session)]

    def running(self, session: SessionKey) -> Speech | None:
        """The one that was not ended."""
        row = queries.running(self._connection, session=session)
        return None if row is None else _speech(row)

    def add(
        self, session: SessionKey, person: PersonId, turn: str, at: datetime, ends_at: datetime, by: PersonId
    ) -> Speech:
        """One more, which runs; none may run."""
        number = queries.next_number(self._connection, session=session)
        queries.add(
            self._connection,
            session=session,
            number=number,
            person=person,
            turn=turn,
            at=to_ms(at),
            ends=to_ms(ends_at),
            by=by,
        )
        return Speech(number, person, turn, from_ms(to_ms(at)), from_ms(to_ms(ends_at)))

    def end(self, session: SessionKey, at: datetime) -> None:
        """None runs any more."""
        queries.end(self._connection, session=session, at=to_ms(at))


def _speech(row: Row) -> Speech:
    person = row["person_id"]
    return Speech(
        row["number"],
        None if person is None else PersonId(person),
        row["turn"],
        from_ms(row["given_at"]),
        from_ms(row["ends_at"]),
    )
