"""Who should come as it is kept, whom of them somebody is, and where that is in doubt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.expected import Candidate, Expected, ExpectedId, Invitation, Recognised, Why, words_of_name
from bot.ids import PersonId
from bot.participants import Country, Elsewhere, Entry, Standing
from bot.storage.queries import load

queries = load("expected")


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody who registered may be somebody on the list. `was_asked`: they were asked about it, now or before."""

    id: int
    person: PersonId
    expected: ExpectedId
    why: Why
    noted_at: datetime
    was_asked: bool


class ExpectedPeople:
    """The list, with whom each of them turned out to be."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # The list

    def all(self) -> list[Expected]:
        """Everybody on it, but for those who were erased."""
        return [_expected(row) for row in queries.everybody(self._connection)]

    def find(self, expected: ExpectedId) -> Expected | None:
        row = queries.expected(self._connection, id=expected)
        return None if row is None else _expected(row)

    def of_account(self, account: str) -> Expected | None:
        row = queries.expected_of_account(self._connection, account=account)
        return None if row is None else _expected(row)

    def possible(self, entry: Entry, account: str | None) -> list[Expected]:
        """All whom somebody may be who registers like this: by account, by the words of the name, by delegation."""
        affiliation, country = _place(entry.standing)
        rows = queries.possible(
            self._connection,
            account=account,
            words=words_of_name(entry.name),
            affiliation=affiliation,
            country=country,
        )
        return [_expected(row) for row in rows]

    def add(self, said: Invitation, at: datetime) -> None:
        affiliation, country = _place(said.standing)
        queries.add(
            self._connection,
            key=said.key,
            words=words_of_name(said.name),
            name=said.name,
            institution=said.institution,
            affiliation=affiliation,
            country=country,
            profile=said.standing.profile,
            account=said.account,
            now=to_ms(at),
        )

    def change(self, changes: Iterable[tuple[ExpectedId, Invitation]], at: datetime) -> None:
        """The list says this of them now. Two of them may have exchanged their accounts."""
        changes = tuple(changes)
        for expected, _ in changes:
            queries.clear_account(self._connection, id=expected)
        for expected, said in changes:
            queries.change(
                self._connection,
                id=expected,
                name=said.name,
                institution=said.institution,
                profile=said.standing.profile,
                account=said.account,
                now=to_ms(at),
            )

    def remove(self, expected: ExpectedId) -> None:
        """They are not on the list any more."""
        queries.remove(self._connection, id=expected)

    # Who is who

    def of_person(self, person: PersonId) -> Expected | None:
        """Whom on the list the account was recognised as."""
        row = queries.expected_of_person(self._connection, person=person)
        return None if row is None else _expected(row)

    def recognise(self, expected: ExpectedId, person: PersonId, how: Recognised, at: datetime) -> None:
        """The account is this one, and nobody else on the list any more; what was in doubt about it is over."""
        queries.release(self._connection, person=person)
        queries.recognise(self._connection, id=expected, person=person, recognised=how, now=to_ms(at))
        queries.close_doubts(self._connection, person=person)

    def release(self, person: PersonId) -> None:
        """The account is nobody on the list any more."""
        queries.release(self._connection, person=person)

    # Doubts

    def doubt(self, person: PersonId, candidates: Iterable[Candidate], at: datetime, *, was_asked: bool) -> list[Doubt]:
        """These are whom the person may be, instead of whom they were thought to be before."""
        queries.close_doubts(self._connection, person=person)
        noted = []
        for each in candidates:
            id_ = queries.note_doubt(
                self._connection,
                person=person,
                expected=each.expected.id,
                why=each.why,
                was_asked=int(was_asked),
                now=to_ms(at),
            )
            noted.append(Doubt(id_, person, each.expected.id, each.why, at, was_asked))
        return noted

    def close_doubts(self, person: PersonId) -> None:
        """Nothing is in doubt about the person any more."""
        queries.close_doubts(self._connection, person=person)

    def close_doubts_about(self, expected: ExpectedId) -> None:
        """It is settled who this one is, whoever else thought to be."""
        queries.close_doubts_about(self._connection, id=expected)

    def doubts(self, person: PersonId | None = None) -> list[Doubt]:
        """What is in doubt: about everybody, or about one person."""
        if person is None:
            return [_doubt(row) for row in queries.open_doubts(self._connection)]
        return [_doubt(row) for row in queries.open_doubts_of(self._connection, person=person)]

    def times_asked(self, person: PersonId) -> int:
        """About how many of the list the person was asked, ever."""
        return int(queries.times_asked(self._connection, person=person))


def _place(standing: Standing) -> tuple[str, str | None]:
    if isinstance(standing.affiliation, Country):
        return "country", standing.affiliation.code
    return standing.affiliation.value, None


def _expected(row: Row) -> Expected:
    affiliation = Country(row["country"]) if row["country"] is not None else Elsewhere(row["affiliation"])
    return Expected(
        id=ExpectedId(row["id"]),
        said=Invitation(row["name"], row["institution"], Standing(affiliation, row["profile"]), row["account"]),
        person=None if row["person_id"] is None else PersonId(row["person_id"]),
        recognised=None if row["recognised"] is None else Recognised(row["recognised"]),
        listed_at=from_ms(row["listed_at"]),
    )


def _doubt(row: Row) -> Doubt:
    return Doubt(
        row["id"],
        PersonId(row["person_id"]),
        ExpectedId(row["expected_id"]),
        Why(row["why"]),
        from_ms(row["noted_at"]),
        bool(row["was_asked"]),
    )
