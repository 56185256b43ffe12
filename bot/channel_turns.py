"""Turns at a channel: who posts in one goes after whoever came before, and nobody waits for another channel."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.ids import ChannelId


class ChannelTurns:
    """One at a time in each channel, in the order of asking. Keeps nothing of a channel that nobody is at."""

    def __init__(self) -> None:
        self._locks: dict[ChannelId, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def at(self, channel_id: ChannelId) -> AsyncIterator[None]:
        """Hold the turn at a channel for the length of a block."""
        lock, users = self._locks.get(channel_id, (asyncio.Lock(), 0))
        self._locks[channel_id] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks.pop(channel_id)
            if users > 1:
                self._locks[channel_id] = lock, users - 1
