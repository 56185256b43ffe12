"""The programme as it really goes, over a database: kept before it is told, the same after a restart."""

import asyncio
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest

from bot.agenda import Event
from bot.agenda_changes import BlockIsPast, ChangeKind, PastWouldChange, cancel, delay
from bot.clock import RehearsalClock
from bot.config import load
from bot.idle import IdleLoop
from bot.ids import BlockKey, PersonId, SessionKey
from bot.live_agenda import Changed, ChangedMeanwhile, LiveAgenda, OtherDays
from bot.storage.store import Store, Transaction
from tests.factories import CONFIG_FILE

WORKSHOP = load(CONFIG_FILE).agenda
TUESDAY = SessionKey("2020-09-08")
ORGANIZER = PersonId(1)
TEN_MINUTES = partial(delay, minutes=10)


@pytest.fixture
async def agenda(store: Store, clock: RehearsalClock) -> LiveAgenda:
    """The workshop on Tuesday at 09:00."""
    opened = LiveAgenda(store, WORKSHOP, clock)
    await opened.open()
    return opened


def hours(event: Event) -> list[str]:
    return [block.printed for block in event.session(TUESDAY).blocks]


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2020-09-08 {text}").replace(tzinfo=WORKSHOP.timezone)


async def test_a_change_is_told_once_it_is_kept_and_the_same_after_a_restart(
    agenda: LiveAgenda, database: Path, store: Store, clock: RehearsalClock
) -> None:
    told: list[tuple[list[str], list[str]]] = []
    agenda.on_change(lambda before, after: told.append((hours(before), hours(after))))
    changed = await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason="Fallo de audio")
    later = ["09:00-09:40", "09:40-10:25", "10:25-11:10"]
    assert hours(agenda.event) == hours(changed.after) == later
    assert told == [(["09:00-09:30", "09:30-10:15", "10:15-11:00"], later)]
    assert (changed.sessions, dict(agenda.sequences)) == ((TUESDAY,), {TUESDAY: 1})
    again = LiveAgenda(store, WORKSHOP, clock)
    await again.open()
    assert again.event == agenda.event
    assert (again.revision, again.sequences) == (agenda.revision, agenda.sequences)


async def test_a_preview_changes_nothing_and_shows_what_the_change_will_be(agenda: LiveAgenda) -> None:
    await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None)
    seen = agenda.preview(ChangeKind.DELAY, TEN_MINUTES)
    assert hours(seen.after) == ["09:00-09:50", "09:50-10:35", "10:35-11:20"]
    assert hours(agenda.event)[0] == "09:00-09:40"
    changed = await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None, seen=seen.revision)
    assert changed.after == seen.after


async def test_of_two_organizers_who_saw_the_same_one_is_told(agenda: LiveAgenda) -> None:
    seen = agenda.preview(ChangeKind.DELAY, TEN_MINUTES).revision
    both = await asyncio.gather(
        *(agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=PersonId(n), reason=None, seen=seen) for n in (1, 2)),
        return_exceptions=True,
    )
    assert [type(each) for each in both].count(ChangedMeanwhile) == 1
    assert hours(agenda.event)[0] == "09:00-09:40"


async def test_a_refused_change_leaves_nothing_behind(agenda: LiveAgenda, store: Store) -> None:
    with pytest.raises(BlockIsPast):
        await agenda.change(ChangeKind.CANCEL, partial(cancel, key=BlockKey("2020-09-08/1")), by=ORGANIZER, reason=None)
    assert await store.read(lambda tx: (tx.agenda_changes.revision(), tx.agenda_changes.all())) == (0, ())


async def test_another_configuration_is_taken_up_where_it_does_not_deny_the_past(agenda: LiveAgenda) -> None:
    await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None)
    session = WORKSHOP.session(TUESDAY)

    def planned(place: int, **changes: object) -> Event:
        blocks = tuple(replace(b, **changes) if n == place else b for n, b in enumerate(session.blocks))
        return replace(WORKSHOP, sessions=(replace(session, blocks=blocks), *WORKSHOP.sessions[1:]))

    with pytest.raises(PastWouldChange):
        await agenda.reload(planned(0, starts_at=at("08:50")))
    await agenda.reload(planned(2, ends_at=at("11:30"), printed="10:15-11:30"))
    assert hours(agenda.event) == ["09:00-09:40", "09:40-10:15", "10:15-11:30"]
    assert agenda.sequences == {TUESDAY: 2}


async def test_other_days_need_a_start(agenda: LiveAgenda) -> None:
    with pytest.raises(OtherDays):
        await agenda.reload(replace(WORKSHOP, sessions=WORKSHOP.sessions[:3]))
    assert agenda.event == WORKSHOP


async def test_an_open_register_ends_with_its_session_from_the_same_transaction_on(
    agenda: LiveAgenda, store: Store
) -> None:
    session = WORKSHOP.session(TUESDAY)
    await store.write(lambda tx: tx.stays.open_register(TUESDAY, session.starts_at, session.ends_at))
    seen: list[datetime] = []

    def look(tx: Transaction, _changed: Changed) -> None:
        register = tx.stays.register(TUESDAY)
        assert register is not None
        seen.append(register.ends_at)

    await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None, also=look)
    assert seen == [at("11:10")]


async def test_what_is_refused_beside_a_change_undoes_it(agenda: LiveAgenda) -> None:
    def refuse(_tx: Transaction, _changed: Changed) -> None:
        raise ChangedMeanwhile

    with pytest.raises(ChangedMeanwhile):
        await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None, also=refuse)
    assert (agenda.event, agenda.revision) == (WORKSHOP, 0)
    again = await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None)
    assert again.revision == 1


async def test_who_sleeps_until_an_hour_of_the_event_wakes_at_the_hour_that_it_has_by_then(database: Path) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    clock = RehearsalClock(at("09:00"), loop.still)
    woken: list[datetime] = []

    async def sleep() -> None:
        await agenda.sleep_until(lambda event: event.session(TUESDAY).ends_at)
        woken.append(clock.now())

    async with Store.open(database, clock, doors=loop.doors) as store:
        agenda = LiveAgenda(store, WORKSHOP, clock)
        sleeping = asyncio.create_task(sleep())
        await agenda.change(ChangeKind.DELAY, TEN_MINUTES, by=ORGANIZER, reason=None)
        await clock.run_until(at("11:05"))
        assert woken == []
        await clock.run_until(at("11:30"))
        await sleeping
    assert woken == [at("11:10")]


async def test_a_pause_begins_and_ends_once(store: Store) -> None:
    def pause() -> object:
        return store.write(lambda tx: tx.agenda_changes.pause(TUESDAY, ORGANIZER, tx.now))

    assert [await pause(), await pause()] == [True, False]  # type: ignore[misc]
    assert await store.read(lambda tx: tx.agenda_changes.is_paused(TUESDAY))
    assert await store.write(lambda tx: tx.agenda_changes.resume(TUESDAY, ORGANIZER, tx.now))
    assert not await store.write(lambda tx: tx.agenda_changes.resume(TUESDAY, ORGANIZER, tx.now))
    assert not await store.read(lambda tx: tx.agenda_changes.is_paused(TUESDAY))
