"""The programme as it really goes: what the configuration plans, and what was changed since."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.agenda import Event
from bot.agenda_changes import BlockChange, ChangeKind, Hours, changed_sessions, check_past, with_changes
from bot.clock import Clock
from bot.errors import Refusal
from bot.ids import PersonId, SessionKey
from bot.storage.nouns import Nouns
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)

#: A rule of bot.agenda_changes with its own values filled in: from the event as it is, as it was planned, and now.
Rule = Callable[[Event, Event, datetime], tuple[BlockChange, ...]]

#: What else is kept in the transaction of a change. It may raise a refusal, and then nothing is changed.
Also = Callable[[Transaction, "Changed"], None]

#: Who wants to know: what the event was, and what it is from now on.
Told = Callable[[Event, Event], None]


@dataclass(frozen=True, slots=True)
class Changed:
    """What a change makes of the event, or would make of it. `revision` is the state that it was decided on."""

    kind: ChangeKind
    before: Event
    after: Event
    revision: int

    @property
    def sessions(self) -> tuple[SessionKey, ...]:
        """Those that differ."""
        return changed_sessions(self.before, self.after)


@dataclass
class ChangedMeanwhile(Refusal):
    """Somebody else changed the programme after this was looked at."""


@dataclass
class OtherDays(Refusal):
    """The configuration that was read anew has other days than the event that goes on."""


class LiveAgenda:
    """One event, for everybody who asks what is on. Ask each time: it is another value after each change.

    A change is decided and kept in one transaction, on the programme as it is there, and told in the order in which
    changes were kept. Until `open` the event is as planned.
    """

    def __init__(self, store: Store, planned: Event, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._planned = planned
        self._event = planned
        self._revision = 0
        self._sequences: Mapping[SessionKey, int] = {}
        self._told: list[Told] = []
        self._next_change = asyncio.Event()

    @property
    def event(self) -> Event:
        """The event as it is now."""
        return self._event

    @property
    def planned(self) -> Event:
        """The event as the configuration has it."""
        return self._planned

    @property
    def revision(self) -> int:
        """Grows with each change."""
        return self._revision

    @property
    def sequences(self) -> Mapping[SessionKey, int]:
        """How often each session was changed; those that never were have no entry."""
        return self._sequences

    def on_change(self, told: Told) -> None:
        """Call `told` after each change, with the event before and after it. It must not raise."""
        self._told.append(told)

    async def open(self) -> None:
        """Take up the changes that were kept before. A register that is open ends with its session as it is now."""

        def keep(tx: Transaction) -> tuple[Event, int, Mapping[SessionKey, int]]:
            changes, revision, sequences = _kept(tx)
            event = with_changes(self._planned, changes)
            _move_ends(tx, event)
            return event, revision, sequences

        self._event, self._revision, self._sequences = await self._store.write(keep)

    async def sleep_until(self, instant_of: Callable[[Event], datetime | None]) -> None:
        """Return at the instant that `instant_of` gives for the event, at once for None; each change asks it anew."""
        while (instant := instant_of(self._event)) is not None and instant > self._clock.now():
            asleep = asyncio.create_task(self._clock.sleep_until(instant), name="sleeping")
            changed = asyncio.create_task(self._next_change.wait(), name="sleeping until a change")
            try:
                await asyncio.wait((asleep, changed), return_when=asyncio.FIRST_COMPLETED)
                if asleep.done():
                    # The time may be gone with whoever gives it.
                    asleep.result()
            finally:
                asleep.cancel()
                changed.cancel()

    def preview(self, kind: ChangeKind, rule: Rule) -> Changed:
        """What the rule would make of the event now. Raises what the rule raises."""
        changes = rule(self._event, self._planned, self._clock.now())
        return Changed(kind, self._event, with_changes(self._event, _on_top(self._event, changes)), self._revision)

    async def change(
        self,
        kind: ChangeKind,
        rule: Rule,
        *,
        by: PersonId | None,
        reason: str | None,
        seen: int | None = None,
        also: Also = lambda _tx, _changed: None,
    ) -> Changed:
        """Change the event by the rule.

        `seen` is the revision that the change was shown on; raises ChangedMeanwhile where there is a later one, and
        what the rule raises.
        """
        planned = self._planned

        def keep(tx: Transaction) -> tuple[Changed, Mapping[SessionKey, int]]:
            earlier, revision, _ = _kept(tx)
            if seen is not None and seen != revision:
                raise ChangedMeanwhile
            before = with_changes(planned, earlier)
            changes = rule(before, planned, tx.now)
            after = with_changes(planned, (*earlier, *changes))
            command = tx.agenda_changes.add(
                kind, changes, changed_sessions(before, after), by=by, reason=reason, at=tx.now
            )
            _move_ends(tx, after)
            changed = Changed(kind, before, after, command)
            also(tx, changed)
            return changed, tx.agenda_changes.sequences()

        return self._tell(*await self._store.write(keep), planned)

    async def reload(
        self, planned: Event, *, by: PersonId | None = None, also: Also = lambda _tx, _changed: None
    ) -> Changed:
        """Go on with another configuration's event.

        Raises PastWouldChange where it denies what has happened, and OtherDays where it has other ones: those need a
        start. `also` is kept with it.
        """
        if [session.key for session in planned.sessions] != [session.key for session in self._planned.sessions]:
            raise OtherDays

        def keep(tx: Transaction) -> tuple[Changed, Mapping[SessionKey, int]]:
            earlier, _, _ = _kept(tx)
            before, after = with_changes(self._planned, earlier), with_changes(planned, earlier)
            check_past(before, after, tx.now)
            command = tx.agenda_changes.add(
                ChangeKind.RELOAD, (), changed_sessions(before, after), by=by, reason=None, at=tx.now
            )
            _move_ends(tx, after)
            changed = Changed(ChangeKind.RELOAD, before, after, command)
            also(tx, changed)
            return changed, tx.agenda_changes.sequences()

        return self._tell(*await self._store.write(keep), planned)

    def _tell(self, changed: Changed, sequences: Mapping[SessionKey, int], planned: Event) -> Changed:
        # Another change may have been kept, and told, before this one's caller was woken.
        if changed.revision > self._revision:
            before, self._event = self._event, changed.after
            self._planned, self._revision, self._sequences = planned, changed.revision, sequences
            log.info("agenda.changed kind=%s revision=%d", changed.kind, changed.revision)
            for told in self._told:
                told(before, self._event)
            self._next_change, changed_now = asyncio.Event(), self._next_change
            changed_now.set()
        return changed


def _kept(tx: Nouns) -> tuple[tuple[BlockChange, ...], int, Mapping[SessionKey, int]]:
    return tx.agenda_changes.all(), tx.agenda_changes.revision(), tx.agenda_changes.sequences()


def kept_event(nouns: Nouns, planned: Event) -> Event:
    """The event as it is by what a database keeps of its changes."""
    return with_changes(planned, nouns.agenda_changes.all())


def _move_ends(tx: Transaction, event: Event) -> None:
    """The registers that are open end with their sessions."""
    ends = {session.key: session.ends_at for session in event.sessions}
    for register in tx.stays.open_registers():
        if register.session in ends:
            tx.stays.move_end(register.session, ends[register.session])


def _on_top(event: Event, changes: tuple[BlockChange, ...]) -> tuple[BlockChange, ...]:
    """The changes as they would be, were the event as it is the plan."""
    blocks = {block.key: block for block in event.blocks()}
    return tuple(
        replace(change, planned=Hours(blocks[change.block].starts_at, blocks[change.block].ends_at))
        for change in changes
    )
