"""A database from before questions were moderated is as sound after the migration as before it."""

import sqlite3
from pathlib import Path

from bot.anonymity import Anonymity
from bot.clock import RehearsalClock
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.questions import State
from bot.queue_order import in_order
from bot.storage import checks, migrations
from bot.storage.opening import make_ready
from bot.storage.store import Store

TUESDAY = SessionKey("2020-09-08")
SEAL = "s" * 32


def before(database: Path) -> None:
    """Four questions of Tuesday as the program kept them then; the last number given was 7."""
    connection = sqlite3.connect(database, isolation_level=None)
    for name, values in {
        "questions": "(number, session_key, author_id, author_seal, affiliation, text, folded, language, addressed_to, "
        "state, asked_at, moved_at, showings, reason) VALUES "
        f"(1, '{TUESDAY}', 700, NULL, 'country:CR', 'Ñandú', 'nandu', 'es', 'OIM', 'answered', 1, 5, 1, NULL),"
        f"(2, '{TUESDAY}', 700, NULL, 'country:CR', 'Habrá actas', 'habra actas', 'es', NULL, 'approved', 2, 3, 0, "
        "NULL),"
        f"(3, '{TUESDAY}', NULL, '{SEAL}', NULL, 'Quién firmó', 'quien firmo', 'es', NULL, 'approved', 3, 4, 0, NULL),"
        f"(7, '{TUESDAY}', 701, NULL, NULL, 'No', 'no', 'en', NULL, 'rejected', 4, 5, 0, 'other')",
        "question_transitions": "(number, at, moved_by, moderator_id, from_state, to_state, reason) VALUES "
        "(1, 1, 'author', NULL, NULL, 'pending', NULL), (1, 2, 'moderator', 9, 'pending', 'approved', NULL),"
        "(1, 4, 'moderator', 9, 'approved', 'on_air', NULL), (1, 5, 'event', NULL, 'on_air', 'answered', NULL),"
        "(2, 2, 'author', NULL, NULL, 'pending', NULL), (2, 3, 'moderator', 9, 'pending', 'approved', NULL),"
        "(3, 3, 'author', NULL, NULL, 'pending', NULL), (3, 4, 'moderator', 9, 'pending', 'approved', NULL),"
        "(7, 4, 'author', NULL, NULL, 'pending', NULL), (7, 5, 'moderator', 9, 'pending', 'rejected', 'other')",
        "question_votes": "VALUES (2, 800, 1), (2, 801, 1)",
        "anonymity_key": f"VALUES (1, '{Anonymity(b'k' * 32).fingerprint}')",
    }.items():
        connection.execute(f"INSERT INTO {name} {values}")
    connection.close()


async def test_questions_keep_their_place_votes_turns_and_numbers(database: Path, clock: RehearsalClock) -> None:
    older = [m for m in migrations.known() if m.name < "0006"]
    make_ready(database, clock.now(), older, may_create=True)
    before(database)
    async with Store.open(database, clock) as store:
        assert checks.check(database) == []
        questions = await store.read(lambda tx: tx.questions.all())
        assert [(q.number, q.state, q.votes, q.air_session) for q in questions] == [
            (1, State.ANSWERED, 0, TUESDAY),
            (2, State.APPROVED, 2, None),
            (3, State.APPROVED, 0, None),
            (7, State.REJECTED, 0, None),
        ]
        # Costa Rica has had its turn.
        order = await store.read(lambda tx: [p.candidate.number for p in in_order(tx, TUESDAY, "rotation")])
        assert order == [3, 2]
        assert await store.read(lambda tx: tx.anonymity_keys.sealed_under()) == Anonymity(b"k" * 32).fingerprint
        assert await store.read(lambda tx: tx.texts.with_word(TUESDAY, "actas", 9)) == [QuestionNumber(2)]
        assert await store.read(lambda tx: len(tx.questions.of_author(PersonId(700), [SEAL]))) == 3
    with sqlite3.connect(database) as file:
        number = file.execute("SELECT seq FROM sqlite_sequence WHERE name = 'questions'").fetchone()[0]
    file.close()
    assert number == 7
