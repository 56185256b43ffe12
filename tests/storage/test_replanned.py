"""The plan changes while it is announced: what is still to come comes at its new hour, and nothing comes twice."""

from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from bot.agenda import Event
from bot.agenda_changes import Hours, delay, move, open_questions, with_changes
from bot.cues import plan
from bot.ids import BlockKey, ChannelId
from bot.notices import Outcome, Reason
from tests.factories import workshop
from tests.storage.test_announcing import ANUNCIOS, House

TUESDAY = "2020-09-08"


@pytest.fixture
async def house(tmp_path: Path, database: Path) -> House:
    return House(workshop(tmp_path), database)


def replan(house: House, event: Event) -> None:
    house.announcing.replan(plan(event, house.config.announcements))


def delayed(house: House, minutes: int) -> Event:
    planned = house.config.agenda
    return with_changes(planned, delay(planned, planned, house.clock.now(), minutes))


def told(house: House) -> list[str]:
    return [mark for mark in house.channels.marks(ANUNCIOS) if mark.startswith("0908")]


async def test_what_is_to_come_comes_at_its_new_hour_once(house: House) -> None:
    async with house.running():
        await house.run_until(f"{TUESDAY} 09:20")
        replan(house, delayed(house, 10))
        await house.run_until(f"{TUESDAY} 09:39:59")
        assert told(house) == ["0908-recordatorio-1", "0908-apertura-1"]
        await house.run_until(f"{TUESDAY} 12:00")
        ledger = await house.ledger()
    assert told(house)[2:] == ["0908-bloque2-1", "0908-preguntas-1", "0908-ultimos-minutos-1", "0908-fin-preguntas-1"]
    assert ledger[f"{TUESDAY}/2/start"].sent_at == house.at(f"{TUESDAY} 09:40")
    assert ledger[f"{TUESDAY}/session_closes"].sent_at == house.at(f"{TUESDAY} 11:10")
    assert {entry.late_seconds for key, entry in ledger.items() if key.startswith(TUESDAY)} == {0.0}


async def test_what_was_sent_is_not_sent_again_for_its_moved_block(house: House) -> None:
    async with house.running():
        await house.run_until(f"{TUESDAY} 08:50")
        replan(house, delayed(house, 30))
        await house.run_until(f"{TUESDAY} 12:00")
    assert told(house).count("0908-recordatorio-1") == 1
    assert told(house).count("0908-apertura-1") == 1
    assert len(told(house)) == len(set(told(house)))


async def test_a_cancelled_block_is_not_told_and_the_questions_that_began_are_at_once(house: House) -> None:
    async with house.running():
        await house.run_until(f"{TUESDAY} 09:20")
        planned = house.config.agenda
        replan(house, with_changes(planned, open_questions(planned, planned, house.clock.now())))
        await house.clock.be_still()
        assert told(house)[-1] == "0908-preguntas-1"
        await house.run_until(f"{TUESDAY} 12:00")
    assert "0908-bloque2-1" not in told(house)


async def test_a_plan_that_changes_while_something_is_on_its_way_is_heeded(house: House) -> None:
    async with house.running():
        later = delayed(house, 0)

        def on_the_way(_channel: ChannelId, now: datetime) -> Reason | None:
            nonlocal later
            if now == house.at(f"{TUESDAY} 09:00") and later == house.config.agenda:
                key, hours = BlockKey(f"{TUESDAY}/2"), (f"{TUESDAY} 09:35", f"{TUESDAY} 10:15")
                rule = partial(move, key=key, hours=Hours(*map(house.at, hours)))
                later = with_changes(later, rule(later, later, now))
                replan(house, later)
            return None

        house.channels.trouble = on_the_way
        await house.run_until(f"{TUESDAY} 12:00")
        ledger = await house.ledger()
    assert later != house.config.agenda
    assert ledger[f"{TUESDAY}/2/start"].sent_at == house.at(f"{TUESDAY} 09:35")
    assert ledger[f"{TUESDAY}/opening"].outcome is Outcome.SENT
    assert told(house).count("0908-apertura-1") == 1
