"""Names that look like those of the people and things that others trust: the bot, the roles, those who hold them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from hashlib import blake2b

from bot.ids import PersonId
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


#: What does not make an official word another's: the words of any event.
_OF_THE_EVENT = _TRIMMINGS | {
    *("taller", "evento", "sesion", "general", "principal", "central", "ayuda", "soporte", "servidor", "sala"),
    *("workshop", "event", "session", "main", "help", "support", "server", "desk", "mesa"),
}

#: Words that only count.
_NUMBER = re.compile(r"(?:v|n|no|num)?\d+|i{1,3}|iv|vi{0,3}|ix|x")

#: So many words beside an official name leave it one; an institution's has more.
_WORDS_BESIDE = 2

#: Institutions are called by so many capitals.
_ACRONYM = 6

#: How the facts begin by which it is remembered what moderators were told of somebody.
FLAGGED = "lookalike/"


def flags_of(person: PersonId) -> str:
    """How the facts begin by which it is remembered what moderators were told of the person; it tells nobody's id."""
    return f"{FLAGGED}{_digest(str(person))}/"


def flag_of(person: PersonId, what: str) -> str:
    """Under which it is remembered that moderators know of the name or the picture; it tells neither."""
    return flags_of(person) + _digest(f"{person}/{what}")


def _digest(text: str) -> str:
    return blake2b(text.encode(), digest_size=12).hexdigest()


def skeleton(name: str) -> str:
    """What is left of a name to the eye: equal for names that are hard to tell apart.

    Case, accents, width, blanks, signs without width and the alphabet of a letter make no difference.
    """
    kept = "".join(_strokes(character) for character in _plain(name))
    for written, seen in _TOGETHER:
        kept = kept.replace(written, seen)
    return kept


def imitated(name: str, officials: Iterable[str], people: Iterable[str] = ()) -> str | None:
    """The one of `officials` that the name passes for, wholly or in one of its parts ("Ana | Moderación"), or with a
    number or a word beside it ("Estrado 2", "Organización UNODC").

    `people` are the officials' own names: a word beside one of those makes it somebody else's name, a number does not.
    """
    officials, people = tuple(officials), tuple(people)
    readings = _parts(name)
    parts = {skeleton(part) for part in readings} - {""}
    whole = next((official for official in (*officials, *people) if _core(official) in parts), None)
    if whole is not None:
        return whole
    uncounted = [part for reading in readings for part in _without_numbers(reading)]
    numbered = {skeleton(part) for part in uncounted} - {""}
    several = (person for person in people if len(person.split()) > 1)
    counted = next((official for official in (*officials, *several) if _core(official) in numbered), None)
    if counted is not None:
        return counted
    return next((o for o in officials if any(_stands_with_more(part, o) for part in uncounted)), None)


def is_namesake(name: str, person: str) -> bool:
    """Whether somebody simply has the same single name as `person`, in the same letters: many people do."""
    return len(person.split()) == 1 and fold(name) == fold(person)


def _without_numbers(part: str) -> list[str]:
    """The part without the words that only count, and without figures that hang on the last letter: "Estrado 2"."""
    words = [word for word in part.split() if not _NUMBER.fullmatch(_letters(word))]
    if len(words) < len(part.split()):
        part = " ".join(words)
    figures = len(part) - len(part.rstrip("0123456789"))
    # A figure may stand for a letter: "Estrad02".
    return [part[: len(part) - cut] for cut in range(figures + 1)]


def _stands_with_more(part: str, official: str) -> bool:
    """Whether the part is the official name with something before or behind it that leaves it one."""
    words, core = part.split(), _core(official)
    if not 1 < len(words) <= len(official.split()) + _WORDS_BESIDE:
        return False
    for cut in range(1, len(words)):
        for kept, beside in ((words[:cut], words[cut:]), (words[cut:], words[:cut])):
            if skeleton(" ".join(kept)) == core and _leaves_it_official(core, beside):
                return True
    return False


def _leaves_it_official(core: str, beside: list[str]) -> bool:
    if core in _WHO_DOES_IT:
        return True
    if core in _WHAT_IT_IS:
        # "Organización Sonrisa" is somebody's; "Organización UNODC" and "Organización general" sound like the event's.
        short = all(word.isupper() and word.isalpha() and len(word) <= _ACRONYM for word in beside)
        return short or all(_letters(word) in _OF_THE_EVENT for word in beside)
    return len(beside) == 1


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


#: Of the official words, those for people: nobody's name has one beside the rest.
_WHO_DOES_IT = frozenset(
    skeleton(word)
    for word in OFFICIAL_WORDS
    if word.startswith(("organizador", "organizer", "organiser", "moderador", "moderator", "admin"))
    and not word.startswith("administra")
)

#: And those for what they do, which are in the names of many institutions too.
_WHAT_IT_IS = frozenset(skeleton(word) for word in OFFICIAL_WORDS) - _WHO_DOES_IT
