"""`estrado import`: a configuration drafted from a programme that was made elsewhere."""

from pathlib import Path
from zoneinfo import ZoneInfo

from bot.languages import Language
from bot.operator.console import put, say
from bot.operator.drafted_config import config_text
from bot.operator.writing import write_privately
from bot.phrases import programmes as phrases
from bot.programmes.calendar_file import read_calendar
from bot.programmes.draft import AlreadyThere, DraftEvent, ProgrammeMistake, ProgrammeMistakeKind
from bot.programmes.plain_text import read_text
from bot.programmes.pretalx import read_schedule


def read_programme(
    content: bytes, *, year: int | None, zone: ZoneInfo, written_in: Language, name: str | None, room: str | None
) -> DraftEvent:
    """The programme of a file's content, whose kind is told by how it begins. Raises ProgrammeMistake."""
    if content.lstrip().upper().startswith(b"BEGIN:VCALENDAR"):
        return read_calendar(content, zone, written_in, name)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ProgrammeMistake(ProgrammeMistakeKind.UNREADABLE) from None
    if text.lstrip().startswith("{"):
        return read_schedule(text, zone, written_in, name, room)
    return read_text(text, year, written_in, name)


def write(draft: DraftEvent, out: Path | None, zone: ZoneInfo, language: Language, *, overwrite: bool) -> None:
    """Write the configuration to `out` and put its name, or put the configuration itself. Raises AlreadyThere."""
    text = config_text(draft, zone, language)
    if out is None:
        put(text.rstrip("\n"))
    elif out.exists() and not overwrite:
        # Somebody may have gone on writing it by hand.
        raise AlreadyThere(out)
    else:
        write_privately(out, text.encode())
        put(str(out))
    doubts = len(draft.doubts)
    for session in draft.sessions:
        doubts += len(session.doubts) + sum(len(block.doubts) for block in session.blocks)
    say(phrases.drafted(len(draft.sessions), doubts, language))
