"""Frames of Discord's in which something is missing or of another kind than it always was.

discord.py ends the connection, and with it the bot, where it cannot read one. Here one such event is left out instead.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

import discord

log = logging.getLogger(__name__)

#: Without it there is no bot; it has to begin anew.
_ESSENTIAL = "READY"


def outlive(client: discord.Client) -> None:
    """Let the client go on after an event that cannot be read, which is told in the log by its kind alone.

    To be called once, before it connects.
    """
    # discord.py has no other place where one event can fail alone.
    parsers = client._connection.parsers
    for event, parse in parsers.items():
        if event != _ESSENTIAL:
            parsers[event] = functools.partial(_attempted, event, parse)


def _attempted(event: str, parse: Callable[[Any], None], content: Any) -> None:
    try:
        if event == "INTERACTION_CREATE":
            _check_interaction(content)
        parse(content)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong in one event, the next ones are read
        # What it says may hold words of people's.
        log.error("frame.not_understood event=%s error=%s", event, type(error).__name__)


def _check_interaction(content: Any) -> None:
    """Raise KeyError or TypeError where something is missing of who did what: discord.py would go on without it."""
    # It takes a member for a person only where there is a server.
    member = content.get("member") if content.get("guild_id") else None
    if member is not None:
        _ = member["roles"], member["flags"]
    user = content["user"] if member is None else member["user"]
    _ = user["id"], user["username"], user["discriminator"], user["avatar"]
    match content.get("data"):
        case {"custom_id": str()}:
            pass
        case {"name": str(), **more}:
            _check_options(more.get("options", []))
        case _:
            raise TypeError("data")


def _check_options(options: Any) -> None:
    """Options of a command, or the commands below it with their own."""
    for option in options:
        if not isinstance(option["name"], str) or isinstance(option.get("value"), list | dict):
            raise TypeError("options")
        _check_options(option.get("options", []))
