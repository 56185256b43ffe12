"""A bot that dies at each of the waits on a notice's way, and comes back: what it was posting is there, once."""

import asyncio
import itertools
import re
from collections.abc import Coroutine, Generator
from datetime import timedelta
from typing import Any

import pytest

from bot.notices import Delivered

from .conftest import RunningEvent

_SEND, _HISTORY = 1 << 11, 1 << 16


class Killed(BaseException):
    """The process died here."""


class Dying:
    """Drives a coroutine, which dies at its n-th wait: as that begins, or once what it waits for has come.

    In the first death what was asked for may be done or not; in the second one it was done, and nobody heard of it.
    """

    def __init__(self, coroutine: Coroutine[Any, Any, Delivered], dies_at: int, *, unheard: bool) -> None:
        self._coroutine = coroutine
        self._dies_at = dies_at
        self._unheard = unheard
        self.waits = 0

    def __await__(self) -> Generator[Any, Any, Delivered]:
        error: BaseException | None = None
        while True:
            try:
                awaited = self._coroutine.send(None) if error is None else self._coroutine.throw(error)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
            error = None
            self.waits += 1
            dies = self.waits == self._dies_at
            if dies and not self._unheard:
                if isinstance(awaited, asyncio.Future):
                    awaited.cancel()
                error = Killed()
                continue
            try:
                yield awaited
            except BaseException as raised:  # noqa: BLE001 -- a time limit cancels what it drives
                error = raised
            if dies:
                error = Killed()


def marks(event: RunningEvent, key: str) -> list[str]:
    """The marks of a notice's messages in the channel, in order."""
    everything = "\n".join(message.content for message in event.world.messages_in("anuncios"))
    return re.findall(rf"ref\. ({key}-\d+)", everything)


async def deliver(event: RunningEvent, key: str) -> Delivered:
    """Two messages, as a long notice makes them."""
    assert event.bot.venue is not None
    return await event.bot.posting.deliver(key, event.bot.venue.announcements[0], 1, "Aviso. " * 400)


async def left_behind(event: RunningEvent, key: str) -> str:
    """What the database says of the notice's parts where it was left."""
    rows = await event.services.store.read(
        lambda tx: tx.connection.execute("SELECT state FROM notices WHERE key = ? ORDER BY part", (key,)).fetchall()
    )
    return " ".join(row["state"] for row in rows) or "nothing"


async def died(event: RunningEvent, key: str, dies_at: int, *, unheard: bool) -> bool:
    """Whether the delivery had so many waits, and so died; then the bot is down."""
    try:
        await Dying(deliver(event, key), dies_at, unheard=unheard)
    except Killed:
        return True
    return False


async def back_after(event: RunningEvent, seconds: float) -> None:
    """The bot is started again; Discord takes five messages in five seconds."""
    await event.stop()
    event.clock.set(event.clock.now() + timedelta(seconds=seconds))
    await event.start()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("unheard", [False, True], ids=["as-it-asks", "before-it-hears"])
@pytest.mark.parametrize("away", [20, 400], ids=["back-soon", "back-late"])
async def test_a_death_at_any_wait_of_the_way_neither_loses_nor_doubles(
    event: RunningEvent, unheard: bool, away: int
) -> None:
    left: set[str] = set()
    for dies_at in itertools.count(1):
        key = f"muerte-{dies_at}"
        if not await died(event, key, dies_at, unheard=unheard):
            # It came to its end: every wait on the way has been died at.
            break
        left.add(await left_behind(event, key))
        await back_after(event, away)
        delivered = await deliver(event, key)
        assert marks(event, key) == [f"{key}-1", f"{key}-2"], f"died at wait {dies_at}"
        assert (len(delivered.messages), delivered.confirmed) == (2, True)
        await event.clock.run_for(6)
    # To begin, and to end; and for each message to claim, to send and to confirm it.
    assert dies_at == 1 + 2 + 2 * 3
    assert left == {"nothing", "claimed", "sent", "sent claimed", "sent sent"}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("accepted", [False, True], ids=["was-not-taken", "was-taken"])
@pytest.mark.parametrize("away", [20, 400], ids=["back-soon", "back-late"])
async def test_whoever_comes_back_may_die_at_any_wait_as_well(event: RunningEvent, accepted: bool, away: int) -> None:
    for dies_at in itertools.count(1):
        key = f"segunda-muerte-{dies_at}"
        # At the sending of the first message; or, once it was taken, before anybody heard so.
        assert await died(event, key, 3, unheard=accepted)
        await back_after(event, away)
        if not await died(event, key, dies_at, unheard=bool(dies_at % 2)):
            break
        await back_after(event, away)
        assert (await deliver(event, key)).confirmed
        assert marks(event, key) == [f"{key}-1", f"{key}-2"], f"died at wait {dies_at} of its return"
        await event.clock.run_for(6)
    assert dies_at >= 1 + 2 + 2 * 3


@pytest.mark.timeout(240)
@pytest.mark.parametrize("accepted", [False, True], ids=["was-not-taken", "was-taken"])
async def test_whoever_may_not_read_back_tells_so_although_it_dies_at_any_wait(
    event: RunningEvent, accepted: bool
) -> None:
    olga = event.organizer()
    for dies_at in itertools.count(1):
        key = f"sin-historial-{dies_at}"
        event.world.set_overwrite("anuncios", event.hall.bot_role, allow=_SEND)
        assert await died(event, key, 3, unheard=accepted)
        event.world.set_overwrite("anuncios", event.hall.bot_role, allow=_SEND, deny=_HISTORY)
        await back_after(event, 400)
        over = not await died(event, key, dies_at, unheard=bool(dies_at % 2))
        await back_after(event, 400)
        assert not (await deliver(event, key)).confirmed
        await event.settle()
        # The first is there if it was taken, and never twice; the second one is sent in any case.
        assert marks(event, key).count(f"{key}-1") <= 1
        assert marks(event, key)[-1] == f"{key}-2"
        told = [m for m in olga.sees_in("organizacion") if f"No pude confirmar si el aviso {key}-1 llegó" in m.content]
        assert len(told) == 1
        await event.clock.run_for(6)
        if over:
            break
    assert dies_at >= 7
