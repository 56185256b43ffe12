"""What a supervisor and Prometheus are told, over HTTP and on this machine alone."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.errors import NotSaved, NotSavedReason
from bot.ids import SessionKey
from bot.operator.monitoring import monitoring
from bot.question_states import State
from bot.status import SeenCue, Status
from tests.command_line import estrado

NOW = datetime(2020, 9, 8, 15, 30, tzinfo=UTC)
WELL = Status(
    now=NOW,
    since=datetime(2020, 9, 7, 12, tzinfo=UTC),
    connected=True,
    latency_seconds=0.045,
    in_server=True,
    last_cue=SeenCue("0908-bloque2", datetime(2020, 9, 8, 15, 30, tzinfo=UTC)),
    next_cue=None,
    session=SessionKey("2020-09-08"),
    questions={State.PENDING: 3, State.ON_AIR: 1},
    pending=2,
    database_bytes=1_500_000,
    free_bytes=8_000_000_000,
    trouble=None,
    last_backup=datetime(2020, 9, 8, 9, 35, tzinfo=UTC),
    backup_failed_at=None,
)


class Watched:
    """A bot that is watched: how it is doing, or why nobody can tell."""

    def __init__(self) -> None:
        self.status: Status | NotSaved = WELL
        self.port = 0

    async def look(self) -> Status:
        if isinstance(self.status, NotSaved):
            raise self.status
        return self.status

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}{path}", headers=headers) as answer,
        ):
            return answer.status, await answer.text()

    async def metrics(self) -> dict[str, float]:
        """Ours, by name and labels as they are written."""
        status, text = await self.get("/metrics")
        assert status == 200
        return {
            sample.name + "".join(f"[{value}]" for value in sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
            if sample.name.startswith("estrado_")
        }


@pytest.fixture
async def watched() -> AsyncIterator[Watched]:
    bot = Watched()
    async with monitoring(0, bot.look) as port:
        assert port is not None
        bot.port = port
        yield bot


async def test_bot_that_is_well_is_said_to_be(watched: Watched) -> None:
    status, text = await watched.get("/health")
    assert status == 200
    assert '"status": "ok"' in text
    assert '"last_backup": "2020-09-08T09:35:00+00:00"' in text


@pytest.mark.parametrize(
    "trouble", [{"connected": False}, {"in_server": False}, {"trouble": NotSavedReason.FULL}], ids=str
)
async def test_bot_that_cannot_work_is_said_to_be_failing(watched: Watched, trouble: dict[str, object]) -> None:
    watched.status = replace(WELL, **trouble)  # type: ignore[arg-type]
    status, text = await watched.get("/health")
    assert (status, '"status": "failing"' in text) == (503, True)
    assert (await watched.metrics())["estrado_healthy"] == 0


async def test_copy_that_failed_makes_nobody_start_the_bot_again(watched: Watched) -> None:
    watched.status = replace(WELL, backup_failed_at=NOW)
    assert (await watched.get("/health"))[0] == 200
    assert (await watched.metrics())["estrado_backup_failing"] == 1


async def test_database_that_cannot_be_read_is_failing(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    watched.status = NotSaved(NotSavedReason.CLOSED)
    assert (await watched.get("/health"))[0] == 503
    assert await watched.metrics() == {"estrado_database_writable": 0}
    assert "monitoring.blind kind=NotSaved" in caplog.text


async def test_metrics_are_figures_of_the_status(watched: Watched) -> None:
    metrics = await watched.metrics()
    assert metrics.pop("estrado_next_cue_timestamp_seconds") != 0
    assert metrics == {
        "estrado_healthy": 1,
        "estrado_start_time_seconds": WELL.since.timestamp(),
        "estrado_gateway_connected": 1,
        "estrado_gateway_latency_seconds": 0.045,
        "estrado_server_available": 1,
        "estrado_last_cue_timestamp_seconds": NOW.timestamp(),
        "estrado_questions[2020-09-08][on_air]": 1,
        "estrado_questions[2020-09-08][pending]": 3,
        "estrado_database_pending": 2,
        "estrado_database_bytes": 1_500_000,
        "estrado_database_writable": 1,
        "estrado_disk_free_bytes": 8_000_000_000,
        "estrado_last_backup_timestamp_seconds": datetime(2020, 9, 8, 9, 35, tzinfo=UTC).timestamp(),
        "estrado_backup_failing": 0,
    }
    assert "process_resident_memory_bytes" in (await watched.get("/metrics"))[1]


async def test_page_from_elsewhere_is_not_answered(watched: Watched) -> None:
    assert (await watched.get("/metrics", Host="evil.example"))[0] == 421
    assert (await watched.get("/metrics", Host=f"evil.example:{watched.port}"))[0] == 421
    assert (await watched.get("/health", Host="localhost"))[0] == 200


async def test_it_listens_on_this_machine_alone(watched: Watched) -> None:
    # All of 127.0.0.0/8 is this machine: what listened on every address would answer here.
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.2", watched.port)


async def test_port_that_is_taken_is_told_and_the_event_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        async with monitoring(other.getsockname()[1], Watched().look) as port:
            assert port is None
    assert "monitoring.unavailable" in caplog.text


async def test_nothing_listens_unless_it_is_asked_to() -> None:
    async with monitoring(None, Watched().look) as port:
        assert port is None


async def test_health_command_tells_it_by_its_exit_code(watched: Watched) -> None:
    well = await asyncio.to_thread(estrado, "health", "--http-port", str(watched.port))
    watched.status = replace(WELL, connected=False)
    failing = await asyncio.to_thread(estrado, "health", ESTRADO_HTTP_PORT=str(watched.port))
    assert (well.exit_code, failing.exit_code) == (0, 1)
    assert '"gateway": false' in failing.stdout


def test_health_command_tells_that_nobody_answers() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        result = estrado("health", "--http-port", str(free.getsockname()[1]), LANG="es_CR.UTF-8")
    assert result.exit_code == 1
    assert "no responde ningún Estrado" in result.stderr
    assert estrado("health").exit_code == 2
