"""Writes that nobody can ask for again, such as somebody's leaving: kept in order until the database takes them."""

import asyncio
import logging
import math
from collections import deque
from collections.abc import Callable, Coroutine
from itertools import islice
from typing import Any

from bot.clock import Clock
from bot.errors import NotSaved, NotSavedReason
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)

Operation = Callable[[Transaction], None]
Held = Callable[[NotSavedReason | None], None]

#: Seconds of the event until what was refused is tried again, by how often it was; the last one from then on.
_PAUSES = (1, 2, 5, 10, 30)


class KeptWrites:
    """A queue before the store's own. Each operation is done once, in the order in which it was added."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._queue: deque[Operation] = deque()
        self._writer: asyncio.Task[None] | None = None
        self._held: NotSavedReason | None = None
        self._stopping = False
        self._listeners: list[Held] = []
        self._quiet = asyncio.Event()
        self._quiet.set()

    @property
    def pending(self) -> int:
        """How many operations are not on the disk yet."""
        return len(self._queue)

    def on_held(self, listener: Held) -> None:
        """Call `listener` with the reason when the database refuses what is kept here, and with None once it took
        it: once each, however long it lasts."""
        self._listeners.append(listener)

    def add(self, operation: Operation) -> None:
        """Do it after all that was added before. What is free to go reaches the store before this returns, so that
        a write or a read that is asked for afterwards comes later there, too."""
        self._queue.append(operation)
        if self._writer is None:
            self._quiet.clear()
            writing = self._begin(len(self._queue))
            self._writer = asyncio.get_running_loop().create_task(self._write(writing), name="kept-writes")

    async def settled(self) -> None:
        """Return once all is on the disk, or is known to be refused for the time being."""
        await self._quiet.wait()

    async def stop(self, patience_seconds: float = 2) -> None:
        """Try nothing again from now on. Returns once all is on the disk, or the database refused it, or so many
        seconds have passed; what the store holds by then it answers when it closes. What is lost, the log says."""
        if self._stopping or self._writer is None:
            self._stopping = True
            return
        self._stopping = True
        if self._held is None:
            await asyncio.wait([self._writer], timeout=patience_seconds)
        else:
            self._writer.cancel()
            await asyncio.wait([self._writer])
            self._give_up()

    def _give_up(self) -> None:
        log.error("kept_writes.lost operations=%d reason=%s", len(self._queue), self._held)
        self._queue.clear()

    def _begin(self, how_many: int) -> tuple[int, Coroutine[Any, Any, None]]:
        batch = tuple(islice(self._queue, how_many))

        def perform(tx: Transaction) -> None:
            for operation in batch:
                operation(tx)

        # Whoever holds the database is waited for, however long: there is nobody who could ask again.
        return len(batch), self._store.write(perform, patience=math.inf)

    async def _write(self, writing: tuple[int, Coroutine[Any, Any, None]]) -> None:
        failures = 0
        # After an operation that cannot be done at all, so many go one by one, to find it and to lose no other.
        alone = 0
        while True:
            how_many, answer = writing
            try:
                await answer
            except NotSaved as refused:
                self._hold(refused.reason)
                if self._stopping or refused.reason is NotSavedReason.CLOSED:
                    self._give_up()
                    break
                await self._clock.sleep(_PAUSES[min(failures, len(_PAUSES) - 1)])
                failures += 1
            except Exception:
                if how_many == 1:
                    log.exception("kept_writes.impossible")
                    self._queue.popleft()
                    alone -= 1
                else:
                    alone = how_many
            else:
                failures = 0
                self._hold(None)
                alone -= how_many
                for _ in range(how_many):
                    self._queue.popleft()
            if not self._queue:
                break
            writing = self._begin(1 if alone > 0 else len(self._queue))
        self._writer = None
        self._quiet.set()

    def _hold(self, reason: NotSavedReason | None) -> None:
        if reason is not None:
            self._quiet.set()
        elif self._held is not None:
            self._quiet.clear()
        if (reason is None) is (self._held is None):
            return
        self._held = reason
        log.log(logging.INFO if reason is None else logging.ERROR, "kept_writes.held reason=%s", reason)
        for listener in self._listeners:
            listener(reason)
