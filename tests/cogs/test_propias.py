"""One's own questions: what their author sees, changes and is told, and nobody else."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.loopback.people import Person
from bot.questions import Reason, State
from bot.queue import forget_anonymous
from bot.storage.store import Store
from tests.factories import workshop

TUESDAY = "2020-09-08"


def last(person: Person) -> str:
    return person.private()[-1].text


def messages(person: Person) -> list[str]:
    return [m.text for m in person.direct_messages()]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop, with room for many questions of one person."""
    made = workshop(tmp_path)
    return made.model_copy(update={"questions": made.questions.model_copy(update={"per_person": 40})})


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 10:20: questions are taken and put on air."""
    await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
    event.mora = event.moderator()
    return event


class TestChanging:
    async def test_author_changes_a_question_that_waits(self, morning: Any) -> None:
        ana, ben = morning.person("Ana"), morning.person("Ben")
        await ana.slash("pregunta", texto="¿Una?", anonima=True)
        await ana.slash("mis-preguntas")
        own = ana.private()[-1]
        assert own.labels == ["Editar la 1", "Retirar la 1", "Avisarme por mensaje directo"]
        form = (await ana.click(own, "Editar la 1")).modal
        assert [(field.custom_id, field.value) for field in form.fields] == [("text", "¿Una?")]
        assert form.texts == []
        await morning.restart()
        await ana.submit(form, text="¿Una *mejor*?")
        assert last(ana) == "La pregunta 1 quedó cambiada."
        await morning.clock.run_for(3)
        assert any("Una \\*mejor\\*" in m.text for m in morning.mora.sees_in("moderacion"))
        assert ben.private() == []

    @pytest.mark.trial("Q6")
    async def test_changed_after_approval_goes_back_under_review_and_the_form_says_so(self, morning: Any) -> None:
        ana, ben = morning.person("Ana"), morning.person("Ben")
        await ana.slash("pregunta", texto="¿Una?")
        await morning.services.queue.approve(1, morning.mora.id)
        await morning.clock.run_for(3)
        await ana.slash("mis-preguntas")
        form = (await ana.click(ana.private()[-1], "Editar la 1")).modal
        assert "vuelve a revisión" in form.texts[0]
        await ana.submit(form, text="¿Algo muy distinto?")
        assert last(ana) == "La pregunta 1 quedó cambiada y vuelve a revisión."
        await morning.clock.run_for(3)
        assert all("distinto" not in m.text for m in ben.sees())
        await ana.slash("mis-preguntas")
        assert "Está en revisión" in last(ana)

    @pytest.mark.trial("D8")
    async def test_nobody_reads_or_changes_anothers_by_a_forged_id(self, morning: Any) -> None:
        ana, ben = morning.person("Ana"), morning.person("Ben")
        await ana.slash("pregunta", texto="¿Una?", anonima=True)
        await ben.slash("mis-preguntas")
        message = ben.private()[-1]
        for custom_id, values in (("question:edit:1", ()), ("question:edit", ("1",)), ("question:withdraw", ("1",))):
            exchange = await ben.click(message, forged_custom_id=custom_id, forged_values=values)
            assert exchange.modal is None
            assert last(ben) == "No encuentro esa pregunta (1)."
        await ben.submit_raw("question:edited:1", {"text": "¿Otra?"})
        assert "No encuentro esa pregunta (1)." in last(ben)
        await ben.click(message, forged_custom_id="question:edit", forged_values=("uno",))
        assert "ya no sirve" in last(ben)
        assert (await morning.services.queue.shown(1)).question.text == "¿Una?"

    async def test_text_that_is_not_taken_is_given_back(self, morning: Any) -> None:
        ana = morning.person("Ana")
        await ana.slash("pregunta", texto="¿Una?")
        await ana.slash("mis-preguntas")
        form = (await ana.click(ana.private()[-1], "Editar la 1")).modal
        await morning.services.queue.approve(1, morning.mora.id)
        await morning.services.queue.put_on_air(1, morning.mora.id)
        await ana.submit(form, text="¿Llega tarde?")
        assert "al aire" in last(ana)
        assert "¿Llega tarde?" in last(ana)
        assert str(morning.mora.id) not in last(ana)
        await ana.slash("mis-preguntas")
        assert ana.private()[-1].labels == ["Avisarme por mensaje directo"]

    async def test_more_than_fit_as_buttons_are_chosen_from_a_list(self, morning: Any) -> None:
        ana = morning.person("Ana")
        for number in range(30):
            await morning.services.queue.ask(
                ana.id,
                f"¿Asunto {number} " + chr(97 + number % 26) * 9,
                anonymous=False,
                addressed_to=None,
                language="es",
            )
        await ana.slash("mis-preguntas")
        await morning.settle()
        shown = ana.private()[-1]
        assert [(s.custom_id, len(s.options)) for s in shown.selects] == [
            ("question:edit", 25),
            ("question:withdraw", 25),
        ]
        assert sum(m.text.count("Asunto") for m in ana.private()) == 30
        form = (await ana.choose(shown, "question:edit", "30")).modal
        assert form.custom_id == "question:edited:30"
        await ana.choose(shown, "question:withdraw", "29")
        assert last(ana).startswith("La pregunta 29 quedó retirada. Quienes moderan pudieron leerla a su nombre")


class TestFollowing:
    @pytest.mark.trial("Q6")
    async def test_author_always_finds_what_became_of_theirs(self, morning: Any) -> None:
        ana, ben, queue, mora = morning.person("Ana"), morning.person("Ben"), morning.services.queue, morning.mora.id
        for text in ("¿Uno, el acta?", "¿Dos, el mapa?", "¿Tres, la fecha?", "¿Cuatro, el costo?"):
            await ana.slash("pregunta", texto=text)
        await ben.slash("pregunta", texto="¿Cinco, la misma fecha?")
        for number in (1, 2, 5):
            await queue.approve(number, mora)
        await queue.put_on_air(1, mora)
        await queue.finish(1, mora)
        await queue.answer(1, mora, "El acta se publica *mañana*.")
        await queue.defer(2, mora)
        await queue.merge(3, 5, mora)
        await queue.put_on_air(5, mora)
        await queue.reject(4, mora, Reason.OFF_TOPIC, "Otro día")
        await ana.slash("mis-preguntas")
        told = {
            int(part.split("**")[1]): part for part in last(ana).split("\n\n") if part.startswith("**") and "·" in part
        }
        assert "Ya se puso al aire" in told[1]
        assert "Respuesta: El acta se publica \\*mañana\\*\\." in told[1]
        assert "Quedó aplazada" in told[2]
        assert "Se unió a la pregunta 5, que pregunta lo mismo. Está al aire" in told[3]
        assert "Motivo: No es del tema" in told[4]
        assert "Otro día" in told[4]
        assert "la misma fecha" not in last(ana)
        assert str(mora) not in last(ana)
        assert "acta" not in "".join(m.text for m in ben.private())

    async def test_direct_messages_come_to_those_who_asked_for_them_alone(self, morning: Any) -> None:
        ana, ben, queue, mora = morning.person("Ana"), morning.person("Ben"), morning.services.queue, morning.mora.id
        await ana.slash("pregunta", texto="¿Uno, el acta?")
        await ben.slash("pregunta", texto="¿Dos, el mapa?")
        await ana.slash("mis-preguntas")
        await ana.click(ana.private()[-1], "Avisarme por mensaje directo")
        assert "De las anónimas no" in last(ana)
        await queue.put_on_air(1, mora)
        await morning.clock.run_for(10)
        (told,) = messages(ana)
        assert "**1** · Está al aire en este momento." in told
        assert "acta" not in told
        await queue.put_on_air(2, mora)
        assert messages(ben) == []
        await morning.clock.run_for(30)
        assert len(messages(ana)) == 1
        await morning.clock.run_for(60)
        assert len(messages(ana)) == 2
        assert "Ya se puso al aire" in messages(ana)[1]
        await morning.restart()
        await morning.clock.run_for(120)
        assert len(messages(ana)) == 2
        await ana.slash("mis-preguntas")
        await ana.click(ana.private()[-1], "No avisarme más")
        await ana.slash("pregunta", texto="¿Tres, la fecha?")
        await morning.services.queue.put_on_air(3, mora)
        await morning.clock.run_for(120)
        assert len(messages(ana)) == 2
        assert messages(ben) == []

    async def test_what_was_not_told_before_a_stop_is_told_after_the_start(self, morning: Any) -> None:
        ana, ben, queue, mora = morning.person("Ana"), morning.person("Ben"), morning.services.queue, morning.mora.id
        await queue.set_wants_messages(ana.id, True)
        await ana.slash("pregunta", texto="¿Uno, el acta?")
        await queue.put_on_air(1, mora)
        await morning.restart()
        assert messages(ana) == []
        await morning.clock.run_for(10)
        assert ["Está al aire" in text for text in messages(ana)] == [True]
        assert messages(ben) == []

    async def test_nothing_is_ever_told_of_anonymous_ones(self, morning: Any) -> None:
        ana, queue, mora = morning.person("Ana"), morning.services.queue, morning.mora.id
        await queue.set_wants_messages(ana.id, True)
        await ana.slash("pregunta", texto="¿Uno, el acta?", anonima=True)
        await queue.approve(1, mora)
        await queue.put_on_air(1, mora)
        await queue.answer(1, mora, "Mañana.")
        await morning.clock.run_for(300)
        assert messages(ana) == []

    async def test_messages_are_spaced_and_one_person_who_takes_none_keeps_nobody_waiting(self, morning: Any) -> None:
        queue, mora = morning.services.queue, morning.mora.id
        people = [morning.person(f"Persona {number}") for number in range(6)]
        people[0].takes_private_messages = False
        for number, somebody in enumerate(people, 1):
            await queue.set_wants_messages(somebody.id, True)
            await somebody.slash("pregunta", texto=f"¿Asunto {chr(96 + number) * 12}?")
            await queue.reject(number, mora, Reason.UNCLEAR, None)
        await morning.clock.run_for(60)
        assert [len(messages(somebody)) for somebody in people] == [0, 1, 1, 1, 1, 1]
        at = sorted(m.created_at for somebody in people for m in somebody.direct_messages())
        assert all((b - a).total_seconds() >= 2 for a, b in pairwise(at))

    async def test_message_that_fails_on_the_way_is_told_later_and_once(self, morning: Any) -> None:
        ana, queue, mora = morning.person("Ana"), morning.services.queue, morning.mora.id
        await queue.set_wants_messages(ana.id, True)
        await ana.slash("pregunta", texto="¿Uno, el acta?")
        morning.loopback.faults.add("503", route="POST /users/@me/channels")
        await queue.put_on_air(1, mora)
        await morning.clock.run_for(10)
        assert messages(ana) == []
        await morning.clock.run_for(60)
        assert len(messages(ana)) == 1


class TestForgotten:
    @pytest.mark.trial("Q4")
    async def test_once_the_key_is_destroyed_earlier_anonymous_questions_are_nobodys(self, morning: Any) -> None:
        ana = morning.person("Ana")
        await ana.slash("pregunta", texto="¿Uno, el acta?", anonima=True)
        await ana.slash("pregunta", texto="¿Dos, el mapa?")
        first = ana.private()[0]
        await morning.stop()
        storage = morning.config.storage
        async with Store.open(storage.database, morning.clock, doors=morning.loop.doors) as store:
            assert (await forget_anonymous(store, storage.anonymity_key)).questions == 1
        await morning.start()
        await ana.slash("mis-preguntas")
        own = ana.private()[-1]
        assert "mapa" in own.text
        assert "acta" not in own.text
        assert "ya no se pueden relacionar con nadie" in own.text
        assert "Retirar la 1" not in own.labels
        for custom_id in ("question:withdraw:1", "question:edit:1"):
            await ana.click(first, forged_custom_id=custom_id)
            assert "quedó retirada" not in last(ana)
        assert (await morning.services.queue.figures(TUESDAY))[State.PENDING] == 2
        await ana.slash("pregunta", texto="¿Tres, la fecha?", anonima=True)
        await ana.slash("mis-preguntas")
        assert "Retirar la 3" in ana.private()[-1].labels
