"""`estrado agenda` where the bot has run: the programme as it is after what was changed, and calendars that replace."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest

from bot.agenda_changes import ChangeKind, delay
from bot.clock import RehearsalClock
from bot.config import load
from bot.services import open_services
from tests.command_line import estrado
from tests.test_cli_export import config_file

__all__ = ["config_file"]


async def ran(*arguments: str | Path) -> Any:
    return await asyncio.to_thread(estrado, *arguments)


@pytest.fixture
async def delayed(config_file: Path) -> Path:
    """Tuesday goes on ten minutes late; the bot does not run."""
    config = load(config_file)
    at = config.agenda.sessions[0].starts_at + timedelta(minutes=5)
    async with open_services(config, RehearsalClock(at)) as services:
        await services.agenda.change(
            ChangeKind.DELAY, lambda event, planned, now: delay(event, planned, now, 10), by=None, reason="Sonido"
        )
    return config_file


def entries(content: bytes) -> list[tuple[str, int, Any]]:
    found = icalendar.Calendar.from_ical(content).walk("VEVENT")
    return [(str(each["UID"]), int(each["SEQUENCE"]), each.end) for each in found]


async def test_calendar_has_the_hours_as_they_are_and_a_higher_sequence(delayed: Path, tmp_path: Path) -> None:
    out, planned = tmp_path / "p.ics", load(delayed).agenda
    result = await ran("agenda", "--config", delayed, "--ics", out)
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    found = entries(out.read_bytes())
    assert [sequence for _, sequence, _ in found] == [1, 0, 0, 0]
    later = [end - session.ends_at for (_, _, end), session in zip(found, planned.sessions, strict=True)]
    assert later == [timedelta(minutes=10), *[timedelta()] * 3]


async def test_entries_are_the_same_ones_as_before_the_bot_ran(config_file: Path, tmp_path: Path) -> None:
    before, after = tmp_path / "before.ics", tmp_path / "after.ics"
    await ran("agenda", "--config", config_file, "--ics", before)
    async with open_services(load(config_file), RehearsalClock(load(config_file).agenda.sessions[0].starts_at)):
        pass
    await ran("agenda", "--config", config_file, "--ics", after)
    assert entries(before.read_bytes()) == entries(after.read_bytes())


async def test_table_and_json_have_the_changed_hours(delayed: Path) -> None:
    table = await ran("agenda", "--config", delayed, "--language", "es")
    assert "11:10" in table.stdout
    told = await ran("agenda", "--config", delayed, "--json")
    day = json.loads(told.stdout)["schedule"]["conference"]["days"][0]
    assert "11:10" in json.dumps(day)
