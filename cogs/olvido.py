"""What follows an erasure, without anybody's asking: posts, those who come back, and the end of the time of keeping."""

import asyncio
import logging
from typing import TYPE_CHECKING

import aiohttp
import discord
from discord.ext import commands

from bot.i18n import language_of
from bot.ids import MessageId, PersonId
from bot.languages import Language
from bot.phrases import privacy as phrases

from .answers import Unheard
from .erased_posts import ErasedPosts
from .keeping import ended, guarded
from .posting import Post
from .question_cards import in_all
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: Until what somebody did is on the disk.
_SETTLE_SECONDS = 5.0

#: For who is in a voice channel and not counted yet, because no session is on.
_LOOK_SECONDS = 60.0


class Olvido(commands.Cog):
    """Keeps what was promised to those who asked to be erased, and to everybody when the event is long over."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._erasure = bot.services.erasure
        self._clock = bot.services.clock
        self._posts = ErasedPosts(bot)
        #: Who was erased and does something again: the interaction in which they did it, or None for coming in.
        self._back: dict[PersonId, discord.Interaction | None] = {}
        self._somebody = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def cog_load(self) -> None:
        self._posts.start()
        self._tasks = [
            asyncio.create_task(self._watch_returns(), name="returns"),
            asyncio.create_task(self._look_daily(), name="retention"),
        ]

    async def cog_unload(self) -> None:
        await ended(self._tasks)
        await self._posts.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Do what is left from before."""
        self._posts.look()
        await guarded(self._tell_organizers(), "retention")

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """What they do from now on is a new beginning."""
        self._back.pop(who, None)
        self._posts.look()

    @commands.Cog.listener()
    async def on_live_message_shown(self, message: MessageId) -> None:
        """A board or list was made anew."""
        # What cannot be kept now is kept when it is made anew again.
        await guarded(self._erasure.live_message_shown(message), "erasure")

    @commands.Cog.listener()
    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        """Somebody comes in."""
        if after.channel is not None and before.channel != after.channel:
            self._meet(PersonId(member.id), None)

    @commands.Cog.listener()
    async def on_interaction(self, interaction: discord.Interaction) -> None:
        """Somebody uses the bot."""
        if interaction.type is not discord.InteractionType.autocomplete:
            self._meet(PersonId(interaction.user.id), interaction)

    def _meet(self, who: PersonId, by: discord.Interaction | None) -> None:
        if self._erasure.is_gone(who) or self._erasure.is_owed_notice(who):
            self._back[who] = by
            self._somebody.set()

    async def _watch_returns(self) -> None:
        while True:
            await self._somebody.wait()
            self._somebody.clear()
            await self._clock.sleep(_SETTLE_SECONDS)
            await guarded(self._tell_those_who_came_back(), "returns")
            if self._back:
                await self._clock.sleep(_LOOK_SECONDS)
                self._somebody.set()

    async def _tell_those_who_came_back(self) -> None:
        """Where something of theirs is kept again, they are told; who only looked at something is nobody's record."""
        await self._bot.services.register.settled()
        for who, interaction in tuple(self._back.items()):
            if await self._erasure.came_back(who) or self._erasure.is_owed_notice(who):
                await self._tell(who, interaction)
                await self._erasure.note_told_of_return(who)
            elif interaction is None and self._erasure.is_gone(who) and self._is_in_voice(who):
                continue
            self._back.pop(who, None)

    def _is_in_voice(self, who: PersonId) -> bool:
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        member = None if guild is None else guild.get_member(who)
        return member is not None and member.voice is not None and member.voice.channel is not None

    async def _tell(self, who: PersonId, interaction: discord.Interaction | None) -> None:
        """Privately: after the answer to what they did, else by direct message. Discord may let neither through."""
        try:
            if interaction is not None:
                it = language_of(interaction.locale.value)
                await interaction.followup.send(phrases.came_back(it), ephemeral=True)
                return
            async with asyncio.timeout(self._bot.services.config.connection.send_timeout_seconds):
                channel = await self._bot.create_dm(discord.Object(who))
                await channel.send(in_all(self._languages, phrases.came_back, "\n\n"))
        except (*Unheard, aiohttp.ClientError, discord.DiscordException) as error:
            log.info("returned.not_told kind=%s", type(error).__name__)

    async def _look_daily(self) -> None:
        while True:
            await guarded(self._purge(), "retention")
            await self._clock.sleep_until(self._erasure.next_look())

    async def _purge(self) -> None:
        """Erase everybody when the time has come, and tell organizers so once."""
        done = await self._erasure.purge()
        if done.copies:
            log.info("retention.copies_removed n=%d", len(done.copies))
        if self._erasure.is_due:
            self._posts.look()
            await self._tell_organizers()

    async def _tell_organizers(self) -> None:
        """Once; it is asked for again after a start."""
        venue = self._bot.venue
        if venue is not None and self._erasure.is_due and await self._erasure.was_purged():
            text = in_all(self._languages, phrases.purged_post, "\n\n")
            await self._bot.posting.deliver("privacy/purged", venue.organizers, 1, Post((text,)), reference="datos")

    @property
    def _languages(self) -> tuple[Language, ...]:
        return self._bot.services.event.languages
