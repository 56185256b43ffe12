"""How companions' profiles are asked for on Discord: a form with a number for each profile, five at a time."""

from collections.abc import Mapping, Sequence

from discord import ButtonStyle, ui

from bot.attendance import CheckIn, NoNumber
from bot.config import Profile
from bot.ids import SessionKey
from bot.languages import Language, text_in
from bot.phrases import companions as phrases

#: Discord's limits: fields of a form, buttons of a row, and a field's label.
_FIELDS, _BUTTONS, _LABEL = 5, 5, 45

#: A number of companions, as it is typed.
_DIGITS = 4


def profiles_view(session: SessionKey, profiles: Sequence[Profile], language: Language) -> ui.View:
    """A button for each form that it takes."""
    view = ui.View(timeout=None)
    label, forms = phrases.profiles_button(language), -(-len(profiles) // _FIELDS)
    for number in range(min(forms, _BUTTONS)):
        view.add_item(
            ui.Button(
                custom_id=f"presence:profiles:{session}:{number}",
                label=label if forms == 1 else f"{label} ({number + 1})",
                style=ButtonStyle.primary,
            )
        )
    return view


def profiles_form(check_in: CheckIn, number: int, profiles: Sequence[Profile], language: Language) -> ui.Modal | None:
    """The form of that number, with what was declared so far; None where there is none of it any more."""
    asked = profiles[number * _FIELDS : (number + 1) * _FIELDS]
    if not asked:
        return None
    known = {profile: str(companions) for profile, companions in check_in.profiles}
    form = ui.Modal(
        title=phrases.form_title(language),
        custom_id=f"presence:profiled:{check_in.session}:{number}",
        timeout=None,
    )
    for profile in asked:
        name = text_in(profile.name, language)
        form.add_item(
            ui.Label(
                text=name if len(name) <= _LABEL else name[: _LABEL - 1] + "…",
                description=phrases.field_description(check_in.companions, language),
                component=ui.TextInput(
                    custom_id=f"profile:{profile.key}",
                    required=False,
                    max_length=_DIGITS,
                    default=known.get(profile.key),
                ),
            )
        )
    return form


def entered(filled: Mapping[str, str | list[str]], profiles: Sequence[Profile]) -> dict[str, int]:
    """How many companions each profile of the form was given. Raises NoNumber."""
    found: dict[str, int] = {}
    for profile in profiles:
        written = filled.get(f"profile:{profile.key}")
        if isinstance(written, str):
            found[profile.key] = _number(written.strip())
    return found


def _number(written: str) -> int:
    if not written:
        return 0
    if not (written.isascii() and written.isdecimal() and len(written) <= _DIGITS):
        raise NoNumber(written)
    return int(written)
