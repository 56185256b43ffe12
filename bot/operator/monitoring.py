"""How the bot is doing, for a supervisor and a monitoring system on this machine: /health and /metrics over HTTP.

It listens on 127.0.0.1 and nowhere else: the figures are nobody's business outside, and there is no password.
"""

import contextlib
import json
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from http import HTTPStatus

from aiohttp import web
from prometheus_client import CollectorRegistry, GCCollector, ProcessCollector
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import NotSaved
from bot.status import SeenCue, Status

log = logging.getLogger(__name__)

HOST = "127.0.0.1"

#: By what names a browser or a program of this machine may ask. A page from elsewhere that had its own name lead to
#: 127.0.0.1 would ask by that name.
_OWN_NAMES = (HOST, "localhost")

Look = Callable[[], Awaitable[Status]]


@contextlib.asynccontextmanager
async def monitoring(port: int | None, look: Look) -> AsyncIterator[int | None]:
    """Answer on `port` for the length of the block; 0 takes any that is free. Gives the port, or None.

    A port that cannot be had is told in the log: the event goes on without being watched.
    """
    if port is None:
        yield None
        return
    runner = web.AppRunner(_application(look), access_log=None, handle_signals=False, shutdown_timeout=0.5)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, HOST, port).start()
        except OSError as error:
            log.warning("monitoring.unavailable port=%d reason=%s", port, error.strerror)
            taken = None
        else:
            taken = runner.addresses[0][1]
            log.info("monitoring.listening port=%d", taken)
        yield taken
    finally:
        await runner.cleanup()


def _application(look: Look) -> web.Application:
    application = web.Application(middlewares=[_asked_from_here])
    process = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=process)
    GCCollector(registry=process)

    async def health(_request: web.Request) -> web.Response:
        try:
            status = await look()
        except (NotSaved, OSError) as trouble:
            log.warning("monitoring.blind kind=%s", type(trouble).__name__)
            return _answer(HTTPStatus.SERVICE_UNAVAILABLE, {"status": "failing", "database": False})
        return _answer(HTTPStatus.OK if status.is_well else HTTPStatus.SERVICE_UNAVAILABLE, _told(status))

    async def metrics(_request: web.Request) -> web.Response:
        try:
            told = list(families(await look()))
        except (NotSaved, OSError) as trouble:
            log.warning("monitoring.blind kind=%s", type(trouble).__name__)
            told = [_gauge("database_writable", "Whether the database takes what is to be saved.", 0)]
        registry = CollectorRegistry(auto_describe=False)
        registry.register(_Collected(told))
        body = generate_latest(registry) + generate_latest(process)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    application.router.add_get("/health", health)
    application.router.add_get("/metrics", metrics)
    return application


@web.middleware
async def _asked_from_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    if request.host.rpartition(":")[0] not in _OWN_NAMES and request.host not in _OWN_NAMES:
        raise web.HTTPMisdirectedRequest
    return await handler(request)


def _answer(status: HTTPStatus, body: dict[str, object]) -> web.Response:
    return web.Response(status=status, text=json.dumps(body) + "\n", content_type="application/json")


def _told(status: Status) -> dict[str, object]:
    return {
        "status": "ok" if status.is_well else "failing",
        "gateway": status.connected,
        "server": status.in_server,
        "database": status.trouble is None,
        "since": status.since.isoformat(timespec="seconds"),
        "last_backup": None if status.last_backup is None else status.last_backup.isoformat(timespec="seconds"),
    }


class _Collected:
    """Families that are made already, as a registry takes them."""

    def __init__(self, families: list[GaugeMetricFamily]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        yield from self._families


def families(status: Status) -> Iterator[GaugeMetricFamily]:
    """Every figure that /metrics has of the event."""
    yield _gauge("healthy", "Whether the bot can do its work just now.", status.is_well)
    yield _gauge("start_time_seconds", "Since when this process serves the event.", status.since.timestamp())
    yield _gauge("gateway_connected", "Whether the connection to Discord stands.", status.connected)
    latency = math.nan if status.latency_seconds is None else status.latency_seconds
    yield _gauge("gateway_latency_seconds", "How long Discord takes to answer a heartbeat.", latency)
    yield _gauge("server_available", "Whether the event's server is there.", status.in_server)
    yield _cue("last_cue", "When the last announcement went out.", status.last_cue)
    yield _cue("next_cue", "When the next announcement is due.", status.next_cue)
    questions = GaugeMetricFamily(
        "estrado_questions", "Questions of the session in view, by where they stand.", labels=("session", "state")
    )
    for state, number in sorted(status.questions.items()):
        questions.add_metric((status.session, state.value), number)
    yield questions
    yield _gauge("database_pending", "Writes and reads without an answer yet.", status.pending)
    yield _gauge("database_bytes", "Size of the database with its log.", status.database_bytes)
    yield _gauge("database_writable", "Whether the database takes what is to be saved.", status.trouble is None)
    yield _gauge("disk_free_bytes", "What is free where the database lies.", status.free_bytes)
    backup = math.nan if status.last_backup is None else status.last_backup.timestamp()
    yield _gauge("last_backup_timestamp_seconds", "When the newest backup was made.", backup)
    yield _gauge("backup_failing", "Whether the last attempt at a backup failed.", status.backup_failed_at is not None)


def _cue(name: str, documentation: str, cue: SeenCue | None) -> GaugeMetricFamily:
    at = math.nan if cue is None else cue.at.timestamp()
    return _gauge(f"{name}_timestamp_seconds", documentation, at)


def _gauge(name: str, documentation: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"estrado_{name}", documentation, value=float(value))
