"""Erasing people: their figures stay to the last number, and nothing else of theirs does."""

import os
import random
import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.agenda import Event
from bot.anonymity import Anonymity
from bot.attendance import CheckIn, ClosedBy, Seat
from bot.clock import RehearsalClock
from bot.config import Config
from bot.corrections import CorrectionKind
from bot.directory import who_asks
from bot.erasure import Erasure, ErasureDelayed, open_erasure
from bot.errors import NotSaved
from bot.ids import ChannelId, PersonId, QuestionNumber
from bot.live_agenda import LiveAgenda
from bot.participants import Affiliation, Country, Elsewhere, Entry, Standing
from bot.phrases import privacy  # noqa: F401 -- the words of what is refused here
from bot.phrases.refusals import refused
from bot.question_refusals import OwnQuestion
from bot.questions import By, Reason, State
from bot.queue_asking import ask
from bot.queue_operations import answer, move, silence
from bot.queue_values import Asking
from bot.queue_votes import vote
from bot.storage import backup, checks, files, looking, migrations, tombstones
from bot.storage.connection import BEGIN, COMMIT, WritingConnection, connect_writer
from bot.storage.door import Transaction
from bot.storage.erasing import without, without_lines
from bot.storage.erasures import Sealed
from bot.storage.opening import make_ready
from bot.storage.personal import ERASED, NOT_PEOPLE, PEOPLE
from bot.storage.refusals import ErasuresPending, TombstonesDamaged
from bot.storage.store import Store
from bot.summary import final_of, summary_of
from tests.factories import CONFIG_FILE, workshop
from tests.storage.children import Holder, run

FIRST = 700_000_000_000_000_001
ROOM = ChannelId(900_000_000_000_000_001)
MODERATOR = PersonId(800_000_000_000_000_001)


@contextmanager
def transaction(connection: WritingConnection, now: datetime) -> Iterator[Transaction]:
    connection.control(BEGIN)
    yield Transaction(connection, now)
    connection.control(COMMIT)


def an_event(path: Path, config: Config, chance: random.Random, how_many: int) -> list[PersonId]:
    """A database in which people came, declared, registered, asked, supported and were corrected, as chance has it."""
    event, key = config.agenda, Anonymity(b"k" * 32)
    people = [PersonId(FIRST + n) for n in range(how_many)]
    make_ready(path, event.sessions[0].starts_at - timedelta(days=1), migrations.known(), may_create=True)
    with closing(connect_writer(path)) as connection:
        for n, person in enumerate(people):
            with transaction(connection, event.sessions[0].starts_at - timedelta(hours=1)) as tx:
                _registers(tx, chance, person, n)
        for session in event.sessions:
            with transaction(connection, session.starts_at) as tx:
                tx.stays.open_register(session.key, session.starts_at - timedelta(minutes=15), session.ends_at)
                tx.stays.set_seen_to(session.key, session.ends_at)
                for person in people:
                    _comes(tx, chance, person, session)
                tx.stays.close_register(session.key, session.ends_at)
            for n in range(how_many):
                with transaction(connection, session.starts_at + timedelta(minutes=n + 1)) as tx:
                    _asks(tx, chance, people, session.key, n, config, key)
            with transaction(connection, session.ends_at - timedelta(minutes=5)) as tx:
                _moderates(tx, chance, people, event, session.key, key)
    return people


def _registers(tx: Transaction, chance: random.Random, person: PersonId, n: int) -> None:
    belongs: Affiliation = chance.choice([Country("CR"), Country("HN"), Elsewhere.ORGANIZATION, Elsewhere.PANELIST])
    if chance.random() < 0.8:
        profile = chance.choice(["judicial", "migration", None]) if isinstance(belongs, Country) else None
        entry = Entry(f"Persona Número{n}", f"Institución {n % 2}", Standing(belongs, profile), "es")
        tx.participants.keep(person, entry, tx.now, tx.now)


def _comes(tx: Transaction, chance: random.Random, person: PersonId, session: Any) -> None:
    at = session.starts_at
    for _ in range(chance.randint(0, 3)):
        at += timedelta(minutes=chance.randint(1, 30))
        tx.stays.begin(session.key, Seat(person, ROOM, f"v{person}"), at)
        at += timedelta(seconds=chance.randint(1, 2000))
        stay = tx.stays.open_stay(person)
        assert stay is not None
        tx.stays.end(stay[0], min(at, session.ends_at), ClosedBy.LEFT)
    if chance.random() < 0.4:
        tx.check_ins.add(CheckIn(person, session.key, chance.randint(0, 3), session.starts_at))
    if chance.random() < 0.2:
        kind = chance.choice([CorrectionKind.PRESENT, CorrectionKind.ABSENT, CorrectionKind.EXCUSED])
        tx.corrections.add(person, session.key, kind, "Porque sí", MODERATOR, tx.now)


def _asks(
    tx: Transaction,
    chance: random.Random,
    people: list[PersonId],
    session: Any,
    n: int,
    config: Config,
    key: Anonymity,
) -> None:
    person = people[n]
    if chance.random() < 0.7:
        text = f"Pregunta número {n} del día {session}"
        asking = Asking(person, text, chance.random() < 0.4, None, chance.choice(["es", "en"]))
        ask(tx, session, asking, key, who_asks, config.questions)


def _moderates(
    tx: Transaction, chance: random.Random, people: list[PersonId], event: Event, session: Any, key: Anonymity
) -> None:
    for question in [each for each in tx.questions.all() if each.session == session]:
        fate = chance.choice(["leave", "reject", "approve", "air", "answer", "withdraw", "silence"])
        match fate:
            case "reject":
                move(tx, question, State.REJECTED, By.MODERATOR, MODERATOR, Reason.OTHER, "palabras sobre alguien")
            case "withdraw":
                move(tx, question, State.WITHDRAWN, By.AUTHOR)
            case "silence":
                silence(tx, question.number, MODERATOR, event.session(session), key.fingerprint)
            case "approve" | "air" | "answer":
                approved = move(tx, question, State.APPROVED, By.MODERATOR, chance.choice([MODERATOR, *people]))
                for voter in chance.sample(people, len(people) // 2):
                    try:
                        vote(tx, question.number, voter, key)
                    except OwnQuestion:
                        continue
                if fate == "answer":
                    answer(tx, approved.number, MODERATOR, f"Se dijo: «{question.text}».")


def figures(connection: Any, config: Config, now: datetime) -> list[Any]:
    """All that may not change: each day's summary, and each day's questions as they stand."""
    nouns = Transaction(connection, now)
    days = [summary_of(nouns, config.agenda, config, session.key, now) for session in config.agenda.sessions]
    asked = [nouns.figures.of(session.key) for session in config.agenda.sessions]
    return [*days, *final_of(nouns, config.agenda, config, now).summaries, *asked]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 2**32), how_many=st.integers(2, 7), one_by_one=st.booleans())
def test_the_figures_of_every_day_are_the_same_to_the_last_number(
    tmp_path_factory: pytest.TempPathFactory, seed: int, how_many: int, one_by_one: bool
) -> None:
    folder, chance = tmp_path_factory.mktemp("event"), random.Random(seed)
    config, path = workshop(folder), folder / "estrado.db"
    people = an_event(path, config, chance, how_many)
    now, key = config.agenda.sessions[-1].ends_at + timedelta(days=1), Anonymity(b"k" * 32)
    with closing(connect_writer(path)) as connection:
        before = figures(connection, config, now)
        erased = chance.sample([*people, MODERATOR], chance.randint(1, how_many)) if one_by_one else [None]
        for person in erased:
            with transaction(connection, now) as tx:
                seals = {key.seal(person or PersonId(0), session.key) for session in config.agenda.sessions}
                tombstone = tombstones.of_person(person, ["m"]) if person else tombstones.of_everybody()
                tx.erasures.apply(tombstone, person, now)
                tx.erasures.unseal(lambda seal, own=seals: Sealed.ERASED if seal in own else Sealed.OTHERS, now)
        assert figures(connection, config, now) == before
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        content = path.read_bytes()
        for person in erased if one_by_one else people:
            assert str(person).encode() not in content
            number = int(person or 0) - FIRST
            assert f"Persona Número{number}".encode() not in content
            assert f"Pregunta número {number} del".encode() not in content
        for person in set(people) - set(erased) if one_by_one else ():
            assert Transaction(connection, now).erasures.held(person) or not Transaction(connection, now).stays
    assert checks.check(path) == []


def columns(path: Path) -> dict[tuple[str, str], str]:
    """Every column of the schema with its type."""
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        return {
            (table, column[1]): column[2]
            for (table,) in tables.fetchall()
            for column in connection.execute(f"PRAGMA table_xinfo({table})")
        }


def test_no_column_with_a_person_in_it_is_forgotten(database: Path, clock: RehearsalClock) -> None:
    make_ready(database, clock.now(), migrations.known(), may_create=True)
    there = columns(database)
    listed = {(each.table, each.column) for each in PEOPLE}
    assert listed <= there.keys()
    assert there.keys() >= NOT_PEOPLE
    sounding = {
        (table, column)
        for (table, column), kind in there.items()
        if kind == "INTEGER" and column.endswith(("_id", "_by", "_to"))
    }
    referring = set()
    with closing(sqlite3.connect(database)) as connection:
        for table in {table for table, _ in there}:
            for row in connection.execute(f"PRAGMA foreign_key_list({table})"):
                if row[2] in ("participants", "check_ins") and row[4] == "person_id":
                    referring.add((table, row[3]))
    assert len(referring) > 3
    assert (sounding | referring) - listed - NOT_PEOPLE == set()
    for each in PEOPLE:
        assert {(each.table, column) for column in each.shown} <= there.keys()


# Tombstones


def test_a_tombstone_says_nobodys_id_and_knows_them(database: Path) -> None:
    ana, ben = PersonId(FIRST), PersonId(FIRST + 1)
    before = os.umask(0o022)
    try:
        tombstones.add(database, [tombstones.of_person(ana, ["a mark"])])
        tombstones.add(database, [tombstones.of_person(ben, [], keeps_anonymous=True)])
    finally:
        os.umask(before)
    file = tombstones.file_of(database)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert str(FIRST)[:-1] not in file.read_text()
    found = tombstones.read(database).values()
    assert sorted((each.is_of(ana), each.is_of(ben), each.keeps_anonymous) for each in found) == [
        (False, True, True),
        (True, False, False),
    ]
    assert [each.name for each in database.parent.iterdir()] == [file.name]


def test_the_same_person_looks_otherwise_in_each_tombstone() -> None:
    ana = PersonId(FIRST)
    one, other = tombstones.of_person(ana, []), tombstones.of_person(ana, [])
    assert one.digest != other.digest
    assert one.id != other.id


@pytest.mark.parametrize("broken", [b"{", b'{"id":"1"}\n', b"\xff\n", b'{"id":"1","key":"z","digest":null}\n'])
async def test_a_file_that_cannot_be_understood_opens_nothing(
    database: Path, clock: RehearsalClock, broken: bytes
) -> None:
    async with Store.open(database, clock):
        pass
    tombstones.file_of(database).write_bytes(broken)
    with pytest.raises(TombstonesDamaged) as refusal:
        async with Store.open(database, clock):
            pass
    for language in ("es", "en"):
        assert str(tombstones.file_of(database)) in refused(refusal.value, language)


# Whenever it dies

CHILD = """
import asyncio, os, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.clock import RehearsalClock
from bot.ids import PersonId
from bot.storage import tombstones
from bot.storage.store import Store

path, person, dies = Path(sys.argv[1]), PersonId(int(sys.argv[2])), sys.argv[3]
tombstone = tombstones.of_person(person, [])

def erase(tx):
    tx.erasures.apply(tombstone, person, tx.now, names=("x",), there_until=tx.now)
    if dies == "in the operation":
        os._exit(7)

async def main():
    async with Store.open(path, RehearsalClock(datetime(2020, 9, 9, 15, tzinfo=UTC))) as store:
        if dies == "before":
            os._exit(7)
        tombstones.add(path, [tombstone])
        if dies == "after the tombstone":
            os._exit(7)
        await store.write(erase)
        os._exit(7)

asyncio.run(main())
"""


@pytest.mark.parametrize("dies", ["before", "after the tombstone", "in the operation", "before the files are emptied"])
async def test_killed_anywhere_the_next_start_finishes_what_was_noted(
    tmp_path: Path, clock: RehearsalClock, dies: str
) -> None:
    config, path, chance = workshop(tmp_path), tmp_path / "estrado.db", random.Random(1)
    person = an_event(path, config, chance, 4)[0]
    name = next(iter(rows(path, "SELECT name FROM participants WHERE person_id = ?", person)), ("Nadie",))[0]
    assert run(CHILD, str(path), str(person), dies).returncode == 7
    async with Store.open(path, clock) as store:
        erasure = await erasure_of(store, path, config, clock)
        held = await erasure.held(person, anonymous=False)
        assert erasure.is_gone(person) is (dies != "before")
        assert not erasure.lags
    content = b"".join(each.read_bytes() for each in files.owned_files(path) if each.exists())
    if dies == "before":
        assert held.rows
        assert name.encode() in content
    else:
        assert held.rows == 0
        assert name.encode() not in content
        assert str(person).encode() not in content


def rows(path: Path, query: str, *values: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(query, values).fetchall()


async def erasure_of(store: Store, path: Path, config: Config, clock: RehearsalClock) -> Erasure:
    agenda = LiveAgenda(store, config.agenda, clock)
    return await open_erasure(store, path, agenda, config, clock, Anonymity(b"k" * 32))


async def test_an_older_copy_shows_nobody_who_was_erased_whoever_opens_it(
    tmp_path: Path, clock: RehearsalClock
) -> None:
    config, path, copy = workshop(tmp_path), tmp_path / "estrado.db", tmp_path / "elsewhere" / "old.db"
    person = an_event(path, config, random.Random(2), 4)[1]
    backup.back_up(path, copy)
    async with Store.open(path, clock) as store:
        await (await erasure_of(store, path, config, clock)).erase(person, ["a"])
    backup.restore(copy, path, clock.now(), overwrite=True)
    with pytest.raises(ErasuresPending) as refusal:
        looking.look(path, clock.now(), lambda nouns: nouns.erasures.people())
    assert refusal.value.erasures == 1
    assert "db upgrade" in refused(refusal.value, "en")
    backup.upgrade(path, clock.now())
    assert person not in looking.look(path, clock.now(), lambda nouns: nouns.erasures.people())
    assert person in looking.look(copy, clock.now(), lambda nouns: nouns.erasures.people())


async def test_a_copy_elsewhere_takes_the_tombstones_along_and_brings_them_back(
    tmp_path: Path, clock: RehearsalClock
) -> None:
    config, path = workshop(tmp_path), tmp_path / "estrado.db"
    old, new = tmp_path / "stick" / "old.db", tmp_path / "stick" / "new.db"
    person = an_event(path, config, random.Random(3), 4)[1]
    backup.back_up(path, old)
    assert not tombstones.file_of(old).exists()
    async with Store.open(path, clock) as store:
        await (await erasure_of(store, path, config, clock)).erase(person, ["a"])
    backup.back_up(path, new)
    assert tombstones.read(new) == tombstones.read(path)
    elsewhere = tmp_path / "another machine" / "estrado.db"
    backup.restore(new, elsewhere, clock.now())
    assert tombstones.read(elsewhere) == tombstones.read(path)
    # The one beside it is put to those that are there, and not in their place.
    backup.restore(old, path, clock.now(), overwrite=True)
    assert tombstones.read(path) == tombstones.read(new)
    assert {stat.S_IMODE(each.stat().st_mode) for each in new.parent.iterdir()} == {0o600}


async def test_what_was_begun_after_an_erasure_is_not_erased_again_by_a_restart(
    tmp_path: Path, clock: RehearsalClock
) -> None:
    config, path = workshop(tmp_path), tmp_path / "estrado.db"
    person = an_event(path, config, random.Random(4), 4)[1]
    entry = Entry("Otra vez", "Allí", Standing(Country("CR"), None), "es")
    for again in range(2):
        async with Store.open(path, clock) as store:
            erasure = await erasure_of(store, path, config, clock)
            if not again:
                await erasure.erase(person, ["a"])
                assert not await erasure.came_back(person)
                await store.write(lambda tx: tx.participants.keep(person, entry, tx.now, tx.now))
                assert await erasure.came_back(person)
            assert not erasure.is_gone(person)
            assert erasure.is_owed_notice(person)
            found = await store.read(lambda tx: tx.participants.find(person))
            assert found is not None
            if again:
                await erasure.note_told_of_return(person)
                assert not erasure.is_owed_notice(person)


async def test_where_the_database_takes_nothing_the_erasure_is_noted_and_done_later(
    tmp_path: Path, clock: RehearsalClock
) -> None:
    config, path = workshop(tmp_path), tmp_path / "estrado.db"
    person = an_event(path, config, random.Random(5), 4)[1]
    holder = Holder(path)
    async with Store.open(path, clock, lock_patience_seconds=0.1) as store:
        erasure = await erasure_of(store, path, config, clock)
        holder.hold()
        with pytest.raises(ErasureDelayed):
            await erasure.erase(person, ["a"])
        assert erasure.lags
        assert len(tombstones.read(path)) == 1
        holder.release()
        await erasure.catch_up()
        assert not erasure.lags
        assert (await erasure.held(person, anonymous=True)).rows == 0
    holder.close()


async def test_where_no_tombstone_can_be_written_nothing_is_erased(tmp_path: Path, clock: RehearsalClock) -> None:
    config, path = workshop(tmp_path), tmp_path / "estrado.db"
    person = an_event(path, config, random.Random(6), 4)[1]
    async with Store.open(path, clock) as store:
        erasure = await erasure_of(store, path, config, clock)
        # A folder in the file's place, which nobody can write to or replace.
        file = tombstones.file_of(path)
        (file.with_name(f".{file.name}.new") / "full").mkdir(parents=True)
        with pytest.raises(NotSaved):
            await erasure.erase(person, ["a"])
        assert (await erasure.held(person, anonymous=False)).rows
        assert not erasure.is_gone(person)


# What others wrote


def test_a_name_or_text_that_is_quoted_goes_and_nothing_around_it() -> None:
    assert without("Como dijo ANA  prueba, sí.", ["Ana Prueba"]) == f"Como dijo {ERASED}, sí."
    assert without("Anabel Prueba y Ana Pruebas", ["Ana Prueba"]) == "Anabel Prueba y Ana Pruebas"
    assert without("Según Ána Prüeba, no.", ["Ana Prueba"]) == ERASED
    assert without("Nada", ["Ana Prueba"]) == "Nada"


def test_of_a_list_only_the_lines_of_those_questions_go() -> None:
    text = "**Quedan 2**:\n- **7** · ¿Qué?\n- **17** · ¿Cuándo?\ny 3 más"
    assert without_lines(text, frozenset({QuestionNumber(7)})) == text.replace("¿Qué?", ERASED)
    assert without_lines(text, None).count(ERASED) == 2


def test_two_who_asked_the_same_are_two_people(database: Path, tmp_path: Path, clock: RehearsalClock) -> None:
    config, key, text = workshop(tmp_path), Anonymity(b"k" * 32), "¿Se publicarán las ponencias?"
    make_ready(database, clock.now(), migrations.known(), may_create=True)
    session = config.agenda.sessions[0].key
    with closing(connect_writer(database)) as connection:
        numbers = []
        for person in (PersonId(FIRST), PersonId(FIRST + 1)):
            with transaction(connection, clock.now()) as tx:
                asking = Asking(person, text, False, None, "es")
                numbers.append(ask(tx, session, asking, key, who_asks, config.questions).number)
        with transaction(connection, clock.now()) as tx:
            tx.erasures.apply(tombstones.of_person(PersonId(FIRST), []), PersonId(FIRST), clock.now(), names=["a"])
            texts = [question.text for number in numbers if (question := tx.questions.find(number))]
    assert texts == [ERASED, text]


# docs/privacy


@pytest.mark.parametrize("page", ["privacidad.md", "privacy.md"])
def test_the_pages_on_privacy_name_every_table_and_column(page: str, database: Path, clock: RehearsalClock) -> None:
    make_ready(database, clock.now(), migrations.known(), may_create=True)
    there: dict[str, set[str]] = {}
    for table, column in columns(database):
        there.setdefault(table, set()).add(column)
    told: dict[str, set[str]] = {}
    for line in (CONFIG_FILE.parent / "docs" / page).read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) >= 2:
            told[cells[0].strip("`")] = {word.strip("` ") for word in cells[1].split(",")}
    assert told == there
