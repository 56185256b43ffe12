"""The directory of participants: registering, looking somebody up, and the list of who should come."""

import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from bot import directory_operations as operations
from bot.agenda import Event
from bot.anonymity import blurred
from bot.clock import Clock
from bot.config import Config
from bot.directory_operations import Absent, Imported, Registration, Unmatched
from bot.expected import Expected, ExpectedId, account_name, draft_of_invitation
from bot.expected_list import Listing
from bot.ids import PersonId, SessionKey
from bot.languages import Language
from bot.live_agenda import LiveAgenda
from bot.participants import Country, Draft, Participant, checked, draft_of, turn_of
from bot.questions import Asker
from bot.queue_values import Registered
from bot.storage.nouns import Nouns
from bot.storage.store import Reader, Store

__all__ = ["Absent", "Directory", "Imported", "Registration", "Unmatched", "who_asks"]

log = logging.getLogger(__name__)


class Directory:
    """Everybody who registered, and everybody who is expected to."""

    def __init__(self, store: Store, agenda: LiveAgenda, config: Config, clock: Clock) -> None:
        self._store = store
        self._coverage = config.coverage
        self._attendance = config.attendance
        self._agenda = agenda
        self._config = config
        self._clock = clock
        self._registered: list[Callable[[PersonId], None]] = []
        self._contested: list[Callable[[], None]] = []

    @property
    def _event(self) -> Event:
        return self._agenda.event

    @property
    def _settled_at(self) -> tuple[datetime, ...]:
        return self._config.settled_at(self._event)

    def on_registered(self, listener: Callable[[PersonId], None]) -> None:
        """Call `listener` with whoever registered, or corrected a registration."""
        self._registered.append(listener)

    def on_contested(self, listener: Callable[[], None]) -> None:
        """Call `listener` when there is an alert about two accounts for one expected person."""
        self._contested.append(listener)

    # Registering

    async def register(
        self,
        person: PersonId,
        draft: Draft,
        *,
        consented_at: datetime,
        language: Language,
        account: str | None = None,
        by: PersonId | None = None,
    ) -> Registration:
        """Keep what the person filled in, in place of what they had registered before.

        When is kept to the hour. `language` is theirs where they chose none, `account` their Discord user name. `by` is
        the organizer who fills it in for them and to whom they gave their consent. Raises NothingToRead, TooLongToKeep
        and NotOnTheList, each with the draft in it, and NotSaved.
        """
        entry = checked(draft, self._coverage, language)
        consented = blurred(min(consented_at, self._clock.now()))
        known = None if account is None else account_name(account)
        registration = await self._store.write(
            lambda tx: operations.register(tx, person, entry, consented, known, by, self._settled_at)
        )
        log.info("participant.registered new=%s", registration.is_new)
        for listener in self._registered:
            listener(person)
        if registration.is_contested:
            self._tell_of_contest()
        return registration

    async def draft_for(self, person: PersonId, account: str | None) -> Draft:
        """What the form shows at first: the registration there is, else what the list says of the very account.

        Never what it says of a name: anybody can take a name, and would read whose data it is.
        """

        def look(tx: Reader) -> Draft:
            participant = tx.participants.find(person)
            if participant is not None:
                return draft_of(participant)
            expected = tx.expected.of_account(account_name(account or ""))
            if expected is None or expected.person not in (None, person):
                return Draft()
            return draft_of_invitation(expected.said)

        return await self._store.read(look)

    async def is_the_one(self, person: PersonId) -> None:
        """The person says to be the one on the list whom they were asked about."""
        if await self._store.write(lambda tx: operations.is_the_one(tx, person)):
            self._tell_of_contest()

    async def is_none_of_them(self, person: PersonId) -> None:
        """The person says not to be whom they were asked about."""
        await self._store.write(lambda tx: operations.is_none_of_them(tx, person))

    async def find(self, person: PersonId) -> Participant | None:
        """The person as registered; None where they have not."""
        return await self._store.read(lambda tx: tx.participants.find(person))

    async def all(self) -> Mapping[PersonId, Participant]:
        """Everybody who registered."""
        return await self._store.read(lambda tx: tx.participants.all())

    # Who should come

    async def import_list(self, listing: Listing, *, keep_good: bool = False) -> Imported:
        """Take over what a file says of who should come, or nothing of it where a row is wrong."""
        imported = await self._store.write(lambda tx: operations.import_list(tx, listing, keep_good=keep_good))
        done = imported.comparison
        log.info("expected.imported taken=%s new=%d changed=%d", imported.taken, len(done.new), len(done.changed))
        # One who registered before may turn out to be somebody whom another account is already.
        self._tell_of_contest()
        return imported

    async def expected(self) -> Sequence[Expected]:
        """The whole list."""
        return await self._store.read(lambda tx: tx.expected.all())

    async def unmatched(self) -> Unmatched:
        """Who on the list has not registered, and who registered and is nobody on the list."""
        return await self._store.read(operations.unmatched)

    async def expected_absent(self, session: SessionKey) -> tuple[Absent, ...]:
        """Who is expected and was not there on that day until now. Raises KeyError for a day without session."""
        on = self._event.session(session)
        opens_at = on.starts_at - timedelta(minutes=self._attendance.register_opens_minutes)
        after = self._attendance.present_after_seconds
        now = self._clock.now()
        return await self._store.read(lambda tx: operations.absent(tx, on, opens_at, now, after))

    async def link(self, person: PersonId, expected: ExpectedId) -> Expected:
        """An organizer says who on the list it is. Raises NotRegistered and NobodyExpected."""
        return await self._store.write(partial(operations.link, person=person, expected=expected))

    def _tell_of_contest(self) -> None:
        for listener in self._contested:
            listener()


def who_asks(tx: Nouns, person: PersonId) -> Registered | None:
    """Who somebody is that asks by name, as the queue wants to know it; None where they have not registered."""
    participant = tx.participants.find(person)
    if participant is None:
        return None
    affiliation = participant.affiliation
    country = affiliation.code if isinstance(affiliation, Country) else None
    asker = Asker(participant.name, participant.institution, country)
    return Registered(asker, turn_of(affiliation, participant.institution))
