"""The register as it is kept: its sessions, the stays in them, and the time in which the bot could not see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection, Row
from typing import NewType

from bot.attendance import ClosedBy, Seat, Span, Stay
from bot.clock import from_ms, to_ms
from bot.ids import ChannelId, PersonId, SessionKey
from bot.storage.queries import load

queries = load("stays")

StayId = NewType("StayId", int)


@dataclass(frozen=True, slots=True)
class OpenedRegister:
    """A session's register. `seen_to` is the last instant of which the bot was sure while it was open."""

    session: SessionKey
    opened_at: datetime
    ends_at: datetime
    seen_to: datetime
    closed_at: datetime | None


class Stays:
    """Registers, stays and unknown time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def register(self, session: SessionKey) -> OpenedRegister | None:
        """The session's register, open or closed; None where it was never opened."""
        row = queries.register(self._connection, session=session)
        return None if row is None else _register(row)

    def open_registers(self) -> list[OpenedRegister]:
        """The registers that have not been closed."""
        return [_register(row) for row in queries.open_registers(self._connection)]

    def open_register(self, session: SessionKey, opened_at: datetime, ends_at: datetime) -> None:
        queries.open_register(self._connection, session=session, opened_at=to_ms(opened_at), ends_at=to_ms(ends_at))

    def set_seen_to(self, session: SessionKey, at: datetime) -> None:
        """The bot is sure of everything up to `at`; an earlier instant than the one kept changes nothing."""
        queries.set_seen_to(self._connection, session=session, seen_to=to_ms(at))

    def correct_seen_to(self, session: SessionKey, at: datetime) -> None:
        """The bot is sure of what came before `at`, and of nothing more."""
        queries.correct_seen_to(self._connection, session=session, seen_to=to_ms(at))

    def move_end(self, session: SessionKey, ends_at: datetime) -> None:
        """The register that is open ends at `ends_at`, or with what was seen last if that is later."""
        queries.move_end(self._connection, session=session, ends_at=to_ms(ends_at))

    def close_register(self, session: SessionKey, at: datetime) -> None:
        queries.close_register(self._connection, session=session, at=to_ms(at))

    def open_stay(self, person: PersonId) -> tuple[StayId, Stay] | None:
        """The stay in which the person is now."""
        row = queries.open_stay(self._connection, person=person)
        return None if row is None else (StayId(row["id"]), _stay(row))

    def last_stay(self, person: PersonId, session: SessionKey) -> tuple[StayId, Stay] | None:
        """The person's most recent stay in the session, open or closed."""
        row = queries.last_stay(self._connection, person=person, session=session)
        return None if row is None else (StayId(row["id"]), _stay(row))

    def open_stays(self, session: SessionKey) -> list[tuple[StayId, Stay]]:
        """The stays of everybody who is there now."""
        rows = queries.open_stays(self._connection, session=session)
        return [(StayId(row["id"]), _stay(row)) for row in rows]

    def of_session(self, session: SessionKey) -> list[Stay]:
        """Every stay, each person's in the order in which they began."""
        return [_stay(row) for row in queries.stays_of_session(self._connection, session=session)]

    def times(
        self, session: SessionKey, periods: Sequence[Sequence[Span]], seen_to: datetime
    ) -> Iterator[tuple[int, ...]]:
        """Everybody who has a stay: their id, how often they connected, and their milliseconds in each of `periods`.

        A period is one or more spans, apart from each other, and each millisecond of a person counts once. An open
        stay counts up to `seen_to`. However many stays there are, this is one pass over an index, without an object
        for any of them.
        """
        columns, bounds = _columns(periods)
        query = queries.united if queries.any_overlap(self._connection, session=session) else queries.summed
        cursor = self._connection.cursor()
        cursor.row_factory = None
        return cursor.execute(
            # The number of periods is what parameters cannot say.
            query.sql.replace("0 AS times", ", ".join(columns) or "0"),
            {"session": session, "seen_to": to_ms(seen_to), **bounds},
        )

    def begin(self, session: SessionKey, seat: Seat, at: datetime) -> None:
        """A new stay. A person who has an open one cannot have another: the database refuses it."""
        queries.begin(
            self._connection,
            person=seat.person,
            session=session,
            channel=seat.channel,
            voice_session=seat.voice_session,
            at=to_ms(at),
        )

    def begin_first(self, session: SessionKey, seat: Seat, at: datetime) -> bool:
        """A new stay for somebody who has none in the session and is in no other; whether there is one now."""
        count: int = queries.begin_first(
            self._connection,
            person=seat.person,
            session=session,
            channel=seat.channel,
            voice_session=seat.voice_session,
            at=to_ms(at),
        )
        return count == 1

    def end(self, stay: StayId, at: datetime, by: ClosedBy) -> None:
        """The stay ended at `at`, or where it began if that is later; one that has ended keeps its end."""
        queries.end(self._connection, id=stay, at=to_ms(at), closed_by=by)

    def go_on(self, stay: StayId, voice_session: str) -> None:
        """The stay goes on over another connection, as if it had never ended."""
        queries.go_on(self._connection, id=stay, voice_session=voice_session)

    def strike(self, person: PersonId) -> int:
        """Remove every stay of what turned out to be no person; how many there were."""
        count: int = queries.strike(self._connection, person=person)
        return count

    def add_unknown(self, session: SessionKey, from_at: datetime, to_at: datetime) -> None:
        """The bot could not see from one instant to the other; nothing where the second is not later."""
        queries.add_unknown(self._connection, session=session, from_at=to_ms(from_at), to_at=to_ms(to_at))

    def unknown(self, session: SessionKey) -> Iterator[Span]:
        """The time in which the bot could not see, in order of its beginnings; spans may overlap."""
        for row in queries.unknown(self._connection, session=session):
            yield Span(row["from_at"], row["to_at"])


def _columns(periods: Sequence[Sequence[Span]]) -> tuple[list[str], dict[str, int]]:
    """What is summed for each period, and the bounds that it names. CASE is faster than min() and max() here."""
    bounds: dict[str, int] = {}
    columns: list[str] = []
    for period in periods:
        terms = ["0"]
        for start, end in period:
            number = len(bounds) // 2
            bounds |= {f"start_{number}": start, f"end_{number}": end}
            terms.append(_TIME_WITHIN.format(start=f":start_{number}", end=f":end_{number}"))
        columns.append(f"sum({' + '.join(terms[1:] or terms)})")
    return columns, bounds


_TIME_WITHIN = (
    "CASE WHEN closed_at > {start} AND opened_at < {end} THEN"
    " (CASE WHEN closed_at < {end} THEN closed_at ELSE {end} END)"
    " - (CASE WHEN opened_at > {start} THEN opened_at ELSE {start} END) ELSE 0 END"
)


def _register(row: Row) -> OpenedRegister:
    return OpenedRegister(
        SessionKey(row["session_key"]),
        from_ms(row["opened_at"]),
        from_ms(row["ends_at"]),
        from_ms(row["seen_to"]),
        None if row["closed_at"] is None else from_ms(row["closed_at"]),
    )


def _stay(row: Row) -> Stay:
    return Stay(
        person=PersonId(row["person_id"]),
        session=SessionKey(row["session_key"]),
        channel=ChannelId(row["channel_id"]),
        voice_session=row["voice_session_id"],
        opened_at=from_ms(row["opened_at"]),
        closed_at=None if row["closed_at"] is None else from_ms(row["closed_at"]),
        closed_by=None if row["closed_by"] is None else ClosedBy(row["closed_by"]),
        connections=row["connections"],
    )
