"""Whether this bot is started elsewhere as well: another copy of it, with the same token, that nobody thinks of.

Discord counts the starts of a bot's sessions, and says how many are left of a day's. What is gone of them and was no
start of ours was another's.
"""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.clock import to_ms
from bot.errors import NotSaved
from bot.phrases.notices import started_elsewhere

from .posting import NotPosted

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: While a session is near or on, it is asked this often.
_EVERY = timedelta(minutes=10)

#: A copy may do harm from so long before a session on.
_BEFORE = timedelta(hours=1)


class Starts:
    """Counts the starts of this process, compares them with Discord's count, and tells organizers of others.

    It is told by the copy that was there first: one that comes later cannot know of it.
    """

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._own = 0
        #: How many starts Discord had left when it was asked first, how many were ours by then, and until when that
        #: count runs.
        self._counted: tuple[int, int, datetime] | None = None
        self._others = 0

    def made(self) -> None:
        """This process starts a session."""
        self._own += 1

    def watch(self) -> None:
        """Look now and from now on."""
        self._bot.services.schedule.at("starts", self._bot.clock.now(), self._look)

    async def _look(self) -> None:
        now = self._bot.clock.now()
        try:
            await self._compare(now)
        except (discord.DiscordException, aiohttp.ClientError, OSError, NotPosted, NotSaved) as error:
            # It is asked again; nothing waits for it.
            log.warning("starts.not_compared kind=%s", type(error).__name__)
        if (again := self._next_look(now)) is not None:
            self._bot.services.schedule.at("starts", again, self._look)

    def _next_look(self, now: datetime) -> datetime | None:
        for session in self._bot.services.event.sessions:
            if now < session.ends_at:
                return max(now + _EVERY, session.starts_at - _BEFORE)
        return None

    async def _compare(self, now: datetime) -> None:
        own = self._own
        async with asyncio.timeout(self._bot.services.config.connection.send_timeout_seconds):
            _shards, _address, limit = await self._bot.http.get_bot_gateway()
        if own != self._own:
            # It began anew just now; nobody knows whether Discord has counted that.
            return
        if self._counted is None or now >= self._counted[2]:
            self._counted = limit["remaining"], own, now + timedelta(milliseconds=limit["reset_after"])
            self._others = 0
            return
        left, own_then, _until = self._counted
        others = left - limit["remaining"] - (own - own_then)
        if others > self._others:
            log.error("starts.elsewhere count=%d", others)
            await self._tell(now)
            self._others = others

    async def _tell(self, now: datetime) -> None:
        venue = self._bot.venue
        if venue is None:
            return
        texts = dict.fromkeys(started_elsewhere(language) for language in self._bot.services.event.languages)
        await self._bot.posting.deliver(
            f"started-elsewhere/{to_ms(now)}", venue.organizers, 1, "\n\n".join(texts), reference="otra-copia"
        )
