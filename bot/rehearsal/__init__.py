"""The dress rehearsal (ensayo general): the whole event against a Discord on this machine.

The client, the scheduler and the database are the real ones; only the server and its people are made up, and the time
of the event leaps from one thing that is due to the next.
"""

import asyncio
import json
import random
import time
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from bot.clock import RehearsalClock
from bot.config import Config
from bot.cues import plan
from bot.idle import Doors, IdleLoop, counting_requests
from bot.languages import Language
from bot.loopback.contract import Contract
from bot.loopback.seen import SeenMessage
from bot.rehearsal.audit import audit
from bot.rehearsal.cast import cast, with_panelists
from bot.rehearsal.deeds import Deed
from bot.rehearsal.hall import TOKEN, Hall, by_name, furnish
from bot.rehearsal.incidents import Account, Incidents
from bot.rehearsal.life import BotLife
from bot.rehearsal.mishaps import DELAY_MINUTES, mishaps, together
from bot.rehearsal.papers import PATTERNS, certified, papers
from bot.rehearsal.performance import Performance
from bot.rehearsal.result import Result
from bot.rehearsal.script import script
from bot.rehearsal.transcript import transcript
from bot.rehearsal.troubles import troubles
from bot.services import Services

#: The bot is started so long before the first thing that falls due, and watched for so long after the last.
_BEFORE = timedelta(hours=1)
_AFTER = timedelta(minutes=30)

#: The sizes of the database and of the disk that the posts of a rehearsal tell: the machine's own are not of the event,
#: and change between two runs of one seed.
_SIZES = (1_000_000, 100_000_000_000)

#: With faults, the bot gives a request up after so many real seconds.
_HANGS_SECONDS = 2


@dataclass(frozen=True, slots=True)
class Options:
    """What `estrado rehearse` was asked for. `speed` is seconds of the event a second; None: as fast as it goes."""

    out: Path
    attendees: int = 100
    seed: int = 7
    speed: float | None = None
    first_day: int = 1
    last_day: int | None = None
    #: Whether things go wrong, and otherwise than planned.
    incidents: bool = False
    #: In which the incidents are told of in the transcript.
    language: Language = "es"
    #: Whether Discord fails, connections break and the bot is restarted as the seed has it. Not with `incidents`.
    faults: bool = False


class Launch(Protocol):
    """Starts the bot on a Discord at these addresses, for the length of a block."""

    def __call__(
        self, services: Services, token: str, *, rest: str, gateway: str, http_trace: aiohttp.TraceConfig
    ) -> AbstractAsyncContextManager[Any]: ...


class Watch(Protocol):
    """Whoever looks on."""

    def at(self, instant: datetime, progress: float) -> None:
        """It is `instant`, and so much of the event is over, from 0 to 1."""

    def posted(self, channel: str, instant: datetime, text: str) -> None:
        """The bot posted in public."""


class Silent:
    """Nobody looks on."""

    def at(self, instant: datetime, progress: float) -> None:
        pass

    def posted(self, channel: str, instant: datetime, text: str) -> None:
        pass


def prepared(config: Config, options: Options) -> Config:
    """The configuration of a rehearsal: the chosen days, places by name, and files under `options.out`.

    Exchanges for which nobody is named get made-up panelists.

    Raises IndexError where the event has no such days.
    """
    days = config.event.sessions[options.first_day - 1 : options.last_day]
    if not days or options.first_day < 1:
        raise IndexError(options.first_day)
    storage = config.storage.model_copy(
        update={
            "database": options.out / "estrado.db",
            "anonymity_key": options.out / "secrets" / "anonymity.key",
        }
    )
    sessions = tuple(with_panelists(day, number) for number, day in enumerate(days, options.first_day))
    event = config.event.model_copy(update={"sessions": sessions})
    connection = config.connection
    if options.faults:
        # The wait for a request that hangs is real, and time must not leap meanwhile: see SHORT_TIMER_SECONDS.
        seconds = min(connection.send_timeout_seconds, _HANGS_SECONDS)
        connection = connection.model_copy(update={"send_timeout_seconds": seconds})
    return by_name(config.model_copy(update={"storage": storage, "event": event, "connection": connection}))


async def rehearse(config: Config, options: Options, launch: Launch, watch: Watch | None = None) -> Result:
    """Play the event and leave its files in `options.out`; see `Result.holds`. Must run on an IdleLoop.

    The files of an earlier rehearsal in the same place are replaced. Raises IndexError where the event has no such
    days, and what opening the database raises.
    """
    started = time.monotonic()
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    config = prepared(config, options)
    _clear(options.out)
    event = config.agenda
    first = min((event.sessions[0].starts_at, *(cue.at for cue in plan(event, config.announcements))))
    clock = RehearsalClock(first - _BEFORE, loop.still, _pace(options.speed))
    contract = Contract.from_environment()
    hall = furnish(config, clock, contract)
    requests = Doors()
    loop.doors.count(lambda: max(0, requests.entered - hall.loopback.held))
    loop.doors.count(lambda: hall.loopback.requests_in_flight)
    chance = random.Random(options.seed)
    actors = cast(config, options.attendees, chance)
    performance = Performance(hall, actors, str(config.discord.questions), str(config.discord.moderators))
    watching = _Watching(hall, watch or Silent())
    ends_at = event.sessions[-1].ends_at + _AFTER + timedelta(minutes=DELAY_MINUTES if options.incidents else 0)
    planned_mishaps = mishaps(event, options.first_day) if options.incidents else ()
    if options.faults:
        planned_mishaps = troubles(event, options.seed)
    done: list[Deed] = []

    def connect(services: Services) -> AbstractAsyncContextManager[Any]:
        loopback, trace = hall.loopback, counting_requests(requests)
        services = replace(services, sizes=lambda _: _SIZES)
        return launch(services, TOKEN, rest=loopback.rest_url, gateway=loopback.gateway_url, http_trace=trace)

    life = BotLife(config, clock, hall, connect)
    incidents = Incidents(hall, life, performance, clock, event, options.language)
    account = incidents.account if options.incidents or options.faults else None
    async with hall.loopback:
        loop.fences.append(hall.loopback.settled)
        try:
            async with life:
                begun = clock.now()
                for deed in together(script(event, actors, chance), planned_mishaps, event):
                    await clock.run_until(deed.at)
                    done.append(deed)
                    await incidents.perform(deed)
                    watching.look(clock.now(), (clock.now() - begun) / (ends_at - begun))
                await clock.run_until(ends_at)
                watching.look(clock.now(), 1.0)
                incidents.look_back()
                as_it_went, services = incidents.event, life.services
                outcome = await audit(
                    config, as_it_went, services, hall, performance.heard, account, clock.now(), started
                )
                # Whom Discord let nobody answer, the bot did not leave unanswered.
                unanswered = max(0, outcome.unanswered - incidents.refused_callbacks)
                outcome = replace(outcome, unanswered=unanswered)
                held = await certified(services.store, as_it_went, config)
        finally:
            loop.fences.clear()
            _write(options.out / "deeds.txt", "".join(f"{deed!r}\n" for deed in done).encode())
    _leave_files(config, options, outcome, hall, performance, account)
    for made in await asyncio.to_thread(papers, config, config.storage.database, held, clock.now()):
        _write(options.out / made.name, made.content)
    return outcome


def _leave_files(
    config: Config, options: Options, outcome: Result, hall: Hall, performance: Performance, account: Account | None
) -> None:
    title = " / ".join(config.event.name.values())
    text = transcript(performance.organizer, title, config.timezone, account, options.language)
    _write(options.out / "transcript.md", text.encode())
    _write(options.out / "result.json", (json.dumps(outcome.as_json(), indent=2, ensure_ascii=False) + "\n").encode())
    for message in performance.organizer.sees_in(hall.organizers):
        for file in message.attachments:
            if file.name.startswith("resumen-") and not message.ephemeral:
                _write(options.out / Path(file.name).name, file.content)


def _write(file: Path, content: bytes) -> None:
    """A file that its owner alone reads, as all that the bot writes."""
    file.touch(mode=0o600)
    file.write_bytes(content)


def _clear(out: Path) -> None:
    """Make the place for the files, without those of an earlier rehearsal; anything else there is left alone."""
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    patterns = ("estrado.db", "estrado.db-*", "estrado.db.lock", "transcript.md", "resumen-*.csv", "result.json")
    for pattern in (*patterns, *PATTERNS, "deeds.txt", "secrets/anonymity.key"):
        for file in out.glob(pattern):
            file.unlink()


def _pace(speed: float | None) -> Callable[[timedelta], Any] | None:
    if speed is None:
        return None

    async def pace(distance: timedelta) -> None:
        await asyncio.sleep(distance.total_seconds() / speed)

    return pace


class _Watching:
    """Tells whoever looks on what is new."""

    def __init__(self, hall: Hall, watch: Watch) -> None:
        self._hall = hall
        self._watch = watch
        self._seen = 0

    def look(self, instant: datetime, progress: float) -> None:
        self._watch.at(instant, progress)
        log = self._hall.loopback.log
        public = {channel.name: channel for channel in self._hall.public_channels}
        while self._seen < len(log):
            entry = log[self._seen]
            self._seen += 1
            if entry.kind == "message.created" and entry.detail["channel"] in public:
                message = public[entry.detail["channel"]].messages.get(entry.detail["message"])
                if message is not None:
                    self._watch.posted(entry.detail["channel"], entry.at, SeenMessage(message).text)
