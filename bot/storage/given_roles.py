"""The roles that registration gave, so that it takes away none that a person has from somebody else."""

from collections.abc import Mapping
from datetime import datetime
from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import PersonId, RoleId
from bot.storage.queries import load

queries = load("given_roles")


class GivenRoles:
    """Who has which role from us, and since when."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> dict[PersonId, dict[RoleId, datetime]]:
        found: dict[PersonId, dict[RoleId, datetime]] = {}
        for row in queries.roles(self._connection):
            found.setdefault(PersonId(row["person_id"]), {})[RoleId(row["role_id"])] = from_ms(row["given_at"])
        return found

    def of(self, person: PersonId) -> Mapping[RoleId, datetime]:
        rows = queries.roles_of(self._connection, person=person)
        return {RoleId(row["role_id"]): from_ms(row["given_at"]) for row in rows}

    def give(self, person: PersonId, role: RoleId, at: datetime) -> None:
        queries.give(self._connection, person=person, role=role, now=to_ms(at))

    def take(self, person: PersonId, role: RoleId) -> None:
        queries.take(self._connection, person=person, role=role)
