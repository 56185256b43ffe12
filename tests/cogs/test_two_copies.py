"""Another copy of the bot, forgotten on another machine, on a copy of the database and with the same token."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal.hall import TOKEN
from bot.services import open_services
from cogs.app import running

from .test_announcements import TUESDAY, marks

DAY = "2020-09-08"


def copied(event: Any, directory: Path) -> Any:
    """The event's configuration, with a copy of its database as it is now."""
    storage = event.config.storage.model_copy(update={"database": directory / "copy" / "estrado.db"})
    storage.database.parent.mkdir(parents=True, mode=0o700)
    with (
        closing(sqlite3.connect(event.config.storage.database)) as own,
        closing(sqlite3.connect(storage.database)) as other,
    ):
        own.backup(other)
    return event.config.model_copy(update={"storage": storage})


@asynccontextmanager
async def another(event: Any, directory: Path) -> AsyncIterator[Any]:
    """A second copy, which has seen the server."""
    async with open_services(copied(event, directory), event.clock) as services, running(services, TOKEN) as bot:
        opened = asyncio.Event()

        async def on_venue_open(_venue: Any) -> None:
            opened.set()

        bot.add_listener(on_venue_open)
        await opened.wait()
        await event.settle()
        yield bot


def warnings(event: Any) -> int:
    olga = event.organizer("Olga que mira")
    return len([m for m in olga.sees_in("organizacion") if "iniciarse también en otro lugar" in m.content])


@pytest.mark.trial("J8")
async def test_a_second_copy_doubles_no_post_and_organizers_are_told(event: Any, tmp_path: Path) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at(f"{DAY} 08:30"))
    assert warnings(event) == 0
    async with another(event, tmp_path):
        await event.clock.run_until(event.at(f"{DAY} 09:31"))
        asked = await ana.slash("pregunta", texto="¿Quién contesta?")
        await event.settle()
        assert not asked.failed
        await event.clock.run_until(event.at(f"{DAY} 11:05"))
    assert marks(ana.sees_in("anuncios")) == TUESDAY
    summaries = [m for m in event.world.messages_in("organizacion") if "ref. 0908-resumen-1" in m.content]
    assert len(summaries) == 1
    assert warnings(event) == 1


@pytest.mark.trial("J8")
async def test_its_own_starts_and_those_of_the_day_before_are_no_copy(event: Any) -> None:
    for hour in ("08:05", "08:40", "09:20"):
        await event.clock.run_until(event.at(f"{DAY} {hour}"))
        await event.loopback.drop(resume=False)
        await event.loopback.connected()
        await event.settle()
    await event.restart()
    for day in ("2020-09-08", "2020-09-09", "2020-09-10"):
        await event.clock.run_until(event.at(f"{day} 11:00"))
        await event.loopback.drop(resume=True)
        await event.loopback.connected()
    await event.settle()
    assert warnings(event) == 0
