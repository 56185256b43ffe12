"""Days and hours as people write them, read strictly: nothing is guessed and nothing is taken from today."""

import re
import unicodedata
from datetime import date, datetime, time
from typing import Any, NamedTuple

from dateutil.parser import parser, parserinfo

from bot.agenda_mistakes import (
    AmbiguousHours,
    DayWithoutYear,
    EndNotAfterStart,
    HalfRange,
    IncompleteDay,
    NoSuchDay,
    NoSuchHour,
    OtherWeekday,
    OtherYear,
    ShortYear,
    UnknownWord,
    UnreadableDay,
    UnreadableHours,
)

_WEEKDAYS: list[tuple[str, ...]] = [
    ("lunes", "lun", "monday", "mon"),
    ("martes", "mart", "tuesday", "tues", "tue"),
    ("miercoles", "mierc", "mie", "wednesday", "wed"),
    ("jueves", "juev", "jue", "thursday", "thurs", "thur", "thu"),
    ("viernes", "vier", "vie", "friday", "fri"),
    ("sabado", "sab", "saturday", "sat"),
    ("domingo", "dom", "sunday", "sun"),
]
_MONTHS: list[tuple[str, ...]] = [
    ("enero", "ene", "january", "jan"),
    ("febrero", "febr", "feb", "february"),
    ("marzo", "march"),
    ("abril", "abr", "april", "apr"),
    ("mayo", "may"),
    ("junio", "jun", "june"),
    ("julio", "jul", "july"),
    ("agosto", "ago", "august", "aug"),
    ("septiembre", "setiembre", "sept", "sep", "set", "september"),
    ("octubre", "oct", "october"),
    ("noviembre", "nov", "november"),
    ("diciembre", "dic", "december", "dec"),
]
_JOINING = [" ", ",", "de", "del", "el", "dia", "of", "the", "on", "st", "nd", "rd", "th"]

_NONE: list[Any] = []

#: Short for Tuesday in Spanish and for March in both languages.
_MAR = "mar"


class _Words(parserinfo):
    """The words of a day in Spanish and English, without accents; no hours, no zones."""

    # The stubs know of two words for each, dateutil takes any number.
    WEEKDAYS = _WEEKDAYS  # type: ignore[assignment]
    MONTHS = _MONTHS  # type: ignore[assignment]
    JUMP = _JOINING
    HMS = _NONE
    AMPM = _NONE
    UTCZONE = _NONE
    PERTAIN = _NONE


_words = _Words(dayfirst=True)
_parser = parser(_words)

_SPACES = re.compile(r"\s+")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_NUMERIC = re.compile(r"(\d{1,2}) ?([/.-]) ?(\d{1,2})(?: ?\2 ?(\d{4}|\d{2}))?")
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"\d+")

# Two days that differ in every part: what the text does not say comes out different.
_ONE = datetime(2000, 1, 1, 1, 1, 1, 1)  # noqa: DTZ001 -- only its parts are compared
_OTHER = datetime(2004, 2, 15, 2, 2, 2, 2)  # noqa: DTZ001 -- only its parts are compared


def parse_day(text: str, year: int | None) -> date:
    """The day that `text` names in Spanish or English, the day before the month where both are numbers.

    `year` serves a text that names none; a text that names another is refused, as is a weekday that
    contradicts the date. Raises an AgendaMistake that says what is wrong.
    """
    plain = _plain(text)
    if iso := _ISO.fullmatch(plain):
        # Read apart: told that days come first, dateutil takes 2020-09-08 for the ninth of August.
        day, weekday = _calendar(text, *(int(part) for part in iso.groups())), None
    else:
        numeric = _NUMERIC.search(plain)
        plain = _numeric_in_order(text, plain, numeric) if numeric else plain
        weekday = _check_words(text, plain, month_is_a_number=numeric is not None)
        day = _read(text, _resolve_mar(plain), year)
    if year is not None and day.year != year:
        raise OtherYear(text, year)
    if weekday is not None and weekday != day.weekday():
        raise OtherWeekday(text, day, day.weekday())
    return day


def is_written_like_a_day(text: str) -> bool:
    """Whether a text is made of a day's words and figures alone, a weekday or a month among them; it may be no day."""
    words = _WORD.findall(_plain(text))
    named = [
        word for word in words if word == _MAR or _words.weekday(word) is not None or _words.month(word) is not None
    ]
    return bool(named) and all(word in named or _words.jump(word) for word in words)


def _plain(text: str) -> str:
    """Lower case, no accents, one kind of dash and space, no ordinal signs and no points after words."""
    text = re.sub(r"(?<=\d)\.?[ºª°]", "", text)
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    text = _SPACES.sub(" ", _DASHES.sub("-", text.casefold())).strip()
    text = re.sub(r"\bprimero\b|\b1e?ro\b", "1", text)
    return re.sub(r"(?<=[^\W\d_])\.", "", text).removesuffix(".")


def _numeric_in_order(text: str, plain: str, match: re.Match[str]) -> str:
    first, _, second, year = match.groups()
    if year is not None and len(year) == 2:
        raise ShortYear(text)
    if not 1 <= int(second) <= 12 or not 1 <= int(first) <= 31:
        # Left to itself, dateutil would swap them in silence.
        raise NoSuchDay(text)
    parts = "/".join(part for part in (first, second, year) if part)
    return plain[: match.start()] + parts + plain[match.end() :]


def _check_words(text: str, plain: str, *, month_is_a_number: bool) -> int | None:
    """The weekday that the text names, if any; refuses words and numbers that cannot belong to one day."""
    weekdays: list[int] = []
    months = 1 if month_is_a_number else 0
    mars = 0
    for word in _WORD.findall(plain):
        if word == _MAR:
            mars += 1
        elif (weekday := _words.weekday(word)) is not None:
            weekdays.append(weekday)
        elif _words.month(word) is not None:
            months += 1
        elif not _words.jump(word):
            raise UnknownWord(text, word)
    if mars and months:
        weekdays.append(1)
        mars -= 1
    numbers = _NUMBER.findall(plain)
    if len(weekdays) > 1 or months + mars > 1 or re.search(r"[^\w\s,/]|_", plain):
        raise UnreadableDay(text)
    if any(len(number) == 3 or len(number) > 4 for number in numbers) or len(numbers) > 3:
        raise UnreadableDay(text)
    if months + mars == 0 or not any(len(number) <= 2 for number in numbers):
        raise IncompleteDay(text)
    if not month_is_a_number:
        if sum(len(number) <= 2 for number in numbers) > 1:
            raise ShortYear(text)
        if len(numbers) > 2:
            raise UnreadableDay(text)
    elif len(numbers) != plain.count("/") + 1:
        raise UnreadableDay(text)
    return weekdays[0] if weekdays else None


def _resolve_mar(plain: str) -> str:
    others = any(_words.month(word) is not None for word in _WORD.findall(plain)) or "/" in plain
    return re.sub(r"\bmar\b", "martes" if others else "marzo", plain)


def _read(text: str, plain: str, year: int | None) -> date:
    one, other = (
        default if year is None else default.replace(year=year, day=min(default.day, 28)) for default in (_ONE, _OTHER)
    )
    try:
        read, again = _parser.parse(plain, default=one), _parser.parse(plain, default=other)
    except (ValueError, OverflowError):
        raise NoSuchDay(text) from None
    if read.year != again.year:
        raise DayWithoutYear(text)
    if read.date() != again.date():
        raise IncompleteDay(text)
    return read.date()


def _calendar(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(text) from None


_RANGE = re.compile(r"(?P<start>[^-]*?)\s*(?:-|\b(?:a|to|hasta|until)\b)\s*(?P<end>[^-]*)")
_HOUR = re.compile(r"(\d{1,2})(?:[:.h](\d{2}))?(?: ?(h|hs|hrs|horas|am|pm))?")


def parse_hours(text: str) -> tuple[time, time]:
    """The start and the end of a range such as "09:00-09:30", "9:30 a 10:15" or "09h30–10h15".

    Any dash, any space. An hour alone needs its minutes, "h" or "am"/"pm" somewhere in it. Raises an
    AgendaMistake that says what is wrong: half a range, an hour that no day has, an end not after its start.
    """
    plain = _DASHES.sub("-", unicodedata.normalize("NFKD", text).casefold())
    plain = _SPACES.sub(" ", plain).strip()
    plain = re.sub(r"\b([ap])\. ?m\.?", r"\1m", plain)
    plain = re.sub(r"^(?:de|desde|from) ", "", plain)
    plain = re.sub(r"\b(?:las|la) (?=\d)", "", plain)
    match = _RANGE.fullmatch(plain)
    if match is None:
        raise UnreadableHours(text)
    if not match["start"] or not match["end"]:
        raise HalfRange(text)
    start, end = _side(text, match["start"].strip()), _side(text, match["end"].strip())
    if start.half_is_said != end.half_is_said:
        ranges = [(a, b) for a in start.readings() for b in end.readings() if a < b]
    else:
        ranges = [(start.at, end.at)] if start.at < end.at else []
    if not ranges:
        raise EndNotAfterStart(text)
    if len(ranges) > 1:
        raise AmbiguousHours(text)
    return ranges[0]


class _Side(NamedTuple):
    at: time
    half_is_said: bool

    def readings(self) -> list[time]:
        """What it may mean beside an hour that says am or pm."""
        if self.half_is_said or not 1 <= self.at.hour <= 12:
            return [self.at]
        return [self.at.replace(hour=self.at.hour % 12), self.at.replace(hour=self.at.hour % 12 + 12)]


def _side(text: str, side: str) -> _Side:
    match = _HOUR.fullmatch(side)
    if match is None or (match[2] is None and match[3] is None):
        raise UnreadableHours(text)
    hour, minute, half = int(match[1]), int(match[2] or 0), match[3] in ("am", "pm")
    if hour > 23 or minute > 59 or (half and not 1 <= hour <= 12):
        raise NoSuchHour(text, side)
    if half:
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    return _Side(time(hour, minute), half)
