"""The alarm clock: calls what is due at its instant of the event. What to do then is decided by who is called.

The only importer of apscheduler. It holds ONE job, for the earliest instant there is, armed anew after each run and
each leap of the clock; the entries are here, and whoever made them can make them again after a restart.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.date import DateTrigger

from bot.clock import Clock

log = logging.getLogger(__name__)

Run = Callable[[], Awaitable[None]]

#: How long to wait before trying again what failed, by how often it failed; the last one from then on.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300))

#: A timer of the machine does not see its clock being set or the machine asleep: so it is looked at this often.
_LOOK_AGAIN = timedelta(seconds=30)

_JOB = "estrado"


@dataclass(slots=True)
class _Entry:
    instant: datetime
    run: Run
    failures: int = 0


def pause(failures: int) -> timedelta:
    """How long to wait after so many failures in a row, one or more."""
    return PAUSES[min(failures, len(PAUSES)) - 1]


class Schedule:
    """Named calls at instants of the event.

    One call of a name runs at a time; different names never wait for each other. A call that raises is made again
    after 30 seconds, then 1, 2, and every 5 minutes of the event.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: dict[str, _Entry] = {}
        self._running: dict[str, asyncio.Task[None]] = {}
        self._scheduler: AsyncIOScheduler | None = None
        clock.on_leap(self._arm)

    @property
    def jobs(self) -> tuple[Any, ...]:
        """The jobs that apscheduler holds: at most one."""
        return () if self._scheduler is None else tuple(self._scheduler.get_jobs())

    @property
    def names(self) -> frozenset[str]:
        """What is still to be called, or being called."""
        return frozenset(self._entries) | frozenset(self._running)

    def at(self, name: str, instant: datetime, run: Run) -> None:
        """Call `run` at `instant`, at once where that is past; in place of what was to be called by that name.

        May be used before `start` and from within the call itself; a call of the name that runs is not disturbed.
        """
        self._entries[name] = _Entry(instant, run)
        self._clock.expect(instant)
        self._arm()

    def cancel(self, name: str) -> None:
        """Do not call it any more; a call that runs is not disturbed."""
        self._entries.pop(name, None)
        self._arm()

    async def start(self) -> None:
        """Begin, with what is due already; where it has begun already nothing happens."""
        if self._scheduler is None:
            self._scheduler = AsyncIOScheduler(timezone=UTC)
            self._scheduler.start()
            self._arm()

    async def stop(self, patience_seconds: float = 5) -> None:
        """Call nothing more; return once what runs has ended, or has been cancelled after `patience_seconds`."""
        if self._scheduler is not None:
            self._scheduler.remove_all_jobs()
            self._scheduler.shutdown(wait=False)
            self._scheduler = None
        if tasks := list(self._running.values()):
            _, unfinished = await asyncio.wait(tasks, timeout=patience_seconds)
            for task in unfinished:
                task.cancel()
            await asyncio.gather(*unfinished, return_exceptions=True)
        self._entries.clear()
        # Apscheduler ends by a callback of the loop's; whoever closes the loop next must not forestall it.
        await asyncio.sleep(0)

    def _arm(self) -> None:
        """Set the one job to the earliest instant of what can be called."""
        if self._scheduler is None:
            return
        instants = [entry.instant for name, entry in self._entries.items() if name not in self._running]
        if not instants:
            self._scheduler.remove_all_jobs()
            return
        look_again = self._clock.wall(self._clock.now()) + _LOOK_AGAIN
        self._scheduler.add_job(
            self._wake,
            DateTrigger(min(self._clock.wall(min(instants)), look_again), timezone=UTC),
            id=_JOB,
            replace_existing=True,
            # However late it comes, it is called: what is too late is decided by who is called.
            misfire_grace_time=None,
            coalesce=True,
            # A job that is armed anew while its earlier run is just ending would be skipped, and lost, with one.
            max_instances=8,
        )

    async def _wake(self) -> None:
        now = self._clock.now()
        due = [
            (entry.instant, name)
            for name, entry in self._entries.items()
            if entry.instant <= now and name not in self._running
        ]
        for _, name in sorted(due):
            task = asyncio.get_running_loop().create_task(self._call(name, self._entries.pop(name)), name=name)
            self._running[name] = task
        self._arm()

    async def _call(self, name: str, entry: _Entry) -> None:
        try:
            await entry.run()
        except Exception:
            failures = entry.failures + 1
            log.exception("schedule.failed name=%s failures=%d", name, failures)
            if name not in self._entries:
                self._entries[name] = _Entry(self._clock.now() + pause(failures), entry.run, failures)
                self._clock.expect(self._entries[name].instant)
        finally:
            del self._running[name]
            self._arm()
