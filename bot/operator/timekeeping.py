"""Whose time the bot keeps, and on which event loop: the only place that chooses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.clock import Clock, SystemClock
from bot.followed_clock import followed_clock
from bot.idle import Doors, IdleLoop, counting_requests


@dataclass(frozen=True, slots=True)
class Timekeeping:
    """`loop_factory` is for asyncio.Runner; `clock` opens the clock on that loop; `http_trace` goes to the client."""

    loop_factory: Callable[[], asyncio.AbstractEventLoop]
    clock: Callable[[], AbstractAsyncContextManager[Clock]]
    http_trace: aiohttp.TraceConfig | None


def timekeeping(follow: str | None) -> Timekeeping:
    """The machine's own time, or, in a rehearsal, the time of the clock at the address `follow`."""
    if follow is None:
        return Timekeeping(asyncio.new_event_loop, _machine_clock, None)
    requests = Doors()
    return Timekeeping(IdleLoop, lambda: followed_clock(follow, requests), counting_requests(requests))


@asynccontextmanager
async def _machine_clock() -> AsyncIterator[SystemClock]:
    yield SystemClock()
