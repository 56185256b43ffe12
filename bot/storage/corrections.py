"""Corrections of attendance as they are kept: rows that are added, and never changed."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.corrections import Correction, CorrectionKind, CorrectionNumber, InForce, in_force
from bot.ids import PersonId, SessionKey
from bot.storage.queries import load

queries = load("corrections")


class CorrectionRows:
    """Who was corrected or excused, by whom, when and why."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_session(self, session: SessionKey) -> list[Correction]:
        """Every row of a session, in the order in which they were made."""
        return [_correction(row) for row in queries.of_session(self._connection, session=session)]

    def in_force(self, session: SessionKey) -> dict[PersonId, InForce]:
        """What holds, by person."""
        return in_force(self.of_session(session))

    def all(self) -> list[Correction]:
        """Every row of every session, in the order in which they were made."""
        return [_correction(row) for row in queries.all(self._connection)]

    def find(self, number: CorrectionNumber) -> Correction | None:
        row = queries.find(self._connection, number=number)
        return None if row is None else _correction(row)

    def taking_back(self, number: CorrectionNumber) -> Correction | None:
        """The row that takes that one back, if there is one."""
        row = queries.taking_back(self._connection, number=number)
        return None if row is None else _correction(row)

    def add(
        self,
        person: PersonId,
        session: SessionKey,
        kind: CorrectionKind,
        reason: str,
        made_by: PersonId,
        at: datetime,
        *,
        companions: int | None = None,
        takes_back: CorrectionNumber | None = None,
    ) -> Correction:
        """One more row. What was taken back already cannot be a second time: the database refuses it."""
        number = queries.add(
            self._connection,
            person=person,
            session=session,
            kind=kind,
            companions=companions,
            takes_back=takes_back,
            reason=reason,
            made_by=made_by,
            made_at=to_ms(at),
        )
        found = self.find(CorrectionNumber(number))
        assert found is not None
        return found

    def last_made_at(self, session: SessionKey) -> datetime | None:
        """When the session's last row was made."""
        at = queries.last_made_at(self._connection, session=session)
        return None if at is None else from_ms(at)


def _correction(row: Row) -> Correction:
    return Correction(
        number=CorrectionNumber(row["number"]),
        person=PersonId(row["person_id"]),
        session=SessionKey(row["session_key"]),
        kind=CorrectionKind(row["kind"]),
        reason=row["reason"],
        made_by=None if row["made_by"] is None else PersonId(row["made_by"]),
        made_at=from_ms(row["made_at"]),
        companions=row["companions"],
        takes_back=None if row["takes_back"] is None else CorrectionNumber(row["takes_back"]),
    )
