from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.clock import RehearsalClock
from bot.storage.store import Store


@pytest.fixture
def clock() -> RehearsalClock:
    """Tuesday 8 September 2020 at 09:00 in San José, moved by the test alone."""
    return RehearsalClock(datetime(2020, 9, 8, 15, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Where a test's database lies; nothing is there yet."""
    return tmp_path / "estrado.db"


@pytest.fixture
async def store(database: Path, clock: RehearsalClock) -> AsyncIterator[Store]:
    """An open store over `database`, with every migration of the program."""
    async with Store.open(database, clock) as opened:
        yield opened
