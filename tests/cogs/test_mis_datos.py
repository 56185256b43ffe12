"""What is kept about a person: all of it is shown to them alone, and goes when they say so."""

import json
import logging
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.ids import PersonId, SessionKey
from bot.loopback.exchange import Exchange
from bot.loopback.people import Person
from bot.storage import backup
from tests.cogs.dais import TUESDAY, WEDNESDAY, board_of, private_texts

NAME, INSTITUTION = "Ximena Zúñiga Prueba", "Fiscalía de Ensayo"
ON_AIR = "¿Quién custodia las quetzaltecas decomisadas?"
REJECTED = "¿Habrá traducción al garífuna occidental?"
ANONYMOUS = "¿Por qué se extraviaron los kilogramos?"
NOTE = "Ximena insiste demasiado con esto"
NEW_RECORD = "Con lo que acaba de hacer empieza un registro nuevo"
WORDS = (NAME, INSTITUTION, "quetzaltecas", "garífuna", "kilogramos", "insiste demasiado")


def left_in(folder: Path, *words: str) -> list[str]:
    """Which of these can be read in the files of a folder, as they lie on the disk."""
    files = [file for file in sorted(folder.iterdir()) if file.is_file()]
    return [f"{word} in {file.name}" for file in files for word in words if word.encode() in file.read_bytes()]


def rows_with(database: Path, text: str) -> list[str]:
    """Where a text or an id stands, whatever the table and column."""
    found = []
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f"SELECT * FROM {table}"):
                found += [f"{table}: {row}" for value in row if text in str(value)]
    connection.close()
    return found


async def register(event: Any, person: Person, name: str = NAME, institution: str = INSTITUTION) -> Exchange:
    opening = next(m for m in person.sees_in("anuncios") if m.labels)
    consent = await person.click(opening, "registration:open")
    assert consent.answer is not None
    form = (await person.click(consent.answer, "registration:agree")).modal
    assert form is not None
    return await person.submit(
        form, name=name, institution=institution, affiliation=["CR"], profile=["judicial"], language=["es"]
    )


async def erase(person: Person, what: str = "data:erase:all") -> Exchange:
    shown = await person.slash("mis-datos")
    assert shown.answer is not None
    confirm = await person.click(shown.answer, "data:erase")
    assert confirm.answer is not None
    return await person.click(confirm.answer, what)


async def a_tuesday(event: Any) -> tuple[Person, Person, Person]:
    """Ximena comes, declares, asks three times and is written about; Ben does the same as everybody; Mora moderates."""
    mora, ben = event.moderator("Mora Moderadora"), event.person("Benito Prueba")
    ximena = event.person("ximena_zp")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:00:10"))
    await register(event, ximena)
    await register(event, ben, "Benito Prueba", "Migración de Ensayo")
    await ximena.joins("auditorio")
    await ben.joins("auditorio")
    await ximena.slash("presente", acompanantes=2)
    await ximena.slash("pregunta", texto=ON_AIR)
    await ximena.slash("pregunta", texto=REJECTED)
    await ximena.slash("pregunta", texto=ANONYMOUS, anonima=True)
    await ben.slash("pregunta", texto="¿Cuándo empieza el receso?")
    await event.clock.run_for(3)
    for number in (1, 3, 4):
        await mora.click(board_of(mora), forged_custom_id=f"question:approve:{number}")
        await event.clock.run_for(3)
    form = (await mora.click(board_of(mora), "question:reject:2")).modal
    assert form is not None
    await mora.submit(form, reason=["other"], words=NOTE)
    support = next(m for m in ximena.sees_in("preguntas") if m.components)
    await ximena.click(support, forged_custom_id="support:vote:4")
    await event.clock.run_until(event.at(f"{TUESDAY} 10:15:30"))
    for number in (1, 3):
        await mora.click(board_of(mora), forged_custom_id=f"question:air:{number}:now")
        await event.clock.run_for(10)
    answer = (await mora.slash("responder", numero="1")).modal
    assert answer is not None
    await mora.submit(answer, text=f"{NAME} preguntó: «{ON_AIR}» La Fiscalía.")
    await event.clock.run_for(10)
    await event.clock.run_until(event.at(f"{TUESDAY} 10:40"))
    await ximena.leaves()
    await event.clock.run_until(event.at(f"{TUESDAY} 12:00"))
    return ximena, ben, mora


async def figures(event: Any, *days: str) -> list[Any]:
    return [await event.services.summaries.summary(SessionKey(day)) for day in days]


def public_text(person: Person) -> str:
    return "\n".join(m.text for channel in ("preguntas", "anuncios") for m in person.sees_in(channel))


@pytest.mark.trial("P1")
async def test_whoever_asks_to_be_erased_is_gone_everywhere_and_stays_gone(
    event: Any, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    caplog.set_level(logging.DEBUG, "cogs")
    database = event.config.storage.database
    ximena, ben, mora = await a_tuesday(event)
    olga = event.organizer()
    assert "quetzaltecas" in public_text(ben)
    assert NAME in public_text(ben)
    assert rows_with(database, str(ximena.id))
    before = await figures(event, TUESDAY)
    summaries = [m.text for m in olga.sees_in("organizacion") if "esumen" in m.text]
    tuesday = tmp_path / "elsewhere" / "tuesday.db"
    await event.services.store.backup(tuesday)

    await event.clock.run_until(event.at(f"{WEDNESDAY} 09:30"))
    told = await erase(ximena)
    assert "Sus datos están borrados" in told.text
    await event.clock.run_for(300)

    async def assert_gone() -> None:
        await event.settle()
        assert rows_with(database, str(ximena.id)) == []
        assert [each for word in WORDS for each in rows_with(database, word)] == []
        assert left_in(database.parent, str(ximena.id), *WORDS) == []
        assert await figures(event, TUESDAY) == before

    await assert_gone()
    shown = public_text(ben)
    assert not [word for word in WORDS if word in shown]
    assert shown.count("Texto borrado a petición de quien preguntó.") == 2
    assert "¿Cuándo empieza el receso?" not in shown
    assert not [word for word in WORDS if word in "\n".join(m.text for m in mora.sees_in("moderacion"))]
    exported = [
        *(await olga.slash("informe preguntas")).answers,
        *(await olga.slash("asistencia", dia=TUESDAY)).answers,
    ]
    content = b"".join(file.content for message in exported for file in message.attachments)
    assert content
    assert not [word for word in (*WORDS, str(ximena.id)) if word.encode() in content]
    ours = "\n".join(record.getMessage() for record in caplog.records)
    assert not [word for word in (*WORDS, str(ximena.id)) if word in ours]

    await event.restart()
    await assert_gone()
    await event.loopback.drop(resume=False)
    await event.loopback.connected()
    await assert_gone()

    await event.stop()
    assert left_in(tuesday.parent, "quetzaltecas")
    backup.restore(tuesday, database, event.clock.now(), overwrite=True)
    await event.start()
    aside = [file for file in database.parent.iterdir() if "replaced" in file.name]
    assert aside
    await assert_gone()
    await event.clock.run_for(600)
    assert not [word for word in WORDS if word in public_text(ben)]

    # No figure is another, so there is nothing to correct either.
    assert summaries
    assert [m.text for m in olga.sees_in("organizacion") if "esumen" in m.text] == summaries

    assert private_texts(ximena)[-1] == told.text
    back = await register(event, ximena, "Ximena de Nuevo", "Otra Institución")
    assert "Ximena de Nuevo" in back.text
    await event.clock.run_for(10)
    assert NEW_RECORD in private_texts(ximena)[-1]
    assert rows_with(database, str(ximena.id))
    assert await figures(event, TUESDAY) == before
    await event.restart()
    assert rows_with(database, "Ximena de Nuevo")
    await ximena.slash("presente")
    await event.clock.run_for(10)
    assert sum(NEW_RECORD in text for text in private_texts(ximena)) == 1


async def test_all_that_is_kept_is_shown_to_the_person_alone(event: Any) -> None:
    ximena, ben, _ = await a_tuesday(event)
    seen_before = len(ben.private())
    shown = await ximena.slash("mis-datos")
    assert shown.answer is not None
    assert shown.answer.ephemeral
    (file,) = shown.answer.attachments
    kept = json.loads(file.content)
    assert kept["person_id"] == str(ximena.id)
    tables = kept["tables"]
    assert tables["participants"][0]["name"] == NAME
    assert [row["text"] for row in tables["questions"]] == [ON_AIR, REJECTED]
    (check_in,) = tables["check_ins"]
    assert (check_in["session_key"], check_in["companions"]) == (TUESDAY, 2)
    assert tables["stays"][0]["closed_at"].startswith(f"{TUESDAY}T10:40:00")
    assert "anonymous_questions" not in kept
    assert ANONYMOUS not in file.content.decode()
    more = await ximena.click(shown.answer, "data:anonymous")
    assert more.answer is not None
    (row,) = json.loads(more.answer.attachments[0].content)["anonymous_questions"]
    assert (row["text"], row["anonymous"]) == (ANONYMOUS, True)
    assert len(ben.private()) == seen_before
    other = await ben.slash("mis-datos")
    assert other.answer is not None
    assert str(ximena.id) not in other.answer.attachments[0].content.decode()


async def test_whoever_did_not_agree_has_no_name_anywhere(event: Any) -> None:
    """They come, declare, ask both ways, support and are supported, and are written about; they are a number."""
    mora, ben = event.moderator("Mora Moderadora"), event.person("Benito Prueba")
    shy = event.person("Reservada Anónima", nick="Apodo Reservado")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:00:10"))
    await shy.joins("auditorio")
    await shy.slash("presente", acompanantes=1)
    await shy.slash("pregunta", texto="¿Habrá vídeo?")
    await shy.slash("pregunta", texto="¿Y café?", anonima=True)
    event.world.add_text_channel("charla")
    await event.settle()
    message = await shy.says("charla", "¿Se puede entrar tarde?")
    await shy.context_menu("Convertir en pregunta", message)
    await ben.slash("pregunta", texto="¿Cuándo empieza el receso?")
    await event.clock.run_for(3)
    for number in (1, 4):
        await mora.click(board_of(mora), forged_custom_id=f"question:approve:{number}")
        await event.clock.run_for(3)
    support = next(m for m in shy.sees_in("preguntas") if m.components)
    await shy.click(support, forged_custom_id="support:vote:4")
    form = (await shy.click(next(m for m in shy.sees_in("anuncios") if m.labels), "registration:open")).answer
    assert form is not None
    await event.clock.run_until(event.at(f"{TUESDAY} 12:00"))
    database = event.config.storage.database
    assert rows_with(database, str(shy.id))
    names = ("Reservada", "Apodo")
    assert [row for name in names for row in rows_with(database, name)] == []
    assert left_in(database.parent, *names) == []
    shown = "\n".join(m.text for who in (ben, mora) for m in who.sees() if not m.ephemeral)
    assert [name for name in names if name in shown] == []
    (summary,) = await figures(event, TUESDAY)
    assert summary.unregistered.people == 1


async def test_what_is_asked_anonymously_can_be_left_and_leads_to_nobody(event: Any) -> None:
    ximena, ben, _ = await a_tuesday(event)
    await erase(ximena, "data:erase:named")
    await event.clock.run_for(120)
    assert ANONYMOUS in public_text(ben).replace("\\", "")
    assert rows_with(event.config.storage.database, ANONYMOUS)
    seal = event.services.anonymity.seal(PersonId(ximena.id), SessionKey(TUESDAY))
    assert rows_with(event.config.storage.database, seal) == []
    assert "quetzaltecas" not in public_text(ben)
