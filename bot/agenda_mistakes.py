"""What can be wrong with a day or an hour as it is written. Their words are in bot/phrases/mistakes.py."""

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar


class AgendaMistake(ValueError):
    """Something written in the agenda that cannot stand. `kind` names the rule, the fields are its values."""

    kind: ClassVar[str]

    def values(self) -> dict[str, Any]:
        """The fields by name, as bot/phrases words them."""
        return asdict(self)  # type: ignore[call-overload, no-any-return]


@dataclass(eq=False)
class UnreadableDay(AgendaMistake):
    kind = "unreadable_day"
    text: str


@dataclass(eq=False)
class UnknownWord(AgendaMistake):
    kind = "unknown_word"
    text: str
    word: str


@dataclass(eq=False)
class IncompleteDay(AgendaMistake):
    kind = "incomplete_day"
    text: str


@dataclass(eq=False)
class DayWithoutYear(AgendaMistake):
    kind = "day_without_year"
    text: str


@dataclass(eq=False)
class ShortYear(AgendaMistake):
    kind = "short_year"
    text: str


@dataclass(eq=False)
class OtherYear(AgendaMistake):
    kind = "other_year"
    text: str
    year: int


@dataclass(eq=False)
class NoSuchDay(AgendaMistake):
    kind = "no_such_day"
    text: str


@dataclass(eq=False)
class OtherWeekday(AgendaMistake):
    """`weekday` counts from Monday, 0: the one that the day really falls on."""

    kind = "other_weekday"
    text: str
    day: date
    weekday: int


@dataclass(eq=False)
class UnreadableHours(AgendaMistake):
    kind = "unreadable_hours"
    text: str


@dataclass(eq=False)
class HalfRange(AgendaMistake):
    kind = "half_range"
    text: str


@dataclass(eq=False)
class NoSuchHour(AgendaMistake):
    kind = "no_such_hour"
    text: str
    hour: str


@dataclass(eq=False)
class AmbiguousHours(AgendaMistake):
    """Half of the range says am or pm, and the other half could be either."""

    kind = "ambiguous_hours"
    text: str


@dataclass(eq=False)
class EndNotAfterStart(AgendaMistake):
    kind = "end_not_after_start"
    text: str


@dataclass(eq=False)
class MissingHour(AgendaMistake):
    """The clocks skip this local time that day."""

    kind = "missing_hour"
    day: date
    hour: str


@dataclass(eq=False)
class AmbiguousHour(AgendaMistake):
    """The clocks pass this local time twice that day. Which one is meant cannot be told, so it is refused."""

    kind = "ambiguous_hour"
    day: date
    hour: str
