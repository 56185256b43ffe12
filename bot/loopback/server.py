"""A Discord for one server on 127.0.0.1, strict where bots go wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.loopback import routes
from bot.loopback.contract import Contract
from bot.loopback.faults import Faults
from bot.loopback.gateway import Gateway
from bot.loopback.interactions import Interactions
from bot.loopback.nonces import Nonces
from bot.loopback.nouns import EventTime, LogEntry
from bot.loopback.rates import Rates
from bot.loopback.rest import Rest
from bot.loopback.sockets import Session
from bot.loopback.world import World

__all__ = ["Loopback", "routes"]


class Loopback:
    """Serves a World over REST and the gateway while it is entered.

    The time of the event is `time`'s: ids, tokens, rate limits and ages go by it. The three seconds of an interaction
    and the heartbeats are real.
    """

    def __init__(self, world: World, *, time: EventTime, contract: Contract | None = None, port: int = 0) -> None:
        self.world = world
        self.contract = contract
        self.rates = Rates(time)
        self.nonces = Nonces(time)
        self.gateway = Gateway(world, lambda: self.gateway_url)
        self.interactions = Interactions(world, self.gateway)
        self.faults = Faults(self.gateway)
        self._rest = Rest(self)
        self._port = port
        self._runner: web.AppRunner | None = None
        self._extra: list[tuple[str, str, Callable[[web.Request], Awaitable[web.StreamResponse]]]] = []
        world.stage = self

    # Addresses and figures

    @property
    def rest_url(self) -> str:
        """What discord.py's Route.BASE has to be."""
        return f"http://127.0.0.1:{self._port}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What discord.py's DEFAULT_GATEWAY has to be."""
        return f"ws://127.0.0.1:{self._port}/gateway"

    @property
    def log(self) -> list[LogEntry]:
        """What really happened, in order."""
        return self.world.log

    @property
    def requests_in_flight(self) -> int:
        """Requests received and not answered yet, those that are held left out."""
        return self._rest.in_flight

    @property
    def held(self) -> int:
        """Requests that wait for a rate limit, or for ever."""
        return self.rates.held

    @property
    def frames_pending(self) -> int:
        """Gateway frames of which it is not proved that the bot has read them."""
        return sum(connection.unfenced for connection in self.gateway.connections)

    @property
    def sessions(self) -> list[Session]:
        """The gateway sessions that are open or can be resumed."""
        return self.gateway.sessions

    # Life

    def add_route(
        self, method: str, path: str, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> None:
        """Serve something more beside Discord. Before the loopback is entered."""
        self._extra.append((method, path, handler))

    async def __aenter__(self) -> Self:
        application = web.Application(client_max_size=64 * 1024 * 1024)
        application.router.add_route("*", "/api/v10{path:/.*}", self._rest.serve)
        application.router.add_get("/gateway", self.gateway.serve)
        application.router.add_get("/gateway/", self.gateway.serve)
        application.router.add_get("/uploads/{id}/{name}", self._serve_upload)
        for method, path, handler in self._extra:
            application.router.add_route(method, path, handler)
        # A client that gives up on a request takes it back, as long as it is only held.
        self._runner = web.AppRunner(application, handler_cancellation=True, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.world.uploads_url = f"http://127.0.0.1:{self._port}/uploads"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._runner is not None
        for waiter in list(self._rest.held_forever):
            if not waiter.done():
                waiter.set_result(None)
        self.interactions.close()
        for connection in list(self.gateway.connections):
            self.gateway.lost(connection, 1001)
            await connection.socket.close(code=1001)
        await self._runner.cleanup()

    async def _serve_upload(self, request: web.Request) -> web.Response:
        kept = self.world.uploads.get(int(request.match_info["id"]))
        if kept is None:
            raise web.HTTPNotFound
        return web.Response(body=kept.content, content_type=kept.content_type)

    # Waiting

    async def connected(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109 -- named for what testers wait for
        """Return once some bot has a session and has read the server's description; TimeoutError after real seconds."""
        async with asyncio.timeout(timeout):
            while not any(session.connected and session.is_ready for session in self.sessions):
                self.gateway.changed.clear()
                await self.gateway.changed.wait()
            await self.settled()

    async def settled(self) -> None:
        """Return once every bot has read every frame sent so far; its handlers may still be at work."""
        for connection in tuple(self.gateway.connections):
            await connection.fence()

    # Bad days

    async def drop(self, *, resume: bool = True, code: int = 4000) -> None:
        """Close every bot's socket; `resume` says whether the session may be resumed after that."""
        self.gateway.refuse_resume = not resume
        for connection in tuple(self.gateway.connections):
            await connection.flushed()
            self.gateway.lost(connection, code)
            await connection.socket.close(code=code)

    async def cut(self, *, resume: bool = True) -> None:
        """Cut every bot's connection without a word, as a broken line does."""
        self.gateway.refuse_resume = not resume
        for connection in tuple(self.gateway.connections):
            await connection.flushed()
            self.gateway.lost(connection, None)
            connection.cut()

    async def close_code(self, code: int) -> None:
        """Close every bot's socket with this code (4004 and the like), or the next one's where none is open."""
        if not self.gateway.connections:
            self.gateway.close_next_with = code
        for connection in tuple(self.gateway.connections):
            self.gateway.lost(connection, code)
            await connection.socket.close(code=code)

    async def guild_unavailable(self) -> None:
        """An outage: the bots are told that the server is gone, and hear nothing of it until it is back."""
        self.world.tell("GUILD_DELETE", {"id": str(self.world.id), "unavailable": True})
        self.world.unavailable = True
        await self.flushed()

    async def guild_available(self) -> None:
        """The end of the outage: the server's description, without a READY."""
        self.world.unavailable = False
        for session in self.sessions:
            self.gateway.announce_guild(session)
        await self.flushed()

    async def flushed(self) -> None:
        """Return once every frame was written."""
        for connection in tuple(self.gateway.connections):
            await connection.flushed()
