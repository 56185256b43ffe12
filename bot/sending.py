"""What whoever delivers a notice and whoever sends it say to each other."""

import hashlib
from base64 import b32encode
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bot.ids import ChannelId, MessageId
from bot.storage.notices import Address

P = TypeVar("P")


class Reason(StrEnum):
    """Why something could not be posted in a channel."""

    #: A permission is missing.
    FORBIDDEN = "forbidden"
    #: There is no such channel (any more).
    MISSING = "missing"
    #: Everyone can read a channel that is meant for a few.
    EXPOSED = "exposed"
    #: Discord does not take this message, whoever sends it.
    REFUSED = "refused"
    #: The message that was to be changed is not there any more, or too old to be changed.
    GONE = "gone"
    #: Discord does not know the bot's token (any more).
    UNAUTHORIZED = "unauthorized"
    #: Discord asks to wait for long.
    RATE_LIMITED = "rate_limited"
    #: Discord or the way to it is down.
    UNAVAILABLE = "unavailable"
    #: No answer within the time limit.
    TIMEOUT = "timeout"
    UNKNOWN = "unknown"

    @property
    def is_certain(self) -> bool:
        """Whether the message is certainly not in the channel."""
        return self not in (Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.UNKNOWN)

    @property
    def may_pass(self) -> bool:
        """Whether it may go away without anybody doing anything."""
        return self in (Reason.RATE_LIMITED, Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.UNKNOWN)


#: Discord's names of the permissions without which nothing at all can be posted in a channel.
_TO_POST = frozenset({"view_channel", "send_messages"})


class NotPosted(Exception):
    """A message was not posted, edited or found. `missing` holds Discord's names of the permissions that lack.

    `may_be_there` says that of several attempts one got no clear answer, before another was answered with the reason.
    """

    def __init__(
        self, channel_id: ChannelId, reason: Reason, missing: Sequence[str] = (), *, may_be_there: bool = False
    ) -> None:
        super().__init__(channel_id, reason)
        self.channel_id = channel_id
        self.reason = reason
        self.missing = tuple(missing)
        self.may_be_there = may_be_there

    @property
    def is_certain(self) -> bool:
        """Whether the message is certainly not in the channel."""
        return self.reason.is_certain and not self.may_be_there

    @property
    def is_shut_out(self) -> bool:
        """Whether the bot could not post in the channel at all, for want of a permission."""
        return self.reason is Reason.FORBIDDEN and not _TO_POST.isdisjoint(self.missing)


class NoLongerTrue(Exception):
    """It was not sent, because meanwhile it is too late for it."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that is in its channel, and since when by Discord's own clock."""

    message_id: MessageId
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """What is in the channel: the messages in order. Where one could not be confirmed, `confirmed` is False."""

    messages: tuple[MessageId, ...]
    confirmed: bool
    sent_at: datetime | None


#: Makes the parts as of an instant; for the same instant always the same ones.
Build = Callable[[datetime], Awaitable[Sequence[P]]]
#: Sends a part with its mark in it, under a nonce.
Send = Callable[[P, str, str], Awaitable[Posted]]
#: Seeks the message that bears a mark, in the channel's history since an instant.
Find = Callable[[str, datetime], Awaitable[Posted | None]]


def mark(reference: str, generation: int, part: int) -> str:
    """The reference that a message bears, for people to quote and for us to find it by."""
    return f"{reference}-{part}" if generation == 1 else f"{reference}-r{generation}-{part}"


def nonce(address: Address, part: int) -> str:
    """The same for the same message, in every process; 24 characters, of the 25 that Discord takes."""
    name = f"{address.key}\n{address.channel_id}\n{address.generation}\n{part}"
    return b32encode(hashlib.blake2b(name.encode(), digest_size=15).digest()).decode().lower()
