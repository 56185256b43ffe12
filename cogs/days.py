"""The event's days, suggested to organizers while they type one."""

import discord
from discord import app_commands

from bot.agenda import Event
from bot.errors import Refusal
from bot.i18n import day_name
from bot.languages import text_in
from bot.phrases import summary as phrases
from bot.question_text import fold

from .checks import organizers
from .replies import language

#: Discord shows this many suggestions.
_SUGGESTIONS = 25


async def days_for_organizers(
    interaction: discord.Interaction, event: Event, typed: str
) -> list[app_commands.Choice[str]]:
    """Days to choose from, found by date, name or theme; none for whoever is no organizer."""
    try:
        await organizers(interaction)
    except Refusal:
        return []
    it, wanted = language(interaction), fold(typed)
    labels = {
        session.key: phrases.day_suggestion(day_name(session.day, it), text_in(session.theme, it))
        for session in event.sessions
    }
    found = [(key, label) for key, label in labels.items() if wanted in fold(f"{key} {label}")]
    return [app_commands.Choice(name=label, value=key) for key, label in found[:_SUGGESTIONS]]
