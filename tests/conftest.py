"""Every asynchronous test runs on the loop that knows when nothing is under way."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from bot.idle import IdleLoop


def pytest_asyncio_loop_factories(config: pytest.Config, item: pytest.Item) -> Mapping[str, Callable[[], Any]]:
    return {"idle": IdleLoop}
