"""`estrado rehearse`: the dress rehearsal, watched on a terminal."""

import asyncio
import re
import shlex
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from bot.agenda import Event, text_in
from bot.config import Config
from bot.idle import IdleLoop
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, WRONG_USE, put, say
from bot.phrases import incidents
from bot.phrases import rehearsal as phrases
from bot.rehearsal import Launch, Options, prepared, rehearse
from bot.rehearsal.result import Result

__all__ = ["Options", "days_in", "only_one", "repeating", "run"]


def run(config: Config, options: Options, launch: Launch, language: Language, command: str) -> int:
    """Play the event; posts and progress go to stderr, the table of figures to stdout. Returns the exit code.

    Where it does not go well, or does not come to its end, stderr has one more line, with `command`, which repeats it.
    """
    event = prepared(config, options).agenda
    holds = False
    try:
        with _Screen(event, config.timezone, language) as screen, asyncio.Runner(loop_factory=IdleLoop) as runner:
            result = runner.run(rehearse(config, options, launch, screen))
        _show(result, language)
        holds = result.holds
        put(phrases.verdict(holds, str(options.out), language))
    finally:
        if not holds:
            say(phrases.repeat(command, language))
    return DONE if holds else FALLS_SHORT


def repeating(config: Path, options: Options) -> str:
    """The command, as a shell takes it, that plays the same event with the same people and the same faults."""
    days = f"{options.first_day}-{options.last_day or options.first_day}"
    words = ["estrado", "rehearse", "--config", str(config), "--seed", str(options.seed), "--days", days]
    words += ["--attendees", str(options.attendees)]
    words += ["--incidents"] * options.incidents + ["--faults"] * options.faults
    return shlex.join([*words, "--out", str(options.out), "--language", options.language])


def days_in(text: str | None, count: int, language: Language) -> tuple[int, int]:
    """The first and last day of "2" or "2-3"; all of them for None. Ends the process where there are no such days."""
    if text is None:
        return 1, count
    written = re.fullmatch(r"\s*(\d{1,4})\s*(?:-\s*(\d{1,4})\s*)?", text)
    first = int(written[1]) if written else 0
    last = int(written[2] or first) if written else 0
    if not 1 <= first <= last <= count:
        say(phrases.no_such_days(text, count, language))
        sys.exit(WRONG_USE)
    return first, last


def only_one(incidents: bool, faults: bool, language: Language) -> None:
    """End the process where both were asked for: what the incidents expect does not hold among other faults."""
    if incidents and faults:
        say(phrases.one_or_the_other("--incidents", "--faults", language))
        sys.exit(WRONG_USE)


class _Screen:
    """A bar with the day and the block that are on, and above it what the bot posts in public."""

    def __init__(self, event: Event, zone: ZoneInfo, language: Language) -> None:
        self._event = event
        self._zone = zone
        self._language = language
        console = Console(stderr=True, highlight=False, markup=False, soft_wrap=True)
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            console=console,
        )
        self._task = self._progress.add_task("", total=1.0)

    def __enter__(self) -> "_Screen":
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def at(self, instant: datetime, progress: float) -> None:
        local = instant.astimezone(self._zone)
        session = self._event.session_of_day(instant)
        block = session.block_at(instant) if session is not None else None
        title = text_in(block.title, self._language) if block is not None else phrases.between(self._language)
        number = session.number if session is not None else None
        description = phrases.now_on(number, f"{local:%Y-%m-%d %H:%M}", title, self._language)
        self._progress.update(self._task, completed=progress, description=description)

    def posted(self, channel: str, instant: datetime, text: str) -> None:
        local = instant.astimezone(self._zone)
        self._progress.console.print(f"{local:%Y-%m-%d %H:%M:%S} #{channel}", style="bold")
        for line in text.splitlines():
            self._progress.console.print(f"  {line}")


def _show(result: Result, language: Language) -> None:
    table = Table(show_header=False)
    for name, figure in _lines(result, language):
        table.add_row(name, figure)
    Console(highlight=False, markup=False).print(table)


def _lines(result: Result, language: Language) -> Iterator[phrases.Line]:
    cues, questions, contract = result.cues, result.questions, result.contract
    yield phrases.cues(cues.due, cues.sent, cues.late, cues.skipped, cues.missed, cues.doubled, language)
    yield phrases.questions(questions.acknowledged, questions.stored, questions.lost, language)
    for day, attendance in result.attendance.items():
        yield phrases.attendance(day, attendance.people, attendance.minutes, language)
    yield phrases.recount(result.recount.compared, result.recount.differences, language)
    if contract is None:
        yield phrases.no_contract(language)
    else:
        yield phrases.contract(contract.requests, contract.violations, language)
    if result.incidents is not None:
        yield incidents.counted(result.incidents.told, len(result.incidents.wrong), language)
    yield phrases.unanswered(result.unanswered, language)
    yield phrases.wall_seconds(result.wall_seconds, language)
