"""The errata of a day's attendance: what organizers correct and excuse, and take back again."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from bot.agenda import Event
from bot.attendance import TooManyCompanions
from bot.clock import Clock
from bot.config import Config
from bot.corrections import (
    AlreadySo,
    Correction,
    CorrectionKind,
    CorrectionNumber,
    NoSuchCorrection,
    NotBegun,
    TakenBackAlready,
    in_force,
    reason_kept,
)
from bot.ids import PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.participants import Participant
from bot.storage.nouns import Nouns
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)

Changed = Callable[[SessionKey], None]


@dataclass(frozen=True, slots=True)
class Noted:
    """A correction that is saved. For organizers alone."""

    correction: Correction
    #: Who was corrected; None where they have not registered.
    participant: Participant | None
    #: What held before of the same person's day, and does not any more.
    replaces: Correction | None = None
    #: What holds in place of a correction that was taken back.
    restores: Correction | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the errata. For organizers alone."""

    correction: Correction
    participant: Participant | None
    #: By which row it was taken back.
    taken_back: Correction | None
    #: Whether it holds: neither taken back nor replaced.
    is_in_force: bool


class Errata:
    """Corrections of every day. Each is one more row, and nothing that was measured or declared is touched."""

    def __init__(self, store: Store, agenda: LiveAgenda, config: Config, clock: Clock) -> None:
        self._store = store
        self._agenda = agenda
        self._clock = clock
        self._maximum_companions = config.attendance.maximum_companions
        self._listeners: list[Changed] = []

    @property
    def _event(self) -> Event:
        return self._agenda.event

    def on_change(self, listener: Changed) -> None:
        """Call `listener` with the session of each correction once it is saved."""
        self._listeners.append(listener)

    async def correct(
        self,
        person: PersonId,
        session: SessionKey,
        reason: str,
        by: PersonId,
        *,
        present: bool,
        companions: int | None = None,
    ) -> Noted:
        """Say that somebody was, or was not, in a session, and with how many companions (None: as declared).

        It replaces what was said so before. Raises NotBegun, NoReason, ReasonTooLong, TooManyCompanions, AlreadySo and
        NotSaved, and stores nothing then; and KeyError for a day without session.
        """
        if companions is not None and companions > self._maximum_companions:
            raise TooManyCompanions(self._maximum_companions)
        on = self._event.session(session)
        if self._clock.now() < on.starts_at:
            raise NotBegun(on.starts_at)
        kind = CorrectionKind.PRESENT if present else CorrectionKind.ABSENT
        return await self._add(person, session, kind, reason, by, companions)

    async def excuse(self, person: PersonId, session: SessionKey, reason: str, by: PersonId) -> Noted:
        """Say that somebody let the organizers know that they cannot come to a session, past or to come.

        Raises NoReason, ReasonTooLong, AlreadySo and NotSaved, and KeyError for a day without session.
        """
        self._event.session(session)
        return await self._add(person, session, CorrectionKind.EXCUSED, reason, by, None)

    async def take_back(self, number: CorrectionNumber, reason: str, by: PersonId) -> Noted:
        """Say that a correction or an excuse does not hold. What it had replaced holds again.

        Raises NoReason, ReasonTooLong, NoSuchCorrection, TakenBackAlready and NotSaved.
        """
        kept = reason_kept(reason)

        def take_back(tx: Transaction) -> Noted:
            taken = tx.corrections.find(number)
            if taken is None or taken.kind is CorrectionKind.TAKEN_BACK:
                raise NoSuchCorrection(number)
            if (before := tx.corrections.taking_back(number)) is not None:
                raise TakenBackAlready(before)
            row = tx.corrections.add(
                taken.person, taken.session, CorrectionKind.TAKEN_BACK, kept, by, tx.now, takes_back=number
            )
            return Noted(
                row,
                tx.participants.find(taken.person),
                replaces=taken,
                restores=_held(tx, taken.person, taken.session, taken.kind),
            )

        return self._noted(await self._store.write(take_back))

    async def find(self, number: CorrectionNumber) -> Listed:
        """One line. Raises NoSuchCorrection."""
        for line in await self.all():
            if line.correction.number == number:
                return line
        raise NoSuchCorrection(number)

    async def all(self, session: SessionKey | None = None) -> list[Listed]:
        """Every correction and excuse, of one session or of all, the latest first."""

        def look(tx: Nouns) -> list[Listed]:
            rows = [row for row in tx.corrections.all() if session is None or row.session == session]
            taken = {row.takes_back: row for row in rows if row.takes_back is not None}
            holding = {
                held.number
                for key in {row.session for row in rows}
                for of_person in in_force(row for row in rows if row.session == key).values()
                for held in (of_person.presence, of_person.excuse)
                if held is not None
            }
            known = tx.participants.all()
            return [
                Listed(row, known.get(row.person), taken.get(row.number), row.number in holding)
                for row in reversed(rows)
                if row.kind is not CorrectionKind.TAKEN_BACK
            ]

        return await self._store.read(look)

    async def _add(
        self,
        person: PersonId,
        session: SessionKey,
        kind: CorrectionKind,
        reason: str,
        by: PersonId,
        companions: int | None,
    ) -> Noted:
        kept = reason_kept(reason)

        def add(tx: Transaction) -> Noted:
            held = _held(tx, person, session, kind)
            if held is not None and held.kind is kind and companions in (None, held.companions):
                raise AlreadySo(held)
            row = tx.corrections.add(person, session, kind, kept, by, tx.now, companions=companions)
            return Noted(row, tx.participants.find(person), replaces=held)

        return self._noted(await self._store.write(add))

    def _noted(self, noted: Noted) -> Noted:
        row = noted.correction
        log.info("correction.made number=%d session=%s kind=%s", row.number, row.session, row.kind)
        for listener in self._listeners:
            listener(row.session)
        return noted


def _held(tx: Nouns, person: PersonId, session: SessionKey, kind: CorrectionKind) -> Correction | None:
    """What holds of somebody's day: of the excuse where `kind` is one, else of the presence."""
    held = tx.corrections.in_force(session).get(person)
    if held is None:
        return None
    return held.excuse if kind is CorrectionKind.EXCUSED else held.presence
