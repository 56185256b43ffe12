"""Whose question is next: the policies by which approved questions take their turns."""

import heapq
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from bot.ids import QuestionNumber
from bot.languages import LANGUAGES, Language

Policy = Literal["rotation", "votes", "arrival"]

#: Anonymous questions, and those of people who have not registered, form one turn each.
ANONYMOUS_TURN = "anonymous"
UNREGISTERED_TURN = "unregistered"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An approved question, as far as whose turn it is depends on it. Numbers are in order of arrival."""

    number: QuestionNumber
    #: The affiliation, or one of the two turns above.
    turn: str
    #: Nobody in the turn of the anonymous ones: which of them have one author must show in nothing.
    author: str | None
    votes: int = 0
    #: How many turns the author has had in the session.
    author_turns: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """An affiliation that waits: how many turns it has had, and which of its questions is the first."""

    turn: str
    taken: int
    first: Candidate


@dataclass(frozen=True, slots=True)
class Turns:
    """How many questions have been put on air in a session, by turn and, but for anonymous ones, by author."""

    by_turn: Mapping[str, int] = field(default_factory=dict)
    by_author: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions of a session are meant: for whom, as `fold` has the name, and in which language; None: any."""

    addressed_folded: str | None = None
    language: Language | None = None

    @property
    def is_all(self) -> bool:
        return self.addressed_folded is None and self.language is None

    @property
    def languages(self) -> tuple[Language, ...]:
        """Those in which what is meant may be."""
        return LANGUAGES if self.language is None else (self.language,)


def in_turn(
    candidates: Sequence[Candidate], policy: Policy, turns: Turns, how_many: int | None = None
) -> list[Candidate]:
    """The candidates in the order in which they will be put on air if nothing else comes; the first `how_many`.

    - rotation: fewest turns for the affiliation, then for the person, then votes, then arrival; among the anonymous
      ones no person's turns count
    - votes: most votes, then arrival
    - arrival
    """
    if policy == "arrival":
        return sorted(candidates, key=lambda c: c.number)[:how_many]
    if policy == "votes":
        return sorted(candidates, key=lambda c: (-c.votes, c.number))[:how_many]
    left = list(candidates)
    by_turn, by_author = dict(turns.by_turn), dict(turns.by_author)
    order: list[Candidate] = []

    def had(candidate: Candidate) -> int:
        return 0 if candidate.author is None else by_author.get(candidate.author, 0)

    while left and len(order) != how_many:
        first = min(left, key=lambda c: (by_turn.get(c.turn, 0), had(c), -c.votes, c.number))
        left.remove(first)
        order.append(first)
        by_turn[first.turn] = by_turn.get(first.turn, 0) + 1
        if first.author is not None:
            by_author[first.author] = had(first) + 1
    return order


def next_up(candidates: Sequence[Candidate], policy: Policy, turns: Turns) -> Candidate | None:
    """The first `in_turn`, or None where there is no candidate."""
    return next(iter(in_turn(candidates, policy, turns, 1)), None)


class Place(StrEnum):
    """Why a question stands where it does among those that wait."""

    #: Its affiliation has had no turn yet.
    NO_TURN_YET = "no_turn_yet"
    #: Its affiliation has had `count` turns, and nobody who waits fewer.
    TURNS = "turns"
    #: `count` people support it.
    VOTES = "votes"
    #: It is the `count`th to arrive among those that wait in its state.
    ARRIVAL = "arrival"


@dataclass(frozen=True, slots=True)
class PlaceReason:
    """Why a question has its place. `turn` is the affiliation, or one of the two turns above."""

    kind: Place
    count: int = 0
    turn: str | None = None


def rotate(lines: Iterator[Line], of_turn: Callable[[str], Iterator[Candidate]]) -> Iterator[tuple[Candidate, int]]:
    """The order of `rotation`, each with the turns that its affiliation has had by then.

    `lines` come with the next one first, and `of_turn` gives an affiliation's questions with the fewest turns of
    the author first, if there are authors, then by votes and arrival. No more of both is read than is needed for what
    is taken.
    """
    upcoming = next(lines, None)
    under_way: list[tuple[tuple[int, int, int, int], _Turn]] = []
    while under_way or upcoming:
        if upcoming and not (under_way and under_way[0][0] < (upcoming.taken, *_within(upcoming.first))):
            turn = _Turn(upcoming.taken, of_turn(upcoming.turn))
            upcoming = next(lines, None)
        else:
            turn = heapq.heappop(under_way)[1]
        taken = turn.taken
        yield turn.take(), taken
        if (key := turn.key()) is not None:
            heapq.heappush(under_way, (key, turn))


def _within(candidate: Candidate, more: int = 0) -> tuple[int, int, int]:
    """What orders the questions of one affiliation; `more` turns are given to the author by now."""
    return candidate.author_turns + more, -candidate.votes, candidate.number


class _Turn:
    """An affiliation whose questions are being put in order."""

    def __init__(self, taken: int, waiting: Iterator[Candidate]) -> None:
        self.taken = taken
        self._waiting = waiting
        self._first: Candidate | None = next(waiting, None)
        self._given: Counter[str] = Counter()
        #: Those that have to stand back, since their author has had a turn meanwhile.
        self._back: list[Candidate] = []

    def take(self) -> Candidate:
        chosen = self._next()
        assert chosen is not None
        if chosen is self._first:
            self._first = next(self._waiting, None)
        else:
            self._back.remove(chosen)
        self.taken += 1
        if chosen.author is not None:
            self._given[chosen.author] += 1
        return chosen

    def key(self) -> tuple[int, int, int, int] | None:
        chosen = self._next()
        return None if chosen is None else (self.taken, *self._order(chosen))

    def _next(self) -> Candidate | None:
        while self._first is not None and self._turns_given(self._first):
            self._back.append(self._first)
            self._first = next(self._waiting, None)
        some = [*self._back, self._first] if self._first else self._back
        return min(some, key=self._order, default=None)

    def _order(self, candidate: Candidate) -> tuple[int, int, int]:
        return _within(candidate, self._turns_given(candidate))

    def _turns_given(self, candidate: Candidate) -> int:
        return 0 if candidate.author is None else self._given[candidate.author]
