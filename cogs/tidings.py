"""Direct messages to those who asked for them: what became of their questions by name."""

import asyncio
import logging
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

import aiohttp
import discord

from bot.ids import ChannelId, PersonId
from bot.languages import text_in
from bot.phrases import own_questions as phrases
from bot.queue_values import Tiding

from .keeping import Keeper
from .posting import NotPosted, Reason, reason_of

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: What happens to a question within so short a time is told at once; so is a step that is taken back.
_SETTLE_SECONDS = 5.0

#: Between two messages to anybody: Discord stops bots that write to many people quickly.
_BETWEEN_SECONDS = 2.0

#: Between two messages to the same person.
_SPACED = timedelta(seconds=60)

#: Before what failed is tried again.
_PAUSES_SECONDS = (30.0,)

#: So many are looked through at a time; more than can be told before new ones come.
_AT_ONCE = 200


class DirectMessages(Keeper):
    """Tells each person, one message at a time and not often, and across restarts, what is still to be told."""

    def __init__(self, bot: "Estrado") -> None:
        queue, clock = bot.services.queue, bot.services.clock
        super().__init__(queue, clock, "tidings", pauses_seconds=_PAUSES_SECONDS, settle_seconds=_SETTLE_SECONDS)
        self._bot = bot
        self._told_at: dict[PersonId, datetime] = {}

    async def work(self) -> None:
        """Tell all that there is to tell by now."""
        while self._bot.venue is not None and (untold := await self._queue.tidings(_AT_ONCE)):
            now = self._clock.now()
            due = {each.person: self._told_at.get(each.person, now - _SPACED) + _SPACED for each in untold}
            person = min(due, key=lambda one: due[one])
            if due[person] > now:
                # Not until then: meanwhile there may be something to tell somebody else.
                await self._clock.sleep(min(_SETTLE_SECONDS, (due[person] - now).total_seconds()))
                continue
            await self._tell(person, [each for each in untold if each.person == person])
            self._told_at[person] = now
            await self._clock.sleep(_BETWEEN_SECONDS)

    async def _tell(self, person: PersonId, tidings: Sequence[Tiding]) -> None:
        """What Discord does not let through to somebody is not tried again; what went wrong on the way is."""
        language = (await self._queue.shown(tidings[-1].number)).question.language
        event = text_in(self._bot.services.event.name, language)
        text = phrases.tidings(tidings, event, language)
        try:
            async with asyncio.timeout(self._bot.services.config.connection.send_timeout_seconds):
                channel = await self._bot.create_dm(discord.Object(person))
                await channel.send(text, nonce=_nonce(tidings))
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            reason = reason_of(error)
            if reason.may_pass or reason is Reason.UNAUTHORIZED:
                raise NotPosted(ChannelId(0), reason) from error
            log.info("tidings.refused reason=%s", reason)
        for tiding in tidings:
            await self._queue.note_told(tiding)


def _nonce(tidings: Sequence[Tiding]) -> str:
    """The same for the same news, so that a restart in between does not tell it twice."""
    name = "/".join(f"{each.number}:{each.state}:{each.at.timestamp()}" for each in tidings)
    return b32encode(blake2b(name.encode(), digest_size=15).digest()).decode().lower()
