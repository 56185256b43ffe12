"""Messages that are made questions."""

from typing import Any

import pytest

from bot.loopback.people import Person

TUESDAY = "2020-09-08"
MENU = "Convertir en pregunta"


def last(person: Person) -> str:
    return person.private()[-1].text


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, with a channel in which people talk."""
    event.world.add_text_channel("charla")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


async def test_author_makes_their_own_message_a_question_and_is_told_that_it_has_their_name(morning: Any) -> None:
    ana, moderator = morning.person("Ana Prueba"), morning.moderator()
    said = await ana.says("charla", "¿Habrá *vídeo*?")
    form = (await ana.context_menu(MENU, said)).modal
    assert [(field.custom_id, field.value) for field in form.fields] == [("text", "¿Habrá *vídeo*?")]
    assert "no puede ser anónima" in form.texts[0]
    await morning.restart()
    await ana.submit(form, text="¿Habrá vídeo de hoy?")
    assert "número 1" in last(ana)
    question = (await morning.services.queue.shown(1)).question
    assert (question.text, question.author, question.filed_by) == ("¿Habrá vídeo de hoy?", ana.id, None)
    await morning.clock.run_for(3)
    assert any("vídeo de hoy" in m.text for m in moderator.sees_in("moderacion"))


async def test_moderator_makes_anybodys_message_a_question_of_its_author(morning: Any) -> None:
    ana, ben, moderator = morning.person("Ana Prueba"), morning.person("Ben"), morning.moderator()
    said = await ana.says("charla", "¿Habrá vídeo?")
    await moderator.context_menu(MENU, said)
    assert f"Guardada como pregunta de <@{ana.id}>: es la **número 1**" in last(moderator)
    question = (await morning.services.queue.shown(1)).question
    assert (question.text, question.author, question.filed_by) == ("¿Habrá vídeo?", ana.id, moderator.id)
    await moderator.context_menu(MENU, said)
    assert "ya la había hecho: es la **número 1**" in last(moderator)
    await ana.slash("mis-preguntas")
    assert "¿Habrá vídeo?" in last(ana)
    assert ben.private() == []


async def test_moderator_does_not_learn_from_a_message_what_its_author_asked_anonymously(morning: Any) -> None:
    ana, ben, moderator = morning.person("Ana"), morning.person("Ben"), morning.moderator()
    await ana.slash("pregunta", texto="¿Quién firmó?", anonima=True)
    told = []
    for somebody in (ana, ben):
        await moderator.context_menu(MENU, await somebody.says("charla", "¿quien firmo?"))
        told.append(last(moderator).replace(str(somebody.id), "X"))
    assert "Guardada como pregunta de <@X>: es la **número 2**" in told[0]
    assert told[1] == told[0].replace("2", "3")


@pytest.mark.trial("D8")
async def test_nobody_else_makes_anothers_message_a_question_and_nobody_a_bots(morning: Any) -> None:
    ana, ben, moderator = morning.person("Ana"), morning.person("Ben"), morning.moderator()
    said = await ana.says("charla", "¿Habrá vídeo?")
    await ben.context_menu(MENU, said)
    assert "solo para quienes moderan" in last(ben)
    of_the_bot = moderator.sees_in("anuncios")[-1]
    await moderator.context_menu(MENU, of_the_bot)
    assert "no con el de un bot" in last(moderator)
    assert (await morning.services.queue.figures(TUESDAY)).received == 0


@pytest.mark.trial("Q7")
@pytest.mark.trial("D4")
async def test_long_and_empty_messages(morning: Any) -> None:
    ana, moderator = morning.person("Ana"), morning.moderator()
    long = await ana.says("charla", "ñandú " * 333)
    form = (await ana.context_menu(MENU, long)).modal
    assert form.fields[0].value.count("ñandú") == 333
    await ana.submit(form, text=form.fields[0].value)
    await morning.settle()
    assert "caben 1000" in ana.private()[0].text
    assert sum(m.text.count("ñandú") for m in ana.private()) == 333
    empty = await ana.says("charla", "🎉🎉")
    await moderator.context_menu(MENU, empty)
    assert "no tiene nada que leer" in last(moderator)
    assert (await morning.services.queue.figures(TUESDAY)).received == 0


async def test_outside_the_hours_it_is_said_when_asking_opens(event: Any) -> None:
    event.world.add_text_channel("charla")
    await event.settle()
    ana = event.person("Ana")
    said = await ana.says("charla", "¿Ya?")
    await ana.context_menu(MENU, said)
    assert f"<t:{int(event.at(f'{TUESDAY} 09:00').timestamp())}:f>" in last(ana)
