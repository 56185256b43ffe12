"""What a registration must say, and what is kept of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import CoverageConfig, load
from bot.ids import PersonId
from bot.participants import (
    Country,
    Draft,
    Elsewhere,
    Entry,
    Field,
    NothingToRead,
    NotOnTheList,
    Participant,
    Standing,
    TooLongToKeep,
    checked,
    draft_of,
    one_line,
    turn_of,
)

COVERAGE: CoverageConfig = load(Path("config.toml")).coverage
GOOD = Draft("Ana Prueba", "Fiscalía de Ensayo", "CR", "judicial", "es")


def changed(**values: str | None) -> Draft:
    return Draft(**{**{name: getattr(GOOD, name) for name in Field}, **values})


def test_registration_is_kept_as_it_was_filled_in() -> None:
    entry = checked(GOOD, COVERAGE, "en")
    assert entry == Entry("Ana Prueba", "Fiscalía de Ensayo", Standing(Country("CR"), "judicial"), "es")


def test_language_is_the_persons_where_none_was_chosen() -> None:
    assert checked(changed(language=None), COVERAGE, "en").language == "en"


@pytest.mark.parametrize("elsewhere", list(Elsewhere))
def test_people_outside_the_delegations_have_no_profile(elsewhere: Elsewhere) -> None:
    entry = checked(changed(affiliation=elsewhere.value), COVERAGE, "es")
    assert entry.standing == Standing(elsewhere, None)


def test_delegate_may_leave_the_profile_open() -> None:
    assert checked(changed(profile=None), COVERAGE, "es").standing == Standing(Country("CR"), None)


@pytest.mark.parametrize("nothing", ["", "   ", "\u200b\u2060", "\u3164", "···", "👍", "\u202e\u2066", "­"])
@pytest.mark.parametrize("where", [Field.NAME, Field.INSTITUTION])
def test_text_that_shows_nothing_is_refused_with_all_that_was_filled_in(nothing: str, where: Field) -> None:
    draft = changed(**{where: nothing})
    with pytest.raises(NothingToRead) as refused:
        checked(draft, COVERAGE, "es")
    assert (refused.value.where, refused.value.draft) == (where, draft)


def test_text_over_the_limit_is_refused_and_at_the_limit_taken() -> None:
    assert checked(changed(name="ñ" * 100), COVERAGE, "es").name == "ñ" * 100
    with pytest.raises(TooLongToKeep) as refused:
        checked(changed(name="ñ" * 101), COVERAGE, "es")
    assert (refused.value.length, refused.value.limit) == (101, 100)


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("affiliation", None),
        ("affiliation", "FR"),
        ("affiliation", "Costa Rica"),
        ("profile", "none"),
        ("language", "fr"),
    ],
)
def test_choice_that_is_not_on_the_list_is_refused(where: str, value: str | None) -> None:
    with pytest.raises(NotOnTheList) as refused:
        checked(changed(**{where: value}), COVERAGE, "es")
    assert refused.value.where == where


def test_names_written_differently_are_kept_the_same() -> None:
    assert one_line("  Jose\u0301\n N\u0303andú ") == "José Ñandú"
    assert one_line("Ana\u200b\u202e García") == "Ana García"
    # A joiner that shapes letters is part of the name.
    assert one_line("عبد\u200cالله") == "عبد\u200cالله"


@given(st.text(max_size=120))
def test_what_is_kept_is_one_line_and_stays_the_same_when_kept_again(text: str) -> None:
    kept = one_line(text)
    assert one_line(kept) == kept
    assert "\n" not in kept
    assert kept == kept.strip()


def test_names_do_not_show_in_what_is_logged() -> None:
    entry = checked(GOOD, COVERAGE, "es")
    now = datetime(2020, 9, 8, tzinfo=UTC)
    person = Participant(PersonId(1), entry.name, entry.institution, Country("CR"), "judicial", "es", now, now)
    shown = f"{GOOD!r} {entry!r} {person!r} {NothingToRead(Field.NAME, GOOD)!r}"
    assert "Ana" not in shown
    assert "Fiscalía" not in shown
    assert draft_of(person) == GOOD


def test_turns_are_shared_by_a_delegation_and_by_an_organization_however_it_is_written() -> None:
    assert turn_of(Country("CR"), "Fiscalía") == turn_of(Country("CR"), "Migración") == "country:CR"
    assert turn_of(Elsewhere.ORGANIZATION, "OIM ") == turn_of(Elsewhere.ORGANIZATION, "oim")
    assert turn_of(Elsewhere.ORGANIZATION, "OIM") != turn_of(Elsewhere.ORGANIZATION, "UNODC")
    assert turn_of(Elsewhere.PANELIST, "OIM") == "panelist"
