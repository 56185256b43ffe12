"""`python -m tests.killing.child DEATH run …`: `estrado run …`, which kills itself at the point that DEATH names.

DEATH is a bot's death as JSON (tests/killing/deaths.py).
"""

import itertools
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Set
from pathlib import Path
from typing import Any

import bot.storage.store as store_module
from bot.cli import main
from bot.idle import IdleLoop
from bot.storage.connection import COMMIT as COMMIT_STATEMENT
from bot.storage.connection import WritingConnection, connect_writer
from bot.storage.door import Call, Door

from .deaths import ANYWHERE, Death
from .points import COMMIT, COMMITTED, STATEMENT, of_operations, tap_tasks


class Reaper:
    """Counts points in all threads, and ends the process without warning at the chosen one."""

    def __init__(self, death: Death) -> None:
        self._death = death
        self._count = itertools.count(1)
        self._armed = None if death.armed is None else Path(death.armed)
        self._read = 0
        self._points: Set[str] = frozenset()
        self._trace = None if death.trace is None else os.open(death.trace, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._lock = threading.Lock()

    def tap(self, point: str) -> bool:
        with self._lock:
            if self._trace is not None:
                os.write(self._trace, f"{point}\n".encode())
            if self._is_due(point):
                Path(self._death.obituary).write_text(point, "utf-8")
                os.kill(os.getpid(), signal.SIGKILL)
        return False

    def _is_due(self, point: str) -> bool:
        if self._armed is None:
            return False
        points = self._armed_now(self._armed)
        return (point in points or ANYWHERE in points) and next(self._count) == self._death.after

    def _armed_now(self, file: Path) -> Set[str]:
        changed = file.stat().st_ino
        if changed != self._read:
            self._read = changed
            self._points = frozenset(file.read_text("utf-8").splitlines())
        return self._points


def install(reaper: Reaper) -> None:
    """Have everything that the bot does be counted."""
    loop_made = IdleLoop.__init__
    controlled = WritingConnection.control
    transacted = Door._transact
    here = threading.local()

    def made(self: IdleLoop) -> None:
        loop_made(self)
        tap_tasks(self, reaper.tap)

    def control(self: WritingConnection, statement: str) -> None:
        if statement != COMMIT_STATEMENT:
            controlled(self, statement)
            return
        # Where nothing has gone through the door yet, the database is made.
        places = getattr(here, "places", ("migration",))
        for where in places:
            reaper.tap(f"{COMMIT} {where}")
        controlled(self, statement)
        for where in places:
            reaper.tap(f"{COMMITTED} {where}")

    def transact(self: Door, opened: sqlite3.Connection, calls: list[Call]) -> Any:
        here.places = of_operations(call.operation for call in calls)
        return transacted(self, opened, calls)

    def connect(path: Path) -> WritingConnection:
        connection = connect_writer(path)
        connection.set_trace_callback(lambda _statement: reaper.tap(STATEMENT) and None)
        return connection

    for owner, name, replaced in (
        (IdleLoop, "__init__", made),
        (WritingConnection, "control", control),
        (Door, "_transact", transact),
        (store_module, "connect_writer", connect),
    ):
        setattr(owner, name, replaced)


if __name__ == "__main__":
    install(Reaper(Death.from_json(sys.argv[1])))
    main(args=sys.argv[2:], prog_name="estrado")
