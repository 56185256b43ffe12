"""The queue of questions: what people and moderators do with it, each in one operation, whole or not at all.

Two who do the same at once are answered one after the other: the first does it, the second is told who did
(AlreadyDecided, AlreadyTaken). What is returned is saved.
"""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from bot import queue_operations as operations
from bot.agenda import Event, Language, Session
from bot.anonymity import Anonymity, open_anonymity
from bot.clock import Clock
from bot.config import Config
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.questions import (
    By,
    Figures,
    Hours,
    LiveMessage,
    Question,
    Reason,
    State,
    asking_hours,
    check_may_go_on_air,
    checked_addition,
    checked_text,
    session_to_ask_in,
)
from bot.queue_operations import Asked, Asking, Board, Lookup, Own, Shown, Taken
from bot.storage.store import Store, Transaction

log = logging.getLogger(__name__)

Listener = Callable[[SessionKey], None]


async def unlocked(store: Store, key_file: Path) -> Anonymity:
    """The key of the anonymous questions, remembered by its fingerprint. Raises as `open_anonymity` does."""
    anonymity = open_anonymity(key_file, await store.read(lambda tx: tx.questions.sealed_under()))
    await store.write(lambda tx: tx.questions.keep_key_fingerprint(anonymity.fingerprint))
    return anonymity


class Queue:
    """The questions of the whole event."""

    def __init__(
        self, store: Store, event: Event, config: Config, clock: Clock, anonymity: Anonymity, lookup: Lookup
    ) -> None:
        self._store = store
        self._event = event
        self._rules = config.questions
        self._clock = clock
        self._anonymity = anonymity
        self._lookup = lookup
        self._listeners: list[Listener] = []

    def on_change(self, listener: Listener) -> None:
        """Call `listener` with the session after each change that was saved. It must not raise."""
        self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners.remove(listener)

    def hours(self, session: Session) -> Hours:
        """From when to when the session takes questions."""
        return asking_hours(session, self._rules.opens, self._rules.closes)

    def session_to_ask_in(self) -> Session:
        """The session that takes questions now. Raises AskingNotOpen and AskingClosed."""
        return session_to_ask_in(self._event, self.hours, self._clock.now())

    def session_in_view(self) -> Session:
        """The session that moderators work on: the one under way, else today's, the next, or the last."""
        now = self._clock.now()
        return (
            self._event.session_at(now)
            or self._event.session_of_day(now)
            or self._event.next_session(now)
            or self._event.sessions[-1]
        )

    # What people do

    async def ask(
        self,
        person: PersonId,
        text: str,
        *,
        anonymous: bool,
        addressed_to: str | None,
        language: Language,
    ) -> Asked:
        """Put a question under review.

        Whoever has asked the same in this session already, by name or not, gets that question again. Whether
        one may still ask is decided by when they asked, not by when the database came to it.
        Raises EmptyText, TextTooLong, AskingNotOpen, AskingClosed, TooManyQuestions, SessionFull.
        """
        session = self.session_to_ask_in().key
        asking = Asking(
            person,
            checked_text(text, self._rules.maximum_length),
            anonymous,
            checked_addition(addressed_to, "addressee"),
            language,
        )
        asked = await self._store.write(
            lambda tx: operations.ask(
                tx,
                session,
                asking,
                self._anonymity,
                self._lookup,
                per_person=self._rules.per_person,
                per_session=self._rules.per_session,
            )
        )
        log.info("question.asked number=%d repeated=%s", asked.number, asked.repeated)
        self._tell(session)
        return asked

    async def withdraw(self, number: QuestionNumber, person: PersonId) -> Question:
        """Take one's own question out of the queue.

        Raises AlreadyDecided where it no longer waits, QuestionUnknown where it is somebody else's.
        """
        return await self._change(lambda tx: operations.withdraw(tx, number, person, self._anonymity), "withdrawn")

    async def mine(self, person: PersonId) -> Sequence[Own]:
        """The person's questions of the whole event, anonymous ones too, in order of arrival."""
        seals = [self._anonymity.seal(person, session.key) for session in self._event.sessions]
        return await self._store.read(
            lambda tx: [Own(q, operations.place(tx, q)) for q in tx.questions.of_author(person, seals)]
        )

    # What moderators do

    async def approve(self, number: QuestionNumber, moderator: PersonId) -> Question:
        """Let a question into the turns. Raises AlreadyDecided, QuestionUnknown."""
        return await self._move(number, State.APPROVED, moderator)

    async def reject(self, number: QuestionNumber, moderator: PersonId, reason: Reason, words: str | None) -> Question:
        """Refuse a question; `reason` and `words` are for its author.

        Raises AlreadyDecided, QuestionUnknown, EmptyText, TextTooLong.
        """
        return await self._move(number, State.REJECTED, moderator, reason, checked_addition(words, "words"))

    async def finish(self, number: QuestionNumber, moderator: PersonId) -> Question:
        """Close the question on air as answered, with none in its place.

        Raises AlreadyDecided, QuestionUnknown.
        """
        return await self._move(number, State.ANSWERED, moderator)

    async def take_next(
        self,
        session: SessionKey,
        moderator: PersonId,
        *,
        seen: QuestionNumber | None = None,
        early: bool = False,
    ) -> Taken:
        """Close the question on air as answered and put on air whose turn it is.

        `seen` is the question that the moderator saw on air, 0 for none. Where another is on air by now, or
        nothing was seen and one has just been put there, raises AlreadyTaken and changes nothing.
        Raises NothingApproved (the one on air stays), SessionNotOn, and QuestionTimeNotCome unless `early`.
        """
        check_may_go_on_air(self._event.session(session), self._clock.now(), early=early)
        return await self._put(lambda tx: operations.take_next(tx, session, moderator, self._rules.policy, seen))

    async def put_on_air(self, number: QuestionNumber, moderator: PersonId, *, early: bool = False) -> Taken:
        """Approve a question where that is still to be done, and put it on air at once, in turn or not.

        Raises AlreadyDecided, QuestionUnknown, SessionNotOn, and QuestionTimeNotCome unless `early`.
        """
        now = self._clock.now()
        return await self._put(lambda tx: operations.put_on_air(tx, number, moderator, self._event, now, early=early))

    async def show_again(self, number: QuestionNumber) -> Question:
        """Ask for the question on air to be posted once more. Raises AlreadyDecided, QuestionUnknown."""
        return await self._change(lambda tx: operations.show_again(tx, number), "shown_again")

    # What the event does, and what is read

    async def close_past(self) -> None:
        """Count as answered what was on air when its session ended. What waits stays as it is."""
        for question in await self._store.write(lambda tx: operations.close_past(tx, self._event)):
            log.info("question.answered number=%d by=event", question.number)
            self._tell(question.session)

    async def figures(self, session: SessionKey) -> Figures:
        """How many questions of the session stand where."""
        return await self._store.read(lambda tx: tx.questions.figures(session))

    async def board(self, session: SessionKey) -> Board:
        """What moderators see of the session, as of one instant."""
        on = self._event.session(session)
        return await self._store.read(lambda tx: operations.board(tx, on, self._rules.policy, self._lookup))

    async def shown(self, number: QuestionNumber) -> Shown:
        """One question with who asked it. Raises QuestionUnknown."""
        return await self._store.read(lambda tx: operations.shown(tx, operations.existing(tx, number), self._lookup))

    async def unposted(self) -> Sequence[Shown]:
        """The questions on air whose last showing is not known to be posted."""
        return await self._store.read(lambda tx: operations.unposted(tx, self._lookup))

    async def note_posted(self, question: Question, message: MessageId) -> None:
        """This showing of the question is the public message `message`."""
        await self._store.write(lambda tx: tx.questions.note_posted(question, message))

    async def live_message(self, name: str) -> LiveMessage | None:
        """Where the message of that name stands."""
        return await self._store.read(lambda tx: tx.questions.live_message(name))

    async def keep_live_message(self, name: str, message: LiveMessage) -> None:
        """The message of that name stands here from now on."""
        await self._store.write(lambda tx: tx.questions.keep_live_message(name, message))

    async def _move(
        self,
        number: QuestionNumber,
        to: State,
        moderator: PersonId,
        reason: Reason | None = None,
        words: str | None = None,
    ) -> Question:
        def step(tx: Transaction) -> Question:
            question = operations.existing(tx, number)
            return operations.move(tx, question, to, By.MODERATOR, moderator, reason, words)

        return await self._change(step, to)

    async def _change(self, operation: Callable[[Transaction], Question], event: str) -> Question:
        question = await self._store.write(operation)
        log.info("question.%s number=%d", event, question.number)
        self._tell(question.session)
        return question

    async def _put(self, operation: Callable[[Transaction], Taken]) -> Taken:
        taken = await self._store.write(operation)
        log.info("question.on_air number=%d", taken.on_air.number)
        self._tell(taken.on_air.session)
        return taken

    def _tell(self, session: SessionKey) -> None:
        for listener in tuple(self._listeners):
            listener(session)
