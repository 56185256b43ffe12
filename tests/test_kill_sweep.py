"""A bot that dies at each point of its work, or anywhere, and comes back: nothing is lost, doubled or miscounted.

`python -m benchmarks.kills` does the same for longer.
"""

import gc
import logging
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from tests.killing.cancelled import Cancelled
from tests.killing.day import Day, Told
from tests.killing.deaths import Targets
from tests.killing.points import AWAIT, COMMIT, COMMITTED, RESUME
from tests.killing.sweep import day_of_deaths_at, points_of_a_day, random_deaths

#: This part of a sweep may stay: a day for each of its last points would take longer than all the others together, and
#: some do not come again on a day that deaths have changed.
_FEW = 0.02

#: The seed of those that die at random here; `python -m benchmarks.kills` draws another each time.
_SEED = 20200908


async def played(bot: Cancelled, on_part: Callable[[int], None]) -> Told:
    """The day on this bot, and what came of it."""
    day = Day(bot)
    day.on_part = on_part
    async with bot.loopback:
        bot.loop.fences.append(bot.loopback.settled)
        try:
            await day.begin()
            await day.play()
        finally:
            bot.loop.fences.clear()
            await bot.stop()
        return await day.check()


async def waits_of_a_day(directory: Path, log: pytest.LogCaptureFixture) -> Targets:
    """Where tasks wait on a day on which none of them is cancelled."""
    bot, parts = Cancelled(directory, log), list[int]()
    told = await played(bot, lambda _part: parts.append(len(bot.trace)))
    assert told.wrong == []
    return Targets(bot.trace, parts, last=False)


# discord.py cannot tell of what it hears of while it is closed.
@pytest.mark.filterwarnings("ignore:coroutine 'Client._run_event' was never awaited:RuntimeWarning")
@pytest.mark.timeout(400)
async def test_task_may_be_cancelled_at_any_wait(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING)
    targets = await waits_of_a_day(tmp_path / "points", caplog)
    assert targets.count > 200
    kinds = {point.split()[1] for point in targets.named()}
    assert kinds == {AWAIT, RESUME}
    number, before = 0, targets.count + 1
    while _FEW * targets.count < targets.left < before:
        before, number = targets.left, number + 1
        bot = Cancelled(tmp_path / str(number), caplog, targets)
        told = await played(bot, bot.on_part)
        assert told.wrong == [], f"on day {number}"
        assert told.deaths == before - targets.left
    assert targets.left <= _FEW * targets.count, targets.named()
    # What is left of the dead is found now, and in no other test.
    gc.collect()


@pytest.mark.timeout(240)
async def test_process_may_be_killed_before_and_after_a_commit(tmp_path: Path) -> None:
    for name in ("points", "deaths"):
        (tmp_path / name).mkdir()
    targets = await points_of_a_day(tmp_path / "points", last=False)
    commits = sorted(name.partition(": ")[2] for name in targets.named() if is_commit(name.partition(": ")[2]))
    assert len(commits) > 60
    drawn = Random(_SEED).sample(commits, 8)
    targets.keep(lambda point: point in drawn)
    told = await day_of_deaths_at(tmp_path / "deaths", targets)
    assert told.wrong == []
    assert told.deaths >= 5, targets.named()


def is_commit(point: str) -> bool:
    return point.split()[0] in (COMMIT, COMMITTED)


@pytest.mark.timeout(240)
@pytest.mark.parametrize("seed", [_SEED, _SEED + 1])
async def test_process_may_be_killed_anywhere(seed: int) -> None:
    told = await random_deaths(10, seed)
    assert told.deaths == 10
    assert told.wrong == []
