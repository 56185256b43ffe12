"""Command descriptions and option names in the languages of the people who read them."""

import discord
from discord import app_commands
from discord.app_commands import TranslationContextLocation as Location
from discord.app_commands import TranslationContextTypes, locale_str

from bot.phrases.commands import in_english

_ENGLISH = {discord.Locale.american_english, discord.Locale.british_english}
_SPANISH = {discord.Locale.spain_spanish, discord.Locale.latin_american_spanish}


class Translator(app_commands.Translator):
    """Fills es-ES and es-419 with the Spanish base text, en-US and en-GB with its English.

    Names of commands are the same for everybody, because they are said aloud in the room.
    """

    async def translate(
        self, string: locale_str, locale: discord.Locale, context: TranslationContextTypes
    ) -> str | None:
        if context.location in (Location.command_name, Location.group_name):
            return None
        if locale in _SPANISH:
            return string.message
        return in_english(string.message) if locale in _ENGLISH else None
