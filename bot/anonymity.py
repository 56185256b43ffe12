"""The seal that stands in an anonymous question for its author.

A seal is an HMAC under a key that lives in a directory of its own, away from the database and its backups.
Whoever has the database alone cannot tell whose a seal is; whoever has the key too can, for people whose ids
they know. A person's seals differ from session to session.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.errors import Refusal
from bot.ids import PersonId, SessionKey

_KEY_BYTES = 32

#: The least time that the database tells apart.
_NEXT = timedelta(milliseconds=1)

#: What stands over a key that is being destroyed: as long as a key's file, and no key.
_OVERWRITTEN = b"x" * (2 * _KEY_BYTES) + b"\n"


@dataclass
class AnonymityKeyMissing(Refusal):
    """The key that the database's anonymous questions are sealed with is not where config.toml says."""

    path: Path


@dataclass
class AnonymityKeyDiffers(Refusal):
    """The file holds a key, but not the one that the database's anonymous questions are sealed with."""

    path: Path


@dataclass
class AnonymityKeyUnusable(Refusal):
    """The file cannot be read or made, or holds no key. `reason` is for the operator."""

    path: Path
    reason: str


def blurred(at: datetime, marks: Iterable[datetime] = ()) -> datetime:
    """The hour, as the instant of what authors of anonymous questions do, and of what people do by name around asking:
    registering, supporting, wanting to be told. To the minute, one could be laid beside the other.

    Whatever is after a mark stays after it, so that figures as of that instant remain what they were: it is kept as a
    millisecond after the last such mark, where that is in the same hour.
    """
    hour = at.replace(minute=0, second=0, microsecond=0)
    return max([hour, *(mark + _NEXT for mark in marks if mark + _NEXT <= at)])


class Anonymity:
    """Makes seals. Its repr shows nothing of the key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def seal(self, person: PersonId, session: SessionKey) -> str:
        """What stands for the person in the session's anonymous questions: always the same."""
        return hmac.new(self._key, f"author/{session}/{person}".encode(), hashlib.sha256).hexdigest()[:32]

    def erased(self, seal: str) -> str:
        """What a tombstone keeps of a seal whose person was erased: whoever has no key cannot tell whose mark it is."""
        return hmac.new(self._key, f"erased/{seal}".encode(), hashlib.sha256).hexdigest()[:32]

    @property
    def fingerprint(self) -> str:
        """What tells the key from others and nothing of it."""
        return hmac.new(self._key, b"fingerprint", hashlib.sha256).hexdigest()[:32]


def open_anonymity(path: Path, sealed_under: str | None) -> Anonymity:
    """The key of the file, which is made (0600, in a directory of 0700) where there is none.

    `sealed_under` is the fingerprint of the key under which the database has anonymous questions; with one,
    no key is made. Raises AnonymityKeyMissing, AnonymityKeyDiffers and AnonymityKeyUnusable.
    """
    try:
        if not path.exists():
            if sealed_under is not None:
                raise AnonymityKeyMissing(path)
            _make(path)
        anonymity = Anonymity(_read(path))
    except OSError as error:
        raise AnonymityKeyUnusable(path, error.strerror or type(error).__name__) from error
    if sealed_under is not None and anonymity.fingerprint != sealed_under:
        raise AnonymityKeyDiffers(path)
    return anonymity


def forget(path: Path, sealed_under: str | None) -> bool:
    """Destroy the key of the file: overwrite it where it lies, then remove it. False where there is no file.

    Nobody who has not made a copy can tell any more whose a seal is; what a disk keeps of what was overwritten is
    out of reach here. Raises AnonymityKeyDiffers where the key is not the one of `sealed_under`, if that is
    given, and AnonymityKeyUnusable where the file holds no key or cannot be destroyed.
    """
    try:
        if not path.exists():
            return False
        # Of an attempt that was interrupted only the removal is left to do.
        if path.read_bytes() != _OVERWRITTEN:
            if sealed_under is not None and Anonymity(_read(path)).fingerprint != sealed_under:
                raise AnonymityKeyDiffers(path)
            _read(path)
            with path.open("r+b") as file:
                file.write(_OVERWRITTEN)
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        path.unlink()
        _keep_folder(path.parent)
    except OSError as error:
        raise AnonymityKeyUnusable(path, error.strerror or type(error).__name__) from error
    return True


def _read(path: Path) -> bytes:
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        path.chmod(0o600)
    try:
        key = bytes.fromhex(path.read_text("ascii").strip())
    except ValueError as error:
        raise AnonymityKeyUnusable(path, "no key") from error
    if len(key) != _KEY_BYTES:
        raise AnonymityKeyUnusable(path, "no key")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_bytes(_KEY_BYTES).hex() + "\n")
            file.flush()
            os.fsync(file.fileno())
        # A link never replaces: of two processes that start at once, both go on with the first one's key.
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    _keep_folder(path.parent)


def _keep_folder(path: Path) -> None:
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
