"""Tasks that keep something before people's eyes: what fails in them is logged and never ends them."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any

from bot.errors import NotSaved
from bot.ids import SessionKey
from bot.queue import Queue
from bot.sending import NotPosted

log = logging.getLogger(__name__)


class Woken:
    """One task that each change of the questions wakes, and `look`; `keep` runs in it and awaits `wake` itself."""

    def __init__(self, queue: Queue, keep: Callable[[], Coroutine[Any, Any, None]], name: str) -> None:
        self._queue = queue
        self._keep = keep
        self._name = name
        self._event = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin."""
        self._queue.on_change(self._changed)
        self._tasks = [asyncio.create_task(self._keep(), name=self._name)]

    async def stop(self) -> None:
        """End the task, wherever it is."""
        self._queue.forget(self._changed)
        await ended(self._tasks)

    def look(self) -> None:
        """Wake it."""
        self._event.set()

    async def wake(self, then: Callable[[], Awaitable[None]] | None = None) -> None:
        """Return once it was woken; what comes while `then` is awaited counts with it."""
        await self._event.wait()
        if then is not None:
            await then()
        self._event.clear()

    def _changed(self, _session: SessionKey) -> None:
        self._event.set()


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
