"""Good practices that delegations record on a day's theme: values, and what a practice must say. All pure."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot.errors import Refusal
from bot.ids import PersonId, SessionKey
from bot.languages import Language
from bot.participants import Affiliation, Country, one_line
from bot.question_text import says_something, tidy

PracticeNumber = NewType("PracticeNumber", int)

#: How long each text may be. Discord takes at most 4000 characters in a form's field.
TITLE_LENGTH, TEXT_LENGTH, RESULTS_LENGTH, REASON_LENGTH = 120, 3000, 1500, 300

#: How many one person may record, withdrawn ones apart.
PER_PERSON = 20


class PracticeState(StrEnum):
    """Where a practice stands."""

    PENDING = "pending"
    APPROVED = "approved"
    REJECTED = "rejected"
    #: By who recorded it; that is final.
    WITHDRAWN = "withdrawn"


class PracticeField(StrEnum):
    """What a practice says; also the names of the form's fields."""

    TITLE = "title"
    TEXT = "text"
    RESULTS = "results"


@dataclass(frozen=True, slots=True)
class PracticeDraft:
    """What somebody filled in, as it came."""

    title: str = field(default="", repr=False)
    text: str = field(default="", repr=False)
    results: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice as it is kept. `country` and `institution` are those of when it was recorded."""

    number: PracticeNumber
    session: SessionKey
    person: PersonId
    country: str
    institution: str = field(repr=False)
    language: Language
    title: str = field(repr=False)
    text: str = field(repr=False)
    results: str = field(repr=False)
    recorded_at: datetime
    state: PracticeState
    moved_at: datetime
    decided_by: PersonId | None = None
    #: Why it was rejected.
    reason: str | None = field(default=None, repr=False)


@dataclass
class PracticeSaysNothing(Refusal):
    """A field that has to be filled in and shows nothing. `draft` is all that was filled in."""

    where: PracticeField
    draft: PracticeDraft = field(repr=False)


@dataclass
class PracticeTooLong(Refusal):
    """A field longer than what is kept of it."""

    where: PracticeField
    length: int
    limit: int
    draft: PracticeDraft = field(repr=False)


@dataclass
class NoDelegation(Refusal):
    """Practices are recorded by delegations: by who registered for a country. `draft` is what was filled in."""

    draft: PracticeDraft = field(repr=False)


@dataclass
class TooManyPractices(Refusal):
    """The person has recorded as many as one may."""

    limit: int
    draft: PracticeDraft = field(repr=False)


@dataclass
class NoSuchPractice(Refusal):
    """There is no practice of that number (any more), or it is nobody's whom it concerns."""

    number: int


@dataclass
class PracticeMoved(Refusal):
    """It stands elsewhere by now than where who pressed had seen it, or where nothing can be done with it."""

    practice: Practice


@dataclass
class NoReasonGiven(Refusal):
    """A practice is rejected with a reason, which who recorded it reads."""


def checked_practice(draft: PracticeDraft) -> PracticeDraft:
    """What may be kept of it. Raises PracticeSaysNothing and PracticeTooLong."""
    kept = PracticeDraft(one_line(draft.title), tidy(draft.text), tidy(draft.results))
    limits = (
        (PracticeField.TITLE, kept.title, TITLE_LENGTH),
        (PracticeField.TEXT, kept.text, TEXT_LENGTH),
        (PracticeField.RESULTS, kept.results, RESULTS_LENGTH),
    )
    for where, text, limit in limits:
        if where is not PracticeField.RESULTS and not says_something(text):
            raise PracticeSaysNothing(where, draft)
        if len(text) > limit:
            raise PracticeTooLong(where, len(text), limit, draft)
    return kept


def delegation_of(affiliation: Affiliation | None, draft: PracticeDraft) -> str:
    """The country for which somebody records. Raises NoDelegation."""
    if not isinstance(affiliation, Country):
        raise NoDelegation(draft)
    return affiliation.code


def checked_reason(text: str) -> str:
    """A reason as it is kept, on one line. Raises NoReasonGiven."""
    kept = one_line(text)[:REASON_LENGTH]
    if not says_something(kept):
        raise NoReasonGiven
    return kept
