"""Announcements while the database takes nothing, and after a bot died meanwhile: each is there, once."""

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.ids import ChannelId
from bot.notices import Outcome
from bot.sending import NotPosted, Posted, Reason
from tests.factories import workshop
from tests.storage.test_announcing import ANUNCIOS, ORGANIZACION, TUESDAY, Channels, House

#: Tuesday's posts in the order of their hours, and those hours.
HOURS = ("08:45", "09:00", "09:30", "10:15", "10:55", "11:00")
MARKS = [f"0908-{name}-1" for name in TUESDAY]


class Away:
    """The database, which somebody takes away from under the bot and brings back."""

    def __init__(self, database: Path) -> None:
        self._here, self._there = database, database.with_name("elsewhere")

    def take(self) -> None:
        self._here.rename(self._there)

    def bring(self) -> None:
        self._there.rename(self._here)


class DyingChannels(Channels):
    """Ends the bot with the n-th message from now on: before it is taken, or after, before anybody hears so."""

    def dies_at(self, number: int, *, taken: bool) -> None:
        self._left, self._taken = number, taken

    def lives_again(self) -> None:
        """By then, Discord has forgotten the nonces, which it honours for a few minutes."""
        self._left = -1
        self._nonces.clear()

    _left = -1
    _taken = False

    async def send(self, channel_id: ChannelId, message: str, mark: str, nonce: str) -> Posted:
        if self._left == 0:
            # It is dead: what is still due to be sent never is.
            raise asyncio.CancelledError
        self._left -= 1
        if self._left == 0 and not self._taken:
            raise asyncio.CancelledError
        posted = await super().send(channel_id, message, mark, nonce)
        if self._left == 0:
            raise asyncio.CancelledError
        return posted

    async def find(self, channel_id: ChannelId, mark: str, since: Any) -> Posted | None:
        if self._left == 0:
            raise asyncio.CancelledError
        return await super().find(channel_id, mark, since)


@pytest.fixture
async def house(tmp_path: Path, database: Path) -> House:
    return House(workshop(tmp_path), database)


@pytest.fixture
def away(database: Path) -> Away:
    return Away(database)


@pytest.mark.trial("F5")
async def test_what_is_due_goes_out_at_its_hour_and_is_written_down_later(house: House, away: Away) -> None:
    async with house.running():
        await house.run_until("2020-09-08 08:40")
        away.take()
        await house.run_until("2020-09-08 11:10")

        posted = house.channels.posted[ANUNCIOS]
        assert [mark for mark, _, _ in posted] == MARKS
        assert [at for _, _, at in posted] == [house.at(f"2020-09-08 {hour}") for hour in HOURS]
        assert house.channels.texts(ANUNCIOS)[1] == "opening:normal"
        # What tells figures waits: they are not those of the day while what they count waits.
        assert house.channels.posted.get(ORGANIZACION, []) == []
        assert await house.ledger() == {}

        away.bring()
        await house.run_until("2020-09-08 12:30")
        ledger = await house.ledger()
        assert {(entry.outcome, entry.late_seconds) for entry in ledger.values()} == {(Outcome.SENT, 0.0)}
        assert len(ledger) == len(TUESDAY) + 1
        assert "0908-resumen-1" in house.channels.marks(ORGANIZACION)
        await house.run_until("2020-09-12 12:00")
    assert len(set(house.channels.marks(ANUNCIOS))) == len(house.channels.marks(ANUNCIOS)) == 25
    # Nothing was late, nothing was passed over, so nobody is told anything.
    assert not [mark for mark in house.channels.marks(ORGANIZACION) if mark.startswith("alerta")]


async def test_it_is_written_down_within_half_a_minute(house: House, away: Away) -> None:
    async with house.running():
        away.take()
        await house.run_until("2020-09-08 09:01")
        away.bring()
        await house.run_until("2020-09-08 09:01:30")
        assert {entry.outcome for entry in (await house.ledger()).values()} == {Outcome.SENT}
        assert len(await house.ledger()) == 2


@pytest.mark.trial("F5")
@pytest.mark.timeout(240)
@pytest.mark.parametrize("taken", [False, True], ids=["was-not-taken", "was-taken"])
@pytest.mark.parametrize("there", [False, True], ids=["still-away", "back-again"])
async def test_a_death_with_any_message_neither_loses_nor_doubles(tmp_path: Path, taken: bool, there: bool) -> None:
    """It is dead for four minutes: it is too late for nothing yet."""
    for number in range(1, len(MARKS) + 1):
        directory = tmp_path / str(number)
        house = House(workshop(directory), directory / "estrado.db")
        house.channels = channels = DyingChannels(house.clock)
        away = Away(directory / "estrado.db")
        async with house.running():
            await house.run_until("2020-09-08 08:40")
            away.take()
            channels.dies_at(number, taken=taken)
            await house.run_until(f"2020-09-08 {HOURS[number - 1]}:30")
        assert house.channels.marks(ANUNCIOS) == MARKS[: number if taken else number - 1]
        channels.lives_again()
        house.clock.set(house.clock.now() + timedelta(minutes=4))
        # Nobody begins without a database; it may be gone again at once.
        away.bring()
        async with house.running():
            if not there:
                away.take()
            await house.run_until("2020-09-08 12:00")
            if not there:
                away.bring()
            await house.run_until("2020-09-08 13:00")
            outcomes = {key: entry.outcome for key, entry in (await house.ledger()).items()}
        told = "+".join(house.channels.texts(ANUNCIOS))
        assert len(set(house.channels.marks(ANUNCIOS))) == len(house.channels.marks(ANUNCIOS)), number
        for kind in ("reminder", "opening", "block_start", "qa_opens", "last_call", "qa_closes", "session_closes"):
            assert told.count(f"{kind}:") == 1, (number, kind, told)
        assert set(outcomes.values()) == {Outcome.SENT}, number


async def test_what_was_sent_apart_is_found_apart_when_several_are_due(house: House, away: Away) -> None:
    """At its return two are due together: the one that was sent is not told again, the other one is not forgotten."""
    channels = house.channels = DyingChannels(house.clock)
    async with house.running():
        await house.run_until("2020-09-08 08:50")
        away.take()
        channels.dies_at(1, taken=True)
        await house.run_until("2020-09-08 09:20")
    channels.lives_again()
    away.bring()
    house.clock.set(house.at("2020-09-08 09:45"))
    async with house.running():
        await house.clock.be_still()
        assert house.channels.marks(ANUNCIOS) == MARKS[:3]
        assert house.channels.texts(ANUNCIOS)[1:] == ["opening:normal", "block_start:under_way"]


async def test_what_is_due_together_goes_out_one_by_one_without_the_database(house: House, away: Away) -> None:
    """Else whoever comes back could not tell which of them a message told."""
    channels = house.channels = DyingChannels(house.clock)
    house.clock.set(house.at("2020-09-08 09:45"))
    async with house.running():
        away.take()
        channels.dies_at(1, taken=True)
        await house.run_until("2020-09-08 09:46")
    assert house.channels.texts(ANUNCIOS) == ["opening:under_way"]
    channels.lives_again()
    away.bring()
    house.clock.set(house.at("2020-09-08 09:50"))
    async with house.running():
        await house.clock.be_still()
        assert house.channels.texts(ANUNCIOS) == ["opening:under_way", "block_start:under_way"]
        assert house.channels.marks(ANUNCIOS) == MARKS[1:3]


async def test_where_the_channel_cannot_be_read_it_waits_for_the_database(house: House, away: Away) -> None:
    """Whoever came after a death could not tell what had been sent."""

    async def cannot(channel_id: ChannelId, _mark: str, _since: Any) -> Posted | None:
        raise NotPosted(channel_id, Reason.FORBIDDEN, ("read_message_history",))

    house.channels.find = cannot  # type: ignore[method-assign]
    async with house.running():
        away.take()
        await house.run_until("2020-09-08 09:02")
        assert house.channels.marks(ANUNCIOS) == []
        away.bring()
        await house.run_until("2020-09-08 09:10")
        assert house.channels.marks(ANUNCIOS) == ["0908-apertura-1"]


async def test_a_database_that_cannot_even_be_read_keeps_nothing_back(house: House, database: Path) -> None:
    async with house.running():
        await house.run_until("2020-09-08 09:05")
        for name in ("estrado.db", "estrado.db-wal"):
            file = database.with_name(name)
            file.write_bytes(random.Random(1).randbytes(file.stat().st_size))
        await house.run_until("2020-09-08 11:10")
    assert house.channels.marks(ANUNCIOS) == MARKS


async def test_an_older_copy_in_the_place_of_the_database_has_nothing_told_again(house: House, database: Path) -> None:
    async with house.running():
        pass
    older = database.read_bytes()
    async with house.running():
        await house.run_until("2020-09-08 09:40")
        database.write_bytes(older)
        database.with_name("estrado.db-wal").write_bytes(b"")
        await house.run_until("2020-09-08 11:10")
    assert house.channels.marks(ANUNCIOS) == MARKS


async def test_a_broken_channel_meanwhile_is_told_when_it_can_be_noted(house: House, away: Away) -> None:
    async with house.running():
        await house.run_until("2020-09-08 08:50")
        away.take()
        house.channels.trouble = forbidden_in(ANUNCIOS)
        await house.run_until("2020-09-08 09:10")
        away.bring()
        await house.run_until("2020-09-08 09:20")
        broken = [text for text in house.channels.texts(ORGANIZACION) if text.startswith("broken")]
        assert broken == [f"broken {ANUNCIOS} forbidden send_messages"]
        house.channels.trouble = lambda _channel, _now: None
        await house.run_until("2020-09-08 11:30")
    assert house.channels.marks(ANUNCIOS)[:2] == MARKS[:2]
    assert len(set(house.channels.marks(ANUNCIOS))) == len(house.channels.marks(ANUNCIOS))


def forbidden_in(channel_id: ChannelId) -> Callable[[ChannelId, Any], Reason | None]:
    return lambda channel, _now: Reason.FORBIDDEN if channel == channel_id else None
