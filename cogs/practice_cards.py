"""How good practices look on Discord: the form, the list to choose from, one practice with what can be done with it."""

from collections.abc import Sequence
from dataclasses import replace

import discord
from discord import ButtonStyle, ui

from bot.agenda import Event
from bot.i18n import day_name
from bot.ids import SessionKey
from bot.languages import Language, text_in
from bot.phrases import board as board_phrases
from bot.phrases import practices as phrases
from bot.phrases import questions as question_phrases
from bot.practices import (
    REASON_LENGTH,
    RESULTS_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    Practice,
    PracticeField,
    PracticeState,
)
from bot.question_text import shortened

from .posting import Post
from .question_cards import button, in_all
from .replies import literal

#: Discord's limits of a list, of the lists of a message, and of an option's label.
_OPTIONS, _LISTS, _LABEL = 25, 5, 100

_LENGTHS = {
    PracticeField.TITLE: TITLE_LENGTH,
    PracticeField.TEXT: TEXT_LENGTH,
    PracticeField.RESULTS: RESULTS_LENGTH,
}


def practice_form(event: Event, on: SessionKey, language: Language) -> ui.Modal:
    """The form for a practice; who will read it stands in it. `on` is the day that is chosen at first."""
    form = ui.Modal(title=phrases.form_title(language), custom_id="practice:record", timeout=None)
    around = next(n for n, session in enumerate(event.sessions) if session.key == on)
    begin = max(0, min(around - _OPTIONS // 2, len(event.sessions) - _OPTIONS))
    days = [
        discord.SelectOption(
            label=shortened(
                phrases.session_choice(day_name(session.day, language), text_in(session.theme, language), language),
                _LABEL,
            ),
            value=session.key,
            default=session.key == on,
        )
        for session in event.sessions[begin : begin + _OPTIONS]
    ]
    chooser: ui.Select[ui.Modal] = ui.Select(custom_id="session", options=days)
    form.add_item(ui.Label(text=phrases.session_label(language), component=chooser))
    for where, length in _LENGTHS.items():
        field: ui.TextInput[ui.Modal] = ui.TextInput(
            custom_id=where,
            style=discord.TextStyle.short if where is PracticeField.TITLE else discord.TextStyle.paragraph,
            max_length=length,
            required=where is not PracticeField.RESULTS,
        )
        form.add_item(ui.Label(text=phrases.field_label(where, language), component=field))
    form.add_item(ui.TextDisplay(phrases.form_note(language)))
    return form


def reject_form(number: str, language: Language) -> ui.Modal:
    """The form that asks why a practice is left out."""
    form = ui.Modal(
        title=phrases.reject_title(int(number), language), custom_id=f"practice:rejected:{number}", timeout=None
    )
    reason: ui.TextInput[ui.Modal] = ui.TextInput(custom_id="reason", max_length=REASON_LENGTH)
    form.add_item(ui.Label(text=phrases.reason_label(language), component=reason))
    return form


def list_view(practices: Sequence[Practice], language: Language) -> ui.View | None:
    """The practices to choose one from, the first so many; None where there are none."""
    if not practices:
        return None
    view = ui.View(timeout=None)
    for number in range(min(_LISTS, -(-len(practices) // _OPTIONS))):
        view.add_item(
            ui.Select(
                custom_id=f"practice:list:{number}",
                placeholder=phrases.show_placeholder(language),
                options=[
                    discord.SelectOption(
                        label=shortened(phrases.choice(practice, language), _LABEL), value=str(practice.number)
                    )
                    for practice in practices[number * _OPTIONS : (number + 1) * _OPTIONS]
                ],
            )
        )
    return view


def card_view(practice: Practice, language: Language, *, reviews: bool, is_own: bool) -> ui.View | None:
    """What the reader may do with it, where it stands."""
    view = ui.View(timeout=None)
    if reviews and practice.state in (PracticeState.PENDING, PracticeState.REJECTED):
        approve = board_phrases.approve_button(language)
        view.add_item(button(approve, f"practice:approve:{practice.number}", ButtonStyle.success))
    if reviews and practice.state in (PracticeState.PENDING, PracticeState.APPROVED):
        reject = board_phrases.reject_button(language)
        view.add_item(button(reject, f"practice:reject:{practice.number}", ButtonStyle.secondary))
    if is_own and practice.state is not PracticeState.WITHDRAWN:
        withdraw = question_phrases.withdraw_button(practice.number, language)
        view.add_item(button(withdraw, f"practice:withdraw:{practice.number}", ButtonStyle.secondary))
    return view if view.children else None


def review_post(practice: Practice, event: Event) -> Post:
    """That there is one to review, for the moderators' channel."""
    text = "\n".join(dict.fromkeys(phrases.to_review(practice, event, it) for it in event.languages))
    view = ui.View(timeout=None)
    label = in_all(event.languages, phrases.review_button)
    view.add_item(button(label, f"practice:show:{practice.number}", ButtonStyle.primary))
    return Post((text,), view)


def shown(practice: Practice) -> Practice:
    """The same with texts that Discord shows as they were written."""
    return replace(
        practice,
        title=literal(practice.title),
        text=literal(practice.text),
        results=literal(practice.results),
        institution=literal(practice.institution),
        reason=None if practice.reason is None else literal(practice.reason),
    )
