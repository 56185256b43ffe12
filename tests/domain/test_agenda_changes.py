"""Changes of the programme while it goes on: what moves, what stays, and what is refused."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Event
from bot.agenda_changes import (
    BeyondTheDay,
    BlockChange,
    BlockIsPast,
    BlocksWouldOverlap,
    Hours,
    LastBlockOfTheDay,
    NoQuestionsToOpen,
    NothingToDelay,
    cancel,
    delay,
    move,
    open_questions,
    recast,
    with_changes,
)
from bot.config import load
from bot.errors import Refusal
from bot.ids import BlockKey, SessionKey
from tests.factories import CONFIG_FILE

WORKSHOP = load(CONFIG_FILE).agenda
TUESDAY, WEDNESDAY = SessionKey("2020-09-08"), SessionKey("2020-09-09")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=WORKSHOP.timezone)


def hours(event: Event, session: SessionKey = WEDNESDAY) -> list[str]:
    return [block.printed for block in event.session(session).blocks]


def delayed(event: Event, now: datetime, minutes: int, earlier: tuple[BlockChange, ...] = ()) -> Event:
    live = with_changes(event, earlier)
    return with_changes(event, (*earlier, *delay(live, event, now, minutes)))


# Delays


def test_the_block_that_runs_ends_later_and_what_follows_moves_as_a_whole() -> None:
    changed = delayed(WORKSHOP, at("2020-09-09 09:20"), 10)
    assert hours(changed) == ["09:00-09:15", "09:15-10:25", "10:25-11:10"]
    assert hours(changed, TUESDAY) == hours(WORKSHOP, TUESDAY)


def test_before_the_session_all_of_it_moves() -> None:
    changed = delayed(WORKSHOP, at("2020-09-09 08:00"), 15)
    assert hours(changed) == ["09:15-09:30", "09:30-10:30", "10:30-11:15"]


def test_a_block_that_ends_at_this_instant_is_past() -> None:
    changed = delayed(WORKSHOP, at("2020-09-09 09:15"), 5)
    assert hours(changed) == ["09:00-09:15", "09:15-10:20", "10:20-11:05"]


def test_delays_add_up() -> None:
    first = delay(WORKSHOP, WORKSHOP, at("2020-09-09 09:20"), 10)
    changed = delayed(WORKSHOP, at("2020-09-09 10:30"), 5, first)
    assert hours(changed) == ["09:00-09:15", "09:15-10:25", "10:25-11:15"]


@pytest.mark.parametrize("now", ["2020-09-09 11:00", "2020-09-12 10:00"])
def test_nothing_is_left_to_delay(now: str) -> None:
    with pytest.raises(NothingToDelay):
        delay(WORKSHOP, WORKSHOP, at(now), 10)


def test_a_delay_over_midnight_and_one_into_the_past_are_refused() -> None:
    with pytest.raises(BeyondTheDay):
        delay(WORKSHOP, WORKSHOP, at("2020-09-09 09:20"), 13 * 60)
    with pytest.raises(BlockIsPast):
        delay(WORKSHOP, WORKSHOP, at("2020-09-09 09:20"), -60)


# One block


def test_a_block_moves_within_its_day() -> None:
    key, now = BlockKey("2020-09-11/4"), at("2020-09-11 09:00")
    changes = move(WORKSHOP, WORKSHOP, now, key, Hours(at("2020-09-11 11:00"), at("2020-09-11 11:20")))
    assert hours(with_changes(WORKSHOP, changes), SessionKey("2020-09-11"))[-1] == "11:00-11:20"


def test_a_block_does_not_move_into_another_nor_over_the_past() -> None:
    key = BlockKey("2020-09-11/4")
    with pytest.raises(BlocksWouldOverlap) as refused:
        move(WORKSHOP, WORKSHOP, at("2020-09-11 09:00"), key, Hours(at("2020-09-11 10:30"), at("2020-09-11 11:00")))
    assert refused.value.other.key == "2020-09-11/3"
    for now in ("2020-09-11 11:00", "2020-09-11 10:50"):
        with pytest.raises(BlockIsPast):
            move(WORKSHOP, WORKSHOP, at(now), key, Hours(at("2020-09-11 10:46"), at("2020-09-11 11:30")))
    with pytest.raises(BeyondTheDay):
        move(WORKSHOP, WORKSHOP, at("2020-09-11 09:00"), key, Hours(at("2020-09-12 10:30"), at("2020-09-12 11:00")))


def test_the_block_that_runs_may_end_at_another_hour() -> None:
    key = BlockKey("2020-09-11/4")
    changes = move(
        WORKSHOP, WORKSHOP, at("2020-09-11 10:50"), key, Hours(at("2020-09-11 10:45"), at("2020-09-11 11:30"))
    )
    assert hours(with_changes(WORKSHOP, changes), SessionKey("2020-09-11"))[-1] == "10:45-11:30"


def test_a_block_that_is_cancelled_leaves_a_gap() -> None:
    changes = cancel(WORKSHOP, WORKSHOP, at("2020-09-09 09:10"), BlockKey("2020-09-09/2"))
    assert hours(with_changes(WORKSHOP, changes)) == ["09:00-09:15", "10:15-11:00"]
    with pytest.raises(BlockIsPast):
        cancel(WORKSHOP, WORKSHOP, at("2020-09-09 09:15"), BlockKey("2020-09-09/2"))


def test_the_last_block_of_a_day_stays() -> None:
    event, now = WORKSHOP, at("2020-09-09 08:00")
    changes: tuple[BlockChange, ...] = ()
    for n in (1, 2):
        changes += cancel(with_changes(event, changes), event, now, BlockKey(f"2020-09-09/{n}"))
    with pytest.raises(LastBlockOfTheDay):
        cancel(with_changes(event, changes), event, now, BlockKey("2020-09-09/3"))


def test_other_people_and_their_role() -> None:
    key = BlockKey("2020-09-09/2")
    changes = recast(
        WORKSHOP,
        WORKSHOP,
        at("2020-09-09 09:30"),
        key,
        moderator={"es": "Ana", "en": "Ana"},
        moderator_role="Miércoles",
    )
    block = with_changes(WORKSHOP, changes).block(key)
    assert (block.moderator, block.moderator_role) == ({"es": "Ana", "en": "Ana"}, "Miércoles")
    assert (block.title, block.printed) == (WORKSHOP.block(key).title, "09:15-10:15")
    with pytest.raises(BlockIsPast):
        recast(WORKSHOP, WORKSHOP, at("2020-09-09 10:15"), key, title={"es": "Otro"})


# Questions before their hour


def test_questions_begin_now_and_keep_their_end() -> None:
    changes = open_questions(WORKSHOP, WORKSHOP, at("2020-09-09 10:00"))
    assert hours(with_changes(WORKSHOP, changes)) == ["09:00-09:15", "09:15-10:00", "10:00-11:00"]


def test_blocks_before_the_questions_that_did_not_begin_are_left_out() -> None:
    changes = open_questions(WORKSHOP, WORKSHOP, at("2020-09-09 09:10"))
    assert hours(with_changes(WORKSHOP, changes)) == ["09:00-09:10", "09:10-11:00"]


@pytest.mark.parametrize("now", ["2020-09-09 08:00", "2020-09-09 10:15", "2020-09-09 11:00"])
def test_no_questions_to_open(now: str) -> None:
    with pytest.raises(NoQuestionsToOpen):
        open_questions(WORKSHOP, WORKSHOP, at(now))


# What the configuration says


def test_an_edited_configuration_is_right_about_what_was_edited() -> None:
    changes = delay(WORKSHOP, WORKSHOP, at("2020-09-09 09:20"), 10)
    session = WORKSHOP.session(WEDNESDAY)
    longer = replace(session.blocks[2], ends_at=at("2020-09-09 11:30"), printed="10:15-11:30")
    edited = replace(
        WORKSHOP,
        sessions=tuple(
            replace(session, blocks=(*session.blocks[:2], longer)) if each.key == WEDNESDAY else each
            for each in WORKSHOP.sessions
        ),
    )
    assert hours(with_changes(edited, changes)) == ["09:00-09:15", "09:15-10:15", "10:15-11:30"]


# Whatever happens

_DAY = at("2020-09-09 08:30")
_STEPS = st.lists(
    st.tuples(
        st.integers(0, 60),
        st.sampled_from(["delay", "move", "cancel", "open"]),
        st.integers(1, 3),
        st.integers(-20, 60),
        st.integers(1, 60),
    ),
    max_size=8,
)


@given(_STEPS)
def test_whatever_is_changed_the_past_stays_and_nothing_overlaps(steps: list[tuple[int, str, int, int, int]]) -> None:
    now, changes = _DAY, tuple[BlockChange, ...]()
    for later, kind, number, minutes, length in steps:
        now += timedelta(minutes=later)
        live = with_changes(WORKSHOP, changes)
        key = BlockKey(f"2020-09-09/{number}")
        try:
            if kind == "delay":
                made = delay(live, WORKSHOP, now, minutes)
            elif kind == "move":
                start = live.block(key).starts_at + timedelta(minutes=minutes)
                made = move(live, WORKSHOP, now, key, Hours(start, start + timedelta(minutes=length)))
            elif kind == "cancel":
                made = cancel(live, WORKSHOP, now, key)
            else:
                made = open_questions(live, WORKSHOP, now)
        except (Refusal, KeyError):
            continue
        changes += made
        after = with_changes(WORKSHOP, changes)
        bounds = [bound for block in after.session(WEDNESDAY).blocks for bound in (block.starts_at, block.ends_at)]
        assert bounds == sorted(bounds)
        assert all(block.starts_at < block.ends_at for block in after.blocks())
        for block in live.session(WEDNESDAY).blocks:
            if block.ends_at <= now:
                assert after.block(block.key) == block
            elif block.starts_at < now:
                assert after.block(block.key).starts_at == block.starts_at
        assert after.session(TUESDAY) == WORKSHOP.session(TUESDAY)
