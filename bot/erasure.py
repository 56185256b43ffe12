"""Erasing what is kept about people: when one of them asks for it, and for everybody when the time has come.

First a tombstone is written beside the database, then the database changes in one operation, then what was freed in
its files is emptied. So nobody who was told to be erased comes back with an older copy of the database, and a death in
between leaves the rest to the next start.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from bot.agenda import Event
from bot.anonymity import Anonymity
from bot.clock import Clock, from_ms
from bot.config import Config
from bot.errors import NotSaved, NotSavedReason, Refusal
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.live_agenda import LiveAgenda
from bot.questions import WAITING, By, State
from bot.queue_operations import move
from bot.storage import backup, tombstones
from bot.storage.erasure_posts import ErasurePost, PostOutcome, Unchanged
from bot.storage.erasures import Sealed
from bot.storage.personal import ERASED as ERASED
from bot.storage.store import Store, Transaction
from bot.storage.tombstones import Tombstone

log = logging.getLogger(__name__)

#: The hour of the event's zone at which it is looked daily whether the time has come.
_LOOKS_AT = time(4)


@dataclass
class ErasureDelayed(Refusal):
    """The erasure is noted and will be done; the database cannot take it at this moment."""


@dataclass(frozen=True, slots=True)
class Held:
    """All that is kept about a person, to be shown to them. `anonymous` is None where it was not asked for."""

    person: PersonId
    as_of: datetime
    tables: Mapping[str, Sequence[Mapping[str, Any]]] = field(repr=False)
    earlier_texts: Sequence[Mapping[str, Any]] = field(repr=False)
    anonymous: Sequence[Mapping[str, Any]] | None = field(repr=False)

    @property
    def rows(self) -> int:
        """How many rows there are, anonymous questions apart."""
        return sum(len(rows) for rows in self.tables.values())


@dataclass(frozen=True, slots=True)
class Purged:
    """What was erased when the time had come, or would be: people, questions, and copies of the database."""

    people: int
    questions: int
    copies: tuple[Path, ...]

    @property
    def is_nothing(self) -> bool:
        return not (self.people or self.questions or self.copies)


class Erasure:
    """Made by `open_erasure` alone."""

    def __init__(
        self, store: Store, database: Path, agenda: LiveAgenda, config: Config, clock: Clock, anonymity: Anonymity
    ) -> None:
        self._store = store
        self._database = database
        self._agenda = agenda
        self._zone = config.timezone
        self._clock = clock
        self._anonymity = anonymity
        self._retention = timedelta(days=config.privacy.retention_days)
        self._due_on = config.keep_until
        self._backups = config.backups.folder
        self._one_at_a_time = asyncio.Lock()
        self._tombstones: Mapping[str, Tombstone] = {}
        self._gone: dict[str, Tombstone] = {}
        self._untold: dict[str, Tombstone] = {}
        self._known_gone: dict[PersonId, bool] = {}
        self._delayed: list[tuple[Tombstone, PersonId, tuple[str, ...]]] = []
        self._to_scrub = False
        self._listeners: list[Callable[[SessionKey], None]] = []

    @property
    def _event(self) -> Event:
        return self._agenda.event

    # What is kept

    async def held(self, person: PersonId, *, anonymous: bool) -> Held:
        """All that is kept about the person; what they asked anonymously only where that is wanted."""
        seals = self._seals(person)
        now = self._clock.now()

        def look(tx: Any) -> Held:
            tables = tx.erasures.held(person)
            asked = tx.erasures.anonymous(seals) if anonymous else None
            numbers = [row["number"] for row in (*tables.get("questions", ()), *(asked or ()))]
            return Held(person, now, tables, tx.erasures.earlier_texts(numbers), asked)

        return await self._store.read(look)

    # One person

    async def erase(self, person: PersonId, names: Iterable[str], *, keeps_anonymous: bool = False) -> None:
        """Erase the person. `names` are those under which Discord shows them.

        Raises NotSaved where nothing was done, and ErasureDelayed where it is noted and will be done.
        """
        marks = [self._anonymity.erased(seal) for seal in self._seals(person)]
        tombstone = tombstones.of_person(person, marks, keeps_anonymous=keeps_anonymous)
        async with self._one_at_a_time:
            await self._note(tombstone)
            self._delayed.append((tombstone, person, tuple(names)))
            await self._do_delayed()

    async def catch_up(self) -> None:
        """Do what the database could not take before. Raises ErasureDelayed where it still cannot."""
        async with self._one_at_a_time:
            await self._do_delayed()
            await self._scrub()

    @property
    def lags(self) -> bool:
        """Whether something is left for `catch_up`."""
        return bool(self._delayed) or self._to_scrub

    def on_erased(self, listener: Callable[[SessionKey], None]) -> None:
        """Call `listener` with each session whose questions may look otherwise after an erasure."""
        self._listeners.append(listener)

    # Those who were erased and come back

    def is_gone(self, person: PersonId) -> bool:
        """Whether the person was erased and has done nothing since."""
        if not self._gone:
            return False
        if person not in self._known_gone:
            self._known_gone[person] = any(each.is_of(person) for each in self._gone.values())
        return self._known_gone[person]

    async def came_back(self, person: PersonId) -> bool:
        """Whether a new record of somebody who was erased begins with what they have just done; True once."""
        if not self.is_gone(person):
            return False
        theirs = [each for each, tombstone in self._gone.items() if tombstone.is_of(person)]

        def note(tx: Transaction) -> bool:
            if not tx.erasures.has_any(person):
                return False
            for each in theirs:
                tx.erasures.note_returned(each, tx.now)
            return True

        if not await self._store.write(note):
            return False
        for each in theirs:
            self._untold[each] = self._gone.pop(each)
        self._known_gone.clear()
        log.info("erasure.returned")
        return True

    def is_owed_notice(self, person: PersonId) -> bool:
        """Whether the person came back and was not told that a new record of theirs began."""
        return any(each.is_of(person) for each in self._untold.values())

    async def note_told_of_return(self, person: PersonId) -> None:
        """The person was told, or cannot be."""
        theirs = [each for each, tombstone in self._untold.items() if tombstone.is_of(person)]

        def note(tx: Transaction) -> None:
            for each in theirs:
                tx.erasures.note_told(each, tx.now)

        await self._store.write(note)
        for each in theirs:
            del self._untold[each]

    # Everybody, when the time has come

    @property
    def due_at(self) -> datetime:
        """When what is kept about people is to go."""
        return datetime.combine(self._due_on, time(), self._zone)

    @property
    def is_due(self) -> bool:
        return self._clock.now() >= self.due_at

    async def was_purged(self) -> bool:
        """Whether everybody was erased."""
        everybody = {each.id for each in self._of_everybody()}
        return bool(everybody) and await self._store.read(lambda tx: tx.erasures.has_applied(everybody))

    def next_look(self) -> datetime:
        """When to look again whether the time has come."""
        now = self._clock.now().astimezone(self._zone)
        today = datetime.combine(now.date(), _LOOKS_AT, self._zone)
        return today if now < today else datetime.combine(now.date() + timedelta(days=1), _LOOKS_AT, self._zone)

    async def would_purge(self) -> Purged:
        """What `purge` would do now."""
        if not self.is_due:
            return Purged(0, 0, self._old_copies())
        people, questions = await self._store.read(lambda tx: (len(tx.erasures.people()), tx.erasures.how_many_texts()))
        return Purged(people, questions, self._old_copies())

    async def purge(self) -> Purged:
        """Erase everybody where the time has come, and remove old copies of the database beside it; what was done.

        Copies that lie elsewhere, and files that were made by hand, are out of reach. Raises NotSaved and OSError.
        """
        async with self._one_at_a_time:
            found = await self.would_purge()
            if self.is_due and await self._store.read(lambda tx: tx.erasures.has_words()):
                tombstone = tombstones.of_everybody()
                await self._note(tombstone)
                await self._store.write(lambda tx: tx.erasures.apply(tombstone, None, tx.now))
                self._gone.clear()
                self._known_gone.clear()
                self._to_scrub = True
                self._tell([session.key for session in self._event.sessions])
                log.info("erasure.everybody people=%d questions=%d", found.people, found.questions)
            await self._forget_single_erasures()
            await asyncio.to_thread(backup.remove_copies, found.copies)
            await self._scrub()
        return found

    # The bot's posts

    async def posts(self) -> Sequence[ErasurePost]:
        """The messages that are still to be changed."""
        return await self._store.read(lambda tx: tx.erasure_posts.waiting())

    async def settle(self, post: ErasurePost, outcome: PostOutcome) -> None:
        await self._store.write(lambda tx: tx.erasure_posts.settle(post.id, outcome, tx.now))

    async def note_attempt(self, post: ErasurePost) -> None:
        await self._store.write(lambda tx: tx.erasure_posts.note_attempt(post.id))

    async def live_message_shown(self, message: MessageId) -> None:
        """A message that is kept up to date was made anew."""
        await self._store.write(lambda tx: tx.erasure_posts.settle_live(message))

    async def live_since(self, message: MessageId) -> datetime | None:
        """Since when a message that is kept up to date stands; None where another stands in its place."""
        return await self._store.read(lambda tx: tx.erasure_posts.live_since(message))

    async def answer_text(self, number: QuestionNumber, generation: int) -> str:
        """What a generation of a question's answer says by now."""
        return await self._store.read(lambda tx: tx.erasure_posts.answer_text(number, generation))

    async def unchanged(self) -> Sequence[Unchanged]:
        """What organizers are to be told of."""
        return await self._store.read(lambda tx: tx.erasure_posts.unchanged())

    async def note_told(self, told: Iterable[Unchanged]) -> None:
        posts = [each.id for each in told]
        await self._store.write(lambda tx: tx.erasure_posts.forget(posts))

    # How it is done

    async def open(self) -> None:
        """Finish what an earlier run, or an older copy of the database, left to be done."""
        self._tombstones = await asyncio.to_thread(tombstones.read, self._database)
        async with self._one_at_a_time:
            await self._store.write(self._follow_up)
            gone, untold = await self._store.read(
                lambda tx: (tx.erasures.not_returned(), tx.erasures.returned_untold())
            )
            self._gone = {each: t for each, t in self._tombstones.items() if each in gone and t.digest}
            self._untold = {each: t for each, t in self._tombstones.items() if each in untold and t.digest}
            self._to_scrub = await self._store.read(lambda tx: tx.erasures.any_applied())
            await self._scrub()

    async def _note(self, tombstone: Tombstone) -> None:
        try:
            await asyncio.to_thread(tombstones.add, self._database, [tombstone])
        except OSError as error:
            raise NotSaved(NotSavedReason.INPUT_OUTPUT) from error
        self._tombstones = {**self._tombstones, tombstone.id: tombstone}

    async def _do_delayed(self) -> None:
        while self._delayed:
            tombstone, person, names = self._delayed[0]

            def erase(
                tx: Transaction, it: Tombstone = tombstone, who: PersonId = person, known_as: tuple[str, ...] = names
            ) -> list[SessionKey]:
                tx.erasures.apply(it, who, tx.now, names=known_as, there_until=tx.now)
                return self._follow_up(tx)

            try:
                sessions = await self._store.write(erase)
            except NotSaved as trouble:
                log.warning("erasure.delayed reason=%s", trouble.reason)
                raise ErasureDelayed from trouble
            self._delayed.pop(0)
            self._gone[tombstone.id] = tombstone
            self._known_gone.clear()
            self._to_scrub = True
            log.info("erasure.done")
            self._tell(sessions)
            await self._scrub()

    async def _forget_single_erasures(self) -> None:
        """Where everybody was erased, nothing is anybody's in an older copy either: the last of these tombstones says
        all that the others said, and nobody's digest has to be kept."""
        applied = await self._store.read(lambda tx: tx.erasures.last_of([t.id for t in self._of_everybody()]))
        if applied is not None and len(self._tombstones) > 1:
            self._tombstones = {applied: self._tombstones[applied]}
            await asyncio.to_thread(tombstones.keep, self._database, self._tombstones.values())

    def _of_everybody(self) -> list[Tombstone]:
        return [each for each in self._tombstones.values() if each.digest is None]

    def _follow_up(self, tx: Transaction) -> list[SessionKey]:
        """Anonymous questions, and the queue: what has no text any more waits for nothing. All sessions, since in any
        of them something may look otherwise."""
        unsealed = [self._tombstones[each] for each in tx.erasures.unsealed() if each in self._tombstones]
        tx.erasures.unseal(lambda seal: self._becomes(seal, unsealed), tx.now)
        for number, key in tx.erasures.waiting_without_text():
            self._withdraw(tx, number, key)
        return [session.key for session in self._event.sessions]

    def _becomes(self, seal: str, unsealed: Sequence[Tombstone]) -> Sealed:
        mark = self._anonymity.erased(seal)
        theirs = [each for each in unsealed if mark in each.marks]
        if not theirs:
            return Sealed.OTHERS
        return Sealed.UNLINKED if all(each.keeps_anonymous for each in theirs) else Sealed.ERASED

    def _withdraw(self, tx: Transaction, number: QuestionNumber, key: SessionKey) -> None:
        """Out of the queue of a session that is not over; what is past stays as it was counted."""
        question = tx.questions.find(number)
        ends = {session.key: session.ends_at for session in self._event.sessions}
        if question is not None and question.state in WAITING and tx.now < ends.get(key, tx.now):
            move(tx, question, State.WITHDRAWN, By.EVENT)

    def _seals(self, person: PersonId) -> list[str]:
        return [self._anonymity.seal(person, session.key) for session in self._event.sessions]

    def _old_copies(self) -> tuple[Path, ...]:
        now = self._clock.now()
        until = now if self.is_due else now - self._retention
        return backup.copies_until(self._database, until, self._backups)

    async def _scrub(self) -> None:
        if self._to_scrub:
            self._to_scrub = not await self._store.scrub()

    def _tell(self, sessions: Sequence[SessionKey]) -> None:
        for listener in self._listeners:
            for session in sessions:
                listener(session)


async def open_erasure(
    store: Store, database: Path, agenda: LiveAgenda, config: Config, clock: Clock, anonymity: Anonymity
) -> Erasure:
    """The erasure of the store's people, with nothing of an earlier one left to be done.

    `database` is the store's file. Raises TombstonesDamaged.
    """
    erasure = Erasure(store, database, agenda, config, clock, anonymity)
    await erasure.open()
    return erasure


def readable(held: Held, config: Config) -> dict[str, Any]:
    """What is held, for a file: instants in the event's zone, ids as texts."""

    def shown(row: Mapping[str, Any]) -> dict[str, Any]:
        return {column: _shown(column, value, config) for column, value in row.items()}

    found: dict[str, Any] = {
        "person_id": str(held.person),
        "as_of": held.as_of.astimezone(config.timezone).isoformat(timespec="seconds"),
        "time_zone": config.timezone.key,
        "tables": {table: [shown(row) for row in rows] for table, rows in held.tables.items()},
    }
    if held.earlier_texts:
        found["tables"]["question_texts"] = [
            *found["tables"].get("question_texts", ()),
            *(shown(row) for row in held.earlier_texts),
        ]
    if held.anonymous is not None:
        found["anonymous_questions"] = [shown(row) | {"anonymous": True} for row in held.anonymous]
    return found


_INSTANTS = frozenset({"at", "since", "until"})


def _shown(column: str, value: Any, config: Config) -> Any:
    if value is not None and (column in _INSTANTS or column.endswith("_at")):
        return from_ms(value).astimezone(config.timezone).isoformat(timespec="milliseconds")
    return str(value) if column.endswith("_id") and value is not None else value
