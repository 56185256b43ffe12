"""`estrado agenda reload`: a bot that runs goes on with the programme that config.toml has by now, or says why not."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from tests.bot_process import ROOT, Stage, config_file, sentences, stage

__all__ = ["config_file", "stage"]


async def reload(config_file: Path) -> tuple[int, str]:
    """The exit code, and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "agenda", "reload", "--config", str(config_file)),
        cwd=ROOT,
        env={**os.environ, "LC_ALL": "C"},
        stderr=asyncio.subprocess.PIPE,
    )
    _, said = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode().strip()


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


async def test_a_running_bot_takes_up_other_hours_and_tells_everybody(stage: Stage, config_file: Path) -> None:
    async with stage.connected_bot() as bot:
        change(config_file, 'hours = "10:15-11:00"', 'hours = "10:20-11:05"')
        assert await reload(config_file) == (0, "The bot goes on with the new configuration, of 4 days.")
        await bot.says("anew: the programme of one day has changed")
        await bot.says("notice.sent mark=0908-cambio-1-1")
        seen = stage.hall.organizer("Olga Organizadora", "en-US").sees_in("anuncios")
        (told,) = [message.text for message in seen if "Change of programme" in message.text]
        assert told.count("~~10:15-11:00~~ → **10:20-11:05**") == 2
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0


async def test_what_has_mistakes_or_other_days_changes_nothing(stage: Stage, config_file: Path) -> None:
    good = config_file.read_text("utf-8")
    async with stage.connected_bot() as bot:
        change(config_file, 'hours = "10:15-11:00"', 'hours = "10:15-9:00"')
        code, said = await reload(config_file)
        assert (code, "10:15-9:00" in said) == (2, True)
        bot.signal(signal.SIGHUP)
        await bot.says("could not be read anew")
        config_file.write_text(good.replace('day = "Martes 8', 'day = "Lunes 7', 1), "utf-8")
        bot.signal(signal.SIGHUP)
        await bot.says("the configuration has other days")
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert not any("cambio" in line for line in sentences(bot.log))


async def test_where_no_bot_runs_there_is_nobody_to_ask(config_file: Path) -> None:
    assert await reload(config_file) == (1, "No bot uses this database: it will be read at the start.")
