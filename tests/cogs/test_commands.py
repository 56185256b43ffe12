"""The commands as Discord is told them: in both languages, within its limits, and only when they are new."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import discord
import pytest

from bot.phrases.commands import in_english
from tests.cogs.acts import acts

NAME = re.compile(r"[-_'a-zà-öø-ÿ0-9]{1,32}")

SYNCHRONISE = "PUT /applications/{application_id}/guilds/{guild_id}/commands"

Node = Mapping[str, Any]


def nodes(command: Node) -> Iterator[Node]:
    """A command, its subcommands and its options."""
    yield command
    for option in command.get("options", ()):
        yield from nodes(option)


def called(event: Any) -> set[str]:
    """What the commands of all acts are called; those with subcommands by the name that they share."""
    everything = acts(event.bot)
    typed = {act.name.split()[0] for act in everything if act.kind == "command"}
    return typed | {act.name for act in everything if act.kind == "menu"}


async def definitions(event: Any) -> list[Node]:
    """What the bot tells Discord."""
    tree = event.bot.tree
    guild = event.bot.get_guild(event.world.id)
    return [await each.get_translated_payload(tree, tree.translator) for each in tree.get_commands(guild=guild)]


async def test_every_name_and_description_is_there_in_both_languages_within_the_limits(event: Any) -> None:
    everything = await definitions(event)
    assert {command["name"] for command in everything} == called(event)
    # What is used on a message is offered by its name alone.
    commands = [command for command in everything if command["type"] == discord.AppCommandType.chat_input.value]
    for node in (node for command in commands for node in nodes(command)):
        spanish, described = node["description"], node["description_localizations"]
        assert described["es-ES"] == described["es-419"] == spanish
        assert described["en-US"] == described["en-GB"] == in_english(spanish) != spanish
        assert all(1 <= len(text) <= 100 for text in described.values()), node
        names = [node["name"], *node.get("name_localizations", {}).values()]
        assert all(NAME.fullmatch(name) for name in names), node
    subcommands = {discord.AppCommandOptionType.subcommand.value, discord.AppCommandOptionType.subcommand_group.value}
    inside = (node for command in commands for node in list(nodes(command))[1:])
    for option in (node for node in inside if node["type"] not in subcommands):
        assert set(option["name_localizations"]) == {"es-ES", "es-419", "en-US", "en-GB"}, option


async def test_commands_are_called_the_same_by_everybody(event: Any) -> None:
    assert [command.get("name_localizations") or {} for command in await definitions(event)] == [
        {} for _ in event.bot.tree.get_commands()
    ]


async def test_who_has_nothing_but_the_role_is_offered_every_command(event: Any) -> None:
    """A role of the event carries no permission of Discord's, so none may be asked for; the bot itself checks."""
    assert {command.name for command in event.organizer().visible_commands()} == called(event)
    assert all(command.get("default_member_permissions") is None for command in await definitions(event))


@pytest.fixture
def count(event: Any) -> Any:
    """Counts what the bot tells of its commands from now on, by a fault that comes never and is asked always."""
    return event.loopback.faults.add("slow", route=SYNCHRONISE, times=None, seconds=0)


@pytest.mark.trial("D9")
async def test_nothing_is_told_again_when_nothing_changed(event: Any, count: Any) -> None:
    for _ in range(3):
        await event.restart()
    await event.loopback.drop(resume=False)
    await event.loopback.connected()
    await event.settle()
    assert count.played == 0


@pytest.mark.trial("D9")
async def test_commands_that_changed_are_told_once(event: Any, count: Any) -> None:
    await event.services.store.write(lambda tx: tx.facts.remember({"commands/definitions": "those of last month"}))
    await event.restart()
    await event.restart()
    assert count.played == 1


@pytest.mark.trial("D9")
@pytest.mark.parametrize(
    ("kind", "more"),
    [("403", {"code": 50001}), ("429", {"retry_after": 600}), ("404", {"code": 30034}), ("503", {})],
)
async def test_bot_works_with_the_old_commands_where_new_ones_are_refused(
    event: Any, kind: str, more: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    await event.services.store.write(lambda tx: tx.facts.remember({"commands/definitions": "those of last month"}))
    await event.stop()
    event.loopback.faults.add(kind, route=SYNCHRONISE, **more)
    await event.start()
    assert "commands.not_synchronised" in caplog.text
    await event.clock.run_until(event.at("2020-09-08 09:30"))
    ana = event.person("Ana")
    assert "número 1" in (await ana.slash("pregunta", texto="¿Funciona?")).text
    assert any(message.buttons for message in ana.sees_in("anuncios"))
    caplog.clear()
    await event.restart()
    assert "commands.not_synchronised" not in caplog.text
