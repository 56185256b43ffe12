"""What there is to read on each day: listed in the configuration, and added by organizers while the event goes on."""

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.config import Config
from bot.ids import PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.materials import (
    LARGEST_DOCUMENT,
    PER_SESSION,
    Added,
    Material,
    MaterialFault,
    MaterialKey,
    MaterialNotAdded,
    MaterialNumber,
    MaterialUnreadable,
    NoSuchMaterial,
    file_name_kept,
)
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)


class Library:
    """Documents and links. Those of the configuration come first on each day, and stay."""

    def __init__(self, store: Store, agenda: LiveAgenda, config: Config) -> None:
        self._store = store
        self._agenda = agenda
        self._configured, self._files = _configured(config)

    async def all(self) -> Sequence[Material]:
        """Everything, by day."""
        added = await self._store.read(lambda tx: tx.materials.all())
        order = {session.key: place for place, session in enumerate(self._agenda.event.sessions)}
        known = [each for each in (*self._configured, *added) if each.session in order]
        return sorted(known, key=lambda each: order[each.session])

    async def document(self, key: MaterialKey) -> tuple[str, bytes]:
        """A document's name and content. Raises NoSuchMaterial and MaterialUnreadable."""
        if (file := self._files.get(key)) is not None:
            return file_name_kept(file.name), await asyncio.to_thread(_read, file)
        if not (key.isascii() and key.isdecimal() and len(key) <= 18):
            raise NoSuchMaterial
        found = await self._store.read(lambda tx: tx.materials.content_of(MaterialNumber(int(key))))
        if found is None:
            raise NoSuchMaterial
        return found

    async def add(self, session: SessionKey, added: Added, by: PersonId) -> MaterialNumber:
        """Put it on the day's list. Raises MaterialNotAdded and NotSaved, and KeyError for a day without session."""
        self._agenda.event.session(session)
        theirs = [each for each in self._configured if each.session == session]

        def add(tx: Transaction) -> MaterialNumber:
            there = [each for each in tx.materials.all() if each.session == session]
            if len(there) >= PER_SESSION:
                raise MaterialNotAdded(MaterialFault.TOO_MANY, PER_SESSION)
            if any(added.title in each.title.values() for each in (*theirs, *there)):
                raise MaterialNotAdded(MaterialFault.TITLE_TAKEN)
            return tx.materials.add(session, added, by, tx.now)

        number = await self._store.write(add)
        log.info("material.added number=%d session=%s document=%s", number, session, added.content is not None)
        return number

    async def remove(self, key: MaterialKey) -> Material:
        """Take one that was added off the list, its document with it. Raises NoSuchMaterial and NotSaved."""

        def remove(tx: Transaction) -> Material:
            for each in tx.materials.all():
                if each.key == key and each.number is not None and tx.materials.remove(each.number):
                    return each
            raise NoSuchMaterial

        removed = await self._store.write(remove)
        log.info("material.removed number=%s session=%s", removed.number, removed.session)
        return removed


def _configured(config: Config) -> tuple[Sequence[Material], Mapping[MaterialKey, Path]]:
    """What config.toml lists, and where the documents among it are."""
    listed: list[Material] = []
    files: dict[MaterialKey, Path] = {}
    for written in config.event.sessions:
        session = SessionKey(written.day.isoformat())
        for each in written.materials:
            key = MaterialKey("c" + hashlib.sha256(f"{session}\0{each.source}".encode()).hexdigest()[:12])
            if isinstance(each.source, Path):
                files[key] = each.source
                listed.append(Material(key, session, each.title, file_name=file_name_kept(each.source.name)))
            else:
                listed.append(Material(key, session, each.title, link=each.source))
    return listed, files


def _read(file: Path) -> bytes:
    try:
        if file.stat().st_size <= LARGEST_DOCUMENT:
            return file.read_bytes()
    except OSError as error:
        log.warning("material.unreadable file=%s reason=%s", file.name, error.strerror)
    else:
        log.warning("material.too_large file=%s", file.name)
    raise MaterialUnreadable(file.name)
