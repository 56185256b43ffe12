"""How an answer that takes long still comes in time."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

import discord

from .answers import Unheard, answering, is_answered

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Discord gives three seconds; what has not come by now is answered with "thinking", which gives fifteen minutes.
_PATIENCE_SECONDS = 1.0


async def in_time(
    interaction: discord.Interaction, work: Coroutine[Any, Any, T], *, patience_seconds: float = _PATIENCE_SECONDS
) -> T:
    """What `work` returns or raises; where it takes longer than `patience_seconds`, 0 for what is known to, the
    interaction is deferred meanwhile.

    A press on a message is deferred in silence, everything else privately. The work goes on to its end even where
    Discord does not take the deferral any more.
    """
    task = asyncio.ensure_future(work)
    await asyncio.wait({task}, timeout=patience_seconds)
    if not task.done() and not is_answered(interaction):
        pressed = interaction.message is not None
        try:
            async with answering(interaction):
                await interaction.response.defer(ephemeral=True, thinking=not pressed)
        except Unheard as error:
            log.warning("interaction.not_deferred kind=%s", type(error).__name__)
    return await task


async def change(
    interaction: discord.Interaction, *, view: discord.ui.View | discord.ui.LayoutView | None, **message: Any
) -> None:
    """Change the message that was pressed, as the first answer or after a deferral."""
    async with answering(interaction):
        if is_answered(interaction):
            await interaction.edit_original_response(view=view, **message)
        else:
            await interaction.response.edit_message(view=view, **message)
