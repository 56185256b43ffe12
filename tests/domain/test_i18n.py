"""Languages, days and countries in words."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from bot.i18n import country_name, day_name, hour_of_place, language_of, translator, weekday_name
from bot.languages import Language, text_in


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("es-ES", "es"),
        ("es-419", "es"),
        ("es", "es"),
        ("es_MX", "es"),
        ("en-US", "en"),
        ("en-GB", "en"),
        ("pt-BR", "en"),
        ("et", "en"),
        ("est", "en"),
        ("", "en"),
    ],
)
def test_spanish_is_spoken_to_who_has_discord_in_spanish_and_english_to_others(locale: str, language: Language) -> None:
    assert language_of(locale) == language


def test_days_are_in_lower_case_in_spanish() -> None:
    day = date(2020, 9, 8)
    assert (day_name(day, "es"), day_name(day, "en")) == ("martes 8 de septiembre", "Tuesday 8 September")
    assert day_name(day, "es", with_year=True) == "martes 8 de septiembre de 2020"
    assert day_name(day, "en", with_year=True) == "Tuesday 8 September 2020"
    assert [weekday_name(n, "es") for n in (0, 2, 6)] == ["lunes", "miércoles", "domingo"]


def test_countries_are_named_in_each_language() -> None:
    assert [country_name(code, "es") for code in ("US", "BZ", "DO")] == [
        "Estados Unidos",
        "Belice",
        "República Dominicana",
    ]
    assert country_name("US", "en") == "United States"
    assert country_name("Q9", "es") == "Q9"


def test_an_hour_is_of_its_place_where_its_zone_has_one() -> None:
    assert hour_of_place(ZoneInfo("America/Costa_Rica"), "es") == "hora de Costa Rica"
    assert hour_of_place(ZoneInfo("America/Costa_Rica"), "en") == "Costa Rica Time"
    assert hour_of_place(ZoneInfo("UTC"), "es") == "UTC"
    assert hour_of_place(ZoneInfo("Etc/GMT+6"), "en") == "Etc/GMT+6"


def test_sentences_take_their_values_by_name() -> None:
    _ = translator("agenda")
    assert _("Modera: {who}", "es", who="UNODC {x}") == "Modera: UNODC {x}"
    assert _("Modera: {who}", "en", who="UNODC {x}") == "Moderator: UNODC {x}"


def test_a_plural_follows_its_number_in_both_languages() -> None:
    plural = translator("agenda").plural
    told = [
        [plural("Panelista: {names}", "Panelistas: {names}", n, language, names="x") for n in (0, 1, 2)]
        for language in ("es", "en")
    ]
    assert told == [
        ["Panelistas: x", "Panelista: x", "Panelistas: x"],
        ["Panelists: x", "Panelist: x", "Panelists: x"],
    ]


def test_a_sentence_without_its_english_is_an_error() -> None:
    with pytest.raises(KeyError):
        translator("agenda")("Esto no está en ningún catálogo.", "en")


def test_a_text_that_lacks_a_language_is_given_in_its_first() -> None:
    assert text_in({"es": "Hola", "en": "Hello"}, "en") == "Hello"
    assert text_in({"es": "Hola"}, "en") == "Hola"
