"""An event loop that knows when nothing is under way, so that a rehearsal's time can leap exactly then.

A loop asks its selector to wait only when no callback is ready. At that moment nothing is under way unless bytes are
readable, a door is open (work that the loop cannot see: a thread, a database operation, a request that is still
unanswered) or a timer of a few seconds runs, which is how a client waits after a 502 or a 429.
"""

import asyncio
import selectors
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from contextvars import Context
from types import SimpleNamespace
from typing import Any

import aiohttp

#: Timers up to this length are waits of work that is under way; longer ones are keep-alives and limits.
SHORT_TIMER_SECONDS = 4.0


class Doors:
    """Counts the work that is under way out of the loop's sight. Entered and left on the loop's thread."""

    def __init__(self) -> None:
        self._entered = 0
        self._counters: list[Callable[[], int]] = []

    def enter(self) -> None:
        """One more piece of work is under way."""
        self._entered += 1

    def leave(self) -> None:
        """One piece of work has ended, well or not."""
        self._entered -= 1

    @contextmanager
    def open(self) -> Iterator[None]:
        """Hold a door open for the length of a block."""
        self.enter()
        try:
            yield
        finally:
            self.leave()

    def count(self, counter: Callable[[], int]) -> None:
        """Add what `counter` returns to the doors that are open; it may be negative, to take off what only waits."""
        self._counters.append(counter)

    def forget(self, counter: Callable[[], int]) -> None:
        """Stop adding what `counter` returns."""
        self._counters.remove(counter)

    @property
    def entered(self) -> int:
        """How many pieces of work were entered here and not left."""
        return self._entered

    @property
    def shut(self) -> bool:
        """Whether nothing is under way."""
        return self._entered + sum(counter() for counter in self._counters) <= 0


def counting_requests(doors: Doors) -> aiohttp.TraceConfig:
    """A trace for an HTTP client that holds a door open while a request is unanswered."""

    async def began(_session: aiohttp.ClientSession, _context: SimpleNamespace, _parameters: object) -> None:
        doors.enter()

    async def ended(_session: aiohttp.ClientSession, _context: SimpleNamespace, _parameters: object) -> None:
        doors.leave()

    trace = aiohttp.TraceConfig()
    trace.on_request_start.append(began)
    trace.on_request_end.append(ended)
    trace.on_request_exception.append(ended)
    return trace


class _IdleSelector(selectors.DefaultSelector):
    """Tells its loop when the loop would have to wait although nothing is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.on_idle: Callable[[], None] | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout == 0 or self.on_idle is None:
            return super().select(timeout)
        if ready := super().select(0):
            return ready
        self.on_idle()
        # Whoever waits for idleness has been woken by a callback that is ready now, so this must not block; where
        # something is still under way, it ends by bytes or by a timer, both of which the selector waits for.
        return [] if self.on_idle is None else super().select(timeout)


class IdleLoop(asyncio.SelectorEventLoop):
    """The standard selector loop, with `still()`."""

    def __init__(self) -> None:
        self._idle_selector = _IdleSelector()
        super().__init__(self._idle_selector)
        self.doors = Doors()
        self.fences: list[Callable[[], Awaitable[None]]] = []
        self._short_timers: set[asyncio.TimerHandle] = set()

    async def still(self) -> None:
        """Return once nothing is under way, and each fence (a peer's proof of having read all) has been passed."""
        await self._idle()
        for fence in tuple(self.fences):
            await fence()
        if self.fences:
            await self._idle()

    async def _idle(self) -> None:
        waiter = self.create_future()

        def wake_if_idle() -> None:
            if self.doors.shut and not self._waits_shortly():
                self._idle_selector.on_idle = None
                if not waiter.done():
                    waiter.set_result(None)

        self._idle_selector.on_idle = wake_if_idle
        try:
            await waiter
        finally:
            self._idle_selector.on_idle = None

    def _waits_shortly(self) -> bool:
        now = self.time()
        self._short_timers = {t for t in self._short_timers if not t.cancelled() and t.when() > now}
        return bool(self._short_timers)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        timer = super().call_at(when, callback, *args, context=context)
        if when - self.time() <= SHORT_TIMER_SECONDS:
            self._short_timers.add(timer)
        return timer

    def run_in_executor(  # type: ignore[override]
        self, executor: Executor | None, func: Callable[..., Any], *args: Any
    ) -> asyncio.Future[Any]:
        self.doors.enter()
        try:
            future = super().run_in_executor(executor, func, *args)
        except BaseException:
            self.doors.leave()
            raise
        future.add_done_callback(lambda _: self.doors.leave())
        return future
