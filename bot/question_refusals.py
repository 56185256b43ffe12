"""What is refused about questions, each with the data that its words need."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber, SessionKey

if TYPE_CHECKING:
    from bot.question_states import State
    from bot.questions import Question


@dataclass
class EmptyText(Refusal):
    """There is nothing to read in what was typed."""

    where: Literal["question", "addressee", "words", "answer", "name"]


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
class QuestionsPaused(Refusal):
    """No questions are taken for a while, until a moderator opens them again."""


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
    """It is not where the action needs it: `by` moved it at `at`; None: its author, or the event, at an instant that
    is not known where the question is anonymous."""

    number: QuestionNumber
    state: "State"
    by: PersonId | None
    at: datetime | None


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


@dataclass
class NothingApprovedFor(Refusal):
    """No approved question waits for whom it was asked for."""

    addressed_to: str


@dataclass
class NothingToUndo(Refusal):
    """The question has no step that a moderator could take back."""

    number: QuestionNumber


@dataclass
class TextChanged(Refusal):
    """The question has another text than the one that the moderator saw, and has to be read first."""

    number: QuestionNumber


@dataclass
class AnsweredMeanwhile(Refusal):
    """`by` has written an answer since whoever writes this one looked."""

    number: QuestionNumber
    by: PersonId


@dataclass
class UndoBlocked(Refusal):
    """Taking it back would put it on air, where `on_air` is: that one has to make room first."""

    number: QuestionNumber
    on_air: QuestionNumber


@dataclass
class AskedAlready(Refusal):
    """The changed text says what the same person asks in question `number`."""

    number: QuestionNumber


@dataclass
class MergeImpossible(Refusal):
    """A question cannot be joined to itself or to one that stands where `into` does."""

    number: QuestionNumber
    into: QuestionNumber
    state: "State"


@dataclass
class OwnQuestion(Refusal):
    """Nobody supports what they ask themselves."""

    number: QuestionNumber


@dataclass
class NotVotable(Refusal):
    """Only approved questions that wait can be supported."""

    number: QuestionNumber
    state: "State"


@dataclass
class NobodyToSilence(Refusal):
    """Silence is until the end of a session, and this one is over: nothing is taken from anybody."""

    ended_at: datetime


@dataclass
class Silenced(Refusal):
    """Moderators take no questions from this person until then."""

    until: datetime


@dataclass
class TooSoon(Refusal):
    """The person has just asked, and may again from `again_at` on."""

    again_at: datetime


@dataclass
class NotLinkable(Refusal):
    """Nobody can tell any more whose the anonymous question is, nor from which person more would come."""

    number: QuestionNumber


class NotYourMessage(Refusal):
    """Only one's own message can be made a question; those who moderate may do it with any person's."""
