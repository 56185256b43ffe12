"""Corrections over a real database: one row each, taken back once, whoever comes at the same time."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.corrections import AlreadySo, CorrectionKind, CorrectionNumber, NoSuchCorrection, TakenBackAlready
from bot.errata import Errata
from bot.ids import ChannelId, PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.storage.checks import check
from bot.storage.store import Store
from tests.factories import workshop

TUESDAY = SessionKey("2020-09-08")
ANA, OLGA, OTTO = PersonId(1), PersonId(8), PersonId(9)


@pytest.fixture
def errata(store: Store, clock: RehearsalClock, tmp_path: Path) -> Errata:
    config = workshop(tmp_path)
    return Errata(store, LiveAgenda(store, config.agenda, clock), config, clock)


async def test_rows_are_added_and_never_changed(errata: Errata, store: Store, database: Path) -> None:
    await errata.correct(ANA, TUESDAY, "Llamó", OLGA, present=True, companions=2)
    first = await store.read(lambda tx: tx.corrections.of_session(TUESDAY))
    await errata.correct(ANA, TUESDAY, "No era ella", OTTO, present=False)
    await errata.take_back(CorrectionNumber(2), "Sí era", OLGA)
    rows = await store.read(lambda tx: tx.corrections.of_session(TUESDAY))
    assert rows[:1] == first
    assert [(r.number, r.kind, r.reason, r.made_by, r.companions, r.takes_back) for r in rows] == [
        (1, CorrectionKind.PRESENT, "Llamó", OLGA, 2, None),
        (2, CorrectionKind.ABSENT, "No era ella", OTTO, None, None),
        (3, CorrectionKind.TAKEN_BACK, "Sí era", OLGA, None, 2),
    ]
    held = await store.read(lambda tx: tx.corrections.in_force(TUESDAY))
    assert held[ANA].presence == rows[0]
    assert check(database) == []


async def test_each_is_taken_back_once_however_many_do_it(errata: Errata, store: Store) -> None:
    await errata.correct(ANA, TUESDAY, "Llamó", OLGA, present=True)
    tried = await asyncio.gather(
        *(errata.take_back(CorrectionNumber(1), "Un error", by) for by in (OLGA, OTTO) * 3), return_exceptions=True
    )
    assert [type(each).__name__ for each in tried].count("Noted") == 1
    refused = [each for each in tried if isinstance(each, TakenBackAlready)]
    assert len(refused) == 5
    assert {each.by.made_by for each in refused} == {OLGA}
    for number in (2, 7):
        with pytest.raises(NoSuchCorrection):
            await errata.take_back(CorrectionNumber(number), "Un error", OTTO)
    with pytest.raises(sqlite3.IntegrityError):
        await store.write(
            lambda tx: tx.corrections.add(
                ANA, TUESDAY, CorrectionKind.TAKEN_BACK, "Otra", OTTO, tx.now, takes_back=CorrectionNumber(1)
            )
        )


async def test_the_same_again_is_refused_and_another_number_of_companions_is_not(errata: Errata) -> None:
    await errata.correct(ANA, TUESDAY, "Llamó", OLGA, present=True)
    with pytest.raises(AlreadySo) as caught:
        await errata.correct(ANA, TUESDAY, "Llamó otra vez", OTTO, present=True)
    assert caught.value.correction.made_by == OLGA
    noted = await errata.correct(ANA, TUESDAY, "Eran tres", OTTO, present=True, companions=2)
    assert noted.replaces is not None
    with pytest.raises(AlreadySo):
        await errata.correct(ANA, TUESDAY, "Eran tres", OLGA, present=True, companions=2)


async def test_whoever_listens_is_told_the_session_once_it_is_saved(errata: Errata, store: Store) -> None:
    heard: list[SessionKey] = []
    errata.on_change(heard.append)
    await errata.excuse(ANA, SessionKey("2020-09-10"), "Viaja", OLGA)
    with pytest.raises(AlreadySo):
        await errata.excuse(ANA, SessionKey("2020-09-10"), "Viaja", OLGA)
    assert heard == ["2020-09-10"]
    with pytest.raises(KeyError):
        await errata.excuse(ANA, SessionKey("2020-09-12"), "Viaja", OLGA)


class TestPublished:
    async def test_for_the_same_instant_it_says_what_it_said_and_for_another_what_is_true_then(
        self, store: Store, clock: RehearsalClock
    ) -> None:
        channel, at = ChannelId(5), clock.now()

        async def keep(people: int, texts: tuple[str, ...]) -> tuple[int, tuple[str, ...]]:
            kept = await store.write(lambda tx: tx.published.keep(TUESDAY, channel, 1, at, {"people": people}, texts))
            return kept.figures["people"], kept.texts

        assert await keep(3, ("Tres",)) == (3, ("Tres",))
        assert await keep(4, ("Cuatro",)) == (3, ("Tres",))
        await clock.run_for(60)
        at = clock.now()
        assert await keep(4, ("Cuatro",)) == (4, ("Cuatro",))

    async def test_a_correction_without_what_it_corrects_is_found(
        self, store: Store, database: Path, clock: RehearsalClock
    ) -> None:
        await store.write(lambda tx: tx.published.keep(TUESDAY, ChannelId(5), 1, tx.now, {"people": 3}))
        await store.write(lambda tx: tx.published.keep(TUESDAY, ChannelId(5), 2, tx.now, {"people": 4}))
        assert check(database) == []
        first = (await store.read(lambda tx: tx.published.of_session(TUESDAY, ChannelId(5))))[0]
        await store.write(lambda tx: tx.published.drop(first))
        assert [finding.what for finding in check(database)] == ["published.broken_generations"]
