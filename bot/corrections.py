"""Corrections of a day's attendance by organizers: values, and which of them are in force. All pure.

A correction is a row that is added and never changed. What was measured and what was declared stay as they are; a
correction says beside them what an organizer knows better, and why.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.errors import Refusal
from bot.ids import PersonId, SessionKey
from bot.question_text import says_something, tidy

CorrectionNumber = NewType("CorrectionNumber", int)

#: How long a reason may be.
REASON_LENGTH = 300


class CorrectionKind(StrEnum):
    """What an organizer says of somebody's day."""

    #: They were there, whatever was measured.
    PRESENT = "present"
    #: They were not there, whatever was measured.
    ABSENT = "absent"
    #: They let the organizers know that they could not come.
    EXCUSED = "excused"
    #: An earlier correction does not hold.
    TAKEN_BACK = "taken_back"


@dataclass(frozen=True, slots=True)
class Correction:
    """One row: who said what of whom, when and why. `reason` and `made_by` are None once they were erased."""

    number: CorrectionNumber
    person: PersonId
    session: SessionKey
    kind: CorrectionKind
    reason: str | None = field(repr=False)
    made_by: PersonId | None
    made_at: datetime
    #: How many companions there were in truth; None: as declared.
    companions: int | None = None
    #: Of a TAKEN_BACK: which correction does not hold any more.
    takes_back: CorrectionNumber | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """What holds of one person's day: the latest correction of presence and the latest excuse not taken back."""

    presence: Correction | None = None
    excuse: Correction | None = None

    @property
    def is_present(self) -> bool | None:
        """Whether the person was there by correction; None where no correction says so."""
        return None if self.presence is None else self.presence.kind is CorrectionKind.PRESENT

    @property
    def companions(self) -> int | None:
        """How many companions the person had by correction; None where no correction says so."""
        return None if self.presence is None else self.presence.companions


#: What holds of everybody of whom something does.
Corrections = Mapping[PersonId, InForce]


@dataclass(frozen=True, slots=True)
class Corrected:
    """Who counts as present after the corrections, and what these did."""

    present: frozenset[PersonId]
    #: Present by correction alone.
    added: frozenset[PersonId]
    #: Present but for a correction.
    removed: frozenset[PersonId]
    #: Excused, and not present.
    excused: frozenset[PersonId]
    #: How many companions more than were declared (or fewer), by who declared them or would have.
    companions: Mapping[PersonId, int]


@dataclass
class NoReason(Refusal):
    """A correction without a reason that can be read."""


@dataclass
class ReasonTooLong(Refusal):
    """A reason longer than what is kept of it."""

    length: int
    limit: int


@dataclass
class NotBegun(Refusal):
    """The presence of a session that has not begun."""

    starts_at: datetime


@dataclass
class AlreadySo(Refusal):
    """The very same is in force already."""

    correction: Correction


@dataclass
class NoSuchCorrection(Refusal):
    """No correction has that number, or it is itself one that takes another back."""

    number: CorrectionNumber


@dataclass
class TakenBackAlready(Refusal):
    """Somebody took it back before. `by` is that row."""

    by: Correction


@dataclass
class NobodyToCorrect(Refusal):
    """A bot, which is nowhere counted."""


def reason_kept(text: str) -> str:
    """A reason as it is kept, on one line. Raises NoReason and ReasonTooLong."""
    kept = " ".join(tidy(text).split())
    if not says_something(kept):
        raise NoReason
    if len(kept) > REASON_LENGTH:
        raise ReasonTooLong(len(kept), REASON_LENGTH)
    return kept


def in_force(rows: Iterable[Correction]) -> dict[PersonId, InForce]:
    """What holds, of all rows of one session in the order in which they were made.

    Where a correction that replaced another is taken back, that other one holds again.
    """
    every = tuple(rows)
    taken_back = {row.takes_back for row in every}
    found: dict[PersonId, InForce] = {}
    for row in every:
        if row.number in taken_back or row.kind is CorrectionKind.TAKEN_BACK:
            continue
        before = found.get(row.person, InForce())
        if row.kind is CorrectionKind.EXCUSED:
            found[row.person] = InForce(before.presence, row)
        else:
            found[row.person] = InForce(row, before.excuse)
    return found


def corrected(present: Collection[PersonId], declared: Mapping[PersonId, int], corrections: Corrections) -> Corrected:
    """What `corrections` make of who is `present` by the day's basis and of the companions that were `declared`."""
    there = frozenset(present)
    added = frozenset(p for p, held in corrections.items() if held.is_present is True and p not in there)
    removed = frozenset(p for p, held in corrections.items() if held.is_present is False and p in there)
    after = (there | added) - removed
    companions = {
        person: held.companions - declared.get(person, 0)
        for person, held in corrections.items()
        if held.companions is not None
    }
    return Corrected(
        present=after,
        added=added,
        removed=removed,
        excused=frozenset(p for p, held in corrections.items() if held.excuse is not None and p not in after),
        companions={person: difference for person, difference in companions.items() if difference},
    )
