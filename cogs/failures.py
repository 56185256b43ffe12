"""The one place that answers when something goes wrong."""

import logging
import re
import secrets
from collections.abc import Mapping
from typing import Any, cast

import discord
from discord import app_commands

from bot.errors import CommandChanged, Refusal
from bot.phrases.refusals import apology, refused

from .answers import Unheard
from .replies import language, reply

log = logging.getLogger(__name__)

#: Discord knows the interaction no more, or not its token: nothing can be said to the person.
_TOO_LATE = frozenset({10015, 10062, 50027})

#: What discord.py says where Discord's list of commands is not the one of this program.
_OF_ANOTHER_VERSION = (app_commands.CommandNotFound, app_commands.CommandSignatureMismatch)

_OURS = re.compile(r"[a-z_]{1,20}(?::[a-z_]{1,20})?")


async def answer_failure(interaction: discord.Interaction, error: BaseException) -> None:
    """Give the person exactly one final answer, whatever happened and however far the answer had come.

    - A Refusal is worded from bot/phrases, without a traceback.
    - A command that Discord knows and this program does not is told as one that has changed.
    - An interaction that Discord does not know any more (10062) cannot be answered: noted, nothing sent.
    - Anything else is an apology with a short reference; the log has the same reference and the traceback.

    Never raises, and never shows a person the error's own text.
    """
    cause, what = _cause(error), _what(interaction)
    if _is_too_late(cause):
        log.warning("interaction.too_late command=%s", what)
        return
    told = _told(cause, what, interaction)
    if interaction.type is discord.InteractionType.autocomplete:
        # There are suggestions or there are none; nothing can be said in their place.
        return
    try:
        await reply(interaction, told)
    except Unheard as unheard:
        if _is_too_late(unheard):
            log.warning("interaction.too_late command=%s", what)
        else:
            log.warning("failure.unanswered command=%s kind=%s", what, type(unheard).__name__)
    except Exception:
        log.exception("failure.unanswered command=%s", what)


def _told(cause: BaseException, what: str, interaction: discord.Interaction) -> str:
    """What to say, which the log has by then. A refusal that cannot be worded is a failure of ours too."""
    if isinstance(cause, Refusal):
        try:
            told = refused(cause, language(interaction))
        except Exception as unworded:  # noqa: BLE001 -- whatever it is, the person has to be answered
            cause = unworded
        else:
            log.info("refused kind=%s command=%s", type(cause).__name__, what)
            return told
    reference = secrets.token_hex(3)
    log.error("failed reference=%s command=%s", reference, what, exc_info=cause)
    return apology(reference, language(interaction))


def _is_too_late(error: BaseException) -> bool:
    return isinstance(error, discord.HTTPException) and error.code in _TOO_LATE


def _cause(error: BaseException) -> BaseException:
    if isinstance(error, _OF_ANOTHER_VERSION):
        return CommandChanged()
    while isinstance(error, app_commands.CommandInvokeError | app_commands.TransformerError) and error.__cause__:
        error = error.__cause__
    return error.original if isinstance(error, app_commands.CommandInvokeError) else error


def _what(interaction: discord.Interaction) -> str:
    """The command or the kind of button; ids and texts stay out of the log."""
    try:
        command = interaction.command
    except Exception:  # noqa: BLE001 -- discord.py looks for it in what was sent, which may be what is wrong
        return "?"
    if command is not None:
        return command.qualified_name
    sent = cast("Mapping[str, Any]", interaction.data or {})
    ours = _OURS.match(str(sent.get("custom_id", "")))
    return ours[0] if ours else "?"
