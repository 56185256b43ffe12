"""What became of each single attempt at a request: discord.py makes up to five, and tells of the last alone."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp

_UNAUTHORIZED, _SERVER_ERRORS = 401, 500


@dataclass(slots=True)
class Attempts:
    """The attempts at one request."""

    #: Whether one ended so that Discord may have done what was asked, whatever it answered to a later one.
    may_be_done: bool = False


_current: ContextVar[Attempts | None] = ContextVar("attempts", default=None)


@contextmanager
def attempts() -> Iterator[Attempts]:
    """What becomes of the attempts that are made in this task for the length of the block."""
    made = Attempts()
    before = _current.set(made)
    try:
        yield made
    finally:
        _current.reset(before)


def watching(trace: aiohttp.TraceConfig, on_token_refused: Callable[[], None]) -> aiohttp.TraceConfig:
    """`trace`, through which attempts are known as well. `on_token_refused` is called when Discord does not know the
    token that a request bore; what goes by an interaction's own token bears none."""

    async def ended(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, answered: aiohttp.TraceRequestEndParams
    ) -> None:
        status = answered.response.status
        if status == _UNAUTHORIZED and "Authorization" in answered.headers:
            on_token_refused()
        if status >= _SERVER_ERRORS:
            _doubt()

    async def failed(
        _session: aiohttp.ClientSession, _context: SimpleNamespace, _failed: aiohttp.TraceRequestExceptionParams
    ) -> None:
        _doubt()

    trace.on_request_end.append(ended)
    trace.on_request_exception.append(failed)
    return trace


def _doubt() -> None:
    if (made := _current.get()) is not None:
        made.may_be_done = True
