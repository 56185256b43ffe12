"""Everything that the event needs, opened once, by hand, and closed in the opposite order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.agenda import Event
from bot.anonymity import Anonymity
from bot.arrivals import Arrivals
from bot.backing_up import Backups
from bot.certifying import Certificates
from bot.clock import Clock
from bot.compendium import Compendium
from bot.config import Config
from bot.directory import Directory, who_asks
from bot.erasure import Erasure, open_erasure
from bot.errata import Errata
from bot.idle import IdleLoop
from bot.library import Library
from bot.live_agenda import LiveAgenda
from bot.notices import Notices
from bot.queue import Queue, unlocked
from bot.register import Register
from bot.republishing import Republishing
from bot.schedule import Schedule
from bot.speaking import Speaking
from bot.steering import Steering
from bot.storage import files
from bot.storage.store import Store
from bot.summary import Summaries


@dataclass(frozen=True, slots=True)
class Services:
    """What the cogs receive."""

    config: Config
    agenda: LiveAgenda
    clock: Clock
    store: Store
    anonymity: Anonymity
    steering: Steering
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
    compendium: Compendium
    library: Library
    arrivals: Arrivals
    speaking: Speaking

    backups: Backups
    #: Since when the event is served by this process.
    opened_at: datetime
    #: Of a database and of the room that its disk has, in bytes.
    sizes: Callable[[Path], tuple[int, int]] = files.sizes

    @property
    def event(self) -> Event:
        """The event as it is now."""
        return self.agenda.event


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
    path = database or config.storage.database
    async with Store.open(path, clock, may_create=may_create, doors=doors) as store:
        anonymity = await unlocked(store, config.storage.anonymity_key)
        agenda = LiveAgenda(store, config.agenda, clock)
        await agenda.open()
        queue = Queue(store, agenda, config, clock, anonymity, who_asks)
        register = Register(store, agenda, config, clock)
        directory = Directory(store, agenda, config, clock)
        schedule = Schedule(clock)
        notices = Notices(store, clock, config)
        directory.on_contested(notices.look_for_alerts)
        erasure = await open_erasure(store, path, agenda, config, clock, anonymity)
        erasure.on_erased(queue.changed)
        errata = Errata(store, agenda, config, clock)
        summaries = Summaries(store, agenda, config, clock, register)
        try:
            yield Services(
                config=config,
                agenda=agenda,
                clock=clock,
                store=store,
                anonymity=anonymity,
                steering=Steering(store, agenda, queue, clock),
                queue=queue,
                register=register,
                directory=directory,
                notices=notices,
                schedule=schedule,
                summaries=summaries,
                errata=errata,
                republishing=Republishing(store, agenda, config, clock, notices, schedule, register, errata, summaries),
                certificates=Certificates(store, agenda, config, clock),
                erasure=erasure,
                compendium=Compendium(store, agenda),
                library=Library(store, agenda, config),
                arrivals=Arrivals(store, agenda, clock),
                speaking=Speaking(store, agenda, clock),
                backups=Backups(store, config, clock),
                opened_at=clock.now(),
            )
        finally:
            await schedule.stop()
            await register.stop()
