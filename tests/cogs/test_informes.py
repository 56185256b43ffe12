"""What became of the questions, over the wire: the summary's figures, /informe preguntas, and what a day leaves."""

import csv
import io
from typing import Any

import pytest

from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.participants import Draft
from bot.questions import Outcome, Reason
from tests.reports.test_xlsx import cells

TUESDAY, WEDNESDAY, FRIDAY = (SessionKey(f"2020-09-{day:02}") for day in (8, 9, 11))


async def until(event: Any, text: str) -> None:
    await event.clock.run_until(event.at(text))
    await event.settle()


async def registers(event: Any, person: Person, affiliation: str) -> None:
    entered = Draft(person.display_name, "Institución de Ensayo", affiliation)
    await event.services.directory.register(PersonId(person.id), entered, consented_at=event.clock.now(), language="es")


async def asks(event: Any, person: Person, text: str, *, anonymous: bool = False) -> QuestionNumber:
    answer = await person.slash("pregunta", texto=text, anonima=anonymous)
    assert "**número " in answer.text or "**number " in answer.text
    return (await event.services.queue.export())[-1].question.number


async def tuesday(event: Any) -> tuple[Person, Person, Person, Person]:
    """Ana and Ben ask, Ana once without her name; Mora decides. Zoe looks on.

    1 answered, 2 (anonymous) deferred, 3 approved and not reached, 4 rejected, 5 never looked at, 6 to be answered in
    writing.
    """
    ana, ben = event.person("Ana Prueba"), event.person("Ben Ensayo", locale="en-US")
    zoe, mora = event.person("Zoe Curiosa"), event.moderator()
    await registers(event, ana, "CR")
    await registers(event, ben, "HN")
    await until(event, f"{TUESDAY} 09:10")
    await asks(event, ana, "¿Habrá vídeo?")
    await asks(event, ana, "¿Quién decide esto? *[acta](https://example.org)*", anonymous=True)
    await asks(event, ben, "How long does an urgent request take?")
    await asks(event, ben, "What is for lunch?")
    await asks(event, ana, "Nadie ha mirado esta todavía")
    await asks(event, ben, "Could the forms be shared?")
    queue, moderator = event.services.queue, PersonId(mora.id)
    first, second, third, fourth, _, sixth = (QuestionNumber(n) for n in range(1, 7))
    for number in (first, second, third, sixth):
        await queue.approve(number, moderator)
    await queue.reject(fourth, moderator, Reason.OFF_TOPIC, None)
    await until(event, f"{TUESDAY} 10:20")
    await queue.put_on_air(first, moderator)
    await queue.finish(first, moderator, Outcome.ANSWERED)
    await queue.put_on_air(sixth, moderator)
    await queue.finish(sixth, moderator, Outcome.IN_WRITING)
    await queue.defer(second, moderator)
    await event.settle()
    return ana, ben, zoe, mora


def public(person: Person) -> str:
    """All that the person can read where everybody reads."""
    return "\n".join(m.text for m in person.sees() if m.channel.name in ("anuncios", "preguntas") and not m.ephemeral)


def organizers_text(organizer: Person) -> str:
    return "\n".join(m.text for m in organizer.sees_in("organizacion") if not m.ephemeral)


def names(message: SeenMessage) -> list[str]:
    return [file.name for file in message.attachments]


def table(message: SeenMessage, name: str, delimiter: str = ";") -> list[list[str]]:
    content = next(file.content for file in message.attachments if file.name == name)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


class TestCarriedOver:
    async def test_next_days_questions_open_with_what_is_left_and_nothing_unapproved(self, event: Any) -> None:
        _ana, _ben, zoe, _mora = await tuesday(event)
        await until(event, f"{WEDNESDAY} 10:14:59")
        assert "días anteriores" not in public(zoe)
        await until(event, f"{WEDNESDAY} 10:15:05")
        (post,) = [m for m in zoe.sees_in("anuncios") if "días anteriores" in m.text]
        assert "**Quedan 2 preguntas de días anteriores** y pueden responderse hoy:" in post.text
        assert "**2 questions are left of earlier days** and may be answered today:" in post.text
        # Literally, and by nobody's name.
        assert "- **2** · ¿Quién decide esto? \\*\\[acta\\]\\(https\\:\u2060//example\\.org\\)\\*" in post.text
        assert "- **3** · How long does an urgent request take?" in post.text
        assert "Ana" not in post.text
        assert "Ben" not in post.text
        read = public(zoe)
        assert not any(text in read for text in ("lunch", "Nadie ha mirado"))

    async def test_first_day_and_a_day_that_left_nothing_say_nothing(self, event: Any) -> None:
        zoe = event.person("Zoe Curiosa")
        await until(event, f"{WEDNESDAY} 10:15:05")
        assert "días anteriores" not in public(zoe)
        assert "Comienza ahora: Preguntas y Respuestas" in public(zoe)

    async def test_many_are_counted_beyond_the_first_ten(self, event: Any) -> None:
        zoe, mora = event.person("Zoe Curiosa"), event.moderator()
        people = [event.person(f"Persona {n}") for n in range(12)]
        await until(event, f"{TUESDAY} 09:10")
        for number, person in enumerate(people, 1):
            await event.services.queue.ask(
                PersonId(person.id), f"{number} " + "larga " * 90, anonymous=False, addressed_to=None, language="es"
            )
            await event.services.queue.approve(QuestionNumber(number), PersonId(mora.id))
        await until(event, f"{WEDNESDAY} 10:15:30")
        posts = [m.text for m in zoe.sees_in("anuncios") if "larga" in m.text]
        text = "\n".join(posts)
        assert [f"- **{n}** · " in text for n in range(1, 13)] == [True] * 10 + [False] * 2
        assert "y 2 más / and 2 more" in text
        assert all(len(post) <= 2000 for post in posts)


class TestWrittenAnswers:
    async def test_organizers_get_the_list_at_the_events_end_and_nobody_else(self, event: Any) -> None:
        organizer = event.organizer()
        ana, _ben, zoe, mora = await tuesday(event)
        await until(event, f"{FRIDAY} 11:00:50")
        assert "por escrito.**" not in organizers_text(organizer)
        await until(event, f"{FRIDAY} 11:01:10")
        text = organizers_text(organizer)
        assert "**Quedan 4 preguntas para responder por escrito.**" in text
        assert "**4 questions are left to be answered in writing.**" in text
        (post,) = [m for m in organizer.sees_in("organizacion") if "preguntas-por-responder.csv" in names(m)]
        rows = table(post, "preguntas-por-responder.csv")
        assert rows[0] == ["Número", "Sesión", "Idioma", "Pregunta", "Dirigida a", "Estado"]
        assert [(row[0], row[1], row[5]) for row in rows[1:]] == [
            ("2", TUESDAY, "aplazada"),
            ("3", TUESDAY, "aprobada, sin responder"),
            ("5", TUESDAY, "por revisar"),
            ("6", TUESDAY, "respondida por escrito"),
        ]
        assert not any(name in text + str(rows) for name in ("Ana", "Ben", str(ana.id)))
        for other in (zoe, mora):
            assert all("para responder por escrito" not in m.text and not m.attachments for m in other.sees())

    async def test_event_that_leaves_nothing_has_no_such_list(self, event: Any) -> None:
        organizer = event.organizer()
        await until(event, f"{FRIDAY} 11:01:10")
        assert "por escrito" not in organizers_text(organizer)


class TestFigures:
    async def test_summary_tells_what_became_of_the_questions(self, event: Any) -> None:
        organizer = event.organizer()
        await tuesday(event)
        await until(event, f"{TUESDAY} 11:01:05")
        text = organizers_text(organizer)
        assert (
            "**Preguntas recibidas: 6** (respondidas 2, de ellas por escrito 1 · aprobadas sin responder 1 · "
            "aplazadas 1 · rechazadas 1 · por revisar 1). Aprobadas en total: 4." in text
        )
        assert "- Motivos de rechazo: fuera del tema 1" in text
        assert "- Por idioma: español 3 · inglés 3" in text
        assert "- Por país: otros, de menos de 5 personas cada uno 5 · anónimas 1" in text
        assert "- Mediana de la espera hasta estar al aire, de las hechas con nombre: 70,0 min" in text
        assert "- Median wait until on air, of those asked by name: 70.0 min" in text
        (post,) = [m for m in organizer.sees_in("organizacion") if m.attachments]
        rows = table(post, f"resumen-{TUESDAY}.csv")
        for row in (["de ellas por escrito", "1"], ["fuera del tema", "1"], ["inglés", "3"], ["anónimas", "1"]):
            assert row in rows
        assert ["otros, de menos de 5 personas cada uno", "5"] in rows

    async def test_country_of_five_who_ask_is_named_and_organizers_see_all_of_them_privately(self, event: Any) -> None:
        organizer = event.organizer()
        delegates = [event.person(f"Delegada {n}") for n in range(6)]
        for number, each in enumerate(delegates):
            await registers(event, each, "CR" if number < 5 else "HN")
        await until(event, f"{TUESDAY} 09:10")
        for number, each in enumerate(delegates):
            await asks(event, each, f"¿Cómo se hace lo número {number}?")
        await until(event, f"{TUESDAY} 11:01:05")
        assert "- Por país: Costa Rica 5 · otros, de menos de 5 personas cada uno 1" in organizers_text(organizer)
        await organizer.slash("informe preguntas", dia=TUESDAY)
        assert "- Por país: Costa Rica 5 · Honduras 1" in organizer.private()[-1].text


class TestReport:
    async def test_organizer_gets_every_question_in_files_and_nobody_else_does(self, event: Any) -> None:
        organizer, colleague = event.organizer(), event.organizer("Otto Organizador")
        ana, ben, zoe, mora = await tuesday(event)
        answer = await organizer.slash("informe preguntas")
        text = "\n".join(m.text for m in answer.answers)
        assert "## Preguntas de todo el evento" in text
        assert "### martes 8 de septiembre" in text
        assert "miércoles" not in text
        assert "- Por país: Costa Rica 2 · Honduras 3 · anónimas 1" in text
        assert "contienen nombres" in text
        (files,) = [m for m in answer.answers if m.attachments]
        rows = table(files, "preguntas.csv")
        assert [row[0] for row in rows[1:]] == ["1", "2", "3", "4", "5", "6"]
        assert rows[1][4:9] == ["¿Habrá vídeo?", "no", "Ana Prueba", "Institución de Ensayo", "Costa Rica"]
        assert rows[2][5:9] == ["sí", "", "", ""]
        assert rows[4][10:12] == ["rechazada", "No es del tema de la sesión"]
        in_workbook = cells(next(file.content for file in files.attachments if file.name == "preguntas.xlsx"))
        assert [row[0] for row in in_workbook[1:]] == [1, 2, 3, 4, 5, 6]
        assert str(ana.id) not in str(rows) + str(in_workbook)
        for other in (colleague, ben, zoe, mora):
            assert all(not m.attachments and "Preguntas de todo" not in m.text for m in other.sees())

    async def test_report_of_one_day_is_of_its_questions_as_they_are_now(self, event: Any) -> None:
        organizer = event.hall.organizer("Olive Organizer", "en-US")
        _ana, _ben, _zoe, mora = await tuesday(event)
        await until(event, f"{WEDNESDAY} 09:10")
        await event.services.queue.answer(QuestionNumber(2), PersonId(mora.id), "La jueza.")
        empty = await organizer.slash("informe preguntas", dia=WEDNESDAY)
        assert "There are no questions yet." in empty.text
        assert empty.answer is not None
        assert empty.answer.attachments == ()
        answer = await organizer.slash("informe preguntas", dia=TUESDAY)
        assert "## Questions of Tuesday 8 September" in answer.text
        assert "answered 3, of these in writing 2" in answer.text
        assert answer.answer is not None
        rows = table(answer.answer, f"preguntas-{TUESDAY}.csv", delimiter=",")
        assert rows[2][13] == "La jueza."

    @pytest.mark.trial("D8")
    async def test_attendees_and_moderators_are_refused_and_offered_nothing(self, event: Any) -> None:
        ana, _ben, _zoe, mora = await tuesday(event)
        for person in (ana, mora):
            answer = await person.slash("informe preguntas", forged=True)
            assert "solo para la organización" in answer.text
            assert answer.answer is not None
            assert answer.answer.attachments == ()
            assert await person.suggestions("informe preguntas", "dia", "mar", forged=True) == []
