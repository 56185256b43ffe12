"""The kinds of value that config.toml holds, read from what people write."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Annotated, Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from babel import Locale
from pydantic import PlainValidator, ValidationInfo

from bot.agenda import LANGUAGES, Language, Text, parse_day, parse_hours
from bot.config_mistakes import Mistaken, closest
from bot.links import web_link


class Context(NamedTuple):
    """What a value needs to know of the rest of the file."""

    directory: Path
    languages: tuple[Language, ...]
    year: int | None


def context_of(values: Mapping[str, Any], directory: Path) -> Context:
    """The context that a file gives, as far as it can be read; what cannot is a mistake of its own place."""
    event = values.get("event")
    event = event if isinstance(event, dict) else {}
    written, year = event.get("languages"), event.get("year")
    written = written if isinstance(written, list) else []
    languages = tuple(language for language in LANGUAGES if language in written)
    return Context(directory, languages, year if type(year) is int and 1970 <= year <= 9999 else None)


class HourRange(NamedTuple):
    start: time
    end: time


def read_day(value: object, year: int | None) -> date:
    """A day written in words or figures, or TOML's own date."""
    if isinstance(value, datetime) or not isinstance(value, date | str):
        raise Mistaken("not_text")
    return parse_day(value if isinstance(value, str) else value.isoformat(), year)


def read_hours(value: object) -> HourRange:
    if not isinstance(value, str):
        raise Mistaken("not_text")
    return HourRange(*parse_hours(value))


def read_zone(value: object) -> ZoneInfo:
    """An IANA zone. A name that no zone has and a machine without zones are told apart."""
    if not isinstance(value, str):
        raise Mistaken("not_text")
    if not value.strip():
        raise Mistaken("no_zone")
    if value in ("localtime", "posixrules", "Factory"):
        # They follow the machine, and are no place.
        raise Mistaken("unknown_zone", zone=value, closest=None)
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        known = available_timezones()
        if not known:
            raise Mistaken("no_zone_database", zone=value) from None
        raise Mistaken("unknown_zone", zone=value, closest=closest(value, known)) from None


def _context(info: ValidationInfo) -> Context:
    assert isinstance(info.context, Context), "config.toml is validated in its context"
    return info.context


def _day(value: object, info: ValidationInfo) -> date:
    return read_day(value, _context(info).year)


def _text(value: object, info: ValidationInfo) -> object:
    wanted: tuple[Language, ...] = _context(info).languages or LANGUAGES
    if isinstance(value, str):
        # One text for everybody: a name that is the same in every language.
        if not value.strip():
            raise Mistaken("empty_text")
        return dict.fromkeys(wanted, value)
    if not isinstance(value, dict):
        raise Mistaken("not_text")
    for language, text in value.items():
        if language not in LANGUAGES:
            raise Mistaken("unknown_language", language=language)
        if not isinstance(text, str):
            raise Mistaken("not_text")
        if not text.strip():
            raise Mistaken("empty_text")
    missing = [language for language in wanted if language not in value]
    if missing:
        raise Mistaken("missing_language", languages=missing)
    return {language: value[language] for language in (*wanted, *value)}


def _languages(value: object) -> tuple[Language, ...]:
    if not isinstance(value, list):
        raise Mistaken("not_list")
    if not value:
        raise Mistaken("too_short", limit=1)
    for language in value:
        if language not in LANGUAGES:
            raise Mistaken("unknown_language", language=str(language))
        if value.count(language) > 1:
            raise Mistaken("duplicate", value=language)
    return tuple(value)


def read_place(value: object) -> int | str:
    """An id or a name; a name may bear the sign that Discord shows before it."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise Mistaken("not_place")
    if isinstance(value, str):
        name = value.strip().lstrip("#@").strip()
        if re.fullmatch(r"\d{17,20}", name):
            value = int(name)
        elif not name:
            raise Mistaken("empty_text")
        else:
            return name
    if not 0 < value < 2**64:
        raise Mistaken("not_place")
    return value


def _places(value: object) -> tuple[int | str, ...]:
    written = value if isinstance(value, list) else [value]
    if not written:
        raise Mistaken("too_short", limit=1)
    return tuple(read_place(place) for place in written)


def read_country(value: object) -> str:
    if not isinstance(value, str):
        raise Mistaken("not_text")
    code = value.strip().upper()
    if code not in country_codes():
        raise Mistaken("unknown_country", written=value)
    return code


@cache
def country_codes() -> frozenset[str]:
    """The ISO 3166-1 alpha-2 codes in use."""
    territories = (str(code) for code in Locale("en").territories)
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES


#: What CLDR names beside countries: unions, the unknown, pseudo-locales, exceptions that ISO reserves.
_NOT_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ"])


def _key(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,31}", value):
        raise Mistaken("not_key")
    return value


def read_file_path(value: object, directory: Path) -> Path:
    """Absolute, from the directory of the configuration file."""
    if not isinstance(value, str):
        raise Mistaken("not_text")
    if not value.strip() or value.endswith(("/", "\\")) or "\0" in value:
        raise Mistaken("not_file")
    return (directory / Path(value).expanduser()).resolve()


def read_folder_path(value: object, directory: Path) -> Path:
    """Absolute, from the directory of the configuration file."""
    if not isinstance(value, str):
        raise Mistaken("not_text")
    if not value.strip() or "\0" in value:
        raise Mistaken("empty_text")
    return (directory / Path(value).expanduser()).resolve()


def _source(value: object, info: ValidationInfo) -> str | Path:
    if isinstance(value, str) and "://" in value:
        if (link := web_link(value)) is None:
            raise Mistaken("not_link")
        return link
    return _file_path(value, info)


def _file_path(value: object, info: ValidationInfo) -> Path:
    return read_file_path(value, _context(info).directory)


def _folder_path(value: object, info: ValidationInfo) -> Path:
    return read_folder_path(value, _context(info).directory)


Day = Annotated[date, PlainValidator(_day)]
Hours = Annotated[HourRange, PlainValidator(read_hours)]
Zone = Annotated[ZoneInfo, PlainValidator(read_zone)]
LanguageText = Annotated[Text, PlainValidator(_text)]
Languages = Annotated[tuple[Language, ...], PlainValidator(_languages)]
Place = Annotated[int | str, PlainValidator(read_place)]
Places = Annotated[tuple[int | str, ...], PlainValidator(_places)]
CountryCode = Annotated[str, PlainValidator(read_country)]
Key = Annotated[str, PlainValidator(_key)]
FilePath = Annotated[Path, PlainValidator(_file_path)]
#: An address on the web, or a file.
Source = Annotated[str | Path, PlainValidator(_source)]
FolderPath = Annotated[Path, PlainValidator(_folder_path)]
