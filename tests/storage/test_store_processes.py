"""What a process leaves behind when it is killed, and that it ends when it is done."""

import signal
import sqlite3
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.storage.checks import check
from bot.storage.store import Store
from tests.storage import children

_PRELUDE = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.clock import SystemClock
from bot.storage.store import Store
path = Path(sys.argv[1])

def make_table(tx):
    tx.connection.execute("CREATE TABLE IF NOT EXISTS scratch (writer INTEGER, half TEXT) STRICT")

def both_halves(writer):
    def operation(tx):
        for half in ("first", "second"):
            tx.connection.execute("INSERT INTO scratch VALUES (?, ?)", (writer, half))
        return writer
    return operation
"""

_WRITER = (
    _PRELUDE
    + """
async def writer(store, place):
    for n in range(place, 10**9, 20):
        print(await store.write(both_halves(n)), flush=True)

async def main():
    async with Store.open(path, SystemClock()) as store:
        await store.write(make_table)
        await asyncio.gather(*(writer(store, place) for place in range(20)))

asyncio.run(main())
"""
)


@pytest.mark.trial("F7")
async def test_what_was_answered_survives_a_kill_and_everything_is_whole(database: Path, clock: RehearsalClock) -> None:
    answered: list[int] = []
    for lines in (1, 7, 40, 333):
        process = children.start(_WRITER.replace("range(place,", f"range({10_000 * lines} + place,"), str(database))
        assert process.stdout is not None
        read = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        # The last line may be cut short by the kill.
        read += [line for line in process.stdout if line.endswith("\n")]
        _, errors = process.communicate(timeout=10)
        assert (process.returncode, errors) == (-signal.SIGKILL, "")
        answered += [int(line) for line in read]

    assert check(database) == []
    async with Store.open(database, clock, may_create=False) as store:
        rows = await store.read(
            lambda reader: reader.connection.execute(
                "SELECT writer, count(*), count(DISTINCT half) FROM scratch GROUP BY writer"
            ).fetchall()
        )
    assert {tuple(row)[1:] for row in rows} == {(2, 2)}
    assert set(answered) <= {row[0] for row in rows}
    assert len(answered) >= 381


_ENDINGS = {
    "an exception in set-up": """
async def main():
    async with Store.open(path, SystemClock()) as store:
        await store.write(make_table)
        raise SystemExit(3)
asyncio.run(main())
""",
    "an exception while operations wait": """
async def main():
    async with Store.open(path, SystemClock()) as store:
        await store.write(make_table)
        async with asyncio.TaskGroup() as group:
            for n in range(1000):
                group.create_task(store.write(both_halves(n)))
            raise SystemExit(3)
asyncio.run(main())
""",
    "nobody closes": """
async def main():
    store = await Store.open(path, SystemClock()).__aenter__()
    await store.write(make_table)
    sys.exit(3)
asyncio.run(main())
""",
    "interrupted": """
async def main():
    async with Store.open(path, SystemClock()) as store:
        await store.write(make_table)
        await store.write(both_halves(1))
        os.kill(os.getpid(), signal.SIGINT)
        await asyncio.get_running_loop().create_future()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(3)
""",
    "interrupted twice, the second time while it closes": """
async def main():
    async with Store.open(path, SystemClock()) as store:
        await store.write(make_table)
        loop = asyncio.get_running_loop()
        def again():
            def operation(tx):
                os.kill(os.getpid(), signal.SIGINT)
            return store.write(operation)
        waiting = asyncio.ensure_future(again())
        os.kill(os.getpid(), signal.SIGINT)
        await loop.create_future()
try:
    asyncio.run(main())
except KeyboardInterrupt:
    sys.exit(3)
""",
    "a file that cannot be opened": """
async def main():
    path.write_bytes(b"no database at all, but some other file " * 200)
    async with Store.open(path, SystemClock()) as store:
        pass
try:
    asyncio.run(main())
except Exception as refused:
    sys.exit(3 if type(refused).__name__ == "DatabaseDamaged" else 4)
""",
    "a connection that fails after the other is open": """
import bot.storage.store
def fail(path):
    raise OSError
bot.storage.store.connect_reader = fail
async def main():
    async with Store.open(path, SystemClock()) as store:
        pass
try:
    asyncio.run(main())
except OSError:
    sys.exit(3)
""",
}


@pytest.mark.trial("F4")
@pytest.mark.parametrize("ending", _ENDINGS.values(), ids=_ENDINGS.keys())
def test_a_process_ends_by_itself(database: Path, ending: str) -> None:
    ended = children.run(_PRELUDE + ending, str(database), seconds=10)

    assert ended.returncode == 3, ended.stderr
    # Whoever starts it again finds it free.
    assert [finding for finding in check(database) if finding.kind == "locked"] == []


@pytest.mark.trial("F4")
def test_after_an_end_in_set_up_the_database_can_be_written(database: Path) -> None:
    children.run(_PRELUDE + _ENDINGS["an exception while operations wait"], str(database))

    with sqlite3.connect(database, timeout=0.1) as connection:
        halves = connection.execute("SELECT writer, count(*) FROM scratch GROUP BY writer").fetchall()
        connection.execute("DELETE FROM scratch")
    connection.close()
    assert {count for _, count in halves} <= {2}
