"""Names that look like those of the organization: flagged to moderators when somebody bears one who is nobody of it."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import discord
from discord.ext import commands

from bot.ids import PersonId
from bot.lookalikes import FLAGGED, OFFICIAL_WORDS, flag_of, imitated, is_namesake
from bot.phrases import lookalikes as phrases
from bot.sending import NotPosted, Reason

from .keeping import ended, guarded
from .question_cards import Languages, in_all
from .replies import literal
from .routes import fields
from .venue import Venue, is_exposed

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: Those who come together are told together, so that a crowd of them does not fill the channel.
_TOGETHER_SECONDS = 5.0

#: After a failure.
_AGAIN_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Flag:
    """Somebody under a name that passes for another's, or with the picture `name` that is the bot's or the server's:
    then `official` is None."""

    person: PersonId
    name: str
    official: str | None

    @property
    def fact(self) -> str:
        """Under which it is remembered that moderators know."""
        return flag_of(self.person, self.name if self.official is not None else f"picture/{self.name}")


class Parecidos(commands.Cog):
    """Looks at everybody's name, as shown and as registered, and picture when they enter a voice channel or use the
    bot, unless that may be to ask anonymously: moderators are told some seconds after, and would know who asked.

    Of pictures it is known whether they are the same file as the bot's or the server's. One that was changed by a dot
    is another one, and nothing is looked at that Discord does not send of itself.

    Each name and picture of each person is told once. Whoever moderates or organizes is none of them, and their own
    names are among those that are compared with, from when they are first seen.
    """

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._names: dict[PersonId, str] = {}
        self._pictures: dict[PersonId, frozenset[str]] = {}
        self._officials: dict[PersonId, str] = {}
        self._to_look_at: set[PersonId] = set()
        self._told: set[str] = set()
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def cog_load(self) -> None:
        facts = await self._bot.services.store.read(lambda tx: tx.facts.all(FLAGGED))
        self._told = set(facts)
        self._task = asyncio.create_task(self._keep(), name="look-alikes")

    async def cog_unload(self) -> None:
        await ended([self._task] if self._task is not None else [])

    @commands.Cog.listener()
    async def on_venue_open(self, venue: Venue) -> None:
        """Those who are in a voice channel already."""
        guild = self._bot.get_guild(venue.guild_id)
        for member in guild.members if guild is not None else ():
            self._meet(member, venue)

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody comes in."""
        if after.channel is not None and before.channel != after.channel and self._bot.venue is not None:
            self._meet(member, self._bot.venue)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody uses the bot, perhaps to register under another name."""
        if isinstance(interaction.user, discord.Member) and self._bot.venue is not None and _by_name(interaction):
            # A form may have been that of the registration, with another name in it.
            form = interaction.type is discord.InteractionType.modal_submit
            self._meet(interaction.user, self._bot.venue, perhaps_renamed=form)

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """Nothing of somebody who was erased is compared any more, until they are seen again."""
        self._names.pop(who, None)
        self._to_look_at.discard(who)

    def _meet(self, member: discord.Member, venue: Venue, *, perhaps_renamed: bool = False) -> None:
        if member.guild.id != venue.guild_id or member == self._bot.user:
            return
        person, name = PersonId(member.id), member.display_name
        # Not `member.roles`: that drops the roles that the cache does not know (yet).
        roles = frozenset(member._roles)
        if any(venue.is_moderator(roles, key) for key in (None, *venue.session_moderator_roles)):
            if self._officials.get(person) != name:
                self._officials[person] = name
                self._to_look_at.update(self._names)
        else:
            was_official = self._officials.pop(person, None) is not None
            pictures = _pictures(member)
            changed = self._names.get(person) != name or self._pictures.get(person) != pictures
            if perhaps_renamed or was_official or changed:
                self._names[person], self._pictures[person] = name, pictures
                self._to_look_at.add(person)
        if self._to_look_at:
            self._woken.set()

    async def _keep(self) -> None:
        while True:
            await self._woken.wait()
            await self._bot.clock.sleep(_TOGETHER_SECONDS)
            self._woken.clear()
            people, self._to_look_at = self._to_look_at, set()
            if not await guarded(self._look_at(people), "lookalikes"):
                self._to_look_at |= people
                await self._bot.clock.sleep(_AGAIN_SECONDS)
                self._woken.set()

    async def _look_at(self, people: set[PersonId]) -> None:
        venue = self._bot.venue
        officials = self._names_to_protect()
        if venue is None:
            return
        if is_exposed(self._bot.get_guild(venue.guild_id), venue.moderators):
            raise NotPosted(venue.moderators, Reason.EXPOSED)
        found = [
            flag
            for person in sorted(people)
            if person not in self._officials
            for flag in (
                *(self._judged(person, name, officials) for name in await self._names_of(person)),
                self._judged_by_picture(person, venue),
            )
            if flag is not None and flag.fact not in self._told
        ]
        flags = {flag.fact: flag for flag in found}
        if not flags:
            return
        languages = self._bot.services.event.languages
        lines = [_told(flag, languages) for flag in flags.values()]
        text = "\n".join([in_all(languages, phrases.heading), *lines])
        message = await self._bot.posting.post(venue.moderators, text)
        log.info("lookalikes.told n=%d", len(flags))
        self._told.update(flags)
        # With the message, which bears the names: it goes when one of them is erased.
        where = f"{venue.moderators}/{message}"
        # Without the instant: it would be that of the first question of whoever has just asked one.
        await self._bot.services.store.write(lambda tx: tx.facts.remember(dict.fromkeys(flags, where)))

    def _judged(self, person: PersonId, name: str, officials: Mapping[str, None]) -> Flag | None:
        people = dict.fromkeys(self._officials.values())
        official = imitated(name, officials, people)
        if official is None or (official in people and is_namesake(name, official)):
            return None
        return Flag(person, name, official)

    def _judged_by_picture(self, person: PersonId, venue: Venue) -> Flag | None:
        guild = self._bot.get_guild(venue.guild_id)
        if guild is None:
            return None
        official = _pictures(guild.me) | ({guild.icon.key} if guild.icon is not None else frozenset())
        worn = min(self._pictures.get(person, frozenset()) & official, default=None)
        return None if worn is None else Flag(person, worn, None)

    async def _names_of(self, person: PersonId) -> list[str]:
        """As Discord shows them, and as the bot would: the registered name is read out with a question."""
        participant = await self._bot.services.directory.find(person)
        registered = [participant.name] if participant is not None else []
        return list(dict.fromkeys([self._names[person], *registered]))

    def _names_to_protect(self) -> dict[str, None]:
        """The bot's name and the roles' as they are now, and what those who hold them are called."""
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        if venue is None or guild is None:
            return {}
        ids = (venue.moderator_role, venue.organizer_role, *venue.session_moderator_roles.values())
        roles = [role.name for id_ in ids if (role := guild.get_role(id_)) is not None]
        return dict.fromkeys([guild.me.display_name, *roles, *OFFICIAL_WORDS])


def _pictures(member: discord.Member) -> frozenset[str]:
    """The hashes of the files that the person shows as theirs, everywhere and in the server."""
    return frozenset(shown.key for shown in (member.avatar, member.guild_avatar) if shown is not None)


def _by_name(interaction: discord.Interaction) -> bool:
    """Whether what somebody does tells nothing about an anonymous question: it is none, and leads to none."""
    data = cast("Mapping[str, Any]", interaction.data or {})
    if "custom_id" in data:
        custom_id = str(data["custom_id"])
        if interaction.type is discord.InteractionType.modal_submit and custom_id == "question:ask":
            return "anonymous" not in fields(interaction).get("how", [])
        return not custom_id.startswith("question:") or custom_id in ("question:message", "question:anyway:named")
    if data.get("name") == "pregunta":
        options = [option for option in data.get("options") or [] if isinstance(option, dict)]
        entered = {option.get("name"): option.get("value") for option in options}
        is_asked = interaction.type is discord.InteractionType.application_command and bool(entered.get("texto"))
        return is_asked and not entered.get("anonima")
    return data.get("name") != "mis-preguntas"


def _told(flag: Flag, languages: Languages) -> str:
    if flag.official is None:
        return in_all(languages, lambda it: phrases.flagged_picture(flag.person, it), "\n")
    name, official = literal(flag.name), literal(flag.official)
    return in_all(languages, lambda it: phrases.flagged(flag.person, name, official, it), "\n")
