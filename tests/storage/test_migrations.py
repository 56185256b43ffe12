"""Migrations are applied once, each whole, and an applied one stays as it was."""

import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import to_ms
from bot.storage import migrations
from bot.storage.connection import connect_writer
from bot.storage.migrations import Migration
from bot.storage.refusals import DatabaseNewer, MigrationChanged, MigrationFailed
from tests.storage import children

NOW = datetime(2020, 9, 8, 15, tzinfo=UTC)

ROOMS = Migration("0001_rooms", "-- Why: people meet; somewhere.\nCREATE TABLE rooms (name TEXT PRIMARY KEY) STRICT;\n")
SEATS = Migration(
    "0002_seats",
    """
    CREATE TABLE seats (room TEXT NOT NULL REFERENCES rooms (name), place INTEGER NOT NULL) STRICT;
    INSERT INTO rooms VALUES ('sala; 2'), ('auditorio -- grande');
    CREATE TRIGGER one_seat_a_room AFTER INSERT ON rooms BEGIN
        INSERT INTO seats VALUES (new.name, 1);
        INSERT INTO seats VALUES (new.name, 2);
    END;
    INSERT INTO rooms VALUES ('sala 3');  -- with its seats
    -- nothing more to say
    """,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An empty database."""
    database = tmp_path / "estrado.db"
    database.touch()
    return database


def apply(path: Path, *wanted: Migration) -> tuple[str, ...]:
    with closing(connect_writer(path)) as connection:
        return migrations.apply(connection, path, wanted, NOW)


def look(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query).fetchall()


def test_each_is_applied_once_and_recorded(path: Path) -> None:
    assert apply(path, ROOMS) == ("0001_rooms",)
    assert apply(path, ROOMS, SEATS) == ("0002_seats",)
    assert apply(path, ROOMS, SEATS) == ()

    assert look(path, "SELECT name, sha256, applied_at FROM migrations ORDER BY name") == [
        (migration.name, migration.sha256, to_ms(NOW)) for migration in (ROOMS, SEATS)
    ]
    assert look(path, "SELECT name FROM rooms ORDER BY rowid") == [
        ("sala; 2",),
        ("auditorio -- grande",),
        ("sala 3",),
    ]
    assert look(path, "SELECT room, place FROM seats") == [("sala 3", 1), ("sala 3", 2)]


@pytest.mark.parametrize(
    "last",
    [
        "INSERT INTO rooms VALUES ('x'), ('x');",
        "INSERT INTO nowhere VALUES (1);",
        "INSERT INTO seats VALUES ('no room', 1);",
        "COMMIT;",
        "ROLLBACK;",
        "BEGIN;",
        "DETACH main;",
        "CREATE TABLE unfinished (",
    ],
)
def test_of_one_that_fails_nothing_remains(path: Path, last: str) -> None:
    apply(path, ROOMS)

    with pytest.raises(MigrationFailed) as failed:
        apply(path, ROOMS, Migration("0002_seats", SEATS.text + last))

    assert (failed.value.path, failed.value.migration) == (path, "0002_seats")
    assert failed.value.reason
    assert look(path, "SELECT name FROM sqlite_schema WHERE type IN ('table', 'trigger') ORDER BY name") == [
        ("migrations",),
        ("rooms",),
    ]
    assert apply(path, ROOMS, SEATS) == ("0002_seats",)


def test_a_table_that_others_refer_to_can_be_rebuilt(path: Path) -> None:
    apply(path, ROOMS, SEATS)
    rebuilt = Migration(
        "0003_room_size",
        """
        CREATE TABLE new_rooms (name TEXT PRIMARY KEY, size INTEGER NOT NULL DEFAULT 0) STRICT;
        INSERT INTO new_rooms (name) SELECT name FROM rooms;
        DROP TABLE rooms;
        ALTER TABLE new_rooms RENAME TO rooms;
        """,
    )

    assert apply(path, ROOMS, SEATS, rebuilt) == ("0003_room_size",)

    assert look(path, "SELECT count(*) FROM seats JOIN rooms ON name = room") == [(2,)]
    assert look(path, "PRAGMA foreign_key_check") == []


def test_a_later_release_s_are_refused(path: Path) -> None:
    apply(path, ROOMS, SEATS)

    with pytest.raises(DatabaseNewer) as refused:
        apply(path, ROOMS)

    assert refused.value == DatabaseNewer(path, ("0002_seats",))


def test_an_applied_one_that_was_changed_is_refused(path: Path) -> None:
    apply(path, ROOMS)

    with pytest.raises(MigrationChanged) as refused:
        apply(path, Migration(ROOMS.name, ROOMS.text + "\n-- a word more"), SEATS)

    assert refused.value == MigrationChanged(path, "0001_rooms")
    assert look(path, "SELECT name FROM migrations") == [("0001_rooms",)]


def test_line_endings_of_a_checkout_change_nothing(tmp_path: Path) -> None:
    (tmp_path / "0001_rooms.sql").write_bytes(ROOMS.text.replace("\n", "\r\n").encode())

    assert migrations.known(tmp_path) == (ROOMS,)


@pytest.mark.parametrize(
    "files",
    [
        {"0001_rooms.sql": ROOMS.text, "0001_seats.sql": SEATS.text},
        {"rooms.sql": ROOMS.text},
        {"0001_rooms.sql": "CREATE TABLE a (b INTEGER REFERENCES a (b) DEFERRABLE INITIALLY DEFERRED) STRICT;"},
    ],
    ids=["one number twice", "no number", "deferred"],
)
def test_what_cannot_be_applied_safely_is_not_loaded(tmp_path: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)

    with pytest.raises(ValueError, match=r"0001|rooms"):
        migrations.known(tmp_path)


def test_the_program_s_own_apply_to_a_new_file(path: Path) -> None:
    own = migrations.known()

    assert apply(path, *own) == tuple(migration.name for migration in own)
    assert look(path, "PRAGMA integrity_check") == [("ok",)]


_KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.storage import migrations
from bot.storage.connection import connect_writer
path, folder, left = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
connection = connect_writer(path)
def count(statement):
    global left
    left -= 1
    if left < 0:
        os.kill(os.getpid(), signal.SIGKILL)
connection.set_trace_callback(count)
migrations.apply(connection, path, migrations.known(folder), datetime(2020, 9, 8, tzinfo=UTC))
"""


@pytest.mark.trial("F7")
def test_a_kill_between_any_two_statements_leaves_the_file_whole(path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for migration in (ROOMS, SEATS):
        (folder / f"{migration.name}.sql").write_text(migration.text)
    empty = path.read_bytes()
    states = set()

    for statements in range(60):
        for file in path.parent.glob("estrado.db*"):
            file.unlink()
        path.write_bytes(empty)
        killed = children.run(_KILLED, str(path), str(folder), str(statements))
        tables = {row[0] for row in look(path, "SELECT name FROM sqlite_schema WHERE type = 'table'")}
        recorded = look(path, "SELECT name FROM migrations ORDER BY name") if tables else []
        states.add((len(recorded), frozenset(tables)))
        assert apply(path, ROOMS, SEATS) == tuple(m.name for m in (ROOMS, SEATS))[len(recorded) :]
        if killed.returncode == 0:
            break
        assert killed.returncode == -signal.SIGKILL, killed.stderr

    assert killed.returncode == 0
    assert states == {
        (0, frozenset()),
        (1, frozenset({"migrations", "rooms"})),
        (2, frozenset({"migrations", "rooms", "seats"})),
    }
