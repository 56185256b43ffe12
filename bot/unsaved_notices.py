"""Notices that go out while the database takes nothing: kept in memory, and written down once it takes them.

A bot that dies meanwhile leaves nothing behind by which its successor could know what it sent but the messages
themselves. So nothing is sent before it was sought in its channel, here as there, and nothing where the channel cannot
be read.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.clock import Clock
from bot.errors import NotSaved
from bot.ids import ChannelId
from bot.sending import Build, Delivered, Find, NoLongerTrue, NotPosted, Posted, Reason, Send, mark, nonce
from bot.storage.notices import Address, HeldCue, Outcome
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)

P = TypeVar("P")


@dataclass(slots=True)
class _Unsaved:
    """What the database does not know of a notice."""

    address: Address
    cues: tuple[HeldCue, ...]
    built_at: datetime
    #: Since when a part may be in the channel, and what is known to be.
    claimed: dict[int, datetime] = field(default_factory=dict)
    posted: dict[int, Posted] = field(default_factory=dict)
    is_whole: bool = False

    def take(self, number: int, posted: Posted) -> None:
        """The part is in the channel."""
        self.claimed.setdefault(number, posted.posted_at)
        self.posted[number] = posted


class UnsavedNotices:
    """Delivers what the database could not be told of. Whoever calls has the turn at the channel."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._kept: dict[Address, _Unsaved] = {}

    async def deliver(
        self,
        address: Address,
        build: Build[P],
        send: Send[P],
        find: Find,
        *,
        reference: str,
        cues: Sequence[HeldCue],
        is_current: Callable[[datetime], bool],
        refused: NotSaved,
    ) -> Delivered:
        """Have the parts in the channel, each exactly once, although nothing can be written.

        Raises what `bot.notices.Notices.deliver` does; `refused` where the channel cannot be read.
        """
        unsaved = self._kept.setdefault(address, _Unsaved(address, tuple(cues), self._clock.now()))
        since = min((self._clock.now(), *(cue.due_at for cue in cues)))
        if not unsaved.posted:
            unsaved.built_at = self._clock.now()
            if (first := await _sought(find, mark(reference, address.generation, 1), since, refused)) is not None:
                # What there is of it says what the rest is made of.
                unsaved.take(1, first)
                unsaved.built_at = first.posted_at
        parts = await build(unsaved.built_at)
        for number, part in enumerate(parts, 1):
            if number in unsaved.posted:
                continue
            own = mark(reference, address.generation, number)
            found = None if number == 1 else await _sought(find, own, since, refused)
            if found is None:
                if not is_current(self._clock.now()):
                    raise NoLongerTrue
                # Until it is answered it may be there.
                unsaved.claimed.setdefault(number, self._clock.now())
                found = await send(part, own, nonce(address, number))
                log.warning("notice.sent_unsaved mark=%s channel=%d", own, address.channel_id)
            unsaved.take(number, found)
        unsaved.is_whole = True
        messages = tuple(unsaved.posted[number].message_id for number in range(1, len(parts) + 1))
        return Delivered(messages, confirmed=True, sent_at=unsaved.posted[1].posted_at if parts else None)

    def has(self, channel_id: ChannelId) -> bool:
        """Whether the database does not know all of this channel."""
        return any(address.channel_id == channel_id for address in self._kept)

    async def write_down(self, channel_id: ChannelId) -> bool:
        """Whether the database knows all of this channel by now. Waits for nobody who holds it."""
        here = [unsaved for address, unsaved in self._kept.items() if address.channel_id == channel_id]
        if not here:
            return True
        try:
            await self._store.write(partial(_write_down, here), patience=0)
        except NotSaved:
            return False
        for unsaved in here:
            del self._kept[unsaved.address]
        log.info("notice.written_down notices=%d channel=%d", len(here), channel_id)
        return True


async def _sought(find: Find, own: str, since: datetime, refused: NotSaved) -> Posted | None:
    try:
        return await find(own, since)
    except NotPosted as trouble:
        if trouble.reason is Reason.FORBIDDEN:
            raise refused from trouble
        raise


def _write_down(kept: Sequence[_Unsaved], tx: Transaction) -> None:
    for unsaved in kept:
        address = unsaved.address
        if not unsaved.claimed:
            continue
        tx.notices.hold(address, unsaved.cues)
        for number, since in unsaved.claimed.items():
            tx.notices.claim(address, number, unsaved.built_at, since)
            if (posted := unsaved.posted.get(number)) is not None:
                tx.notices.confirm(address, number, posted.message_id, posted.posted_at)
                tx.alerts.close_broken(address.channel_id, tx.now)
        if unsaved.is_whole:
            tx.notices.settle(address, Outcome.SENT, tx.now)
