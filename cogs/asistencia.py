"""Presence, for those who are there: /presente and its button, and the room that is measured."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.attendance import NoNumber, NotCheckedIn, TooManyProfiles
from bot.errors import NothingBehindThis
from bot.ids import PersonId, SessionKey
from bot.phrases import attendance as phrases
from bot.phrases import companions as companion_phrases
from bot.phrases.refusals import refused

from .checks import in_the_server
from .companions_form import entered, profiles_form, profiles_view
from .patience import in_time
from .replies import language, person, reply
from .room import Room
from .routes import fields, form, open_form, press
from .unseen import Unseen
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado


_SESSION = r"(?P<session>\d{4}-\d\d-\d\d)"


class Asistencia(commands.Cog):
    """Declared presence, beside the measured one, which is the Room's; the two never mix."""

    def __init__(self, bot: "Estrado") -> None:
        self._register = bot.services.register
        self._profiles = bot.services.config.coverage.profiles
        self._room = Room(bot)
        self._unseen = Unseen(bot)

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
        await self._unseen.look()

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """Nothing about somebody who was erased is kept for what is measured from now on."""
        self._room.forget(who)

    @commands.Cog.listener()
    async def on_guild_update(self, _before: discord.Guild, _after: discord.Guild) -> None:
        """The channel of those who are away may be another one now."""
        self._room.look_again()

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, _after: discord.abc.GuildChannel
    ) -> None:
        """The bot may see more or less of it than before."""
        await self._unseen.look()

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, _after: discord.Role) -> None:
        """It may be one of the bot's."""
        await self._unseen.look()

    @commands.Cog.listener()
    async def on_guild_role_delete(self, _role: discord.Role) -> None:
        """It may have been one of the bot's."""
        await self._unseen.look()

    @commands.Cog.listener()
    async def on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        """The bot may have other roles now."""
        if after.id == after.guild.me.id:
            await self._unseen.look()

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
        it = language(interaction)
        result = await in_time(interaction, self._register.check_in(person(interaction), companions))
        check_in, text = result.check_in, phrases.checked_in(result, it)
        if not check_in.companions:
            await reply(interaction, text)
            return
        text += "\n" + companion_phrases.asked(check_in, self._profiles, it, forgot=result.forgot_profiles)
        await reply(interaction, text, view=profiles_view(check_in.session, self._profiles, it))

    @press(rf"presence:profiles:{_SESSION}:(?P<number>\d)", only=in_the_server)
    async def press_profiles(self, interaction: discord.Interaction, session: str, number: str) -> None:
        """Open the form for the companions' profiles."""
        check_in = await self._register.find_check_in(person(interaction), SessionKey(session))
        if check_in is None:
            raise NotCheckedIn
        modal = profiles_form(check_in, int(number), self._profiles, language(interaction))
        if modal is None:
            raise NothingBehindThis
        await open_form(interaction, modal)

    @form(rf"presence:profiled:{_SESSION}:\d", only=in_the_server)
    async def keep_profiles(self, interaction: discord.Interaction, session: str) -> None:
        """Keep them as they were declared. What is not taken can be given again."""
        it, key = language(interaction), SessionKey(session)
        try:
            told = entered(fields(interaction), self._profiles)
            check_in = await in_time(interaction, self._register.tell_profiles(person(interaction), key, told))
        except (NoNumber, TooManyProfiles) as refusal:
            await reply(interaction, refused(refusal, it), view=profiles_view(key, self._profiles, it))
            return
        await reply(interaction, companion_phrases.saved(check_in, self._profiles, it))
