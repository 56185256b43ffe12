"""`estrado run` as a process that a supervisor starts: its log for programs, and what it tells of itself."""

import asyncio
import json
import signal
import socket
from datetime import timedelta

from bot.storage import backup
from bot.storage.checks import check
from tests.bot_process import Stage, config_file, stage
from tests.command_line import estrado

__all__ = ["config_file", "stage"]


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


async def test_every_line_is_json_from_the_start_to_the_end(stage: Stage) -> None:
    async with stage.connected_bot("--log-format", "json") as bot:
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    lines = [json.loads(line) for line in bot.log.splitlines()]
    assert {"store.opened", "store.closed"} <= {line.get("event") for line in lines}
    assert lines[-1]["message"] == "Estrado stopped in good order."
    assert all({"level", "logger", "message"} <= set(line) for line in lines)


async def test_supervisor_is_told_once_it_is_connected_and_no_more_once_it_has_ended(stage: Stage) -> None:
    port = str(free_port())
    async with stage.connected_bot("--http-port", port) as bot:
        async with asyncio.timeout(10):
            # The server comes a moment after the connection.
            while (asked := await asyncio.to_thread(estrado, "health", "--http-port", port)).exit_code:
                await bot.says("monitoring.listening")
        assert json.loads(asked.stdout)["status"] == "ok"
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert (await asyncio.to_thread(estrado, "health", "--http-port", port)).exit_code == 1


async def test_copy_is_made_while_the_event_runs(stage: Stage) -> None:
    database = stage.config.storage.database
    async with stage.connected_bot(follow=True) as bot:
        assert backup.copies_in(database.parent, database) == ()
        await stage.until(stage.clock.now() + timedelta(minutes=10))
        await bot.says("backup.made")
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    (copy,) = backup.copies_in(database.parent, database)
    assert copy.is_nightly
    assert check(copy.file) == []
