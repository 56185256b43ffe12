"""The bot in a process of its own, killed without warning and started again."""

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.clock import RehearsalClock
from bot.config import Config, load
from bot.cues import plan
from bot.idle import IdleLoop
from bot.loopback.contract import Contract
from bot.loopback.exchange import CannotDo
from bot.rehearsal.following import Following
from bot.rehearsal.hall import TOKEN, furnish
from tests.factories import CONFIG_FILE

from .deaths import Death
from .points import ROOT

#: How long a real process may take to start, in seconds of a machine that does much else.
_PATIENCE_SECONDS = 60


class _Dead(Exception):
    """The bot is gone, so time stands still."""


class KilledBot:
    """`estrado run` as a child process, on the loopback and the clock of this process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        loop = asyncio.get_running_loop()
        assert isinstance(loop, IdleLoop)
        self.loop = loop
        shutil.copy(CONFIG_FILE, directory / "config.toml")
        self.config: Config = load(directory / "config.toml")
        first = plan(self.config.agenda, self.config.announcements)[0]
        self.clock = RehearsalClock(first.at - timedelta(hours=1), loop.still)
        self.hall = furnish(self.config, self.clock, Contract.from_environment())
        self.following = Following(self.clock, self.hall.loopback)
        self._child: asyncio.subprocess.Process | None = None
        loop.doors.count(lambda: self.hall.loopback.requests_in_flight)

    async def start(self) -> None:
        """Start it, and wait until it has seen the server; time stands still meanwhile."""
        await self._spawn("-m", "bot")
        await self.hall.loopback.connected(timeout=30)
        await self.clock.be_still()

    async def start_to_die(self, death: Death) -> bool:
        """Start it so that it dies as `death` says. False where it died before it had seen the server."""
        await self._spawn("-m", "tests.killing.child", death.as_json())
        return await self.while_it_lives(self._seen())

    async def _seen(self) -> None:
        await self.hall.loopback.connected(timeout=_PATIENCE_SECONDS)
        await self.clock.be_still()

    async def _spawn(self, *program: str) -> None:
        loopback = self.hall.loopback
        environment = {
            **os.environ,
            "DISCORD_TOKEN": TOKEN,
            "ESTRADO_CLOCK": self.following.url,
            "PYTHONPATH": str(ROOT),
        }
        command = [sys.executable, *program, "run", "--config", "config.toml", "--log-level", "warning"]
        with (self._directory / "log.txt").open("ab") as log:
            self._child = await asyncio.create_subprocess_exec(
                *command,
                *("--endpoint", loopback.rest_url, loopback.gateway_url),
                cwd=self._directory,
                env=environment,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def while_it_lives(self, doing: Coroutine[Any, Any, object]) -> bool:
        """Whether `doing` came to its end while the bot lived. People who still wait when it dies give up."""
        assert self._child is not None
        acting = asyncio.ensure_future(doing)
        dying = asyncio.ensure_future(self._child.wait())
        self.loop.fences.append(self._stop_time)
        try:
            await asyncio.wait({acting, dying}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.loop.fences.remove(self._stop_time)
        if acting.done() and not isinstance(acting.exception(), _Dead) and not dying.done():
            dying.cancel()
            raise_unless_impossible(acting)
            return True
        await dying
        if self._child.returncode != -signal.SIGKILL:
            raise RuntimeError(f"the bot ended by itself with exit code {self._child.returncode}")
        self._child = None
        await self.hall.loopback.settled()
        self.hall.loopback.interactions.close()
        await self.clock.be_still()
        acting.cancel()
        await asyncio.wait({acting})
        if not acting.cancelled() and not isinstance(acting.exception(), _Dead):
            raise_unless_impossible(acting)
        return False

    async def _stop_time(self) -> None:
        if not self.following.follows:
            raise _Dead

    async def kill(self) -> None:
        """End it between two of its lines, whatever it is doing."""
        assert self._child is not None
        with contextlib.suppress(ProcessLookupError):
            self._child.send_signal(signal.SIGKILL)
        await self._child.wait()
        self._child = None
        await self.hall.loopback.settled()

    async def end(self) -> int:
        """Wait until it ends by itself."""
        assert self._child is not None
        async with asyncio.timeout(30):
            return await self._child.wait()

    async def close(self) -> None:
        """Leave nothing running, whatever happened."""
        if self._child is not None and self._child.returncode is None:
            self._child.kill()
            await self._child.wait()

    @property
    def now(self) -> datetime:
        """The event's time."""
        return self.clock.now()

    @property
    def log(self) -> str:
        """What it has written to its log in all its lives."""
        return (self._directory / "log.txt").read_text("utf-8", errors="replace")


def raise_unless_impossible(done: "asyncio.Future[object]") -> None:
    """What people's client did not let them do, since the bot had not shown it to them, is no error."""
    with contextlib.suppress(CannotDo):
        done.result()


class Condemned(KilledBot):
    """A bot that dies as `sentenced` says, one death after the other."""

    def __init__(self, directory: Path, sentenced: Callable[[], Death]) -> None:
        super().__init__(directory)
        self._sentenced = sentenced
        self.database = directory / self.config.storage.database
        self.deaths = 0
        self.died_at = ""
        self._obituary = directory / "obituary"
        #: Called where it lies dead.
        self.at_rest: Callable[[], None] = lambda: None

    async def while_it_lives(self, doing: Coroutine[Any, Any, object]) -> bool:
        if await super().while_it_lives(doing):
            return True
        self.deaths += 1
        self.died_at = self._obituary.read_text("utf-8")
        self.at_rest()
        return False

    async def comes_to_life(self) -> bool:
        """Start it on the database that it left; False where it died before all was still."""
        return await self.start_to_die(self._sentenced())

    async def lay_down(self) -> None:
        """Kill it, and count that for no death."""
        await self.kill()
