"""Countries by what people write: their names in both languages, ISO's codes, and the spellings of diplomatic lists."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

from babel.core import get_global
from rapidfuzz import fuzz, process

from bot.config_values import country_codes
from bot.i18n import country_name
from bot.languages import LANGUAGES
from bot.question_text import fold

#: What lists call countries beside the names that CLDR has for them.
_OTHER_NAMES: Mapping[str, tuple[str, ...]] = {
    "US": (
        "EE. UU.", "EEUU", "EUA", "EE. UU. A.", "U.S.", "U.S.A.", "Estados Unidos de América",
        "United States of America", "Norteamérica", "Estados Unidos de Norteamérica",
    ),
    "MX": ("Méjico", "Estados Unidos Mexicanos", "United Mexican States"),
    "DO": ("Dominicana", "Rep. Dominicana", "R. Dominicana", "Dominican Rep.", "RD"),
    "GB": ("Gran Bretaña", "Great Britain", "UK", "U.K.", "Reino Unido de Gran Bretaña e Irlanda del Norte"),
    "NL": ("Holanda", "Holland"),
    "CZ": ("República Checa", "Czech Republic"),
    "BO": ("Estado Plurinacional de Bolivia", "Plurinational State of Bolivia"),
    "VE": ("República Bolivariana de Venezuela", "Bolivarian Republic of Venezuela"),
    "KR": ("Corea", "República de Corea", "Republic of Korea", "South Korea", "Corea del Sur"),
    "RU": ("Federación de Rusia", "Russian Federation"),
    "CH": ("Confederación Suiza", "Swiss Confederation"),
    "TT": ("Trinidad y Tobago", "Trinidad and Tobago", "Trinidad"),
    "VC": ("San Vicente", "Saint Vincent"),
    "BZ": ("Belice", "Belize"),
}  # fmt: skip

#: What stands before a country's name on official lists and makes it no other country.
_STYLES = (
    "la republica de", "republica de", "republica del", "the republic of", "republic of", "rep de", "reino de",
    "kingdom of", "commonwealth de", "commonwealth of", "mancomunidad de", "estado de", "state of", "gobierno de",
    "government of",
)  # fmt: skip

_ARTICLES = ("el", "la", "los", "las", "the")

#: How alike a name must be to be offered instead.
_NEAR_PERCENT = 72


def country_of(text: str) -> str | None:
    """The ISO 3166-1 alpha-2 code of the country that is meant; None where it is none, or might be two.

    Takes names in Spanish and English whatever their case and accents, alpha-2 and alpha-3 codes, and the forms of
    official lists: "Salvador (El)", "República de Honduras", "Korea, Republic of".
    """
    return next((code for reading in _readings(text) if (code := _names().get(reading)) is not None), None)


def near_countries(text: str, among: Iterable[str]) -> tuple[str, ...]:
    """The codes of at most two countries among these that the text may be a misspelling of, the likeliest first."""
    wanted = set(among)
    names = {name: code for name, code in _names().items() if code in wanted and len(name) > 3}
    found = process.extract(fold(text), list(names), scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT, limit=6)
    return tuple(dict.fromkeys(names[name] for name, _, _ in found))[:2]


def _readings(text: str) -> Iterator[str]:
    """What the text may be in the table of names, the most literal first."""
    yield _plain(text)
    # "Salvador (El)", "Corea (República de)", "Salvador, El".
    turned = re.fullmatch(r"(?P<name>[^(,]+)[(,]\s*(?P<before>[^()]+?)\s*\)?\s*", text.strip())
    if turned is not None:
        yield _plain(f"{turned['before']} {turned['name']}")
        yield _plain(turned["name"])
    # "México MEX", "MX - México": a code beside the name says the same.
    parts = [part for part in re.split(r"\s*[-–—/|]\s*", text) if part.strip()]
    if len(parts) == 2 and len({_names().get(_plain(part)) for part in parts}) == 1:
        yield _plain(parts[0])


def _plain(text: str) -> str:
    folded = fold(text)
    words = folded.split()
    if words and all(len(word) == 1 for word in words):
        # "U.S.A."
        return "".join(words)
    for style in _STYLES:
        if folded.startswith(f"{style} "):
            folded = folded.removeprefix(style).strip()
    words = folded.split()
    return " ".join(words[1:]) if len(words) > 1 and words[0] in _ARTICLES else folded


@cache
def _names() -> Mapping[str, str]:
    """Codes by plain name and by code. A name that two countries have is left out."""
    known = country_codes()
    found: dict[str, set[str]] = {}
    for code in known:
        for name in (code, *(country_name(code, language) for language in LANGUAGES), *_OTHER_NAMES.get(code, ())):
            found.setdefault(_plain(name), set()).add(code)
            found.setdefault(fold(name), set()).add(code)
    names = {name: codes.pop() for name, codes in found.items() if len(codes) == 1}
    for alias, codes in get_global("territory_aliases").items():
        # CLDR keeps ISO's three letters as names of the past for two.
        if len(alias) == 3 and alias.isalpha() and len(codes) == 1 and codes[0] in known:
            names.setdefault(alias.lower(), codes[0])
    return names
