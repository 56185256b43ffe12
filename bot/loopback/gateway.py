"""The gateway: identify, heartbeat, events by intent, resume, and a fence that proves that frames were read."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aiohttp import WSMsgType, web

from bot.loopback import payloads
from bot.loopback.guild import Guild
from bot.loopback.nouns import ChannelKind, Json, Member, Message
from bot.loopback.sockets import Connection, Session

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE_STATE = 0, 1, 2, 3, 4
RESUME, RECONNECT, REQUEST_MEMBERS, INVALID_SESSION, HELLO, HEARTBEAT_ACK = 6, 7, 8, 9, 10, 11

GUILDS = 1 << 0
GUILD_MEMBERS = 1 << 1
GUILD_VOICE_STATES = 1 << 7
GUILD_PRESENCES = 1 << 8
GUILD_MESSAGES = 1 << 9
DIRECT_MESSAGES = 1 << 12
MESSAGE_CONTENT = 1 << 15
GUILD_SCHEDULED_EVENTS = 1 << 16
PRIVILEGED = GUILD_MEMBERS | GUILD_PRESENCES | MESSAGE_CONTENT
_ALL_INTENTS = (1 << 26) - 1

HEARTBEAT_MILLISECONDS = 41250

STARTS_A_DAY, _STARTS_DAY = 1000, timedelta(days=1)

_INTENTS = {
    "GUILD_MEMBER_ADD": GUILD_MEMBERS,
    "GUILD_MEMBER_UPDATE": GUILD_MEMBERS,
    "GUILD_MEMBER_REMOVE": GUILD_MEMBERS,
    "VOICE_STATE_UPDATE": GUILD_VOICE_STATES,
    "GUILD_SCHEDULED_EVENT_CREATE": GUILD_SCHEDULED_EVENTS,
    "GUILD_SCHEDULED_EVENT_UPDATE": GUILD_SCHEDULED_EVENTS,
    "GUILD_SCHEDULED_EVENT_DELETE": GUILD_SCHEDULED_EVENTS,
}

_dumps: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Gateway:
    """Every session of the server's bots."""

    def __init__(self, guild: Guild, address: Callable[[], str]) -> None:
        self._guild = guild
        self._address = address
        self.sessions: list[Session] = []
        self.connections: list[Connection] = []
        self.changed = asyncio.Event()
        self._tasks: set[asyncio.Task[web.WebSocketResponse]] = set()
        self.refuse_resume = False
        self.close_next_with: int | None = None
        self.ignore_member_requests = False
        self._starts: dict[int, list[datetime]] = {}
        self._repeats: Counter[str] = Counter()
        self._swaps: dict[str, list[tuple[Json, int | None, Message | None]]] = {}
        guild.listen(self.tell)

    def starts_left(self, bot: Member) -> tuple[int, timedelta]:
        """How many sessions the bot may still start, and when it may start all of them again."""
        now = self._guild.time.now()
        starts = self._starts.get(bot.id, [])
        # The day of a count begins with its first start.
        while starts and not now - _STARTS_DAY < starts[0] <= now:
            starts[:] = [start for start in starts if start >= starts[0] + _STARTS_DAY]
        return STARTS_A_DAY - len(starts), (starts[0] - now + _STARTS_DAY) if starts else timedelta()

    # Events

    def repeat_next(self, event: str) -> None:
        """Send the next event of this type twice."""
        self._repeats[event] += 1

    def swap_next(self, event: str) -> None:
        """Send the next two events of this type in the wrong order."""
        self._swaps.setdefault(event, [])

    def tell(self, event: str, data: Json, *, member_id: int | None = None, message: Message | None = None) -> None:
        """Send an event to every session that may hear of it."""
        if event in self._swaps:
            self._swaps[event].append((data, member_id, message))
            if len(self._swaps[event]) == 2:
                for swapped in reversed(self._swaps.pop(event)):
                    self._tell(event, *swapped)
            return
        for _ in range(1 + min(1, self._repeats[event])):
            self._tell(event, data, member_id, message)
        if self._repeats[event]:
            self._repeats[event] -= 1

    def _tell(self, event: str, data: Json, member_id: int | None, message: Message | None) -> None:
        if self._guild.unavailable:
            return
        text = ""
        for session in self.sessions:
            if session.is_ready and self._may_hear(session, event, member_id, message):
                if message is not None and event in ("MESSAGE_CREATE", "MESSAGE_UPDATE"):
                    hidden = _without_content(session, data, message)
                    if hidden is not data:
                        session.dispatch(event, _dumps(hidden))
                        continue
                text = text or _dumps(data)
                session.dispatch(event, text)

    def tell_bot(self, bot: Member, event: str, data: Json) -> bool:
        """Send an event to all sessions of one bot; whether there was one to hear it."""
        text = _dumps(data)
        heard = False
        times = 1 + min(1, self._repeats[event])
        for session in self.sessions:
            if session.bot is bot and session.is_ready:
                for _ in range(times):
                    session.dispatch(event, text)
                heard = True
        if self._repeats[event]:
            self._repeats[event] -= 1
        return heard

    def _may_hear(self, session: Session, event: str, member_id: int | None, message: Message | None) -> bool:
        if message is not None:
            private = message.channel.kind is ChannelKind.PRIVATE
            if not session.intents & (DIRECT_MESSAGES if private else GUILD_MESSAGES):
                return False
            return self._guild.may_see(session.bot, message.channel)
        if event == "GUILD_MEMBER_UPDATE" and member_id == session.bot.id:
            return True
        return bool(session.intents & _INTENTS.get(event, GUILDS))

    def announce_guild(self, session: Session) -> None:
        """Send the server as a whole."""
        intents = session.intents
        if intents & GUILDS:
            data = payloads.guild_create(
                self._guild,
                session.bot,
                voice=bool(intents & GUILD_VOICE_STATES),
                all_members=bool(intents & GUILD_MEMBERS),
            )
            session.dispatch("GUILD_CREATE", _dumps(data))

    # Sockets

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """One connection from its first byte to its last."""
        # Shielded, because a handler is cancelled when its client goes, and how the client took its leave matters.
        connection = asyncio.create_task(self._serve(request))
        self._tasks.add(connection)
        connection.add_done_callback(self._tasks.discard)
        return await asyncio.shield(connection)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(autoping=False, compress=False, max_msg_size=0, timeout=2.0)
        await socket.prepare(request)
        compressed = request.query.get("compress") == "zlib-stream"
        transport = request.transport if isinstance(request.transport, asyncio.Transport) else None
        connection = Connection(socket, transport, compressed=compressed)
        self.connections.append(connection)
        code: int | None = None
        try:
            if self.close_next_with is not None:
                code, self.close_next_with = self.close_next_with, None
                await socket.close(code=code)
                return socket
            connection.send(_frame(HELLO, {"heartbeat_interval": HEARTBEAT_MILLISECONDS, "_trace": []}))
            async for message in socket:
                # Discord reads both, and hikari sends bytes.
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    refused = self._received(connection, json.loads(message.data))
                    if refused is not None:
                        await connection.flushed()
                        await socket.close(code=refused)
                elif message.type is WSMsgType.PONG:
                    connection.pong(bytes(message.data))
                elif message.type is WSMsgType.PING:
                    await socket.pong(message.data)
            code = socket.close_code
        finally:
            self.lost(connection, code)
        return socket

    def lost(self, connection: Connection, code: int | None) -> None:
        """A socket is closed, or about to be: nothing is sent on it any more."""
        connection.end()
        if connection in self.connections:
            self.connections.remove(connection)
        session = connection.session
        if session is None or session.connection is not connection:
            return
        session.connection = None
        # A client that takes its leave ends its session; whoever is merely gone may come back.
        if code in (1000, 1001):
            self.forget(session)
        self._guild.record("gateway.closed", session=session.id, code=code)
        self.changed.set()

    def forget(self, session: Session) -> None:
        """Make a session one that cannot be resumed."""
        session.ended = True
        if session in self.sessions:
            self.sessions.remove(session)

    def _received(self, connection: Connection, frame: Json) -> int | None:
        """React to a frame; returns the code with which the socket has to be closed, if it has."""
        op, data = frame.get("op"), frame.get("d")
        if op == HEARTBEAT:
            if connection.session is not None and isinstance(data, int):
                connection.session.acknowledged(data)
            connection.send(_frame(HEARTBEAT_ACK, None))
            return None
        if not isinstance(data, dict):
            return 4002
        if op == IDENTIFY:
            return self._identify(connection, data)
        if op == RESUME:
            return self._resume(connection, data)
        if connection.session is None:
            return 4003
        if op == REQUEST_MEMBERS:
            self._members(connection.session, data)
        elif op not in (PRESENCE, VOICE_STATE):
            return 4001
        return None

    def _identify(self, connection: Connection, data: Json) -> int | None:
        if connection.session is not None:
            return 4005
        bot = self._bot(data.get("token"))
        if bot is None:
            return 4004
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~_ALL_INTENTS:
            return 4013
        if intents & PRIVILEGED & ~bot.privileged:
            return 4014
        # A bot that identifies anew will not come back for what it left behind.
        for old in [each for each in self.sessions if each.bot is bot and not each.connected]:
            self.forget(old)
        session = Session(bot, intents)
        session.connection = connection
        connection.session = session
        self.sessions.append(session)
        session.dispatch("READY", _dumps(self._ready(session)))
        session.is_ready = True
        if not self._guild.unavailable:
            self.announce_guild(session)
        self._guild.record("gateway.opened", session=session.id, bot=bot.id)
        self._starts.setdefault(bot.id, []).append(self._guild.time.now())
        self.changed.set()
        return None

    def _ready(self, session: Session) -> Json:
        return {
            "v": 10,
            "user": payloads.own_user(session.bot),
            "guilds": [{"id": str(self._guild.id), "unavailable": True}],
            "session_id": session.id,
            "session_type": "normal",
            "resume_gateway_url": self._address(),
            "shard": [0, 1],
            "application": {"id": str(session.bot.id), "flags": 0},
            "private_channels": [],
            "relationships": [],
            "presences": [],
            "_trace": [],
        }

    def _resume(self, connection: Connection, data: Json) -> int | None:
        if self._bot(data.get("token")) is None:
            return 4004
        for session in self.sessions:
            if session.id == data.get("session_id"):
                break
        else:
            connection.send(_frame(INVALID_SESSION, False))
            return None
        missed = None if self.refuse_resume else session.missed(data.get("seq") or 0)
        if missed is None:
            self.refuse_resume = False
            self.forget(session)
            connection.send(_frame(INVALID_SESSION, False))
            return None
        # The line may be broken although nobody has noticed on this side.
        if session.connection is not None:
            self.lost(session.connection, None)
        session.connection = connection
        connection.session = session
        for frame in missed:
            connection.send(frame)
        session.dispatch("RESUMED", '{"_trace":[]}')
        self._guild.record("gateway.resumed", session=session.id, replayed=len(missed))
        self.changed.set()
        return None

    def _bot(self, token: Any) -> Member | None:
        return self._guild.bots.get(token) if isinstance(token, str) else None

    def _members(self, session: Session, data: Json) -> None:
        if self.ignore_member_requests:
            return
        wanted = [str(each) for each in data.get("user_ids") or ()]
        if wanted:
            found = [member for member in self._guild.members.values() if str(member.id) in wanted]
        elif data.get("query") or session.intents & GUILD_MEMBERS:
            prefix = str(data.get("query") or "").casefold()
            found = [m for m in self._guild.members.values() if m.display_name.casefold().startswith(prefix)]
            if data.get("limit"):
                found = found[: data["limit"]]
        else:
            return
        known = {str(member.id) for member in found}
        pages = [found[start : start + 1000] for start in range(0, len(found), 1000)] or [[]]
        for index, page in enumerate(pages):
            chunk: Json = {
                "guild_id": str(self._guild.id),
                "members": [payloads.member(member) for member in page],
                "chunk_index": index,
                "chunk_count": len(pages),
                "not_found": [each for each in wanted if each not in known],
            }
            if data.get("nonce"):
                chunk["nonce"] = data["nonce"]
            session.dispatch("GUILD_MEMBERS_CHUNK", _dumps(chunk))


def _frame(op: int, data: Any) -> str:
    return _dumps({"op": op, "d": data, "s": None, "t": None})


def _without_content(session: Session, data: Json, message: Message) -> Json:
    """What a bot without the intent for contents is told of a message: less, unless it concerns the bot."""
    if session.intents & MESSAGE_CONTENT or message.author is session.bot:
        return data
    if message.channel.kind is ChannelKind.PRIVATE or session.bot in message.mentions:
        return data
    return data | {"content": "", "embeds": [], "attachments": [], "components": []}
