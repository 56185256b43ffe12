"""What the gateway says about the voice channels, read from its own frames.

discord.py's cache and events are not enough for a register: the cache keeps people who left during an outage, a leave
of somebody it has no member of is dropped, and neither names the voice session. The frames hold all of it, in order.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.ids import ChannelId, GuildId, PersonId

#: Most frames are about something else and are not parsed a second time for us.
_EVENTS = ('"VOICE_STATE_UPDATE"', '"GUILD_CREATE"', '"GUILD_DELETE"', '"RESUMED"')


@dataclass(frozen=True, slots=True)
class Voice:
    """Where one connection of somebody's is; `channel` is None where it ended. `is_bot` is None where not said."""

    guild: GuildId
    person: PersonId
    channel: ChannelId | None
    voice_session: str
    is_bot: bool | None


@dataclass(frozen=True, slots=True)
class ServerSeen:
    """The whole server, with everybody who is in a voice channel."""

    guild: GuildId
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True)
class ServerGone:
    """Nothing is told about the server until it is seen again."""

    guild: GuildId


@dataclass(frozen=True, slots=True)
class Resumed:
    """All that was missed since the connection was lost has been told."""


Frame = Voice | ServerSeen | ServerGone | Resumed


def read(text: str) -> Frame | None:
    """What a frame says, or None where it is about something else."""
    if not any(event in text for event in _EVENTS):
        return None
    frame = json.loads(text)
    content: Mapping[str, Any] = frame.get("d") or {}
    match frame.get("t"):
        case "VOICE_STATE_UPDATE" if "guild_id" in content:
            user = content.get("member", {}).get("user")
            is_bot = None if user is None else bool(user.get("bot", False))
            return _voice(GuildId(int(content["guild_id"])), content, is_bot)
        case "GUILD_CREATE" if not content.get("unavailable"):
            guild = GuildId(int(content["id"]))
            bots = _bots(content.get("members", ()))
            voices = (_voice(guild, state, bots.get(state["user_id"])) for state in content.get("voice_states", ()))
            return ServerSeen(guild, tuple(voice for voice in voices if voice.channel is not None))
        case "GUILD_DELETE":
            return ServerGone(GuildId(int(content["id"])))
        case "RESUMED":
            return Resumed()
    return None


def _voice(guild: GuildId, state: Mapping[str, Any], is_bot: bool | None) -> Voice:
    channel = state.get("channel_id")
    return Voice(
        guild,
        PersonId(int(state["user_id"])),
        None if channel is None else ChannelId(int(channel)),
        state["session_id"],
        is_bot,
    )


def _bots(members: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    users = (member["user"] for member in members if "user" in member)
    return {user["id"]: bool(user.get("bot", False)) for user in users}
