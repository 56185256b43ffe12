"""`estrado export practices`, over a database in which delegations recorded some."""

import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.config import load
from bot.participants import Draft
from bot.practices import PracticeDraft
from bot.services import Services, open_services
from tests.reports.pdfs import texts
from tests.reports.test_report_workbook import sheets
from tests.test_cli_export import ANA, BEN, MORA, NINE, config_file, ran

__all__ = ["config_file"]


@asynccontextmanager
async def opened(config: Path) -> AsyncIterator[Services]:
    async with open_services(load(config), RehearsalClock(NINE)) as services:
        yield services


@pytest.fixture
async def recorded(config_file: Path) -> Path:
    """One is approved, one rejected, one waits and one was withdrawn; nobody has the database open."""
    async with opened(config_file) as services:
        key = services.event.sessions[0].key
        for person, name, country in ((ANA, "Ana Prueba", "CR"), (BEN, "Ben Ensayo", "HN")):
            draft = Draft(name, "Fiscalía de Ensayo", country, "judicial")
            await services.directory.register(person, draft, consented_at=NINE, language="es")
        numbers = []
        for person, title in ((ANA, "Aprobada"), (ANA, "Rechazada"), (BEN, "Pendiente"), (BEN, "Retirada")):
            made = PracticeDraft(title, f"Texto de la {title}")
            numbers.append((await services.compendium.record(person, key, made, language="es")).number)
        await services.compendium.approve(numbers[0], MORA)
        await services.compendium.reject(numbers[1], MORA, "No es del tema")
        await services.compendium.withdraw(numbers[3], BEN)
    return config_file


async def test_pdf_has_what_was_approved_alone_and_no_name(recorded: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.pdf"
    result = await ran("export", "practices", "--config", recorded, "--out", out, "--language", "es")
    assert (result.exit_code, result.stdout) == (0, f"{out}\n")
    assert result.stderr.splitlines() == [
        "Queda 1 por revisar, que no está en el archivo.",
        "Se exportó 1 buena práctica aprobada.",
    ]
    text = " ".join(texts(out.read_bytes()))
    assert "Texto de la Aprobada" in text
    assert "Fiscalía de Ensayo" in text
    for word in ("Rechazada", "Pendiente", "Retirada", "Ana", "Ben", "No es del tema"):
        assert word not in text
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


async def test_workbook_lies_beside_the_database_unless_told_otherwise(recorded: Path) -> None:
    result = await ran("export", "practices", "--config", recorded, "--format", "xlsx", "--language", "en")
    assert result.exit_code == 0
    file = Path(result.stdout.strip())
    assert file.parent == load(recorded).storage.database.parent
    assert file.name.startswith("buenas-practicas-")
    _, listed = sheets(file.read_bytes()).values()
    assert [row[5] for row in listed] == ["Title", "Aprobada"]


async def test_without_an_approved_one_nothing_is_written(config_file: Path) -> None:
    async with opened(config_file):
        pass
    result = await ran("export", "practices", "--config", config_file, "--language", "es")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Todavía no hay buenas prácticas aprobadas.\n"
    assert not list(load(config_file).storage.database.parent.glob("buenas-practicas*"))
