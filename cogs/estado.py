"""For organizers: how the bot is doing."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.observing import observe
from bot.phrases import status as phrases

from .checks import organizers
from .patience import in_time
from .replies import language, reply

if TYPE_CHECKING:
    from .client import Estrado


class Estado(commands.Cog):
    """`/estado`."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot

    @app_commands.command(
        name="estado",
        description=locale_str(
            "Vea cómo está el bot: conexión, avisos, preguntas, base de datos y copias (organización)"
        ),
    )
    @app_commands.check(organizers)
    async def estado(self, interaction: discord.Interaction) -> None:
        """Figures only, as of now."""
        status = await in_time(interaction, observe(self._bot.services, self._bot))
        await reply(interaction, phrases.told(status, language(interaction)))
