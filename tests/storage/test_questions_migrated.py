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
        found = await store.read(lambda tx: tx.texts.alike(TUESDAY, ["actas"], 9, 9))
        assert [question.number for question in found] == [QuestionNumber(2)]
        assert await store.read(lambda tx: len(tx.questions.of_author(PersonId(700), [SEAL]))) == 3
    with sqlite3.connect(database) as file:
        number = file.execute("SELECT seq FROM sqlite_sequence WHERE name = 'questions'").fetchone()[0]
    file.close()
    assert number == 7


async def test_what_anonymous_authors_did_is_known_to_the_hour_after_the_migration(
    database: Path, clock: RehearsalClock
) -> None:
    hour, minute = 3_600_000, 60_000
    noon = 444_000 * hour
    make_ready(database, clock.now(), [m for m in migrations.known() if m.name < "0008"], may_create=True)
    connection = sqlite3.connect(database, isolation_level=None)
    sealed, named = f"(NULL, '{SEAL}', 'fingerprint')", "(700, NULL, NULL)"
    for number, who, state, moved_by, moved_at, asked_at in (
        (1, sealed, "pending", "NULL", noon + 31 * minute, noon + 7 * minute + 3),
        (2, sealed, "withdrawn", "NULL", noon + 59 * minute + 1, noon + 8 * minute),
        (3, named, "approved", "9", noon + 10 * minute, noon + 9 * minute),
        (4, sealed, "answered", "9", noon + 20 * minute, noon + 9 * minute),
        (5, sealed, "approved", "9", noon + 21 * minute, noon + 9 * minute),
    ):
        air = f"'{TUESDAY}'" if state == "answered" else "NULL"
        connection.execute(
            "INSERT INTO questions (number, session_key, author_id, author_seal, sealed_under, text, folded, language, "
            f"state, asked_at, moved_at, moved_by, air_session, author_turns) VALUES ({number}, '{TUESDAY}', "
            f"{who[1:-1]}, 'Texto {number}', 'texto {number}', 'es', '{state}', {asked_at}, {moved_at}, {moved_by}, "
            f"{air}, {int(number == 5)})"
        )
        connection.execute(
            "INSERT INTO question_turns (session_key, turn, taken, head, head_author_turns, head_votes) "
            f"SELECT '{TUESDAY}', turn, 1 - (author_seal IS NULL), 3, 0, 0 FROM questions WHERE number = 3 "
            "ON CONFLICT DO NOTHING"
        )
    connection.execute(f"INSERT INTO question_turns VALUES ('{TUESDAY}', 'anonymous', 1, 5, 1, 0)")
    for step in (
        (1, noon + 7 * minute + 3, "author", "NULL", "NULL", "'pending'"),
        (2, noon + 8 * minute, "author", "NULL", "NULL", "'pending'"),
        (3, noon + 9 * minute, "author", "NULL", "NULL", "'pending'"),
        (4, noon + 9 * minute, "author", "NULL", "NULL", "'pending'"),
        (5, noon + 9 * minute, "author", "NULL", "NULL", "'pending'"),
        (1, noon + 10 * minute, "moderator", "9", "'pending'", "'approved'"),
        (3, noon + 10 * minute, "moderator", "9", "'pending'", "'approved'"),
        (4, noon + 10 * minute, "moderator", "9", "'pending'", "'approved'"),
        (5, noon + 21 * minute, "moderator", "9", "'pending'", "'approved'"),
        (4, noon + 15 * minute, "moderator", "9", "'approved'", "'on_air'"),
        (4, noon + 20 * minute, "moderator", "9", "'on_air'", "'answered'"),
        (1, noon + 31 * minute, "author", "NULL", "'approved'", "'pending'"),
        (2, noon + 59 * minute + 1, "author", "NULL", "'pending'", "'withdrawn'"),
    ):
        connection.execute(
            "INSERT INTO question_transitions (number, at, moved_by, moderator_id, from_state, to_state) "
            f"VALUES ({', '.join(str(value) if n != 2 else repr(value) for n, value in enumerate(step))})"
        )
    connection.execute("UPDATE question_transitions SET air_session = ? WHERE to_state = 'on_air'", (TUESDAY,))
    for text, at in (("De nadie más", noon + 8 * minute), ("Aprobada", noon + 31 * minute)):
        connection.execute(
            "INSERT INTO question_texts (number, text, replaced_at, replaced_by) VALUES (1, ?, ?, 'author')", (text, at)
        )
    connection.execute("INSERT INTO registers VALUES (?, ?, ?, ?, NULL)", (TUESDAY, noon, noon + 50 * minute, noon))
    connection.execute(
        "INSERT INTO participants VALUES (700, 'Ana', 'OIM', 'es', ?, ?, ?)", [noon + n * minute for n in (3, 4, 9)]
    )
    for since in (noon + 4 * minute, noon + 55 * minute + 7):
        connection.execute("INSERT INTO standings VALUES (NULL, 700, 'staff', NULL, NULL, ?)", (since,))
    connection.execute(
        "INSERT INTO check_ins VALUES (700, ?, 1, ?, ?)", (TUESDAY, noon + minute + 1, noon + minute + 9)
    )
    connection.close()
    async with Store.open(database, clock):
        assert checks.check(database) == []
    connection = sqlite3.connect(database)

    def column(query: str) -> list[object]:
        return [row[0] for row in connection.execute(query)]

    assert column("SELECT asked_at - 1598400000000 FROM questions WHERE author_seal IS NOT NULL") == [0, 0, 0, 0]
    assert column("SELECT asked_at % 3600000 FROM questions WHERE number = 3") == [9 * minute]
    assert column("SELECT moved_at - 1598400000000 FROM questions ORDER BY number") == [
        # Not before what it followed; not before its day's end that it came after; moderators' own as they were.
        *(10 * minute, 60 * minute, 10 * minute, 20 * minute, 21 * minute)
    ]
    assert column("SELECT author_turns FROM questions") == [0] * 5
    assert column("SELECT text FROM question_texts ORDER BY id") == ["", "Aprobada"]
    assert column("SELECT consented_at + registered_at + changed_at - 3 * 1598400000000 FROM participants") == [0]
    assert column("SELECT since - 1598400000000 FROM standings ORDER BY id") == [0, 56 * minute]
    assert column("SELECT declared_at - 1598400000000 FROM check_ins") == [minute]
    connection.close()
