"""Buttons, selects, layouts and modals: what Discord takes, and what it makes of it."""

from collections.abc import Iterable, Iterator, Sequence

from bot.loopback.nouns import Json, invalid_form

ACTION_ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT = 5, 6, 7, 8
SECTION, TEXT_DISPLAY, THUMBNAIL, GALLERY, FILE, SEPARATOR = 9, 10, 11, 12, 13, 14
CONTAINER, LABEL, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX = 17, 18, 19, 21, 22, 23

SELECTS = frozenset({STRING_SELECT, USER_SELECT, ROLE_SELECT, MENTIONABLE_SELECT, CHANNEL_SELECT})
LINK_BUTTON = 5

_LAYOUT_TOP = frozenset({ACTION_ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER})
_IN_CONTAINER = _LAYOUT_TOP - {CONTAINER}
_IN_LABEL = SELECTS | {TEXT_INPUT, FILE_UPLOAD, RADIO_GROUP, CHECKBOX_GROUP, CHECKBOX}

MAX_ROWS = 5
MAX_IN_ROW = 5
MAX_OPTIONS = 25
MAX_NESTED = 40
MAX_LAYOUT_TEXT = 4000
MAX_MODAL_PARTS = 5


def walk(components: Iterable[Json]) -> Iterator[Json]:
    """Every component, those inside others too, in the order in which a person sees them."""
    for component in components:
        yield component
        yield from walk(component.get("components", ()))
        for key in ("accessory", "component"):
            if key in component:
                yield from walk((component[key],))


def texts(components: Iterable[Json]) -> list[str]:
    """The text displays' texts in order."""
    return [each["content"] for each in walk(components) if each["type"] == TEXT_DISPLAY]


def checked(components: Sequence[Json], *, layout: bool) -> tuple[Json, ...]:
    """The components of a message as Discord keeps them; refuses with 50035 what it would not take.

    `layout` says whether the message bears the flag of the second version.
    """
    top = _LAYOUT_TOP if layout else frozenset({ACTION_ROW})
    if not layout and len(components) > MAX_ROWS:
        raise _bad("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    numbers = iter(range(1, 1000))
    kept = tuple(_kept(each, f"components.{index}", top, numbers) for index, each in enumerate(components))
    everything = list(walk(kept))
    _refuse_doubles(everything)
    if layout:
        if len(everything) > MAX_NESTED:
            raise _bad("components", "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "More than 40 components.")
        if sum(len(text) for text in texts(kept)) > MAX_LAYOUT_TEXT:
            message = "The displayable text of all components must be at most 4000 characters."
            raise _bad("components", "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message)
    return kept


def checked_modal(data: Json) -> Json:
    """A modal as a person is shown it; refuses with 50035 what Discord would not take."""
    _text(data, "custom_id", "data", 1, 100)
    _text(data, "title", "data", 1, 45)
    parts = data.get("components")
    if not isinstance(parts, list) or not 1 <= len(parts) <= MAX_MODAL_PARTS:
        raise _bad("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    numbers = iter(range(1, 1000))
    kept = []
    for index, part in enumerate(parts):
        where = f"data.components.{index}"
        kind = part.get("type")
        if kind == ACTION_ROW:
            inner = part.get("components", [])
            if len(inner) != 1 or inner[0].get("type") != TEXT_INPUT:
                raise _bad(where, "BASE_TYPE_BAD_LENGTH", "A row of a modal holds one text input.")
            _text(inner[0], "label", f"{where}.components.0", 1, 45)
            kept.append(_numbered(part, numbers, components=[_field(inner[0], f"{where}.components.0", numbers)]))
        elif kind == LABEL:
            _text(part, "label", where, 1, 45)
            _text(part, "description", where, 0, 100, required=False)
            inside = part.get("component")
            if not isinstance(inside, dict) or inside.get("type") not in _IN_LABEL:
                raise _bad(f"{where}.component", "UNION_TYPE_CHOICES", "This cannot stand in a label.")
            if "label" in inside and inside["label"] is not None:
                raise _bad(f"{where}.component.label", "COMPONENT_LABEL_NOT_ALLOWED", "The label has it.")
            kept.append(_numbered(part, numbers, component=_field(inside, f"{where}.component", numbers)))
        elif kind == TEXT_DISPLAY:
            kept.append(_kept(part, where, frozenset({TEXT_DISPLAY}), numbers))
        else:
            raise _bad(where, "UNION_TYPE_CHOICES", f"A modal does not take components of type {kind}.")
    _refuse_doubles(list(walk(kept)))
    return {"custom_id": data["custom_id"], "title": data["title"], "components": kept}


def _kept(component: Json, where: str, allowed: frozenset[int], numbers: Iterator[int]) -> Json:
    kind = component.get("type")
    if kind not in allowed:
        raise _bad(f"{where}.type", "UNION_TYPE_CHOICES", f"Components of type {kind} cannot stand here.")
    if kind == ACTION_ROW:
        return _row(component, where, numbers)
    if kind == BUTTON:
        return _button(component, where, numbers)
    if kind in SELECTS:
        return _select(component, where, numbers)
    if kind == TEXT_DISPLAY:
        _text(component, "content", where, 1, MAX_LAYOUT_TEXT)
        return _numbered(component, numbers)
    if kind == SECTION:
        number = component.get("id") or next(numbers)
        inner = component.get("components", [])
        if not 1 <= len(inner) <= 3:
            raise _bad(f"{where}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 3 in length.")
        accessory = component.get("accessory")
        if not isinstance(accessory, dict):
            raise _bad(f"{where}.accessory", "BASE_TYPE_REQUIRED", "This field is required")
        return {
            "type": SECTION,
            "id": number,
            "components": [
                _kept(each, f"{where}.components.{i}", frozenset({TEXT_DISPLAY}), numbers)
                for i, each in enumerate(inner)
            ],
            "accessory": _kept(accessory, f"{where}.accessory", frozenset({BUTTON, THUMBNAIL}), numbers),
        }
    if kind == CONTAINER:
        number = component.get("id") or next(numbers)
        inner = component.get("components", [])
        if not inner:
            raise _bad(f"{where}.components", "BASE_TYPE_REQUIRED", "This field is required")
        return {
            "type": CONTAINER,
            "id": number,
            "accent_color": component.get("accent_color"),
            "spoiler": bool(component.get("spoiler")),
            "components": [
                _kept(each, f"{where}.components.{i}", _IN_CONTAINER, numbers) for i, each in enumerate(inner)
            ],
        }
    if kind == SEPARATOR:
        return {
            "type": SEPARATOR,
            "id": component.get("id") or next(numbers),
            "spacing": component.get("spacing", 1),
            "divider": component.get("divider", True),
        }
    return _numbered(component, numbers)


def _row(component: Json, where: str, numbers: Iterator[int]) -> Json:
    inner = component.get("components")
    if not isinstance(inner, list) or not 1 <= len(inner) <= MAX_IN_ROW:
        raise _bad(f"{where}.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    if any(each.get("type") in SELECTS for each in inner) and len(inner) > 1:
        raise _bad(f"{where}.components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "A select fills its row.")
    number = component.get("id") or next(numbers)
    kinds = SELECTS | {BUTTON}
    kept = [_kept(each, f"{where}.components.{i}", kinds, numbers) for i, each in enumerate(inner)]
    return {"type": ACTION_ROW, "id": number, "components": kept}


def _button(component: Json, where: str, numbers: Iterator[int]) -> Json:
    style = component.get("style")
    if style not in range(1, 7):
        raise _bad(f"{where}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2, 3, 4, 5, 6).")
    if style == LINK_BUTTON:
        if not component.get("url"):
            raise _bad(f"{where}.url", "BUTTON_COMPONENT_URL_REQUIRED", "A url is required")
        if component.get("custom_id"):
            raise _bad(where, "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "One of both.")
    else:
        _text(component, "custom_id", where, 1, 100)
    _text(component, "label", where, 0, 80, required=False)
    if not component.get("label") and not component.get("emoji"):
        raise _bad(where, "BUTTON_COMPONENT_INVALID_LABEL_OR_EMOJI", "A button needs a label or an emoji.")
    return _numbered(component, numbers, disabled=bool(component.get("disabled")))


def _select(component: Json, where: str, numbers: Iterator[int], *, in_modal: bool = False) -> Json:
    _text(component, "custom_id", where, 1, 100)
    _text(component, "placeholder", where, 0, 150, required=False)
    lowest, most = component.get("min_values"), component.get("max_values")
    lowest = 1 if lowest is None else lowest
    most = 1 if most is None else most
    if not 0 <= lowest <= MAX_OPTIONS or not 1 <= most <= MAX_OPTIONS or lowest > most:
        raise _bad(f"{where}.min_values", "SELECT_COMPONENT_VALUES_INVALID", "min_values or max_values is wrong.")
    more: Json = {"min_values": lowest, "max_values": most}
    if not in_modal:
        more["disabled"] = bool(component.get("disabled"))
        # Only a form's fields can be required.
        component = {key: value for key, value in component.items() if key != "required"}
    if component["type"] == STRING_SELECT:
        options = component.get("options")
        if not isinstance(options, list) or not 1 <= len(options) <= MAX_OPTIONS:
            raise _bad(f"{where}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
        for index, option in enumerate(options):
            _text(option, "label", f"{where}.options.{index}", 1, 100)
            _text(option, "value", f"{where}.options.{index}", 1, 100)
            _text(option, "description", f"{where}.options.{index}", 0, 100, required=False)
        if len({option["value"] for option in options}) < len(options):
            raise _bad(f"{where}.options", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "A value comes twice.")
        if most > len(options):
            raise _bad(f"{where}.max_values", "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE", "More than options.")
        if sum(bool(option.get("default")) for option in options) > most:
            raise _bad(f"{where}.options", "SELECT_COMPONENT_TOO_MANY_DEFAULTS", "More than max_values.")
        more["options"] = [{key: value for key, value in option.items() if value is not None} for option in options]
    return _numbered(component, numbers, **more)


def _field(component: Json, where: str, numbers: Iterator[int]) -> Json:
    if component["type"] in SELECTS:
        return _select(component, where, numbers, in_modal=True)
    _text(component, "custom_id", where, 1, 100)
    if component["type"] == TEXT_INPUT:
        if component.get("style") not in (1, 2):
            raise _bad(f"{where}.style", "BASE_TYPE_CHOICES", "Value must be one of (1, 2).")
        _text(component, "placeholder", where, 0, 100, required=False)
        lowest, most = component.get("min_length"), component.get("max_length")
        if lowest is not None and not 0 <= lowest <= 4000:
            raise _bad(f"{where}.min_length", "NUMBER_TYPE_MAX", "Must be between 0 and 4000.")
        if most is not None and not max(1, lowest or 0) <= most <= 4000:
            raise _bad(f"{where}.max_length", "NUMBER_TYPE_MAX", "Must be between 1 and 4000.")
        _text(component, "value", where, 0, most or 4000, required=False)
    return _numbered(component, numbers)


def _numbered(part: Json, numbers: Iterator[int], /, **more: object) -> Json:
    kept = {key: value for key, value in part.items() if value is not None}
    kept["id"] = part.get("id") or next(numbers)
    kept.update(more)
    return kept


def _text(holder: Json, key: str, where: str, least: int, most: int, *, required: bool = True) -> None:
    value = holder.get(key)
    if value is None:
        if required:
            raise _bad(f"{where}.{key}", "BASE_TYPE_REQUIRED", "This field is required")
        return
    if not isinstance(value, str) or not least <= len(value) <= most:
        raise _bad(f"{where}.{key}", "BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")


def _refuse_doubles(everything: Iterable[Json]) -> None:
    seen = set()
    for component in everything:
        custom_id = component.get("custom_id")
        if custom_id is not None and custom_id in seen:
            message = "Component custom id cannot be duplicated"
            raise _bad("components", "COMPONENT_CUSTOM_ID_DUPLICATED", message)
        seen.add(custom_id)


_bad = invalid_form
