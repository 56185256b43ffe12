"""`estrado setup`: the server as config.toml names it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Protocol

from bot.access import Lack
from bot.config import Config
from bot.furnishing import Plan, Step, things
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, put, say
from bot.phrases import connection
from bot.phrases import furnishing as phrases
from bot.place_ids import PlaceId, write


class Failed(Protocol):
    """A step that Discord did not take."""

    @property
    def step(self) -> Step: ...

    @property
    def status(self) -> int: ...

    @property
    def code(self) -> int: ...


class Furnished(Protocol):
    """What came of it; cogs.furnishing.Furnished."""

    @property
    def plan(self) -> Plan: ...

    @property
    def missing(self) -> frozenset[str]: ...

    @property
    def failed(self) -> Sequence[Failed]: ...

    @property
    def lacks(self) -> Sequence[Lack]: ...

    @property
    def ids(self) -> Sequence[PlaceId]: ...


#: Looks at the server, tells the plan, and does it unless it is dry.
Furnish = Callable[[Config, Callable[[Plan], None]], Awaitable[Furnished]]


def set_up(config: Config, folder: Path, furnish: Furnish, language: Language, *, dry_run: bool) -> int:
    """Put the plan, do it, write ids.toml into `folder`, say what is lacking still, and return the exit code.

    Raises what `furnish` raises, and OSError where the file cannot be written.
    """

    def planned(plan: Plan) -> None:
        roles = things(config)
        if plan.steps and not dry_run:
            say(phrases.summary(plan, language))
        for step in plan.steps:
            put(phrases.step(step, roles, language))

    found = asyncio.run(_awaited(furnish(config, planned)))
    for thing in found.plan.impossible:
        say(phrases.impossible(thing, language))
    for failure in found.failed:
        say(phrases.failed(failure.step, failure.status, failure.code, language))
    if found.missing:
        say(phrases.missing(found.missing, language))
    # Before what else is lacking, so that a second look finds the same things again.
    file = write(folder, {each.setting: each for each in found.ids}) if found.ids else None
    for lack in found.lacks:
        say(connection.lack(lack, language))
    _conclude(found, file, language, dry_run=dry_run)
    falls_short = found.plan.impossible or found.failed or found.missing or found.lacks
    return FALLS_SHORT if falls_short else DONE


async def _awaited(found: Awaitable[Furnished]) -> Furnished:
    return await found


def _conclude(found: Furnished, file: Path | None, language: Language, *, dry_run: bool) -> None:
    steps = len(found.plan.steps)
    if dry_run and steps:
        say(phrases.would_do(steps, language))
    elif file is not None and steps:
        say(phrases.done(steps - len(found.failed), language))
    elif not (found.lacks or found.missing or found.plan.impossible):
        say(phrases.nothing_to_do(language))
    if file is not None:
        say(phrases.ids_written(file, language))
