"""Of whom no questions are taken, and until when."""

from datetime import datetime
from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load

queries = load("silences")


class Silences:
    """Silences, by a person's id or by the seal of one of their anonymous questions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        session: SessionKey,
        person: PersonId | None,
        seal: str | None,
        until: datetime,
        moderator: PersonId,
        at: datetime,
    ) -> None:
        """Nothing is taken in the session from the person, or from whose seal it is, until then."""
        queries.add(
            self._connection,
            session=session,
            person=person,
            seal=seal,
            until=to_ms(until),
            moderator=moderator,
            at=to_ms(at),
        )

    def until(self, session: SessionKey, person: PersonId, seal: str, at: datetime) -> datetime | None:
        """Until when the person is silenced in the session, by id or by seal; None where they are not."""
        until: int | None = queries.until(self._connection, session=session, person=person, seal=seal, at=to_ms(at))
        return None if until is None else from_ms(until)

    def lift(
        self, session: SessionKey, person: PersonId | None, seal: str | None, moderator: PersonId, at: datetime
    ) -> bool:
        """Take questions again from the person, or from whose seal it is; False where none was silenced like that."""
        lifted: int = queries.lift(
            self._connection, session=session, person=person, seal=seal, moderator=moderator, at=to_ms(at)
        )
        return lifted > 0
