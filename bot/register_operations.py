"""What the register does in one transaction each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.agenda import Session
from bot.attendance import (
    Attended,
    ClosedBy,
    DayRecord,
    Seat,
    Span,
    Stay,
    is_change_of_device,
    span_of,
    union,
    without,
)
from bot.clock import to_ms
from bot.ids import BlockKey, PersonId, SessionKey
from bot.storage.nouns import Nouns
from bot.storage.stays import OpenedRegister, StayId
from bot.storage.store import Transaction


@dataclass(frozen=True, slots=True)
class Hours:
    """When a session's register is open, half-open."""

    session: SessionKey
    opens_at: datetime
    ends_at: datetime


Operation = Callable[[Transaction], None]


class Sight(StrEnum):
    """How a roll stands to what is kept already."""

    #: Nothing was missed since.
    UNBROKEN = "unbroken"
    #: The bot could not see for a while, and what it missed was told to it afterwards.
    REPLAYED = "replayed"
    #: The bot could not see for a while, and what happened meanwhile is not known.
    BROKEN = "broken"


def take_roll(tx: Transaction, hours: Hours, present: Iterable[Seat], at: datetime, sight: Sight) -> None:
    """Make the stays agree with who is there at `at`; the first roll of a session opens its register.

    Those who are gone left at the last instant at which they were surely seen. After broken sight a stay ends there
    for everybody, and those who are there begin a new one.
    """
    close_others(tx, hours.session)
    register = tx.stays.register(hours.session)
    if register is None:
        tx.stays.open_register(hours.session, hours.opens_at, hours.ends_at)
        register = tx.stays.register(hours.session)
        assert register is not None
    if register.closed_at is not None:
        return
    tx.stays.move_end(hours.session, hours.ends_at)
    if sight is not Sight.UNBROKEN:
        tx.stays.add_unknown(hours.session, register.seen_to, at)
    absent = ClosedBy.RECONCILED if sight is Sight.UNBROKEN else ClosedBy.LOST_SIGHT
    seats = {seat.person: seat for seat in present}
    for stay_id, stay in tx.stays.open_stays(hours.session):
        seat = seats.get(stay.person)
        if seat is None or sight is Sight.BROKEN:
            tx.stays.end(stay_id, register.seen_to, absent)
        else:
            _carry_on(tx, stay_id, stay, seat, at)
            del seats[stay.person]
    for seat in seats.values():
        tx.stays.begin(hours.session, seat, at)
    tx.stays.set_seen_to(hours.session, at)


def sit_down(tx: Transaction, session: SessionKey, seat: Seat, at: datetime) -> None:
    """Somebody is in a counted channel, from wherever they came. Twice is once."""
    # Nearly everybody comes for the first time when all come at once: one statement, where the rest takes three.
    if tx.stays.begin_first(session, seat, at):
        return
    current = tx.stays.open_stay(seat.person)
    if current is not None:
        _carry_on(tx, *current, seat, at)
        return
    last = tx.stays.last_stay(seat.person, session)
    if last is not None and is_change_of_device(last[1], seat, at):
        tx.stays.go_on(last[0], seat.voice_session)
    else:
        tx.stays.begin(session, seat, at)


def stand_up(tx: Transaction, person: PersonId, at: datetime, by: ClosedBy) -> None:
    """Somebody is in no counted channel any more. Twice is once."""
    current = tx.stays.open_stay(person)
    if current is not None:
        tx.stays.end(current[0], at, by)


def close(tx: Transaction, hours: Hours, *, seen: bool) -> None:
    """Close a register at its end: whoever is there was there to the end, if that was `seen`.

    Else everybody's stay ends with the last instant that was seen, and the rest of the session is unknown. A session
    that was prolonged at its last moment stays open.
    """
    register = tx.stays.register(hours.session)
    if register is not None and register.closed_at is None and not hours.ends_at < register.ends_at > tx.now:
        _close(tx, register, seen=seen)


def close_others(tx: Transaction, but: SessionKey | None) -> None:
    """Close, by what was last seen, every register that an earlier run of the program left open.

    One whose session was put off after it had been opened stays so.
    """
    for register in tx.stays.open_registers():
        if register.session != but and register.ends_at <= tx.now:
            _close(tx, register, seen=False)


def lose_sight(tx: Transaction, session: SessionKey, since: datetime) -> None:
    """The bot turns out to have seen nothing since `since`, even where the register has been closed by now."""
    register = tx.stays.register(session)
    if register is None:
        return
    if register.closed_at is None:
        tx.stays.correct_seen_to(session, since)
    else:
        tx.stays.add_unknown(session, max(since, register.opened_at), register.ends_at)


def day_record(
    reader: Nouns, session: Session, opens_at: datetime, now: datetime, seen_to: datetime | None = None
) -> DayRecord:
    """What is kept about a session. `seen_to` is how far a bot that sees at this moment is sure of it.

    Without one, what follows the last kept instant is unknown: the same figures come out of a database alone.
    """
    unknown, sure = _sight(reader, session, opens_at, now, seen_to)
    return DayRecord(
        session=session.key,
        blocks=session.blocks,
        stays=tuple(reader.stays.of_session(session.key)),
        unknown=unknown,
        check_ins=tuple(reader.check_ins.of_session(session.key)),
        seen_to=sure,
        is_closed=now >= session.ends_at,
    )


def attended(
    reader: Nouns, session: Session, opens_at: datetime, now: datetime, seen_to: datetime | None = None
) -> Attended:
    """What a session's attendance comes to: `bot.attendance.attended` of `day_record`, computed by the database."""
    unknown, sure = _sight(reader, session, opens_at, now, seen_to)
    keys = [block.key for block in session.blocks]
    periods = [without((span_of(block),), unknown) for block in session.blocks]
    minutes: dict[PersonId, dict[BlockKey, int]] = {}
    connections = 0
    for person, connected, *times in reader.stays.times(session.key, periods, sure):
        minutes[PersonId(person)] = {key: there for key, there in zip(keys, times, strict=True) if there}
        connections += connected
    return Attended(
        session=session.key,
        blocks=session.blocks,
        minutes=minutes,
        connections=connections,
        unknown=unknown,
        check_ins=tuple(reader.check_ins.of_session(session.key)),
        seen_to=sure,
        is_closed=now >= session.ends_at,
    )


def _sight(
    reader: Nouns, session: Session, opens_at: datetime, now: datetime, seen_to: datetime | None
) -> tuple[tuple[Span, ...], datetime]:
    """The time in which the bot could not see, and the last instant of which it is sure."""
    register = reader.stays.register(session.key)
    unknown = list(reader.stays.unknown(session.key))
    ends_at = session.ends_at
    if register is None:
        sure = opens_at
    elif register.closed_at is not None:
        sure = ends_at = register.ends_at
    else:
        sure = max(register.seen_to, seen_to or register.seen_to)
    end = max(opens_at, min(now, ends_at))
    if seen_to is None or register is None:
        unknown.append(Span(to_ms(sure), to_ms(end)))
    return union(unknown), min(sure, end)


def _carry_on(tx: Transaction, stay_id: StayId, stay: Stay, seat: Seat, at: datetime) -> None:
    if stay.channel != seat.channel:
        tx.stays.end(stay_id, at, ClosedBy.MOVED)
        tx.stays.begin(stay.session, seat, at)
    elif stay.voice_session != seat.voice_session:
        tx.stays.go_on(stay_id, seat.voice_session)


def _close(tx: Transaction, register: OpenedRegister, *, seen: bool) -> None:
    at, by = (register.ends_at, ClosedBy.REGISTER_CLOSED) if seen else (register.seen_to, ClosedBy.LOST_SIGHT)
    for stay_id, _ in tx.stays.open_stays(register.session):
        tx.stays.end(stay_id, at, by)
    if not seen:
        tx.stays.add_unknown(register.session, register.seen_to, register.ends_at)
    tx.stays.set_seen_to(register.session, register.ends_at)
    tx.stays.close_register(register.session, register.ends_at)
