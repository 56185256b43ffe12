"""A copy of the database every night, and so many of them kept. The anonymity key is in none, on purpose."""

import asyncio
import contextlib
import logging
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.clock import Clock
from bot.config import Config
from bot.errors import Refusal
from bot.storage import backup, files
from bot.storage.store import Store

log = logging.getLogger(__name__)

#: In the event's zone: long before any session, and not at the hour at which everything else on a machine is done.
_HOUR = time(3, 35)

#: What the opening of an event needs comes first; and who starts it again and again is not held up.
_AFTER_THE_START = timedelta(minutes=10)

#: A copy that could not be made is tried again after so long.
_AGAIN = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that is there."""

    file: Path
    made_at: datetime


class Backups:
    """The copies of the store's database. None is made before `nightly` is entered."""

    def __init__(self, store: Store, config: Config, clock: Clock) -> None:
        self._store = store
        self._folder = config.backups.folder or store.path.parent
        self._keep = config.backups.keep
        self._zone = config.timezone
        self._clock = clock
        self._failed_at: datetime | None = None

    @property
    def folder(self) -> Path:
        """Where they lie."""
        return self._folder

    @property
    def failed_at(self) -> datetime | None:
        """When the last attempt failed; None where it did not."""
        return self._failed_at

    async def last(self) -> Backup | None:
        """The newest copy that the folder has, made by night or by hand; what an earlier run made counts too."""
        found = await asyncio.to_thread(backup.copies_in, self._folder, self._store.path)
        backups = (Backup(copy.file, copy.made_at) for copy in found if not copy.is_set_aside)
        return max(backups, key=lambda each: each.made_at, default=None)

    @contextlib.asynccontextmanager
    async def nightly(self) -> AsyncIterator[None]:
        """Make one every night for the length of the block, and at once, or nearly, where nights were missed."""
        if not self._keep:
            yield
            return
        task = asyncio.create_task(self._every_night(), name="backups")
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def make(self) -> Backup:
        """Make one now, checked and on the disk, and remove those that are too many.

        Raises OSError and the refusals of the database; the copies that are there stay then.
        """
        now = self._clock.now()
        copy = self._folder / backup.nightly_name(self._store.path, now)
        await self._store.backup(copy)
        self._failed_at = None
        removed = await asyncio.to_thread(self._tidy)
        log.info("backup.made bytes=%d removed=%d", (await asyncio.to_thread(copy.stat)).st_size, removed)
        return Backup(copy, now)

    def _tidy(self) -> int:
        """Remove what is too many, and what an earlier run could not finish, of those made by night alone: what
        somebody copied by hand is theirs."""
        backup.remove_unfinished(self._folder, self._store.path)
        copies = backup.copies_in(self._folder, self._store.path)
        nightly = sorted((copy for copy in copies if copy.is_nightly), key=lambda copy: copy.made_at)
        too_many = [copy.file for copy in nightly[: -self._keep]]
        backup.remove_copies(too_many)
        if too_many:
            files.flush(self._folder)
        return len(too_many)

    async def _every_night(self) -> None:
        due_at = await self._first_due()
        while True:
            await self._clock.sleep_until(due_at)
            try:
                await self.make()
            except (OSError, Refusal) as trouble:
                due_at = self._failed(trouble, _reason(trouble))
            except Exception as trouble:  # what nobody foresaw must not end all nights to come, unnoticed
                log.exception("backup.unforeseen")
                due_at = self._failed(trouble, "unforeseen")
            else:
                due_at = self.night_after(self._clock.now())

    def _failed(self, trouble: Exception, reason: str) -> datetime:
        """When it is tried again."""
        self._failed_at = self._clock.now()
        log.error("backup.failed kind=%s reason=%s", type(trouble).__name__, reason)
        return self._failed_at + _AGAIN

    async def _first_due(self) -> datetime:
        now = self._clock.now()
        try:
            last = await self.last()
        except OSError:
            last = None
        missed = last is None or self.night_after(last.made_at) <= now
        return now + _AFTER_THE_START if missed else self.night_after(now)

    def night_after(self, instant: datetime) -> datetime:
        """The first nightly hour after `instant`."""
        day = instant.astimezone(self._zone).date()
        tonight = datetime.combine(day, _HOUR, self._zone)
        # Compared as instants: two times of one zone are compared by what its clocks show.
        if instant.timestamp() < tonight.timestamp():
            return tonight
        return datetime.combine(day + timedelta(days=1), _HOUR, self._zone)


def _reason(trouble: OSError | Refusal) -> str:
    if isinstance(trouble, OSError):
        return os.strerror(trouble.errno) if trouble.errno else "unknown"
    return str(getattr(trouble, "reason", "refused"))
