"""Organizers register somebody who cannot do it. The consent is given to them, which is kept with it."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.clock import from_ms
from bot.errors import NothingBehindThis
from bot.ids import PersonId
from bot.participants import BotsDoNotRegister, NotInTheServer
from bot.phrases import recognition

from .checks import organizers
from .patience import in_time
from .registration_desk import Applicant, Desk
from .registration_form import consent_view
from .replies import language, person, reply
from .routes import chosen, form, press

if TYPE_CHECKING:
    from .client import Estrado

#: The person, and their user name where Discord told it.
_WHOSE = r"registrar:(?P<other>\d{1,20}):(?P<account>[a-z0-9_.]{0,32})"

_INSTANT = r"(?P<consented>\d{1,14})"


class Registrar(commands.Cog):
    """`/registrar`."""

    def __init__(self, bot: "Estrado") -> None:
        self._clock = bot.services.clock
        self._desk = Desk(bot)

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """What was filled in and not taken goes with the rest."""
        self._desk.forget(who)

    @app_commands.command(
        name="registrar", description=locale_str("Registre a otra persona, con su consentimiento (organización)")
    )
    @app_commands.rename(persona=locale_str("persona"))
    @app_commands.describe(persona=locale_str("La persona a quien registra"))
    @app_commands.check(organizers)
    async def registrar(self, interaction: discord.Interaction, persona: discord.Member | discord.User) -> None:
        """Show the consent, for the person to hear or read."""
        if not isinstance(persona, discord.Member):
            raise NotInTheServer
        if persona.bot:
            raise BotsDoNotRegister
        it, who = language(interaction), _applicant(interaction, str(persona.id), persona.name)
        told = await in_time(interaction, self._desk.consent(who, it))
        asked = recognition.ask_for_consent(persona.mention, it)
        await reply(interaction, f"{asked}\n\n{told}", view=consent_view(who.whose, it))

    @press(f"{_WHOSE}:agree", only=organizers)
    async def press_agree(self, interaction: discord.Interaction, other: str, account: str) -> None:
        """Open the form: the person gave their consent now."""
        await self._desk.show(interaction, _applicant(interaction, other, account), self._clock.now())

    @press(f"{_WHOSE}:again:{_INSTANT}", only=organizers)
    async def press_again(self, interaction: discord.Interaction, other: str, account: str, consented: str) -> None:
        """Open the form once more."""
        await self._desk.show(interaction, _applicant(interaction, other, account), from_ms(int(consented)))

    @press(rf"{_WHOSE}:affiliation:{_INSTANT}:\d{{1,2}}", only=organizers)
    async def choose_affiliation(
        self, interaction: discord.Interaction, other: str, account: str, consented: str
    ) -> None:
        """Open the form for the delegation that was chosen in a list."""
        for affiliation in chosen(interaction)[:1]:
            who = _applicant(interaction, other, account)
            await self._desk.show(interaction, who, from_ms(int(consented)), affiliation=affiliation)
            return
        raise NothingBehindThis

    @form(rf"{_WHOSE}:form:{_INSTANT}(?::(?P<affiliation>\w{{1,20}}))?", only=organizers)
    async def submit(
        self, interaction: discord.Interaction, other: str, account: str, consented: str, affiliation: str | None
    ) -> None:
        """Keep what was filled in, and to whom the consent was given."""
        it, who = language(interaction), _applicant(interaction, other, account)
        registration = await self._desk.take(interaction, who, from_ms(int(consented)), affiliation)
        if registration is not None:
            told = self._desk.told(registration, it)
            await reply(interaction, recognition.registered_for(f"<@{who.person}>", told, it))


def _applicant(interaction: discord.Interaction, other: str, account: str) -> Applicant:
    """Somebody whom the organizer who uses the bot registers; themselves, where they chose themselves."""
    whose = f"registrar:{other}:{account if len(account) <= 32 else ''}"
    return Applicant(whose, PersonId(int(other)), account or None, by=person(interaction))
