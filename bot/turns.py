"""Whose question is next: the policies by which approved questions take their turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.ids import QuestionNumber

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
    author: str
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Turns:
    """How many questions have been put on air in a session, by turn and by author."""

    by_turn: Mapping[str, int] = field(default_factory=dict)
    by_author: Mapping[str, int] = field(default_factory=dict)


def in_turn(
    candidates: Sequence[Candidate], policy: Policy, turns: Turns, how_many: int | None = None
) -> list[Candidate]:
    """The candidates in the order in which they will be put on air if nothing else comes; the first `how_many`.

    - rotation: fewest turns for the affiliation, then for the person, then votes, then arrival
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
    while left and len(order) != how_many:
        first = min(left, key=lambda c: (by_turn.get(c.turn, 0), by_author.get(c.author, 0), -c.votes, c.number))
        left.remove(first)
        order.append(first)
        by_turn[first.turn] = by_turn.get(first.turn, 0) + 1
        by_author[first.author] = by_author.get(first.author, 0) + 1
    return order


def next_up(candidates: Sequence[Candidate], policy: Policy, turns: Turns) -> Candidate | None:
    """The first `in_turn`, or None where there is no candidate."""
    return next(iter(in_turn(candidates, policy, turns, 1)), None)
