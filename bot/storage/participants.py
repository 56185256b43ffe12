"""Participants as they are kept, and for whom each counted at what time."""

from datetime import datetime
from sqlite3 import Connection, Row

from bot.clock import from_ms, to_ms
from bot.ids import PersonId
from bot.participants import Affiliation, Country, Elsewhere, Entry, Participant, Standing
from bot.storage.queries import load

queries = load("participants")


class Participants:
    """Who registered."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, person: PersonId) -> Participant | None:
        row = queries.participant(self._connection, person=person)
        return None if row is None else _participant(row)

    def all(self) -> dict[PersonId, Participant]:
        """Everybody who registered, as they are registered now."""
        return {PersonId(row["person_id"]): _participant(row) for row in queries.participants(self._connection)}

    def keep(
        self,
        person: PersonId,
        entry: Entry,
        consented_at: datetime,
        at: datetime,
        *,
        consent_given_to: PersonId | None = None,
    ) -> Participant:
        """The person is registered like this from `at` on; a changed standing is one more row of its history.

        `consent_given_to` is the organizer to whom they gave their consent; None where they gave it to the bot.
        """
        before = self.find(person)
        queries.keep(
            self._connection,
            person=person,
            name=entry.name,
            institution=entry.institution,
            language=entry.language,
            consented_at=to_ms(consented_at),
            consent_given_to=consent_given_to,
            at=to_ms(at),
        )
        if before is None or before.standing != entry.standing:
            self._add_standing(person, entry.standing, at)
        kept = self.find(person)
        assert kept is not None
        return kept

    def standings_at(self, at: datetime) -> dict[PersonId, Standing]:
        """For whom each person counted at `at`; those who registered later have no entry."""
        # Many people share few standings, and making one costs more than reading the row.
        made: dict[tuple[str, ...], Standing] = {}
        found: dict[PersonId, Standing] = {}
        for row in queries.standings_at(self._connection, at=to_ms(at)):
            person, *key = row
            standing = made.get(tuple(key))
            if standing is None:
                standing = made[tuple(key)] = Standing(_affiliation(row), row["profile"])
            found[PersonId(person)] = standing
        return found

    def _add_standing(self, person: PersonId, standing: Standing, at: datetime) -> None:
        country = standing.affiliation.code if isinstance(standing.affiliation, Country) else None
        queries.add_standing(
            self._connection,
            person=person,
            affiliation="country" if country else standing.affiliation,
            country=country,
            profile=standing.profile,
            at=to_ms(at),
        )


def _participant(row: Row) -> Participant:
    return Participant(
        person_id=PersonId(row["person_id"]),
        name=row["name"],
        institution=row["institution"],
        affiliation=_affiliation(row),
        profile=row["profile"],
        language=row["language"],
        consented_at=from_ms(row["consented_at"]),
        registered_at=from_ms(row["registered_at"]),
        consent_given_to=None if row["consent_given_to"] is None else PersonId(row["consent_given_to"]),
    )


def _affiliation(row: Row) -> Affiliation:
    return Country(row["country"]) if row["country"] is not None else Elsewhere(row["affiliation"])
