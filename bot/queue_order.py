"""In which order the approved questions of a session will have their turns, as the database has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.ids import SessionKey
from bot.storage.nouns import Nouns
from bot.turns import Candidate, Place, PlaceReason, Policy, Selection, rotate

_ALL = Selection()


@dataclass(frozen=True, slots=True)
class Placed:
    """A question in its place, and why it is there."""

    candidate: Candidate
    reason: PlaceReason


def in_order(
    tx: Nouns,
    session: SessionKey,
    default: Policy,
    selection: Selection = _ALL,
) -> Iterator[Placed]:
    """The approved questions of a selection, the next one first, by the session's policy or else by the default one.

    Lazy and at a cost that does not grow with the queue. Nothing may be written while it is read.
    """
    policy = tx.policies.of(session) or default
    if policy == "rotation":
        order = rotate(tx.turns.waiting(session, selection), lambda turn: tx.turns.of_turn(session, turn, selection))
        for candidate, taken in order:
            yield Placed(candidate, _by_turn(candidate, taken))
    else:
        for place, candidate in enumerate(tx.turns.by(session, policy, selection), 1):
            yield Placed(candidate, _by(policy, candidate, place))


def _by_turn(candidate: Candidate, taken: int) -> PlaceReason:
    return PlaceReason(Place.TURNS if taken else Place.NO_TURN_YET, taken, candidate.turn)


def _by(policy: Policy, candidate: Candidate, place: int) -> PlaceReason:
    if policy == "votes" and candidate.votes:
        return PlaceReason(Place.VOTES, candidate.votes, candidate.turn)
    return PlaceReason(Place.ARRIVAL, place, candidate.turn)
