"""Declared presence as it is kept: at most one check-in a person and session."""

from collections.abc import Iterable
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
        if row is None:
            return None
        profiles = queries.profiles_of(self._connection, person=person, session=session)
        return _check_in(row, ((each["profile"], each["companions"]) for each in profiles))

    def of_session(self, session: SessionKey) -> list[CheckIn]:
        """Every check-in, in the order in which they were declared."""
        profiles: dict[int, list[tuple[str, int]]] = {}
        for row in queries.profiles(self._connection, session=session):
            profiles.setdefault(row["person_id"], []).append((row["profile"], row["companions"]))
        rows = queries.of_session(self._connection, session=session)
        return [_check_in(row, profiles.get(row["person_id"], ())) for row in rows]

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

    def set_profile(self, person: PersonId, session: SessionKey, profile: str, companions: int) -> None:
        """So many of the person's companions are of a profile; none of them any more with 0."""
        if companions:
            queries.set_profile(
                self._connection, person=person, session=session, profile=profile, companions=companions
            )
        else:
            queries.drop_profile(self._connection, person=person, session=session, profile=profile)


def _check_in(row: Row, profiles: Iterable[tuple[str, int]]) -> CheckIn:
    return CheckIn(
        PersonId(row["person_id"]),
        SessionKey(row["session_key"]),
        row["companions"],
        from_ms(row["declared_at"]),
        tuple(profiles),
    )
