"""The algebra of presence, against a naive recount of every single instant."""

from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Block, BlockKind, Session
from bot.attendance import (
    ClosedBy,
    DayRecord,
    Seat,
    Span,
    Stay,
    common,
    connections_by_person,
    counted_blocks,
    is_change_of_device,
    is_present,
    length,
    minutes_by_person_and_block,
    presence,
    union,
    unknown_by_block,
    without,
)
from bot.clock import from_ms, to_ms
from bot.ids import BlockKey, ChannelId, PersonId, SessionKey
from tests.domain.agendas import a_session, an_event

KEY = SessionKey("2026-09-08")
ANA, BEN, CLARA, DORA, EVA = (PersonId(number) for number in range(1, 6))
HALL, GROUP = ChannelId(10), ChannelId(20)
MINUTE = 60_000


def block(number: int, start: int, end: int, kind: BlockKind = BlockKind.EXCHANGE) -> Block:
    return Block(
        key=BlockKey(f"{KEY}/{number}"),
        kind=kind,
        title={"es": "Bloque"},
        starts_at=from_ms(start),
        ends_at=from_ms(end),
        printed="",
    )


def stay(person: PersonId, start: int, end: int | None, channel: ChannelId = HALL) -> Stay:
    closed_at = None if end is None else from_ms(end)
    return Stay(
        person, KEY, channel, "v1", from_ms(start), closed_at, None if end is None else ClosedBy.LEFT, connections=1
    )


def record(
    blocks: tuple[Block, ...],
    stays: tuple[Stay, ...],
    unknown: tuple[Span, ...] = (),
    seen_to: int = 10**6,
) -> DayRecord:
    return DayRecord(KEY, blocks, stays, union(unknown), (), from_ms(seen_to), is_closed=True)


# Properties, on a line of 40 milliseconds that can be counted one by one

TICKS = range(40)
spans = st.builds(
    lambda ends: Span(min(ends), max(ends)),
    st.tuples(st.integers(0, 39), st.integers(0, 40)),
)
many_spans = st.lists(spans, max_size=6)


def ticks(some: object) -> set[int]:
    return {tick for span in some for tick in range(span.start, span.end)}  # type: ignore[attr-defined]


@given(many_spans)
def test_a_union_is_the_same_time_in_order_and_without_touching(some: list[Span]) -> None:
    united = union(some)
    assert ticks(united) == ticks(some)
    assert all(one.start < one.end for one in united)
    assert all(one.end < other.start for one, other in pairwise(united))
    assert length(united) == len(ticks(some))


@given(many_spans, many_spans)
def test_common_and_without_are_those_of_sets(some: list[Span], others: list[Span]) -> None:
    left, right = union(some), union(others)
    assert ticks(common(left, right)) == ticks(left) & ticks(right)
    assert ticks(without(left, right)) == ticks(left) - ticks(right)
    assert length(common(left, right)) + length(without(left, right)) == length(left)


@given(
    st.lists(st.tuples(st.sampled_from([ANA, BEN]), spans, st.booleans()), max_size=8),
    st.lists(st.integers(1, 12), min_size=1, max_size=4),
    many_spans,
    st.integers(0, 40),
)
def test_minutes_are_those_of_a_naive_count_of_every_instant(
    people: list[tuple[PersonId, Span, bool]], lengths: list[int], unknown: list[Span], seen_to: int
) -> None:
    bounds = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    blocks = tuple(block(n, *pair) for n, pair in enumerate(pairwise(bounds), 1))
    stays = tuple(stay(who, span.start, None if is_open else span.end) for who, span, is_open in people)
    day = record(blocks, stays, tuple(unknown), seen_to)

    expected: dict[PersonId, dict[BlockKey, int]] = {}
    for each in blocks:
        for tick in range(to_ms(each.starts_at), to_ms(each.ends_at)):
            if any(span.start <= tick < span.end for span in unknown):
                continue
            there = {who for who, span, is_open in people if span.start <= tick < (seen_to if is_open else span.end)}
            for who in there:
                counted = expected.setdefault(who, {})
                counted[each.key] = counted.get(each.key, 0) + 1

    assert minutes_by_person_and_block(day) == expected
    lengths_of_blocks = {each.key: length([Span(to_ms(each.starts_at), to_ms(each.ends_at))]) for each in blocks}
    for own in minutes_by_person_and_block(day).values():
        assert all(0 < own[key] <= lengths_of_blocks[key] for key in own)


# The trials

SESSION: Session = an_event(
    a_session(
        "8/9/2026",
        ("09:00-09:30", "opening"),
        ("09:30-10:15", "exchange"),
        ("10:15-10:30", "break"),
        ("10:30-11:00", "qa"),
    )
).sessions[0]
OPENING, EXCHANGE, PAUSE, QA = (each.key for each in SESSION.blocks)


def at(text: str) -> int:
    """The milliseconds of "09:30" or "09:29:59.900" of the session's day."""
    # San José is six hours behind UTC all year.
    return to_ms(datetime.fromisoformat(f"2026-09-08T{text}-06:00"))


def minutes_of(
    *stays: Stay, unknown: tuple[Span, ...] = (), seen_to: str = "11:00"
) -> dict[PersonId, dict[BlockKey, int]]:
    return minutes_by_person_and_block(
        DayRecord(SESSION.key, SESSION.blocks, stays, union(unknown), (), from_ms(at(seen_to)), is_closed=True)
    )


@pytest.mark.trial("A9")
def test_presence_is_clipped_half_open_to_each_block() -> None:
    found = minutes_of(
        stay(ANA, at("08:40"), at("11:25")),
        stay(BEN, at("09:29:59.900"), at("09:30:00.100")),
        stay(CLARA, at("10:10"), at("10:35")),
        stay(DORA, at("09:30"), at("10:15")),
        stay(EVA, at("00:00"), None),
    )
    whole_day = {OPENING: 30 * MINUTE, EXCHANGE: 45 * MINUTE, PAUSE: 15 * MINUTE, QA: 30 * MINUTE}
    assert found == {
        ANA: whole_day,
        BEN: {OPENING: 100, EXCHANGE: 100},
        CLARA: {EXCHANGE: 5 * MINUTE, PAUSE: 15 * MINUTE, QA: 5 * MINUTE},
        DORA: {EXCHANGE: 45 * MINUTE},
        EVA: whole_day,
    }


@pytest.mark.trial("A9")
def test_a_break_does_not_make_up_attendance_and_a_glimpse_is_present_by_the_threshold_only() -> None:
    day = DayRecord(
        SESSION.key,
        SESSION.blocks,
        (stay(ANA, at("08:40"), at("11:25")), stay(BEN, at("09:29:59.900"), at("09:30:00.100"))),
        (),
        (),
        from_ms(at("11:00")),
        is_closed=True,
    )
    counted = {
        person: {key: own[key] for key in counted_blocks(day) if key in own}
        for person, own in minutes_by_person_and_block(day).items()
    }
    assert sum(counted[ANA].values()) == 105 * MINUTE
    assert is_present(counted[ANA], 60)
    assert not is_present(counted[BEN], 60)
    assert is_present(counted[BEN], 0)
    assert not is_present({}, 0)


@pytest.mark.trial("A2")
def test_overlapping_connections_are_one_presence_and_are_counted_apart() -> None:
    stays = (
        stay(ANA, at("09:00"), at("10:00")),
        stay(ANA, at("09:30"), at("10:30"), GROUP),
        stay(ANA, at("09:59:59.999"), at("11:00")),
    )
    assert sum(minutes_of(*stays)[ANA].values()) == 120 * MINUTE
    day = record((), stays)
    assert connections_by_person(day) == {ANA: 3}
    assert presence(day).keys() == {ANA}


def test_unknown_time_is_neither_presence_nor_absence_and_is_told_by_block() -> None:
    unknown = (Span(at("09:20"), at("09:35")), Span(at("09:30"), at("09:40")))
    stays = (stay(ANA, at("09:00"), at("10:15")),)
    assert minutes_of(*stays, unknown=unknown)[ANA] == {OPENING: 20 * MINUTE, EXCHANGE: 35 * MINUTE}
    day = DayRecord(SESSION.key, SESSION.blocks, stays, union(unknown), (), from_ms(at("11:00")), is_closed=True)
    assert unknown_by_block(day) == {OPENING: 10 * MINUTE, EXCHANGE: 10 * MINUTE}


def test_an_open_stay_counts_as_far_as_the_bot_has_seen() -> None:
    assert minutes_of(stay(ANA, at("09:10"), None), seen_to="09:50")[ANA] == {
        OPENING: 20 * MINUTE,
        EXCHANGE: 20 * MINUTE,
    }


@pytest.mark.trial("A4")
def test_only_another_connection_to_the_same_channel_at_once_is_a_change_of_device() -> None:
    last = stay(ANA, at("09:00"), at("09:30"))
    soon = from_ms(at("09:30:00.005"))
    assert is_change_of_device(last, Seat(ANA, HALL, "v2"), soon)
    assert is_change_of_device(last, Seat(ANA, HALL, "v2"), from_ms(at("09:30:01")))
    assert not is_change_of_device(last, Seat(ANA, HALL, "v2"), from_ms(at("09:30:01.001")))
    assert not is_change_of_device(last, Seat(ANA, HALL, "v1"), soon)
    assert not is_change_of_device(last, Seat(ANA, GROUP, "v2"), soon)
    assert not is_change_of_device(stay(ANA, at("09:00"), None), Seat(ANA, HALL, "v2"), soon)
