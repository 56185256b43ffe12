"""`estrado run` in a process of its own, and the server and clock that it is started on."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import WSMsgType, web

from bot.agenda import Event
from bot.clock import RehearsalClock, to_ms
from bot.config import Config, load
from bot.loopback.contract import Contract
from bot.loopback.people import Person
from bot.rehearsal.hall import TOKEN, furnish
from bot.storage.notices import Entry
from bot.storage.store import Store
from tests.factories import CONFIG_FILE

ROOT = CONFIG_FILE.parent
#: What a supervisor waits for a process to end, once it has a reason to.
PATIENCE = 10.0
#: What an interpreter may take to start on a busy machine.
START = 30.0


class Bot:
    """A started `estrado run`."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._log: list[str] = []
        self._reading = asyncio.create_task(self._read())
        self._news = asyncio.Event()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self._log.append(line.decode())
            self._news.set()

    @property
    def log(self) -> str:
        """What it wrote to stderr so far."""
        return "".join(self._log)

    async def says(self, text: str, within: float = START) -> None:
        """Return once it has written `text`."""
        async with asyncio.timeout(within):
            while text not in self.log:
                self._news.clear()
                await self._news.wait()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self, within: float = PATIENCE) -> int:
        """Its exit code, once it has ended by itself, all it wrote read."""
        async with asyncio.timeout(within):
            code = await self._process.wait()
            await self._reading
        assert self._process.stdout is not None
        assert await self._process.stdout.read() == b""
        return code

    async def close(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading


@asynccontextmanager
async def run(*arguments: str | Path, **environment: str) -> AsyncIterator[Bot]:
    """`estrado run` with these arguments and nothing of this machine's language or token."""
    own = ("LC_ALL", "LC_MESSAGES", "LANG", "DISCORD_TOKEN", "DISCORD_TOKEN_FILE")
    kept = {name: value for name, value in os.environ.items() if name not in own}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "run"),
        *arguments,
        cwd=ROOT,
        env={**kept, "DISCORD_TOKEN": TOKEN, **environment},
        umask=0o022,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    bot = Bot(process)
    try:
        yield bot
    finally:
        await bot.close()


class Stage:
    """A server on the loopback, and the clock that a bot in another process follows."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.config: Config = load(file)
        self.event: Event = self.config.agenda
        self.clock = RehearsalClock(self.event.sessions[0].starts_at - timedelta(hours=1))
        self.contract = Contract.from_environment()
        self.hall = furnish(self.config, self.clock, self.contract)
        self.loopback = self.hall.loopback
        self.loopback.add_route("GET", "/clock", self._follow)
        self._begin_following()

    def _begin_following(self) -> None:
        """What a bot that was there before left behind is not taken for another's."""
        self._ticks: asyncio.Queue[datetime] = asyncio.Queue()
        self._answers: asyncio.Queue[Mapping[str, Any]] = asyncio.Queue()

    async def _follow(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._begin_following()
        ticks, answers = self._ticks, self._answers
        n = 0
        await socket.send_json({"now": to_ms(self.clock.now()), "n": n})
        async for message in socket:
            assert message.type is WSMsgType.TEXT
            answers.put_nowait(message.json())
            n += 1
            await socket.send_json({"now": to_ms(await ticks.get()), "n": n})
        return socket

    async def until(self, instant: datetime) -> None:
        """Let time go on to `instant` on both sides; return once the bot has done what it does then."""
        self.clock.set(instant)
        quiet = 0
        # What a bot waits for from here reaches it while it says that it is still: so it is asked twice.
        while quiet < 2:
            self._ticks.put_nowait(instant)
            answer = await self._answers.get()
            is_quiet = answer["requests"] <= self.loopback.held and not self.loopback.requests_in_flight
            quiet = quiet + 1 if is_quiet else 0
            await self.loopback.settled()

    def let_go(self, instant: datetime) -> None:
        """Let time go on to `instant`, for a bot that may end then."""
        self.clock.set(instant)
        self._ticks.put_nowait(instant)

    async def ledger(self) -> list[Entry]:
        """What became of each cue, by the database that a bot has left."""
        async with Store.open(self.config.storage.database, self.clock) as store:
            return await store.read(lambda tx: tx.notices.ledger())

    @property
    def environment(self) -> dict[str, str]:
        return {"ESTRADO_REST": self.loopback.rest_url, "ESTRADO_GATEWAY": self.loopback.gateway_url}

    @asynccontextmanager
    async def bot(self, *arguments: str | Path, follow: bool = False, **environment: str) -> AsyncIterator[Bot]:
        """A bot that was started on it."""
        if follow:
            address = self.loopback.rest_url.replace("/api/v10", "/clock").replace("http", "ws", 1)
            environment["ESTRADO_CLOCK"] = address
        async with run("--config", self.file, *arguments, **{**self.environment, **environment}) as bot:
            yield bot

    @asynccontextmanager
    async def connected_bot(
        self, *arguments: str | Path, follow: bool = False, **environment: str
    ) -> AsyncIterator[Bot]:
        """One that has seen the server."""
        async with self.bot(*arguments, follow=follow, **environment) as bot:
            await self.loopback.connected(START)
            await bot.says("Estrado is running")
            if follow:
                await self._answers.get()
                await self.until(self.clock.now())
            yield bot

    def person(self, name: str) -> Person:
        return self.hall.world.add_person(name, locale="es-419")


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop in a year to come, in which 8 September is a Tuesday again."""
    year = next(year for year in range(2060, 2100) if date(year, 9, 8).weekday() == 1)
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8").replace("year = 2020", f"year = {year}"), "utf-8")
    return file


@pytest.fixture
async def stage(config_file: Path) -> AsyncIterator[Stage]:
    """It is served, and nothing that was asked of it was against Discord's description."""
    made = Stage(config_file)
    async with made.loopback:
        yield made
    assert made.contract is None or made.contract.violations == []


def sentences(log: str) -> list[str]:
    """What was said besides the log's own lines."""
    return [line for line in log.splitlines() if not re.match(r"\d{4}-\d\d-\d\dT", line)]
