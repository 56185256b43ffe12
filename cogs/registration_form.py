"""How registration looks on Discord: the consent with its button, the lists and the form.

What a person chose before the form opened travels in its custom_id, so that it is there after a restart too. `whose`
is how the custom_ids begin: "registration" for people's own, "registrar:…" for somebody whom an organizer registers.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import discord
from discord import ButtonStyle, ui

from bot.clock import to_ms
from bot.config import CoverageConfig
from bot.expected import Asked
from bot.languages import LANGUAGES, Language, text_in
from bot.participants import INSTITUTION_LENGTH, NAME_LENGTH, Draft, Field
from bot.phrases import directory as phrases
from bot.phrases import recognition

#: Discord's limits of a list, and of the lists of a message.
_OPTIONS, _LISTS = 25, 5

Choice = tuple[str, str]


#: How the custom_ids of people's own registration begin.
OWN = "registration"


def consent_view(whose: str, language: Language) -> ui.View:
    """The button by which somebody agrees, or an organizer says that they did."""
    label = phrases.agree_button(language) if whose == OWN else recognition.consent_given_button(language)
    return _buttons((f"{whose}:agree", label, ButtonStyle.success))


def again_view(whose: str, consented_at: datetime, language: Language) -> ui.View:
    """The button by which somebody who agreed gets the form once more."""
    return _buttons((f"{whose}:again:{to_ms(consented_at)}", phrases.again_button(language), ButtonStyle.primary))


def question_view(asked: Asked, consented_at: datetime, language: Language) -> ui.View:
    """How somebody answers which person on the organizers' list they are."""
    if asked is Asked.WHICH:
        custom_id = f"{OWN}:again:{to_ms(consented_at)}"
        return _buttons((custom_id, recognition.complete_button(language), ButtonStyle.primary))
    return _buttons(
        (f"{OWN}:me", recognition.it_is_me_button(language), ButtonStyle.success),
        (f"{OWN}:not-me", recognition.it_is_not_me_button(language), ButtonStyle.secondary),
    )


def fits_the_form(coverage: CoverageConfig, language: Language) -> bool:
    """Whether the form can list every affiliation; where it cannot, it is asked for before."""
    return len(phrases.affiliation_choices(coverage, language)) <= _OPTIONS


def affiliation_views(
    whose: str, coverage: CoverageConfig, consented_at: datetime, language: Language
) -> Iterator[ui.View]:
    """Every affiliation in lists, as few messages as they need."""
    choices = phrases.affiliation_choices(coverage, language)
    lists = [choices[n : n + _OPTIONS] for n in range(0, len(choices), _OPTIONS)]
    for begin in range(0, len(lists), _LISTS):
        view = ui.View(timeout=None)
        for number, some in enumerate(lists[begin : begin + _LISTS], begin):
            custom_id = f"{whose}:affiliation:{to_ms(consented_at)}:{number}"
            placeholder = phrases.list_placeholder(some[0][1], some[-1][1], language)
            view.add_item(ui.Select(custom_id=custom_id, placeholder=placeholder, options=_options(some, None)))
        yield view


def registration_form(
    whose: str,
    coverage: CoverageConfig,
    consented_at: datetime,
    draft: Draft,
    language: Language,
    *,
    affiliation: str | None = None,
) -> ui.Modal:
    """The form with what is known filled in. With an `affiliation` chosen before, it is not asked for again."""
    custom_id = f"{whose}:form:{to_ms(consented_at)}"
    if affiliation is not None:
        custom_id += f":{affiliation}"
    form = ui.Modal(title=phrases.form_title(language), custom_id=custom_id, timeout=None)
    _add(form, Field.NAME, _text(Field.NAME, draft.name, NAME_LENGTH), language)
    _add(form, Field.INSTITUTION, _text(Field.INSTITUTION, draft.institution, INSTITUTION_LENGTH), language)
    if affiliation is None:
        choices = phrases.affiliation_choices(coverage, language)
        _add(form, Field.AFFILIATION, _list(Field.AFFILIATION, choices, draft.affiliation), language)
    profiles = [(profile.key, text_in(profile.name, language)) for profile in coverage.profiles]
    _add(form, Field.PROFILE, _list(Field.PROFILE, profiles, draft.profile, required=False), language)
    languages = [(each, phrases.language_name(each)) for each in LANGUAGES]
    _add(form, Field.LANGUAGE, _list(Field.LANGUAGE, languages, draft.language or language), language)
    return form


def _add(form: ui.Modal, field: Field, component: "ui.Item[ui.Modal]", language: Language) -> None:
    form.add_item(
        ui.Label(
            text=phrases.field_label(field, language),
            description=phrases.field_description(field, language),
            component=component,
        )
    )


def _text(field: Field, value: str, limit: int) -> "ui.TextInput[ui.Modal]":
    return ui.TextInput(custom_id=field, default=value[:limit] or None, max_length=limit)


def _list(
    field: Field, choices: Sequence[Choice], chosen: str | None, *, required: bool = True
) -> "ui.Select[ui.Modal]":
    return ui.Select(
        custom_id=field, options=_options(choices, chosen), required=required, min_values=int(required), max_values=1
    )


def _options(choices: Sequence[Choice], chosen: str | None) -> list[discord.SelectOption]:
    return [
        discord.SelectOption(label=_fitting(label), value=value, default=value == chosen) for value, label in choices
    ]


def _fitting(label: str) -> str:
    """A label of at most 100 characters, as Discord has it; the values tell equal ones apart."""
    return label if len(label) <= 100 else label[:99] + "…"


def _buttons(*buttons: tuple[str, str, ButtonStyle]) -> ui.View:
    view = ui.View(timeout=None)
    for custom_id, label, style in buttons:
        view.add_item(ui.Button(custom_id=custom_id, label=label, style=style))
    return view
