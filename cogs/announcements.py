"""How announcements and alerts look on Discord: their texts in the event's languages, and their buttons."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import ButtonStyle, ui

from bot import cues
from bot.cues import Audience, Cue, CueKind
from bot.ids import ChannelId
from bot.languages import Language
from bot.phrases import notices as phrases
from bot.phrases.agenda import announcement
from bot.phrases.carried import carried_over_heading
from bot.storage.alerts import Alert

from .left_questions import listed
from .posting import NotPosted, Post, Posted, Reason, marked_messages
from .venue import Venue, is_exposed

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: What a cog offers as `posts_for`: how to make the post of a kind of cue that is not public, for a channel and as of
#: an instant.
PostsFor = Mapping[CueKind, Callable[[Cue, ChannelId, datetime], Awaitable[Post]]]

#: Those who are looked for are pinged when it matters, not at each block.
_MENTIONING = frozenset({CueKind.DAY_BEFORE, CueKind.REMINDER, CueKind.OPENING})


class Announcements:
    """What `bot.announcing` announces through: makes the messages, and posts them."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot

    async def build(self, post: cues.Post, channel_id: ChannelId, at: datetime) -> Sequence[Post]:
        """The messages of a post as of an instant.

        Raises NotPosted with EXPOSED where figures for organizers would be read by everyone.
        """
        if post.audience is Audience.PUBLIC:
            return marked_messages(self._public(post, at, await self._left_of_earlier_days(post)))
        if is_exposed(self._guild, channel_id):
            raise NotPosted(channel_id, Reason.EXPOSED)
        (cue,) = post.cues
        made = await self._posts_for(cue.kind)(cue, channel_id, at)
        return marked_messages(await self._bot.posting.with_files_where_allowed(channel_id, made))

    async def build_alert(self, alert: Alert) -> Sequence[Post]:
        """The messages that tell organizers."""
        channel = self._shown(alert.channel_id)
        texts = dict.fromkeys(phrases.alert(alert, channel, language) for language in self._languages)
        return marked_messages(Post(("\n\n".join(texts),)))

    async def send(self, channel_id: ChannelId, message: Post, mark: str, nonce: str) -> Posted:
        return await self._bot.posting.send(channel_id, message, mark, nonce)

    async def find(self, channel_id: ChannelId, mark: str, since: datetime) -> Posted | None:
        return await self._bot.posting.find(channel_id, mark, since)

    @property
    def _languages(self) -> Sequence[Language]:
        return self._bot.services.event.languages

    async def _left_of_earlier_days(self, post: cues.Post) -> str:
        """What earlier days left, where questions open with this post."""
        if all(cue.kind is not CueKind.QA_OPENS for cue in post.cues):
            return ""
        try:
            left = await self._bot.services.queue.carried_over(post.session)
        except sqlite3.Error:
            # That questions may be asked is said even where the database cannot be read.
            log.exception("announcements.unreadable")
            return ""
        return listed(left, carried_over_heading, self._languages)

    def _public(self, post: cues.Post, at: datetime, left: str) -> Post:
        services, venue = self._bot.services, self._bot.venue
        recorded = services.config.privacy.recorded
        way_in = self._way_in(venue)
        texts = dict.fromkeys(
            announcement(post, services.event, recorded, at, language, way_in=way_in) for language in self._languages
        )
        kinds = {cue.kind for cue in post.cues}
        mentions = venue is not None and kinds & _MENTIONING
        return Post(
            parts=self._parts(tuple(texts), left),
            view=self._buttons(kinds),
            mention=venue.announcement_role if venue is not None and mentions else None,
        )

    def _way_in(self, venue: Venue | None) -> str | None:
        """The address of where the event is held; None where it has no such place in the server."""
        places = [] if venue is None else [each for each in (venue.stage, *sorted(venue.voice)) if each]
        return f"https://discord.com/channels/{venue.guild_id}/{places[0]}" if venue is not None and places else None

    def _parts(self, texts: tuple[str, ...], left: str) -> tuple[str, ...]:
        """Where the languages, and what is left, do not fit into one message, each begins one of its own."""
        parts = (*texts, left) if left else texts
        whole = "\n\n".join(parts)
        return (whole,) if len(marked_messages(Post((whole,)))) == 1 else parts

    def _buttons(self, kinds: set[CueKind]) -> ui.View | None:
        if CueKind.OPENING in kinds:
            return self._view(
                self._button("question:ask", phrases.ask_button, ButtonStyle.primary),
                self._button("presence:declare", phrases.presence_button, ButtonStyle.success),
                self._button("registration:open", phrases.registration_button, ButtonStyle.secondary),
            )
        if CueKind.QA_OPENS in kinds:
            return self._view(self._button("question:ask", phrases.ask_button, ButtonStyle.primary))
        return None

    def _view(self, *buttons: "ui.Button[ui.View]") -> ui.View:
        view = ui.View(timeout=None)
        for button in buttons:
            view.add_item(button)
        return view

    def _button(self, custom_id: str, label: Callable[[Language], str], style: ButtonStyle) -> "ui.Button[ui.View]":
        labels = dict.fromkeys(label(language) for language in self._languages)
        return ui.Button(custom_id=custom_id, label=" / ".join(labels), style=style)

    def _posts_for(self, kind: CueKind) -> Callable[[Cue, ChannelId, datetime], Awaitable[Post]]:
        for cog in self._bot.cogs.values():
            offered: PostsFor = getattr(cog, "posts_for", {})
            if kind in offered:
                return offered[kind]
        raise LookupError(f"no cog makes the post of {kind}")

    @property
    def _guild(self) -> discord.Guild | None:
        venue = self._bot.venue
        return None if venue is None else self._bot.get_guild(venue.guild_id)

    def _channel(self, channel_id: ChannelId | None) -> "discord.abc.GuildChannel | None":
        guild = self._guild
        return None if guild is None or channel_id is None else guild.get_channel(channel_id)

    def _shown(self, channel_id: ChannelId | None) -> str:
        """The channel as a link with its name; by config.toml's name where it is gone."""
        if (channel := self._channel(channel_id)) is not None:
            return f"{channel.mention} (#{channel.name})"
        venue, places = self._bot.venue, self._bot.services.config.discord
        if venue is not None:
            written = (*places.announcements, places.questions, places.moderators, places.organizers)
            written = (*written, places.moderators if places.backstage is None else places.backstage)
            for id_, reference in zip(posting_places(venue).values(), written, strict=True):
                if id_ == channel_id:
                    return f"#{reference}"
        return f"`{channel_id}`"


def posting_places(venue: Venue) -> dict[str, ChannelId]:
    """The channels that are posted in, by their settings in config.toml. 0 where one was never found."""
    return {
        **{f"discord.announcements[{n}]": id_ for n, id_ in enumerate(venue.announcements)},
        "discord.questions": venue.questions,
        "discord.moderators": venue.moderators,
        "discord.organizers": venue.organizers,
        "discord.backstage": venue.backstage,
    }
