"""The daily summary over the wire: posted by itself to organizers, and asked for privately with names."""

import csv
import io
import sqlite3
from typing import Any

import pytest

from bot.config import Config, Profile
from bot.i18n import country_name
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from tests.factories import workshop

TUESDAY, WEDNESDAY = "2020-09-08", "2020-09-09"

_VIEW_CHANNEL = 1 << 10


def table(message: SeenMessage, name: str, delimiter: str = ";") -> list[list[str]]:
    """An attached file as a spreadsheet reads it."""
    content = next(file.content for file in message.attachments if file.name == name)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


def summaries(organizer: Person) -> list[SeenMessage]:
    """The messages that carry a summary's file, in the organizers' channel."""
    return [m for m in organizer.sees_in("organizacion") if m.attachments and not m.ephemeral]


def whole(organizer: Person) -> str:
    """All that the organizers' channel shows, private answers excepted."""
    return "\n".join(m.text for m in organizer.sees_in("organizacion") if not m.ephemeral)


async def registers(person: Person, **entered: str) -> None:
    await person.slash("registro")
    form = (await person.click(person.private()[-1], "registration:agree")).modal
    assert form is not None
    await person.submit(form, **{"name": person.display_name, "institution": "Institución de Ensayo", **entered})


async def until(event: Any, text: str) -> None:
    await event.clock.run_until(event.at(text))
    await event.settle()


async def tuesday(event: Any) -> tuple[Person, ...]:
    """Ana (Costa Rica) all day; Ben (Honduras) 20 minutes; Eva, not registered, from 10:00; Iva only checks in."""
    people = tuple(event.person(name) for name in ("Ana Prueba", "Ben Ensayo", "Eva Anónima", "Iva Ñandú"))
    ana, ben, eva, iva = people
    await registers(ana, affiliation="CR", profile="judicial")
    await registers(ben, affiliation="HN", profile="migration")
    await registers(iva, affiliation="panelist")
    await until(event, f"{TUESDAY} 08:50")
    await ana.joins("auditorio")
    await iva.slash("presente", acompanantes=2)
    await until(event, f"{TUESDAY} 09:20")
    await ben.joins("auditorio")
    await ana.slash("pregunta", texto="¿Habrá vídeo?")
    await until(event, f"{TUESDAY} 09:40")
    await ben.leaves()
    await until(event, f"{TUESDAY} 10:00")
    await eva.joins("auditorio")
    return people


class TestPosted:
    async def test_summary_is_posted_by_itself_once_the_day_has_settled(self, event: Any) -> None:
        organizer, bystander = event.organizer(), event.person("Zoe Curiosa")
        await tuesday(event)
        await until(event, f"{TUESDAY} 11:00:59")
        assert summaries(organizer) == []
        await until(event, f"{TUESDAY} 11:01:05")
        (post,) = summaries(organizer)
        text = whole(organizer)
        assert "## Resumen del martes 8 de septiembre" in text
        assert "## Summary of Tuesday 8 September" in text
        assert "**Personas presentes: 3**" in text
        assert "De las presentes, sin registrar: 1" in text
        assert "Declaradas con /presente: 1; acompañantes: 2." in text
        assert "**Delegaciones ausentes (9):** Belice, Canadá, El Salvador, Estados Unidos, Guatemala, México" in text
        assert "**Delegaciones incompletas (2):** Costa Rica, Honduras" in text
        assert "09:00-09:30 Palabras de Inauguración: 2 personas, 40,0 min en total, mediana 20,0" in text
        assert (
            "**Preguntas recibidas: 1** (respondidas 0 · aprobadas sin responder 0 · rechazadas 0 · por revisar 1)"
            in text
        )
        rows = table(post, f"resumen-{TUESDAY}.csv")
        assert ["Personas presentes", "3"] in rows
        assert ["Costa Rica", "CR", "incompleta", "1", "0", "0", "0", "1", "0", "0"] in rows
        assert ["Panelistas", *[""] * 6, "0", "1", "2"] in rows
        assert ["Intercambio Técnico", "09:30-10:15", "3", "70,00", "15,00", "0,00"] in rows
        # Figures, no names; and nothing of it for anybody else.
        written = text + str(rows)
        assert not any(name in written for name in ("Ana", "Ben", "Eva", "Iva", "Ñandú", "Institución de Ensayo"))
        assert all("Resumen" not in m.text and not m.attachments for m in bystander.sees())

    async def test_summary_is_posted_after_a_restart_and_only_once(self, event: Any) -> None:
        organizer = event.organizer()
        await tuesday(event)
        await until(event, f"{TUESDAY} 10:59")
        await event.stop()
        await event.clock.run_until(event.at(f"{TUESDAY} 12:30"))
        await event.start()
        await until(event, f"{TUESDAY} 12:31")
        await event.restart()
        await until(event, f"{TUESDAY} 12:35")
        (post,) = summaries(organizer)
        rows = table(post, f"resumen-{TUESDAY}.csv")
        assert ["Estado", "definitivo"] in rows
        # The minute that nobody saw is said to be unknown, and nobody is counted up to the end.
        assert ["10:59:00", "11:00:00", "1,00"] in rows
        last = ["Preguntas y Respuestas", "10:15-11:00", "2", "88,00", "44,00", "1,00", "sin datos 10:59-11:00"]
        assert last in rows
        assert ["Personas presentes", "3", "sin datos 10:59-11:00"] in rows

    async def test_day_without_anybody_has_a_summary(self, event: Any) -> None:
        organizer = event.organizer()
        await until(event, f"{TUESDAY} 11:01:05")
        assert len(summaries(organizer)) == 1
        assert "**Personas presentes: 0**" in whole(organizer)

    async def test_nothing_is_posted_where_everyone_can_read_and_moderators_are_told(self, event: Any) -> None:
        organizer, moderator, bystander = event.organizer(), event.moderator(), event.person("Zoe Curiosa")

        def alerts() -> list[str]:
            texts = [m.text for m in moderator.sees_in("moderacion")]
            return [text for text in texts if "todo el servidor puede leerlo" in text]

        await event.stop()
        event.world.set_overwrite("organizacion", event.world.everyone)
        await event.start()
        assert len(alerts()) == 1
        assert "#organizacion" in alerts()[0]
        await until(event, f"{TUESDAY} 11:05")
        assert summaries(organizer) == []
        assert all("Resumen" not in m.text for m in bystander.sees())
        assert len(alerts()) == 1
        # Once the channel is closed, what is due comes by itself.
        event.world.set_overwrite("organizacion", event.world.everyone, deny=_VIEW_CHANNEL)
        await until(event, f"{TUESDAY} 11:15")
        assert len(summaries(organizer)) == 1

    async def test_channel_that_is_opened_to_all_while_the_bot_runs_is_told_at_once(self, event: Any) -> None:
        moderator = event.moderator()
        event.world.set_overwrite("organizacion", event.world.everyone)
        await event.settle()
        await event.clock.run_for(1)
        assert any("todo el servidor puede leerlo" in m.text for m in moderator.sees_in("moderacion"))


class TestAsked:
    async def test_organizer_sees_the_day_as_it_stands_with_names_and_privately(self, event: Any) -> None:
        organizer, colleague = event.organizer(), event.organizer("Otto Organizador")
        await tuesday(event)
        await until(event, f"{TUESDAY} 10:10")
        await organizer.slash("asistencia")
        await event.settle()
        answers = organizer.private()
        text = "\n".join(m.text for m in answers)
        assert "**Provisional, a las 10:10**" in text
        assert "**Personas presentes: 3**" in text
        assert "contiene nombres" in text
        files = answers[-1]
        assert ["Estado", "provisional, a las 10:10"] in table(files, f"resumen-{TUESDAY}.csv")
        rows = table(files, f"personas-{TUESDAY}.csv")
        assert rows[0][:6] == ["Nombre", "Institución", "Delegación", "Código", "Perfil", "Presente"]
        assert [[row[0], row[2], row[5], row[6], *row[-5:-3]] for row in rows[1:4]] == [
            ["Ana Prueba", "Costa Rica", "sí", "70,00", "no", "0"],
            ["Ben Ensayo", "Honduras", "sí", "20,00", "no", "0"],
            ["Iva Ñandú", "Panelistas", "no", "0,00", "sí", "2"],
        ]
        assert rows[-1] == ["Presentes sin registrar (sin nombre)", "1"]
        assert "Eva" not in str(rows)
        assert colleague.private() == []

    async def test_answer_is_in_the_organizers_language(self, event: Any) -> None:
        organizer = event.hall.organizer("Olive Organizer", "en-US")
        await until(event, f"{TUESDAY} 09:10")
        await organizer.slash("asistencia", dia=WEDNESDAY)
        text = "\n".join(m.text for m in organizer.private())
        assert "## Summary of Wednesday 9 September" in text
        assert ["State", "provisional, as of 09:10"] in table(
            organizer.private()[-1], f"resumen-{WEDNESDAY}.csv", delimiter=","
        )

    @pytest.mark.trial("D8")
    async def test_attendees_and_moderators_are_refused_and_offered_nothing(self, event: Any) -> None:
        await tuesday(event)
        for person in (event.person("Zoe Curiosa"), event.moderator()):
            await person.slash("asistencia", forged=True)
            (answer,) = person.private()
            assert "solo para la organización" in answer.text
            assert answer.attachments == ()
            assert await person.suggestions("asistencia", "dia", "mar", forged=True) == []

    async def test_days_are_suggested_and_found_without_accents(self, event: Any) -> None:
        organizer = event.organizer()
        suggested = await organizer.suggestions("asistencia", "dia", "MIERCOLES")
        assert [(choice.value, choice.name) for choice in suggested] == [
            (WEDNESDAY, "miércoles 9 de septiembre · Cooperación judicial transfronteriza")
        ]
        assert len(await organizer.suggestions("asistencia", "dia", "")) == 4

    async def test_day_without_session_is_refused_with_the_days_there_are(self, event: Any) -> None:
        organizer = event.organizer()
        await organizer.slash("asistencia", dia="sábado 12 de septiembre")
        assert "Las hay en: martes 8 de septiembre, miércoles 9" in organizer.private()[-1].text

    @pytest.mark.trial("A11")
    async def test_figures_of_a_day_that_is_over_stay_the_same(self, event: Any) -> None:
        organizer, moderator = event.organizer(), event.moderator()
        _ana, ben, eva, _iva = await tuesday(event)
        await until(event, f"{TUESDAY} 11:05")
        (post,) = summaries(organizer)
        posted = table(post, f"resumen-{TUESDAY}.csv")
        # Afterwards: a visit, a registration, another delegation, a decision of a moderator.
        await eva.leaves()
        await eva.joins("auditorio")
        await registers(eva, affiliation="US", profile="judicial")
        await registers(ben, affiliation="MX")
        board = next(m for m in reversed(moderator.sees_in("moderacion")) if m.components and not m.ephemeral)
        await moderator.click(board, "question:approve:1")
        await until(event, "2020-09-11 08:00")
        await event.restart()
        await organizer.slash("asistencia", dia=TUESDAY)
        await event.settle()
        answer = organizer.private()[-1]
        assert table(answer, f"resumen-{TUESDAY}.csv") == posted
        rows = table(answer, f"personas-{TUESDAY}.csv")
        assert [row[:4] for row in rows if row and row[0] == "Ben Ensayo"] == [
            ["Ben Ensayo", "Institución de Ensayo", "Honduras", "HN"]
        ]
        assert rows[-1] == ["Presentes sin registrar (sin nombre)", "1"]

    @pytest.mark.trial("R1")
    async def test_names_that_would_be_formulas_are_texts_in_the_file(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        await registers(ana, affiliation="CR", name="=HYPERLINK(1)", institution="＝SUM(A1)")
        await until(event, f"{TUESDAY} 08:50")
        await ana.slash("presente")
        await organizer.slash("asistencia")
        rows = table(organizer.private()[-1], f"personas-{TUESDAY}.csv")
        assert rows[1][:2] == ["'=HYPERLINK(1)", "'＝SUM(A1)"]


class TestManyDelegations:
    CODES = (
        "AR BO BR CL CO EC GY PY PE SR UY VE BZ CA CR DO GT HN MX NI PA SV US HT JM CU BS BB TT AG DM GD KN LC VC "
        "ES PT FR DE IT NL BE LU AT CH SE NO DK FI IS IE GB PL CZ SK HU RO BG GR HR"
    )

    @pytest.fixture
    def config(self, tmp_path: Any) -> Config:
        whole = workshop(tmp_path)
        profiles = tuple(
            Profile.model_construct(key=f"p{n}", name=dict.fromkeys(("es", "en"), f"{n:02} " + "ñ" * 97), minimum=2)
            for n in range(12)
        )
        coverage = whole.coverage.model_copy(update={"countries": tuple(self.CODES.split()), "profiles": profiles})
        return whole.model_copy(update={"coverage": coverage})

    @pytest.mark.trial("D4")
    async def test_summary_of_sixty_countries_and_twelve_profiles_is_posted_in_full(self, event: Any) -> None:
        organizer = event.organizer()
        await until(event, f"{TUESDAY} 11:01:30")
        (last,) = summaries(organizer)
        posts = [m for m in organizer.sees_in("organizacion") if not m.ephemeral]
        assert posts[-1].id == last.id
        assert len(posts) > 4
        text = whole(organizer)
        for code in self.CODES.split():
            assert country_name(code, "es") in text
            assert country_name(code, "en") in text
        assert all(text.count(f"{n:02} " + "ñ" * 97) == 2 for n in range(12))
        await organizer.slash("asistencia")
        await event.settle()
        private = "\n".join(m.text for m in organizer.private())
        assert all(country_name(code, "es") in private for code in self.CODES.split())
        names = {file.name for file in organizer.private()[-1].attachments}
        assert names == {f"resumen-{TUESDAY}.csv", f"personas-{TUESDAY}.csv"}


class TestWithoutStage:
    @pytest.fixture
    def config(self, tmp_path: Any) -> Config:
        return workshop(tmp_path, stage=None)

    async def test_summary_rests_on_check_ins_and_says_so(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        await registers(ana, affiliation="CR", profile="judicial")
        await until(event, f"{TUESDAY} 09:05")
        await ana.slash("presente", acompanantes=1)
        await event.person("Eva Anónima").slash("presente")
        await until(event, f"{TUESDAY} 11:01:05")
        text = whole(organizer)
        assert "la asistencia no se mide" in text
        assert "**Personas presentes: 2**" in text
        assert "Minutos por bloque" not in text
        rows = table(summaries(organizer)[0], f"resumen-{TUESDAY}.csv")
        assert ["Base", "presencia declarada"] in rows
        assert ["Costa Rica", "CR", "incompleta", "1", "0", "0", "0", "1", "1", "1"] in rows


async def test_nothing_personal_is_in_the_log(event: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    caplog.set_level("INFO")
    organizer = event.organizer()
    await tuesday(event)
    await until(event, f"{TUESDAY} 11:05")
    await organizer.slash("asistencia")
    lines = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("bot.loopback"))
    assert "participant.registered new=True" in lines
    assert not any(name in lines for name in ("Ana Prueba", "Ben Ensayo", "Ñandú", "Institución de Ensayo"))


async def test_file_of_the_database_is_readable_by_its_owner_alone(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await registers(ana, affiliation="CR")
    assert event.config.storage.database.stat().st_mode & 0o077 == 0
    connection = sqlite3.connect(event.config.storage.database)
    assert connection.execute("SELECT count(*) FROM participants").fetchone() == (1,)
    connection.close()


async def test_organizers_are_told_once_that_nothing_is_saved_and_once_that_it_is_again(event: Any) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await event.clock.run_until(event.at("2020-09-08 09:10"))
    database = event.config.storage.database
    database.rename(database.with_suffix(".away"))
    answers = [await ana.slash("pregunta", texto=f"¿Se guarda esto, la vez {n}?") for n in (1, 2)]
    await event.settle()
    for answer in answers:
        assert "NO se guardó" in answer.text
    assert await event.services.store.read(lambda tx: tx.questions.state_of_each()) == {}
    told = [message.text for message in olga.sees_in("organizacion") if "base de datos" in message.text]
    assert len(told) == 1
    assert "fue movido o reemplazado" in told[0]
    assert "The database saves nothing" in told[0]
    database.with_suffix(".away").rename(database)
    saved = await ana.slash("pregunta", texto="¿Y ahora se guarda?")
    await event.settle()
    assert "Guardada" in saved.text
    await event.clock.run_for(61)
    told = [message.text for message in olga.sees_in("organizacion") if "base de datos" in message.text]
    assert len(told) == 2
    assert "vuelve a guardar" in told[1]
