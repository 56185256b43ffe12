"""Where somebody is heard, and who they are in the server."""

import secrets
from datetime import timedelta

from bot.loopback import permissions as rights
from bot.loopback.exchange import CannotDo, NotVisible
from bot.loopback.nouns import Channel, ChannelKind, Role
from bot.loopback.onlookers import Onlooker


class Attendee(Onlooker):
    """Somebody who comes and goes."""

    async def joins(self, channel: Channel | str) -> None:
        """Enter a voice channel or stage; raises where the person may not."""
        where = self._voice_channel(channel)
        self.world.set_voice(self, where, session_id=_session(), **self._on_entering(where))
        await self._told()

    async def moves(self, channel: Channel | str) -> None:
        """Change the channel on the same connection."""
        before = self.world.voice.get(self.id)
        if before is None:
            raise CannotDo(f"{self!r} is in no channel")
        where = self._voice_channel(channel)
        kept = {
            "self_mute": before.self_mute,
            "self_deaf": before.self_deaf,
            "mute": before.mute,
            "deaf": before.deaf,
        }
        entering = kept | self._on_entering(where)
        self.world.set_voice(self, where, session_id=before.session_id, **entering)
        await self._told()

    async def leaves(self) -> None:
        """Leave."""
        before = self.world.voice.get(self.id)
        if before is None:
            raise CannotDo(f"{self!r} is in no channel")
        self.world.set_voice(self, None, session_id=before.session_id)
        await self._told()

    async def toggles(
        self,
        *,
        mute: bool | None = None,
        deaf: bool | None = None,
        video: bool | None = None,
        stream: bool | None = None,
        server_mute: bool | None = None,
        server_deaf: bool | None = None,
        suppress: bool | None = None,
        request_to_speak: bool | None = None,
    ) -> None:
        """Change how one is heard and seen, without changing where."""
        before = self.world.voice.get(self.id)
        if before is None:
            raise CannotDo(f"{self!r} is in no channel")
        asked = before.request_to_speak
        if request_to_speak is not None:
            asked = self.world.time.now() if request_to_speak else None
        self.world.set_voice(
            self,
            before.channel,
            session_id=before.session_id,
            self_mute=_either(mute, before.self_mute),
            self_deaf=_either(deaf, before.self_deaf),
            self_video=_either(video, before.self_video),
            self_stream=_either(stream, before.self_stream),
            mute=_either(server_mute, before.mute),
            deaf=_either(server_deaf, before.deaf),
            suppress=_either(suppress, before.suppress),
            request_to_speak=asked,
        )
        await self._told()

    async def changes_device(self, *, late_leave: bool = False, gap: float | None = None) -> None:
        """Go on with another device in the same channel.

        As it is: one update with a new session. With `gap`: leave and, so many seconds of the event later, join. With
        `late_leave`: the new session joins, and (after `gap`) the old one's leave comes.
        """
        before = self.world.voice.get(self.id)
        if before is None or before.channel is None:
            raise CannotDo(f"{self!r} is in no channel")
        where = before.channel
        if gap is not None and not late_leave:
            self.world.set_voice(self, None, session_id=before.session_id)
            await self._pause(gap)
        self.world.set_voice(self, where, session_id=_session(), **self._on_entering(where))
        if late_leave:
            await self._pause(gap or 0)
            before.channel = None
            self.world.tell_voice(before)
        await self._told()

    # Standing in the server

    async def gains(self, role: Role) -> None:
        """Be given a role."""
        if role.id not in self.role_ids:
            self.world.change_member(self, role_ids=[*self.role_ids, role.id])
        await self._told()

    async def loses(self, role: Role) -> None:
        """Lose a role."""
        self.world.change_member(self, role_ids=[each for each in self.role_ids if each != role.id])
        await self._told()

    async def renames(self, nick: str | None) -> None:
        """Take another name in the server."""
        self.world.change_member(self, nick=nick)
        await self._told()

    async def is_expelled(self) -> None:
        """Be put out of the server by somebody who may."""
        self.world.expel(self)
        await self._told()

    async def _pause(self, seconds: float) -> None:
        await self._told()
        if seconds > 0:
            until = self.world.time.now() + timedelta(seconds=seconds)
            expect = getattr(self.world.time, "expect", None)
            if expect is not None:
                expect(until)
            await self.world.time.sleep_until(until)

    def _voice_channel(self, channel: Channel | str) -> Channel:
        where = self._where(channel)
        if not where.is_voice:
            raise CannotDo(f"#{where.name} is no voice channel")
        needed = rights.VIEW_CHANNEL | rights.CONNECT
        if where is not self.world.afk and needed & ~self.world.permissions(self, where):
            raise NotVisible(f"{self!r} may not enter #{where.name}")
        return where

    def _on_entering(self, channel: Channel) -> dict[str, bool]:
        if channel.kind is not ChannelKind.STAGE:
            return {"suppress": channel is self.world.afk}
        return {"suppress": not rights.moderates_stage(self.world.permissions(self, channel))}


def _session() -> str:
    return secrets.token_hex(16)


def _either(given: bool | None, before: bool) -> bool:
    return before if given is None else given
