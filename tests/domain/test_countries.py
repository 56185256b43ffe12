"""Countries by what people write, and one code for all spellings of one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config_values import country_codes
from bot.countries import country_of, near_countries
from bot.i18n import country_name

EXPECTED = ("BZ", "CA", "CR", "DO", "GT", "HN", "MX", "NI", "PA", "SV", "US")

SPELLINGS = {
    "MX": ["México", unicodedata.normalize("NFD", "México"), " MEXICO ", "mexico", "MX", "mex", "Méjico", "Mexico (MX)",
           "Estados Unidos Mexicanos", "MX - México", "México / Mexico"],
    "PE": ["Perú", "Peru", "PERÚ", "pe", "PER", "República del Perú"],
    "SV": ["El Salvador", "Salvador (El)", "Salvador, El", "SALVADOR", "SLV", "República de El Salvador"],
    "US": ["EE. UU.", "EE.UU.", "EEUU", "U.S.A.", "usa", "US", "United States of America", "Estados Unidos de América",
           "los Estados Unidos", "Estados Unidos (de América)"],
    "DO": ["República Dominicana", "Rep. Dominicana", "Dominican Republic", "Dominicana (República)", "DOM"],
    "BZ": ["Belice", "BELIZE", "blz"],
    "KR": ["Korea, Republic of", "Corea (República de)", "Corea del Sur"],
    "PA": ["Panamá", "panama", "PAN"],
}  # fmt: skip


@pytest.mark.trial("R3")
@pytest.mark.parametrize(("code", "written"), [(code, text) for code, texts in SPELLINGS.items() for text in texts])
def test_all_spellings_of_a_country_are_one(code: str, written: str) -> None:
    assert country_of(written) == code


@pytest.mark.parametrize(
    "text", ["", "  ", "Xanadú", "América", "Hondurras", "XX", "EU", "Unión Europea", "12", "()", "(El)", ","]
)
def test_what_is_no_country_is_none(text: str) -> None:
    assert country_of(text) is None


@pytest.mark.parametrize("language", ["es", "en"])
def test_each_country_is_found_by_its_name_and_code(language: str) -> None:
    lost = [code for code in country_codes() if country_of(country_name(code, language)) != code]
    assert lost == []
    assert [code for code in country_codes() if country_of(code.lower()) != code] == []


@pytest.mark.parametrize(
    ("typed", "near"),
    [("Hondurras", ("HN",)), ("Guatemla", ("GT",)), ("Nicaraga", ("NI",)), ("Costa Rca", ("CR",)), ("Wakanda", ())],
)
def test_near_spelling_is_offered_and_not_taken(typed: str, near: tuple[str, ...]) -> None:
    assert country_of(typed) is None
    assert near_countries(typed, EXPECTED)[: len(near) or None] == near


@given(st.text(max_size=40))
def test_any_text_is_a_country_or_none(text: str) -> None:
    assert country_of(text) in {None, *country_codes()}
    assert set(near_countries(text, EXPECTED)) <= set(EXPECTED)
