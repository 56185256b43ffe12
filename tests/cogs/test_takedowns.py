"""What was public and was taken back goes from everybody's eyes, whatever fails on the way, and only that."""

import re
from typing import Any

import pytest

from bot.ids import PersonId, QuestionNumber
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.questions import State
from bot.services import open_services
from tests.cogs.dais import TUESDAY, answers, at_questions, on_air, private_texts, state_of

DELETION = "DELETE /channels/{id}/messages/{id}"
EDIT = "PATCH /channels/{id}/messages/{id}"
POSTING = "POST /channels/{id}/messages"


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 09:30, when questions are taken."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    return event


def numbers_on_air(person: Person) -> list[int]:
    """The questions whose public posts somebody sees, in order."""
    return [int(match[1]) for text in on_air(person) if (match := re.search(r"Pregunta (\d+) al aire", text))]


def in_questions(person: Person) -> str:
    return "\n".join(m.text for m in person.sees_in("preguntas") if not m.ephemeral)


def post_of(person: Person, number: int) -> SeenMessage:
    return next(m for m in person.sees_in("preguntas") if f"Pregunta {number} al aire" in m.text)


async def open_takedowns(event: Any) -> int:
    return len(await event.services.queue.takedowns())


async def answer(event: Any, moderator: Person, number: int, text: str) -> None:
    form = (await moderator.slash("responder", numero=str(number))).modal
    await moderator.submit(form, text=text)
    await event.settle()


async def undo(event: Any, moderator: Person, number: int) -> str:
    await moderator.slash("deshacer", numero=str(number))
    await event.settle()
    return private_texts(moderator)[-1]


async def with_the_bot_away(event: Any, moderator: Person, number: int) -> None:
    """The last step taken back by a process that dies before it has removed anything."""
    await event.stop()
    async with open_services(event.config, event.clock) as services:
        await services.queue.undo(QuestionNumber(number), PersonId(moderator.id))
        assert len(await services.queue.takedowns()) > 0


class TestOnAir:
    async def test_post_goes_for_all_and_what_made_room_is_on_air_again(self, morning: Any) -> None:
        one, two, ben = morning.moderator("Una"), morning.moderator("Otra", "en-US"), morning.person("Ben")
        await at_questions(morning, "Primera", "Segunda")
        await one.slash("siguiente")
        await morning.clock.run_for(15)
        await one.slash("siguiente")
        await morning.settle()
        assert numbers_on_air(ben) == numbers_on_air(two) == [1, 2]
        await two.slash("deshacer", numero="2")
        await morning.settle()
        assert private_texts(two)[-1] == (
            "Question 2 is back to “approved”. Its post is being removed. Question 1 is on air again."
        )
        assert (await state_of(morning, 1), await state_of(morning, 2)) == (State.ON_AIR, State.APPROVED)
        for person in (one, two, ben):
            assert numbers_on_air(person) == [1]
            assert "Segunda" not in "".join(on_air(person))
        await morning.restart()
        assert numbers_on_air(ben) == [1]
        assert await open_takedowns(morning) == 0
        assert ben.private() == []

    async def test_put_on_air_once_more_it_has_a_new_post_and_every_showing_goes(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        first = post_of(ben, 1).id
        told = await undo(morning, moderator, 1)
        assert told == "La pregunta 1 vuelve a «aprobada». Su publicación se retira."
        assert on_air(ben) == []
        await moderator.slash("siguiente")
        await morning.settle()
        assert post_of(ben, 1).id != first
        await morning.services.queue.show_again(QuestionNumber(1))
        await morning.settle()
        assert len(on_air(ben)) == 2
        await undo(morning, moderator, 1)
        assert on_air(ben) == []
        await morning.restart()
        assert on_air(ben) == []

    async def test_end_of_it_taken_back_leaves_the_post_where_it_is(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        post = post_of(ben, 1).id
        await morning.services.queue.finish(QuestionNumber(1), PersonId(moderator.id))
        assert await undo(morning, moderator, 1) == "La pregunta 1 vuelve a «al aire»."
        assert [m.id for m in ben.sees_in("preguntas") if "al aire" in m.text] == [post]

    async def test_bot_that_dies_after_taking_back_removes_the_post_when_it_is_there_again(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera", "Segunda")
        await moderator.slash("siguiente")
        await morning.clock.run_for(15)
        await moderator.slash("siguiente")
        await morning.settle()
        await with_the_bot_away(morning, moderator, 2)
        assert numbers_on_air(ben) == [1, 2]
        await morning.start()
        assert numbers_on_air(ben) == [1]
        assert await open_takedowns(morning) == 0

    @pytest.mark.parametrize("restarts", [False, True])
    @pytest.mark.parametrize("then", ["503", "403"])
    async def test_post_that_was_sent_and_never_confirmed_is_found_and_goes(
        self, morning: Any, then: Any, restarts: bool
    ) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        # Discord takes the post, and says so to no try: to the last ones it gives no answer, or refuses them.
        morning.loopback.faults.add("accepted-then-502", route=POSTING, channel="preguntas")
        morning.loopback.faults.add(then, route=POSTING, channel="preguntas", times=None)
        await moderator.slash("siguiente")
        await morning.clock.run_for(10)
        assert numbers_on_air(ben) == [1]
        assert await morning.services.queue.posted(QuestionNumber(1)) is None
        if restarts:
            await with_the_bot_away(morning, moderator, 1)
            await morning.start()
        else:
            await undo(morning, moderator, 1)
        await morning.clock.run_for(120)
        assert on_air(ben) == []
        morning.loopback.faults.clear()
        await morning.clock.run_for(120)
        assert on_air(ben) == []
        assert await open_takedowns(morning) == 0

    async def test_removal_that_is_done_and_answered_with_502_is_done_once(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        played = morning.loopback.faults.add("accepted-then-502", route=DELETION, channel="preguntas")
        await undo(morning, moderator, 1)
        await morning.clock.run_for(60)
        assert played.played == 1
        assert on_air(ben) == []
        assert await open_takedowns(morning) == 0

    async def test_post_that_may_not_be_removed_says_no_more_than_that_it_was_withdrawn(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        post = post_of(ben, 1).id
        morning.loopback.faults.add("403", route=DELETION, channel="preguntas", times=None)
        await undo(morning, moderator, 1)
        (left,) = [m for m in ben.sees_in("preguntas") if m.id == post]
        assert left.text == (
            "La pregunta 1 fue retirada por quienes moderan. / Question 1 was withdrawn by the moderators."
        )
        assert "Primera" not in "".join(on_air(ben))
        assert await open_takedowns(morning) == 0

    async def test_what_can_neither_be_removed_nor_changed_is_tried_until_it_can_and_organizers_know(
        self, morning: Any
    ) -> None:
        moderator, organizer, ben = morning.moderator(), morning.organizer(), morning.person("Ben")
        await at_questions(morning, "Primera", "Segunda")
        await moderator.slash("siguiente")
        await morning.settle()
        for route in (DELETION, EDIT):
            morning.loopback.faults.add("403", route=route, channel="preguntas", times=None)
        await undo(morning, moderator, 1)
        await moderator.slash("siguiente", numero="2")
        await morning.settle()
        # It keeps nothing else back.
        assert numbers_on_air(ben) == [1, 2]
        await morning.clock.run_for(60)
        assert any("No puedo publicar" in m.text for m in organizer.sees_in("organizacion"))
        morning.loopback.faults.clear()
        await morning.clock.run_for(300)
        assert numbers_on_air(ben) == [2]
        assert await open_takedowns(morning) == 0

    async def test_post_that_somebody_deleted_meanwhile_is_no_trouble(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        morning.world.delete_message(post_of(ben, 1))
        await undo(morning, moderator, 1)
        assert on_air(ben) == []
        assert await open_takedowns(morning) == 0

    async def test_what_was_not_posted_yet_never_is(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        morning.loopback.faults.add("403", route=POSTING, channel="preguntas", times=None)
        await moderator.slash("siguiente")
        await morning.settle()
        await undo(morning, moderator, 1)
        morning.loopback.faults.clear()
        await morning.clock.run_for(120)
        assert on_air(ben) == []
        assert await open_takedowns(morning) == 0


class TestText:
    async def test_question_says_again_what_its_author_wrote(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        (ana,) = await at_questions(morning, "¿Cuado abra vidio?", approved=False)
        await morning.services.queue.edit_and_approve(
            QuestionNumber(1), PersonId(moderator.id), "¿Cuándo habrá vídeo?", seen_edits=0
        )
        told = await undo(morning, moderator, 1)
        assert told == "La pregunta 1 vuelve a «en revisión». Su texto vuelve a ser el de antes de la edición."
        await ana.slash("mis-preguntas")
        assert "¿Cuado abra vidio?" in private_texts(ana)[-1]
        await moderator.click(moderator.private()[-1], "Ver todo…")
        assert "> ¿Cuado abra vidio?" in private_texts(moderator)[-1]
        assert "vídeo" not in in_questions(ben)


class TestAnswers:
    async def test_answer_goes_and_the_one_before_it_holds_again(self, morning: Any) -> None:
        one, two, ben = morning.moderator("Una"), morning.moderator("Otra"), morning.person("Ben")
        (ana,) = await at_questions(morning, "¿Habrá vídeo?")
        await answer(morning, one, 1, "Sí.")
        await answer(morning, two, 1, "Nunca.")
        assert len(answers(ben)) == 2
        button = two.private()[-1]
        await two.click(button, "Deshacer")
        await morning.settle()
        assert private_texts(two)[-1] == (
            "Se retira la respuesta a la pregunta 1, que sigue «por escrito». Vale de nuevo la respuesta anterior."
        )
        assert [m.text.split("\n")[2] for m in answers(ben)] == ["Sí\\."]
        assert "Nunca" not in in_questions(one)
        await ana.slash("mis-preguntas")
        assert "Sí" in private_texts(ana)[-1]
        assert "Nunca" not in private_texts(ana)[-1]
        # The one who saw the second answer takes nothing else back.
        await one.click(one.private()[-1], "Deshacer")
        assert await state_of(morning, 1) is State.APPROVED
        assert private_texts(one)[-1] == "La pregunta 1 vuelve a «aprobada». Su respuesta escrita se retira."
        await morning.settle()
        assert answers(ben) == []
        await answer(morning, one, 1, "Quizá.")
        assert "corregida" not in answers(ben)[0].text
        await morning.restart()
        assert len(answers(ben)) == 1
        assert ben.private() == []

    async def test_without_a_number_the_answer_is_what_was_done_last(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        await answer(morning, moderator, 1, "Sí.")
        await moderator.slash("deshacer")
        await morning.settle()
        assert private_texts(moderator)[-1] == "Se retira la respuesta a la pregunta 1, que sigue «al aire»."
        assert answers(ben) == []
        assert numbers_on_air(ben) == [1]

    async def test_button_pressed_twice_takes_back_the_answer_alone(self, morning: Any) -> None:
        moderator = morning.moderator()
        await at_questions(morning, "Primera")
        await moderator.slash("siguiente")
        await morning.settle()
        await answer(morning, moderator, 1, "Sí.")
        pressed = next(b.custom_id for b in moderator.private()[-1].buttons if "undo" in (b.custom_id or ""))
        message = moderator.private()[-1]
        for _ in range(2):
            await moderator.click(message, forged_custom_id=pressed)
        await morning.settle()
        assert await state_of(morning, 1) is State.ON_AIR
        assert "ya fue resuelta" in private_texts(moderator)[-1]

    async def test_long_answer_goes_whole_also_after_a_restart(self, morning: Any) -> None:
        moderator, ben = morning.moderator(), morning.person("Ben")
        await at_questions(morning, "Primera")
        await answer(morning, moderator, 1, " ".join(f"palabra{number}" for number in range(300)))
        assert in_questions(ben).count("palabra") == 300
        await with_the_bot_away(morning, moderator, 1)
        await morning.start()
        assert "palabra" not in in_questions(ben)
        assert await open_takedowns(morning) == 0
