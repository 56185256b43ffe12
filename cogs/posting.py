"""Everything that the bot posts outside an interaction: within Discord's limits, within a time limit, few at a time."""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.channel_turns import ChannelTurns
from bot.ids import ChannelId, MessageId, PersonId, RoleId
from bot.sending import Delivered, NotPosted, Posted, Reason
from bot.splitting import split
from bot.storage.alerts import AlertKind, WithoutFiles

from .attempts import attempts
from .replies import CONTENT_LIMIT
from .routes import inert

if TYPE_CHECKING:
    from .client import Estrado

__all__ = ["NotPosted", "Post", "Posted", "Posting", "Reason"]

#: So many requests of ours are under way at once at most, so that answers to people never wait behind posts.
_AT_ONCE = 8

#: Discord's clock and ours need not agree; a message is sought from so much before it was claimed.
_CLOCKS_DIFFER = timedelta(minutes=2)

#: How much of a channel's history is searched, from when a message was claimed.
_SEARCHED_MESSAGES = 1000

#: What a mark takes off a message's length.
_MARK_LENGTH = 80

#: The clocks are compared by so many messages; the time in an id has milliseconds.
_COMPARED, _GRAIN = 5, timedelta(milliseconds=2)

_UNKNOWN_MESSAGE, _TOO_OLD_TO_EDIT = 10008, 30046
_MISSING_ACCESS = 50001

AnyView = discord.ui.View | discord.ui.LayoutView


@dataclass(frozen=True, slots=True)
class Post:
    """What is to be posted. A part over the limit becomes several messages; the rest goes with the last one.

    A LayoutView carries its own text and stands alone. `mention` is the one role that the first message may ping.
    `called_roles` and `called_people` are whom the first message may ping where its text names them, in place of it.
    `answers` is the message of the same channel under which the first one is shown, if it is still there.
    """

    parts: tuple[str, ...] = ()
    view: AnyView | None = None
    files: tuple[discord.File, ...] = ()
    embeds: tuple[discord.Embed, ...] = ()
    mention: RoleId | None = None
    answers: MessageId | None = None
    called_roles: tuple[RoleId, ...] = ()
    called_people: tuple[PersonId, ...] = ()

    def messages(self, limit: int = CONTENT_LIMIT) -> "list[Post]":
        """The same as messages of one part each, none longer than `limit`."""
        texts = [text for part in self.parts for text in split(part, limit)] or [""]
        last = replace(self, parts=(texts[-1],))
        if len(texts) == 1:
            return [last]
        head = [Post((text,)) for text in texts[:-1]]
        head[0] = replace(
            head[0],
            mention=self.mention,
            answers=self.answers,
            called_roles=self.called_roles,
            called_people=self.called_people,
        )
        return [*head, replace(last, mention=None, answers=None, called_roles=(), called_people=())]


class Posting:
    """Posts, edits, deletes and seeks messages. Raises NotPosted with the reason, whatever went wrong on the way.

    Requests to one channel take turns, so that order is kept; each has the time that config.toml gives.
    """

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._few = asyncio.Semaphore(_AT_ONCE)
        self._turns = ChannelTurns()
        self._clocks_off: deque[timedelta] = deque(maxlen=_COMPARED)

    async def post(
        self,
        channel_id: ChannelId,
        text: str | Sequence[str] = (),
        *,
        view: AnyView | None = None,
        files: Sequence[discord.File] = (),
        embeds: Sequence[discord.Embed] = (),
        nonce: str | None = None,
    ) -> MessageId:
        """Post it, in several messages where it is long; the id of the last one, which has the view.

        With a nonce (at most 23 characters) a second call within a few minutes posts nothing new.
        """
        parts = (text,) if isinstance(text, str) else tuple(text)
        messages = Post(parts, view, tuple(files), tuple(embeds)).messages()
        posted = MessageId(0)
        for number, message in enumerate(messages, 1):
            own = nonce if nonce is None or len(messages) == 1 else f"{nonce}{number}"
            posted = (await self._send(channel_id, message, own)).message_id
        return posted

    async def edit(
        self,
        channel_id: ChannelId,
        message_id: MessageId,
        *,
        text: str | None = None,
        view: AnyView | None = None,
        embeds: Sequence[discord.Embed] | None = None,
        attachments: Sequence[discord.Attachment] | None = None,
    ) -> bool:
        """Make the message show this; what is None stays as it is. False where it is gone or too old to be edited."""
        # Left out, discord.py says nothing about mentions where the text stays, and Discord takes that for a yes.
        changes: dict[str, Any] = {"allowed_mentions": discord.AllowedMentions.none()}
        if text is not None:
            changes["content"] = text
        if view is not None:
            changes["view"] = inert(view)
        if embeds is not None:
            changes["embeds"] = list(embeds)
        if attachments is not None:
            changes["attachments"] = list(attachments)
        try:
            async with self._request(channel_id, ("view_channel",)):
                await self._channel(channel_id).get_partial_message(message_id).edit(**changes)
        except NotPosted as trouble:
            if trouble.reason is Reason.GONE:
                return False
            raise
        return True

    async def fetch(self, channel_id: ChannelId, message_id: MessageId) -> discord.Message | None:
        """The message as it stands; None where it is gone."""
        if lacking := self._lacking(channel_id, ("view_channel", "read_message_history")):
            raise NotPosted(channel_id, Reason.FORBIDDEN, lacking)
        try:
            async with self._request(channel_id, ("view_channel", "read_message_history")):
                return await self._channel(channel_id).fetch_message(message_id)
        except NotPosted as trouble:
            if trouble.reason is Reason.GONE:
                return None
            raise

    async def delete(self, channel_id: ChannelId, message_id: MessageId) -> None:
        """Remove a message of the bot's; it may be gone already."""
        try:
            async with self._request(channel_id, ("view_channel",)):
                await self._channel(channel_id).get_partial_message(message_id).delete()
        except NotPosted as trouble:
            if trouble.reason not in (Reason.GONE, Reason.MISSING):
                raise

    async def deliver(
        self,
        key: str,
        channel_id: ChannelId,
        generation: int,
        post: str | Post | Callable[[datetime], str | Post],
        *,
        reference: str | None = None,
        is_current: Callable[[datetime], bool] = lambda _now: True,
    ) -> Delivered:
        """Have the post in the channel exactly once: see `bot.notices.Notices.deliver`, whose refusals it raises.

        The same key and generation must come with the same post, which may be made for the instant at which it was
        first to be sent. Its files are read once: make them anew each time.
        """

        async def build(at: datetime) -> Sequence[Post]:
            made = post(at) if callable(post) else post
            return marked_messages(Post((made,)) if isinstance(made, str) else made)

        async def send(message: Post, mark: str, nonce: str) -> Posted:
            return await self.send(channel_id, message, mark, nonce)

        async def find(mark: str, since: datetime) -> Posted | None:
            return await self.find(channel_id, mark, since)

        return await self._bot.services.notices.deliver(
            key, channel_id, generation, build, send, find, reference=reference, is_current=is_current
        )

    async def send(self, channel_id: ChannelId, message: Post, mark: str, nonce: str) -> Posted:
        """Post one of `marked_messages` with its mark."""
        text = "\n".join(filter(None, (*message.parts, f"-# ref. {mark}")))
        return await self._send(channel_id, replace(message, parts=(text,)), nonce)

    async def edit_marked(self, channel_id: ChannelId, message_id: MessageId, message: Post, mark: str) -> bool:
        """Make what was sent say what one of `marked_messages` says; its buttons stay. False where it cannot be."""
        text = "\n".join(filter(None, (*message.parts, f"-# ref. {mark}")))
        if message.mention is not None:
            text = f"<@&{message.mention}>\n{text}"
        return await self.edit(channel_id, message_id, text=text)

    async def with_files_where_allowed(self, channel_id: ChannelId, post: Post) -> Post:
        """The post, without its files where the bot may attach none in the channel, which organizers are told once."""
        if not post.files:
            return post
        if not self._lacking(channel_id, ("attach_files",)):
            await self._bot.services.notices.is_over(AlertKind.WITHOUT_FILES, WithoutFiles.FORBIDDEN)
            return post
        # The figures are worth more than their files.
        await self._bot.services.notices.tell(AlertKind.WITHOUT_FILES, None, WithoutFiles.FORBIDDEN)
        return replace(post, files=())

    async def find(self, channel_id: ChannelId, mark: str, since: datetime) -> Posted | None:
        """The bot's own message that bears the mark, among those since an instant.

        Raises NotPosted with FORBIDDEN where the history cannot be read.
        """
        # Without this permission Discord does not refuse, but answers that there is nothing.
        if self._lacking(channel_id, ("view_channel", "read_message_history")):
            lacking = self._lacking(channel_id, ("view_channel", "send_messages", "read_message_history"))
            raise NotPosted(channel_id, Reason.FORBIDDEN, lacking)
        wanted = re.compile(rf"(?<![\w-])ref\. {re.escape(mark)}(?![\w-])")
        async with self._request(channel_id, ("view_channel", "read_message_history")):
            history = self._channel(channel_id).history(
                after=since - _CLOCKS_DIFFER, oldest_first=True, limit=_SEARCHED_MESSAGES
            )
            async for message in history:
                if message.author == self._bot.user and any(map(wanted.search, _texts(message))):
                    return Posted(MessageId(message.id), message.created_at)
        return None

    async def _send(self, channel_id: ChannelId, message: Post, nonce: str | None) -> Posted:
        arguments: dict[str, Any] = {}
        needed = ["view_channel", "send_messages"]
        text = "".join(message.parts)
        if message.mention is not None:
            text = f"<@&{message.mention}>\n{text}"
            arguments["allowed_mentions"] = discord.AllowedMentions(
                everyone=False, users=False, replied_user=False, roles=[discord.Object(message.mention)]
            )
        if message.called_roles or message.called_people:
            arguments["allowed_mentions"] = discord.AllowedMentions(
                everyone=False,
                users=[discord.Object(each) for each in message.called_people],
                replied_user=False,
                roles=[discord.Object(each) for each in message.called_roles],
            )
        if text and not isinstance(message.view, discord.ui.LayoutView):
            arguments["content"] = text
        if message.view is not None:
            arguments["view"] = inert(message.view)
        if message.files:
            arguments["files"] = list(message.files)
            needed.append("attach_files")
        if message.embeds:
            arguments["embeds"] = list(message.embeds)
            needed.append("embed_links")
        if nonce is not None:
            arguments["nonce"] = nonce
        # Without the history Discord takes no reply at all; what is said has to stand without it.
        if message.answers is not None and not self._lacking(channel_id, ("read_message_history",)):
            arguments["reference"] = discord.MessageReference(
                message_id=message.answers, channel_id=channel_id, fail_if_not_exists=False
            )
        async with self._request(channel_id, needed):
            asked_at = self._bot.clock.now()
            sent = await self._channel(channel_id).send(**arguments)
            self._compare_clocks(asked_at, sent.created_at)
        return Posted(MessageId(sent.id), sent.created_at)

    @property
    def clock_off(self) -> timedelta | None:
        """How far the machine's clock is ahead of Discord's, by the time in the ids of the last messages; None: there
        was none yet."""
        # A message that Discord had already, by its nonce, is older than it was asked for; a wrong clock shows in all.
        return min(self._clocks_off, key=abs, default=None)

    def _compare_clocks(self, asked_at: datetime, posted_at: datetime) -> None:
        answered_at = self._bot.clock.now()
        nearest = min(max(asked_at, posted_at), answered_at)
        off = nearest - posted_at
        self._clocks_off.append(timedelta(0) if abs(off) < _GRAIN else off)

    def _channel(self, channel_id: ChannelId) -> discord.PartialMessageable:
        venue = self._bot.venue
        return self._bot.get_partial_messageable(channel_id, guild_id=None if venue is None else venue.guild_id)

    @asynccontextmanager
    async def _request(self, channel_id: ChannelId, needed: Sequence[str]) -> AsyncIterator[None]:
        """One request's turn and time; what goes wrong in it is raised as NotPosted."""
        if not channel_id:
            raise NotPosted(channel_id, Reason.MISSING)
        async with self._turns.at(channel_id), self._few:
            with attempts() as made:
                try:
                    async with asyncio.timeout(self._bot.services.config.connection.send_timeout_seconds):
                        yield
                except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
                    reason = reason_of(error)
                    missing: tuple[str, ...] = ()
                    if reason is Reason.FORBIDDEN:
                        missing = self._lacking(channel_id, needed) or _guessed(error, needed)
                    raise NotPosted(channel_id, reason, missing, may_be_there=made.may_be_done) from error

    def _lacking(self, channel_id: ChannelId, needed: Iterable[str]) -> tuple[str, ...]:
        """Which of the permissions the bot does not have in the channel, as far as it knows the channel."""
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        channel = None if guild is None else guild.get_channel(channel_id)
        if guild is None or channel is None:
            return ()
        allowed = channel.permissions_for(guild.me)
        return tuple(name for name in needed if not getattr(allowed, name))


def marked_messages(post: Post) -> list[Post]:
    """The messages of a post, each with room for its mark and for a role that is mentioned."""
    return post.messages(CONTENT_LIMIT - _MARK_LENGTH)


def reason_of(error: BaseException) -> Reason:
    """Why Discord, or the way to it, did not do what was asked."""
    match error:
        case TimeoutError():
            return Reason.TIMEOUT
        case discord.RateLimited() | discord.HTTPException(status=429):
            return Reason.GONE if getattr(error, "code", 0) == _TOO_OLD_TO_EDIT else Reason.RATE_LIMITED
        case discord.HTTPException(code=code) if code in (_UNKNOWN_MESSAGE, _TOO_OLD_TO_EDIT):
            return Reason.GONE
        case discord.Forbidden():
            return Reason.FORBIDDEN
        case discord.NotFound():
            return Reason.MISSING
        case discord.HTTPException(status=status) if status >= 500:
            return Reason.UNAVAILABLE
        case discord.HTTPException(status=401):
            return Reason.UNAUTHORIZED
        case discord.HTTPException():
            return Reason.REFUSED
        case aiohttp.ClientError() | OSError():
            return Reason.UNAVAILABLE
    return Reason.UNKNOWN


def _guessed(error: BaseException, needed: Sequence[str]) -> tuple[str, ...]:
    """The permission that a refusal most likely speaks of, where the bot believes to have them all."""
    if getattr(error, "code", 0) == _MISSING_ACCESS:
        return ("view_channel",)
    return ("read_message_history",) if "read_message_history" in needed else ("send_messages",)


def _texts(message: discord.Message) -> Iterator[str]:
    yield message.content
    for embed in message.embeds:
        yield from filter(None, (embed.description, embed.footer.text))
    yield from _displayed(message.components)


def _displayed(components: Iterable[Any]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.TextDisplay):
            yield component.content
        yield from _displayed(getattr(component, "children", ()))
