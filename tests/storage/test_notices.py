"""Notices over a real database, against a channel that does what Discord's do, and dies where a test says so."""

import asyncio
import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.ids import ChannelId, MessageId
from bot.notices import (
    Address,
    AlertKind,
    Delivered,
    HeldCue,
    NoLongerTrue,
    Notices,
    NotPosted,
    Outcome,
    Posted,
    Reason,
    mark,
    nonce,
)
from bot.storage.alerts import Alert
from bot.storage.checks import check
from bot.storage.store import Store, Transaction
from tests.factories import workshop

HALL, OTHER = ChannelId(11), ChannelId(12)
NINE = datetime(2020, 9, 8, 15, tzinfo=UTC)
OPENING = HeldCue("2020-09-08/opening", "opening", NINE)


class Killed(BaseException):
    """The process died here."""


@dataclass
class Channel:
    """What is posted in it, and how it answers. A nonce is honoured for three minutes, as Discord says: a few."""

    clock: RehearsalClock
    channel_id: ChannelId = HALL
    posted: list[tuple[MessageId, str, datetime]] = field(default_factory=list)
    nonces: dict[str, tuple[MessageId, datetime]] = field(default_factory=dict)
    requests: int = 0
    #: Called before and after a message is accepted, for the n-th request; raises what goes wrong.
    before: Callable[[int], None] = lambda _n: None
    after: Callable[[int], None] = lambda _n: None
    readable: bool = True

    async def send(self, text: str, mark: str, nonce: str) -> Posted:
        self.requests += 1
        request = self.requests
        self.before(request)
        known = self.nonces.get(nonce)
        if known is None or self.clock.now() - known[1] > timedelta(minutes=3):
            known = MessageId(1000 + len(self.posted)), self.clock.now()
            self.nonces[nonce] = known
            self.posted.append((known[0], f"{text} ref. {mark}", self.clock.now()))
        self.after(request)
        return Posted(*known)

    async def find(self, mark: str, since: datetime) -> Posted | None:
        if not self.readable:
            raise NotPosted(self.channel_id, Reason.FORBIDDEN, ("read_message_history",))
        for message_id, text, at in self.posted:
            if text.endswith(f"ref. {mark}") and at >= since:
                return Posted(message_id, at)
        return None

    @property
    def texts(self) -> list[str]:
        return [text for _, text, _ in self.posted]


def refusing(reason: Reason, *missing: str, at: Callable[[int], bool] = lambda _n: True) -> Callable[[int], None]:
    def refuse(request: int) -> None:
        if at(request):
            raise NotPosted(HALL, reason, missing)

    return refuse


def dying(request_to_die_in: int) -> Callable[[int], None]:
    def die(request: int) -> None:
        if request == request_to_die_in:
            raise Killed

    return die


def made_of(*parts: str) -> Callable[[datetime], "asyncio.Future[Sequence[str]]"]:
    async def build(at: datetime) -> Sequence[str]:
        return [f"{part} @{at.astimezone(UTC):%H:%M}" for part in parts]

    return build  # type: ignore[return-value]


@pytest.fixture
def notices(store: Store, clock: RehearsalClock, tmp_path: Path) -> Notices:
    return Notices(store, clock, workshop(tmp_path))


@pytest.fixture
def channel(clock: RehearsalClock) -> Channel:
    return Channel(clock)


async def deliver(notices: Notices, channel: Channel, *parts: str, **more: object) -> Delivered:
    return await notices.deliver(
        OPENING.key,
        channel.channel_id,
        1,
        made_of(*parts or ("Apertura",)),
        channel.send,
        channel.find,
        reference="0908-apertura",
        cues=[OPENING],
        **more,  # type: ignore[arg-type]
    )


async def outcomes(notices: Notices) -> dict[str, Outcome]:
    return {entry.key: entry.outcome for entry in await notices.ledger()}


async def untold(store: Store) -> list[tuple[AlertKind, ChannelId | None, str, tuple[str, ...]]]:
    def key(alert: Alert) -> tuple[AlertKind, ChannelId | None, str, tuple[str, ...]]:
        return alert.kind, alert.channel_id, alert.subject, alert.detail

    return [key(alert) for alert in await store.read(lambda tx: tx.alerts.untold())]


async def test_deliver_posts_the_parts_in_order_and_once(notices: Notices, channel: Channel) -> None:
    first = await deliver(notices, channel, "uno", "dos", "tres")
    again = await deliver(notices, channel, "uno", "dos", "tres")
    assert channel.texts == [
        "uno @15:00 ref. 0908-apertura-1",
        "dos @15:00 ref. 0908-apertura-2",
        "tres @15:00 ref. 0908-apertura-3",
    ]
    assert first == again == Delivered((MessageId(1000), MessageId(1001), MessageId(1002)), True, NINE)
    assert channel.requests == 3
    (entry,) = await notices.ledger()
    assert (entry.outcome, entry.due_at, entry.sent_at, entry.late_seconds) == (Outcome.SENT, NINE, NINE, 0.0)


async def test_a_new_generation_is_a_message_of_its_own(notices: Notices, channel: Channel) -> None:
    for generation in (1, 2, 2):
        await notices.deliver("question/7/on-air", HALL, generation, made_of("q"), channel.send, channel.find)
    assert channel.texts == ["q @15:00 ref. question-7-on-air-1", "q @15:00 ref. question-7-on-air-r2-1"]
    assert await notices.messages("question/7/on-air", HALL, 2) == [MessageId(1001)]


async def test_two_deliveries_at_once_post_one_message(notices: Notices, channel: Channel) -> None:
    both = await asyncio.gather(deliver(notices, channel), deliver(notices, channel))
    assert both[0] == both[1]
    assert len(channel.posted) == 1


@pytest.mark.parametrize("accepted", [False, True], ids=["before it was accepted", "after it was accepted"])
@pytest.mark.parametrize("away", [5, 59, 60, 170, 200, 3600], ids=lambda seconds: f"{seconds}s")
@pytest.mark.parametrize("dies_in", [1, 2, 3])
async def test_a_death_between_claim_and_confirmation_neither_loses_nor_doubles(
    notices: Notices, channel: Channel, clock: RehearsalClock, accepted: bool, away: int, dies_in: int
) -> None:
    setattr(channel, "after" if accepted else "before", dying(dies_in))
    with pytest.raises(Killed):
        await deliver(notices, channel, "uno", "dos", "tres")
    clock.set(NINE + timedelta(seconds=away))
    delivered = await deliver(notices, channel, "uno", "dos", "tres")
    # What is made anew after the death is made for the instant of what is there; for now, where nothing is.
    nothing_there = dies_in == 1 and not accepted and away >= 60
    made_at = f"{NINE + timedelta(seconds=away if nothing_there else 0):%H:%M}"
    assert channel.texts == [
        f"{text} @{made_at} ref. 0908-apertura-{n}" for n, text in enumerate(["uno", "dos", "tres"], 1)
    ]
    assert delivered.messages == tuple(message for message, _, _ in channel.posted)
    (entry,) = await notices.ledger()
    # By the channel's own account, not by when it was found there.
    came_at = NINE + timedelta(seconds=away if dies_in == 1 and not accepted else 0)
    assert (entry.outcome, entry.sent_at) == (Outcome.SENT, came_at)


class DyingStore:
    """A store whose process dies at its n-th write: before it is committed, or before anybody hears of it."""

    def __init__(self, store: Store, dies_at: int, *, committed: bool) -> None:
        self._store = store
        self._left = dies_at
        self._committed = committed

    async def write(
        self, operation: Callable[[Transaction], object], patience: float | None = None, *, ahead: bool = False
    ) -> object:
        self._left -= 1
        if self._left == 0 and not self._committed:
            raise Killed
        result = await self._store.write(operation, patience, ahead=ahead)
        if self._left == 0:
            raise Killed
        return result


@pytest.mark.parametrize("committed", [False, True])
@pytest.mark.parametrize("away", [10, 300])
async def test_a_death_at_any_write_neither_loses_nor_doubles(
    store: Store, clock: RehearsalClock, tmp_path: Path, committed: bool, away: int
) -> None:
    config = workshop(tmp_path)
    for dies_at in itertools.count(1):
        key, channel = f"notice-{dies_at}", Channel(clock)
        dying_store = DyingStore(store, dies_at, committed=committed)

        async def attempt(on: object, key: str = key, channel: Channel = channel) -> Delivered:
            notices = Notices(on, clock, config)  # type: ignore[arg-type]
            cues = [HeldCue(key, "opening", clock.now())]
            return await notices.deliver(key, HALL, 1, made_of("a", "b"), channel.send, channel.find, cues=cues)

        try:
            await attempt(dying_store)
        except Killed:
            clock.set(clock.now() + timedelta(seconds=away))
            await attempt(store)
        else:
            # It came to its end: every write on the way has been died at.
            break
        assert [re.sub(r"@\S+ ", "", text) for text in channel.texts] == [f"a ref. {key}-1", f"b ref. {key}-2"]
    assert dies_at == 7
    assert {entry.outcome for entry in await Notices(store, clock, config).ledger()} == {Outcome.SENT}


@pytest.mark.parametrize("accepted", [False, True])
async def test_what_cannot_be_sought_is_not_sent_again_and_organizers_are_told(
    notices: Notices, channel: Channel, clock: RehearsalClock, store: Store, accepted: bool
) -> None:
    setattr(channel, "after" if accepted else "before", dying(1))
    with pytest.raises(Killed):
        await deliver(notices, channel, "uno", "dos")
    channel.readable = False
    clock.set(NINE + timedelta(minutes=4))
    for _ in range(2):
        assert not (await deliver(notices, channel, "uno", "dos")).confirmed
    assert channel.texts == [
        *(["uno @15:00 ref. 0908-apertura-1"] if accepted else []),
        "dos @15:00 ref. 0908-apertura-2",
    ]
    assert await outcomes(notices) == {OPENING.key: Outcome.UNCONFIRMED}
    assert await untold(store) == [(AlertKind.UNCONFIRMED, HALL, "0908-apertura-1", ())]


async def test_a_claim_is_sought_after_the_clock_was_set_back(
    notices: Notices, channel: Channel, clock: RehearsalClock
) -> None:
    channel.after = dying(1)
    with pytest.raises(Killed):
        await deliver(notices, channel)
    clock.set(NINE - timedelta(minutes=10))
    channel.nonces.clear()
    channel.posted[0] = (*channel.posted[0][:2], NINE)
    await deliver(notices, channel)
    assert len(channel.posted) == 1


@pytest.mark.parametrize("reason", [Reason.FORBIDDEN, Reason.MISSING, Reason.RATE_LIMITED])
async def test_what_was_refused_is_decided_anew_and_made_for_its_new_instant(
    notices: Notices, channel: Channel, clock: RehearsalClock, store: Store, reason: Reason
) -> None:
    channel.before = refusing(reason, at=lambda n: n == 1)
    with pytest.raises(NotPosted) as refused:
        await deliver(notices, channel)
    assert refused.value.reason is reason
    assert await outcomes(notices) == {OPENING.key: Outcome.FAILING}
    assert OPENING.key not in await store.read(lambda tx: tx.notices.recorded(HALL))
    clock.set(NINE + timedelta(minutes=20))
    await deliver(notices, channel)
    assert channel.texts == ["Apertura @15:20 ref. 0908-apertura-1"]
    assert await outcomes(notices) == {OPENING.key: Outcome.SENT}


async def test_what_discord_takes_from_nobody_is_given_up_and_told(
    notices: Notices, channel: Channel, store: Store
) -> None:
    channel.before = refusing(Reason.REFUSED)
    with pytest.raises(NotPosted):
        await deliver(notices, channel)
    assert await outcomes(notices) == {OPENING.key: Outcome.FAILED}
    assert OPENING.key in await store.read(lambda tx: tx.notices.recorded(HALL))
    assert await untold(store) == [(AlertKind.REFUSED, HALL, "0908-apertura", ())]


async def test_a_refusal_of_a_later_part_goes_on_there_with_the_same_content(
    notices: Notices, channel: Channel, clock: RehearsalClock
) -> None:
    channel.before = refusing(Reason.FORBIDDEN, at=lambda n: n == 2)
    with pytest.raises(NotPosted):
        await deliver(notices, channel, "uno", "dos")
    assert await outcomes(notices) == {OPENING.key: Outcome.CLAIMED}
    clock.set(NINE + timedelta(minutes=20))
    await deliver(notices, channel, "uno", "dos")
    assert channel.texts == ["uno @15:00 ref. 0908-apertura-1", "dos @15:00 ref. 0908-apertura-2"]


async def test_a_refusal_proves_nothing_about_an_earlier_attempt_without_answer(
    notices: Notices, channel: Channel, clock: RehearsalClock
) -> None:
    """Accepted, but the answer was lost; then the permission is taken away; then it is back."""
    channel.after = refusing(Reason.TIMEOUT, at=lambda n: n == 1)
    with pytest.raises(NotPosted):
        await deliver(notices, channel)
    channel.before = refusing(Reason.FORBIDDEN, at=lambda n: n == 2)
    clock.set(NINE + timedelta(seconds=30))
    with pytest.raises(NotPosted):
        await deliver(notices, channel)
    clock.set(NINE + timedelta(minutes=10))
    await deliver(notices, channel)
    assert channel.texts == ["Apertura @15:00 ref. 0908-apertura-1"]


async def test_what_is_no_longer_true_is_sought_and_not_sent(
    notices: Notices, channel: Channel, clock: RehearsalClock
) -> None:
    channel.before = refusing(Reason.UNAVAILABLE)
    with pytest.raises(NotPosted):
        await deliver(notices, channel)
    clock.set(NINE + timedelta(hours=3))
    channel.before = lambda _n: None
    with pytest.raises(NoLongerTrue):
        await deliver(notices, channel, is_current=lambda now: now < NINE + timedelta(hours=2))
    assert channel.texts == []
    assert await outcomes(notices) == {OPENING.key: Outcome.FAILED}


async def test_what_was_accepted_before_it_was_too_late_counts_as_sent(
    notices: Notices, channel: Channel, clock: RehearsalClock
) -> None:
    channel.after = refusing(Reason.UNAVAILABLE, at=lambda n: n == 1)
    with pytest.raises(NotPosted):
        await deliver(notices, channel)
    clock.set(NINE + timedelta(hours=3))
    delivered = await deliver(notices, channel, is_current=lambda now: now < NINE + timedelta(hours=2))
    assert (len(channel.posted), delivered.sent_at) == (1, NINE)


async def test_organizers_are_told_once_while_a_channel_is_broken_and_again_when_it_breaks_again(
    notices: Notices, channel: Channel, store: Store
) -> None:
    told: list[int] = []
    notices.on_alert(lambda: told.append(1))
    channel.before = refusing(Reason.FORBIDDEN, "send_messages")
    for _ in range(4):
        with pytest.raises(NotPosted):
            await deliver(notices, channel)
    broken = (AlertKind.BROKEN, HALL, "forbidden", ("send_messages",))
    assert (await untold(store), told) == ([broken], [1])
    channel.before = lambda _n: None
    await deliver(notices, channel)
    # It was mended before anybody was told, and works: nothing to tell.
    assert await untold(store) == []
    channel.before = refusing(Reason.FORBIDDEN, "send_messages")
    with pytest.raises(NotPosted):
        await notices.deliver("2020-09-08/2/start", HALL, 1, made_of("b"), channel.send, channel.find)
    assert (await untold(store), told) == ([broken], [1, 1])


async def test_a_trouble_that_may_pass_is_told_at_the_third_attempt(
    notices: Notices, channel: Channel, store: Store
) -> None:
    channel.before = refusing(Reason.UNAVAILABLE)
    told = []
    for _ in range(4):
        with pytest.raises(NotPosted):
            await deliver(notices, channel)
        told.append(len(await untold(store)))
    assert told == [0, 0, 1, 1]


async def test_a_channel_that_hangs_does_not_keep_another_from_its_notice(
    notices: Notices, channel: Channel, clock: RehearsalClock
) -> None:
    other = Channel(clock, OTHER)
    answered = asyncio.Event()

    async def hang(_text: str, _mark: str, _nonce: str) -> Posted:
        await answered.wait()
        raise NotPosted(HALL, Reason.TIMEOUT)

    hanging = asyncio.create_task(notices.deliver(OPENING.key, HALL, 1, made_of("Apertura"), hang, channel.find))
    await deliver(notices, other)
    assert not hanging.done()
    answered.set()
    with pytest.raises(NotPosted):
        await hanging
    assert other.texts == ["Apertura @15:00 ref. 0908-apertura-1"]


async def test_a_cancelled_delivery_goes_on_where_it_was(notices: Notices, channel: Channel) -> None:
    accepted = asyncio.Event()

    async def hang(text: str, mark: str, nonce: str) -> Posted:
        await channel.send(text, mark, nonce)
        accepted.set()
        return await asyncio.Future()

    hanging = asyncio.create_task(notices.deliver(OPENING.key, HALL, 1, made_of("Apertura"), hang, channel.find))
    await accepted.wait()
    hanging.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hanging
    await deliver(notices, channel)
    assert channel.texts == ["Apertura @15:00 ref. 2020-09-08-opening-1"]


async def test_skip_tells_what_was_too_late_from_what_failed(store: Store, notices: Notices, channel: Channel) -> None:
    channel.before = refusing(Reason.FORBIDDEN)
    with pytest.raises(NotPosted):
        await deliver(notices, channel)
    never_tried = HeldCue("2020-09-08/reminder", "reminder", NINE - timedelta(minutes=15))

    def skip_both(tx: object) -> list[Outcome]:
        return [tx.notices.skip(cue, HALL, tx.now) for cue in (OPENING, never_tried)]  # type: ignore[attr-defined]

    assert await store.write(skip_both) == [Outcome.FAILED, Outcome.SKIPPED]
    assert await store.write(skip_both) == [Outcome.FAILED, Outcome.SKIPPED]
    assert [entry.late_seconds for entry in await notices.ledger()] == [None, None]


async def test_the_state_of_a_delivery_contradicts_no_invariant(
    notices: Notices, channel: Channel, database: Path
) -> None:
    await deliver(notices, channel, "uno", "dos")
    channel.before = refusing(Reason.FORBIDDEN)
    with pytest.raises(NotPosted):
        await notices.deliver("x", HALL, 1, made_of("b"), channel.send, channel.find)
    assert check(database) == []


def test_a_nonce_is_short_and_each_message_has_its_own() -> None:
    addresses = [
        Address("2020-09-08/opening", HALL),
        Address("2020-09-08/opening", HALL, 2),
        Address("2020-09-08/opening", OTHER),
        Address("2020-09-09/opening", HALL),
    ]
    nonces = {nonce(address, part) for address in addresses for part in (1, 2)}
    assert len(nonces) == 8
    assert max(map(len, nonces)) <= 25
    assert nonce(addresses[0], 1) == nonce(Address("2020-09-08/opening", HALL, 1), 1)
    assert mark("0908-apertura", 1, 2) == "0908-apertura-2"
