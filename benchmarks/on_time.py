"""How late a cue fires, while nothing else goes on and while everybody asks and everybody enters.

`python -m benchmarks.on_time`. The event is today's, in blocks of a minute, and its clock leaves out what lies between
whole minutes (benchmarks/driving/folded.py), so that one starts every six seconds. Measured is when the bot asks for
the claim of the notice, as the database has it, less the instant of the cue: timer, event loop, the look at the plan.
Beside it when Discord made the post, by its own clock: how much later than the fastest of the idle ones, against the
six seconds from cue to cue. That has the claim's way to the disk, the request, and the wait for the loop between them.
"""

import asyncio
import sqlite3
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.driver import Driver, Setting, driving, program
from benchmarks.measures import Measure, at_most, command
from bot.clock import to_ms
from bot.config import load
from bot.cues import CueKind, plan

_EVERY_SECONDS = 6.0
_QUESTIONS, _PEOPLE = 5_000, 10_000
#: All of both, as fast as the driver can write.
_AT_ONCE_SECONDS = 0.1
#: A burst begins so long before its cue, so that the cue falls where most is under way.
_AHEAD_SECONDS = 0.7
#: How long a cue that does not come is waited for.
_PATIENCE_SECONDS = 30
_BEFORE, _MINUTES = timedelta(minutes=2), 60


@dataclass(frozen=True, slots=True)
class _Told:
    """A cue that was told, in milliseconds."""

    at: int
    #: When the bot asked for its claim, by the same clock as `at`.
    fired: int
    #: When Discord made the post, by Discord's clock.
    posted: int

    @property
    def late(self) -> int:
        return self.fired - self.at

    def posted_after(self, other: "_Told") -> float:
        """How much more time lies between the posts than between the cues."""
        return self.posted - other.posted - (self.at - other.at) / 60_000 * _EVERY_SECONDS * 1000


def _with_short_blocks(setting: Setting) -> None:
    """A block a minute instead of the one long block, the questions' last of all: questions are taken all day."""
    event = load(setting.config).agenda
    local = datetime.now(UTC).astimezone(event.timezone).replace(second=0, microsecond=0) - _BEFORE  # noqa: TID251 -- what is measured runs in real time
    before, rest = setting.config.read_text("utf-8").split("[[event.sessions.blocks]]\n", 1)
    _, after = rest.split("[coverage]\n", 1)
    blocks = []
    for n in range(_MINUTES):
        start, end = local + timedelta(minutes=n), local + timedelta(minutes=n + 1)
        blocks.append(
            f'[[event.sessions.blocks]]\nhours = "{start:%H:%M} - {end:%H:%M}"\nkind = "exchange"\n'
            f'title = {{ es = "Parte {n}", en = "Part {n}" }}\n'
        )
    setting.config.write_text(f"{before}{''.join(blocks)}\n[coverage]\n{after}", "utf-8")


def _told(setting: Setting, instants: dict[str, int]) -> list[_Told]:
    with closing(sqlite3.connect(f"{setting.database.as_uri()}?mode=ro", uri=True)) as reader:
        rows = reader.execute("SELECT key, claimed_at, sent_at FROM notices WHERE state = 'sent' ORDER BY claimed_at")
        return [_Told(instants[key], fired, posted) for key, fired, posted in rows if key in instants]


async def _next(setting: Setting, instants: dict[str, int], so_far: int) -> list[_Told]:
    """All that was told, once it is more than `so_far`."""
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while len(told := _told(setting, instants)) <= so_far:  # noqa: ASYNC110 -- another process's
            await asyncio.sleep(0.02)
    return told


async def _loaded(driver: Driver, cue_at: float) -> int:
    """How many of its questions were not saved: what is refused is no load."""
    await asyncio.sleep(max(0.0, cue_at - _AHEAD_SECONDS - time.perf_counter()))
    outcome, _ = await driver.sustained(
        _QUESTIONS / _AT_ONCE_SECONDS, _AT_ONCE_SECONDS, joins=_PEOPLE / _AT_ONCE_SECONDS, wait=30.0
    )
    return outcome.sent - outcome.saved


async def _measured(quick: bool) -> list[Measure]:
    idle_runs, loaded_runs = (3, 2) if quick else (10, 5)
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder))
        _with_short_blocks(setting)
        config = load(setting.config)
        instants = {
            str(cue.key): to_ms(cue.at)
            for cue in plan(config.agenda, config.announcements)
            if cue.kind is CueKind.BLOCK_START
        }
        arguments = ("-m", "benchmarks.driving.folded", "run", "--config", setting.config, "--new-database")
        async with (
            driving(setting) as driver,
            program(driver, *arguments, "--log-level", "warning", log=Path(folder) / "log") as bot,
        ):
            await driver.ready(bot)
            begun = len(await _next(setting, instants, len(_told(setting, instants))))
            told = await _next(setting, instants, begun + idle_runs - 1)
            idle = told[begun:]
            loaded: list[_Told] = []
            unsaved = 0
            for _ in range(loaded_runs):
                # One while nothing goes on shows when the next one comes.
                quiet = await _next(setting, instants, len(_told(setting, instants)))
                unsaved += await _loaded(driver, time.perf_counter() + _EVERY_SECONDS)
                told = await _next(setting, instants, len(quiet))
                loaded.append(told[len(quiet)])
    fastest = min(idle, key=lambda each: each.posted_after(idle[0]))
    return [
        at_most("cue while idle, latest claim after its instant in ms", max(e.late for e in idle), 50, len(idle)),
        at_most(
            "cue while 5,000 ask and 10,000 enter, latest claim after its instant in ms",
            max(each.late for each in loaded),
            500,
            len(loaded),
        ),
        at_most(
            "cue while 5,000 ask and 10,000 enter, latest post beside the fastest idle one in ms",
            max(each.posted_after(fastest) for each in loaded),
            500,
            len(loaded),
        ),
        at_most("questions of those bursts that were not saved", unsaved, 0, len(loaded)),
    ]


def measure(quick: bool) -> list[Measure]:
    """The latest of some cues, idle and loaded."""
    return asyncio.run(_measured(quick))


if __name__ == "__main__":
    command(__doc__ or "", measure)
