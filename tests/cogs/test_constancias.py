"""/constancia, over the wire: each gets their own, once the event is over, and nobody else sees it."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.config import Config
from bot.corrections import CorrectionKind
from bot.ids import PersonId
from bot.loopback.people import Person
from tests.four_days import OLGA, day, register, registers, stays
from tests.reports.pdfs import texts

EVERY_DAY = dict.fromkeys(range(1, 5), 120)


@pytest.fixture
def starts_at(config: Config) -> datetime:
    """Ten seconds before the last day's figures stand."""
    return config.agenda.sessions[-1].ends_at + timedelta(seconds=50)


@pytest.fixture
async def past(event: Any) -> Any:
    """The event, of whose days everything was seen."""
    await event.services.store.write(lambda tx: registers(tx, event.config))
    return event


async def attended(event: Any, person: Person, minutes: dict[int, int], name: str, language: str = "es") -> None:
    """The person registered, and was there for so many minutes of each of these days."""

    def write(tx: Any) -> None:
        register(tx, event.config, PersonId(person.id), name, language=language)
        stays(tx, event.config, PersonId(person.id), minutes)

    await event.services.store.write(write)


async def settled(event: Any) -> None:
    await event.clock.run_for(60)


def files(person: Person) -> list[tuple[str, bytes]]:
    return [(file.name, file.content) for message in person.private() for file in message.attachments]


async def test_before_the_end_it_says_when_and_after_it_gives_the_persons_own_and_nobody_sees_it(past: Any) -> None:
    ana, ben = past.person("Ana en Discord"), past.person("Ben", locale="en-GB")
    olga = past.organizer()
    await attended(past, ana, EVERY_DAY, "Ana Ñandú")
    await attended(past, ben, EVERY_DAY, "Ben Rehearsal", "en")
    at = int((past.config.agenda.sessions[-1].ends_at + timedelta(seconds=60)).timestamp())
    assert (await ana.slash("constancia")).text == (
        f"Las constancias se dan al terminar el evento: pídala desde <t:{at}:F>."
    )
    await settled(past)
    exchange = await ana.slash("constancia")
    assert exchange.text.startswith("Aquí está su constancia, la número 001, con el nombre que registró: revíselo.")
    assert (await ben.slash("constancia")).text.startswith("Here is your certificate, number 002,")
    ((name, pdf),) = files(ana)
    assert name == "constancia-001-ana-nandu.pdf"
    (text,) = texts(pdf)
    assert "Ana Ñandú" in text
    assert "Asistencia medida en 4 de 4 días: 480 minutos de 480." in text
    assert "Ben" not in text
    ((name, pdf),) = files(ben)
    assert "attended the sessions of" in texts(pdf)[0]
    assert files(olga) == []
    for channel in ("anuncios", "organizacion", "moderacion", "preguntas"):
        assert not [m for m in olga.sees_in(channel) if any(f.name.startswith("constancia") for f in m.attachments)]


async def test_who_lacks_a_day_is_told_what_is_known_and_whom_to_ask_and_gets_it_once_it_is_put_right(
    past: Any,
) -> None:
    ana = past.person("Ana")
    await attended(past, ana, {1: 60, 2: 120, 3: 59}, "Ana Prueba")
    await settled(past)
    assert (await ana.slash("constancia")).text == (
        "Todavía no hay constancia para usted. Se da a quien asistió 3 días de 4, al menos el 50 % de los minutos de "
        "cada uno.\n"
        "Lo anotado de usted: Asistencia medida en 2 de 4 días: 239 minutos de 480.\n"
        "Si estuvo y no quedó anotado, escriba a la organización, que puede corregirlo; después pídala otra vez."
    )
    assert files(ana) == []
    key = day(past.config, 3)
    await past.services.store.write(
        lambda tx: tx.corrections.add(PersonId(ana.id), key, CorrectionKind.PRESENT, "Se le cortó", OLGA, tx.now)
    )
    await past.clock.run_for(1)
    await ana.slash("constancia")
    ((_name, pdf),) = files(ana)
    assert "2 de 4 días: 239 minutos de 480. 1 día reconocido por la organización." in texts(pdf)[0]


async def test_name_that_no_typeface_has_is_told_with_what_to_do(past: Any) -> None:
    ana = past.person("Ana", locale="en-GB")
    await attended(past, ana, EVERY_DAY, "李明")
    await settled(past)
    assert "please write your name and institution in Latin letters" in (await ana.slash("constancia")).text
    assert [name for name, _ in files(ana)] == ["constancia-001.pdf"]


async def test_who_never_registered_is_told_how_to(past: Any) -> None:
    ana = past.person("Ana")
    await past.services.store.write(lambda tx: stays(tx, past.config, PersonId(ana.id), EVERY_DAY))
    await settled(past)
    assert (await ana.slash("constancia")).text.startswith(
        "La constancia lleva su nombre, y usted no se ha registrado."
    )


async def test_many_at_once_and_a_restart_give_each_the_same_number_and_bytes(past: Any) -> None:
    people = [past.person(f"Persona {n}") for n in range(12)]
    for n, person in enumerate(people):
        await attended(past, person, EVERY_DAY, f"Persona {n:02}")
    await settled(past)
    await asyncio.gather(*(person.slash("constancia") for person in reversed(people)))
    first = [files(person) for person in people]
    assert [name for ((name, _),) in first] == [f"constancia-{n + 1:03}-persona-{n:02}.pdf" for n in range(12)]
    assert len({pdf for ((_, pdf),) in first}) == 12
    await past.restart()
    await people[3].slash("constancia")
    assert files(people[3]) == first[3] * 2
