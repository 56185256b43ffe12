"""TOML files, and the line on which each of their keys is written, so that a mistake can be found again."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.config_mistakes import ConfigMistake, ConfigMistakes, Steps


@dataclass(frozen=True, slots=True)
class Document:
    values: dict[str, Any]
    #: From 1. Keys inside an inline table or array are not told apart from the key that holds them.
    lines: dict[Steps, int]


def read_document(path: Path) -> Document:
    """The values and lines of a file; raises ConfigMistakes where it is missing, unreadable or no TOML."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise ConfigMistakes([ConfigMistake("", "missing_file", {"file": str(path)})]) from None
    except OSError as error:
        data = {"file": str(path), "reason": error.strerror or type(error).__name__}
        raise ConfigMistakes([ConfigMistake("", "unreadable_file", data)]) from None
    try:
        # Some editors of Windows put a mark before the text, which is none of TOML's.
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigMistakes([ConfigMistake("", "not_utf8", {}, line)]) from None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+), column (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        reason = re.sub(r" \(at .*\)$", "", str(error))
        raise ConfigMistakes([ConfigMistake("", "not_toml", {"reason": reason}, line)]) from None
    return Document(values, lines_of(text))


_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+?)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")
_TOKEN = re.compile(r"""\"\"\"(?:\\.|.)*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\\n])*"|'[^'\n]*'|#[^\n]*|[\[\]{}]""", re.DOTALL)


def lines_of(text: str) -> dict[Steps, int]:
    """The line of each table header and of each key of a text that is valid TOML."""
    lines: dict[Steps, int] = {}
    counts: dict[Steps, int] = {}
    table: Steps = ()
    number = 1
    for statement in _statements(text):
        if header := _HEADER.fullmatch(statement):
            table = _table(_parts(header[2]), counts, is_array=header[1] == "[[")
            lines.setdefault(table, number)
        elif key := _KEY.match(statement):
            steps: Steps = table
            for part in _parts(key[1]):
                steps = (*steps, part)
                lines.setdefault(steps, number)
        number += statement.count("\n") + 1
    return lines


def _statements(text: str) -> list[str]:
    """The text cut at the ends of lines that end a statement: not in a string, an array or an inline table."""
    statements, depth, start, at = [], 0, 0, 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            if text[at] == "\n" and depth == 0:
                statements.append(text[start:at])
                start = at + 1
            at += 1
            continue
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        at = token.end()
    return [*statements, text[start:]]


def _table(parts: list[str], counts: dict[Steps, int], *, is_array: bool) -> Steps:
    steps: Steps = ()
    for part in parts[:-1]:
        steps = (*steps, part)
        if steps in counts:
            steps = (*steps, counts[steps])
    steps = (*steps, parts[-1])
    if is_array:
        counts[steps] = counts.get(steps, -1) + 1
        steps = (*steps, counts[steps])
    return steps


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in _PART.findall(dotted)]
