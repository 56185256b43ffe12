"""The time of the event. The only place that asks the machine what time it is."""

import asyncio
import heapq
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Protocol

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: In a rehearsal nothing may fire by the machine's own time: what is not due yet is armed this far away.
_FAR = timedelta(hours=12)


def to_ms(instant: datetime) -> int:
    """Whole milliseconds since 1970 in UTC, as the database keeps instants. `instant` must be aware."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_ms(milliseconds: int) -> datetime:
    """The aware UTC instant that `to_ms` made the number from."""
    return _EPOCH + timedelta(milliseconds=milliseconds)


class Clock(Protocol):
    """What time it is in the event, and how to wait for it."""

    def now(self) -> datetime:
        """The instant, aware, in UTC."""

    async def sleep_until(self, instant: datetime) -> None:
        """Return once `now()` has reached `instant`, at once where it has already."""

    async def sleep(self, seconds: float) -> None:
        """Return once so many seconds of the event have passed."""

    def wall(self, instant: datetime) -> datetime:
        """The machine's time at which a scheduler has to fire for an instant of the event."""

    def expect(self, instant: datetime) -> None:
        """Say that something is due at `instant`, so that a leap of time stops there."""

    def on_leap(self, listener: Callable[[], None]) -> None:
        """Call `listener` whenever the time has changed by something other than passing."""


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep_until(self, instant: datetime) -> None:
        # Nothing tells of a clock that was set, so it has to be asked.
        while (left := (instant - self.now()).total_seconds()) > 0:  # noqa: ASYNC110
            # In slices, so that a machine that was suspended or set right notices within half a minute.
            await asyncio.sleep(min(left, 30))

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    def wall(self, instant: datetime) -> datetime:
        return instant

    def expect(self, instant: datetime) -> None:
        pass

    def on_leap(self, listener: Callable[[], None]) -> None:
        pass


class RehearsalClock:
    """Time that stands still and leaps when told to: to the next thing due, or where a test wants it.

    `still` is awaited before each leap and must return once nothing is under way any more. `pace` is awaited with the
    length of each leap, for somebody who wants to watch.
    """

    def __init__(
        self,
        start: datetime,
        still: Callable[[], Awaitable[None]] | None = None,
        pace: Callable[[timedelta], Awaitable[None]] | None = None,
    ) -> None:
        self._now = start.astimezone(UTC)
        self._still = still
        self._pace = pace
        self._order = itertools.count()
        self._due: list[tuple[datetime, int, asyncio.Future[None] | None]] = []
        self._listeners: list[Callable[[], None]] = []

    def now(self) -> datetime:
        return self._now

    async def sleep_until(self, instant: datetime) -> None:
        if instant <= self._now:
            return
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._due, (instant, next(self._order), waiter))
        await waiter

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self._now + timedelta(seconds=seconds))

    def wall(self, instant: datetime) -> datetime:
        real = SystemClock().now()
        return real if instant <= self._now else real + _FAR

    def expect(self, instant: datetime) -> None:
        if instant > self._now:
            heapq.heappush(self._due, (instant, next(self._order), None))

    def on_leap(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def next_due(self) -> datetime | None:
        """The earliest instant that anything waits for, or None."""
        while self._due and (waiter := self._due[0][2]) is not None and waiter.done():
            heapq.heappop(self._due)
        return self._due[0][0] if self._due else None

    async def run_until(self, instant: datetime) -> None:
        """Leap from due thing to due thing up to `instant`, each time once all is still; end there, still."""
        await self.be_still()
        while (due := self.next_due()) is not None and due <= instant:
            await self._leap(max(due, self._now))
        if instant > self._now:
            await self._leap(instant)

    async def _leap(self, instant: datetime) -> None:
        if self._pace is not None:
            await self._pace(instant - self._now)
        self.set(instant)
        await self.be_still()

    async def run_for(self, seconds: float) -> None:
        """`run_until` so many seconds from now."""
        await self.run_until(self._now + timedelta(seconds=seconds))

    async def be_still(self) -> None:
        """Return once nothing is under way."""
        if self._still is not None:
            await self._still()

    def set(self, instant: datetime) -> None:
        """Make it `instant`, earlier or later, and wake what is due by then; a clock set back wakes nobody."""
        self._now = instant.astimezone(UTC)
        while self._due and self._due[0][0] <= self._now:
            waiter = heapq.heappop(self._due)[2]
            if waiter is not None and not waiter.done():
                waiter.set_result(None)
        for listener in self._listeners:
            listener()
