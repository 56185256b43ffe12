"""The one door for writes: all that waits goes into one transaction, in order, answered after its commit."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from datetime import datetime
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import Any, TypeVar, cast

from bot.errors import NotSaved, NotSavedReason
from bot.storage.connection import (
    BEGIN,
    COMMIT,
    ROLLBACK,
    ThreadConnection,
    WritingConnection,
    let_go,
    trouble_of,
)
from bot.storage.files import Identity
from bot.storage.nouns import Nouns

log = logging.getLogger(__name__)

T = TypeVar("T")


class Transaction(Nouns):
    """What an operation reads and writes through, while it runs and no longer."""


#: So many operations go into one transaction: enough that its commit costs each of them next to nothing, and few
#: enough that nobody who comes with an operation that goes ahead waits for long.
_MOST_AT_ONCE = 200

_SAVEPOINT = "SAVEPOINT estrado_operation"
_ROLLBACK_TO_SAVEPOINT = "ROLLBACK TO SAVEPOINT estrado_operation"
_RELEASE = "RELEASE SAVEPOINT estrado_operation"


class Call:
    """One operation that waits for its answer until `deadline`, in the loop's time. Once `answer` is done,
    either `error` is what it came to, or `result`."""

    __slots__ = ("answer", "deadline", "error", "now", "operation", "result")

    def __init__(
        self,
        operation: Callable[[Transaction], Any],
        now: datetime,
        answer: asyncio.Future[None],
        deadline: float,
    ) -> None:
        self.operation = operation
        self.now = now
        self.answer = answer
        self.deadline = deadline
        self.result: Any = None
        self.error: BaseException | None = None


class Door:
    """Takes calls in the order of `enter`, those that go ahead first, and answers each once.

    A call whose caller has gone before it was taken is dropped; one that was taken runs to its end all the
    same. `answered` is told of each call when it is done with, `troubled` of each outcome of a transaction.
    """

    def __init__(
        self,
        connection: ThreadConnection,
        identity: Identity,
        *,
        lock_patience_seconds: float,
        answered: Callable[[], None],
        troubled: Callable[[NotSavedReason | None], None],
    ) -> None:
        self._connection = connection
        self._identity = identity
        self._lock_patience_seconds = lock_patience_seconds
        self._answered = answered
        self._troubled = troubled
        self._ahead: deque[Call] = deque()
        self._waiting: deque[Call] = deque()
        self._running: list[Call] = []
        self._bell = asyncio.Event()
        self._closing_at: float | None = None
        self._loop = asyncio.get_running_loop()
        self._locked_since: float | None = None
        self._writer = self._loop.create_task(self._serve(), name="estrado-store-writer")

    @property
    def pending(self) -> int:
        """How many calls are not answered yet, those that run included."""
        return len(self._ahead) + len(self._waiting) + len(self._running)

    def enter(self, call: Call, *, ahead: bool = False) -> None:
        """Put a call at the end of the queue, or of those that go `ahead` of it; it is refused at once where the door
        has been closed."""
        if self._closing_at is not None or self._writer.done():
            self._refuse(call, NotSavedReason.CLOSED)
            return
        (self._ahead if ahead else self._waiting).append(call)
        self._bell.set()

    async def close(self, patience_seconds: float) -> None:
        """Take nothing more and return once everybody is answered.

        A lock of somebody else's is waited for so long at most.
        """
        if self._closing_at is None:
            self._closing_at = self._loop.time() + patience_seconds
        self._bell.set()
        try:
            await asyncio.wait([self._writer])
        finally:
            self._writer.cancel()

    async def _serve(self) -> None:
        try:
            while await self._something_to_do():
                self._running = self._take()
                if self._running:
                    await self._run()
        finally:
            # Only a loop that is being torn down cancels the writer. What runs may be committed or not.
            for call in self._running:
                call.answer.cancel()
                self._answered()
            self._running = []
            for waiting in (self._ahead, self._waiting):
                while waiting:
                    self._refuse(waiting.popleft(), NotSavedReason.CLOSED)

    async def _something_to_do(self) -> bool:
        while not self._waiting and not self._ahead:
            if self._closing_at is not None:
                return False
            self._bell.clear()
            await self._bell.wait()
        return True

    def _take(self) -> list[Call]:
        taken: list[Call] = []
        while len(taken) < _MOST_AT_ONCE and (waiting := self._ahead or self._waiting):
            call = waiting.popleft()
            if call.answer.done():
                self._answered()
            else:
                taken.append(call)
        return taken

    async def _run(self) -> None:
        calls = self._running
        try:
            reason = await self._connection.run(lambda connection: self._transact(connection, calls))
        except _LockedOut:
            self._wait_on()
            return
        except Exception:
            # Whatever it was, its transaction is undone before the next begins, and that one may go well.
            log.exception("store.writer_failed")
            reason = NotSavedReason.INPUT_OUTPUT
        self._running = []
        self._locked_since = None
        if reason is not None:
            log.warning("store.not_saved reason=%s operations=%d", reason, len(calls))
        self._troubled(reason)
        for call in calls:
            if reason is not None:
                self._refuse(call, reason)
            else:
                self._answer(call)

    def _wait_on(self) -> None:
        """Back to the head of the queue with those that can wait on."""
        now = self._loop.time()
        if self._locked_since is None:
            self._locked_since = now
            log.warning("store.locked_out operations=%d", len(self._running))
        if now - self._locked_since >= self._lock_patience_seconds:
            self._troubled(NotSavedReason.LOCKED)
        closing = self._closing_at is not None and self._closing_at <= now
        self._waiting.extendleft(reversed(self._running))
        self._running = []
        # All of them: whoever stands behind those that wait for ever must not wait for ever as well.
        for waiting in (self._ahead, self._waiting):
            for call in [each for each in waiting if closing or each.deadline <= now]:
                waiting.remove(call)
                self._refuse(call, NotSavedReason.LOCKED)

    def _answer(self, call: Call) -> None:
        if not call.answer.done():
            call.answer.set_result(None)
        elif call.error is not None:
            log.warning("store.failed_unheard error=%s", type(call.error).__name__)
        self._answered()

    def _refuse(self, call: Call, reason: NotSavedReason) -> None:
        call.error = NotSaved(reason)
        if not call.answer.done():
            call.answer.set_result(None)
        self._answered()

    def _transact(self, opened: sqlite3.Connection, calls: list[Call]) -> NotSavedReason | None:
        """On the database's thread: None once committed, or why nothing was saved. Raises _LockedOut."""
        connection = cast(WritingConnection, opened)
        if not self._identity.holds():
            return NotSavedReason.REPLACED
        try:
            if connection.in_transaction:
                connection.control(ROLLBACK)
            connection.control(BEGIN)
        except sqlite3.Error as error:
            reason = trouble_of(error) or NotSavedReason.INPUT_OUTPUT
            if reason is NotSavedReason.LOCKED:
                raise _LockedOut from None
            return reason
        try:
            # What the nouns are made of is the same for all of them.
            tx = Transaction(connection, calls[0].now)
            for call in calls:
                tx.now = call.now
                _perform(connection, tx, call)
            connection.control(COMMIT)
        except sqlite3.Error as error:
            # Only the writer's own statements get here, or an operation's that took the transaction with it.
            log.debug("store.given_up code=%s", getattr(error, "sqlite_errorname", None))
            return trouble_of(error) or NotSavedReason.INPUT_OUTPUT
        finally:
            if connection.in_transaction:
                connection.control(ROLLBACK)
            # A commit carries the log over now and then, also where it fails over that.
            self._identity.leave()
        return None


class _LockedOut(Exception):
    """Another process has the write lock."""


def _perform(connection: WritingConnection, tx: Transaction, call: Call) -> None:
    """Run one operation in its savepoint. Raises sqlite3.Error only where the whole transaction is lost."""
    connection.execute(_SAVEPOINT)
    try:
        call.result = finished(call.operation(tx))
    except BaseException as error:
        # Whatever it is, it belongs to this caller and to nobody else.
        let_go(error)
        if isinstance(error, sqlite3.Error) and (trouble_of(error) or not connection.in_transaction):
            raise
        connection.execute(_ROLLBACK_TO_SAVEPOINT)
        call.error = error
    connection.execute(_RELEASE)


def finished(result: T) -> T:
    """`result`. Raises TypeError where it is nothing yet: it would run later, on another thread."""
    if isinstance(result, GeneratorType | CoroutineType):
        result.close()
    elif not isinstance(result, AsyncGeneratorType):
        return result
    raise TypeError(f"must return its result, not a {type(result).__name__}")
