"""The rules of the questions: states, when one may ask, what is refused, whose turn is next. All pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from bot.agenda import Event, Language, Session
from bot.ids import ChannelId, MessageId, PersonId, QuestionNumber, SessionKey
from bot.question_refusals import (
    AskingClosed,
    AskingNotOpen,
    EmptyText,
    QuestionTimeNotCome,
    SessionNotOn,
    TextTooLong,
)
from bot.question_states import OPEN_TO_MERGE as OPEN_TO_MERGE
from bot.question_states import TRANSITIONS as TRANSITIONS
from bot.question_states import WAITING as WAITING
from bot.question_states import By as By
from bot.question_states import Outcome as Outcome
from bot.question_states import Reason as Reason
from bot.question_states import Standing as Standing
from bot.question_states import State as State
from bot.question_states import Transition as Transition
from bot.question_states import standing_after as standing_after
from bot.question_states import undoable as undoable
from bot.question_text import fold, says_something, tidy

#: A name typed for the addressee is cut here, and so is what a moderator adds to a rejection.
ADDRESSEE_LENGTH = 100
WORDS_LENGTH = 300


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is kept. One of `author`, `seal` and `filed_for` is there. None of them, nor the text, shows
    in a log."""

    number: QuestionNumber
    session: SessionKey
    author: PersonId | None = field(repr=False)
    seal: str | None = field(repr=False)
    text: str = field(repr=False)
    language: Language
    addressed_to: str | None = field(repr=False)
    state: State
    #: Of an anonymous question the hour, and so is the rest of what its author did.
    asked_at: datetime
    #: The last transition: when, and by which moderator where it was one.
    moved_at: datetime
    moved_by: PersonId | None
    reason: Reason | None
    words: str | None = field(repr=False)
    #: How often it was put before the public, which tells one showing from another.
    showings: int
    votes: int
    #: How often its text was changed, which tells one text from another.
    edits: int = 0
    #: With `answered`: the answer is in writing, or will be.
    in_writing: bool = False
    #: With `merged`: the question that it was joined to.
    into: QuestionNumber | None = None
    #: The session in which it had its turn; None where it has had none.
    air_session: SessionKey | None = None
    #: Words of config's list that are in the text, as they stand in the list.
    held_words: tuple[str, ...] = field(default=(), repr=False)
    #: The moderator who filed it for somebody else, and that person's name where they are not on the server.
    filed_by: PersonId | None = None
    filed_for: str | None = field(default=None, repr=False)
    #: The fingerprint of the key of the seal.
    sealed_under: str | None = field(default=None, repr=False)

    @property
    def anonymous(self) -> bool:
        return self.seal is not None

    @property
    def moved_when(self) -> datetime | None:
        """The instant of the last transition; None where no more than the hour may be known of it."""
        return None if self.anonymous and self.moved_by is None else self.moved_at

    @property
    def standing(self) -> Standing:
        return Standing(self.state, self.reason, self.words, self.in_writing, self.into, self.air_session)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked by name, as registered. `country` is an ISO code, for delegations."""

    name: str = field(repr=False)
    institution: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many questions of a session stand where. `received` is all of them; `repeats` were told that they
    had been asked before, and are not among them.

    What stands below `repeats` is there where it was asked for: the board goes without.
    """

    by_state: Mapping[State, int]
    repeats: int = 0
    #: Of those answered, the ones in writing.
    in_writing: int = 0
    by_reason: Mapping[Reason, int] = field(default_factory=dict)
    by_language: Mapping[Language, int] = field(default_factory=dict)
    #: By ISO code of the delegation, for those asked by name; the others are in `received` alone.
    by_country: Mapping[str, int] = field(default_factory=dict)
    anonymous: int = 0
    #: From the asking to the first time on air, over those asked by name that were; None where none was. When an
    #: anonymous one was asked is not known well enough.
    median_wait_seconds: float | None = None

    @property
    def received(self) -> int:
        return sum(self.by_state.values())

    def __getitem__(self, state: State) -> int:
        return self.by_state.get(state, 0)

    @property
    def waiting(self) -> int:
        return self[State.PENDING] + self[State.APPROVED]

    @property
    def accepted(self) -> int:
        """Approved and not taken back: waiting for their turn, on air, answered or deferred."""
        return sum(self[s] for s in (State.APPROVED, State.ON_AIR, State.ANSWERED, State.DEFERRED))


def checked_text(text: str, limit: int, where: Literal["question", "answer"] = "question") -> str:
    """The text of a question, or of an answer, as it is kept. Raises EmptyText and TextTooLong."""
    kept = tidy(text)
    if not says_something(kept):
        raise EmptyText(where)
    if len(kept) > limit:
        raise TextTooLong(len(kept), limit)
    return kept


def checked_addition(text: str | None, where: Literal["addressee", "words"]) -> str | None:
    """What may be left out: None where nothing was typed.

    Raises EmptyText where what was typed shows nothing, and TextTooLong.
    """
    if not text:
        return None
    kept = tidy(text)
    if not says_something(kept):
        raise EmptyText(where)
    limit = ADDRESSEE_LENGTH if where == "addressee" else WORDS_LENGTH
    if len(kept) > limit:
        raise TextTooLong(len(kept), limit)
    return kept


def words_held(folded: str, blocked: Sequence[str]) -> tuple[str, ...]:
    """The words or phrases of `blocked` that stand in the folded text as whole words."""
    return tuple(word for word in blocked if f" {fold(word)} " in f" {folded} ")


def checked_name(text: str) -> str:
    """The name of somebody who is not on the server, on one line. Raises EmptyText and TextTooLong."""
    kept = " ".join(tidy(text).split())
    if not says_something(kept):
        raise EmptyText("name")
    if len(kept) > ADDRESSEE_LENGTH:
        raise TextTooLong(len(kept), ADDRESSEE_LENGTH)
    return kept


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when a session takes questions. Half-open: at `closes_at` it takes none any more."""

    opens_at: datetime
    closes_at: datetime


def asking_hours(session: Session, opens: Literal["session", "qa"], closes: Literal["qa", "session"]) -> Hours:
    """When one may ask; a session without questions and answers takes questions from its start to its end."""
    qa = session.qa
    return Hours(
        session.starts_at if opens == "session" or qa is None else qa.starts_at,
        session.ends_at if closes == "session" or qa is None else qa.ends_at,
    )


def session_to_ask_in(event: Event, hours_of: Callable[[Session], Hours], now: datetime) -> Session:
    """The session that takes questions now. Raises AskingNotOpen and AskingClosed."""
    closed: datetime | None = None
    for session in event.sessions:
        hours = hours_of(session)
        if hours.opens_at <= now < hours.closes_at:
            return session
        if now < hours.opens_at:
            if closed is not None and _same_day(event, closed, now):
                raise AskingClosed(closed, hours.opens_at)
            raise AskingNotOpen(hours.opens_at)
        closed = hours.closes_at
    if closed is not None and _same_day(event, closed, now):
        raise AskingClosed(closed, None)
    raise AskingNotOpen(None)


def _same_day(event: Event, one: datetime, other: datetime) -> bool:
    return one.astimezone(event.timezone).date() == other.astimezone(event.timezone).date()


def check_may_go_on_air(session: Session, now: datetime, *, early: bool) -> None:
    """Raises SessionNotOn and, unless `early` was confirmed, QuestionTimeNotCome."""
    if not session.starts_at <= now < session.ends_at:
        raise SessionNotOn(session.key, session.starts_at, session.ends_at)
    if not early and session.qa is not None and now < session.qa.starts_at:
        raise QuestionTimeNotCome(session.key, session.qa.starts_at)


@dataclass(frozen=True, slots=True)
class LiveMessage:
    """A message of the bot that is kept up to date in its place."""

    channel: ChannelId
    message: MessageId
    posted_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer in writing. A changed one is a new generation of it."""

    number: QuestionNumber
    generation: int
    text: str = field(repr=False)
    moderator: PersonId
    at: datetime
    #: The public message that holds this generation, once it is known.
    message: MessageId | None = None


class Published(StrEnum):
    """What of a question is posted for all."""

    QUESTION = "question"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True)
class Takedown:
    """A public post that is to be removed: this showing of the question, or this generation of its answer."""

    id: int
    number: QuestionNumber
    what: Published
    generation: int


@dataclass(frozen=True, slots=True)
class Replaced:
    """A text that a question had until `at`, and who changed it; None: its author."""

    number: QuestionNumber
    text: str = field(repr=False)
    at: datetime
    by: By
    moderator: PersonId | None


@dataclass(frozen=True, slots=True)
class Tiding:
    """What somebody who wants messages is still to be told of a question of theirs by name."""

    id: int
    person: PersonId
    number: QuestionNumber
    state: State
    at: datetime


def answerable(state: State) -> bool:
    """Whether an answer in writing may be given to a question that stands there: not to what was refused, taken
    back or joined to another."""
    return state in OPEN_TO_MERGE or state is State.ANSWERED
