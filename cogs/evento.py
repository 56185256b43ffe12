"""The sessions among Discord's own events, and the Stage under its theme."""

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from .native_events import NativeEvents
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado


class Evento(commands.Cog):
    """Says when to look: at the start and end of sessions, at changes, and when somebody begins or ends to speak."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._services = bot.services
        self._native = NativeEvents(bot)

    async def cog_load(self) -> None:
        self._native.start()
        self._services.agenda.on_change(lambda _before, _after: self._plan())
        self._plan()

    async def cog_unload(self) -> None:
        await self._native.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Make what is not there yet, and go on with what is."""
        self._native.look()

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, _member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """The first who speaks starts the event; the last who does lets the Stage be closed."""
        if self._speaks(before) != self._speaks(after):
            self._native.heard()

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, _after: discord.Role) -> None:
        """What was missing may be there."""
        if self._native.lacks:
            self._native.look()

    @commands.Cog.listener()
    async def on_guild_channel_update(self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel) -> None:
        """What was missing may be there."""
        venue = self._bot.venue
        if venue is not None and after.id == venue.stage and self._native.lacks:
            self._native.look()

    def _speaks(self, state: discord.VoiceState) -> bool:
        venue = self._bot.venue
        channel = state.channel
        return venue is not None and channel is not None and channel.id == venue.stage and not state.suppress

    def _plan(self) -> None:
        """Look at each start and end that is still to come, and now."""
        now = self._services.clock.now()
        for session in self._services.event.sessions:
            for bound, instant in (("start", session.starts_at), ("end", session.ends_at)):
                name = f"native_event/{bound}/{session.key}"
                if instant > now:
                    self._services.schedule.at(name, instant, self._due)
                else:
                    self._services.schedule.cancel(name)
        self._native.look()

    async def _due(self) -> None:
        self._native.look()
