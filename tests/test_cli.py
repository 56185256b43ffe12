"""The operator's commands that need no running bot."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from time import monotonic

import click
import pytest

from bot.cli import main
from bot.operator.console import terminal_language
from tests.command_line import estrado
from tests.factories import CONFIG_FILE

ROOT = CONFIG_FILE.parent


def commands(group: click.Group = main, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in sorted(group.commands.items()):
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, in a folder of the test's own."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    return file


@pytest.fixture
def coming_config_file(config_file: Path) -> Path:
    """The same in a year that is to come, in which 8 September is a Tuesday again."""
    year = next(year for year in range(2090, 2100) if date(year, 9, 8).weekday() == 1)
    config_file.write_text(config_file.read_text("utf-8").replace("year = 2020", f"year = {year}"), "utf-8")
    return config_file


@pytest.mark.parametrize(
    ("path", "command"), list(commands()), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_help_says_what_each_command_and_each_of_its_options_is_for(
    path: tuple[str, ...], command: click.Command
) -> None:
    result = estrado(*path, "--help")
    assert result.exit_code == 0
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option) and not parameter.hidden:
            assert parameter.opts[0] in result.stdout
            assert parameter.help
            assert parameter.help.split()[0] in result.stdout
        elif isinstance(parameter, click.Argument):
            assert parameter.human_readable_name in result.stdout


def test_no_short_help_is_cut_off() -> None:
    for group in ((), ("db",)):
        listed = estrado(*group, "--help").stdout.split("Commands:")[1]
        assert "..." not in listed


def test_options_for_a_stand_in_are_not_shown() -> None:
    assert not re.search("endpoint|follow-clock", estrado("run", "--help").stdout + estrado("check", "--help").stdout)


def test_help_and_agenda_do_not_load_discord() -> None:
    program = """
import sys
from bot.cli import main
try:
    main(sys.argv[1:], prog_name="estrado")
finally:
    heavy = {"discord", "matplotlib", "aiohttp", "apscheduler", "openpyxl", "rich"} & set(sys.modules)
    print(sorted(heavy), file=sys.stderr)
"""
    for arguments in (["--help"], ["agenda", "--json"], ["check"]):
        begun = monotonic()
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert done.stderr.splitlines()[-1] == "[]"
        # A budget of ten times what it takes, for a machine that is busy.
        assert monotonic() - begun < 5


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "es_CR.UTF-8"}, "es"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "es_ES"}, "es"),
        ({"LANG": "es_ES", "LC_MESSAGES": "en_US"}, "en"),
        ({"LANG": "es_ES", "LC_MESSAGES": "es_ES", "LC_ALL": "C"}, "en"),
        ({"LANG": "es_ES", "LC_ALL": ""}, "es"),
    ],
)
def test_the_language_is_the_terminals(environment: dict[str, str], language: str) -> None:
    assert terminal_language(environment) == language


def test_the_language_can_be_chosen(coming_config_file: Path) -> None:
    assert "está bien" in estrado("check", "--config", coming_config_file, LANG="es_ES.UTF-8").stderr
    assert "is good" in estrado("check", "--config", coming_config_file, "--language", "en", LANG="es_ES.UTF-8").stderr


# check


def test_check_finds_nothing_in_the_real_workshop_of_a_year_to_come(coming_config_file: Path) -> None:
    result = estrado("check", "--config", coming_config_file)
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr == f"The configuration is good: {coming_config_file}.\n"


def test_check_warns_of_past_days_and_is_content(config_file: Path) -> None:
    result = estrado("check", "--config", config_file)
    assert (result.exit_code, result.stdout) == (0, "")
    warning, verdict = result.stderr.splitlines()
    assert warning.startswith("All sessions are past (Tuesday 8 September 2020, Wednesday 9 September 2020")
    assert verdict == f"The configuration is good: {config_file}."


def test_check_warns_once_what_is_kept_about_people_should_have_been_erased(config_file: Path) -> None:
    database = config_file.parent / "data" / "estrado.db"
    assert "was to be erased" not in estrado("check", "--config", config_file).stderr
    database.parent.mkdir()
    database.touch()
    said = estrado("check", "--config", config_file).stderr.splitlines()
    assert said[1].startswith("What is kept about people was to be erased by Thursday 10 December 2020, and ")
    assert str(database) in said[1]
    text = config_file.read_text("utf-8").replace("retention_days = 90", "retention_days = 3650")
    config_file.write_text(text, "utf-8")
    assert "was to be erased" not in estrado("check", "--config", config_file).stderr


def test_check_tells_every_mistake_at_once_with_its_place(config_file: Path) -> None:
    text = config_file.read_text("utf-8").replace('"America/Costa_Rica"', '"America/Bogotá"')
    text = text.replace('"09:30 -10:15"', '"09:10-10:15"').replace("per_person = 5", "per_persom = 5")
    config_file.write_text(text, "utf-8")
    result = estrado("check", "--config", config_file, "--language", "es")
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 3
    for place in ("event.timezone", "event.sessions[0].blocks[1].hours", "questions.per_persom"):
        assert len([line for line in result.stdout.splitlines() if place in line and "línea" in line]) == 1
    assert result.stderr == f"Hay 3 errores en {config_file}. Corríjalos y repita.\n"


def test_check_as_json(config_file: Path) -> None:
    config_file.write_text(config_file.read_text("utf-8").replace("per_person = 5", "per_persom = 5"), "utf-8")
    result = estrado("check", "--config", config_file, "--json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert {key: found[key] for key in ("file", "warnings", "lacks")} == {
        "file": str(config_file),
        "warnings": [],
        "lacks": None,
    }
    (mistake,) = found["mistakes"]
    assert (mistake["path"], mistake["kind"]) == ("questions.per_persom", "unknown_key")
    assert isinstance(mistake["line"], int)
    assert "per_persom" in mistake["sentence"]


@pytest.mark.parametrize(
    "command", [["check"], ["agenda"], ["run"], ["db", "check"], ["db", "backup"], ["db", "upgrade"]]
)
def test_a_configuration_that_is_not_there_is_wrong_use(command: list[str], tmp_path: Path) -> None:
    result = estrado(*command, "--config", tmp_path / "nowhere.toml", DISCORD_TOKEN="made-up")
    assert result.exit_code == 2
    assert str(tmp_path / "nowhere.toml") in result.output
    assert "Traceback" not in result.output


def test_check_online_needs_a_token(config_file: Path) -> None:
    result = estrado("check", "--online", "--config", config_file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "DISCORD_TOKEN" in result.stderr


# agenda


def test_agenda_shows_the_programme_in_both_hours(config_file: Path) -> None:
    result = estrado("agenda", "--config", config_file, "--language", "es", COLUMNS="160")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [re.sub(r"\s{2,}", " | ", line.strip()) for line in result.stdout.splitlines() if line.strip(" ─")]
    theme = "Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes"
    assert lines[1:8] == [
        f"Sesión 1, martes 8 de septiembre de 2020: {theme}",
        "Hora (America/Costa_Rica) | UTC | Parte | Quién",
        "09:00-09:30 | 15:00-15:30 | Palabras de Inauguración | Presidencia Pro-Témpore",
        "OIM",
        "UNODC",
        "09:30-10:15 | 15:30-16:15 | Intercambio Técnico | Modera: PPT",
        "10:15-11:00 | 16:15-17:00 | Preguntas y Respuestas",
    ]
    assert sum(line.startswith("Sesión ") for line in lines) == 4


def test_agenda_leaves_nothing_out_on_a_narrow_terminal(config_file: Path) -> None:
    shown = estrado("agenda", "--config", config_file, "--language", "es", COLUMNS="40").stdout
    assert shown.splitlines()[3:9] == [
        "Hora (America/Costa_Rica) (UTC)",
        "09:00-09:30 (15:00-15:30)",
        "  Palabras de Inauguración",
        "  - Presidencia Pro-Témpore",
        "  - OIM",
        "  - UNODC",
    ]
    assert "  - Modera: PPT" in shown.splitlines()


def test_agenda_as_json(config_file: Path) -> None:
    conference = json.loads(estrado("agenda", "--config", config_file, "--json").stdout)["schedule"]["conference"]
    assert (conference["time_zone_name"], conference["daysCount"]) == ("America/Costa_Rica", 4)
    assert [day["date"] for day in conference["days"]] == [f"2020-09-{day:02}" for day in range(8, 12)]
    talk = conference["days"][1]["rooms"]["Estrado"][1]
    assert (talk["code"], talk["type"], talk["title"]) == ("2020-09-09/2", "exchange", "Technical exchange")
    assert (talk["date"], talk["duration"]) == ("2020-09-09T09:15:00-06:00", "01:00")


def test_agenda_names_the_day_in_utc_where_it_is_another(config_file: Path) -> None:
    text = config_file.read_text("utf-8").replace('"America/Costa_Rica"', '"Asia/Tokyo"')
    config_file.write_text(text.replace('"09:00 – 09:30"', '"08:30-09:30"'), "utf-8")
    shown = estrado("agenda", "--config", config_file, COLUMNS="160").stdout
    assert "2020-09-07 23:30-00:30" in shown
    assert "2020-09-08" not in shown
