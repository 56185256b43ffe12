"""`estrado participants`: import, list, unmatched, as an operator uses them."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import Result

from bot.clock import RehearsalClock
from bot.config import load
from bot.ids import PersonId
from bot.participants import Draft
from bot.services import Services, open_services
from tests.command_line import estrado
from tests.factories import CONFIG_FILE

ANA, BEN = PersonId(700000000000000001), PersonId(700000000000000002)
BEFORE = datetime(2020, 9, 1, tzinfo=UTC)

GOOD = """Nombre;Institución;País;Perfil;Usuario de Discord;Teléfono
Álvarez, Élida;Fiscalía;México;judicial;elida;1
Oca, Ñandú;Migración; MEXICO ;migration;;2
Zúñiga, Ben;OIM;;;;3
Núñez, Eva;Policía;Salvador (El);investigation unit;;4
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """The real workshop, in a folder of the test's own, with its empty database."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    asyncio.run(_made(file))
    return file


@pytest.fixture
def lista(tmp_path: Path) -> Path:
    return written(tmp_path, GOOD)


def written(folder: Path, text: str) -> Path:
    file = folder / "lista.csv"
    file.write_bytes(text.encode("cp1252"))
    return file


@asynccontextmanager
async def opened(config: Path) -> AsyncIterator[Services]:
    async with open_services(load(config), RehearsalClock(BEFORE)) as services:
        yield services


async def _made(config: Path) -> None:
    async with opened(config):
        pass


def imports(config: Path, file: Path, *more: str) -> Result:
    return estrado("participants", "import", file, "--config", config, "--language", "es", *more)


def listed(config: Path, what: str = "list") -> list[list[str]]:
    result = estrado("participants", what, "--config", config, "--language", "es")
    assert result.exit_code == 0
    return [line.split("\t") for line in result.stdout.splitlines()]


def as_json(config: Path, what: str) -> dict[str, list[dict[str, object]]]:
    result = estrado("participants", what, "--config", config, "--json")
    assert result.exit_code == 0
    found: dict[str, list[dict[str, object]]] = json.loads(result.stdout)
    return found


class TestImport:
    def test_report_says_what_is_new_changed_and_the_same(self, config: Path, lista: Path, tmp_path: Path) -> None:
        result = imports(config, lista)
        assert result.exit_code == 0
        assert result.stdout.splitlines()[-1] == "Nuevas: 4. Cambiadas: 0. Iguales: 0."
        assert "Línea 5: nueva: Núñez, Eva · Policía · El Salvador" in result.stdout
        assert result.stderr.splitlines() == ["Columnas que no se leen, y de las que no se guarda nada: «Teléfono»."]
        again = imports(config, lista)
        assert (again.exit_code, again.stdout) == (0, "Nuevas: 0. Cambiadas: 0. Iguales: 4.\n")
        changed = imports(
            config, written(tmp_path, GOOD.replace("Policía", "Corte").replace("Zúñiga, Ben;OIM;;;;3\n", ""))
        )
        assert changed.stdout.splitlines() == [
            "Línea 4: cambia: Núñez, Eva · Corte · El Salvador (antes: Núñez, Eva · Policía · El Salvador)",
            "Nuevas: 0. Cambiadas: 1. Iguales: 2.",
        ]
        assert "1 persona de la lista no está en el archivo y sigue en ella. Con --whole se quitan." in changed.stderr
        assert (
            "1 persona que no está en el archivo se quitó de la lista."
            in imports(config, tmp_path / "lista.csv", "--whole").stderr
        )
        assert [row[0] for row in listed(config)[1:]] == ["Núñez, Eva", "Álvarez, Élida", "Oca, Ñandú"]

    def test_every_bad_row_is_told_with_its_line_and_nothing_is_imported(self, config: Path, tmp_path: Path) -> None:
        bad = GOOD.replace("México", "Mexicco").replace("investigation unit", "investigador") + ";X;CR;;;\n"
        file = written(tmp_path, bad)
        result = imports(config, file)
        assert result.exit_code == 1
        assert [line for line in result.stderr.splitlines() if line.startswith("Línea")] == [
            "Línea 2: «Mexicco» no es un país que se conozca. ¿Quiso decir «México»?",
            "Línea 5: «investigador» no es un perfil del evento. ¿Quiso decir «Unidad de investigación»?",
            "Línea 6: falta el nombre.",
        ]
        assert "Hay 3 filas con errores y no se importó nada." in result.stderr
        assert len(listed(config)) == 1
        kept = imports(config, file, "--keep-good")
        assert kept.exit_code == 1
        assert kept.stdout.splitlines()[-1] == "Nuevas: 2. Cambiadas: 0. Iguales: 0."
        assert [row[0] for row in listed(config)[1:]] == ["Oca, Ñandú", "Zúñiga, Ben"]

    def test_dry_run_tells_the_same_and_changes_nothing(self, config: Path, lista: Path) -> None:
        dry = imports(config, lista, "--dry-run")
        assert (dry.exit_code, dry.stdout) == (0, imports(config, lista, "--dry-run").stdout)
        assert "Es una prueba: no se cambió nada." in dry.stderr
        assert len(listed(config)) == 1
        assert dry.stdout == imports(config, lista).stdout

    def test_json_says_all_of_it(self, config: Path, tmp_path: Path) -> None:
        result = imports(config, written(tmp_path, GOOD.replace("México", "Mexicco")), "--keep-good", "--json")
        report = json.loads(result.stdout)
        assert (report["imported"], report["same"], report["unread_columns"]) == (True, 0, ["Teléfono"])
        assert [(each["line"], each["country"], each["profile"]) for each in report["new"]] == [
            (3, "MX", "migration"),
            (4, None, None),
            (5, "SV", "investigation"),
        ]
        (mistake,) = report["mistakes"]
        assert (mistake["line"], mistake["kind"], mistake["near"]) == (2, "unknown_country", ["MX"])

    async def test_while_the_bot_runs_it_is_refused_and_says_the_other_way(self, config_of_running: Path) -> None:
        file = written(config_of_running.parent, GOOD)
        async with opened(config_of_running) as services:
            result = await asyncio.to_thread(imports, config_of_running, file)
            assert result.exit_code == 1
            assert re.search(r"Otro Estrado \(proceso \d+\) está usando la base de datos", result.stderr)
            assert "/participantes importar" in result.stderr
            assert result.stdout == ""
            # Trying, and looking, is free.
            assert (await asyncio.to_thread(imports, config_of_running, file, "--dry-run")).exit_code == 0
            assert await services.directory.expected() == []
            assert len(await asyncio.to_thread(listed, config_of_running)) == 1

    @pytest.fixture
    async def config_of_running(self, tmp_path: Path) -> Path:
        file = tmp_path / "config.toml"
        file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
        return file

    @pytest.mark.parametrize("content", [b"", b"\x89PNG\0", b"a;b\n1;2\n", b"PK\x03\x04x"])
    def test_what_is_no_list_is_one_sentence(self, config: Path, tmp_path: Path, content: bytes) -> None:
        file = tmp_path / "x"
        file.write_bytes(content)
        result = imports(config, file)
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)

    def test_file_that_is_not_there_is_one_sentence(self, config: Path, tmp_path: Path) -> None:
        result = imports(config, tmp_path / "nothing.csv")
        assert (result.exit_code, result.stdout, len(result.stderr.splitlines())) == (1, "", 1)

    def test_before_the_event_it_makes_the_database_and_later_it_does_not(self, tmp_path: Path, lista: Path) -> None:
        file = tmp_path / "other" / "config.toml"
        file.parent.mkdir()
        text = CONFIG_FILE.read_text("utf-8")
        file.write_text(text, "utf-8")
        assert imports(file, lista).exit_code == 1
        assert not (file.parent / "data").exists()
        days = re.sub(r"^(day = \")(?:Martes|Miércoles|Jueves|Viernes) ", r"\1", text, flags=re.MULTILINE)
        file.write_text(days.replace("year = 2020", "year = 2199"), "utf-8")
        assert imports(file, lista).exit_code == 0
        assert [row[0] for row in listed(file)[1:]] == ["Núñez, Eva", "Álvarez, Élida", "Oca, Ñandú", "Zúñiga, Ben"]


class TestLists:
    async def _register(self, config: Path) -> None:
        async with opened(config) as services:
            for person, name, account in ((ANA, "Élida Álvarez", "elida"), (BEN, "Eva Nuñes", "x.y")):
                draft = Draft(name, "Fiscalía", "MX" if person == ANA else "SV")
                await services.directory.register(person, draft, consented_at=BEFORE, language="es", account=account)

    @pytest.mark.trial("R3")
    def test_list_is_in_the_order_of_the_spanish_alphabet_with_one_country_a_spelling(
        self, config: Path, lista: Path
    ) -> None:
        imports(config, lista)
        asyncio.run(self._register(config))
        assert listed(config) == [
            ["Nombre", "Institución", "Delegación o procedencia", "Perfil", "Usuario de Discord", "Registrada"],
            ["Núñez, Eva", "Policía", "El Salvador", "Unidad de investigación", "", "no"],
            ["Álvarez, Élida", "Fiscalía", "México", "Fiscalía o procuraduría", "elida", "sí"],
            ["Oca, Ñandú", "Migración", "México", "Autoridad de control migratorio", "", "no"],
            ["Zúñiga, Ben", "OIM", "Organización internacional", "", "", "no"],
        ]
        found = as_json(config, "list")["expected"]
        assert [(each["name"], each["country"], each["registered"], each["recognised"]) for each in found] == [
            ("Álvarez, Élida", "MX", True, "account"),
            ("Oca, Ñandú", "MX", False, None),
            ("Zúñiga, Ben", None, False, None),
            ("Núñez, Eva", "SV", False, None),
        ]

    def test_unmatched_has_both_sides_and_whom_somebody_may_be(self, config: Path, lista: Path) -> None:
        imports(config, lista)
        asyncio.run(self._register(config))
        rows = listed(config, "unmatched")
        assert [(row[0], row[4]) for row in rows[1:]] == [
            ("Núñez, Eva", "en la lista, sin registrarse"),
            ("Oca, Ñandú", "en la lista, sin registrarse"),
            ("Zúñiga, Ben", "en la lista, sin registrarse"),
            ("Eva Nuñes", "registrada; puede ser: Núñez, Eva · Policía · El Salvador (el nombre se parece)"),
        ]
        found = as_json(config, "unmatched")
        (stranger,) = found["registered"]
        assert (stranger["person"], stranger["name"]) == (str(BEN), "Eva Nuñes")

    def test_cells_do_not_break_the_lines(self, config: Path, tmp_path: Path) -> None:
        imports(config, written(tmp_path, 'Nombre;País\n"Ana\tMaría\nPrueba";CR\n'))
        assert [len(row) for row in listed(config)] == [6, 6]

    @pytest.mark.trial("R3")
    def test_order_does_not_depend_on_the_machines_locale(self, config: Path, lista: Path) -> None:
        imports(config, lista)
        command = [sys.executable, "-m", "bot", "participants", "list", "--config", str(config), "--language", "es"]
        printed = {
            subprocess.run(
                command,
                env={"PATH": os.environ["PATH"], "LC_ALL": locale, "LANG": locale, "PYTHONUTF8": "1"},
                cwd=CONFIG_FILE.parent,
                capture_output=True,
                check=True,
            ).stdout
            for locale in ("C", "C.UTF-8", "en_US.UTF-8", "tr_TR.UTF-8")
        }
        assert len(printed) == 1
        assert [line.split(b"\t")[0].decode() for line in printed.pop().splitlines()[1:]] == [
            "Núñez, Eva",
            "Álvarez, Élida",
            "Oca, Ñandú",
            "Zúñiga, Ben",
        ]
