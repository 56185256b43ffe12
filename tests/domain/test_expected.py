"""Who on the list somebody is who registers: for certain, in doubt, or nobody."""

import random
from datetime import UTC, datetime

import pytest

from bot.expected import (
    Asked,
    Candidate,
    Certain,
    Expected,
    ExpectedId,
    Invitation,
    Recognised,
    Why,
    are_alike,
    asked,
    matched,
    words_of_name,
)
from bot.ids import PersonId
from bot.participants import Country, Elsewhere, Entry, Standing

ME, OTHER = PersonId(700000000000000001), PersonId(700000000000000002)
CR, HN = Standing(Country("CR"), "judicial"), Standing(Country("HN"))
LISTED = datetime(2020, 9, 1, tzinfo=UTC)


def on_list(
    number: int, name: str, standing: Standing = CR, account: str | None = None, person: PersonId | None = None
) -> Expected:
    said = Invitation(name, "Fiscalía", standing, account)
    return Expected(ExpectedId(number), said, person, None if person is None else Recognised.NAME, LISTED)


def match(name: str, *expected: Expected, standing: Standing = CR, account: str | None = "me") -> object:
    found = matched(ME, Entry(name, "Fiscalía", standing, "es"), account, expected)
    return found if isinstance(found, Certain) else [(each.expected.id, each.why) for each in found]


GARCIA = on_list(1, "Ana María García López")


@pytest.mark.parametrize(
    "typed",
    [
        "Ana María García López",
        "GARCÍA LÓPEZ, Ana María",
        "ana maria garcia lopez",
        "García López Ana María",
        " Ana  Maria García-López ",
    ],
)
def test_the_same_words_in_the_same_delegation_are_certain(typed: str) -> None:
    assert match(typed, GARCIA, on_list(2, "Ben Ensayo")) == Certain(GARCIA, Recognised.NAME)


@pytest.mark.parametrize(
    "typed", ["Ana García López", "Ana Maria Garsia Lopez", "María García López", "Ana María García", "Ana García"]
)
def test_a_name_that_is_alike_is_asked_about(typed: str) -> None:
    assert match(typed, GARCIA, on_list(2, "Ben Ensayo")) == [(1, Why.ALIKE)]


@pytest.mark.parametrize("typed", ["Ana", "López", "Luis García López", "Ana María", "Ben García"])
def test_a_name_that_says_too_little_or_is_another_is_nobody(typed: str) -> None:
    found = match(typed, GARCIA)
    assert found == ([(1, Why.ALIKE)] if typed == "Ana María" else [])


def test_alike_names_count_within_the_delegation_alone() -> None:
    assert match("Ana García López", GARCIA, standing=HN) == []


def test_the_same_name_in_another_delegation_is_asked_about() -> None:
    assert match("Ana María García López", GARCIA, standing=HN) == [(1, Why.ELSEWHERE)]
    elsewhere = on_list(2, "Ana María García López", HN)
    assert match("Ana María García López", GARCIA, elsewhere, standing=HN) == Certain(elsewhere, Recognised.NAME)


def test_of_namesakes_in_two_organizations_the_institution_decides() -> None:
    staff = Standing(Elsewhere.ORGANIZATION)
    one, two = (
        Expected(ExpectedId(n), Invitation("Ana Ruiz", place, staff), None, None, LISTED)
        for n, place in ((1, "OIM"), (2, "UNODC"))
    )
    entry = Entry("Ana Ruiz", "unodc", staff, "es")
    assert matched(ME, entry, None, [one, two]) == Certain(two, Recognised.NAME)
    unclear = matched(ME, Entry("Ana Ruiz", "ACNUR", staff, "es"), None, [one, two])
    assert isinstance(unclear, tuple)
    assert [each.why for each in unclear] == [Why.ALIKE, Why.ALIKE]
    assert asked(unclear) is Asked.WHICH


def test_the_account_that_the_list_names_decides_whatever_the_name() -> None:
    mine = on_list(2, "Otra Persona", HN, account="me")
    assert match("Ana María García López", GARCIA, mine) == Certain(mine, Recognised.ACCOUNT)


def test_another_account_than_the_lists_is_not_taken_for_the_person() -> None:
    theirs = on_list(1, "Ana Ruiz", account="ana")
    assert match("Ana Ruiz", theirs) == [(1, Why.OTHER_ACCOUNT)]
    # Nor asked about: whoever asks is not told that there is such a name.
    assert asked([Candidate(theirs, Why.OTHER_ACCOUNT)]) is None
    assert match("Ana Ruis", theirs) == []


def test_whom_somebody_else_is_already_is_contested_and_not_asked_about() -> None:
    taken = on_list(1, "Ana Ruiz", person=OTHER)
    assert match("Ruiz Ana", taken) == [(1, Why.TAKEN)]
    assert asked([Candidate(taken, Why.TAKEN)]) is None
    assert match("Ana Ruis", taken) == []
    assert match("Ana Ruiz", on_list(1, "Ana Ruiz", person=ME)) == Certain(
        on_list(1, "Ana Ruiz", person=ME), Recognised.NAME
    )


def test_one_candidate_is_asked_whether_it_is_you_and_several_for_more_of_the_name() -> None:
    perez = on_list(2, "Ana María García Pérez")
    found = matched(ME, Entry("Ana María García", "X", CR, "es"), None, [GARCIA, perez])
    assert isinstance(found, tuple)
    assert asked(found) is Asked.WHICH
    assert asked(found[:1]) is Asked.IS_IT_YOU
    assert asked(()) is None


def test_the_order_of_the_list_makes_no_difference() -> None:
    names = ["Ana Ruiz", "Ana Ruiz Gil", "Ana Gil", "Luis Ruiz", "Ruiz Ana María"]
    everybody = [on_list(n, name) for n, name in enumerate(names, 1)]
    for seed in range(5):
        assert match("Ruiz, Ana", *random.Random(seed).sample(everybody, 5)) == Certain(everybody[0], Recognised.NAME)


def test_names_are_alike_either_way_round() -> None:
    for one, other in [("Ana García", "Ana Garcia López"), ("José Núñez", "Jose Nunes"), ("Lee", "Li"), ("A", "B")]:
        assert are_alike(one, other) == are_alike(other, one)
    assert words_of_name("Núñez, José") == words_of_name("JOSE  Nuñez")
