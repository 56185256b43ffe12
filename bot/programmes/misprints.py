"""Acronyms that look like misprints of others in the same text. Pure."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

_ACRONYM = re.compile(r"(?<!\w)[^\W\d_a-záéíóúüñ]{3,}(?!\w)")


@dataclass(frozen=True, slots=True)
class Misprint:
    """`likely` is what `word` may have been meant to be; the text has it `times` times."""

    word: str
    likely: str
    times: int


def misprints(text: str) -> Mapping[str, Misprint]:
    """By word: those written once that are one slip of the hand away from one that is written more often.

    A slip is a letter too many, too few or wrong, or two that changed places (Damerau and Levenshtein's distance).
    Words of a line in capitals are a heading's and are not looked at.
    """
    counted: Counter[str] = Counter()
    for line in text.splitlines():
        words = _ACRONYM.findall(line)
        if len(words) <= 2 or any(c.islower() for c in line):
            counted.update(words)
    found = {}
    for word, times in counted.items():
        if times > 1:
            continue
        near = [
            (often, other)
            for other, often in counted.items()
            if often > 1 and len(other) >= 4 and OSA.distance(word, other, score_cutoff=1) <= 1
        ]
        if near:
            often, likely = max(near)
            found[word] = Misprint(word, likely, often)
    return found
