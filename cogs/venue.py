"""The places and roles of the event, found in the server by the ids or names of config.toml."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import discord

from bot.agenda import Event
from bot.config import Config
from bot.ids import ChannelId, GuildId, RoleId, SessionKey
from bot.place_ids import Reference, as_discord_writes, memory_key


@dataclass(frozen=True, slots=True)
class Absent:
    """Something that config.toml names and the server does not have. `setting` is its key there."""

    setting: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A name in config.toml that several things in the server bear; the first of them was taken."""

    setting: str
    reference: Reference


@dataclass(frozen=True, slots=True)
class Venue:
    """Where the event happens, as ids: names may change while the event runs."""

    guild_id: GuildId
    announcements: tuple[ChannelId, ...]
    questions: ChannelId
    moderators: ChannelId
    organizers: ChannelId
    #: Where moderators and panelists are called before a session.
    backstage: ChannelId
    stage: ChannelId | None
    voice: frozenset[ChannelId]
    moderator_role: RoleId
    organizer_role: RoleId
    announcement_role: RoleId | None
    #: What registration gives, by key in config.toml; a role that is not there is not among them.
    given_roles: Mapping[str, RoleId]
    session_moderator_roles: Mapping[SessionKey, RoleId]
    absent: tuple[Absent, ...]
    doubtful: tuple[Doubtful, ...]
    found: Mapping[str, int]

    @property
    def counted_channels(self) -> frozenset[ChannelId]:
        """The Stage and the voice channels in which presence is measured."""
        return self.voice | ({self.stage} if self.stage is not None else frozenset())

    def is_organizer(self, roles: Iterable[int]) -> bool:
        """Whether somebody with these roles may do what organizers do."""
        return self.organizer_role in set(roles)

    def is_moderator(self, roles: Iterable[int], session: SessionKey | None = None) -> bool:
        """Whether somebody with these roles moderates: the event, or the one session; organizers always may."""
        held = set(roles)
        own_role = self.session_moderator_roles.get(session) if session is not None else None
        return not held.isdisjoint({self.moderator_role, self.organizer_role, own_role})


class _Named(Protocol):
    id: int
    name: str


class Server(Protocol):
    """As much of a server as its places are found by: discord.Guild, or what REST tells of one."""

    @property
    def id(self) -> int: ...

    @property
    def roles(self) -> Iterable[_Named]: ...

    @property
    def text_channels(self) -> Iterable[_Named]: ...

    @property
    def stage_channels(self) -> Iterable[_Named]: ...

    @property
    def voice_channels(self) -> Iterable[_Named]: ...


def matches(reference: Reference, thing: _Named) -> bool:
    """Whether config.toml's id or name means this thing; a name may be written with its # or @."""
    if isinstance(reference, int):
        return thing.id == reference
    return _plain(reference.strip().lstrip("#@")) == _plain(thing.name)


def _plain(name: str) -> str:
    """For comparing: an accent may be written as one sign or as two."""
    return unicodedata.normalize("NFC", name).casefold()


def find_guild(guilds: Iterable[discord.Guild], reference: Reference) -> discord.Guild | None:
    """The event's server among those the bot is in; None where it is not among them."""
    return next((guild for guild in guilds if matches(reference, guild)), None)


def find_venue(
    guild: Server, config: Config, remembered: Mapping[str, int] | None = None, event: Event | None = None
) -> Venue:
    """Every place of the event in `guild`.

    What is not there has the id that config.toml gives, or 0, and stands in `absent`: one missing channel must not
    keep the event from the others. `remembered` are the ids that names had when they were last found, by
    `memory_key`, so that a channel renamed during the event stays the same one. `event` is the agenda as it is by now;
    without it, as it is planned.
    """
    places = config.discord
    search = _Search(guild, remembered or {})
    moderators = search.text("discord.moderators", places.moderators)
    given_roles = {
        setting: role
        for setting, reference in roles_to_give(config).items()
        if (role := search.role(setting, reference)) and setting in search.settings_found
    }
    return Venue(
        guild_id=GuildId(guild.id),
        announcements=tuple(
            search.text(f"discord.announcements[{n}]", reference) for n, reference in enumerate(places.announcements)
        ),
        questions=search.text("discord.questions", places.questions),
        moderators=moderators,
        organizers=search.text("discord.organizers", places.organizers),
        backstage=moderators if places.backstage is None else search.text("discord.backstage", places.backstage),
        stage=search.voice("discord.stage", places.stage) if places.stage is not None else None,
        voice=frozenset(
            search.voice(f"discord.voice[{n}]", reference) for n, reference in enumerate(places.voice or ())
        ),
        moderator_role=search.role("discord.moderator_role", places.moderator_role),
        organizer_role=search.role("discord.organizer_role", places.organizer_role),
        announcement_role=search.role_to_call("discord.announcement_role", places.announcement_role),
        given_roles=given_roles,
        session_moderator_roles={
            session.key: search.role(f"event.sessions[{n}].moderator_role", block.moderator_role)
            for n, session in enumerate((event or config.agenda).sessions)
            for block in session.blocks
            if block.moderator_role is not None
        },
        absent=tuple(search.absent),
        doubtful=tuple(search.doubtful),
        found={memory_key("discord.guild", places.guild): guild.id, **search.found},
    )


def roles_to_give(config: Config) -> Mapping[str, Reference]:
    """The roles that registration gives, as config.toml names them, by their key there."""
    roles = config.discord.roles
    named: dict[str, Reference] = {} if roles.attendee is None else {attendee_key(): roles.attendee}
    named |= {country_key(code): role for code, role in roles.countries.items()}
    return named | {profile_key(key): role for key, role in roles.profiles.items()}


def attendee_key() -> str:
    return "discord.roles.attendee"


def country_key(code: str) -> str:
    return f"discord.roles.countries.{code}"


def profile_key(key: str) -> str:
    return f"discord.roles.profiles.{key}"


class _Search:
    def __init__(self, guild: Server, remembered: Mapping[str, int]) -> None:
        self._guild = guild
        self._remembered = remembered
        self.absent: list[Absent] = []
        self.doubtful: list[Doubtful] = []
        self.found: dict[str, int] = {}
        self.settings_found: set[str] = set()

    def text(self, setting: str, reference: Reference) -> ChannelId:
        # A name with spaces may be written in config.toml, and is none that Discord gives to a text channel.
        written = as_discord_writes(reference) if isinstance(reference, str) else reference
        return ChannelId(self._find(setting, reference, self._guild.text_channels, written))

    def voice(self, setting: str, reference: Reference) -> ChannelId:
        channels = [*self._guild.stage_channels, *self._guild.voice_channels]
        return ChannelId(self._find(setting, reference, channels))

    def role(self, setting: str, reference: Reference) -> RoleId:
        return RoleId(self._find(setting, reference, self._guild.roles))

    def role_to_call(self, setting: str, reference: Reference | None) -> RoleId | None:
        """None where it is not there: who reads would see that nobody was called."""
        role = None if reference is None else self.role(setting, reference)
        return role if setting in self.settings_found else None

    def _find(
        self, setting: str, reference: Reference, candidates: Iterable[_Named], written: Reference | None = None
    ) -> int:
        key = memory_key(setting, reference)
        named = {candidate.id: candidate for candidate in candidates}
        known = self._remembered.get(key)
        if known in named:
            meant = [known]
        else:
            meant = [candidate.id for candidate in named.values() if matches(reference, candidate)]
            if not meant and written is not None:
                meant = [candidate.id for candidate in named.values() if matches(written, candidate)]
        if not meant:
            self.absent.append(Absent(setting, reference))
            return reference if isinstance(reference, int) else known or 0
        if len(meant) > 1:
            self.doubtful.append(Doubtful(setting, reference))
        self.found[key] = meant[0]
        self.settings_found.add(setting)
        return meant[0]


def is_exposed(guild: discord.Guild | None, channel_id: ChannelId) -> bool:
    """Whether everybody in the server can read the channel; False where it is not there."""
    channel = None if guild is None else guild.get_channel(channel_id)
    return channel is not None and channel.permissions_for(channel.guild.default_role).view_channel
