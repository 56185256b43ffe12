"""Where a day's questions came from, by delegation. Pure.

A country of which few people asked would name them; wherever more than organizers read, such countries are one line.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.ids import PersonId
from bot.participants import Country, Standing

#: A country of which fewer people asked has no line of its own where more than organizers read.
FEW_PEOPLE = 5


@dataclass(frozen=True, slots=True)
class Origin:
    """How many questions came from a country's delegation, and from how many people of it."""

    questions: int = 0
    people: int = 0

    def __add__(self, other: "Origin") -> "Origin":
        return Origin(self.questions + other.questions, self.people + other.people)


@dataclass(frozen=True, slots=True)
class Origins:
    """Every question of a day in exactly one line: a country's, those of people in no delegation, the anonymous."""

    #: By ISO code.
    by_country: Mapping[str, Origin] = field(default_factory=dict)
    #: Asked by name: by people of no delegation or who have not registered, and those filed for somebody else.
    elsewhere: int = 0
    anonymous: int = 0

    @property
    def of_many(self) -> Mapping[str, Origin]:
        """The countries that have a line of their own wherever more than organizers read."""
        return {code: each for code, each in self.by_country.items() if each.people >= FEW_PEOPLE}

    @property
    def others(self) -> int:
        """The questions of all the other countries together."""
        return sum(each.questions for each in self.by_country.values() if each.people < FEW_PEOPLE)


def origins(
    asked: Mapping[PersonId, int], standings: Mapping[PersonId, Standing], *, received: int, anonymous: int
) -> Origins:
    """Of `received` questions, `anonymous` ones and those that each person asked by name: where they came from."""
    by_country: dict[str, Origin] = {}
    for person, questions in asked.items():
        standing = standings.get(person)
        if standing is not None and isinstance(standing.affiliation, Country):
            code = standing.affiliation.code
            by_country[code] = by_country.get(code, Origin()) + Origin(questions, 1)
    from_delegations = sum(each.questions for each in by_country.values())
    return Origins(by_country, received - anonymous - from_delegations, anonymous)
