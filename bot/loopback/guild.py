"""The server's state and every change to it. A change is told to whoever listens (the gateway) and is logged."""

from collections import deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from bot.loopback import payloads
from bot.loopback import permissions as rights
from bot.loopback.nouns import (
    Attachment,
    Channel,
    ChannelKind,
    EventTime,
    Json,
    LogEntry,
    Member,
    Message,
    Overwrite,
    Role,
    Snowflakes,
    Upload,
    VoiceState,
    snowflake_time,
    unknown,
)


class Listener(Protocol):
    """Who is told of changes."""

    def __call__(self, event: str, data: Json, *, member_id: int | None = None, message: Message | None = None) -> None:
        """`event` happened; `member_id` and `message` help to decide which sessions may hear of it."""


class Guild:
    """One Discord server."""

    def __init__(self, time: EventTime, name: str = "Servidor del evento", locale: str = "es-ES") -> None:
        self.time = time
        self.new_id = Snowflakes(time)
        self.id = self.new_id()
        self.name = name
        self.locale = locale
        self.created_at = time.now()
        self.roles: dict[int, Role] = {}
        self.channels: dict[int, Channel] = {}
        self.private_channels: dict[int, Channel] = {}
        self.members: dict[int, Member] = {}
        self.bots: dict[str, Member] = {}
        self.voice: dict[int, VoiceState] = {}
        self.afk: Channel | None = None
        self.scheduled_events: dict[int, Json] = {}
        self.stage_instances: dict[int, Json] = {}
        self.commands: dict[int, Json] = {}
        self.global_commands: dict[int, Json] = {}
        #: By command: the server's own decisions on who may use it, as Discord writes them.
        self.command_permissions: dict[int, list[Json]] = {}
        #: What people gave with commands, and where it can be fetched.
        self.uploads: dict[int, Attachment] = {}
        self.uploads_url = "https://cdn.discordapp.com/ephemeral-attachments"
        self.ephemeral: dict[int, dict[int, Message]] = {}
        self.log: list[LogEntry] = []
        self.unavailable = False
        self.everyone = Role(self.id, "@everyone", rights.EVERYONE, 0)
        self.roles[self.id] = self.everyone
        self.owner = Member(self.new_id(), "anfitriona", "Anfitriona", False, locale, time.now(), role_ids=[])
        self.members[self.owner.id] = self.owner
        self._listeners: list[Listener] = []
        self._bases: dict[int, int] = {}
        self._conversations: dict[frozenset[int], Channel] = {}
        self._command_creates: dict[int, deque[datetime]] = {}

    # Telling

    def listen(self, listener: Listener) -> None:
        """Tell `listener` of every change from now on."""
        self._listeners.append(listener)

    def tell(self, event: str, data: Json, *, member_id: int | None = None, message: Message | None = None) -> None:
        """Tell all who listen."""
        for listener in self._listeners:
            listener(event, data, member_id=member_id, message=message)

    def record(self, kind: str, **detail: Any) -> None:
        """Write into the log."""
        self.log.append(LogEntry(self.time.now(), kind, detail))

    def change_server(self, **changes: Any) -> None:
        """Change the server's own values: its name, where those go who are away."""
        for key, value in changes.items():
            setattr(self, key, value)
        self.tell("GUILD_UPDATE", payloads.guild(self))

    # Permissions

    def base_permissions(self, member: Member) -> int:
        """What a member may do in the whole server."""
        if member is self.owner:
            return rights.ALL
        if (known := self._bases.get(member.id)) is None:
            known = rights.base(self.everyone, rights.named(self.roles, member.role_ids))
            self._bases[member.id] = known
        return known

    def permissions(self, member: Member, channel: Channel) -> int:
        """What a member may do in a channel."""
        if channel.kind is ChannelKind.PRIVATE:
            return rights.PRIVATE if member in channel.recipients else 0
        allowed = self.base_permissions(member)
        if not channel.overwrites or allowed & rights.ADMINISTRATOR:
            return allowed if allowed & rights.VIEW_CHANNEL else 0
        return rights.in_channel(member.id, member.role_ids, allowed, self.id, channel)

    def may_see(self, member: Member, channel: Channel) -> bool:
        """Whether a member sees a channel."""
        return bool(self.permissions(member, channel) & rights.VIEW_CHANNEL)

    def highest_position(self, member: Member) -> int:
        """The place of a member's highest role."""
        return max((role.position for role in rights.named(self.roles, member.role_ids)), default=0)

    # Finding

    def channel(self, channel_id: int) -> Channel:
        """The channel or private conversation; refuses with 10003."""
        found = self.channels.get(channel_id) or self.private_channels.get(channel_id)
        if found is None:
            raise unknown("Channel", 10003)
        return found

    def channel_named(self, name: str) -> Channel:
        """The channel of that name, for testers; raises LookupError."""
        for channel in self.channels.values():
            if channel.name == name:
                return channel
        raise LookupError(f"there is no channel {name!r}")

    # Roles and members

    def create_role(self, name: str, permissions: int, *, bot_id: int | None = None, **more: Any) -> Role:
        """A new role below all others but @everyone."""
        role = Role(self.new_id(), name, permissions, len(self.roles), bot_id=bot_id, **more)
        self.roles[role.id] = role
        self.tell("GUILD_ROLE_CREATE", {"guild_id": str(self.id), "role": payloads.role(role)})
        return role

    def change_role(self, role: Role, **changes: Any) -> None:
        """Change a role's values."""
        for key, value in changes.items():
            setattr(role, key, value)
        self._bases.clear()
        self.tell("GUILD_ROLE_UPDATE", {"guild_id": str(self.id), "role": payloads.role(role)})

    def delete_role(self, role: Role) -> None:
        """Take a role from the server and from everybody."""
        del self.roles[role.id]
        self._bases.clear()
        for member in self.members.values():
            if role.id in member.role_ids:
                member.role_ids.remove(role.id)
        for channel in self.channels.values():
            channel.overwrites.pop(role.id, None)
        self.tell("GUILD_ROLE_DELETE", {"guild_id": str(self.id), "role_id": str(role.id)})

    def admit(self, member: Member) -> None:
        """A new member."""
        self.members[member.id] = member
        if member.token is not None:
            self.bots[member.token] = member
        data = payloads.member(member) | {"guild_id": str(self.id)}
        self.tell("GUILD_MEMBER_ADD", data, member_id=member.id)

    def expel(self, member: Member) -> None:
        """Put a member out of the server, and of the voice channel that they may be in.

        The voice state comes without the member, whom Discord has no more. That they are gone is told to bots with the
        members intent alone.
        """
        del self.members[member.id]
        self._bases.pop(member.id, None)
        if (before := self.voice.pop(member.id, None)) is not None:
            assert before.channel is not None
            self.record(
                "voice",
                person=member.id,
                before=before.channel.name,
                channel=None,
                session_id=before.session_id,
            )
            out = VoiceState(member, None, before.session_id)
            self.tell("VOICE_STATE_UPDATE", payloads.voice_state(self, out, with_member=False), member_id=member.id)
        data = {"guild_id": str(self.id), "user": payloads.user(member)}
        self.tell("GUILD_MEMBER_REMOVE", data, member_id=member.id)

    def take_upload(self, given: Upload) -> Attachment:
        """Keep what somebody gives with a command, where the bot can fetch it."""
        kept = Attachment(self.new_id(), given.name, given.content, given.content_type)
        self.uploads[kept.id] = kept
        return kept

    def change_member(self, member: Member, **changes: Any) -> None:
        """Change nick or roles."""
        for key, value in changes.items():
            setattr(member, key, value)
        self._bases.pop(member.id, None)
        data = payloads.member(member) | {"guild_id": str(self.id)}
        self.tell("GUILD_MEMBER_UPDATE", data, member_id=member.id)

    # Channels

    def create_channel(
        self, kind: ChannelKind, name: str, overwrites: Mapping[int, Overwrite] | None = None, **more: Any
    ) -> Channel:
        """A new channel below the others."""
        channel = Channel(self.new_id(), kind, name, len(self.channels), dict(overwrites or {}), **more)
        self.channels[channel.id] = channel
        self.tell("CHANNEL_CREATE", payloads.channel(self, channel))
        return channel

    def change_channel(self, channel: Channel, **changes: Any) -> None:
        """Change a channel's values."""
        for key, value in changes.items():
            setattr(channel, key, value)
        self.tell("CHANNEL_UPDATE", payloads.channel(self, channel))

    def delete_channel(self, channel: Channel) -> None:
        """Remove a channel; whoever was in it is out."""
        for state in [state for state in self.voice.values() if state.channel is channel]:
            self.set_voice(state.member, None, session_id=state.session_id)
        del self.channels[channel.id]
        channel.deleted = True
        if channel is self.afk:
            self.afk = None
        self.tell("CHANNEL_DELETE", payloads.channel(self, channel))

    def private_channel(self, one: Member, other: Member) -> Channel:
        """The private conversation of two accounts, opened where there is none."""
        pair = frozenset((one.id, other.id))
        channel = self._conversations.get(pair)
        if channel is None:
            channel = Channel(self.new_id(), ChannelKind.PRIVATE, "", 0, recipients=(one, other))
            self.private_channels[channel.id] = self._conversations[pair] = channel
        return channel

    # Messages

    def add_message(self, message: Message) -> None:
        """Post a message (or show it to one person only)."""
        if message.only_for is not None:
            self.ephemeral.setdefault(message.only_for, {})[message.id] = message
        else:
            message.channel.messages[message.id] = message
            message.channel.last_message_id = message.id
            self.tell("MESSAGE_CREATE", payloads.message_event(self, message), message=message)
        self.record("message.created", message=message.id, channel=message.channel.name, author=message.author.id)

    def change_message(self, message: Message, *, edited: bool = True, **changes: Any) -> None:
        """Edit a message."""
        for key, value in changes.items():
            setattr(message, key, value)
        if edited:
            message.edited_at = self.time.now()
        if message.only_for is None:
            self.tell("MESSAGE_UPDATE", payloads.message_event(self, message), message=message)
        self.record("message.edited", message=message.id, channel=message.channel.name)

    def delete_message(self, message: Message) -> None:
        """Delete a message."""
        message.deleted_at = self.time.now()
        if message.only_for is not None:
            self.ephemeral.get(message.only_for, {}).pop(message.id, None)
        else:
            message.channel.messages.pop(message.id, None)
            data: Json = {"id": str(message.id), "channel_id": str(message.channel.id)}
            if message.channel.kind is not ChannelKind.PRIVATE:
                data["guild_id"] = str(self.id)
            self.tell("MESSAGE_DELETE", data, message=message)
        self.record("message.deleted", message=message.id, channel=message.channel.name)

    def delete_messages(self, channel: Channel, messages: Iterable[Message]) -> None:
        """Delete several messages at once, as one event."""
        ids = []
        last = None
        for last in messages:
            last.deleted_at = self.time.now()
            channel.messages.pop(last.id, None)
            ids.append(str(last.id))
            self.record("message.deleted", message=last.id, channel=channel.name)
        if last is not None:
            data = {"ids": ids, "channel_id": str(channel.id), "guild_id": str(self.id)}
            self.tell("MESSAGE_DELETE_BULK", data, message=last)

    # Voice

    def set_voice(self, member: Member, channel: Channel | None, *, session_id: str, **flags: Any) -> VoiceState:
        """Make this the member's voice state, and tell it."""
        before = self.voice.get(member.id)
        state = VoiceState(member, channel, session_id, **flags)
        if channel is None:
            self.voice.pop(member.id, None)
        else:
            self.voice[member.id] = state
        self.record(
            "voice",
            person=member.id,
            before=None if before is None or before.channel is None else before.channel.name,
            channel=None if channel is None else channel.name,
            session_id=session_id,
        )
        self.tell_voice(state)
        return state

    def tell_voice(self, state: VoiceState) -> None:
        """Send a voice state without making it the member's."""
        data = payloads.voice_state(self, state, with_member=True)
        self.tell("VOICE_STATE_UPDATE", data, member_id=state.member.id)

    def count_command_creates(self, bot: Member, count: int, most: int) -> bool:
        """Count new commands of a bot, unless that would be more than `most` within a day."""
        creates = self._command_creates.setdefault(bot.id, deque())
        now = self.time.now()
        while creates and creates[0] <= now - timedelta(days=1):
            creates.popleft()
        if len(creates) + count > most:
            return False
        creates.extend([now] * count)
        return True

    def age_seconds(self, message: Message) -> float:
        """How old a message is in the time of the event."""
        return (self.time.now() - snowflake_time(message.id)).total_seconds()
