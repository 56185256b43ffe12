"""`estrado setup` on Discord, over REST alone: what is there, what is to be made, and the making of it."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import aiohttp
import discord

from bot.access import Lack, LackKind
from bot.config import Config
from bot.furnishing import (
    BOT,
    EVERYONE,
    Grant,
    Plan,
    Present,
    Step,
    StepKind,
    Thing,
    ThingKind,
    place_ids,
    plain,
    plan,
    running_permissions,
    setup_permissions,
    things,
)
from bot.place_ids import PlaceId, as_discord_writes, memory_key

from .endpoint import Endpoint, redirected
from .inspection import explained, inspect_with
from .venue import matches

log = logging.getLogger(__name__)

#: A person waits for it; and Discord takes its time over many roles.
_PATIENCE_SECONDS = 300.0

_CHANNEL_KINDS = {
    discord.ChannelType.text: "text",
    discord.ChannelType.news: "text",
    discord.ChannelType.category: "category",
    discord.ChannelType.voice: "voice",
    discord.ChannelType.stage_voice: "voice",
}


@dataclass(frozen=True, slots=True)
class Failed:
    """A step that Discord did not take."""

    step: Step
    status: int
    code: int


@dataclass(frozen=True, slots=True)
class Furnished:
    """What came of it. `missing`: what the bot would have to be given first, and then nothing was done; `lacks`: what
    keeps the bot from its work afterwards, or the server that could not be told; `ids` of all that is there."""

    plan: Plan
    missing: frozenset[str] = frozenset()
    failed: tuple[Failed, ...] = ()
    lacks: tuple[Lack, ...] = ()
    ids: tuple[PlaceId, ...] = ()


async def furnish(
    config: Config,
    token: str,
    *,
    dry_run: bool,
    planned: Callable[[Plan], None],
    endpoint: Endpoint | None = None,
) -> Furnished:
    """Make all that `config` names and the server has not; `planned` is told before anything is done.

    What an earlier run, killed or refused in between, has made is found again. Raises the refusals of bot.connection.
    """
    try:
        with redirected(endpoint):
            async with asyncio.timeout(_PATIENCE_SECONDS), _client() as client:
                await client.login(token)
                return await _furnish(client, config, dry_run, planned)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise explained(error) or error from error


async def invitation(config: Config, token: str, *, for_setup: bool, endpoint: Endpoint | None = None) -> str:
    """The link by which the bot is let into a server, with the least that it needs to run, or for `furnish`.

    Raises the refusals of bot.connection.
    """
    names = setup_permissions(config) if for_setup else running_permissions(config)
    try:
        with redirected(endpoint):
            async with asyncio.timeout(_PATIENCE_SECONDS), _client() as client:
                await client.login(token)
                assert client.application_id is not None
                scopes = ("bot", "applications.commands")
                return discord.utils.oauth_url(client.application_id, permissions=_permissions(names), scopes=scopes)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise explained(error) or error from error


def _client() -> discord.Client:
    return discord.Client(intents=discord.Intents(guilds=True), max_ratelimit_timeout=60.0)


async def _furnish(client: discord.Client, config: Config, dry_run: bool, planned: Callable[[Plan], None]) -> Furnished:
    guild_id = await _guild(client, config)
    if isinstance(guild_id, Lack):
        return Furnished(Plan(()), lacks=(guild_id,))
    wanted = things(config)
    server = await _Server.look(client, guild_id, wanted, config.known_ids)
    if server.doubtful:
        # Which is meant has to be known before anything is allowed in it.
        return Furnished(Plan(()), lacks=tuple(server.doubtful))
    to_do = plan(wanted, server.present)
    planned(to_do)
    missing = _missing(to_do.permissions, server.member.guild_permissions)
    if dry_run or missing:
        return Furnished(to_do, missing)
    failed = [failure for step in to_do.steps if (failure := await server.take(step)) is not None]
    kept = (
        PlaceId("discord.guild", config.discord.guild, guild_id),
        *place_ids(wanted, server.ids),
    )
    known = {memory_key(each.setting, each.reference): each.id for each in kept}
    lacks = await inspect_with(client, config.with_known_ids(known))
    if made := [step.thing for step in to_do.steps if step.kind is StepKind.MAKE]:
        # What Discord made and answered with an error was asked for again, and is there twice.
        lacks += (await _Server.look(client, guild_id, made, {})).doubtful
    return Furnished(to_do, failed=tuple(failed), lacks=tuple(lacks), ids=kept)


async def _guild(client: discord.Client, config: Config) -> int | Lack:
    reference = config.discord.guild
    guilds = [guild async for guild in client.fetch_guilds(limit=None)]
    known = config.known_ids.get(memory_key("discord.guild", reference))
    if any(guild.id == known for guild in guilds):
        assert known is not None
        return known
    meant = [guild.id for guild in guilds if matches(reference, guild)]
    if len(meant) == 1:
        return meant[0]
    return Lack(LackKind.DOUBTFUL if meant else LackKind.SERVER, "discord.guild", str(reference))


class _Server:
    """The server as it was found, and as it is changed."""

    def __init__(
        self,
        guild: discord.Guild,
        member: discord.Member,
        channels: Sequence[discord.abc.GuildChannel],
        wanted: Sequence[Thing],
        known: Mapping[str, int],
    ) -> None:
        self._guild = guild
        self.member = member
        self._channels = {channel.id: channel for channel in channels}
        self._roles = {role.id: role for role in guild.roles}
        self.doubtful: list[Lack] = []
        #: By the first key of each thing.
        self.ids: dict[str, int] = {}
        #: By every key of a role.
        self._role_ids: dict[str, int] = {}
        self._bot_role = next((r for r in guild.roles if r.tags is not None and r.tags.bot_id == member.id), None)
        for thing in wanted:
            self._find(thing, known)
        self.present = {thing.setting: self._present(thing) for thing in wanted if thing.setting in self.ids}

    @classmethod
    async def look(
        cls, client: discord.Client, guild_id: int, wanted: Sequence[Thing], known: Mapping[str, int]
    ) -> "_Server":
        guild = await client.fetch_guild(guild_id)
        assert client.user is not None
        member = await guild.fetch_member(client.user.id)
        return cls(guild, member, await guild.fetch_channels(), wanted, known)

    async def take(self, step: Step) -> Failed | None:
        """Do it; what Discord refuses is told, and the others go on."""
        try:
            await self._take(step)
        except discord.HTTPException as error:
            log.warning("setup.failed setting=%s status=%d code=%d", step.thing.setting, error.status, error.code)
            return Failed(step, error.status, error.code)
        log.info("setup.done kind=%s setting=%s", step.kind, step.thing.setting)
        return None

    async def _take(self, step: Step) -> None:
        thing = step.thing
        match step.kind:
            case StepKind.MAKE if thing.kind is ThingKind.ROLE:
                role = await self._guild.create_role(
                    name=thing.name, permissions=discord.Permissions.none(), mentionable=thing.mentionable
                )
                self._note(thing, role.id)
                self._roles[role.id] = role
            case StepKind.MAKE:
                channel = await self._make_channel(step)
                self._note(thing, channel.id)
                self._channels[channel.id] = channel
            case StepKind.MENTION:
                assert step.id is not None
                await self._roles[step.id].edit(mentionable=True)
            case StepKind.OPEN:
                assert step.id is not None
                channel = self._channels[step.id]
                for target, added in self._targets(step.grants):
                    await channel.set_permissions(target, overwrite=_added(channel.overwrites_for(target), added))

    async def _make_channel(self, step: Step) -> discord.abc.GuildChannel:
        thing = step.thing
        if thing.kind is ThingKind.CATEGORY:
            return await self._guild.create_category(thing.name)
        overwrites: dict[discord.Role | discord.Member | discord.Object, discord.PermissionOverwrite] = {
            target: _added(discord.PermissionOverwrite(), grant) for target, grant in self._targets(step.grants)
        }
        category = self._channels.get(self.ids.get("discord.category", 0))
        under = category if isinstance(category, discord.CategoryChannel) else None
        match thing.kind:
            case ThingKind.STAGE:
                return await self._guild.create_stage_channel(thing.name, category=under, overwrites=overwrites)
            case ThingKind.VOICE:
                return await self._guild.create_voice_channel(thing.name, category=under, overwrites=overwrites)
        return await self._guild.create_text_channel(thing.name, category=under, overwrites=overwrites)

    def _targets(self, grants: Mapping[str, Grant]) -> Iterator[tuple[discord.Role | discord.Member, Grant]]:
        """Whom each is about, one of each: two keys may mean one role. The bot first: what everybody loses with the
        next is never the bot's."""
        by_id: dict[int, tuple[discord.Role | discord.Member, Grant]] = {}
        for to in sorted(grants, key=lambda to: (to != BOT, to == EVERYONE)):
            target = self._target(to)
            if target is not None:
                earlier = by_id.get(target.id, (target, Grant()))[1]
                by_id[target.id] = (target, earlier | grants[to])
        yield from by_id.values()

    def _target(self, to: str) -> discord.Role | discord.Member | None:
        if to == BOT:
            return self._bot_role or self.member
        return self._guild.default_role if to == EVERYONE else self._roles.get(self._role_ids.get(to, 0))

    def _find(self, thing: Thing, known: Mapping[str, int]) -> None:
        candidates = self._candidates(thing)
        remembered = [known.get(memory_key(setting, reference)) for setting, reference in thing.named.items()]
        meant = [id_ for id_ in remembered if id_ in candidates][:1]
        meant = meant or [id_ for id_, name in candidates.items() if _is_meant(thing, id_, name)]
        if len(meant) > 1:
            self.doubtful.append(Lack(LackKind.DOUBTFUL, thing.setting, thing.name))
        elif meant and meant[0] is not None:
            self._note(thing, meant[0])

    def _note(self, thing: Thing, id_: int) -> None:
        self.ids[thing.setting] = id_
        if thing.kind is ThingKind.ROLE:
            self._role_ids |= dict.fromkeys(thing.named, id_)

    def _candidates(self, thing: Thing) -> dict[int, str]:
        if thing.kind is ThingKind.ROLE:
            return {role.id: role.name for role in self._roles.values() if not role.managed}
        kind = "voice" if thing.kind is ThingKind.STAGE else thing.kind
        return {c.id: c.name for c in self._channels.values() if _CHANNEL_KINDS.get(c.type) == kind}

    def _present(self, thing: Thing) -> Present:
        id_ = self.ids[thing.setting]
        if thing.kind is ThingKind.ROLE:
            # One that the bot may not change is left to whoever looks at what is lacking.
            role = self._roles[id_]
            return Present(id_, mentionable=role.mentionable or role >= self.member.top_role)
        channel = self._channels[id_]
        targets = {to: target for to in (EVERYONE, BOT, *self._role_ids) if (target := self._target(to)) is not None}
        return Present(
            id_,
            can={to: _names(channel.permissions_for(target)) for to, target in targets.items()},
            allows={to: _names(channel.overwrites_for(target).pair()[0]) for to, target in targets.items()},
        )


def _is_meant(thing: Thing, id_: int, name: str) -> bool:
    wanted = plain(thing.reference)
    if isinstance(wanted, int):
        return id_ == wanted
    return plain(name) == wanted or (thing.kind is ThingKind.TEXT and as_discord_writes(wanted) == plain(name))


def _added(overwrite: discord.PermissionOverwrite, grant: Grant) -> discord.PermissionOverwrite:
    """The same with these allowed and denied besides."""
    overwrite.update(**dict.fromkeys(grant.allow, True), **dict.fromkeys(grant.deny, False))
    return overwrite


def _names(permissions: discord.Permissions) -> frozenset[str]:
    # By attribute: iterating over them gives view_channel by its older name alone.
    return frozenset(name for name in discord.Permissions.VALID_FLAGS if getattr(permissions, name))


def _missing(needed: frozenset[str], has: discord.Permissions) -> frozenset[str]:
    return frozenset() if has.administrator else frozenset(name for name in needed if not getattr(has, name))


def _permissions(names: frozenset[str]) -> discord.Permissions:
    return discord.Permissions(**dict.fromkeys(names, True))
