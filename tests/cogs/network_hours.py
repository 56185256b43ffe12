"""An hour of the event under one of Discord's bad days, and what has to hold at its end whatever the day was."""

import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from bot.clock import to_ms
from bot.loopback.people import Person
from bot.rehearsal.audit import audit
from bot.rehearsal.days import blind_spans
from bot.rehearsal.performance import Heard
from bot.rehearsal.recount import Span
from bot.rehearsal.result import Result

from .conftest import RunningEvent

DAY = "2020-09-08"
HOUR_SECONDS = 3600
POST = "POST /channels/{id}/messages"

#: The channel that a lasting trouble keeps from posting; what goes to the other one has to keep its time.
BROKEN, WHOLE = "anuncios", "sala"

_SAVED = re.compile(r"\*\*número (\d+)\*\*")
_PEOPLE = 8


@dataclass
class Hour:
    """What goes on, from 9:58 to 10:58: people come and go, ask, and whoever moderates goes on."""

    event: RunningEvent
    people: list[Person] = field(default_factory=list)
    heard: Heard = field(default_factory=Heard)
    #: When the server was out of order, as the bot was told.
    unseen: list[Span] = field(default_factory=list)
    out_of_order_since: int | None = None
    #: How often the bot had to begin a session of the gateway.
    starts: int = 0

    def moves(self, tick: int) -> Awaitable[Any]:
        """Somebody comes in, changes their device, or goes."""
        person = self.people[tick % _PEOPLE]
        if person.id not in self.event.world.voice:
            return person.joins("auditorio")
        return person.changes_device() if tick // _PEOPLE % 3 == 1 else person.leaves()

    def moves_too(self, tick: int) -> Awaitable[Any]:
        """Somebody else comes or goes."""
        person = self.people[(tick + _PEOPLE // 2) % _PEOPLE]
        return person.leaves() if person.id in self.event.world.voice else person.joins("auditorio")

    async def asks(self, tick: int) -> None:
        asked = await self.people[tick % _PEOPLE].slash("pregunta", texto=f"¿Pregunta número {tick} del día?")
        self.heard.unanswered += asked.failed
        if (saved := _SAVED.search("\n".join(message.text for message in asked.answers))) is not None:
            self.heard.acknowledged.add(int(saved[1]))


#: What Discord does, so many seconds after the hour began, before anybody does anything.
Trouble = Callable[[Hour, int], Awaitable[None]]


async def spend(event: RunningEvent, trouble: Trouble, every_seconds: int = 60) -> tuple[Hour, Result]:
    """Spend the hour with the trouble, end it, and hold what the bot kept against what happened."""
    hour, started = Hour(event), time.monotonic()
    hour.people = [event.person(f"Persona {number} Prueba") for number in range(_PEOPLE)]
    mora = event.moderator()
    await event.clock.run_until(event.at(f"{DAY} 09:58"))
    for tick, second in enumerate(range(0, HOUR_SECONDS, every_seconds)):
        await trouble(hour, second)
        await hour.moves(tick)
        if second % 180 == 120 and hour.out_of_order_since is None:
            await hour.asks(tick)
        if second % 900 == 840 and hour.out_of_order_since is None:
            await mora.slash("siguiente")
        await event.clock.run_for(every_seconds)
    event.loopback.faults.clear()
    for person in hour.people:
        if person.id in event.world.voice:
            await person.leaves()
    await event.clock.run_until(event.at(f"{DAY} 11:09"))
    now = event.clock.now()
    unseen = sorted([*blind_spans(event.loopback.log), *hour.unseen], key=lambda span: span.starts_at)
    result = await audit(
        event.config, event.services.event, event.services, event.hall, hour.heard, None, now, started, unseen
    )
    return hour, result


async def taken_and_answered_502(hour: Hour, second: int) -> None:
    if second % 600 == 120:
        hour.event.loopback.faults.add("accepted-then-502", route=POST, times=2)


async def bursts_of_5xx(hour: Hour, second: int) -> None:
    if second % 900 == 120:
        hour.event.loopback.faults.add("503", route=POST, times=3)
        hour.event.loopback.faults.add("500", route=POST, times=2)


async def wait_of_600_seconds(hour: Hour, second: int) -> None:
    if second == 0:
        hour.event.loopback.faults.add("429", route=POST, channel=BROKEN, times=None, retry_after=600)


async def never_an_answer(hour: Hour, second: int) -> None:
    if second == 0:
        hour.event.loopback.faults.add("hang", route=POST, channel=BROKEN, times=None)


async def dropped(hour: Hour, second: int) -> None:
    """The gateway is lost, somebody comes or goes meanwhile, and it goes on, or begins anew, by turns."""
    loopback, begins_anew = hour.event.loopback, second // 30 % 2 == 1
    await loopback.drop(resume=not begins_anew)
    # Discord tells of it when the session is resumed, and of where everybody is when it is not.
    await hour.moves_too(second // 30)
    await loopback.connected()
    hour.starts += begins_anew


async def out_of_order(hour: Hour, second: int) -> None:
    """The server is gone for two minutes in every ten, in which people come and go all the same."""
    loopback, now = hour.event.loopback, to_ms(hour.event.clock.now())
    if second % 600 == 180:
        await loopback.guild_unavailable()
        hour.out_of_order_since = now
    if second % 600 == 300 and hour.out_of_order_since is not None:
        await loopback.guild_available()
        hour.unseen.append(Span(hour.out_of_order_since, now))
        hour.out_of_order_since = None


async def twice_and_in_the_wrong_order(hour: Hour, second: int) -> None:
    """Whatever comes comes twice; or of two people who move at once, the second is told of first."""
    faults = hour.event.loopback.faults
    faults.repeat_next_event("INTERACTION_CREATE")
    if second % 120:
        faults.repeat_next_event("VOICE_STATE_UPDATE")
    else:
        faults.swap_next_events("VOICE_STATE_UPDATE")
        await hour.moves_too(second // 60)


def slow(seconds: float) -> Trouble:
    """Every answer of Discord's takes so long, of the machine's time."""

    async def slowly(hour: Hour, second: int) -> None:
        if second == 0:
            hour.event.loopback.faults.add("slow", times=None, seconds=seconds)

    return slowly
