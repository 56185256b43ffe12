"""Certificates of attendance: who has earned one, what it says, and the code by which it is known. All pure.

A day counts for somebody who was measured for the share of its counted minutes that the configuration asks for. Time
in which the bot could not see is taken out of those minutes first: it is nobody's absence, so nobody loses a
certificate over it, and nobody's presence either. A day of which nothing could be seen is asked of nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.errors import Refusal
from bot.ids import PersonId, SessionKey

CertificateNumber = NewType("CertificateNumber", int)

#: A code as it is kept: twelve signs without blanks or hyphens.
Code = NewType("Code", str)


class DayKind(StrEnum):
    """What a day that counts rests on; each day on the first of these that holds."""

    MEASURED = "measured"
    #: An organizer put right that the person was there.
    CORRECTED = "corrected"
    #: The person said so.
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Day:
    """One person's day. All times are milliseconds."""

    measured: int
    #: How long the day's counted blocks are, and how much of that the bot could not see.
    counted: int
    unknown: int
    #: Among those who were present by the day's summary.
    present: bool
    declared: bool = False
    #: What an organizer put right: there, or not there, whatever was measured; None where nobody did.
    corrected: bool | None = None

    @property
    def seen(self) -> int:
        """How much of the counted blocks something is known of."""
        return self.counted - self.unknown


@dataclass(frozen=True, slots=True)
class Rule:
    """What it takes: so many `days` of the event's `sessions`, each with that share of what could be seen of it."""

    sessions: int
    days: int
    minutes_percent: int
    declared_counts: bool


@dataclass(frozen=True, slots=True)
class Merit:
    """What somebody's days come to. `seen` is how long the counted minutes are of which something is known."""

    sessions: int
    measured_days: int
    corrected_days: int
    declared_days: int
    #: Days of which nothing could be seen.
    unseen_days: int
    measured: int
    seen: int

    @property
    def days(self) -> int:
        """How many days count."""
        return self.measured_days + self.corrected_days + self.declared_days


@dataclass(frozen=True, slots=True)
class Certificate:
    """One that was given. `merit` is as of `since`: of the giving, or of the last correction that changed it."""

    number: CertificateNumber
    #: None once the person was erased.
    person: PersonId | None = field(repr=False)
    code: Code = field(repr=False)
    issued_at: datetime
    merit: Merit
    since: datetime
    #: False while a correction has it below the rule.
    is_valid: bool

    @property
    def is_changed(self) -> bool:
        """Whether something was corrected since it was given."""
        return self.since != self.issued_at


@dataclass
class CertificatesNotYet(Refusal):
    """They are given once the last day has settled."""

    at: datetime


@dataclass
class NotMet(Refusal):
    """What somebody's days come to is not enough."""

    merit: Merit
    rule: Rule


class NotRegisteredForOne(Refusal):
    """Who never registered has no name to give a certificate to."""


class CodeUnreadable(Refusal):
    """A text that is no code: too long or too short, a sign that none has, or mistyped."""


def kind_of(day: Day, rule: Rule) -> DayKind | None:
    """What makes the day count; None where it does not."""
    if day.corrected is False:
        return None
    if day.present and day.measured > 0 and day.measured * 100 >= day.seen * rule.minutes_percent:
        return DayKind.MEASURED
    if day.corrected:
        return DayKind.CORRECTED
    return DayKind.DECLARED if rule.declared_counts and day.declared else None


def merit(days: Mapping[SessionKey, Day], rule: Rule) -> Merit:
    """What somebody's days come to."""
    kinds = [kind_of(day, rule) for day in days.values()]
    return Merit(
        sessions=len(days),
        measured_days=kinds.count(DayKind.MEASURED),
        corrected_days=kinds.count(DayKind.CORRECTED),
        declared_days=kinds.count(DayKind.DECLARED),
        unseen_days=sum(
            day.counted > 0 and day.seen == 0 and kind is None for day, kind in zip(days.values(), kinds, strict=True)
        ),
        measured=sum(day.measured for day in days.values()),
        seen=sum(day.seen for day in days.values()),
    )


def is_met(merit: Merit, rule: Rule) -> bool:
    """Whether that is enough. One day at least has to count, however many could not be seen."""
    return merit.days > 0 and merit.days >= rule.days - merit.unseen_days


# The code

#: Crockford's: letters that look like a figure are read as that figure, and there is no U, so that it makes no words.
_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": "", "\u2013": "", "\u00a0": ""})

#: Eleven drawn signs, 55 bits, and one that checks them.
_DRAWN = 11


def new_code(draw: Callable[[int], int]) -> Code:
    """A code that says nothing of anybody. `draw(n)` gives a number below n that nobody can guess."""
    drawn = [draw(len(_SIGNS)) for _ in range(_DRAWN)]
    return Code("".join(_SIGNS[n] for n in (*drawn, _times_two(_sum(drawn)))))


def read_code(text: str) -> Code:
    """The code that somebody typed: blanks, hyphens and case are as one likes. Raises CodeUnreadable.

    One wrong sign, or any two in each other's place, never make another code.
    """
    code = text.strip().upper().translate(_READ_AS)
    if len(code) != _DRAWN + 1 or any(sign not in _SIGNS for sign in code):
        raise CodeUnreadable
    if _sum([_SIGNS.index(sign) for sign in code]):
        raise CodeUnreadable
    return Code(code)


def printed(code: Code) -> str:
    """A code as people copy it."""
    return "-".join(code[n : n + 4] for n in range(0, len(code), 4))


def _sum(signs: list[int]) -> int:
    """The polynomial of the signs at a primitive element of the field of 32: its powers are all different, which is
    what tells every wrong sign and every exchange of two from the right ones."""
    total = 0
    for sign in signs:
        total = _times_two(total) ^ sign
    return total


def _times_two(element: int) -> int:
    doubled = element << 1
    return doubled ^ 0b100101 if doubled & 0b100000 else doubled
