"""What can be wrong with config.toml, as plain values. The words are in bot/phrases/mistakes.py."""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from bot.agenda_mistakes import AgendaMistake

Steps = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class ConfigMistake:
    """One mistake: where, which, and its values.

    `path` is "event.sessions[1].blocks[0].hours", counted from 0, empty for the file as a whole; `line` is the
    file's, from 1, where it is known.
    """

    path: str
    kind: str
    data: Mapping[str, Any] = field(default_factory=dict)
    line: int | None = None
    steps: Steps = ()


class ConfigMistakes(Exception):
    """Everything that is wrong with a configuration, in the order of the file. Never empty."""

    def __init__(self, mistakes: Iterable[ConfigMistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(", ".join(f"{mistake.path}: {mistake.kind}" for mistake in self.mistakes))


class Mistaken(ValueError):
    """What a validator raises: the kind of the mistake and its values, not yet its place."""

    def __init__(self, kind: str, **data: Any) -> None:
        super().__init__(kind)
        self.kind = kind
        self.data = data


def mistake_at(steps: Steps, kind: str, **data: Any) -> ConfigMistake:
    """A mistake at a place given step by step."""
    return ConfigMistake(path_of(steps), kind, data, steps=steps)


def path_of(steps: Steps) -> str:
    """The steps as one writes them: "event.sessions[1].day"."""
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else step
    return path


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, whatever its accents and case; None where none is near."""
    folded = {_folded(candidate): candidate for candidate in sorted(known)}
    found = difflib.get_close_matches(_folded(word), folded, n=1, cutoff=0.7)
    return folded[found[0]] if found else None


def in_order(mistakes: Iterable[ConfigMistake], lines: Mapping[Steps, int]) -> list[ConfigMistake]:
    """The mistakes, each once, with their lines where `lines` knows them or what encloses them, by line."""
    placed = {(m.steps, m.kind): m if m.line else replace(m, line=_line(m.steps, lines)) for m in mistakes}
    return sorted(placed.values(), key=lambda m: (m.line or 0, m.path))


def _line(steps: Steps, lines: Mapping[Steps, int]) -> int | None:
    for length in range(len(steps), 0, -1):
        if steps[:length] in lines:
            return lines[steps[:length]]
    return None


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> Iterator[ConfigMistake]:
    """Each mistake that pydantic found, in our own terms."""
    errors = error.errors(include_url=False)
    places: list[Steps] = [tuple(found["loc"]) for found in errors]
    for found, steps in zip(errors, places, strict=True):
        if found["type"] == "too_short" and any(p[: len(steps)] == steps and p != steps for p in places):
            # Members that could not be read do not count for pydantic; they are reported on their own.
            continue
        context = found.get("ctx", {})
        kind, data = _KINDS.get(found["type"], "invalid"), {}
        cause = context.get("error")
        if isinstance(cause, Mistaken):
            kind, data = cause.kind, cause.data
        elif isinstance(cause, AgendaMistake):
            kind, data = cause.kind, cause.values()
        elif kind == "unknown_key":
            data = {"key": str(steps[-1]), "closest": closest(str(steps[-1]), _keys(model, steps[:-1]))}
        elif kind == "missing_key":
            data = {"key": str(steps[-1])}
        elif kind in ("too_small", "too_large", "too_short", "too_long"):
            data = {"limit": next(value for name, value in context.items() if name in _LIMITS)}
        elif kind == "not_one_of":
            allowed = str(context["expected"])
            data = {"written": str(found["input"]), "allowed": allowed.replace("'", "").replace(" or ", ", ")}
        yield mistake_at(steps, kind, **data)


_LIMITS = ("ge", "gt", "le", "lt", "min_length", "max_length")
_KINDS = {
    "missing": "missing_key",
    "extra_forbidden": "unknown_key",
    "int_type": "not_whole",
    "int_from_float": "not_whole",
    "float_type": "not_number",
    "finite_number": "not_number",
    "string_type": "not_text",
    "string_too_short": "empty_text",
    "string_pattern_mismatch": "empty_text",
    "greater_than_equal": "too_small",
    "greater_than": "too_small",
    "less_than_equal": "too_large",
    "less_than": "too_large",
    "too_short": "too_short",
    "too_long": "too_long",
    "literal_error": "not_one_of",
    "enum": "not_one_of",
    "tuple_type": "not_list",
    "model_type": "not_table",
    "model_attributes_type": "not_table",
}


def _keys(model: type[BaseModel], steps: Steps) -> list[str]:
    """The keys that the model at `steps` has."""
    for step in steps:
        if isinstance(step, str):
            inner = next(_models(model.model_fields[step].annotation), None)
            if inner is None:
                return []
            model = inner
    return list(model.model_fields)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))
