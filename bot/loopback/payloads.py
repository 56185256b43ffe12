"""Objects as Discord sends them, whole: its published description requires nearly every key."""

from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

from bot.loopback.nouns import (
    Attachment,
    Channel,
    ChannelKind,
    Json,
    Member,
    Message,
    Role,
    VoiceState,
)

if TYPE_CHECKING:
    from bot.loopback.guild import Guild

#: Where a client is told to fetch files from; files of messages are read through the world, never over HTTP.
_FILES = "https://cdn.discordapp.com/attachments"

ATTACHMENT_LIMIT = 10 * 1024 * 1024


def instant(at: datetime) -> str:
    """An instant as Discord writes it."""
    return at.isoformat(timespec="microseconds")


def user(member: Member) -> Json:
    """The account without the server."""
    return {
        "id": str(member.id),
        "username": member.username,
        "global_name": member.global_name,
        "discriminator": "0",
        "avatar": member.avatar,
        "banner": None,
        "accent_color": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "primary_guild": None,
        "public_flags": 0,
        "flags": 0,
        "bot": member.is_bot,
        "system": False,
    }


def own_user(member: Member) -> Json:
    """The account of the one who asks."""
    return user(member) | {"mfa_enabled": True, "locale": "en-US", "verified": True, "email": None}


def member(of: Member, *, with_user: bool = True) -> Json:
    """The account in the server."""
    data: Json = {
        "avatar": None,
        "banner": None,
        "avatar_decoration_data": None,
        "collectibles": None,
        "communication_disabled_until": None,
        "flags": 0,
        "joined_at": instant(of.joined_at),
        "nick": of.nick,
        "pending": False,
        "premium_since": None,
        "roles": [str(role_id) for role_id in of.role_ids],
        "mute": False,
        "deaf": False,
    }
    if with_user:
        data["user"] = user(of)
    return data


def role(of: Role) -> Json:
    """A role."""
    data: Json = {
        "id": str(of.id),
        "name": of.name,
        "permissions": str(of.permissions),
        "position": of.position,
        "color": of.color,
        "colors": {"primary_color": of.color, "secondary_color": None, "tertiary_color": None},
        "hoist": of.hoist,
        "managed": of.bot_id is not None,
        "mentionable": of.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    if of.bot_id is not None:
        data["tags"] = {"bot_id": str(of.bot_id)}
    return data


def channel(guild: "Guild", of: Channel, *, asked_by: Member | None = None) -> Json:
    """A channel of the server, or a private conversation as `asked_by` sees it."""
    data: Json = {
        "id": str(of.id),
        "type": int(of.kind),
        "flags": 0,
        "last_message_id": None if of.last_message_id is None else str(of.last_message_id),
    }
    if of.kind is ChannelKind.PRIVATE:
        data["recipients"] = [user(recipient) for recipient in of.recipients if recipient is not asked_by]
        return data
    data |= {
        "guild_id": str(guild.id),
        "name": of.name,
        "parent_id": None if of.parent_id is None else str(of.parent_id),
        "position": of.position,
        "nsfw": False,
        "rate_limit_per_user": of.slowmode_seconds,
        "permission_overwrites": [
            {
                "id": str(target),
                "type": int(overwrite.is_member),
                "allow": str(overwrite.allow),
                "deny": str(overwrite.deny),
            }
            for target, overwrite in of.overwrites.items()
        ],
    }
    if of.kind is ChannelKind.TEXT:
        data["topic"] = of.topic
    elif of.is_voice:
        data |= {"bitrate": 64000, "user_limit": 0, "rtc_region": None}
    if of.kind is ChannelKind.STAGE:
        data["topic"] = of.topic
    return data


def attachment(of: Attachment, channel_id: int) -> Json:
    """A file in a message."""
    address = f"{_FILES}/{channel_id}/{of.id}/{of.name}"
    data: Json = {
        "id": str(of.id),
        "filename": of.name,
        "size": len(of.content),
        "url": address,
        "proxy_url": address,
        "content_type": of.content_type,
    }
    if of.description is not None:
        data["description"] = of.description
    return data


def upload(guild: "Guild", of: Attachment) -> Json:
    """A file that somebody gave with a command."""
    address = f"{guild.uploads_url}/{of.id}/{quote(of.name)}"
    return attachment(of, 0) | {"url": address, "proxy_url": address, "ephemeral": True}


def message(of: Message) -> Json:
    """A message, as REST answers it."""
    data: Json = {
        "id": str(of.id),
        "type": of.kind,
        "channel_id": str(of.channel.id),
        "author": user(of.author),
        "content": of.content,
        "timestamp": instant(of.created_at),
        "edited_timestamp": None if of.edited_at is None else instant(of.edited_at),
        "tts": of.tts,
        "mention_everyone": of.mention_everyone,
        "mentions": [user(mentioned) for mentioned in of.mentions],
        "mention_roles": [str(role_id) for role_id in of.mention_roles],
        "attachments": [attachment(file, of.channel.id) for file in of.attachments],
        "embeds": list(of.embeds),
        "components": list(of.components),
        "flags": of.flags,
        "pinned": of.pinned_at is not None,
    }
    if of.nonce is not None:
        data["nonce"] = of.nonce
    if of.reference is not None:
        data["message_reference"] = of.reference
    if of.webhook_id is not None:
        data["webhook_id"] = str(of.webhook_id)
        data["application_id"] = str(of.webhook_id)
    if of.interaction_metadata is not None:
        data["interaction_metadata"] = of.interaction_metadata
    return data


def past_message(of: Message) -> Json:
    """A message read back later: its nonce is gone."""
    data = message(of)
    data.pop("nonce", None)
    return data


def message_event(guild: "Guild", of: Message) -> Json:
    """A message, as the gateway tells it."""
    data = message(of)
    if of.channel.kind is not ChannelKind.PRIVATE:
        data["guild_id"] = str(guild.id)
        data["member"] = member(of.author, with_user=False)
    return data


def voice_state(guild: "Guild", of: VoiceState, *, with_member: bool) -> Json:
    """Where somebody is heard."""
    data: Json = {
        "guild_id": str(guild.id),
        "channel_id": None if of.channel is None else str(of.channel.id),
        "user_id": str(of.member.id),
        "session_id": of.session_id,
        "deaf": of.deaf,
        "mute": of.mute,
        "self_deaf": of.self_deaf,
        "self_mute": of.self_mute,
        "self_stream": of.self_stream,
        "self_video": of.self_video,
        "suppress": of.suppress,
        "request_to_speak_timestamp": None if of.request_to_speak is None else instant(of.request_to_speak),
    }
    if with_member:
        data["member"] = member(of.member)
    return data


def guild(of: "Guild") -> Json:
    """The server, as REST answers it."""
    return {
        "id": str(of.id),
        "name": of.name,
        "icon": None,
        "description": None,
        "home_header": None,
        "splash": None,
        "discovery_splash": None,
        "features": [],
        "banner": None,
        "owner_id": str(of.owner.id),
        "application_id": None,
        "region": "deprecated",
        "afk_channel_id": None if of.afk is None else str(of.afk.id),
        "afk_timeout": 300,
        "system_channel_id": None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": [role(each) for each in of.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 500000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": 0,
        "premium_subscription_count": 0,
        "preferred_locale": of.locale,
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": [],
        "stickers": [],
        "incidents_data": None,
    }


def guild_create(of: "Guild", bot: Member, *, voice: bool, all_members: bool) -> Json:
    """The server, as the gateway tells it to a bot: without the members intent only itself and who is in voice."""
    states = list(of.voice.values()) if voice else []
    if all_members:
        members = list(of.members.values())
    else:
        members = [bot] + [state.member for state in states if state.member is not bot]
    return guild(of) | {
        "joined_at": instant(bot.joined_at),
        "large": len(of.members) > 250,
        "unavailable": False,
        "member_count": len(of.members),
        "voice_states": [voice_state(of, state, with_member=False) for state in states],
        "members": [member(each) for each in members],
        "channels": [channel(of, each) for each in of.channels.values()],
        "threads": [],
        "presences": [],
        "stage_instances": list(of.stage_instances.values()),
        "guild_scheduled_events": list(of.scheduled_events.values()),
        "soundboard_sounds": [],
    }
