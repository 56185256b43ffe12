"""What README.md shows of the program, made from the program itself.

`python -m tests.readme` brings README.md up to date; tests/test_readme.py fails where it is not. What was measured
stays as it is: `python -m benchmarks all --readme` writes that part.
"""

import ast
import asyncio
import inspect
import re
import tempfile
import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args

import click
import discord
from click.testing import CliRunner
from discord import app_commands
from pydantic import BaseModel

from bot.cli import main
from bot.config import Config, load
from bot.furnishing import running_permissions
from bot.idle import IdleLoop
from bot.phrases.commands import in_english
from bot.rehearsal import Options, rehearse
from cogs.app import COGS, running
from cogs.checks import moderators, organizers
from cogs.endpoint import Endpoint
from tests.factories import CONFIG_FILE

README = CONFIG_FILE.parent / "README.md"

#: The rehearsal whose transcript README.md shows a part of, as `make rehearse` takes it.
REHEARSAL = "--days 1 --attendees 30 --seed 7"

_PART = re.compile(r"(?P<begin><!-- (?P<name>\S.*?) -->\n).*?(?P<end><!-- end -->\n)", re.DOTALL)

#: The part that is measured, and not made here.
MEASURED = "benchmarks"

SlashCommand = app_commands.Command[Any, ..., Any]


def refreshed(text: str, rehearsed: Callable[[], str]) -> str:
    """The same text with every marked part as it should be. Raises KeyError for a part that nothing makes."""

    def made(part: re.Match[str]) -> str:
        if part["name"] == MEASURED:
            return part[0]
        return f"{part['begin']}{_made(part['name'], rehearsed)}{part['end']}"

    return _PART.sub(made, text)


def parts(text: str) -> list[str]:
    """The names of the marked parts, in order."""
    return [part["name"] for part in _PART.finditer(text)]


def _made(name: str, rehearsed: Callable[[], str]) -> str:
    kind, _, rest = name.partition(": ")
    match kind:
        case "help":
            return f"```text\n{help_of(*rest.split()[1:])}```\n"
        case "slash commands":
            return slash_commands()
        case "transcript":
            return excerpt(rehearsed())
    raise KeyError(name)


# The command line


def command_lines(group: click.Group = main, path: str = "estrado") -> Iterator[str]:
    """Every command as it is typed, groups too."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from command_lines(command, f"{path} {name}")
        elif not command.hidden:
            yield f"{path} {name}"


def help_of(*path: str) -> str:
    """What `--help` prints, on a terminal of 100 columns."""
    result = CliRunner().invoke(main, [*path, "--help"], prog_name="estrado", terminal_width=100)
    assert result.exit_code == 0, result.output
    return result.output


# The slash commands


def slash() -> list[SlashCommand | app_commands.ContextMenu]:
    """Every command that people can type."""
    found: list[SlashCommand | app_commands.ContextMenu] = []
    for cog in COGS:
        for _, member in inspect.getmembers(cog):
            if isinstance(member, app_commands.Group):
                found += (each for each in member.walk_commands() if isinstance(each, app_commands.Command))
            elif isinstance(member, app_commands.Command | app_commands.ContextMenu) and member.parent is None:
                found.append(member)
    return sorted(found, key=lambda command: (_ORDER.index(who(command)), command.qualified_name))


def menus() -> list[str]:
    """The commands that people find in the menu of a message, by name: each cog that has one makes it itself."""
    modules = sorted((CONFIG_FILE.parent / "cogs").glob("*.py"))
    return [
        ast.literal_eval(argument.value)
        for module in modules
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("ContextMenu")
        for argument in node.keywords
        if argument.arg == "name"
    ]


def slash_commands() -> str:
    """The table of the commands: who may use each and what it does."""
    rows = ["| command | who | what it does |", "|---|---|---|"]
    for command in slash():
        signature, told = f"/{command.qualified_name}", english(getattr(command, "description", ""))
        for option in getattr(command, "parameters", ()):
            name = str(option.display_name)
            signature += f" {name}" if option.required else f" [{name}]"
            told += f"<br>`{name}` (in English `{english(name)}`): {english(option.description)}"
        rows.append(f"| `{signature}` | {who(command)} | {told} |")
    return "\n".join(rows) + "\n"


def english(spanish: Any) -> str:
    """What people with an English Discord read in place of it."""
    translated = in_english(str(spanish))
    assert translated is not None, f"no English of {spanish}"
    return translated


_ORDER = ("everybody", "moderators, organizers", "organizers")


def who(command: SlashCommand | app_commands.ContextMenu) -> str:
    """Who may use the command, as its checks have it."""
    if organizers in command.checks:
        return "organizers"
    return "moderators, organizers" if moderators in command.checks else "everybody"


# The transcript


def rehearsed() -> str:
    """The transcript of the rehearsal."""
    wanted = dict(zip(REHEARSAL.split()[::2], REHEARSAL.split()[1::2], strict=True))
    day = int(wanted["--days"])
    with tempfile.TemporaryDirectory() as folder, asyncio.Runner(loop_factory=IdleLoop) as runner:
        options = Options(
            Path(folder),
            attendees=int(wanted["--attendees"]),
            seed=int(wanted["--seed"]),
            first_day=day,
            last_day=day,
        )
        result = runner.run(
            rehearse(
                load(CONFIG_FILE),
                options,
                lambda services, token, rest, gateway, http_trace: running(
                    services, token, endpoint=Endpoint(rest, gateway), http_trace=http_trace
                ),
            )
        )
        assert result.holds
        return (Path(folder) / "transcript.md").read_text("utf-8")


def excerpt(transcript: str) -> str:
    """The opening, the first question on air, the summary in English, and what is left to be answered."""
    channels = dict(re.findall(r"^## #(\S+)\n(.*?)(?=^## #|\Z)", transcript, re.DOTALL | re.MULTILINE))
    places = load(CONFIG_FILE).discord
    (announcements,) = places.announcements
    opening = [entry for entry in _entries(channels[announcements]) if "· Estrado" in entry and " 09:00:00 " in entry]
    on_air = next(entry for entry in _entries(channels[places.questions]) if "> ## Pregunta " in entry)
    told = _entries(channels[places.organizers])
    summary = next(n for n, entry in enumerate(told) if "> ## Summary of" in entry)
    shown = [f"**#{announcements}**\n", *opening, f"**#{places.questions}**\n", on_air]
    return "\n".join([*shown, f"**#{places.organizers}**\n", *told[summary:]])


def _entries(channel: str) -> list[str]:
    """The messages of a channel in a transcript."""
    found = re.split(r"^(?=\*\*\d{4}-\d\d-\d\d )", channel, flags=re.MULTILINE)[1:]
    return [entry.rstrip() + "\n" for entry in found]


# Configuration and permissions


def config_keys(model: type[BaseModel] = Config, path: str = "") -> Iterator[tuple[str, str]]:
    """Every key of config.toml with its default: as TOML has it, "required", or "none"."""
    for name, field in model.model_fields.items():
        inner, is_list = _model_in(field.annotation)
        key = f"{path}{name}"
        if inner is not None:
            yield from config_keys(inner, f"{key}[]." if is_list else f"{key}.")
        elif field.is_required():
            yield key, "required"
        else:
            yield key, _toml(field.get_default(call_default_factory=True))


def _model_in(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """The model in a field's type, and whether the field holds many of it."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    if isinstance(annotation, types.GenericAlias):
        inner, _ = _model_in(get_args(annotation)[0])
        return inner, True
    return None, False


def _toml(default: Any) -> str:
    match default:
        case None:
            return "none"
        case ():
            return "`[]`"
        case dict() if not default:
            return "`{}`"
        case str():
            return f'`"{default}"`'
        case bool():
            return f"`{str(default).lower()}`"
        case int() | float():
            return f"`{default}`"
    raise TypeError(f"how is {default!r} written?")


def permissions() -> discord.Permissions:
    """The least that the bot has to be given in the whole server."""
    return discord.Permissions(**dict.fromkeys(running_permissions(), True))


if __name__ == "__main__":
    README.write_text(refreshed(README.read_text("utf-8"), rehearsed), "utf-8")
