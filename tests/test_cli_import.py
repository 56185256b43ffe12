"""`estrado import`, and the programme in the forms that other programs read."""

import json
import tomllib
from pathlib import Path

import icalendar
import pytest

from bot.config import load
from tests.command_line import estrado
from tests.factories import CONFIG_FILE

TEXT = """Taller de prueba
Martes 8 de septiembre
TEMA 1: Puentes
09:00 – 09:30 Palabras de Inauguración
 OIM
09:30 -10:15 Intercambio Técnico (2 a 3 panelistas)
 Modera: PPT
10:15-11:00 Preguntas y Respuestas
"""


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    file = tmp_path / "programa.txt"
    file.write_text(TEXT, "utf-8")
    return file


def drafted(file: Path, out: Path, *more: str) -> tuple[int, str, str]:
    arguments = ["import", file, "--year", "2020", "--timezone", "America/Costa_Rica", "--out", out, *more]
    result = estrado(*arguments)
    return result.exit_code, result.stdout, result.stderr


def test_a_text_becomes_a_configuration_that_loads(text_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.toml"
    code, stdout, stderr = drafted(text_file, out)
    assert (code, stdout) == (0, f"{out}\n")
    assert "1 day was read. " in stderr
    (session,) = load(out).agenda.sessions
    assert (session.key, session.theme) == ("2020-09-08", {"es": "Puentes"})
    assert [block.printed for block in session.blocks] == ["09:00-09:30", "09:30-10:15", "10:15-11:00"]
    text = out.read_text("utf-8")
    asked = text.splitlines().index("# CHECK: panelists are announced (2 a 3 panelistas) and not named.")
    assert text.splitlines()[asked + 1] == 'hours = "09:30-10:15"'
    assert out.stat().st_mode & 0o777 == 0o600


def test_comments_are_in_the_operators_language_and_values_in_the_programmes(text_file: Path, tmp_path: Path) -> None:
    assert drafted(text_file, tmp_path / "c.toml", "--language", "es", "--written-in", "en")[0] == 0
    text = (tmp_path / "c.toml").read_text("utf-8")
    assert "# REVISAR: se anuncian panelistas" in text
    assert tomllib.loads(text)["event"]["languages"] == ["en"]
    assert tomllib.loads(text)["discord"]["moderator_role"] == "Moderation"


def test_without_out_the_draft_goes_to_stdout(text_file: Path) -> None:
    result = estrado("import", text_file, "--year", "2020", "--timezone", "America/Costa_Rica")
    assert result.exit_code == 0
    assert tomllib.loads(result.stdout)["event"]["name"] == "Taller de prueba"


def test_what_somebody_went_on_writing_is_not_replaced(text_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "c.toml"
    out.write_text("mine", "utf-8")
    code, stdout, stderr = drafted(text_file, out)
    assert (code, stdout, out.read_text("utf-8")) == (1, "", "mine")
    assert "--overwrite" in stderr
    assert drafted(text_file, out, "--overwrite")[0] == 0
    assert load(out).agenda.sessions


def test_what_is_wrong_is_one_sentence_with_its_line(text_file: Path, tmp_path: Path) -> None:
    text_file.write_text(TEXT.replace("Martes", "Lunes"), "utf-8")
    code, stdout, stderr = drafted(text_file, tmp_path / "c.toml")
    assert (code, stdout) == (1, "")
    assert (
        stderr
        == "Line 2: “Lunes 8 de septiembre” contradicts itself: that day is a Tuesday (Tuesday 8 September 2020).\n"
    )
    assert not (tmp_path / "c.toml").exists()


def test_a_zone_that_is_none_is_wrong_use(text_file: Path) -> None:
    result = estrado("import", text_file, "--year", "2020", "--timezone", "America/Costa_Rico")
    assert result.exit_code == 2
    assert "America/Costa_Rica" in result.stderr


@pytest.mark.parametrize("option", ["--json", "--ics"])
def test_what_agenda_writes_import_reads(option: str, tmp_path: Path) -> None:
    file, out = tmp_path / "programme", tmp_path / "c.toml"
    given = [option] if option == "--json" else [option, "-"]
    file.write_text(estrado("agenda", "--config", CONFIG_FILE, "--language", "es", *given).stdout, "utf-8", newline="")
    code, _, stderr = drafted(file, out)
    assert code == 0, stderr
    ours, copy = load(CONFIG_FILE).agenda, load(out).agenda
    assert [s.theme["es"] for s in copy.sessions] == [s.theme["es"] for s in ours.sessions]
    assert [b.starts_at for b in copy.blocks()] == [b.starts_at for b in ours.blocks()]


def test_a_calendar_is_written_to_a_file_and_named(tmp_path: Path) -> None:
    result = estrado("agenda", "--config", CONFIG_FILE, "--ics", tmp_path / "taller.ics")
    assert (result.exit_code, result.stdout) == (0, f"{tmp_path / 'taller.ics'}\n")
    assert len(icalendar.Calendar.from_ical((tmp_path / "taller.ics").read_bytes()).events) == 4


def test_the_version_of_a_schedule_changes_with_what_it_says(tmp_path: Path) -> None:
    def version(config: Path) -> str:
        told = json.loads(estrado("agenda", "--config", config, "--json").stdout)
        return str(told["schedule"]["version"])

    changed = tmp_path / "config.toml"
    changed.write_text(CONFIG_FILE.read_text("utf-8").replace("10:15-11:00", "10:15-10:50"), "utf-8")
    assert version(CONFIG_FILE) == version(CONFIG_FILE) != version(changed)
