"""Who came against who was expected: each person in exactly one line, and delegations against the minimum. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.config import CoverageConfig
from bot.ids import PersonId
from bot.participants import Affiliation, Country, Elsewhere, Standing


@dataclass(frozen=True, slots=True)
class Count:
    """`people` are present by the summary's basis. The other two are what people said: never added to it."""

    people: int = 0
    declared: int = 0
    #: Those who share the connection of somebody who checked in.
    companions: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.people + other.people, self.declared + other.declared, self.companions + other.companions)


class Stand(StrEnum):
    """How a delegation stands against the minimum, the worst first."""

    ABSENT = "absent"
    INCOMPLETE = "incomplete"
    COMPLETE = "complete"
    #: Somebody registered for it when the configuration had it.
    UNEXPECTED = "unexpected"


@dataclass(frozen=True, slots=True)
class Delegation:
    """A country's line. `by_profile` follows the summary's profiles; `without_profile` said none of them."""

    country: str
    stand: Stand
    by_profile: tuple[int, ...]
    without_profile: int
    count: Count


@dataclass(frozen=True, slots=True)
class Lines:
    """Everybody, each in one line."""

    #: Absent ones first, then incomplete, complete and unexpected ones, each in the order of the configuration.
    delegations: tuple[Delegation, ...]
    elsewhere: Mapping[Elsewhere, Count]
    unregistered: Count


def lines(
    present: Iterable[PersonId],
    companions: Mapping[PersonId, int],
    standings: Mapping[PersonId, Standing],
    coverage: CoverageConfig,
) -> Lines:
    """The lines of those who are present and of those who checked in, which `companions` has with their companions.

    `standings` say for whom each registered person counts; everybody else is unregistered.
    """
    there = frozenset(present)
    known = {profile.key for profile in coverage.profiles}
    counts: dict[Affiliation | None, Count] = {}
    profiles: dict[tuple[str, str | None], int] = {}
    for person in there | companions.keys():
        standing = standings.get(person)
        affiliation = None if standing is None else standing.affiliation
        one = Count(int(person in there), int(person in companions), companions.get(person, 0))
        counts[affiliation] = counts.get(affiliation, Count()) + one
        if person in there and standing is not None and isinstance(affiliation, Country):
            key = (affiliation.code, standing.profile if standing.profile in known else None)
            profiles[key] = profiles.get(key, 0) + 1
    codes = dict.fromkeys(coverage.countries)
    codes |= dict.fromkeys(sorted(a.code for a in counts if isinstance(a, Country)))
    delegations = [_delegation(code, counts.get(Country(code), Count()), profiles, coverage) for code in codes]
    order = list(Stand)
    return Lines(
        delegations=tuple(sorted(delegations, key=lambda line: order.index(line.stand))),
        elsewhere={kind: counts.get(kind, Count()) for kind in Elsewhere},
        unregistered=counts.get(None, Count()),
    )


def _delegation(
    code: str, count: Count, profiles: Mapping[tuple[str, str | None], int], coverage: CoverageConfig
) -> Delegation:
    by_profile = tuple(profiles.get((code, profile.key), 0) for profile in coverage.profiles)
    if code not in coverage.countries:
        stand = Stand.UNEXPECTED
    elif not count.people:
        stand = Stand.ABSENT
    elif all(has >= profile.minimum for profile, has in zip(coverage.profiles, by_profile, strict=True)):
        stand = Stand.COMPLETE
    else:
        stand = Stand.INCOMPLETE
    return Delegation(code, stand, by_profile, profiles.get((code, None), 0), count)
