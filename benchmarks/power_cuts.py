"""What a disk may hold after a power cut, worked out from everything that a process wrote and flushed.

A process is run with `power_cuts.c` before its C library, which journals each write, truncation and flush of the files
of one folder, in order. `Journal.cut` then makes the folder as it may be found after the power went at one of those
moments. What was flushed is there. Of what was not, any part may be: nothing, all, any of the writes whatever their
order, or sectors of them; and where a file grew and its bytes did not come, there are zeros or remains of other files.
A file that was made, and whose folder was not flushed since, may be missing.
"""

import random
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

__all__ = ["ACKNOWLEDGED", "Journal", "Kept", "built_shim"]

#: Lines that the process writes to this file are not on any disk: they are what it told somebody.
ACKNOWLEDGED = "acknowledged"

_SOURCE = Path(__file__).with_name("power_cuts.c")
#: SQLite makes it anew after a cut: it is shared memory in the form of a file.
_SHARED_MEMORY = "-shm"
_SECTORS = (512, 4096)


class Kept(StrEnum):
    """What a disk kept of what it had not been told to flush."""

    NOTHING = "nothing"
    ALL = "all"
    #: The first so many writes.
    FIRST = "first"
    #: Any writes, in whatever order the disk liked.
    ANY = "any"
    #: Any sectors of any writes.
    TORN = "torn"


@dataclass(frozen=True, slots=True)
class _Record:
    kind: str
    offset: int
    name: str
    data: bytes


@dataclass(slots=True)
class _File:
    """A file on its way to the disk."""

    durable: bytearray = field(default_factory=bytearray)
    pending: list[_Record] = field(default_factory=list)
    #: Whether its name is in the folder for sure.
    is_named: bool = True


def built_shim(folder: Path) -> Path:
    """The shim as a library in `folder`. Raises subprocess.CalledProcessError where there is no compiler."""
    library = folder / "power_cuts.so"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O2", "-o", library, _SOURCE, "-ldl"], check=True)
    return library


class Journal:
    """What a process wrote in a folder that began as `before`."""

    def __init__(self, journal: Path, before: Path) -> None:
        self._records = tuple(_read(journal))
        self._before = before

    def __len__(self) -> int:
        return len(self._records)

    def kinds(self) -> dict[str, int]:
        """How many writes, flushes, … of which file there are."""
        counts: dict[str, int] = {}
        for record in self._records:
            key = f"{record.kind} {record.name}"
            counts[key] = counts.get(key, 0) + 1
        return counts

    def acknowledged(self, moment: int) -> list[str]:
        """What the process had told by then."""
        told = (r.data.decode() for r in self._records[:moment] if r.kind == "w" and r.name == ACKNOWLEDGED)
        return "".join(told).splitlines()

    def cuts(self, moments: list[int], chance: random.Random, folder: Path) -> Iterator[tuple[int, Kept]]:
        """For each moment, in order, the folder as it may be found after it: made anew each time."""
        files = {path.name: _File(bytearray(path.read_bytes())) for path in self._before.iterdir() if path.is_file()}
        done = 0
        for moment in sorted(moments):
            for record in self._records[done:moment]:
                _take(files, record)
            done = moment
            kept = chance.choice(list(Kept))
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            for name, file in files.items():
                if name == ACKNOWLEDGED or name.endswith(_SHARED_MEMORY):
                    continue
                # A file whose name is lost is lost whatever was flushed into it.
                if not file.is_named and (kept is Kept.NOTHING or (kept is not Kept.ALL and chance.random() < 0.5)):
                    continue
                path = folder / name
                path.write_bytes(_found(file, kept, chance))
                path.chmod(0o600)
            yield moment, kept


def _read(journal: Path) -> Iterator[_Record]:
    content = journal.read_bytes()
    at = 0
    while at < len(content):
        end = content.index(b"\n", at)
        kind, offset, length, name = content[at:end].decode().split(" ", 3)
        at = end + 1 + int(length)
        yield _Record(kind, int(offset), name, content[end + 1 : at])


def _take(files: dict[str, _File], record: _Record) -> None:
    if record.name == ".":
        if record.kind == "s":
            for file in files.values():
                file.is_named = True
        return
    match record.kind:
        case "c":
            files[record.name] = _File(is_named=False)
        case "u":
            # Nothing of ours is removed and needed again; that a removed file may be back is not looked at.
            files.pop(record.name, None)
        case "s":
            file = files[record.name]
            for each in file.pending:
                _apply(file.durable, each)
            file.pending.clear()
        case _:
            files[record.name].pending.append(record)


def _apply(content: bytearray, record: _Record) -> None:
    if record.kind == "t":
        _resize(content, record.offset)
        return
    end = record.offset + len(record.data)
    if len(content) < end:
        _resize(content, end)
    content[record.offset : end] = record.data


def _resize(content: bytearray, length: int) -> None:
    if len(content) > length:
        del content[length:]
    else:
        content.extend(bytes(length - len(content)))


def _found(file: _File, kept: Kept, chance: random.Random) -> bytes:
    """What is in the file after the cut."""
    content, pending = bytearray(file.durable), file.pending
    match kept:
        case Kept.NOTHING:
            pending = []
        case Kept.FIRST:
            pending = pending[: chance.randint(0, len(pending))]
        case Kept.ANY:
            share = chance.random()
            pending = [record for record in pending if chance.random() < share]
        case Kept.TORN:
            pending = list(_torn(pending, chance))
    for record in pending:
        _apply(content, record)
    if kept in (Kept.ANY, Kept.TORN) and file.pending and chance.random() < 0.3:
        # The file has grown, its bytes have not come.
        grown = max((r.offset + len(r.data) for r in file.pending), default=0)
        if grown > len(content):
            content.extend(chance.randbytes(grown - len(content)) if chance.random() < 0.5 else b"")
            _resize(content, grown)
    return bytes(content)


def _torn(pending: list[_Record], chance: random.Random) -> Iterator[_Record]:
    sector, share = chance.choice(_SECTORS), chance.random()
    for record in pending:
        if record.kind == "t":
            if chance.random() < share:
                yield record
            continue
        at = 0
        while at < len(record.data):
            end = min(len(record.data), at + sector - (record.offset + at) % sector)
            if chance.random() < share:
                yield _Record("w", record.offset + at, record.name, record.data[at:end])
            at = end
