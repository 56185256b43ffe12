"""The programme: announced when it is due, and told to whoever asks."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.announcing import Announcing
from bot.cues import plan
from bot.phrases.agenda import programme
from bot.sending import Reason
from bot.storage.alerts import AlertKind

from .announcements import Announcements, posting_places
from .replies import language, reply
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado


class Programa(commands.Cog):
    """`/programa`, and everything that the bot says by itself about the programme."""

    def __init__(self, bot: "Estrado") -> None:
        self.bot = bot
        services = bot.services
        self._announcing = Announcing(
            plan(services.event, services.config.announcements),
            services.clock,
            services.store,
            services.notices,
            services.schedule,
            Announcements(bot),
        )

    async def cog_load(self) -> None:
        await self.bot.services.schedule.start()

    async def cog_unload(self) -> None:
        self._announcing.close()
        await self.bot.services.schedule.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, venue: Venue) -> None:
        """Begin, or go on in the channels as they are now; at once with what became due meanwhile."""
        # First of all: what follows needs the database, which may take nothing just now.
        self._announcing.open(venue.announcements, venue.organizers, venue.moderators)
        await self._tell_what_is_absent(venue)

    async def _tell_what_is_absent(self, venue: Venue) -> None:
        tell, places, never_found = self.bot.services.notices.tell, posting_places(venue), []
        for absent in venue.absent:
            if channel_id := places.get(absent.setting):
                # It was there once. The same is found out, and told once, by whoever wants to post in it.
                await tell(AlertKind.BROKEN, channel_id, Reason.MISSING)
            else:
                never_found.append(absent.setting)
        if never_found:
            await tell(AlertKind.BROKEN, None, ",".join(never_found), never_found)

    @app_commands.command(name="programa", description="Vea el programa de hoy, qué está en curso y qué sigue")
    async def programa(self, interaction: discord.Interaction) -> None:
        now = self.bot.clock.now()
        await reply(interaction, programme(self.bot.services.event, now, language(interaction)))
