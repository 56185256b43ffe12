"""The loop's own steps, which take no time."""

import asyncio


async def step(times: int = 1) -> None:
    """Let everything that is ready run, so many times over."""
    for _ in range(times):
        turn = asyncio.get_running_loop().create_future()
        asyncio.get_running_loop().call_soon(turn.set_result, None)
        await turn
