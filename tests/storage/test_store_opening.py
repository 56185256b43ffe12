"""What is refused before anything is written, and who may read the files."""

import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.storage.refusals import (
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseNewer,
    DatabaseReadOnly,
    SharedFolder,
)
from bot.storage.store import Store
from tests.storage import children


async def fill(database: Path, clock: RehearsalClock) -> bytes:
    """Make a database with something in it and return the file's bytes."""
    async with Store.open(database, clock) as store:
        await store.write(lambda tx: tx.connection.execute("CREATE TABLE scratch (text TEXT) STRICT").rowcount)
        for start in range(0, 400, 100):
            rows = [(f"{n} " * 100,) for n in range(start, start + 100)]
            await store.write(
                lambda tx, rows=rows: tx.connection.executemany("INSERT INTO scratch VALUES (?)", rows).rowcount
            )
    return database.read_bytes()


async def reopen(database: Path, clock: RehearsalClock, **options: object) -> int:
    async with Store.open(database, clock, **options) as store:  # type: ignore[arg-type]
        count = "SELECT count(*) FROM scratch"
        return await store.read(lambda reader: reader.connection.execute(count).fetchone()[0])


async def test_a_new_database_keeps_what_it_is_told(database: Path, clock: RehearsalClock) -> None:
    await fill(database, clock)

    assert await reopen(database, clock, may_create=False) == 400


@pytest.mark.trial("F7")
async def test_the_documented_journal_and_sync_modes_are_in_force(store: Store) -> None:
    def pragma(name: str) -> object:
        return lambda tx: tx.connection.execute(f"PRAGMA {name}").fetchone()[0]

    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    assert {name: await store.write(pragma(name)) for name in expected} == expected  # type: ignore[arg-type]
    assert await store.read(pragma("query_only")) == 1  # type: ignore[arg-type]


@pytest.mark.trial("F7")
@pytest.mark.parametrize("leftover", [False, True])
async def test_a_missing_file_is_no_beginning_once_the_event_has_begun(
    database: Path, clock: RehearsalClock, leftover: bool
) -> None:
    log = database.with_name(database.name + "-wal")
    if leftover:
        log.write_bytes(b"what was left of it")

    with pytest.raises(DatabaseMissing) as refused:
        await reopen(database, clock, may_create=leftover)

    assert refused.value == DatabaseMissing(database, (log,) if leftover else ())
    assert not database.exists()
    assert log.exists() is leftover


@pytest.mark.trial("F7")
async def test_a_folder_that_is_missing_is_not_made_once_the_event_has_begun(
    tmp_path: Path, clock: RehearsalClock
) -> None:
    with pytest.raises(DatabaseMissing):
        await reopen(tmp_path / "unplugged" / "estrado.db", clock, may_create=False)

    assert not (tmp_path / "unplugged").exists()


@pytest.mark.trial("F7")
async def test_a_damaged_file_is_refused_and_left_alone(database: Path, clock: RehearsalClock) -> None:
    whole = await fill(database, clock)
    middle = len(whole) // 2
    damaged = {
        "empty": b"",
        "cut in the middle": whole[:middle],
        "cut in the header": whole[:60],
        "its last page is missing": whole[:-4096],
        "another kind of file": b"event,day\n" * 2000,
        "a page overwritten": whole[: 4096 * 5] + os.urandom(4096) + whole[4096 * 6 :],
    }
    for name, content in damaged.items():
        database.write_bytes(content)
        with pytest.raises(DatabaseDamaged) as refused:
            await reopen(database, clock)
        assert refused.value.path == database, name
        assert refused.value.findings, name
        assert database.read_bytes() == content, name

    database.write_bytes(whole)
    assert await reopen(database, clock) == 400


@pytest.mark.trial("F7")
async def test_a_file_that_contradicts_itself_is_refused(database: Path, clock: RehearsalClock) -> None:
    async with Store.open(database, clock) as store:
        table = "CREATE TABLE scratch (place INTEGER NOT NULL CHECK (place > 0)) STRICT"
        await store.write(lambda tx: tx.connection.execute(table).rowcount)
    with sqlite3.connect(database) as careless:
        careless.execute("PRAGMA ignore_check_constraints = ON")
        careless.execute("INSERT INTO scratch VALUES (0)")
    careless.close()

    with pytest.raises(DatabaseDamaged) as refused:
        await reopen(database, clock)

    assert refused.value == DatabaseDamaged(database, ("CHECK constraint failed in scratch",))


async def test_a_database_of_another_program_is_refused(database: Path, clock: RehearsalClock) -> None:
    with sqlite3.connect(database) as other:
        other.execute("CREATE TABLE moz_places (url TEXT)")
    other.close()
    content = database.read_bytes()

    with pytest.raises(DatabaseForeign):
        await reopen(database, clock)

    assert database.read_bytes() == content


@pytest.mark.trial("F7")
async def test_a_file_of_a_later_release_is_refused(database: Path, clock: RehearsalClock) -> None:
    await fill(database, clock)
    with sqlite3.connect(database) as later:
        later.execute("INSERT INTO migrations VALUES ('9000_later', 'abc', 0)")
    later.close()

    with pytest.raises(DatabaseNewer) as refused:
        await reopen(database, clock)

    assert refused.value == DatabaseNewer(database, ("9000_later",))


async def test_a_second_store_in_this_process_is_refused(store: Store, database: Path, clock: RehearsalClock) -> None:
    with pytest.raises(DatabaseInUse) as refused:
        await reopen(database, clock)

    assert refused.value == DatabaseInUse(database, os.getpid())


async def test_a_second_process_is_refused_and_the_first_is_named(database: Path, clock: RehearsalClock) -> None:
    await fill(database, clock)
    program = """
import asyncio, os, sys
from pathlib import Path
from bot.clock import SystemClock
from bot.storage.store import Store
async def main():
    async with Store.open(Path(sys.argv[1]), SystemClock()):
        print(os.getpid(), flush=True)
        sys.stdin.readline()
asyncio.run(main())
"""
    first = children.start(program, str(database))
    assert first.stdout is not None
    pid = int(first.stdout.readline())

    with pytest.raises(DatabaseInUse) as refused:
        await reopen(database, clock)
    assert refused.value == DatabaseInUse(database, pid)

    first.kill()
    first.communicate(timeout=10)
    assert await reopen(database, clock) == 400


@pytest.mark.trial("F5")
async def test_a_file_that_was_made_read_only_is_refused(database: Path, clock: RehearsalClock) -> None:
    await fill(database, clock)
    database.chmod(0o444)

    with pytest.raises(DatabaseReadOnly) as refused:
        await reopen(database, clock)

    assert refused.value == DatabaseReadOnly(database)
    assert stat.S_IMODE(database.stat().st_mode) == 0o444


_MOUNTS = """\
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
23 22 0:21 / /proc rw,nosuid - proc proc rw
42 22 0:42 / {point}/deeper rw,relatime - ext4 /dev/vdb rw
40 22 0:40 / {point} rw,relatime shared:9 - {filesystem} 10.0.0.5:/exports/event rw,vers=4.2
41 22 0:41 / {point}-beside rw,relatime - nfs4 10.0.0.5:/exports/other rw
"""


@pytest.mark.trial("F7")
@pytest.mark.parametrize(
    "filesystem", ["nfs", "nfs4", "cifs", "smb3", "9p", "virtiofs", "vboxsf", "fuse.sshfs", "fuse.grpcfuse", "fuse"]
)
async def test_a_folder_that_others_share_is_refused(tmp_path: Path, clock: RehearsalClock, filesystem: str) -> None:
    shared = tmp_path / "carpeta del evento"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(_MOUNTS.format(point=str(shared).replace(" ", "\\040"), filesystem=filesystem))

    with pytest.raises(SharedFolder) as refused:
        await reopen(shared / "datos" / "estrado.db", clock, mounts=mounts)

    assert refused.value == SharedFolder(shared / "datos" / "estrado.db", filesystem)
    assert not shared.exists()


@pytest.mark.trial("F7")
async def test_a_disk_of_its_own_is_taken(tmp_path: Path, clock: RehearsalClock) -> None:
    shared = tmp_path / "shared"
    mounts = tmp_path / "mountinfo"
    mounts.write_text(_MOUNTS.format(point=shared, filesystem="nfs4"))

    for folder in (shared / "deeper", tmp_path / "shared-not"):
        async with Store.open(folder / "estrado.db", clock, mounts=mounts) as store:
            assert await store.read(lambda _: True)


@pytest.fixture
def careless() -> Iterator[None]:
    """A process whose new files anybody may read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


@pytest.mark.trial("P2")
async def test_nobody_else_reads_the_files(careless: None, tmp_path: Path, clock: RehearsalClock) -> None:
    database, copy = tmp_path / "one" / "two" / "estrado.db", tmp_path / "copies" / "tuesday.db"

    async with Store.open(database, clock) as store:
        await store.write(lambda tx: tx.connection.execute("CREATE TABLE scratch (text TEXT) STRICT").rowcount)
        await store.backup(copy)
        assert modes(tmp_path) == {
            "copies": 0o700,
            "copies/tuesday.db": 0o600,
            "one": 0o700,
            "one/two": 0o700,
            "one/two/estrado.db": 0o600,
            "one/two/estrado.db-shm": 0o600,
            "one/two/estrado.db-wal": 0o600,
            "one/two/estrado.db.lock": 0o600,
        }

    database.chmod(0o644)
    async with Store.open(database, clock):
        assert modes(tmp_path)["one/two/estrado.db"] == 0o600


def modes(folder: Path) -> dict[str, int]:
    return {str(p.relative_to(folder)): stat.S_IMODE(p.stat().st_mode) for p in sorted(folder.rglob("*"))}


async def test_clean_stop_leaves_nothing_in_the_log_though_others_have_the_database_open(
    database: Path, clock: RehearsalClock
) -> None:
    log = database.with_name(database.name + "-wal")
    async with Store.open(database, clock) as store:
        other = sqlite3.connect(database)
        other.execute("SELECT count(*) FROM facts").fetchall()
        await store.write(lambda tx: tx.facts.remember({"name": "Zutano"}))
        await store.write(lambda tx: tx.facts.remember({"name": "-"}))
        assert b"Zutano" in log.read_bytes()
    assert log.stat().st_size == 0
    assert b"Zutano" not in database.read_bytes()
    other.close()
