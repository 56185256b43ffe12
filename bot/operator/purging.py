"""`estrado db purge`: what was kept about people goes when the time that they were told is over."""

import asyncio
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Config, load
from bot.erasure import open_erasure
from bot.languages import Language
from bot.live_agenda import LiveAgenda
from bot.operator.console import DONE, FALLS_SHORT, say
from bot.phrases import privacy as phrases
from bot.queue import unlocked
from bot.storage.store import Store


def purge(config: Path, database: Path | None, language: Language, *, sure: bool, dry_run: bool) -> int:
    """Erase what is due, where who asks is `sure`, and return the exit code. The bot must not be running.

    Raises ConfigMistakes, and refusals of the database and of the key.
    """
    loaded = load(config)
    return asyncio.run(_purge(loaded, database or loaded.storage.database, language, sure=sure, dry_run=dry_run))


async def _purge(config: Config, database: Path, language: Language, *, sure: bool, dry_run: bool) -> int:
    clock = SystemClock()
    async with Store.open(database, clock, may_create=False) as store:
        anonymity = await unlocked(store, config.storage.anonymity_key)
        agenda = LiveAgenda(store, config.agenda, clock)
        await agenda.open()
        erasure = await open_erasure(store, database, agenda, config, clock, anonymity)
        found = await erasure.would_purge()
        if not erasure.is_due:
            say(phrases.purge_not_due(config.keep_until, language))
        if found.is_nothing:
            say(phrases.nothing_to_purge(language))
            return DONE
        if dry_run or not sure:
            say(phrases.would_purge(found, language))
            if not dry_run:
                say(phrases.purge_needs_yes(language))
            return DONE if dry_run else FALLS_SHORT
        say(phrases.purged(await erasure.purge(), language))
    return DONE
