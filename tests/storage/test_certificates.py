"""Certificates in the database: given once, changed by rows, and never to whom they do not belong."""

import sqlite3
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.certificates import CertificatesNotYet, NotMet, NotRegisteredForOne
from bot.certifying import Account, Certificates, bring_up_to_date, look_at, settles_at
from bot.clock import RehearsalClock
from bot.config import Config
from bot.corrections import CorrectionKind
from bot.ids import PersonId
from bot.live_agenda import LiveAgenda
from bot.storage.checks import check
from bot.storage.store import Store
from tests.factories import workshop
from tests.four_days import ANA, BEN, EVA, OLGA, ZOE, day, register, registers, stays


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return workshop(tmp_path)


@pytest.fixture
def clock(config: Config) -> RehearsalClock:
    return RehearsalClock(settles_at(config.agenda, config))


@pytest.fixture
async def store(config: Config, clock: RehearsalClock) -> AsyncIterator[Store]:
    """Zoe was there all the time, Ana on three days, Ben on two, Eva never."""
    async with Store.open(config.storage.database, clock) as opened:
        await opened.write(lambda tx: registers(tx, config))
        for person, name in ((ZOE, "Zoe Prueba"), (ANA, "Ana Prueba"), (BEN, "Ben Ensayo"), (EVA, "Eva Ensayo")):
            await opened.write(lambda tx, person=person, name=name: register(tx, config, person, name))
        await opened.write(lambda tx: stays(tx, config, ZOE, dict.fromkeys(range(1, 5), 120)))
        await opened.write(lambda tx: stays(tx, config, ANA, {1: 60, 2: 60, 3: 60, 4: 59}))
        await opened.write(lambda tx: stays(tx, config, BEN, {1: 120, 2: 120}))
        yield opened
    assert check(config.storage.database) == []


async def settled(store: Store, config: Config) -> Account:
    return await store.write(lambda tx: bring_up_to_date(tx, config.agenda, config))


def figures(account: Account) -> list[tuple[int, str, int]]:
    return [(h.certificate.number, h.participant.name, h.certificate.merit.measured_days) for h in account.held]


async def test_numbers_follow_the_alphabet_and_nothing_is_written_twice(store: Store, config: Config) -> None:
    before = await store.read(lambda tx: look_at(tx, config.agenda, config))
    assert (len(before.steps.given), before.held) == (2, ())
    first = await settled(store, config)
    assert figures(first) == [(1, "Ana Prueba", 3), (2, "Zoe Prueba", 4)]
    assert first.held[0].certificate.merit.measured == 239 * 60_000
    again = await settled(store, config)
    assert not again.steps
    assert again.held == first.held
    assert len({held.certificate.code for held in again.held}) == 2


async def test_who_comes_to_earn_one_later_gets_the_next_number(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    first = await settled(store, config)
    clock.set(clock.now() + timedelta(days=1))
    await store.write(lambda tx: stays(tx, config, BEN, {3: 61}))
    second = await settled(store, config)
    assert figures(second) == [(1, "Ana Prueba", 3), (2, "Zoe Prueba", 4), (3, "Ben Ensayo", 3)]
    assert second.held[:2] == first.held
    assert second.held[2].certificate.issued_at == clock.now()


async def test_correction_below_the_rule_takes_it_away_and_one_above_gives_the_same_back(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    first = await settled(store, config)
    ana = first.held[0].certificate
    clock.set(clock.now() + timedelta(days=1))
    await store.write(lambda tx: tx.connection.execute("UPDATE stays SET closed_at = opened_at + 1 WHERE id = 5"))
    taken = await settled(store, config)
    (withdrawn,) = taken.steps.withdrawn
    assert (withdrawn.number, withdrawn.merit.days) == (ana.number, 2)
    assert figures(taken) == [(2, "Zoe Prueba", 4)]
    kept = await store.read(lambda tx: tx.certificates.of_code(ana.code))
    assert kept is not None
    assert (kept.is_valid, kept.issued_at, kept.since) == (False, ana.issued_at, clock.now())
    await store.write(lambda tx: tx.connection.execute("UPDATE stays SET closed_at = opened_at + 3660000 WHERE id = 5"))
    back = await settled(store, config)
    assert [given.number for given in back.steps.restored] == [ana.number]
    held = back.held[0].certificate
    assert (held.number, held.code, held.issued_at) == (ana.number, ana.code, ana.issued_at)
    assert held.merit.measured == 240 * 60_000
    # What it ever said is there.
    rows = await store.read(
        lambda tx: [
            tuple(r)
            for r in tx.connection.execute(
                "SELECT is_valid, measured / 60000 FROM certificate_states WHERE number = 1 ORDER BY id"
            )
        ]
    )
    assert rows == [(1, 239), (0, 179), (1, 240)]


async def test_correction_above_the_rule_changes_what_it_says(store: Store, config: Config) -> None:
    await settled(store, config)
    await store.write(lambda tx: tx.connection.execute("UPDATE stays SET closed_at = closed_at + 60000 WHERE id = 8"))
    account = await settled(store, config)
    assert [given.number for given in account.steps.changed] == [1]
    assert figures(account)[0] == (1, "Ana Prueba", 4)


async def test_presence_that_an_organizer_put_right_counts_and_is_told_apart(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    await store.write(
        lambda tx: tx.corrections.add(
            BEN, day(config, 3), CorrectionKind.PRESENT, "Estuvo por teléfono", OLGA, clock.now()
        )
    )
    clock.set(clock.now() + timedelta(seconds=1))
    account = await settled(store, config)
    ben = next(held for held in account.held if held.participant.name == "Ben Ensayo").certificate
    assert (ben.merit.measured_days, ben.merit.corrected_days, ben.merit.days) == (2, 1, 3)


async def test_number_of_somebody_who_was_erased_is_nobody_elses_and_they_get_no_other(
    store: Store, config: Config
) -> None:
    first = await settled(store, config)
    stand_in = PersonId(-12345)

    def erase(tx: object) -> None:
        run = tx.connection.execute  # type: ignore[attr-defined]
        run("PRAGMA defer_foreign_keys = ON")
        run("UPDATE certificates SET person_id = NULL WHERE person_id = ?", (ZOE,))
        for table in ("participants", "standings", "stays"):
            run(f"UPDATE {table} SET person_id = ? WHERE person_id = ?", (stand_in, ZOE))
        run("UPDATE participants SET name = '[…]', institution = '[…]' WHERE person_id = ?", (stand_in,))

    await store.write(erase)
    await store.write(lambda tx: stays(tx, config, BEN, {3: 120}))
    account = await settled(store, config)
    assert figures(account) == [(1, "Ana Prueba", 3), (3, "Ben Ensayo", 3)]
    kept = await store.read(lambda tx: tx.certificates.of_code(first.held[1].certificate.code))
    assert kept is not None
    assert (kept.number, kept.person, kept.is_valid) == (2, None, True)


async def test_before_the_last_day_has_settled_there_are_none(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    at = settles_at(config.agenda, config)
    clock.set(at - timedelta(seconds=1))
    with pytest.raises(CertificatesNotYet) as refused:
        await settled(store, config)
    assert refused.value.at == at
    with pytest.raises(CertificatesNotYet):
        await Certificates(store, LiveAgenda(store, config.agenda, clock), config, clock).own(ANA)
    assert await store.read(lambda tx: tx.certificates.all()) == []


async def test_each_gets_their_own_and_the_first_to_ask_has_everybody_entered(
    store: Store, config: Config, clock: RehearsalClock
) -> None:
    certificates = Certificates(store, LiveAgenda(store, config.agenda, clock), config, clock)
    held = await certificates.own(ZOE)
    assert (held.certificate.number, held.participant.name) == (2, "Zoe Prueba")
    assert (await certificates.own(ANA)).certificate.number == 1
    assert await certificates.own(ZOE) == held
    with pytest.raises(NotMet) as refused:
        await certificates.own(BEN)
    assert (refused.value.merit.days, refused.value.rule.days) == (2, 3)
    with pytest.raises(NotRegisteredForOne):
        await certificates.own(PersonId(1))


async def test_the_database_itself_gives_nobody_two(store: Store, config: Config) -> None:
    (held, _) = (await settled(store, config)).held

    def second(tx: object) -> None:
        tx.certificates.give(ANA, "0" * 12, held.certificate.merit, tx.now)  # type: ignore[attr-defined]

    with pytest.raises(sqlite3.IntegrityError):
        await store.write(second)
