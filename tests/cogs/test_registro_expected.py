"""Who on the organizers' list registers: filled in for its account, asked in doubt, and nothing given away."""

import sqlite3
from typing import Any

import pytest

from bot.expected_list import read_list
from bot.loopback.people import Person
from bot.loopback.seen import Modal, SeenMessage

LIST = """nombre;institución;país;perfil;discord
Ana García López;Fiscalía Secreta;Costa Rica;judicial;
Ana García Pérez;Migración Oculta;Costa Rica;migration;
Ben Ensayo;Policía Reservada;Honduras;investigation;{ben}
Luz Única;Oficina Callada;Panamá;judicial;
"""

#: What the list says of others and nobody may learn by typing names.
SECRETS = ("Secreta", "Oculta", "Reservada", "Callada", "Pérez", "Honduras", "Panamá", "Única")


def last(person: Person) -> SeenMessage:
    return person.private()[-1]


async def form_of(person: Person) -> Modal:
    await person.slash("registro")
    exchange = await person.click(last(person), "registration:agree")
    assert exchange.modal is not None
    return exchange.modal


async def registers(person: Person, name: str, affiliation: str = "CR") -> SeenMessage:
    """Registers under that name; the answer."""
    await person.submit(await form_of(person), name=name, institution="Ministerio", affiliation=affiliation)
    return last(person)


def known(event: Any) -> dict[str, int]:
    """Who on the list has which account."""
    with sqlite3.connect(event.config.storage.database) as connection:
        rows = connection.execute("SELECT name, person_id FROM expected WHERE person_id IS NOT NULL").fetchall()
    connection.close()
    return dict(rows)


def nothing_is_given_away(person: Person, *typed: str) -> bool:
    """Whether this person was told nothing of the list but what they typed."""
    shown = " ".join(message.text for message in person.sees())
    return not any(secret in shown for secret in SECRETS if not any(secret in each for each in typed))


@pytest.fixture
async def expecting(event: Any) -> Any:
    """The list is there; Ben's account is on it."""
    event.ben = event.person("Ben Ensayo")
    text = LIST.format(ben=event.ben.username)
    await event.services.directory.import_list(read_list(text.encode(), event.config.coverage))
    return event


async def test_form_is_filled_in_for_the_account_that_the_list_names(expecting: Any) -> None:
    form = await form_of(expecting.ben)
    assert (form.field("name").value, form.field("institution").value) == ("Ben Ensayo", "Policía Reservada")
    await expecting.ben.submit(form)
    assert (
        "Registro guardado: **Ben Ensayo** · Policía Reservada · Honduras · Unidad de investigación"
        in last(expecting.ben).text
    )
    assert known(expecting) == {"Ben Ensayo": expecting.ben.id}
    assert last(expecting.ben).labels == []


async def test_a_name_that_somebody_takes_fills_in_nothing(expecting: Any) -> None:
    eve = expecting.person("Luz Única", nick="Ben Ensayo")
    form = await form_of(eve)
    assert [field.value for field in form.fields if field.kind == "text"] == ["", ""]
    assert nothing_is_given_away(eve)


async def test_same_name_and_delegation_is_recognised_without_a_word(expecting: Any) -> None:
    ana = expecting.person("Ana")
    answer = await registers(ana, "GARCIA LOPEZ, Ana")
    assert answer.labels == []
    assert known(expecting) == {"Ana García López": ana.id}
    stranger = expecting.person("Nadie")
    assert (await registers(stranger, "Zoe Desconocida")).labels == []
    # Nobody can tell from the answer whether a name is on the list.
    assert answer.text.replace("GARCIA LOPEZ, Ana", "X") == last(stranger).text.replace("Zoe Desconocida", "X")


async def test_name_that_is_alike_is_asked_about_privately_and_without_the_lists_words(expecting: Any) -> None:
    luz, olga, bystander = expecting.person("Luz"), expecting.organizer(), expecting.person("Otra")
    answer = await registers(luz, "Luz Unika", "PA")
    assert "¿Es usted?" in answer.text
    assert answer.labels == ["Sí, soy yo", "No soy yo"]
    assert nothing_is_given_away(luz, "Panamá")
    assert known(expecting) == {}
    await expecting.restart()
    await luz.click(answer, "Sí, soy yo")
    assert last(luz).text == "Gracias, anotado. No hace falta nada más."
    assert known(expecting) == {"Luz Única": luz.id}
    assert bystander.private() == []
    assert not any("Luz" in message.text for message in [*bystander.sees(), *olga.sees_in("organizacion")])


async def test_of_two_the_person_completes_the_name_and_reads_neither(expecting: Any) -> None:
    ana = expecting.person("Ana")
    answer = await registers(ana, "Ana García")
    assert "más de una persona" in answer.text
    assert answer.labels == ["Completar mi nombre"]
    assert nothing_is_given_away(ana)
    form = (await ana.click(answer, "Completar mi nombre")).modal
    assert form is not None
    assert form.field("name").value == "Ana García"
    await ana.submit(form, name="Ana García Pérez")
    assert known(expecting) == {"Ana García Pérez": ana.id}
    assert last(ana).labels == []


async def test_who_says_no_is_registered_and_nobody_on_the_list(expecting: Any) -> None:
    luz = expecting.person("Luz")
    await luz.click(await registers(luz, "Luz Unika", "PA"), "No soy yo")
    assert known(expecting) == {}
    # Pressed afterwards, or forged by somebody who was asked nothing, it changes nothing.
    eve = expecting.person("Eve")
    for person in (luz, eve):
        await person.click(
            last(luz) if person is luz else await registers(eve, "Eve Otra"), forged_custom_id="registration:me"
        )
    assert known(expecting) == {}


async def test_second_account_is_registered_and_only_organizers_hear_of_it(expecting: Any) -> None:
    ana, laptop, olga = expecting.person("Ana"), expecting.person("Ana en otra parte"), expecting.organizer()
    first = await registers(ana, "Ana García López")
    second = await registers(laptop, "Ana García López")
    assert second.text == first.text
    assert second.labels == []
    assert known(expecting) == {"Ana García López": ana.id}
    await expecting.clock.run_for(60)
    alerts = [message.text for message in olga.sees_in("organizacion") if "Dos cuentas" in message.text]
    assert len(alerts) == 1
    assert "Two accounts registered" in alerts[0]
    # What is posted names nobody.
    assert not any(secret in alerts[0] for secret in (*SECRETS, "Ana", str(ana.id), str(laptop.id)))
    await registers(laptop, "Ana García López")
    await expecting.restart()
    await expecting.clock.run_for(60)
    assert len([message for message in olga.sees_in("organizacion") if "Dos cuentas" in message.text]) == 1
