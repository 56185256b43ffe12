"""`estrado agenda`: the programme as people will see it, with the same hours in UTC beside them."""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from bot.agenda import Block, Event, Session, text_in
from bot.config import Config
from bot.ids import SessionKey
from bot.languages import Language
from bot.operator.console import put, put_json
from bot.operator.writing import write_privately
from bot.phrases import operator
from bot.programmes.calendar_file import calendar
from bot.programmes.pretalx import schedule

#: A table narrower than this leaves columns out.
_TABLE_WIDTH = 72


def show(event: Event, language: Language) -> None:
    """A table a session; on a narrow terminal a list."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 -- rich loads only where a table is printed
    from rich.console import Console  # noqa: PLC0415 -- rich loads only where a table is printed
    from rich.table import Table  # noqa: PLC0415 -- rich loads only where a table is printed

    console = Console(highlight=False, markup=False)
    console.print(text_in(event.name, language), soft_wrap=True)
    for session in event.sessions:
        theme = text_in(session.theme, language)
        heading = operator.session_heading(session.number, session.day, theme, language)
        console.print("\n" + heading, soft_wrap=True)
        if console.width < _TABLE_WIDTH:
            for line in _listed(event, session, language):
                console.print(line, soft_wrap=True)
            continue
        table = Table(box=SIMPLE_HEAD, pad_edge=False)
        table.add_column(operator.hours_heading(event.timezone.key, language), no_wrap=True)
        table.add_column("UTC", no_wrap=True)
        table.add_column(operator.block_heading(language))
        table.add_column(operator.people_heading(language))
        for block in session.blocks:
            people = "\n".join(_people(block, language))
            table.add_row(block.printed, _in_utc(session, block), text_in(block.title, language), people)
        console.print(table)


def _listed(event: Event, session: Session, language: Language) -> Iterator[str]:
    yield f"{operator.hours_heading(event.timezone.key, language)} (UTC)"
    for block in session.blocks:
        yield f"{block.printed} ({_in_utc(session, block)})"
        yield f"  {text_in(block.title, language)}"
        yield from (f"  - {person}" for person in _people(block, language))


def as_it_is(config: Config, now: datetime) -> tuple[Event, Mapping[SessionKey, int]]:
    """The programme with what was changed while the event went on, and how often each day was; as it is planned where
    there is no database yet. Raises refusals of the database."""
    if not config.storage.database.exists():
        return config.agenda, {}
    from bot.live_agenda import kept_event  # noqa: PLC0415 -- the database loads only where it is needed
    from bot.storage.looking import look  # noqa: PLC0415 -- the database loads only where it is needed

    planned = config.agenda
    return look(config.storage.database, now, lambda tx: (kept_event(tx, planned), tx.agenda_changes.sequences()))


def show_json(config: Config, event: Event, language: Language) -> None:
    """All of it for a script, in the shape of pretalx's schedule.json; its version changes with what it says."""
    scope = str(config.discord.guild)
    told = json.dumps(schedule(event, "", language, scope=scope), sort_keys=True)
    version = hashlib.sha256(told.encode()).hexdigest()[:12]
    put_json(schedule(event, version, language, scope=scope))


def write_calendar(
    config: Config,
    event: Event,
    sequences: Mapping[SessionKey, int],
    file: Path,
    now: datetime,
    language: Language,
) -> None:
    """The programme as a calendar, to `file`, or to stdout where that is "-"."""
    scope = str(config.discord.guild)
    content = calendar(event, language, scope=scope, sequences=sequences, made_at=now, place=None)
    if str(file) == "-":
        sys.stdout.buffer.write(content)
    else:
        write_privately(file, content)
        put(str(file))


def _people(block: Block, language: Language) -> Iterator[str]:
    yield from (text_in(speaker, language) for speaker in block.speakers)
    if block.moderator is not None:
        yield operator.moderated_by(text_in(block.moderator, language), language)
    for panelist in block.panelists:
        institution = panelist.institution
        yield panelist.name if institution is None else f"{panelist.name} ({text_in(institution, language)})"


def _in_utc(session: Session, block: Block) -> str:
    hours = f"{block.starts_at:%H:%M}-{block.ends_at:%H:%M}"
    return hours if block.starts_at.date() == session.day else f"{block.starts_at:%Y-%m-%d} {hours}"
