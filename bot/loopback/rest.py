"""Discord's REST interface: one way in for every request, through the contract, the faults and the rate limits."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from bot.loopback import permissions as rights
from bot.loopback import rates
from bot.loopback.faults import Fault, shape
from bot.loopback.guild import Guild
from bot.loopback.messages import File
from bot.loopback.nouns import (
    Channel,
    DiscordRefusal,
    Json,
    Member,
    missing_access,
    missing_permissions,
    unknown,
)

if TYPE_CHECKING:
    from bot.loopback.server import Loopback


class Answer(NamedTuple):
    """Status and body; None is no body."""

    status: int
    body: Any = None


@dataclass(slots=True)
class Call:
    """One request, read."""

    loopback: "Loopback"
    guild: Guild
    method: str
    template: str
    parameters: list[str]
    query: dict[str, str]
    body: Any
    files: list[File]
    #: The bot that asks. An interaction's own token stands for its bot.
    bot: Member = field(init=False)

    def number(self, index: int) -> int:
        """A parameter that is an id."""
        return int(self.parameters[index])

    def channel(self, index: int = 0, *, needs: int = 0) -> Channel:
        """The channel of a parameter; refuses what the bot does not see (50001) or may not do there (50013)."""
        channel = self.guild.channel(self.number(index))
        allowed = self.guild.permissions(self.bot, channel)
        if not allowed & rights.VIEW_CHANNEL:
            raise missing_access()
        if needs & ~allowed:
            raise missing_permissions()
        return channel

    def require(self, needs: int) -> None:
        """Refuse with 50013 unless the bot has the permissions in the whole server."""
        if needs & ~self.guild.base_permissions(self.bot):
            raise missing_permissions()

    def own_guild(self, index: int = 0) -> Guild:
        """The server, which is the only one; refuses others with 10004."""
        if self.number(index) != self.guild.id:
            raise unknown("Guild", 10004)
        return self.guild

    def member(self, index: int) -> Member:
        """The member of a parameter ("@me" too); refuses with 10007."""
        if self.parameters[index] == "@me":
            return self.bot
        found = self.guild.members.get(self.number(index))
        if found is None:
            raise unknown("Member", 10007)
        return found


#: A handler does its work without waiting, so that a request is either done or not.
Handler = Callable[[Call], Answer]

_ROUTES: dict[tuple[str, str], tuple[Handler, str]] = {}


def route(method: str, template: str) -> Callable[[Handler], Handler]:
    """Let a function answer a route. Parameters come in order, as text."""

    def registered(handler: Handler) -> Handler:
        bare = shape(template)
        _ROUTES[method, bare] = (handler, bare)
        return handler

    return registered


def recognise(method: str, path: str) -> tuple[Handler, str, list[str]] | None:
    """The handler of a path, its template without names and its parameters."""
    segments = path.strip("/").split("/")
    parameters: list[str] = []
    bare = []
    with_token = segments[0] in ("webhooks", "interactions")
    for index, segment in enumerate(segments):
        if segment.isdigit() or (with_token and index == 2):
            parameters.append(segment)
            bare.append("{}")
        else:
            bare.append(segment)
    template = "/" + "/".join(bare)
    found = _ROUTES.get((method, template))
    if found is None:
        return None
    return found[0], template, parameters


class Rest:
    """Answers every request below /api/v10."""

    def __init__(self, loopback: "Loopback") -> None:
        self._loopback = loopback
        self._guild = loopback.world
        self.in_flight = 0
        self.held_forever: set[asyncio.Future[None]] = set()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Read, judge, do, answer."""
        self.in_flight += 1
        try:
            response = await self._respond(request)
            await response.prepare(request)
            await response.write_eof()
            return response
        finally:
            self.in_flight -= 1

    async def _respond(self, request: web.Request) -> web.Response:
        loopback = self._loopback
        method, path = request.method, request.match_info["path"]
        if loopback.rates.shut_out:
            return web.Response(status=429, text="error code: 1015", content_type="text/plain")
        recognised = recognise(method, path)
        if recognised is None:
            self._check_unknown(method, path)
            return self._json(404, {"message": "404: Not Found", "code": 0})
        handler, template, parameters = recognised
        body, files, content_type = await _read(request)
        call = Call(loopback, self._guild, method, template, parameters, dict(request.query), body, files)
        contract = loopback.contract
        if contract is not None:
            contract.check_request(method, path, call.query, body, content_type, has_files=bool(files))
        headers: dict[str, str] = {}
        fault = loopback.faults.take(method, template, self._channel_name(call))
        try:
            call.bot = self._who(request, call)
            if fault is not None and (played := await self._play(fault)) is not None:
                return played
            headers = await self._limited(call)
            answer = handler(call)
        except DiscordRefusal as refusal:
            answer = Answer(refusal.status, refusal.body())
            if refusal.code == 30046:
                headers = _too_many()
                answer = Answer(429, refusal.body() | {"retry_after": 0, "global": False})
        if fault is not None and fault.kind == "accepted-then-502":
            return web.Response(status=502, text="<html>502 Bad Gateway</html>", content_type="text/html")
        if contract is not None:
            contract.check_response(method, path, answer.status, answer.body)
        return self._json(answer.status, answer.body, headers)

    def _json(self, status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
        if status in (401, 403, 429):
            self._loopback.rates.refused()
        if body is None:
            return web.Response(status=status, headers=headers)
        # Exactly this type: discord.py takes anything else for text.
        headers = {**(headers or {}), "Content-Type": "application/json"}
        return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)

    def _check_unknown(self, method: str, path: str) -> None:
        if self._loopback.contract is not None:
            self._loopback.contract.check_request(method, path, {}, None, "application/json", has_files=False)
        self._guild.record("rest.unknown", method=method, path=path)

    def _channel_name(self, call: Call) -> str | None:
        if not call.template.startswith("/channels/{}") or not call.parameters:
            return None
        channel = self._guild.channels.get(call.number(0))
        return None if channel is None else channel.name

    def _who(self, request: web.Request, call: Call) -> Member:
        if call.template.startswith(("/interactions/", "/webhooks/")):
            member = self._guild.members.get(call.number(0))
            # An interaction's id is none of a member's; the token decides then.
            return self._guild.owner if member is None else member
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        bot = self._guild.bots.get(token)
        if scheme != "Bot" or bot is None:
            raise unauthorized()
        return bot

    async def _play(self, fault: Fault) -> web.Response | None:
        kind = fault.kind
        if kind == "slow":
            await asyncio.sleep(fault.seconds)
        elif kind == "hang":
            await self._hang()
        elif kind in ("500", "502", "503"):
            return web.Response(status=int(kind), text=f"<html>{kind}</html>", content_type="text/html")
        elif kind == "429":
            body = {"message": "You are being rate limited.", "retry_after": fault.retry_after, "global": False}
            return self._json(429, body, _too_many(fault.retry_after))
        elif kind == "401":
            raise unauthorized()
        elif kind == "403":
            raise missing_access() if fault.code == 50001 else missing_permissions()
        elif kind == "404":
            raise DiscordRefusal(404, fault.code or 10003, _UNKNOWN.get(fault.code or 10003, "Unknown"))
        elif kind == "callback-10062":
            raise unknown("interaction", 10062)
        elif kind == "30046":
            raise old_edits()
        return None

    async def _hang(self) -> None:
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.held_forever.add(waiter)
        try:
            with self._aside(), self._loopback.rates.holding():
                await waiter
        finally:
            self.held_forever.discard(waiter)
        raise ConnectionResetError

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Take a request off those in flight while it waits for the time of the event, or for ever."""
        self.in_flight -= 1
        try:
            yield
        finally:
            self.in_flight += 1

    async def _limited(self, call: Call) -> dict[str, str]:
        name, major, limit = _limit(call)
        if limit is None:
            return {}
        with self._aside():
            bucket = await call.loopback.rates.admit(f"{name}:{call.bot.id}", major, limit)
        return bucket.headers()


_UNKNOWN = {
    10003: "Unknown Channel",
    10004: "Unknown Guild",
    10007: "Unknown Member",
    10008: "Unknown Message",
    10011: "Unknown Role",
    10013: "Unknown User",
    10062: "Unknown interaction",
}


def unauthorized() -> DiscordRefusal:
    """The token is not that of a bot."""
    return DiscordRefusal(401, 0, "401: Unauthorized")


def old_edits() -> DiscordRefusal:
    """Too many edits of old messages; it goes out as a 429."""
    message = "Maximum number of edits to messages older than 1 hour reached. Try again later."
    return DiscordRefusal(429, 30046, message)


def _too_many(retry_after: float = 0) -> dict[str, str]:
    # Without Via, discord.py takes a 429 for a ban by Cloudflare.
    return {"Via": "1.1 loopback", "Retry-After": f"{retry_after:g}", "X-RateLimit-Scope": "user"}


def _limit(call: Call) -> tuple[str, str, tuple[int, timedelta] | None]:
    template, method = call.template, call.method
    if template.startswith(("/interactions/", "/webhooks/")):
        return "", "", None
    if template == "/channels/{}/messages" and method == "POST":
        return "posts", call.parameters[0], rates.POSTS
    if template == "/channels/{}/messages/{}" and method == "PATCH":
        return "edits", call.parameters[0], rates.EDITS
    if template == "/channels/{}" and method == "PATCH" and {"name", "topic"} & set(call.body or ()):
        return "names", call.parameters[0], rates.CHANNEL_NAMES
    return f"{method} {template}", call.parameters[0] if call.parameters else "", rates.OTHERS


async def _read(request: web.Request) -> tuple[Any, list[File], str]:
    content_type = request.content_type
    if content_type != "multipart/form-data":
        text = await request.read() if request.can_read_body else b""
        if not text:
            return None, [], "application/json"
        try:
            return json.loads(text), [], content_type
        except ValueError:
            return None, [], content_type
    body: Json = {}
    files: list[File] = []
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        name = part.name or ""
        content = bytes(await part.read())
        if name == "payload_json":
            body |= json.loads(content)
        elif name.startswith("files["):
            kind = part.headers.get("Content-Type", "application/octet-stream")
            files.append(File(name[6:-1], part.filename or "file", content, kind))
        else:
            body[name] = content.decode()
    return body, files, content_type
