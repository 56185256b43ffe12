"""What the database sums up of a day, against the pure algebra and against a naive recount of every second."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import register_operations as operations
from bot.agenda import Block, BlockKind, Session
from bot.attendance import Attended, Seat, attended, people_through
from bot.clock import to_ms
from bot.ids import BlockKey, ChannelId, PersonId, SessionKey
from bot.storage import migrations
from bot.storage.nouns import Nouns

DAY = datetime(2026, 9, 8, tzinfo=UTC)
KEY = SessionKey("2026-09-08")
ANA, BEN = PersonId(1), PersonId(2)


def at(second: float) -> datetime:
    return DAY + timedelta(seconds=second)


def session_of(*bounds: tuple[int, int]) -> Session:
    """A session of one exchange for each pair of seconds."""
    blocks = tuple(
        Block(BlockKey(f"{KEY}/{n}"), BlockKind.EXCHANGE, {"es": "Bloque"}, at(start), at(end), "")
        for n, (start, end) in enumerate(bounds, 1)
    )
    return Session(KEY, DAY.date(), 1, {"es": "Tema"}, blocks)


@cache
def blank() -> bytes:
    """A database with every migration, as it stands in its file."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for migration in migrations.known():
            for statement in migration.statements:
                connection.execute(statement)
        return connection.serialize()


def empty() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.deserialize(blank())
    connection.row_factory = sqlite3.Row
    return connection


@pytest.fixture
def tx() -> Iterator[Any]:
    """The nouns over a database that has nothing but a register of the day."""
    with closing(empty()) as connection:
        nouns = Nouns(connection, DAY)
        nouns.stays.open_register(KEY, at(0), at(60))
        yield nouns


def put(tx: Any, person: int, start: int, end: int | None, connections: int = 1) -> int:
    row = tx.connection.execute(
        "INSERT INTO stays (person_id, session_key, channel_id, voice_session_id, opened_at, closed_at, closed_by,"
        " connections) VALUES (?, ?, 1, 'v', ?, ?, ?, ?) RETURNING id",
        (
            person,
            KEY,
            to_ms(at(start)),
            None if end is None else to_ms(at(end)),
            None if end is None else "left",
            connections,
        ),
    ).fetchone()
    return int(row[0])


def overlapping(tx: Any) -> set[int]:
    """Of whom the database itself says that stays of theirs overlap."""
    rows = tx.connection.execute("SELECT DISTINCT person_id FROM stays WHERE overlaps = 1")
    return {row[0] for row in rows}


def by_database(tx: Any, session: Session, now: datetime, seen_to: datetime | None = None) -> Attended:
    return operations.attended(tx, session, at(0), now, seen_to)


def by_algebra(tx: Any, session: Session, now: datetime, seen_to: datetime | None = None) -> Attended:
    return attended(operations.day_record(tx, session, at(0), now, seen_to))


SECONDS = st.integers(0, 60)
SPANS = st.tuples(SECONDS, SECONDS).map(lambda pair: (min(pair), max(pair)))
STAYS = st.lists(st.tuples(st.integers(1, 3), SPANS, st.integers(1, 4)), max_size=12)
OPEN = st.dictionaries(st.integers(1, 3), SECONDS, max_size=3)


@settings(max_examples=150, deadline=None)
@given(
    closed=STAYS,
    still_open=OPEN,
    lengths=st.lists(st.integers(0, 15), min_size=2, max_size=6),
    unknown=st.lists(SPANS, max_size=4),
    seen_to=st.one_of(st.none(), SECONDS),
    now=SECONDS,
    order=st.randoms(use_true_random=False),
)
def test_times_are_those_of_the_algebra_and_of_a_count_of_every_second(
    closed: list[tuple[int, tuple[int, int], int]],
    still_open: dict[int, int],
    lengths: list[int],
    unknown: list[tuple[int, int]],
    seen_to: int | None,
    now: int,
    order: Any,
) -> None:
    """Whatever rows there are, in whatever order they came: overlapping, empty, open, with gaps between the blocks."""
    edges = [sum(lengths[:n]) for n in range(len(lengths) + 1)]
    session = session_of(*list(pairwise(edges))[::2])
    rows: list[tuple[int, int, int | None, int]] = [(person, *span, many) for person, span, many in closed]
    rows += [(person, start, None, 1) for person, start in still_open.items()]
    order.shuffle(rows)
    with closing(empty()) as connection:
        tx: Any = Nouns(connection, DAY)
        tx.stays.open_register(KEY, at(0), at(60))
        for person, start, end, many in rows:
            put(tx, person, start, end, many)
        for start, end in unknown:
            tx.stays.add_unknown(KEY, at(start), at(end))
        sure = None if seen_to is None else at(seen_to)
        found = by_database(tx, session, at(now), sure)
        assert found == by_algebra(tx, session, at(now), sure)
        marked = overlapping(tx)

    seen = round((found.seen_to - DAY).total_seconds())
    hidden = {
        second
        for span in found.unknown
        for second in range((span.start - to_ms(DAY)) // 1000, (span.end - to_ms(DAY)) // 1000)
    }
    expected: dict[PersonId, dict[BlockKey, int]] = {PersonId(person): {} for person, *_ in rows}
    for block in session.blocks:
        for second in range(
            round((block.starts_at - DAY).total_seconds()), round((block.ends_at - DAY).total_seconds())
        ):
            for person in {p for p, start, end, _ in rows if start <= second < (seen if end is None else end)}:
                if second not in hidden:
                    own = expected[PersonId(person)]
                    own[block.key] = own.get(block.key, 0) + 1000
    assert found.minutes == expected
    assert found.connections == sum(many for *_, many in rows)

    # Nobody whose stays overlap goes without the mark, though an open stay is endless only for the mark.
    for person in expected:
        spans = [(start, 10**6 if end is None else end) for p, start, end, _ in rows if p == person]
        seconds = sum(len(range(*span)) for span in spans)
        assert person in marked or seconds == len({s for span in spans for s in range(*span)})


@given(STAYS.map(lambda stays: [each for each in stays if each[1][0] < each[1][1]]), st.lists(SPANS, max_size=3))
def test_people_through_the_day_are_those_of_a_count_at_each_instant(
    closed: list[tuple[int, tuple[int, int], int]], unknown: list[tuple[int, int]]
) -> None:
    session = session_of((3, 20), (20, 50))
    with closing(empty()) as connection:
        tx: Any = Nouns(connection, DAY)
        tx.stays.open_register(KEY, at(0), at(60))
        for person, (start, end), many in closed:
            put(tx, person, start, end, many)
        for start, end in unknown:
            tx.stays.add_unknown(KEY, at(start), at(end))
        record = operations.day_record(tx, session, at(0), at(60), at(60))
        through = by_database(tx, session, at(60), at(60))
    expected = tuple(
        (to_ms(at(second)), len({p for p, (start, end), _ in closed if start <= second < end}))
        for second in range(3, 50, 7)
        if not any(start <= second < end for start, end in unknown)
    )
    assert people_through(record, step_seconds=7) == expected
    assert through.unknown == record.unknown


@pytest.mark.parametrize("also", [(), (1, 5, 30)])
def test_open_stay_that_began_after_the_last_sight_takes_nothing_away(tx: Any, also: tuple[int, ...]) -> None:
    session = session_of((0, 60))
    put(tx, ANA, 10, 20)
    put(tx, ANA, 50, None)
    if also:
        put(tx, *also)
    found = by_database(tx, session, at(60), at(40))
    assert found == by_algebra(tx, session, at(60), at(40))
    assert found.minutes == {ANA: {BlockKey(f"{KEY}/1"): 25_000 if also else 10_000}}


class TestMarks:
    def test_stays_of_an_ordinary_day_have_none(self, tx: Any) -> None:
        seat = Seat(ANA, ChannelId(1), "v1")
        operations.sit_down(tx, KEY, seat, at(1))
        operations.sit_down(tx, KEY, Seat(ANA, ChannelId(2), "v1"), at(5))
        operations.sit_down(tx, KEY, Seat(ANA, ChannelId(1), "v1"), at(5))
        operations.stand_up(tx, ANA, at(9), operations.ClosedBy.LEFT)
        operations.sit_down(tx, KEY, Seat(ANA, ChannelId(1), "v2"), at(9))
        operations.stand_up(tx, ANA, at(20), operations.ClosedBy.LEFT)
        operations.sit_down(tx, KEY, seat, at(30))
        operations.close(tx, operations.Hours(KEY, tx.now, tx.now), seen=True)
        assert overlapping(tx) == set()
        assert by_database(tx, session_of((0, 60)), at(60), at(60)).minutes == {ANA: {BlockKey(f"{KEY}/1"): 49_000}}

    def test_clock_that_was_set_back_leaves_one_and_no_double_time(self, tx: Any) -> None:
        seat = Seat(ANA, ChannelId(1), "v1")
        operations.sit_down(tx, KEY, seat, at(10))
        operations.stand_up(tx, ANA, at(30), operations.ClosedBy.LEFT)
        operations.sit_down(tx, KEY, seat, at(20))
        operations.stand_up(tx, ANA, at(40), operations.ClosedBy.LEFT)
        assert overlapping(tx) == {ANA}
        day = by_database(tx, session_of((0, 60)), at(60), at(60))
        assert day.minutes == {ANA: {BlockKey(f"{KEY}/1"): 30_000}}
        assert day.connections == 2

    def test_stay_that_is_given_to_somebody_else_is_compared_with_theirs(self, tx: Any) -> None:
        put(tx, ANA, 0, 20)
        moved = put(tx, BEN, 10, 30)
        assert overlapping(tx) == set()
        tx.connection.execute("UPDATE stays SET person_id = ? WHERE id = ?", (ANA, moved))
        assert by_database(tx, session_of((0, 60)), at(60), at(60)).minutes == {ANA: {BlockKey(f"{KEY}/1"): 30_000}}

    def test_stay_that_is_made_longer_is_compared_with_what_follows(self, tx: Any) -> None:
        first = put(tx, ANA, 0, 20)
        put(tx, ANA, 20, 30)
        assert overlapping(tx) == set()
        tx.connection.execute("UPDATE stays SET closed_at = ? WHERE id = ?", (to_ms(at(25)), first))
        assert by_database(tx, session_of((0, 60)), at(60), at(60)).minutes == {ANA: {BlockKey(f"{KEY}/1"): 30_000}}

    def test_rows_of_an_older_file_are_marked_when_it_is_upgraded(self) -> None:
        with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
            connection.row_factory = sqlite3.Row
            by_name = {m.name: m for m in migrations.known()}
            for statement in by_name["0003_attendance"].statements:
                connection.execute(statement)
            tx: Any = Nouns(connection, DAY)
            tx.stays.open_register(KEY, at(0), at(60))
            put(tx, ANA, 0, 20)
            put(tx, ANA, 20, None)
            put(tx, BEN, 0, 20)
            put(tx, BEN, 19, 30)
            for statement in by_name["0013_stays_summed"].statements:
                connection.execute(statement)
            assert overlapping(tx) == {BEN}
