"""Cut the power under the store, as often as is asked for, and look whether everything that was acknowledged is there.

    python -m benchmarks.power_loss --cuts 20000

A bot's own operations run in a process whose every write and flush is journalled (`power_cuts.py`): bursts of
questions, votes, moderation, and the log carried over into the main file every now and then. What it was answered it
tells, in the same journal. For each cut the files are made as a disk may hold them after it, opened as `estrado run`
opens them, and held against what had been told by then. The same is done with `synchronous` NORMAL and OFF, where
acknowledged rows must be found missing: else nothing here could be found.
"""

import argparse
import asyncio
import logging
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.power_cuts import ACKNOWLEDGED, Journal, Kept, built_shim
from bot.clock import RehearsalClock
from bot.config import Config, load
from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber
from bot.question_refusals import AlreadyDecided, TooManyQuestions
from bot.services import open_services
from bot.storage.store import Reader, Store

__all__ = ["IN_MEMORY", "Found", "cut_power", "found_after", "recorded"]

_ROOT = Path(__file__).parents[1]
_DATABASE = "estrado.db"
#: Tuesday, 10:16: questions may be asked.
_NOW = datetime(2020, 9, 8, 16, 16, tzinfo=UTC)
_PEOPLE, _MODERATOR = 4000, PersonId(900_000_000_000_000_001)
_FLUSHING = ("FULL", "NORMAL", "OFF")
#: Where there is one, a folder in which flushing costs nothing: what is flushed is decided by the journal.
IN_MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
#: So many cuts are made under one run of the operations; the next ones have a run of their own, by another seed.
_CUTS_A_RUN = 2000


@dataclass(slots=True)
class Found:
    """What came of the cuts."""

    cuts: int = 0
    #: What had been acknowledged by the cut, summed over the cuts, and what of it was not there.
    acknowledged: int = 0
    lost: int = 0
    #: The cuts after which something was lost, and those after which the files were refused or contradict themselves.
    losing: list[int] = field(default_factory=list)
    damaged: list[tuple[int, str]] = field(default_factory=list)
    kept: Counter[Kept] = field(default_factory=Counter)

    def __iadd__(self, other: "Found") -> "Found":
        self.cuts += other.cuts
        self.acknowledged += other.acknowledged
        self.lost += other.lost
        self.losing += other.losing
        self.damaged += other.damaged
        self.kept += other.kept
        return self


def recorded(folder: Path, seed: int, operations: int, synchronous: str = "FULL") -> Journal:
    """What a store wrote while so many operations ran over it, in a process of its own that is killed in the end."""
    home, before, journal = folder / "home", folder / "before", folder / "journal"
    home.mkdir(mode=0o700, parents=True)
    asyncio.run(_begin(_config(home, folder)))
    shutil.copytree(home, before)
    environment = {
        **os.environ,
        "LD_PRELOAD": str(built_shim(folder)),
        "POWER_FOLDER": str(home),
        "POWER_JOURNAL": str(journal),
    }
    arguments = ("--under-the-shim", str(folder), str(seed), str(operations), synchronous)
    command = [sys.executable, "-m", "benchmarks.power_loss", *arguments]
    subprocess.run(command, cwd=_ROOT, env=environment, check=True)
    return Journal(journal, before)


def found_after(journal: Journal, cuts: int, chance: random.Random, folder: Path) -> Found:
    """What is found after so many cuts at random moments of the journal."""
    # From the first acknowledgement on, so that there is something to lose.
    first = next(moment for moment in range(len(journal)) if journal.acknowledged(moment + 1))
    moments = [chance.randint(first, len(journal)) for _ in range(cuts)]
    return asyncio.run(_found_after(journal, moments, chance, folder / "after"))


def cut_power(folder: Path, cuts: int, seed: int, *, operations: int, synchronous: str = "FULL") -> Found:
    """Both, in runs of at most `_CUTS_A_RUN` cuts."""
    found = Found()
    for number, done in enumerate(range(0, cuts, _CUTS_A_RUN)):
        own = folder / f"{synchronous}-{number}"
        journal = recorded(own, seed + number, operations, synchronous)
        found += found_after(journal, min(_CUTS_A_RUN, cuts - done), random.Random(seed + number), own)
        shutil.rmtree(own)
    return found


async def _found_after(journal: Journal, moments: list[int], chance: random.Random, folder: Path) -> Found:
    found, clock = Found(), RehearsalClock(_NOW)
    for moment, kept in journal.cuts(moments, chance, folder):
        told = journal.acknowledged(moment)
        found.cuts += 1
        found.kept[kept] += 1
        found.acknowledged += len(told)
        try:
            async with Store.open(folder / _DATABASE, clock, may_create=False) as store:
                findings, there = await store.read(_look)
        except (Refusal, sqlite3.Error) as refused:
            findings, there = [f"{type(refused).__name__} {refused}"], frozenset()
        if findings:
            found.damaged.append((moment, findings[0]))
        lost = len(set(told) - there)
        found.lost += lost
        if lost:
            found.losing.append(moment)
    return found


def _look(reader: Reader) -> tuple[list[str], frozenset[str]]:
    """What contradicts itself, and everything that could have been acknowledged, in the words of `_Acting`."""

    def rows(sql: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in reader.connection.execute(sql)]

    findings = [str(row[0]) for row in rows("PRAGMA integrity_check") if row[0] != "ok"]
    findings += [f"foreign key of {row[0]}" for row in rows("PRAGMA foreign_key_check")]
    there = {f"asked {number} {text}" for number, text in rows("SELECT number, text FROM questions")}
    there |= {f"voted {number} {voter}" for number, voter in rows("SELECT number, voter_id FROM question_votes")}
    moves = "SELECT number FROM question_transitions WHERE to_state = 'approved'"
    there |= {f"approved {number}" for (number,) in rows(moves)}
    return findings, frozenset(there)


def _config(home: Path, folder: Path) -> Config:
    config = load(_ROOT / "config.toml")
    places = {"database": home / _DATABASE, "anonymity_key": folder / "key" / "anonymity.key"}
    return config.model_copy(update={"storage": config.storage.model_copy(update=places)})


async def _begin(config: Config) -> None:
    async with open_services(config, RehearsalClock(_NOW)):
        pass


class _Acting:
    """The operations, and what they were answered."""

    def __init__(self, folder: Path, seed: int, operations: int, synchronous: str) -> None:
        self._config = _config(folder / "home", folder)
        self._chance = random.Random(seed)
        self._left = operations
        self._synchronous = synchronous
        told = folder / "home" / ACKNOWLEDGED
        self._told = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._pending: list[QuestionNumber] = []
        self._numbers: list[QuestionNumber] = []
        self._votes: set[tuple[QuestionNumber, PersonId]] = set()

    async def act(self) -> None:
        """Run them, and end without closing anything."""
        clock = RehearsalClock(_NOW)
        async with open_services(self._config, clock) as services:
            self._queue, store = services.queue, services.store
            if self._synchronous != "FULL":
                await store._writer.run(lambda c: c.execute(f"PRAGMA synchronous = {self._synchronous}"))
            while self._left > 0:
                burst = min(self._left, self._chance.choice((1, 1, 2, 5, 20)))
                self._left -= burst
                clock.set(clock.now() + timedelta(seconds=1))
                await asyncio.gather(*(self._one() for _ in range(burst)))
                if self._chance.random() < 0.03:
                    await store.scrub()
            os._exit(0)

    async def _one(self) -> None:
        person = PersonId(700_000_000_000_000_000 + self._chance.randrange(_PEOPLE))
        what = self._chance.random()
        if what < 0.5 or not self._numbers:
            text = f"¿Cuál es el plazo {self._chance.getrandbits(60):x} {'de la norma ' * self._chance.randint(0, 60)}?"
            text = text.strip()
            try:
                asked = await self._queue.ask(person, text, anonymous=False, addressed_to=None, language="es")
            except TooManyQuestions:
                return
            self._pending.append(asked.number)
            self._numbers.append(asked.number)
            self._tell(f"asked {asked.number} {text}")
        elif what < 0.8 or not self._pending:
            number = self._chance.choice(self._numbers)
            if (number, person) in self._votes:
                # A second time takes it back.
                return
            self._votes.add((number, person))
            try:
                await self._queue.vote(number, person)
            except Refusal:
                return
            self._tell(f"voted {number} {person}")
        else:
            number = self._pending.pop(self._chance.randrange(len(self._pending)))
            try:
                await self._queue.approve(number, _MODERATOR)
            except AlreadyDecided:
                return
            self._tell(f"approved {number}")

    def _tell(self, line: str) -> None:
        os.write(self._told, f"{line}\n".encode())


def _said(found: Found, synchronous: str) -> str:
    kept = ", ".join(f"{each} {found.kept[each]}" for each in Kept)
    return (
        f"synchronous={synchronous}: {found.cuts} cuts (kept of what was not flushed: {kept}); "
        f"{found.acknowledged} acknowledged, {found.lost} of them lost after {len(found.losing)} cuts; "
        f"{len(found.damaged)} damaged"
    )


def _command(arguments: Sequence[str]) -> int:
    if arguments and arguments[0] == "--under-the-shim":
        folder, seed, operations, synchronous = arguments[1:]
        asyncio.run(_Acting(Path(folder), int(seed), int(operations), synchronous).act())
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--cuts", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--operations", type=int, default=700, help="of each run, which has at most 2,000 cuts")
    asked = options.parse_args(arguments)
    logging.disable()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="estrado-power-", dir=IN_MEMORY) as place:
        found = {
            synchronous: cut_power(
                Path(place),
                asked.cuts if synchronous == "FULL" else max(1, asked.cuts // 20),
                asked.seed,
                operations=asked.operations,
                synchronous=synchronous,
            )
            for synchronous in _FLUSHING
        }
    for synchronous, each in found.items():
        sys.stdout.write(_said(each, synchronous) + "\n")
        for moment, finding in each.damaged[:3] if synchronous == "FULL" else ():
            sys.stdout.write(f"  damaged after record {moment}: {finding}\n")
    whole = found["FULL"]
    holds = not whole.lost and not whole.damaged
    can_fail = bool(found["NORMAL"].lost and found["OFF"].lost)
    sys.stdout.write(
        f"{'Nothing' if holds else 'SOMETHING'} that was acknowledged was lost; the same cuts "
        f"{'find' if can_fail else 'DO NOT FIND'} what a store that flushes less loses. "
        f"Seed {asked.seed}, {time.monotonic() - began:.0f} s.\n"
    )
    return 0 if holds and can_fail else 1


if __name__ == "__main__":
    sys.exit(_command(sys.argv[1:]))
