"""The points at which a bot's work can be cut off: where its tasks wait, where they go on, and its commits.

A point has a name, the same in each run: its kind, the innermost line of the bot's own code that waits there (what the
database and the clock do below it is left out), and where the task's own code begins.
"""

import asyncio
import gc
import itertools
from collections.abc import Callable, Coroutine, Generator, Iterable, Iterator
from functools import partial
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any

ROOT = Path(__file__).parents[2]

#: A task begins to wait; a task has what it waited for; before and after a commit, and before each other statement.
AWAIT, RESUME, COMMIT, COMMITTED, STATEMENT = "await", "resume", "commit", "committed", "statement"

#: What only a rehearsal has: dying there says nothing of the bot.
_NOT_THE_BOT = ("bot/loopback/", "bot/rehearsal/", "bot/idle.py", "bot/clock.py", "bot/followed_clock.py")

#: Many wait here for as many reasons; the line that called it says which.
_BELOW = ("bot/storage/", "bot/schedule.py")

#: How many operations may be wrapped in one another.
_DEPTH = 3

_ROOT_PREFIX = f"{ROOT}/"

#: Told of each point; what it returns is whether the task is to be cut off there, for those that can be.
Tap = Callable[[str], bool]


def place(code: CodeType, line: int) -> str:
    """A line as "cogs/apoyos.py:54", or "" where it is none of the bot's."""
    if not code.co_filename.startswith(_ROOT_PREFIX):
        return ""
    name = code.co_filename.removeprefix(_ROOT_PREFIX)
    ours = name.startswith(("bot/", "cogs/")) and not name.startswith(_NOT_THE_BOT)
    return f"{name}:{line}" if ours else ""


def waiting_at(coroutine: object) -> str:
    """Where a suspended coroutine waits and where it comes from, or "" where no code of the bot's does."""
    lines = [(frame.f_code.co_qualname, where) for frame in _frames(coroutine) if (where := _place_of(frame))]
    if not lines:
        return ""
    upper = [line for line in lines if not line[1].startswith(_BELOW)] or lines
    return f"{upper[-1][1]} < {upper[0][0]}"


def of_operations(operations: Iterable[Callable[..., object]]) -> tuple[str, ...]:
    """Where what is committed together is written; many of one place count once."""
    found = dict.fromkeys(itertools.chain.from_iterable(map(_written_at, operations)))
    return tuple(found) or ("elsewhere",)


def _written_at(operation: object, depth: int = 0) -> Iterator[str]:
    """The operation's own place, and those of the operations that it performs in its turn."""
    if isinstance(operation, partial):
        operation = operation.func
    if not isinstance(operation, FunctionType) or depth > _DEPTH:
        return
    if where := place(operation.__code__, operation.__code__.co_firstlineno):
        yield where
    for cell in operation.__closure__ or ():
        held = cell.cell_contents
        for inner in held if isinstance(held, tuple) else (held,):
            yield from _written_at(inner, depth + 1)


def _place_of(frame: FrameType) -> str:
    return place(frame.f_code, frame.f_lineno)


def _frames(suspended: object) -> Iterator[FrameType]:
    """Those of a coroutine and all that it waits for, the outermost first."""
    current: object | None = suspended
    while current is not None:
        for prefix, awaited in (("cr", "cr_await"), ("gi", "gi_yieldfrom"), ("ag", "ag_await")):
            if hasattr(current, awaited):
                frame = getattr(current, f"{prefix}_frame")
                if frame is not None:
                    yield frame
                current = getattr(current, awaited)
                break
        else:
            # What Python wraps around a coroutine, or a step of an asynchronous generator, knows it, and tells nobody.
            known = () if isinstance(current, asyncio.Future) else gc.get_referents(current)
            current = next((each for each in known if hasattr(each, "cr_await") or hasattr(each, "ag_await")), None)


class Tapped(Coroutine[Any, Any, Any]):
    """Drives a task's coroutine, and tells of each point on its way."""

    def __init__(self, inner: Coroutine[Any, Any, Any], tap: Tap) -> None:
        self._inner = inner
        self._tap = tap
        self._at = ""

    def send(self, value: Any) -> Any:
        if self._at and self._tap(f"{RESUME} {self._at}"):
            return self.throw(asyncio.CancelledError())
        return self._noted(self._inner.send(value))

    def throw(self, *error: Any) -> Any:
        return self._noted(self._inner.throw(*error))

    def _noted(self, awaited: Any) -> Any:
        self._at = waiting_at(self._inner)
        if self._at and self._tap(f"{AWAIT} {self._at}"):
            task = asyncio.current_task()
            assert task is not None
            task.cancel()
        return awaited

    def close(self) -> None:
        self._inner.close()

    def __await__(self) -> Generator[Any, Any, Any]:
        return self._inner.__await__()

    def __getattr__(self, name: str) -> Any:
        # A task's description looks at the coroutine.
        return getattr(self._inner, name)


def tap_tasks(loop: asyncio.AbstractEventLoop, tap: Tap) -> None:
    """Tell `tap` of each point of the tasks that are made from now on."""

    def make(loop: asyncio.AbstractEventLoop, coroutine: Coroutine[Any, Any, Any], **how: Any) -> "asyncio.Task[Any]":
        return asyncio.Task(Tapped(coroutine, tap), loop=loop, **how)

    loop.set_task_factory(make)
