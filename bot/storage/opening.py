"""From a path to a database that may be written: sound, ours, not newer than the program, with all its
tables."""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from bot.errors import NotSaved, NotSavedReason
from bot.storage import files, migrations
from bot.storage.connection import (
    BEGIN,
    COMMIT,
    READER_LOCK_WAIT_MS,
    ROLLBACK,
    WritingConnection,
    connect_writer,
    trouble_of,
)
from bot.storage.erasures import apply_missing
from bot.storage.migrations import Migration
from bot.storage.refusals import DatabaseDamaged, DatabaseForeign, DatabaseInUse, DatabaseReadOnly
from bot.storage.tombstones import Tombstone, read

log = logging.getLogger(__name__)

#: Before it there is nowhere to note that an erasure was applied.
_ERASURES = "0012_erasures"

#: "ESTR", in the header of each of our files.
APPLICATION_ID = 0x45535452


def make_ready(path: Path, now: datetime, known: Sequence[Migration], *, may_create: bool) -> tuple[str, ...]:
    """See to it that `path` is a database of ours that has taken all migrations, and return those it took
    now.

    The caller holds the file. A new file gets its name only once it is whole. Whatever copy of the database it is, the
    erasures whose tombstones lie beside it are applied to it. Raises the refusals of `bot.storage.refusals`; a file
    that was refused is as it was.
    """
    if not files.require_sound_file(path, may_create):
        return _create(path, now, known)
    files.keep_private(path)
    with opened(path) as connection:
        require_sound(connection, path)
        wanted = migrations.pending(connection, path, known)
        _require_log(connection, path)
        tombstones = read(path)
        applied = migrations.apply(connection, path, known, now) if wanted else ()
        _erase(connection, tombstones, known, now)
        return applied


def require_sound(connection: sqlite3.Connection, path: Path) -> None:
    """Raise DatabaseDamaged or DatabaseForeign."""
    findings = [str(row[0]) for row in connection.execute("PRAGMA quick_check")]
    owner = connection.execute("PRAGMA application_id").fetchone()[0]
    if findings != ["ok"]:
        raise DatabaseDamaged(path, tuple(findings))
    if owner != APPLICATION_ID:
        raise DatabaseForeign(path)


@contextlib.contextmanager
def opened(path: Path) -> Iterator[WritingConnection]:
    """A connection that writes, for a while, on this thread. `refusing` applies."""
    with refusing(path), contextlib.closing(connect_writer(path)) as connection:
        connection.execute(f"PRAGMA busy_timeout = {READER_LOCK_WAIT_MS}")
        yield connection


@contextlib.contextmanager
def refusing(path: Path) -> Iterator[None]:
    """What SQLite cannot read, write or get hold of in the block becomes its refusal."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        match trouble_of(error):
            case NotSavedReason.LOCKED:
                raise DatabaseInUse(path, None) from error
            case NotSavedReason.READ_ONLY:
                raise DatabaseReadOnly(path) from error
            case NotSavedReason.FULL:
                raise NotSaved(NotSavedReason.FULL) from error
            case _:
                raise DatabaseDamaged(path, (str(error),)) from error


def _create(path: Path, now: datetime, known: Sequence[Migration]) -> tuple[str, ...]:
    unfinished = path.with_name(f".{path.name}.new")
    for each in files.owned_files(unfinished):
        each.unlink(missing_ok=True)
    files.make_private_file(unfinished)
    try:
        with opened(unfinished) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            _require_log(connection, path)
            tombstones = read(path)
            applied = migrations.apply(connection, path, known, now)
            _erase(connection, tombstones, known, now)
        files.flush(unfinished)
        unfinished.rename(path)
        files.flush(path.parent)
    finally:
        for each in files.owned_files(unfinished):
            each.unlink(missing_ok=True)
    return applied


def _erase(
    connection: WritingConnection, tombstones: Mapping[str, Tombstone], known: Sequence[Migration], now: datetime
) -> None:
    """Apply the erasures that are missing."""
    if not tombstones or all(migration.name != _ERASURES for migration in known):
        return
    connection.control(BEGIN)
    try:
        erased = apply_missing(connection, tombstones, now)
        connection.control(COMMIT)
    finally:
        if connection.in_transaction:
            connection.control(ROLLBACK)
    if erased:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        log.info("erasures.applied n=%d", erased)


def _require_log(connection: sqlite3.Connection, path: Path) -> None:
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if mode != "wal":
        raise DatabaseDamaged(path, (f"journal mode {mode}",))
