"""How changes of the programme are confirmed on Discord, and the form for an announcement."""

from collections.abc import Sequence

import discord
from discord import ButtonStyle, ui

from bot.languages import Language
from bot.phrases import steering as phrases
from bot.steering import DraftId

#: Both languages, with a mark, fit into one message, or each into one of its own.
_SAID = 1800


def confirm_view(draft: DraftId, language: Language) -> ui.View:
    """The button by which somebody does what they have just seen."""
    view = ui.View(timeout=None)
    view.add_item(
        ui.Button(custom_id=f"agenda:confirm:{draft}", label=phrases.confirm_button(language), style=ButtonStyle.danger)
    )
    return view


def say_form(languages: Sequence[Language], language: Language) -> ui.Modal:
    """The form for what is to be said to everybody, a field a language."""
    form = ui.Modal(title=phrases.say_title(language), custom_id="agenda:say", timeout=None)
    for each in languages:
        field: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=each, style=discord.TextStyle.paragraph, max_length=_SAID
        )
        form.add_item(ui.Label(text=phrases.say_field(each, language), component=field))
    return form
