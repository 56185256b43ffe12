"""`estrado run`: the event from opening the database to closing it."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from pathlib import Path

import aiohttp

from bot.config import Config
from bot.connection import TimeGone
from bot.cues import Cue, CueKey, Due, NeverSent, due, plan, reference
from bot.errors import Refusal
from bot.followed_clock import RehearsalGone
from bot.languages import Language, text_in
from bot.observing import Connection, observe
from bot.operator.console import DONE, FALLS_SHORT
from bot.operator.rereading import rereading
from bot.operator.stopping import Stopping
from bot.operator.timekeeping import Timekeeping
from bot.phrases import operator
from bot.services import Services, open_services
from bot.status import Status
from bot.storage.notices import Entry

log = logging.getLogger(__name__)

#: How often to look whether all has been sent, once the last thing was due.
_LOOK_AGAIN_SECONDS = 10.0

#: What could not be posted so long after the last thing was due, or after a start later than that, is given up: a
#: channel that nobody mends must not keep the bot for ever, and a restart tries again.
GIVES_UP_AFTER = timedelta(hours=12)

#: Connects the bot for the length of a block.
Launch = Callable[[Services, str, aiohttp.TraceConfig | None], AbstractAsyncContextManager[Connection]]

#: Says which refusal an error of the connection amounts to, if any.
Explain = Callable[[BaseException], Refusal | None]


class Ended(Enum):
    """Why the bot is not running any more."""

    OVER = auto()
    ASKED = auto()


@dataclass(frozen=True)
class Run:
    """One start of the bot. `new_database` allows an empty one even after the first session has begun."""

    config: Config
    database: Path | None
    token: str
    new_database: bool
    language: Language
    launch: Launch
    explain: Explain
    timekeeping: Timekeeping
    stopping: Stopping
    #: The configuration as it is in its file by now.
    reread: Callable[[], Config]
    #: Says a sentence to the operator.
    say: Callable[[str], None]
    #: Where on this machine it tells how it is doing; None: nowhere.
    http_port: int | None

    def __call__(self) -> int:
        """Run until the event is over or the process is asked to stop, say why it ended, and return the exit code.

        The process has to end soon after, and is made to.
        """
        try:
            with asyncio.Runner(loop_factory=self.timekeeping.loop_factory) as runner:
                ended = runner.run(self._until_ended())
        except Exception as error:  # noqa: BLE001 -- the one place where whatever ended the bot is told
            self._tell(error)
            return FALLS_SHORT
        finally:
            self.stopping.begin()
        event = text_in(self.config.agenda.name, self.language)
        self.say(operator.over(event, self.language) if ended is Ended.OVER else operator.stopped(self.language))
        return DONE

    async def _until_ended(self) -> Ended:
        work = asyncio.create_task(self._work(), name="event")
        asked = asyncio.create_task(self.stopping.asked(), name="asked to stop")
        await asyncio.wait({work, asked}, return_when=asyncio.FIRST_COMPLETED)
        asked.cancel()
        if not work.done() and not self.stopping.begun:
            work.cancel()
        try:
            await work
        except asyncio.CancelledError:
            return Ended.ASKED
        return Ended.OVER

    async def _work(self) -> None:
        """All of it; ends by itself once nothing is left to do. Raises NeverSent where it could not all be done."""
        database = self.database or self.config.storage.database
        event = self.config.agenda
        async with self.timekeeping.clock() as clock:
            if event.is_over(clock.now()) and not database.exists():
                return
            may_create = self.new_database or clock.now() < event.sessions[0].starts_at
            async with open_services(self.config, clock, database, may_create=may_create) as services:
                # Where nobody has run it for months, this is what is left to be done.
                await services.erasure.purge()
                stays_until = _stays_until(services)
                is_over = clock.now() >= stays_until and await _nothing_left(services)
                if is_over and await _nothing_to_change(services):
                    return
                try:
                    async with (
                        self.launch(services, self.token, self.timekeeping.http_trace) as bot,
                        _monitoring(self.http_port, partial(observe, services, bot)),
                        services.backups.nightly(),
                        rereading(services, self.reread, self.say, self.language),
                    ):
                        self.say(operator.running(text_in(event.name, self.language), self.language))
                        try:
                            unsent = await _until_nothing_left(services)
                            if not unsent:
                                # From now on it only answers those who come for what is theirs.
                                await services.agenda.sleep_until(lambda _event: _stays_until(services))
                                await _until_posts_are_changed(services)
                        finally:
                            self.stopping.begin()
                finally:
                    self.stopping.begin()
                if unsent:
                    raise NeverSent(tuple(reference(cue) for cue in unsent))

    def _tell(self, error: Exception) -> None:
        refusal = TimeGone() if _has(error, RehearsalGone) else self.explain(error)
        if refusal is not None:
            log.debug("ended", exc_info=error)
            self.say(operator.told(refusal, self.language))
            return
        reference = secrets.token_hex(3)
        log.error("failed reference=%s", reference, exc_info=error)
        self.say(operator.failed(reference, self.language))


def nothing_left(cues: Sequence[Cue], ledger: Iterable[Entry], now: datetime) -> bool:
    """Whether every cue is past, and sent or settled otherwise wherever it goes, or too late to be sent."""
    left = _left(cues, ledger, now)
    return not left.send and left.next_at is None


def _left(cues: Sequence[Cue], ledger: Iterable[Entry], now: datetime) -> Due:
    entries = tuple(ledger)
    unsettled = {entry.key for entry in entries if entry.settled_at is None}
    settled = {CueKey(entry.key) for entry in entries if entry.key not in unsettled}
    return due(cues, settled, now)


def _stays_until(services: Services) -> datetime:
    """Until when participants can get what is given after the event."""
    return services.event.sessions[-1].ends_at + timedelta(days=services.config.certificates.available_days)


def _cues(services: Services) -> tuple[Cue, ...]:
    return plan(services.event, services.config.announcements)


async def _nothing_left(services: Services) -> bool:
    return nothing_left(_cues(services), await services.notices.ledger(), services.clock.now())


def _monitoring(port: int | None, look: Callable[[], Awaitable[Status]]) -> AbstractAsyncContextManager[int | None]:
    """Answer on `port`, where one was given, for the length of the block."""
    if port is None:
        return nullcontext()
    from bot.operator.monitoring import monitoring  # noqa: PLC0415 -- what makes metrics loads only where they are asked for

    return monitoring(port, look)


async def _until_nothing_left(services: Services) -> tuple[Cue, ...]:
    """What could not be sent by the time that it is given up; usually nothing."""
    clock, started_at = services.clock, services.clock.now()
    await services.agenda.sleep_until(lambda _event: max(cue.at for cue in _cues(services)))
    gives_up_at = max(started_at, *(cue.at for cue in _cues(services))) + GIVES_UP_AFTER
    while not await _nothing_left(services):
        if clock.now() >= gives_up_at:
            return _left(_cues(services), await services.notices.ledger(), clock.now()).send
        await clock.sleep(_LOOK_AGAIN_SECONDS)
    return ()


async def _nothing_to_change(services: Services) -> bool:
    """Whether nothing that was posted shows people who were erased, or figures that are others now."""
    return not await services.erasure.posts() and await services.republishing.nothing_left()


async def _until_posts_are_changed(services: Services) -> None:
    """What shows people who were erased is changed, and what has other figures now is corrected; or it is given up for
    this time: the next start goes on with it."""
    clock = services.clock
    gives_up_at = clock.now() + GIVES_UP_AFTER
    while not await _nothing_to_change(services) and clock.now() < gives_up_at:
        await clock.sleep(_LOOK_AGAIN_SECONDS)


def _has(error: BaseException, kind: type[BaseException]) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return any(_has(inner, kind) for inner in error.exceptions)
    return isinstance(error, kind)
