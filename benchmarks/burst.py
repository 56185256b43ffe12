"""Everybody asks at once: /pregunta, saved and answered, beside bots that only acknowledge.

`python -m benchmarks.burst`. Each round starts every bot anew, each with a driver of its own, one after the other:
A B C, A B C, ...; a bot that waits for its turn is not there. The 5,000 come on top of the 1,000 before them.
"""

import asyncio
import shutil
import sqlite3
import statistics
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

from benchmarks.driver import Bot, Driver, Outcome, Setting, driving, estrado, program
from benchmarks.driving.questions import seed
from benchmarks.measures import Measure, at_least, at_most, command

_SMALL, _LARGE = 1_000, 5_000
#: Of those that are there already so many are approved, and of a burst so many resemble one of these.
_THERE, _APPROVED, _ALIKE = 6_000, 1_500, 100
_RATE, _PRESSES, _JOINS = 300, 50, 20
#: What is supported: all that stands on the public list's first page.
_SUPPORTABLE = 5
#: Each peer, and the bursts for which it is compared with.
_PEERS = {
    "bare": (("-m", "benchmarks.peers.bare", "limited"), ("small", "large")),
    "commit": (("-m", "benchmarks.peers.bare", "commit"), ("small",)),
    "hikari": (("-m", "benchmarks.peers.hikari_bare"), ("large",)),
}
_SIZES = {"small": _SMALL, "large": _LARGE}
_WAIT = 40.0
#: So much of what a bot said at last is told where something went wrong with it.
_LOGGED = 3_000
_FEW_FILES = ("prlimit", "--nofile=1024:1024")


@asynccontextmanager
async def _ours(
    folder: Path, *, round_trip: float = 0.0, wrapped: tuple[str, ...] = ()
) -> AsyncIterator[tuple[Setting, Driver, Bot]]:
    setting = Setting(folder)
    async with driving(setting, round_trip=round_trip) as driver, estrado(setting, driver, wrapped=wrapped) as bot:
        try:
            await driver.ready(bot)
            yield setting, driver, bot
        except Exception as error:
            error.add_note(bot.log[-_LOGGED:])
            raise


def _count(setting: Setting, table: str) -> int:
    with closing(sqlite3.connect(setting.database)) as database:
        (found,) = database.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(found)


def _check(outcome: Outcome, setting: Setting, there: int, alike: int = 0) -> None:
    """What is fast must be right: what people were told is in the database, beside what was there before, and of
    what resembles others nothing is."""
    new = _count(setting, "questions") - there
    # What was not told may be saved all the same.
    if not outcome.saved <= new <= outcome.sent - alike:
        raise RuntimeError(f"{new} of {outcome.sent - alike} questions are saved: {outcome}")


def _untold(outcome: Outcome) -> int:
    """How many were acknowledged, and told neither their number nor what their question resembles."""
    return outcome.sent - outcome.lost - outcome.saved - outcome.resembling


async def _our_round() -> dict[str, Outcome]:
    with tempfile.TemporaryDirectory() as folder:
        async with _ours(Path(folder)) as (setting, driver, _):
            small = await driver.burst(_SMALL)
            _check(small, setting, 0)
            large = await driver.burst(_LARGE, wait=_WAIT)
            _check(large, setting, _SMALL)
    return {"small": small, "large": large}


async def _seeded_round(seeded: Path) -> Outcome:
    with tempfile.TemporaryDirectory() as above:
        folder = shutil.copytree(seeded, Path(above, "setting"))
        async with _ours(folder) as (setting, driver, _):
            outcome = await driver.burst(_SMALL, alike=_ALIKE)
            _check(outcome, setting, _THERE, _ALIKE)
            return outcome


async def _peer_round(name: str) -> dict[str, Outcome]:
    arguments, sizes = _PEERS[name]
    with tempfile.TemporaryDirectory() as folder:
        if name == "commit":
            arguments = (*arguments, f"{folder}/peer.db")
        async with driving(Setting(Path(folder))) as driver, program(driver, *arguments) as bot:
            await driver.ready(bot)
            outcomes = {size: await driver.burst(_SIZES[size], wait=_WAIT) for size in sizes}
        if any(each.example != "ok" or each.lost for each in outcomes.values()):
            raise RuntimeError(f"{name} does not acknowledge everything: {outcomes}")
    return outcomes


async def _one(n: int, round_trip: float, wrapped: tuple[str, ...]) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        async with _ours(Path(folder), round_trip=round_trip, wrapped=wrapped) as (setting, driver, _):
            outcome = await driver.burst(n, wait=_WAIT)
            _check(outcome, setting, 0)
            return outcome


async def _sustained(seconds: float) -> tuple[Outcome, Outcome]:
    """Questions, votes, and people who come and go, all at once; the outcomes of the questions and of the votes."""
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder))
        await seed(setting.config, setting.database, _SUPPORTABLE, _SUPPORTABLE)
        async with _ours(Path(folder)) as (_, driver, _bot):
            buttons = [f"support:vote:{number + 1}" for number in range(_SUPPORTABLE)]
            questions, votes = await driver.sustained(
                _RATE, seconds, joins=_JOINS, presses=_PRESSES, custom_ids=buttons, wait=20.0
            )
            _check(questions, setting, _SUPPORTABLE)
            counted = _count(setting, "question_votes")
            if not votes.saved <= counted <= votes.sent:
                raise RuntimeError(f"{counted} votes are counted: {votes}")
            return questions, votes


async def _measured(quick: bool) -> list[Measure]:
    rounds = 3 if quick else 5
    runs: dict[str, list[dict[str, Outcome]]] = {name: [] for name in ("ours", *_PEERS)}
    with tempfile.TemporaryDirectory() as above:
        seeded = Path(above)
        setting = Setting(seeded)
        await seed(setting.config, setting.database, _THERE, _APPROVED)
        for _ in range(rounds):
            runs["ours"].append(await _our_round() | {"seeded": await _seeded_round(seeded)})
            for name in _PEERS:
                runs[name].append(await _peer_round(name))
    few = await _one(_LARGE, 0.0, _FEW_FILES)
    far = await _one(_SMALL, 0.15, ())
    questions, votes = await _sustained(15 if quick else 60)

    def median(name: str, size: str) -> float:
        return statistics.median(each[size].throughput for each in runs[name])

    def ratio(peer: str, size: str) -> float:
        return median("ours", size) / median(peer, size)

    late = max(each["large"].late for each in runs["ours"])
    bursts = [outcome for each in runs["ours"] for outcome in each.values()]
    untold = sum(map(_untold, (*bursts, few, far, questions, votes)))
    bare, steady = "discord.py that only acknowledges", "300 questions, 50 votes and 20 voice changes a second"
    throughput = "ratio of throughput"
    return [
        at_least(f"burst of 1,000 questions to {bare}, {throughput}", ratio("bare", "small"), 0.75, rounds),
        at_least(f"burst of 5,000 questions to {bare}, {throughput}", ratio("bare", "large"), 0.75, rounds),
        at_most("burst of 5,000 questions, later than three seconds", late, 0, rounds),
        at_most("bursts of questions, never acknowledged", max(each.lost for each in bursts), 0, rounds),
        at_most("questions and votes of all runs, acknowledged and no more than that", untold, 0, rounds),
        at_least(
            f"burst of 1,000 questions to discord.py with a commit each, {throughput}",
            ratio("commit", "small"),
            2,
            rounds,
        ),
        at_least(
            f"burst of 5,000 questions to hikari that only acknowledges, {throughput}",
            ratio("hikari", "large"),
            1,
            rounds,
        ),
        at_least(
            f"burst of 1,000 questions with 6,000 there to one with none, {throughput}",
            median("ours", "seeded") / median("ours", "small"),
            0.5,
            rounds,
        ),
        at_most("burst of 5,000 questions with 1,024 file descriptors, never acknowledged", few.lost, 0, 1),
        at_most("burst of 1,000 questions with 150 ms of round trip, never acknowledged", far.lost, 0, 1),
        at_most(f"{steady}, p99 of the questions in ms", questions.p99 * 1000, 100, 1),
        at_most(f"{steady}, p99 of the votes in ms", votes.p99 * 1000, 100, 1),
        at_most(f"{steady}, never acknowledged", questions.lost + votes.lost, 0, 1),
    ]


def measure(quick: bool) -> list[Measure]:
    """A burst beside its peers, what Discord's deadline makes late, and a steady rate."""
    return asyncio.run(_measured(quick))


if __name__ == "__main__":
    command(__doc__ or "", measure)
