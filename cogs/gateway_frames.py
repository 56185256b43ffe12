"""What the gateway says about the voice channels, read from its own frames.

discord.py's cache and events are not enough for a register: the cache keeps people who left during an outage, a leave
of somebody it has no member of is dropped, and neither names the voice session. The frames hold all of it, in order.
"""

import json
import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.ids import ChannelId, GuildId, PersonId

log = logging.getLogger(__name__)

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
    """What a frame says, or None where it is about something else, or cannot be understood.

    Of a server, whoever cannot be understood is left out.
    """
    if not any(event in text for event in _EVENTS):
        return None
    frame = json.loads(text)
    content = frame.get("d")
    content = content if isinstance(content, dict) else {}
    try:
        match frame.get("t"):
            case "VOICE_STATE_UPDATE" if "guild_id" in content:
                return _voice(GuildId(_id(content["guild_id"])), content, _is_bot(content.get("member")))
            case "GUILD_CREATE" if not content.get("unavailable"):
                guild = GuildId(_id(content["id"]))
                return ServerSeen(guild, tuple(_voices(guild, content)))
            case "GUILD_DELETE":
                return ServerGone(GuildId(_id(content["id"])))
            case "RESUMED":
                return Resumed()
    except (KeyError, ValueError):
        log.warning("frame.not_understood event=%s", frame["t"])
    return None


def _voices(guild: GuildId, content: Mapping[str, Any]) -> Iterator[Voice]:
    """Everybody who is in a voice channel."""
    bots = {
        str(member["user"].get("id")): is_bot
        for member in _objects(content.get("members"))
        if (is_bot := _is_bot(member)) is not None
    }
    for state in _objects(content.get("voice_states")):
        try:
            voice = _voice(guild, state, bots.get(str(state.get("user_id"))))
        except (KeyError, ValueError):
            log.warning("frame.not_understood event=GUILD_CREATE")
            continue
        if voice.channel is not None:
            yield voice


def _voice(guild: GuildId, state: Mapping[str, Any], is_bot: bool | None) -> Voice:
    channel, session = state.get("channel_id"), state["session_id"]
    if not isinstance(session, str) or not session.isascii():
        raise ValueError("session_id")
    found = None if channel is None else ChannelId(_id(channel))
    return Voice(guild, PersonId(_id(state["user_id"])), found, session, is_bot)


def _is_bot(member: Any) -> bool | None:
    user = member.get("user") if isinstance(member, dict) else None
    return bool(user.get("bot", False)) if isinstance(user, dict) else None


def _objects(values: Any) -> Iterator[Mapping[str, Any]]:
    return (value for value in values if isinstance(value, dict)) if isinstance(values, list) else iter(())


def _id(value: Any) -> int:
    """Discord's ids are figures in a string, of 63 bits at most. Raises ValueError for anything else."""
    if not isinstance(value, str) or not value.isdecimal() or not 0 < (found := int(value)) < 1 << 63:
        raise ValueError("id")
    return found
