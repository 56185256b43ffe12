"""Copies of the database, their way back, and upgrades, each whole or not there at all."""

import contextlib
import glob
import os
import re
import secrets
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.storage import files, migrations, tombstones
from bot.storage.checks import require_restorable
from bot.storage.connection import connect_reader
from bot.storage.opening import make_ready, refusing
from bot.storage.refusals import CopyExists, DatabaseDamaged, DatabaseMissing

#: Begins the time in the name of a copy that the bot made by itself.
_NIGHTLY = "auto-"


def back_up(path: Path, copy: Path, *, overwrite: bool = False) -> None:
    """One file at `copy` that holds what was committed at `path` at one instant, though others write on.

    The copy is 0600, on the disk and checked before it gets its name. In another folder the tombstones of those who
    were erased lie beside it. Raises CopyExists, which nothing lifts where both are one file; and what opening would
    find wrong with `path`.
    """
    path, copy = files.true_path(path), files.true_path(copy)
    _back_up(path, copy, overwrite=overwrite)
    # Read after the copy was made: an erasure in between is in one of them at least.
    if copy.parent != path.parent:
        tombstones.add(copy, tombstones.read(path).values())


def _back_up(path: Path, copy: Path, *, overwrite: bool = False) -> None:
    if not path.is_file():
        raise DatabaseMissing(path)
    if path.stat().st_size == 0:
        raise DatabaseDamaged(path, ("empty file",))
    if copy.exists() and (not overwrite or copy.samefile(path)):
        raise CopyExists(copy)
    files.make_folder(copy.parent)
    unfinished = copy.with_name(f".{copy.name}.{secrets.token_hex(4)}.part")
    files.make_private_file(unfinished)
    try:
        with refusing(path):
            _copy(path, unfinished)
        require_restorable(unfinished, path)
        files.flush(unfinished)
        _give_name(unfinished, copy, overwrite)
        files.flush(copy.parent)
    finally:
        for each in files.owned_files(unfinished):
            each.unlink(missing_ok=True)


def restore(copy: Path, path: Path, now: datetime, *, overwrite: bool = False) -> tuple[Path, ...]:
    """Put what `copy` holds at `path`, and return the files that were there, set aside beside it.

    Erasures that the copy lacks are applied to it when it is opened next; until then nothing is read from it.
    Nobody may have the database open. Raises CopyExists, about `path`, where there is something and
    `overwrite` was not said; DatabaseInUse; and what is wrong with `copy`, before anything is touched.
    """
    copy, path = files.true_path(copy), files.true_path(path)
    if not copy.is_file():
        raise DatabaseMissing(copy)
    with files.claimed(path, may_create=True):
        present = [each for each in files.owned_files(path) if each.exists()]
        if present and (not overwrite or (path.exists() and copy.samefile(path))):
            raise CopyExists(path)
        # The copy lies ready beside its place first: what can fail has failed before anything is moved.
        ready = path.with_name(f".{path.name}.{secrets.token_hex(4)}.restored")
        try:
            _back_up(copy, ready)
            # Before the database has its name, and those of both: whoever asked to be erased stays so.
            tombstones.add(path, tombstones.read(copy).values())
            aside = path.with_name(f"{path.name}.replaced-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(2)}")
            moved = tuple(aside.with_name(aside.name + each.name.removeprefix(path.name)) for each in present)
            # The database before its log: killed in between, the next start refuses a log without its
            # database.
            for each, target in zip(present, moved, strict=True):
                each.rename(target)
            ready.rename(path)
            files.flush(path.parent)
        finally:
            ready.unlink(missing_ok=True)
    return moved


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of a database by its name. `is_nightly`: the bot made it by itself; `is_set_aside`: it is no backup, but
    what was there when one was restored."""

    file: Path
    made_at: datetime
    is_nightly: bool
    is_set_aside: bool


def copies_in(folder: Path, path: Path) -> tuple[Copy, ...]:
    """The copies of the database at `path` in a folder, by the time in their names, the oldest first."""
    path = files.true_path(path)
    names = re.compile(
        rf"{re.escape(path.stem)}-(?P<nightly>{_NIGHTLY})?(?P<at>\d{{8}}T\d{{6}})Z\.db"
        rf"|{re.escape(path.name)}\.replaced-(?P<aside>\d{{8}}T\d{{6}})-[0-9a-f]+"
    )
    found = []
    for each in folder.iterdir() if folder.is_dir() else ():
        if named := names.fullmatch(each.name):
            made_at = datetime.strptime(f"{named['at'] or named['aside']}+0000", "%Y%m%dT%H%M%S%z")
            found.append(Copy(each, made_at, named["nightly"] is not None, named["aside"] is not None))
    return tuple(sorted(found, key=lambda copy: (copy.made_at, copy.file)))


def nightly_name(path: Path, now: datetime) -> str:
    """What the copy that the bot makes by itself at `now` is called."""
    return f"{path.stem}-{_NIGHTLY}{now.astimezone(UTC):%Y%m%dT%H%M%S}Z.db"


def remove_unfinished(folder: Path, path: Path) -> None:
    """Remove what is left of nightly copies that were interrupted for good. None may be being made."""
    for each in folder.glob(f".{glob.escape(files.true_path(path).stem)}-{_NIGHTLY}*.part*"):
        each.unlink(missing_ok=True)


def copies_until(path: Path, until: datetime, folder: Path | None = None) -> tuple[Path, ...]:
    """The copies of the database beside it, and in `folder`, that were made before `until`: backups, and what was set
    aside when one was restored."""
    folders = dict.fromkeys((files.true_path(path).parent, *((files.true_path(folder),) if folder else ())))
    copies = (copy for each in folders for copy in copies_in(each, path))
    return tuple(sorted(copy.file for copy in copies if copy.made_at < until))


def remove_copies(copies: Iterable[Path]) -> None:
    """Remove copies, and what lies beside each."""
    for copy in copies:
        for each in (*files.owned_files(copy), tombstones.file_of(copy)):
            each.unlink(missing_ok=True)


def upgrade(path: Path, now: datetime) -> tuple[str, ...]:
    """Apply what is pending at `path` and return the names. Raises what opening it would raise."""
    path = files.true_path(path)
    with files.claimed(path, may_create=False):
        return make_ready(path, now, migrations.known(), may_create=False)


def _copy(path: Path, unfinished: Path) -> None:
    with (
        contextlib.closing(connect_reader(path)) as source,
        contextlib.closing(sqlite3.connect(unfinished)) as target,
    ):
        # In one step, which sees one state; a copy in slices begins anew with every commit of the bot's.
        source.backup(target)
        # One file by itself, without a log beside it.
        target.execute("PRAGMA journal_mode = DELETE")


def _give_name(unfinished: Path, copy: Path, overwrite: bool) -> None:
    if overwrite:
        unfinished.replace(copy)
        return
    try:
        os.link(unfinished, copy)
    except FileExistsError:
        raise CopyExists(copy) from None
    except OSError:
        # A memory stick may know no links.
        if copy.exists():
            raise CopyExists(copy) from None
        unfinished.rename(copy)
