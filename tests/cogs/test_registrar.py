"""Organizers register somebody else: the same form, and the consent is kept with who was given it, and when."""

import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import to_ms
from bot.config import Config
from bot.loopback.people import Person
from bot.loopback.seen import Modal, SeenMessage
from tests.cogs.test_registro import TestManyDelegations
from tests.factories import workshop

GOOD = {"name": "Ana Prueba", "institution": "Fiscalía", "affiliation": "CR", "profile": "judicial"}


def last(person: Person) -> SeenMessage:
    return person.private()[-1]


async def form_for(olga: Person, ana: Person) -> Modal:
    await olga.slash("registrar", persona=ana)
    exchange = await olga.click(last(olga), "Aceptó; continuar")
    assert exchange.modal is not None
    return exchange.modal


def kept(event: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(event.config.storage.database) as connection:
        rows = connection.execute("SELECT person_id, name, consent_given_to, consented_at FROM participants").fetchall()
    connection.close()
    return rows


async def test_consent_is_asked_first_and_kept_with_whom_it_was_given_to(event: Any) -> None:
    olga, ana, ben = event.organizer(), event.person("Ana"), event.person("Ben")
    await olga.slash("registrar", persona=ana)
    asked = last(olga)
    assert f"Registrar a <@{ana.id}>" in asked.text
    assert event.config.privacy.consent["es"].strip() in asked.text
    assert asked.pinged == []
    form = (await olga.click(asked, "Aceptó; continuar")).modal
    assert form is not None
    consented_at = event.clock.now()
    await event.clock.run_for(120)
    assert kept(event) == []
    await event.restart()
    await olga.submit(form, **GOOD)
    assert kept(event) == [(ana.id, "Ana Prueba", olga.id, to_ms(consented_at))]
    assert f"Para <@{ana.id}>." in last(olga).text
    assert "Registro guardado: **Ana Prueba**" in last(olga).text
    assert (ana.private(), ben.private()) == ([], [])


async def test_person_reads_and_corrects_it_and_the_consent_is_theirs_then(event: Any) -> None:
    olga, ana = event.organizer(), event.person("Ana")
    await olga.submit(await form_for(olga, ana), **GOOD)
    await ana.slash("registro")
    assert "**Ana Prueba** · Fiscalía · Costa Rica" in last(ana).text
    form = (await ana.click(last(ana), "registration:agree")).modal
    assert form is not None
    await ana.submit(form, institution="Corte")
    assert [(row[0], row[2]) for row in kept(event)] == [(ana.id, None)]


async def test_what_is_not_taken_is_given_back_to_the_organizer(event: Any) -> None:
    olga, ana = event.organizer(), event.person("Ana")
    await olga.submit(await form_for(olga, ana), **{**GOOD, "name": "···"})
    refused = last(olga)
    assert "No se guardó: en «Nombre y apellidos»" in refused.text
    form = (await olga.click(refused, "Volver al formulario")).modal
    assert form is not None
    assert form.field("institution").value == "Fiscalía"
    await olga.submit(form, name="Ana Prueba")
    assert [row[:3] for row in kept(event)] == [(ana.id, "Ana Prueba", olga.id)]
    # What somebody fills in for others is not in their own form.
    await olga.slash("registro")
    own = (await olga.click(last(olga), "registration:agree")).modal
    assert own is not None
    assert own.field("name").value == ""


@pytest.mark.trial("D8")
async def test_nobody_else_registers_others_by_command_or_forged_button(event: Any) -> None:
    eve, ana, mora = event.person("Eve"), event.person("Ana"), event.moderator()
    for person in (eve, mora):
        await person.slash("registrar", persona=ana, forged=True)
        assert "solo para la organización" in last(person).text
        await person.submit_raw(
            f"registrar:{ana.id}:ana:form:{to_ms(event.clock.now())}", {**GOOD, "affiliation": ["CR"], "profile": []}
        )
        assert "solo para la organización" in last(person).text
    assert kept(event) == []


async def test_consent_cannot_be_of_a_time_to_come(event: Any) -> None:
    olga, ana = event.organizer(), event.person("Ana")
    later = to_ms(event.clock.now() + timedelta(days=400))
    await olga.submit_raw(f"registrar:{ana.id}:ana:form:{later}", {**GOOD, "affiliation": ["CR"], "profile": []})
    assert [row[3] for row in kept(event)] == [to_ms(event.clock.now())]


async def test_who_has_left_the_server_is_told_as_such(event: Any) -> None:
    olga, ana = event.organizer(), event.person("Ana")
    del event.world.members[ana.id]
    await olga.slash("registrar", persona=ana)
    assert last(olga).text == "Esa persona no está en el servidor del evento. Invítela y repita."


async def test_a_bot_is_nobody_to_register(event: Any) -> None:
    olga, robot = event.organizer(), event.person("Robot", bot=True)
    await olga.slash("registrar", persona=robot)
    assert last(olga).text == "Eso es un bot; solo se registran personas."


class TestManyDelegations:
    CODES = TestManyDelegations.CODES

    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        whole = workshop(tmp_path)
        coverage = whole.coverage.model_copy(update={"countries": tuple(self.CODES.split())})
        return whole.model_copy(update={"coverage": coverage})

    async def test_delegation_is_chosen_before_the_form(self, event: Any) -> None:
        olga, ana = event.organizer(), event.person("Ana")
        await olga.slash("registrar", persona=ana)
        await olga.click(last(olga), "Aceptó; continuar")
        lists = last(olga)
        of_honduras = next(s for s in lists.selects if "HN" in {option.value for option in s.options})
        form = (await olga.choose(lists, of_honduras.custom_id, "HN")).modal
        assert form is not None
        await olga.submit(form, name="Ana Prueba", institution="Fiscalía", profile="judicial")
        assert [row[:3] for row in kept(event)] == [(ana.id, "Ana Prueba", olga.id)]
