"""Who asked to be erased, in a file beside the database and its backups, so that no older copy brings anybody back.

A tombstone has no id of anybody. It has an HMAC of the person's id under a key of its own, which stands beside it, so
that the files of two folders can be put together. Whoever has the file can therefore find out whether somebody whose
id they know asked to be erased, by trying; it says nothing else about them. For anonymous questions it has marks that
only the anonymity key makes, which is kept elsewhere: with the file and an old backup alone nobody can tell which
anonymous questions were whose.

The tombstone is on the disk before the database is changed. Killed in between, the next opening of the database finds
it and erases; killed before it, nothing was erased and nobody was told so.
"""

import contextlib
import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.ids import PersonId
from bot.storage import files
from bot.storage.refusals import TombstonesDamaged

#: What the file's name adds to the database's.
ENDING = ".erasures"


@dataclass(frozen=True, slots=True)
class Tombstone:
    """One erasure: of a person, or of everybody where there is no `digest`."""

    id: str
    key: str = field(repr=False)
    digest: str | None = field(default=None, repr=False)
    #: What `Anonymity.erased` made of the seals of the person's sessions.
    marks: frozenset[str] = field(default=frozenset(), repr=False)
    #: Anonymous questions keep their texts, and lose what leads to the person.
    keeps_anonymous: bool = False

    def is_of(self, person: PersonId) -> bool:
        """Whether it is this person who was erased."""
        return self.digest is not None and hmac.compare_digest(self.digest, _digest(self.key, person))


def of_person(person: PersonId, marks: Iterable[str], *, keeps_anonymous: bool = False) -> Tombstone:
    """A new tombstone."""
    key = secrets.token_hex(16)
    return Tombstone(secrets.token_hex(8), key, _digest(key, person), frozenset(marks), keeps_anonymous)


def of_everybody() -> Tombstone:
    """A new tombstone for all who are in the database."""
    return Tombstone(secrets.token_hex(8), secrets.token_hex(16))


def file_of(database: Path) -> Path:
    """Where the tombstones of a database lie, or of a backup."""
    return database.with_name(database.name + ENDING)


def read(database: Path) -> Mapping[str, Tombstone]:
    """The tombstones beside a database, by id. Raises TombstonesDamaged."""
    file = file_of(database)
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise TombstonesDamaged(file) from error
    found = [_tombstone(line, file) for line in text.splitlines()]
    return {tombstone.id: tombstone for tombstone in found}


def add(database: Path, new: Iterable[Tombstone]) -> None:
    """Put these beside those that are there. On the disk when this returns, and whole whenever it is interrupted.

    The caller holds the database against every other process.
    """
    there = dict(read(database))
    wanted = there | {tombstone.id: tombstone for tombstone in new}
    if wanted != there:
        keep(database, wanted.values())


def keep(database: Path, tombstones: Iterable[Tombstone]) -> None:
    """These and no others; as `add` does."""
    wanted = {tombstone.id: tombstone for tombstone in tombstones}
    file = file_of(database)
    unfinished = file.with_name(f".{file.name}.new")
    unfinished.unlink(missing_ok=True)
    files.make_private_file(unfinished)
    try:
        # In the order of their ids, which are drawn by lot: the file does not tell in which order people asked.
        lines = [_line(wanted[each]) for each in sorted(wanted)]
        unfinished.write_text("".join(f"{line}\n" for line in lines), "utf-8")
        files.flush(unfinished)
        unfinished.replace(file)
        files.flush(file.parent)
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()


def _digest(key: str, person: PersonId) -> str:
    return hmac.new(bytes.fromhex(key), str(int(person)).encode(), hashlib.sha256).hexdigest()


def _line(tombstone: Tombstone) -> str:
    value = {
        "id": tombstone.id,
        "key": tombstone.key,
        "digest": tombstone.digest,
        "marks": sorted(tombstone.marks),
        "keeps_anonymous": tombstone.keeps_anonymous,
    }
    return json.dumps(value, separators=(",", ":"))


def _tombstone(line: str, file: Path) -> Tombstone:
    try:
        value = json.loads(line)
        bytes.fromhex(value["key"])
        return Tombstone(
            str(value["id"]),
            str(value["key"]),
            None if value["digest"] is None else str(value["digest"]),
            frozenset(map(str, value["marks"])),
            bool(value["keeps_anonymous"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise TombstonesDamaged(file) from error
