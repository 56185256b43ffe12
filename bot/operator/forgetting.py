"""`estrado db forget-anonymous`: from then on nobody can tell who asked an anonymous question."""

import asyncio
from pathlib import Path

from bot.clock import SystemClock
from bot.config import load
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, say
from bot.phrases import database as phrases
from bot.queue import Forgotten, forget_anonymous
from bot.storage.store import Store


def forget(config: Path, database: Path | None, language: Language, *, sure: bool) -> int:
    """Destroy the key, where who asks is `sure`, and return the exit code. The bot must not be running.

    Raises ConfigMistakes, and refusals of the database and of the key.
    """
    loaded = load(config)
    key = loaded.storage.anonymity_key
    if not sure:
        say(phrases.forgetting_is_for_good(key, language))
        return FALLS_SHORT
    forgotten = asyncio.run(_forget(database or loaded.storage.database, key))
    if forgotten.key_was_there:
        say(phrases.forgotten(forgotten.questions, key, language))
    else:
        say(phrases.nothing_to_forget(key, language))
    return DONE


async def _forget(database: Path, key: Path) -> Forgotten:
    async with Store.open(database, SystemClock(), may_create=False) as store:
        return await forget_anonymous(store, key)
