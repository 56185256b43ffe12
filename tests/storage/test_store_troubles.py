"""What is said and what remains when the database cannot be written."""

import asyncio
import math
import resource
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.errors import NotSaved, NotSavedReason
from bot.idle import Doors
from bot.storage.store import Reader, Store, Transaction
from tests.storage.children import Holder
from tests.storage.steps import step


@pytest.fixture
def holder(database: Path) -> Iterator[Holder]:
    """Another process with the same database."""
    process = Holder(database)
    yield process
    process.close()


def make_table(tx: Transaction) -> None:
    tx.connection.execute("CREATE TABLE scratch (person INTEGER, half TEXT, at TEXT) STRICT")


def stay(person: int) -> Callable[[Transaction], int]:
    def operation(tx: Transaction) -> int:
        for half in ("first", "second"):
            tx.connection.execute("INSERT INTO scratch VALUES (?, ?, ?)", (person, half, tx.now.isoformat()))
        return person

    return operation


def persons(reader: Reader) -> list[int]:
    rows = reader.connection.execute("SELECT person, count(*) FROM scratch GROUP BY person ORDER BY min(rowid)")
    found = [(person, halves) for person, halves in rows]
    assert all(halves == 2 for _, halves in found)
    return [person for person, _ in found]


class Alarm:
    """Remembers what the store says of its troubles, and wakes whoever waits for one."""

    def __init__(self, store: Store) -> None:
        self.heard: list[NotSavedReason | None] = []
        self._rung = asyncio.Event()
        store.on_trouble(self._hear)

    def _hear(self, reason: NotSavedReason | None) -> None:
        self.heard.append(reason)
        self._rung.set()

    async def wait(self) -> None:
        await self._rung.wait()
        self._rung.clear()


async def not_saved(store: Store, operation: Callable[[Transaction], object]) -> NotSavedReason:
    with pytest.raises(NotSaved) as refused:
        await store.write(operation)
    return refused.value.reason


@pytest.mark.trial("F1")
async def test_a_lock_of_another_process_loses_no_voice_event_and_confirms_nothing_unsaved(
    database: Path, clock: RehearsalClock
) -> None:
    async with Store.open(database, clock, lock_patience_seconds=0.5) as store:
        await store.write(make_table)
        holder, alarm = Holder(database), Alarm(store)
        holder.hold()

        entries = [asyncio.ensure_future(store.write(stay(n), patience=math.inf)) for n in range(400)]
        questions = [asyncio.ensure_future(store.write(stay(1000 + n))) for n in range(10)]
        arrived_at = clock.now().isoformat()
        await alarm.wait()
        asked = await asyncio.gather(*questions, return_exceptions=True)
        late = asyncio.ensure_future(store.write(stay(400), patience=math.inf))

        assert [answer.reason for answer in asked if isinstance(answer, NotSaved)] == ["locked"] * 10
        assert not any(entry.done() for entry in entries)
        assert await store.read(persons) == []
        with pytest.raises(NotSaved):
            await store.write(stay(2000), patience=0)

        await clock.run_for(120)
        holder.release()
        holder.close()

        assert await asyncio.gather(*entries, late) == list(range(401))
        assert await store.read(persons) == list(range(401))
        instants = "SELECT DISTINCT at FROM scratch"
        assert await store.read(lambda r: [row["at"] for row in r.connection.execute(instants)]) == [arrived_at]
        assert (alarm.heard, store.trouble) == ([NotSavedReason.LOCKED, None], None)


@pytest.mark.trial("F1")
async def test_a_lock_that_is_given_back_in_time_is_not_noticed(store: Store, database: Path, holder: Holder) -> None:
    await store.write(make_table)
    alarm = Alarm(store)
    holder.hold()
    waiting = asyncio.ensure_future(store.write(stay(1)))
    await step()

    holder.release()

    assert await waiting == 1
    assert alarm.heard == []


@pytest.mark.trial("F1")
async def test_closing_waits_for_a_lock_only_so_long(database: Path, clock: RehearsalClock) -> None:
    async with Store.open(database, clock, close_patience_seconds=0.2) as store:
        await store.write(make_table)
        holder = Holder(database)
        holder.hold()
        answer = asyncio.ensure_future(store.write(stay(1), patience=math.inf))

    holder.close()
    with pytest.raises(NotSaved) as refused:
        await answer
    assert refused.value.reason is NotSavedReason.LOCKED


@pytest.mark.trial("F3")
async def test_a_cancelled_caller_locks_nobody_out(store: Store, database: Path) -> None:
    await store.write(make_table)
    # At each step of the loop from before the call is taken to after it is answered.
    for steps in range(8):
        caller = asyncio.create_task(store.write(stay(steps)))
        await step(steps)
        caller.cancel()
        await asyncio.wait([caller])

        require_free(database)
        assert await store.write(stay(100 + steps)) == 100 + steps
        if not caller.cancelled():
            assert caller.result() in await store.read(persons)
    assert set(range(100, 108)) <= set(await store.read(persons))


@pytest.mark.trial("F3")
async def test_an_operation_that_had_begun_is_whole_though_its_caller_has_gone(
    database: Path, clock: RehearsalClock
) -> None:
    doors = Doors()
    async with Store.open(database, clock, doors=doors) as store:
        await cancel_while_it_runs(store, doors)


async def cancel_while_it_runs(store: Store, doors: Doors) -> None:
    await store.write(make_table)
    begun, gone = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow(tx: Transaction) -> None:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(gone.wait(), loop).result(timeout=10)
        stay(1)(tx)

    caller = asyncio.create_task(store.write(slow))
    await begun.wait()
    behind = asyncio.create_task(store.write(stay(2)))
    waiting = asyncio.create_task(store.write(stay(3)))
    await step()
    for task in (caller, waiting):
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    assert not doors.shut
    gone.set()

    assert await behind == 2
    assert await store.read(persons) == [1, 2]
    assert (doors.shut, store.pending) == (True, 0)


@pytest.mark.trial("F5")
async def test_a_full_disk_saves_nothing_says_so_and_is_got_over(store: Store, database: Path) -> None:
    await store.write(make_table)
    alarm = Alarm(store)

    def limit(pages: int) -> Callable[[Transaction], int]:
        return lambda tx: int(tx.connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()[0])

    def fill(tx: Transaction) -> None:
        tx.connection.execute("INSERT INTO scratch VALUES (0, ?, '')", ("x" * 100_000,))

    await store.write(limit(1))  # SQLite takes no less than what there is.
    answers = await asyncio.gather(
        store.write(stay(1)), store.write(fill), store.write(stay(2)), return_exceptions=True
    )

    assert [a.reason for a in answers if isinstance(a, NotSaved)] == [NotSavedReason.FULL] * 3
    assert await not_saved(store, fill) is NotSavedReason.FULL
    assert await store.read(persons) == []
    assert store.trouble is NotSavedReason.FULL
    require_free(database)

    await store.write(limit(1_000_000))
    assert await store.write(stay(3)) == 3
    assert await store.read(persons) == [3]
    assert alarm.heard == [NotSavedReason.FULL, None]


async def test_what_fails_only_at_the_commit_is_answered_and_locks_nobody_out(store: Store, database: Path) -> None:
    await store.write(make_table)

    def orphan(tx: Transaction) -> None:
        tx.connection.execute("PRAGMA defer_foreign_keys = ON")
        tx.connection.execute("CREATE TABLE below (above INTEGER REFERENCES below (above)) STRICT")
        tx.connection.execute("CREATE UNIQUE INDEX one_above ON below (above)")
        tx.connection.execute("CREATE TABLE beside (above INTEGER REFERENCES below (above)) STRICT")
        tx.connection.execute("INSERT INTO beside VALUES (7)")

    assert await not_saved(store, orphan) is NotSavedReason.INPUT_OUTPUT
    require_free(database)
    assert await store.write(stay(1)) == 1


@pytest.mark.trial("F5")
async def test_a_disk_that_takes_no_more_bytes_is_told_and_got_over(store: Store, database: Path) -> None:
    await store.write(make_table)
    alarm = Alarm(store)

    with largest_file(database.with_name(database.name + "-wal").stat().st_size):
        assert await not_saved(store, stay(1)) is NotSavedReason.INPUT_OUTPUT
        assert await store.read(persons) == []

    assert await store.write(stay(2)) == 2
    assert await store.read(persons) == [2]
    assert alarm.heard == [NotSavedReason.INPUT_OUTPUT, None]


@pytest.mark.trial("F5")
@pytest.mark.parametrize("ending", ["", "-wal"])
async def test_writing_stops_while_the_files_are_not_the_ones_that_were_opened(
    store: Store, database: Path, ending: str
) -> None:
    await store.write(make_table)
    alarm = Alarm(store)
    file = database.with_name(database.name + ending)
    away = file.rename(file.with_name("away"))

    assert await not_saved(store, stay(1)) is NotSavedReason.REPLACED
    shutil.copy(away, file)
    assert await not_saved(store, stay(2)) is NotSavedReason.REPLACED
    assert alarm.heard == [NotSavedReason.REPLACED]

    away.replace(file)
    assert await store.write(stay(3)) == 3
    assert await store.read(persons) == [3]
    assert alarm.heard == [NotSavedReason.REPLACED, None]


def require_free(database: Path) -> None:
    """Fail where another connection cannot write at once."""
    with closing(sqlite3.connect(database, timeout=0.5, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """No file of this process may grow over `size`."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
