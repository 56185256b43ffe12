"""`estrado check`: the configuration by itself, and the server that it speaks of."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.access import Lack
from bot.config import Config, ConfigMistake, ConfigMistakes, load
from bot.errors import Refusal
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, WRONG_USE, put, put_json, say
from bot.phrases import connection, mistakes, operator
from bot.storage.looking import look

#: Looks at the server and tells what is missing there.
Inspect = Callable[[Config], Awaitable[Sequence[Lack]]]


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `config` is None where there are mistakes; `lacks` is None where the server was not asked."""

    file: Path
    config: Config | None
    mistakes: Sequence[ConfigMistake]
    warnings: Sequence[str]
    lacks: Sequence[Lack] | None = None

    @property
    def exit_code(self) -> int:
        if self.mistakes:
            return WRONG_USE
        return FALLS_SHORT if self.lacks else DONE


def check_config(file: Path, now: datetime, language: Language) -> Checked:
    """The configuration in `file` and what is worth a warning at `now`."""
    try:
        config = load(file)
    except ConfigMistakes as error:
        return Checked(file, None, error.mistakes, ())
    return Checked(file, config, (), tuple(_warnings(config, now, language)))


def check_server(checked: Checked, inspect: Inspect) -> Checked:
    """The same, with what the server lacks for this configuration. Raises what `inspect` raises."""
    assert checked.config is not None, "a configuration with mistakes speaks of no server"
    return replace(checked, lacks=asyncio.run(_awaited(inspect(checked.config))))


async def _awaited(lacks: Awaitable[Sequence[Lack]]) -> Sequence[Lack]:
    return await lacks


def _warnings(config: Config, now: datetime, language: Language) -> Iterator[str]:
    sessions = config.agenda.sessions
    if past := [session.day for session in sessions if session.ends_at <= now]:
        yield operator.past_days(past, len(sessions), language)
    database = config.storage.database
    if now.astimezone(config.timezone).date() > config.keep_until and database.exists() and _has_people(database, now):
        yield operator.kept_too_long(database, config.keep_until, language)


def _has_people(database: Path, now: datetime) -> bool:
    """Whether anything about people is in the file; where that cannot be seen, it may be."""
    try:
        return look(database, now, lambda tx: tx.erasures.has_words())
    except Refusal:
        return True


def show(checked: Checked, language: Language) -> None:
    """A line for each thing found, then the verdict."""
    for mistake in checked.mistakes:
        put(mistakes.worded(mistake, language))
    for lack in checked.lacks or ():
        put(connection.lack(lack, language))
    conclude(checked, language)


def show_json(checked: Checked, language: Language) -> None:
    """The same for a script."""
    put_json(
        {
            "file": str(checked.file),
            "mistakes": [_mistake(mistake, language) for mistake in checked.mistakes],
            "warnings": list(checked.warnings),
            "lacks": None if checked.lacks is None else [_lack(lack, language) for lack in checked.lacks],
        }
    )
    conclude(checked, language)


def conclude(checked: Checked, language: Language) -> None:
    """The warnings and the verdict, for who sits at the terminal."""
    for warning in checked.warnings:
        say(warning)
    if checked.config is None:
        say(operator.mistakes_found(len(checked.mistakes), checked.file, language))
        return
    say(operator.config_is_good(checked.file, language))
    if checked.lacks:
        say(connection.things_lacking(len(checked.lacks), language))
    elif checked.lacks is not None:
        say(connection.server_is_good(str(checked.config.discord.guild), language))


def _mistake(mistake: ConfigMistake, language: Language) -> dict[str, Any]:
    return {
        "path": mistake.path,
        "line": mistake.line,
        "kind": mistake.kind,
        "sentence": mistakes.worded(mistake, language),
    }


def _lack(lack: Lack, language: Language) -> dict[str, Any]:
    return {
        "kind": lack.kind.value,
        "setting": lack.setting,
        "name": lack.name,
        "permission": lack.permission,
        "sentence": connection.lack(lack, language),
    }
