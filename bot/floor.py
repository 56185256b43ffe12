"""Who has the floor and who is next among those who raised their hands. All pure."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber
from bot.participants import Country, Participant
from bot.turns import UNREGISTERED_TURN, Candidate, Turns, in_turn

#: Whoever speaks is told of the end so long before it, by whoever moderates.
NUDGE_BEFORE = timedelta(minutes=2)

#: How long somebody has the floor where nothing is said.
USUAL_MINUTES = 5


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody in the audience who asked to speak."""

    person: PersonId
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """A hand in the line: for which delegation it counts, and how often that one has had the floor."""

    hand: Hand
    turn: str
    taken: int


@dataclass(frozen=True, slots=True)
class Speech:
    """Somebody has, or had, the floor. `person` is None once they were erased. Numbers count from 1 in a session."""

    number: int
    person: PersonId | None
    turn: str
    given_at: datetime
    ends_at: datetime

    @property
    def nudged_at(self) -> datetime | None:
        """When the end is near; None where the whole of it is no longer than that."""
        at = self.ends_at - NUDGE_BEFORE
        return at if at > self.given_at else None


@dataclass
class NotSpeaking(Refusal):
    """Somebody else has the floor by now, or nobody."""


@dataclass
class NoSession(Refusal):
    """The session is over."""


def turn_of(participant: Participant | None) -> str:
    """For whom somebody takes a turn: their country, or what they are beside the delegations."""
    if participant is None:
        return UNREGISTERED_TURN
    affiliation = participant.affiliation
    return affiliation.code if isinstance(affiliation, Country) else affiliation.value


def in_line(hands: Iterable[Hand], turns: Mapping[PersonId, str], had: Sequence[Speech]) -> tuple[Waiting, ...]:
    """The hands in fair turns: the delegation that had the floor least, then the person, then who raised it first."""
    first_come = sorted(hands, key=lambda hand: (hand.raised_at, hand.person))
    taken = _turns_taken(had)
    by_turn = Counter(speech.turn for speech in taken)
    by_author = Counter(str(speech.person) for speech in taken if speech.person is not None)
    numbered = {QuestionNumber(number): hand for number, hand in enumerate(first_come)}
    candidates = [
        Candidate(number, turns[hand.person], str(hand.person), author_turns=by_author[str(hand.person)])
        for number, hand in numbered.items()
    ]
    ordered = in_turn(candidates, "rotation", Turns(by_turn, by_author))
    return tuple(Waiting(numbered[each.number], each.turn, by_turn[each.turn]) for each in ordered)


def _turns_taken(had: Sequence[Speech]) -> list[Speech]:
    """Whoever is given the floor again before their time is up has more of it, and takes no other turn: two moderators
    may have pressed at once."""
    return [
        speech
        for before, speech in zip([None, *had], had, strict=False)
        if before is None
        or speech.person is None
        or before.person != speech.person
        or speech.given_at >= before.ends_at
    ]
