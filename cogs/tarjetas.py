"""What a moderator looks at privately: a question's whole card, and the lists behind the board."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord.ext import commands

from bot.errors import NothingBehindThis
from bot.ids import QuestionNumber
from bot.questions import undoable
from bot.queue_values import Answer, Replaced, Shown, Tab

from .board_view import Listing
from .checks import moderators
from .decisions import LISTING, Decisions, listing_from
from .moderation_cards import card_text, card_view
from .question_cards import undo_id
from .replies import language, reply
from .routes import chosen, press

if TYPE_CHECKING:
    from .client import Estrado

#: So many of a question's earlier texts stand on its card.
_TEXTS = 2

_SESSION = r"(?P<session>\d{4}-\d\d-\d\d)"
_TAB = r"(?P<tab>review|approved|on_air|deferred)"


class Tarjetas(commands.Cog):
    """Private copies for moderators; what they show is as of when it was opened."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue
        self._decisions = Decisions(bot)

    @press(r"question:card:(?P<number>\d{1,18})", only=moderators)
    async def press_card(self, interaction: discord.Interaction, number: str) -> None:
        """Show the whole question, and all that may be done with it where it stands."""
        found = await self._decisions.tried(interaction, self._card(QuestionNumber(int(number))), number)
        if found is not None:
            shown, answer, texts, undo = found
            it = language(interaction)
            await reply(interaction, card_text(shown, answer, texts, it), view=card_view(shown.question, undo, it))

    @press(rf"question:lists:{_SESSION}", only=moderators)
    async def choose_list(self, interaction: discord.Interaction, session: str) -> None:
        """Open the list that was chosen on the board."""
        tab = next((each for each in Tab if each in chosen(interaction)), Tab.REVIEW)
        await self._open(interaction, Listing(session, tab))

    @press(LISTING, only=moderators)
    async def press_list(self, interaction: discord.Interaction, **parts: str) -> None:
        """Another tab or page, or the same as it is now."""
        await self._open(interaction, listing_from(parts))

    @press(rf"question:panelist:{_SESSION}:{_TAB}:(?P<language>-|es|en)", only=moderators)
    async def choose_panelist(self, interaction: discord.Interaction, session: str, tab: str, language: str) -> None:
        """Leave those for one panelist."""
        await self._open(interaction, Listing(session, Tab(tab), panelist=_only(interaction), language=language))

    @press(rf"question:language:{_SESSION}:{_TAB}:(?P<panelist>-|[0-9a-f]{{8}})", only=moderators)
    async def choose_language(self, interaction: discord.Interaction, session: str, tab: str, panelist: str) -> None:
        """Leave those in one language."""
        await self._open(interaction, Listing(session, Tab(tab), panelist=panelist, language=_only(interaction)))

    async def _open(self, interaction: discord.Interaction, listing: Listing) -> None:
        if all(known.key != listing.session for known in self._services.event.sessions):
            raise NothingBehindThis
        await self._decisions.open_list(interaction, listing)

    async def _card(self, number: QuestionNumber) -> tuple[Shown, Answer | None, Sequence[Replaced], str | None]:
        history = await self._queue.history(number)
        shown, answer = await self._queue.shown(number), await self._queue.answer_of(number)
        undo = undo_id(number, history[-1].id, answer) if undoable(history) else None
        # The last ones: a card is no place for everything that somebody wrote again and again.
        return shown, answer, (await self._queue.texts(number))[-_TEXTS:], undo


def _only(interaction: discord.Interaction) -> str:
    return next(iter(chosen(interaction)), "-")
