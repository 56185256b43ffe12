"""Names that pass for those of the organization, and names that do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.lookalikes import OFFICIAL_WORDS, imitated, is_namesake, skeleton

OFFICIALS = ("Estrado", "Moderación", "Organización", "Olga Organizadora", "José Ñandú", *OFFICIAL_WORDS)


#: The bot, its roles and what they are called; and the people who hold them.
THINGS = ("Estrado", "Moderación", "Organización", *OFFICIAL_WORDS)
PEOPLE = ("Marta Ibáñez", "Olga Organizadora", "Eva")


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
@pytest.mark.parametrize(
    ("name", "official"),
    [
        ("Estrado 2", "Estrado"),
        ("Estrado2", "Estrado"),
        ("Estrad02", "Estrado"),
        ("2 Estrado", "Estrado"),
        ("Estrado II", "Estrado"),
        ("Estrado v2", "Estrado"),
        ("Estrado Ayuda", "Estrado"),
        ("Εstrado • Ayuda", "Estrado"),
        ("Organización UNODC", "Organización"),
        ("UNODC Organización", "Organización"),
        ("ORGANIZACIÓN OIM", "Organización"),
        ("Organización del taller", "Organización"),
        ("Organización general 3", "Organización"),
        ("Moderación #1", "Moderación"),
        ("Moderadora oficial", "moderadora"),
        ("Moderadora Ana", "moderadora"),
        ("Ana López Moderadora", "moderadora"),
        ("Moderator 1", "moderator"),
        ("Admin Ana", "admin"),
        ("Soporte técnico 24", "soporte técnico"),
        ("Marta Ibáñez 2", "Marta Ibáñez"),
        ("Marta Ibáñez (oficial)", "Marta Ibáñez"),
        ("Μarta Ibañez2", "Marta Ibáñez"),
    ],
)
def test_number_or_word_beside_an_official_name_leaves_it_one(name: str, official: str) -> None:
    assert imitated(name, THINGS, PEOPLE) == official


#: Surnames, first names, ministries and organizations of the eleven countries; nobody is meant.
SURNAMES = (
    *("Núñez", "Peña", "Ibáñez", "Quiñónez", "Güell", "Muñoz", "Cáceres", "Zúñiga", "Álvarez", "Estrada", "Organista"),
    *("Ordóñez", "Moderno", "Bustamante", "Xol", "Tzoc", "Pop", "Caal", "Ixcot", "Rey", "Oficialdegui", "Castro Ñ."),
)
FIRST_NAMES = ("María José", "Íngrid", "Óscar", "Zoé", "José", "Ángela", "Ñusta", "Martín")
INSTITUTIONS = (
    *("Ministerio de Seguridad Pública", "Fiscalía General de la República", "Ministerio Público", "Poder Judicial"),
    *("Policía Nacional Civil", "Dirección General de Migración y Extranjería", "Instituto Nacional de Migración"),
    *("Organización Internacional para las Migraciones", "Organización de los Estados Americanos", "OIM Costa Rica"),
    *("Organización Negra Centroamericana", "Organización Sonrisa", "Organización Panamericana de la Salud"),
    *("Administración Tributaria", "Administración General de Aduanas", "Oficina del Alto Comisionado", "UNODC ROPAN"),
    *("Comisión Nacional contra la Trata", "Procuraduría de los Derechos Humanos", "Corte Suprema de Justicia"),
    *("Defensoría del Pueblo", "Servicio Nacional de Fronteras", "Secretaría de Gobernación", "Cancillería 2"),
    *("Delegación de Honduras", "Delegación 3", "Panamá 1", "Guatemala – Fiscalía", "El Salvador | PNC", "Cuba/MININT"),
)
ORDINARY = (
    *(f"{first} {last}" for first in FIRST_NAMES for last in SURNAMES),
    *INSTITUTIONS,
    *(f"{FIRST_NAMES[n % 8]} {SURNAMES[n % 20]} - {place}" for n, place in enumerate(INSTITUTIONS)),
)


@pytest.mark.trial("P3")
def test_none_of_two_hundred_delegates_and_institutions_is_taken_for_an_official_one() -> None:
    judged = {name: imitated(name, THINGS, PEOPLE) for name in ORDINARY}
    assert len(judged) >= 200
    assert {name: official for name, official in judged.items() if official is not None} == {}


@pytest.mark.trial("P3")
def test_word_beside_a_persons_name_makes_it_somebody_elses() -> None:
    for name in ("Marta Ibáñez Rojas", "Ana María Marta Ibáñez", "Eva 2", "Eva Núñez", "Marta", "Ibáñez"):
        assert imitated(name, THINGS, PEOPLE) is None, name


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
