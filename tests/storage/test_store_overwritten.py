"""A database that somebody writes another one over, under the same name, while it is open."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.errors import NotSaved, NotSavedReason
from bot.storage.store import Store, Transaction
from tests.storage.test_store_troubles import Alarm, make_table, not_saved, persons, stay


async def older_copy(database: Path, clock: RehearsalClock) -> Path:
    async with Store.open(database, clock) as store:
        await store.write(make_table)
    return shutil.copy(database, database.with_name("older"))


@pytest.mark.trial("F5")
async def test_writing_stops_when_an_older_copy_is_written_over_the_file(database: Path, clock: RehearsalClock) -> None:
    older = await older_copy(database, clock)
    async with Store.open(database, clock) as store:
        await store.write(stay(1))
        alarm = Alarm(store)
        database.write_bytes(older.read_bytes())

        for number in (2, 3):
            assert await not_saved(store, stay(number)) is NotSavedReason.REPLACED
        assert not await store.scrub()

        assert alarm.heard == [NotSavedReason.REPLACED]
        assert database.read_bytes() == older.read_bytes()


async def test_what_the_store_itself_carries_over_is_its_own(store: Store, database: Path) -> None:
    def fill(tx: Transaction) -> None:
        tx.connection.executemany("INSERT INTO scratch VALUES (0, ?, '')", [("x" * 4000,)] * 700)

    await store.write(make_table)
    sizes = {database.stat().st_size}
    for _ in range(3):
        # More than SQLite lets the log grow to before it carries it over.
        await store.write(fill)
        sizes.add(database.stat().st_size)
    assert len(sizes) > 1
    assert await store.scrub()
    assert await store.write(lambda _: True)


async def test_what_another_program_adds_through_sqlite_is_nobodys_harm(store: Store, database: Path) -> None:
    await store.write(make_table)
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("INSERT INTO scratch VALUES (7, 'first', ''), (7, 'second', '')")
    assert await store.write(stay(8)) == 8
    assert await store.read(persons) == [7, 8]


async def test_a_store_that_was_overwritten_closes_and_the_next_looks_at_what_is_there(
    database: Path, clock: RehearsalClock
) -> None:
    older = await older_copy(database, clock)
    async with Store.open(database, clock) as store:
        await store.write(stay(1))
        database.write_bytes(older.read_bytes())
        with pytest.raises(NotSaved):
            await store.write(stay(2))
    # What the log had of it is carried over by SQLite, as after any end, and the whole is sound or refused.
    async with Store.open(database, clock) as store:
        assert await store.read(persons) == [1]
