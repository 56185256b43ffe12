"""The alarm clock, with the real apscheduler, under a clock that leaps."""

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from bot.clock import RehearsalClock, SystemClock
from bot.idle import IdleLoop
from bot.schedule import PAUSES, Run, Schedule, pause

NINE = datetime(2020, 9, 8, 15, tzinfo=UTC)


@pytest.fixture
async def clock() -> RehearsalClock:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    return RehearsalClock(NINE, loop.still)


@pytest.fixture
async def schedule(clock: RehearsalClock) -> AsyncIterator[Schedule]:
    schedule = Schedule(clock)
    await schedule.start()
    yield schedule
    await schedule.stop()


def noting(clock: RehearsalClock, called: list[datetime]) -> Run:
    async def note() -> None:
        called.append(clock.now())

    return note


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


async def test_at_calls_at_the_instant_and_once(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []
    schedule.at("opening", NINE + minutes(15), noting(clock, called))
    await clock.run_until(NINE + minutes(14))
    assert called == []
    await clock.run_until(NINE + minutes(60))
    assert called == [NINE + minutes(15)]
    assert schedule.names == frozenset()


async def test_what_is_past_is_called_at_once(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []
    schedule.at("opening", NINE - minutes(120), noting(clock, called))
    await clock.be_still()
    assert called == [NINE]


async def test_what_was_asked_for_before_the_start_is_called_at_the_start(clock: RehearsalClock) -> None:
    called: list[datetime] = []
    schedule = Schedule(clock)
    schedule.at("opening", NINE, noting(clock, called))
    await clock.be_still()
    assert called == []
    await schedule.start()
    await clock.be_still()
    assert called == [NINE]
    await schedule.stop()


@pytest.mark.trial("J4")
async def test_starting_and_naming_again_makes_no_second_one(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []
    for _ in range(3):
        await schedule.start()
        schedule.at("opening", NINE + minutes(1), noting(clock, called))
        assert len(schedule.jobs) == 1
    await clock.run_for(600)
    assert called == [NINE + minutes(1)]
    assert schedule.jobs == ()


@pytest.mark.trial("J4")
def test_it_can_be_made_outside_of_a_running_loop() -> None:
    schedule = Schedule(SystemClock())
    assert schedule.jobs == ()


@pytest.mark.trial("J1")
async def test_every_job_is_called_however_late_it_comes(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []
    for minute in range(5):
        schedule.at(f"block {minute}", NINE + minutes(minute + 1), noting(clock, called))
    (job,) = schedule.jobs
    assert (job.misfire_grace_time, job.coalesce) == (None, True)
    assert job.trigger.run_date.tzinfo is UTC
    # Asleep meanwhile: the time has gone on without anything due having been looked at.
    clock.set(NINE + minutes(120))
    await clock.be_still()
    assert called == [NINE + minutes(120)] * 5


@pytest.mark.trial("J9")
async def test_a_clock_that_is_set_back_calls_nothing_before_its_hour(
    schedule: Schedule, clock: RehearsalClock
) -> None:
    called: list[datetime] = []
    schedule.at("opening", NINE + minutes(5), noting(clock, called))
    clock.set(NINE - minutes(10))
    await clock.run_until(NINE + minutes(4))
    assert called == []
    await clock.run_until(NINE + minutes(6))
    assert called == [NINE + minutes(5)]


async def test_a_call_may_name_itself_again_at_the_same_instant(schedule: Schedule, clock: RehearsalClock) -> None:
    """An apscheduler job that is armed again while its earlier run is ending may be dropped; a wake never is."""
    left = 2000

    async def again() -> None:
        nonlocal left
        left -= 1
        if left:
            schedule.at("again", clock.now(), again)

    schedule.at("again", NINE, again)
    await clock.be_still()
    assert left == 0


async def test_many_instants_lose_none(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []
    wanted = [NINE + timedelta(seconds=second) for second in range(1, 501)]
    for instant in reversed(wanted):
        schedule.at(f"at {instant}", instant, noting(clock, called))
    await clock.run_until(NINE + minutes(60))
    assert called == wanted


@pytest.mark.trial("J10")
async def test_a_call_that_hangs_stops_neither_the_others_nor_doubles(
    schedule: Schedule, clock: RehearsalClock, caplog: pytest.LogCaptureFixture
) -> None:
    answered = asyncio.Event()
    hung: list[datetime] = []
    called: list[datetime] = []

    async def hang() -> None:
        hung.append(clock.now())
        await answered.wait()

    schedule.at("hall", NINE + minutes(1), hang)
    await clock.run_until(NINE + minutes(2))
    schedule.at("hall", NINE + minutes(3), hang)
    schedule.at("other", NINE + minutes(3), noting(clock, called))
    await clock.run_until(NINE + minutes(10))
    assert (hung, called) == ([NINE + minutes(1)], [NINE + minutes(3)])
    answered.set()
    await clock.be_still()
    assert hung == [NINE + minutes(1), NINE + minutes(10)]
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_what_raises_is_called_again_after_pauses_that_grow(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []

    async def fail() -> None:
        called.append(clock.now())
        if len(called) < 7:
            raise ConnectionError

    schedule.at("hall", NINE, fail)
    await clock.run_until(NINE + minutes(60))
    waits = [later - earlier for earlier, later in pairwise(called)]
    assert waits == [*PAUSES, PAUSES[-1], PAUSES[-1]]
    assert [pause(failures) for failures in (1, 4, 5, 99)] == [PAUSES[0], PAUSES[3], PAUSES[3], PAUSES[3]]


async def test_cancel_forgets_the_call(schedule: Schedule, clock: RehearsalClock) -> None:
    called: list[datetime] = []
    schedule.at("opening", NINE + minutes(1), noting(clock, called))
    schedule.cancel("opening")
    schedule.cancel("never there")
    await clock.run_for(600)
    assert called == []


@pytest.mark.parametrize("patience_seconds", [5, 0])
async def test_stop_waits_for_what_runs_and_cancels_what_hangs(clock: RehearsalClock, patience_seconds: float) -> None:
    ended: list[str] = []
    begun, answered = asyncio.Event(), asyncio.Event()
    schedule = Schedule(clock)

    async def run() -> None:
        begun.set()
        try:
            await answered.wait()
            ended.append("ended")
        except asyncio.CancelledError:
            ended.append("cancelled")
            raise

    schedule.at("hall", NINE, run)
    await schedule.start()
    await begun.wait()
    if patience_seconds:
        answered.set()
    await schedule.stop(patience_seconds)
    await schedule.stop(patience_seconds)
    assert ended == ["ended" if patience_seconds else "cancelled"]
    assert (schedule.jobs, schedule.names) == ((), frozenset())


async def test_the_machines_own_time_is_looked_at_again_within_half_a_minute() -> None:
    """A timer of the loop's does not see the clock being set forward: the job may not be further away than that."""
    clock = SystemClock()
    schedule = Schedule(clock)
    await schedule.start()
    schedule.at("opening", clock.now() + timedelta(days=2), noting(RehearsalClock(NINE), []))
    (job,) = schedule.jobs
    assert job.trigger.run_date - clock.now() <= timedelta(seconds=30)
    await schedule.stop()
