"""The compendium of good practices while it is being made: recorded by delegations, decided on by moderators."""

import logging
from collections.abc import Callable, Sequence

from bot.ids import PersonId, SessionKey
from bot.languages import Language
from bot.live_agenda import LiveAgenda
from bot.practices import (
    PER_PERSON,
    NoSuchPractice,
    Practice,
    PracticeDraft,
    PracticeMoved,
    PracticeNumber,
    PracticeState,
    TooManyPractices,
    checked_practice,
    checked_reason,
    delegation_of,
)
from bot.storage.nouns import Nouns
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)

#: What a moderator may make of a practice, by where it stands: a decision can be changed, a withdrawal cannot.
_FROM = {
    PracticeState.APPROVED: (PracticeState.PENDING, PracticeState.REJECTED),
    PracticeState.REJECTED: (PracticeState.PENDING, PracticeState.APPROVED),
}


class Compendium:
    """Every practice of the event."""

    def __init__(self, store: Store, agenda: LiveAgenda) -> None:
        self._store = store
        self._agenda = agenda
        self._listeners: list[Callable[[Practice], None]] = []

    def on_recorded(self, listener: Callable[[Practice], None]) -> None:
        """Call `listener` with each practice that waits for review once it is saved."""
        self._listeners.append(listener)

    async def record(
        self, person: PersonId, session: SessionKey, draft: PracticeDraft, *, language: Language
    ) -> Practice:
        """Keep what a member of a delegation says of a day's theme; the very same again is one.

        Raises PracticeSaysNothing, PracticeTooLong, NoDelegation and TooManyPractices, each with the draft in it, and
        NotSaved; and KeyError for a day without session.
        """
        self._agenda.event.session(session)
        kept = checked_practice(draft)

        def record(tx: Transaction) -> Practice:
            who = tx.participants.find(person)
            country = delegation_of(None if who is None else who.affiliation, draft)
            assert who is not None
            if (before := tx.practices.same(person, session, kept)) is not None:
                return before
            if tx.practices.count_of(person) >= PER_PERSON:
                raise TooManyPractices(PER_PERSON, draft)
            return tx.practices.add(person, session, country, who.institution, language, kept, tx.now)

        practice = await self._store.write(record)
        log.info("practice.recorded number=%d session=%s", practice.number, practice.session)
        for listener in self._listeners:
            listener(practice)
        return practice

    async def approve(self, number: PracticeNumber, by: PersonId) -> Practice:
        """Take it into the compendium. Raises NoSuchPractice, PracticeMoved and NotSaved."""
        return await self._decide(number, PracticeState.APPROVED, by, None)

    async def reject(self, number: PracticeNumber, by: PersonId, reason: str) -> Practice:
        """Leave it out. Raises NoReasonGiven, NoSuchPractice, PracticeMoved and NotSaved."""
        return await self._decide(number, PracticeState.REJECTED, by, checked_reason(reason))

    async def withdraw(self, number: PracticeNumber, by: PersonId) -> Practice:
        """Take one's own back, whatever was decided on it. Raises NoSuchPractice, PracticeMoved and NotSaved."""

        def withdraw(tx: Transaction) -> Practice:
            practice = _found(tx, number)
            if practice.person != by:
                raise NoSuchPractice(number)
            if practice.state is PracticeState.WITHDRAWN:
                raise PracticeMoved(practice)
            return tx.practices.move(number, PracticeState.WITHDRAWN, tx.now, by=None, reason=None)

        return self._moved(await self._store.write(withdraw))

    async def find(self, number: PracticeNumber) -> Practice:
        """Raises NoSuchPractice."""
        return await self._store.read(lambda tx: _found(tx, number))

    async def all(self) -> Sequence[Practice]:
        """Every one but those withdrawn, by session and in the order in which they came."""
        return await self._store.read(lambda tx: tx.practices.all())

    async def _decide(self, number: PracticeNumber, state: PracticeState, by: PersonId, reason: str | None) -> Practice:
        def decide(tx: Transaction) -> Practice:
            practice = _found(tx, number)
            if practice.state not in _FROM[state]:
                raise PracticeMoved(practice)
            return tx.practices.move(number, state, tx.now, by=by, reason=reason)

        return self._moved(await self._store.write(decide))

    def _moved(self, practice: Practice) -> Practice:
        log.info("practice.moved number=%d state=%s", practice.number, practice.state)
        return practice


def approved(tx: Nouns) -> Sequence[Practice]:
    """What the compendium holds, by session, country and number."""
    found = [each for each in tx.practices.all() if each.state is PracticeState.APPROVED]
    return sorted(found, key=lambda each: (each.session, each.country, each.number))


def _found(tx: Nouns, number: PracticeNumber) -> Practice:
    practice = tx.practices.find(number)
    if practice is None:
        raise NoSuchPractice(number)
    return practice
