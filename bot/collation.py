"""The alphabets of the languages, without the host's locale and without a library of the size of ICU."""

import unicodedata

from bot.languages import Language

Key = tuple[tuple[str, ...], tuple[str, ...], str]

#: In Spanish a letter of its own, after every n.
_ENYE = "n\U0010ffff"


def alphabetical(text: str, language: Language) -> Key:
    """The place of a text in the alphabet.

    Accents and case decide only between texts that are the same without them; blanks, hyphens and the like come
    before letters. Composed and decomposed letters are the same, and ñ follows n in Spanish.
    """
    letters: list[str] = []
    accents: list[str] = []
    for character in unicodedata.normalize("NFC", text.strip()).casefold():
        if character == "ñ" and language == "es":
            letters.append(_ENYE)
            accents.append("")
            continue
        for part in unicodedata.normalize("NFKD", character):
            if unicodedata.combining(part):
                if accents:
                    accents[-1] += part
            else:
                letters.append(part if part.isalnum() else " ")
                accents.append("")
    return tuple(letters), tuple(accents), text
