"""Where presence should be measured and cannot be, because the bot may not see who is there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bot.access import NEEDED, PlaceKind
from bot.ids import ChannelId
from bot.storage.alerts import AlertKind, NativeUse

if TYPE_CHECKING:
    from .client import Estrado


class Unseen:
    """Tells organizers, once until it is mended."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._told: Mapping[ChannelId, tuple[str, ...]] | None = None

    async def look(self) -> None:
        """Permissions, or the places themselves, may be others than a moment ago."""
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        if venue is None or guild is None:
            return
        lacking: dict[ChannelId, tuple[str, ...]] = {}
        for channel_id in sorted(venue.counted_channels):
            # One that is gone, or never was, is told by its setting.
            if (channel := guild.get_channel(channel_id)) is not None:
                allowed = channel.permissions_for(guild.me)
                if missing := tuple(name for name in NEEDED[PlaceKind.PRESENCE] if not getattr(allowed, name)):
                    lacking[channel_id] = missing
        if lacking != self._told:
            await self._bot.services.notices.tell_where(AlertKind.NATIVE, NativeUse.PRESENCE, lacking)
            self._told = lacking
