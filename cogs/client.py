"""The bot: one connection to one server."""

import asyncio
import hashlib
import json
import logging
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.agenda import Event
from bot.clock import Clock
from bot.errors import NotSaved
from bot.place_ids import memory_key
from bot.services import Services

from .answers import Unheard
from .attempts import watching
from .failures import answer_failure
from .first_answers import FirstAnswers
from .interaction_ids import InteractionIds
from .posting import Posting
from .routes import Routes
from .starts import Starts
from .surprising_frames import outlive
from .translator import Translator
from .venue import Venue, find_guild, find_venue

log = logging.getLogger(__name__)

# Presence is read from the gateway; nothing is heard or spoken, so what voice would need is not missed.
discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False

#: Makes a cog for the bot.
CogKind = Callable[["Estrado"], commands.Cog]

#: How long discord.py waits for one more server before it calls itself ready; there is only one.
_SERVER_PATIENCE_SECONDS = 0.1

#: A request that Discord asks to hold back for longer than this is given up and told, not waited for in silence.
_LONGEST_RATE_LIMIT_SECONDS = 30.0

#: Longer than discord.py tries again after errors of Discord's.
_SYNCHRONISING_SECONDS = 60.0

_DEFINITIONS = "commands/definitions"

#: Events that come by the thousand when everybody enters. Their listeners wait for nothing.
_FREQUENT = frozenset(("socket_raw_receive", "voice_state_update"))


class Commands(app_commands.CommandTree["Estrado"]):
    """The commands, with the one way in which a failure is answered."""

    def _from_interaction(self, interaction: discord.Interaction["Estrado"]) -> None:
        if self.client.is_news(interaction):
            super()._from_interaction(interaction)

    async def on_error(self, interaction: discord.Interaction["Estrado"], error: app_commands.AppCommandError) -> None:
        await answer_failure(interaction, error)

    async def _call(self, interaction: discord.Interaction["Estrado"]) -> None:
        # discord.py hands on_error its own errors alone: what one of our checks raises would go unanswered.
        try:
            await super()._call(interaction)
        except Exception as error:  # noqa: BLE001 -- whatever went wrong before the command, the person is answered
            await answer_failure(interaction, error)


class Estrado(commands.Bot):
    """The bot on Discord. `venue` is None until the event's server was seen, and is found anew each time it is.

    Cogs listen to `on_venue_open(venue)`, which comes at start and after each return of the server. `on_no_server`
    is called when the bot turns out not to be in the event's server, once until it is there.
    """

    def __init__(
        self,
        services: Services,
        cogs: Iterable[CogKind],
        *,
        http_trace: aiohttp.TraceConfig | None = None,
        on_no_server: Callable[[], None] = lambda: None,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.voice_states = intents.guild_scheduled_events = True
        super().__init__(
            # Never used: without the message content intent only mentions of the bot would be seen at all.
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Commands,
            intents=intents,
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.from_intents(intents),
            chunk_guilds_at_startup=False,
            max_messages=None,
            guild_ready_timeout=_SERVER_PATIENCE_SECONDS,
            max_ratelimit_timeout=_LONGEST_RATE_LIMIT_SECONDS,
            # The voice states of a GUILD_CREATE are read from the payload: the cache keeps people who left meanwhile.
            enable_debug_events=True,
            connector=aiohttp.TCPConnector(limit=services.config.connection.maximum_connections),
            http_trace=watching(http_trace or aiohttp.TraceConfig(), self._refuse_token),
        )
        self.services = services
        self._is_rehearsed = http_trace is not None
        self._token_refused = asyncio.Event()
        self._interactions = InteractionIds()
        self._on_no_server = on_no_server
        self._misses_server = False
        self._cogs = tuple(cogs)
        self.routes = Routes()
        self.posting = Posting(self)
        self._starts = Starts(self)
        self.first_answers = FirstAnswers(http_trace)
        self.venue: Venue | None = None
        self._opening = asyncio.Lock()
        self._frequent: deque[tuple[str, tuple[Any, ...]]] = deque()
        self._telling: asyncio.Task[None] | None = None
        services.agenda.on_change(self._on_agenda_change)

    @property
    def clock(self) -> Clock:
        """The time of the event."""
        return self.services.clock

    @property
    def is_connected(self) -> bool:
        """Whether the gateway's connection stands and has told all that it tells at its beginning."""
        socket = self.ws
        # Until it connects first there is none, which discord.py's types do not say.
        return bool(socket) and socket.open and self.is_ready()

    @property
    def is_in_server(self) -> bool:
        """Whether the event's server is there."""
        guild = None if self.venue is None else self.get_guild(self.venue.guild_id)
        return guild is not None and not guild.unavailable

    async def setup_hook(self) -> None:
        outlive(self)
        self.first_answers.open(self.http.connector)
        await self.tree.set_translator(Translator())
        for kind in self._cogs:
            cog = kind(self)
            await self.add_cog(cog)
            self.routes.add_from(cog)

    async def close(self) -> None:
        await self.first_answers.close()
        await super().close()

    def dispatch(self, event_name: str, /, *args: Any, **kwargs: Any) -> None:
        # A task for each listener of each event costs more than all that the listeners do.
        if event_name not in _FREQUENT:
            super().dispatch(event_name, *args, **kwargs)
            return
        self._frequent.append((f"on_{event_name}", args))
        if self._telling is None:
            self._telling = self.loop.create_task(self._tell_frequent(), name="frequent-events")

    async def _tell_frequent(self) -> None:
        """What has come so far, in order, to one listener after the other."""
        try:
            while self._frequent:
                event, args = self._frequent.popleft()
                for listener in self.extra_events.get(event, ()):
                    try:
                        await listener(*args)
                    except Exception:  # noqa: BLE001 -- one listener's failure is not the others'
                        await self.on_error(event)
        finally:
            self._telling = None

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        self._starts.made()
        # Some seconds of the machine's, in which the time of a rehearsal would leap; its Discord asks for no pause.
        if not self._is_rehearsed:
            await super().before_identify_hook(shard_id, initial=initial)

    def is_news(self, interaction: discord.Interaction) -> bool:
        """Whether Discord tells of this interaction for the first time. Each is asked about once, on its one way in."""
        is_first = self._interactions.is_first(interaction.id)
        if not is_first:
            log.warning("interaction.twice id=%d", interaction.id)
        return is_first

    async def until_token_refused(self) -> NoReturn:
        """Wait until Discord does not know the token of a request any more, and raise discord.LoginFailure.

        One that was reset does not come back, and without it nobody can be told anything.
        """
        await self._token_refused.wait()
        raise discord.LoginFailure("The token was refused while it was in use.")

    def _refuse_token(self) -> None:
        if not self._token_refused.is_set():
            log.error("token.refused")
            self._token_refused.set()

    async def on_ready(self) -> None:
        self._tell_if_no_server()

    async def on_guild_available(self, guild: discord.Guild) -> None:
        await self._open(guild)

    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self._open(guild)

    async def on_guild_update(self, before: discord.Guild, after: discord.Guild) -> None:
        if self.venue is None and before.name != after.name:
            await self._open(after)

    async def on_guild_remove(self, _guild: discord.Guild) -> None:
        self._tell_if_no_server()

    async def on_guild_channel_create(self, channel: discord.abc.GuildChannel) -> None:
        await self._look_again(channel.guild)

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        await self._look_again(channel.guild)

    async def on_guild_channel_update(self, before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        if before.name != after.name:
            await self._look_again(after.guild)

    async def on_guild_role_create(self, role: discord.Role) -> None:
        await self._look_again(role.guild)

    async def on_guild_role_delete(self, role: discord.Role) -> None:
        await self._look_again(role.guild)

    async def on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if before.name != after.name:
            await self._look_again(after.guild)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        if interaction.type not in (discord.InteractionType.component, discord.InteractionType.modal_submit):
            return
        if not self.is_news(interaction):
            return
        try:
            await self.routes.answer(interaction)
        except Exception as error:  # noqa: BLE001 -- the one place where whatever went wrong is answered
            await answer_failure(interaction, error)

    async def on_error(self, event_method: str, /, *_args: Any, **_kwargs: Any) -> None:
        # discord.py calls this while the exception is being handled.
        log.error("failed reference=%s event=%s", secrets.token_hex(3), event_method, exc_info=True)  # noqa: LOG014

    def _on_agenda_change(self, before: Event, after: Event) -> None:
        """Other roles moderate: what they may do goes with them."""
        if _moderating(before) != _moderating(after):
            self.services.schedule.at("venue", self.clock.now(), self._open_as_changed)

    async def _open_as_changed(self) -> None:
        if self.venue is not None and (guild := self.get_guild(self.venue.guild_id)) is not None:
            await self._open(guild, only_if_changed=True)

    async def _open(self, guild: discord.Guild, *, only_if_changed: bool = False) -> None:
        """Find the event's places in its server and let the cogs begin, whatever else may not be done just now."""
        async with self._opening:
            remembered = await self.services.store.read(lambda tx: tx.facts.all("venue/"))
            known = {name: int(id_) for name, id_ in remembered.items()} | dict(self.services.config.known_ids)
            if not self._is_the_events(guild, known):
                log.warning("server.foreign id=%d", guild.id)
                self._tell_if_no_server()
                return
            venue = find_venue(guild, self.services.config, known, self.services.event)
            if only_if_changed and venue == self.venue:
                return
            for absent in venue.absent:
                log.error("venue.absent setting=%s", absent.setting)
            for doubtful in venue.doubtful:
                log.warning("venue.doubtful setting=%s", doubtful.setting)
            self.venue = venue
            self._misses_server = False
            self.dispatch("venue_open", venue)
            self._starts.watch()
            found = {name: str(id_) for name, id_ in venue.found.items()}
            if found.items() - remembered.items():
                await self._remember(found)
            await self._synchronise(guild)

    def _is_the_events(self, guild: discord.Guild, remembered: Mapping[str, int]) -> bool:
        """Whether it is the server that config.toml means. One that was found by its name stays the event's when it
        is renamed, or when the bot gets into another of that name."""
        reference = self.services.config.discord.guild
        known = remembered.get(memory_key("discord.guild", reference))
        if known is not None and self.get_guild(known) is not None:
            return guild.id == known
        return find_guild([guild], reference) is not None

    def _tell_if_no_server(self) -> None:
        """Tell once that the bot is not in the event's server; a server that is out of order may be it."""
        venue = self.venue
        if venue is not None and self.get_guild(venue.guild_id) is not None:
            return
        is_there = find_guild(self.guilds, self.services.config.discord.guild) is not None
        if is_there or self._misses_server or any(guild.unavailable for guild in self.guilds):
            return
        self._misses_server = True
        log.error("server.absent")
        self._on_no_server()

    async def _look_again(self, guild: discord.Guild) -> None:
        """A channel or role came or went: one of the event's places may be gone, or there at last."""
        if self.venue is not None and guild.id == self.venue.guild_id:
            await self._open(guild, only_if_changed=True)

    async def _synchronise(self, guild: discord.Guild) -> None:
        """Tell Discord the commands, only where they are not the ones it was told last."""
        self.tree.copy_global_to(guild=guild)
        translator = self.tree.translator
        assert translator is not None
        definitions = [
            await command.get_translated_payload(self.tree, translator)
            for command in self.tree.get_commands(guild=guild)
        ]
        told = _digest({"application": self.application_id, "guild": guild.id, "commands": definitions})
        known = await self.services.store.read(lambda tx: tx.facts.all(_DEFINITIONS))
        if known.get(_DEFINITIONS) == told:
            return
        try:
            async with asyncio.timeout(_SYNCHRONISING_SECONDS):
                await self.tree.sync(guild=guild)
        except Unheard as error:
            # The commands that Discord has go on working; the next start tries again.
            log.warning("commands.not_synchronised kind=%s", type(error).__name__)
            return
        await self._remember({_DEFINITIONS: told})

    async def _remember(self, facts: Mapping[str, str]) -> None:
        """Keep for the next start what only makes it easier."""
        try:
            await self.services.store.write(lambda tx: tx.facts.remember(facts))
        except NotSaved as trouble:
            log.warning("facts.not_remembered reason=%s", trouble.reason)
        except Exception:
            # What only saves time must not keep the event from opening.
            log.exception("facts.not_remembered")


def _moderating(event: Event) -> list[int | str | None]:
    return [block.moderator_role for block in event.blocks()]


def _digest(definitions: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(definitions, sort_keys=True).encode()).hexdigest()
