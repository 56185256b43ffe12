"""Reports over the wire: the picture with the summary, the final report, and the files of /informe."""

import io
import sys
from collections.abc import Iterable
from typing import Any

import pypdf
import pytest
from PIL import Image

from bot.loopback.exchange import Exchange
from bot.loopback.people import Person
from bot.loopback.seen import SeenFile, SeenMessage
from bot.phrases.described import DESCRIPTION_LENGTH
from bot.reports.making import Form, Made, Source, day_report, final_report
from cogs.report_files import within_limits
from tests.cogs.test_organizacion import TUESDAY, WEDNESDAY, registers, table, tuesday, until, whole
from tests.reports.test_report_workbook import column, sheets

FRIDAY = "2020-09-11"

_VIEW, _SEND, _ATTACH = 1 << 10, 1 << 11, 1 << 15


def posted(organizer: Person) -> list[SeenMessage]:
    """What everybody in the organizers' channel sees."""
    return [message for message in organizer.sees_in("organizacion") if not message.ephemeral]


def files(messages: Iterable[SeenMessage], ending: str) -> list[SeenFile]:
    return [file for message in messages for file in message.attachments if file.name.endswith(ending)]


def picture(file: SeenFile) -> "Image.Image":
    with Image.open(io.BytesIO(file.content)) as found:
        found.load()
        return found


def source_of(event: Any) -> Source:
    return Source(event.config.storage.database, event.config, event.clock.now())


async def asked(event: Any, organizer: Person, command: str, **options: str) -> Exchange:
    """The answer with all that follows it."""
    answer: Exchange = await organizer.slash(command, **options)
    await event.settle()
    return answer


class TestPicture:
    async def test_it_goes_out_with_the_summary_once_and_describes_itself(self, event: Any) -> None:
        organizer, mora = event.organizer(), event.moderator()
        ana, ben, *_ = await tuesday(event)
        await until(event, f"{TUESDAY} 11:00:50")
        assert files(posted(organizer), ".png") == []
        await until(event, f"{TUESDAY} 11:05")
        (shown,) = files(posted(organizer), ".png")
        assert shown.name == f"asistencia-{TUESDAY}.png"
        assert picture(shown).width > 1000
        said = shown.description or ""
        assert said.startswith("Asistencia del martes 8 de septiembre. 3 personas presentes; declararon presencia 1, ")
        assert "Máximo a la vez: 2, a las 09:20." in said
        assert "Costa Rica 1/2 0/2 0/2" in said
        assert len(said) <= DESCRIPTION_LENGTH
        assert not any(name in said for name in ("Ana", "Ben", str(ana.id)))
        for other in (ana, ben, mora):
            assert files(other.sees(), ".png") == []

    async def test_it_is_the_one_that_is_made_from_the_database_alone_before_and_after_a_restart(
        self, event: Any
    ) -> None:
        organizer = event.organizer()
        await tuesday(event)
        await until(event, f"{TUESDAY} 11:05")
        (shown,) = files(posted(organizer), ".png")
        languages = event.config.agenda.languages
        (made,) = day_report(source_of(event), TUESDAY, languages, (Form.PNG,))
        assert (made.content, made.description) == (shown.content, shown.description)
        await event.restart()
        await until(event, f"{WEDNESDAY} 08:00")
        (again,) = day_report(source_of(event), TUESDAY, languages, (Form.PNG,))
        assert again == made
        assert len(files(posted(organizer), ".png")) == 1

    async def test_a_bot_that_was_away_posts_it_once_when_it_is_back(self, event: Any) -> None:
        organizer = event.organizer()
        await tuesday(event)
        await until(event, f"{TUESDAY} 11:00:30")
        await event.stop()
        await event.clock.run_until(event.at(f"{TUESDAY} 11:30"))
        await event.start()
        await event.restart()
        assert [file.name for file in files(posted(organizer), ".png")] == [f"asistencia-{TUESDAY}.png"]

    async def test_where_no_file_may_be_attached_the_summary_goes_without_and_organizers_are_told_once(
        self, event: Any
    ) -> None:
        organizer = event.organizer()
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=_VIEW | _SEND, deny=_ATTACH)
        await until(event, f"{WEDNESDAY} 12:00")
        text = whole(organizer)
        assert "## Resumen del martes 8 de septiembre" in text
        assert "## Resumen del miércoles 9 de septiembre" in text
        assert [message for message in posted(organizer) if message.attachments] == []
        assert text.count("en este canal me falta el permiso «Adjuntar archivos»") == 1
        assert text.count("in this channel I lack the permission “Attach Files”") == 1
        assert "No puedo publicar" not in text
        # Mended, the next one has them again.
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=_VIEW | _SEND | _ATTACH)
        await until(event, "2020-09-10 12:00")
        assert [file.name for file in files(posted(organizer), ".png")] == ["asistencia-2020-09-10.png"]

    async def test_where_it_cannot_be_made_the_summary_goes_without_and_organizers_are_told_once(
        self, event: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        organizer = event.organizer()
        await until(event, f"{TUESDAY} 10:00")
        monkeypatch.setattr(sys, "executable", "/bin/false")
        await until(event, f"{WEDNESDAY} 12:00")
        text = whole(organizer)
        assert "## Resumen del martes 8 de septiembre" in text
        assert "## Resumen del miércoles 9 de septiembre" in text
        assert [file.name for file in files(posted(organizer), "")] == [
            f"resumen-{TUESDAY}.csv",
            f"resumen-{WEDNESDAY}.csv",
        ]
        assert text.count("No pude hacer la imagen de un resumen") == 1
        assert text.count("I could not make the picture of a summary") == 1


class TestFinalReport:
    async def test_it_is_posted_after_the_last_summary_once_and_names_nobody(self, event: Any) -> None:
        organizer, mora = event.organizer(), event.moderator()
        ana, *_ = await tuesday(event)
        await until(event, f"{FRIDAY} 11:01:30")
        assert "## Informe final" not in whole(organizer)
        await until(event, f"{FRIDAY} 11:05")
        await event.restart()
        text = whole(organizer)
        assert text.count("## Informe final") == text.count("## Final report") == 1
        assert "**Asistieron 2 de 3 personas registradas**, 1 de ellas todos los días." in text
        assert "- **martes 8 de septiembre**: 3 presentes, de ellas 1 sin registrar; declararon presencia 1, " in text
        assert "- **viernes 11 de septiembre**: 2 presentes, de ellas 1 sin registrar;" in text
        assert "**Cobertura de todo el evento**: 0 de 11 delegaciones completas." in text
        assert "- Costa Rica: Fiscalía o procuraduría: 1 de 2; " in text
        (final,) = [
            message for message in posted(organizer) if "-informe-final-" in message.text and message.attachments
        ]
        assert [file.name for file in final.attachments] == ["asistencia-final.png", "resumen-final.csv"]
        shown, _figures = final.attachments
        assert (shown.description or "").startswith("Informe final del evento. Personas presentes por día: martes 8")
        rows = table(final, "resumen-final.csv")
        assert [row[:2] for row in rows[1:]] == [
            [TUESDAY, "3"],
            [WEDNESDAY, "2"],
            ["2020-09-10", "2"],
            [FRIDAY, "2"],
        ]
        (made,) = final_report(source_of(event), event.config.agenda.languages, (Form.PNG,))
        assert made.content == shown.content
        for name in ("Ana Prueba", "Ben Ensayo", str(ana.id)):
            assert name not in text + (shown.description or "") + str(rows)
        for other in (ana, mora):
            assert all("Informe final" not in message.text and not message.attachments for message in other.sees())


class TestHandedOver:
    async def test_organizer_gets_a_days_files_and_nobody_else_does(self, event: Any) -> None:
        organizer, colleague = event.organizer(), event.organizer("Otto Organizador")
        ana, ben, _eva, _iva = await tuesday(event)
        mora = event.moderator()
        await until(event, f"{TUESDAY} 11:05")
        answer = await asked(event, organizer, "informe dia")
        assert answer.deferred
        text = "\n".join(message.text for message in answer.answers)
        assert "## Resumen del martes 8 de septiembre" in text
        assert "contienen nombres" in text
        (last,) = [message for message in answer.answers if message.attachments]
        assert [file.name for file in last.attachments] == [
            f"asistencia-{TUESDAY}.png",
            f"informe-{TUESDAY}.xlsx",
            f"acta-{TUESDAY}.pdf",
            f"personas-{TUESDAY}.csv",
        ]
        png, xlsx, pdf, _csv = last.attachments
        assert (png.description or "").startswith("Asistencia del martes")
        assert column(sheets(xlsx.content)["Personas"], "Nombre")[:3] == ["Ana Prueba", "Ben Ensayo", "Iva Ñandú"]
        assert column(sheets(xlsx.content)["Preguntas"], "Pregunta") == ["¿Habrá vídeo?"]
        assert len(pypdf.PdfReader(io.BytesIO(pdf.content)).pages) >= 1
        rows = table(last, f"personas-{TUESDAY}.csv")
        assert [row[0] for row in rows[1:]] == ["Ana Prueba", "Ben Ensayo", "Iva Ñandú"]
        assert rows[1][-1] == f"'{ana.id}"
        for other in (colleague, ana, ben, mora):
            assert files(other.sees(), ".xlsx") == files(other.sees(), ".pdf") == []

    async def test_a_day_under_way_and_one_to_come_have_their_files_too(self, event: Any) -> None:
        organizer = event.hall.organizer("Olive Organizer", "en-US")
        await tuesday(event)
        now = await asked(event, organizer, "informe dia", fecha=TUESDAY)
        assert "Provisional, as of 10:00" in "\n".join(message.text for message in now.answers)
        (last,) = [message for message in now.answers if message.attachments]
        workbook = sheets(last.attachments[1].content)
        assert list(workbook) == ["Summary", "Coverage", "People", "Blocks", "Questions"]
        assert ["Figures", "provisional"] in [row[:2] for row in workbook["Summary"]]
        # Of the bot's own knowledge, nothing up to now is unknown.
        assert "No data" not in str(workbook["Summary"])
        later = await asked(event, organizer, "informe dia", fecha=FRIDAY)
        assert len(files(later.answers, "")) == 4

    async def test_organizer_gets_the_events_files_privately(self, event: Any) -> None:
        organizer = event.organizer()
        ana, *_ = await tuesday(event)
        await until(event, f"{FRIDAY} 11:10")
        answer = await asked(event, organizer, "informe final")
        assert answer.deferred
        assert "## Informe final" in "\n".join(message.text for message in answer.answers)
        found = files(answer.answers, "")
        assert [file.name for file in found] == [
            "asistencia-final.png",
            "informe-final.xlsx",
            "acta-final.pdf",
            "personas-final.csv",
        ]
        people = sheets(found[1].content)["Personas"]
        assert column(people, "Nombre") == ["Ana Prueba", "Ben Ensayo", "Iva Ñandú"]
        assert column(people, "Días presente")[:2] == [4, 1]
        assert files(ana.sees(), "") == []

    @pytest.mark.parametrize("command", ["informe dia", "informe final"])
    async def test_attendees_and_moderators_are_refused_and_offered_nothing(self, event: Any, command: str) -> None:
        for person in (event.person("Ana Prueba"), event.moderator()):
            answer = await person.slash(command, forged=True)
            assert "solo para la organización" in answer.text
            assert files(answer.answers, "") == []
        if command == "informe dia":
            assert await person.suggestions(command, "fecha", "mar", forged=True) == []

    async def test_day_without_session_is_refused_with_the_days_there_are(self, event: Any) -> None:
        answer = await event.organizer().slash("informe dia", fecha="12 de septiembre")
        assert "No hay sesión en ese día. Las hay en: martes 8 de septiembre" in answer.text

    @pytest.mark.trial("R1")
    async def test_name_that_would_be_a_formula_stays_a_text_in_every_file(self, event: Any) -> None:
        organizer = event.organizer()
        mallory = event.person("Mallory")
        await registers(mallory, name="=HYPERLINK(1)", institution="@SUM(A1)", affiliation="CR", profile="judicial")
        await until(event, f"{TUESDAY} 09:10")
        await mallory.joins("auditorio")
        await mallory.slash("pregunta", texto="=1+1")
        await until(event, f"{TUESDAY} 09:30")
        answer = await asked(event, organizer, "informe dia")
        (last,) = [message for message in answer.answers if message.attachments]
        rows = table(last, f"personas-{TUESDAY}.csv")
        assert rows[1][:2] == ["'=HYPERLINK(1)", "'@SUM(A1)"]
        workbook = sheets(last.attachments[1].content)
        assert column(workbook["Personas"], "Nombre")[0] == "=HYPERLINK(1)"
        assert column(workbook["Preguntas"], "Pregunta") == ["=1+1"]


def test_files_that_discord_would_not_take_are_left_out_and_named() -> None:
    made = [Made("a.png", b"1"), Made("b.xlsx", bytes(10 * 1024 * 1024)), Made("c.csv", b"2")]
    kept, said = within_limits(made, "es")
    assert [file.filename for file in kept] == ["a.png", "c.csv"]
    assert "b.xlsx" in said
    assert "estrado report" in said
    assert within_limits(made[:1], "en")[1] == ""
