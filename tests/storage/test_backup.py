"""Copies, their way back, upgrades and checks."""

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import aiosql
import pytest

from bot.clock import RehearsalClock
from bot.errors import NotSaved
from bot.storage import backup, migrations
from bot.storage.checks import Finding, FindingKind, check
from bot.storage.opening import make_ready
from bot.storage.refusals import (
    CopyExists,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseNewer,
)
from bot.storage.store import Store, Transaction


def make_table(tx: Transaction) -> None:
    tx.connection.execute("CREATE TABLE scratch (number INTEGER, half TEXT) STRICT")


def pair(number: int, tx: Transaction) -> None:
    for half in ("first", "second"):
        tx.connection.execute("INSERT INTO scratch VALUES (?, ?)", (number, half))


def pairs(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT number, count(*) FROM scratch GROUP BY number ORDER BY number").fetchall()
    assert all(halves == 2 for _, halves in rows)
    return [number for number, _ in rows]


async def make(database: Path, clock: RehearsalClock, numbers: range = range(3)) -> None:
    async with Store.open(database, clock) as store:
        await store.write(make_table)
        for number in numbers:
            await store.write(lambda tx, number=number: pair(number, tx))


def corrupt(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xaa" * (len(content) - 4096)
    path.write_bytes(content)


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


async def test_a_copy_is_whole_while_the_bot_writes(store: Store, tmp_path: Path) -> None:
    await store.write(make_table)
    folder = tmp_path / "copies"
    before = [asyncio.ensure_future(store.write(lambda tx, n=n: pair(n, tx))) for n in range(50)]
    await asyncio.gather(*before)

    async def write_on() -> None:
        for number in range(50, 400):
            await store.write(lambda tx, number=number: pair(number, tx))

    writing = asyncio.create_task(write_on())
    for number in range(3):
        await store.backup(folder / f"{number}.db")
    await writing

    copied = [pairs(folder / f"{number}.db") for number in range(3)]
    assert all(copy == list(range(len(copy))) and len(copy) >= 50 for copy in copied)
    assert len(copied[0]) <= len(copied[1]) <= len(copied[2])
    assert names(folder) == {"0.db", "1.db", "2.db"}
    assert check(folder / "2.db") == []
    # By its header it needs no log beside it, so it can be read where nothing can be written.
    assert (folder / "2.db").read_bytes()[18:20] == b"\x01\x01"


async def test_a_copy_never_takes_another_s_place_unasked(store: Store, database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    copy.write_text("something else")

    with pytest.raises(CopyExists) as refused:
        await store.backup(copy)
    assert refused.value == CopyExists(copy)
    assert copy.read_text() == "something else"

    with pytest.raises(CopyExists):
        await store.backup(database, overwrite=True)

    await store.backup(copy, overwrite=True)
    assert check(copy) == []
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_a_damaged_database_is_not_copied_as_if_it_were_sound(
    database: Path, tmp_path: Path, clock: RehearsalClock
) -> None:
    await make(database, clock, range(300))
    corrupt(database)
    before = names(tmp_path)

    with pytest.raises(DatabaseDamaged) as refused:
        backup.back_up(database, tmp_path / "copy.db")

    assert refused.value.path == database
    assert names(tmp_path) == before


def test_a_database_that_is_not_there_is_not_copied(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing):
        backup.back_up(tmp_path / "nothing.db", tmp_path / "copy.db")

    assert names(tmp_path) == set()


@pytest.mark.trial("F7")
async def test_a_copy_goes_back_to_its_place(database: Path, tmp_path: Path, clock: RehearsalClock) -> None:
    copy = tmp_path / "copies" / "tuesday.db"
    await make(database, clock)
    backup.back_up(database, copy)
    database.unlink()
    with pytest.raises(DatabaseMissing):
        async with Store.open(database, clock, may_create=False):
            pass

    assert backup.restore(copy, database, clock.now()) == ()

    assert pairs(database) == [0, 1, 2]
    async with Store.open(database, clock, may_create=False) as store:
        await store.write(lambda tx: pair(3, tx))
    assert pairs(database) == [0, 1, 2, 3]
    assert pairs(copy) == [0, 1, 2]


@pytest.mark.trial("F7")
async def test_what_a_restored_copy_replaces_is_set_aside(
    database: Path, tmp_path: Path, clock: RehearsalClock
) -> None:
    copy = tmp_path / "copies" / "tuesday.db"
    await make(database, clock)
    backup.back_up(database, copy)
    async with Store.open(database, clock) as store:
        await store.write(lambda tx: pair(3, tx))
        with pytest.raises(DatabaseInUse):
            backup.restore(copy, database, clock.now(), overwrite=True)

    with pytest.raises(CopyExists) as refused:
        backup.restore(copy, database, clock.now())
    assert refused.value == CopyExists(database)
    (aside,) = backup.restore(copy, database, clock.now(), overwrite=True)

    assert pairs(database) == [0, 1, 2]
    assert pairs(aside) == [0, 1, 2, 3]
    assert check(database) == []


async def test_a_bad_copy_touches_nothing(database: Path, tmp_path: Path, clock: RehearsalClock) -> None:
    await make(database, clock, range(300))
    bad = tmp_path / "bad.db"
    backup.back_up(database, bad)
    corrupt(bad)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as connection:
        connection.execute("CREATE TABLE moz_places (url TEXT)")
    later = tmp_path / "later.db"
    backup.back_up(database, later)
    with closing(sqlite3.connect(later)) as connection, connection:
        connection.execute("INSERT INTO migrations VALUES ('9000_later', 'abc', 0)")
    before, content = names(tmp_path), database.read_bytes()

    nowhere = tmp_path / "nowhere.db"
    for copy, refusal in (
        (nowhere, DatabaseMissing),
        (bad, DatabaseDamaged),
        (foreign, DatabaseForeign),
        (later, DatabaseNewer),
    ):
        with pytest.raises(refusal) as refused:
            backup.restore(copy, database, clock.now(), overwrite=True)
        assert refused.value.path == copy

    assert (names(tmp_path), database.read_bytes()) == (before, content)


def test_upgrade_applies_what_is_pending(database: Path, clock: RehearsalClock) -> None:
    own = tuple(migration.name for migration in migrations.known())
    with pytest.raises(DatabaseMissing):
        backup.upgrade(database, clock.now())
    make_ready(database, clock.now(), (), may_create=True)
    assert check(database) == [Finding(FindingKind.PENDING_MIGRATION, name) for name in own]

    assert backup.upgrade(database, clock.now()) == own

    assert check(database) == []
    assert backup.upgrade(database, clock.now()) == ()


async def test_check_goes_on_beside_a_bot_that_writes(store: Store, database: Path) -> None:
    await store.write(make_table)
    await store.write(lambda tx: pair(1, tx))

    assert check(database) == []

    await store.write(lambda tx: pair(2, tx))
    assert pairs(database) == [1, 2]


async def test_check_names_what_is_wrong(database: Path, clock: RehearsalClock) -> None:
    assert check(database) == [Finding(FindingKind.MISSING, "estrado.db")]
    database.touch()
    assert check(database) == [Finding(FindingKind.EMPTY, "estrado.db")]
    database.unlink()

    await make(database, clock, range(300))
    database.chmod(0o640)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("CREATE TABLE halves (number INTEGER REFERENCES halves (other), other INTEGER UNIQUE)")
        connection.executemany("INSERT INTO halves VALUES (?, ?)", [(7, 1), (8, 2), (None, 3)])
        connection.execute("INSERT INTO migrations VALUES ('9000_later', 'abc', 0)")
    assert check(database) == [
        Finding(FindingKind.OPEN_TO_OTHERS, "estrado.db"),
        Finding(FindingKind.ORPHANS, "halves", 2),
        Finding(FindingKind.NEWER, "9000_later"),
    ]

    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DROP TABLE halves")
        connection.execute("DELETE FROM migrations WHERE name = '9000_later'")
        changed = connection.execute("SELECT min(name) FROM migrations").fetchone()[0]
        connection.execute("UPDATE migrations SET sha256 = 'abc' WHERE name = ?", (changed,))
    database.chmod(0o600)
    assert check(database) == [Finding(FindingKind.CHANGED_MIGRATION, changed)]

    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("PRAGMA application_id = 0")
    assert check(database) == [Finding(FindingKind.FOREIGN, "estrado.db")]

    corrupt(database)
    assert {finding.kind for finding in check(database)} == {FindingKind.DAMAGED}


async def test_check_runs_the_invariants_of_the_nouns(database: Path, clock: RehearsalClock) -> None:
    await make(database, clock)
    named = aiosql.from_str(
        """
        -- name: broken_pair()
        SELECT number FROM scratch GROUP BY number HAVING count(*) != 2;

        -- name: every_pair()
        SELECT number FROM scratch;
        """,
        "sqlite3",
    )
    assert check(database, {"pairs": named}) == []

    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("DELETE FROM scratch WHERE number = 1 AND half = 'first'")

    assert check(database, {"pairs": named}) == [Finding(FindingKind.INVARIANT, "pairs.broken_pair", 1)]


async def test_what_is_asked_after_closing_is_refused(database: Path, tmp_path: Path, clock: RehearsalClock) -> None:
    async with Store.open(database, clock) as store:
        pass

    for ask in (store.scrub, lambda: store.backup(tmp_path / "after.db")):
        with pytest.raises(NotSaved):
            await ask()

    backup.back_up(database, tmp_path / "after.db")
    assert check(tmp_path / "after.db") == []
