"""Names that look like those of the people and things that others trust: the bot, the roles, those who hold them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from bot.question_text import fold, tidy

#: Letters of other alphabets, and figures, that are drawn like a letter of ours. After folding to small letters.
_DRAWN_ALIKE: Mapping[str, str] = {
    # Cyrillic
    **dict(zip("авекмнорстухіјѕԁԛԝһӏьёїґ", "abekmhopctyxijsdqwhlbeir", strict=True)),
    "п": "n", "г": "r", "и": "u", "л": "n", "ш": "w", "з": "3", "д": "a", "я": "r", "ц": "u", "б": "6",
    # Greek
    **dict(zip("αβγεζηικλμνοπρςστυχω", "abyeznikauvonpcotuxw", strict=True)),
    # Latin letters with their own code, which no normal form takes apart
    "ı": "i", "ɩ": "i", "ȷ": "j", "ø": "o", "đ": "d", "ł": "l", "ħ": "h", "ŧ": "t", "ƒ": "f", "ɑ": "a", "ɡ": "g",
    "ʀ": "r", "ɴ": "n", "ɪ": "i", "ʟ": "l", "ᴀ": "a", "ᴄ": "c", "ᴅ": "d", "ᴇ": "e", "ᴊ": "j", "ᴋ": "k", "ᴍ": "m",
    "ᴏ": "o", "ᴘ": "p", "ᴛ": "t", "ᴜ": "u", "ᴠ": "v", "ᴡ": "w", "ᴢ": "z", "ꜱ": "s", "ʏ": "y", "ɢ": "g", "ʙ": "b",
    "ʜ": "h",
    "ɛ": "e", "ʋ": "v", "ʂ": "s", "ɾ": "r",
    # Cherokee, of which the capitals are what is left after folding
    **dict(zip("ᎪᏴᏟᎠᎬᏀᎻᎥᎫᏦᏞᎷᏢᏒᎡᏚᎢᏙᎳᏃ", "abcdeghijklmprrstvwz", strict=True)),
    # Armenian and Hebrew
    "օ": "o", "ս": "u", "ց": "g", "հ": "h", "ո": "n", "ט": "v", "ס": "o",
    # Figures and signs in place of letters
    "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "$": "s", "€": "e", "@": "a", "!": "i",
}  # fmt: skip

#: Letters by their category, and nothing to the eye: the fillers of the Korean alphabet.
_INVISIBLE_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")

#: Letters on dark discs and squares, and those of flags, which no normal form makes letters.
_LETTERS_IN_PICTURES = {
    first + number: chr(ord("a") + number) for first in (0x1F150, 0x1F170, 0x1F1E6) for number in range(26)
}

#: From here on a name is written from right to left, whatever its letters.
_BACKWARDS = "\u202e"

#: Capitals that look otherwise than their small letters.
_CAPITALS = str.maketrans("ΗΝΜΒΖΥ", "hnmbzy")

#: Pairs that read as one letter at a glance, and the letters that are one stroke each.
_TOGETHER = (("rn", "m"), ("vv", "w"), ("i", "l"), ("j", "l"), ("|", "l"))

#: Words that make a name sound official and do not make it another name.
_TRIMMINGS = frozenset({"bot", "oficial", "official", "equipo", "team", "staff", "de", "del", "la", "el", "the", "of"})

#: What those are called whom attendees follow, whatever the roles' own names are.
OFFICIAL_WORDS = (
    "organización",
    "organizador",
    "organizadora",
    "organizadores",
    "moderación",
    "moderador",
    "moderadora",
    "moderadores",
    "organization",
    "organisation",
    "organizer",
    "organizers",
    "organiser",
    "moderation",
    "moderator",
    "moderators",
    "administrador",
    "administradora",
    "administración",
    "administrator",
    "admin",
    "soporte técnico",
)


def skeleton(name: str) -> str:
    """What is left of a name to the eye: equal for names that are hard to tell apart.

    Case, accents, width, blanks, signs without width and the alphabet of a letter make no difference.
    """
    kept = "".join(_strokes(character) for character in _plain(name))
    for written, seen in _TOGETHER:
        kept = kept.replace(written, seen)
    return kept


def imitated(name: str, officials: Iterable[str]) -> str | None:
    """The one of `officials` that the name passes for, wholly or in one of its parts ("Ana | Moderación")."""
    parts = {skeleton(part) for part in _parts(name)} - {""}
    return next((official for official in officials if _core(official) in parts), None)


def is_namesake(name: str, person: str) -> bool:
    """Whether somebody simply has the same single name as `person`, in the same letters: many people do."""
    return len(person.split()) == 1 and fold(name) == fold(person)


def _core(official: str) -> str:
    return skeleton(_untrimmed(official)) or skeleton(official)


def _parts(name: str) -> list[str]:
    """The whole name, and what stands between its brackets, dashes, bars and pictures; each as it is and trimmed.

    Pictures of letters are taken for pictures and for letters, and what is written backwards as it is seen, too.
    """
    before, backwards, after = name.partition(_BACKWARDS)
    readings = dict.fromkeys([name, name.translate(_LETTERS_IN_PICTURES), *([before + after[::-1]] * bool(backwards))])
    return [part for reading in readings for part in _parts_of(reading)]


def _parts_of(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", tidy(name))
    between = re.split(r"[^\w\s$€@!\u0300-\u036f\u200b-\u200f\u2060-\u2064\ufeff\u00ad]+|_", plain)
    found = [plain, *between]
    return [*found, *(_untrimmed(part) for part in found)]


def _untrimmed(part: str) -> str:
    return " ".join(word for word in part.split() if _letters(word) not in _TRIMMINGS)


def _letters(word: str) -> str:
    return "".join(character for character in _plain(word) if character.isalnum())


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).translate(_CAPITALS).casefold())


def _strokes(character: str) -> str:
    if character in _INVISIBLE_LETTERS:
        return ""
    drawn = _DRAWN_ALIKE.get(character, character)
    return drawn if drawn.isalnum() or drawn == "|" else ""
