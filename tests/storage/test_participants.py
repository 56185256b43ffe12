"""Participants in a real database: registering again corrects, and days that are over keep their figures."""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.config import Config, load
from bot.directory import Directory, who_asks
from bot.ids import PersonId
from bot.live_agenda import LiveAgenda
from bot.participants import Country, Draft, Elsewhere, NothingToRead, Standing
from bot.questions import Asker
from bot.queue_values import Registered
from bot.storage.store import Store

ANA, OTHER_ANA, BEN = PersonId(700000000000000001), PersonId(700000000000000002), PersonId(700000000000000003)
GOOD = Draft("Ana García", "Fiscalía de Ensayo", "CR", "judicial", "es")
WEEK = timedelta(days=3)


@pytest.fixture
def config() -> Config:
    return load(Path("config.toml"))


@pytest.fixture
def directory(store: Store, config: Config, clock: RehearsalClock) -> Directory:
    return Directory(store, LiveAgenda(store, config.agenda, clock), config, clock)


async def registers(directory: Directory, clock: RehearsalClock, person: PersonId, draft: Draft = GOOD) -> None:
    await directory.register(person, draft, consented_at=clock.now(), language="es")


async def test_participant_is_found_as_registered(directory: Directory, clock: RehearsalClock) -> None:
    hour = clock.now()
    await clock.run_until(hour + timedelta(minutes=59))
    agreed_at = clock.now()
    await clock.run_until(hour + timedelta(minutes=61))
    made = await directory.register(ANA, GOOD, consented_at=agreed_at, language="en")
    assert made.is_new
    found = await directory.find(ANA)
    assert found == made.participant
    assert found is not None
    assert (found.name, found.institution, found.language) == ("Ana García", "Fiscalía de Ensayo", "es")
    assert (found.affiliation, found.profile) == (Country("CR"), "judicial")
    # To the hour: to the second they would stand beside what the person may have asked anonymously right after.
    assert (found.consented_at, found.registered_at) == (hour, hour + timedelta(hours=1))


async def test_who_registers_after_the_day_has_settled_is_not_in_its_figures_though_in_the_same_hour(
    directory: Directory, store: Store, clock: RehearsalClock, config: Config
) -> None:
    settled = config.settled_at(config.agenda)[0]
    assert settled.minute
    await clock.run_until(settled)
    await registers(directory, clock, ANA)
    await clock.run_until(settled + timedelta(minutes=9))
    await registers(directory, clock, OTHER_ANA)
    await registers(directory, clock, ANA, Draft("Ana García", "OIM", "organization"))
    assert await store.read(lambda tx: tx.participants.standings_at(settled)) == {
        ANA: Standing(Country("CR"), "judicial")
    }
    assert len(await store.read(lambda tx: tx.participants.standings_at(clock.now()))) == 2


async def test_consent_of_a_time_to_come_is_of_now(directory: Directory, clock: RehearsalClock) -> None:
    made = await directory.register(ANA, GOOD, consented_at=clock.now() + WEEK, language="es")
    assert made.participant.consented_at == clock.now()


async def test_refused_registration_stores_nothing(directory: Directory, clock: RehearsalClock) -> None:
    with pytest.raises(NothingToRead):
        await registers(directory, clock, ANA, Draft("\u200b", "x", "CR"))
    assert await directory.find(ANA) is None
    assert await directory.all() == {}


@pytest.mark.trial("A12")
async def test_two_people_of_one_name_are_two_and_a_new_registration_corrects_ones_own(
    directory: Directory, store: Store, clock: RehearsalClock
) -> None:
    await registers(directory, clock, ANA)
    await registers(directory, clock, OTHER_ANA, Draft("Ana García", "Migración", "HN", "migration"))
    began = clock.now()
    await clock.run_until(began + timedelta(hours=1))
    again = await directory.register(
        ANA, Draft("Ana G. Ramírez", "OIM", "organization", "judicial"), consented_at=clock.now(), language="es"
    )
    assert not again.is_new
    assert again.participant.registered_at == began
    everybody = await directory.all()
    assert [(p.name, p.affiliation, p.profile) for p in everybody.values()] == [
        ("Ana G. Ramírez", Elsewhere.ORGANIZATION, None),
        ("Ana García", Country("HN"), "migration"),
    ]
    # For whom she counted before is not forgotten.
    assert await store.read(lambda tx: tx.participants.standings_at(began)) == {
        ANA: Standing(Country("CR"), "judicial"),
        OTHER_ANA: Standing(Country("HN"), "migration"),
    }
    now = clock.now()
    assert (await store.read(lambda tx: tx.participants.standings_at(now)))[ANA] == Standing(Elsewhere.ORGANIZATION)
    before = began - timedelta(milliseconds=1)
    assert await store.read(lambda tx: tx.participants.standings_at(before)) == {}


async def test_same_standing_twice_is_one_row(directory: Directory, clock: RehearsalClock, database: Path) -> None:
    await asyncio.gather(*(registers(directory, clock, ANA) for _ in range(5)))
    await registers(directory, clock, ANA, Draft("Ana G.", "Otra", "CR", "judicial"))
    with sqlite3.connect(database) as connection:
        rows = connection.execute("SELECT person_id, country, profile FROM standings").fetchall()
    connection.close()
    assert rows == [(ANA, "CR", "judicial")]


async def test_queue_learns_who_asks(directory: Directory, store: Store, clock: RehearsalClock) -> None:
    await registers(directory, clock, ANA)
    await registers(directory, clock, BEN, Draft("Ben Ensayo", "Oficina  X", "organization"))
    assert await store.read(lambda tx: who_asks(tx, ANA)) == Registered(
        Asker("Ana García", "Fiscalía de Ensayo", "CR"), "country:CR"
    )
    assert await store.read(lambda tx: who_asks(tx, BEN)) == Registered(
        Asker("Ben Ensayo", "Oficina X", None), "organization:oficina x"
    )
    assert await store.read(lambda tx: who_asks(tx, OTHER_ANA)) is None


@pytest.mark.parametrize(
    "row",
    [
        "'country', NULL, NULL",
        "'panelist', 'CR', NULL",
        "'staff', NULL, 'judicial'",
        "'guest', NULL, NULL",
    ],
)
async def test_database_refuses_a_standing_that_contradicts_itself(
    directory: Directory, clock: RehearsalClock, database: Path, row: str
) -> None:
    await registers(directory, clock, ANA)
    connection = sqlite3.connect(database)
    sql = f"INSERT INTO standings (person_id, affiliation, country, profile, since) VALUES ({ANA}, {row}, 1)"
    with pytest.raises(sqlite3.IntegrityError):
        connection.execute(sql)
    connection.close()
