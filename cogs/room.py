"""The room: tells the register who comes and goes, and how well the bot can see it."""

import asyncio
import logging
from collections import deque
from collections.abc import Coroutine
from datetime import datetime
from typing import TYPE_CHECKING, Any

import discord

from bot.attendance import Seat
from bot.ids import ChannelId, PersonId

from . import gateway_frames
from .gateway_frames import Frame, Resumed, ServerGone, ServerSeen, Voice
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: After a failure, how many seconds until the register is watched again.
_WATCH_AGAIN_SECONDS = 10


#: A bot that is in other servers only must not gather their frames for ever; the event's places are known at once
#: after its own server was seen.
_WAITING_FRAMES = 10_000


class _Lost:
    """The connection was lost."""


class Room:
    """Is given every frame of the gateway, in order, and stamps it on arrival.

    What comes before the event's places are known waits, with its own time.
    """

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._register = bot.services.register
        self._venue: Venue | None = None
        self._waiting: deque[tuple[Frame | _Lost, datetime]] = deque(maxlen=_WAITING_FRAMES)
        self._heard_at = bot.clock.now()
        self._voices: dict[PersonId, Voice] = {}
        self._bots: set[PersonId] = set()
        self._people: set[PersonId] = set()
        self._counted: frozenset[ChannelId] = frozenset()
        self._server_is_there = False
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to open and close the register."""
        self._begin(self._watch())

    async def stop(self) -> None:
        """Hear nothing more; the register keeps what was seen last."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._register.stop()

    def hear(self, frame: str) -> None:
        """Whatever arrives, a heartbeat's acknowledgement too, shows that all before it has been seen."""
        self._heard_at = self._bot.clock.now()
        self._register.saw(self._heard_at)
        said = gateway_frames.read(frame)
        if said is not None:
            self._wait_or_take(said, self._heard_at)

    def lose(self) -> None:
        """The connection is lost: nothing was seen since the last frame."""
        self._wait_or_take(_Lost(), self._heard_at)

    def open(self, venue: Venue) -> None:
        """The places are known, perhaps anew: what waited for them is taken now, with its own time."""
        self._venue = venue
        while self._waiting:
            self._take(*self._waiting.popleft())
        self.look_again()

    def forget(self, person: PersonId) -> None:
        """Somebody was erased. Where they are in the room, they are counted again once they come in anew."""
        self._register.forget(person)

    def look_again(self) -> None:
        """Presence may count in other channels now than a moment ago."""
        if self._venue is not None and self._server_is_there and self._counted != self._channels(self._venue):
            self._roll(self._bot.clock.now())

    def _wait_or_take(self, said: "Frame | _Lost", at: datetime) -> None:
        if self._venue is None:
            self._waiting.append((said, at))
        else:
            self._take(said, at)

    def _take(self, said: "Frame | _Lost", at: datetime) -> None:
        assert self._venue is not None
        match said:
            case _Lost():
                self._register.lost_sight(max(at, self._register.seen_to))
            case Resumed() if self._server_is_there:
                self._register.resumed(at)
            case Voice(guild=guild) if guild == self._venue.guild_id:
                self._place(said, at)
            case ServerGone(guild=guild) if guild == self._venue.guild_id:
                self._server_is_there = False
                self._register.lost_sight(at)
            case ServerSeen(guild=guild) if guild == self._venue.guild_id:
                self._server_is_there = True
                self._voices = {voice.person: voice for voice in said.voices}
                for voice in said.voices:
                    self._meet(voice)
                self._roll(at)

    def _place(self, voice: Voice, at: datetime) -> None:
        """Tell the register of a change of channel or connection, and of nothing else."""
        before = self._voices.get(voice.person)
        if voice.channel is None:
            if before is not None and before.voice_session == voice.voice_session:
                del self._voices[voice.person]
            if voice.person not in self._bots:
                self._register.left(voice.person, voice.voice_session, at)
            return
        self._meet(voice)
        self._voices[voice.person] = voice
        same = before is not None and before.channel == voice.channel and before.voice_session == voice.voice_session
        if same or voice.person in self._bots:
            return
        if voice.channel in self._counted:
            self._register.joined(voice.person, voice.channel, voice.voice_session, at)
        else:
            self._register.moved_out(voice.person, at)

    def _roll(self, at: datetime) -> None:
        assert self._venue is not None
        self._counted = self._channels(self._venue)
        self._register.roll(
            [
                Seat(voice.person, voice.channel, voice.voice_session)
                for voice in self._voices.values()
                if voice.channel in self._counted
                and voice.person not in self._bots
                # Whoever was erased is counted again from when they come in, not for having stayed.
                and not self._bot.services.erasure.is_gone(voice.person)
            ],
            at,
        )

    def _channels(self, venue: Venue) -> frozenset[ChannelId]:
        """Where presence counts: never in the channel of those who are away, whatever config.toml says."""
        guild = self._bot.get_guild(venue.guild_id)
        away = None if guild is None else guild.afk_channel
        return venue.counted_channels - ({ChannelId(away.id)} if away is not None else frozenset())

    def _meet(self, voice: Voice) -> None:
        """Learn whether somebody is a bot; until Discord has said so, they are taken for a person."""
        if voice.is_bot is not None:
            (self._bots if voice.is_bot else self._people).add(voice.person)
        elif voice.person not in self._bots | self._people:
            self._people.add(voice.person)
            self._begin(self._ask_about(voice))

    async def _ask_about(self, voice: Voice) -> None:
        guild = self._bot.get_guild(voice.guild)
        try:
            member = None if guild is None else await guild.fetch_member(voice.person)
        except (discord.HTTPException, discord.RateLimited, OSError) as error:
            log.warning("room.unknown_member kind=%s", type(error).__name__)
            return
        if member is not None and member.bot:
            self._people.discard(voice.person)
            self._bots.add(voice.person)
            self._register.strike(voice.person)

    async def _watch(self) -> None:
        while True:
            try:
                await self._register.watch()
                return
            except Exception:
                # Nobody else opens and closes the register, so this must not end by an accident.
                log.exception("register.watch_failed")
                await self._bot.clock.sleep(_WATCH_AGAIN_SECONDS)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
