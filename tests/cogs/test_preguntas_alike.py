"""What somebody is shown who is about to ask what others ask already."""

from typing import Any

import pytest

from bot.loopback.people import Person

TUESDAY = "2020-09-08"

FIRST = "¿Cuándo entra en vigor el acuerdo de retorno?"
NEAR = "¿cuando entra en vigor el acuerdo de retorno"


def last(person: Person) -> str:
    return person.private()[-1].text


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30: Ana's question is approved."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    event.ana = event.person("Ana Reservada")
    await event.ana.slash("pregunta", texto=FIRST)
    await event.services.queue.approve(1, event.moderator("Mar Aprueba").id)
    await event.clock.run_for(3)
    return event


async def received(event: Any) -> int:
    return (await event.services.queue.figures(TUESDAY)).received


async def test_approved_question_like_it_is_shown_privately_and_can_be_supported(morning: Any) -> None:
    ben, cleo = morning.person("Ben"), morning.person("Cleo")
    await ben.slash("pregunta", texto=NEAR, para="OIM")
    shown = ben.private()[-1]
    assert "Todavía no se envió" in shown.text
    assert FIRST in shown.text
    assert NEAR in shown.embeds[0]["description"]
    assert "Reservada" not in shown.text
    assert shown.labels == ["Apoyar la 1", "Enviar de todos modos"]
    assert await received(morning) == 1
    await ben.click(shown, "Apoyar la 1")
    shown = ben.private()[-1]
    assert "Apoya la pregunta 1, que tiene 1 apoyo." in shown.text
    assert NEAR in shown.embeds[0]["description"]
    assert shown.labels == ["Enviar de todos modos"]
    assert await received(morning) == 1
    assert len(ben.private()) == 1
    assert cleo.private() == []
    assert all("retorno" not in m.text for m in cleo.sees() if m.channel.name != "preguntas")


async def test_pressing_twice_supports_all_the_same(morning: Any) -> None:
    ben = morning.person("Ben")
    public = next(m for m in ben.sees_in("preguntas") if FIRST in m.text)
    await ben.click(public, "support:vote:1")
    await ben.slash("pregunta", texto=NEAR)
    await ben.click(ben.private()[-1], "Apoyar la 1")
    assert "Apoya la pregunta 1, que tiene 1 apoyo." in last(ben)


async def test_it_can_be_sent_all_the_same_after_a_restart_exactly_as_typed(morning: Any) -> None:
    ben, moderator = morning.person("Ben"), morning.moderator()
    typed = "¿Cuándo entra en vigor el acuerdo de *retorno*? https://example.org/a_b\n-# [sic] \\o/"
    form = (await ben.slash("pregunta")).modal
    await ben.submit(form, text=typed, how="anonymous", whom="la *OIM*")
    draft = ben.private()[-1]
    assert "Se enviaría como anónima" in draft.text
    await morning.restart()
    await ben.click(draft, "Enviar de todos modos")
    assert "Guardada: su pregunta es la **número 2**" in last(ben)
    assert "Es anónima" in last(ben)
    assert ben.private()[-1].embeds == ()
    question = (await morning.services.queue.shown(2)).question
    assert (question.text, question.addressed_to, question.anonymous) == (typed, "la *OIM*", True)
    assert str(ben.id) not in "".join(m.text for m in moderator.sees())
    await ben.click(draft, forged_custom_id="question:anyway:named")
    assert "ya no sirve" in last(ben)


async def test_draft_that_is_not_taken_stays(morning: Any) -> None:
    ben = morning.person("Ben")
    await ben.slash("pregunta", texto=NEAR)
    draft = ben.private()[-1]
    await morning.clock.run_until(morning.at(f"{TUESDAY} 11:00"))
    await ben.click(draft, "Enviar de todos modos")
    assert "ya no recibe preguntas" in last(ben)
    assert NEAR in next(m for m in ben.private() if m.id == draft.id).embeds[0]["description"]


async def test_draft_stands_in_the_form_again_until_it_is_sent(morning: Any) -> None:
    ben, cleo = morning.person("Ben"), morning.person("Cleo")
    await ben.slash("pregunta", texto=NEAR, anonima=True, para="OIM")
    public = next(m for m in ben.sees_in("anuncios") if "Preguntar" in "".join(m.labels))
    form = (await ben.click(public, "question:ask")).modal
    assert [field.value for field in form.fields] == [NEAR, ("anonymous",), "OIM"]
    assert (await cleo.click(public, "question:ask")).modal.fields[0].value == ""
    by_command = (await ben.slash("pregunta")).modal
    assert [field.value for field in by_command.fields] == [NEAR, ("anonymous",), "OIM"]
    await ben.click(ben.private()[-1], "Enviar de todos modos")
    assert (await ben.slash("pregunta")).modal.fields[0].value == ""


async def test_question_that_was_refused_stands_in_the_form_again_as_anonymous_as_it_was(morning: Any) -> None:
    ben = morning.person("Ben")
    await ben.slash("pregunta", texto="¿Quién firmó? " * 100, anonima=True, para="OIM")
    assert "caben 1000" in "".join(m.text for m in ben.private())
    again = (await ben.slash("pregunta")).modal
    assert [again.fields[0].value.count("¿Quién"), *[f.value for f in again.fields[1:]]] == [100, ("anonymous",), "OIM"]
    await ben.submit(again, text="¿Quién firmó?", how="anonymous", whom="OIM")
    assert (await morning.services.queue.shown(2)).question.anonymous
    assert (await ben.slash("pregunta")).modal.fields[0].value == ""


async def test_like_question_under_review_is_only_said_to_exist(morning: Any) -> None:
    ben, cleo = morning.person("Ben Reservado"), morning.person("Cleo", locale="en-US")
    await ben.slash("pregunta", texto="¿Habrá certificado de participación en el taller?")
    await cleo.slash("pregunta", texto="Habra certificado de participacion en el taller")
    assert "your question is **number 3**" in last(cleo)
    assert "There is another like it under review" in last(cleo)
    assert "Reservado" not in last(cleo)
    assert "¿Habrá certificado" not in "".join(m.text for m in cleo.sees())


async def test_ones_own_question_again_is_not_asked_about(morning: Any) -> None:
    await morning.ana.slash("pregunta", texto=NEAR)
    assert "ya la había hecho: es la **número 1**" in last(morning.ana)


@pytest.mark.trial("D8")
async def test_forged_presses_without_a_draft_send_nothing(morning: Any) -> None:
    ben = morning.person("Ben")
    public = next(m for m in ben.sees_in("preguntas") if FIRST in m.text)
    for forged in ("question:anyway:named", "question:support:1:named"):
        await ben.click(public, forged_custom_id=forged)
        assert "ya no sirve" in last(ben)
    assert await received(morning) == 1
