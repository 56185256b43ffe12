"""Discord's permissions as numbers, and the order in which roles and overwrites add up."""

from collections.abc import Iterable, Mapping

from bot.loopback.nouns import Channel, Role

CREATE_INSTANT_INVITE = 1 << 0
ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
MANAGE_GUILD = 1 << 5
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
ATTACH_FILES = 1 << 15
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
CONNECT = 1 << 20
SPEAK = 1 << 21
MUTE_MEMBERS = 1 << 22
DEAFEN_MEMBERS = 1 << 23
MOVE_MEMBERS = 1 << 24
MANAGE_NICKNAMES = 1 << 27
MANAGE_ROLES = 1 << 28
USE_APPLICATION_COMMANDS = 1 << 31
REQUEST_TO_SPEAK = 1 << 32
MANAGE_EVENTS = 1 << 33
CREATE_EVENTS = 1 << 44
PIN_MESSAGES = 1 << 51

ALL = (1 << 53) - 1

#: What @everyone may do in a server that nobody has changed.
EVERYONE = (
    CREATE_INSTANT_INVITE
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | CONNECT
    | SPEAK
    | USE_APPLICATION_COMMANDS
    | REQUEST_TO_SPEAK
)

#: What anybody may do in a private conversation.
PRIVATE = VIEW_CHANNEL | SEND_MESSAGES | EMBED_LINKS | ATTACH_FILES | READ_MESSAGE_HISTORY

_STAGE_MODERATOR = MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS


def base(everyone: Role, roles: Iterable[Role]) -> int:
    """What the roles allow in the whole server, before any channel's overwrites."""
    allowed = everyone.permissions
    for role in roles:
        allowed |= role.permissions
    return ALL if allowed & ADMINISTRATOR else allowed


def in_channel(member_id: int, role_ids: Iterable[int], allowed: int, everyone_id: int, channel: Channel) -> int:
    """What a member with `allowed` in the server may do in `channel`.

    Overwrites apply in Discord's order: @everyone's, then all of the roles' denials before all of the roles'
    permissions, then the member's own.
    """
    if allowed & ADMINISTRATOR:
        return ALL
    overwrites = channel.overwrites
    if (everyone := overwrites.get(everyone_id)) is not None:
        allowed = allowed & ~everyone.deny | everyone.allow
    allow = deny = 0
    for role_id in role_ids:
        if (of_role := overwrites.get(role_id)) is not None:
            allow |= of_role.allow
            deny |= of_role.deny
    allowed = allowed & ~deny | allow
    if (own := overwrites.get(member_id)) is not None:
        allowed = allowed & ~own.deny | own.allow
    if not allowed & VIEW_CHANNEL:
        return 0
    if not allowed & SEND_MESSAGES:
        allowed &= ~(MENTION_EVERYONE | EMBED_LINKS | ATTACH_FILES)
    return allowed


def moderates_stage(allowed: int) -> bool:
    """Whether somebody with these permissions in a stage is one of its moderators."""
    return allowed & _STAGE_MODERATOR == _STAGE_MODERATOR


def as_text(allowed: int) -> str:
    """The decimal string in which Discord writes permissions."""
    return str(allowed)


def named(roles: Mapping[int, Role], ids: Iterable[int]) -> list[Role]:
    """The roles that still exist among `ids`."""
    return [roles[role_id] for role_id in ids if role_id in roles]
