"""In which order the approved questions of a session will have their turns, as the database has it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.agenda import Language
from bot.ids import SessionKey
from bot.questions import State
from bot.storage.nouns import Nouns
from bot.turns import Candidate, Place, PlaceReason, Policy, Turns, in_turn, rotate


@dataclass(frozen=True, slots=True)
class Placed:
    """A question in its place, and why it is there."""

    candidate: Candidate
    reason: PlaceReason


def in_order(
    tx: Nouns,
    session: SessionKey,
    default: Policy,
    *,
    addressed_folded: str | None = None,
    language: Language | None = None,
    how_many: int = 1,
) -> Iterator[Placed]:
    """The approved questions, the next one first, by the session's policy or else by the default one.

    Lazy and at a cost that does not grow with the queue, unless there is a selection; of that, `how_many`.
    Nothing may be written while it is read.
    """
    policy = tx.policies.of(session) or default
    if addressed_folded is not None or language is not None:
        yield from _selected(tx, session, policy, addressed_folded, language, how_many)
    elif policy == "rotation":
        order = rotate(tx.turns.waiting(session), lambda turn: tx.turns.of_turn(session, turn))
        for candidate, taken in order:
            yield Placed(candidate, _by_turn(candidate, taken))
    else:
        for place, candidate in enumerate(tx.turns.by(session, policy), 1):
            yield Placed(candidate, _by(policy, candidate, place))


def _selected(
    tx: Nouns,
    session: SessionKey,
    policy: Policy,
    addressed_folded: str | None,
    language: Language | None,
    how_many: int,
) -> Iterator[Placed]:
    candidates = tx.questions.selected(session, State.APPROVED, addressed_folded, language)
    taken = dict(tx.turns.taken(session))
    turns = Turns(taken, {c.author: c.author_turns for c in candidates})
    for place, candidate in enumerate(in_turn(candidates, policy, turns, how_many), 1):
        if policy == "rotation":
            yield Placed(candidate, _by_turn(candidate, taken.get(candidate.turn, 0)))
            taken[candidate.turn] = taken.get(candidate.turn, 0) + 1
        else:
            yield Placed(candidate, _by(policy, candidate, place))


def _by_turn(candidate: Candidate, taken: int) -> PlaceReason:
    return PlaceReason(Place.TURNS if taken else Place.NO_TURN_YET, taken, candidate.turn)


def _by(policy: Policy, candidate: Candidate, place: int) -> PlaceReason:
    if policy == "votes" and candidate.votes:
        return PlaceReason(Place.VOTES, candidate.votes, candidate.turn)
    return PlaceReason(Place.ARRIVAL, place, candidate.turn)
