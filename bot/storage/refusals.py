"""Why a database is not opened, copied or changed. Each carries what its phrase needs."""

from dataclasses import dataclass
from pathlib import Path

from bot.errors import Refusal


@dataclass(unsafe_hash=True)
class DatabaseMissing(Refusal):
    """There is no file, and none may be made: the event has begun, or `leftovers` say that there was one."""

    path: Path
    leftovers: tuple[Path, ...] = ()


@dataclass(unsafe_hash=True)
class DatabaseInUse(Refusal):
    """Another process has the file; `pid` where it could be read."""

    path: Path
    pid: int | None


@dataclass(unsafe_hash=True)
class DatabaseDamaged(Refusal):
    """The file is empty, cut short, or contradicts itself. `findings` are SQLite's own words, for the
    operator."""

    path: Path
    findings: tuple[str, ...]


@dataclass(unsafe_hash=True)
class DatabaseForeign(Refusal):
    """A sound database, but of another program."""

    path: Path


@dataclass(unsafe_hash=True)
class DatabaseNewer(Refusal):
    """A later release wrote to the file: it has `migrations` that this program does not know."""

    path: Path
    migrations: tuple[str, ...]


@dataclass(unsafe_hash=True)
class DatabaseOlder(Refusal):
    """The file has not taken `migrations` yet, so it cannot be read as it is."""

    path: Path
    migrations: tuple[str, ...]


@dataclass(unsafe_hash=True)
class MigrationChanged(Refusal):
    """A migration that the file has taken no longer reads as it did then."""

    path: Path
    migration: str


@dataclass(unsafe_hash=True)
class MigrationFailed(Refusal):
    """A migration does not fit the file, which stays as it was. `reason` is SQLite's, for the operator."""

    path: Path
    migration: str
    reason: str


@dataclass(unsafe_hash=True)
class DatabaseReadOnly(Refusal):
    """The file or its folder may not be written."""

    path: Path


@dataclass(unsafe_hash=True)
class SharedFolder(Refusal):
    """The folder is on a file system that other machines share, where SQLite's locks do not hold."""

    path: Path
    filesystem: str


@dataclass(unsafe_hash=True)
class CopyExists(Refusal):
    """There is a file at the destination, and nobody said that it may be replaced."""

    path: Path


@dataclass(unsafe_hash=True)
class TombstonesDamaged(Refusal):
    """The file that keeps erased people erased cannot be understood. Without it nothing is opened."""

    path: Path


@dataclass(unsafe_hash=True)
class ErasuresPending(Refusal):
    """The file lacks erasures that were asked for; it shows people who asked to be erased until it is opened."""

    path: Path
    erasures: int
