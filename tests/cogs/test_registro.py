"""Registration over the wire: consent first, then a form, and nothing stored without it."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.loopback.people import Person
from bot.loopback.seen import Modal, SeenMessage
from tests.factories import workshop

GOOD = {"name": "Ana Prueba", "institution": "Fiscalía de Ensayo", "affiliation": "CR", "profile": "judicial"}


def last(person: Person) -> SeenMessage:
    messages = person.private()
    return messages[-1]


async def form_of(person: Person) -> Modal:
    """The form, by command and consent."""
    await person.slash("registro")
    return await agreed(person)


async def agreed(person: Person) -> Modal:
    exchange = await person.click(last(person), "registration:agree")
    assert exchange.modal is not None
    return exchange.modal


def kept(event: Any) -> list[tuple[Any, ...]]:
    """What the database knows of participants."""
    connection = sqlite3.connect(event.config.storage.database)
    rows = connection.execute(
        "SELECT person_id, name, institution, language, affiliation, country, profile "
        "FROM participants JOIN standings USING (person_id) ORDER BY standings.id"
    ).fetchall()
    connection.close()
    return rows


class TestRegistering:
    async def test_consent_comes_first_and_nothing_is_stored_before_the_form_is_sent(self, event: Any) -> None:
        ana, ben = event.person("Ana Prueba"), event.person("Ben Ensayo")
        await ana.slash("registro")
        asked = last(ana)
        assert event.config.privacy.consent["es"].strip() in asked.text
        assert "Debe borrarse a más tardar el jueves 10 de diciembre de 2020." in asked.text
        assert "no se guarda nada" in asked.text
        assert asked.labels == ["Acepto y continúo"]
        form = await agreed(ana)
        assert kept(event) == []
        assert [field.custom_id for field in form.fields] == [
            "name",
            "institution",
            "affiliation",
            "profile",
            "language",
        ]
        await ana.submit(form, **GOOD)
        assert kept(event) == [(ana.id, "Ana Prueba", "Fiscalía de Ensayo", "es", "country", "CR", "judicial")]
        assert "Registro guardado" in last(ana).text
        assert "Costa Rica · Fiscalía o procuraduría" in last(ana).text
        assert ben.private() == []
        assert all("Ana Prueba" not in message.text for message in ben.sees())

    async def test_form_is_in_the_persons_language_and_lists_by_its_alphabet(self, event: Any) -> None:
        eve = event.person("Eve Example", locale="en-GB")
        form = await form_of(eve)
        assert event.config.privacy.consent["en"].strip() in last(eve).text
        labels = [option.label for option in form.field("affiliation").options]
        assert labels == [
            "Belize", "Canada", "Costa Rica", "Dominican Republic", "El Salvador", "Guatemala", "Honduras", "Mexico",
            "Nicaragua", "Panama", "United States", "International organization", "Panelist", "Event staff",
        ]  # fmt: skip
        await eve.submit(form, name="Eve Example", institution="Rehearsal Agency", affiliation="organization")
        assert "You are registered: **Eve Example**" in last(eve).text
        assert kept(event) == [(eve.id, "Eve Example", "Rehearsal Agency", "en", "organization", None, None)]

    async def test_button_of_the_opening_post_does_the_same(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await event.clock.run_until(event.at("2020-09-08 09:00"))
        await event.clock.run_for(1)
        post = next(m for m in reversed(ana.sees_in("anuncios")) if m.labels)
        await ana.click(post, "registration:open")
        await ana.submit(await agreed(ana), **GOOD)
        assert len(kept(event)) == 1

    async def test_registering_again_corrects_and_shows_what_is_there(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await ana.submit(await form_of(ana), **GOOD)
        await ana.slash("registro")
        assert "**Ana Prueba** · Fiscalía de Ensayo · Costa Rica" in last(ana).text
        form = await agreed(ana)
        assert form.field("name").value == "Ana Prueba"
        await ana.submit(form, affiliation="HN")
        assert "Registro corregido" in last(ana).text
        assert [row[5] for row in kept(event)] == ["CR", "HN"]

    async def test_delegate_without_a_profile_is_told_so(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        form = await form_of(ana)
        await ana.submit(form, name="Ana", institution="Fiscalía", affiliation="CR")
        assert "No indicó perfil" in last(ana).text
        assert kept(event)[0][6] is None

    async def test_form_that_was_open_during_a_restart_is_taken(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        form = await form_of(ana)
        await event.restart()
        await ana.submit(form, **GOOD)
        assert "Registro guardado" in last(ana).text
        assert len(kept(event)) == 1

    async def test_consent_that_was_shown_before_a_restart_still_opens_the_form(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await ana.slash("registro")
        await event.restart()
        await ana.submit(await agreed(ana), **GOOD)
        assert len(kept(event)) == 1


class TestRefusing:
    @pytest.mark.parametrize("nothing", ["\u200b\u200b", "···", "\u3164"])
    async def test_text_that_shows_nothing_is_given_back_with_the_way_to_the_form(
        self, event: Any, nothing: str
    ) -> None:
        ana = event.person("Ana Prueba")
        await ana.submit(await form_of(ana), **{**GOOD, "name": nothing})
        refused = last(ana)
        assert "No se guardó: en «Nombre y apellidos»" in refused.text
        assert "Institución: Fiscalía de Ensayo" in refused.text
        assert kept(event) == []
        again = (await ana.click(refused, "Volver al formulario")).modal
        assert again is not None
        assert again.field("institution").value == "Fiscalía de Ensayo"
        await ana.submit(again, name="Ana Prueba")
        assert [row[1:] for row in kept(event)] == [
            ("Ana Prueba", "Fiscalía de Ensayo", "es", "country", "CR", "judicial")
        ]

    async def test_country_that_is_not_on_the_list_is_refused(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        form = await form_of(ana)
        forged = {"name": "Ana", "institution": "X", "affiliation": ["FR"], "profile": [], "language": ["es"]}
        await ana.submit_raw(form.custom_id, forged)
        assert "falta elegir «Delegación o procedencia»" in last(ana).text
        assert kept(event) == []

    @pytest.mark.trial("D7")
    async def test_names_are_shown_literally(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await ana.submit(await form_of(ana), **{**GOOD, "name": "**Ana** [acta](https://example.org) @everyone\u202e"})
        assert kept(event)[0][1] == "**Ana** [acta](https://example.org) @everyone"
        assert "\\*\\*Ana\\*\\* \\[acta\\]" in last(ana).text
        assert last(ana).pinged == []


class TestManyDelegations:
    CODES = (
        "AR BO BR CL CO EC GY PY PE SR UY VE BZ CA CR DO GT HN MX NI PA SV US HT JM CU BS BB TT AG DM GD KN LC VC "
        "ES PT FR DE IT NL BE LU AT CH SE NO DK FI IS IE GB PL CZ SK HU RO BG GR HR"
    )

    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        whole = workshop(tmp_path)
        coverage = whole.coverage.model_copy(update={"countries": tuple(self.CODES.split())})
        return whole.model_copy(update={"coverage": coverage})

    @pytest.mark.trial("D4")
    async def test_more_than_a_form_can_list_are_chosen_before_it(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await ana.slash("registro")
        await ana.click(last(ana), "registration:agree")
        lists = last(ana)
        offered = [option.value for select in lists.selects for option in select.options]
        assert sorted(offered) == sorted([*self.CODES.split(), "organization", "panelist", "staff"])
        assert lists.selects[0].placeholder.startswith("De Alemania a ")
        of_honduras = next(s for s in lists.selects if "HN" in {option.value for option in s.options})
        await event.restart()
        form = (await ana.choose(lists, of_honduras.custom_id, "HN")).modal
        assert form is not None
        assert [field.custom_id for field in form.fields] == ["name", "institution", "profile", "language"]
        await ana.submit(form, name="Ana Prueba", institution="Fiscalía", profile="judicial")
        assert [row[4:] for row in kept(event)] == [("country", "HN", "judicial")]
