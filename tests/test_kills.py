"""The bot in a process of its own, killed without warning in the middle of an event and started again."""

import asyncio
import random
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.config import Config
from bot.rehearsal.audit import audit
from bot.rehearsal.cast import cast
from bot.rehearsal.performance import Performance
from bot.rehearsal.recount import Span
from bot.rehearsal.result import Result
from bot.rehearsal.script import script
from bot.services import open_services
from tests.killing.bot import KilledBot

#: What a bot's last sight may lag behind when it is killed, by the register's own rhythm.
SIGHT_EVERY = timedelta(seconds=10)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("clock_runs_on", [False, True], ids=["clock-waits", "clock-runs-on"])
@pytest.mark.trial("Q3")
@pytest.mark.trial("A7")
@pytest.mark.trial("F7")
async def test_ten_kills_lose_and_double_nothing(tmp_path: Path, clock_runs_on: bool) -> None:
    started = time.monotonic()
    chance = random.Random(20200908)
    bot = KilledBot(tmp_path)
    event = bot.config.agenda
    actors = cast(bot.config, 14, chance)
    places = bot.config.discord
    performance = Performance(bot.hall, actors, str(places.questions), str(places.moderators))
    deeds = script(event, actors, chance)
    kills = sorted(chance.sample(range(10, len(deeds) - 5), 10))
    downtimes: list[tuple[datetime, datetime]] = []
    try:
        async with bot.hall.loopback:
            bot.loop.fences.extend((bot.hall.loopback.settled, bot.following.fence))
            await bot.start()
            for number, deed in enumerate(deeds):
                await bot.clock.run_until(deed.at)
                if number in kills:
                    # Every second time while the person still waits for the answer.
                    acting = asyncio.ensure_future(performance.perform(deed)) if number % 2 else None
                    await bot.hall.loopback.flushed()
                    died_at = bot.clock.now()
                    await bot.kill()
                    if acting is not None:
                        await acting
                    if clock_runs_on:
                        bot.clock.set(died_at + timedelta(milliseconds=chance.randint(20_000, 400_000)))
                    downtimes.append((died_at, bot.clock.now()))
                    await bot.start()
                    if acting is not None:
                        continue
                await performance.perform(deed)
            # It stays for those who come for their certificates.
            served = timedelta(days=bot.config.certificates.available_days)
            await bot.clock.run_until(event.sessions[-1].ends_at + served + timedelta(minutes=30))
            assert await bot.end() == 0
            bot.loop.fences.clear()
            async with open_services(bot.config, bot.clock) as services:
                now, heard = bot.clock.now(), performance.heard
                unknown = [
                    (span.start, span.end)
                    for session in event.sessions
                    for span in (await services.register.day(session.key)).unknown
                ]
                unseen = [Span(*span) for span in unknown]
                result = await audit(bot.config, event, services, bot.hall, heard, None, now, started, unseen)
    finally:
        bot.loop.fences.clear()
        await bot.close()
    assert_whole(result, clock_runs_on=clock_runs_on)
    assert_shown_as_unknown(bot.config, downtimes, unknown)


def assert_whole(result: Result, *, clock_runs_on: bool) -> None:
    """Nothing lost, doubled or counted wrongly; only a clock that ran on may have made something too late."""
    assert result.cues.missed == 0
    assert result.cues.doubled == 0
    assert result.cues.by_kind["opening"] == 4
    assert result.cues.by_kind["summary"] == 4
    assert result.questions.acknowledged > 0
    assert result.questions.lost == 0
    assert result.recount.compared > 100
    assert result.recount.differences == 0
    if not clock_runs_on:
        assert result.cues.skipped == 0
    if result.contract is not None:
        assert result.contract.violations == 0


def assert_shown_as_unknown(
    config: Config, downtimes: list[tuple[datetime, datetime]], unknown: list[tuple[int, int]]
) -> None:
    """Each time down that falls into a session is within an unknown span, and no span is longer than it must be."""
    for died_at, came_back in downtimes:
        for session in config.agenda.sessions:
            down_from, down_to = max(died_at, session.starts_at), min(came_back, session.ends_at)
            if down_from >= down_to:
                continue
            first, last = down_from.timestamp() * 1000, down_to.timestamp() * 1000
            holding = [(start, end) for start, end in unknown if start <= first and last <= end + 1]
            assert holding, f"down from {down_from} to {down_to}, and not shown as unknown in {unknown}"
            start, _end = holding[0]
            # Of a death before the session, in the minutes in which presence is measured already.
            assert died_at.timestamp() * 1000 - start <= SIGHT_EVERY.total_seconds() * 1000 + 1
