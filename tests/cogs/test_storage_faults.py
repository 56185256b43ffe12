"""The database takes nothing in the middle of a session: whoever asks is told so, organizers are told once, and what is
to be announced is announced in time."""

import asyncio
import contextlib
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.notices import Outcome
from tests.factories import workshop

from .test_announcements import TUESDAY, marks
from .test_lasting_troubles import DAY, Machine, run_to, told, until

TEXT = "¿Cómo se ayuda a quien no habla la lengua del lugar al que llega?"
TROUBLE, RECOVERED = "La base de datos no guarda", "La base de datos vuelve a guardar"
LATE, SKIPPED = "salió con", "no se publicó"


def copy(file: Path, place: Path) -> None:
    """As an operator does it: in this process, SQLite's locks would fall with it."""
    subprocess.run(["cp", file, place], check=True)


class Fault:
    """Something that keeps the database from being written, until it ends."""

    #: What organizers are told of it.
    why = ""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.database: Path = event.config.storage.database

    async def begin(self) -> None:
        raise NotImplementedError

    async def end(self) -> None:
        raise NotImplementedError


class Moved(Fault):
    """The file is taken away, and an older one is put in its place."""

    why = "fue movido o reemplazado"

    async def begin(self) -> None:
        older, away = self.database.with_name("older"), self.database.with_name("away")
        copy(self.database, older)
        self.away = self.database.rename(away)
        copy(older, self.database)

    async def end(self) -> None:
        self.away.replace(self.database)


class ReadOnly(Fault):
    """SQLite takes the database for one that may only be read. (What the mode of a file forbids, an open file may.)"""

    why = "es de solo lectura"

    async def begin(self) -> None:
        await self._set("ON")

    async def end(self) -> None:
        await self._set("OFF")

    async def _set(self, value: str) -> None:
        await self.event.services.store._writer.run(lambda c: c.execute(f"PRAGMA query_only = {value}"))


class FullDisk(Fault):
    """The file system has no more room, on a small one that is the database's own."""

    why = "el disco está lleno"

    async def begin(self) -> None:
        self.ballast = self.database.with_name("ballast")
        descriptor = os.open(self.ballast, os.O_WRONLY | os.O_CREAT)
        with contextlib.suppress(OSError):
            while True:
                os.write(descriptor, bytes(4096))
        os.close(descriptor)
        assert os.statvfs(self.ballast).f_bavail == 0

    async def end(self) -> None:
        self.ballast.unlink()


class PageLimit(Fault):
    """The database may not grow; what fits into pages that it has is still taken, now and then."""

    why = "el disco está lleno"

    async def begin(self) -> None:
        await self.event.services.store.write(lambda tx: tx.connection.execute("PRAGMA max_page_count = 1").fetchone())

    async def end(self) -> None:
        await self.event.services.store.write(
            lambda tx: tx.connection.execute("PRAGMA max_page_count = 1000000").fetchone()
        )


@pytest.fixture
def disk(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """Where the database lies: on a small file system of its own where that is what is tried."""
    if getattr(request, "param", None) is not FullDisk:
        yield tmp_path
        return
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False, capture_output=True
    )
    if mounted.returncode != 0:
        pytest.skip("no file system may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@pytest.fixture
def config(disk: Path) -> Config:
    return workshop(disk)


@pytest.mark.trial("F5")
@pytest.mark.parametrize(
    ("disk", "kind"),
    [(kind, kind) for kind in (Moved, ReadOnly, FullDisk)],
    indirect=["disk"],
    ids=["moved", "read-only", "full"],
)
async def test_who_asks_is_told_organizers_know_once_announcements_go_on_and_it_recovers(
    event: Any, kind: type[Fault]
) -> None:
    ana, eve, olga = event.person("Ana Prueba"), event.person("Eve Example", locale="en-GB"), event.organizer()
    mora, fault = event.moderator(), kind(event)
    await run_to(event, "09:05")
    assert "número 1" in (await ana.slash("pregunta", texto="¿Se oye?")).text
    await run_to(event, "09:20")

    await fault.begin()
    await refused(ana, "NO se guardó")
    await refused(eve, "NOT saved")
    await run_to(event, "09:31")
    await refused(ana, "NO se guardó")
    await mora.click(mora.sees_in("moderacion")[-1], "Aprobar / Approve")
    await event.settle()
    assert "NO se guardó" in mora.private()[-1].text
    await run_to(event, "10:20")
    # What is only looked at can be.
    assert "recibidas 1 · en revisión 1" in (await mora.slash("cola")).text
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:4]
    assert len(told(olga, TROUBLE)) == 1
    assert fault.why in told(olga, TROUBLE)[0]

    await fault.end()
    await run_to(event, "10:25")
    assert len(told(olga, RECOVERED)) == 1
    assert "número 2" in (await ana.slash("pregunta", texto=TEXT)).text
    await run_to(event, "11:05")
    assert marks(ana.sees_in("anuncios")) == TUESDAY
    ledger = await event.services.notices.ledger()
    assert {(e.outcome, e.late_seconds) for e in ledger} == {(Outcome.SENT, 0.0)}
    assert [len(told(olga, words)) for words in (TROUBLE, RECOVERED, LATE, SKIPPED)] == [1, 1, 0, 0]
    assert (await event.services.queue.figures(DAY)).received == 2


async def refused(person: Any, words: str) -> None:
    """Somebody asks, and hears that it was not saved, with what they wrote."""
    before = len(person.private())
    await person.slash("pregunta", texto=TEXT)
    answer = "\n".join(message.text for message in person.private()[before:])
    assert words in answer
    assert TEXT in answer


@pytest.mark.trial("F5")
async def test_a_page_limit_that_still_takes_little_things_is_told_once(event: Any) -> None:
    ana, olga, fault = event.person("Ana Prueba"), event.organizer(), PageLimit(event)
    await run_to(event, "09:05")
    await fault.begin()
    saved = 0
    for minute in range(6, 40):
        await run_to(event, f"09:{minute:02}")
        text = f"¿{minute} {'Cuál es la cuestión y el porqué de ella ' * 20}?"
        answer = await ana.slash("pregunta", texto=text)
        saved += "Guardada" in answer.text
        if "NO se guardó" in answer.text:
            assert text.split()[1] in "\n".join(message.text for message in ana.private())
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:3]
    assert len(told(olga, TROUBLE)) == 1
    assert (await event.services.queue.figures(DAY)).received == saved
    await fault.end()
    await run_to(event, "09:45")
    assert [len(told(olga, TROUBLE)), len(told(olga, RECOVERED))] == [1, 1]
    assert {entry.outcome for entry in await event.services.notices.ledger()} == {Outcome.SENT}


@pytest.mark.trial("F5")
async def test_a_lock_of_two_minutes_over_an_announcement(event: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    ana, olga, machine = event.person("Ana Prueba"), event.organizer(), Machine(event, monkeypatch)
    await run_to(event, "09:29")
    with closing(sqlite3.connect(event.config.storage.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        asking = asyncio.ensure_future(ana.slash("pregunta", texto=TEXT))
        await until(lambda: event.services.store.busy)
        await machine.runs_on(4, at_once=0.1)
        event.clock.set(event.at(f"{DAY} 09:30"))
        await machine.runs_on(6)
        await until(lambda: marks(ana.sees_in("anuncios")) == TUESDAY[:3])
        await machine.runs_on(110)
        await (await asking).interaction.finished.wait()
        await until(lambda: event.services.store.trouble is not None)
        other.execute("ROLLBACK")
    await event.settle()
    answer = "\n".join(message.text for message in ana.private())
    assert "NO se guardó" in answer
    assert TEXT in answer
    await run_to(event, "11:05")
    assert marks(ana.sees_in("anuncios")) == TUESDAY
    assert {(e.outcome, e.late_seconds) for e in await event.services.notices.ledger()} == {(Outcome.SENT, 0.0)}
    assert [len(told(olga, TROUBLE)), len(told(olga, RECOVERED))] == [1, 1]


@pytest.mark.trial("F5")
async def test_an_older_copy_written_over_the_file_stops_writing_until_a_new_start(event: Any) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    database: Path = event.config.storage.database
    await run_to(event, "08:50")
    await event.stop()
    older = database.with_name("older")
    copy(database, older)
    await event.start()
    await run_to(event, "09:05")
    assert "número 1" in (await ana.slash("pregunta", texto="¿Se oye?")).text
    copy(older, database)

    await refused(ana, "NO se guardó")
    await run_to(event, "09:40")
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:3]
    assert len(told(olga, TROUBLE)) == 1
    assert "fue movido o reemplazado" in told(olga, TROUBLE)[0]

    # As an operator does who wants that copy: what was beside the other file goes.
    await event.stop()
    assert len(told(olga, TROUBLE)) == 1
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)
    copy(older, database)
    await event.start()
    await run_to(event, "11:05")
    seen = marks(ana.sees_in("anuncios"))
    assert seen == TUESDAY
    assert {entry.outcome for entry in await event.services.notices.ledger()} == {Outcome.SENT}
