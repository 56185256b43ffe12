"""What moderators take back, join and put right, and what authors and bystanders see of it."""

from typing import Any

import pytest

from bot.questions import State
from tests.cogs.dais import TUESDAY, WEDNESDAY, at_questions, board_of, on_air, private_texts, state_of


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


class TestUndo:
    @pytest.mark.trial("Q6")
    async def test_every_state_can_be_undone_and_leaves_its_trace(self, morning: Any) -> None:
        moderator = morning.moderator()
        ana, ben = *await at_questions(morning, "Una", approved=False), morning.person("Ben")
        form = (await moderator.click(board_of(moderator), "question:reject:1")).modal
        await moderator.submit(form, reason="off_topic", words="")
        await ana.slash("mis-preguntas")
        assert "No fue admitida" in private_texts(ana)[-1]
        await moderator.slash("deshacer")
        assert private_texts(moderator)[-1] == "La pregunta 1 vuelve a «en revisión»."
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:air:1:now")
        await moderator.click(board_of(moderator), "question:finish:1")
        assert await state_of(morning, 1) is State.ANSWERED
        await moderator.slash("deshacer", numero="1")
        assert await state_of(morning, 1) is State.ON_AIR
        await moderator.slash("deshacer", numero="1")
        assert await state_of(morning, 1) is State.APPROVED
        history = await morning.services.queue.history(1)
        assert [step.to_state for step in history if step.undoes is None] == [
            State.PENDING,
            State.REJECTED,
            State.APPROVED,
            State.ON_AIR,
            State.ANSWERED,
        ]
        assert [step.moderator for step in history if step.undoes is not None] == [moderator.id] * 3
        await ana.slash("mis-preguntas")
        assert "aprobada" in private_texts(ana)[-1]
        assert ben.private() == []

    async def test_undo_without_a_number_takes_back_ones_own_last_and_nobody_elses(self, morning: Any) -> None:
        one, two = morning.moderator("Una"), morning.moderator("Otra")
        await at_questions(morning, "Primera", "Segunda", approved=False)
        await one.click(board_of(one), "question:approve:1")
        await two.click(board_of(two), "question:approve:2")
        await one.slash("deshacer")
        assert (await state_of(morning, 1), await state_of(morning, 2)) == (State.PENDING, State.APPROVED)
        await one.slash("deshacer")
        assert private_texts(one)[-1].startswith("¿Qué pregunta?")
        assert await state_of(morning, 2) is State.APPROVED

    async def test_button_pressed_twice_or_by_two_takes_back_one_step(self, morning: Any) -> None:
        one, two = morning.moderator("Una"), morning.moderator("Otra")
        await at_questions(morning, "Primera")
        await one.slash("siguiente")
        await morning.clock.run_for(3)
        for moderator in (one, two):
            await moderator.click(board_of(moderator), "question:card:1")
        cards = one.private()[-1], two.private()[-1]
        assert "Deshacer" in cards[0].labels
        await one.click(cards[0], "Deshacer")
        await two.click(cards[1], "Deshacer")
        await morning.settle()
        assert await state_of(morning, 1) is State.APPROVED
        assert private_texts(one)[-1] == "La pregunta 1 vuelve a «aprobada». Su publicación se retira."
        assert f"por <@{one.id}>" in private_texts(two)[-1]

    async def test_button_goes_on_taking_back_step_after_step(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await moderator.click(moderator.private()[-1], "Deshacer")
        assert await state_of(morning, 1) is State.APPROVED
        await moderator.click(moderator.private()[-1], "Deshacer")
        assert await state_of(morning, 1) is State.PENDING
        await moderator.slash("siguiente", numero="1")
        await moderator.slash("deshacer")
        await moderator.click(moderator.private()[-1], "Ver todo…")
        await moderator.click(moderator.private()[-1], "Deshacer")
        assert await state_of(morning, 1) is State.PENDING

    async def test_last_one_that_was_changed_may_be_of_an_earlier_day(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "La de ayer")
        await morning.services.queue.defer(1, moderator.id)
        await morning.clock.run_until(morning.at(f"{WEDNESDAY} 10:20"))
        await morning.person("Ben").slash("pregunta", texto="La de hoy")
        await morning.services.queue.approve(2, moderator.id)
        await morning.clock.run_for(1)
        await moderator.slash("siguiente", numero="1")
        await moderator.slash("deshacer")
        assert await state_of(morning, 1) is State.DEFERRED
        assert await state_of(morning, 2) is State.APPROVED
        assert [c.value for c in await moderator.suggestions("deshacer", option="numero", typed="ayer")] == ["1"]

    async def test_undone_one_on_air_may_go_there_again_and_is_posted_once_each_time(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        await moderator.click(moderator.private()[-1], "Deshacer")
        assert await state_of(morning, 1) is State.APPROVED
        await morning.clock.run_for(3)
        assert "Nada al aire" in board_of(moderator).text
        await moderator.slash("siguiente")
        await morning.restart()
        # The first post went with what was taken back.
        (post,) = on_air(moderator)
        assert "ref. pregunta-1-r2-1" in post

    async def test_undo_that_would_put_a_second_one_on_air_is_refused(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Primera", "Segunda")
        await moderator.slash("siguiente")
        await morning.clock.run_for(15)
        await moderator.slash("siguiente")
        await moderator.slash("deshacer", numero="1")
        await morning.settle()
        assert "2" in private_texts(moderator)[-1]
        assert (await state_of(morning, 1), await state_of(morning, 2)) == (State.ANSWERED, State.ON_AIR)


class TestMerge:
    async def test_merged_questions_add_up_and_both_authors_learn_the_outcome(self, morning: Any) -> None:
        moderator = morning.moderator()
        ana, ben, _ = await at_questions(
            morning, "¿Habrá grabación de las sesiones?", "¿Se graban las sesiones del taller?", "Otra cosa"
        )
        eva, fan = morning.person("Eva"), morning.person("Fan")
        for voter, number in ((eva, 1), (eva, 2), (fan, 2)):
            await morning.services.queue.vote(number, voter.id)
        await moderator.click(board_of(moderator), forged_custom_id="question:merge:2")
        offered = moderator.private()[-1]
        assert [option.value for option in offered.selects[0].options] == ["1", "3"]
        await moderator.choose(offered, "question:into:2", "1")
        assert private_texts(moderator)[-1] == "La pregunta 2 se unió a la 1, que tiene ahora 2 apoyos."
        assert await state_of(morning, 2) is State.MERGED
        await moderator.slash("siguiente", numero="1")
        await morning.clock.run_for(3)
        await moderator.click(board_of(moderator), "question:finish:1")
        for author in (ana, ben):
            await author.slash("mis-preguntas")
            assert "Ya se puso al aire" in private_texts(author)[-1]
        assert eva.private() == fan.private() == []

    async def test_command_joins_any_two_and_can_be_undone(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Una", "Otra")
        found = await moderator.suggestions("unir", option="con", typed="ot", numero="1")
        assert [choice.value for choice in found] == ["2"]
        await moderator.slash("unir", numero="1", con="2")
        assert "se unió a la 2" in private_texts(moderator)[-1]
        await moderator.click(moderator.private()[-1], "Deshacer")
        assert await state_of(morning, 1) is State.APPROVED

    async def test_question_is_not_joined_to_itself(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Una")
        await moderator.slash("unir", numero="1", con="1")
        await morning.settle()
        assert await state_of(morning, 1) is State.APPROVED
        await moderator.click(board_of(moderator), forged_custom_id="question:merge:1")
        assert private_texts(moderator)[-1] == "No hay otra pregunta con la que unirla."


class TestRewrite:
    async def test_moderator_changes_the_text_and_approves_and_the_original_is_kept(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        (ana,) = await at_questions(morning, "¿Cuado abra vidio?", approved=False)
        await moderator.click(board_of(moderator), "question:card:1")
        form = (await moderator.click(moderator.private()[-1], "Editar y aprobar")).modal
        assert form.field("text").value == "¿Cuado abra vidio?"
        await moderator.submit(form, text="¿Cuándo habrá vídeo?")
        await morning.clock.run_for(3)
        assert "quedó aprobada con el texto nuevo" in private_texts(moderator)[-1]
        assert "aprobadas 1" in board_of(moderator).text
        assert [old.text for old in await morning.services.queue.texts(1)] == ["¿Cuado abra vidio?"]
        await moderator.slash("siguiente")
        await morning.settle()
        assert ["> ¿Cuándo habrá vídeo?" in text for text in on_air(ben)] == [True]
        assert ben.private() == []
        await ana.slash("mis-preguntas")
        assert "¿Cuándo habrá vídeo?" in private_texts(ana)[-1]
