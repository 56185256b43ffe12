"""Registration: the consent first, then a form. Nothing is stored without the consent."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.clock import from_ms
from bot.errors import NothingBehindThis
from bot.ids import PersonId
from bot.phrases import recognition

from .checks import in_the_server
from .patience import in_time
from .registration_desk import Desk, myself
from .registration_form import OWN, consent_view, question_view
from .replies import language, person, reply
from .routes import chosen, form, press

if TYPE_CHECKING:
    from .client import Estrado

_INSTANT = r"(?P<consented>\d{1,14})"


class Registro(commands.Cog):
    """`/registro`, and the button of the opening post that does the same."""

    def __init__(self, bot: "Estrado") -> None:
        self._clock = bot.services.clock
        self._directory = bot.services.directory
        self._desk = Desk(bot)

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """What was filled in and not taken goes with the rest."""
        self._desk.forget(who)

    @app_commands.command(name="registro", description=locale_str("Regístrese en el evento, o corrija sus datos"))
    @app_commands.check(in_the_server)
    async def registro(self, interaction: discord.Interaction) -> None:
        """Show the consent."""
        await self._ask_consent(interaction)

    @press(f"{OWN}:open", only=in_the_server)
    async def press_open(self, interaction: discord.Interaction) -> None:
        """The same, by button."""
        await self._ask_consent(interaction)

    @press(f"{OWN}:agree", only=in_the_server)
    async def press_agree(self, interaction: discord.Interaction) -> None:
        """Open the form: from this press on the person agrees."""
        await self._desk.show(interaction, myself(interaction, OWN), self._clock.now())

    @press(f"{OWN}:again:{_INSTANT}", only=in_the_server)
    async def press_again(self, interaction: discord.Interaction, consented: str) -> None:
        """Open the form once more."""
        await self._desk.show(interaction, myself(interaction, OWN), from_ms(int(consented)))

    @press(rf"{OWN}:affiliation:{_INSTANT}:\d{{1,2}}", only=in_the_server)
    async def choose_affiliation(self, interaction: discord.Interaction, consented: str) -> None:
        """Open the form for the delegation that was chosen in a list."""
        for affiliation in chosen(interaction)[:1]:
            who = myself(interaction, OWN)
            await self._desk.show(interaction, who, from_ms(int(consented)), affiliation=affiliation)
            return
        raise NothingBehindThis

    @form(rf"{OWN}:form:{_INSTANT}(?::(?P<affiliation>\w{{1,20}}))?", only=in_the_server)
    async def submit(self, interaction: discord.Interaction, consented: str, affiliation: str | None) -> None:
        """Keep what was filled in, and ask who on the organizers' list it is where that is in doubt."""
        it, consented_at = language(interaction), from_ms(int(consented))
        registration = await self._desk.take(interaction, myself(interaction, OWN), consented_at, affiliation)
        if registration is None:
            return
        told, asked = self._desk.told(registration, it), registration.asked
        if asked is None:
            await reply(interaction, told)
            return
        question = recognition.question(asked, it)
        await reply(interaction, f"{told}\n\n{question}", view=question_view(asked, consented_at, it))

    @press(f"{OWN}:me", only=in_the_server)
    async def press_me(self, interaction: discord.Interaction) -> None:
        """It is the one on the list."""
        await in_time(interaction, self._directory.is_the_one(person(interaction)))
        await reply(interaction, recognition.thanks(language(interaction)))

    @press(f"{OWN}:not-me", only=in_the_server)
    async def press_not_me(self, interaction: discord.Interaction) -> None:
        """It is somebody else."""
        await in_time(interaction, self._directory.is_none_of_them(person(interaction)))
        await reply(interaction, recognition.thanks(language(interaction)))

    async def _ask_consent(self, interaction: discord.Interaction) -> None:
        it = language(interaction)
        told = await in_time(interaction, self._desk.consent(myself(interaction, OWN), it))
        await reply(interaction, told, view=consent_view(OWN, it))
