"""The file itself: where it may lie, who has it, what modes it gets, whether it is still the one that was
opened.

SQLite's locks on a file fall as soon as any descriptor of it is closed in the same process. So nothing here
opens the database file, but to make a new one: what has to be known about it is asked of the folder or of
SQLite.
"""

import contextlib
import fcntl
import os
import re
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.storage.refusals import (
    DatabaseDamaged,
    DatabaseInUse,
    DatabaseMissing,
    DatabaseReadOnly,
    SharedFolder,
)

MOUNTS = Path("/proc/self/mountinfo")

_NETWORK = (
    "afs",
    "ceph",
    "cifs",
    "coda",
    "gfs2",
    "glusterfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "smb3",
)
_CONTAINER = ("9p", "fakeowner", "prl_fs", "vboxsf", "virtiofs", "vmhgfs")
_SHARED = frozenset((*_NETWORK, *_CONTAINER, "smb2", "smbfs", "fuse"))


def owned_files(path: Path) -> tuple[Path, ...]:
    """The database and what SQLite keeps beside it."""
    return (path, *_beside(path))


def true_path(path: Path) -> Path:
    """The one name of the file, links followed."""
    return path.absolute().resolve()


@contextlib.contextmanager
def claimed(path: Path, *, may_create: bool) -> Iterator[None]:
    """Hold the file against every other process, and against a second store in this one.

    The lock falls with the process, however it ends; the small file that carries it stays. Makes the folder
    where it is missing and may be made. Raises DatabaseInUse and DatabaseMissing.
    """
    if may_create:
        make_folder(path.parent)
    elif not path.parent.exists():
        raise DatabaseMissing(path)
    descriptor = _open_lock(path)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held_by = os.pread(descriptor, 32, 0).strip()
            raise DatabaseInUse(path, int(held_by) if held_by.isdigit() else None) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


def holder(path: Path) -> int | None:
    """The process that holds the file; None where none does, or it does not say."""
    try:
        descriptor = os.open(true_path(path).with_name(path.name + ".lock"), os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        held_by = os.pread(descriptor, 32, 0).strip()
        return int(held_by) if held_by.isdigit() else None
    finally:
        os.close(descriptor)
    return None


def require_own_disk(path: Path, mounts: Path = MOUNTS) -> None:
    """Raise SharedFolder where `mounts`, a text like /proc/self/mountinfo, says that other machines have the
    folder.

    Where there is no such text nothing is known, and nothing refused.
    """
    try:
        lines = mounts.read_text("utf-8", errors="surrogateescape").splitlines()
    except FileNotFoundError:
        return
    folder = path.parent
    filesystem, depth = "", -1
    for line in lines:
        mounted, _, described = line.partition(" - ")
        fields = mounted.split(" ")
        if len(fields) < 5 or not described:
            continue
        point = Path(re.sub(r"\\(\d{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        # The last of those mounted over one point is the one that is seen.
        if folder.is_relative_to(point) and len(point.parts) >= depth:
            filesystem, depth = described.split(" ")[0], len(point.parts)
    if filesystem in _SHARED or filesystem.startswith("fuse."):
        raise SharedFolder(path, filesystem)


def require_sound_file(path: Path, may_create: bool) -> bool:
    """Whether there is a file that SQLite may open; False where a new one may be made.

    Raises DatabaseMissing, DatabaseDamaged or DatabaseReadOnly.
    """
    try:
        found = path.stat()
    except FileNotFoundError:
        # A log without its database would be carried over into a new one.
        leftovers = tuple(p for p in _beside(path) if p.exists() and p.stat().st_size)
        if leftovers or not may_create:
            raise DatabaseMissing(path, leftovers) from None
        if not os.access(path.parent, os.W_OK | os.X_OK):
            raise DatabaseReadOnly(path.parent) from None
        return False
    if not stat.S_ISREG(found.st_mode):
        raise DatabaseDamaged(path, ("not a regular file",))
    if found.st_size == 0:
        # SQLite takes it for a new database, and four days would be gone without a word.
        raise DatabaseDamaged(path, ("empty file",))
    # The superuser may write anything; a file that was made read-only by hand is still meant to stay as it
    # is.
    if not found.st_mode & 0o222 or not os.access(path, os.W_OK) or not os.access(path.parent, os.W_OK):
        raise DatabaseReadOnly(path)
    return True


def keep_private(path: Path) -> None:
    """Nobody but the owner reads the database or what SQLite keeps beside it."""
    for each in owned_files(path):
        with contextlib.suppress(FileNotFoundError):
            each.chmod(0o600)


def make_private_file(path: Path) -> None:
    """An empty file that nobody else reads, whatever the umask. Raises FileExistsError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    path.chmod(0o600)


def make_folder(folder: Path) -> None:
    """The folder and those above it, each that has to be made for the owner alone."""
    for each in (*reversed(folder.parents), folder):
        with contextlib.suppress(FileExistsError):
            each.mkdir(mode=0o700)


def flush(path: Path) -> None:
    """Return once the file, or the names in the folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@dataclass(slots=True)
class Identity:
    """Which files a store has open, and how it left the database itself.

    That changes only when the log is carried over, which whoever has the store does, on the writer's thread. So what
    somebody else wrote over it under the same name is noticed by its time or size, as of any file; what another
    program adds through SQLite goes into the log and is nobody's harm.
    """

    files: tuple[tuple[Path, int, int], ...]
    _left: tuple[int, int] | None = None

    @classmethod
    def of(cls, path: Path) -> "Identity":
        """The database at `path` and its log, as they are now."""
        opened = (path, path.with_name(path.name + "-wal"))
        identity = cls(tuple((p, p.stat().st_dev, p.stat().st_ino) for p in opened))
        identity.leave()
        return identity

    def holds(self) -> bool:
        """Whether they are still there under their names, and nobody wrote over the database: what goes to others is
        lost at the next start."""
        try:
            are_the_same = all(
                (found := path.stat()).st_ino == inode and found.st_dev == device for path, device, inode in self.files
            )
            return are_the_same and self._left in (None, self._as_it_is())
        except OSError:
            return False

    def leave(self) -> None:
        """What is in the database now, the store has put there."""
        with contextlib.suppress(OSError):
            self._left = self._as_it_is()

    def _as_it_is(self) -> tuple[int, int]:
        found = self.files[0][0].stat()
        return found.st_mtime_ns, found.st_size


def _beside(path: Path) -> tuple[Path, ...]:
    return tuple(path.with_name(path.name + ending) for ending in ("-wal", "-shm", "-journal"))


def _open_lock(path: Path) -> int:
    try:
        return os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DatabaseReadOnly(path.parent) from error


def sizes(database: Path) -> tuple[int, int]:
    """The size of a database with its log, and how much room its disk has, in bytes. OSError where the folder cannot
    be read."""
    files = (each.stat().st_size for each in owned_files(database) if each.exists())
    return sum(files), shutil.disk_usage(database.parent).free
