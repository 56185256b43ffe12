"""The bot's commands: those of the server, and those of all servers."""

import json
import re
from typing import Any

from bot.loopback.nouns import DiscordRefusal, Json, Member, invalid_form, unknown
from bot.loopback.rest import Answer, Call, route

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, SUBCOMMAND_GROUP = 1, 2
_MOST = {CHAT_INPUT: 100, USER: 15, MESSAGE: 15}
_MAX_SIZE = 8000
_CREATES_A_DAY = 200
_NAME = re.compile(r"[-_'\w]{1,32}")


@route("GET", "/applications/{application_id}/commands")
@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands")
def commands(call: Call) -> Answer:
    """The bot's commands."""
    found = _own(call)
    return Answer(200, [_shown(each, call) for each in found.values()])


@route("PUT", "/applications/{application_id}/commands")
@route("PUT", "/applications/{application_id}/guilds/{guild_id}/commands")
def replace_commands(call: Call) -> Answer:
    """Make these the bot's commands, and no others."""
    before = {(each["type"], each["name"]): each for each in _own(call).values()}
    given = [_checked(each, f"{index}") for index, each in enumerate(call.body or ())]
    names = [(each["type"], each["name"]) for each in given]
    if len(set(names)) < len(names):
        raise invalid_form("", "APPLICATION_COMMANDS_DUPLICATE_NAME", "Application command names must be unique")
    for kind, most in _MOST.items():
        if sum(each["type"] == kind for each in given) > most:
            raise DiscordRefusal(400, 30032, f"Maximum number of application commands reached ({most}).")
    _count_creates(call, sum(name not in before for name in names))
    store = _store(call)
    for old in list(_own(call)):
        del store[old]
    made = []
    for name, each in zip(names, given, strict=True):
        made.append(_kept(call, each, before.get(name)))
    return Answer(200, [_shown(each, call) for each in made])


@route("POST", "/applications/{application_id}/commands")
@route("POST", "/applications/{application_id}/guilds/{guild_id}/commands")
def add_command(call: Call) -> Answer:
    """A new command, or the same name's new definition."""
    given = _checked(call.body or {}, "")
    own = _own(call).values()
    before = next((c for c in own if (c["type"], c["name"]) == (given["type"], given["name"])), None)
    if before is None:
        _count_creates(call, 1)
    made = _kept(call, given, before)
    return Answer(201 if before is None else 200, _shown(made, call))


@route("GET", "/applications/{application_id}/commands/{command_id}")
@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def command(call: Call) -> Answer:
    """One command."""
    return Answer(200, _shown(_one(call), call))


@route("PATCH", "/applications/{application_id}/commands/{command_id}")
@route("PATCH", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def change_command(call: Call) -> Answer:
    """Change a command."""
    before = _one(call)
    given = _checked({**before, **(call.body or {})}, "")
    return Answer(200, _shown(_kept(call, given, before), call))


@route("DELETE", "/applications/{application_id}/commands/{command_id}")
@route("DELETE", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}")
def delete_command(call: Call) -> Answer:
    """Delete a command."""
    del _store(call)[int(_one(call)["id"])]
    return Answer(204)


@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/permissions")
def all_permissions(call: Call) -> Answer:
    """Who may use which command, where the server has decided so."""
    _authorised(call)
    found = [_permissions(call, command_id) for command_id in call.guild.command_permissions]
    return Answer(200, found)


@route("GET", "/applications/{application_id}/guilds/{guild_id}/commands/{command_id}/permissions")
def permissions(call: Call) -> Answer:
    """Who may use one command."""
    _authorised(call)
    command_id = call.number(2)
    if command_id not in call.guild.command_permissions:
        raise DiscordRefusal(404, 10066, "Unknown application command permissions")
    return Answer(200, _permissions(call, command_id))


def _permissions(call: Call, command_id: int) -> Json:
    return {
        "id": str(command_id),
        "application_id": str(call.bot.id),
        "guild_id": str(call.guild.id),
        "permissions": call.guild.command_permissions[command_id],
    }


def _authorised(call: Call) -> None:
    if call.number(0) != call.bot.id:
        raise DiscordRefusal(403, 20012, "You are not authorized to perform this action on this application")


def _in_guild(call: Call) -> bool:
    _authorised(call)
    if "/guilds/" not in call.template:
        return False
    call.own_guild(1)
    return True


def _store(call: Call) -> dict[int, Json]:
    return call.guild.commands if _in_guild(call) else call.guild.global_commands


def _own(call: Call) -> dict[int, Json]:
    own = str(call.bot.id)
    return {number: each for number, each in _store(call).items() if each["application_id"] == own}


def _one(call: Call) -> Json:
    found = _own(call).get(call.number(-1))
    if found is None:
        raise unknown("application command", 10063)
    return found


def _count_creates(call: Call, count: int) -> None:
    if not call.guild.count_command_creates(call.bot, count, _CREATES_A_DAY):
        message = f"Max number of daily application command creates has been reached ({_CREATES_A_DAY})"
        raise DiscordRefusal(400, 30034, message)


def _kept(call: Call, given: Json, before: Json | None) -> Json:
    bot: Member = call.bot
    made: Json = {
        **given,
        "id": before["id"] if before is not None else str(call.guild.new_id()),
        "application_id": str(bot.id),
        "version": str(call.guild.new_id()),
    }
    if _in_guild(call):
        made["guild_id"] = str(call.guild.id)
    _store(call)[int(made["id"])] = made
    return made


def _shown(command: Json, call: Call) -> Json:
    if call.query.get("with_localizations") in ("1", "true", "True") or call.method != "GET":
        return command
    hidden: Json = _without_localizations(command)
    return hidden


def _without_localizations(node: Any) -> Any:
    if isinstance(node, dict):
        hidden = ("name_localizations", "description_localizations")
        return {key: _without_localizations(value) for key, value in node.items() if key not in hidden}
    return [_without_localizations(each) for each in node] if isinstance(node, list) else node


def _checked(given: Json, where: str) -> Json:
    kind = given.get("type", CHAT_INPUT)
    prefix = f"{where}." if where else ""
    name = given.get("name")
    if not isinstance(name, str) or not 1 <= len(name) <= 32:
        raise invalid_form(f"{prefix}name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 32 in length.")
    if kind == CHAT_INPUT:
        _check_names(given, prefix)
        _check_options(given.get("options") or [], prefix, depth=0)
    elif given.get("description"):
        message = "Context menu commands cannot have description"
        raise invalid_form(f"{prefix}description", "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", message)
    made = {
        "type": kind,
        "name": name,
        "name_localizations": given.get("name_localizations"),
        "description": given.get("description") or "",
        "description_localizations": given.get("description_localizations"),
        "default_member_permissions": _text_or_none(given.get("default_member_permissions")),
        "dm_permission": given.get("dm_permission", True),
        "contexts": given.get("contexts"),
        "integration_types": given.get("integration_types") or [0],
        "nsfw": bool(given.get("nsfw")),
        "options": [_kept_option(each) for each in given.get("options") or []],
    }
    if _size(made) > _MAX_SIZE:
        message = f"Command exceeds maximum size ({_MAX_SIZE})"
        raise invalid_form(where, "APPLICATION_COMMAND_TOO_LARGE", message)
    return made


def _check_names(given: Json, prefix: str) -> None:
    for name in (given.get("name"), *(given.get("name_localizations") or {}).values()):
        if not isinstance(name, str) or _NAME.fullmatch(name) is None or name != name.lower():
            raise invalid_form(f"{prefix}name", "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    for text in (given.get("description"), *(given.get("description_localizations") or {}).values()):
        if not isinstance(text, str) or not 1 <= len(text) <= 100:
            where = f"{prefix}description"
            raise invalid_form(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _check_options(options: list[Json], prefix: str, depth: int) -> None:
    if len(options) > 25:
        raise invalid_form(f"{prefix}options", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    names = [option.get("name") for option in options]
    if len(set(names)) < len(names):
        message = "Option names must be unique"
        raise invalid_form(f"{prefix}options", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATED", message)
    optional_seen = False
    for index, option in enumerate(options):
        where = f"{prefix}options.{index}."
        _check_names(option, where)
        nested = option.get("type") in (SUBCOMMAND, SUBCOMMAND_GROUP)
        if nested:
            if depth >= 2 or (depth == 1 and option["type"] == SUBCOMMAND_GROUP):
                message = "Sub-commands cannot stand here"
                raise invalid_form(f"{where}type", "APPLICATION_COMMAND_INVALID_OPTION_TYPE", message)
            _check_options(option.get("options") or [], where, depth + 1)
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            raise invalid_form(where + "required", "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
        choices = option.get("choices") or []
        if len(choices) > 25:
            raise invalid_form(f"{where}choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        if choices and option.get("autocomplete"):
            message = "Options with choices cannot have autocomplete"
            raise invalid_form(where + "autocomplete", "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE", message)
        for number, choice in enumerate(choices):
            named = (choice.get("name"), *(choice.get("name_localizations") or {}).values())
            if any(not isinstance(each, str) or not 1 <= len(each) <= 100 for each in named):
                place = f"{where}choices.{number}.name"
                raise invalid_form(place, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")


def _kept_option(option: Json) -> Json:
    kept = {key: value for key, value in option.items() if value is not None}
    if "options" in kept:
        kept["options"] = [_kept_option(each) for each in kept["options"]]
    return kept


def _size(node: Any) -> int:
    """Names, descriptions and values together, by which Discord measures a command."""
    if isinstance(node, list):
        return sum(map(_size, node))
    own = sum(len(str(node.get(key) or "")) for key in ("name", "description", "value"))
    return own + sum(_size(node[key]) for key in ("options", "choices") if node.get(key))


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(json.loads(str(value)))
