"""The public list of approved questions: who supports them, and what each sees of it."""

from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from tests.factories import workshop

TUESDAY = "2020-09-08"

TITLE = "Preguntas aprobadas que esperan turno"


def lists_of(person: Person) -> list[SeenMessage]:
    """Every public list that stands in the questions' channel."""
    return [m for m in person.sees_in("preguntas") if TITLE in m.text and not m.ephemeral]


def list_of(person: Person) -> SeenMessage:
    (found,) = lists_of(person)
    return found


def last_private(person: Person) -> str:
    return person.private()[-1].text


def changes_in(event: Any, channel: str) -> list[Any]:
    """When the messages that all see in the channel were posted and edited."""
    seen = {message.id for message in event.world.messages_in(channel)}
    kinds = ("message.created", "message.edited")
    return [e.at for e in event.loopback.log if e.kind in kinds and e.detail["message"] in seen]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop, with room for many questions of one person."""
    made = workshop(tmp_path)
    return made.model_copy(update={"questions": made.questions.model_copy(update={"per_person": 100})})


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30: the session runs, questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


async def approved(event: Any, asker: Person, *texts: str, anonymous: bool = False) -> None:
    """Each text asked and approved."""
    moderator = event.moderator("Mar Aprueba")
    for text in texts:
        await asker.slash("pregunta", texto=text, anonima=anonymous)
        mine = await event.services.queue.mine(asker.id)
        await event.services.queue.approve(mine[-1].question.number, moderator.id)
    await event.clock.run_for(3)


async def test_one_that_is_back_under_review_says_so_to_whoever_presses_the_list_as_it_was(morning: Any) -> None:
    ana, ben, eva = morning.person("Ana"), morning.person("Ben"), morning.person("Eva", locale="en-US")
    await approved(morning, ana, "¿Quién firmó?")
    listed = list_of(ben)
    await morning.services.queue.edit_by_author(1, ana.id, "Otro texto sin aprobar")
    for person, told in (
        (ben, "La pregunta 1 está otra vez en revisión. Podrá apoyarla cuando quienes moderan la aprueben."),
        (eva, "Question 1 is under review again. You can support it once moderators have approved it."),
    ):
        await person.click(listed, forged_custom_id="support:vote:1")
        assert last_private(person) == told


async def test_approved_questions_are_listed_and_those_under_review_are_not(morning: Any) -> None:
    ana, ben = morning.person("Ana Reservada"), morning.person("Ben Ensayo")
    await ana.slash("pregunta", texto="¿Texto sin aprobar?")
    await morning.clock.run_for(3)
    assert lists_of(ben) == []
    await approved(morning, ana, "¿Habrá *vídeo*?", "¿Quién firmó?")
    listed = list_of(ben)
    assert "¿Habrá \\*vídeo\\*?" in listed.text
    assert "¿Quién firmó?" in listed.text
    assert "Approved questions waiting for their turn" in listed.text
    assert "sin aprobar" not in "".join(m.text for m in ben.sees())
    assert "Reservada" not in listed.text
    assert str(ana.id) not in listed.text
    assert [b.label for b in listed.buttons] == ["Apoyar / Support"] * 2
    await morning.services.queue.edit_by_author(2, ana.id, "Otro texto sin aprobar")
    await morning.clock.run_for(3)
    assert "vídeo" not in list_of(ben).text
    assert "Otro texto" not in "".join(m.text for m in ben.sees())


async def test_everybody_supports_once_and_may_take_it_back(morning: Any) -> None:
    ana, ben, cleo = morning.person("Ana"), morning.person("Ben"), morning.person("Cleo", locale="en-US")
    await approved(morning, ana, "¿Habrá vídeo?")
    await ben.click(list_of(ben), "support:vote:1")
    assert last_private(ben) == "Apoya la pregunta 1, que tiene 1 apoyo."
    await cleo.click(list_of(cleo), "support:vote:1")
    assert last_private(cleo) == "You support question 1, which has 2 supporters."
    await morning.clock.run_for(3)
    assert "2 apoyos / 2 supporters" in list_of(ana).text
    await morning.restart()
    await ben.click(list_of(ben), "support:vote:1")
    assert last_private(ben) == "Retiró su apoyo a la pregunta 1, que tiene 1 apoyo."
    await morning.clock.run_for(3)
    assert "1 apoyo / 1 supporter" in list_of(ana).text
    assert all("apoyo a la" not in m.text for m in (*ana.private(), *cleo.private()))


@pytest.mark.trial("D8")
async def test_nobody_supports_their_own_nor_what_was_not_approved(morning: Any) -> None:
    ana, ben = morning.person("Ana"), morning.person("Ben")
    await approved(morning, ana, "¿Una?")
    await approved(morning, ana, "¿Otra, anónima?", anonymous=True)
    await ben.slash("pregunta", texto="¿Pendiente?")
    for number in (1, 2):
        await ana.click(list_of(ana), f"support:vote:{number}")
        assert "propia" in last_private(ana)
    for forged in ("support:vote:3", "support:vote:99"):
        await ana.click(list_of(ana), forged_custom_id=forged)
        assert "Apoya la pregunta" not in last_private(ana)
        assert "Pendiente" not in last_private(ana)
    await morning.clock.run_for(3)
    assert list_of(ben).text.count("0 apoyos") == 2


async def test_anonymous_questions_look_like_the_others(morning: Any) -> None:
    ana, ben = morning.person("Ana"), morning.person("Ben")
    await approved(morning, ana, "¿Con nombre?")
    await approved(morning, ana, "¿Sin nombre?", anonymous=True)
    text = list_of(ben).text.casefold()
    assert "sin nombre" in text
    assert "anónima" not in text
    assert "anonymous" not in text


@pytest.mark.trial("Q4")
async def test_nothing_public_moves_when_somebody_asks(morning: Any) -> None:
    ana, ben = morning.person("Ana"), morning.person("Ben")
    await approved(morning, ana, "¿Una?")
    await morning.clock.run_until(morning.at(f"{TUESDAY} 09:40") + timedelta(seconds=5))
    public = {channel: changes_in(morning, channel) for channel in ("anuncios", "preguntas")}
    await ben.slash("pregunta", texto="¿Anónima?", anonima=True)
    await ana.slash("pregunta", texto="¿Con nombre?")
    await morning.clock.run_for(10)
    assert {channel: changes_in(morning, channel) for channel in public} == public


async def test_many_who_press_at_once_change_the_list_at_most_every_two_seconds(morning: Any) -> None:
    ana = morning.person("Ana")
    await approved(morning, ana, "¿Una?", "¿Otra?")
    people = [morning.person(f"Persona {number}") for number in range(40)]
    before = len(changes_in(morning, "preguntas"))
    for number, somebody in enumerate(people):
        await somebody.click(list_of(somebody), f"support:vote:{number % 2 + 1}")
        await morning.clock.run_for(0.25)
    await morning.clock.run_for(3)
    changes = changes_in(morning, "preguntas")[before:]
    assert 4 <= len(changes) <= 7
    assert all(b - a >= timedelta(seconds=2) for a, b in pairwise(changes))
    assert list_of(ana).text.count("20 apoyos") == 2


async def test_list_is_posted_anew_before_it_can_no_longer_be_edited_and_when_it_was_deleted(morning: Any) -> None:
    ana = morning.person("Ana")
    await approved(morning, ana, "¿Una?")
    first = list_of(ana)
    await morning.clock.run_for(49 * 60)
    second = list_of(ana)
    assert first.id != second.id
    assert morning.clock.now() - second.created_at < timedelta(minutes=2)
    morning.world.delete_message(second)
    await morning.clock.run_for(61)
    assert list_of(ana).id != second.id
    assert "¿Una?" in list_of(ana).text


async def test_pages_open_privately_and_take_support_at_once(morning: Any) -> None:
    ana, ben, cleo = morning.person("Ana"), morning.person("Ben"), morning.person("Cleo")
    words = ["alba", "brisa", "cedro", "duna", "espiga", "faro", "gruta", "humo", "isla", "jardín", "kiosco", "lago"]
    await approved(morning, ana, *(f"¿Dónde queda {word}?" for word in words))
    public = list_of(ben)
    assert "y 7 más / and 7 more" in public.text
    assert len(public.buttons) == 6
    await ben.click(public, "Ver todas / See all")
    own = ben.private()[-1]
    assert "Página 2 de 3" in own.text
    assert own.labels == ["Apoyar"] * 5 + ["Anteriores", "Más"]
    number = own.buttons[2].custom_id.split(":")[2]
    await ben.click(own, own.buttons[2].custom_id)
    own = ben.private()[-1]
    assert f"Apoya la pregunta {number}, que tiene 1 apoyo." in own.text
    assert f"**{number}** · 1 apoyo" in own.text
    await ben.click(own, "Más")
    assert "Página 3 de 3" in ben.private()[-1].text
    await ben.click(ben.private()[-1], "Anteriores")
    assert "Página 2 de 3" in ben.private()[-1].text
    assert len(ben.private()) == 1
    assert cleo.private() == []
    pages = "".join(m.text for m in (public, own))
    assert len({word for word in words if word in pages}) == 10


@pytest.mark.trial("D4")
@pytest.mark.trial("D7")
async def test_list_of_long_questions_made_of_signs_keeps_discords_limits(morning: Any) -> None:
    ana, ben = morning.person("Ana"), morning.person("Ben")
    for number in range(6):
        await ana.slash("pregunta", texto=f"a{number}" + "[*](" * 240, para="x_" * 50)
        await morning.services.queue.approve(number + 1, 1)
    await morning.clock.run_for(3)
    listed = list_of(ben)
    assert len(listed.text) <= 4000
    assert len([b for b in listed.buttons if b.label == "Apoyar / Support"]) == 5
    await ben.click(listed, "Ver todas / See all")
    assert len(ben.private()[-1].text) <= 4000


async def test_after_the_session_the_list_says_so_and_takes_no_more_presses(morning: Any) -> None:
    ana, ben = morning.person("Ana"), morning.person("Ben")
    await approved(morning, ana, "¿Una?")
    await morning.clock.run_until(morning.at(f"{TUESDAY} 11:00") + timedelta(minutes=61))
    listed = list_of(ben)
    assert "La sesión terminó." in listed.text
    assert listed.buttons == []


async def test_channel_that_refuses_is_told_to_organizers_and_the_list_comes_back(morning: Any) -> None:
    ana, olga = morning.person("Ana"), morning.organizer()
    morning.loopback.faults.add("403", route="POST /channels/{id}/messages", channel="preguntas", code=50013)
    await approved(morning, ana, "¿Una?")
    await morning.clock.run_for(120)
    assert "¿Una?" in list_of(ana).text
    assert any("preguntas" in m.text for m in olga.sees_in("organizacion"))
