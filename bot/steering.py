"""Steering the day: what an organizer or moderator changes is prepared, seen, confirmed once, and told to everybody.

What everybody is to be told is kept in the transaction of what it tells of; who posts it is elsewhere.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from bot.agenda import Event, Session
from bot.agenda_changes import ChangeKind, Hours, cancel, delay, move, open_questions, recast
from bot.agenda_differences import differences, last_end, retitled, written
from bot.clock import Clock, from_ms, to_ms
from bot.errors import NothingBehindThis, Refusal
from bot.ids import BlockKey, PersonId, SessionKey
from bot.languages import Text
from bot.live_agenda import Changed, LiveAgenda, Rule
from bot.queue import Queue
from bot.storage.public_words import DraftId, Words, WordsId, WordsKind
from bot.storage.store import Store, Transaction

__all__ = ["Command", "Confirmed", "DraftId", "Steering", "Words", "WordsId", "WordsKind"]

log = logging.getLogger(__name__)

#: What an organizer says to everybody is said within this time, or not at all.
_SAID_WITHIN = timedelta(hours=12)

_SAY = "say"

T = TypeVar("T")


@dataclass
class AlreadyConfirmed(Refusal):
    """It was confirmed before."""


@dataclass
class ChangesNothing(Refusal):
    """The programme says all of this already."""


@dataclass
class HoursUnreadable(Refusal):
    """Not the start and end of a block."""

    text: str


@dataclass
class AlreadyPaused(Refusal):
    """No questions are taken already."""


@dataclass
class NothingToPause(Refusal):
    """No session takes questions now."""


@dataclass(frozen=True, slots=True)
class Command:
    """A change of the programme, as it can be kept until it is confirmed."""

    kind: ChangeKind
    values: Mapping[str, Any]
    reason: str | None = None

    @classmethod
    def delay(cls, minutes: int, reason: str | None) -> "Command":
        return cls(ChangeKind.DELAY, {"minutes": minutes}, reason)

    @classmethod
    def move(cls, block: BlockKey, hours: Hours, reason: str | None) -> "Command":
        starts_at, ends_at = to_ms(hours.starts_at), to_ms(hours.ends_at)
        return cls(ChangeKind.MOVE, {"block": block, "starts_at": starts_at, "ends_at": ends_at}, reason)

    @classmethod
    def cancel(cls, block: BlockKey, reason: str | None) -> "Command":
        return cls(ChangeKind.CANCEL, {"block": block}, reason)

    @classmethod
    def recast(
        cls,
        block: BlockKey,
        reason: str | None,
        *,
        title: Text | None = None,
        speakers: tuple[Text, ...] | None = None,
        moderator: Text | None = None,
        moderator_role: int | None = None,
    ) -> "Command":
        values = {"title": title, "speakers": speakers, "moderator": moderator, "moderator_role": moderator_role}
        return cls(ChangeKind.RECAST, {"block": block, **values}, reason)

    @classmethod
    def open_questions(cls) -> "Command":
        return cls(ChangeKind.OPEN_QUESTIONS, {})

    @property
    def rule(self) -> Rule:
        """What it makes of an event."""
        values = dict(self.values)
        key = BlockKey(values.pop("block", ""))
        match self.kind:
            case ChangeKind.DELAY:
                return partial(delay, **values)
            case ChangeKind.MOVE:
                return partial(move, key=key, hours=Hours(from_ms(values["starts_at"]), from_ms(values["ends_at"])))
            case ChangeKind.CANCEL:
                return partial(cancel, key=key)
            case ChangeKind.RECAST:
                speakers = values.pop("speakers")
                return partial(recast, key=key, speakers=None if speakers is None else tuple(speakers), **values)
            case ChangeKind.OPEN_QUESTIONS:
                return open_questions
            case ChangeKind.RELOAD:
                raise ValueError("a configuration is read anew by itself")


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What was done: the change of the programme, or None where something was said."""

    changed: Changed | None


class Steering:
    """What is done to a day that goes on. Each thing is one transaction, and so is what everybody is told of it."""

    def __init__(self, store: Store, agenda: LiveAgenda, queue: Queue, clock: Clock) -> None:
        self._store = store
        self._agenda = agenda
        self._queue = queue
        self._clock = clock
        self._listeners: list[Callable[[], None]] = []

    def on_words(self, listener: Callable[[], None]) -> None:
        """Call `listener` when there is something new to tell everybody."""
        self._listeners.append(listener)

    # Preparing and confirming

    async def prepare(self, by: PersonId, command: Command) -> tuple[DraftId, Changed]:
        """What the command would make of the programme, to be confirmed by the same person.

        Raises ChangesNothing, NothingBehindThis for a block that is not in the programme, and what
        bot.agenda_changes refuses.
        """
        try:
            changed = self._agenda.preview(command.kind, command.rule)
        except KeyError as error:
            raise NothingBehindThis from error
        _check_changes(changed)
        content = {"values": dict(command.values), "reason": command.reason}
        draft = await self._store.write(
            lambda tx: tx.public_words.add_draft(command.kind.value, content, changed.revision, by, tx.now)
        )
        return draft, changed

    async def prepare_words(self, by: PersonId, text: Text) -> DraftId:
        """What is to be said to everybody, to be confirmed by the same person."""
        revision = self._agenda.revision
        return await self._store.write(
            lambda tx: tx.public_words.add_draft(_SAY, {"text": dict(text)}, revision, by, tx.now)
        )

    async def kind_of(self, draft_id: DraftId) -> str:
        """What was prepared. Raises NothingBehindThis."""
        draft = await self._store.read(lambda tx: tx.public_words.draft(draft_id))
        if draft is None:
            raise NothingBehindThis
        return draft.kind

    async def confirm(self, by: PersonId, draft_id: DraftId) -> Confirmed:
        """Do what was prepared.

        Raises AlreadyConfirmed, NothingBehindThis where somebody else prepared it, ChangedMeanwhile where the
        programme is not the one that was seen, and what `prepare` refuses.
        """
        draft = await self._store.read(lambda tx: tx.public_words.draft(draft_id))
        if draft is None or draft.made_by != by:
            raise NothingBehindThis
        if draft.is_confirmed:
            raise AlreadyConfirmed
        if draft.kind == _SAY:
            await self._store.write(lambda tx: self._say(tx, by, draft_id, draft.content))
            self._tell()
            return Confirmed(None)
        command = Command(ChangeKind(draft.kind), draft.content["values"], draft.content["reason"])

        def also(tx: Transaction, changed: Changed) -> None:
            _confirm(tx, by, draft_id)
            _check_changes(changed)
            _keep_words(tx, changed, command.reason)

        try:
            changed = await self._agenda.change(
                command.kind, command.rule, by=by, reason=command.reason, seen=draft.revision, also=also
            )
        except KeyError as error:
            raise NothingBehindThis from error
        self._tell()
        return Confirmed(changed)

    async def reload(self, planned: Event) -> Changed:
        """Go on with another configuration's event, and tell everybody where it differs. Raises as the agenda does."""
        changed = await self._agenda.reload(planned, also=lambda tx, made: _keep_words(tx, made, None))
        self._tell()
        return changed

    # Pausing the questions

    async def pause(self, by: PersonId) -> Session:
        """Take no new questions in the session that takes them now. Raises NothingToPause and AlreadyPaused."""
        session = self._asked_in()
        if session is None:
            raise NothingToPause

        def keep(tx: Transaction) -> None:
            if not tx.agenda_changes.pause(session.key, by, tx.now):
                raise AlreadyPaused
            tx.public_words.add(WordsKind.PAUSED, session.key, {}, tx.now, session.ends_at)

        await self._store.write(keep)
        log.info("questions.paused session=%s", session.key)
        self._queue.changed(session.key)
        self._tell()
        return session

    async def resume(self, by: PersonId) -> bool:
        """Take questions again; False where they were not paused."""
        session = self._asked_in()
        if session is None:
            return False

        def keep(tx: Transaction) -> bool:
            resumed = tx.agenda_changes.resume(session.key, by, tx.now)
            if resumed:
                tx.public_words.add(WordsKind.RESUMED, session.key, {}, tx.now, session.ends_at)
            return resumed

        resumed = await self._store.write(keep)
        if resumed:
            log.info("questions.resumed session=%s", session.key)
            self._queue.changed(session.key)
            self._tell()
        return resumed

    async def is_paused(self, session: SessionKey) -> bool:
        """Whether no questions are taken in the session for now."""
        return await self._store.read(lambda tx: tx.agenda_changes.is_paused(session))

    # What everybody is still to be told

    async def untold(self) -> list[Words]:
        """In order."""
        return await self._store.read(lambda tx: tx.public_words.untold())

    async def told(self, words: WordsId) -> None:
        """It is in its channels, or is given up."""
        await self._store.write(lambda tx: tx.public_words.told(words, tx.now))

    def _asked_in(self) -> Session | None:
        now = self._clock.now()
        for session in self._agenda.event.sessions:
            hours = self._queue.hours(session)
            if hours.opens_at <= now < hours.closes_at:
                return session
        return None

    def _say(self, tx: Transaction, by: PersonId, draft: DraftId, content: Mapping[str, Any]) -> None:
        _confirm(tx, by, draft)
        event, now = self._agenda.event, tx.now
        session = event.session_of_day(now) or event.next_session(now) or event.sessions[-1]
        tx.public_words.add(WordsKind.SAID, session.key, content, now, now + _SAID_WITHIN)

    def _tell(self) -> None:
        for listener in self._listeners:
            listener()


def _confirm(tx: Transaction, by: PersonId, draft: DraftId) -> None:
    if not tx.public_words.confirm_draft(draft, by, tx.now):
        raise AlreadyConfirmed


def _check_changes(changed: Changed) -> None:
    if changed.before == changed.after:
        raise ChangesNothing


def _keep_words(tx: Transaction, changed: Changed, reason: str | None) -> None:
    """One notice of all that is billed otherwise; none where only rights changed hands."""
    found, themes = differences(changed.before, changed.after), retitled(changed.before, changed.after)
    sessions = [*(each.session for each in found), *(each.session for each in themes)]
    if sessions:
        content: dict[str, Any] = {
            "reason": reason,
            "differences": written(found),
            "themes": [[each.session, dict(each.before), dict(each.after)] for each in themes],
        }
        ends = [changed.after.session(each.session).ends_at for each in themes]
        until = max([*ends, *([last_end(found)] if found else [])])
        tx.public_words.add(WordsKind.CHANGE, min(sessions), content, tx.now, until)
