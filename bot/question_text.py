"""What people type into a question: whether it says anything, and when two of them say the same."""

import re
import unicodedata
from collections.abc import Mapping

from bot.languages import Language

#: Letters by their category, and yet they show nothing.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")

#: Marks that only say how their neighbours are drawn.
_JOINERS = frozenset("\u034f\u17b4\u17b5") | {chr(c) for c in range(0xFE00, 0xFE10)}

#: Words up to this length are in every text.
_SHORT = 2

#: Words that stand in most sentences of the one language and are none of the other.
_FREQUENT: Mapping[Language, frozenset[str]] = {
    "es": frozenset({
        "al", "como", "con", "cual", "cuales", "cuando", "cuanto", "cuanta", "cuantos", "cuantas", "del",
        "desde", "donde", "el", "ella", "en", "entre", "es", "esa", "ese", "esta", "este", "estan", "fue",
        "ha", "hacia", "han", "hasta", "hay", "la", "las", "le", "les", "lo", "los", "mas", "muy", "para",
        "pero", "por", "porque", "que", "quien", "quienes", "se", "segun", "ser", "si", "sobre", "son",
        "su", "sus", "tambien", "tiene", "tienen", "una", "uno", "y", "ya",
    }),
    "en": frozenset({
        "an", "and", "are", "as", "at", "be", "been", "by", "can", "could", "did", "do", "does", "for",
        "from", "had", "have", "how", "if", "in", "is", "it", "its", "of", "on", "or", "our", "should",
        "that", "the", "their", "there", "these", "they", "this", "those", "to", "was", "we", "were",
        "what", "when", "where", "which", "who", "why", "will", "with", "would", "you", "your",
    }),
}  # fmt: skip

#: Letters and digits that are drawn as pictures: "ℹ️", "1️⃣".
_PICTURES = re.compile("[0-9#*]\ufe0f?\u20e3|.\ufe0f", re.DOTALL)


def tidy(text: str) -> str:
    """The text as it is kept: as typed, without blanks around it and without what no file or screen can hold.

    Control characters but line breaks and tabs go, and so do halves of characters, which no UTF-8 can carry.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def says_something(text: str) -> bool:
    """Whether there is a letter or a number to read.

    Blanks, invisible signs, marks, punctuation and pictures alone say nothing.
    """
    words = _PICTURES.sub("", text)
    return any(unicodedata.category(c)[0] in "LN" and c not in _BLANK_LETTERS for c in words)


def fold(text: str) -> str:
    """What texts have in common that differ in case, accents, width, punctuation and blanks only.

    Invisible signs make no difference either. A text that says something never folds to nothing.
    """
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    folded = " ".join(plain.translate(_FOLDS).split())
    return folded or " ".join(text.split())


class _Folds(dict[int, str]):
    """What each character folds to, found out once: everybody's text is folded, and those like it as well."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _folded(chr(code))
        return folded


_FOLDS = _Folds()


def _folded(character: str) -> str:
    category = unicodedata.category(character)
    if category in ("Cf", "Me") or unicodedata.combining(character) or character in _JOINERS:
        return ""
    # Marks without a class are vowels in the alphabets of India and Thailand: they carry the word.
    return character if category[0] in "LNMS" and character not in _BLANK_LETTERS else " "


def language_of(text: str) -> Language | None:
    """The language in which the text seems to be written, by the words that stand in most sentences; None where they
    do not tell."""
    words = fold(text).split()
    counts = {language: sum(word in frequent for word in words) for language, frequent in _FREQUENT.items()}
    if "\u00bf" in text or "\u00f1" in text.lower():
        counts["es"] += 1
    best = max(counts.values())
    found = [language for language, count in counts.items() if count == best]
    return found[0] if best and len(found) == 1 else None


def words_of(folded: str) -> list[str]:
    """The words by which a folded text is found, each once: of more than two letters, if it has any such."""
    words = list(dict.fromkeys(folded.split()))
    return [word for word in words if len(word) > _SHORT] or words


def shortened(text: str, length: int) -> str:
    """The beginning of the text on one line, at most `length` characters, never cut inside a letter."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    end = length - 1
    while end > 0 and (_continues(line[end]) or line[end - 1] == "\u200d"):
        end -= 1
    blank = line.rfind(" ", max(0, end - 30), end + 1)
    return line[: blank if blank > 0 else end].rstrip() + "…"


def _continues(character: str) -> bool:
    return character == "\u200d" or unicodedata.category(character) in ("Mn", "Me", "Mc")
