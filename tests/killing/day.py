"""One day of the event, short and with something of everything, in which the bot dies again and again.

What must hold is checked where the bot lies dead, each time, and once more when the day is over.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Protocol

from bot.clock import RehearsalClock, to_ms
from bot.config import Config
from bot.loopback.exchange import Exchange
from bot.published import differences, figures
from bot.questions import State
from bot.rehearsal import deeds
from bot.rehearsal.audit import audit
from bot.rehearsal.cast import cast
from bot.rehearsal.deeds import Deed
from bot.rehearsal.hall import Hall
from bot.rehearsal.performance import Performance
from bot.rehearsal.recount import Span
from bot.services import open_services
from bot.storage.checks import check
from bot.storage.looking import look
from bot.summary import day_of

#: What a bot's last sight may lag behind when it is killed, by the register's own rhythm.
SIGHT_EVERY = timedelta(seconds=10)

#: So long after the day's end its summary is out and nothing of the day is left to do.
AFTERWARDS = timedelta(minutes=10)

#: Between two starts: a bot that is started again and again in no time is one of which Discord takes no more requests.
A_MOMENT = timedelta(seconds=1)

#: Longer than Discord knows a message by its nonce, and long enough for a cue to be late.
A_WHILE = timedelta(minutes=1)
LONG = timedelta(seconds=400)

#: Away for long only so often: the day has other things to do.
_LONG_A_DAY = 4
_POSTING = "resume cogs/posting.py"

#: What people do once more when nobody answered them. The rest would be something else the second time.
_DONE_AGAIN = (deeds.Asks, deeds.Registers, deeds.ChecksIn, deeds.Answers)

_SUPPORTS = re.compile(r"(?:Apoya la pregunta|You support question) (\d+)")


class Mortal(Protocol):
    """A bot that dies and is brought back to life."""

    config: Config
    clock: RehearsalClock
    hall: Hall
    database: Path
    deaths: int
    #: At which point it died last.
    died_at: str
    #: Called where it lies dead.
    at_rest: Callable[[], None]

    async def while_it_lives(self, doing: Coroutine[Any, Any, object]) -> bool:
        """Whether `doing` came to its end while the bot lived."""

    async def comes_to_life(self) -> bool:
        """Start it on the database that it left; False where it died before all was still."""

    async def lay_down(self) -> None:
        """End it for good."""

    @property
    def log(self) -> str:
        """What it has logged."""


def day_deeds(config: Config) -> tuple[Deed, ...]:
    """The day's deeds, of four people and two moderators, in order."""
    session = config.agenda.sessions[0]
    qa = session.qa
    assert qa is not None

    def at(minutes: float) -> datetime:
        return session.starts_at + timedelta(minutes=minutes)

    asked = at(20)
    own = "¿Qué plazo tienen las solicitudes de asistencia judicial urgentes?"
    anonymous = "¿Cómo se protege a los funcionarios que investigan?"
    withdrawn = "¿Habrá grabación de la sesión?"
    first, second, third = (qa.starts_at + timedelta(minutes=minutes) for minutes in (1, 4, 8))
    return (
        deeds.Registers(at(-12), 0),
        deeds.Joins(at(-6), 0),
        deeds.Joins(at(-3), 1),
        deeds.ChecksIn(at(2), 1, 2, by_button=False),
        deeds.Joins(at(5), 2),
        deeds.Toggles(at(7), 0, "mute"),
        deeds.Asks(asked, 0, own, anonymous=False, by_form=False),
        deeds.Asks(at(22), 1, anonymous, anonymous=True, by_form=True),
        deeds.Asks(at(24), 2, withdrawn, anonymous=False, by_form=False),
        deeds.Withdraws(at(26), 2),
        deeds.Reviews(at(28), 0, approves=True),
        deeds.Files(at(30), 1, "Telma Teléfono", "Which channel works best for urgent requests at night?"),
        deeds.Reviews(at(32), 1, approves=True),
        deeds.Reviews(at(34), 0, approves=True),
        deeds.Supports(at(36), 2, 0),
        deeds.Supports(at(38), 3, 0),
        deeds.Supports(at(39), 1, 0),
        deeds.Leaves(at(45), 1),
        deeds.Joins(at(50), 1),
        deeds.ChangesDevice(at(55), 0, late_leave=True),
        deeds.GoesAway(at(58), 2),
        deeds.TakesNext(first, (0,), by_button=False),
        deeds.TakesNext(second, (0, 1), by_button=False),
        deeds.Undoes(second + timedelta(seconds=20), 0),
        deeds.TakesNext(third, (1,), by_button=True),
        deeds.Defers(third + timedelta(minutes=2), 1),
        deeds.Leaves(at(110), 0),
        deeds.Leaves(at(112), 1),
        deeds.Answers(at(115), 0, 0, "Depende del tratado."),
    )


class Audience(Performance):
    """The people of the day, who know what they were told, and who ask again what nobody answered."""

    def __init__(self, bot: Mortal) -> None:
        places = bot.config.discord
        actors = cast(bot.config, 4, Random(7))
        super().__init__(bot.hall, actors, str(places.questions), str(places.moderators))
        self._last: Exchange | None = None
        self.presses = 0
        self.supported = 0

    def note(self, exchange: Exchange) -> None:
        super().note(exchange)
        self._last = exchange

    async def perform(self, deed: Deed) -> None:
        self._last = None
        if isinstance(deed, deeds.Supports):
            self.presses += 1
        await super().perform(deed)
        if isinstance(deed, deeds.Supports) and self._last is not None:
            answer = self._last.updated or self._last.answer
            self.supported += answer is not None and _SUPPORTS.search(answer.text) is not None


@dataclass
class Told:
    """How a day went; `wrong` is empty where everything holds."""

    deaths: int = 0
    #: Whether the bot was away for so long that something may have become too late to be said.
    away_long: bool = False
    wrong: list[str] = field(default_factory=list)
    downtimes: list[tuple[datetime, datetime]] = field(default_factory=list)


class Day:
    """Plays the day on a bot that has been brought to life."""

    def __init__(self, bot: Mortal, draw: Random | None = None) -> None:
        """With `draw`, now and then some of the event's time passes until a dead bot is back."""
        self._bot = bot
        self._database = bot.database
        bot.at_rest = self._check_at_rest
        self._draw = draw
        self._people = Audience(bot)
        self.deeds = day_deeds(bot.config)
        self.told = Told()
        #: How many deeds have begun, and one more once they are all done.
        self.part = 0
        #: Told of each part of the day as it begins.
        self.on_part: Callable[[int], None] = lambda _part: None
        self._long_left = _LONG_A_DAY
        self._started = time.monotonic()

    async def begin(self) -> None:
        """Bring the bot to life, as often as that takes."""
        while not await self._bot.comes_to_life():
            self._bot.clock.set(self._bot.clock.now() + self._away())

    async def play(self) -> None:
        """All that follows, to `AFTERWARDS`; the bot is laid down then."""
        for deed in self.deeds:
            await self._pass(deed.at)
            self._next_part()
            while not await self._bot.while_it_lives(self._people.perform(deed)):
                await self._come_back()
                if not isinstance(deed, _DONE_AGAIN):
                    break
        self._next_part()
        await self._pass(self._bot.config.agenda.sessions[0].ends_at + AFTERWARDS)
        await self._bot.lay_down()

    def _next_part(self) -> None:
        self.part += 1
        self.on_part(self.part)

    async def _pass(self, instant: datetime) -> None:
        while not await self._bot.while_it_lives(self._bot.clock.run_until(instant)):
            await self._come_back()

    async def _come_back(self) -> None:
        died_at = self._bot.clock.now()
        self._bot.clock.set(died_at + self._away())
        await self.begin()
        self.told.downtimes.append((died_at, self._bot.clock.now()))

    def _away(self) -> timedelta:
        """How much of the event's time passes until it is back: too much for Discord to know a repeated message by its
        nonce, where that may matter."""
        away = self._drawn_away(self._draw) if self._draw is not None else self._away_after(self._bot.died_at)
        self.told.away_long |= away > A_WHILE
        return away

    def _drawn_away(self, draw: Random) -> timedelta:
        chance = draw.random()
        if chance < 0.15:
            return LONG + timedelta(milliseconds=draw.randint(0, 60_000))
        return timedelta(milliseconds=draw.randint(5_000, 60_000)) if chance < 0.4 else A_MOMENT

    def _away_after(self, point: str) -> timedelta:
        if self._long_left and point.startswith(_POSTING):
            self._long_left -= 1
            return LONG
        return A_MOMENT

    # What must hold

    def _wrong(self, what: str) -> None:
        if what not in self.told.wrong:
            self.told.wrong.append(what)

    def _check_at_rest(self) -> None:
        """Of the files alone, while nobody has them open."""
        if not self._database.exists():
            return
        for finding in check(self._database):
            self._wrong(f"database: {finding}")
        stored, open_twice = look(
            self._database,
            self._bot.clock.now(),
            lambda nouns: (
                {row[0] for row in nouns.connection.execute("SELECT number FROM questions")},
                nouns.connection.execute(
                    "SELECT count(*) FROM (SELECT 1 FROM stays WHERE closed_at IS NULL"
                    " GROUP BY person_id HAVING count(*) > 1)"
                ).fetchone()[0],
            ),
        )
        if missing := self._people.heard.acknowledged - stored:
            self._wrong(f"questions that were said to be saved are missing: {sorted(missing)}")
        if open_twice:
            self._wrong(f"people with more than one open stay: {open_twice}")

    async def check(self) -> Told:
        """What became of it, once it has been played."""
        self._check_at_rest()
        self.told.deaths = self._bot.deaths
        bot, config = self._bot, self._bot.config
        session, now = config.agenda.sessions[0], bot.clock.now()
        # What is compared is the posted summary with the files as they are; opening the services would mend them.
        last = look(self._database, now, lambda nouns: nouns.published.last(session.key))
        rebuilt, _ = look(self._database, now, lambda nouns: day_of(nouns, config.agenda, config, session.key, now))
        if last is None:
            self._wrong("no summary was published")
        elif different := differences(last.figures, figures(rebuilt)):
            self._wrong(f"summary: {different}")
        async with open_services(config, bot.clock, self._database) as services:
            unknown = [(span.start, span.end) for span in (await services.register.day(session.key)).unknown]
            heard, unseen = self._people.heard, [Span(*span) for span in unknown]
            result = await audit(config, config.agenda, services, bot.hall, heard, None, now, self._started, unseen)
            exported = await services.queue.export()
        cues, counted = result.cues, result.recount
        limit = None if self.told.away_long else 0
        for what, count, allowed in (
            ("cues missed", cues.missed, 0),
            ("cues doubled", cues.doubled, 0),
            ("cues skipped", cues.skipped, limit),
            ("questions lost", result.questions.lost, 0),
            ("questions that contradict their history", result.questions.contradictions, 0),
            ("differences of the recount", counted.differences, 0),
            ("requests against the contract", 0 if result.contract is None else result.contract.violations, 0),
        ):
            if allowed is not None and count > allowed:
                self._wrong(f"{what}: {count}")
        if not counted.compared:
            self._wrong("nothing was recounted")
        texts = Counter(each.question.text for each in exported if each.question.state is not State.WITHDRAWN)
        if doubled := sum(count - 1 for count in texts.values()):
            self._wrong(f"questions kept more than once: {doubled}")
        on_air = sum(each.question.state is State.ON_AIR for each in exported)
        if on_air > 1:
            self._wrong(f"questions on air: {on_air}")
        votes = result.questions.votes
        if not self._people.supported <= votes <= self._people.presses:
            self._wrong(f"votes: {votes} of {self._people.presses} presses, {self._people.supported} confirmed")
        self._check_unknown(unknown)
        if (at := bot.log.find("Traceback")) >= 0:
            self._wrong(f"traceback in the log: {bot.log[at:][:3000]}")
        return self.told

    def _check_unknown(self, unknown: list[tuple[int, int]]) -> None:
        """Time down that falls into the session stands as unknown, and not for longer than it must."""
        session = self._bot.config.agenda.sessions[0]
        for died_at, back_at in self.told.downtimes:
            first, last = to_ms(max(died_at, session.starts_at)), to_ms(min(back_at, session.ends_at))
            if first >= last:
                continue
            if not any(start <= first and last <= end + 1 for start, end in unknown):
                self._wrong(f"down from {died_at} to {back_at}, and not shown as unknown in {unknown}")
        bound = sum((back_at - died_at + SIGHT_EVERY).total_seconds() for died_at, back_at in self.told.downtimes)
        total = sum(end - start for start, end in unknown) / 1000
        if total > bound + 1:
            self._wrong(f"unknown for {total} s, and down for no more than {bound} s with what was seen last")
