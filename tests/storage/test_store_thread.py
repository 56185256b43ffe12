"""What the store takes for granted of aiosqlite, which is pinned: a function of ours runs on its thread."""

import asyncio
import sqlite3
import threading
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.storage.connection import ThreadConnection


async def test_functions_run_whole_and_in_order_on_one_thread_that_ends_with_the_connection(tmp_path: Path) -> None:
    assert version("aiosqlite") == "0.22.1"
    ran: list[tuple[int, threading.Thread]] = []

    def note(number: int, connection: sqlite3.Connection) -> int:
        ran.append((number, threading.current_thread()))
        return connection.execute("SELECT ?", (number,)).fetchone()[0]

    async with ThreadConnection(lambda: sqlite3.connect(tmp_path / "any.db")) as connection:
        answers = await asyncio.gather(
            *(connection.run(lambda opened, number=number: note(number, opened)) for number in range(20))
        )

    (thread,) = {thread for _, thread in ran}
    assert answers == [number for number, _ in ran] == list(range(20))
    assert thread is not threading.current_thread()
    assert thread.daemon
    thread.join(timeout=10)
    assert not thread.is_alive()


async def test_a_function_whose_caller_has_gone_runs_to_its_end(tmp_path: Path) -> None:
    may_end, ended = threading.Event(), threading.Event()

    def slow(connection: sqlite3.Connection) -> None:
        may_end.wait(timeout=10)
        ended.set()

    async with ThreadConnection(lambda: sqlite3.connect(tmp_path / "any.db")) as connection:
        caller = asyncio.create_task(connection.run(slow))
        behind = asyncio.create_task(connection.run(lambda _: ended.is_set()))
        await asyncio.wait([caller], timeout=0)
        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller
        may_end.set()
        assert await behind


async def test_a_connection_that_cannot_be_opened_leaves_no_thread(tmp_path: Path) -> None:
    before = threading.active_count()

    with pytest.raises(sqlite3.OperationalError):
        async with ThreadConnection(lambda: sqlite3.connect(tmp_path / "no folder" / "any.db")):
            pass

    for thread in threading.enumerate():
        if thread is not threading.main_thread() and "connection_worker" in thread.name:
            thread.join(timeout=10)
    assert threading.active_count() <= before
