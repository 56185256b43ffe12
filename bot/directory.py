"""The directory of participants: registering, and looking somebody up."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.anonymity import blurred
from bot.clock import Clock
from bot.config import Config
from bot.ids import PersonId
from bot.languages import Language
from bot.participants import Country, Draft, Participant, checked, turn_of
from bot.questions import Asker
from bot.queue_values import Registered
from bot.storage.nouns import Nouns
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration came to. `is_new`: the person had not registered before."""

    participant: Participant
    is_new: bool


class Directory:
    """Everybody who registered."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self._store = store
        self._coverage = config.coverage
        self._settled_at = config.settled_at
        self._clock = clock

    async def register(
        self, person: PersonId, draft: Draft, *, consented_at: datetime, language: Language
    ) -> Registration:
        """Keep what the person filled in, in place of what they had registered before.

        When is kept to the hour. `language` is theirs where they chose none. Raises NothingToRead, TooLongToKeep and
        NotOnTheList, each with the draft in it, and NotSaved.
        """
        entry = checked(draft, self._coverage, language)
        consented = blurred(min(consented_at, self._clock.now()))

        def keep(tx: Transaction) -> Registration:
            is_new = tx.participants.find(person) is None
            # Whoever registers right before or after asking anonymously would stand beside that question.
            participant = tx.participants.keep(person, entry, consented, blurred(tx.now, self._settled_at))
            # What waits in the queue takes its turn with the delegation that the person has now.
            tx.questions.set_affiliation(person, turn_of(participant.affiliation, participant.institution))
            return Registration(participant, is_new)

        registration = await self._store.write(keep)
        log.info("participant.registered new=%s", registration.is_new)
        return registration

    async def find(self, person: PersonId) -> Participant | None:
        """The person as registered; None where they have not."""
        return await self._store.read(lambda tx: tx.participants.find(person))

    async def all(self) -> Mapping[PersonId, Participant]:
        """Everybody who registered."""
        return await self._store.read(lambda tx: tx.participants.all())


def who_asks(tx: Nouns, person: PersonId) -> Registered | None:
    """Who somebody is that asks by name, as the queue wants to know it; None where they have not registered."""
    participant = tx.participants.find(person)
    if participant is None:
        return None
    affiliation = participant.affiliation
    country = affiliation.code if isinstance(affiliation, Country) else None
    asker = Asker(participant.name, participant.institution, country)
    return Registered(asker, turn_of(affiliation, participant.institution))
