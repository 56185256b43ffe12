"""What is kept about a person, which erasures the database has undergone, and the way to another one."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum, auto
from sqlite3 import Connection
from typing import Any

from bot.clock import to_ms
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.storage.erasing import Erasing, people, reseal, seals
from bot.storage.personal import PEOPLE, Fate, PersonColumn
from bot.storage.queries import load
from bot.storage.tombstones import Tombstone

queries = load("erasures")

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


class Sealed(Enum):
    """What becomes of the anonymous questions under a seal."""

    OTHERS = auto()
    ERASED = auto()
    #: Nobody can tell any more whose they are, and their texts stay.
    UNLINKED = auto()


class Erasures:
    """What is kept about a person, and how it goes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # What is kept

    def held(self, person: PersonId) -> Rows:
        """Every row with the person's id, by table, as far as it is about them."""
        found: dict[str, list[Mapping[str, Any]]] = {}
        for each in PEOPLE:
            rows = self._connection.execute(
                f"SELECT {', '.join(each.shown)} FROM {each.table} WHERE {each.column} = ? ORDER BY 1", (person,)
            ).fetchall()
            if rows:
                found.setdefault(_section(each), []).extend(dict(row) for row in rows)
        return found

    def has_any(self, person: PersonId) -> bool:
        """Whether the person's id is anywhere."""
        return any(
            self._connection.execute(
                f"SELECT 1 FROM {each.table} WHERE {each.column} = ? LIMIT 1", (person,)
            ).fetchone()
            for each in PEOPLE
            if each.fate is not Fate.KEPT
        )

    def anonymous(self, seals: Iterable[str]) -> Sequence[Mapping[str, Any]]:
        """The anonymous questions under these seals."""
        (shown,) = (each.shown for each in PEOPLE if (each.table, each.column) == ("questions", "author_id"))
        rows = self._connection.execute(
            f"SELECT {', '.join(shown)} FROM questions "
            "WHERE author_seal IN (SELECT value FROM json_each(?)) ORDER BY number",
            (json.dumps(list(seals)),),
        )
        return [dict(row) for row in rows]

    def earlier_texts(self, numbers: Iterable[int]) -> Sequence[Mapping[str, Any]]:
        """What these questions said before."""
        rows = self._connection.execute(
            "SELECT number, text, replaced_at, replaced_by FROM question_texts "
            "WHERE number IN (SELECT value FROM json_each(?)) ORDER BY id",
            (json.dumps(list(numbers)),),
        )
        return [dict(row) for row in rows]

    def people(self) -> set[PersonId]:
        """Everybody whose id is anywhere, erased ones apart."""
        return people(self._connection)

    # Which erasures there were

    def missing(self, tombstones: Mapping[str, Tombstone]) -> list[Tombstone]:
        """Those that this database has not undergone."""
        applied = {row["tombstone"] for row in queries.applied(self._connection)}
        return [tombstone for each, tombstone in tombstones.items() if each not in applied]

    def any_applied(self) -> bool:
        """Whether anybody was ever erased from this database."""
        return bool(queries.count_erasures(self._connection))

    def has_applied(self, any_of: Iterable[str]) -> bool:
        """Whether the database has undergone one of these."""
        return any(row["tombstone"] in set(any_of) for row in queries.applied(self._connection))

    def last_of(self, among: Iterable[str]) -> str | None:
        """The one of these tombstones that was applied last, and after which there was no other erasure."""
        last: str | None = queries.last_applied(self._connection)
        return last if last in set(among) else None

    def unsealed(self) -> set[str]:
        """The tombstones for which anonymous questions have not been sought."""
        return {row["tombstone"] for row in queries.unsealed(self._connection)}

    def not_returned(self) -> set[str]:
        """The tombstones of those who have not come back."""
        return {row["tombstone"] for row in queries.not_returned(self._connection)}

    def returned_untold(self) -> set[str]:
        """The tombstones of those who came back and were not told that a new record of theirs began."""
        return {row["tombstone"] for row in queries.returned_untold(self._connection)}

    def note_returned(self, tombstone: str, at: datetime) -> None:
        queries.note_returned(self._connection, tombstone=tombstone, at=to_ms(at))

    def note_told(self, tombstone: str, at: datetime) -> None:
        queries.note_told(self._connection, tombstone=tombstone, at=to_ms(at))

    # Erasing

    def apply(
        self,
        tombstone: Tombstone,
        person: PersonId | None,
        at: datetime,
        *,
        names: Sequence[str] = (),
        there_until: datetime | None = None,
    ) -> list[QuestionNumber]:
        """Erase the person, where there is one, or everybody, where that is what the tombstone says; the questions
        that were theirs.

        `names` are those under which Discord shows the person, where that is known. `there_until` is when they were
        last in the room, where that is now; else it is what the register saw last.
        """
        erasing, numbers = Erasing(self._connection, at, there_until), list[QuestionNumber]()
        if tombstone.digest is None:
            numbers = erasing.of_everybody()
        elif person is not None:
            numbers = erasing.of_person(person, names)
        sealed_at = None if tombstone.digest is not None and tombstone.marks else to_ms(at)
        queries.note_applied(self._connection, tombstone=tombstone.id, at=to_ms(at), sealed_at=sealed_at)
        return numbers

    def unseal(self, becomes: Callable[[str], Sealed], at: datetime) -> list[QuestionNumber]:
        """Erase the anonymous questions of those who were erased, by their seals; note that they were sought."""
        numbers: list[QuestionNumber] = []
        for seal in seals(self._connection):
            what = becomes(seal)
            if what is not Sealed.OTHERS:
                found = reseal(self._connection, seal)
                numbers += found if what is Sealed.ERASED else []
        if numbers:
            Erasing(self._connection, at).of_questions(numbers)
        queries.note_sealed(self._connection, at=to_ms(at))
        return numbers

    def has_words(self) -> bool:
        """Whether anything is there that a person wrote or that says who somebody is."""
        return bool(self.people()) or bool(queries.has_words(self._connection))

    def how_many_texts(self) -> int:
        """How many questions have a text of somebody's."""
        return int(queries.how_many_texts(self._connection))

    def waiting_without_text(self) -> list[tuple[QuestionNumber, SessionKey]]:
        """The questions that wait and have lost their text, with the session in which each was asked."""
        rows = queries.everybody_waiting_erased(self._connection)
        return [(QuestionNumber(row["number"]), SessionKey(row["session_key"])) for row in rows]


def apply_missing(connection: Connection, tombstones: Mapping[str, Tombstone], at: datetime) -> int:
    """Let a database that is being opened undergo the erasures that it lacks; how many. In a transaction of the
    caller's. What was asked anonymously is left to `Erasures.unseal`."""
    erasures = Erasures(connection)
    missing = erasures.missing(tombstones)
    if not missing:
        return 0
    everybody = erasures.people()
    for tombstone in missing:
        person = next((each for each in everybody if tombstone.is_of(each)), None)
        erasures.apply(tombstone, person, at)
    return len(missing)


def _section(column: PersonColumn) -> str:
    """Under what the rows are shown: the table, and how the person is in it where that is not as its subject."""
    return (
        column.table if column.column in ("person_id", "author_id", "voter_id") else f"{column.table}.{column.column}"
    )
