"""Work in another process: what comes back, what goes wrong, and that nobody waits meanwhile."""

import asyncio
import os
import sys
import time
from pathlib import Path

import pytest

from bot.idle import IdleLoop
from bot.reports.apart import NotMade, apart
from bot.storage.refusals import DatabaseMissing


def told(*parts: object) -> str:
    sys.stdout.write("said on the way\n")
    return f"{os.getpid()} {' '.join(map(str, parts))}"


def secrets_seen() -> list[str]:
    return [name for name in os.environ if "TOKEN" in name]


def refuse(path: Path) -> None:
    raise DatabaseMissing(path)


def die() -> None:
    os.write(2, b"out of memory")
    os._exit(9)


def wait_forever(file: Path) -> None:
    file.write_text(str(os.getpid()), "utf-8")
    sys.stdin.close()
    while True:
        os.sched_yield()


def busy(seconds: float) -> int:
    """Holds its interpreter."""
    ends, count = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        count += sum(range(100_000))
    return count


async def test_result_comes_from_another_process() -> None:
    process, *rest = (await apart(told, "ñ", 7)).split()
    assert int(process) != os.getpid()
    assert rest == ["ñ", "7"]


async def test_what_it_raises_is_raised_here_with_its_data(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissing) as raised:
        await apart(refuse, tmp_path / "nada.db")
    assert raised.value.path == tmp_path / "nada.db"


async def test_end_without_result_is_told(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(NotMade):
        await apart(die)
    assert "code=9 complaint=out of memory" in caplog.text


async def test_token_does_not_go_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "not-to-be-seen")
    assert await apart(secrets_seen) == []


async def test_nobody_waits_meanwhile_and_the_loop_knows_that_it_is_under_way() -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    work = asyncio.create_task(apart(busy, 0.5))
    turns = 0
    while not work.done():
        await asyncio.wait({work}, timeout=0.002)
        turns += 1
        assert work.done() or not loop.doors.shut
    assert await work > 0
    # Work that held this loop for its half second would leave it a few turns.
    assert turns > 50


async def test_who_stops_waiting_stops_the_process(tmp_path: Path) -> None:
    file = tmp_path / "pid"
    work = asyncio.create_task(apart(wait_forever, file))
    while not (file.exists() and file.read_text("utf-8")):
        await asyncio.wait({work}, timeout=0.01)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    with pytest.raises(ProcessLookupError):
        os.kill(int(file.read_text("utf-8")), 0)
