"""The languages that Estrado speaks, and texts that exist in one or several of them."""

from collections.abc import Mapping
from typing import Literal, get_args

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

#: A text by language, in the event's order of languages.
Text = Mapping[Language, str]


def text_in(text: Text, language: Language) -> str:
    """The text in `language`, or in the first language that it exists in."""
    found = text.get(language)
    return next(iter(text.values())) if found is None else found
