"""Channels and what they allow whom."""

from bot.loopback import payloads
from bot.loopback import permissions as rights
from bot.loopback.nouns import (
    Channel,
    ChannelKind,
    DiscordRefusal,
    Json,
    Overwrite,
    invalid_form,
    missing_permissions,
)
from bot.loopback.rest import Answer, Call, route

_KINDS = {int(kind): kind for kind in (ChannelKind.TEXT, ChannelKind.VOICE, ChannelKind.CATEGORY, ChannelKind.STAGE)}
_MAX_TOPIC = 1024


@route("GET", "/channels/{channel_id}")
def read(call: Call) -> Answer:
    """One channel."""
    return Answer(200, payloads.channel(call.guild, call.channel(), asked_by=call.bot))


@route("PATCH", "/channels/{channel_id}")
def change(call: Call) -> Answer:
    """Change a channel."""
    channel = call.channel(needs=rights.MANAGE_CHANNELS)
    if channel.kind is ChannelKind.PRIVATE:
        raise DiscordRefusal(403, 50003, "Cannot execute action on a DM channel")
    body: Json = call.body or {}
    changes: Json = {}
    if "name" in body:
        changes["name"] = _name(body)
    if "topic" in body:
        changes["topic"] = _topic(body)
    if "position" in body and body["position"] is not None:
        changes["position"] = body["position"]
    if "rate_limit_per_user" in body:
        changes["slowmode_seconds"] = body["rate_limit_per_user"] or 0
    if "permission_overwrites" in body:
        call.channel(needs=rights.MANAGE_ROLES)
        changes["overwrites"] = _overwrites(body)
    call.guild.change_channel(channel, **changes)
    return Answer(200, payloads.channel(call.guild, channel))


@route("DELETE", "/channels/{channel_id}")
def delete(call: Call) -> Answer:
    """Delete a channel (a private conversation is only closed)."""
    channel = call.channel(needs=rights.MANAGE_CHANNELS)
    data = payloads.channel(call.guild, channel)
    call.guild.delete_channel(channel)
    return Answer(200, data)


@route("GET", "/guilds/{guild_id}/channels")
def every(call: Call) -> Answer:
    """The server's channels."""
    guild = call.own_guild()
    return Answer(200, [payloads.channel(guild, each) for each in guild.channels.values()])


@route("POST", "/guilds/{guild_id}/channels")
def create(call: Call) -> Answer:
    """A new channel."""
    guild = call.own_guild()
    call.require(rights.MANAGE_CHANNELS)
    body: Json = call.body or {}
    kind = _KINDS.get(body.get("type") or 0)
    if kind is None:
        raise invalid_form("type", "BASE_TYPE_CHOICES", "There are text, voice and stage channels, and categories.")
    if len(guild.channels) >= 500:
        raise DiscordRefusal(400, 30013, "Maximum number of guild channels reached (500)")
    overwrites = _overwrites(body)
    given = 0
    for overwrite in overwrites.values():
        given |= overwrite.allow | overwrite.deny
    # Nobody hands out what they have not got themselves.
    call.require(given)
    name = _name(body)
    if kind is ChannelKind.TEXT:
        name = "-".join(name.lower().split())
    parent_id = None if body.get("parent_id") is None else int(body["parent_id"])
    if parent_id is not None and (kind is ChannelKind.CATEGORY or not _is_category(guild.channels.get(parent_id))):
        raise invalid_form("parent_id", "CHANNEL_PARENT_INVALID", "Category does not exist")
    channel = guild.create_channel(kind, name, overwrites, topic=_topic(body), parent_id=parent_id)
    return Answer(201, payloads.channel(guild, channel))


@route("PUT", "/channels/{channel_id}/permissions/{target_id}")
def allow(call: Call) -> Answer:
    """Set one overwrite."""
    channel = _changeable(call)
    body: Json = call.body or {}
    overwrite = Overwrite(body.get("type") == 1, int(body.get("allow") or 0), int(body.get("deny") or 0))
    # Nobody hands out what they have not got themselves.
    if (overwrite.allow | overwrite.deny) & ~call.guild.permissions(call.bot, channel):
        raise missing_permissions()
    call.guild.change_channel(channel, overwrites={**channel.overwrites, call.number(1): overwrite})
    return Answer(204)


@route("DELETE", "/channels/{channel_id}/permissions/{target_id}")
def forget(call: Call) -> Answer:
    """Take one overwrite away."""
    channel = _changeable(call)
    if call.number(1) not in channel.overwrites:
        raise DiscordRefusal(404, 10009, "Unknown Overwrite")
    kept = {target: each for target, each in channel.overwrites.items() if target != call.number(1)}
    call.guild.change_channel(channel, overwrites=kept)
    return Answer(204)


def _is_category(channel: Channel | None) -> bool:
    return channel is not None and channel.kind is ChannelKind.CATEGORY


def _changeable(call: Call) -> Channel:
    return call.channel(needs=rights.MANAGE_ROLES)


def _name(body: Json) -> str:
    name = body.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 100:
        raise invalid_form("name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    return name


def _topic(body: Json) -> str | None:
    topic = body.get("topic")
    if topic is not None and len(topic) > _MAX_TOPIC:
        raise invalid_form("topic", "BASE_TYPE_MAX_LENGTH", f"Must be {_MAX_TOPIC} or fewer in length.")
    return topic or None


def _overwrites(body: Json) -> dict[int, Overwrite]:
    return {
        int(each["id"]): Overwrite(each["type"] == 1, int(each.get("allow") or 0), int(each.get("deny") or 0))
        for each in body.get("permission_overwrites") or ()
    }
