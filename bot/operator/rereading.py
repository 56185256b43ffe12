"""A running bot reads config.toml anew on SIGHUP, and `estrado agenda reload`, which asks one to."""

import asyncio
import logging
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from bot.agenda import Event
from bot.clock import SystemClock
from bot.config import Config, load
from bot.config_mistakes import ConfigMistakes
from bot.errors import Refusal
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, say
from bot.phrases import rereading as phrases
from bot.phrases import steering  # noqa: F401 -- the words of what is refused here
from bot.phrases.mistakes import worded
from bot.phrases.operator import told
from bot.services import Services
from bot.storage.files import holder
from bot.storage.looking import look

log = logging.getLogger(__name__)

#: A bot that does not say within this time that it has read anew has refused, and its own words say why.
_PATIENCE_SECONDS = 10.0
_LOOK_AGAIN_SECONDS = 0.2

_SIGNAL = signal.SIGHUP


def ignore_hang_ups() -> None:
    """Until the bot can read anew, and once it cannot any more, nobody who asks it to ends it."""
    signal.signal(_SIGNAL, signal.SIG_IGN)


@asynccontextmanager
async def rereading(
    services: Services, reread: Callable[[], Config], tell: Callable[[str], None], language: Language
) -> AsyncIterator[None]:
    """On SIGHUP, for the length of the block, go on with the programme that `reread` gives.

    Where it is not taken up, the programme stays as it is, and `tell` says why.
    """
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[None]] = set()

    def asked() -> None:
        task = loop.create_task(_read_anew(services, reread, tell, language), name="reading anew")
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    loop.add_signal_handler(_SIGNAL, asked)
    try:
        yield
    finally:
        loop.remove_signal_handler(_SIGNAL)
        ignore_hang_ups()
        for task in tuple(tasks):
            task.cancel()


async def _read_anew(
    services: Services, reread: Callable[[], Config], tell: Callable[[str], None], language: Language
) -> None:
    try:
        config = await asyncio.to_thread(reread)
        changed = await services.steering.reload(config.agenda)
    except ConfigMistakes as error:
        tell(phrases.not_read(language))
        for mistake in error.mistakes:
            tell(worded(mistake, language))
    except Refusal as refusal:
        tell(told(refusal, language))
    except Exception:
        log.exception("agenda.not_read_anew")
        tell(phrases.not_read(language))
    else:
        tell(phrases.read_anew(len(changed.sessions), language))
        if _but_the_event(config) != _but_the_event(services.config):
            tell(phrases.rest_needs_a_start(language))


def _but_the_event(config: Config) -> Config:
    """What else the configuration says, which holds from the next start on."""
    return config.model_copy(update={"event": None})


def reload(config: Path, database: Path | None, language: Language) -> int:
    """Have the bot that runs read `config` anew, and return the exit code: 0 once it goes on with it.

    Raises ConfigMistakes, before it asks, and refusals of the database.
    """
    loaded = load(config)
    return asyncio.run(_reload(loaded.agenda, database or loaded.storage.database, language))


async def _reload(planned: Event, database: Path, language: Language) -> int:
    clock = SystemClock()
    process = holder(database)
    if process is None:
        say(phrases.nobody_runs(language))
        return FALLS_SHORT

    def revision() -> int:
        return look(database, clock.now(), lambda tx: tx.agenda_changes.revision())

    before = revision()
    try:
        os.kill(process, _SIGNAL)
    except (ProcessLookupError, PermissionError):
        say(phrases.cannot_ask(process, language))
        return FALLS_SHORT
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while revision() == before:
                await clock.sleep(_LOOK_AGAIN_SECONDS)
    except TimeoutError:
        say(phrases.not_taken_up(language))
        return FALLS_SHORT
    say(phrases.taken_up(len(planned.sessions), language))
    return DONE
