"""The nightly copies: when they are made, how many stay, and what is never in them."""

import asyncio
import stat
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.anonymity import open_anonymity
from bot.backing_up import Backups
from bot.clock import RehearsalClock
from bot.config import Config
from bot.idle import IdleLoop
from bot.services import open_services
from bot.storage import backup
from bot.storage.checks import check
from bot.storage.store import Store
from tests.factories import workshop

START = datetime(2020, 9, 8, 14, tzinfo=UTC)

#: 03:35 in Costa Rica.
NIGHT = datetime(2020, 9, 9, 9, 35, tzinfo=UTC)


class Watch:
    """An open store with its copies, and a clock that leaps."""

    def __init__(self, store: Store, config: Config, clock: RehearsalClock) -> None:
        self.store, self.config, self.clock = store, config, clock
        self.backups = Backups(store, config, clock)

    @property
    def copies(self) -> list[datetime]:
        found = backup.copies_in(self.backups.folder, self.store.path)
        return [copy.made_at for copy in found if copy.is_nightly]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    made = workshop(tmp_path)
    return made.model_copy(update={"backups": made.backups.model_copy(update={"keep": 3})})


@pytest.fixture
async def watch(config: Config) -> AsyncIterator[Watch]:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    clock = RehearsalClock(START, loop.still)
    async with Store.open(config.storage.database, clock, doors=loop.doors) as store:
        yield Watch(store, config, clock)


async def test_copy_is_made_every_night_and_so_many_are_kept(watch: Watch) -> None:
    async with watch.backups.nightly():
        await watch.clock.run_until(NIGHT - timedelta(seconds=1))
        first = [START + timedelta(minutes=10)]
        assert watch.copies == first
        await watch.clock.run_until(NIGHT)
        assert watch.copies == [*first, NIGHT]
        await watch.clock.run_until(NIGHT + timedelta(days=3))
    assert watch.copies == [NIGHT + timedelta(days=n) for n in (1, 2, 3)]
    for copy in backup.copies_in(watch.backups.folder, watch.store.path):
        assert check(copy.file) == []
        assert stat.S_IMODE(copy.file.stat().st_mode) == 0o600


async def test_start_after_a_missed_night_makes_up_for_it_and_others_do_not(watch: Watch) -> None:
    await watch.backups.make()
    for hours, made in ((2, 1), (20, 2), (1, 2)):
        watch.clock.set(watch.clock.now() + timedelta(hours=hours))
        async with watch.backups.nightly():
            await watch.clock.run_for(11 * 60)
        assert len(watch.copies) == made


async def test_copies_by_hand_count_as_copies_and_are_not_rotated_away(watch: Watch) -> None:
    by_hand = watch.store.path.with_name("estrado-20200907T000000Z.db")
    await watch.store.backup(by_hand)
    set_aside = watch.store.path.with_name("estrado.db.replaced-20200908T000000-ab12")
    set_aside.touch()
    last = await watch.backups.last()
    assert last is not None
    assert (last.file, last.made_at) == (by_hand, datetime(2020, 9, 7, tzinfo=UTC))
    for _ in range(5):
        watch.clock.set(watch.clock.now() + timedelta(minutes=1))
        await watch.backups.make()
    assert len(watch.copies) == 3
    assert by_hand.exists()
    assert set_aside.exists()


async def test_copy_that_cannot_be_made_is_tried_again_and_the_old_ones_stay(
    watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    await watch.backups.make()
    before = watch.copies
    # What it would be called is there already.
    in_the_way = watch.store.path.with_name(backup.nightly_name(watch.store.path, NIGHT))
    in_the_way.write_text("in the way")
    async with watch.backups.nightly():
        await watch.clock.run_until(NIGHT)
        assert watch.backups.failed_at == NIGHT
        assert "backup.failed kind=CopyExists" in caplog.text
        assert set(before) <= set(watch.copies)
        await watch.clock.run_for(3600)
        assert watch.backups.failed_at is None
    assert NIGHT + timedelta(hours=1) in watch.copies


async def test_a_night_that_fails_in_an_unforeseen_way_does_not_end_the_nights(
    watch: Watch, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    await watch.backups.make()
    async with watch.backups.nightly():
        with monkeypatch.context() as broken:

            async def backup_of(_copy: Path) -> None:
                raise RuntimeError("unforeseen")

            broken.setattr(watch.store, "backup", backup_of)
            await watch.clock.run_until(NIGHT)
            assert watch.backups.failed_at == NIGHT
            assert "backup.failed kind=RuntimeError" in caplog.text
        await watch.clock.run_for(3600)
        assert watch.backups.failed_at is None
    assert NIGHT + timedelta(hours=1) in watch.copies


async def test_what_a_killed_run_left_unfinished_is_removed(watch: Watch) -> None:
    name = backup.nightly_name(watch.store.path, START)
    left = [watch.store.path.with_name(f".{name}.ab12cd34.part{ending}") for ending in ("", "-journal")]
    for each in left:
        each.touch()
    await watch.backups.make()
    assert [each for each in left if each.exists()] == []


async def test_none_is_made_where_none_is_kept(watch: Watch) -> None:
    none = watch.config.model_copy(update={"backups": watch.config.backups.model_copy(update={"keep": 0})})
    async with Backups(watch.store, none, watch.clock).nightly():
        await watch.clock.run_for(3 * 86400)
    assert watch.copies == []


async def test_key_is_in_no_copy_and_in_no_folder_of_copies(watch: Watch) -> None:
    open_anonymity(watch.config.storage.anonymity_key, None)
    key = watch.config.storage.anonymity_key.read_bytes().strip()
    copy = (await watch.backups.make()).file
    assert len(key) >= 16
    for file in copy.parent.iterdir():
        assert key not in file.read_bytes()


async def test_copies_in_another_folder_go_with_the_rest_when_their_time_is_over(
    config: Config, tmp_path: Path
) -> None:
    folder = tmp_path / "other disk"
    elsewhere = config.model_copy(update={"backups": config.backups.model_copy(update={"folder": folder})})
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    clock = RehearsalClock(START, loop.still)
    async with open_services(elsewhere, clock) as services:
        copy = (await services.backups.make()).file
        assert copy.parent == folder
        clock.set(START + timedelta(days=89))
        assert (await services.erasure.would_purge()).copies == ()
        clock.set(START + timedelta(days=91))
        assert (await services.erasure.purge()).copies == (copy,)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        (NIGHT - timedelta(seconds=1), NIGHT),
        (NIGHT, NIGHT + timedelta(days=1)),
        (NIGHT + timedelta(hours=14, minutes=24), NIGHT + timedelta(days=1)),
    ],
)
async def test_night_is_that_of_the_event(watch: Watch, instant: datetime, expected: datetime) -> None:
    assert watch.backups.night_after(instant) == expected
