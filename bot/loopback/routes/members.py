"""The server, its roles, its members and their voice states."""

from datetime import UTC, datetime
from typing import Any

from bot.loopback import payloads
from bot.loopback import permissions as rights
from bot.loopback.gateway import GUILD_MEMBERS
from bot.loopback.nouns import (
    ChannelKind,
    DiscordRefusal,
    Json,
    Member,
    Role,
    VoiceState,
    invalid_form,
    missing_access,
    missing_permissions,
    unknown,
)
from bot.loopback.rest import Answer, Call, route


@route("GET", "/guilds/{guild_id}")
def guild(call: Call) -> Answer:
    """The server."""
    data = payloads.guild(call.own_guild())
    if call.query.get("with_counts") in ("1", "true", "True"):
        count = len(call.guild.members)
        data |= {"approximate_member_count": count, "approximate_presence_count": count}
    return Answer(200, data)


# Roles


@route("GET", "/guilds/{guild_id}/roles")
def roles(call: Call) -> Answer:
    """Every role."""
    return Answer(200, [payloads.role(role) for role in call.own_guild().roles.values()])


@route("POST", "/guilds/{guild_id}/roles")
def create_role(call: Call) -> Answer:
    """A new role."""
    found = call.own_guild()
    call.require(rights.MANAGE_ROLES)
    values = _role_values(call)
    name = values.pop("name", "new role")
    permissions = values.pop("permissions", found.everyone.permissions)
    role = found.create_role(name, permissions, **values)
    # Below all others, so that whoever made it stands above it.
    for other in list(found.roles.values()):
        if other is not found.everyone:
            found.change_role(other, position=1 if other is role else other.position + 1)
    return Answer(200, payloads.role(role))


@route("PATCH", "/guilds/{guild_id}/roles/{role_id}")
def change_role(call: Call) -> Answer:
    """Change a role."""
    role = _role_below(call, 1)
    call.guild.change_role(role, **_role_values(call))
    return Answer(200, payloads.role(role))


@route("DELETE", "/guilds/{guild_id}/roles/{role_id}")
def delete_role(call: Call) -> Answer:
    """Delete a role."""
    role = _role_below(call, 1)
    if role is call.guild.everyone or role.bot_id is not None:
        raise DiscordRefusal(400, 50028, "Invalid Role")
    call.guild.delete_role(role)
    return Answer(204)


def _role_values(call: Call) -> Json:
    body: Json = call.body or {}
    values: Json = {key: body[key] for key in ("name", "mentionable", "hoist") if body.get(key) is not None}
    if body.get("permissions") is not None:
        values["permissions"] = int(body["permissions"])
        if values["permissions"] & ~call.guild.base_permissions(call.bot):
            raise missing_permissions()
    if body.get("color") is not None:
        values["color"] = body["color"]
    if len(values.get("name", "")) > 100:
        raise invalid_form("name", "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.")
    return values


def _role_below(call: Call, index: int) -> Role:
    call.own_guild()
    call.require(rights.MANAGE_ROLES)
    role = call.guild.roles.get(call.number(index))
    if role is None:
        raise unknown("Role", 10011)
    if role.position >= call.guild.highest_position(call.bot):
        raise missing_permissions()
    return role


# Members


@route("GET", "/guilds/{guild_id}/members")
def members(call: Call) -> Answer:
    """Every member, for a bot whose owner has switched the members intent on."""
    found = call.own_guild()
    if not call.bot.privileged & GUILD_MEMBERS:
        raise missing_access()
    after = int(call.query.get("after", 0))
    limit = int(call.query.get("limit", 1))
    listed = sorted((m for m in found.members.values() if m.id > after), key=lambda member: member.id)
    return Answer(200, [payloads.member(member) for member in listed[:limit]])


@route("GET", "/guilds/{guild_id}/members/{user_id}")
def member(call: Call) -> Answer:
    """One member."""
    call.own_guild()
    return Answer(200, payloads.member(call.member(1)))


@route("GET", "/guilds/{guild_id}/members/search")
def search(call: Call) -> Answer:
    """The members whose name begins like this."""
    found = call.own_guild()
    prefix = call.query.get("query", "").casefold()
    limit = int(call.query.get("limit", 1))
    listed = [m for m in found.members.values() if m.display_name.casefold().startswith(prefix)]
    return Answer(200, [payloads.member(each) for each in listed[:limit]])


@route("PATCH", "/guilds/{guild_id}/members/@me")
def change_me(call: Call) -> Answer:
    """The bot's own nick."""
    call.own_guild()
    call.guild.change_member(call.bot, nick=(call.body or {}).get("nick") or None)
    return Answer(200, payloads.member(call.bot))


@route("PATCH", "/guilds/{guild_id}/members/{user_id}")
def change_member(call: Call) -> Answer:
    """Change somebody's nick, roles, or where and how they are heard."""
    found = call.own_guild()
    target = call.member(1)
    body: Json = call.body or {}
    if "nick" in body:
        call.require(rights.MANAGE_NICKNAMES)
        found.change_member(target, nick=body["nick"] or None)
    if "roles" in body:
        call.require(rights.MANAGE_ROLES)
        found.change_member(target, role_ids=[int(each) for each in body["roles"] or ()])
    voice: Json = {}
    there = found.voice.get(target.id)
    for key, needed in (("mute", rights.MUTE_MEMBERS), ("deaf", rights.DEAFEN_MEMBERS)):
        if body.get(key) is not None:
            # A channel may allow it where the server does not.
            if there is None or there.channel is None or needed & ~found.permissions(call.bot, there.channel):
                call.require(needed)
            voice[key] = body[key]
    if "channel_id" in body:
        call.require(rights.MOVE_MEMBERS)
        voice["channel"] = None if body["channel_id"] is None else found.channel(int(body["channel_id"]))
    if voice:
        before = found.voice.get(target.id)
        if before is None:
            raise DiscordRefusal(400, 40032, "Target user is not connected to voice.")
        _change_voice(call, before, **voice)
    return Answer(200, payloads.member(target))


@route("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def give_role(call: Call) -> Answer:
    """Give somebody a role."""
    role, target = _role_below(call, 2), call.member(1)
    if role.id not in target.role_ids:
        call.guild.change_member(target, role_ids=[*target.role_ids, role.id])
    return Answer(204)


@route("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}")
def take_role(call: Call) -> Answer:
    """Take a role from somebody."""
    role, target = _role_below(call, 2), call.member(1)
    call.guild.change_member(target, role_ids=[each for each in target.role_ids if each != role.id])
    return Answer(204)


# Voice states


@route("GET", "/guilds/{guild_id}/voice-states/@me")
def own_voice(call: Call) -> Answer:
    """Where the bot is heard."""
    return Answer(200, _voice(call, call.bot))


@route("GET", "/guilds/{guild_id}/voice-states/{user_id}")
def voice(call: Call) -> Answer:
    """Where somebody is heard."""
    return Answer(200, _voice(call, call.member(1)))


@route("PATCH", "/guilds/{guild_id}/voice-states/@me")
def change_own_voice(call: Call) -> Answer:
    """The bot's own place on a stage."""
    return _change_on_stage(call, call.bot)


@route("PATCH", "/guilds/{guild_id}/voice-states/{user_id}")
def change_voice(call: Call) -> Answer:
    """Bring somebody on a stage, or back."""
    return _change_on_stage(call, call.member(1))


def _voice(call: Call, of: Member) -> Json:
    state = call.own_guild().voice.get(of.id)
    if state is None:
        raise unknown("Voice State", 10065)
    return payloads.voice_state(call.guild, state, with_member=True)


def _change_on_stage(call: Call, of: Member) -> Answer:
    state = call.own_guild().voice.get(of.id)
    if state is None:
        raise unknown("Voice State", 10065)
    body: Json = call.body or {}
    if state.channel is None or state.channel.kind is not ChannelKind.STAGE:
        raise DiscordRefusal(400, 40032, "Target user is not connected to a stage channel.")
    allowed = call.guild.permissions(call.bot, state.channel)
    if of is not call.bot and not allowed & rights.MUTE_MEMBERS:
        raise missing_permissions()
    changes: Json = {}
    if body.get("suppress") is not None:
        changes["suppress"] = body["suppress"]
    if "request_to_speak_timestamp" in body:
        asked = body["request_to_speak_timestamp"]
        changes["request_to_speak"] = datetime.fromisoformat(asked).replace(tzinfo=UTC) if asked else None
    _change_voice(call, state, **changes)
    return Answer(204)


def _change_voice(call: Call, before: VoiceState, **changes: Any) -> None:
    kept = {
        "self_mute": before.self_mute,
        "self_deaf": before.self_deaf,
        "self_video": before.self_video,
        "self_stream": before.self_stream,
        "mute": before.mute,
        "deaf": before.deaf,
        "suppress": before.suppress,
        "request_to_speak": before.request_to_speak,
    }
    channel = changes.pop("channel", before.channel)
    call.guild.set_voice(before.member, channel, session_id=before.session_id, **{**kept, **changes})
