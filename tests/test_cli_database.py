"""`estrado db`: checks, upgrades, copies and their way back."""

import json
import re
import sqlite3
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.storage.store import Store
from tests.command_line import estrado
from tests.factories import CONFIG_FILE


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, in a folder of the test's own."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    return file


@pytest.fixture
async def database(tmp_path: Path) -> Path:
    """A database of ours that nobody has open."""
    path = tmp_path / "data" / "estrado.db"
    async with Store.open(path, RehearsalClock(datetime(2020, 9, 8, 14, tzinfo=UTC))):
        pass
    return path


def test_db_backup_makes_a_private_copy_and_names_it(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "one.db"
    result = estrado("db", "backup", "--database", database, "--out", copy)
    assert (result.exit_code, result.stdout) == (0, f"{copy}\n")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert estrado("db", "check", "--database", copy).exit_code == 0
    again = estrado("db", "backup", "--database", database, "--out", copy)
    assert (again.exit_code, again.stdout) == (1, "")
    assert again.stderr == f"{copy} exists already. Choose another name, or add --overwrite.\n"
    assert estrado("db", "backup", "--database", database, "--out", copy, "--overwrite").exit_code == 0


def test_db_backup_makes_nothing_of_nothing(config_file: Path, tmp_path: Path) -> None:
    result = estrado("db", "backup", "--config", config_file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert f"There is no database {tmp_path / 'data' / 'estrado.db'}." in result.stderr
    assert not list(tmp_path.rglob("*.db"))


def test_db_backup_lies_beside_the_database_of_the_configuration(config_file: Path, database: Path) -> None:
    result = estrado("db", "backup", "--config", config_file)
    assert result.exit_code == 0
    assert re.fullmatch(rf"{database.parent}/estrado-\d{{8}}T\d{{6}}Z\.db\n", result.stdout)
    assert Path(result.stdout.strip()).is_file()


def test_db_backup_to_a_place_that_cannot_be_written_is_one_sentence(database: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    result = estrado("db", "backup", "--database", database, "--out", tmp_path / "file" / "copy.db")
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert str(tmp_path / "file") in result.stderr


def test_db_check_is_content_with_a_sound_database(database: Path) -> None:
    result = estrado("db", "check", "--database", database)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"The database is sound: {database}.\n"


@pytest.mark.trial("F7")
@pytest.mark.parametrize("command", ["check", "upgrade", "backup"])
@pytest.mark.parametrize("trouble", ["missing", "empty", "no database", "newer"])
def test_a_database_that_cannot_stand_is_refused_in_words_and_never_replaced(
    command: str, trouble: str, database: Path
) -> None:
    match trouble:
        case "missing":
            database.unlink()
        case "empty":
            database.write_bytes(b"")
        case "no database":
            database.write_bytes(b"a text of somebody's " * 400)
        case "newer":
            with sqlite3.connect(database) as connection:
                connection.execute("INSERT INTO migrations VALUES ('9999_tomorrow', 'made up', 0)")
            connection.close()
    before = database.read_bytes() if database.exists() else None
    result = estrado("db", command, "--database", database, "--language", "es")
    assert result.exit_code == 1
    assert "Traceback" not in result.output
    assert result.exception is None or isinstance(result.exception, SystemExit)
    assert len(result.output.splitlines()) in (1, 2)
    assert (database.read_bytes() if database.exists() else None) == before
    assert not [file for file in database.parent.iterdir() if file.name not in (database.name, f"{database.name}.lock")]


def test_db_check_as_json_names_what_is_wrong(database: Path) -> None:
    database.chmod(0o644)
    result = estrado("db", "check", "--database", database, "--json")
    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["file"] == str(database)
    assert [(finding["kind"], finding["what"]) for finding in found["findings"]] == [("open_to_others", "estrado.db")]


def test_db_upgrade_names_what_it_applied(database: Path) -> None:
    result = estrado("db", "upgrade", "--database", database)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == "The database was up to date already.\n"


@pytest.mark.trial("F7")
def test_db_restore_puts_a_copy_back_and_sets_aside_what_was_there(database: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert estrado("db", "backup", "--database", database, "--out", copy).exit_code == 0
    database.write_bytes(b"")
    refused = estrado("db", "restore", copy, "--database", database)
    assert (refused.exit_code, database.read_bytes()) == (1, b"")
    assert estrado("db", "restore", copy, "--database", database, "--overwrite").exit_code == 0
    assert estrado("db", "check", "--database", database).exit_code == 0
    assert len(list(database.parent.glob("estrado.db.replaced-*"))) == 1


async def test_db_commands_while_another_has_the_database(database: Path, tmp_path: Path) -> None:
    async with Store.open(database, RehearsalClock(datetime(2020, 9, 8, 14, tzinfo=UTC))):
        assert estrado("db", "check", "--database", database).exit_code == 0
        assert estrado("db", "backup", "--database", database, "--out", tmp_path / "copy.db").exit_code == 0
        upgrade = estrado("db", "upgrade", "--database", database)
    assert upgrade.exit_code == 1
    assert "Another Estrado (process " in upgrade.stderr
