"""What is refused about questions, each with the data that its words need."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber, SessionKey

if TYPE_CHECKING:
    from bot.questions import Question, State


@dataclass
class EmptyText(Refusal):
    """There is nothing to read in what was typed."""

    where: Literal["question", "addressee", "words"]


@dataclass
class TextTooLong(Refusal):
    """What was typed is longer than `limit`."""

    length: int
    limit: int


@dataclass
class AskingNotOpen(Refusal):
    """Questions are taken from `opens_at` on; None: the event has no more sessions that take any."""

    opens_at: datetime | None


@dataclass
class AskingClosed(Refusal):
    """The session takes no more since `closed_at`; the next one does from `opens_at` on, if there is one."""

    closed_at: datetime
    opens_at: datetime | None


@dataclass
class TooManyQuestions(Refusal):
    """The person has as many in the session as one may have."""

    limit: int


@dataclass
class SessionFull(Refusal):
    """The session has as many questions as it takes."""

    limit: int


@dataclass
class QuestionUnknown(Refusal):
    """There is no question of that number, or none of this person's."""

    number: QuestionNumber


@dataclass
class AlreadyDecided(Refusal):
    """It is not where the action needs it: `by` moved it at `at`; None: its author, or the event."""

    number: QuestionNumber
    state: "State"
    by: PersonId | None
    at: datetime


@dataclass
class AlreadyTaken(Refusal):
    """Somebody has just put `number` on air; whoever saw that may go on from it."""

    number: QuestionNumber
    by: PersonId | None
    at: datetime


@dataclass
class NothingApproved(Refusal):
    """No approved question waits. `waiting` are under review, `first` is the first of them."""

    waiting: int
    first: "Question | None"


@dataclass
class QuestionTimeNotCome(Refusal):
    """The questions and answers begin at `starts_at`; a moderator may confirm that they begin earlier."""

    session: SessionKey
    starts_at: datetime


@dataclass
class SessionNotOn(Refusal):
    """Nothing goes on air outside the session, which is from `starts_at` to `ends_at`."""

    session: SessionKey
    starts_at: datetime
    ends_at: datetime
