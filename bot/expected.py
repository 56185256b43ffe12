"""Who should come, as the organizers' list says, and whether somebody who registers is one of them. All pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NewType

from rapidfuzz import fuzz

from bot.errors import Refusal
from bot.ids import PersonId
from bot.participants import Country, Draft, Elsewhere, Entry, Standing, written
from bot.question_text import fold

ExpectedId = NewType("ExpectedId", int)

#: From how alike on two names may be one person's.
ALIKE_PERCENT = 85

#: So many candidates are remembered; where there are more, the name says too little.
MOST_CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Invitation:
    """What the list says about one person. `account` is a Discord user name, in small letters."""

    name: str = field(repr=False)
    institution: str = field(repr=False)
    standing: Standing
    account: str | None = field(default=None, repr=False)

    @property
    def key(self) -> str:
        """By which the person is known again in another version of the list: the name within its delegation or,
        outside delegations, within its organization. Case, accents and the order of words make no difference."""
        return f"{self.place}/{words_of_name(self.name)}"

    @property
    def place(self) -> str:
        """The delegation, or the organization, in which names tell people apart."""
        affiliation = self.standing.affiliation
        if affiliation is Elsewhere.ORGANIZATION:
            return f"{affiliation}:{fold(self.institution)}"
        return written(affiliation)


class Recognised(StrEnum):
    """How it is known which account an expected person has."""

    #: The list names the account.
    ACCOUNT = "account"
    #: The name and the delegation that were registered are those of the list.
    NAME = "name"
    #: The person said so, when asked.
    PERSON = "person"
    #: An organizer said so.
    ORGANIZER = "organizer"


@dataclass(frozen=True, slots=True)
class Expected:
    """Somebody on the list. `person` is the account that was recognised; None while nobody registered as them."""

    id: ExpectedId
    said: Invitation
    person: PersonId | None
    recognised: Recognised | None
    listed_at: datetime


class Why(StrEnum):
    """What keeps an account from being recognised as somebody on the list."""

    #: The names are alike, within one delegation.
    ALIKE = "alike"
    #: The name is the same, and the delegation is another one.
    ELSEWHERE = "elsewhere"
    #: Another account was recognised as them already.
    TAKEN = "taken"
    #: The list names another account for them.
    OTHER_ACCOUNT = "other_account"


#: What organizers have to hear of at once: two accounts for one person.
CONTESTED = frozenset({Why.TAKEN, Why.OTHER_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Certain:
    """It is this one."""

    expected: Expected
    how: Recognised


@dataclass(frozen=True, slots=True)
class Candidate:
    """It may be this one, and why that is not certain."""

    expected: Expected
    why: Why


class Asked(StrEnum):
    """What somebody who registered is asked. Neither says anything about whoever is on the list."""

    #: Whether they are the one person on the list with such a name.
    IS_IT_YOU = "is_it_you"
    #: To write more of their name, or another delegation: there are several.
    WHICH = "which"


@dataclass
class NobodyExpected(Refusal):
    """There is nobody with this number on the list (any more)."""


@dataclass
class NotRegistered(Refusal):
    """The account has not registered, so it cannot be anybody on the list."""


def words_of_name(name: str) -> str:
    """What a name has in common with the same words in another order, case or spelling of accents."""
    return " ".join(sorted(fold(name).split()))


def account_name(text: str) -> str:
    """A Discord user name as it is compared: without the @ and in small letters."""
    return text.strip().removeprefix("@").strip().lower()


def matched(
    person: PersonId,
    entry: Entry,
    account: str | None,
    expected: Iterable[Expected],
) -> Certain | Sequence[Candidate]:
    """Which of those expected a person is who registers like this: one for certain, or those that it may be.

    The account decides where the list names it. Else the same words in the same delegation are certain, if there
    is one such person and nobody else was recognised as them.
    """
    everybody = tuple(expected)
    if account is not None:
        for each in everybody:
            if each.said.account == account:
                return _unless_taken(each, person, Recognised.ACCOUNT)
    affiliation = entry.standing.affiliation
    words = words_of_name(entry.name)
    same = [each for each in everybody if words_of_name(each.said.name) == words]
    here = [each for each in same if each.said.standing.affiliation == affiliation]
    if len(here) > 1:
        # Of several organizations.
        institution = fold(entry.institution)
        here = [each for each in here if fold(each.said.institution) == institution] or here
    if len(here) == 1:
        if here[0].said.account is not None and account is not None:
            return (Candidate(here[0], Why.OTHER_ACCOUNT),)
        return _unless_taken(here[0], person, Recognised.NAME)
    alike = here or [
        each
        for each in everybody
        if each.said.standing.affiliation == affiliation and are_alike(each.said.name, entry.name)
    ]
    why = Why.ALIKE if alike else Why.ELSEWHERE
    open_to = [each for each in alike or same if _is_open_to(each, person, account)]
    return tuple(Candidate(each, why) for each in open_to[:MOST_CANDIDATES])


def asked(candidates: Sequence[Candidate]) -> Asked | None:
    """What to ask the person about these; None where only organizers can tell."""
    doubtful = [candidate for candidate in candidates if candidate.why not in CONTESTED]
    if not doubtful:
        return None
    return Asked.IS_IT_YOU if len(doubtful) == 1 else Asked.WHICH


def are_alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: a letter is another, or a name or surname was left out."""
    first, second = words_of_name(one), words_of_name(other)
    if fuzz.ratio(first, second) >= ALIKE_PERCENT or fuzz.token_sort_ratio(first, second) >= ALIKE_PERCENT:
        return True
    # One name alone is in many others.
    shared = min(len(first.split()), len(second.split()))
    return shared >= 2 and fuzz.token_set_ratio(first, second) >= 95


def draft_of_invitation(said: Invitation) -> Draft:
    """What the form shows to the account that the list names."""
    return Draft(said.name, said.institution, written(said.standing.affiliation), said.standing.profile)


def differs(said: Invitation, standing: Standing) -> bool:
    """Whether somebody who was recognised registered for another delegation or profile than the list has."""
    other_profile = said.standing.profile is not None and said.standing.profile != standing.profile
    return said.standing.affiliation != standing.affiliation or (
        isinstance(standing.affiliation, Country) and other_profile
    )


def _unless_taken(expected: Expected, person: PersonId, how: Recognised) -> Certain | Sequence[Candidate]:
    if expected.person not in (None, person):
        return (Candidate(expected, Why.TAKEN),)
    return Certain(expected, how)


def _is_open_to(expected: Expected, person: PersonId, account: str | None) -> bool:
    """Whether the person may still turn out to be this one: nobody else is, and the list names no other account."""
    if expected.person not in (None, person):
        return False
    return expected.said.account is None or account is None or expected.said.account == account
