"""The forms of those who ask."""

import discord
from discord import ui

from bot.languages import Language
from bot.phrases import own_questions as own_phrases
from bot.phrases import questions as phrases
from bot.questions import ADDRESSEE_LENGTH, Question, State

#: Discord takes so much in one field.
_FIELD_LIMIT = 4000


def ask_form(language: Language, limit: int, *, anonymous: bool, whom: str | None, text: str = "") -> ui.Modal:
    """The form for a question; what anonymous means stands in it. `text` is what was typed before and not sent."""
    form = ui.Modal(title=phrases.form_title(language), custom_id="question:ask")
    how: ui.Select[ui.Modal] = ui.Select(
        custom_id="how",
        options=[
            discord.SelectOption(label=phrases.form_by_name(language), value="named", default=not anonymous),
            discord.SelectOption(label=phrases.form_anonymously(language), value="anonymous", default=anonymous),
        ],
    )
    addressee: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="whom",
        required=False,
        max_length=ADDRESSEE_LENGTH,
        default=whom[:ADDRESSEE_LENGTH] if whom else None,
    )
    form.add_item(_question(language, limit, text))
    form.add_item(ui.Label(text=phrases.form_how(language), component=how))
    form.add_item(ui.TextDisplay(phrases.anonymity(language)))
    form.add_item(ui.Label(text=phrases.form_whom(language), component=addressee))
    return form


def message_form(language: Language, limit: int, text: str) -> ui.Modal:
    """The form in which one's own message becomes a question; that it cannot be anonymous stands in it."""
    form = ui.Modal(title=phrases.form_title(language), custom_id="question:message")
    form.add_item(_question(language, limit, text))
    form.add_item(ui.TextDisplay(phrases.not_anonymous(language)))
    return form


def edit_form(language: Language, limit: int, question: Question) -> ui.Modal:
    """The form to change the text of one's own question."""
    number = question.number
    form = ui.Modal(title=own_phrases.edit_title(number, language), custom_id=f"question:edited:{number}")
    form.add_item(_question(language, limit, question.text))
    if question.state is State.APPROVED:
        form.add_item(ui.TextDisplay(own_phrases.edit_warning(language)))
    return form


def _question(language: Language, limit: int, text: str = "") -> "ui.Label[ui.Modal]":
    """The field for the text. One that is longer than allowed stands in it whole, to be shortened there."""
    field: ui.TextInput[ui.Modal] = ui.TextInput(
        custom_id="text",
        style=discord.TextStyle.paragraph,
        max_length=min(max(limit, len(text)), _FIELD_LIMIT),
        default=text[:_FIELD_LIMIT] or None,
    )
    return ui.Label(text=phrases.form_question(language), component=field)
