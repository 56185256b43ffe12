"""The first answer to an interaction: given once and within a time limit, also where Discord's reply to it is lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import discord

#: What can go wrong on the way to a person who waits for an answer.
Unheard = (discord.DiscordException, aiohttp.ClientError, OSError)

#: Nobody waits any longer for one request; what is said after it failed may still come through.
_LIMIT_SECONDS = 10.0

_ALREADY_ANSWERED = 40060

_GIVEN = "answered"


def is_answered(interaction: discord.Interaction) -> bool:
    """Whether the first answer was given, so that all that follows has to be a follow-up."""
    return interaction.response.is_done() or _GIVEN in interaction.extras


def note_answered(interaction: discord.Interaction) -> None:
    """The first answer was given, by another way than discord.py's."""
    interaction.extras[_GIVEN] = True


@asynccontextmanager
async def answering(interaction: discord.Interaction) -> AsyncIterator[None]:
    """One request that answers the interaction. Raises what `Unheard` names.

    Where Discord says that there is an answer already, an earlier try of this very request was taken and only the
    reply to it lost (discord.py refuses to answer twice by itself): it counts as given.
    """
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            yield
    except discord.HTTPException as error:
        if error.code != _ALREADY_ANSWERED:
            raise
        note_answered(interaction)
