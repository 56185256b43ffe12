"""The programme: announced when it is due, and told to whoever asks."""

import asyncio
import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.ext import commands

from bot.agenda import Event
from bot.announcing import Announcing
from bot.cues import Cue, plan
from bot.languages import Language
from bot.phrases.agenda import calendar_button, calendar_told, programme
from bot.sending import Reason
from bot.storage.alerts import AlertKind

from .announcements import Announcements, posting_places
from .checks import in_the_server
from .patience import in_time
from .replies import language, reply
from .routes import press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado


class Programa(commands.Cog):
    """`/programa`, and everything that the bot says by itself about the programme."""

    def __init__(self, bot: "Estrado") -> None:
        self.bot = bot
        services = bot.services
        self._announcing = Announcing(
            self._plan(),
            services.clock,
            services.store,
            services.notices,
            services.schedule,
            Announcements(bot),
        )
        services.agenda.on_change(lambda _before, _after: self._announcing.replan(self._plan()))

    def _plan(self) -> tuple[Cue, ...]:
        services = self.bot.services
        return plan(services.event, services.config.announcements)

    async def cog_load(self) -> None:
        await self.bot.services.schedule.start()

    async def cog_unload(self) -> None:
        self._announcing.close()
        await self.bot.services.schedule.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, venue: Venue) -> None:
        """Begin, or go on in the channels as they are now; at once with what became due meanwhile."""
        # First of all: what follows needs the database, which may take nothing just now.
        self._announcing.open(venue.announcements, venue.organizers, venue.moderators, backstage=venue.backstage)
        await self._tell_what_is_absent(venue)

    async def _tell_what_is_absent(self, venue: Venue) -> None:
        notices, places, never_found = self.bot.services.notices, posting_places(venue), []
        for absent in venue.absent:
            if channel_id := places.get(absent.setting):
                # It was there once. The same is found out, and told once, by whoever wants to post in it.
                await notices.tell(AlertKind.BROKEN, channel_id, Reason.MISSING)
            else:
                never_found.append(absent.setting)
        await notices.tell_all(AlertKind.BROKEN, never_found)

    @app_commands.command(name="programa", description="Vea el programa de hoy, qué está en curso y qué sigue")
    async def programa(self, interaction: discord.Interaction) -> None:
        it = language(interaction)
        view = discord.ui.View(timeout=None)
        view.add_item(discord.ui.Button(custom_id="programme:calendar", label=calendar_button(it)))
        await reply(interaction, programme(self.bot.services.event, self.bot.clock.now(), it), view=view)

    @press("programme:calendar", only=in_the_server)
    async def press_calendar(self, interaction: discord.Interaction) -> None:
        """The programme as it is now, for the person's own calendar."""
        it = language(interaction)
        # In a thread: the rules of the event's zone take a while to write down.
        content = await in_time(interaction, asyncio.to_thread(self._calendar, self.bot.services.event, it))
        file = discord.File(io.BytesIO(content), filename="programa.ics")
        await reply(interaction, calendar_told(it), files=[file])

    def _calendar(self, event: Event, it: Language) -> bytes:
        from bot.programmes.calendar_file import calendar  # noqa: PLC0415 -- what only few ask for loads only then

        venue, services = self.bot.venue, self.bot.services
        assert venue is not None
        room = venue.stage or venue.announcements[0]
        return calendar(
            event,
            it,
            scope=str(services.config.discord.guild),
            sequences=services.agenda.sequences,
            made_at=services.clock.now(),
            place=f"https://discord.com/channels/{venue.guild_id}/{room}",
        )
