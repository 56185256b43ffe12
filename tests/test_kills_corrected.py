"""Corrections and corrected summaries of a bot that is killed without warning, again and again, wherever it is."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.published import differences, figures
from bot.storage.checks import check
from bot.storage.looking import look
from bot.summary import day_of
from tests.killing.bot import KilledBot

TUESDAY = "2020-09-08"
QUIET = timedelta(minutes=5)

#: When the bot is killed, each time with another correction; and how much of the event's time passes until it is back.
MOMENTS = (
    ("asked", timedelta(0)),
    ("quiet", timedelta(seconds=10)),
    ("quiet", timedelta(minutes=10)),
    ("hang", timedelta(0)),
    ("accepted-then-502", timedelta(0)),
    ("accepted-then-502", timedelta(minutes=3)),
    ("posted", timedelta(0)),
    ("posted", timedelta(minutes=3)),
)

_PEOPLE = re.compile(r"- Personas presentes: (\d+) → (\d+) ")


def corrected(organizer: Person) -> list[SeenMessage]:
    return [m for m in organizer.sees_in("organizacion") if "Resumen corregido" in m.text and not m.ephemeral]


class Watch:
    """Looks, each time that the loop would wait, whether something has come to pass."""

    def __init__(self, bot: KilledBot) -> None:
        self._loop = bot.loop
        self._has_come: Callable[[], bool] = lambda: False
        self._come = asyncio.Event()
        bot.loop.doors.count(self._look)

    def _look(self) -> int:
        if not self._come.is_set() and self._has_come():
            # The loop is about to wait: only what wakes it from outside is heard.
            self._loop.call_soon_threadsafe(self._come.set)
        return 0

    async def until(self, has_come: Callable[[], bool]) -> None:
        self._come.clear()
        self._has_come = has_come
        await self._come.wait()
        self._has_come = lambda: False


@pytest.mark.timeout(300)
async def test_each_change_of_a_closed_day_is_told_once_whenever_the_bot_is_killed(tmp_path: Path) -> None:
    bot = KilledBot(tmp_path)
    watch = Watch(bot)
    session = bot.config.agenda.sessions[0]
    organizer = bot.hall.organizer("Olga Organizadora", "es-419")
    now = bot.clock.now

    async def killed_when(has_come: Callable[[], bool]) -> None:
        """While the quiet time passes, and what follows."""
        passing = asyncio.ensure_future(bot.clock.run_until(now() + QUIET + timedelta(seconds=1)))
        await watch.until(has_come)
        await bot.kill()
        await passing

    try:
        async with bot.hall.loopback:
            bot.loop.fences.extend((bot.hall.loopback.settled, bot.following.fence))
            await bot.start()
            await bot.clock.run_until(session.ends_at + timedelta(minutes=2))
            for number, (moment, away) in enumerate(MOMENTS):
                who = bot.hall.world.add_person(f"Persona {number}", locale="es-419", roles=())
                given = {"persona": who, "sesion": TUESDAY, "presencia": "present", "motivo": f"Motivo {number}"}
                if moment == "asked":
                    # Killed while the organizer waits for the answer: saved or not, it is asked for again.
                    acting = asyncio.ensure_future(organizer.slash("corregir", **given))
                    await bot.hall.loopback.flushed()
                    await bot.kill()
                    await acting
                    await bot.start()
                answer = await organizer.slash("corregir", **given)
                assert re.match(r"(Anotada|Ya consta)", answer.text), answer.text
                if moment == "quiet":
                    await bot.clock.run_until(now() + QUIET / 2)
                    await bot.kill()
                elif moment in ("hang", "accepted-then-502"):
                    fault = bot.hall.loopback.faults.add(
                        moment,  # type: ignore[arg-type]
                        route="POST /channels/{channel_id}/messages",
                        channel="organizacion",
                    )
                    await killed_when(lambda fault=fault: fault.played > 0)
                elif moment == "posted":
                    await killed_when(lambda there=number: len(corrected(organizer)) > there)
                if moment != "asked":
                    bot.clock.set(now() + away)
                    await bot.start()
                await bot.clock.run_until(now() + QUIET + timedelta(minutes=1))
                assert len(corrected(organizer)) == number + 1, moment
            await bot.clock.run_until(bot.config.agenda.sessions[1].starts_at)
            await bot.kill()
            posts = corrected(organizer)
    finally:
        bot.loop.fences.clear()
        await bot.close()
    told = [tuple(map(int, pair)) for post in posts for pair in _PEOPLE.findall(post.text)]
    assert told == [(n, n + 1) for n in range(len(MOMENTS))]
    references = [reference for post in posts for reference in re.findall(r"ref\. (\S+)", post.text)]
    assert references == [f"0908-correccion{n}-1" for n in range(1, len(MOMENTS) + 1)]
    database = bot.config.storage.database
    assert check(database) == []
    last = look(database, now(), lambda nouns: nouns.published.last(session.key))
    rebuilt, _ = look(database, now(), lambda nouns: day_of(nouns, bot.config.agenda, bot.config, session.key, now()))
    assert last is not None
    assert differences(last.figures, figures(rebuilt)) == ()
