"""What the bot has to be allowed in each place of the event, and who must not see which. The only list of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum


class PlaceKind(StrEnum):
    """What happens in a channel."""

    PUBLIC = "public"
    #: For moderators or organizers: what is said there has not been approved, or is about people.
    CLOSED = "closed"
    #: The first of the announcements' channels, where how to take part is pinned.
    NOTICEBOARD = "noticeboard"
    #: A voice channel in which presence is counted.
    PRESENCE = "presence"
    #: A Stage: presence is counted there as well, and the bot opens and closes it.
    STAGE = "stage"


#: What giving roles needs, in the whole server.
MANAGE_ROLES = "manage_roles"

_POSTING = ("view_channel", "send_messages", "embed_links", "attach_files", "read_message_history")
_PRESENT = ("view_channel", "connect")

#: What the list of the server's events needs, in the whole server.
CREATE_EVENTS = "create_events"

#: What pinning a message needs, in its channel.
PIN_MESSAGES = "pin_messages"

#: Who has these on a Stage moderates it there: opens it, lets people speak, mutes them, moves them.
STAGE_MODERATOR = ("manage_channels", "mute_members", "move_members")

#: Discord's permissions, by the names of its own documentation in lower case.
NEEDED: Mapping[PlaceKind, tuple[str, ...]] = {
    PlaceKind.PUBLIC: _POSTING,
    PlaceKind.NOTICEBOARD: (*_POSTING, PIN_MESSAGES),
    PlaceKind.CLOSED: _POSTING,
    # Discord tells who is in a voice channel only to those who could go there.
    PlaceKind.PRESENCE: _PRESENT,
    PlaceKind.STAGE: (*_PRESENT, *STAGE_MODERATOR),
}


@dataclass(frozen=True, slots=True)
class Place:
    """A channel as it was found. `setting` is its key in config.toml."""

    setting: str
    name: str
    kind: PlaceKind
    #: What the bot may do there.
    allowed: frozenset[str]
    #: Whether @everyone may read it.
    open_to_all: bool


class LackKind(StrEnum):
    """What stands between the bot and its work."""

    SERVER = "server"
    CHANNEL = "channel"
    ROLE = "role"
    #: Several bear the name that config.toml gives; an id would tell which is meant.
    DOUBTFUL = "doubtful"
    PERMISSION = "permission"
    OPEN_TO_ALL = "open_to_all"
    MENTION = "mention"
    #: The bot may make no events in the server.
    EVENTS = "events"
    #: A role that registration is to give, and the bot may give none: it lacks the permission.
    GIVE_ROLES = "give_roles"
    #: A role that registration is to give stands above the bot's own.
    ROLE_ABOVE = "role_above"


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that is missing. `name` is the channel's, role's or server's; `permission` one of NEEDED."""

    kind: LackKind
    setting: str
    name: str
    permission: str | None = None


def lacking(places: Iterable[Place]) -> Iterator[Lack]:
    """What is missing in places that are there."""
    for place in places:
        for permission in NEEDED[place.kind]:
            if permission not in place.allowed:
                yield Lack(LackKind.PERMISSION, place.setting, place.name, permission)
        if place.kind is PlaceKind.CLOSED and place.open_to_all:
            yield Lack(LackKind.OPEN_TO_ALL, place.setting, place.name)
