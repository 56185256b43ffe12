"""What reaches which channel over whole days, whatever fails: the real plan, database and scheduler, and channels
that answer as a test wants."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.announcing import Announcing, reference
from bot.clock import RehearsalClock
from bot.config import Config
from bot.cues import Post, plan
from bot.idle import IdleLoop
from bot.ids import ChannelId, MessageId
from bot.notices import Entry, Notices, Outcome
from bot.schedule import Schedule
from bot.sending import NotPosted, Posted, Reason
from bot.storage.alerts import Alert
from bot.storage.store import Store
from tests.factories import workshop

ANUNCIOS, SALA, PASILLO, ORGANIZACION, MODERACION = map(ChannelId, (1, 2, 3, 8, 9))
PUBLIC = (ANUNCIOS, SALA, PASILLO)

#: In order: what the four days' channel reads where nothing goes wrong.
TUESDAY = ["recordatorio", "apertura", "bloque2", "preguntas", "ultimos-minutos", "fin-preguntas"]
WELL = [f"{day}-{name}-1" for day in ("0908", "0909", "0910") for name in TUESDAY] + [
    "0911-recordatorio-1",
    "0911-apertura-1",
    "0911-bloque2-1",
    "0911-preguntas-1",
    "0911-ultimos-minutos-1",
    "0911-fin-preguntas-1",
    "0911-cierre-1",
]


class Channels:
    """Every channel of the server. `trouble(channel, now)` is why a request fails, or None."""

    def __init__(self, clock: RehearsalClock) -> None:
        self._clock = clock
        self.posted: dict[ChannelId, list[tuple[str, str, datetime]]] = {}
        self.alerts: list[tuple[ChannelId, str, str, tuple[str, ...]]] = []
        self.trouble: Callable[[ChannelId, datetime], Reason | None] = lambda _channel, _now: None
        self.broken_build: str | None = None
        #: Every message is taken, and nobody hears of it.
        self.loses_answers = False
        self._nonces: dict[str, tuple[MessageId, datetime]] = {}
        self._number = 0

    async def build(self, post: Post, channel_id: ChannelId, at: datetime) -> Sequence[str]:
        if post.key == self.broken_build:
            raise ValueError
        return ["+".join(f"{cue.kind}:{cue.form(at)}" for cue in post.cues)]

    async def build_alert(self, alert: Alert) -> Sequence[str]:
        return [f"{alert.kind} {alert.channel_id} {alert.subject} {' '.join(alert.detail)}".strip()]

    async def send(self, channel_id: ChannelId, message: str, mark: str, nonce: str) -> Posted:
        self._check(channel_id)
        if nonce not in self._nonces:
            self._number += 1
            self._nonces[nonce] = MessageId(self._number), self._clock.now()
            self.posted.setdefault(channel_id, []).append((mark, message, self._clock.now()))
        if self.loses_answers:
            raise NotPosted(channel_id, Reason.TIMEOUT)
        return Posted(*self._nonces[nonce])

    async def find(self, channel_id: ChannelId, mark: str, since: datetime) -> Posted | None:
        self._check(channel_id)
        for own, _, at in self.posted.get(channel_id, []):
            if own == mark:
                return Posted(MessageId(1), at)
        return None

    def _check(self, channel_id: ChannelId) -> None:
        if reason := self.trouble(channel_id, self._clock.now()):
            missing = ("send_messages",) if reason is Reason.FORBIDDEN else ()
            raise NotPosted(channel_id, reason, missing)

    def marks(self, channel_id: ChannelId) -> list[str]:
        return [mark for mark, _, _ in self.posted.get(channel_id, [])]

    def texts(self, channel_id: ChannelId) -> list[str]:
        return [text for _, text, _ in self.posted.get(channel_id, [])]


class House:
    """The parts that announce, on one database, started and stopped at will."""

    def __init__(self, config: Config, database: Path) -> None:
        self.config, self._database = config, database
        loop = asyncio.get_running_loop()
        assert isinstance(loop, IdleLoop)
        self._doors = loop.doors
        self.clock = RehearsalClock(self.at("2020-09-08 08:00"), loop.still)
        self.channels = Channels(self.clock)
        self.public: tuple[ChannelId, ...] = (ANUNCIOS,)

    def at(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=self.config.timezone).astimezone(UTC)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["House"]:
        async with Store.open(self._database, self.clock, doors=self._doors) as store:
            self.schedule = Schedule(self.clock)
            self.notices = Notices(store, self.clock, self.config)
            cues = plan(self.config.agenda, self.config.announcements)
            self.announcing = Announcing(cues, self.clock, store, self.notices, self.schedule, self.channels)
            await self.schedule.start()
            self.open()
            try:
                yield self
            finally:
                await self.schedule.stop()

    def open(self) -> None:
        self.announcing.open(self.public, ORGANIZACION, MODERACION)

    async def run_until(self, text: str) -> None:
        await self.clock.run_until(self.at(text))

    async def ledger(self, channel_id: ChannelId = ANUNCIOS) -> dict[str, Entry]:
        return {e.key: e for e in await self.notices.ledger() if e.channel_id == channel_id}


@pytest.fixture
async def house(tmp_path: Path, database: Path) -> House:
    return House(workshop(tmp_path), database)


async def test_the_four_days_reach_every_channel_once_and_in_time(house: House) -> None:
    house.public = PUBLIC
    async with house.running():
        await house.run_until("2020-09-12 12:00")
        entries = await house.notices.ledger()
    assert [house.channels.marks(channel) for channel in PUBLIC] == [WELL] * 3
    assert house.channels.marks(ORGANIZACION) == [
        *(f"{day}-resumen-1" for day in ("0908", "0909", "0910", "0911")),
        "0911-informe-final-1",
    ]
    assert {entry.outcome for entry in entries} == {Outcome.SENT}
    assert {entry.late_seconds for entry in entries} == {0.0}
    assert len(entries) == 3 * len(plan(house.config.agenda, house.config.announcements)) - 2 * 5
    # What is due at one instant is one message, in the order in which it is told.
    assert house.channels.texts(ANUNCIOS)[5] == "qa_closes:normal+session_closes:normal"
    assert house.channels.texts(ANUNCIOS)[-1] == "session_closes:normal+event_closes:normal"


@pytest.mark.trial("J2")
@pytest.mark.parametrize(
    ("back_at", "public", "organizers"),
    [
        ("2020-09-08 09:04", ["opening:late"], ["late None 0908-apertura 4"]),
        (
            "2020-09-08 10:20",
            ["opening:under_way+qa_opens:late"],
            ["skipped None 0908-bloque2 0908-bloque2", "late None 0908-apertura 80"],
        ),
        ("2020-09-08 13:00", [], ["summary:under_way", "skipped"]),
        ("2020-09-09 08:00", [], ["summary:under_way", "skipped"]),
    ],
)
async def test_after_an_outage_only_what_is_still_true_is_told(
    house: House, back_at: str, public: list[str], organizers: list[str]
) -> None:
    async with house.running():
        await house.run_until("2020-09-08 08:58")
    before = len(house.channels.texts(ANUNCIOS))
    house.clock.set(house.at(back_at))
    async with house.running():
        await house.clock.be_still()
        assert house.channels.texts(ANUNCIOS)[before:] == public
        told = house.channels.texts(ORGANIZACION)
        assert len(told) == len(organizers)
        assert all(any(text.startswith(begins) for text in told) for begins in organizers)
        # Nothing more comes of it later, and the next days are as ever.
        await house.run_until("2020-09-12 12:00")
    assert house.channels.marks(ANUNCIOS)[-19:] == WELL[-19:]
    assert len(set(house.channels.marks(ANUNCIOS))) == len(house.channels.marks(ANUNCIOS))
    assert [mark for mark in house.channels.marks(ORGANIZACION) if "resumen" in mark] == [
        f"{day}-resumen-1" for day in ("0908", "0909", "0910", "0911")
    ]


@pytest.mark.trial("J1")
@pytest.mark.trial("J9")
async def test_a_process_that_stood_still_tells_it_once_late_and_says_how_late(house: House) -> None:
    async with house.running():
        await house.run_until("2020-09-08 08:59:58")
        house.clock.set(house.at("2020-09-08 09:00:05"))
        await house.clock.be_still()
        assert house.channels.marks(ANUNCIOS) == ["0908-recordatorio-1", "0908-apertura-1"]
        assert house.channels.texts(ANUNCIOS)[1] == "opening:normal"
        assert (await house.ledger())["2020-09-08/opening"].late_seconds == 5.0
        (job,) = house.schedule.jobs
        assert (job.misfire_grace_time, job.coalesce) == (None, True)


@pytest.mark.trial("J9")
async def test_a_clock_that_steps_back_and_forth_tells_each_once_and_none_before_its_hour(house: House) -> None:
    async with house.running():
        await house.run_until("2020-09-08 08:55")
        house.clock.set(house.at("2020-09-08 08:45"))
        await house.run_until("2020-09-08 09:10")
        assert house.channels.marks(ANUNCIOS) == ["0908-recordatorio-1", "0908-apertura-1"]
        house.clock.set(house.at("2020-09-08 11:10"))
        await house.run_until("2020-09-12 12:00")
    marks = house.channels.marks(ANUNCIOS)
    assert len(set(marks)) == len(marks)
    assert marks[:2] + marks[-19:] == WELL[:2] + WELL[-19:]
    # At 11:10, ten minutes after the end, even the news of the close is none any more.
    assert marks[2:-19] == []
    due = {reference(cue): cue.at for cue in plan(house.config.agenda, house.config.announcements)}
    assert all(at >= due[mark.rpartition("-")[0]] for mark, _, at in house.channels.posted[ANUNCIOS])


@pytest.mark.trial("J4")
async def test_seeing_the_server_again_starts_nothing_twice(house: House) -> None:
    async with house.running():
        for _ in range(3):
            house.open()
        assert len(house.schedule.jobs) == 1
        await house.run_until("2020-09-08 08:59")
        for _ in range(3):
            house.open()
            await house.clock.be_still()
        await house.run_until("2020-09-08 09:20")
    assert house.channels.marks(ANUNCIOS) == ["0908-recordatorio-1", "0908-apertura-1"]


@pytest.mark.trial("J6")
@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason.FORBIDDEN, ["broken 1 forbidden send_messages"]),
        (Reason.MISSING, ["broken 1 missing"]),
        (Reason.UNAVAILABLE, ["broken 1 unavailable"]),
        (Reason.TIMEOUT, ["broken 1 timeout"]),
    ],
)
async def test_a_broken_channel_stops_no_other_is_told_once_and_recovers(
    house: House, reason: Reason, told: list[str]
) -> None:
    house.public = PUBLIC
    mended_at = house.at("2020-09-09 09:20")
    house.channels.trouble = lambda channel, now: reason if channel == ANUNCIOS and now < mended_at else None
    async with house.running():
        await house.run_until("2020-09-08 10:00")
        assert house.channels.texts(ORGANIZACION) == told
        await house.run_until("2020-09-12 12:00")
        ledger = await house.ledger()
    assert house.channels.marks(SALA) == house.channels.marks(PASILLO) == WELL
    # Back during Wednesday's exchange: what is true then, and all that follows.
    under_way = "opening:under_way+block_start:late"
    assert house.channels.texts(ANUNCIOS)[0] in (under_way, under_way.replace("late", "under_way"))
    assert house.channels.marks(ANUNCIOS)[1:] == WELL[9:]
    assert ledger["2020-09-08/opening"].outcome is Outcome.FAILED
    assert ledger["2020-09-09/opening"].outcome is Outcome.SENT
    assert [text for text in house.channels.texts(ORGANIZACION) if text.startswith("broken")] == told


@pytest.mark.trial("J6")
async def test_the_organizers_own_channel_broken_is_told_to_the_moderators(house: House) -> None:
    house.channels.trouble = lambda channel, _now: Reason.FORBIDDEN if channel == ORGANIZACION else None
    async with house.running():
        await house.run_until("2020-09-08 12:00")
        assert house.channels.texts(MODERACION) == ["broken 8 forbidden send_messages"]
        # A summary is true for ever: it comes whenever its channel does.
        house.channels.trouble = lambda _channel, _now: None
        await house.run_until("2020-09-08 12:10")
    assert house.channels.marks(ORGANIZACION) == ["0908-resumen-1"]


async def test_one_message_that_cannot_be_made_keeps_the_channel_from_nothing_else(house: House) -> None:
    house.channels.broken_build = "2020-09-08/opening"
    async with house.running():
        await house.run_until("2020-09-12 12:00")
        ledger = await house.ledger()
    assert house.channels.marks(ANUNCIOS) == [mark for mark in WELL if mark != "0908-apertura-1"]
    assert house.channels.texts(ORGANIZACION)[0] == "refused 1 0908-apertura"
    assert ledger["2020-09-08/opening"].outcome is Outcome.FAILED


async def test_a_short_outage_of_discord_is_made_good_without_a_word(house: House) -> None:
    over_at = house.at("2020-09-08 09:00:40")
    house.channels.trouble = lambda _channel, now: (
        Reason.UNAVAILABLE if now >= house.at("2020-09-08 09:00") and now < over_at else None
    )
    async with house.running():
        await house.run_until("2020-09-08 09:20")
        assert (await house.ledger())["2020-09-08/opening"].late_seconds == 90.0
    assert house.channels.marks(ANUNCIOS) == ["0908-recordatorio-1", "0908-apertura-1"]
    assert house.channels.texts(ORGANIZACION) == ["late None 0908-apertura 2"]


async def test_a_channel_that_takes_the_place_of_another_is_told_what_is_on(house: House) -> None:
    async with house.running():
        await house.run_until("2020-09-08 09:40")
        house.public = (SALA,)
        house.open()
        await house.run_until("2020-09-08 10:16")
    assert house.channels.texts(SALA) == ["opening:under_way+block_start:late", "qa_opens:normal"]
    assert house.channels.marks(ANUNCIOS) == WELL[:3]


async def test_a_restart_at_any_minute_loses_and_doubles_nothing(house: House) -> None:
    minute = timedelta(minutes=1)
    while house.clock.now() < house.at("2020-09-08 11:05"):
        async with house.running():
            await house.clock.run_until(house.clock.now() + 7 * minute)
    assert house.channels.marks(ANUNCIOS) == WELL[:6]
    assert house.channels.marks(ORGANIZACION) == ["0908-resumen-1"]


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_happens_each_is_told_at_most_once_never_early_and_accounted_for(
    house: House, seed: int
) -> None:
    """Restarts, clocks that jump, channels that refuse, answer nothing or lose their answer, in any order."""
    chance = random.Random(seed)
    house.public = PUBLIC
    cues = plan(house.config.agenda, house.config.announcements)
    due = {reference(cue): cue.at for cue in cues}
    names = {str(cue.key): reference(cue) for cue in cues}
    reasons = [None, None, Reason.FORBIDDEN, Reason.UNAVAILABLE, Reason.TIMEOUT, Reason.RATE_LIMITED]
    while house.clock.now() < house.at("2020-09-09 12:00"):
        async with house.running():
            for _ in range(chance.randint(1, 3)):
                troubles = {channel: chance.choice(reasons) for channel in PUBLIC}
                house.channels.trouble = lambda channel, _now, troubles=troubles: troubles.get(channel)
                house.channels.loses_answers = chance.random() < 0.4
                await house.clock.run_until(house.clock.now() + timedelta(minutes=chance.randint(1, 40)))
        house.clock.set(house.clock.now() + timedelta(minutes=chance.choice([0, 0, 0, 1, 20, -5])))
    house.channels.trouble = lambda _channel, _now: None
    house.channels.loses_answers = False
    async with house.running():
        await house.run_until("2020-09-12 12:00")
        entries = await house.notices.ledger()
    for channel in PUBLIC:
        marks = house.channels.marks(channel)
        assert len(set(marks)) == len(marks)
        assert all(at >= due[mark.rpartition("-")[0]] for mark, _, at in house.channels.posted[channel])
        # Nothing is under way any more; what is said to be there is, and what is said not to be is not.
        mine = [entry for entry in entries if entry.channel_id == channel]
        assert len(mine) == len(due) - 5
        there = {
            outcome: {f"{names[entry.notice]}-1" for entry in mine if entry.outcome is outcome and entry.notice}
            for outcome in Outcome
        }
        assert there[Outcome.CLAIMED] | there[Outcome.FAILING] == set()
        assert there[Outcome.SENT] <= set(marks) <= there[Outcome.SENT] | there[Outcome.UNCONFIRMED]
    # Organizers were told of each, or the moderators where the organizers' own channel did not answer.
    told = {*house.channels.texts(ORGANIZACION), *house.channels.texts(MODERACION)}
    assert {text for text in told if text.startswith("unconfirmed")} == {
        f"unconfirmed {entry.channel_id} {names[entry.notice]}-1"
        for entry in entries
        if entry.outcome is Outcome.UNCONFIRMED and entry.notice
    }
