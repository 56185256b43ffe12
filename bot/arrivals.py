"""Who of those called before a session said that they are there."""

from collections.abc import Collection
from functools import partial
from sqlite3 import DatabaseError

from bot.agenda import Session
from bot.clock import Clock
from bot.ids import PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.preflight import Arrival, Attendance, Place, attendance, places_of
from bot.storage.store import Reader, Store, Transaction


class Arrivals:
    """The arrivals of moderators and panelists, session by session."""

    def __init__(self, store: Store, agenda: LiveAgenda, clock: Clock) -> None:
        self._store = store
        self._agenda = agenda
        self._clock = clock

    async def here(
        self,
        session: SessionKey,
        person: PersonId,
        names: Collection[str],
        *,
        moderates: bool,
        chosen: str | None = None,
    ) -> tuple[Place, ...]:
        """Keep that somebody is there; their places, also when they said so before.

        `names` are what the person is called on Discord; what they registered as is added. Raises KeyError for a
        session that the agenda has not, and the refusals of bot.preflight.
        """
        found = self._agenda.event.session(session)
        arrive = partial(_arrive, found, person, tuple(names), moderates, chosen)
        return await self._store.write(arrive)

    async def attendance(self, session: SessionKey) -> tuple[Attendance, ...]:
        """Who is there and who is missing."""
        found = self._agenda.event.session(session)
        return attendance(found, await self._store.read(lambda tx: tx.arrivals.of_session(session)))

    async def damage(self) -> str | None:
        """What the database says of itself where it is not whole."""
        return await self._store.read(_damage)


def _arrive(
    session: Session, person: PersonId, names: tuple[str, ...], moderates: bool, chosen: str | None, tx: Transaction
) -> tuple[Place, ...]:
    registered = tx.participants.find(person)
    known = names if registered is None else (*names, registered.name)
    arrivals = tx.arrivals.of_session(session.key)
    places = places_of(session, person, known, arrivals, tx.now, moderates=moderates, chosen=chosen)
    for place in places:
        tx.arrivals.add(session.key, Arrival(place.key, person, tx.now))
    return places


def _damage(tx: Reader) -> str | None:
    try:
        (said,) = tx.connection.execute("PRAGMA quick_check(1)").fetchone()
    except DatabaseError as error:
        return str(error)
    return None if said == "ok" else str(said)
