"""Who came against who was expected: each person in exactly one line, and delegations against the minimum. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.config import CoverageConfig
from bot.corrections import Corrected
from bot.ids import PersonId
from bot.participants import Affiliation, Country, Elsewhere, Standing


@dataclass(frozen=True, slots=True)
class Count:
    """`people` are present by the summary's basis and its corrections. `declared` and `companions` are what people
    said: never added to it."""

    people: int = 0
    declared: int = 0
    #: Those who share the connection of somebody who checked in, as declared.
    companions: int = 0
    #: How many of `people` are present by a correction alone.
    corrected: int = 0
    #: Present but for a correction; not among `people`.
    discounted: int = 0
    #: Excused; not among `people`.
    excused: int = 0
    #: How many companions more there were by corrections than were declared; less than zero where there were fewer.
    companions_corrected: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(
            self.people + other.people,
            self.declared + other.declared,
            self.companions + other.companions,
            self.corrected + other.corrected,
            self.discounted + other.discounted,
            self.excused + other.excused,
            self.companions_corrected + other.companions_corrected,
        )


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
    #: The companions whose profile was declared, in the order of the profiles: never added to `by_profile`.
    companions_by_profile: tuple[int, ...] = ()


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
    corrected: Corrected | None = None,
    companion_profiles: Mapping[PersonId, Iterable[tuple[str, int]]] | None = None,
) -> Lines:
    """The lines of those who are present, each once, and of those who checked in, which `companions` has with their
    companions.

    `standings` say for whom each registered person counts; everybody else is unregistered. `corrected` is what
    corrections made of it: `present` is after them. `companion_profiles` are those that were declared.
    """
    # By standing first, of which there are few, however many people there are.
    people = Counter(map(standings.get, present))
    declared = Counter(map(standings.get, companions))
    brought: Counter[Standing | None] = Counter()
    for person, number in companions.items():
        if number:
            brought[standings.get(person)] += number
    differences = _differences(corrected, standings)

    known = {profile.key for profile in coverage.profiles}
    counts: dict[Affiliation | None, Count] = {}
    profiles: Counter[tuple[str, str | None]] = Counter()
    for standing in people.keys() | declared.keys() | differences.keys():
        affiliation = None if standing is None else standing.affiliation
        one = Count(people[standing], declared[standing], brought[standing]) + differences.get(standing, Count())
        counts[affiliation] = counts.get(affiliation, Count()) + one
        if standing is not None and isinstance(affiliation, Country):
            profile = standing.profile if standing.profile in known else None
            profiles[affiliation.code, profile] += people[standing]
    companions_of: Counter[tuple[str, str]] = Counter()
    for person, pairs in (companion_profiles or {}).items():
        for key, number in pairs:
            standing = standings.get(person)
            if standing is not None and isinstance(standing.affiliation, Country):
                companions_of[standing.affiliation.code, key] += number
    codes = dict.fromkeys(coverage.countries)
    codes |= dict.fromkeys(sorted(a.code for a in counts if isinstance(a, Country)))
    delegations = [
        _delegation(code, counts.get(Country(code), Count()), profiles, companions_of, coverage) for code in codes
    ]
    order = list(Stand)
    return Lines(
        delegations=tuple(sorted(delegations, key=lambda line: order.index(line.stand))),
        elsewhere={kind: counts.get(kind, Count()) for kind in Elsewhere},
        unregistered=counts.get(None, Count()),
    )


def _differences(
    corrected: Corrected | None, standings: Mapping[PersonId, Standing]
) -> Mapping[Standing | None, Count]:
    """What corrections did, by standing."""
    if corrected is None:
        return {}
    found: dict[Standing | None, Count] = {}
    for person in corrected.added | corrected.removed | corrected.excused | corrected.companions.keys():
        one = Count(
            corrected=int(person in corrected.added),
            discounted=int(person in corrected.removed),
            excused=int(person in corrected.excused),
            companions_corrected=corrected.companions.get(person, 0),
        )
        found[standings.get(person)] = found.get(standings.get(person), Count()) + one
    return found


def _delegation(
    code: str,
    count: Count,
    profiles: Mapping[tuple[str, str | None], int],
    companions: Mapping[tuple[str, str], int],
    coverage: CoverageConfig,
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
    return Delegation(
        country=code,
        stand=stand,
        by_profile=by_profile,
        without_profile=profiles.get((code, None), 0),
        count=count,
        companions_by_profile=tuple(companions.get((code, profile.key), 0) for profile in coverage.profiles),
    )
