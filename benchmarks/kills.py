"""Kills a running bot without warning, again and again, and checks that nothing was lost, doubled or miscounted.

`python -m benchmarks.kills --count N [--seed S]` kills it N times at random; `--sweep` at each point of its work where
a task waits or goes on, and before and after each commit. The bot is a real process on a Discord of this machine, and
the event's time leaps. Exits with 1 where something did not hold.
"""

import argparse
import asyncio
import logging
import secrets
import sys
import time

from bot.idle import IdleLoop
from tests.killing.sweep import random_deaths, whole_sweep


def main() -> int:
    """Run what the command line asks for; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--count", type=_positive, default=20, metavar="N", help="random kills (20)")
    what.add_argument("--sweep", action="store_true", help="a kill at each point instead")
    parser.add_argument("--seed", type=int, metavar="S", help="where and when, for --count; drawn where none is given")
    options = parser.parse_args()
    if options.sweep and options.seed is not None:
        parser.error("a sweep has no seed")
    # The made-up Discord cannot answer the dead, and says so each time.
    logging.getLogger("aiohttp.server").setLevel(logging.CRITICAL)
    with asyncio.Runner(loop_factory=IdleLoop) as runner:
        return runner.run(_sweep() if options.sweep else _random(options.count, options.seed))


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return number


async def _random(count: int, seed: int | None) -> int:
    seed = secrets.randbelow(1_000_000) if seed is None else seed
    started = time.monotonic()
    told = await random_deaths(count, seed)
    _table({"kills": told.deaths, "seconds": round(time.monotonic() - started)}, told.wrong)
    sys.stdout.write(f"seed {seed}; again: python -m benchmarks.kills --count {count} --seed {seed}\n")
    return 1 if told.wrong else 0


async def _sweep() -> int:
    started = time.monotonic()
    targets, told = await whole_sweep()
    figures = {
        "points": targets.names,
        "kills meant (first and last time of each)": targets.count,
        "kills": told.deaths,
        "points that no day came to again": targets.left,
        "seconds": round(time.monotonic() - started),
    }
    _table(figures, told.wrong)
    for name in targets.named():
        sys.stdout.write(f"not come to again: {name}\n")
    sys.stdout.write("again: python -m benchmarks.kills --sweep\n")
    return 1 if told.wrong else 0


def _table(figures: dict[str, int], wrong: list[str]) -> None:
    sys.stdout.write("| what | number |\n|---|--:|\n")
    for name, number in {**figures, "wrong": len(wrong)}.items():
        sys.stdout.write(f"| {name} | {number} |\n")
    for each in wrong:
        sys.stdout.write(f"wrong: {each}\n")


if __name__ == "__main__":
    sys.exit(main())
