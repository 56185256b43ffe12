"""A Discord in a process of its own that plays for one bot under test, and the bot as another process.

    setting = Setting(folder)                        # config.toml of a session that is open now, database beside it
    async with driving(setting) as driver, estrado(setting, driver) as bot:
        await driver.ready(bot)                      # one gateway connection, and it is that process's
        result = await driver.burst(1000)            # so many /pregunta at once, each by another person
        result.throughput, result.p99, result.late, result.lost, result.saved
        await driver.sustained(300, 15.0)            # so many a second
        await driver.voice(1000, seconds=0.0)        # so many people enter the Stage, at once or spread
    async with driving(setting, round_trip=0.15) as driver, program(driver, "-m", "benchmarks.peers.bare") as peer: ...

`driver.pid` and `bot.pid` are for psutil. What a bot has to be started with is `driver.environment`. Figures are in
seconds. "Late" is an acknowledgement later than Discord's three seconds, "lost" is one that never came.
"""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

__all__ = ["Bot", "Driver", "Outcome", "Setting", "driving", "estrado", "program"]

ROOT = Path(__file__).parent.parent
#: What a process may take to start, and to take its leave, on a busy machine.
_START, _END = 60.0, 15.0
#: How long after the last acknowledgement the answers may still come that were deferred.
DEFERRED_SECONDS = 60.0

_DAYS = ("Lunes", "Martes", "Miércoles", "Jueves", "Viernes", "Sábado", "Domingo")
_MONTHS = (
    *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
    *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
)
#: The hour of the day that it is wherever a setting's session takes place, and when the session begins and ends.
_NOON, _BEGINS, _ENDS = 12, "09:00", "22:00"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of the interactions that were sent."""

    sent: int
    #: Whole answers a second, from the first that was sent to the last that was answered. "Thinking" is none: what
    #: was deferred counts when its answer comes. The rest of the figures are about the acknowledgement.
    throughput: float
    p50: float
    p99: float
    worst: float
    late: int
    lost: int
    #: How many were answered, at once or after a deferral, with what nobody else was told: that their question has
    #: such a number, or that it has so many supporters now.
    saved: int
    #: How many were shown approved questions that theirs resembles, and nothing was saved.
    resembling: int
    #: One of the answers, for whoever wants to see it.
    example: str


class Setting:
    """A folder with the configuration of an event of today, whose one session has begun and goes on for hours."""

    def __init__(self, folder: Path, *, connections: int = 300) -> None:
        self.config = folder / "config.toml"
        self.database = folder / "data" / "estrado.db"
        self.config.write_text(_event_of_today(datetime.now(UTC), connections), "utf-8")  # noqa: TID251 -- what is measured runs in real time


def _event_of_today(now: datetime, connections: int) -> str:
    # Where it is noon now: so the session neither is over soon nor lies on two days.
    ahead = _NOON - now.hour
    local = now + timedelta(hours=ahead)
    zone = f"Etc/GMT{-ahead:+d}" if ahead else "UTC"
    text = (ROOT / "config.toml").read_text("utf-8")
    _, places = text.split("[discord]\n", 1)
    for before, after in (
        ("per_person = 5\n", "per_person = 1000\n"),
        ("per_session = 500\n", "per_session = 100000\n"),
        ("days = 3\n", "days = 1\n"),
        ("maximum_connections = 300\n", f"maximum_connections = {connections}\n"),
    ):
        if places.count(before) != 1:
            raise ValueError(f"config.toml has not one {before!r}")
        places = places.replace(before, after)
    day = f"{_DAYS[local.weekday()]} {local.day} de {_MONTHS[local.month - 1]}"
    return f"""\
[event]
name = {{ es = "Taller de prueba", en = "A trial" }}
year = {local.year}
timezone = "{zone}"
languages = ["es", "en"]

[[event.sessions]]
day = "{day}"
theme = {{ es = "Medición", en = "Measuring" }}

[[event.sessions.blocks]]
hours = "{_BEGINS} - {_ENDS}"
kind = "qa"
title = {{ es = "Preguntas y Respuestas", en = "Questions and answers" }}

[coverage]
countries = ["BZ", "CR", "GT", "HN", "MX"]

[[coverage.profiles]]
key = "judicial"
name = {{ es = "Fiscalía", en = "Prosecution service" }}
minimum = 2

[discord]
{places}"""


class Bot:
    """A started process that is to be measured."""

    def __init__(self, process: asyncio.subprocess.Process, log: Path | None) -> None:
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        return self._process.returncode is not None

    @property
    def log(self) -> str:
        """What it wrote to stderr, where a file was given for that."""
        return "" if self._log is None else self._log.read_text("utf-8", "replace")

    @property
    def processor_seconds(self) -> float:
        """How long it has computed so far."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    async def close(self) -> None:
        """Ask it to end, and end it where it does not."""
        with suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(_END):
                await self._process.wait()
        except TimeoutError:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


class Driver:
    """The Discord of one bot; all of it is asked one after the other."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._addresses: Mapping[str, str] = {}

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def environment(self) -> dict[str, str]:
        """What a bot needs to find it and to log in."""
        return dict(self._addresses)

    @property
    def processor_seconds(self) -> float:
        """How long it has computed so far: a driver that computes all the time is what is measured, not the bot."""
        times = psutil.Process(self.pid).cpu_times()
        return float(times.user + times.system)

    async def started(self) -> None:
        """Return once it listens."""
        self._addresses = await self._read(_START)

    async def ready(self, bot: Bot) -> None:
        """Return once `bot` has logged in and is at rest; raises where another process has."""
        answer = await self._ask("ready", within=_START)
        (port,) = answer["ports"]
        own = {each.laddr.port for each in psutil.Process(bot.pid).net_connections("tcp") if each.laddr}
        if port not in own:
            raise RuntimeError(f"the gateway's connection is not of process {bot.pid}")

    async def burst(
        self, n: int, *, command: str = "pregunta", text: str | None = None, alike: int = 0, wait: float = 20.0
    ) -> Outcome:
        """Send `n` at once, each by another person who never did anything before.

        `text` is what each asks, "{n}" in it a number of its own; without it every question has words of its own.
        The first `alike` questions of a database that was seeded (`benchmarks.driving.questions`) are asked again in
        nearly the same words. Whatever is not acknowledged `wait` seconds later is lost.
        """
        asked = {"n": n, "command": command, "text": text, "alike": alike, "wait": wait}
        return Outcome(**await self._ask("burst", **asked, within=wait + DEFERRED_SECONDS + 60))

    async def sustained(
        self,
        rate: float,
        seconds: float,
        *,
        joins: float = 0.0,
        presses: float = 0.0,
        custom_ids: Sequence[str] = (),
        wait: float = 5.0,
    ) -> tuple[Outcome, Outcome]:
        """So many questions a second for so long, beside so many people who enter or leave the Stage a second, and so
        many who press a second, each by another person, the public buttons `custom_ids` in turn. The outcomes of the
        questions and of the presses."""
        asked = {"rate": rate, "seconds": seconds, "joins": joins, "presses": presses, "wait": wait}
        within = seconds + wait + DEFERRED_SECONDS + 60
        answer = await self._ask("sustained", **asked, custom_ids=list(custom_ids), within=within)
        return Outcome(**answer["questions"]), Outcome(**answer["presses"])

    async def voice(self, n: int, *, seconds: float = 0.0) -> float:
        """`n` people enter the Stage; returns how many seconds until the bot had read of all of them."""
        answer = await self._ask("voice", n=n, seconds=seconds, within=seconds + 120)
        return float(answer["seconds"])

    async def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            async with asyncio.timeout(_END):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()

    async def _ask(self, what: str, *, within: float, **arguments: Any) -> Any:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": what, **arguments}).encode() + b"\n")
        return await self._read(within)

    async def _read(self, within: float) -> Any:
        assert self._process.stdout is not None
        async with asyncio.timeout(within):
            line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("the driver has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer


@asynccontextmanager
async def driving(setting: Setting, *, round_trip: float = 0.0) -> AsyncIterator[Driver]:
    """A started driver; `round_trip` is added to each callback's way, half before it arrives and half after."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "benchmarks.driving.stage", str(setting.config), str(round_trip)),
        cwd=ROOT,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 26,
    )
    driver = Driver(process)
    try:
        await driver.started()
        yield driver
    finally:
        await driver.close()


@asynccontextmanager
async def program(
    driver: Driver, *arguments: str | Path, log: Path | None = None, wrapped: tuple[str, ...] = ()
) -> AsyncIterator[Bot]:
    """This interpreter with these arguments, as the bot of `driver`; `wrapped` are words that come before it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ESTRADO_", "DISCORD_", "LC_"))}
    with (log or Path(os.devnull)).open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(*wrapped, sys.executable, *arguments),
            cwd=ROOT,
            env={**kept, **driver.environment},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=errors,
        )
    bot = Bot(process, log)
    try:
        yield bot
    finally:
        await bot.close()


@asynccontextmanager
async def estrado(setting: Setting, driver: Driver, *, wrapped: tuple[str, ...] = ()) -> AsyncIterator[Bot]:
    """`estrado run` on the setting, as an operator starts it, its log beside the configuration."""
    log = setting.config.with_name("estrado.log")
    arguments = ("-m", "bot", "run", "--config", setting.config, "--new-database", "--log-level", "warning")
    async with program(driver, *arguments, log=log, wrapped=wrapped) as bot:
        yield bot
