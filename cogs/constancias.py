"""/constancia: a participant's own certificate of attendance, once the event is over."""

import asyncio
import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.certifying import Held
from bot.ids import PersonId
from bot.phrases import certificates as phrases

from .checks import in_the_server
from .patience import in_time
from .replies import language, person, reply

if TYPE_CHECKING:
    from bot.reports.typesetting import Typeset

    from .client import Estrado


class Constancias(commands.Cog):
    """Certificates, each for the person whose it is."""

    def __init__(self, bot: "Estrado") -> None:
        self._certificates = bot.services.certificates
        self._config = bot.services.config

    @app_commands.command(
        name="constancia",
        description=locale_str("Reciba su constancia de asistencia, en privado, cuando termine el evento"),
    )
    @app_commands.check(in_the_server)
    async def constancia(self, interaction: discord.Interaction) -> None:
        """The person's own as a file, in the language that they registered with."""
        held, name, made = await in_time(interaction, self._made(person(interaction)))
        file = discord.File(io.BytesIO(made.pdf), filename=name)
        await reply(interaction, phrases.here_it_is(held, made.missing, language(interaction)), files=[file])

    async def _made(self, who: PersonId) -> "tuple[Held, str, Typeset]":
        from bot.reports.certificates import certificates_pdf, file_name  # noqa: PLC0415 -- only documents need it

        held = await self._certificates.own(who)
        # In a thread: typesetting takes tenths of a second, and lets the others run meanwhile.
        made = await asyncio.to_thread(certificates_pdf, [held], self._config, "own")
        return held, file_name(held), made
