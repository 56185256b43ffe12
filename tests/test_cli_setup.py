"""`estrado setup` as it is typed, against a server on the loopback."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import discord
import pytest
from click.testing import Result

from bot.clock import RehearsalClock
from bot.config import load
from bot.furnishing import running_permissions, setup_permissions
from bot.loopback.contract import Contract
from bot.loopback.server import Loopback
from bot.loopback.world import World
from bot.rehearsal.hall import TOKEN
from tests.command_line import estrado
from tests.factories import CONFIG_FILE


class Place:
    """An empty server, and a folder with the real configuration."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "config.toml"
        self.file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
        self.config = load(self.file)
        clock = RehearsalClock(datetime(2020, 9, 1, tzinfo=UTC))
        self.contract = Contract.from_environment()
        self.world = World(clock, name=str(self.config.discord.guild))
        self.bot, self.role = self.world.add_bot(TOKEN, "Estrado", permissions=_bits(setup_permissions(self.config)))
        self.loopback = Loopback(self.world, time=clock, contract=self.contract)

    async def estrado(self, *arguments: str, **environment: str) -> Result:
        addresses = {"ESTRADO_REST": self.loopback.rest_url, "ESTRADO_GATEWAY": self.loopback.gateway_url}
        environment = {"DISCORD_TOKEN": TOKEN, **addresses, **environment}
        return await asyncio.to_thread(estrado, *arguments, "--config", self.file, **environment)

    @property
    def names(self) -> set[str]:
        return {channel.name for channel in self.world.channels.values()}

    @property
    def ids(self) -> Path:
        return self.file.with_name("ids.toml")


def _bits(names: frozenset[str]) -> int:
    return discord.Permissions(**dict.fromkeys(names, True)).value


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    made = Place(tmp_path)
    async with made.loopback:
        yield made
    assert made.contract is None or made.contract.violations == []


async def test_plan_is_told_first_and_then_it_is_made_and_checked(place: Place) -> None:
    dry = await place.estrado("setup", "--dry-run")
    assert (dry.exit_code, place.names, place.ids.exists()) == (0, set(), False)
    assert "make the Stage auditorio\n" in dry.stdout
    assert "    @everyone: -View Channel\n" in dry.stdout
    made = await place.estrado("setup")
    assert (made.exit_code, made.stdout) == (0, dry.stdout)
    assert {"anuncios", "preguntas", "moderacion", "organizacion", "auditorio"} <= place.names
    assert f"The ids are in {place.ids}" in made.stderr
    checked = await place.estrado("check", "--online")
    assert (checked.exit_code, checked.stdout) == (0, "")
    again = await place.estrado("setup", LANG="es_CR.UTF-8")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "ya está todo" in again.stderr


async def test_everything_is_found_again_under_other_names(place: Place) -> None:
    await place.estrado("setup")
    for channel in list(place.world.channels.values()):
        place.world.change_channel(channel, name=f"nuevo-{channel.id}")
    for role in list(place.world.roles.values()):
        if role.bot_id is None and role is not place.world.everyone:
            place.world.change_role(role, name=f"Otro {role.id}")
    place.world.change_server(name="Otro taller")
    before = place.names
    for command in (("setup",), ("check", "--online")):
        again = await place.estrado(*command)
        assert (again.exit_code, again.stdout) == (0, ""), command
    assert place.names == before
    # Without the file the server itself cannot be found by its name any more.
    place.ids.unlink()
    lost = await place.estrado("setup")
    assert lost.exit_code == 1
    assert "discord.guild: " in lost.stderr


async def test_bot_that_may_not_is_told_how_it_may(place: Place) -> None:
    place.world.change_role(place.role, permissions=_bits(running_permissions(place.config)))
    result = await place.estrado("setup")
    assert (result.exit_code, place.names) == (1, set())
    assert "Manage Channels" in result.stderr
    assert "estrado setup --invite-link --for-setup" in result.stderr
    assert not place.ids.exists()


async def test_links_are_put_alone(place: Place) -> None:
    links = {}
    for options in ((), ("--for-setup",)):
        result = await place.estrado("setup", "--invite-link", *options)
        assert (result.exit_code, result.stderr) == (0, "")
        link, permissions = result.stdout.strip().rsplit("&permissions=", 1)
        assert link.startswith(f"https://discord.com/oauth2/authorize?client_id={place.bot.id}&")
        links[options] = int(permissions)
    run, setup = links[()], links["--for-setup",]
    assert (run, setup) == (
        _bits(running_permissions(place.config)),
        _bits(setup_permissions(place.config)),
    )
    assert run & ~setup == 0
    assert place.names == set()


async def test_ids_that_cannot_be_used_are_a_mistake(place: Place) -> None:
    place.ids.write_text("no", "utf-8")
    for command in ("setup", "check"):
        result = await place.estrado(command)
        assert result.exit_code == 2
        assert "ids.toml cannot be used" in result.stdout + result.stderr


def test_wrong_use_is_told() -> None:
    assert estrado("setup", "--for-setup").exit_code == 2
    assert estrado("setup", "--config", CONFIG_FILE).exit_code == 2
