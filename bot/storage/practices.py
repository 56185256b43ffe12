"""Good practices as they are kept."""

from collections.abc import Sequence
from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.ids import PersonId, SessionKey
from bot.languages import Language
from bot.practices import Practice, PracticeDraft, PracticeNumber, PracticeState
from bot.storage.queries import load

queries = load("practices")


class Practices:
    """What delegations recorded, and what became of it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        person: PersonId,
        session: SessionKey,
        country: str,
        institution: str,
        language: Language,
        draft: PracticeDraft,
        at: datetime,
    ) -> Practice:
        """One more, to be reviewed."""
        number = queries.add(
            self._connection,
            session=session,
            person=person,
            country=country,
            institution=institution,
            language=language,
            title=draft.title,
            text=draft.text,
            results=draft.results,
            at=to_ms(at),
        )
        found = self.find(PracticeNumber(number))
        assert found is not None
        return found

    def find(self, number: PracticeNumber) -> Practice | None:
        row = queries.find(self._connection, number=number)
        return None if row is None else _practice(row)

    def same(self, person: PersonId, session: SessionKey, draft: PracticeDraft) -> Practice | None:
        """The person's own that says the very same of that day."""
        row = queries.same(self._connection, person=person, session=session, title=draft.title, text=draft.text)
        return None if row is None else _practice(row)

    def all(self) -> Sequence[Practice]:
        """Every one but those withdrawn, by session and in the order in which they came."""
        return [_practice(row) for row in queries.all(self._connection)]

    def count_of(self, person: PersonId) -> int:
        return int(queries.count_of(self._connection, person=person))

    def move(
        self, number: PracticeNumber, state: PracticeState, at: datetime, *, by: PersonId | None, reason: str | None
    ) -> Practice:
        """`by` is the moderator; None where who recorded it did it."""
        queries.move(self._connection, number=number, state=state, by=by, reason=reason, at=to_ms(at))
        found = self.find(number)
        assert found is not None
        return found


def _practice(row: Row) -> Practice:
    return Practice(
        number=PracticeNumber(row["number"]),
        session=SessionKey(row["session_key"]),
        person=PersonId(row["person_id"]),
        country=row["country"],
        institution=row["institution"],
        language=row["language"],
        title=row["title"],
        text=row["text"],
        results=row["results"],
        recorded_at=from_ms(row["recorded_at"]),
        state=PracticeState(row["state"]),
        moved_at=from_ms(row["moved_at"]),
        decided_by=None if row["decided_by"] is None else PersonId(row["decided_by"]),
        reason=row["reason"],
    )
