"""One look into a database that nobody need have open, or that somebody writes to meanwhile."""

import contextlib
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from bot.storage import files, migrations
from bot.storage.connection import connect_reader
from bot.storage.nouns import Nouns
from bot.storage.opening import refusing, require_sound
from bot.storage.refusals import DatabaseDamaged, DatabaseMissing, DatabaseOlder, ErasuresPending
from bot.storage.tombstones import read

T = TypeVar("T")


def look(path: Path, now: datetime, query: Callable[[Nouns], T]) -> T:
    """What `query` returns of what is committed at `path`, all of it as of one instant. Changes nothing.

    Raises what opening would find wrong with the file, DatabaseOlder where it would have to be upgraded first, and
    ErasuresPending where it would show people who were erased.
    """
    path = files.true_path(path)
    if not path.is_file():
        raise DatabaseMissing(path)
    if path.stat().st_size == 0:
        raise DatabaseDamaged(path, ("empty file",))
    # Before the database, which the bot changes after it: nobody is erased there and not here.
    tombstones = read(path)
    with refusing(path), contextlib.closing(connect_reader(path)) as connection:
        require_sound(connection, path)
        if pending := migrations.pending(connection, path, migrations.known()):
            raise DatabaseOlder(path, tuple(each.name for each in pending))
        connection.execute("BEGIN")
        nouns = Nouns(connection, now)
        if missing := nouns.erasures.missing(tombstones):
            raise ErasuresPending(path, len(missing))
        return query(nouns)
