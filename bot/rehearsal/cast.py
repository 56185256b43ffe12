"""Who takes part in a rehearsal: made-up people, drawn from a seed."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from bot.agenda import BlockKind
from bot.config import Config, PanelistConfig, SessionConfig

_GIVEN_NAMES = (
    "Ana", "Benjamín", "Camila", "Darío", "Élida", "Fabián", "Gabriela", "Héctor", "Inés", "Joaquín", "Karla",
    "Leandro", "Marisol", "Nicolás", "Ofelia", "Pablo", "Quetzali", "Ramón", "Sofía", "Tomás", "Úrsula", "Valentín",
    "Wendy", "Ximena", "Yolanda", "Zoe", "Álvaro", "Ñusta", "Grace", "Oliver",
)  # fmt: skip
_FAMILY_NAMES = (
    "Prueba", "Ensayo", "Muñoz", "Zúñiga", "Ibáñez", "Peñalver", "Quiñónez", "Arévalo", "Ávila", "Oca", "Núñez",
    "Nunez", "Güell", "Sáenz", "de la Oliva", "O’Brian", "Castañeda", "Ñamandú", "Rehearsal", "Stagewood", "Lindqvist",
    "Mockridge", "Villalba-Soto", "Urrutia",
)  # fmt: skip
_INSTITUTIONS = ("Fiscalía de Ensayo", "Dirección de Migración de Ensayo", "Unidad de Investigación de Ensayo")
_ORGANIZATIONS = ("Organización de Ensayo", "Rehearsal Agency")
_ENGLISH_SPEAKING = {"BZ", "CA", "US", "GB", "JM"}


_PANELISTS = (
    ("Irene Panelista", "Fiscalía de Ensayo"),
    ("Otto Ponente", "Organización de Ensayo"),
    ("Nadia Expositora", "Unidad de Investigación de Ensayo"),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """One attendee. `country` and `profile` are None for people outside the delegations, who have `affiliation`."""

    number: int
    name: str
    locale: str
    country: str | None
    profile: str | None
    affiliation: str
    institution: str


def cast(config: Config, attendees: int, random_source: random.Random) -> tuple[Actor, ...]:
    """So many attendees: delegations of the configured countries and profiles, and a few of other affiliations."""
    names = _names(attendees, random_source)
    return tuple(_actor(n, name, config, random_source) for n, name in enumerate(names))


def with_panelists(day: SessionConfig, number: int) -> SessionConfig:
    """The day with two or three made-up panelists in each exchange for which the configuration names none."""
    panelists = tuple(
        PanelistConfig.model_construct(name=name, institution={"es": institution, "en": institution})
        for name, institution in _PANELISTS[: 2 + number % 2]
    )
    blocks = tuple(
        block.model_copy(update={"panelists": panelists})
        if block.kind is BlockKind.EXCHANGE and not block.panelists
        else block
        for block in day.blocks
    )
    return day.model_copy(update={"blocks": blocks})


def _names(count: int, random_source: random.Random) -> list[str]:
    pairs = [f"{given} {family}" for family in _FAMILY_NAMES for given in _GIVEN_NAMES]
    random_source.shuffle(pairs)
    # Past the last pair names come again: two people of one name are two people.
    return [pairs[n % len(pairs)] for n in range(count)]


def _actor(number: int, name: str, config: Config, random_source: random.Random) -> Actor:
    kind = random_source.choices(("country", "organization", "panelist", "staff"), (90, 5, 3, 2))[0]
    if kind != "country":
        locale = _drawn(("es-419", "en-US"), random_source)
        return Actor(number, name, locale, None, None, kind, _drawn(_ORGANIZATIONS, random_source))
    country = _drawn(config.coverage.countries, random_source)
    profiles = [profile.key for profile in config.coverage.profiles]
    place = random_source.randrange(len(profiles))
    locale = "en-US" if country in _ENGLISH_SPEAKING else _drawn(("es-419", "es-ES"), random_source)
    return Actor(number, name, locale, country, profiles[place], kind, _INSTITUTIONS[place % 3])


def _drawn(values: Sequence[str], random_source: random.Random) -> str:
    return values[random_source.randrange(len(values))]
