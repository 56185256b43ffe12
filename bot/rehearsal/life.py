"""The bot of a rehearsal, which can be stopped and started again on the database that it left."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Any, Self

from bot.clock import Clock
from bot.config import Config
from bot.rehearsal.hall import Hall
from bot.services import Services, open_services

#: Connects a bot with these services to the rehearsal's Discord, for the length of a block.
Connect = Callable[[Services], AbstractAsyncContextManager[Any]]


class BotLife:
    """Runs from the entry of the block to its end, but for the time between `stop` and `start`.

    What ends the bot is raised out of the block, as by a bot that is entered by itself.
    """

    def __init__(self, config: Config, clock: Clock, hall: Hall, connect: Connect) -> None:
        self._config = config
        self._clock = clock
        self._hall = hall
        self._connect = connect
        self._stack = AsyncExitStack()
        self._services: Services | None = None

    @property
    def runs(self) -> bool:
        """Whether there is a bot now."""
        return self._services is not None

    @property
    def services(self) -> Services:
        """Those of the bot that runs now."""
        assert self._services is not None
        return self._services

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    async def start(self) -> None:
        """Begin; returns once the bot has seen the server."""
        async with AsyncExitStack() as stack:
            services = await stack.enter_async_context(open_services(self._config, self._clock))
            await stack.enter_async_context(self._connect(services))
            await self._hall.loopback.connected()
            self._services = services
            self._stack = stack.pop_all()

    async def stop(self) -> None:
        """End cleanly, as by SIGTERM; Discord has noticed by the time that this returns."""
        self._services = None
        await self._stack.aclose()
        while self._hall.loopback.gateway.connections:
            self._hall.loopback.gateway.changed.clear()
            await self._hall.loopback.gateway.changed.wait()
