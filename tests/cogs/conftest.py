"""A running bot on the loopback: unmodified discord.py over a socket, a real database, and a clock that leaps."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import RehearsalClock
from bot.config import Config
from bot.idle import Doors, IdleLoop, counting_requests
from bot.loopback.contract import Contract
from bot.loopback.nouns import Role
from bot.loopback.people import Person
from bot.rehearsal.hall import TOKEN, furnish
from bot.services import Services, open_services
from cogs.app import running
from cogs.client import Estrado
from cogs.endpoint import Endpoint
from tests.factories import workshop


class RunningEvent:
    """The workshop in its server, an hour before its first session unless a test says otherwise."""

    def __init__(self, config: Config, starts_at: datetime) -> None:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, IdleLoop)
        self.config = config
        self.loop = loop
        self.clock = RehearsalClock(starts_at, loop.still)
        self.contract = Contract.from_environment()
        self.hall = furnish(config, self.clock, self.contract)
        self.world = self.hall.world
        self.loopback = self.hall.loopback
        self._requests = Doors()
        self._held: asyncio.Task[None] | None = None
        self._release = asyncio.Event()
        self.services: Services
        self.bot: Estrado
        loop.doors.count(lambda: max(0, self._requests.entered - self.loopback.held))
        loop.doors.count(lambda: self.loopback.requests_in_flight)

    async def start(self) -> None:
        """Start the bot on the database as it is, and wait until it has seen the server and all is still."""
        self._release.clear()
        ready = asyncio.Event()
        self._held = asyncio.create_task(self._hold(ready))
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._held, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if self._held.done():
            await self._held
        await self.loopback.connected()
        await self.settle()

    async def stop(self) -> None:
        """Stop the bot cleanly."""
        if self._held is not None:
            self._release.set()
            held, self._held = self._held, None
            await held

    async def restart(self) -> None:
        """Stop it and start it again on the same database."""
        await self.stop()
        await self.start()

    async def _hold(self, ready: asyncio.Event) -> None:
        endpoint = Endpoint(self.loopback.rest_url, self.loopback.gateway_url)
        trace = counting_requests(self._requests)
        async with (
            open_services(self.config, self.clock) as self.services,
            running(self.services, TOKEN, endpoint=endpoint, http_trace=trace) as self.bot,
        ):
            ready.set()
            await self._release.wait()

    async def settle(self) -> None:
        """Return once nothing is under way."""
        await self.clock.be_still()

    def at(self, text: str) -> datetime:
        """The instant of "2020-09-08 10:15" in the event's zone."""
        return datetime.fromisoformat(text).replace(tzinfo=self.config.timezone).astimezone(UTC)

    def person(self, name: str, *, locale: str = "es-419", roles: tuple[Role, ...] = (), **more: Any) -> Person:
        """An attendee."""
        return self.world.add_person(name, locale=locale, roles=roles, **more)

    def moderator(self, name: str = "Mora Moderadora", locale: str = "es-419") -> Person:
        """Somebody who moderates the event."""
        return self.hall.moderator(name, locale)

    def organizer(self, name: str = "Olga Organizadora", locale: str = "es-419") -> Person:
        """Somebody of the organization."""
        return self.hall.organizer(name, locale)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The configuration of the event; a test module may override it."""
    return workshop(tmp_path)


@pytest.fixture
def starts_at(config: Config) -> datetime:
    """When the bot starts; a test module may override it."""
    return config.agenda.sessions[0].starts_at - timedelta(hours=1)


@pytest.fixture
async def event(config: Config, starts_at: datetime) -> AsyncIterator[RunningEvent]:
    """The running event. At its end nothing may have been refused by the published description."""
    running_event = RunningEvent(config, starts_at)
    async with running_event.loopback:
        running_event.loop.fences.append(running_event.loopback.settled)
        await running_event.start()
        try:
            yield running_event
        finally:
            running_event.loop.fences.clear()
            await running_event.stop()
    if running_event.contract is not None:
        assert running_event.contract.violations == []
