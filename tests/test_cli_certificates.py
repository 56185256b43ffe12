"""`estrado certificates` and `certificates verify`, over the database of a past event."""

import asyncio
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import RehearsalClock, SystemClock
from bot.config import Config, load
from bot.corrections import CorrectionKind
from bot.services import open_services
from bot.storage.store import Store, Transaction
from tests.command_line import estrado
from tests.factories import CONFIG_FILE
from tests.four_days import ANA, BEN, OLGA, ZOE, day, register, registers, stays
from tests.reports.pdfs import texts

AFTER = datetime(2020, 9, 20, tzinfo=UTC)


def filled(tx: Transaction, config: Config) -> None:
    """Zoe has earned hers in English and Ana in Spanish; Ben lacks a day."""
    registers(tx, config)
    register(tx, config, ZOE, "Zoë Ñandú", language="en")
    register(tx, config, ANA, "Ana Prueba")
    register(tx, config, BEN, "Ben Ensayo")
    stays(tx, config, ZOE, dict.fromkeys(range(1, 5), 120))
    stays(tx, config, ANA, {1: 60, 2: 60, 3: 60})
    stays(tx, config, BEN, {1: 120, 2: 120})


async def write(config_file: Path, operation: object) -> None:
    config = load(config_file)
    async with Store.open(config.storage.database, RehearsalClock(AFTER)) as store:
        await store.write(lambda tx: operation(tx, config))  # type: ignore[operator]


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, over, in a folder of the test's own."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    asyncio.run(write(file, filled))
    return file


def codes(out: Path) -> list[str]:
    return [page.split("Código ")[-1].split("Code ")[-1][:14] for page in texts((out / "constancias.pdf").read_bytes())]


def test_each_gets_a_file_and_the_merged_one_has_all(config_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "made" / "constancias"
    result = estrado("certificates", "--config", config_file, "--out", out)
    assert result.exit_code == 0, result.stderr
    names = ["constancia-001-ana-prueba.pdf", "constancia-002-zoe-nandu.pdf", "constancias.pdf"]
    assert result.stdout.splitlines() == [str(out / name) for name in names]
    assert sorted(file.name for file in out.iterdir()) == names
    assert {stat.S_IMODE(file.stat().st_mode) for file in out.iterdir()} == {0o600}
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert result.stderr.splitlines() == [
        "2 new certificates were entered.",
        f"2 certificates are in {out}. They bear people's names: hand each person theirs alone.",
    ]
    (ana,) = texts((out / names[0]).read_bytes())
    (zoe,) = texts((out / names[1]).read_bytes())
    assert "Ana Prueba" in ana
    assert "Zoë" not in ana
    assert "attended the sessions of" in zoe
    assert texts((out / names[2]).read_bytes()) == [ana, zoe]


def test_again_gives_the_same_and_needs_nothing_written(config_file: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert estrado("certificates", "--config", config_file, "--out", first).exit_code == 0

    async def while_the_bot_runs() -> object:
        async with open_services(load(config_file), SystemClock()):
            return await asyncio.to_thread(estrado, "certificates", "--config", config_file, "--out", second)

    result = asyncio.run(while_the_bot_runs())
    assert result.exit_code == 0  # type: ignore[attr-defined]
    assert {f.name: f.read_bytes() for f in first.iterdir()} == {f.name: f.read_bytes() for f in second.iterdir()}


def test_what_has_to_be_written_waits_for_the_bot(config_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"

    async def while_the_bot_runs() -> object:
        async with open_services(load(config_file), SystemClock()) as services:
            refused = await asyncio.to_thread(estrado, "certificates", "--config", config_file, "--out", out)
            await services.certificates.own(ANA)
            return refused, await asyncio.to_thread(estrado, "certificates", "--config", config_file, "--out", out)

    refused, done = asyncio.run(while_the_bot_runs())  # type: ignore[misc]
    assert refused.exit_code == 1
    assert refused.stderr.startswith("There are certificates to be entered, and the bot has the database open.")
    assert (done.exit_code, len(list(out.iterdir()))) == (0, 3)


def test_one_language_for_all(config_file: Path, tmp_path: Path) -> None:
    assert estrado("certificates", "--config", config_file, "--out", tmp_path, "--language", "en").exit_code == 0
    assert all("attended the sessions of" in page for page in texts((tmp_path / "constancias.pdf").read_bytes()))


def test_verify_tells_whose_it_is(config_file: Path, tmp_path: Path) -> None:
    estrado("certificates", "--config", config_file, "--out", tmp_path)
    ana, zoe = codes(tmp_path)
    result = estrado("certificates", "verify", ana.lower().replace("-", " "), "--config", config_file)
    assert result.exit_code == 0
    assert result.stdout.splitlines()[:4] == [
        "Certificate: 001",
        "Name: Ana Prueba",
        "Event: Workshop for the exchange of good practices to comprehensively combat the smuggling of migrants",
        "Days: from 8 to 11 September 2020",
    ]
    assert result.stdout.splitlines()[-1] == "Attendance: Attendance measured on 3 of 4 days: 180 minutes of 480."
    assert result.stderr == "The code is genuine and the certificate is valid.\n"
    # The options may stand before the subcommand as well.
    again = estrado("certificates", "--config", config_file, "verify", zoe, "--language", "es")
    assert again.stdout.splitlines()[1] == "Nombre: Zoë Ñandú"


def test_verify_refuses_what_was_mistyped_and_what_was_never_given(config_file: Path, tmp_path: Path) -> None:
    estrado("certificates", "--config", config_file, "--out", tmp_path)
    (ana, _zoe) = codes(tmp_path)
    wrong = ("0" if ana[0] != "0" else "1") + ana[1:]
    mistyped = estrado("certificates", "verify", wrong, "--config", config_file)
    assert (mistyped.exit_code, mistyped.stdout) == (1, "")
    assert mistyped.stderr.startswith("That is no code of a certificate")
    unknown = estrado("certificates", "verify", "0000-0000-0000", "--config", config_file)
    assert (unknown.exit_code, unknown.stdout) == (1, "")
    assert unknown.stderr == "No certificate of this event has that code.\n"


def test_correction_below_the_rule_is_told_and_takes_the_file_and_the_code(config_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    estrado("certificates", "--config", config_file, "--out", out)
    ana, zoe = codes(out)
    (out / "constancia-firma.pdf").write_bytes(b"somebody's own file")

    def absent(tx: Transaction, config: Config) -> None:
        tx.corrections.add(ANA, day(config, 2), CorrectionKind.ABSENT, "Era otra persona", OLGA, tx.now)

    asyncio.run(write(config_file, absent))
    result = estrado("certificates", "--config", config_file, "--out", out)
    assert result.exit_code == 0
    assert (
        "Certificate 001 is not valid any more: its figures were corrected below the rule (2 of 3 days)."
        in result.stderr
    )
    assert sorted(file.name for file in out.iterdir()) == [
        "constancia-002-zoe-nandu.pdf",
        "constancia-firma.pdf",
        "constancias.pdf",
    ]
    assert codes(out) == [zoe]
    verified = estrado("certificates", "verify", ana, "--config", config_file)
    assert verified.exit_code == 1
    assert verified.stderr.startswith("The code is genuine, but the certificate ceased to be valid on ")


def test_name_that_was_corrected_keeps_its_number_and_code(config_file: Path, tmp_path: Path) -> None:
    estrado("certificates", "--config", config_file, "--out", tmp_path)
    before = codes(tmp_path)
    asyncio.run(write(config_file, lambda tx, config: register(tx, config, ANA, "Ana María Prueba")))
    result = estrado("certificates", "--config", config_file, "--out", tmp_path)
    assert codes(tmp_path) == before
    assert (tmp_path / "constancia-001-ana-maria-prueba.pdf").exists()
    assert not (tmp_path / "constancia-001-ana-prueba.pdf").exists()
    assert "constancia-001-ana-prueba.pdf was removed" in result.stderr


def test_declared_days_count_where_the_configuration_says_so(config_file: Path, tmp_path: Path) -> None:
    def declared(tx: Transaction, config: Config) -> None:
        tx.connection.execute("INSERT INTO check_ins VALUES (?, ?, 0, 1, NULL)", (BEN, day(config, 3)))

    asyncio.run(write(config_file, declared))
    text = config_file.read_text("utf-8")
    config_file.write_text(text.replace("declared_counts = false", "declared_counts = true"), "utf-8")
    assert estrado("certificates", "--config", config_file, "--out", tmp_path).exit_code == 0
    (ben,) = texts((tmp_path / "constancia-002-ben-ensayo.pdf").read_bytes())
    assert "Asistencia medida en 2 de 4 días: 240 minutos de 480. 1 día declarado por la propia persona" in ben


def test_nobody_is_told_with_the_rule(config_file: Path, tmp_path: Path) -> None:
    text = (
        config_file.read_text("utf-8")
        .replace("days = 3", "days = 4")
        .replace("minutes_percent = 50", "minutes_percent = 100")
    )
    config_file.write_text(text, "utf-8")
    asyncio.run(write(config_file, lambda tx, _: tx.connection.execute("UPDATE stays SET closed_at = closed_at - 1")))
    result = estrado("certificates", "--config", config_file, "--out", tmp_path / "out")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "Nobody meets the rule. It is given to whoever attended 4 days of 4, "
        "for at least 100% of the minutes of each.\n"
    )
    assert not (tmp_path / "out").exists()


def test_before_the_end_it_says_from_when(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8").replace("year = 2020", "year = 2065"), "utf-8")
    asyncio.run(write(file, registers))
    result = estrado("certificates", "--config", file, "--out", tmp_path / "out")
    assert result.exit_code == 1
    assert result.stderr == (
        "Certificates are given once the event is over: from 11 September 2065 at 11:01, Costa Rica Time.\n"
    )
    assert not (tmp_path / "out").exists()


def test_folder_has_to_be_said(config_file: Path) -> None:
    result = estrado("certificates", "--config", config_file)
    assert result.exit_code == 2
    assert "--out" in result.stderr
