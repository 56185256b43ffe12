"""Nonces: for a few minutes one nonce makes one message, however often it is sent."""

from collections import deque
from datetime import datetime, timedelta

from bot.loopback.nouns import EventTime, Message

REMEMBERED = timedelta(minutes=5)


class Nonces:
    """The nonces of the last minutes of the event."""

    def __init__(self, time: EventTime) -> None:
        self._time = time
        self._messages: dict[tuple[int, int, str], Message] = {}
        self._order: deque[tuple[datetime, tuple[int, int, str]]] = deque()

    def find(self, channel_id: int, author_id: int, nonce: str) -> Message | None:
        """The message that the nonce has made already."""
        self._forget()
        return self._messages.get((channel_id, author_id, nonce))

    def keep(self, message: Message) -> None:
        """Remember a message by its nonce."""
        key = (message.channel.id, message.author.id, str(message.nonce))
        self._messages[key] = message
        self._order.append((self._time.now() + REMEMBERED, key))

    def _forget(self) -> None:
        now = self._time.now()
        while self._order and self._order[0][0] <= now:
            self._messages.pop(self._order.popleft()[1], None)
