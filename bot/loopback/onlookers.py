"""What somebody sees of the server."""

from typing import TYPE_CHECKING, Any, Protocol

from bot.loopback import permissions as rights
from bot.loopback.exchange import NotVisible
from bot.loopback.interactions import Interactions
from bot.loopback.nouns import LOADING, Channel, ChannelKind, Member
from bot.loopback.seen import SeenMessage

if TYPE_CHECKING:
    from bot.loopback.world import World


class Stage(Protocol):
    """What carries people's acts to the bots."""

    interactions: Interactions

    async def flushed(self) -> None:
        """Return once every frame was written."""


class Onlooker(Member):
    """Somebody who looks."""

    def __init__(self, world: "World", **account: Any) -> None:
        super().__init__(**account)
        self.world = world

    def sees(self) -> list[SeenMessage]:
        """Every message that this person sees now, private ones too, in order."""
        world = self.world
        found = [
            message
            for channel in world.channels.values()
            if world.may_see(self, channel)
            for message in channel.messages.values()
            if not message.flags & LOADING
        ]
        for channel in world.private_channels.values():
            if self in channel.recipients:
                found += channel.messages.values()
        found += [m for m in world.ephemeral.get(self.id, {}).values() if not m.flags & LOADING]
        found.sort(key=lambda message: message.id)
        return [SeenMessage(message) for message in found]

    def sees_in(self, channel: Channel | str) -> list[SeenMessage]:
        """What this person sees in one channel, answers to them alone too; nothing where they may not look."""
        where = self._where(channel)
        if not self.world.may_see(self, where):
            return []
        own = self.world.ephemeral.get(self.id, {}).values()
        found = [*where.messages.values(), *(message for message in own if message.channel is where)]
        found.sort(key=lambda message: message.id)
        return [SeenMessage(message) for message in found if not message.flags & LOADING]

    def private(self) -> list[SeenMessage]:
        """The answers that this person alone sees."""
        own = self.world.ephemeral.get(self.id, {}).values()
        return [SeenMessage(message) for message in own if not message.flags & LOADING]

    def direct_messages(self) -> list[SeenMessage]:
        """Their private conversations."""
        channels = [c for c in self.world.private_channels.values() if self in c.recipients]
        found = [message for channel in channels for message in channel.messages.values()]
        found.sort(key=lambda message: message.id)
        return [SeenMessage(message) for message in found]

    def _where(self, channel: Channel | str | None) -> Channel:
        if isinstance(channel, str):
            return self.world.channel_named(channel)
        if channel is not None:
            return channel
        seen = [
            each
            for each in self.world.channels.values()
            if each.kind is ChannelKind.TEXT and self.world.may_see(self, each)
        ]
        public = [each for each in seen if self._is_public(each)]
        for each in [*public, *seen]:
            return each
        raise NotVisible(f"{self!r} sees no text channel")

    def _is_public(self, channel: Channel) -> bool:
        everyone = self.world.everyone
        return bool(rights.in_channel(0, (), everyone.permissions, everyone.id, channel) & rights.VIEW_CHANNEL)

    async def _told(self) -> None:
        if self.world.stage is not None:
            await self.world.stage.flushed()
