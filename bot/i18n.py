"""Sentences in Spanish and English. Spanish is the source; English lives in bot/locale/en, one .po a module.

The catalogues are read as they are, so that there is nothing to build. Nothing here follows the machine's locale.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, get_timezone_location
from babel.messages.pofile import read_po
from babel.units import format_unit

from bot.languages import Language

#: A sentence, or its singular and plural, by the Spanish of it.
Catalogue = Mapping[str, str | tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Translator:
    """The sentences of one module of bot/phrases. A sentence that a catalogue lacks raises KeyError."""

    module: str

    def __call__(self, spanish: str, language: Language, /, **values: object) -> str:
        """The sentence in `language`, its named places filled in."""
        if language == "es":
            return spanish.format(**values)
        found = catalogue(self.module)[spanish]
        return (found if isinstance(found, str) else found[0]).format(**values)

    def plural(self, one: str, many: str, n: int, language: Language, /, **values: object) -> str:
        """Whichever of the two sentences fits `n`, which they may use as {n}."""
        if language != "es":
            found = catalogue(self.module)[one]
            assert not isinstance(found, str), f"{one!r} has no plural in locale/en/{self.module}.po"
            one, many = found[0], found[1]
        return (one if n == 1 else many).format(n=n, **values)


def sentence(spanish: str) -> str:
    """Marks a sentence that is kept in a table and translated later, so that its translation is asked for."""
    return spanish


def translator(module: str) -> Translator:
    """The translator of bot/phrases/<module>.py; its catalogue is read when first needed."""
    return Translator(module)


@cache
def catalogue(module: str) -> Catalogue:
    """The English of a module's sentences, by their Spanish."""
    source = resources.files("bot") / "locale" / "en" / f"{module}.po"
    with source.open("rb") as file:
        messages = read_po(file, locale="en", abort_invalid=True)
    return {
        message.id if isinstance(message.id, str) else message.id[0]: (
            message.string if isinstance(message.string, str) else tuple(message.string)
        )
        for message in messages
        if message.id and message.string and all(message.string) and not message.fuzzy
    }


def language_of(locale: object) -> Language:
    """The language for a Discord locale: Spanish for es-ES and es-419, English for everything else, text or not."""
    return "es" if isinstance(locale, str) and locale.lower().replace("_", "-").split("-")[0] == "es" else "en"


_DAY_FORMATS: Mapping[Language, str] = {"es": "EEEE d 'de' MMMM", "en": "EEEE d MMMM"}
_DAY_AND_YEAR_FORMATS: Mapping[Language, str] = {"es": "EEEE d 'de' MMMM 'de' y", "en": "EEEE d MMMM y"}


def day_name(day: date, language: Language, *, with_year: bool = False) -> str:
    """The day in words: "martes 8 de septiembre", always in lower case, or "Tuesday 8 September"."""
    formats = _DAY_AND_YEAR_FORMATS if with_year else _DAY_FORMATS
    return format_date(day, formats[language], locale=_locale(language))


def weekday_name(weekday: int, language: Language) -> str:
    """The weekday, counted from Monday, 0: "martes", "Tuesday"."""
    return str(_locale(language).days["format"]["wide"][weekday])


def country_name(code: str, language: Language) -> str:
    """The country of an ISO 3166-1 alpha-2 code; the code itself where CLDR does not know it."""
    return str(_locale(language).territories.get(code, code))


def hour_of_place(zone: ZoneInfo, language: Language) -> str:
    """Whose hour it is: "hora de Costa Rica", "Costa Rica Time"; the zone's own name where it belongs to no place."""
    key = get_global("zone_aliases").get(zone.key, zone.key)
    if get_global("zone_territories").get(key, "ZZ") in ("ZZ", "001"):
        return zone.key
    return get_timezone_location(zone, locale=_locale(language))


def size_name(size: int, language: Language) -> str:
    """So many bytes in the unit that suits them, rounded: "1,2 MB", "1.2 MB"."""
    unit, factor = next((each for each in _SIZES if size >= each[1]), _SIZES[-1])
    amount = size / factor
    digits = "0" if amount >= 10 else "0.#"
    return str(format_unit(amount, f"digital-{unit}", length="short", format=digits, locale=_locale(language)))


_SIZES = (("terabyte", 10**12), ("gigabyte", 10**9), ("megabyte", 10**6), ("kilobyte", 10**3), ("byte", 1))


@cache
def _locale(language: Language) -> Locale:
    return Locale(language)
