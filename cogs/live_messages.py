"""A message of the bot that is kept up to date in its place while a session runs, one a session."""

import asyncio
import json
from base64 import b32encode
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, cast

import discord

from bot.agenda import Event, Session
from bot.agenda_changes import changed_sessions
from bot.ids import ChannelId, SessionKey
from bot.questions import LiveMessage
from bot.sending import NotPosted, Reason

from .keeping import ended, guarded
from .venue import Venue, is_exposed

if TYPE_CHECKING:
    from .client import Estrado

#: Changes that come together are shown together.
BETWEEN_EDITS_SECONDS = 2.0

#: How often the message is looked at while its session runs: it comes back when somebody deleted it.
LOOK_SECONDS = 60.0

#: Discord refuses edits of messages older than an hour; the message is posted anew before.
REPOST_AFTER = timedelta(minutes=48)
EDITABLE_FOR = timedelta(minutes=58)


@dataclass(frozen=True, slots=True)
class Live:
    """What is kept: its name, its channel, and how it looks for a session.

    `view(session, is_live, has_begun)`: whether the session runs, and whether there is a message already. Where it
    gives None, nothing is posted or changed.

    A `quiet` one is changed only where it looks otherwise, and once a minute: when it was last edited must not tell
    everybody when somebody asked. It is for a message that nothing else changes.

    A `closed` one is not for everybody: it is taken away from a channel that everybody can read, and not posted there.
    """

    name: str
    channel: Callable[[Venue], ChannelId]
    view: Callable[[SessionKey, bool, bool], Awaitable[discord.ui.LayoutView | None]]
    quiet: bool = False
    closed: bool = False


class LiveMessages:
    """Keeps one message a session from its start to its end.

    It is changed at most every two seconds, posted anew before Discord refuses to change it, and within a minute of
    being deleted.
    """

    def __init__(self, bot: "Estrado", live: Live) -> None:
        self._bot = bot
        self._live = live
        self._queue = bot.services.queue
        self._clock = bot.services.clock
        self._changed: set[SessionKey] = set()
        #: Those that are to be edited in any case, which shows whether they are still there.
        self._to_look_at: set[SessionKey] = set()
        self._shown_as: dict[SessionKey, str] = {}
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Keep it from now on."""
        self._queue.on_change(self._heard)
        self._bot.services.agenda.on_change(self._hours_changed)
        self._tasks = [
            asyncio.create_task(self._keep(), name=self._live.name),
            asyncio.create_task(self._tick(), name=f"{self._live.name} clock"),
        ]

    async def stop(self) -> None:
        """Stop keeping it; it stays as it is."""
        self._queue.forget(self._heard)
        await ended(self._tasks)

    def look(self, session: SessionKey) -> None:
        """Bring the session's message up to date soon, and back where it is gone."""
        self._to_look_at.add(session)
        self._heard(session)

    def _heard(self, session: SessionKey) -> None:
        self._changed.add(session)
        self._woken.set()

    def _hours_changed(self, before: Event, after: Event) -> None:
        for key in changed_sessions(before, after):
            self.look(key)

    async def _keep(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            sessions, self._changed = sorted(self._changed), set()
            for session in sessions:
                await guarded(self._shown(session), self._live.name)
            await self._clock.sleep(BETWEEN_EDITS_SECONDS)

    async def _tick(self) -> None:
        agenda = self._bot.services.agenda
        for key in [session.key for session in agenda.event.sessions]:
            await agenda.sleep_until(lambda event, key=key: self._opens_at(event.session(key)))  # type: ignore[misc]
            while self._is_live(agenda.event.session(key)):
                self.look(key)
                await self._clock.sleep(LOOK_SECONDS)
            self.look(key)

    async def _shown(self, key: SessionKey) -> None:
        try:
            await self._show(key)
        except NotPosted as trouble:
            await self._bot.services.notices.tell_of(trouble)
            raise

    async def _show(self, key: SessionKey) -> None:
        venue = self._bot.venue
        if venue is None:
            return
        session, now, channel = self._bot.services.event.session(key), self._clock.now(), self._live.channel(venue)
        name, is_live = f"{self._live.name}/{key}", self._is_live(session)
        standing = await self._queue.live_message(name)
        if self._live.closed and is_exposed(self._bot.get_guild(venue.guild_id), channel):
            if standing is not None:
                await self._bot.posting.delete(standing.channel, standing.message)
            raise NotPosted(channel, Reason.EXPOSED)
        view = await self._live.view(key, is_live, standing is not None)
        if view is None:
            return
        looks = json.dumps(cast("Any", view).to_components())
        if self._live.quiet and key not in self._to_look_at and self._shown_as.get(key) == looks:
            return
        if standing is not None and standing.channel == channel:
            limit = REPOST_AFTER if is_live else EDITABLE_FOR
            if now - standing.posted_at < limit and await self._bot.posting.edit(channel, standing.message, view=view):
                self._note(key, looks)
                self._bot.dispatch("live_message_shown", standing.message)
                return
        if not is_live:
            return
        message = await self._bot.posting.post(channel, view=view, nonce=_nonce(name, standing))
        self._note(key, looks)
        await self._queue.keep_live_message(name, LiveMessage(channel, message, now))
        if standing is not None:
            await self._bot.posting.delete(standing.channel, standing.message)

    def _note(self, key: SessionKey, looks: str) -> None:
        self._shown_as[key] = looks
        self._to_look_at.discard(key)

    def _opens_at(self, session: Session) -> datetime:
        return min(session.starts_at, self._queue.hours(session).opens_at)

    def _is_live(self, session: Session) -> bool:
        return self._opens_at(session) <= self._clock.now() < session.ends_at


def _nonce(name: str, standing: LiveMessage | None) -> str:
    """The same for whoever posts it in place of the same one, so that a restart does not make two."""
    text = f"{name}/{standing.message if standing else 0}"
    return b32encode(blake2b(text.encode(), digest_size=15).digest()).decode().lower()
