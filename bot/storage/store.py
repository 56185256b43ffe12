"""The store: one writer, one reader, over one SQLite file.

WAL with `synchronous=FULL`: what `write` returned is on the disk, and survives a kill and, as far as the disk
keeps its word, a power cut.
"""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Coroutine
from pathlib import Path
from typing import Any, Protocol, TypeVar

from bot.clock import Clock
from bot.errors import NotSaved, NotSavedReason
from bot.storage import files, migrations
from bot.storage.backup import back_up
from bot.storage.connection import ThreadConnection, connect_reader, connect_writer
from bot.storage.door import Call, Door, Transaction, finished
from bot.storage.nouns import Nouns
from bot.storage.opening import make_ready

__all__ = ["Reader", "Store", "Transaction"]

log = logging.getLogger(__name__)

T = TypeVar("T")

_EMPTY_THE_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"

Troubled = Callable[[NotSavedReason | None], None]


class Reader(Nouns):
    """What a query reads through, while it runs and no longer; it can change nothing."""


class Doors(Protocol):
    """Told when work out of the loop's sight begins and ends."""

    def enter(self) -> None: ...

    def leave(self) -> None: ...


class Store:
    """An open database. Made by `Store.open` alone."""

    def __init__(
        self,
        path: Path,
        writer: ThreadConnection,
        reader: ThreadConnection,
        identity: files.Identity,
        clock: Clock,
        lock_patience_seconds: float,
        doors: Doors | None,
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._path = path
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._lock_patience_seconds = lock_patience_seconds
        self._doors = doors
        self._identity = identity
        self._reads = 0
        self._closed = False
        self._trouble: NotSavedReason | None = None
        self._listeners: list[Troubled] = []
        self._door = Door(
            writer,
            identity,
            lock_patience_seconds=lock_patience_seconds,
            answered=self._leave,
            troubled=self._note_trouble,
        )

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls,
        path: Path,
        clock: Clock,
        *,
        may_create: bool = True,
        lock_patience_seconds: float = 30,
        close_patience_seconds: float = 5,
        doors: Doors | None = None,
        mounts: Path = files.MOUNTS,
    ) -> AsyncIterator["Store"]:
        """The database at `path`, with all migrations applied, for the length of the block.

        At its end everybody is answered, and the log is carried over and emptied; only a lock of another process's
        is waited out no longer than `close_patience_seconds`. `doors` hears of every write and read that is under way.

        `may_create=False` once the event's first session has begun: a file that is missing then is a loss and
        not a beginning. Raises the refusals of `bot.storage.refusals` and leaves nothing behind when it does.
        """
        path = files.true_path(path)
        files.require_own_disk(path, mounts)
        async with contextlib.AsyncExitStack() as stack:
            stack.enter_context(files.claimed(path, may_create=may_create))
            applied = make_ready(path, clock.now(), migrations.known(), may_create=may_create)
            writer = await stack.enter_async_context(ThreadConnection(lambda: connect_writer(path)))
            reader = await stack.enter_async_context(ThreadConnection(lambda: connect_reader(path)))
            # The first read makes SQLite open its log, which is part of what must not be replaced.
            await reader.run(lambda connection: connection.execute("SELECT count(*) FROM sqlite_schema").fetchall())
            files.keep_private(path)
            store = cls(path, writer, reader, files.Identity.of(path), clock, lock_patience_seconds, doors)
            log.info("store.opened migrations_applied=%d", len(applied))
            try:
                yield store
            finally:
                store._closed = True
                await store._door.close(close_patience_seconds)
                # SQLite does it as well when the last connection closes, which need not be one of these.
                with contextlib.suppress(sqlite3.Error):
                    await writer.run(store._empty_the_log)
                log.info("store.closed")

    @property
    def path(self) -> Path:
        """Where it is; what is committed there may be looked at by other processes meanwhile."""
        return self._path

    def write(
        self, operation: Callable[[Transaction], T], patience: float | None = None, *, ahead: bool = False
    ) -> Coroutine[Any, Any, T]:
        """Await what `operation` returns, once it is on the disk, or what it raised, once it is undone.

        The operation is a plain function. It runs on the database's thread, alone, and may be queued behind
        others: operations run in the order in which `write` was called, not in which it was awaited, and
        `tx.now` is the instant of that call. Where SQLite could take nothing, raises NotSaved and nothing of
        the operation remains. What has its hour goes `ahead` of all that came before it and still waits, in order
        among itself.

        Where another process holds the database, waits for `patience` seconds (by default the store's):
        `math.inf` for what cannot be asked for again, such as a voice event. A caller that is cancelled gets
        no answer; its operation is then committed whole or not at all.
        """
        seconds = self._lock_patience_seconds if patience is None else patience
        call = Call(operation, self._clock.now(), self._loop.create_future(), self._loop.time() + seconds)
        self._enter()
        self._door.enter(call, ahead=ahead)
        return _answer_to(call)

    async def read(self, query: Callable[[Reader], T]) -> T:
        """What `query` returns or raises. It sees one state of the database, everything that was committed
        before the call in it, and runs on a thread of its own. Raises NotSaved with CLOSED after closing."""
        self._require_open()
        now = self._clock.now()
        self._reads += 1
        self._enter()
        try:
            return await self._reader.run(lambda connection: _look(query, Reader(connection, now)))
        finally:
            self._leave()
            self._reads -= 1

    async def scrub(self) -> bool:
        """Carry the log over into the database and empty it, so that what was erased is nowhere in the files.

        False where somebody else still reads an older state: ask again later.
        """
        self._require_open()
        self._enter()
        try:
            return await self._writer.run(self._empty_the_log)
        finally:
            self._leave()

    async def backup(self, copy: Path, *, overwrite: bool = False) -> None:
        """`bot.storage.backup.back_up` of this database. Reads and writes go on meanwhile."""
        self._require_open()
        self._enter()
        try:
            await asyncio.to_thread(back_up, self._path, copy, overwrite=overwrite)
        finally:
            self._leave()

    @property
    def pending(self) -> int:
        """How many writes and reads have no answer yet."""
        return self._door.pending + self._reads

    @property
    def busy(self) -> bool:
        """Whether anything is queued or running."""
        return self.pending > 0

    @property
    def trouble(self) -> NotSavedReason | None:
        """Why the last transaction could not be saved, or None while all goes well."""
        return self._trouble

    def on_trouble(self, listener: Troubled) -> None:
        """Call `listener` with the reason when writing begins to fail or fails otherwise, and with None when
        it goes again: once each, however many operations it concerns. A lock counts once it outlasts the
        store's patience."""
        self._listeners.append(listener)

    def _empty_the_log(self, connection: sqlite3.Connection) -> bool:
        """On the writer's thread. Never into a file that is not the one that was opened."""
        if not self._identity.holds():
            return False
        row = connection.execute(_EMPTY_THE_LOG).fetchone()
        self._identity.leave()
        return bool(row[0] == 0)

    def _note_trouble(self, reason: NotSavedReason | None) -> None:
        if reason == self._trouble:
            return
        self._trouble = reason
        log.log(logging.INFO if reason is None else logging.ERROR, "store.trouble reason=%s", reason)
        for listener in self._listeners:
            self._loop.call_soon(listener, reason)

    def _require_open(self) -> None:
        if self._closed:
            raise NotSaved(NotSavedReason.CLOSED)

    def _enter(self) -> None:
        if self._doors is not None:
            self._doors.enter()

    def _leave(self) -> None:
        if self._doors is not None:
            self._doors.leave()


async def _answer_to(call: Call) -> Any:
    await call.answer
    if call.error is not None:
        raise call.error
    return call.result


def _look(query: Callable[[Reader], T], reader: Reader) -> T:
    reader.connection.execute("BEGIN")
    try:
        return finished(query(reader))
    finally:
        reader.connection.execute("ROLLBACK")
