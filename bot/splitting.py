"""Texts longer than a message may be, cut into several without losing or breaking anything."""

import re
import unicodedata

#: What reads as one: Discord's mentions, commands, emoji and timestamps, addresses, the marks of a code block.
_WHOLE = re.compile(r"<(?:[@#]|a?:\w|t:|/|id:)[^<>\n]{0,100}>|https?://[^\s<>]{1,500}|```(?:[\w+-]{0,16}(?=\n))?")

#: The mark of a code block and, where it opens one, the language that follows it.
_FENCE = re.compile(r"```(?:([\w+-]{0,16})(?=\n))?")
_CLOSE = "\n```"

#: Best places to cut, in order: between paragraphs, lines, sentences, words. Spaces that do not break are none.
_PLACES = (
    re.compile(r"\n(?:[ \t]*\n)+"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…:;])[ \t]+"),
    re.compile(r"[^\S\u00a0\u202f\n]+"),
)

_JOINER = "\u200d"


def split(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters (UTF-16 units, as Discord may count them), in order.

    Cut between paragraphs, lines, sentences or words where there are any, never inside a letter with its marks,
    an emoji of several signs, a mention, a timestamp or an address that fits; a code block cut in two is closed
    and opened again. Apart from that, and from the white space at the cuts, the parts joined are the text. A text
    of white space alone has no parts. `limit` is at least 40.
    """
    if limit < _SHORTEST:
        raise ValueError(f"no text is split into parts of {limit}")
    if 2 * len(text) <= limit:
        # As most texts do, whatever signs they are made of.
        whole = text.strip("\n \t")
        return [whole] if whole.strip() else []
    parts: list[str] = []
    opened, rest = "", text.strip("\n \t")
    while rest.strip():
        rest = opened + rest.lstrip("\n")
        if _length(rest) <= limit:
            parts.append(rest)
            break
        cut, after = _cut(rest, limit, len(opened))
        if _language_of_open_block(rest[:cut]) is not None:
            cut, after = _cut(rest, limit - len(_CLOSE), len(opened))
        part, language = rest[:cut], _language_of_open_block(rest[:cut])
        rest = rest[after:]
        if part.strip():
            parts.append(part if language is None else part + _CLOSE)
        opened = "" if language is None else f"```{language}\n"
        if language is not None and (end := re.match(r"\s*```[ \t]*", rest)):
            # Nothing of the block is left but its end, which the part has.
            opened, rest = "", rest[end.end() :]
    return parts


_SHORTEST = 40


def _length(text: str) -> int:
    return len(text) + sum(ord(character) > 0xFFFF for character in text)


def _fitting(text: str, limit: int) -> int:
    """How many characters of the text fit."""
    units = 0
    for count, character in enumerate(text):
        units += 2 if ord(character) > 0xFFFF else 1
        if units > limit:
            return count
    return len(text)


def _cut(text: str, limit: int, opened: int) -> tuple[int, int]:
    """Where the part ends, and where the next one begins."""
    fitting = _fitting(text, limit)
    whole = [match.span() for match in _WHOLE.finditer(text) if match.start() < fitting]
    least = max(opened + 1, fitting // 3)
    for place in _PLACES:
        best = None
        for match in place.finditer(text, opened):
            if match.start() > fitting:
                break
            if match.start() >= least and not any(a < match.start() < b for a, b in whole):
                best = match
        if best is not None:
            return best.start(), best.end()
    at = next((a for a, b in whole if a < fitting < b and a > opened), fitting)
    while at > opened + 1 and not _may_cut(text, at):
        at -= 1
    if at == opened + 1 and not _may_cut(text, at):
        at = fitting
    return at, at


def _may_cut(text: str, at: int) -> bool:
    """Whether one letter or sign ends before `at` and another begins there."""
    before, after = text[at - 1], text[at]
    if (at - len(text[:at].rstrip("\\"))) % 2:
        # A backslash takes the sign after it literally, and would let it loose alone.
        return False
    if unicodedata.combining(after) or unicodedata.category(after) in ("Mn", "Me", "Mc") or after == _JOINER:
        return False
    if "\u1160" <= after <= "\u11ff":
        return False
    if before == _JOINER or "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":
        return False
    if _is_flag_letter(before) and _is_flag_letter(after):
        start = at
        while start and _is_flag_letter(text[start - 1]):
            start -= 1
        return (at - start) % 2 == 0
    return not (before == "\r" and after == "\n")


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _language_of_open_block(text: str) -> str | None:
    """The language, maybe "", of the code block that the text ends in; None where it ends in none."""
    fences = list(_FENCE.finditer(text))
    return fences[-1][1] or "" if len(fences) % 2 else None
