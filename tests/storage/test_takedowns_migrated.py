"""What was done before the database knew what a step brought with it can be taken back like anything else."""

import sqlite3
from pathlib import Path

from bot.clock import RehearsalClock
from bot.ids import QuestionNumber, SessionKey
from bot.storage import checks, migrations
from bot.storage.opening import make_ready
from bot.storage.store import Store

TUESDAY = SessionKey("2020-09-08")


async def test_what_steps_brought_with_them_is_found_by_the_migration(database: Path, clock: RehearsalClock) -> None:
    older = [m for m in migrations.known() if m.name < "0007"]
    make_ready(database, clock.now(), older, may_create=True)
    connection = sqlite3.connect(database, isolation_level=None)
    for statement in (
        "INSERT INTO questions (number, session_key, author_id, text, folded, language, state, asked_at, moved_at, "
        f"air_session, showings) VALUES (1, '{TUESDAY}', 700, 'Bien', 'mal', 'es', 'answered', 1, 20, '{TUESDAY}', 1), "
        f"(2, '{TUESDAY}', 701, 'Dos', 'dos', 'es', 'on_air', 2, 20, '{TUESDAY}', 1)",
        "INSERT INTO question_turns (session_key, turn, taken) SELECT DISTINCT session_key, turn, 2 FROM questions",
        "UPDATE questions SET author_turns = 1",
        "INSERT INTO question_transitions (id, number, at, moved_by, moderator_id, from_state, to_state, air_session) "
        "VALUES (1, 1, 1, 'author', NULL, NULL, 'pending', NULL), (2, 2, 2, 'author', NULL, NULL, 'pending', NULL), "
        "(3, 1, 9, 'moderator', 9, 'pending', 'approved', NULL), "
        "(4, 2, 9, 'moderator', 9, 'pending', 'approved', NULL), "
        f"(5, 1, 10, 'moderator', 9, 'approved', 'on_air', '{TUESDAY}'), "
        "(6, 1, 20, 'moderator', 9, 'on_air', 'answered', NULL), "
        f"(7, 2, 20, 'moderator', 9, 'approved', 'on_air', '{TUESDAY}')",
        "INSERT INTO question_texts (number, text, replaced_at, replaced_by, moderator_id) "
        "VALUES (1, 'Mal', 9, 'moderator', 9)",
        "INSERT INTO question_answers (number, generation, text, moderator_id, answered_at) VALUES (1, 1, 'Sí', 9, 15)",
    ):
        connection.execute(statement)
    connection.close()
    one, two = QuestionNumber(1), QuestionNumber(2)
    async with Store.open(database, clock) as store:
        assert checks.check(database) == []
        history = await store.read(lambda tx: [*tx.questions.history(one), *tx.questions.history(two)])
        assert [(s.id, s.took_off, s.showing) for s in history if s.to_state == "on_air"] == [(5, None, 1), (7, 6, 1)]
        assert await store.read(lambda tx: tx.texts.before_steps(one, [3])) == "Mal"
        assert [a.text for a in await store.read(lambda tx: tx.answers.since(one, 5))] == ["Sí"]
        assert await store.read(lambda tx: tx.answers.since(one, 6)) == []
        assert await store.read(lambda tx: tx.takedowns.open()) == []
