"""Where a question can stand, how it gets there, and how a step is taken back. All pure.

A question's history is never changed: taking a step back is one more row, which names the row that it takes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.ids import PersonId, QuestionNumber, SessionKey


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
    """Who moved a question from one state to another. EVENT is what follows from something else: the close of
    a session, or another's question gone with which this one had been joined."""

    AUTHOR = "author"
    MODERATOR = "moderator"
    EVENT = "event"


class Outcome(StrEnum):
    """What becomes of the question on air when it makes room."""

    ANSWERED = "answered"
    #: It has been dealt with, and the answer comes in writing.
    IN_WRITING = "in_writing"
    DEFERRED = "deferred"

    @property
    def state(self) -> State:
        return State.DEFERRED if self is Outcome.DEFERRED else State.ANSWERED


#: Where each state leads. That a step can be taken back stands in no table: see `undoable`.
TRANSITIONS: Mapping[State, frozenset[State]] = {
    State.PENDING: frozenset({State.APPROVED, State.REJECTED, State.WITHDRAWN, State.MERGED}),
    State.APPROVED: frozenset(
        {
            # Its author changed the text.
            State.PENDING,
            State.ON_AIR,
            # In writing, without having been on air.
            State.ANSWERED,
            State.DEFERRED,
            State.REJECTED,
            State.WITHDRAWN,
            State.MERGED,
        }
    ),
    State.ON_AIR: frozenset({State.ANSWERED, State.DEFERRED}),
    State.ANSWERED: frozenset(),
    # On a later day, on air or in writing.
    State.DEFERRED: frozenset({State.ON_AIR, State.ANSWERED}),
    State.REJECTED: frozenset(),
    State.WITHDRAWN: frozenset(),
    State.MERGED: frozenset(),
}

#: Still in the queue: its author may withdraw or change it, and it counts for the caps.
WAITING = frozenset({State.PENDING, State.APPROVED})

#: Another question may be joined to one that stands here.
OPEN_TO_MERGE = WAITING | {State.ON_AIR, State.DEFERRED}


@dataclass(frozen=True, slots=True)
class Transition:
    """One step in a question's history. `from_state` is None for the asking."""

    id: int
    number: QuestionNumber
    at: datetime
    by: By
    moderator: PersonId | None
    from_state: State | None
    to_state: State
    reason: Reason | None
    words: str | None = field(repr=False)
    #: The step that this one takes back, with all that came after it.
    undoes: int | None = None
    #: With `answered`: the answer is in writing.
    in_writing: bool = False
    #: With `merged`: the question that it was joined to.
    into: QuestionNumber | None = None
    #: With `on_air`: the session in which it was put before the public.
    session: SessionKey | None = None
    #: With `on_air`: the step that took another question off the air for it, and the first showing that came of it.
    took_off: int | None = None
    showing: int | None = None

    @property
    def is_answer(self) -> bool:
        """Whether it came with an answer in writing: nothing else answers a question that is not on air."""
        return self.to_state is State.ANSWERED and self.from_state in (State.APPROVED, State.DEFERRED)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a question stands, and what belongs to that."""

    state: State
    reason: Reason | None = None
    words: str | None = field(default=None, repr=False)
    in_writing: bool = False
    into: QuestionNumber | None = None
    #: The session in which it had its turn, the last one where it had several.
    air_session: SessionKey | None = None


def in_force(history: Iterable[Transition]) -> list[Transition]:
    """The steps that have not been taken back, in order; the asking is the first."""
    steps: list[Transition] = []
    for step in history:
        if step.undoes is None:
            steps.append(step)
            continue
        while steps and steps.pop().id != step.undoes:
            pass
    return steps


def standing_after(history: Iterable[Transition]) -> Standing:
    """Where the history leads. It has at least the asking in it."""
    steps = in_force(history)
    last = steps[-1]
    air = next((s.session for s in reversed(steps) if s.to_state is State.ON_AIR), None)
    return Standing(last.to_state, last.reason, last.words, last.in_writing, last.into, air)


def undoable(history: Iterable[Transition]) -> Transition | None:
    """The step that can be taken back: the last one in force, unless it is the author's own or the asking."""
    last = in_force(history)[-1]
    return None if last.from_state is None or last.by is By.AUTHOR else last


def before(history: Sequence[Transition], step: Transition) -> list[Transition]:
    """The steps in force before `step`."""
    steps = in_force(history)
    return steps[: steps.index(step)]
