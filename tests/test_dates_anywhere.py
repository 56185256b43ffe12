"""Whatever the machine's language and time zone, people see the event's own: the same texts and files everywhere."""

import asyncio
import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.factories import CONFIG_FILE

ROOT = CONFIG_FILE.parent

#: Where the event is, in a language that has all letters; and as far from both as can be.
AT_HOME = {"LC_ALL": "C.UTF-8", "TZ": "America/Costa_Rica"}
ELSEWHERE = {"LC_ALL": "C", "TZ": "Asia/Tokyo"}

#: What is the machine's, or made by chance.
_OF_THE_MACHINE = (
    (re.compile(r"(libre en el disco|free on the disk): [\d.,]+ [KMGT]?B"), r"\1: …"),
    (re.compile(r"(responde en|answers in) \d+ ms"), r"\1 …"),
    (re.compile(r"(voice_session_id\W+)[0-9a-f]{32}"), r"\1…"),
)


async def output(environment: dict[str, str], *arguments: str | Path) -> str:
    """What a Python program writes to stdout there."""
    own = ("LC_ALL", "LC_MESSAGES", "LANG", "LC_TIME", "TZ", "DISCORD_TOKEN")
    kept = {name: value for name, value in os.environ.items() if name not in own}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", *arguments),
        cwd=ROOT,
        env=kept | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    written, complaints = await process.communicate()
    assert process.returncode == 0, complaints.decode()[-2000:]
    text = written.decode()
    for pattern, shown in _OF_THE_MACHINE:
        text = pattern.sub(shown, text)
    return text


def said(day: dict[str, list[Any]], person: str) -> str:
    return "\n".join(text for text, _files in day[person])


@pytest.mark.timeout(180)
async def test_everybody_sees_the_same_day_wherever_the_bot_runs(tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    one, other = await asyncio.gather(
        output(AT_HOME, "tests.seen_anywhere", here), output(ELSEWHERE, "tests.seen_anywhere", there)
    )
    home, elsewhere = json.loads(one), json.loads(other)
    for person, messages in home.items():
        assert elsewhere[person] == messages, person
    # And it is right, at home as well.
    for words in (
        "martes 8 de septiembre",
        "09:00-09:30",
        "Tuesday 8 September",
        "miércoles 9 de septiembre",
        "10:25-11:10",
    ):
        assert words in said(home, "ana"), words
    files = {name: content for _text, found in home["olga"] for name, content in found.items()}
    assert {name.rpartition(".")[2] for name in files} >= {"pdf", "xlsx", "csv", "png"}
    assert "martes 8 de septiembre" in " ".join(files["acta-2020-09-08.pdf"])
    calendars = [found["programa.ics"] for _text, found in home["ana"] if "programa.ics" in found]
    assert all("DTSTART;TZID=America/Costa_Rica:20200908T090000" in calendar for calendar in calendars)
    assert calendars


@pytest.mark.parametrize("arguments", [(), ("--json",), ("--ics", "-"), ("--language", "es")])
async def test_the_command_line_says_the_same_hours_everywhere(arguments: tuple[str, ...]) -> None:
    command = ("bot", "agenda", "--config", str(CONFIG_FILE), *arguments)
    # The second in which a calendar is made is not one of the event's, and need not be the same in two processes.
    here, there = (
        re.sub(r"DTSTAMP:\d{8}T\d{6}Z", "DTSTAMP:", said)
        for said in await asyncio.gather(output(AT_HOME, *command), output(ELSEWHERE, *command))
    )
    assert here == there
    assert re.search(r"09:00|T09:?00:?00", here)
