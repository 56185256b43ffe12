"""What a Discord server is made of, and the numbers by which Discord names it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import Any, Protocol

#: The whole of a payload: what json.loads() returns for an object.
Json = dict[str, Any]

_DISCORD_EPOCH = datetime(2015, 1, 1, tzinfo=UTC)

#: Message flags.
EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_NOTIFICATIONS = 1 << 12
COMPONENTS_V2 = 1 << 15


class EventTime(Protocol):
    """The time of the event. `expect(instant)` is called too where there is such a method."""

    def now(self) -> datetime:
        """The instant, aware."""

    async def sleep_until(self, instant: datetime) -> None:
        """Return once `now()` has reached `instant`."""


class ChannelKind(IntEnum):
    """The kinds of channel that a server of an event has."""

    TEXT = 0
    PRIVATE = 1
    VOICE = 2
    CATEGORY = 4
    STAGE = 13


class Snowflakes:
    """Discord's ids: they carry the time of the event, and each is greater than the one before it."""

    def __init__(self, time: EventTime) -> None:
        self._time = time
        self._last = 0

    def __call__(self) -> int:
        milliseconds = (self._time.now() - _DISCORD_EPOCH) // timedelta(milliseconds=1)
        self._last = max(self._last + 1, milliseconds << 22)
        return self._last


def snowflake_time(snowflake: int) -> datetime:
    """The instant that an id carries."""
    return _DISCORD_EPOCH + timedelta(milliseconds=snowflake >> 22)


@dataclass(eq=False, slots=True)
class Role:
    """A role of the server. @everyone has the server's own id."""

    id: int
    name: str
    permissions: int
    position: int
    mentionable: bool = False
    bot_id: int | None = None
    color: int = 0
    hoist: bool = False


@dataclass(slots=True)
class Overwrite:
    """What a channel allows and denies a role or a member."""

    is_member: bool
    allow: int = 0
    deny: int = 0


@dataclass(eq=False)
class Member:
    """An account in the server: a person, or a bot."""

    id: int
    username: str
    global_name: str | None
    is_bot: bool
    locale: str
    joined_at: datetime
    nick: str | None = None
    role_ids: list[int] = field(default_factory=list)
    token: str | None = None
    privileged: int = 0
    #: What Discord calls the picture's file by; the same for the same file.
    avatar: str | None = None
    #: Whether bots may write to this account privately.
    takes_private_messages: bool = True

    @property
    def display_name(self) -> str:
        """The name that others see."""
        return self.nick or self.global_name or self.username


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file in a message."""

    id: int
    name: str
    content: bytes
    content_type: str
    description: str | None = None
    spoiler: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that somebody gives with a command."""

    name: str
    content: bytes
    content_type: str = "application/octet-stream"


@dataclass(eq=False)
class Message:
    """A message as it is now. An edit replaces its values and never changes one in place."""

    id: int
    channel: "Channel"
    author: Member
    content: str
    embeds: tuple[Json, ...]
    components: tuple[Json, ...]
    attachments: tuple[Attachment, ...]
    flags: int
    created_at: datetime
    edited_at: datetime | None = None
    deleted_at: datetime | None = None
    pinned_at: datetime | None = None
    nonce: str | int | None = None
    mentions: tuple[Member, ...] = ()
    mention_roles: tuple[int, ...] = ()
    mention_everyone: bool = False
    reference: Json | None = None
    interaction_metadata: Json | None = None
    webhook_id: int | None = None
    kind: int = 0
    tts: bool = False
    #: The one person who sees it, for an answer that only they see.
    only_for: int | None = None

    @property
    def is_ephemeral(self) -> bool:
        """Whether one person alone sees it."""
        return bool(self.flags & EPHEMERAL)


@dataclass(eq=False)
class Channel:
    """A channel of the server, or a private conversation of two accounts."""

    id: int
    kind: ChannelKind
    name: str
    position: int
    overwrites: dict[int, Overwrite] = field(default_factory=dict)
    topic: str | None = None
    recipients: tuple[Member, ...] = ()
    slowmode_seconds: int = 0
    #: In order of their ids, since ids only grow.
    messages: dict[int, Message] = field(default_factory=dict)
    last_message_id: int | None = None
    #: The category under which it stands.
    parent_id: int | None = None
    deleted: bool = False

    @property
    def is_voice(self) -> bool:
        """Whether people can be in it."""
        return self.kind in (ChannelKind.VOICE, ChannelKind.STAGE)


@dataclass(slots=True)
class VoiceState:
    """Where somebody is heard, and how. `channel` is None once they have left."""

    member: Member
    channel: Channel | None
    session_id: str
    self_mute: bool = False
    self_deaf: bool = False
    self_video: bool = False
    self_stream: bool = False
    mute: bool = False
    deaf: bool = False
    suppress: bool = False
    request_to_speak: datetime | None = None


@dataclass(frozen=True, slots=True)
class LogEntry:
    """Something that really happened, for whoever counts independently of the bot."""

    at: datetime
    kind: str
    detail: Mapping[str, Any]


class DiscordRefusal(Exception):
    """An answer with an error code, as Discord words it."""

    def __init__(self, status: int, code: int, message: str, errors: Json | None = None) -> None:
        super().__init__(f"{status} {code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def body(self) -> Json:
        """What the client is sent."""
        body: Json = {"message": self.message, "code": self.code}
        if self.errors is not None:
            body["errors"] = self.errors
        return body


def unknown(noun: str, code: int) -> DiscordRefusal:
    """404 with one of Discord's "Unknown …" codes."""
    return DiscordRefusal(404, code, f"Unknown {noun}")


def missing_access() -> DiscordRefusal:
    """The channel cannot be seen."""
    return DiscordRefusal(403, 50001, "Missing Access")


def missing_permissions() -> DiscordRefusal:
    """The channel can be seen, and the action is not allowed in it."""
    return DiscordRefusal(403, 50013, "Missing Permissions")


def invalid_form(path: str, code: str, message: str) -> DiscordRefusal:
    """400 Invalid Form Body; `path` names the field ("embeds.0.title")."""
    errors: Json = {"_errors": [{"code": code, "message": message}]}
    for part in reversed(path.split(".")) if path else ():
        errors = {part: errors}
    return DiscordRefusal(400, 50035, "Invalid Form Body", errors)
