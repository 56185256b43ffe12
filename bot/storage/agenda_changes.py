"""Rows of what was changed in the programme while it went on."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from sqlite3 import Connection, Row

from bot.agenda_changes import BlockChange, ChangeKind, Hours
from bot.clock import from_ms, to_ms
from bot.ids import BlockKey, PersonId, SessionKey
from bot.storage.queries import load

queries = load("agenda_changes")


class AgendaChanges:
    """The changes of the programme, in order, and the pauses of its questions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        kind: ChangeKind,
        changes: Iterable[BlockChange],
        sessions: Iterable[SessionKey],
        *,
        by: PersonId | None,
        reason: str | None,
        at: datetime,
    ) -> int:
        """Keep what a command changed in blocks, and which sessions it touched; its number, which only grows."""
        command: int = queries.add_command(self._connection, at=to_ms(at), kind=kind.value, by=by, reason=reason)
        for session in sessions:
            queries.add_session(self._connection, command=command, session=session)
        for place, change in enumerate(changes):
            hours = change.hours
            queries.add_change(
                self._connection,
                command=command,
                place=place,
                block=change.block,
                planned_starts=to_ms(change.planned.starts_at),
                planned_ends=to_ms(change.planned.ends_at),
                starts=None if hours is None else to_ms(hours.starts_at),
                ends=None if hours is None else to_ms(hours.ends_at),
                cancelled=int(change.is_cancelled),
                title=_written(change.title),
                speakers=_written(change.speakers),
                moderator=_written(change.moderator),
                role=_written(change.moderator_role),
            )
        return command

    def all(self) -> tuple[BlockChange, ...]:
        """Every change of a block, in order."""
        return tuple(_change(row) for row in queries.changes(self._connection))

    def sequences(self) -> Mapping[SessionKey, int]:
        """How often each session was changed; those that never were have no entry."""
        return {SessionKey(row["session_key"]): row["changes"] for row in queries.sequences(self._connection)}

    def revision(self) -> int:
        """The number of the last command; 0 where there was none."""
        revision: int = queries.revision(self._connection)
        return revision

    def pause(self, session: SessionKey, by: PersonId, at: datetime) -> bool:
        """Take no questions in the session; False where none were taken already."""
        paused: int = queries.pause(self._connection, session=session, at=to_ms(at), by=by)
        return paused > 0

    def resume(self, session: SessionKey, by: PersonId, at: datetime) -> bool:
        """Take questions again; False where they were taken all along."""
        resumed: int = queries.resume(self._connection, session=session, at=to_ms(at), by=by)
        return resumed > 0

    def is_paused(self, session: SessionKey) -> bool:
        """Whether no questions are taken in the session for now."""
        return bool(queries.is_paused(self._connection, session=session))


def _change(row: Row) -> BlockChange:
    starts, speakers = row["starts_at"], _read(row["speakers"])
    return BlockChange(
        BlockKey(row["block_key"]),
        Hours(from_ms(row["planned_starts_at"]), from_ms(row["planned_ends_at"])),
        None if starts is None else Hours(from_ms(starts), from_ms(row["ends_at"])),
        is_cancelled=bool(row["is_cancelled"]),
        title=_read(row["title"]),
        speakers=None if speakers is None else tuple(speakers),
        moderator=_read(row["moderator"]),
        moderator_role=_read(row["moderator_role"]),
    )


def _written(value: object) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _read(text: str | None):  # type: ignore[no-untyped-def]
    return None if text is None else json.loads(text)
