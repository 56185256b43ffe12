"""What moderators do about people: /silenciar and /pregunta-de."""

from typing import Any

import pytest

from tests.cogs.dais import TUESDAY, WEDNESDAY, board_of, on_air, private_texts


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


class TestSilence:
    async def test_silenced_author_asks_no_more_in_this_session_and_others_do(self, morning: Any) -> None:
        moderator, ana, ben = morning.moderator(), morning.person("Ana"), morning.person("Ben")
        await ana.slash("pregunta", texto="Frontera")
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:card:1")
        await moderator.click(moderator.private()[-1], "Silenciar a quien preguntó")
        end = int(morning.at(f"{TUESDAY} 11:00").timestamp())
        assert private_texts(moderator)[-1] == f"Hecho: no se le admiten más preguntas hasta las <t:{end}:t>."
        await ana.slash("pregunta", texto="Puertos")
        await ana.slash("pregunta", texto="Puertos", anonima=True)
        assert all("Puertos" in text and "Guardada" not in text for text in private_texts(ana)[1:])
        await ben.slash("pregunta", texto="Jueces")
        assert "Guardada" in private_texts(ben)[0]
        await morning.clock.run_until(morning.at(f"{WEDNESDAY} 09:30"))
        await ana.slash("pregunta", texto="Puertos")
        assert "Guardada" in private_texts(ana)[-1]

    async def test_author_of_an_anonymous_question_is_silenced_and_stays_hidden(
        self, morning: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        moderator, ana, ben = morning.moderator(), morning.person("Ana"), morning.person("Ben")
        caplog.set_level("DEBUG", "bot")
        caplog.set_level("DEBUG", "cogs")
        await ana.slash("pregunta", texto="Frontera", anonima=True)
        await moderator.slash("silenciar", numero="1")
        await ana.slash("pregunta", texto="Puertos", anonima=True)
        await ben.slash("pregunta", texto="Jueces", anonima=True)
        assert "Guardada" not in private_texts(ana)[-1]
        assert "Guardada" in private_texts(ben)[-1]
        told = "\n".join(message.text for message in moderator.sees())
        assert str(ana.id) not in told
        assert str(ana.id) not in caplog.text

    async def test_person_is_silenced_and_let_speak_again(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await moderator.slash("silenciar", persona=ana)
        await ana.slash("pregunta", texto="Frontera")
        assert "Guardada" not in private_texts(ana)[-1]
        await moderator.slash("silenciar", persona=ana, levantar=True)
        assert private_texts(moderator)[-1] == "Hecho: se le admiten preguntas de nuevo."
        await ana.slash("pregunta", texto="Frontera")
        assert "Guardada" in private_texts(ana)[-1]
        await moderator.slash("silenciar", persona=ana, levantar=True)
        assert private_texts(moderator)[-1].startswith("Nadie había silenciado")
        await moderator.slash("silenciar")
        assert private_texts(moderator)[-1] == "¿De quién? Elija una pregunta o una persona."

    async def test_silence_by_a_question_is_lifted_by_it(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await ana.slash("pregunta", texto="Frontera", anonima=True)
        await moderator.slash("silenciar", numero="1")
        await ana.slash("pregunta", texto="Puertos")
        assert "Guardada" not in private_texts(ana)[-1]
        await moderator.slash("silenciar", numero="1", levantar=True)
        assert private_texts(moderator)[-1] == "Hecho: se le admiten preguntas de nuevo."
        await ana.slash("pregunta", texto="Puertos")
        assert "Guardada" in private_texts(ana)[-1]
        await moderator.slash("silenciar", numero="2", levantar=True)
        assert private_texts(moderator)[-1].startswith("Nadie había silenciado")

    async def test_after_the_session_there_is_nobody_to_silence(self, morning: Any) -> None:
        moderator, ana = morning.moderator(), morning.person("Ana")
        await ana.slash("pregunta", texto="Frontera")
        await morning.clock.run_until(morning.at(f"{TUESDAY} 11:30"))
        ended = int(morning.at(f"{TUESDAY} 11:00").timestamp())
        for whom in ({"numero": "1"}, {"persona": ana}):
            await moderator.slash("silenciar", **whom)
            assert f"la sesión terminó a las <t:{ended}:t>" in private_texts(moderator)[-1]
        assert ana.private()[1:] == []


class TestOnBehalf:
    async def test_question_of_somebody_on_the_phone_goes_its_way_with_who_filed_it(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await moderator.slash("pregunta-de", texto="¿Por teléfono?", de="Rosa **Prueba**")
        assert private_texts(moderator)[-1] == "Guardada: es la pregunta **1**. Consta que la registró usted."
        await morning.clock.run_until(morning.at(f"{TUESDAY} 10:20"))
        assert "Rosa \\*\\*Prueba\\*\\*" in board_of(moderator).text
        await moderator.click(board_of(moderator), "question:card:1")
        assert f"la registró <@{moderator.id}>" in private_texts(moderator)[-1]
        await moderator.click(board_of(moderator), "question:air:1:now")
        await morning.settle()
        assert ["Pregunta de / Asked by: Rosa \\*\\*Prueba\\*\\*" in text for text in on_air(ben)] == [True]
        assert str(moderator.id) not in on_air(ben)[0]
        assert (await morning.services.queue.history(1))[0].moderator == moderator.id

    async def test_question_of_a_person_of_the_server_is_theirs(self, morning: Any) -> None:
        moderator, ana, ben = morning.moderator(), morning.person("Ana"), morning.person("Ben")
        await moderator.slash("pregunta-de", texto="¿Para mí?", persona=ana, idioma="Inglés")
        await ana.slash("mis-preguntas")
        assert "¿Para mí?" in private_texts(ana)[-1]
        assert (await morning.services.queue.shown(1)).question.language == "en"
        await moderator.slash("pregunta-de", texto="¿Para mí?", persona=ana)
        assert "no se duplicó" in private_texts(moderator)[-1]
        assert ben.private() == []

    async def test_without_a_name_nothing_is_filed_and_the_text_comes_back(self, morning: Any) -> None:
        moderator = morning.moderator()
        await moderator.slash("pregunta-de", texto="¿De nadie?")
        assert "¿De nadie?" in private_texts(moderator)[-1]
        assert (await morning.services.queue.figures(TUESDAY)).received == 0
