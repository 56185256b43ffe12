"""Names that pass for those of the organization, and names that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookalikes import OFFICIAL_WORDS, imitated, is_namesake, skeleton

OFFICIALS = ("Estrado", "Moderación", "Organización", "Olga Organizadora", "José Ñandú", *OFFICIAL_WORDS)


@pytest.mark.trial("P3")
@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("Organización", "Organización"),
        ("ORGANIZACION", "Organización"),
        ("Οrganización", "Organización"),  # Greek
        ("Оrgаnizасión", "Organización"),  # Cyrillic
        ("Org\u200ban\u2060ización", "Organización"),
        ("Ｏｒｇａｎｉｚａｃｉóｎ", "Organización"),
        ("O r g a n i z a c i ó n", "Organización"),
        ("0rganizaci0n", "Organización"),
        ("Ørganización", "Organización"),
        ("🎤 Organización 🎤", "Organización"),
        ("Equipo de organización", "Organización"),
        ("[moderación] Juan", "Moderación"),
        ("Ana | ΜODERACIÓN", "Moderación"),
        ("rnoderación", "Moderación"),
        ("Estrado", "Estrado"),
        ("Estrado Bot", "Estrado"),
        ("𝐄𝐬𝐭𝐫𝐚𝐝𝐨", "Estrado"),
        ("Еstrаdо (oficial)", "Estrado"),
        ("Olga 0rganizadora", "Olga Organizadora"),
        ("OIga Organizadora", "Olga Organizadora"),  # a capital i
        ("Jose Nandu", "José Ñandú"),
        ("Admin", "admin"),
        ("Es\u3164tra\u115fdo\uffa0", "Estrado"),
        ("ᎬstrᎪdo", "Estrado"),
        ("Ɛstrado", "Estrado"),
        ("🅴🆂🆃🆁🅰🅳🅾", "Estrado"),
        ("🅔🅢🅣🅡🅐🅓🅞 bot", "Estrado"),
        ("🇪🇸🇹🇷🇦🇩🇴", "Estrado"),
        ("🇲🇽 Organización", "Organización"),
        ("\u202eodartsE", "Estrado"),
        ("Ana | \u202enóicaredoM", "Moderación"),
    ],
)
def test_name_that_passes_for_an_official_one_is_found(name: str, official: str) -> None:
    assert imitated(name, OFFICIALS) == official


@pytest.mark.trial("P3")
@pytest.mark.parametrize(
    "name",
    [
        "José Peña",
        "María José Núñez",
        "Nguyễn Thị Ánh",
        "Zoë Øster",
        "Łukasz Żółć",
        "Иван Иванов",
        "Αναστασία",
        "محمد",
        "李雷",
        "Ana Prueba",
        "Ana - Organización Internacional para las Migraciones",
        "Olga Organizada",
        "Modesto Ración",
        "Extrado",
        "",
        "🎉",
        "\u200b",
    ],
)
def test_real_names_are_never_taken_for_official_ones(name: str) -> None:
    assert imitated(name, OFFICIALS) is None


@pytest.mark.trial("P3")
def test_same_single_name_in_the_same_letters_is_a_namesakes() -> None:
    assert is_namesake("José", "Jose")
    assert is_namesake("ana", "Ana")
    assert not is_namesake("Аna", "Ana")  # Cyrillic
    assert not is_namesake("Ana Prueba", "Ana Prueba")


@given(st.text(max_size=40))
def test_signs_without_width_and_blanks_make_no_difference(name: str) -> None:
    assert skeleton("\u200b".join(name)) == skeleton(" ".join(name)) == skeleton(name)


@given(st.text(max_size=40))
def test_whatever_somebody_is_called_is_judged(name: str) -> None:
    assert imitated(name, OFFICIALS) in (None, *OFFICIALS)
