"""Lists by addressee and by language, over a real database: the same order as the pure rule gives, page by page."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection, Row, connect
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import queue_air, queue_asking, queue_board, queue_votes
from bot import queue_operations as operations
from bot.anonymity import Anonymity
from bot.config import QuestionsConfig, load
from bot.ids import PersonId, QuestionNumber
from bot.question_text import fold
from bot.questions import Asker, By, State
from bot.queue_order import in_order
from bot.queue_values import HEAD, LISTED, Asking, Registered, Tab
from bot.storage import migrations
from bot.storage.nouns import Nouns
from bot.turns import ANONYMOUS_TURN, Candidate, Policy, Selection, Turns, in_turn

CONFIG = load(Path("config.toml"))
SESSION = CONFIG.agenda.sessions[0]
MODERATOR, ANONYMITY, NOON = PersonId(1), Anonymity(b"k" * 32), datetime(2020, 9, 8, 16, 30, tzinfo=UTC)
RULES = QuestionsConfig.model_construct(per_person=10**6, per_session=10**6, blocked_words=(), slow_mode_seconds=0)
COUNTRIES = ("CR", "HN", "GT")


def lookup(_tx: Nouns, person: PersonId) -> Registered | None:
    country = COUNTRIES[person % 3]
    return Registered(Asker("Una Persona", "Una Institución", country), f"country:{country}")


@pytest.fixture(scope="module")
def empty() -> Iterator[Connection]:
    connection = connect(":memory:", isolation_level=None)
    connection.row_factory = Row
    for migration in migrations.known():
        for statement in migration.statements:
            connection.execute(statement)
    yield connection
    connection.close()


def ask(
    tx: Any, person: int, text: str, *, anonymous: bool = False, to: str | None = None, language: Any = "es"
) -> int:
    asking = Asking(PersonId(person), text, anonymous, to, language)
    number = queue_asking.ask(tx, SESSION.key, asking, ANONYMITY, lookup, RULES).number
    operations.move(tx, operations.existing(tx, number), State.APPROVED, By.MODERATOR, MODERATOR)
    return number


asked = st.lists(
    st.tuples(
        st.integers(100, 105),
        st.booleans(),
        st.sampled_from([None, "OIM", "Zoé"]),
        st.sampled_from(["es", "en"]),
        st.booleans(),
    ),
    min_size=3,
    max_size=14,
)
selections = st.builds(Selection, st.sampled_from([None, "oim", "zoe"]), st.sampled_from([None, "es", "en"]))


@settings(max_examples=60, deadline=None)
@given(asked, st.integers(0, 3), selections, st.sampled_from(["rotation", "votes", "arrival"]))
def test_order_of_a_selection_is_that_of_the_rule(
    empty: Connection, asked: list[Any], aired: int, selection: Selection, policy: Policy
) -> None:
    empty.execute("BEGIN")
    try:
        tx: Any = Nouns(empty, NOON)
        authors: dict[int, int | None] = {}
        for n, (person, anonymous, to, language, supported) in enumerate(asked):
            number = ask(tx, person, f"Pregunta {n}", anonymous=anonymous, to=to, language=language)
            authors[number] = None if anonymous else person
            if supported:
                queue_votes.vote(tx, QuestionNumber(number), PersonId(900 + n), ANONYMITY)
        seen = None
        for _ in range(aired):
            seen = queue_air.take_next(tx, SESSION.key, MODERATOR, "rotation", seen).on_air.number
        by_turn: dict[str, int] = {}
        by_author: dict[str, int] = {}
        candidates = []
        for number, author in authors.items():
            question = operations.existing(tx, QuestionNumber(number))
            turn = ANONYMOUS_TURN if author is None else f"country:{COUNTRIES[author % 3]}"
            if question.air_session:
                by_turn[turn] = by_turn.get(turn, 0) + 1
                if author is not None:
                    by_author[str(author)] = by_author.get(str(author), 0) + 1
            elif selection.addressed_folded in (None, fold(question.addressed_to or "")) and selection.language in (
                None,
                question.language,
            ):
                who = None if author is None else str(author)
                candidates.append(Candidate(question.number, turn, who, question.votes))
        expected = [c.number for c in in_turn(candidates, policy, Turns(by_turn, by_author))]
        assert [each.candidate.number for each in in_order(tx, SESSION.key, policy, selection)] == expected
        page = queue_board.board(
            tx,
            SESSION,
            policy,
            lookup,
            tab=Tab.APPROVED,
            page=1,
            panelist=selection.addressed_folded,
            language=selection.language,
        )
        assert [row.question.number for row in page.rows] == (expected[HEAD : 2 * HEAD] or expected[:HEAD])
        assert (page.total, page.goes_on) == (len(expected), False)
    finally:
        empty.execute("ROLLBACK")


@pytest.mark.parametrize("language", [None, "es"])
@pytest.mark.parametrize("tab", [Tab.APPROVED, Tab.REVIEW])
def test_pages_go_so_far_and_say_that_there_is_more(empty: Connection, tab: Tab, language: Any) -> None:
    empty.execute("BEGIN")
    try:
        tx: Any = Nouns(empty, NOON)
        for n in range(LISTED + 1):
            number = ask(tx, 100 + n, f"Pregunta {n}")
            if tab is Tab.REVIEW:
                operations.step(
                    tx, operations.existing(tx, QuestionNumber(number)), operations.Standing(State.PENDING), By.AUTHOR
                )
        last = queue_board.board(tx, SESSION, "arrival", lookup, tab=tab, page=10**6, language=language)
        assert (last.page, last.pages, last.total, last.goes_on) == (LISTED // HEAD - 1, LISTED // HEAD, LISTED, True)
        first = operations.existing(tx, last.rows[0].question.number).number
        assert [row.question.number for row in last.rows] == list(range(first, first + HEAD))
        operations.move(tx, operations.existing(tx, first), State.WITHDRAWN, By.AUTHOR)
        last = queue_board.board(tx, SESSION, "arrival", lookup, tab=tab, page=10**6, language=language)
        assert (last.total, last.goes_on, len(last.rows)) == (LISTED, False, HEAD)
    finally:
        empty.execute("ROLLBACK")
