"""Whatever comes in between: what was answered is there, and everything else is whole or absent."""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import RehearsalClock
from bot.storage.store import Reader, Store, Transaction
from tests.storage.steps import step


class Refused(Exception):
    """The operation thought better of it."""


@dataclass(frozen=True)
class Turn:
    """A writer: where its operation raises, if it does, and how many steps of the loop until it is cancelled."""

    raises: str | None
    cancelled_after: int | None
    pause: int


TURNS = st.lists(
    st.builds(
        Turn,
        raises=st.sampled_from([None, None, "before", "between", "after", "constraint"]),
        cancelled_after=st.none() | st.integers(0, 12),
        pause=st.integers(0, 3),
    ),
    max_size=25,
)


def make_table(tx: Transaction) -> None:
    tx.connection.execute("CREATE TABLE scratch (writer INTEGER, half TEXT, UNIQUE (writer, half)) STRICT")


def both_halves(writer: int, raises: str | None) -> Callable[[Transaction], int]:
    def insert(tx: Transaction, half: str) -> None:
        tx.connection.execute("INSERT INTO scratch VALUES (?, ?)", (writer, half))

    def operation(tx: Transaction) -> int:
        if raises == "before":
            raise Refused
        insert(tx, "first")
        if raises == "between":
            raise Refused
        insert(tx, "first" if raises == "constraint" else "second")
        if raises == "after":
            raise Refused
        return writer

    return operation


async def play(turns: list[Turn]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = RehearsalClock(datetime(2020, 9, 8, 15, tzinfo=UTC))
        async with Store.open(Path(folder) / "estrado.db", clock) as store:
            await store.write(make_table)
            loop, callers = asyncio.get_running_loop(), []
            for writer, turn in enumerate(turns):
                caller = loop.create_task(store.write(both_halves(writer, turn.raises)))
                callers.append(caller)
                if turn.cancelled_after is not None:
                    cancel_later(caller, turn.cancelled_after)
                await step(turn.pause)
            if callers:
                await asyncio.wait(callers)
            there = await store.read(writers)
        outcomes = {writer: outcome(caller) for writer, caller in enumerate(callers)}

    assert [w for w, o in outcomes.items() if o == "answered" and w not in there] == []
    assert [w for w in there if outcomes[w] not in ("answered", "cancelled") or turns[w].raises] == []
    assert there == sorted(there)
    for writer, turn in enumerate(turns):
        if turn.cancelled_after is None:
            assert outcomes[writer] == ("raised" if turn.raises else "answered")


def cancel_later(caller: asyncio.Task[int], steps: int) -> None:
    if steps == 0:
        caller.cancel()
    else:
        asyncio.get_running_loop().call_soon(cancel_later, caller, steps - 1)


def outcome(caller: asyncio.Task[int]) -> str:
    if caller.cancelled():
        return "cancelled"
    return "raised" if caller.exception() else "answered"


def writers(reader: Reader) -> list[int]:
    rows = reader.connection.execute("SELECT writer, count(*) FROM scratch GROUP BY writer ORDER BY min(rowid)")
    found = [(writer, halves) for writer, halves in rows]
    assert all(halves == 2 for _, halves in found)
    return [writer for writer, _ in found]


@pytest.mark.trial("F3")
@settings(max_examples=60, deadline=None)
@given(TURNS)
def test_what_was_answered_is_there_and_the_rest_is_whole_or_absent(turns: list[Turn]) -> None:
    asyncio.run(play(turns))
