"""Which of Discord's own events each session is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection

from bot.clock import to_ms
from bot.ids import GuildId, NativeEventId, SessionKey
from bot.storage.queries import load

queries = load("native_events")


@dataclass(frozen=True, slots=True)
class KeptNativeEvent:
    """One that was made. `is_over`: it is not looked after any more, and none is made in its place."""

    id: NativeEventId
    is_over: bool


class NativeEvents:
    """At most one a session in each server, for ever."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self, guild: GuildId) -> Mapping[SessionKey, KeptNativeEvent]:
        rows = queries.native_events(self._connection, guild=guild)
        return {
            SessionKey(row["session"]): KeptNativeEvent(NativeEventId(row["event_id"]), bool(row["is_over"]))
            for row in rows
        }

    def keep(self, guild: GuildId, session: SessionKey, event: NativeEventId, at: datetime) -> None:
        """It is the session's. Where the session has one already, that stays."""
        queries.keep_native_event(self._connection, guild=guild, session=session, event=event, now=to_ms(at))

    def end(self, guild: GuildId, session: SessionKey, at: datetime) -> None:
        """The session's is over."""
        queries.end_native_event(self._connection, guild=guild, session=session, now=to_ms(at))
