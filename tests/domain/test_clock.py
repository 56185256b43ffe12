import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import RehearsalClock, SystemClock, from_ms, to_ms
from bot.idle import IdleLoop

NINE = datetime(2020, 9, 8, 15, 0, tzinfo=UTC)


def clock_on_this_loop() -> RehearsalClock:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    return RehearsalClock(NINE, loop.still)


def test_milliseconds_come_back_as_the_instant_they_were_made_from() -> None:
    instant = NINE + timedelta(milliseconds=1)
    assert from_ms(to_ms(instant)) == instant
    assert to_ms(datetime(1970, 1, 1, tzinfo=UTC)) == 0


def test_the_machines_time_is_aware_and_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


async def test_waiting_for_the_past_returns_at_once() -> None:
    clock = SystemClock()
    await clock.sleep_until(clock.now() - timedelta(seconds=5))


async def test_people_wake_in_the_order_of_their_hours_each_at_its_own_instant() -> None:
    clock = clock_on_this_loop()
    woken: list[tuple[str, datetime]] = []

    async def person(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        await asyncio.to_thread(lambda: None)
        woken.append((name, clock.now()))

    async with asyncio.TaskGroup() as people:
        for name, seconds in (("late", 3600.0), ("early", 0.001), ("middle", 10.0)):
            people.create_task(person(name, seconds))
        await clock.run_for(60)
        assert [name for name, _ in woken] == ["early", "middle"]
        await clock.run_for(3600)
    assert woken == [
        ("early", NINE + timedelta(milliseconds=1)),
        ("middle", NINE + timedelta(seconds=10)),
        ("late", NINE + timedelta(hours=1)),
    ]
    assert clock.now() == NINE + timedelta(seconds=3660)


async def test_a_leap_stops_where_something_is_expected_and_tells_who_listens() -> None:
    clock = clock_on_this_loop()
    seen: list[datetime] = []
    clock.on_leap(lambda: seen.append(clock.now()))
    clock.expect(NINE + timedelta(minutes=5))
    await clock.run_for(600)
    assert seen == [NINE + timedelta(minutes=5), NINE + timedelta(minutes=10)]


async def test_a_clock_set_back_wakes_nobody_and_loses_nobody() -> None:
    clock = clock_on_this_loop()
    waiter = asyncio.ensure_future(clock.sleep_until(NINE + timedelta(minutes=1)))
    await clock.run_for(30)
    clock.set(NINE - timedelta(minutes=10))
    await clock.be_still()
    assert not waiter.done()
    await clock.run_until(NINE + timedelta(minutes=1))
    assert waiter.done()


async def test_what_is_not_due_is_far_away_for_a_scheduler_and_what_is_due_is_now() -> None:
    clock = clock_on_this_loop()
    real = SystemClock().now()
    assert clock.wall(NINE) - real < timedelta(minutes=1)
    assert clock.wall(NINE + timedelta(seconds=1)) - real > timedelta(hours=1)


@pytest.mark.parametrize("hops", [1, 40])
async def test_time_does_not_leap_while_a_thread_works(hops: int) -> None:
    clock = clock_on_this_loop()
    finished_at: list[datetime] = []

    async def work() -> None:
        for _ in range(hops):
            await asyncio.to_thread(lambda: sum(range(20_000)))
        finished_at.append(clock.now())

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(work())
        await clock.run_for(60)
    assert finished_at == [NINE]


async def test_time_does_not_leap_over_a_short_real_wait() -> None:
    clock = clock_on_this_loop()
    finished_at: list[datetime] = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.05, lambda: finished_at.append(clock.now()))
    loop.call_later(3600, finished_at.clear).cancel()
    await clock.run_for(60)
    assert finished_at == [NINE]
