"""How to take part: one message with its buttons, pinned, for those who arrive at any time."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import discord
from discord import ButtonStyle, ui

from bot.access import PIN_MESSAGES
from bot.ids import ChannelId, MessageId
from bot.languages import Language
from bot.notices import AlertKind, mark
from bot.phrases import notices as notice_phrases
from bot.phrases.agenda import calendar_button
from bot.phrases.taking_part import how_to_take_part, programme_button
from bot.sending import NoLongerTrue, NotPosted, Reason
from bot.storage.alerts import NativeUse

from .keeping import Upkeep
from .posting import Post, reason_of
from .question_cards import in_all
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

_KEY = "how-to-take-part"
_REFERENCE = "como-participar"

#: Before what failed is tried again, by how often it failed in a row; the last one from then on.
_PAUSES_SECONDS = (15.0, 60.0, 300.0)


class _Standing(NamedTuple):
    """Which post of it stands, and what it says; kept as a fact."""

    generation: int
    channel: int
    digest: str


class TakingPart(Upkeep):
    """Posts it once, pins it, changes it where it is to say something else, and posts it anew where it is gone."""

    def __init__(self, bot: "Estrado") -> None:
        super().__init__(bot.services.clock, "taking_part", pauses_seconds=_PAUSES_SECONDS)
        self._bot = bot
        self._services = bot.services
        self._may_pin: bool | None = None

    @property
    def lacks(self) -> bool:
        """Whether it could not be pinned, as far as is known."""
        return self._may_pin is False

    async def work(self) -> None:
        venue, services = self._bot.venue, self._services
        if venue is None or services.event.is_over(self._clock.now()):
            return
        channel = venue.announcements[0]
        text, view = self._text(venue), self._view()
        digest = _digest(text, view)
        standing = await self._standing()
        if standing is None or standing.channel != channel:
            standing = await self._begin(standing, channel, digest)
        message = await self._delivered(standing, channel, text, view)
        if message is None:
            return
        try:
            found = await self._bot.posting.fetch(channel, message)
        except NotPosted as trouble:
            if trouble.reason is Reason.FORBIDDEN:
                # Without the history nobody can tell whether it is still there.
                return
            raise
        is_other = standing.digest != digest
        if found is not None and is_other:
            whole = f"{text}\n-# ref. {mark(_REFERENCE, standing.generation, 1)}"
            if await self._bot.posting.edit(channel, message, text=whole, view=view):
                await self._keep_standing(standing._replace(digest=digest))
                is_other = False
        if found is None or is_other:
            again = await self._delivered(await self._begin(standing, channel, digest), channel, text, view)
            if again is None:
                return
            if found is not None:
                await self._bot.posting.delete(channel, message)
            found, message = None, again
        if found is None or not found.pinned:
            await self._pin(channel, message)

    async def _delivered(self, standing: _Standing, channel: ChannelId, text: str, view: ui.View) -> MessageId | None:
        """The message of this generation, posted where it is not yet; None where nobody could tell."""
        try:
            delivered = await self._bot.posting.deliver(
                _KEY,
                channel,
                standing.generation,
                Post((text,), view),
                reference=_REFERENCE,
                is_current=lambda now: not self._services.event.is_over(now),
            )
        except NoLongerTrue:
            return None
        return delivered.messages[0] if delivered.messages else None

    async def _pin(self, channel: ChannelId, message: MessageId) -> None:
        may = self._is_allowed(channel)
        if may:
            target = self._bot.get_partial_messageable(channel).get_partial_message(message)
            try:
                await target.pin()
            except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                reason = reason_of(error)
                if reason is not Reason.FORBIDDEN:
                    raise NotPosted(channel, reason) from error
                may = False
        if may == self._may_pin:
            return
        if may:
            await self._services.store.write(lambda tx: tx.alerts.close(AlertKind.NATIVE, NativeUse.PIN, tx.now))
        else:
            await self._services.notices.tell(AlertKind.NATIVE, channel, NativeUse.PIN, [PIN_MESSAGES])
        self._may_pin = may

    def _is_allowed(self, channel_id: ChannelId) -> bool:
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        channel = None if guild is None else guild.get_channel(channel_id)
        return guild is None or channel is None or channel.permissions_for(guild.me).pin_messages

    # Which one stands

    async def _standing(self) -> _Standing | None:
        kept = (await self._services.store.read(lambda tx: tx.facts.all(_KEY))).get(_KEY)
        if kept is None:
            return None
        generation, channel, digest = kept.split(" ")
        return _Standing(int(generation), int(channel), digest)

    async def _begin(self, before: _Standing | None, channel: ChannelId, digest: str) -> _Standing:
        standing = _Standing(1 if before is None else before.generation + 1, channel, digest)
        await self._keep_standing(standing)
        return standing

    async def _keep_standing(self, standing: _Standing) -> None:
        kept = " ".join(map(str, standing))
        await self._services.store.write(lambda tx: tx.facts.remember({_KEY: kept}))

    # How it looks

    def _text(self, venue: Venue) -> str:
        rooms = ", ".join(f"<#{channel}>" for channel in _rooms(venue))
        questions = f"<#{venue.questions}>"
        return in_all(self._languages, lambda it: how_to_take_part(rooms, questions, it), "\n")

    def _view(self) -> ui.View:
        view = ui.View(timeout=None)
        for custom_id, label, style in (
            ("question:ask", notice_phrases.ask_button, ButtonStyle.primary),
            ("presence:declare", notice_phrases.presence_button, ButtonStyle.success),
            ("registration:open", notice_phrases.registration_button, ButtonStyle.secondary),
            ("programme:show", programme_button, ButtonStyle.secondary),
            ("programme:calendar", calendar_button, ButtonStyle.secondary),
        ):
            view.add_item(ui.Button(custom_id=custom_id, label=in_all(self._languages, label)[:80], style=style))
        return view

    @property
    def _languages(self) -> Sequence[Language]:
        return self._services.event.languages


def _rooms(venue: Venue) -> list[ChannelId]:
    return [*([] if venue.stage is None else [venue.stage]), *sorted(venue.voice)]


def _digest(text: str, view: ui.View) -> str:
    return blake2b(f"{text}\n{view.to_components()}".encode(), digest_size=8).hexdigest()
