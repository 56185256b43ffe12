"""Declared presence as it is kept: at most one check-in a person and session."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.attendance import CheckIn
from bot.clock import from_ms, to_ms
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load

queries = load("check_ins")


class CheckIns:
    """Who declared to be there, and with how many."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, person: PersonId, session: SessionKey) -> CheckIn | None:
        row = queries.find(self._connection, person=person, session=session)
        return None if row is None else _check_in(row)

    def of_session(self, session: SessionKey) -> list[CheckIn]:
        """Every check-in, in the order in which they were declared."""
        return [_check_in(row) for row in queries.of_session(self._connection, session=session)]

    def add(self, check_in: CheckIn) -> None:
        queries.add(
            self._connection,
            person=check_in.person,
            session=check_in.session,
            companions=check_in.companions,
            at=to_ms(check_in.declared_at),
        )

    def set_companions(self, person: PersonId, session: SessionKey, companions: int, at: datetime) -> None:
        """Another number than was declared first; the instant of the declaration stays."""
        queries.set_companions(self._connection, person=person, session=session, companions=companions, at=to_ms(at))


def _check_in(row: Row) -> CheckIn:
    return CheckIn(
        PersonId(row["person_id"]), SessionKey(row["session_key"]), row["companions"], from_ms(row["declared_at"])
    )
