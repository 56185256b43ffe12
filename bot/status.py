"""How the bot is doing, as plain values: what organizers, a supervisor and a monitoring system are told alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotSavedReason
from bot.ids import SessionKey
from bot.question_states import State


@dataclass(frozen=True, slots=True)
class SeenCue:
    """An announcement that went out, or is to go out, by what its post is called."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Status:
    """All of it as of `now`. Figures only: nothing in it is about anybody."""

    now: datetime
    #: Since when this process serves the event.
    since: datetime
    #: Whether the gateway's connection stands, and how long Discord takes to answer on it.
    connected: bool
    latency_seconds: float | None
    #: Whether the event's server was found, so that announcements can go out.
    in_server: bool
    last_cue: SeenCue | None
    next_cue: SeenCue | None
    #: Of the session in view.
    session: SessionKey
    questions: Mapping[State, int]
    #: Writes and reads that have no answer yet.
    pending: int
    database_bytes: int
    free_bytes: int
    #: Why the last thing could not be saved; None while all goes well.
    trouble: NotSavedReason | None
    last_backup: datetime | None
    #: When the last attempt failed; None where it did not.
    backup_failed_at: datetime | None

    @property
    def is_well(self) -> bool:
        """Whether it can do its work just now. A copy that could not be made takes nothing from that."""
        return self.connected and self.in_server and self.trouble is None
