"""`estrado` with a clock that leaves out the seconds in which nothing falls due.

`python -m benchmarks.driving.folded run --config ...`. Cues fall on whole minutes. Of each minute of the event its last
three seconds and its first three pass as they do everywhere, on the machine's own time; what lies between them is left
out. So a cue comes every six seconds, and is waited for as it is in earnest.
"""

import asyncio
from datetime import datetime, timedelta

from bot.cli import main
from bot.clock import SystemClock
from bot.operator import timekeeping

_MINUTE, _KEPT, _HALF = timedelta(minutes=1), timedelta(seconds=6), timedelta(seconds=3)


class FoldedClock(SystemClock):
    """Begins with the minute that the machine's clock shows."""

    def __init__(self) -> None:
        self._real = super().now()
        self._event = self._real.replace(second=0, microsecond=0)

    def now(self) -> datetime:
        minutes, passed = divmod(super().now() - self._real, _KEPT)
        return self._event + minutes * _MINUTE + (passed if passed < _HALF else passed + _MINUTE - _KEPT)

    async def sleep_until(self, instant: datetime) -> None:
        while (left := (self.wall(instant) - super().now()).total_seconds()) > 0:  # noqa: ASYNC110 -- nothing else tells
            await asyncio.sleep(left)

    def wall(self, instant: datetime) -> datetime:
        minutes, passed = divmod(instant - self._event, _MINUTE)
        last = passed - _MINUTE + _KEPT
        return self._real + minutes * _KEPT + (passed if passed < _HALF else max(last, _HALF))


if __name__ == "__main__":
    timekeeping.SystemClock = FoldedClock  # type: ignore[misc]
    main(prog_name="estrado")
