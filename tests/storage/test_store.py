"""What a caller may rely on when it writes and reads."""

import asyncio
import functools
import logging
import sqlite3
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.errors import NotSaved, NotSavedReason, Refusal
from bot.idle import Doors
from bot.storage.store import Reader, Store, Transaction
from tests.storage.steps import step


@pytest.fixture
async def notes(store: Store) -> Store:
    """The store, with a table of its own to write to."""
    await store.write(make_table)
    return store


def make_table(tx: Transaction) -> None:
    tx.connection.execute("CREATE TABLE scratch (text TEXT PRIMARY KEY CHECK (text != '')) STRICT")


def note(text: str) -> Callable[[Transaction], str]:
    def operation(tx: Transaction) -> str:
        tx.connection.execute("INSERT INTO scratch (text) VALUES (?)", (text,))
        return text.upper()

    return operation


def all_notes(reader: Reader) -> list[str]:
    return [row["text"] for row in reader.connection.execute("SELECT text FROM scratch ORDER BY rowid")]


class Full(Refusal):
    pass


async def test_write_answers_with_what_the_operation_returns_and_read_sees_it(notes: Store) -> None:
    assert await notes.write(note("uno")) == "UNO"
    assert await notes.read(all_notes) == ["uno"]


async def test_what_was_answered_is_seen_from_outside(notes: Store, database: Path) -> None:
    await notes.write(note("uno"))

    with sqlite3.connect(database) as other:
        assert other.execute("SELECT text FROM scratch").fetchall() == [("uno",)]
    other.close()


async def test_an_operation_that_raises_is_undone_alone(notes: Store) -> None:
    def refuse(tx: Transaction) -> None:
        note("a medias")(tx)
        raise Full

    answers = await asyncio.gather(
        notes.write(note("uno")),
        notes.write(refuse),
        notes.write(note("uno")),
        notes.write(note("dos")),
        return_exceptions=True,
    )

    assert [type(answer) for answer in answers] == [str, Full, sqlite3.IntegrityError, str]
    assert await notes.read(all_notes) == ["uno", "dos"]


async def test_operations_run_in_the_order_in_which_write_was_called(notes: Store) -> None:
    first, second, third = (notes.write(note(text)) for text in ("uno", "dos", "tres"))

    await asyncio.gather(third, first, second)

    assert await notes.read(all_notes) == ["uno", "dos", "tres"]


async def test_now_is_the_instant_of_the_call(notes: Store, clock: RehearsalClock) -> None:
    called_at = clock.now()
    answer = notes.write(lambda tx: tx.now)
    clock.set(called_at + timedelta(minutes=3))

    assert await answer == called_at
    assert await notes.read(lambda reader: reader.now) == called_at + timedelta(minutes=3)


async def test_a_read_sees_one_state(notes: Store) -> None:
    await notes.write(note("uno"))

    def twice(reader: Reader) -> tuple[list[str], list[str]]:
        before = all_notes(reader)
        # Committed while the query runs, from the loop's thread, through the other connection.
        asyncio.run_coroutine_threadsafe(notes.write(note("dos")), loop).result(timeout=10)
        return before, all_notes(reader)

    loop = asyncio.get_running_loop()
    assert await notes.read(twice) == (["uno"], ["uno"])
    assert await notes.read(all_notes) == ["uno", "dos"]


async def test_a_read_can_change_nothing(notes: Store) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await notes.read(note("uno"))  # type: ignore[arg-type]

    assert await notes.read(all_notes) == []


@pytest.mark.parametrize("ending", ["COMMIT", "COMMIT TRANSACTION;", "ROLLBACK", "BEGIN", "END"])
async def test_an_operation_cannot_end_the_transaction_it_shares(notes: Store, ending: str) -> None:
    def stray(tx: Transaction) -> None:
        note("a medias")(tx)
        tx.connection.execute(ending)

    def script(tx: Transaction) -> None:
        note("a medias")(tx)
        tx.connection.executescript("SELECT 1;")

    answers = await asyncio.gather(
        notes.write(note("uno")), notes.write(stray), notes.write(script), return_exceptions=True
    )

    assert [type(answer) for answer in answers] == [str, sqlite3.DatabaseError, sqlite3.DatabaseError]
    assert await notes.read(all_notes) == ["uno"]


async def test_savepoints_of_an_operation_are_its_own(notes: Store) -> None:
    def careful(tx: Transaction) -> None:
        note("uno")(tx)
        tx.connection.execute("SAVEPOINT mine")
        note("dos")(tx)
        tx.connection.execute("ROLLBACK TO mine")
        tx.connection.execute("RELEASE mine")

    await notes.write(careful)

    assert await notes.read(all_notes) == ["uno"]


async def test_what_would_run_later_is_refused(notes: Store) -> None:
    def lazy(tx: Transaction) -> Iterator[int]:
        note("a medias")(tx)
        yield 1

    async def waiting(tx: Transaction) -> None:
        note("a medias")(tx)

    for operation in (lazy, waiting, lambda _: (character for character in "abc")):
        with pytest.raises(TypeError):
            await notes.write(operation)
        with pytest.raises(TypeError):
            await notes.read(operation)  # type: ignore[arg-type]

    assert await notes.read(all_notes) == []


async def test_an_exhausted_iterator_reaches_the_caller_and_the_writer_goes_on(notes: Store) -> None:
    for ask in (notes.write, notes.read):
        with pytest.raises(RuntimeError):
            await ask(lambda _: next(iter(())))

    assert await notes.write(note("uno")) == "UNO"


async def test_a_refusal_raised_in_the_middle_of_a_query_lets_its_cursor_go(notes: Store) -> None:
    await asyncio.gather(notes.write(note("uno")), notes.write(note("dos")))

    def in_the_middle(reader: Reader) -> None:
        rows = (row for row in reader.connection.execute("SELECT text FROM scratch"))
        for _ in rows:
            raise Full

    # A cursor that is let go on the wrong thread is a warning, and warnings are errors here.
    for ask in (notes.read, notes.write):
        with pytest.raises(Full):
            await ask(in_the_middle)  # type: ignore[arg-type]

    assert await notes.scrub()


async def test_doors_are_open_while_anything_is_under_way(database: Path, clock: RehearsalClock) -> None:
    doors = Doors()
    async with Store.open(database, clock, doors=doors) as store:
        assert (doors.shut, store.pending, store.busy) == (True, 0, False)

        written = store.write(make_table)
        assert (doors.shut, store.pending, store.busy) == (False, 1, True)
        await written
        assert (doors.shut, store.pending, store.busy) == (True, 0, False)

        read = asyncio.create_task(store.read(all_notes))
        await step()
        assert (doors.shut, store.pending) == (False, 1)
        await read

        gone = asyncio.create_task(store.write(note("uno")))
        await step()
        gone.cancel()
        with pytest.raises(sqlite3.IntegrityError):
            await store.write(note(""))
        assert (doors.shut, store.pending) == (True, 0)
    assert doors.shut


async def test_closing_answers_everybody_and_then_refuses(database: Path, clock: RehearsalClock) -> None:
    async with Store.open(database, clock) as store:
        await store.write(make_table)
        answers = [asyncio.ensure_future(store.write(note(str(n)))) for n in range(50)]

    assert await asyncio.gather(*answers) == [str(n) for n in range(50)]
    for ask in (store.write, store.read):
        with pytest.raises(NotSaved) as refused:
            await ask(lambda _: None)
        assert refused.value.reason is NotSavedReason.CLOSED


async def test_people_s_words_are_in_no_log(notes: Store, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)

    def say(text: str, tx: Transaction) -> str:
        tx.connection.execute("INSERT INTO scratch (text) VALUES (?)", (text,))
        return text

    def fail(text: str, reader: Reader) -> None:
        raise ValueError(text)

    await notes.write(functools.partial(say, "¿Habrá vídeo?"))
    with pytest.raises(ValueError, match="vídeo"):
        await notes.read(functools.partial(fail, "¿Habrá vídeo?"))
    with pytest.raises(ValueError, match="vídeo"):
        await notes.write(functools.partial(fail, "¿Habrá vídeo?"))  # type: ignore[arg-type]

    assert "vídeo" not in caplog.text


async def test_scrubbing_leaves_nothing_of_what_was_erased(notes: Store, database: Path) -> None:
    words = ["Propuesta de Ana Prueba " * 300, *(f"Propuesta de Ana Prueba {n}" for n in range(200))]
    await asyncio.gather(*(notes.write(note(text)) for text in words))
    files = [database, database.with_name(database.name + "-wal")]
    assert any(b"Ana Prueba" in file.read_bytes() for file in files)

    await notes.write(lambda tx: tx.connection.execute("DELETE FROM scratch").rowcount)
    assert await notes.scrub()

    assert not any(b"Ana Prueba" in file.read_bytes() for file in files)


async def test_what_goes_ahead_waits_for_nothing_that_came_before_it(store: Store) -> None:
    done: list[int] = []
    before = [asyncio.ensure_future(store.write(lambda _, n=n: done.append(n))) for n in range(1000)]
    hours = [asyncio.ensure_future(store.write(lambda _, n=n: done.append(n), ahead=True)) for n in (-2, -1)]
    await asyncio.gather(*hours)
    assert done[:2] == [-2, -1]
    # Nor for all that were there with it to be written.
    assert len(done) < 1000
    await asyncio.gather(*before)
    assert done[2:] == list(range(1000))
