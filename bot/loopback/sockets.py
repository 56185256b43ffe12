"""One WebSocket, and the session that outlives it."""

import asyncio
import secrets
import zlib
from collections import deque

from aiohttp import web

from bot.loopback.nouns import Member

#: So many events can a session replay; a bot that missed more has to identify anew.
REPLAYED_EVENTS = 10_000


class Connection:
    """One WebSocket, written to by one task so that frames keep their order."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, *, compressed: bool) -> None:
        self.socket = socket
        self._transport = transport
        self.session: Session | None = None
        self.closed = False
        self._deflate = zlib.compressobj(level=1) if compressed else None
        self._outbox: deque[str] = deque()
        self._wake = asyncio.Event()
        self._flushed: list[asyncio.Future[None]] = []
        self._pings: dict[bytes, asyncio.Future[None]] = {}
        self._pinged = 0
        self._queued = 0
        self._fenced = 0
        self._writer = asyncio.create_task(self._write())

    @property
    def unfenced(self) -> int:
        """Frames of which it is not proved that the client has read them."""
        return 0 if self.closed else self._queued - self._fenced

    def send(self, frame: str) -> None:
        """Queue a frame."""
        if not self.closed:
            self._outbox.append(frame)
            self._queued += 1
            self._wake.set()

    async def flushed(self) -> None:
        """Return once every queued frame was written, or the socket is closed."""
        if not self.closed and (self._outbox or self._wake.is_set()):
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._flushed.append(waiter)
            await waiter

    async def fence(self) -> None:
        """Return once the client has read every frame queued so far, or the socket is closed.

        The client's library answers a ping only from the call by which the client asks for its next frame.
        """
        target = self._queued
        if self.closed or self._fenced >= target:
            return
        await self.flushed()
        if self.closed:
            return
        self._pinged += 1
        name = str(self._pinged).encode()
        pong: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pings[name] = pong
        try:
            await self.socket.ping(name)
        except ConnectionError:
            self.end()
        await pong
        self._fenced = max(self._fenced, target)

    def cut(self) -> None:
        """Break the line without a word."""
        if self._transport is not None:
            self._transport.abort()

    def pong(self, name: bytes) -> None:
        """The client answered a ping."""
        if (waiter := self._pings.pop(name, None)) is not None and not waiter.done():
            waiter.set_result(None)

    def end(self) -> None:
        """The socket is gone: whoever waits for it goes on."""
        if self.closed:
            return
        self.closed = True
        self._writer.cancel()
        for waiter in [*self._flushed, *self._pings.values()]:
            if not waiter.done():
                waiter.set_result(None)
        self._flushed.clear()
        self._pings.clear()

    async def _write(self) -> None:
        socket, outbox, deflate = self.socket, self._outbox, self._deflate
        try:
            while True:
                await self._wake.wait()
                while outbox:
                    frame = outbox.popleft()
                    if deflate is None:
                        await socket.send_str(frame)
                    else:
                        data = deflate.compress(frame.encode()) + deflate.flush(zlib.Z_SYNC_FLUSH)
                        await socket.send_bytes(data)
                self._wake.clear()
                for waiter in self._flushed:
                    if not waiter.done():
                        waiter.set_result(None)
                self._flushed.clear()
        except ConnectionError:
            self.end()


class Session:
    """What a bot that identified is told, kept over lost connections so that it can be resumed."""

    def __init__(self, bot: Member, intents: int) -> None:
        self.id = secrets.token_hex(16)
        self.bot = bot
        self.intents = intents
        self.connection: Connection | None = None
        self.sequence = 0
        self.is_ready = False
        self.ended = False
        self._sent: deque[tuple[int, str]] = deque(maxlen=REPLAYED_EVENTS)

    @property
    def connected(self) -> bool:
        """Whether a socket is open now."""
        return self.connection is not None and not self.connection.closed

    def dispatch(self, event: str, data: str) -> None:
        """Send an event whose data is written as JSON already."""
        self.sequence += 1
        frame = f'{{"op":0,"s":{self.sequence},"t":"{event}","d":{data}}}'
        self._sent.append((self.sequence, frame))
        if self.connection is not None:
            self.connection.send(frame)

    def acknowledged(self, sequence: int) -> None:
        """The client has seen so much: it will never ask for it again."""
        while self._sent and self._sent[0][0] <= sequence:
            self._sent.popleft()

    def missed(self, sequence: int) -> list[str] | None:
        """The frames after `sequence`, or None where they are not all kept."""
        if sequence > self.sequence:
            return None
        missed = [frame for number, frame in self._sent if number > sequence]
        return missed if len(missed) == self.sequence - sequence else None
