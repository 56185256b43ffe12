"""Support for approved questions: the public list of them, and what people press in it."""

from typing import TYPE_CHECKING

import discord
from discord.ext import commands

import bot.phrases.question_refusals  # noqa: F401 -- the words of what is refused here
from bot.ids import QuestionNumber, SessionKey
from bot.languages import Language
from bot.phrases import support as phrases
from bot.queue_values import Voted

from .answers import answering, is_answered
from .checks import in_the_server
from .live_messages import Live, LiveMessages
from .patience import change, in_time
from .replies import language, person, reply
from .routes import inert, press
from .support_cards import is_own_copy, own_page, public_list
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado


class Apoyos(commands.Cog):
    """What everybody may do with approved questions of others."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue
        self._list = LiveMessages(bot, Live("support", lambda venue: venue.questions, self._view, quiet=True))

    async def cog_load(self) -> None:
        self._list.start()

    async def cog_unload(self) -> None:
        await self._list.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Show what there is, now that it is known where."""
        self._list.look(self._queue.session_in_view().key)

    async def _view(self, session: SessionKey, is_live: bool, has_begun: bool) -> discord.ui.LayoutView | None:
        page = await self._queue.supportable(session, 0)
        if not page.total and not has_begun:
            return None
        return public_list(page, session, self._services.event.languages, is_live=is_live)

    @press(r"support:vote:(?P<number>\d{1,18})(?::(?P<page>\d{1,6}))?", only=in_the_server)
    async def press_vote(self, interaction: discord.Interaction, number: str, page: str | None) -> None:
        """Support the question, or take that back."""
        voted = await in_time(interaction, self._queue.vote(QuestionNumber(int(number)), person(interaction)))
        told = told_of(voted, language(interaction))
        if page is None or not is_own_copy(interaction.message):
            await reply(interaction, told)
            return
        session = (await self._queue.shown(voted.number)).question.session
        await self._turn_to(interaction, session, int(page), told)

    @press(r"support:page:(?P<session>\d{4}-\d\d-\d\d):(?P<page>\d{1,6})", only=in_the_server)
    async def press_page(self, interaction: discord.Interaction, session: str, page: str) -> None:
        """Open the list privately, or turn to another of its pages."""
        await self._turn_to(interaction, SessionKey(session), int(page), None)

    async def _turn_to(
        self, interaction: discord.Interaction, session: SessionKey, number: int, told: str | None
    ) -> None:
        """Show the page in the person's own copy of the list, or in a new one."""
        page = await in_time(interaction, self._queue.supportable(session, number))
        view = inert(own_page(page, session, language(interaction), told))
        if is_own_copy(interaction.message):
            await change(interaction, view=view)
            return
        async with answering(interaction):
            if is_answered(interaction):
                await interaction.followup.send(view=view, ephemeral=True)
            else:
                await interaction.response.send_message(view=view, ephemeral=True)


def told_of(voted: Voted, it: Language) -> str:
    """What a press on "Apoyar" came to."""
    say = phrases.supported if voted.supports else phrases.no_longer_supported
    return say(voted.number, voted.votes, it)
