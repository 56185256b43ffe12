"""The moderators' live board: one message a session in their channel."""

from typing import TYPE_CHECKING

import discord

from bot.ids import SessionKey
from bot.services import Services

from .board_view import board_view
from .live_messages import Live, LiveMessages
from .routes import inert

if TYPE_CHECKING:
    from .client import Estrado


async def board_now(services: Services, session: SessionKey) -> discord.ui.LayoutView:
    """The session's board as it is now."""
    queue, event = services.queue, services.event
    board = await queue.board(session)
    return inert(board_view(board, queue.hours(board.session), event.languages))


def live_board(bot: "Estrado") -> LiveMessages:
    """Keeps the board of each session up to date while it runs."""

    async def view(session: SessionKey, _is_live: bool, _has_begun: bool) -> discord.ui.LayoutView:
        return await board_now(bot.services, session)

    return LiveMessages(bot, Live("board", lambda venue: venue.moderators, view, closed=True))
