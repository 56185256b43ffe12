"""Presence, for those who are there: /presente and its button, and the room that is measured."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.phrases import attendance as phrases

from .checks import in_the_server
from .patience import in_time
from .replies import language, person, reply
from .room import Room
from .routes import press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado


class Asistencia(commands.Cog):
    """Declared presence, beside the measured one, which is the Room's; the two never mix."""

    def __init__(self, bot: "Estrado") -> None:
        self._register = bot.services.register
        self._room = Room(bot)

    async def cog_load(self) -> None:
        """Begin to open and close the register."""
        self._room.start()

    async def cog_unload(self) -> None:
        """Stop measuring; what was seen last is kept."""
        await self._room.stop()

    @commands.Cog.listener()
    async def on_socket_raw_receive(self, frame: str) -> None:
        """A frame of the gateway; needs `enable_debug_events`."""
        self._room.hear(frame)

    @commands.Cog.listener()
    async def on_disconnect(self) -> None:
        """The gateway is not there any more."""
        self._room.lose()

    @commands.Cog.listener()
    async def on_venue_open(self, venue: Venue) -> None:
        """The event's places are known, perhaps anew."""
        self._room.open(venue)

    @commands.Cog.listener()
    async def on_guild_update(self, _before: discord.Guild, _after: discord.Guild) -> None:
        """The channel of those who are away may be another one now."""
        self._room.look_again()

    @app_commands.command(
        name="presente",
        description=locale_str("Diga que está en la sesión de hoy, y cuántas personas más comparten su conexión"),
    )
    @app_commands.rename(acompanantes=locale_str("acompanantes"))
    @app_commands.describe(acompanantes=locale_str("Cuántas personas más están con usted en la misma conexión"))
    @app_commands.check(in_the_server)
    async def presente(
        self, interaction: discord.Interaction, acompanantes: app_commands.Range[int, 0, 1000] | None = None
    ) -> None:
        """Declare presence, with so many companions."""
        await self._check_in(interaction, acompanantes)

    @press("presence:declare", only=in_the_server)
    async def press_present(self, interaction: discord.Interaction) -> None:
        """The same, by button and alone."""
        await self._check_in(interaction, None)

    async def _check_in(self, interaction: discord.Interaction, companions: int | None) -> None:
        work = self._register.check_in(person(interaction), companions)
        result = await in_time(interaction, work)
        await reply(interaction, phrases.checked_in(result, language(interaction)))
