"""How corrections look on Discord: the button and the list to take one back, and the form that asks why."""

from collections.abc import Sequence

import discord
from discord import ButtonStyle, ui

from bot.agenda import Event
from bot.corrections import REASON_LENGTH, CorrectionNumber
from bot.errata import Listed
from bot.languages import Language
from bot.phrases import corrections as phrases
from bot.question_text import shortened

#: Discord's limits of a list, of the lists of a message, and of an option's label.
_OPTIONS, _LISTS, _LABEL = 25, 5, 100


def take_back_view(number: CorrectionNumber, language: Language) -> ui.View:
    """The button by which a correction is taken back."""
    view = ui.View(timeout=None)
    view.add_item(
        ui.Button(
            custom_id=f"correction:undo:{number}", label=phrases.take_back_button(language), style=ButtonStyle.secondary
        )
    )
    return view


def take_back_list(lines: Sequence[Listed], event: Event, language: Language) -> ui.View | None:
    """The latest that can be taken back, in lists; None where there is none."""
    if not lines:
        return None
    view = ui.View(timeout=None)
    for number in range(min(_LISTS, -(-len(lines) // _OPTIONS))):
        view.add_item(
            ui.Select(
                custom_id=f"correction:list:{number}",
                placeholder=phrases.take_back_placeholder(language),
                options=[
                    discord.SelectOption(label=_label(line, event, language), value=str(line.correction.number))
                    for line in lines[number * _OPTIONS : (number + 1) * _OPTIONS]
                ],
            )
        )
    return view


def take_back_form(number: CorrectionNumber, language: Language) -> ui.Modal:
    """The form that asks why a correction does not hold."""
    form = ui.Modal(
        title=phrases.take_back_title(number, language), custom_id=f"correction:undone:{number}", timeout=None
    )
    form.add_item(
        ui.Label(
            text=phrases.reason_label(language),
            description=phrases.reason_description(language),
            component=ui.TextInput(custom_id="reason", max_length=REASON_LENGTH),
        )
    )
    return form


def _label(line: Listed, event: Event, language: Language) -> str:
    """Plain text, as a list shows it."""
    participant = line.participant
    name = phrases.somebody(language) if participant is None else participant.name
    return shortened(phrases.choice(line, name, event, language), _LABEL)
