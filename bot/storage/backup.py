"""Copies of the database, their way back, and upgrades, each whole or not there at all."""

import contextlib
import os
import secrets
import sqlite3
from datetime import datetime
from pathlib import Path

from bot.storage import files, migrations
from bot.storage.checks import require_restorable
from bot.storage.connection import connect_reader
from bot.storage.opening import make_ready, refusing
from bot.storage.refusals import CopyExists, DatabaseDamaged, DatabaseMissing


def back_up(path: Path, copy: Path, *, overwrite: bool = False) -> None:
    """One file at `copy` that holds what was committed at `path` at one instant, though others write on.

    The copy is 0600, on the disk and checked before it gets its name. Raises CopyExists, which nothing lifts
    where both are one file; and what opening would find wrong with `path`.
    """
    path, copy = files.true_path(path), files.true_path(copy)
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
            back_up(copy, ready)
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
