"""A clock that is moved by hand, a small server, and an unmodified discord.py that runs on it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Any

import discord
import pytest
import yarl
from discord import app_commands
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.idle import IdleLoop
from bot.loopback import Contract, Loopback, World
from bot.loopback import permissions as rights

TOKEN = "a.made-up.token"
BOT_PERMISSIONS = (
    rights.EVERYONE
    | rights.MANAGE_MESSAGES
    | rights.MANAGE_CHANNELS
    | rights.MANAGE_ROLES
    | rights.MOVE_MEMBERS
    | rights.PIN_MESSAGES
    | rights.MUTE_MEMBERS
    | rights.MANAGE_EVENTS
    | rights.CREATE_EVENTS
)


class HandClock:
    """Time that moves when it is told to."""

    def __init__(self, start: datetime) -> None:
        self._now = start
        self.expected: list[datetime] = []
        self._waiting: list[tuple[datetime, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    def expect(self, instant: datetime) -> None:
        self.expected.append(instant)

    async def sleep_until(self, instant: datetime) -> None:
        if instant > self._now:
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((instant, waiter))
            await waiter

    def move(self, **distance: float) -> None:
        self._now += timedelta(**distance)
        due = [each for each in self._waiting if each[0] <= self._now]
        self._waiting = [each for each in self._waiting if each[0] > self._now]
        for _, waiter in due:
            if not waiter.done():
                waiter.set_result(None)


class Bot(discord.Client):
    """A client with a command tree that notes every event it is told of."""

    def __init__(self, intents: discord.Intents | None = None, **options: Any) -> None:
        if intents is None:
            intents = discord.Intents(
                guilds=True, voice_states=True, guild_scheduled_events=True, guild_messages=True, dm_messages=True
            )
        super().__init__(
            intents=intents,
            guild_ready_timeout=0.05,
            chunk_guilds_at_startup=False,
            enable_debug_events=True,
            allowed_mentions=discord.AllowedMentions.none(),
            **options,
        )
        self.tree = app_commands.CommandTree(self)
        self.noted: list[tuple[Any, ...]] = []
        self.sessions_heard: list[tuple[str, bool]] = []
        self._where: dict[int, str | None] = {}

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Do not wait for five seconds before identifying anew."""

    def note(self, *what: Any) -> None:
        self.noted.append(what)

    async def on_socket_raw_receive(self, text: str) -> None:
        # Not on_voice_state_update: discord.py changes the states it hands out when the next frame is read.
        frame = json.loads(text)
        if frame.get("t") == "VOICE_STATE_UPDATE":
            state = frame["d"]
            channel = state["channel_id"] and self.get_channel(int(state["channel_id"]))
            person, now = int(state["user_id"]), channel.name if channel else None
            self.note("voice", person, self._where.get(person), now)
            self.sessions_heard.append((state["session_id"], now is not None))
            self._where[person] = now

    async def on_resumed(self) -> None:
        self.note("resumed")

    async def on_connect(self) -> None:
        self.note("connect")

    async def on_guild_unavailable(self, guild: discord.Guild) -> None:
        self.note("unavailable")

    async def on_guild_available(self, guild: discord.Guild) -> None:
        self.note("available")

    async def on_member_update(self, before: discord.Member, after: discord.Member) -> None:
        self.note("member", after.id, after.nick)

    async def on_raw_message_delete(self, payload: Any) -> None:
        self.note("deleted", payload.message_id)

    async def on_message(self, message: discord.Message) -> None:
        self.note("message", message.id, message.content)


class Stand:
    """A world, its loopback, and the bots that run on it."""

    def __init__(self, contract: Contract | None) -> None:
        self.clock = HandClock(datetime(2020, 9, 8, 14, 0, tzinfo=UTC))
        self.world = World(self.clock)
        self.account, self.bot_role = self.world.add_bot(TOKEN, "Estrado", BOT_PERMISSIONS)
        self.moderators = self.world.add_role("Moderación")
        self.news = self.world.add_text_channel("anuncios")
        self.back = self.world.add_text_channel(
            "moderacion",
            hidden_from_everyone=True,
            allow={self.moderators: rights.VIEW_CHANNEL, self.bot_role: rights.VIEW_CHANNEL},
        )
        self.stage = self.world.add_stage("auditorio")
        self.room = self.world.add_voice("sala 2")
        self.afk = self.world.add_afk("ausentes")
        self.ana = self.world.add_person("Ana Prueba", locale="es-419")
        self.ben = self.world.add_person("Ben Ensayo", locale="en-GB", roles=[self.moderators])
        self.loopback = Loopback(self.world, time=self.clock, contract=contract)
        self._stack = AsyncExitStack()

    @property
    def guild(self) -> discord.Object:
        return discord.Object(self.world.id)

    async def start(self, bot: Bot, token: str = TOKEN, *, sync: bool = True) -> Bot:
        """Log the bot in and wait until it knows the server."""
        await bot.login(token)
        if sync and bot.tree.get_commands(guild=self.guild):
            await bot.tree.sync(guild=self.guild)
        running = asyncio.create_task(bot.connect())
        self._stack.push_async_callback(_ended, running)
        self._stack.push_async_callback(bot.close)
        await self.loopback.connected()
        return bot

    async def still(self) -> None:
        """Return once everything has happened that can happen without the clock."""
        await self._loop.still()

    async def __aenter__(self) -> "Stand":
        await self._stack.enter_async_context(self.loopback)
        loop = asyncio.get_running_loop()
        assert isinstance(loop, IdleLoop)
        self._loop = loop
        loop.doors.count(self._under_way)
        loop.fences.append(self.loopback.settled)
        return self

    async def __aexit__(self, *error: Any) -> None:
        self._loop.doors.forget(self._under_way)
        self._loop.fences.remove(self.loopback.settled)
        await self._stack.aclose()

    def _under_way(self) -> int:
        return self.loopback.requests_in_flight

    def channel(self, bot: Bot, name: str) -> Any:
        """A channel as discord.py knows it."""
        return bot.get_channel(self.world.channel_named(name).id)


async def _ended(running: "asyncio.Task[None]") -> None:
    await asyncio.wait([running])
    if not running.cancelled() and (error := running.exception()) is not None:
        raise error


@pytest.fixture(autouse=True)
def endpoint() -> Iterator[Callable[[Loopback], None]]:
    """discord.py's addresses, put back afterwards."""
    base, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY

    def point(loopback: Loopback) -> None:
        Route.BASE = loopback.rest_url
        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(loopback.gateway_url)

    yield point
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = base, gateway


@pytest.fixture(scope="session")
def description() -> Contract | None:
    return Contract.from_environment()


@pytest.fixture
async def stand(endpoint: Callable[[Loopback], None], description: Contract | None) -> AsyncIterator[Stand]:
    """A served world. Where Discord's description is at hand, every test's traffic has to fit it."""
    if description is not None:
        description.forget()
    made = Stand(description)
    async with made:
        endpoint(made.loopback)
        yield made
    if description is not None:
        assert description.violations == []
