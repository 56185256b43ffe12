"""/siguiente with its options, /cola and /politica, over the wire."""

from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, PanelistConfig
from bot.questions import State
from tests.cogs.dais import (
    TUESDAY,
    WEDNESDAY,
    at_questions,
    board_of,
    on_air,
    private_texts,
    register,
    state_of,
)
from tests.factories import workshop


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop with two panelists on Tuesday."""
    made = workshop(tmp_path)
    tuesday = made.event.sessions[0]
    panelists = tuple(PanelistConfig.model_construct(name=name, institution=None) for name in ("Zoé Ñandú", "Ana Ruiz"))
    exchange = tuesday.blocks[1].model_copy(update={"panelists": panelists})
    session = tuesday.model_copy(update={"blocks": (tuesday.blocks[0], exchange, *tuesday.blocks[2:])})
    event = made.event.model_copy(update={"sessions": (session, *made.event.sessions[1:])})
    return made.model_copy(update={"event": event})


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


class TestNext:
    @pytest.mark.parametrize(
        ("what", "told", "counted", "state"),
        [
            ("Aplazada", "La 1 quedó aplazada.", "aplazadas 1", State.DEFERRED),
            ("Se responderá por escrito", "La 1 quedó para responder por escrito.", "respondidas 1", State.ANSWERED),
            ("Respondida", "La 1 quedó respondida.", "respondidas 1", State.ANSWERED),
        ],
    )
    async def test_what_becomes_of_the_one_on_air_is_said_with_the_next(
        self, morning: Any, what: str, told: str, counted: str, state: State
    ) -> None:
        moderator = morning.moderator()
        author, _ = await at_questions(morning, "Una", "Otra")
        bystander = morning.person("Curiosa")
        await moderator.slash("siguiente")
        await morning.clock.run_for(15)
        await moderator.slash("siguiente", que_fue=what)
        await morning.clock.run_for(3)
        assert told in private_texts(moderator)[-1]
        assert counted in board_of(moderator).text
        assert await state_of(morning, 1) is state
        assert len(on_air(bystander)) == 2
        await author.slash("mis-preguntas")
        assert "Una" in private_texts(author)[-1]
        assert bystander.private() == []

    async def test_number_puts_another_one_on_air_than_the_next_in_turn(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Una", "Otra", "La tercera")
        await moderator.slash("siguiente", numero="3")
        await morning.settle()
        assert ["La tercera" in text for text in on_air(moderator)] == [True]
        assert await state_of(morning, 1) is State.APPROVED

    async def test_number_that_is_none_is_asked_for_again_and_nothing_goes_on_air(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Una")
        await moderator.slash("siguiente", numero="la primera")
        await moderator.slash("siguiente", numero="77")
        await morning.settle()
        assert private_texts(moderator) == [
            "¿Qué pregunta? Escriba su número, o parte de su texto y elija una de las que se ofrecen.",
            "No encuentro esa pregunta (77).",
        ]
        assert on_air(moderator) == []

    async def test_before_the_questions_the_confirmation_keeps_what_was_chosen(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        for text, whom in (("Una", None), ("Otra", "Zoé Ñandú"), ("Y otra", "Zoé Ñandú")):
            options = {} if whom is None else {"para": whom}
            await ana.slash("pregunta", texto=text, **options)
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:page:1-2-3")
        await moderator.slash("siguiente", numero="3")
        await moderator.click(moderator.private()[-1], "Sí, al aire ya")
        await morning.settle()
        assert ["Y otra" in text for text in on_air(ana)] == [True]
        await morning.clock.run_for(20)
        await moderator.slash("siguiente", que_fue="Aplazada", para="Zoé Ñandú")
        await moderator.click(moderator.private()[-1], "Sí, al aire ya")
        await morning.settle()
        assert ["Otra" in text for text in on_air(ana)] == [False, True]
        assert await state_of(morning, 3) is State.DEFERRED

    async def test_only_those_for_a_panelist(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await ana.slash("pregunta", texto="Para cualquiera")
        await ana.slash("pregunta", texto="Para ella", para="Zoé Ñandú")
        await morning.clock.run_until(morning.at(f"{TUESDAY} 10:20"))
        await moderator.click(board_of(moderator), "question:page:1-2")
        offered = await moderator.suggestions("siguiente", option="para", typed="nandu")
        assert [choice.value for choice in offered] == ["Zoé Ñandú"]
        await moderator.slash("siguiente", para="Zoé Ñandú")
        await morning.clock.run_for(20)
        assert ["Para ella" in text for text in on_air(ana)] == [True]
        await moderator.slash("siguiente", para="Zoé Ñandú")
        await morning.settle()
        assert len(on_air(ana)) == 1
        assert await state_of(morning, 2) is State.ON_AIR

    async def test_one_left_from_an_earlier_day_goes_on_air_today(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "La de ayer")
        await moderator.slash("siguiente")
        await moderator.click(moderator.private()[-1], "Ver todo…")
        await moderator.click(moderator.private()[-1], "Aplazar")
        await morning.clock.run_until(morning.at(f"{WEDNESDAY} 10:20"))
        assert [c.value for c in await moderator.suggestions("siguiente", option="numero", typed="ayer")] == ["1"]
        await moderator.slash("siguiente", numero="1")
        await morning.settle()
        assert ["La de ayer" in text for text in on_air(moderator)] == [True, True]

    async def test_one_of_an_earlier_day_on_air_leaves_todays_board_and_next_todays(self, morning: Any) -> None:
        one, two = morning.moderator("Una"), morning.moderator("Otra")
        await at_questions(morning, "La de ayer")
        await morning.services.queue.put_on_air(1, one.id)
        await morning.services.queue.defer(1, one.id)
        await morning.clock.run_until(morning.at(f"{WEDNESDAY} 10:20"))
        await morning.person("Ben").slash("pregunta", texto="La de hoy")
        await one.slash("siguiente", numero="1")
        await morning.clock.run_for(3)
        await one.click(board_of(one), "question:finish:1")
        assert "Nada al aire" in board_of(one).text
        assert "La de hoy" in board_of(one).text
        await one.slash("deshacer", numero="1")
        assert await state_of(morning, 1) is State.ON_AIR
        await two.slash("siguiente")
        # Told that one was just put there, the second moderator goes on from it, in today's session.
        await one.click(board_of(one), "question:approve:2")
        await two.click(two.private()[-1], "Siguiente")
        assert (await state_of(morning, 1), await state_of(morning, 2)) == (State.ANSWERED, State.ON_AIR)

    async def test_second_of_two_goes_on_to_the_one_that_was_asked_for(self, morning: Any) -> None:
        one, two = morning.moderator("Una"), morning.moderator("Otra")
        await at_questions(morning, "Primera", "Segunda", "Tercera")
        await one.slash("siguiente")
        await two.slash("siguiente", numero="3", que_fue="deferred")
        assert await state_of(morning, 1) is State.ON_AIR
        await two.click(two.private()[-1], "Siguiente")
        assert [await state_of(morning, n) for n in (1, 2, 3)] == [State.ANSWERED, State.APPROVED, State.ON_AIR]

    async def test_public_post_tells_the_time_left_under_five_minutes_alone(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await at_questions(morning, "Una", "Otra")
        await moderator.slash("siguiente")
        await morning.clock.run_until(morning.at(f"{TUESDAY} 10:56"))
        await moderator.slash("siguiente")
        await morning.settle()
        ends = int(morning.at(f"{TUESDAY} 11:00").timestamp())
        assert [f"El tiempo de preguntas termina <t:{ends}:R>" in text for text in on_air(ana)] == [False, True]


class TestSuggestions:
    @pytest.mark.trial("D5")
    async def test_sixty_questions_are_all_reached_by_typing_and_attendees_see_none(self, morning: Any) -> None:
        same = "Sobre la cooperación transfronteriza y el intercambio de información entre las delegaciones presentes, "
        assert len(same) >= 100
        moderator = morning.moderator()
        for number in range(1, 61):
            person = morning.person(f"Persona {number}")
            await person.slash("pregunta", texto=f"{same}caso {number}º de Ñandú{number}" + " y más" * 30)
        offered = await moderator.suggestions("siguiente", option="numero", typed="")
        assert len(offered) == 25
        assert all(len(choice.name) <= 100 for choice in offered)
        for number in range(1, 61):
            values = [c.value for c in await moderator.suggestions("siguiente", option="numero", typed=str(number))]
            assert str(number) in values
        for typed in ("ñandú37", "NANDU37"):
            assert [c.value for c in await moderator.suggestions("siguiente", option="numero", typed=typed)] == ["37"]
        ana = morning.person("Ana")
        for command, option in (
            ("siguiente", "numero"),
            ("siguiente", "para"),
            ("deshacer", "numero"),
            ("responder", "numero"),
            ("silenciar", "numero"),
            ("pregunta-de", "para"),
        ):
            assert await ana.suggestions(command, option=option, typed="", forged=True) == []
        for option, other in (("numero", "con"), ("con", "numero")):
            assert await ana.suggestions("unir", option=option, typed="", forged=True, **{other: "1"}) == []


class TestQueue:
    async def test_queue_tells_the_next_five_why_and_the_time_for_each(self, morning: Any) -> None:
        moderator = morning.moderator()
        texts = ("Frontera sur", "Puertos", "Víctimas menores", "Cooperación judicial", "Vídeo", "Presupuesto")
        await at_questions(morning, *texts)
        await moderator.slash("cola")
        text = private_texts(moderator)[-1]
        assert [shown for shown in texts if shown in text] == list(texts[:5])
        assert "_sin registrar, sin turno_" in text
        end = int(morning.at(f"{TUESDAY} 11:00").timestamp())
        assert f"Quedan 40 min, hasta las <t:{end}:t>, para 6 preguntas: 6 min cada una." in text
        await morning.clock.run_until(morning.at(f"{TUESDAY} 11:05"))
        await moderator.slash("cola")
        assert "Quedan" not in private_texts(moderator)[-1]


class TestPolicy:
    async def test_order_changes_live_and_the_board_says_how(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        authors = await at_questions(morning, "Desde Costa Rica", "Puertos", "Presupuesto")
        for author, country in zip(authors, ("CR", "MX", "MX"), strict=True):
            await register(morning, author, country)
            await morning.services.queue.set_policy(TUESDAY, "rotation", moderator.id)
        voted = (await morning.services.queue.vote(3, ana.id)).votes
        assert voted == 1
        await moderator.slash("politica", orden="Por apoyos")
        await morning.clock.run_for(3)
        assert private_texts(moderator) == ["Desde ahora, las preguntas pasan así: por apoyos."]
        assert "Siguen, por apoyos: 3 (1 apoyo)" in board_of(moderator).text
        assert "Next by support: 3 (1 supporter)" in board_of(moderator).text
        await moderator.slash("politica", orden="Por orden de llegada")
        await morning.clock.run_for(3)
        assert "Siguen, por orden de llegada: 1 (llegada n.º 1), 2" in board_of(moderator).text
        await moderator.slash("siguiente")
        await morning.settle()
        assert ["Desde Costa Rica" in text for text in on_air(ana)] == [True]
        assert ana.private() == []
