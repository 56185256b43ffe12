"""From exec to being ready, beside a bare discord.py: `python -m benchmarks.start`.

Both are started in turns, each with a Discord of its own that is there already, ours with a new database. Ready is when
the bot has read READY and the server's description. Both have been started before, so that all they import is compiled,
as it is where a package was installed.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.driver import ROOT, Setting
from benchmarks.measures import Measure, at_most, command
from bot.clock import SystemClock
from bot.config import load
from bot.rehearsal.hall import TOKEN, furnish

_BARE = ("-m", "benchmarks.peers.bare", "limited")


def _ours(setting: Setting) -> tuple[str, ...]:
    return ("-m", "bot", "run", "--config", str(setting.config), "--new-database", "--log-level", "warning")


async def _seconds(bare: bool, compiled: Path) -> float:
    """From exec until the bot has read of the server; how long it then sets things right does not count."""
    with tempfile.TemporaryDirectory() as folder:
        setting = Setting(Path(folder))
        loopback = furnish(load(setting.config), SystemClock()).loopback
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("ESTRADO_", "DISCORD_")) and name != "PYTHONDONTWRITEBYTECODE"
        }
        async with loopback:
            own = {
                "ESTRADO_REST": loopback.rest_url,
                "ESTRADO_GATEWAY": loopback.gateway_url,
                "DISCORD_TOKEN": TOKEN,
                "PYTHONPYCACHEPREFIX": str(compiled),
            }
            began = time.perf_counter()
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                *(_BARE if bare else _ours(setting)),
                cwd=ROOT,
                env={**kept, **own},
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await loopback.connected(60.0)
                return time.perf_counter() - began
            finally:
                process.kill()
                await process.wait()


async def _measured(quick: bool) -> list[Measure]:
    rounds = 3 if quick else 7
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            times = await _seconds(False, Path(folder)), await _seconds(True, Path(folder))
            # The first start of each compiles.
            if number:
                ours.append(times[0])
                bare.append(times[1])
    ratio = statistics.median(ours) / statistics.median(bare)
    return [at_most("start until ready to that of a bare discord.py, ratio of time", ratio, 1.5, rounds)]


def measure(quick: bool) -> list[Measure]:
    """How many times as long it takes to start as a bot that does nothing."""
    return asyncio.run(_measured(quick))


if __name__ == "__main__":
    command(__doc__ or "", measure)
