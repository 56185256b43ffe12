"""Numbered migrations in plain SQL, each applied in one transaction that records it too.

Home-made, after a look at yoyo-migrations 9. Its steps are committed on one connection and recorded in a
second transaction on another, so a process killed in between leaves a migration that is there and not
recorded; it guards itself with a lock row that such a death leaves behind, and it writes the operator's user
and host name into the database. Here a migration and its record are one commit, and what keeps a second
process out is the lock of `bot.storage.files`, which dies with its holder.

A migration may not begin or end a transaction, nor defer a constraint: deferred, it would fail at the commit
that many operations share. Foreign keys are off while it runs, so that tables can be rebuilt, and are checked
before its commit.
"""

import hashlib
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.clock import to_ms
from bot.storage.connection import BEGIN, COMMIT, ROLLBACK, WritingConnection, trouble_of
from bot.storage.refusals import DatabaseNewer, MigrationChanged, MigrationFailed

FOLDER = Path(__file__).parent / "migrations"

_RECORDS = """
CREATE TABLE IF NOT EXISTS migrations (
    name TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    applied_at INTEGER NOT NULL
) STRICT
"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One file: its name without the ending, and its text."""

    name: str
    text: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> Iterator[str]:
        """Each statement by itself, comments included."""
        statement = ""
        for piece in re.split(r"(?<=;)", self.text):
            statement += piece
            if sqlite3.complete_statement(statement):
                yield statement.strip()
                statement = ""
        if _says_something(statement):
            yield statement.strip()


def known(folder: Path = FOLDER) -> tuple[Migration, ...]:
    """The program's migrations, in order. Raises ValueError where two share a number or a name is no such
    name."""
    migrations = tuple(Migration(p.stem, p.read_text("utf-8")) for p in sorted(folder.glob("*.sql")))
    numbers = [m.name[:4] for m in migrations]
    for migration in migrations:
        if not re.fullmatch(r"\d{4}_[a-z_]+", migration.name) or numbers.count(migration.name[:4]) > 1:
            raise ValueError(f"not a migration's name, or its number is taken: {migration.name}")
        if re.search(r"\bDEFERRABLE\b", migration.text, re.IGNORECASE):
            raise ValueError(f"a constraint is deferred: {migration.name}")
    return migrations


def pending(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> tuple[Migration, ...]:
    """Those that the file has not taken. Raises DatabaseNewer and MigrationChanged."""
    applied = _applied(connection)
    if unknown := sorted(applied.keys() - {m.name for m in migrations}):
        raise DatabaseNewer(path, tuple(unknown))
    for migration in migrations:
        if applied.get(migration.name, migration.sha256) != migration.sha256:
            raise MigrationChanged(path, migration.name)
    return tuple(m for m in migrations if m.name not in applied)


def apply(connection: WritingConnection, path: Path, migrations: Sequence[Migration], now: datetime) -> tuple[str, ...]:
    """Apply those that are pending and return their names.

    Raises MigrationFailed; the ones before it stay applied, and of the failed one nothing remains.
    """
    wanted = pending(connection, path, migrations)
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        for migration in wanted:
            _apply_one(connection, path, migration, now)
    finally:
        connection.execute("PRAGMA foreign_keys = ON")
    return tuple(m.name for m in wanted)


def _apply_one(connection: WritingConnection, path: Path, migration: Migration, now: datetime) -> None:
    connection.control(BEGIN)
    try:
        connection.execute(_RECORDS)
        for statement in migration.statements:
            connection.execute(statement)
        if orphans := connection.execute("PRAGMA foreign_key_check").fetchall():
            raise sqlite3.IntegrityError(f"FOREIGN KEY constraint failed: {len(orphans)} rows")
        connection.execute(
            "INSERT INTO migrations (name, sha256, applied_at) VALUES (?, ?, ?)",
            (migration.name, migration.sha256, to_ms(now)),
        )
        connection.control(COMMIT)
    except sqlite3.Error as error:
        if connection.in_transaction:
            connection.control(ROLLBACK)
        if trouble_of(error):
            raise
        raise MigrationFailed(path, migration.name, str(error)) from error


def _applied(connection: sqlite3.Connection) -> dict[str, str]:
    there = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'migrations'").fetchone()
    return dict(connection.execute("SELECT name, sha256 FROM migrations").fetchall()) if there else {}


def _says_something(sql: str) -> bool:
    return re.sub(r"--[^\n]*|/\*.*?\*/|[\s;]", "", sql, flags=re.DOTALL) != ""
