"""How the bot is doing, looked at now."""

import asyncio
import math
from datetime import datetime
from typing import Protocol

from bot.cues import Cue, CueKey, plan, reference
from bot.services import Services
from bot.status import SeenCue, Status
from bot.storage.notices import Entry, Outcome


class Connection(Protocol):
    """As much of the bot on Discord as its state is told by."""

    @property
    def latency(self) -> float: ...

    @property
    def is_connected(self) -> bool: ...

    @property
    def is_in_server(self) -> bool: ...


async def observe(services: Services, connection: Connection) -> Status:
    """The state of the event's services and of its connection. Writes nothing.

    Raises NotSaved where the database cannot even be read, and OSError where its folder cannot.
    """
    now = services.clock.now()
    cues = plan(services.event, services.config.announcements)
    session = services.queue.session_in_view().key
    ledger, figures = await services.store.read(lambda tx: (list(tx.notices.ledger()), tx.figures.of(session)))
    backup = await services.backups.last()
    database_bytes, free_bytes = await asyncio.to_thread(services.sizes, services.store.path)
    latency = connection.latency
    return Status(
        now=now,
        since=services.opened_at,
        connected=connection.is_connected,
        latency_seconds=latency if math.isfinite(latency) else None,
        in_server=connection.is_in_server,
        last_cue=_last(ledger, {cue.key: cue for cue in cues}),
        next_cue=_next(cues, ledger, now),
        session=session,
        questions=dict(figures.by_state),
        pending=services.store.pending,
        database_bytes=database_bytes,
        free_bytes=free_bytes,
        trouble=services.store.trouble,
        last_backup=None if backup is None else backup.made_at,
        backup_failed_at=services.backups.failed_at,
    )


def _last(ledger: list[Entry], cues: dict[CueKey, Cue]) -> SeenCue | None:
    sent = [(entry.sent_at, entry.key) for entry in ledger if entry.outcome is Outcome.SENT and entry.sent_at]
    if not sent:
        return None
    at, key = max(sent)
    cue = cues.get(CueKey(key))
    return SeenCue(key if cue is None else reference(cue), at)


def _next(cues: tuple[Cue, ...], ledger: list[Entry], now: datetime) -> SeenCue | None:
    """The first that is to come; one that is due and was not settled anywhere yet comes before it."""
    settled = {entry.key for entry in ledger if entry.settled_at is not None}
    left = (cue for cue in cues if cue.key not in settled and not cue.is_too_late(now))
    first = min(left, key=lambda cue: cue.at, default=None)
    return None if first is None else SeenCue(reference(first), first.at)
