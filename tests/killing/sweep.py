"""Days on which a bot in a process of its own dies: at each point in turn, or at random."""

import itertools
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from random import Random

from bot.config import load
from tests.factories import CONFIG_FILE

from .bot import Condemned
from .day import Day, Told, day_deeds
from .deaths import ANYWHERE, Death, Targets, arm

#: So many deaths a day at most: what comes later on a day is to be met by a bot that was left alone before, too.
DEATHS_A_DAY = 60

#: So many of those that are drawn at random.
RANDOM_DEATHS_A_DAY = 20

#: Once it may die it comes to so many points at most; a start has about a thousand, a part of the day as many.
_POINTS_TO_LIVE = 1_000

Say = Callable[[str], None]


def to_stderr(line: str) -> None:
    """Progress, for somebody who watches."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


@asynccontextmanager
async def _condemned(directory: Path, sentenced: Callable[[], Death]) -> AsyncIterator[Condemned]:
    bot = Condemned(directory, sentenced)
    try:
        async with bot.hall.loopback:
            bot.loop.fences.extend((bot.hall.loopback.settled, bot.following.fence))
            yield bot
    finally:
        bot.loop.fences.clear()
        await bot.close()


async def _played(bot: Condemned, day: Day) -> Told:
    await day.begin()
    await day.play()
    bot.loop.fences.clear()
    return await day.check()


async def points_of_a_day(directory: Path, *, last: bool = True) -> Targets:
    """Every point of a day on which nobody dies. Raises AssertionError where that day itself goes wrong."""
    trace = directory / "trace"
    async with _condemned(directory, lambda: Death(trace=str(trace))) as bot:
        day, parts = Day(bot), list[int]()
        day.on_part = lambda _part: parts.append(trace.read_bytes().count(b"\n"))
        told = await _played(bot, day)
        assert not told.wrong, told.wrong
    return Targets(trace.read_text("utf-8").splitlines(), parts, last=last)


async def day_of_deaths_at(directory: Path, targets: Targets, limit: int = DEATHS_A_DAY) -> Told:
    """A day on which the bot dies at what is due of `targets`, which are told of it; `limit` times at most."""
    armed = directory / "armed"

    def look(part: int) -> None:
        arm(armed, targets.due(part) if bot.deaths < limit else ())

    def sentenced() -> Death:
        if bot.deaths:
            targets.died(day.part, bot.died_at)
        look(day.part)
        return Death(armed=str(armed))

    async with _condemned(directory, sentenced) as bot:
        day = Day(bot)
        day.on_part = look
        return await _played(bot, day)


async def day_of_random_deaths(directory: Path, count: int, draw: Random) -> Told:
    """A day on which the bot dies `count` times, wherever `draw` has it be; now and then it stays away for a while.

    Each death is in a part of the day, and so many points after that part began, or after the bot was back.
    """
    armed = directory / "armed"
    parts = sorted(draw.randrange(len(day_deeds(load(CONFIG_FILE))) + 1) for _ in range(count))

    def look(part: int) -> None:
        arm(armed, (ANYWHERE,) if bot.deaths < count and parts[bot.deaths] <= part else ())

    def sentenced() -> Death:
        look(day.part)
        return Death(after=draw.randint(1, _POINTS_TO_LIVE), armed=str(armed))

    async with _condemned(directory, sentenced) as bot:
        day = Day(bot, draw)
        day.on_part = look
        return await _played(bot, day)


async def random_deaths(count: int, seed: int, say: Say = to_stderr) -> Told:
    """So many deaths, `RANDOM_DEATHS_A_DAY` on each day; the n-th day, from 0, is drawn from `seed` + n.

    A day may end before the last of its deaths has come; that one is made up for on one day more.
    """
    told = Told()
    for day_seed in itertools.count(seed):
        wanted = min(RANDOM_DEATHS_A_DAY, count - told.deaths)
        with tempfile.TemporaryDirectory(prefix="estrado-deaths-") as directory:
            of_day = await day_of_random_deaths(Path(directory), wanted, Random(day_seed))
        told.deaths += of_day.deaths
        told.wrong += [f"seed {day_seed}: {wrong}" for wrong in of_day.wrong]
        say(f"seed {day_seed}: {of_day.deaths} deaths, {len(of_day.wrong)} wrong")
        if told.deaths >= count:
            return told
    raise AssertionError


async def whole_sweep(say: Say = to_stderr) -> tuple[Targets, Told]:
    """A death at each point, on days as many as that takes. What no day reached any more is left in the targets."""
    told, without = Told(), 0
    with tempfile.TemporaryDirectory(prefix="estrado-points-") as directory:
        targets = await points_of_a_day(Path(directory))
    say(f"{targets.names} points, {targets.count} deaths")
    for number in itertools.count(1):
        before = targets.left
        with tempfile.TemporaryDirectory(prefix="estrado-sweep-") as directory:
            of_day = await day_of_deaths_at(Path(directory), targets)
        told.deaths += of_day.deaths
        told.wrong += [f"day {number}: {wrong}" for wrong in of_day.wrong]
        say(f"day {number}: {of_day.deaths} deaths, {len(of_day.wrong)} wrong, {targets.left} left")
        without = 0 if targets.left < before else without + 1
        if not targets.left or without == 2:
            return targets, told
    raise AssertionError
