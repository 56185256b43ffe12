"""Work in a process of its own, so that the event loop, and everybody who waits for it, goes on.

Drawing and typesetting take a second or two and hold the interpreter meanwhile; a thread would not help.
"""

import asyncio
import contextlib
import logging
import os
import pickle
import sys
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

from bot.idle import IdleLoop

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Nothing that is made here takes nearly as long.
_LIMIT_SECONDS = 120

#: What the work has no use for, and no business to know.
_SECRET = ("DISCORD_TOKEN", "DISCORD_TOKEN_FILE")


class NotMade(Exception):
    """The process ended without a result; what it complained of is in the log."""


async def apart(work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """What `work`, a function of a module, returns or raises when called in another process.

    Whoever stops waiting stops the process too. Raises NotMade where it ends, or is ended, without a result.
    """
    loop = asyncio.get_running_loop()
    with loop.doors.open() if isinstance(loop, IdleLoop) else contextlib.nullcontext():
        # In a thread: what is handed over may be ten thousand people.
        asked = await asyncio.to_thread(pickle.dumps, (work, arguments, named))
        answer = await _answered(asked)
        done, result = await asyncio.to_thread(pickle.loads, answer)
    if not done:
        raise result
    return cast(T, result)


async def _answered(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot.reports.apart"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=_environment(),
        # Ctrl+C at the terminal is for the bot to heed, which then stops this.
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            answer, complaint = await process.communicate(asked)
    except TimeoutError:
        log.error("apart.timeout seconds=%d", _LIMIT_SECONDS)
        raise NotMade from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode or not answer:
        log.error("apart.failed code=%s complaint=%s", process.returncode, complaint.decode(errors="replace")[-2000:])
        raise NotMade
    return answer


def _environment() -> dict[str, str]:
    """This process's, by which the other one finds the same modules."""
    here = str(Path(__file__).parents[2])
    paths = [here, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    kept = {name: value for name, value in os.environ.items() if name not in _SECRET}
    return {**kept, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}


def _main() -> None:
    """The other process: one piece of work from stdin, its result to stdout."""
    # People who wait for an answer come first.
    os.nice(5)
    out = os.fdopen(os.dup(1), "wb")
    # Whatever is printed on the way must not come between the result's bytes.
    os.dup2(2, 1)
    try:
        work, arguments, named = pickle.load(sys.stdin.buffer)
        result = (True, work(*arguments, **named))
        answer = pickle.dumps(result)
    except Exception as error:  # noqa: BLE001 -- it is raised where it was asked for
        answer = pickle.dumps((False, error))
    with out:
        out.write(answer)


if __name__ == "__main__":
    _main()
