"""How a corrected summary looks on Discord: under the one that it corrects, with the day's picture and figures."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot.ids import ChannelId, MessageId
from bot.phrases import corrected_summary as phrases
from bot.published import CorrectedSummary
from bot.reports.csv import figures_csv
from bot.summary import Summary

from .posting import NotPosted, Post, Posted, Reason, marked_messages
from .report_files import file_of, picture_of
from .venue import is_exposed

if TYPE_CHECKING:
    from .client import Estrado


class CorrectedSummaries:
    """What `bot.republishing` posts through: makes the messages, and posts them. They name nobody."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot

    async def build_corrected(
        self,
        corrected: CorrectedSummary,
        summary: Summary | None,
        channel_id: ChannelId,
        first_message: MessageId | None,
    ) -> Sequence[Post]:
        """The messages of a correction.

        Raises NotPosted with EXPOSED where figures for organizers would be read by everyone.
        """
        bot, services = self._bot, self._bot.services
        venue, event = bot.venue, services.event
        if is_exposed(None if venue is None else bot.get_guild(venue.guild_id), channel_id):
            raise NotPosted(channel_id, Reason.EXPOSED)
        profiles = services.config.coverage.profiles
        texts = tuple(dict.fromkeys(phrases.told(corrected, event, profiles, it) for it in event.languages))
        whole = "\n\n".join(texts)
        # Where the languages do not fit into one message, each begins one of its own.
        parts = (whole,) if len(marked_messages(Post((whole,)))) == 1 else texts
        files: tuple[discord.File, ...] = ()
        if summary is not None:
            name = f"resumen-{corrected.session.day}-corregido-{corrected.number}.csv"
            figures = file_of(name, figures_csv(summary, event, event.languages[0]))
            files = (*await picture_of(bot, summary), figures)
        post = Post(parts=parts, files=files, answers=first_message)
        return marked_messages(await bot.posting.with_files_where_allowed(channel_id, post))

    async def send(self, channel_id: ChannelId, message: Post, mark: str, nonce: str) -> Posted:
        return await self._bot.posting.send(channel_id, message, mark, nonce)

    async def find(self, channel_id: ChannelId, mark: str, since: datetime) -> Posted | None:
        return await self._bot.posting.find(channel_id, mark, since)
