"""The rules of the questions: states, when one may ask, what is refused, whose turn is next. All pure."""

from collections.abc import Callable, Mapping
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
from bot.question_text import says_something, tidy

#: A name typed for the addressee is cut here, and so is what a moderator adds to a rejection.
ADDRESSEE_LENGTH = 100
WORDS_LENGTH = 300


class State(StrEnum):
    """Where a question stands."""

    PENDING = "pending"
    APPROVED = "approved"
    ON_AIR = "on_air"
    ANSWERED = "answered"
    DEFERRED = "deferred"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"


class Reason(StrEnum):
    """Why a question was rejected, as its author is told."""

    OFF_TOPIC = "off_topic"
    REPEATED = "repeated"
    UNCLEAR = "unclear"
    TOO_LONG = "too_long"
    PERSONAL_DATA = "personal_data"
    DISRESPECTFUL = "disrespectful"
    NO_TIME = "no_time"
    OTHER = "other"


class By(StrEnum):
    """Who moved a question from one state to another. EVENT is the close of a session."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    EVENT = "event"


#: Where each state leads.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.PENDING: frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN, State.MERGED}),
    State.APPROVED: frozenset({State.ON_AIR, State.REJECTED, State.WITHDRAWN, State.MERGED}),
    State.ON_AIR: frozenset({State.ANSWERED, State.DEFERRED}),
    State.ANSWERED: frozenset(),
    State.DEFERRED: frozenset(),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.MERGED: frozenset(),
}

#: Still in the queue: its author may withdraw it, and it counts for the caps.
WAITING = frozenset({State.PENDING, State.APPROVED})


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it is kept. Either `author` or `seal` is there; neither, nor the text, shows in a log."""

    number: QuestionNumber
    session: SessionKey
    author: PersonId | None = field(repr=False)
    seal: str | None = field(repr=False)
    text: str = field(repr=False)
    language: Language
    addressed_to: str | None = field(repr=False)
    state: State
    asked_at: datetime
    #: The last transition: when, and by which moderator where it was one.
    moved_at: datetime
    moved_by: PersonId | None
    reason: Reason | None
    words: str | None = field(repr=False)
    #: How often it was put before the public, which tells one showing from another.
    showings: int
    votes: int

    @property
    def anonymous(self) -> bool:
        return self.author is None


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asked by name, as registered. `country` is an ISO code, for delegations."""

    name: str = field(repr=False)
    institution: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Figures:
    """How many questions of a session stand where. `received` is all of them; `repeats` were told that they
    had been asked before, and are not among them."""

    by_state: Mapping[State, int]
    repeats: int = 0

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


def checked_text(text: str, limit: int) -> str:
    """A question's text as it is kept. Raises EmptyText and TextTooLong."""
    kept = tidy(text)
    if not says_something(kept):
        raise EmptyText("question")
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
