"""Tasks that keep something before people's eyes: what fails in them is logged and never ends them."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable
from typing import Any

from bot.errors import NotSaved
from bot.sending import NotPosted

log = logging.getLogger(__name__)


async def guarded(work: Coroutine[Any, Any, None], what: str) -> bool:
    """Whether the work was done. What went wrong is logged: a channel that fails must not end the loop."""
    try:
        await work
    except NotPosted as trouble:
        log.warning("%s.not_posted channel=%d reason=%s", what, trouble.channel_id, trouble.reason)
    except NotSaved as trouble:
        log.warning("%s.not_saved reason=%s", what, trouble.reason)
    except Exception:
        log.exception("%s.failed", what)
    else:
        return True
    return False


async def ended(tasks: Iterable[asyncio.Task[None]]) -> None:
    """Cancel the tasks and return once they are over."""
    tasks = tuple(tasks)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
