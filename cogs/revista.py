"""Before a session: moderators and panelists are called, and organizers see who is missing and how the bot is doing."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import ButtonStyle, app_commands, ui
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Session
from bot.cues import Cue, CueKind
from bot.errors import NothingBehindThis
from bot.ids import ChannelId, RoleId, SessionKey
from bot.languages import Language
from bot.observing import observe
from bot.phrases import preflight as phrases
from bot.preflight import CHOSEN_LENGTH, Place, SelfCheck, WhichPanelist, places

from .checks import in_the_server, organizers, role_ids
from .inspection import lacks_in, uncallable
from .patience import in_time
from .posting import Post
from .replies import language, literal, person, reply
from .routes import chosen, press

if TYPE_CHECKING:
    from .client import Estrado

_SESSION = r"(?P<session>\d{4}-\d\d-\d\d)"

#: Discord's limit of a list's options.
_OPTIONS = 25


class Revista(commands.Cog):
    """The call, its button, what organizers are told of it, and `/revista`, which tells it at any time."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._arrivals = bot.services.arrivals
        #: Where the announcements find who makes these posts.
        self.posts_for = {CueKind.PREFLIGHT: self.call, CueKind.ROLL: self.roll}

    async def call(self, cue: Cue, _channel_id: ChannelId, _at: datetime) -> Post:
        """The call of moderators and panelists, which pings those whose role or account is known."""
        session, role = self._bot.services.event.session(cue.session), self._moderator_role(cue.session)
        first, *_ = languages = self._bot.services.event.languages
        panelists = [place.panelist for place in places(session) if place.panelist is not None]
        people = tuple(each.person for each in panelists if each.person is not None)
        named = [
            f"<@&{role}>" if role else phrases.moderation(first),
            *(literal(each.name) if each.person is None else f"<@{each.person}>" for each in panelists),
        ]
        texts = dict.fromkeys(phrases.called(session, it) for it in languages)
        view = ui.View(timeout=None)
        view.add_item(
            ui.Button(
                custom_id=f"preflight:here:{session.key}",
                label=" / ".join(dict.fromkeys(phrases.here_button(it) for it in languages)),
                style=ButtonStyle.success,
            )
        )
        return Post(
            parts=("\n".join([" · ".join(named), *texts]),),
            view=view,
            called_roles=(role,) if role else (),
            called_people=people,
        )

    async def roll(self, cue: Cue, _channel_id: ChannelId, _at: datetime) -> Post:
        """Who is missing, and how the bot is doing."""
        told = await self._told(self._bot.services.event.session(cue.session))
        texts = dict.fromkeys(told(it) for it in self._bot.services.event.languages)
        return Post(("\n\n".join(texts),))

    @press(rf"preflight:here:{_SESSION}", only=in_the_server)
    async def here(self, interaction: discord.Interaction, session: str) -> None:
        """Somebody says to be there. Whose name is not known is asked who they are."""
        it = language(interaction)
        try:
            await self._arrive(interaction, SessionKey(session), None)
        except WhichPanelist as which:
            names = [name[:CHOSEN_LENGTH] for name in which.names[:_OPTIONS]]
            view = ui.View(timeout=None)
            view.add_item(
                ui.Select[ui.View](
                    custom_id=f"preflight:panelist:{session}",
                    placeholder=phrases.which_panelist(it),
                    options=[discord.SelectOption(label=name, value=name) for name in names],
                )
            )
            await reply(interaction, phrases.which_panelist(it), view=view)

    @press(rf"preflight:panelist:{_SESSION}", only=in_the_server)
    async def panelist(self, interaction: discord.Interaction, session: str) -> None:
        """They said which panelist they are."""
        picked = chosen(interaction)
        if len(picked) != 1:
            raise NothingBehindThis
        await self._arrive(interaction, SessionKey(session), picked[0])

    @app_commands.command(
        name="revista",
        description=locale_str("Vea quién falta de moderación y panel, y si el bot está listo (organización)"),
    )
    @app_commands.check(organizers)
    async def revista(self, interaction: discord.Interaction) -> None:
        """The same as is told before a session, of the session in view, now."""
        services = self._bot.services
        session = services.event.session(services.queue.session_in_view().key)
        told = await in_time(interaction, self._told(session))
        await reply(interaction, told(language(interaction)))

    async def _arrive(self, interaction: discord.Interaction, key: SessionKey, picked: str | None) -> None:
        it, user, venue = language(interaction), interaction.user, self._bot.venue
        assert venue is not None, "only in the server"
        moderating = {venue.moderator_role, self._moderator_role(key)} - {0}
        names = [name for name in (user.display_name, user.global_name, user.name) if name]
        arrive = self._arrivals.here(
            key, person(interaction), names, moderates=bool(moderating & role_ids(interaction)), chosen=picked
        )
        try:
            taken = await in_time(interaction, arrive)
        except KeyError:
            raise NothingBehindThis from None
        await reply(interaction, phrases.welcomed(taken, self._bot.services.event.session(key), it))

    async def _told(self, session: Session) -> Callable[[Language], str]:
        attended = await self._arrivals.attendance(session.key)
        found = await self._self_check()
        names = [_name(each.place) for each in attended]
        return lambda it: "\n".join((phrases.roll(session, attended, names, it), phrases.checked(found, it)))

    async def _self_check(self) -> SelfCheck:
        bot, services = self._bot, self._bot.services
        guild = None if bot.venue is None else bot.get_guild(bot.venue.guild_id)
        lacks = []
        if bot.venue is not None and guild is not None:
            channels = {channel.id: channel for channel in guild.channels}
            lacks = lacks_in(bot.venue, guild, guild.me, channels)
            if services.config.announcements.preflight_minutes:
                lacks += uncallable(bot.venue, guild, guild.me, channels)
        return SelfCheck(
            status=await observe(services, bot),
            lacks=lacks,
            clock_off=bot.posting.clock_off,
            damage=await self._arrivals.damage(),
            makes_backups=services.config.backups.keep > 0,
        )

    def _moderator_role(self, session: SessionKey) -> RoleId:
        """Who moderates the session; 0 where the server has no such role."""
        venue = self._bot.venue
        if venue is None:
            return RoleId(0)
        return venue.session_moderator_roles.get(session) or venue.moderator_role


def _name(place: Place) -> str:
    return "" if place.panelist is None else literal(place.panelist.name)
