"""Questions over the wire: who asks, who moderates, and who must see nothing of it."""

import re
import sqlite3
from typing import Any

import pytest

from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.phrases import own_questions, questions

TUESDAY = "2020-09-08"


def board_of(moderator: Person) -> SeenMessage:
    """The moderators' board as it stands."""
    return next(m for m in reversed(moderator.sees_in("moderacion")) if m.components and not m.ephemeral)


def private_texts(person: Person) -> list[str]:
    return [message.text for message in person.private()]


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30: the session runs, questions are taken, the questions and answers come later."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


class TestAsking:
    async def test_question_is_seen_by_its_author_and_moderators_alone(self, morning: Any) -> None:
        ana, ben = morning.person("Ana Prueba"), morning.person("Ben Ensayo")
        moderator = morning.moderator()
        await ana.slash("pregunta", texto="¿Habrá vídeo?", para="OIM")
        await morning.clock.run_for(3)
        assert len(ana.private()) == 1
        assert "número 1" in private_texts(ana)[0]
        assert "puesto 1" in private_texts(ana)[0]
        assert "Habrá vídeo" in board_of(moderator).text
        assert f"<@{ana.id}>" in board_of(moderator).text
        assert "para OIM" in board_of(moderator).text
        assert ben.private() == []
        for bystander in (ana, ben):
            assert all("vídeo" not in m.text for m in bystander.sees() if not m.ephemeral)

    async def test_answer_is_in_the_persons_language(self, morning: Any) -> None:
        eve = morning.person("Eve Example", locale="en-US")
        await eve.slash("pregunta", texto="Will there be a video?")
        assert "number 1" in private_texts(eve)[0]

    async def test_without_text_a_form_says_what_anonymous_means_before_sending(self, morning: Any) -> None:
        ana, moderator = morning.person("Ana Prueba"), morning.moderator()
        exchange = await ana.slash("pregunta")
        form = exchange.modal
        assert [field.custom_id for field in form.fields] == ["text", "how", "whom"]
        assert "Discord sí sabe" in form.texts[0]
        await ana.submit(form, text="¿Quién firmó?", how="anonymous", whom="UNODC")
        assert "Es anónima" in private_texts(ana)[0]
        await morning.clock.run_for(3)
        text = board_of(moderator).text
        assert "Quién firmó" in text
        assert "anónima / anonymous" in text
        assert str(ana.id) not in text
        assert "Ana" not in text

    async def test_form_that_was_open_during_a_restart_is_taken(self, morning: Any) -> None:
        ana = morning.person("Ana Prueba")
        form = (await ana.slash("pregunta")).modal
        await morning.restart()
        await ana.submit(form, text="¿Sigue ahí?", how="named")
        assert "número 1" in private_texts(ana)[0]

    async def test_refused_question_is_given_back(self, morning: Any) -> None:
        ana = morning.person("Ana Prueba")
        await morning.clock.run_until(morning.at(f"{TUESDAY} 10:59:59"))
        form = (await ana.slash("pregunta")).modal
        await morning.clock.run_until(morning.at(f"{TUESDAY} 11:00"))
        await ana.submit(form, text="Llegué tarde", how="named")
        assert "ya no recibe preguntas" in private_texts(ana)[0]
        assert "Llegué tarde" in private_texts(ana)[0]
        assert "Llegué" not in private_texts(ana)[0].split("\n")[0]

    @pytest.mark.trial("Q7")
    async def test_text_that_shows_nothing_is_refused_and_reaches_nobody(self, morning: Any) -> None:
        ana, moderator = morning.person("Ana Prueba"), morning.moderator()
        empty = ["   ", "\u200b", "\u2800", "\u3164", "\u00ad", "\u0301\u0302", "😀🎉", "\n\n\n"]
        for text in empty:
            await ana.slash("pregunta", texto=text)
            form = (await ana.slash("pregunta")).modal
            await ana.submit(form, text=text, how="named")
        await morning.clock.run_for(3)
        assert len(ana.private()) == 2 * len(empty)
        assert all("no tiene nada que leer" in text for text in private_texts(ana))
        assert "recibidas 0" in board_of(moderator).text

    @pytest.mark.trial("Q1")
    async def test_same_question_twice_is_one_and_its_author_is_told(self, morning: Any) -> None:
        ana = morning.person("Ana Prueba")
        await ana.slash("pregunta", texto="¿Cuándo se detiene?")
        await ana.slash("pregunta", texto="cuando  se detiene")
        assert "ya la había hecho: es la **número 1**" in private_texts(ana)[1]

    @pytest.mark.trial("D1")
    async def test_lost_acknowledgement_neither_loses_nor_doubles_the_question(self, morning: Any) -> None:
        ana = morning.person("Ana Prueba")
        morning.loopback.faults.add("callback-10062")
        assert (await ana.slash("pregunta", texto="¿Habrá vídeo?")).failed
        await ana.slash("pregunta", texto="¿Habrá vídeo?")
        await morning.settle()
        assert ["es la **número 1** y no se duplicó" in text for text in private_texts(ana)] == [True]
        figures = await morning.services.queue.figures(TUESDAY)
        assert figures.received == 1

    @pytest.mark.trial("D1")
    @pytest.mark.trial("F1")
    async def test_database_that_is_busy_delays_the_answer_and_not_the_acknowledgement(self, morning: Any) -> None:
        ana = morning.person("Ana Prueba")
        with sqlite3.connect(morning.config.storage.database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            exchange = await ana.slash("pregunta", texto="¿Habrá vídeo?")
            assert exchange.deferred
            assert ana.private() == []
            other.execute("ROLLBACK")
        other.close()
        await morning.settle()
        assert ["Guardada: su pregunta es la **número 1**" in text for text in private_texts(ana)] == [True]

    @pytest.mark.trial("D4")
    async def test_question_of_four_thousand_is_refused_and_given_back_whole(self, morning: Any) -> None:
        ana = morning.person("Ana Prueba")
        text = "ñandú " * 666 + "fin."
        assert len(text) == 4000
        await ana.slash("pregunta", texto=text)
        await morning.settle()
        told = private_texts(ana)
        assert "tiene 4000 caracteres y caben 1000" in told[0]
        assert sum(part.count("ñandú") for part in told) == 666
        assert all(len(part) <= 2000 for part in told)

    async def test_commands_read_in_the_persons_language(self, morning: Any) -> None:
        ana, eve = morning.person("Ana Prueba"), morning.person("Eve Example", locale="en-GB")
        spanish = {command.name: command for command in ana.visible_commands()}
        english = {command.name: command for command in eve.visible_commands()}
        spoken = {*questions.COMMANDS, *own_questions.COMMANDS}
        for name in ("pregunta", "mis-preguntas", "siguiente", "cola"):
            assert spanish[name].description in spoken
            assert english[name].description not in spoken
        assert [option.name for option in english["pregunta"].options] == ["text", "anonymous", "for"]

    async def test_nothing_of_a_person_is_logged(self, morning: Any, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("INFO")
        ana, moderator = morning.person("Ana Reservada"), morning.moderator()
        await ana.slash("pregunta", texto="¿Sobornos en Peñas Blancas?", para="Zutana", anonima=True)
        await ana.slash("pregunta", texto="\u200b")
        await ana.slash("pregunta", texto="Zafiro " * 500)
        await morning.clock.run_for(3)
        form = (await moderator.click(board_of(moderator), "question:reject:1")).modal
        await moderator.submit(form, reason="other", words="Muy delicada")
        await morning.settle()
        ours = "\n".join(r.getMessage() for r in caplog.records if r.name.startswith(("bot", "cogs")))
        assert "question.asked number=1" in ours
        for private in ("Sobornos", "Zutana", "Reservada", "delicada", "Zafiro", str(ana.id)):
            assert private not in ours

    async def test_before_the_session_it_is_said_when_asking_opens(self, event: Any) -> None:
        ana = event.person("Ana Prueba")
        await ana.slash("pregunta")
        await ana.slash("pregunta", texto="¿Ya?")
        opens = int(event.at(f"{TUESDAY} 09:00").timestamp())
        assert all(f"<t:{opens}:f>" in text for text in private_texts(ana))


class TestOwnQuestions:
    async def test_author_follows_and_withdraws_by_button(self, morning: Any) -> None:
        ana, ben, moderator = morning.person("Ana"), morning.person("Ben"), morning.moderator()
        await ana.slash("pregunta", texto="Una", anonima=True)
        await ana.slash("pregunta", texto="Otra")
        await ben.slash("mis-preguntas")
        assert "Todavía no ha hecho" in private_texts(ben)[-1]
        await ana.slash("mis-preguntas")
        own = ana.private()[-1]
        assert "Una" in own.text
        assert "anónima" in own.text
        waiting = [f"{act} la {number}" for number in (1, 2) for act in ("Editar", "Retirar")]
        assert own.labels == [*waiting, "Avisarme por mensaje directo"]
        await ana.click(own, "Retirar la 1")
        await ana.click(own, "Retirar la 1")
        assert private_texts(ana)[-2] == "La pregunta 1 quedó retirada."
        assert "retirada" in private_texts(ana)[-1]
        await morning.clock.run_for(3)
        assert "Una" not in board_of(moderator).text
        assert "Otra" in board_of(moderator).text

    @pytest.mark.trial("D8")
    async def test_nobody_withdraws_anothers_question_by_a_forged_button(self, morning: Any) -> None:
        ana, ben, moderator = morning.person("Ana"), morning.person("Ben"), morning.moderator()
        await ana.slash("pregunta", texto="Una", anonima=True)
        await ben.slash("mis-preguntas")
        await ben.click(ben.private()[-1], forged_custom_id="question:withdraw:1")
        assert private_texts(ben)[-1] == "No encuentro esa pregunta (1)."
        await morning.clock.run_for(3)
        assert "Una" in board_of(moderator).text

    async def test_author_is_told_the_reason_and_not_by_whom(self, morning: Any) -> None:
        ana, moderator = morning.person("Ana"), morning.moderator()
        await ana.slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        form = (await moderator.click(board_of(moderator), "question:reject:1")).modal
        await moderator.submit(form, reason="unclear", words="¿De qué *país*?")
        await ana.slash("mis-preguntas")
        told = private_texts(ana)[-1]
        assert "No fue admitida. Motivo: No se entiende" in told
        assert "¿De qué \\*país\\*?" in told
        assert str(moderator.id) not in told
        assert ana.private()[-1].labels == ["Avisarme por mensaje directo"]


class TestPermissions:
    @pytest.mark.trial("D8")
    async def test_attendee_is_refused_every_command_and_button_of_moderators(self, morning: Any) -> None:
        ana, moderator = morning.person("Ana"), morning.moderator()
        await ana.slash("pregunta", texto="Una")
        own = ana.private()[-1]
        for command in ("siguiente", "cola"):
            await ana.slash(command, forged=True)
        presses = [
            "approve:1",
            "reject:1",
            "air:1:now",
            "air:1:early",
            f"next:{TUESDAY}:0:now",
            f"next:{TUESDAY}:any:early",
        ]
        for press in [*presses, "finish:1", "show:1"]:
            await ana.click(own, forged_custom_id=f"question:{press}")
        await ana.submit_raw("question:rejected:1", {"reason": ["other"], "words": ""})
        await morning.settle()
        refused = [text for text in private_texts(ana) if "solo para quienes moderan" in text]
        assert len(refused) == 2 + 8 + 1
        await morning.clock.run_for(3)
        assert "en revisión 1" in board_of(moderator).text

    @pytest.mark.trial("D8")
    async def test_number_that_is_not_there_is_answered_and_changes_nothing(self, morning: Any) -> None:
        moderator = morning.moderator()
        board = board_of(moderator)
        for press in ("approve:99", "air:99:early", "finish:99", "show:99"):
            await moderator.click(board, forged_custom_id=f"question:{press}")
        await morning.settle()
        assert private_texts(moderator) == ["No encuentro esa pregunta (99)."] * 4


class TestFailures:
    @pytest.mark.trial("D3")
    async def test_whatever_fails_inside_is_one_apology_with_the_reference_of_the_log(
        self, morning: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        ana, moderator = morning.person("Ana"), morning.moderator()
        await ana.slash("pregunta", texto="Una")
        await morning.clock.run_for(3)
        own, board = ana.private()[-1], board_of(moderator)
        form = (await ana.slash("pregunta")).modal
        rejection = (await moderator.click(board, "question:reject:1")).modal
        with sqlite3.connect(morning.config.storage.database, isolation_level=None) as other:
            other.execute("ALTER TABLE questions RENAME TO elsewhere")
        other.close()
        for person, act in (
            (ana, lambda: ana.slash("pregunta", texto="Otra")),
            (ana, lambda: ana.slash("mis-preguntas")),
            (ana, lambda: ana.submit(form, text="Otra", how="named")),
            (ana, lambda: ana.click(own, "question:mine")),
            (ana, lambda: ana.click(own, "question:withdraw:1")),
            (moderator, lambda: moderator.slash("cola")),
            (moderator, lambda: moderator.click(board, "question:approve:1")),
            (moderator, lambda: moderator.click(board, forged_custom_id="question:air:1:early")),
            (moderator, lambda: moderator.click(board, forged_custom_id=f"question:next:{TUESDAY}:0:early")),
            (moderator, lambda: moderator.submit(rejection, reason="other")),
        ):
            before = len(person.private())
            await act()
            await morning.settle()
            (answer,) = person.private()[before:]
            found = re.search(r"Algo falló de nuestro lado.* referencia: (\w+)$", answer.text)
            assert found is not None, answer.text
            assert f"failed reference={found[1]}" in caplog.text
            assert "elsewhere" not in answer.text

    @pytest.mark.trial("D3")
    async def test_failure_after_a_deferral_ends_the_waiting_with_one_answer(self, morning: Any) -> None:
        ana = morning.person("Ana")
        with sqlite3.connect(morning.config.storage.database, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            exchange = await ana.slash("pregunta", texto="Una")
            assert exchange.deferred
            other.execute("ALTER TABLE questions RENAME TO elsewhere")
            other.execute("COMMIT")
        other.close()
        await morning.settle()
        assert ["Algo falló de nuestro lado" in text for text in private_texts(ana)] == [True]
