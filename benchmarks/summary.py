"""A day's summary from a million stays of ten thousand people, beside the best SQL: `python -m benchmarks.summary`.

Both read the same file in one run, in turns. The SQL has the same covering index and gives the same figures (people by
delegation and profile, by block, their minutes and medians), which is checked. The bot's own way is the whole of it:
`Summaries.summary` on an event loop, with a task beside it that ticks, to see for how long the loop is held up.
What counts are the ratios and the longest hold-up; the times are this machine's.
"""

import asyncio
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure, at_most, command
from bot.agenda import BlockKind
from bot.attendance import Span, span_of, union, without
from bot.clock import SystemClock, to_ms
from bot.config import Config, load
from bot.live_agenda import LiveAgenda
from bot.participants import Elsewhere
from bot.register import Register
from bot.reports.apart import apart
from bot.reports.making import ALL, Source, day_report
from bot.storage.store import Store
from bot.summary import Summaries, Summary

WORKSHOP = load(Path(__file__).parent.parent / "config.toml")
CONFIG: Config = WORKSHOP.model_copy(
    update={"discord": WORKSHOP.discord.model_copy(update={"stage": "auditorio", "voice": ()})}
)
EVENT = CONFIG.agenda
FIRST, SECOND = EVENT.sessions[0], EVENT.sessions[1]
MINUTE = 60_000
#: A ticking task asks for the loop this often.
TICK_SECONDS = 0.001
#: A workbook of ten thousand people takes many seconds.
_FILES_ROUNDS = 3


def unknown_of(start: int) -> tuple[Span, ...]:
    """Four minutes of each day in which the bot could not see."""
    return (Span(start + 20 * MINUTE, start + 24 * MINUTE),)


def stays(session: Any, people: int, each: int, *, overlapping: bool) -> Iterator[tuple[Any, ...]]:
    """Everybody's stays, as they would have been written: in the order in which they began."""
    source = random.Random(7)
    start = to_ms(session.starts_at) - 15 * MINUTE
    whole = to_ms(session.ends_at) - start
    rows = []
    for person in range(people):
        for number in range(each):
            place = whole / each
            begun = start + int(place * (number + source.random() * 0.3))
            lasts = int(place * source.uniform(0, 2 if overlapping else 0.65))
            rows.append((begun, 10**17 + person * 7919, min(begun + lasts, start + whole), 1 + source.randrange(2)))
    for begun, person, ended, connections in sorted(rows):
        yield person, session.key, 9 * 10**17, f"{source.getrandbits(128):032x}", begun, ended, "left", connections


def standing_of(person: int) -> tuple[str, str | None, str | None] | None:
    """Four in five have registered: most for a delegation, some of them without a profile."""
    kind = person % 10
    if kind < 2:
        return None
    if kind == 2:
        return list(Elsewhere)[person % 3].value, None, None
    profiles = [profile.key for profile in CONFIG.coverage.profiles]
    countries = CONFIG.coverage.countries
    return "country", countries[person % len(countries)], [*profiles, None][person // 10 % (len(profiles) + 1)]


def fill(path: Path, sessions: list[Any], people: int, each: int, *, overlapping: bool) -> None:
    """Days that are over, each with so many stays of so many people."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN")
        before = to_ms(FIRST.starts_at - timedelta(days=1))
        for person in range(people):
            standing = standing_of(person)
            if standing is not None:
                number = 10**17 + person * 7919
                connection.execute(
                    "INSERT INTO participants (person_id, name, institution, language, consented_at, registered_at,"
                    " changed_at) VALUES (?, 'Una Persona', 'Una Institución', 'es', ?, ?, ?)",
                    (number, before, before, before),
                )
                connection.execute(
                    "INSERT INTO standings (person_id, affiliation, country, profile, since) VALUES (?, ?, ?, ?, ?)",
                    (number, *standing, before),
                )
        for session in sessions:
            opened, ends = to_ms(session.starts_at) - 15 * MINUTE, to_ms(session.ends_at)
            connection.execute(
                "INSERT INTO registers (session_key, opened_at, ends_at, seen_to, closed_at) VALUES (?, ?, ?, ?, ?)",
                (session.key, opened, ends, ends, ends),
            )
            connection.executemany(
                "INSERT INTO unknown_time (session_key, from_at, to_at) VALUES (?, ?, ?)",
                [(session.key, *span) for span in unknown_of(to_ms(session.starts_at))],
            )
            connection.executemany(
                "INSERT INTO stays (person_id, session_key, channel_id, voice_session_id, opened_at, closed_at,"
                " closed_by, connections) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                stays(session, people, each, overlapping=overlapping),
            )
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# The other side: SQL by hand


def with_case(start: int, end: int) -> str:
    """A stay's time within a span, by CASE."""
    return (
        f"CASE WHEN closed_at > {start} AND opened_at < {end} THEN"
        f" (CASE WHEN closed_at < {end} THEN closed_at ELSE {end} END)"
        f" - (CASE WHEN opened_at > {start} THEN opened_at ELSE {start} END) ELSE 0 END"
    )


def with_functions(start: int, end: int) -> str:
    """The same by min() and max()."""
    return f"max(0, min(closed_at, {end}) - max(opened_at, {start}))"


APART = "SELECT person_id, connections, opened_at, closed_at FROM stays WHERE session_key = '{key}'"
UNITED = """
SELECT person_id, connections, closed_at, min(closed_at, max(opened_at, coalesce(max(closed_at) OVER (
    PARTITION BY person_id ORDER BY opened_at, closed_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
), 0))) AS opened_at
FROM stays WHERE session_key = '{key}'
"""


def query(session: Any, rows: str, within: Callable[[int, int], str]) -> str:
    """One statement that gives every figure of people and minutes."""
    unknown = union(unknown_of(to_ms(session.starts_at)))
    columns = []
    for number, block in enumerate(session.blocks):
        pieces = without((span_of(block),), unknown)
        columns.append(f"sum({' + '.join(within(*piece) for piece in pieces)}) AS b{number}")
    counted = " + ".join(f"b{n}" for n, block in enumerate(session.blocks) if block.kind is not BlockKind.BREAK)
    enough = CONFIG.attendance.present_after_seconds * 1000
    blocks = " UNION ALL ".join(
        f"SELECT 'block', '{n}', NULL, count(*), sum(b{n}),"
        f" (SELECT avg(b{n}) FROM (SELECT b{n}, row_number() OVER (ORDER BY b{n}) AS place, count(*) OVER () AS many"
        f" FROM by_person WHERE b{n} > 0) WHERE place IN ((many + 1) / 2, (many + 2) / 2))"
        f" FROM by_person WHERE b{n} > 0"
        for n in range(len(session.blocks))
    )
    return f"""
        WITH by_person AS MATERIALIZED (
            SELECT person_id, sum(connections) AS connections, {", ".join(columns)}
            FROM ({rows.format(key=session.key)}) GROUP BY person_id
        )
        SELECT coalesce(affiliation, 'none'), country, profile, count(*), NULL, NULL
        FROM by_person LEFT JOIN standings s USING (person_id)
        WHERE {counted} >= {enough} AND (s.id IS NULL OR s.id = (
            SELECT max(id) FROM standings WHERE person_id = by_person.person_id
        ))
        GROUP BY 1, 2, 3
        UNION ALL SELECT 'all', NULL, NULL, count(*), sum(connections), NULL FROM by_person
        UNION ALL {blocks}
    """


Figures = dict[tuple[Any, ...], tuple[Any, ...]]


def by_sql(connection: sqlite3.Connection, statement: str) -> Figures:
    """What a statement gives, and how it is to be read."""
    return {tuple(row[:3]): tuple(row[3:]) for row in connection.execute(statement)}


def of_summary(summary: Summary) -> Figures:
    """A summary's figures as the statements give them."""
    figures: Figures = {}
    for line in summary.delegations:
        for profile, people in zip((*summary.profiles, None), (*line.by_profile, line.without_profile), strict=True):
            figures["country", line.country, None if profile is None else profile.key] = (people, None, None)
    for kind, count in summary.elsewhere.items():
        figures[kind.value, None, None] = (count.people, None, None)
    figures["none", None, None] = (summary.unregistered.people, None, None)
    figures = {key: value for key, value in figures.items() if value[0]}
    figures["all", None, None] = (summary.total.people + summary.only_seen, summary.connections, None)
    for number, block in enumerate(summary.blocks):
        figures["block", str(number), None] = (block.people, block.total, block.median)
    return figures


def rounded(figures: Figures) -> Figures:
    return {key: tuple(round(v) if isinstance(v, float) else v for v in value) for key, value in figures.items()}


# Measuring


@dataclass
class Case:
    """One database and what is asked of it."""

    name: str
    session: Any
    sessions: list[Any]
    overlapping: bool = False
    sql: dict[str, list[float]] = field(default_factory=dict)
    bot: list[float] = field(default_factory=list)
    holdups: list[float] = field(default_factory=list)

    @property
    def statements(self) -> dict[str, list[str]]:
        """Each way of asking: a statement for the day, and one for the day before where the summary compares."""
        ways = {"windows, CASE": (UNITED, with_case)}
        if not self.overlapping:
            ways |= {"sums, CASE": (APART, with_case), "sums, min() and max()": (APART, with_functions)}
        return {name: [query(session, *way) for session in self.sessions] for name, way in ways.items()}


async def timed(work: Awaitable[Any]) -> tuple[Any, float, float]:
    """What the work gives, how many seconds it took, and for how long at most the loop was held up meanwhile."""
    longest = 0.0

    async def tick() -> None:
        nonlocal longest
        while True:
            asked = time.perf_counter()
            await asyncio.sleep(TICK_SECONDS)
            longest = max(longest, time.perf_counter() - asked - TICK_SECONDS)

    ticking = asyncio.create_task(tick())
    await asyncio.sleep(0)
    began = time.perf_counter()
    result = await work
    took = time.perf_counter() - began
    await asyncio.sleep(0)
    ticking.cancel()
    with suppress(asyncio.CancelledError):
        await ticking
    return result, took, longest


async def compare(case: Case, path: Path, rounds: int) -> None:
    """Ask in turns, and see that everybody says the same."""
    clock = SystemClock()
    async with Store.open(path, clock) as store:
        agenda = LiveAgenda(store, EVENT, clock)
        register = Register(store, agenda, CONFIG, clock)
        summaries = Summaries(store, agenda, CONFIG, clock, register)
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)) as connection:
            connection.execute("PRAGMA temp_store = MEMORY")
            for number in range(rounds + 1):
                found: dict[str, Figures] = {}
                for name, statements in case.statements.items():
                    began = time.perf_counter()
                    figures = [by_sql(connection, statement) for statement in statements]
                    if number:
                        case.sql.setdefault(name, []).append(time.perf_counter() - began)
                    found[name] = rounded(figures[-1])
                summary, took, held_up = await timed(summaries.summary(case.session.key))
                if number:
                    case.bot.append(took)
                    case.holdups.append(held_up)
                of_bot = of_summary(summary)
                for name, of_sql in found.items():
                    if of_sql != of_bot:
                        raise SystemExit(f"{case.name}: {name} gives other figures than the summary")
        await register.stop()


def report(case: Case, rounds: int) -> list[Measure]:
    """The ratio of the medians, to the best of the other side, and the longest hold-up of all rounds."""
    best = min(statistics.median(times) for times in case.sql.values())
    ratio = statistics.median(case.bot) / best
    return [
        at_most(f"summary of {case.name} to the best SQL, ratio of time", ratio, 1.5, rounds),
        at_most(f"summary of {case.name}, longest hold-up of the loop in ms", max(case.holdups) * 1000, 50, rounds),
    ]


async def holdup_of_files(case: Case, path: Path, rounds: int) -> Measure:
    """For how long at most the loop is held up while every file of a day is made, as a running bot has them made."""
    longest = 0.0
    source = Source(path, CONFIG, case.session.ends_at + timedelta(hours=1))
    for _ in range(rounds):
        files, _, held_up = await timed(apart(day_report, source, case.session.key, CONFIG.languages))
        if len(files) != len(ALL) or not all(file.content for file in files):
            raise SystemExit("not every file of the day was made")
        longest = max(longest, held_up)
    name = "picture, workbook, acta and list of a day, longest hold-up of the loop in ms"
    return at_most(name, longest * 1000, 50, rounds)


def measure(quick: bool) -> list[Measure]:
    """Three days of stays, each summed up by both sides, and the files of the first."""
    people, each, rounds = (1_000, 100, 3) if quick else (10_000, 100, 7)
    measures = []
    for case in (
        Case("a first day", FIRST, [FIRST]),
        Case("a second day, compared with the first", SECOND, [FIRST, SECOND]),
        Case("a first day of stays that overlap", FIRST, [FIRST], overlapping=True),
    ):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "estrado.db"
            asyncio.run(made(path))
            fill(path, case.sessions, people, each, overlapping=case.overlapping)
            asyncio.run(compare(case, path, rounds))
            measures += report(case, rounds)
            if case.session is FIRST and not case.overlapping:
                measures.append(asyncio.run(holdup_of_files(case, path, min(rounds, _FILES_ROUNDS))))
    return measures


async def made(path: Path) -> None:
    """An empty database with every migration."""
    async with Store.open(path, SystemClock()):
        pass


if __name__ == "__main__":
    command(__doc__ or "", measure)
