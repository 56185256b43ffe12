"""The register: who is in the room while a session is on, and who declared to be there."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot import register_operations as operations
from bot.agenda import Event, Session
from bot.attendance import (
    CheckIn,
    CheckInNotOpen,
    CheckInOver,
    ClosedBy,
    DayRecord,
    Seat,
    TooManyCompanions,
)
from bot.check_in_operations import CheckedIn, declare, tell_profiles
from bot.clock import Clock
from bot.config import Config
from bot.errors import NotSavedReason
from bot.ids import ChannelId, PersonId, SessionKey
from bot.kept_writes import Held, KeptWrites
from bot.live_agenda import LiveAgenda
from bot.register_operations import Hours, Sight
from bot.storage.store import Store, Transaction

__all__ = ["CheckedIn", "Register"]

log = logging.getLogger(__name__)

#: How often the last sight is written down: after a kill, at most so much more than the time down is unknown.
TICK = timedelta(seconds=10)

#: A tick that comes this much too late: the machine slept, the process was stopped, or its clock was set.
_OVERSLEPT = timedelta(seconds=60)


#: Told of a session that is over and of which something was kept afterwards.
KeptLate = Callable[[SessionKey], None]


class Register:
    """Open from some minutes before each session to its end; outside, nothing is stored.

    Told of every change of the room, in order and at all times. What it is told is kept by the time `settled`
    returns; it is never refused: while the database cannot take it, it waits here (`on_held`).

    A register that was just made cannot see. It sees from the first `roll` on, until `lost_sight`.
    """

    def __init__(self, store: Store, agenda: LiveAgenda, config: Config, clock: Clock) -> None:
        self._store = store
        self._agenda = agenda
        self._clock = clock
        self._opens_before = timedelta(minutes=config.attendance.register_opens_minutes)
        self._check_in_before = timedelta(minutes=config.attendance.check_in_opens_minutes)
        self._maximum_companions = config.attendance.maximum_companions
        self._writes = KeptWrites(store, clock)
        self._room: dict[PersonId, Seat] = {}
        #: The session whose roll this run of the program has taken and whose register it will close.
        self._opened: Hours | None = None
        self._sees = False
        #: The link is up, but the process was stopped: the next thing that arrives proves that it still is.
        self._doubts = False
        self._seen_to = self._kept_to = clock.now()
        self._next_tick: datetime | None = None
        self._late_listeners: list[KeptLate] = []
        # A clock that leaps does so when nothing is under way any more: nothing went by unseen.
        clock.on_leap(lambda: self.saw(clock.now()))
        agenda.on_change(lambda _before, _after: self._hours_changed())

    @property
    def _event(self) -> Event:
        return self._agenda.event

    # What happens in the room

    def joined(self, person: PersonId, channel: ChannelId, voice_session: str, at: datetime) -> None:
        """Somebody is in a counted channel now, from outside, from another channel or on another device."""
        self.saw(at)
        self._advance(at)
        seat = Seat(person, channel, voice_session)
        self._room[person] = seat
        if self._opened is not None:
            session = self._opened.session
            self._add(lambda tx: operations.sit_down(tx, session, seat, at), at)

    def left(self, person: PersonId, voice_session: str, at: datetime) -> None:
        """Somebody's connection ended; that of a device which another one has replaced changes nothing."""
        seat = self._room.get(person)
        if seat is not None and seat.voice_session == voice_session:
            self._out(person, at, ClosedBy.LEFT)
        else:
            self.saw(at)

    def moved_out(self, person: PersonId, at: datetime) -> None:
        """Somebody is in a channel that does not count."""
        self._out(person, at, ClosedBy.MOVED)

    def strike(self, person: PersonId) -> None:
        """It turned out to be a bot: as if it had never been there."""
        self._room.pop(person, None)
        self._writes.add(partial(_struck, person=person))
        for session in self._event.sessions:
            self._tell_if_late(session)

    def forget(self, person: PersonId) -> None:
        """Somebody was erased, whose stay has ended with that: they are not in the room until they come in again."""
        self._room.pop(person, None)

    # What the bot can see

    def roll(self, present: Iterable[Seat], at: datetime) -> None:
        """These are in the counted channels at `at`, and nobody else, whatever was known before."""
        self._advance(at)
        self._room = {seat.person: seat for seat in present}
        self._look(at, Sight.UNBROKEN if self._sees else Sight.BROKEN)

    def resumed(self, at: datetime) -> None:
        """The bot sees again, and was told of all that it missed."""
        if not self._sees:
            self._advance(at)
            self._look(at, Sight.REPLAYED)

    def lost_sight(self, since: datetime | None = None) -> None:
        """The bot has seen nothing since `since`, by default since the last thing that it saw."""
        if not self._sees:
            return
        now = self._clock.now()
        since = self._seen_to if since is None else since
        self._sees = self._doubts = False
        self._seen_to = since
        for session in self._event.sessions:
            if since < session.ends_at and self._opens_at(session) < now:
                self._writes.add(partial(operations.lose_sight, session=session.key, since=since))
                self._tell_if_late(session)
        self._advance(now)
        log.info("register.lost_sight seconds=%d", (now - since).total_seconds())

    def saw(self, at: datetime) -> None:
        """Something arrived from Discord at `at`, whatever it was: all that came before it has been seen."""
        if self._doubts:
            self._doubts = False
            self.resumed(at)
        elif self._sees:
            if self._next_tick is not None and at - self._next_tick > _OVERSLEPT:
                self._next_tick = at
                self.lost_sight()
                self.resumed(at)
            self._seen_to = at

    @property
    def seen_to(self) -> datetime:
        """The last instant of which the bot is sure."""
        return self._seen_to

    @property
    def sees(self) -> bool:
        """Whether the bot sees the room at this moment."""
        return self._sees

    def sure_of(self, session: SessionKey) -> datetime | None:
        """How far the bot is sure of a session whose register it keeps at this moment; None where it keeps none of it,
        or cannot see."""
        is_kept = self._opened is not None and self._opened.session == session
        return self._seen_to if self._sees and is_kept else None

    # Keeping it

    async def watch(self) -> None:
        """Open and close the registers at their instants, and keep writing down the last sight; until the event is
        over. What an earlier run left open is closed, too, by what that run saw last."""
        self._close_others(self._clock.now())
        try:
            while (due := self._due(self._clock.now())) is not None:
                self._next_tick = due
                await self._agenda.sleep_until(lambda _event: self._next_tick)
                self._tick(self._clock.now(), self._next_tick)
        finally:
            self._next_tick = None

    async def settled(self) -> None:
        """Return once all that was told is on the disk, or is held because the database refuses it."""
        await self._writes.settled()

    async def stop(self) -> None:
        """Write down the last sight and see nothing from now on. The register is not closed: the next run goes on."""
        self._keep_sight()
        self._sees = self._doubts = False
        await self._writes.stop()

    def on_held(self, listener: Held) -> None:
        """Call `listener` with the reason once the database refuses what happens in the room, and with None once
        all that was held is stored."""
        self._writes.on_held(listener)

    def on_late(self, listener: KeptLate) -> None:
        """Call `listener` when something is, or is about to be, kept of a session that is over: its figures may not be
        those of a moment ago. What a database holds back is told of again once it took it."""
        if not self._late_listeners:
            self._writes.on_held(self._tell_of_held)
        self._late_listeners.append(listener)

    # What is asked

    async def day(self, session: SessionKey) -> DayRecord:
        """All that is kept about a session, up to now. Raises KeyError where the agenda has none of that key."""
        found = self._event.session(session)
        await self.settled()
        now, seen_to = self._clock.now(), self.sure_of(session)
        opens_at = self._opens_at(found)
        return await self._store.read(lambda tx: operations.day_record(tx, found, opens_at, now, seen_to))

    async def check_in(self, person: PersonId, companions: int | None = None) -> CheckedIn:
        """Declare that somebody is there, with so many others on the same connection.

        Once a session; again, it is there already, and another number of companions replaces the first. Raises
        CheckInNotOpen, CheckInOver, TooManyCompanions and NotSaved, and stores nothing then.
        """
        if companions is not None and companions > self._maximum_companions:
            raise TooManyCompanions(self._maximum_companions)
        session = self._session_to_check_in(self._clock.now())

        result = await self._store.write(lambda tx: declare(tx, person, session.key, companions))
        self._tell_if_late(session)
        return result

    async def find_check_in(self, person: PersonId, session: SessionKey) -> CheckIn | None:
        """What somebody declared for a session."""
        return await self._store.read(lambda tx: tx.check_ins.find(person, session))

    async def tell_profiles(self, person: PersonId, session: SessionKey, profiles: Mapping[str, int]) -> CheckIn:
        """Say how many of somebody's companions are of these profiles; of other profiles nothing changes.

        As long as the session's check-in is open. Raises CheckInNotOpen, CheckInOver, NotCheckedIn, TooManyProfiles
        and NotSaved, and stores nothing then.
        """
        now = self._clock.now()
        on = self._event.session_at(now, self._check_in_before)
        if on is None or on.key != session:
            following = self._event.next_session(now)
            raise CheckInOver(None if following is None else following.starts_at - self._check_in_before)

        result = await self._store.write(lambda tx: tell_profiles(tx, person, session, profiles))
        self._tell_if_late(on)
        return result

    def _session_to_check_in(self, now: datetime) -> Session:
        session = self._event.session_at(now, self._check_in_before)
        if session is not None:
            return session
        following = self._event.next_session(now)
        opens_at = None if following is None else following.starts_at - self._check_in_before
        today = self._event.session_of_day(now)
        if opens_at is None or (today is not None and today.ends_at <= now):
            raise CheckInOver(opens_at)
        raise CheckInNotOpen(opens_at)

    def _out(self, person: PersonId, at: datetime, by: ClosedBy) -> None:
        self.saw(at)
        self._advance(at)
        if self._room.pop(person, None) is not None and self._opened is not None:
            self._add(lambda tx: operations.stand_up(tx, person, at, by), at)

    def _add(self, operation: operations.Operation, at: datetime) -> None:
        """One thing that happened in the room of the register that is open."""
        assert self._opened is not None
        session, sees = self._opened.session, self._sees

        def with_sight(tx: Transaction) -> None:
            operation(tx)
            if sees:
                tx.stays.set_seen_to(session, at)

        self._writes.add(with_sight)
        self._tell_if_late(self._event.session(session))

    def _tell_if_late(self, session: Session) -> None:
        if session.ends_at <= self._clock.now():
            for listener in self._late_listeners:
                listener(session.key)

    def _tell_of_held(self, reason: NotSavedReason | None) -> None:
        if reason is None:
            for session in self._event.sessions:
                self._tell_if_late(session)

    def _advance(self, at: datetime) -> None:
        """Close the register that ended by `at`, and open the one that began, at their exact instants: who comes
        first, the tick or somebody's leaving, makes no difference."""
        if self._opened is not None and self._opened.ends_at <= at:
            hours, seen = self._opened, self._sees
            self._writes.add(lambda tx: operations.close(tx, hours, seen=seen))
            self._opened = None
        if self._opened is None and self._sees and (opened := self._hours_at(at)) is not None:
            self._take_roll(opened, opened.opens_at, Sight.UNBROKEN)

    def _hours_changed(self) -> None:
        """The event has other hours: the register that is open ends with its session, and one may open at once."""
        now = self._clock.now()
        if self._next_tick is not None:
            self._next_tick = self._due(now) or now
        if self._opened is None:
            hours = self._hours_at(now)
            if hours is not None and self._sees:
                self._take_roll(hours, max(hours.opens_at, now), Sight.UNBROKEN)
            return
        for session in self._event.sessions:
            if session.key == self._opened.session:
                self._opened = replace(self._opened, ends_at=session.ends_at)

    def _look(self, at: datetime, sight: Sight) -> None:
        self._sees, self._doubts = True, False
        self._seen_to = at
        if (hours := self._hours_at(at)) is not None:
            self._take_roll(hours, at, sight)

    def _take_roll(self, hours: Hours, at: datetime, sight: Sight) -> None:
        self._opened = hours
        present = tuple(self._room.values())
        self._writes.add(lambda tx: operations.take_roll(tx, hours, present, at, sight))
        self._tell_if_late(self._event.session(hours.session))
        log.info("register.roll session=%s people=%d sight=%s", hours.session, len(present), sight)

    def _tick(self, now: datetime, due: datetime) -> None:
        if self._sees and now - due > _OVERSLEPT:
            self.lost_sight()
            self._doubts = True
        self._advance(now)
        self._close_others(now)
        self._keep_sight()

    def _close_others(self, now: datetime) -> None:
        """Close what was left open by a run that did not live, or by this one if it saw nothing, to the end."""
        session = self._event.session_at(now, self._opens_before)
        if self._opened is None:
            self._writes.add(lambda tx: operations.close_others(tx, None if session is None else session.key))

    def _keep_sight(self) -> None:
        if self._opened is not None and self._sees and self._seen_to != self._kept_to:
            session, seen_to = self._opened.session, self._seen_to
            self._kept_to = seen_to
            self._writes.add(lambda tx: tx.stays.set_seen_to(session, seen_to))

    def _due(self, now: datetime) -> datetime | None:
        """The next instant at which something has to be done; None once the event is over."""
        session = self._event.session_at(now, self._opens_before)
        if session is not None:
            opens_at = self._opens_at(session)
            return min(session.ends_at, opens_at + ((now - opens_at) // TICK + 1) * TICK)
        instants = [opens_at for s in self._event.sessions if (opens_at := self._opens_at(s)) > now]
        return min(instants, default=None)

    def _hours_at(self, at: datetime) -> Hours | None:
        session = self._event.session_at(at, self._opens_before)
        return None if session is None else Hours(session.key, self._opens_at(session), session.ends_at)

    def _opens_at(self, session: Session) -> datetime:
        return session.starts_at - self._opens_before


def _struck(tx: Transaction, person: PersonId) -> None:
    tx.stays.strike(person)
