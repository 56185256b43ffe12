"""The now card, and the pinned message about how to take part, over the wire."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.agenda_changes import ChangeKind, delay
from bot.config import Config
from bot.loopback import permissions as rights
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from tests.factories import workshop

TUESDAY = "2020-09-08"


def only(tmp_path: Path, **wanted: bool) -> Config:
    config = workshop(tmp_path)
    announcements = config.announcements.model_copy(update=wanted)
    return config.model_copy(update={"announcements": announcements})


def of_organizers(event: Any) -> list[str]:
    return [m.text for m in event.organizer().sees_in("organizacion") if "Cómo participar" in m.text]


class TestNowCard:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return only(tmp_path, now_card=True)

    def card(self, person: Person) -> SeenMessage:
        (found,) = self.cards(person)
        return found

    def cards(self, person: Person) -> list[SeenMessage]:
        return [m for m in person.sees_in("anuncios") if m.components and m.text.startswith("###")]

    async def test_it_says_what_is_on_until_when_who_speaks_and_what_is_next(self, event: Any) -> None:
        ana = event.person("Ana")
        assert self.cards(ana) == []
        await event.clock.run_until(event.at(f"{TUESDAY} 09:00"))
        card = self.card(ana)
        until, following = (int(event.at(f"{TUESDAY} {hour}").timestamp()) for hour in ("09:30", "09:30"))
        assert card.text.split("\n")[:5] == [
            "### Ahora: Palabras de Inauguración",
            f"Hasta las <t:{until}:t> (<t:{until}:R>)",
            "**Intervienen:** Presidencia Pro-Témpore, OIM, UNODC",
            f"**Después, a las <t:{following}:t>:** Intercambio Técnico",
            f"-# Para preguntar: el botón de abajo, o /pregunta. Hasta las "
            f"<t:{int(event.at(f'{TUESDAY} 11:00').timestamp())}:t>.",
        ]
        assert "### Now: Opening remarks" in card.text
        assert [button.custom_id for button in card.buttons] == ["question:ask", "presence:declare"]
        await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
        await event.settle()
        assert "### Ahora: Intercambio Técnico" in self.card(ana).text
        assert "**Modera:** PPT" in self.card(ana).text
        assert self.card(ana).pinged == []

    async def test_a_delay_and_a_pause_are_shown_at_once(self, event: Any) -> None:
        ana, mora = event.person("Ana"), event.moderator()
        await event.clock.run_until(event.at(f"{TUESDAY} 09:10"))
        await event.services.agenda.change(ChangeKind.DELAY, partial(delay, minutes=20), by=None, reason=None)
        await event.clock.run_for(3)
        assert f"Hasta las <t:{int(event.at(f'{TUESDAY} 09:50').timestamp())}:t>" in self.card(ana).text
        await event.clock.run_until(event.at(f"{TUESDAY} 09:40"))
        assert "### Ahora: Palabras de Inauguración" in self.card(ana).text
        await mora.slash("pausar")
        await event.clock.run_for(3)
        assert "-# Por el momento no se reciben preguntas." in self.card(ana).text

    async def test_it_stays_one_across_restarts_and_comes_back_when_deleted(self, event: Any) -> None:
        ana = event.person("Ana")
        await event.clock.run_until(event.at(f"{TUESDAY} 09:20"))
        first = self.card(ana)
        await event.restart()
        assert self.card(ana).id == first.id
        event.world.delete_message(first)
        await event.clock.run_for(61)
        assert self.card(ana).id != first.id
        await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
        # Discord lets no message be changed that is older than an hour.
        assert event.world.age_seconds(self.card(ana).message) < 3600
        assert "### Ahora: Preguntas y Respuestas" in self.card(ana).text

    async def test_at_the_end_it_names_the_next_session_and_has_no_buttons(self, event: Any) -> None:
        ana = event.person("Ana")
        await event.clock.run_until(event.at(f"{TUESDAY} 11:01"))
        card = self.card(ana)
        assert card.text.startswith("### La sesión de hoy terminó\nLa próxima: miércoles 9 de septiembre")
        assert card.buttons == []


class TestTakingPart:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return only(tmp_path, how_to_take_part=True)

    def pinned(self, person: Person) -> SeenMessage:
        (found,) = (m for m in person.sees_in("anuncios") if m.text.startswith("## Cómo participar"))
        return found

    async def test_it_stands_pinned_once_in_both_languages(self, event: Any) -> None:
        ana = event.person("Ana")
        pinned = self.pinned(ana)
        assert pinned.message.pinned_at is not None
        stage, questions = (event.world.channel_named(name).id for name in ("auditorio", "preguntas"))
        assert f"entre en <#{stage}>" in pinned.text
        assert "## How to take part" in pinned.text
        assert f"it is read in <#{questions}>" in pinned.text
        assert pinned.labels == [
            "Preguntar / Ask",
            "Presente / I am here",
            "Registrarme / Register",
            "Ver el programa / See the programme",
            "Guardar en mi calendario / Save to my calendar",
        ]
        await event.restart()
        await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
        assert self.pinned(ana).id == pinned.id
        assert self.pinned(ana).pinged == []

    async def test_its_buttons_work_days_later(self, event: Any) -> None:
        await event.restart()
        await event.clock.run_until(event.at("2020-09-09 09:05"))
        ana, zoe = event.person("Ana"), event.person("Zoe", locale="en-GB")
        await ana.click(self.pinned(ana), "programme:show")
        assert "Cooperación judicial transfronteriza" in ana.private()[-1].text
        await zoe.click(self.pinned(zoe), "programme:show")
        assert "Cross-border judicial cooperation" in zoe.private()[-1].text
        assert (await ana.click(self.pinned(ana), "question:ask")).modal is not None

    async def test_it_is_posted_and_pinned_anew_where_it_was_deleted(self, event: Any) -> None:
        ana = event.person("Ana")
        await event.clock.run_until(event.at(f"{TUESDAY} 09:01"))
        first = self.pinned(ana)
        event.world.delete_message(first)
        await event.clock.run_for(301)
        again = self.pinned(ana)
        assert (again.id != first.id, again.message.pinned_at is not None) == (True, True)
        event.world.change_message(again.message, edited=False, pinned_at=None)
        await event.clock.run_for(301)
        assert self.pinned(ana).message.pinned_at is not None

    async def test_it_says_what_config_says_after_a_restart(self, event: Any) -> None:
        ana = event.person("Ana")
        first = self.pinned(ana)
        kept = await event.services.store.read(lambda tx: tx.facts.all("how-to-take-part"))
        changed = kept["how-to-take-part"].rsplit(" ", 1)[0] + " other"
        await event.services.store.write(lambda tx: tx.facts.remember({"how-to-take-part": changed}))
        event.world.change_message(first.message, content="## Cómo participar\nantes")
        await event.restart()
        assert self.pinned(ana).id == first.id
        assert "## How to take part" in self.pinned(ana).text
        assert "-# ref. como-participar-1" in self.pinned(ana).text

    @pytest.mark.parametrize("kind", ["accepted-then-502", "502"])
    async def test_a_request_that_fails_makes_neither_none_nor_two(self, event: Any, kind: Any) -> None:
        ana = event.person("Ana")
        event.world.delete_message(self.pinned(ana))
        event.loopback.faults.add(kind, route="POST /channels/{id}/messages", channel="anuncios", times=2)
        await event.restart()
        await event.clock.run_for(120)
        assert self.pinned(ana).message.pinned_at is not None

    async def test_without_the_permission_it_stands_unpinned_and_organizers_are_told_once(self, event: Any) -> None:
        ana, role = event.person("Ana"), event.hall.bot_role
        event.world.delete_message(self.pinned(ana))
        event.world.change_role(role, permissions=role.permissions & ~rights.PIN_MESSAGES)
        await event.restart()
        await event.clock.run_for(60)
        await event.restart()
        await event.clock.run_for(60)
        assert self.pinned(ana).message.pinned_at is None
        (told,) = of_organizers(event)
        assert "«Fijar mensajes»" in told
        assert "“Pin Messages”" in told
        event.world.change_role(role, permissions=role.permissions | rights.PIN_MESSAGES)
        await event.settle()
        assert self.pinned(ana).message.pinned_at is not None
        assert len(of_organizers(event)) == 1
