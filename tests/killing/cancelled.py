"""A bot within this process, one task of which is cancelled at a point; then it is stopped and started again."""

import asyncio
import contextlib
from collections.abc import Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.cues import plan
from tests.cogs.conftest import RunningEvent
from tests.factories import workshop

from .bot import raise_unless_impossible
from .deaths import Targets
from .points import tap_tasks

#: The test's own task in which the bot is started and stopped, which nobody cancels.
_HOLDING = "RunningEvent._hold"


class Cancelled(RunningEvent):
    """Dies at what is due of `targets`, which are told of it, and of every point on the way where there are none."""

    def __init__(self, directory: Path, log: pytest.LogCaptureFixture, targets: Targets | None = None) -> None:
        directory.mkdir()
        config = workshop(directory)
        first = plan(config.agenda, config.announcements)[0]
        super().__init__(config, first.at - timedelta(hours=1))
        self.database = config.storage.database
        self.deaths = 0
        self.died_at = ""
        self.trace: list[str] = []
        self._log = log
        self._logged = ""
        self._targets = targets
        self._part = 0
        self._struck = asyncio.Event()
        tap_tasks(self.loop, self._tap)
        self.at_rest = lambda: None

    def on_part(self, part: int) -> None:
        """A part of the day begins."""
        self._part = part

    def _tap(self, point: str) -> bool:
        task = asyncio.current_task()
        if task is None or getattr(task.get_coro(), "__qualname__", "") == _HOLDING:
            return False
        if self._targets is None:
            self.trace.append(point)
            return False
        if self._struck.is_set() or point not in self._targets.due(self._part):
            return False
        self._targets.died(self._part, point)
        self.died_at = point
        self._logged += self._troubles()
        self._struck.set()
        return True

    async def while_it_lives(self, doing: Coroutine[Any, Any, object]) -> bool:
        """Whether `doing` came to its end while all of its tasks lived; else it is stopped."""
        acting = asyncio.ensure_future(doing)
        striking = asyncio.ensure_future(self._struck.wait())
        await asyncio.wait({acting, striking}, return_when=asyncio.FIRST_COMPLETED)
        if acting.done() and not self._struck.is_set():
            striking.cancel()
            raise_unless_impossible(acting)
            return True
        await striking
        self.loopback.interactions.close()
        # People who had their answer by now have heard it; nobody else will.
        await self.loopback.flushed()
        acting.cancel()
        await asyncio.wait({acting})
        # What it depended on may be what was cancelled. However it ends, it is as dead as can be.
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await self.stop()
        if not acting.cancelled():
            raise_unless_impossible(acting)
        self._log.clear()
        self._struck.clear()
        self.deaths += 1
        self.at_rest()
        return False

    async def comes_to_life(self) -> bool:
        """Start it on the database that it left; False where it died before all was still."""
        return await self.while_it_lives(self.start())

    async def lay_down(self) -> None:
        """Stop it."""
        await self.stop()

    @property
    def log(self) -> str:
        """What went wrong in it while it lived; what is said between a death and the next life is no matter."""
        return self._logged + self._troubles()

    def _troubles(self) -> str:
        # Of a client that was closed while it connected, asyncio still says something when its garbage is collected.
        told = (record for record in self._log.records if record.exc_info and not record.name.startswith("asyncio"))
        return "".join(f"Traceback: {record.getMessage()}\n{record.exc_text}\n" for record in told)
