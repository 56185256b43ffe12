"""A bot in a process of its own, kept in step with the rehearsal's clock; the other end is bot/followed_clock.py."""

import asyncio

from aiohttp import WSMsgType, web

from bot.clock import RehearsalClock, from_ms, to_ms
from bot.followed_clock import Stillness, Tick
from bot.loopback.server import Loopback


class Following:
    """Serves the clock at `url` of a loopback that is not serving yet; `fence` is one of the loop's fences.

    One bot follows at a time. While none does, time is not held up.
    """

    def __init__(self, clock: RehearsalClock, loopback: Loopback) -> None:
        self._clock = clock
        self._loopback = loopback
        self._socket: web.WebSocketResponse | None = None
        self._answers: asyncio.Queue[Stillness | None] = asyncio.Queue()
        self._n = 0
        loopback.add_route("GET", "/clock", self._serve)

    @property
    def url(self) -> str:
        """Where the bot finds the clock, once the loopback serves."""
        return self._loopback.gateway_url.replace("/gateway", "/clock")

    @property
    def follows(self) -> bool:
        """Whether a bot follows now."""
        return self._socket is not None

    async def fence(self) -> None:
        """Return once the bot has seen this instant and nothing is under way in it, or once it is gone."""
        while (socket := self._socket) is not None:
            await self._loopback.settled()
            answer = await self._ask(socket)
            if answer is None:
                return
            if answer["due"] is not None:
                self._clock.expect(from_ms(answer["due"]))
            under_way = answer["requests"] - self._loopback.held + self._loopback.requests_in_flight
            if under_way <= 0 and not self._loopback.frames_pending:
                return

    async def _ask(self, socket: web.WebSocketResponse) -> Stillness | None:
        self._n += 1
        try:
            await socket.send_json(Tick(now=to_ms(self._clock.now()), n=self._n))
        except ConnectionError:
            return None
        while (answer := await self._answers.get()) is not None:
            if answer["n"] == self._n:
                return answer
        return None

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._answers = asyncio.Queue()
        self._n += 1
        await socket.send_json(Tick(now=to_ms(self._clock.now()), n=self._n))
        self._socket = socket
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    self._answers.put_nowait(message.json())
        finally:
            self._socket = None
            self._answers.put_nowait(None)
        return socket
