"""How a process that was asked to stop does so: in good order, within ten seconds, at once when asked twice."""

import asyncio
import contextlib
import os
import select
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from typing import Self

from bot.languages import Language
from bot.phrases import operator

#: A supervisor's patience is ten seconds; what is left of it is for the interpreter.
PATIENCE_SECONDS = 9.0


@dataclass(frozen=True, slots=True)
class Words:
    """What the operator is told, as bytes: in a signal handler nothing else can be written safely."""

    stopping: bytes
    forced: bytes
    too_slow: bytes

    @classmethod
    def in_language(cls, language: Language, line: Callable[[str], str] = str) -> Self:
        """The operator's own; `line` makes a line of a sentence."""
        said = (
            operator.stopping(language),
            operator.forced(language),
            operator.too_slow(round(PATIENCE_SECONDS), language),
        )
        return cls(*(f"{line(sentence)}\n".encode() for sentence in said))


class Stopping:
    """Told by SIGINT and SIGTERM to stop, from its making until the end of the process, whose last work it is.

    Ending by force loses nothing: whatever was said to be saved is on the disk.
    """

    def __init__(self, words: Words, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._words = words
        self._patience_seconds = patience_seconds
        self._asked = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._event: asyncio.Event | None = None
        #: Whether what closes is being closed.
        self.begun = False
        self._read, self._write = os.pipe()
        threading.Thread(target=self._watch, name="deadline", daemon=True).start()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)

    async def asked(self) -> None:
        """Return once the process was asked to stop, at once if it was before this was called."""
        self._event = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        if not self._asked:
            await self._event.wait()

    def begin(self) -> None:
        """From now on the process has its patience to end, whatever hangs, a thread that its end waits for included."""
        self.begun = True
        os.write(self._write, b"!")

    def _on_signal(self, number: int, _frame: FrameType | None) -> None:
        # Not through the loop: this runs between any two steps of the interpreter, also while the loop is kept busy.
        if not self._asked:
            self._asked = True
            os.write(2, self._words.stopping)
            os.write(self._write, b"!")
            if self._loop is not None and self._event is not None:
                with contextlib.suppress(RuntimeError):
                    self._loop.call_soon_threadsafe(self._event.set)
        elif number == signal.SIGINT:
            self._end_by_force(self._words.forced)

    def _watch(self) -> None:
        # A thread that is there beforehand: a signal handler can start none without the risk of a deadlock.
        os.read(self._read, 1)
        select.select([], [], [], self._patience_seconds)
        self._end_by_force(self._words.too_slow)

    def _end_by_force(self, words: bytes) -> None:
        os.write(2, words)
        # Not sys.exit: a thread that hangs would be waited for.
        os._exit(1)
