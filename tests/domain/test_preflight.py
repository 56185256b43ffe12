"""Who is called, who may say to be whom, and what counts as trouble."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.agenda import Panelist, Session
from bot.config import load
from bot.errors import NotSavedReason
from bot.ids import PersonId
from bot.preflight import (
    ENOUGH_DISK,
    Arrival,
    CallIsOver,
    NotCalled,
    SelfCheck,
    TroubleKind,
    WhichPanelist,
    attendance,
    places,
    places_of,
)
from bot.status import Status
from tests.domain.agendas import WORKSHOP

ANA, EVA, OLGA = PersonId(1), PersonId(2), PersonId(3)


def session(*panelists: Panelist) -> Session:
    """The workshop's first day with these panelists, who sit in two of its blocks."""
    first = load(WORKSHOP).agenda.sessions[0]
    opening, *rest = first.blocks
    return replace(first, blocks=(opening, *(replace(block, panelists=panelists) for block in rest)))


DAY = session(Panelist("Ana Prueba", person=ANA), Panelist("Eva Núñez"))
BEFORE = DAY.starts_at - timedelta(minutes=20)


def keys(person: PersonId, *names: str, arrivals: tuple[Arrival, ...] = (), **more: Any) -> list[str]:
    more = {"moderates": False, **more}
    return [place.key for place in places_of(DAY, person, names, arrivals, BEFORE, **more)]


def test_moderation_and_each_panelist_are_called_once() -> None:
    assert [place.key for place in places(DAY)] == ["moderation", "panelist:ana prueba", "panelist:eva nunez"]


def test_an_account_that_is_known_counts_whatever_it_is_called() -> None:
    assert keys(ANA, "otra cosa") == ["panelist:ana prueba"]
    # And nobody else takes that place by a name.
    with pytest.raises(WhichPanelist):
        keys(OLGA, "Ana Prueba")


def test_a_name_counts_whatever_its_accents_and_moderating_comes_beside() -> None:
    assert keys(EVA, "EVA NUNEZ") == ["panelist:eva nunez"]
    assert keys(EVA, "Eva Núñez", moderates=True) == ["panelist:eva nunez", "moderation"]


def test_who_is_not_known_is_asked_and_what_was_taken_is_not_offered() -> None:
    with pytest.raises(WhichPanelist) as asked:
        keys(OLGA, "olga")
    assert asked.value.names == ("Eva Núñez",)
    assert keys(OLGA, "olga", chosen="Eva Núñez") == ["panelist:eva nunez"]
    taken = (Arrival("panelist:eva nunez", EVA, BEFORE),)
    for chosen in (None, "Eva Núñez"):
        with pytest.raises(NotCalled):
            keys(OLGA, "olga", arrivals=taken, chosen=chosen)
    # Saying it twice is no contradiction.
    assert keys(EVA, "eva", arrivals=taken, chosen="Eva Núñez") == ["panelist:eva nunez"]


def test_after_the_session_nobody_arrives() -> None:
    with pytest.raises(CallIsOver):
        places_of(DAY, ANA, (), (), DAY.ends_at, moderates=True)


def test_who_is_there_stands_in_the_order_of_arrival() -> None:
    later = BEFORE + timedelta(minutes=1)
    arrivals = [Arrival("moderation", EVA, later), Arrival("moderation", OLGA, BEFORE), Arrival("gone", ANA, BEFORE)]
    assert [each.people for each in attendance(DAY, arrivals)] == [(OLGA, EVA), (), ()]


NOW = datetime(2020, 9, 8, 14, 50, tzinfo=UTC)
STATUS = Status(
    now=NOW,
    since=NOW - timedelta(days=2),
    connected=True,
    latency_seconds=0.1,
    in_server=True,
    last_cue=None,
    next_cue=None,
    session=DAY.key,
    questions={},
    pending=0,
    database_bytes=1000,
    free_bytes=ENOUGH_DISK,
    trouble=None,
    last_backup=NOW - timedelta(hours=11),
    backup_failed_at=None,
)
WELL = SelfCheck(status=STATUS, lacks=(), clock_off=timedelta(0), damage=None, makes_backups=True)


def test_a_bot_that_is_well_has_no_trouble() -> None:
    assert WELL.troubles == ()
    assert replace(WELL, clock_off=timedelta(seconds=-2)).troubles == ()


@pytest.mark.parametrize(
    ("check", "status", "kind"),
    [
        ({}, {"in_server": False}, TroubleKind.SERVER),
        ({"clock_off": timedelta(seconds=-3)}, {}, TroubleKind.CLOCK),
        ({"clock_off": None}, {}, TroubleKind.CLOCK_UNKNOWN),
        ({}, {"free_bytes": ENOUGH_DISK - 1}, TroubleKind.DISK),
        ({"damage": "row 3 missing"}, {}, TroubleKind.DATABASE),
        ({}, {"trouble": NotSavedReason.FULL}, TroubleKind.DATABASE),
        ({}, {"last_backup": NOW - timedelta(hours=37)}, TroubleKind.BACKUP),
        ({}, {"last_backup": None}, TroubleKind.BACKUP),
        ({}, {"backup_failed_at": NOW}, TroubleKind.BACKUP_FAILED),
    ],
)
def test_each_trouble_is_seen(check: Mapping[str, Any], status: Mapping[str, Any], kind: TroubleKind) -> None:
    assert replace(WELL, **check, status=replace(STATUS, **status)).troubles == (kind,)


def test_a_bot_that_has_just_been_started_need_not_have_a_backup_and_one_without_any_is_not_told() -> None:
    fresh = replace(STATUS, since=NOW - timedelta(hours=1), last_backup=None)
    assert replace(WELL, status=fresh).troubles == ()
    assert replace(WELL, status=replace(STATUS, last_backup=None), makes_backups=False).troubles == ()
