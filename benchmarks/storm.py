"""Everybody enters the Stage: stays on the disk, beside discord.py that hears of it and does nothing.

`python -m benchmarks.storm`. In each round a bot of ours and a bare one are started anew, one after the other. Ours is
done when a reader of its own finds every stay committed (looked for every five milliseconds), the bare one when it has
read the last frame and answered a heartbeat that was sent behind it; a task for the empty listener has run by then.
"""

import asyncio
import sqlite3
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from benchmarks.driver import Driver, Outcome, Setting, driving, estrado, program
from benchmarks.measures import Measure, at_least, at_most, command

_PEOPLE = 10_000
#: How often it is looked whether all is there, and how long at most.
_LOOK_SECONDS, _PATIENCE_SECONDS = 0.005, 60.0
#: All at once, as fast as the driver can write, with a question every millisecond of it.
_AT_ONCE_SECONDS, _QUESTIONS = 0.05, 50
#: Ten thousand people within a minute, and somebody who asks every tenth of a second.
_SPREAD_PER_SECOND, _ASKED_PER_SECOND = _PEOPLE / 60, 10


@asynccontextmanager
async def _ours() -> AsyncIterator[tuple[Setting, Driver]]:
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder))
        async with driving(setting) as driver, estrado(setting, driver) as bot:
            await driver.ready(bot)
            yield setting, driver


async def _durable(database: Path, people: int) -> float:
    """When so many stays were committed; every one is there once, and open."""
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as reader:
        until = time.perf_counter() + _PATIENCE_SECONDS
        # Ids are given in order, so the last one says how many there are without counting them.
        while (reader.execute("SELECT max(id) FROM stays").fetchone()[0] or 0) < people:
            if time.perf_counter() > until:
                raise RuntimeError(f"not all of {people} stays are on the disk after {_PATIENCE_SECONDS:.0f} s")
            await asyncio.sleep(_LOOK_SECONDS)
        at = time.perf_counter()
        found = reader.execute(
            "SELECT count(*), count(DISTINCT person_id), sum(closed_at IS NULL), sum(connections) FROM stays"
        ).fetchone()
    if found != (people,) * 4:
        raise RuntimeError(f"of {people} stays there are (stays, people, open, connections) {found}")
    return at


async def _our_rate() -> float:
    async with _ours() as (setting, driver):
        durable = asyncio.create_task(_durable(setting.database, _PEOPLE))
        seconds = await driver.voice(_PEOPLE)
        begun = time.perf_counter() - seconds
        return _PEOPLE / (await durable - begun)


async def _bare_rate() -> float:
    with tempfile.TemporaryDirectory() as folder:
        async with driving(Setting(Path(folder))) as driver, program(driver, "-m", "benchmarks.peers.listening") as bot:
            await driver.ready(bot)
            return _PEOPLE / await driver.voice(_PEOPLE)


async def _asked_meanwhile(asked: float, entering: float, seconds: float) -> Outcome:
    async with _ours() as (setting, driver):
        outcome, _ = await driver.sustained(asked, seconds, joins=entering, wait=20.0)
        await _durable(setting.database, round(entering * seconds))
    if outcome.saved != outcome.sent:
        raise RuntimeError(f"{outcome.saved} of {outcome.sent} questions are saved: {outcome.example}")
    return outcome


async def _measured(quick: bool) -> list[Measure]:
    rounds = 3 if quick else 5
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(await _our_rate())
        bare.append(await _bare_rate())
    at_once = [
        await _asked_meanwhile(_QUESTIONS / _AT_ONCE_SECONDS, _PEOPLE / _AT_ONCE_SECONDS, _AT_ONCE_SECONDS)
        for _ in range(1 if quick else rounds)
    ]
    spread = await _asked_meanwhile(_ASKED_PER_SECOND, _SPREAD_PER_SECOND, 15.0 if quick else 60.0)
    return [
        at_least(
            "10,000 people who enter at once, stays durable to discord.py with an empty listener, ratio of rates",
            statistics.median(ours) / statistics.median(bare),
            0.6,
            rounds,
        ),
        at_most(
            "questions while 10,000 people enter at once, latest acknowledgement in ms",
            max(each.worst for each in at_once) * 1000,
            1000,
            len(at_once),
        ),
        at_most(
            "questions while 167 people enter a second, latest acknowledgement in ms", spread.worst * 1000, 1000, 1
        ),
    ]


def measure(quick: bool) -> list[Measure]:
    """The rate of the storm beside its peer, and how long others wait meanwhile."""
    return asyncio.run(_measured(quick))


if __name__ == "__main__":
    command(__doc__ or "", measure)
