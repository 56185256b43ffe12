"""Whole hours of the event with Discord at its worst: nothing lost, nothing doubled, every minute counted."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.notices import Outcome
from bot.rehearsal.result import Result
from tests.factories import workshop

from . import network_hours as hours
from .test_announcements import notices
from .test_lasting_troubles import told
from .test_network_faults import impatient

LAST_OF_THE_DAY = ["0908-preguntas", "0908-ultimos-minutos", "0908-fin-preguntas"]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return impatient(workshop(tmp_path, announcements=(hours.BROKEN, hours.WHOLE)))


def holds(hour: hours.Hour, result: Result, given_up: int = 0) -> None:
    """The common audit. `given_up` cues went by while their own channel took nothing."""
    cues = replace(result.cues, missed=result.cues.missed - given_up)
    assert replace(result, cues=cues).holds, result
    assert result.recount.compared > 0
    assert len(hour.heard.acknowledged) == result.questions.stored > 10
    assert result.cues.skipped == 0


@pytest.mark.parametrize(
    "trouble",
    [
        hours.taken_and_answered_502,
        hours.bursts_of_5xx,
        hours.out_of_order,
        hours.twice_and_in_the_wrong_order,
        hours.slow(0.02),
    ],
    ids=lambda trouble: trouble.__name__,
)
async def test_hour_leaves_nothing_lost_doubled_or_miscounted(event: Any, trouble: Any) -> None:
    hour, result = await hours.spend(event, trouble)
    holds(hour, result)
    assert notices(hour.people[0].sees_in(hours.WHOLE))[-3:] == LAST_OF_THE_DAY


async def test_trouble_of_one_channel_is_told_once_and_the_other_keeps_its_time(event: Any) -> None:
    olga = event.organizer()
    hour, result = await hours.spend(event, hours.wait_of_600_seconds)
    entries = {
        channel.name: [e for e in await event.services.notices.ledger() if e.channel_id == channel.id]
        for channel in event.hall.announcements
    }
    given_up = [entry for entry in entries[hours.BROKEN] if entry.outcome is not Outcome.SENT]
    holds(hour, result, len(given_up))
    assert len(told(olga, "No logro publicar en")) == 1
    assert {(entry.outcome, entry.late_seconds) for entry in entries[hours.WHOLE]} == {(Outcome.SENT, 0.0)}
    assert notices(hour.people[0].sees_in(hours.WHOLE))[-3:] == LAST_OF_THE_DAY
    # What is still true once the channel takes it again is told there as well.
    assert notices(hour.people[0].sees_in(hours.BROKEN))[-1] == LAST_OF_THE_DAY[-1]
    assert given_up


async def test_gateway_that_is_lost_every_half_minute_costs_no_minute_and_few_requests(event: Any) -> None:
    olga, bot = event.organizer(), event.world.members[event.bot.user.id]
    asked = event.loopback.faults.add("slow", times=None, seconds=0)
    before, _ = event.loopback.gateway.starts_left(bot)
    hour, result = await hours.spend(event, hours.dropped, every_seconds=30)
    holds(hour, result)
    left, _ = event.loopback.gateway.starts_left(bot)
    assert before - left == hour.starts == hours.HOUR_SECONDS / 60
    # An hour without any trouble takes some 220 (bursts and waits apart); a start costs four at most.
    assert asked.played <= 220 + 4 * hour.starts
    assert told(olga, "también en otro lugar") == []
