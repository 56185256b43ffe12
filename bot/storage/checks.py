"""What can be found wrong with a database, without changing it and without stopping whoever writes to it."""

import contextlib
import sqlite3
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.errors import Refusal
from bot.storage import files, migrations, nouns, queries
from bot.storage.connection import connect_reader
from bot.storage.opening import APPLICATION_ID, refusing
from bot.storage.refusals import (
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseInUse,
    DatabaseNewer,
    MigrationChanged,
)

# The nouns bring their queries along when they are imported.
assert nouns


class FindingKind(StrEnum):
    """What is wrong, in one word."""

    MISSING = "missing"
    EMPTY = "empty"
    UNREADABLE = "unreadable"
    LOCKED = "locked"
    FOREIGN = "foreign"
    DAMAGED = "damaged"
    ORPHANS = "orphans"
    NEWER = "newer"
    CHANGED_MIGRATION = "changed_migration"
    PENDING_MIGRATION = "pending_migration"
    INVARIANT = "invariant"
    OPEN_TO_OTHERS = "open_to_others"


@dataclass(frozen=True, slots=True)
class Finding:
    """`what` names a table, a migration, a query or a file, or is SQLite's own sentence; never anybody's
    words."""

    kind: FindingKind
    what: str
    rows: int = 0


def check(path: Path, named_queries: Mapping[str, Any] | None = None) -> list[Finding]:
    """Everything that is wrong with the database at `path`; empty where all is well.

    `named_queries` are those of the nouns, by the noun's name: the program's own where none are given.
    """
    path = files.true_path(path)
    if not path.is_file():
        return [Finding(FindingKind.MISSING, path.name)]
    if path.stat().st_size == 0:
        return [Finding(FindingKind.EMPTY, path.name)]
    findings = [
        Finding(FindingKind.OPEN_TO_OTHERS, each.name)
        for each in files.owned_files(path)
        if each.exists() and stat.S_IMODE(each.stat().st_mode) & 0o077
    ]
    try:
        with refusing(path), contextlib.closing(connect_reader(path)) as connection:
            findings += _inside(connection, path, queries.loaded() if named_queries is None else named_queries)
    except DatabaseInUse:
        findings.append(Finding(FindingKind.LOCKED, path.name))
    except DatabaseDamaged as damaged:
        findings += [Finding(FindingKind.DAMAGED, sentence) for sentence in damaged.findings]
    except Refusal:
        findings.append(Finding(FindingKind.UNREADABLE, path.name))
    return findings


def require_restorable(copy: Path, about: Path) -> None:
    """Raise the refusal that opening the database at `copy` would meet inside it, told of `about`."""
    with refusing(about), contextlib.closing(connect_reader(copy)) as connection:
        damage = [finding.what for finding in _damage(connection)]
        if damage:
            raise DatabaseDamaged(about, tuple(damage))
        if not _is_ours(connection):
            raise DatabaseForeign(about)
        migrations.pending(connection, about, migrations.known())


def _inside(connection: sqlite3.Connection, path: Path, named_queries: Mapping[str, Any]) -> Iterator[Finding]:
    yield from _damage(connection)
    if not _is_ours(connection):
        yield Finding(FindingKind.FOREIGN, path.name)
        return
    unlike_the_program = list(_migrations(connection, path))
    yield from unlike_the_program
    if not unlike_the_program:
        yield from _invariants(connection, named_queries)


def _damage(connection: sqlite3.Connection) -> Iterator[Finding]:
    for row in connection.execute("PRAGMA integrity_check").fetchall():
        if row[0] != "ok":
            yield Finding(FindingKind.DAMAGED, str(row[0]))
    orphans: dict[str, int] = {}
    for row in connection.execute("PRAGMA foreign_key_check").fetchall():
        orphans[row[0]] = orphans.get(row[0], 0) + 1
    for table, rows in sorted(orphans.items()):
        yield Finding(FindingKind.ORPHANS, table, rows)


def _migrations(connection: sqlite3.Connection, path: Path) -> Iterator[Finding]:
    try:
        for migration in migrations.pending(connection, path, migrations.known()):
            yield Finding(FindingKind.PENDING_MIGRATION, migration.name)
    except DatabaseNewer as newer:
        yield from (Finding(FindingKind.NEWER, name) for name in newer.migrations)
    except MigrationChanged as changed:
        yield Finding(FindingKind.CHANGED_MIGRATION, changed.migration)


def _invariants(connection: sqlite3.Connection, named_queries: Mapping[str, Any]) -> Iterator[Finding]:
    for noun, named in sorted(named_queries.items()):
        for name in sorted(named.available_queries):
            if name.startswith("broken_") and not name.endswith("_cursor"):
                rows = len(list(getattr(named, name)(connection)))
                if rows:
                    yield Finding(FindingKind.INVARIANT, f"{noun}.{name}", rows)


def _is_ours(connection: sqlite3.Connection) -> bool:
    return bool(connection.execute("PRAGMA application_id").fetchone()[0] == APPLICATION_ID)
