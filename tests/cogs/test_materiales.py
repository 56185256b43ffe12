"""/materiales over the wire: what everybody reads, what organizers add and take off, and what cannot be added."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, load
from bot.ids import PersonId
from bot.loopback.nouns import Upload
from bot.loopback.people import Person
from bot.participants import Draft
from tests.factories import CONFIG_FILE

TUESDAY, FRIDAY = "2020-09-08", "2020-09-11"
NOTE = b"%PDF-1.7 made up"


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop, with a document and a link on Tuesday, and a document that is not there."""
    (tmp_path / "nota.pdf").write_bytes(NOTE)
    materials = """materials = [
        { title = { es = "Nota *conceptual*", en = "Concept note" }, source = "nota.pdf" },
        { title = "UNODC", source = "https://example.org/tim_2020" },
        { title = "Perdido", source = "no-esta.pdf" },
    ]
"""
    theme = 'theme = { es = "Técnicas'
    written = CONFIG_FILE.read_text("utf-8").replace(theme, materials + theme, 1)
    (tmp_path / "config.toml").write_text(written, "utf-8")
    return load(tmp_path / "config.toml")


async def adds(organizer: Person, titulo: str = "Guía", sesion: str = FRIDAY, **more: Any) -> str:
    return (await organizer.slash("material-nuevo", sesion=sesion, titulo=titulo, **more)).text


async def test_everybody_reads_the_list_and_gets_a_document_in_private(event: Any) -> None:
    ana, ben, olga = event.person("Ana"), event.person("Ben", locale="en-GB"), event.organizer()
    listed = await ana.slash("materiales")
    assert listed.text.splitlines() == [
        "**Materiales**",
        "### martes 8 de septiembre: Técnicas de investigación e inteligencia policial sobre Tráfico "
        "Ilícito de Migrantes",
        "- **Nota \\*conceptual\\*** · 📄 `nota.pdf`",
        "- **UNODC** · <https://example.org/tim_2020>",
        "- **Perdido** · 📄 `no-esta.pdf`",
    ]
    note, lost = (each.key for each in await event.services.library.all() if each.file_name)
    got = await ana.choose(listed.answer, "material:get:0", note)
    assert [(file.name, file.content) for file in got.answer.attachments] == [("nota.pdf", NOTE)]
    missing = await ana.choose(listed.answer, "material:get:0", lost)
    assert missing.text == "El documento no-esta.pdf no se puede leer. Avise a la organización, por favor."
    assert "- **Concept note** · 📄 `nota.pdf`" in (await ben.slash("materiales")).text
    assert olga.private() == []
    assert not any("material:remove" in str(each) for each in ana.private()[0].components)


async def test_organizer_adds_a_link_and_a_document_and_takes_one_off(event: Any) -> None:
    ana, olga = event.person("Ana"), event.organizer()
    assert await adds(olga, "Guía de @everyone", enlace="https://example.org/guia") == (
        "Añadido a los materiales del viernes 11 de septiembre: Guía de \\@everyone. Todos lo ven con /materiales."
    )
    assert (await adds(olga, "Acta", archivo=Upload("acta final.pdf", NOTE))).startswith("Añadido")
    await event.restart()
    listed = await ana.slash("materiales")
    assert listed.text.splitlines()[-2:] == [
        "- **Guía de \\@everyone** · <https://example.org/guia>",
        "- **Acta** · 📄 `acta final.pdf`",
    ]
    got = await ana.choose(listed.answer, "material:get:0", "2")
    assert [(file.name, file.content) for file in got.answer.attachments] == [("acta final.pdf", NOTE)]
    forged = await ana.click(listed.answer, forged_custom_id="material:remove:0", forged_values=["2"])
    assert forged.text == "Esto es solo para la organización del evento."
    shown = await olga.slash("materiales")
    gone = await olga.choose(shown.answer, "material:remove:0", "2")
    assert gone.text == "Quitado de la lista: Acta. Quien ya lo recibió lo conserva."
    late = await ana.choose(listed.answer, "material:get:0", "2")
    assert late.text == "Ese material ya no está. Pida la lista otra vez con /materiales."
    configured = (await event.services.library.all())[0]
    kept = await olga.click(shown.answer, forged_custom_id="material:remove:0", forged_values=[configured.key])
    assert kept.text == late.text


async def test_what_cannot_be_added_is_said_and_nothing_is_kept(event: Any) -> None:
    olga, ana = event.organizer(), event.person("Ana")
    for link in (
        "http://example.org",
        "javascript:alert(1)",
        "https://user:word@example.org",
        "https://127.0.0.1/x",
        "https://localhost/x",
        "https://example.org/<@1>",
        "https://[::1",
        "example.org",
    ):
        assert (await adds(olga, enlace=link)).startswith("NO se añadió: el enlace debe ser"), link
    assert (await adds(olga, "🙂", enlace="https://example.org")).startswith("NO se añadió: diga con qué título")
    assert (await adds(olga, "x" * 121, enlace="https://example.org")).endswith("caben 120 caracteres.")
    assert (await adds(olga)).startswith("NO se añadió: dé un enlace o un archivo")
    both = {"enlace": "https://example.org", "archivo": Upload("a.pdf", NOTE)}
    assert (await adds(olga, **both)).startswith("NO se añadió: dé un enlace o un archivo")
    assert (await adds(olga, archivo=Upload("a.pdf", b""))).startswith("NO se añadió: el archivo está vacío")
    large = Upload("a.pdf", b"x" * (8 * 1024 * 1024 + 1))
    assert (await adds(olga, archivo=large)).startswith("NO se añadió: el documento pesa más de 8,4 MB")
    taken = await adds(olga, "Concept note", TUESDAY, enlace="https://example.org")
    assert taken.startswith("NO se añadió: ese día ya tiene uno con el mismo título")
    refused = await ana.slash("material-nuevo", forged=True, sesion=FRIDAY, titulo="x", enlace="https://example.org")
    assert refused.text == "Esto es solo para la organización del evento."
    assert not [each for each in await event.services.library.all() if each.number is not None]


async def test_two_organizers_at_once_add_one_title_once_and_a_day_holds_so_many(event: Any) -> None:
    olga, otto = event.organizer(), event.organizer("Otto")
    told = await asyncio.gather(*(adds(each, enlace="https://example.org") for each in (olga, otto)))
    assert sorted(text[:6] for text in told) == ["Añadid", "NO se "]
    for number in range(24):
        await adds(olga, f"Otro {number}", enlace="https://example.org")
    assert (await adds(olga, "Uno más", enlace="https://example.org")).startswith("NO se añadió: ese día ya tiene 25")


async def test_who_added_is_in_their_data_and_goes_with_them(event: Any) -> None:
    olga = event.organizer("Olga Organizadora")
    await adds(olga, "Carta de Olga Organizadora", enlace="https://example.org")
    who = PersonId(olga.id)
    held = await event.services.erasure.held(who, anonymous=False)
    assert [row["title"] for row in held.tables["materials.added_by"]] == ["Carta de Olga Organizadora"]
    draft = Draft("Olga Organizadora", "Secretaría", "staff", None)
    await event.services.directory.register(who, draft, consented_at=event.clock.now(), language="es")
    await event.services.erasure.erase(who, ["olga"])
    (kept,) = [each for each in await event.services.library.all() if each.number is not None]
    assert kept.title["es"] == "Carta de […]"
