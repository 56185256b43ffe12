"""A register whose session is moved while it is open: it ends with its session, and nobody's minutes are lost."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from bot.agenda_changes import ChangeKind, cancel, delay
from bot.attendance import DayRecord, minutes_by_person_and_block
from bot.clock import RehearsalClock
from bot.config import Config
from bot.idle import IdleLoop
from bot.ids import BlockKey, ChannelId, PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.register import Register, Seat
from bot.storage.checks import check
from bot.storage.store import Store
from tests.factories import workshop

TUESDAY = SessionKey("2020-09-08")
ANA, HALL, ORGANIZER = PersonId(1), ChannelId(10), PersonId(9)
MINUTE = 60_000


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return workshop(tmp_path)


def at(config: Config, text: str) -> datetime:
    return datetime.fromisoformat(f"2020-09-08 {text}").replace(tzinfo=config.timezone)


class Bot:
    """A run of the program: the agenda as it is kept, and a register that is watched."""

    def __init__(self, store: Store, config: Config, clock: RehearsalClock) -> None:
        self.agenda = LiveAgenda(store, config.agenda, clock)
        self._store, self._config, self._clock = store, config, clock

    async def start(self) -> "Bot":
        await self.agenda.open()
        self.register = Register(self._store, self.agenda, self._config, self._clock)
        self._watching = asyncio.get_running_loop().create_task(self.register.watch())
        return self

    async def killed(self) -> None:
        self._watching.cancel()
        await asyncio.wait([self._watching])

    async def stop(self) -> None:
        await self.killed()
        await self.register.stop()

    async def delay(self, minutes: int) -> None:
        await self.agenda.change(ChangeKind.DELAY, partial(delay, minutes=minutes), by=ORGANIZER, reason=None)


@pytest.fixture
async def clock(config: Config) -> RehearsalClock:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    return RehearsalClock(at(config, "08:00"), loop.still)


@pytest.fixture
async def store(database: Path, clock: RehearsalClock) -> AsyncIterator[Store]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    async with Store.open(database, clock, doors=loop.doors) as opened:
        yield opened
    assert check(database) == []


def minutes(record: DayRecord) -> list[int]:
    """Ana's, by block."""
    found = minutes_by_person_and_block(record).get(ANA, {})
    return [found.get(block.key, 0) // MINUTE for block in record.blocks]


async def test_who_is_there_is_counted_to_the_new_end_in_the_new_blocks(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    bot = await Bot(store, config, clock).start()
    bot.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "09:20"))
    await bot.delay(10)
    await clock.run_until(at(config, "12:00"))
    record = await bot.register.day(TUESDAY)
    await bot.stop()
    assert [block.printed for block in record.blocks] == ["09:00-09:40", "09:40-10:25", "10:25-11:10"]
    assert minutes(record) == [40, 45, 45]
    assert record.unknown == ()
    assert record.is_closed


async def test_a_session_put_off_after_its_register_opened_loses_nobody_to_a_restart(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    bot = await Bot(store, config, clock).start()
    bot.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "08:50"))
    await bot.delay(60)
    await clock.run_until(at(config, "09:05"))
    await bot.killed()
    again = await Bot(store, config, clock).start()
    again.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "13:00"))
    record = await again.register.day(TUESDAY)
    await again.stop()
    assert minutes(record) == [30, 45, 45]
    assert record.unknown == ()


async def test_a_register_is_open_to_its_new_end_whoever_was_killed_in_between(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    bot = await Bot(store, config, clock).start()
    bot.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "10:50"))
    await bot.delay(30)
    await bot.killed()
    await clock.run_until(at(config, "11:10"))
    again = await Bot(store, config, clock).start()
    again.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "12:00"))
    record = await again.register.day(TUESDAY)
    await again.stop()
    assert record.blocks[-1].printed == "10:15-11:30"
    # Twenty minutes in which nobody looked; what came before and after counts.
    assert minutes(record) == [30, 45, 55]
    assert [(span.end - span.start) // MINUTE for span in record.unknown] == [20]


async def test_a_session_brought_forward_opens_its_register_at_once(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    bot = await Bot(store, config, clock).start()
    bot.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "08:20"))
    await bot.delay(-40)
    await clock.run_until(at(config, "12:00"))
    record = await bot.register.day(TUESDAY)
    await bot.stop()
    assert record.blocks[0].printed == "08:20-08:50"
    assert minutes(record) == [30, 45, 45]


async def test_a_session_that_loses_its_last_block_ends_earlier(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    bot = await Bot(store, config, clock).start()
    bot.register.roll([Seat(ANA, HALL, "a")], clock.now())
    await clock.run_until(at(config, "09:20"))
    key = BlockKey(f"{TUESDAY}/3")
    await bot.agenda.change(ChangeKind.CANCEL, partial(cancel, key=key), by=ORGANIZER, reason=None)
    await clock.run_until(at(config, "12:00"))
    record = await bot.register.day(TUESDAY)
    await bot.stop()
    assert minutes(record) == [30, 45]
    assert record.is_closed
    assert {stay.closed_at for stay in record.stays} == {at(config, "10:15")}
