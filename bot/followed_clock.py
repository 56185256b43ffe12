"""The clock of a bot that runs in a process of its own during a rehearsal: it shows what the rehearsal's clock says.

Over one WebSocket the rehearsal sends `{"now": milliseconds, "n": number}`. This side sets its clock, waits until
nothing is under way here, and answers `{"n": number, "requests": count, "due": milliseconds | null}`: how many of its
requests are unanswered (the rehearsal knows which of them it holds back itself) and what it waits for next.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import TypedDict

import aiohttp

from bot.clock import RehearsalClock, from_ms, to_ms
from bot.idle import Doors, IdleLoop


class Tick(TypedDict):
    """What the rehearsal sends."""

    now: int
    n: int


class Stillness(TypedDict):
    """What the bot answers."""

    n: int
    requests: int
    due: int | None


class RehearsalGone(Exception):
    """The rehearsal closed the connection, or never answered: there is no time any more."""


@asynccontextmanager
async def followed_clock(url: str, requests: Doors) -> AsyncIterator[RehearsalClock]:
    """A clock that follows the rehearsal at `url` for the length of the block.

    `requests` are the doors that count the requests of this process; they are reported, not waited for. Must run on
    an IdleLoop. Raises RehearsalGone, also out of the block when the rehearsal ends first.
    """
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    async with aiohttp.ClientSession() as session:
        try:
            socket = await session.ws_connect(url)
            first: Tick = await socket.receive_json()
        except (aiohttp.ClientError, TypeError, ValueError) as error:
            raise RehearsalGone from error
        clock = RehearsalClock(from_ms(first["now"]))
        async with asyncio.TaskGroup() as tasks:
            following = tasks.create_task(_follow(socket, clock, loop, requests, first), name="clock")
            yield clock
            following.cancel()


async def _follow(
    socket: aiohttp.ClientWebSocketResponse,
    clock: RehearsalClock,
    loop: IdleLoop,
    requests: Doors,
    tick: Tick,
) -> None:
    while True:
        await loop.still()
        due = clock.next_due()
        # Rounded up: a clock that stopped just short of it would wake nobody.
        due_ms = None if due is None else to_ms(due + timedelta(microseconds=999))
        answer = Stillness(n=tick["n"], requests=requests.entered, due=due_ms)
        await socket.send_json(answer)
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            raise RehearsalGone
        tick = message.json()
        if (now := from_ms(tick["now"])) != clock.now():
            clock.set(now)
