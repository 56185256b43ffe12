"""`estrado db purge`, and the modes of every file that the program leaves, whatever the umask."""

import asyncio
import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.config import Config, load
from bot.storage import tombstones
from bot.storage.looking import look
from bot.storage.store import Store, Transaction
from bot.summary import summary_of
from tests.command_line import estrado
from tests.factories import CONFIG_FILE
from tests.four_days import ANA, BEN, ZOE, day, register, registers, stays

#: The event is over by then; by the machine's own clock, so is the time of keeping.
AFTER = datetime(2020, 9, 20, tzinfo=UTC)


def filled(tx: Transaction, config: Config) -> None:
    registers(tx, config)
    for person, name in ((ANA, "Ana Prueba"), (BEN, "Ben Ensayo"), (ZOE, "Zoë Ñandú")):
        register(tx, config, person, name)
        stays(tx, config, person, dict.fromkeys(range(1, 5), 100))


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, over, in a folder of the test's own."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    config = load(file)

    async def fill() -> None:
        async with Store.open(config.storage.database, RehearsalClock(AFTER)) as store:
            await store.write(lambda tx: filled(tx, config))

    asyncio.run(fill())
    return file


def later(file: Path, days: int) -> None:
    """Keep what is kept for so many days."""
    text = file.read_text("utf-8")
    file.write_text(text.replace("retention_days = 90", f"retention_days = {days}"), "utf-8")


def left(database: Path) -> list[str]:
    """Whose names are still in the database's file."""
    content = database.read_bytes()
    return [name for name in ("Ana Prueba", "Ben Ensayo", "Zoë Ñandú") if name.encode() in content]


def test_without_yes_it_is_only_told(config_file: Path) -> None:
    database = load(config_file).storage.database
    for flags, code in (([], 1), (["--dry-run"], 0), (["--dry-run", "--yes"], 0)):
        result = estrado("db", "purge", "--config", config_file, *flags)
        assert result.exit_code == code, result.stderr
        assert "3 people" in result.stderr
        assert "0 questions" in result.stderr
        assert ("repeat with --yes" in result.stderr) is (code == 1)
    assert len(left(database)) == 3
    assert not tombstones.file_of(database).exists()


def test_with_yes_people_go_and_figures_stay(config_file: Path) -> None:
    config = load(config_file)
    database = config.storage.database
    backup = estrado("db", "backup", "--config", config_file).stdout.strip()
    assert Path(backup).exists()

    def figures() -> list[object]:
        return [
            look(database, AFTER, lambda tx, n=n: summary_of(tx, config.agenda, config, day(config, n), AFTER))
            for n in range(1, 5)
        ]

    before = figures()
    assert "was to be erased" in estrado("check", "--config", config_file).stderr
    result = estrado("db", "purge", "--config", config_file, "--yes")
    assert result.exit_code == 0, result.stderr
    assert backup in result.stderr
    assert not Path(backup).exists()
    assert left(database) == []
    assert figures() == before
    assert "was to be erased" not in estrado("check", "--config", config_file).stderr
    again = estrado("db", "purge", "--config", config_file, "--yes", "--language", "es")
    assert (again.exit_code, again.stderr) == (0, "No hay nada que borrar.\n")
    assert estrado("db", "check", "--config", config_file).exit_code == 0


def test_before_its_time_nothing_is_erased(config_file: Path) -> None:
    later(config_file, 3650)
    database = load(config_file).storage.database
    result = estrado("db", "purge", "--config", config_file, "--yes")
    assert result.exit_code == 0, result.stderr
    assert "not time yet" in result.stderr
    assert len(left(database)) == 3


def test_an_older_copy_that_is_restored_is_erased_too(config_file: Path, tmp_path: Path) -> None:
    database, copy = load(config_file).storage.database, tmp_path / "stick" / "copy.db"
    assert estrado("db", "backup", "--config", config_file, "--out", copy).exit_code == 0
    assert estrado("db", "purge", "--config", config_file, "--yes").exit_code == 0
    assert estrado("db", "restore", copy, "--config", config_file, "--overwrite").exit_code == 0
    refused = estrado("report", "final", "--config", config_file, "--out", tmp_path / "out")
    assert refused.exit_code == 1
    assert "estrado db upgrade" in refused.stderr
    assert estrado("db", "upgrade", "--config", config_file).exit_code == 0
    assert left(database) == []


@pytest.mark.trial("P2")
@pytest.mark.timeout(300)
def test_every_file_is_for_its_owner_alone(config_file: Path, tmp_path: Path) -> None:
    there = {config_file, tmp_path}
    before = os.umask(0o022)
    try:
        out = tmp_path / "made"
        for command in (
            ("db", "backup", "--config", config_file),
            ("db", "backup", "--config", config_file, "--out", out / "stick" / "copy.db"),
            ("export", "questions", "--config", config_file, "--format", "csv"),
            ("export", "questions", "--config", config_file, "--format", "xlsx", "--out", out / "q" / "q.xlsx"),
            ("export", "questions", "--config", config_file, "--format", "json", "--out", out / "q" / "q.json"),
            ("report", "2020-09-08", "--config", config_file, "--out", out / "tuesday"),
            ("report", "final", "--config", config_file, "--out", out / "final"),
            ("certificates", "--config", config_file, "--out", out / "certificates"),
            ("db", "restore", out / "stick" / "copy.db", "--config", config_file, "--overwrite"),
            ("rehearse", "--config", config_file, "--days", "1", "--attendees", "4", "--out", out / "rehearsal"),
            ("db", "purge", "--config", config_file, "--yes"),
            ("db", "backup", "--config", config_file, "--out", out / "stick" / "later.db"),
        ):
            result = estrado(*command)
            assert result.exit_code == 0, (command, result.stderr)
    finally:
        os.umask(before)
    made = [each for each in tmp_path.rglob("*") if each not in there]
    kinds = {each.suffix for each in made if each.is_file()}
    assert {".db", ".csv", ".xlsx", ".json", ".png", ".pdf", ".key", ".lock", ".erasures", ".md"} <= kinds
    open_to_others = {
        str(each.relative_to(tmp_path)): oct(stat.S_IMODE(each.stat().st_mode))
        for each in made
        if stat.S_IMODE(each.stat().st_mode) & 0o077
    }
    assert open_to_others == {}
