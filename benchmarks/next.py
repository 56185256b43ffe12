"""What moderators wait for, with 100 to 100,000 approved questions waiting: `python -m benchmarks.next`.

Every size has a database of its own, and each operation is done on all of them in turn, in a transaction that is
taken back. What counts is the ratio of the largest to the smallest; the times are this machine's.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.measures import Measure, at_most, command
from bot import queue_air, queue_asking, queue_board
from bot import queue_operations as operations
from bot.anonymity import Anonymity
from bot.config import QuestionsConfig, load
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.languages import Language
from bot.questions import Asker, By, State
from bot.queue_similar import similar
from bot.queue_values import Asking, Registered, Tab
from bot.queue_votes import supportable, vote
from bot.storage import migrations
from bot.storage.nouns import Nouns
from bot.turns import Policy

CONFIG = load(Path(__file__).parent.parent / "config.toml")
SESSION = CONFIG.agenda.sessions[0]
KEY: SessionKey = SESSION.key
MODERATOR = PersonId(1)
RULES = QuestionsConfig.model_construct(per_person=5, per_session=1_000_000, blocked_words=(), slow_mode_seconds=0)
ANONYMITY = Anonymity(b"k" * 32)
COUNTRIES = CONFIG.coverage.countries
WORDS = (
    *("cuando", "detiene", "proceso", "registro", "frontera", "plazo", "acta", "delegacion", "informe", "persona"),
    *("menor", "refugio", "visa", "consulado", "trafico", "trata", "testigo", "fiscal", "policia", "dato", "archivo"),
    *("acuerdo", "region", "protocolo", "victima", "rescate", "albergue", "traslado"),
)


def lookup(_tx: Nouns, person: PersonId) -> Registered | None:
    """Four in five have registered, in the countries of the real workshop."""
    if person % 5 == 0:
        return None
    country = COUNTRIES[person % len(COUNTRIES)]
    return Registered(Asker("Una Persona", "Una Institución", country), f"country:{country}")


def _page(
    tx: Any,
    tab: Tab,
    page: int,
    panelist: str | None = None,
    language: Language | None = None,
    *,
    policy: Policy = "rotation",
) -> object:
    return queue_board.board(tx, SESSION, policy, lookup, tab=tab, page=page, panelist=panelist, language=language)


def _suggested(tx: Any, typed: str) -> object:
    return queue_board.suggestions(tx, [(KEY, [State.APPROVED])], typed, 25, lookup)


def text_of(n: int) -> str:
    """A question that shares its words with many others and its last word with none."""
    return " ".join(WORDS[(n * step) % len(WORDS)] for step in (1, 3, 5, 7, 11)) + f" caso{n}"


def filled(path: Path, size: int) -> sqlite3.Connection:
    """A database with so many approved questions, and as many under review as a tenth of them."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = OFF")
    for migration in migrations.known():
        for statement in migration.statements:
            connection.execute(statement)
    now = datetime(2020, 9, 8, 16, tzinfo=UTC)
    connection.execute("BEGIN")
    for n in range(size + size // 10):
        tx: Any = Nouns(connection, now + timedelta(milliseconds=n))
        asking = Asking(
            PersonId(1000 + n // 3), text_of(n), n % 7 == 0, "OIM" if n % 4 == 0 else None, "en" if n % 3 else "es"
        )
        asked = queue_asking.ask(tx, KEY, asking, ANONYMITY, lookup, RULES)
        if n < size:
            operations.move(tx, operations.existing(tx, asked.number), State.APPROVED, By.MODERATOR, MODERATOR)
    connection.execute("COMMIT")
    return connection


OPERATIONS: dict[str, Callable[[Any, int], object]] = {
    "/siguiente by rotation": lambda tx, _: queue_air.take_next(tx, KEY, MODERATOR, "rotation", None),
    "/siguiente by votes": lambda tx, _: queue_air.take_next(tx, KEY, MODERATOR, "votes", None),
    "/siguiente by arrival": lambda tx, _: queue_air.take_next(tx, KEY, MODERATOR, "arrival", None),
    "/siguiente of a number": lambda tx, n: queue_air.take_next(
        tx, KEY, MODERATOR, "rotation", None, number=QuestionNumber(n // 2)
    ),
    "board and /cola": lambda tx, _: queue_board.board(tx, SESSION, "rotation", lookup),
    "/siguiente for a panelist": lambda tx, _: queue_air.take_next(
        tx, KEY, MODERATOR, "rotation", None, addressed_to="OIM"
    ),
    "board, second page approved": lambda tx, _: _page(tx, Tab.APPROVED, 1),
    "board, 20th page approved": lambda tx, _: _page(tx, Tab.APPROVED, 19),
    "board, 20th page by votes": lambda tx, _: _page(tx, Tab.APPROVED, 19, policy="votes"),
    "board, last page in review": lambda tx, _: _page(tx, Tab.REVIEW, 10**6),
    "board, approved for a panelist": lambda tx, _: _page(tx, Tab.APPROVED, 0, "OIM"),
    "board, for one by votes": lambda tx, _: _page(tx, Tab.APPROVED, 4, "OIM", policy="votes"),
    "board, approved in English": lambda tx, _: _page(tx, Tab.APPROVED, 0, None, "en"),
    "board, both filters, 2nd page": lambda tx, _: _page(tx, Tab.APPROVED, 1, "OIM", "en"),
    "board, in review, in English": lambda tx, _: _page(tx, Tab.REVIEW, 0, None, "en"),
    "autocomplete, nothing typed": lambda tx, _: _suggested(tx, ""),
    "autocomplete, a number": lambda tx, _: _suggested(tx, "1"),
    "autocomplete, a word": lambda tx, n: _suggested(tx, f"caso{n // 2}"),
    "autocomplete, a frequent word": lambda tx, _: _suggested(tx, "fronte"),
    "asking": lambda tx, _: queue_asking.ask(
        tx, KEY, Asking(PersonId(7), "¿Y esto?", False, None, "es"), ANONYMITY, lookup, RULES
    ),
    "like questions": lambda tx, _: similar(tx, KEY, text_of(5), PersonId(7), "", lookup, percent=85),
    "supporting": lambda tx, n: vote(tx, QuestionNumber(n // 2), PersonId(7), ANONYMITY),
    "list to support": lambda tx, _: supportable(tx, KEY, 0, 5, lookup),
    "list to support, last page": lambda tx, _: supportable(tx, KEY, 10**6, 5, lookup),
}


def seconds(connection: sqlite3.Connection, operation: Callable[[Any, int], object], size: int) -> float:
    """How long the operation takes in a transaction of its own, without beginning and taking that back."""
    connection.execute("BEGIN IMMEDIATE")
    tx = Nouns(connection, datetime(2020, 9, 8, 17, tzinfo=UTC))
    began = time.perf_counter()
    try:
        operation(tx, size)
        return time.perf_counter() - began
    finally:
        connection.execute("ROLLBACK")


def measured(sizes: list[int], rounds: int) -> dict[str, dict[int, float]]:
    """The median of each operation with each size, in microseconds."""
    times: dict[str, dict[int, list[float]]] = {name: {size: [] for size in sizes} for name in OPERATIONS}
    with tempfile.TemporaryDirectory() as folder:
        connections = {size: filled(Path(folder) / f"{size}.db", size) for size in sizes}
        for _ in range(rounds):
            for name, operation in OPERATIONS.items():
                for size, connection in connections.items():
                    times[name][size].append(seconds(connection, operation, size))
        for connection in connections.values():
            with closing(connection):
                pass
    return {name: {s: statistics.median(all_) * 1e6 for s, all_ in by.items()} for name, by in times.items()}


#: The largest number that waits may make an operation this many times as slow as the smallest.
_BOUND = 3.0


def measure(quick: bool) -> list[Measure]:
    """How many times as long each operation takes with the most questions as with the fewest."""
    smallest, largest = 100, 100_000
    rounds = 7 if quick else 25
    times = measured([smallest, largest] if quick else [smallest, 1_000, 10_000, largest], rounds)
    return [
        at_most(f"{name}, with 100,000 waiting to with 100, ratio of time", by[largest] / by[smallest], _BOUND, rounds)
        for name, by in times.items()
    ]


if __name__ == "__main__":
    command(__doc__ or "", measure)
