"""Certificates as they are kept: one a person, and what each says, as rows that are added."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.certificates import Certificate, CertificateNumber, Code, Merit
from bot.clock import from_ms, to_ms
from bot.ids import PersonId
from bot.storage.queries import load

queries = load("certificates")


class Certificates:
    """The certificates that were given."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[Certificate]:
        """Every one, as it stands, by number; those of people who were erased too."""
        return [_certificate(row) for row in queries.all_given(self._connection)]

    def of_person(self, person: PersonId) -> Certificate | None:
        row = queries.of_person(self._connection, person=person)
        return None if row is None else _certificate(row)

    def of_code(self, code: Code) -> Certificate | None:
        row = queries.of_code(self._connection, code=code)
        return None if row is None else _certificate(row)

    def give(self, person: PersonId, code: Code, merit: Merit, at: datetime) -> CertificateNumber:
        """A new one under the next number. Raises sqlite3.IntegrityError where the person has one."""
        number = CertificateNumber(queries.give(self._connection, person=person, code=code, at=to_ms(at)))
        self.change(number, merit, is_valid=True, at=at)
        return number

    def change(self, number: CertificateNumber, merit: Merit, *, is_valid: bool, at: datetime) -> None:
        """From `at` on it says this."""
        queries.add_state(
            self._connection,
            number=number,
            since=to_ms(at),
            is_valid=int(is_valid),
            sessions=merit.sessions,
            measured_days=merit.measured_days,
            corrected_days=merit.corrected_days,
            declared_days=merit.declared_days,
            unseen_days=merit.unseen_days,
            measured=merit.measured,
            seen=merit.seen,
        )


def _certificate(row: Row) -> Certificate:
    return Certificate(
        number=CertificateNumber(row["number"]),
        person=None if row["person_id"] is None else PersonId(row["person_id"]),
        code=Code(row["code"]),
        issued_at=from_ms(row["issued_at"]),
        merit=Merit(
            sessions=row["sessions"],
            measured_days=row["measured_days"],
            corrected_days=row["corrected_days"],
            declared_days=row["declared_days"],
            unseen_days=row["unseen_days"],
            measured=row["measured"],
            seen=row["seen"],
        ),
        since=from_ms(row["since"]),
        is_valid=bool(row["is_valid"]),
    )
