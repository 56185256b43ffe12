"""Everything that the event needs, opened once, by hand, and closed in the opposite order."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.agenda import Event
from bot.anonymity import Anonymity
from bot.certifying import Certificates
from bot.clock import Clock
from bot.config import Config
from bot.directory import Directory, who_asks
from bot.erasure import Erasure, open_erasure
from bot.errata import Errata
from bot.idle import IdleLoop
from bot.notices import Notices
from bot.queue import Queue, unlocked
from bot.register import Register
from bot.republishing import Republishing
from bot.schedule import Schedule
from bot.storage.store import Store
from bot.summary import Summaries


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs receive."""

    config: Config
    event: Event
    clock: Clock
    store: Store
    anonymity: Anonymity
    queue: Queue
    register: Register
    directory: Directory
    notices: Notices
    schedule: Schedule
    summaries: Summaries
    errata: Errata
    republishing: Republishing[Any]
    certificates: Certificates
    erasure: Erasure


@asynccontextmanager
async def open_services(
    config: Config, clock: Clock, database: Path | None = None, *, may_create: bool = True
) -> AsyncIterator[Services]:
    """All services over `database`, or the one that `config` names, for the length of the block.

    Raises the refusals of bot.storage.refusals and bot.anonymity, and leaves nothing open when it does. What the
    database does counts as under way where the event loop can tell (bot/idle.py).
    """
    loop = asyncio.get_running_loop()
    doors = loop.doors if isinstance(loop, IdleLoop) else None
    event = config.agenda
    path = database or config.storage.database
    async with Store.open(path, clock, may_create=may_create, doors=doors) as store:
        anonymity = await unlocked(store, config.storage.anonymity_key)
        queue = Queue(store, event, config, clock, anonymity, who_asks)
        register = Register(store, event, config, clock)
        directory = Directory(store, config, clock)
        schedule = Schedule(clock)
        notices = Notices(store, clock, config)
        directory.on_contested(notices.look_for_alerts)
        erasure = await open_erasure(store, path, event, config, clock, anonymity)
        erasure.on_erased(queue.changed)
        errata = Errata(store, event, config, clock)
        summaries = Summaries(store, event, config, clock, register)
        try:
            yield Services(
                config=config,
                event=event,
                clock=clock,
                store=store,
                anonymity=anonymity,
                queue=queue,
                register=register,
                directory=directory,
                notices=notices,
                schedule=schedule,
                summaries=summaries,
                errata=errata,
                republishing=Republishing(store, event, config, clock, notices, schedule, register, errata, summaries),
                certificates=Certificates(store, event, config, clock),
                erasure=erasure,
            )
        finally:
            await schedule.stop()
            await register.stop()
