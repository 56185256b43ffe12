"""`estrado agenda`: the programme as people will see it, with the same hours in UTC beside them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.agenda import Block, Event, Session, text_in
from bot.languages import Language, Text
from bot.operator.console import put_json
from bot.phrases import operator

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


def show_json(event: Event) -> None:
    """All of it for a script: texts by language, instants in UTC."""
    put_json(
        {
            "name": _text(event.name),
            "timezone": event.timezone.key,
            "languages": list(event.languages),
            "sessions": [_session(session) for session in event.sessions],
        }
    )


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


def _session(session: Session) -> dict[str, Any]:
    return {
        "key": session.key,
        "number": session.number,
        "day": session.day.isoformat(),
        "theme": _text(session.theme),
        "blocks": [_block(block) for block in session.blocks],
    }


def _block(block: Block) -> dict[str, Any]:
    return {
        "key": block.key,
        "kind": block.kind.value,
        "title": _text(block.title),
        "hours": block.printed,
        "starts_at": _instant(block.starts_at),
        "ends_at": _instant(block.ends_at),
        "speakers": [_text(speaker) for speaker in block.speakers],
        "moderator": _text(block.moderator),
        "panelists": [
            {"name": panelist.name, "institution": _text(panelist.institution)} for panelist in block.panelists
        ],
    }


def _text(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {str(language): said for language, said in text.items()}


def _instant(instant: datetime) -> str:
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"
