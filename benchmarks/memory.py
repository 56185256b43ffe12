"""What the bot takes of memory: with a hundred members in the server and with a hundred thousand, and over thirty days:
`python -m benchmarks.memory`.

Resident memory of the bot's own process, which makes pictures and files in others. At READY: once the bot has read of
the server and all it asked for is answered. Over thirty days: one bot, one session each day with questions and with
people who come and go on the Stage, in a time that leaps; read at each day's end.
"""

import asyncio
import gc
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from pathlib import Path

import psutil

from benchmarks.driver import ROOT
from benchmarks.measures import Measure, at_most, command
from bot.agenda import Session
from bot.clock import RehearsalClock, SystemClock
from bot.config import load
from bot.idle import IdleLoop
from bot.loopback.server import Loopback
from bot.rehearsal.following import Following
from bot.rehearsal.hall import TOKEN, Hall, furnish

_FEW, _MANY = 100, 100_000
_DAYS = 30
#: The days that are compared: the first four warm up what is kept for good.
_EARLY, _LATE = slice(4, 9), slice(_DAYS - 5, _DAYS)
_PATIENCE = 60.0
#: So many people come and ask at once, a minute after those before them.
_AT_ONCE = 10
_MONTHS = ("enero", "febrero", "marzo")


def event_of_days(days: int) -> str:
    """The workshop's configuration with a session on each of so many days to come."""
    text = (ROOT / "config.toml").read_text("utf-8")
    _, rest = text.split("[coverage]\n", 1)
    sessions = []
    for number in range(days):
        day = date(2062, 1, 2) + timedelta(days=number)
        sessions.append(
            f'[[event.sessions]]\nday = "{day.day} de {_MONTHS[day.month - 1]}"\ntheme = "Día {number + 1}"\n\n'
            "[[event.sessions.blocks]]\n"
            'hours = "09:00 - 10:00"\nkind = "qa"\ntitle = "Preguntas y Respuestas"\n'
        )
    head = '[event]\nname = "Treinta días"\nyear = 2062\ntimezone = "America/Costa_Rica"\nlanguages = ["es", "en"]\n'
    return "\n".join([head, *sessions, f"[coverage]\n{rest.replace('days = 3', 'days = 1')}"])


@asynccontextmanager
async def running(config: Path, loopback: Loopback, log: Path, **environment: str) -> AsyncIterator[psutil.Process]:
    """`estrado run` in a process of its own that has logged in there; raises where it has ended before it is let go."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ESTRADO_", "DISCORD_"))}
    own = {"ESTRADO_REST": loopback.rest_url, "ESTRADO_GATEWAY": loopback.gateway_url, "DISCORD_TOKEN": TOKEN}
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--config", str(config), "--new-database", "--log-level", "warning"),
            cwd=ROOT,
            env={**kept, **own, **environment},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=errors,
        )
    try:
        await loopback.connected(_PATIENCE)
        yield psutil.Process(process.pid)
        if process.returncode is not None:
            raise RuntimeError(f"the bot ended by itself: {_said(log)}")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _said(log: Path) -> str:
    return log.read_text("utf-8", "replace")


async def at_ready(members: int) -> int:
    """Bytes that the bot takes once it has read of a server with so many members."""
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        config.write_text(event_of_days(1), "utf-8")
        hall = furnish(load(config), SystemClock())
        for number in range(members):
            hall.world.add_person(f"Persona {number}", locale="es-419")
        async with hall.loopback as loopback, running(config, loopback, Path(folder) / "log.txt") as bot:
            await at_rest(loopback)
            return int(bot.memory_info().rss)


async def at_rest(loopback: Loopback) -> None:
    """Return once the bot has asked for nothing for a second."""
    seen = -1
    while len(loopback.log) != seen or loopback.requests_in_flight:
        seen = len(loopback.log)
        await asyncio.sleep(1.0)


class Days:
    """Thirty days with one bot."""

    def __init__(self, folder: Path, loop: IdleLoop, acts: int) -> None:
        self._folder = folder
        self._acts = acts
        self._config = folder / "config.toml"
        self._config.write_text(event_of_days(_DAYS), "utf-8")
        loaded = load(self._config)
        self._sessions = loaded.agenda.sessions
        self._settles = timedelta(minutes=30)
        self._clock = RehearsalClock(self._sessions[0].starts_at - timedelta(hours=1), loop.still)
        self._hall: Hall = furnish(loaded, self._clock)
        self._following = Following(self._clock, self._hall.loopback)
        loop.doors.count(lambda: self._hall.loopback.requests_in_flight)
        loop.fences.append(self._following.fence)
        self._people = [self._hall.world.add_person(f"Persona {n}", locale="es-419") for n in range(acts)]

    async def bytes_a_day(self) -> list[int]:
        """What the bot takes at the end of each day."""
        taken = []
        async with (
            self._hall.loopback as loopback,
            running(self._config, loopback, self._folder / "log.txt", ESTRADO_CLOCK=self._following.url) as bot,
        ):
            for session in self._sessions:
                await self._day(session)
                taken.append(int(bot.memory_info().rss))
        return taken

    async def _day(self, session: Session) -> None:
        """Everybody comes, asks and leaves."""
        await self._clock.run_until(session.starts_at)
        for first in range(0, self._acts, _AT_ONCE):
            coming = range(first, min(first + _AT_ONCE, self._acts))
            await asyncio.gather(*(self._acts_of(number, session) for number in coming))
            await self._clock.run_for(60)
        for person in self._people:
            await person.leaves()
        await self._clock.run_until(session.ends_at + self._settles)

    async def _acts_of(self, number: int, session: Session) -> None:
        assert self._hall.stage is not None, "config.toml names a Stage"
        person = self._people[number]
        await person.joins(self._hall.stage)
        answer = await person.slash("pregunta", texto=f"¿Qué se hizo el {session.day:%d/%m} en el caso {number}?")
        if answer.failed or "**" not in answer.text:
            raise RuntimeError(f"a question was not taken: {answer.text}")


def over_days(acts: int) -> float:
    """What the bot takes on the last days to what it took on early ones."""
    loop = IdleLoop()
    try:
        with tempfile.TemporaryDirectory() as folder:
            taken = loop.run_until_complete(Days(Path(folder), loop, acts).bytes_a_day())
    finally:
        loop.close()
    sys.stderr.write(f"MB at each day's end: {' '.join(f'{each / 1e6:.1f}' for each in taken)}\n")
    return statistics.median(taken[_LATE]) / statistics.median(taken[_EARLY])


def measure(quick: bool) -> list[Measure]:
    """How much more it takes with many members, and later."""
    rounds = 3 if quick else 5
    few, many = [], []
    for _ in range(rounds):
        few.append(asyncio.run(at_ready(_FEW)))
        many.append(asyncio.run(at_ready(_MANY)))
        gc.collect()
    later = over_days(10 if quick else 100)
    return [
        at_most(
            "resident memory with 10^5 members to that with 10^2, ratio",
            statistics.median(many) / statistics.median(few),
            1.15,
            rounds,
        ),
        at_most("resident memory on days 26 to 30 to that on days 5 to 9, ratio", later, 1.1, 1),
    ]


if __name__ == "__main__":
    command(__doc__ or "", measure)
