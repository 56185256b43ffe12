"""`estrado report`: the files of a day and of the event, from the database alone."""

import asyncio
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.attendance import Seat
from bot.clock import RehearsalClock
from bot.config import load
from bot.ids import ChannelId, PersonId
from bot.participants import Draft
from bot.reports.making import Form, Source, day_report
from bot.services import open_services
from tests.command_line import estrado
from tests.factories import CONFIG_FILE
from tests.reports.test_report_workbook import column, sheets

ANA, BEN = PersonId(700000000000000001), PersonId(700000000000000002)
NINE = datetime(2020, 9, 8, 15, tzinfo=UTC)

DAY = ["asistencia-2020-09-08.png", "informe-2020-09-08.xlsx", "acta-2020-09-08.pdf", "personas-2020-09-08.csv"]
EVENT = ["asistencia-final.png", "informe-final.xlsx", "acta-final.pdf", "personas-final.csv"]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, in a folder of the test's own, after a Tuesday on which Ana and Ben came."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    asyncio.run(_tuesday(file))
    return file


async def _tuesday(file: Path) -> None:
    clock = RehearsalClock(NINE, _still)
    async with open_services(load(file), clock) as services:
        entered = Draft("Ana Peña", "=1+1", "CR", "judicial")
        await services.directory.register(ANA, entered, consented_at=NINE, language="es")
        services.register.roll([Seat(ANA, ChannelId(1), "a"), Seat(BEN, ChannelId(1), "b")], NINE)
        await clock.run_until(services.event.sessions[0].ends_at)
        services.register.left(ANA, "a", clock.now())
        await services.register.settled()


async def _still() -> None:
    """Nothing is under way but what is awaited here."""


def test_day_has_its_four_files_named_on_stdout_for_the_owner_alone(config_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "informes"
    for day in ("2020-09-08", "martes 8 de septiembre", "8/9"):
        done = estrado("report", day, "--config", config_file, "--out", out, "--language", "es")
        assert done.exit_code == 0, done.stderr
        assert done.stdout.splitlines() == [str(out / name) for name in DAY]
        assert "Se hicieron 4 archivos" in done.stderr
        assert "contienen nombres" in done.stderr
    assert sorted(file.name for file in out.iterdir()) == sorted(DAY)
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    people = sheets((out / DAY[1]).read_bytes())["Personas"]
    assert column(people, "Nombre") == ["Ana Peña", "Presentes sin registrar (sin nombre)"]
    assert column(people, "Institución")[0] == "=1+1"
    assert (out / DAY[3]).read_text("utf-8-sig").splitlines()[1].startswith("Ana Peña;'=1+1;Costa Rica;CR;")


def test_event_has_its_four_files(config_file: Path, tmp_path: Path) -> None:
    done = estrado("report", "final", "--config", config_file, "--out", tmp_path / "f", "--language", "en")
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines() == [str(tmp_path / "f" / name) for name in EVENT]
    workbook = sheets((tmp_path / "f" / EVENT[1]).read_bytes())
    assert list(workbook) == ["Summary", "Coverage", "People", "Blocks", "Questions"]
    assert column(workbook["People"], "Days present") == [1]


def test_files_are_made_while_the_database_is_open_and_are_the_same_every_time(
    config_file: Path, tmp_path: Path
) -> None:
    async def meanwhile() -> tuple[str, ...]:
        async with open_services(load(config_file), RehearsalClock(datetime(2020, 9, 9, 20, tzinfo=UTC), _still)):
            outs = []
            for name in ("a", "b"):
                arguments = ("report", "8/9", "--config", config_file, "--out", tmp_path / name)
                done = await asyncio.to_thread(estrado, *arguments)
                assert done.exit_code == 0, done.stderr
                outs.append(done.stdout)
            return tuple(outs)

    asyncio.run(meanwhile())
    for name in DAY:
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes(), name
    # Without a language the picture is in those of the event, as it is posted.
    config = load(config_file)
    source = Source(config.storage.database, config, datetime(2020, 9, 9, tzinfo=UTC))
    (picture,) = day_report(source, config.agenda.sessions[0].key, config.agenda.languages, (Form.PNG,))
    assert (tmp_path / "a" / DAY[0]).read_bytes() == picture.content


def test_day_without_session_and_missing_database_are_said_in_a_sentence(config_file: Path, tmp_path: Path) -> None:
    done = estrado("report", "12 de septiembre", "--config", config_file, "--out", tmp_path / "x", "--language", "es")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "No hay sesión en ese día" in done.stderr
    missing = tmp_path / "none.db"
    done = estrado(
        *("report", "final", "--config", config_file, "--database", missing, "--out", tmp_path / "x"),
        "--language",
        "en",
    )
    assert (done.exit_code, done.stdout) == (1, "")
    assert str(missing) in done.stderr
    assert not (tmp_path / "x").exists()
