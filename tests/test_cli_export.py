"""`estrado export questions` and `estrado db forget-anonymous`, over a database in which people asked."""

import asyncio
import csv
import io
import json
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.config import load
from bot.ids import PersonId
from bot.participants import Draft
from bot.questions import Reason
from bot.services import Services, open_services
from tests.command_line import estrado
from tests.factories import CONFIG_FILE
from tests.reports.test_xlsx import cells

ANA, BEN, EVA = PersonId(700000000000000001), PersonId(700000000000000002), PersonId(700000000000000003)
MORA = PersonId(800000000000000001)
NINE = datetime(2020, 9, 8, 15, tzinfo=UTC)


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, in a folder of the test's own."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    return file


@asynccontextmanager
async def opened(config_file: Path) -> AsyncIterator[Services]:
    async with open_services(load(config_file), RehearsalClock(NINE)) as services:
        yield services


async def morning(services: Services) -> None:
    """Ana asks by name and Eva without one; Ben has not registered; Mora decides."""
    queue = services.queue
    entered = Draft("Ana Prueba", "Fiscalía de Ensayo", "CR", "judicial")
    await services.directory.register(ANA, entered, consented_at=NINE, language="es")
    by_name = {"anonymous": False, "addressed_to": None, "language": "es"}
    await queue.ask(ANA, "=HYPERLINK(1)", anonymous=False, addressed_to="Irene Panelista", language="es")
    await queue.ask(EVA, "Who decides?", anonymous=True, addressed_to=None, language="en")
    await queue.ask(BEN, "¿Y mañana?", **by_name)
    first, second, third = (row.question.number for row in (await queue.board(services.event.sessions[0].key)).rows)
    await queue.approve(first, MORA)
    await queue.vote(first, BEN)
    await queue.vote(first, EVA)
    await queue.reject(second, MORA, Reason.OTHER, None)
    await queue.undo(second, MORA)
    await queue.merge(third, first, MORA)
    await queue.answer(first, MORA, "Depende.")


@pytest.fixture
async def asked(config_file: Path) -> Path:
    """The configuration of an event in which there are questions; nobody has the database open."""
    async with opened(config_file) as services:
        await morning(services)
    return config_file


async def ran(*arguments: str | Path) -> object:
    """The command in a thread of its own, so that it can have a loop of its own."""
    return await asyncio.to_thread(estrado, *arguments)


class TestExport:
    async def test_json_holds_every_question(self, asked: Path, tmp_path: Path) -> None:
        out = tmp_path / "exports" / "questions.json"
        result = await ran("export", "questions", "--config", asked, "--format", "json", "--out", out)
        assert (result.exit_code, result.stdout, result.stderr) == (0, f"{out}\n", "3 questions were exported.\n")
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        first, second, third = json.loads(out.read_text("utf-8"))["questions"]
        about = ("number", "session", "text", "language", "anonymous", "addressed_to", "state", "votes", "answer")
        assert [first[key] for key in about] == [
            1,
            "2020-09-08",
            "=HYPERLINK(1)",
            "es",
            False,
            "Irene Panelista",
            "answered",
            2,
            "Depende.",
        ]
        assert (first["author"], first["country"]) == ("Ana Prueba", "CR")
        assert set(second) == set(first) - {"author", "country"}
        assert [(step["from"], step["to"], step["by"], step["why"]) for step in second["history"]] == [
            (None, "pending", "author", None),
            ("pending", "rejected", f"moderator {MORA}", "other"),
            ("rejected", "pending", f"moderator {MORA}", "undo"),
        ]
        assert (third["author"], third["state"], third["history"][-1]["why"]) == (str(BEN), "merged", "merged into 1")
        assert str(EVA) not in out.read_text("utf-8")

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    async def test_spreadsheet_lies_beside_the_database_unless_it_is_said_where(self, asked: Path, form: str) -> None:
        result = await ran("export", "questions", "--config", asked, "--format", form, "--language", "es")
        assert result.exit_code == 0
        file = Path(result.stdout.strip())
        assert (file.parent, file.suffix) == (asked.parent / "data", f".{form}")
        content = file.read_bytes()
        if form == "csv":
            rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
            assert [row[4] for row in rows[1:]] == ["'=HYPERLINK(1)", "Who decides?", "¿Y mañana?"]
        else:
            rows = cells(content)
            assert [row[4] for row in rows[1:]] == ["=HYPERLINK(1)", "Who decides?", "¿Y mañana?"]
        assert str(EVA).encode() not in content

    async def test_bot_may_be_running_and_what_was_there_is_replaced(self, asked: Path, tmp_path: Path) -> None:
        out = tmp_path / "q.json"
        out.write_text("old and longer than nothing", "utf-8")
        out.chmod(0o644)
        async with opened(asked) as services:
            await services.queue.ask(EVA, "¿Una más?", anonymous=False, addressed_to=None, language="es")
            result = await ran("export", "questions", "--config", asked, "--format", "json", "--out", out)
            assert result.exit_code == 0
        assert len(json.loads(out.read_text("utf-8"))["questions"]) == 4
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        assert not list(tmp_path.glob(".*.part"))

    async def test_database_can_be_named(self, asked: Path, tmp_path: Path) -> None:
        copy, out = tmp_path / "copy.db", tmp_path / "q.csv"
        assert (await ran("db", "backup", "--config", asked, "--out", copy)).exit_code == 0
        result = await ran("export", "questions", "--config", asked, "--database", copy, "--out", out)
        assert (result.exit_code, out.is_file()) == (0, True)

    def test_without_a_database_it_says_so_and_makes_nothing(self, config_file: Path, tmp_path: Path) -> None:
        out = tmp_path / "q.csv"
        result = estrado("export", "questions", "--config", config_file, "--out", out)
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)
        assert {file.name for file in tmp_path.iterdir()} == {"config.toml"}

    async def test_database_of_an_earlier_version_is_not_read_before_it_is_upgraded(self, asked: Path) -> None:
        database = load(asked).storage.database
        with sqlite3.connect(database) as connection:
            connection.execute("DELETE FROM migrations WHERE name = (SELECT max(name) FROM migrations)")
        connection.close()
        result = await ran("export", "questions", "--config", asked)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Run “estrado db upgrade” first." in result.stderr
        assert {file.suffix for file in database.parent.iterdir()} <= {".db", ".lock"}

    async def test_folder_that_cannot_be_written_is_one_sentence(self, asked: Path, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way", "utf-8")
        result = await ran("export", "questions", "--config", asked, "--out", tmp_path / "file" / "q.csv")
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)

    async def test_pipe_is_written_to(self, asked: Path, tmp_path: Path) -> None:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reading = asyncio.to_thread(pipe.read_bytes)
        content, result = await asyncio.gather(
            reading, ran("export", "questions", "--config", asked, "--format", "json", "--out", pipe)
        )
        assert (result.exit_code, len(json.loads(content)["questions"])) == (0, 3)


class TestForget:
    async def test_asks_first_and_touches_nothing(self, asked: Path) -> None:
        key = load(asked).storage.anonymity_key
        before = key.read_bytes()
        result = await ran("db", "forget-anonymous", "--config", asked)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "Repeat with --yes." in result.stderr
        assert key.read_bytes() == before

    async def test_nobody_can_link_any_more_and_the_event_goes_on(self, asked: Path) -> None:
        key = load(asked).storage.anonymity_key
        before = key.read_bytes()
        async with opened(asked) as services:
            assert [own.question.number for own in await services.queue.mine(EVA)] == [2]
        result = await ran("db", "forget-anonymous", "--config", asked, "--yes")
        assert (result.exit_code, key.exists()) == (0, False)
        assert "who asked 1 anonymous question." in result.stderr
        async with opened(asked) as services:
            assert await services.queue.mine(EVA) == []
            shown = await services.queue.shown((await services.queue.export())[1].question.number)
            assert shown.question.text == "Who decides?"
            again = await services.queue.ask(EVA, "Who decides?", anonymous=True, addressed_to=None, language="en")
            assert [own.question.number for own in await services.queue.mine(EVA)] == [again.number]
        assert key.read_bytes() != before

    async def test_is_refused_while_the_bot_runs(self, asked: Path) -> None:
        async with opened(asked):
            result = await ran("db", "forget-anonymous", "--config", asked, "--yes")
        assert result.exit_code == 1
        assert "Another Estrado (process " in result.stderr
        assert load(asked).storage.anonymity_key.exists()

    async def test_twice_says_that_there_is_nothing(self, asked: Path) -> None:
        await ran("db", "forget-anonymous", "--config", asked, "--yes")
        result = await ran("db", "forget-anonymous", "--config", asked, "--yes")
        assert result.exit_code == 0
        assert "there was nothing to destroy" in result.stderr
