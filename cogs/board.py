"""What is kept before people's eyes about questions: the moderators' live board and the post of the one on air."""

import asyncio
import logging
from base64 import b32encode
from collections.abc import Coroutine
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import discord

from bot.agenda import Session
from bot.errors import NotSaved
from bot.ids import SessionKey
from bot.notices import AlertKind
from bot.questions import LiveMessage
from bot.queue_operations import Shown
from bot.sending import NoLongerTrue, NotPosted

from .question_cards import board_view, public_post
from .routes import inert

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: Changes that come together are shown together.
BETWEEN_EDITS_SECONDS = 2.0

#: How often the board is looked at while its session runs: it comes back when somebody deleted it.
LOOK_SECONDS = 60.0

#: Discord refuses edits of messages older than an hour; the board is posted anew before.
REPOST_AFTER = timedelta(minutes=48)
EDITABLE_FOR = timedelta(minutes=58)

#: Before the public post is tried again, by how often it failed; the last one from then on.
_PAUSES_SECONDS = (2.0, 5.0, 15.0, 30.0)


class LiveBoard:
    """One message a session in the moderators' channel, kept up to date from asking's start to the session's end.

    It is changed at most every two seconds, posted anew before Discord refuses to change it, and within a minute of
    being deleted.
    """

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._queue = bot.services.queue
        self._clock = bot.services.clock
        self._changed: set[SessionKey] = set()
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Keep the board from now on."""
        self._queue.on_change(self.look)
        self._tasks = [
            asyncio.create_task(self._keep(), name="board"),
            asyncio.create_task(self._tick(), name="board clock"),
        ]

    async def stop(self) -> None:
        """Stop keeping it; it stays as it is."""
        self._queue.forget(self.look)
        await _ended(self._tasks)

    def look(self, session: SessionKey) -> None:
        """Bring the session's board up to date soon."""
        self._changed.add(session)
        self._woken.set()

    async def view(self, session: SessionKey) -> discord.ui.LayoutView:
        """The session's board as it is now."""
        board = await self._queue.board(session)
        languages = self._bot.services.event.languages
        return inert(board_view(board, self._queue.hours(board.session), languages))

    async def _keep(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            sessions, self._changed = sorted(self._changed), set()
            for session in sessions:
                await _guarded(self._shown(session), "board")
            await self._clock.sleep(BETWEEN_EDITS_SECONDS)

    async def _tick(self) -> None:
        for session in self._bot.services.event.sessions:
            await self._clock.sleep_until(self._opens_at(session))
            while self._is_live(session):
                self.look(session.key)
                await self._clock.sleep(LOOK_SECONDS)
            self.look(session.key)

    async def _shown(self, key: SessionKey) -> None:
        try:
            await self._show(key)
        except NotPosted as trouble:
            if not trouble.reason.may_pass:
                notices, reason = self._bot.services.notices, trouble.reason
                await notices.tell(AlertKind.BROKEN, trouble.channel_id, reason, trouble.missing)
            raise

    async def _show(self, key: SessionKey) -> None:
        venue = self._bot.venue
        if venue is None:
            return
        session, now = self._bot.services.event.session(key), self._clock.now()
        standing = await self._queue.live_message(_name(key))
        view = await self.view(key)
        if standing is not None and standing.channel == venue.moderators:
            limit = REPOST_AFTER if self._is_live(session) else EDITABLE_FOR
            if now - standing.posted_at < limit and await self._edited(standing, view):
                return
        if not self._is_live(session):
            return
        message = await self._bot.posting.post(venue.moderators, view=await self.view(key), nonce=_nonce(key, standing))
        await self._queue.keep_live_message(_name(key), LiveMessage(venue.moderators, message, now))
        if standing is not None:
            await self._bot.posting.delete(standing.channel, standing.message)

    async def _edited(self, standing: LiveMessage, view: discord.ui.LayoutView) -> bool:
        """Whether the message is there and shows the view now."""
        return await self._bot.posting.edit(standing.channel, standing.message, view=view)

    def _opens_at(self, session: Session) -> datetime:
        return min(session.starts_at, self._queue.hours(session).opens_at)

    def _is_live(self, session: Session) -> bool:
        return self._opens_at(session) <= self._clock.now() < session.ends_at


class OnAir:
    """Posts the question on air in the public channel: each showing exactly once, across restarts."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._queue = bot.services.queue
        self._clock = bot.services.clock
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Post from now on what is put on air."""
        self._queue.on_change(self._changed)
        self._tasks = [asyncio.create_task(self._keep(), name="on air")]

    async def stop(self) -> None:
        """Stop; what is not posted is posted by the next start."""
        self._queue.forget(self._changed)
        await _ended(self._tasks)

    def look(self) -> None:
        """Post what is on air and not posted yet."""
        self._woken.set()

    def _changed(self, _session: SessionKey) -> None:
        self._woken.set()

    async def _keep(self) -> None:
        failures = 0
        while True:
            await self._woken.wait()
            self._woken.clear()
            if await _guarded(self._post_all(), "on_air"):
                failures = 0
                continue
            await self._clock.sleep(_PAUSES_SECONDS[min(failures, len(_PAUSES_SECONDS) - 1)])
            failures += 1
            self._woken.set()

    async def _post_all(self) -> None:
        if self._bot.venue is None:
            return
        for shown in await self._queue.unposted():
            await self._post(shown)

    async def _post(self, shown: Shown) -> None:
        venue, question = self._bot.venue, shown.question
        assert venue is not None
        session = self._bot.services.event.session(question.session)
        try:
            delivered = await self._bot.posting.deliver(
                f"question/{question.number}/on-air",
                venue.questions,
                question.showings,
                public_post(shown, self._bot.services.event.languages),
                reference=f"pregunta-{question.number}",
                is_current=lambda now: session.starts_at <= now < session.ends_at,
            )
        except NoLongerTrue:
            return
        await self._queue.note_posted(question, delivered.messages[0])


async def _guarded(work: Coroutine[Any, Any, None], what: str) -> bool:
    """Whether the work was done. What went wrong is logged: a channel that fails must not end the loop."""
    try:
        await work
    except NotPosted as trouble:
        log.warning("%s.not_posted channel=%d reason=%s", what, trouble.channel_id, trouble.reason)
    except NotSaved as trouble:
        log.warning("%s.not_saved reason=%s", what, trouble.reason)
    except Exception:
        log.exception("%s.failed", what)
    else:
        return True
    return False


async def _ended(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _name(session: SessionKey) -> str:
    return f"board/{session}"


def _nonce(session: SessionKey, standing: LiveMessage | None) -> str:
    """The same for whoever posts the board in place of the same one, so that a restart does not make two."""
    name = f"{_name(session)}/{standing.message if standing else 0}"
    return b32encode(blake2b(name.encode(), digest_size=15).digest()).decode().lower()
