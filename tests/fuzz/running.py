"""A bot in the middle of a session, for an example of its own."""

import asyncio
import re
import tempfile
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.idle import IdleLoop
from tests.cogs.conftest import RunningEvent
from tests.factories import workshop

#: What must stand in no text that a person sees.
INTERNAL = re.compile(r"Traceback|\b\w*(?:Error|Exception)\b|NoneType|<class|object at 0x")


def in_a_running_event(body: Callable[[RunningEvent], Coroutine[Any, Any, None]]) -> None:
    """Run `body` in the middle of the first session's questions."""

    async def whole() -> None:
        with tempfile.TemporaryDirectory() as folder:
            config = workshop(Path(folder))
            session = config.agenda.sessions[0]
            assert session.qa is not None
            event = RunningEvent(config, session.qa.starts_at + timedelta(minutes=1))
            async with event.loopback:
                event.loop.fences.append(event.loopback.settled)
                await event.start()
                try:
                    await body(event)
                finally:
                    event.loop.fences.clear()
                    await event.stop()
            if event.contract is not None:
                assert event.contract.violations == []

    with asyncio.Runner(loop_factory=IdleLoop) as runner:
        runner.run(whole())
