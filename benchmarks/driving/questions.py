"""What is asked, and a database in which so much of it is there already."""

import asyncio
import random
import string
from pathlib import Path

from bot.clock import SystemClock
from bot.config import load
from bot.ids import PersonId
from bot.services import open_services

__all__ = ["nearly", "seed", "words"]

#: Words that every fourth question or so shares: what a search for questions that are alike has to look through.
_COMMON = (
    "frontera",
    "proceso",
    "registro",
    "persona",
    "fiscal",
    "policia",
    "traslado",
    "protocolo",
    "acuerdo",
    "plazo",
)


def words(n: int) -> str:
    """A question with words that others have too, and so many of its own that it resembles none of them."""
    parts = [_COMMON[n % 10], _COMMON[n // 10 % 10], _COMMON[n // 100 % 10]]
    source = random.Random(n)
    parts += ["".join(source.choices(string.ascii_lowercase, k=8)) for _ in range(6)]
    return f"¿{' '.join(parts)}?"


def nearly(n: int) -> str:
    """What somebody else asks who wants to know the same as `words(n)`."""
    return words(n).replace("?", " también?")


async def seed(config: Path, database: Path, n: int, approved: int) -> None:
    """`words(0)` to `words(n - 1)` are asked, each by another person, and the first `approved` of them are approved.

    They have the numbers 1 to n. Whoever opens the database next finds it as after a restart.
    """
    async with open_services(load(config), SystemClock(), database) as services:
        queue = services.queue
        numbers = []
        for i in range(n):
            work = queue.ask(PersonId(i + 1), words(i), anonymous=False, addressed_to=None, language="es")
            numbers.append(asyncio.ensure_future(work))
        asked = [each.number for each in await asyncio.gather(*numbers)]
        if asked != list(range(1, n + 1)):
            raise RuntimeError("the questions have not the numbers 1 to n")
        if len(await queue.approve_all(asked[:approved], PersonId(n + 1))) != approved:
            raise RuntimeError(f"not {approved} of them are approved")
