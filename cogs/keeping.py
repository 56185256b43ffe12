"""Tasks that keep something before people's eyes: what fails in them is logged and never ends them."""

import asyncio
import logging
from abc import ABC, abstractmethod
from collections.abc import Coroutine, Iterable, Sequence
from typing import Any

from bot.clock import Clock
from bot.errors import NotSaved
from bot.ids import SessionKey
from bot.queue import Queue
from bot.sending import NotPosted

log = logging.getLogger(__name__)


class Upkeep(ABC):
    """One task that does its work at each `look`; what fails is done again.

    What comes during the first `settle_seconds` is done together. `pauses_seconds` stand before the work is done again,
    by how often it failed in a row, the last one from then on.
    """

    def __init__(self, clock: Clock, name: str, *, pauses_seconds: Sequence[float], settle_seconds: float = 0) -> None:
        self._clock = clock
        self._name = name
        self._pauses_seconds = pauses_seconds
        self._settle_seconds = settle_seconds
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @abstractmethod
    async def work(self) -> None:
        """All that is left to do, whatever was done before: after a restart, this begins anew."""

    def start(self) -> None:
        """Begin."""
        self._tasks = [asyncio.create_task(self._keep(), name=self._name)]

    async def stop(self) -> None:
        """End, wherever the work is; what is not done is done by the next start."""
        await ended(self._tasks)

    def look(self) -> None:
        """Do what is left from before."""
        self._woken.set()

    async def _keep(self) -> None:
        failures = 0
        while True:
            await self._woken.wait()
            if self._settle_seconds:
                await self._clock.sleep(self._settle_seconds)
            self._woken.clear()
            if await guarded(self.work(), self._name):
                failures = 0
                continue
            await self._clock.sleep(self._pauses_seconds[min(failures, len(self._pauses_seconds) - 1)])
            failures += 1
            self._woken.set()


class Keeper(Upkeep):
    """Does its work whenever a question changes, too."""

    def __init__(
        self, queue: Queue, clock: Clock, name: str, *, pauses_seconds: Sequence[float], settle_seconds: float = 0
    ) -> None:
        super().__init__(clock, name, pauses_seconds=pauses_seconds, settle_seconds=settle_seconds)
        self._queue = queue

    def start(self) -> None:
        self._queue.on_change(self._changed)
        super().start()

    async def stop(self) -> None:
        self._queue.forget(self._changed)
        await super().stop()

    def _changed(self, _session: SessionKey) -> None:
        self.look()


async def guarded(work: Coroutine[Any, Any, None], what: str) -> bool:
    """Whether the work was done. What went wrong is logged: a channel that fails must not end the loop."""
    try:
        await work
    except NotPosted as trouble:
        log.warning("%s.not_posted channel=%d reason=%s", what, trouble.channel_id, trouble.reason)
    except NotSaved as trouble:
        log.warning("%s.not_saved reason=%s", what, trouble.reason)
    except Exception:
        log.exception("%s.failed", what)
    else:
        return True
    return False


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel the tasks and return once they are over."""
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
