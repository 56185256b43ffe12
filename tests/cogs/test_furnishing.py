"""`estrado setup`: an empty server gets what config.toml names, a furnished one keeps what others made."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord
import pytest

from bot import place_ids
from bot.access import Lack, LackKind
from bot.clock import RehearsalClock
from bot.config import Config, RolesConfig
from bot.config_mistakes import ConfigMistakes
from bot.furnishing import MANAGE_CHANNELS, Plan, StepKind, ThingKind, running_permissions, setup_permissions
from bot.loopback.contract import Contract
from bot.loopback.nouns import Channel, ChannelKind, Role
from bot.loopback.server import Loopback
from bot.loopback.world import World
from bot.rehearsal.hall import TOKEN
from cogs.endpoint import Endpoint
from cogs.furnishing import Furnished, furnish, invitation
from tests.factories import workshop

VIEW, SEND, CONNECT, MANAGE = 1 << 10, 1 << 11, 1 << 20, 1 << 4
STAGE_MODERATOR = 1 << 4 | 1 << 22 | 1 << 24


class Server:
    """A server, and `estrado setup` on it."""

    def __init__(self, config: Config, permissions: int) -> None:
        self.clock = clock = RehearsalClock(datetime(2020, 9, 1, tzinfo=UTC))
        self.config = config
        self.contract = Contract.from_environment()
        self.world = World(clock, name=str(config.discord.guild))
        self.bot, self.bot_role = self.world.add_bot(TOKEN, "Estrado", permissions=permissions)
        self.loopback = Loopback(self.world, time=clock, contract=self.contract)
        self.plans: list[Plan] = []

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(self.loopback.rest_url, self.loopback.gateway_url)

    async def furnish(self, config: Config | None = None, *, dry_run: bool = False) -> Furnished:
        # Discord's limits of requests are kept in the time of the event.
        self.clock.set(self.clock.now() + timedelta(minutes=1))
        return await furnish(
            config or self.config, TOKEN, dry_run=dry_run, planned=self.plans.append, endpoint=self.endpoint
        )

    def refuse_from(self, taken: int, route: str, *, times: int | None) -> None:
        """Take so many requests of the route, and refuse those that follow."""
        if taken:
            self.loopback.faults.add("slow", route=route, times=taken, seconds=0)
        self.loopback.faults.add("403", code=50013, route=route, times=times)

    def role(self, name: str) -> Role:
        (role,) = (role for role in self.world.roles.values() if role.name == name)
        return role

    def can(self, channel: str, *roles: str) -> int:
        """What somebody with these roles may do there."""
        person = self.world.add_person("Alguien", roles=[self.role(name) for name in roles])
        return self.world.permissions(person, self.world.channel_named(channel))

    def everything(self) -> Any:
        """All of the server that could be changed."""
        channels = [
            (c.id, c.kind, c.name, c.parent_id, {to: (o.allow, o.deny) for to, o in c.overwrites.items()})
            for c in self.world.channels.values()
        ]
        return channels, [(r.id, r.name, r.permissions, r.mentionable) for r in self.world.roles.values()]


def bits(names: frozenset[str]) -> int:
    return discord.Permissions(**dict.fromkeys(names, True)).value


@pytest.fixture
def config(tmp_path: Path) -> Config:
    roles = RolesConfig(attendee="Asistente", profiles={"judicial": "Fiscalía"})
    return workshop(
        tmp_path,
        announcements=("anuncios", "Sala de prensa"),
        voice=("sala 2",),
        announcement_role="Participantes",
        category="Taller",
        roles=roles,
    )


@pytest.fixture
async def server(config: Config) -> AsyncIterator[Server]:
    made = Server(config, bits(setup_permissions(config)))
    async with made.loopback:
        yield made
    assert made.contract is None or made.contract.violations == []


def named(world: World, kind: ChannelKind) -> list[Channel]:
    return [channel for channel in world.channels.values() if channel.kind is kind]


async def test_empty_server_gets_everything_in_one_go_and_lacks_nothing(server: Server) -> None:
    found = await server.furnish()
    assert (found.missing, found.failed, found.lacks, found.plan.impossible) == (frozenset(), (), (), ())
    (category,) = named(server.world, ChannelKind.CATEGORY)
    channels = [channel for channel in server.world.channels.values() if channel is not category]
    assert [(channel.kind, channel.name) for channel in channels] == [
        (ChannelKind.TEXT, "anuncios"),
        (ChannelKind.TEXT, "sala-de-prensa"),
        (ChannelKind.TEXT, "preguntas"),
        (ChannelKind.TEXT, "moderacion"),
        (ChannelKind.TEXT, "organizacion"),
        (ChannelKind.STAGE, "auditorio"),
        (ChannelKind.VOICE, "sala 2"),
    ]
    assert {channel.parent_id for channel in channels} == {category.id}
    made = [role for role in server.world.roles.values() if role not in (server.world.everyone, server.bot_role)]
    assert [(role.name, role.permissions, role.mentionable) for role in made] == [
        ("Moderación", 0, False),
        ("Organización", 0, False),
        ("Participantes", 0, True),
        ("Asistente", 0, False),
        ("Fiscalía", 0, False),
    ]
    assert [plan.steps for plan in server.plans] == [found.plan.steps]


async def test_each_channel_is_read_and_written_by_those_whom_it_is_for(server: Server) -> None:
    await server.furnish()
    who: dict[str, tuple[str, ...]] = {"nobody": (), "moderator": ("Moderación",), "organizer": ("Organización",)}
    rights = {
        channel: {
            name: "".join(letter for letter, bit in (("r", VIEW), ("w", SEND)) if server.can(channel, *roles) & bit)
            for name, roles in who.items()
        }
        for channel in ("anuncios", "preguntas", "moderacion", "organizacion")
    }
    assert rights == {
        "anuncios": {"nobody": "r", "moderator": "r", "organizer": "r"},
        "preguntas": {"nobody": "r", "moderator": "r", "organizer": "r"},
        "moderacion": {"nobody": "", "moderator": "rw", "organizer": "rw"},
        "organizacion": {"nobody": "", "moderator": "", "organizer": "rw"},
    }
    assert server.can("auditorio") & (VIEW | CONNECT | STAGE_MODERATOR) == VIEW | CONNECT
    assert server.can("auditorio", "Moderación") & STAGE_MODERATOR == STAGE_MODERATOR
    assert server.can("sala 2", "Moderación") & STAGE_MODERATOR == 0


async def test_what_it_made_is_enough_for_the_bot_with_the_least_permissions(server: Server) -> None:
    found = await server.furnish()
    server.world.change_role(server.bot_role, permissions=bits(running_permissions(server.config)))
    known = {place_ids.memory_key(each.setting, each.reference): each.id for each in found.ids}
    again = await server.furnish(server.config.with_known_ids(known))
    assert (again.plan.steps, again.lacks) == ((), ())
    stage = server.world.channel_named("auditorio")
    assert server.world.permissions(server.bot, stage) & STAGE_MODERATOR == STAGE_MODERATOR


@pytest.mark.parametrize("with_ids", [True, False])
async def test_repeated_it_changes_nothing(server: Server, with_ids: bool) -> None:
    first = await server.furnish()
    before = server.everything()
    known = {place_ids.memory_key(each.setting, each.reference): each.id for each in first.ids}
    again = await server.furnish(server.config.with_known_ids(known) if with_ids else None)
    assert again.plan == Plan(())
    assert server.everything() == before
    assert again.ids == first.ids
    assert again.lacks == ()


async def test_dry_run_tells_the_same_plan_and_changes_nothing(server: Server) -> None:
    before = server.everything()
    dry = await server.furnish(dry_run=True)
    assert server.everything() == before
    assert dry.ids == ()
    assert (await server.furnish()).plan == dry.plan


async def test_it_goes_on_where_an_earlier_run_was_ended(server: Server) -> None:
    """Cut off after each of its requests in turn."""
    steps = len((await server.furnish(dry_run=True)).plan.steps)
    for done in range(steps):
        left = (await server.furnish(dry_run=True)).plan.steps
        assert len(left) == steps - done
        kind = "channels" if left[0].thing.kind is not ThingKind.ROLE else "roles"
        # The first is taken, and then none is.
        for route in ("roles", "channels"):
            server.refuse_from(int(route == kind), f"POST /guilds/{{guild_id}}/{route}", times=None)
        await server.furnish()
        server.loopback.faults.clear()
    assert (await server.furnish()).plan.steps == ()


async def test_what_others_made_and_allowed_stays(server: Server) -> None:
    world = server.world
    vip = world.add_role("Invitada de honor")
    moderators = world.add_role("moderación", permissions=VIEW)
    chat = world.add_text_channel("preguntas", allow={world.everyone: SEND, vip: VIEW})
    open_to_all = world.add_text_channel("moderacion", allow={world.everyone: VIEW, vip: SEND})
    general = world.add_text_channel("general")
    before = dict(general.overwrites)
    found = await server.furnish()
    assert found.lacks == ()
    opened = {step.thing.setting: step.kind for step in found.plan.steps if step.kind is not StepKind.MAKE}
    assert opened == {"discord.questions": StepKind.OPEN, "discord.moderators": StepKind.OPEN}
    assert (chat.overwrites[world.id].allow, chat.overwrites[vip.id].allow) == (SEND, VIEW)
    assert open_to_all.overwrites[world.id].deny == VIEW
    assert open_to_all.overwrites[vip.id].allow == SEND
    # They read it so far because everybody did.
    assert server.can("moderacion", "moderación") & VIEW
    assert moderators.permissions == VIEW
    assert general.overwrites == before


async def test_public_channel_that_everybody_writes_in_by_default_is_the_bots(server: Server) -> None:
    channel = server.world.add_text_channel("anuncios")
    await server.furnish()
    assert server.can("anuncios") & (VIEW | SEND) == VIEW
    assert server.world.permissions(server.bot, channel) & SEND


async def test_bot_that_may_not_is_told_what_it_lacks_and_nothing_is_done(config: Config) -> None:
    server = Server(config, bits(running_permissions(config)))
    async with server.loopback:
        before = server.everything()
        found = await server.furnish()
    assert found.missing == {MANAGE_CHANNELS, "mute_members", "move_members", "mention_everyone"}
    assert server.everything() == before
    assert (found.failed, found.ids) == ((), ())


async def test_names_that_two_things_bear_are_told_and_nothing_is_done(server: Server) -> None:
    for _ in range(2):
        server.world.add_text_channel("anuncios")
    before = server.everything()
    found = await server.furnish()
    assert found.lacks == (Lack(LackKind.DOUBTFUL, "discord.announcements[0]", "anuncios"),)
    assert server.everything() == before


async def test_id_that_the_server_does_not_have_is_told_and_the_rest_is_made(server: Server, tmp_path: Path) -> None:
    found = await server.furnish(workshop(tmp_path, questions=12345, category=None))
    assert [thing.setting for thing in found.plan.impossible] == ["discord.questions"]
    assert found.lacks == (Lack(LackKind.CHANNEL, "discord.questions", "12345"),)
    assert server.world.channel_named("anuncios")


async def test_server_that_the_bot_is_not_in_is_told(server: Server, tmp_path: Path) -> None:
    found = await server.furnish(workshop(tmp_path, guild="Otro"))
    assert found.lacks == (Lack(LackKind.SERVER, "discord.guild", "Otro"),)


async def test_stage_that_discord_refuses_is_told_and_the_rest_is_made(server: Server) -> None:
    server.refuse_from(6, "POST /guilds/{guild_id}/channels", times=1)
    found = await server.furnish()
    (failure,) = found.failed
    assert (failure.step.thing.kind, failure.status, failure.code) == (ThingKind.STAGE, 403, 50013)
    assert Lack(LackKind.CHANNEL, "discord.stage", "auditorio") in found.lacks
    assert server.world.channel_named("sala 2")


async def test_what_discord_made_twice_because_it_lost_its_answer_is_told(server: Server) -> None:
    server.loopback.faults.add("accepted-then-502", route="POST /guilds/{guild_id}/channels")
    found = await server.furnish(workshop(server.config.storage.database.parent, category="Taller"))
    assert found.failed == ()
    assert len(named(server.world, ChannelKind.CATEGORY)) == 2
    assert found.lacks == (Lack(LackKind.DOUBTFUL, "discord.category", "Taller"),)
    assert {channel.parent_id for channel in named(server.world, ChannelKind.TEXT)} == {
        next(each.id for each in found.ids if each.setting == "discord.category")
    }


async def test_link_has_the_least_that_is_needed(server: Server) -> None:
    link = await invitation(server.config, TOKEN, for_setup=False, endpoint=server.endpoint)
    begin, _, permissions = link.rpartition("&permissions=")
    assert begin == f"https://discord.com/oauth2/authorize?client_id={server.bot.id}&scope=bot+applications.commands"
    assert int(permissions) == bits(running_permissions(server.config))
    wide = await invitation(server.config, TOKEN, for_setup=True, endpoint=server.endpoint)
    assert int(wide.rpartition("=")[2]) == bits(setup_permissions(server.config))
    assert not int(wide.rpartition("=")[2]) & 1 << 3


def test_ids_are_read_as_they_were_written(tmp_path: Path) -> None:
    ids = {
        "discord.stage": place_ids.PlaceId("discord.stage", 'el "gran" \\ aula\x7f', 7),
        "discord.questions": place_ids.PlaceId("discord.questions", 99, 99),
    }
    file = place_ids.write(tmp_path, ids)
    assert [each.name for each in tmp_path.iterdir()] == [file.name]
    assert place_ids.read(tmp_path) == {
        place_ids.memory_key(each.setting, each.reference): each.id for each in ids.values()
    }


@pytest.mark.parametrize("text", ["no toml", '"discord.stage" = 7', '"discord.stage" = { name = "a", id = "7" }'])
def test_ids_that_cannot_be_used_are_a_mistake_of_the_configuration(tmp_path: Path, text: str) -> None:
    (tmp_path / place_ids.FILE).write_text(text, "utf-8")
    with pytest.raises(ConfigMistakes) as caught:
        place_ids.read(tmp_path)
    assert [mistake.kind for mistake in caught.value.mistakes] == ["unusable_ids"]
