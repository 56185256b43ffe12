"""Notices: what the bot posts by itself, each exactly once, whatever dies on the way.

A message is claimed in the database before it is sent, sent with a nonce made from its key, and confirmed with its
id. Discord takes a second message with the same nonce for the first, for a few minutes; so what was claimed a moment
ago is simply sent again, and what was claimed longer ago is first sought in the channel by the reference that it
bears. Where that cannot be done, it is not sent again, and organizers are told so.

What must not wait for the database goes out while it takes nothing, too (`goes_on`).
"""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

from bot.channel_turns import ChannelTurns
from bot.clock import Clock
from bot.config import Config
from bot.errors import NotSaved, NotSavedReason
from bot.ids import ChannelId, MessageId
from bot.sending import Build, Delivered, Find, NoLongerTrue, NotPosted, Posted, Reason, Send, mark, nonce
from bot.storage.alerts import AlertKind
from bot.storage.notices import Address, Entry, HeldCue, Outcome, PartState, Placed
from bot.storage.store import Store, Transaction
from bot.unsaved_notices import UnsavedNotices

__all__ = [
    "Address",
    "AlertKind",
    "Build",
    "Delivered",
    "Entry",
    "Find",
    "HeldCue",
    "NoLongerTrue",
    "NotPosted",
    "Notices",
    "Outcome",
    "Posted",
    "Reason",
    "Send",
    "mark",
    "nonce",
]

log = logging.getLogger(__name__)

P = TypeVar("P")
T = TypeVar("T")

#: A trouble that may pass by itself is told to organizers after so many attempts in vain.
PATIENT_ATTEMPTS = 3

#: Whoever holds the database is waited for so long, of the machine's time, before what goes on goes out without it.
_PATIENCE_SECONDS = 2.0


IsCurrent = Callable[[datetime], bool]
#: Removes one of the bot's messages, which may be gone; seeks the message that bears a mark in a channel.
Remove = Callable[[ChannelId, MessageId], Awaitable[None]]
FindAnywhere = Callable[[ChannelId, str, datetime], Awaitable[Posted | None]]


class _NothingThere(Exception):
    """A claimed message was sought and is not there, nor is any other of its notice."""


class _Step(StrEnum):
    DONE = "done"
    SEND = "send"
    #: A moment ago there was an attempt; the nonce keeps this one from being a second message.
    SEND_AGAIN = "send_again"
    SEEK = "seek"


class Notices:
    """Delivers notices, and knows what was delivered."""

    def __init__(self, store: Store, clock: Clock, config: Config) -> None:
        self._store = store
        self._clock = clock
        self._window = timedelta(seconds=config.announcements.claim_expires_seconds)
        self._turns = ChannelTurns()
        self._listeners: list[Callable[[], None]] = []
        self._unsaved = UnsavedNotices(store, clock)
        self._opened_at = clock.now()
        self._looked_for: set[Address] = set()

    async def deliver(
        self,
        key: str,
        channel_id: ChannelId,
        generation: int,
        build: Build[P],
        send: Send[P],
        find: Find,
        *,
        reference: str | None = None,
        cues: Sequence[HeldCue] = (),
        is_current: IsCurrent = lambda _now: True,
        goes_on: bool = False,
    ) -> Delivered:
        """Have the parts that `build` makes in the channel, in order, each exactly once; return what is there.

        Ask again, with the same arguments, after whatever it raised, and after a restart: it goes on where it was.

        - `key` names the notice, "2020-09-08/opening"; `generation` counts from 1, up when it is made anew on purpose.
        - `build(instant)` makes the parts as they were to be at that instant: now, or when the first part was made.
        - `send(part, mark, nonce)` posts one; the mark ("0908-apertura-1", from `reference`) must be readable in the
          message as `ref. <mark>`. `find(mark, since)` seeks it. Both raise NotPosted.
        - `cues` are recorded as what the notice tells. `is_current(now)` says whether a part that is not there yet
          is still to be sent.
        - `goes_on`: it is delivered although the database takes nothing. What such a notice tells, it always tells:
          those of one instant. A bot that died may have sent it and left no word of it; so what was due before this
          one began is sought before it is sent. NotSaved only where the channel cannot be read, or at the end.

        Raises NotPosted, noted and to be told to organizers where it will not pass by itself; NoLongerTrue; and
        NotSaved. What Discord refuses for its content (REFUSED) is given up, for a person to post by hand.
        Deliveries to one channel take turns; those to different channels do not wait for each other.
        """
        address = Address(key, channel_id, generation)
        reference = reference or key.replace("/", "-")
        async with self._turns.at(channel_id):
            try:
                return await self._deliver(
                    address, build, send, find, reference=reference, cues=cues, is_current=is_current, goes_on=goes_on
                )
            except NotPosted as trouble:
                await self._note_trouble(address, reference, trouble)
                raise
            except NoLongerTrue:
                # What cannot be noted now is found to be too late again.
                with suppress(NotSaved):
                    await self._write(lambda tx: tx.notices.settle(address, Outcome.FAILED, tx.now))
                raise

    async def write_down(self, channel_id: ChannelId) -> bool:
        """Whether the database knows by now what went on without it in a channel."""
        async with self._turns.at(channel_id):
            return await self._unsaved.write_down(channel_id)

    async def take_over(self, key: str, channel_id: ChannelId, cues: Sequence[HeldCue], first: Posted) -> None:
        """Record that a bot that died sent a notice which it is too late for by now, as its first message shows."""
        errand = _Errand(Address(key, channel_id), 1, first.posted_at, key)

        def record(tx: Transaction) -> None:
            tx.notices.hold(errand.address, cues)
            _take_over(errand, first, tx)
            tx.notices.settle(errand.address, Outcome.SENT, tx.now)

        await self._write(record, _PATIENCE_SECONDS)

    def has_unsaved(self, channel_id: ChannelId) -> bool:
        """Whether something in the channel is still to be written down."""
        return self._unsaved.has(channel_id)

    async def _deliver(
        self,
        address: Address,
        build: Build[P],
        send: Send[P],
        find: Find,
        *,
        reference: str,
        cues: Sequence[HeldCue],
        is_current: IsCurrent,
        goes_on: bool,
    ) -> Delivered:
        try:
            while True:
                begin = partial(_begin, address, cues, is_current)
                built_at = await self._write(begin, _PATIENCE_SECONDS if goes_on else None)
                parts = [
                    (_Errand(address, number, built_at, mark(reference, address.generation, number)), part)
                    for number, part in enumerate(await build(built_at), 1)
                ]
                if (
                    goes_on
                    and address not in self._looked_for
                    and await self._found_unsaved([errand for errand, _ in parts], cues, find)
                ):
                    # What it is made of is what it was made of then.
                    continue
                try:
                    sent = [await self._deliver_part(*each, send, find, is_current) for each in parts]
                except _NothingThere:
                    # So it need not be what it was to be at an instant that is past.
                    continue
                return await self._write(partial(_end, address, all(sent)))
        except NotSaved as refused:
            if not goes_on or refused.reason is NotSavedReason.CLOSED:
                raise
            return await self._unsaved.deliver(
                address, build, send, find, reference=reference, cues=cues, is_current=is_current, refused=refused
            )

    async def _found_unsaved(self, errands: "Sequence[_Errand]", cues: Sequence[HeldCue], find: Find) -> bool:
        """Whether there is more of it than was known: a bot that died sent it while it could claim nothing."""
        has_found = False
        due_at = min((cue.due_at for cue in cues), default=self._opened_at)
        # Whoever died in the very moment in which it was due may have sent it.
        if errands and cues and due_at <= self._opened_at:
            known = await self._store.read(lambda tx: [tx.notices.part(e.address, e.number) for e in errands])
            for errand, part in zip(errands, known, strict=True):
                if part is not None and part.state is not PartState.FAILED:
                    continue
                try:
                    found = await find(errand.mark, due_at)
                except NotPosted as trouble:
                    if trouble.reason is not Reason.FORBIDDEN:
                        raise
                    # Where the channel cannot be read, nothing went out without a claim.
                    break
                if found is None:
                    continue
                has_found = True
                await self._write(partial(_take_over, errand, found))
                log.info("notice.found mark=%s channel=%d", errand.mark, errand.address.channel_id)
        if not has_found:
            self._looked_for.update(errand.address for errand in errands)
        return has_found

    async def withdraw(
        self, key: str, generation: int, remove: Remove, find: FindAnywhere, *, reference: str | None = None
    ) -> None:
        """Have nothing left of a notice in whatever channel it was delivered to. After whatever it raised, and after a
        restart, ask again.

        What was sent and not confirmed is sought by its mark, also where it failed: of several tries that the library
        made by itself, the last may have been refused and one before it taken. Where it is not there and its claim is
        fresh, it may still come: raises NotPosted with TIMEOUT. Nobody may begin to deliver the notice meanwhile or
        later.
        """
        reference = reference or key.replace("/", "-")
        awaited: ChannelId | None = None
        for placed in await self._store.read(lambda tx: tx.notices.anywhere(key, generation)):
            channel, sought = placed.address.channel_id, mark(reference, generation, placed.part)
            async with self._turns.at(channel):
                message = placed.message_id or await self._message_of(placed, sought, find)
                if message is not None:
                    await remove(channel, message)
                    log.info("notice.withdrawn mark=%s channel=%d", sought, channel)
                elif placed.state is PartState.CLAIMED and self._is_fresh(placed.claimed_at, self._clock.now()):
                    awaited = channel
        if awaited is not None:
            raise NotPosted(awaited, Reason.TIMEOUT)

    async def _message_of(self, placed: Placed, sought: str, find: FindAnywhere) -> MessageId | None:
        try:
            found = await find(placed.address.channel_id, sought, placed.claimed_at)
        except NotPosted as trouble:
            if placed.state is PartState.FAILED and not trouble.reason.may_pass:
                # As far as one can tell it was never there.
                return None
            raise
        return None if found is None else found.message_id

    def _is_fresh(self, claimed_at: datetime, now: datetime) -> bool:
        """Whether what was claimed then may still be on its way."""
        # A clock that was set back says nothing about the age of a claim.
        return timedelta(0) <= now - claimed_at < self._window

    async def ledger(self) -> list[Entry]:
        """What became of each cue in each channel, in order of time."""
        return await self._store.read(lambda tx: tx.notices.ledger())

    async def messages(self, key: str, channel_id: ChannelId, generation: int = 1) -> list[MessageId]:
        """The messages of a notice that are known to be in the channel."""
        address = Address(key, channel_id, generation)
        return await self._store.read(lambda tx: tx.notices.messages(address))

    async def tell(
        self, kind: AlertKind, channel_id: ChannelId | None, subject: str, detail: Sequence[str] = ()
    ) -> None:
        """Note what organizers are to be told, once for each kind, channel and subject."""
        if await self._write(lambda tx: tx.alerts.open(kind, channel_id, subject, tuple(detail), tx.now)):
            self._say_there_is_something_to_tell()

    async def tell_of(self, trouble: NotPosted) -> None:
        """Note for organizers, once, what keeps anything from being posted in a channel and will not pass by itself."""
        if not trouble.reason.may_pass and await self._write(lambda tx: _open_broken(tx, trouble)):
            self._say_there_is_something_to_tell()

    async def is_over(self, kind: AlertKind, subject: str) -> None:
        """What organizers were told of is not so any more; if it comes again, that is told again."""
        # Whoever is told of a database that takes nothing need not be told of this.
        with suppress(NotSaved):
            await self._write(lambda tx: tx.alerts.close(kind, subject, tx.now))

    async def tell_where(self, kind: AlertKind, subject: str, where: Mapping[ChannelId, Sequence[str]]) -> None:
        """Note in which channels something is so by now, with the detail of each; elsewhere it is over."""
        if await self._write(partial(_tell_where, kind, subject, dict(where))):
            self._say_there_is_something_to_tell()

    async def tell_all(self, kind: AlertKind, subjects: Sequence[str]) -> None:
        """Note what of a kind that concerns no channel is so by now, each subject once; whatever else was is over."""
        if await self._write(partial(_tell_all, kind, tuple(subjects))):
            self._say_there_is_something_to_tell()

    def on_alert(self, listener: Callable[[], None]) -> None:
        """Call `listener` when there is something new to tell organizers."""
        self._listeners.append(listener)

    def look_for_alerts(self) -> None:
        """Something else than this has noted what organizers are to be told."""
        self._say_there_is_something_to_tell()

    async def _deliver_part(
        self,
        errand: "_Errand",
        part: P,
        send: Send[P],
        find: Find,
        is_current: IsCurrent,
    ) -> bool:
        """Whether the part is certainly in the channel."""
        step, since, confirmed = await self._write(lambda tx: self._claim(tx, errand, is_current=is_current(tx.now)))
        if step is _Step.DONE:
            return confirmed
        if step is _Step.SEEK:
            sought = await self._seek(errand, find, since)
            if sought is not None:
                return sought
            is_alone = await self._write(lambda tx: _note_absence(tx, errand))
            if not is_current(self._clock.now()):
                raise NoLongerTrue
            if is_alone:
                raise _NothingThere
            await self._write(lambda tx: _claim(tx, errand))
        try:
            posted = await send(part, errand.mark, nonce(errand.address, errand.number))
        except NotPosted as trouble:
            reason = trouble.reason
            # That the last attempt certainly failed says nothing about an earlier one that got no answer.
            if trouble.is_certain and step is not _Step.SEND_AGAIN:
                await self._write(lambda tx: _fail(tx, errand, reason))
            else:
                await self._write(lambda tx: tx.notices.doubt(errand.address, errand.number, reason))
            raise
        await self._write(lambda tx: _confirm(tx, errand, posted))
        log.info("notice.sent mark=%s channel=%d", errand.mark, errand.address.channel_id)
        return True

    async def _seek(self, errand: "_Errand", find: Find, since: datetime) -> bool | None:
        """Whether it is certainly there, after having looked; None where it is certainly not."""
        try:
            found = await find(errand.mark, since)
        except NotPosted as trouble:
            if trouble.reason is Reason.MISSING:
                await self._write(lambda tx: _fail(tx, errand, Reason.MISSING))
            # Where nothing can be posted either, there is nothing to decide yet: with the permission it can be sought.
            if trouble.reason is not Reason.FORBIDDEN or trouble.is_shut_out:
                raise
            await self._write(lambda tx: _give_up_confirming(tx, errand))
            log.warning("notice.unconfirmed mark=%s channel=%d", errand.mark, errand.address.channel_id)
            self._say_there_is_something_to_tell()
            return False
        if found is None:
            return None
        await self._write(lambda tx: _confirm(tx, errand, found))
        log.info("notice.found mark=%s channel=%d", errand.mark, errand.address.channel_id)
        return True

    def _claim(self, tx: Transaction, errand: "_Errand", *, is_current: bool) -> tuple[_Step, datetime, bool]:
        """What to do about a part, and since when it may be there; what is to be sent is claimed."""
        part = tx.notices.part(errand.address, errand.number)
        if part is not None and part.state in (PartState.SENT, PartState.UNCONFIRMED):
            return _Step.DONE, part.claimed_at, part.state is PartState.SENT
        if part is None or part.state is PartState.FAILED:
            if not is_current:
                raise NoLongerTrue
            _claim(tx, errand)
            return _Step.SEND, tx.now, False
        tx.notices.try_again(errand.address, errand.number)
        is_fresh = self._is_fresh(part.claimed_at, tx.now)
        return (_Step.SEND_AGAIN if is_fresh and is_current else _Step.SEEK), part.claimed_at, False

    async def _note_trouble(self, address: Address, reference: str, trouble: NotPosted) -> None:
        log.warning("notice.not_posted key=%s channel=%d reason=%s", address.key, trouble.channel_id, trouble.reason)
        # What cannot be noted now is noted when it is tried again.
        with suppress(NotSaved):
            if await self._write(lambda tx: _open_trouble(tx, address, reference, trouble)):
                self._say_there_is_something_to_tell()

    def _write(self, operation: Callable[[Transaction], T], patience: float | None = None) -> Coroutine[Any, Any, T]:
        # What has its hour does not stand in line behind a thousand questions.
        return self._store.write(operation, patience, ahead=True)

    def _say_there_is_something_to_tell(self) -> None:
        for listener in self._listeners:
            listener()


@dataclass(frozen=True, slots=True)
class _Errand:
    """One part on its way."""

    address: Address
    number: int
    built_at: datetime
    mark: str


def _begin(address: Address, cues: Sequence[HeldCue], is_current: IsCurrent, tx: Transaction) -> datetime:
    tx.notices.hold(address, cues)
    if (built_at := tx.notices.built_at(address)) is not None:
        return built_at
    if not is_current(tx.now):
        raise NoLongerTrue
    return tx.now


def _end(address: Address, confirmed: bool, tx: Transaction) -> Delivered:
    tx.notices.settle(address, Outcome.SENT if confirmed else Outcome.UNCONFIRMED, tx.now)
    first = tx.notices.part(address, 1)
    return Delivered(tuple(tx.notices.messages(address)), confirmed, None if first is None else first.sent_at)


def _confirm(tx: Transaction, errand: _Errand, posted: Posted) -> None:
    tx.notices.confirm(errand.address, errand.number, posted.message_id, posted.posted_at)
    tx.alerts.close_broken(errand.address.channel_id, tx.now)


def _take_over(errand: _Errand, posted: Posted, tx: Transaction) -> None:
    """It is there, and nothing said so."""
    tx.notices.claim(errand.address, errand.number, posted.posted_at, posted.posted_at)
    _confirm(tx, errand, posted)


def _claim(tx: Transaction, errand: _Errand) -> None:
    tx.notices.claim(errand.address, errand.number, errand.built_at, tx.now)


def _fail(tx: Transaction, errand: _Errand, reason: Reason) -> None:
    tx.notices.fail(errand.address, errand.number, reason)


def _note_absence(tx: Transaction, errand: _Errand) -> bool:
    """It is certainly not there; whether nothing else of its notice is either."""
    _fail(tx, errand, Reason.UNKNOWN)
    return not tx.notices.may_be_there(errand.address)


def _give_up_confirming(tx: Transaction, errand: _Errand) -> None:
    tx.notices.give_up_confirming(errand.address, errand.number)
    tx.alerts.open(AlertKind.UNCONFIRMED, errand.address.channel_id, errand.mark, (), tx.now)


def _open_trouble(tx: Transaction, address: Address, reference: str, trouble: NotPosted) -> bool:
    """Whether organizers have something new to be told."""
    if trouble.reason is Reason.REFUSED:
        tx.notices.settle(address, Outcome.FAILED, tx.now)
        return tx.alerts.open(AlertKind.REFUSED, address.channel_id, reference, (), tx.now)
    if not tx.notices.may_be_there(address):
        # Its cues are decided anew when the channel is tried again.
        tx.notices.release(address)
    if trouble.reason.may_pass and tx.notices.attempts(address) < PATIENT_ATTEMPTS:
        return False
    return _open_broken(tx, trouble)


def _open_broken(tx: Transaction, trouble: NotPosted) -> bool:
    if trouble.reason is Reason.UNAUTHORIZED:
        # It says nothing of the channel, and there is nobody whom this bot could tell.
        return False
    # What may pass is one trouble, whichever of its reasons an attempt meets; what else keeps the channel includes it.
    if trouble.reason.may_pass and tx.alerts.is_broken(trouble.channel_id):
        return False
    return tx.alerts.open(AlertKind.BROKEN, trouble.channel_id, trouble.reason, trouble.missing, tx.now)


def _tell_where(kind: AlertKind, subject: str, where: Mapping[ChannelId, Sequence[str]], tx: Transaction) -> bool:
    """Whether there is something new."""
    tx.alerts.close_elsewhere(kind, subject, where, tx.now)
    opened = [tx.alerts.open(kind, channel, subject, tuple(detail), tx.now) for channel, detail in where.items()]
    return any(opened)


def _tell_all(kind: AlertKind, subjects: Sequence[str], tx: Transaction) -> bool:
    """Whether there is something new among them."""
    for over in set(tx.alerts.open_of_no_channel(kind)) - set(subjects):
        tx.alerts.close(kind, over, tx.now)
    opened = [tx.alerts.open(kind, None, subject, (subject,), tx.now) for subject in subjects]
    return any(opened)
