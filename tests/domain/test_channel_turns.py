import asyncio

import pytest

from bot.channel_turns import ChannelTurns
from bot.ids import ChannelId

HERE, THERE = ChannelId(1), ChannelId(2)


async def test_one_at_a_time_in_a_channel_in_the_order_of_asking_and_others_do_not_wait() -> None:
    turns, log = ChannelTurns(), []
    leave = [asyncio.Event() for _ in range(3)]

    async def post(number: int, channel: ChannelId) -> None:
        async with turns.at(channel):
            log.append(f"{number} in")
            await leave[number].wait()
        log.append(f"{number} out")

    async with asyncio.TaskGroup() as tasks:
        first, second = (tasks.create_task(post(number, HERE)) for number in (0, 1))
        other = tasks.create_task(post(2, THERE))
        leave[2].set()
        leave[1].set()
        await other
        assert log == ["0 in", "2 in", "2 out"]
        leave[0].set()
        await first
        await second
    assert log[3:] == ["0 out", "1 in", "1 out"]


async def test_a_turn_ends_however_its_block_does() -> None:
    turns = ChannelTurns()
    with pytest.raises(ValueError, match="no"):
        async with turns.at(HERE):
            raise ValueError("no")
    async with turns.at(HERE):
        waiting = asyncio.create_task(turns.at(HERE).__aenter__())
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    async with asyncio.timeout(5), turns.at(HERE):
        pass
