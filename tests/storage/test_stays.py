"""The register over a real database: stays, rolls, unknown time, kills, and databases that refuse."""

import asyncio
import random
import sqlite3
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from bot.attendance import (
    CheckIn,
    CheckInNotOpen,
    CheckInOver,
    ClosedBy,
    DayRecord,
    Seat,
    Span,
    Stay,
    TooManyCompanions,
    connections_by_person,
    minutes_by_person_and_block,
    unknown_by_block,
)
from bot.clock import RehearsalClock, to_ms
from bot.config import Config
from bot.errors import NotSavedReason
from bot.idle import IdleLoop
from bot.ids import ChannelId, PersonId, SessionKey
from bot.kept_writes import KeptWrites
from bot.live_agenda import LiveAgenda
from bot.register import Register
from bot.storage.checks import check
from bot.storage.store import Store
from tests.factories import workshop

TUESDAY, WEDNESDAY = SessionKey("2020-09-08"), SessionKey("2020-09-09")
HALL, GROUP = ChannelId(10), ChannelId(20)
ANA, BEN, CLARA, DORA = (PersonId(number) for number in range(1, 5))
MINUTE = 60_000


def at(text: str, day: int = 8) -> datetime:
    """The instant of "09:30" or "09:30:00.005" in San José, six hours behind UTC."""
    return datetime.fromisoformat(f"2020-09-{day:02}T{text}-06:00").astimezone(UTC)


def a_span(start: str, end: str) -> Span:
    return Span(to_ms(at(start)), to_ms(at(end)))


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return workshop(tmp_path)


@pytest.fixture
async def clock() -> RehearsalClock:
    """Tuesday at 08:00, an hour before the first session."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    return RehearsalClock(at("08:00"), loop.still)


class Bot:
    """A run of the program: a register that is watched, until it stops or is killed."""

    def __init__(self, store: Store, config: Config, clock: RehearsalClock) -> None:
        self.register = Register(store, LiveAgenda(store, config.agenda, clock), config, clock)
        self._watching = asyncio.get_running_loop().create_task(self.register.watch())

    async def stop(self) -> None:
        await self.killed()
        await self.register.stop()

    async def killed(self) -> None:
        """Nothing is written any more, as if the process had ended."""
        self._watching.cancel()
        await asyncio.wait([self._watching])


@pytest.fixture
async def store(database: Path, clock: RehearsalClock) -> AsyncIterator[Store]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    async with Store.open(database, clock, doors=loop.doors) as opened:
        yield opened
    assert check(database) == []


@pytest.fixture
async def bot(store: Store, config: Config, clock: RehearsalClock) -> AsyncIterator[Bot]:
    """A bot that sees an empty room."""
    run = Bot(store, config, clock)
    run.register.roll([], clock.now())
    yield run
    await run.stop()


def pieces(record: DayRecord, person: PersonId) -> list[tuple[datetime, datetime | None, ClosedBy | None]]:
    return [(s.opened_at, s.closed_at, s.closed_by) for s in record.stays if s.person == person]


def total(record: DayRecord, person: PersonId) -> int:
    return sum(minutes_by_person_and_block(record).get(person, {}).values())


async def test_nothing_is_stored_outside_and_the_roll_is_taken_at_the_opening(
    bot: Bot, store: Store, clock: RehearsalClock
) -> None:
    bot.register.joined(ANA, HALL, "a", at("08:10"))
    bot.register.joined(BEN, HALL, "b", at("08:11"))
    await clock.run_until(at("08:44:59"))
    bot.register.left(BEN, "b", clock.now())
    assert await store.read(lambda tx: tx.stays.open_registers()) == []

    await clock.run_until(at("11:30"))
    bot.register.joined(CLARA, HALL, "c", clock.now())
    record = await bot.register.day(TUESDAY)
    assert record.stays == (Stay(ANA, TUESDAY, HALL, "a", at("08:45"), at("11:00"), ClosedBy.REGISTER_CLOSED),)
    assert record.unknown == ()
    assert record.is_closed
    assert total(record, ANA) == 120 * MINUTE


async def test_who_leaves_at_the_opening_or_at_the_end_is_counted_to_the_millisecond(
    bot: Bot, clock: RehearsalClock
) -> None:
    for person in (ANA, BEN):
        bot.register.joined(person, HALL, f"v{person}", at("08:00"))
    # The tick of the opening is late: the first leave comes before it.
    clock.set(at("08:45:00.020"))
    bot.register.left(ANA, "v1", clock.now())
    await clock.run_until(at("10:59:59.990"))
    clock.set(at("11:00:00.050"))
    bot.register.left(BEN, "v2", clock.now())
    await clock.be_still()
    record = await bot.register.day(TUESDAY)
    assert pieces(record, ANA) == [(at("08:45"), at("08:45:00.020"), ClosedBy.LEFT)]
    assert pieces(record, BEN) == [(at("08:45"), at("11:00"), ClosedBy.REGISTER_CLOSED)]


@pytest.mark.trial("A2")
async def test_drops_and_returns_are_one_person_and_the_union_of_the_time(bot: Bot, clock: RehearsalClock) -> None:
    await clock.run_until(at("09:00"))
    bot.register.joined(ANA, HALL, "0", clock.now())
    away = 0
    for number, seconds in enumerate((2, 40, 5, 17)):
        await clock.run_until(at(f"09:1{number}"))
        bot.register.left(ANA, f"{number}", clock.now())
        await clock.run_for(seconds)
        bot.register.joined(ANA, HALL, f"{number + 1}", clock.now())
        away += seconds * 1000
    for number in (4, 5):
        # The new connection is there before the old one's leave.
        await clock.run_until(at(f"09:2{number}"))
        bot.register.joined(ANA, HALL, f"{number + 1}", clock.now())
        await clock.run_for(9)
        bot.register.left(ANA, f"{number}", clock.now())
    await clock.run_until(at("11:00"))
    record = await bot.register.day(TUESDAY)
    assert minutes_by_person_and_block(record).keys() == {ANA}
    assert total(record, ANA) == 120 * MINUTE - away
    assert connections_by_person(record) == {ANA: 7}


@pytest.mark.trial("A3")
async def test_moves_are_contiguous_and_a_channel_that_does_not_count_is_left_out(
    bot: Bot, clock: RehearsalClock
) -> None:
    await clock.run_until(at("09:00"))
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("09:07"))
    bot.register.joined(ANA, GROUP, "a", clock.now())
    await clock.run_until(at("09:14"))
    bot.register.joined(ANA, HALL, "a", clock.now())
    bot.register.joined(ANA, GROUP, "a", clock.now())
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("09:21"))
    bot.register.moved_out(ANA, clock.now())
    await clock.run_until(at("09:28"))
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("09:35"))
    bot.register.left(ANA, "a", clock.now())
    record = await bot.register.day(TUESDAY)
    moved = ClosedBy.MOVED
    assert pieces(record, ANA) == [
        (at("09:00"), at("09:07"), moved),
        (at("09:07"), at("09:14"), moved),
        (at("09:14"), at("09:14"), moved),
        (at("09:14"), at("09:14"), moved),
        (at("09:14"), at("09:21"), moved),
        (at("09:28"), at("09:35"), ClosedBy.LEFT),
    ]
    assert total(record, ANA) == 28 * MINUTE


@pytest.mark.trial("A4")
@pytest.mark.parametrize("kind", ["another session", "leave and join", "join and late leave"])
async def test_a_change_of_device_is_one_continuous_stay(bot: Bot, clock: RehearsalClock, kind: str) -> None:
    await clock.run_until(at("09:00"))
    bot.register.joined(ANA, HALL, "laptop", clock.now())
    await clock.run_until(at("09:30"))
    match kind:
        case "another session":
            bot.register.joined(ANA, HALL, "phone", clock.now())
        case "leave and join":
            bot.register.left(ANA, "laptop", clock.now())
            await clock.run_for(0.005)
            bot.register.joined(ANA, HALL, "phone", clock.now())
        case _:
            bot.register.joined(ANA, HALL, "phone", clock.now())
            await clock.run_for(3)
            bot.register.left(ANA, "laptop", clock.now())
    await clock.run_until(at("10:00"))
    bot.register.left(ANA, "phone", clock.now())
    record = await bot.register.day(TUESDAY)
    assert record.stays == (Stay(ANA, TUESDAY, HALL, "phone", at("09:00"), at("10:00"), ClosedBy.LEFT, connections=2),)


async def _tuesday_until_the_kill(bot: Bot, clock: RehearsalClock) -> None:
    """Ana, Ben, Clara and Dora come at nine; the process is killed at 09:50."""
    await clock.run_until(at("09:00"))
    for person in (ANA, BEN, CLARA, DORA):
        bot.register.joined(person, HALL, f"v{person}", clock.now())
    await clock.run_until(at("09:50"))
    await bot.killed()


@pytest.mark.trial("A7")
async def test_after_a_kill_the_gap_is_unknown_and_who_left_is_closed_at_last_sight(
    bot: Bot, store: Store, config: Config, clock: RehearsalClock
) -> None:
    await _tuesday_until_the_kill(bot, clock)
    clock.set(at("09:58"))
    again = Bot(store, config, clock)
    # Before the roll, what was open counts to the last sight and not to now.
    before = await again.register.day(TUESDAY)
    assert before.unknown == (a_span("09:50", "09:58"),)
    assert total(before, ANA) == 50 * MINUTE

    eva = PersonId(5)
    there = [Seat(person, HALL, f"v{person}") for person in (ANA, BEN, CLARA, eva)]
    again.register.roll(there, clock.now())
    await clock.run_until(at("11:00"))
    record = await again.register.day(TUESDAY)
    lost = ClosedBy.LOST_SIGHT
    assert pieces(record, ANA) == [
        (at("09:00"), at("09:50"), lost),
        (at("09:58"), at("11:00"), ClosedBy.REGISTER_CLOSED),
    ]
    assert pieces(record, DORA) == [(at("09:00"), at("09:50"), lost)]
    assert pieces(record, eva) == [(at("09:58"), at("11:00"), ClosedBy.REGISTER_CLOSED)]
    assert record.unknown == (a_span("09:50", "09:58"),)
    assert sum(unknown_by_block(record).values()) == 8 * MINUTE
    assert [total(record, person) for person in (ANA, DORA, eva)] == [112 * MINUTE, 50 * MINUTE, 62 * MINUTE]
    await again.stop()


@pytest.mark.trial("A7")
@pytest.mark.parametrize(("day", "hour"), [(8, "11:10"), (9, "08:50"), (9, "09:30"), (12, "10:00")])
async def test_a_restart_after_the_session_closes_it_by_rule_and_the_rest_is_unknown(
    bot: Bot, store: Store, config: Config, clock: RehearsalClock, day: int, hour: str
) -> None:
    await _tuesday_until_the_kill(bot, clock)
    clock.set(at(hour, day))
    again = Bot(store, config, clock)
    again.register.roll([Seat(ANA, HALL, "v1"), Seat(PersonId(5), HALL, "v5")], clock.now())
    await clock.run_until(at("11:30", day))
    record = await again.register.day(TUESDAY)
    assert {(s.person, s.closed_at, s.closed_by) for s in record.stays} == {
        (person, at("09:50"), ClosedBy.LOST_SIGHT) for person in (ANA, BEN, CLARA, DORA)
    }
    assert record.unknown == (a_span("09:50", "11:00"),)
    assert record.is_closed
    assert total(record, ANA) == 50 * MINUTE
    await again.stop()


@pytest.mark.trial("A7")
async def test_a_restart_that_sees_nothing_to_the_end_closes_the_session_all_the_same(
    bot: Bot, store: Store, config: Config, clock: RehearsalClock
) -> None:
    await _tuesday_until_the_kill(bot, clock)
    await clock.run_until(at("09:58"))
    again = Bot(store, config, clock)
    await clock.run_until(at("11:05"))
    assert await store.read(lambda tx: tx.stays.open_registers()) == []
    again.register.roll([Seat(ANA, HALL, "v1")], clock.now())
    record = await again.register.day(TUESDAY)
    assert {(s.person, s.closed_at) for s in record.stays} == {
        (person, at("09:50")) for person in (ANA, BEN, CLARA, DORA)
    }
    assert record.unknown == (a_span("09:50", "11:00"),)
    await again.stop()


@pytest.mark.trial("A7")
async def test_a_session_of_which_nothing_was_seen_is_unknown_as_a_whole(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    clock.set(at("10:00", 9))
    run = Bot(store, config, clock)
    run.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at("11:00", 9))
    tuesday, wednesday = await run.register.day(TUESDAY), await run.register.day(WEDNESDAY)
    assert (tuesday.stays, tuesday.unknown) == ((), (a_span("08:45", "11:00"),))
    assert pieces(wednesday, ANA) == [(at("10:00", 9), at("11:00", 9), ClosedBy.REGISTER_CLOSED)]
    assert wednesday.unknown == (Span(to_ms(at("08:45", 9)), to_ms(at("10:00", 9))),)
    await run.stop()


async def test_a_clean_stop_and_start_leave_only_the_time_between_unknown(
    bot: Bot, store: Store, config: Config, clock: RehearsalClock
) -> None:
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("09:30:04"))
    await bot.stop()
    clock.set(at("09:31"))
    again = Bot(store, config, clock)
    again.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at("11:00"))
    record = await again.register.day(TUESDAY)
    assert record.unknown == (a_span("09:30:04", "09:31"),)
    assert total(record, ANA) == 120 * MINUTE - 56_000
    await again.stop()


async def test_after_a_replay_the_stay_goes_on_and_the_time_lost_is_unknown(bot: Bot, clock: RehearsalClock) -> None:
    bot.register.joined(ANA, HALL, "a", clock.now())
    bot.register.joined(BEN, HALL, "b", clock.now())
    await clock.run_until(at("09:20"))
    bot.register.lost_sight()
    await clock.run_until(at("09:24"))
    # Replayed on arrival, before the end of the replay is told.
    bot.register.left(BEN, "b", clock.now())
    bot.register.joined(CLARA, HALL, "c", clock.now())
    bot.register.resumed(clock.now())
    await clock.run_until(at("11:00"))
    record = await bot.register.day(TUESDAY)
    assert pieces(record, ANA) == [(at("08:45"), at("11:00"), ClosedBy.REGISTER_CLOSED)]
    assert record.unknown == (a_span("09:20", "09:24"),)
    assert [total(record, person) for person in (ANA, BEN, CLARA)] == [116 * MINUTE, 20 * MINUTE, 96 * MINUTE]


async def test_sight_that_was_lost_is_noticed_late_even_after_the_end(bot: Bot, clock: RehearsalClock) -> None:
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("11:01"))
    assert total(await bot.register.day(TUESDAY), ANA) == 120 * MINUTE
    bot.register.lost_sight(at("10:59:20"))
    record = await bot.register.day(TUESDAY)
    assert record.unknown == (a_span("10:59:20", "11:00"),)
    assert total(record, ANA) == 120 * MINUTE - 40_000


async def test_a_session_that_ends_while_nothing_is_seen_ends_with_the_last_sight(
    bot: Bot, clock: RehearsalClock
) -> None:
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("10:30"))
    bot.register.lost_sight()
    await clock.run_until(at("10:45"))
    assert (await bot.register.day(TUESDAY)).unknown == (a_span("10:30", "10:45"),)
    await clock.run_until(at("11:30"))
    bot.register.resumed(clock.now())
    record = await bot.register.day(TUESDAY)
    assert pieces(record, ANA) == [(at("08:45"), at("10:30"), ClosedBy.LOST_SIGHT)]
    assert record.unknown == (a_span("10:30", "11:00"),)


async def test_a_roll_without_a_gap_corrects_what_was_missed_and_cuts_nothing(bot: Bot, clock: RehearsalClock) -> None:
    for person in (ANA, BEN, CLARA):
        bot.register.joined(person, HALL, f"v{person}", clock.now())
    await clock.run_until(at("09:30"))
    bot.register.roll([Seat(ANA, HALL, "v1"), Seat(CLARA, GROUP, "v3"), Seat(DORA, HALL, "v4")], clock.now())
    await clock.run_until(at("11:00"))
    record = await bot.register.day(TUESDAY)
    closed = ClosedBy.REGISTER_CLOSED
    assert pieces(record, ANA) == [(at("08:45"), at("11:00"), closed)]
    assert pieces(record, BEN) == [(at("08:45"), at("09:30"), ClosedBy.RECONCILED)]
    assert pieces(record, CLARA) == [
        (at("08:45"), at("09:30"), ClosedBy.MOVED),
        (at("09:30"), at("11:00"), closed),
    ]
    assert pieces(record, DORA) == [(at("09:30"), at("11:00"), closed)]
    assert record.unknown == ()


@pytest.mark.trial("A11")
async def test_a_night_in_the_room_and_a_later_visit_count_for_no_day_but_their_own(
    bot: Bot, store: Store, clock: RehearsalClock
) -> None:
    await clock.run_until(at("10:50"))
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("11:02"))
    first = await bot.register.day(TUESDAY)
    await clock.run_until(at("15:00"))
    bot.register.joined(BEN, HALL, "b", clock.now())
    await clock.run_until(at("15:02"))
    bot.register.left(BEN, "b", clock.now())
    await clock.run_until(at("09:20", 9))
    bot.register.left(ANA, "a", clock.now())
    await clock.run_until(at("18:00", 11))
    again, wednesday = await bot.register.day(TUESDAY), await bot.register.day(WEDNESDAY)
    assert again == first
    assert {p: total(first, p) for p in (ANA, BEN)} == {ANA: 10 * MINUTE, BEN: 0}
    assert {p: total(wednesday, p) for p in (ANA, BEN)} == {ANA: 20 * MINUTE, BEN: 0}


@pytest.mark.trial("A14")
async def test_forty_joins_and_leaves_at_once_leave_nobody_open_and_nobody_twice(
    bot: Bot, store: Store, clock: RehearsalClock, database: Path
) -> None:
    await clock.run_until(at("09:00"))
    people = [PersonId(number) for number in range(100, 140)]
    blocker = sqlite3.connect(database, isolation_level=None)
    blocker.execute("BEGIN IMMEDIATE")
    for person in people:
        bot.register.joined(person, HALL, f"v{person}", clock.now())
    clock.set(clock.now() + timedelta(milliseconds=50))
    for person in people:
        bot.register.left(person, f"v{person}", clock.now())
    assert await store.read(lambda tx: tx.stays.of_session(TUESDAY)) == []
    blocker.execute("COMMIT")
    blocker.close()
    record = await bot.register.day(TUESDAY)
    left = (at("09:00"), at("09:00:00.050"), ClosedBy.LEFT)
    assert {person: pieces(record, person) for person in people} == {person: [left] for person in people}
    assert len(record.stays) == 40


@pytest.mark.trial("A14")
async def test_the_database_itself_refuses_a_second_open_stay(store: Store) -> None:
    await store.write(lambda tx: tx.stays.open_register(TUESDAY, at("08:45"), at("11:00")))
    await store.write(lambda tx: tx.stays.begin(TUESDAY, Seat(ANA, HALL, "a"), at("09:00")))
    with pytest.raises(sqlite3.IntegrityError):
        await store.write(lambda tx: tx.stays.begin(TUESDAY, Seat(ANA, GROUP, "b"), at("09:01")))


@pytest.mark.trial("F1")
async def test_what_the_database_refuses_is_kept_in_order_with_its_own_time(
    bot: Bot, clock: RehearsalClock, database: Path
) -> None:
    told: list[NotSavedReason | None] = []
    bot.register.on_held(told.append)
    await clock.run_until(at("09:00"))
    # The file is not there any more: nothing is saved until it is back.
    hidden = database.with_suffix(".away")
    database.rename(hidden)
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("09:05"))
    bot.register.left(ANA, "a", clock.now())
    bot.register.joined(BEN, HALL, "b", clock.now())
    await clock.run_until(at("09:06"))
    assert told == [NotSavedReason.REPLACED]
    assert (await bot.register.day(TUESDAY)).stays == ()

    hidden.rename(database)
    await clock.run_until(at("09:07"))
    record = await bot.register.day(TUESDAY)
    assert told == [NotSavedReason.REPLACED, None]
    assert pieces(record, ANA) == [(at("09:00"), at("09:05"), ClosedBy.LEFT)]
    assert pieces(record, BEN) == [(at("09:05"), None, None)]


async def test_a_stop_does_not_wait_for_a_lock_and_what_waits_is_saved_when_the_store_closes(
    config: Config, clock: RehearsalClock, database: Path
) -> None:
    async with Store.open(database, clock) as store:
        register = Register(store, LiveAgenda(store, config.agenda, clock), config, clock)
        clock.set(at("09:00"))
        register.roll([], clock.now())
        await register.settled()
        blocker = sqlite3.connect(database, isolation_level=None)
        blocker.execute("BEGIN IMMEDIATE")
        register.joined(ANA, HALL, "a", clock.now())
        async with asyncio.timeout(4):
            await register.stop()
            await register.stop()
        blocker.execute("COMMIT")
        blocker.close()
    async with Store.open(database, clock) as store:
        stays = await store.read(lambda tx: tx.stays.of_session(TUESDAY))
    assert [(s.person, s.opened_at, s.closed_at) for s in stays] == [(ANA, at("09:00"), None)]


async def test_an_operation_that_cannot_be_done_takes_no_other_with_it(store: Store, clock: RehearsalClock) -> None:
    writes = KeptWrites(store, clock)
    writes.add(lambda tx: tx.stays.open_register(TUESDAY, at("08:45"), at("11:00")))
    for person in (ANA, ANA, BEN):
        writes.add(lambda tx, who=person: tx.stays.begin(TUESDAY, Seat(who, HALL, "v"), at("09:00")))
    await writes.settled()
    assert writes.pending == 0
    assert [s.person for s in await store.read(lambda tx: tx.stays.of_session(TUESDAY))] == [ANA, BEN]
    await writes.stop()


async def test_a_process_that_was_stopped_for_a_while_did_not_see_meanwhile(bot: Bot, clock: RehearsalClock) -> None:
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("09:10"))
    clock.set(at("09:40"))
    await clock.run_until(at("11:00"))
    record = await bot.register.day(TUESDAY)
    assert record.unknown == (a_span("09:10", "09:40"),)
    assert total(record, ANA) == 90 * MINUTE


async def test_a_clock_that_was_set_back_makes_no_negative_and_no_double_time(bot: Bot, clock: RehearsalClock) -> None:
    await clock.run_until(at("09:20"))
    bot.register.joined(ANA, HALL, "a", clock.now())
    clock.set(at("09:10"))
    bot.register.left(ANA, "a", clock.now())
    bot.register.joined(ANA, HALL, "a", clock.now())
    await clock.run_until(at("11:00"))
    record = await bot.register.day(TUESDAY)
    assert all(s.closed_at is not None and s.opened_at <= s.closed_at for s in record.stays)
    assert total(record, ANA) == 110 * MINUTE


async def test_what_turns_out_to_be_a_bot_was_never_there(bot: Bot, clock: RehearsalClock) -> None:
    bot.register.joined(ANA, HALL, "a", clock.now())
    bot.register.joined(BEN, HALL, "b", clock.now())
    await clock.run_until(at("09:10"))
    bot.register.strike(BEN)
    await clock.run_until(at("11:00"))
    assert {s.person for s in (await bot.register.day(TUESDAY)).stays} == {ANA}


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_register_agrees_with_a_naive_walk_through_random_days(
    store: Store, config: Config, clock: RehearsalClock, seed: int
) -> None:
    """Kills, losses of sight and replays at random; the truth is what each person really did."""
    draw = random.Random(seed)
    run = Bot(store, config, clock)
    room: dict[PersonId, Seat] = {}
    run.register.roll([], clock.now())
    history: list[tuple[int, PersonId, bool]] = []
    sees = True
    connection = 0
    while clock.now() < at("11:05"):
        await clock.run_for(draw.choice((0, 0.001, 1, 7, 30, 55)))
        now, person = clock.now(), PersonId(draw.randrange(1, 8))
        what = draw.random()
        if what < 0.05:
            if sees:
                run.register.lost_sight()
                sees = False
            else:
                run.register.roll(list(room.values()), now)
                sees = True
        elif what < 0.08:
            await run.killed()
            run = Bot(store, config, clock)
            sees = False
        elif person in room:
            seat = room.pop(person)
            history.append((to_ms(now), person, False))
            if sees:
                run.register.left(person, seat.voice_session, now)
        else:
            connection += 1
            # Never at once on another device: that would be bridged, and is tried above.
            session = f"v{connection}" if draw.random() < 0.5 else f"p{person}"
            if any(when > to_ms(now) - 1001 for when, who, is_in in history if who == person and not is_in):
                continue
            room[person] = Seat(person, HALL, session)
            history.append((to_ms(now), person, True))
            if sees:
                run.register.joined(person, HALL, session, now)
    if not sees:
        run.register.roll(list(room.values()), clock.now())
    record = await run.register.day(TUESDAY)
    assert len(record.unknown) > 3
    assert len(record.stays) > 30

    expected: dict[PersonId, dict[str, int]] = {}
    for block in record.blocks:
        edges = {to_ms(block.starts_at), to_ms(block.ends_at)}
        edges |= {edge for span in record.unknown for edge in span} | {when for when, *_ in history}
        marks = sorted(e for e in edges if to_ms(block.starts_at) <= e <= to_ms(block.ends_at))
        for start, end in pairwise(marks):
            if any(span.start <= start < span.end for span in record.unknown):
                continue
            for person in {who for _, who, _ in history}:
                acts = [is_in for when, who, is_in in history if who == person and when <= start]
                if acts and acts[-1]:
                    own = expected.setdefault(person, {})
                    own[block.key] = own.get(block.key, 0) + end - start
    assert minutes_by_person_and_block(record) == expected
    await run.stop()


# Declared presence


@pytest.mark.trial("A13")
async def test_check_in_early_late_twice_and_with_companions(bot: Bot, store: Store, clock: RehearsalClock) -> None:
    await clock.run_until(at("08:44:59"))
    with pytest.raises(CheckInNotOpen) as early:
        await bot.register.check_in(ANA)
    assert early.value.opens_at == at("08:45")
    assert (await bot.register.day(TUESDAY)).check_ins == ()

    await clock.run_until(at("09:02"))
    answers = await asyncio.gather(*(bot.register.check_in(ANA) for _ in range(5)))
    assert [answer.is_new for answer in answers] == [True, False, False, False, False]
    await clock.run_until(at("09:30"))
    changed = await bot.register.check_in(ANA, 3)
    assert (changed.is_new, changed.is_changed, changed.check_in.companions) == (False, True, 3)
    assert (await bot.register.check_in(ANA)).check_in.companions == 3
    with pytest.raises(TooManyCompanions) as many:
        await bot.register.check_in(BEN, 21)
    assert many.value.maximum == 20

    await clock.run_until(at("11:00"))
    with pytest.raises(CheckInOver) as late:
        await bot.register.check_in(BEN)
    assert late.value.next_opens_at == at("08:45", 9)
    record = await bot.register.day(TUESDAY)
    assert [(c.person, c.companions, c.declared_at) for c in record.check_ins] == [(ANA, 3, at("09:02"))]
    # A click is no presence.
    assert record.stays == ()
    assert minutes_by_person_and_block(record) == {}


@pytest.mark.trial("A13")
async def test_another_day_cannot_be_declared(bot: Bot, clock: RehearsalClock) -> None:
    await clock.run_until(at("10:00"))
    await bot.register.check_in(ANA)
    assert (await bot.register.day(WEDNESDAY)).check_ins == ()
    clock.set(at("10:00", 7))
    with pytest.raises(CheckInNotOpen) as before:
        await bot.register.check_in(BEN)
    assert before.value.opens_at == at("08:45")
    clock.set(at("10:00", 14))
    with pytest.raises(CheckInOver) as after:
        await bot.register.check_in(BEN)
    assert after.value.next_opens_at is None


async def test_a_check_in_is_once_a_session_by_the_database_itself(store: Store) -> None:
    check_in = CheckIn(ANA, TUESDAY, 0, at("09:00"))
    await store.write(lambda tx: tx.check_ins.add(check_in))
    with pytest.raises(sqlite3.IntegrityError):
        await store.write(lambda tx: tx.check_ins.add(check_in))
