"""A connection to SQLite that lives on a thread of its own, and how every connection is set."""

import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Self, TypeVar, cast

import aiosqlite

from bot.errors import NotSavedReason

T = TypeVar("T")

#: How long SQLite itself waits for a lock before it says so. Short, so that the writer can answer whoever
#: cannot wait any longer and take along what has come meanwhile; it is also the pause between two attempts.
WRITER_LOCK_WAIT_MS = 200
READER_LOCK_WAIT_MS = 5_000

#: The write-ahead log is cut back to this size once it has been carried over.
_JOURNAL_SIZE_LIMIT = 16 * 1024 * 1024

# SQLite's primary codes that say nothing about the statement and all about the file, the disk or the others.
_TROUBLE = {
    sqlite3.SQLITE_BUSY: NotSavedReason.LOCKED,
    sqlite3.SQLITE_PROTOCOL: NotSavedReason.LOCKED,
    sqlite3.SQLITE_FULL: NotSavedReason.FULL,
    sqlite3.SQLITE_READONLY: NotSavedReason.READ_ONLY,
    sqlite3.SQLITE_IOERR: NotSavedReason.INPUT_OUTPUT,
    sqlite3.SQLITE_CANTOPEN: NotSavedReason.INPUT_OUTPUT,
    sqlite3.SQLITE_CORRUPT: NotSavedReason.INPUT_OUTPUT,
    sqlite3.SQLITE_NOTADB: NotSavedReason.INPUT_OUTPUT,
    sqlite3.SQLITE_NOMEM: NotSavedReason.INPUT_OUTPUT,
    sqlite3.SQLITE_INTERRUPT: NotSavedReason.INPUT_OUTPUT,
}

_CONTROL = frozenset({sqlite3.SQLITE_TRANSACTION, sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH})

# SQLite asks for leave when a statement is prepared, and Python keeps prepared statements by their text.
# These texts are therefore nobody else's: whatever else says BEGIN, COMMIT or ROLLBACK has to ask.
BEGIN = "BEGIN IMMEDIATE TRANSACTION"
COMMIT = "COMMIT TRANSACTION"
ROLLBACK = "ROLLBACK TRANSACTION"


class ThreadConnection(aiosqlite.Connection):
    """aiosqlite's connection, able to run a whole function on its thread."""

    def __init__(self, connector: Callable[[], sqlite3.Connection]) -> None:
        super().__init__(connector, iter_chunk_size=64)
        # The process has to end even where nobody got to close: what was answered is on the disk by then.
        self._thread.daemon = True

    async def __aenter__(self) -> Self:
        await super().__aenter__()
        return self

    async def run(self, function: Callable[[sqlite3.Connection], T]) -> T:
        """What `function` returns or raises. Functions run in the order of the calls, and to their end even
        where the caller is cancelled."""
        # What it raises comes back as a value: aiosqlite would write it to its log, people's words and all.
        result, error = await self._execute(_boxed, function, self._conn)  # type: ignore[no-untyped-call]
        if error is not None:
            raise error
        return cast(T, result)


class WritingConnection(sqlite3.Connection):
    """A connection whose transaction can be begun and ended by `control` alone.

    `executescript`, which commits before it starts, and a stray COMMIT raise `sqlite3.DatabaseError` in it.
    """

    _controls = False

    def guard(self) -> None:
        """From here on, refuse."""
        self.set_authorizer(self._leave)

    def control(self, statement: str) -> None:
        """Begin or end the transaction."""
        self._controls = True
        try:
            self.execute(statement)
        finally:
            self._controls = False

    def _leave(self, action: int, *_: object) -> int:
        return sqlite3.SQLITE_OK if self._controls or action not in _CONTROL else sqlite3.SQLITE_DENY


def connect_writer(path: Path) -> WritingConnection:
    """The connection that writes. What it commits is on the disk, and what it deletes is overwritten."""
    connection = sqlite3.connect(
        _never_making(path), uri=True, isolation_level=None, cached_statements=512, factory=WritingConnection
    )
    _set(connection, WRITER_LOCK_WAIT_MS)
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA journal_size_limit = {_JOURNAL_SIZE_LIMIT}")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.guard()
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that sees what is committed and can change nothing."""
    connection = sqlite3.connect(_never_making(path), uri=True, isolation_level=None, cached_statements=512)
    _set(connection, READER_LOCK_WAIT_MS)
    connection.execute("PRAGMA query_only = ON")
    return connection


def _set(connection: sqlite3.Connection, lock_wait_ms: int) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute(f"PRAGMA busy_timeout = {lock_wait_ms}")
    # What SQLite sorts aside holds people's words too and does not belong in a folder of temporary files.
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")


def trouble_of(error: BaseException) -> NotSavedReason | None:
    """Why nothing can be saved, where that is what SQLite's `error` says; None where it is about a
    statement."""
    return _TROUBLE.get(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK) & 0xFF)


def let_go(error: BaseException) -> None:
    """Empty the frames that `error` has come through. They hold cursors, which end on their own thread
    alone."""
    links: list[BaseException | None] = [error]
    seen: set[int] = set()
    while links:
        link = links.pop()
        if link is not None and id(link) not in seen:
            seen.add(id(link))
            traceback.clear_frames(link.__traceback__)
            links += [link.__cause__, link.__context__]


def _boxed(
    function: Callable[[sqlite3.Connection], T], connection: sqlite3.Connection
) -> tuple[T | None, BaseException | None]:
    try:
        return function(connection), None
    except BaseException as error:  # noqa: BLE001 -- raised again where it is awaited
        let_go(error)
        return None, error


def _never_making(path: Path) -> str:
    return f"{path.as_uri()}?mode=rw"
