"""Written answers: who writes them, who reads them, and that each is published once."""

from typing import Any

import pytest

from bot.loopback.people import Person
from bot.questions import State
from tests.cogs.dais import TUESDAY, answers, at_questions, board_of, private_texts, state_of


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


async def answer(event: Any, moderator: Person, number: int, text: str) -> None:
    form = (await moderator.slash("responder", numero=str(number))).modal
    await moderator.submit(form, text=text)
    await event.settle()


async def test_answer_is_published_once_under_the_questions_post(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben")
    (ana,) = await at_questions(morning, "¿Habrá vídeo?")
    await moderator.slash("siguiente")
    await morning.settle()
    post = next(m for m in ben.sees_in("preguntas") if "al aire" in m.text)
    await answer(morning, moderator, 1, "Sí, el **viernes**.")
    assert private_texts(moderator)[-1] == "Respuesta a la pregunta 1 guardada. Se publica en seguida."
    published = answers(ben)
    assert len(published) == 1
    assert published[0].text.startswith(
        "### Respuesta a la pregunta 1 / Answer to question 1\nSí, el \\*\\*viernes\\*\\*"
    )
    assert published[0].message.reference["message_id"] == str(post.id)
    assert published[0].pinged == []
    await morning.restart()
    assert len(answers(ben)) == 1
    await ana.slash("mis-preguntas")
    assert "viernes" in private_texts(ana)[-1]
    assert ben.private() == []
    assert await state_of(morning, 1) is State.ON_AIR


async def test_answer_to_one_that_was_never_on_air_brings_its_question(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben")
    await at_questions(morning, "¿Habrá vídeo?")
    await answer(morning, moderator, 1, "Sí.")
    assert [m.text.split("\n")[1:3] for m in answers(ben)] == [["> ¿Habrá vídeo?", "Sí\\."]]
    assert await state_of(morning, 1) is State.ANSWERED
    await morning.clock.run_for(3)
    assert "respondidas 1" in board_of(moderator).text


async def test_changed_answer_is_published_as_corrected(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben")
    await at_questions(morning, "¿Habrá vídeo?")
    await answer(morning, moderator, 1, "Sí.")
    form = (await moderator.slash("responder", numero="1")).modal
    assert form.field("text").value == "Sí."
    await moderator.submit(form, text="No.")
    await morning.settle()
    first, second = answers(ben)
    assert "Respuesta corregida a la pregunta 1 / Corrected answer to question 1" in second.text
    assert second.message.reference["message_id"] == str(first.id)


@pytest.mark.parametrize("fault", ["accepted-then-502", "503"])
async def test_answer_whose_post_fails_is_published_once_in_the_end(morning: Any, fault: str) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben")
    await at_questions(morning, "¿Habrá vídeo?")
    played = morning.loopback.faults.add(fault, route="POST /channels/{id}/messages", channel="preguntas")
    await answer(morning, moderator, 1, "Sí.")
    await morning.clock.run_for(60)
    assert played.played == 1
    assert len(answers(ben)) == 1
    await morning.restart()
    assert len(answers(ben)) == 1


async def test_long_answer_is_published_whole_in_order(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben")
    await at_questions(morning, "¿Habrá vídeo?")
    await answer(morning, moderator, 1, " ".join(f"palabra{number}" for number in range(300)))
    shown = " ".join(m.text for m in ben.sees_in("preguntas"))
    places = [shown.index(f"palabra{number}") for number in range(300)]
    assert places == sorted(places)


async def test_answer_that_shows_nothing_is_refused(morning: Any) -> None:
    moderator, ben = morning.moderator(), morning.person("Ben")
    await at_questions(morning, "¿Habrá vídeo?")
    await answer(morning, moderator, 1, "\u200b\u2800")
    assert "no" in private_texts(moderator)[-1].lower()
    assert answers(ben) == []
    assert await state_of(morning, 1) is State.APPROVED


async def test_second_of_two_who_answer_at_once_is_told_and_keeps_the_text(morning: Any) -> None:
    one, two, ben = morning.moderator("Una"), morning.moderator("Otra"), morning.person("Ben")
    await at_questions(morning, "¿Habrá vídeo?")
    forms = [(await who.slash("responder", numero="1")).modal for who in (one, two)]
    await one.submit(forms[0], text="Sí.")
    await two.submit(forms[1], text="No habrá.")
    await morning.settle()
    told = private_texts(two)[-1]
    assert f"<@{one.id}> respondió la pregunta 1" in told
    assert "No habrá" in told
    assert [m.text.split("\n")[2] for m in answers(ben)] == ["Sí\\."]
    assert ben.private() == []
