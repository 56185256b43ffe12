"""Commands as a person's client offers them, and the options it lets through."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.loopback import payloads
from bot.loopback.exchange import InvalidOption, UnknownCommand
from bot.loopback.guild import Guild
from bot.loopback.nouns import Channel, Json, Member, Role, Upload

SUBCOMMAND, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)

#: What a person can put into an option.
OptionValue = str | int | float | bool | Member | Channel | Role | Upload


@dataclass(frozen=True, slots=True)
class Choice:
    """A suggestion: what is shown, and what is sent."""

    name: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class SeenCommand:
    """A command as somebody's client lists it, in their language."""

    name: str
    description: str
    kind: int
    options: tuple["SeenCommand", ...]


def localised(node: Json, key: str, locale: str) -> str:
    """A name or description in somebody's language."""
    return str((node.get(f"{key}_localizations") or {}).get(locale) or node.get(key) or "")


def seen(command: Json, locale: str) -> SeenCommand:
    """A command or option as a client in that language shows it."""
    return SeenCommand(
        localised(command, "name", locale),
        localised(command, "description", locale),
        command["type"],
        tuple(seen(option, locale) for option in command.get("options", ())),
    )


def find(commands: Iterable[Json], name: str) -> tuple[Json, list[Json], list[Json]]:
    """The command of "name", "name sub" or "name group sub", the subcommands on the way, and its options."""
    first, *others = name.split()
    command = next((each for each in commands if each["type"] == 1 and each["name"] == first), None)
    if command is None:
        raise UnknownCommand(f"there is no command /{first}")
    path: list[Json] = []
    options: list[Json] = command.get("options", [])
    for word in others:
        step = next((o for o in options if o["name"] == word and o["type"] in (SUBCOMMAND, GROUP)), None)
        if step is None:
            raise UnknownCommand(f"/{first} has no subcommand {word!r}")
        path.append(step)
        options = step.get("options", [])
    if any(option["type"] in (SUBCOMMAND, GROUP) for option in options):
        raise UnknownCommand(f"/{name} needs one of its subcommands")
    return command, path, options


def filled(
    guild: Guild,
    defined: Iterable[Json],
    given: Mapping[str, OptionValue],
    *,
    focused: str | None = None,
) -> tuple[list[Json], Json]:
    """The options as they are sent and the objects that they name; raises InvalidOption.

    While an option is `focused`, the text typed so far is sent, and what is required may still be missing.
    """
    known = {option["name"]: option for option in defined}
    if unknown := set(given) - set(known):
        raise InvalidOption(f"there are no options {sorted(unknown)}")
    sent: list[Json] = []
    resolved: dict[str, Json] = {}
    for name, option in known.items():
        if name not in given:
            if option.get("required") and focused is None:
                raise InvalidOption(f"the option {name!r} is required")
            continue
        if name == focused:
            if not option.get("autocomplete"):
                raise InvalidOption(f"the option {name!r} does not suggest anything")
            sent.append({"name": name, "type": option["type"], "value": given[name], "focused": True})
        else:
            value = _value(guild, option, given[name], resolved)
            sent.append({"name": name, "type": option["type"], "value": value})
    return sent, resolved


def nested(path: Iterable[Json], options: list[Json]) -> list[Json]:
    """The options inside their subcommands."""
    for step in reversed(list(path)):
        options = [{"name": step["name"], "type": step["type"], "options": options}]
    return options


def _value(guild: Guild, option: Json, value: OptionValue, resolved: dict[str, Json]) -> Any:
    name, kind = option["name"], option["type"]
    if isinstance(value, Upload) or kind == ATTACHMENT:
        if not isinstance(value, Upload) or kind != ATTACHMENT:
            raise InvalidOption(f"{value!r} does not fit the option {name!r}")
        kept = guild.take_upload(value)
        resolved.setdefault("attachments", {})[str(kept.id)] = payloads.upload(guild, kept)
        return str(kept.id)
    if isinstance(value, Member | Channel | Role):
        expected = {
            USER: isinstance(value, Member),
            CHANNEL: isinstance(value, Channel),
            ROLE: isinstance(value, Role),
            MENTIONABLE: not isinstance(value, Channel),
        }
        if not expected.get(kind, False):
            raise InvalidOption(f"{value!r} does not fit the option {name!r}")
        if isinstance(value, Channel) and value.kind not in (option.get("channel_types") or [value.kind]):
            raise InvalidOption(f"the option {name!r} does not take this kind of channel")
        resolve(guild, value, resolved)
        return str(value.id)
    if kind == STRING:
        fits = isinstance(value, str)
    elif kind == INTEGER:
        fits = isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
    elif kind == BOOLEAN:
        fits = isinstance(value, bool)
    else:
        fits = kind == NUMBER and isinstance(value, int | float) and not isinstance(value, bool)
    if not fits:
        raise InvalidOption(f"{value!r} does not fit the option {name!r}")
    choices = option.get("choices")
    if choices:
        for choice in choices:
            names = (choice["name"], *(choice.get("name_localizations") or {}).values())
            if value == choice["value"] or value in names:
                return choice["value"]
        raise InvalidOption(f"{value!r} is none of the choices of {name!r}")
    measure, low, high = (
        (len(value), "min_length", "max_length") if isinstance(value, str) else (value, "min_value", "max_value")
    )
    if isinstance(value, str) and kind == STRING and not value.strip() and option.get("required"):
        raise InvalidOption(f"the option {name!r} is required")
    if option.get(low) is not None and measure < option[low]:
        raise InvalidOption(f"{value!r} is too small for {name!r}")
    most = option.get(high, 6000 if isinstance(value, str) else None)
    if most is not None and measure > most:
        raise InvalidOption(f"{value!r} is too large for {name!r}")
    return value


def resolve(guild: Guild, value: Member | Channel | Role, resolved: dict[str, Json]) -> None:
    """Add an object to those that an interaction carries whole."""
    key = str(value.id)
    if isinstance(value, Member):
        resolved.setdefault("users", {})[key] = payloads.user(value)
        if value.id not in guild.members:
            # Somebody who has left is an account and no member.
            return
        member = payloads.member(value, with_user=False)
        for hidden in ("mute", "deaf"):
            member.pop(hidden)
        member["permissions"] = str(guild.base_permissions(value))
        resolved.setdefault("members", {})[key] = member
    elif isinstance(value, Channel):
        data = payloads.channel(guild, value) | {"permissions": "0"}
        resolved.setdefault("channels", {})[key] = data
    else:
        resolved.setdefault("roles", {})[key] = payloads.role(value)
