"""What is missing in the event's server, asked over REST alone, and why Discord did not let the bot in."""

import asyncio
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
import discord

from bot.access import NEEDED, Lack, LackKind, Place, PlaceKind, lacking
from bot.config import Config
from bot.connection import (
    ConnectionEnded,
    DiscordRefused,
    DiscordUnreachable,
    IntentsNotEnabled,
    TokenRefused,
)
from bot.errors import Refusal
from bot.place_ids import memory_key

from .endpoint import Endpoint, redirected
from .venue import Venue, find_venue, matches

#: A check that a person waits for.
_PATIENCE_SECONDS = 60.0

_TOKEN_REFUSED = 4004
_INTENTS_REFUSED = (4013, 4014)


async def inspect(config: Config, token: str, endpoint: Endpoint | None = None) -> Sequence[Lack]:
    """Everything in the server that keeps the bot from its work. Changes nothing there, and opens no gateway.

    Raises the refusals of bot.connection.
    """
    try:
        with redirected(endpoint):
            async with (
                asyncio.timeout(_PATIENCE_SECONDS),
                discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=30.0) as client,
            ):
                await client.login(token)
                return await inspect_with(client, config)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise explained(error) or error from error


def explained(error: BaseException) -> Refusal | None:
    """The refusal that an error of the connection amounts to; of a group, of the first that has one; else None."""
    match error:
        case BaseExceptionGroup():
            return next((found for inner in error.exceptions if (found := explained(inner))), None)
        case Refusal():
            return error
        case discord.LoginFailure():
            return TokenRefused()
        case discord.PrivilegedIntentsRequired():
            return IntentsNotEnabled()
        case discord.ConnectionClosed(code=code):
            if code == _TOKEN_REFUSED:
                return TokenRefused()
            return IntentsNotEnabled() if code in _INTENTS_REFUSED else ConnectionEnded(code)
        case discord.GatewayNotFound() | discord.RateLimited():
            return DiscordUnreachable(type(error).__name__)
        case discord.DiscordServerError():
            return DiscordUnreachable(f"HTTP {error.status}")
        case discord.HTTPException():
            return DiscordRefused(error.status, error.code)
        case aiohttp.ClientConnectorError():
            return DiscordUnreachable(f"{error.host}: {error.os_error.strerror or type(error.os_error).__name__}")
        case aiohttp.ClientError() | ConnectionError() | TimeoutError() | socket.gaierror():
            return DiscordUnreachable(type(error).__name__)
    return None


async def inspect_with(client: discord.Client, config: Config) -> list[Lack]:
    """The same, of a client that is logged in."""
    reference = config.discord.guild
    known = config.known_ids.get(memory_key("discord.guild", reference))
    guilds = [guild async for guild in client.fetch_guilds(limit=None)]
    meant = [guild.id for guild in guilds if guild.id == known]
    meant = meant or [guild.id for guild in guilds if matches(reference, guild)]
    if len(meant) != 1:
        return [Lack(LackKind.DOUBTFUL if meant else LackKind.SERVER, "discord.guild", str(reference))]
    # Anew, for its roles.
    guild = await client.fetch_guild(meant[0])
    assert client.user is not None
    member = await guild.fetch_member(client.user.id)
    server = _Fetched(guild.id, guild.roles, await guild.fetch_channels())
    venue = find_venue(server, config, config.known_ids)
    channels = {channel.id: channel for channel in server.channels}
    lacks = lacks_in(venue, guild, member, channels)
    return lacks + (list(uncallable(venue, guild, member, channels)) if config.announcements.preflight_minutes else [])


def lacks_in(
    venue: Venue, guild: discord.Guild, member: discord.Member, channels: "Mapping[int, discord.abc.GuildChannel]"
) -> list[Lack]:
    """What is missing in a server as it is known: its places as found, the bot as a member of it, and its channels."""
    lacks = [
        Lack(
            LackKind.ROLE if absent.setting.endswith("_role") or ".roles." in absent.setting else LackKind.CHANNEL,
            absent.setting,
            str(absent.reference),
        )
        for absent in venue.absent
    ]
    lacks += [Lack(LackKind.DOUBTFUL, doubtful.setting, str(doubtful.reference)) for doubtful in venue.doubtful]
    lacks += lacking(
        Place(
            setting,
            channels[id_].name,
            kind,
            allowed=_allowed(channels[id_].permissions_for(member), NEEDED[kind]),
            open_to_all=channels[id_].permissions_for(guild.default_role).view_channel,
        )
        for setting, kind, id_ in _places(venue)
        if id_ in channels
    )
    if not (member.guild_permissions.create_events or member.guild_permissions.manage_events):
        lacks.append(Lack(LackKind.EVENTS, "discord.guild", guild.name))
    lacks += _ungivable(venue, guild, member)
    return lacks + list(_unmentionable(venue, guild, member, channels))


def _allowed(permissions: discord.Permissions, asked: Sequence[str]) -> frozenset[str]:
    # By attribute: iterating over them gives view_channel by its older name alone.
    return frozenset(name for name in asked if getattr(permissions, name))


def _places(venue: Venue) -> Iterator[tuple[str, PlaceKind, int]]:
    for n, channel in enumerate(venue.announcements):
        yield f"discord.announcements[{n}]", PlaceKind.PUBLIC if n else PlaceKind.NOTICEBOARD, channel
    yield "discord.questions", PlaceKind.PUBLIC, venue.questions
    yield "discord.moderators", PlaceKind.CLOSED, venue.moderators
    yield "discord.organizers", PlaceKind.CLOSED, venue.organizers
    if venue.backstage != venue.moderators:
        yield "discord.backstage", PlaceKind.CLOSED, venue.backstage
    if venue.stage is not None:
        yield "discord.stage", PlaceKind.STAGE, venue.stage
    for channel in sorted(venue.voice):
        yield "discord.voice", PlaceKind.PRESENCE, channel


def _ungivable(venue: Venue, guild: discord.Guild, member: discord.Member) -> Iterator[Lack]:
    """Roles that registration is to give and the bot cannot."""
    for setting, role_id in venue.given_roles.items():
        role = guild.get_role(role_id)
        if role is None:
            continue
        if not member.guild_permissions.manage_roles:
            yield Lack(LackKind.GIVE_ROLES, setting, role.name)
        elif role >= member.top_role:
            yield Lack(LackKind.ROLE_ABOVE, setting, role.name)


def _unmentionable(
    venue: Venue, guild: discord.Guild, member: discord.Member, channels: "Mapping[int, discord.abc.GuildChannel]"
) -> Iterator[Lack]:
    role = guild.get_role(venue.announcement_role) if venue.announcement_role is not None else None
    if role is None or role.mentionable:
        return
    found = [channels[id_] for id_ in venue.announcements if id_ in channels]
    if any(not channel.permissions_for(member).mention_everyone for channel in found):
        yield Lack(LackKind.MENTION, "discord.announcement_role", role.name)


def uncallable(
    venue: Venue, guild: discord.Guild, member: discord.Member, channels: "Mapping[int, discord.abc.GuildChannel]"
) -> Iterator[Lack]:
    """Roles of moderators that the bot cannot ping where it calls them: they would read of it without being called."""
    channel = channels.get(venue.backstage)
    if channel is None or channel.permissions_for(member).mention_everyone:
        return
    for role_id in dict.fromkeys((venue.moderator_role, *venue.session_moderator_roles.values())):
        role = guild.get_role(role_id)
        if role is not None and not role.mentionable:
            yield Lack(LackKind.MENTION, _setting_of(venue, role_id), role.name)


def _setting_of(venue: Venue, role_id: int) -> str:
    return "discord.moderator_role" if role_id == venue.moderator_role else "event.sessions[].blocks[].moderator_role"


@dataclass(frozen=True)
class _Fetched:
    """A server as REST tells it, in the shape in which the gateway's is known."""

    id: int
    roles: Sequence[discord.Role]
    channels: Sequence[discord.abc.GuildChannel]

    @property
    def text_channels(self) -> list[discord.TextChannel]:
        return [channel for channel in self.channels if isinstance(channel, discord.TextChannel)]

    @property
    def stage_channels(self) -> list[discord.StageChannel]:
        return [channel for channel in self.channels if isinstance(channel, discord.StageChannel)]

    @property
    def voice_channels(self) -> list[discord.VoiceChannel]:
        return [channel for channel in self.channels if isinstance(channel, discord.VoiceChannel)]
