"""The queue of questions: what people and moderators do with it, each in one operation, whole or not at all.

What is returned is saved.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.anonymity import Anonymity, forget, open_anonymity
from bot.queue_askers import Askers
from bot.queue_moderators import Moderators
from bot.queue_views import Views
from bot.storage.store import Store


class Queue(Askers, Moderators, Views):
    """The questions of the whole event."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How many anonymous questions nobody can link any more, and whether there was still a key to destroy."""

    questions: int
    key_was_there: bool


async def unlocked(store: Store, key_file: Path) -> Anonymity:
    """The key of the anonymous questions, remembered by its fingerprint. Raises as `open_anonymity` does."""
    anonymity = open_anonymity(key_file, await store.read(lambda tx: tx.anonymity_keys.sealed_under()))
    await store.write(lambda tx: tx.anonymity_keys.keep(anonymity.fingerprint))
    return anonymity


async def forget_anonymous(store: Store, key_file: Path) -> Forgotten:
    """Destroy the key of the anonymous questions. `unlocked` makes a fresh one for new questions.

    Interrupted, it is to be called again. Raises AnonymityKeyDiffers where the file holds another key than that
    of the questions, and AnonymityKeyUnusable where it cannot be destroyed.
    """
    there = forget(key_file, await store.read(lambda tx: tx.anonymity_keys.sealed_under()))
    questions = await store.write(lambda tx: tx.anonymity_keys.forget())
    return Forgotten(questions, there)
