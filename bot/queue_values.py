"""What the queue takes and gives: plain values."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.agenda import Language, Session
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.questions import Answer as Answer
from bot.questions import Asker, Figures, Question, State, Transition
from bot.questions import Replaced as Replaced
from bot.questions import Tiding as Tiding
from bot.storage.nouns import Nouns
from bot.turns import PlaceReason, Policy

#: How many the board and `/cola` show at a time; the rest is counted.
HEAD = 5

#: So many of a list can be turned over to, page by page. Whatever is behind them is found by its number or its words.
LISTED = 500


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of somebody who asks by name: how they are shown, and for whose turn they count."""

    asker: Asker
    affiliation: str


#: Finds a person in the database; None where they have not registered.
Lookup = Callable[[Nouns, PersonId], Registered | None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked, checked, and how. `person` is whose question it is; None with `filed_for`, the name of
    somebody who is not on the server."""

    person: PersonId | None = field(repr=False)
    text: str = field(repr=False)
    anonymous: bool
    addressed_to: str | None = field(repr=False)
    language: Language
    #: The moderator who files it for them.
    filed_by: PersonId | None = None
    filed_for: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` is saved. `repeated`: the person had asked the same before, and this is that one."""

    number: QuestionNumber
    state: State
    #: Among those of the session that wait, in order of arrival; None where it waits no more.
    place: int | None
    anonymous: bool
    repeated: bool
    #: Words of config's list for which moderators will look at it twice.
    held_words: tuple[str, ...] = field(default=(), repr=False)
    #: Somebody else's, which nobody is shown yet, asks nearly the same.
    alike_under_review: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with who asked it: None for anonymous ones and for people who have not registered."""

    question: Question
    asker: Asker | None


@dataclass(frozen=True, slots=True)
class AnswerToPost:
    """An answer whose last generation is not known to be public. `post` is the public message of the question,
    `earlier` the one of the answer's generation before."""

    answer: Answer
    shown: Shown
    post: MessageId | None
    earlier: MessageId | None
    #: Whether it takes the place of an earlier one.
    corrected: bool = False


@dataclass(frozen=True, slots=True)
class Own:
    """A question as its author sees it. Where it was joined to another, `outcome` is that other one: what
    becomes of it, becomes of this one."""

    question: Question
    place: int | None
    outcome: Question
    answer: Answer | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was put on air, and what made room for it."""

    on_air: Question
    closed: Question | None


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back, and where the question stands then."""

    question: Question
    #: A step; otherwise only an answer in writing, and the question stands where it stood.
    step: bool = True
    #: Its public post, which is removed.
    post: bool = False
    #: An answer in writing, which is removed too; and whether the one before it holds again.
    answer: bool = False
    earlier_answer: bool = False
    #: A change of its text.
    text: bool = False
    #: It was joined to this one, and is by itself again.
    parted_from: QuestionNumber | None = None
    #: What the step had taken off the air, and is there again.
    on_air: Question | None = None


@dataclass(frozen=True, slots=True)
class Edited:
    """The question as changed. `back_to_review`: it had been approved, and has to be again."""

    question: Question
    back_to_review: bool


@dataclass(frozen=True, slots=True)
class Voted:
    """`number` is the question that was supported: the one to which the pressed one was joined, if it was."""

    number: QuestionNumber
    votes: int
    supports: bool


@dataclass(frozen=True, slots=True)
class Similar:
    """Approved questions that ask nearly the same, the most similar first, three at most; and whether one
    under review does, which is not shown to anybody."""

    approved: tuple[Shown, ...] = ()
    under_review: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list. Pages count from 0; there is always at least one."""

    questions: tuple[Shown, ...]
    page: int
    pages: int
    total: int


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is taken from whom `number`, or the moderator, pointed at, until `until`."""

    session: SessionKey
    until: datetime


@dataclass(frozen=True, slots=True)
class Exported:
    """A question for a file, with all that is kept of it. `author`, `asker` and the history say nothing of who
    asks anonymously."""

    question: Question
    asker: Asker | None
    answer: Answer | None
    history: tuple[Transition, ...]
    texts: tuple[Replaced, ...]


class Tab(StrEnum):
    """What of the session's questions a board shows row by row."""

    REVIEW = "review"
    APPROVED = "approved"
    ON_AIR = "on_air"
    DEFERRED = "deferred"

    @property
    def state(self) -> State:
        return _STATES[self]


_STATES = {
    Tab.REVIEW: State.PENDING,
    Tab.APPROVED: State.APPROVED,
    Tab.ON_AIR: State.ON_AIR,
    Tab.DEFERRED: State.DEFERRED,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A question on a board, and why it stands there; None where it waits for nothing."""

    shown: Shown
    place_reason: PlaceReason | None

    @property
    def question(self) -> Question:
        return self.shown.question

    @property
    def asker(self) -> Asker | None:
        return self.shown.asker


@dataclass(frozen=True, slots=True)
class BoardPage:
    """What moderators see of a session as of one instant. On air, the first under review, the next in turn and
    how many there are come with every page; `rows` are those of the tab, the page and the filters.

    Approved ones are in the order of their turns, the others in order of arrival.
    """

    session: Session
    on_air: Shown | None
    under_review: Sequence[Row]
    next_in_turn: Sequence[Row]
    figures: Figures
    policy: Policy
    tab: Tab
    rows: Sequence[Row]
    #: From 0; the last page there is, where a later one was asked for.
    page: int
    pages: int
    #: How many rows the pages have together; `goes_on`: there are others behind those.
    total: int
    goes_on: bool = False
