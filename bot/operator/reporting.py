"""`estrado report`: the files of a day, or of the whole event, from the database alone."""

from datetime import datetime
from pathlib import Path

from bot.config import load
from bot.languages import Language
from bot.operator.console import put, say
from bot.operator.writing import write_privately
from bot.phrases import reports as phrases
from bot.reports.making import Source, day_report, final_report
from bot.summary import day_meant

#: What is written for the whole event, where a day could be.
FINAL = "final"


def report(
    config: Path,
    database: Path | None,
    of: str,
    out: Path,
    language: Language | None,
    now: datetime,
    said_in: Language,
) -> None:
    """Make the files of a day, or of the event, in the folder `out`, and put their names.

    In one `language`, or by default in the event's. Raises ConfigMistakes, NoSuchDay, NotTypeset and refusals of the
    database.
    """
    loaded = load(config)
    languages = loaded.agenda.languages if language is None else (language,)
    source = Source(database or loaded.storage.database, loaded, now)
    if of.strip().lower() == FINAL:
        files = final_report(source, languages)
    else:
        files = day_report(source, day_meant(loaded.agenda, of, now).key, languages)
    for each in files:
        write_privately(out / each.name, each.content)
        put(str(out / each.name))
    say(phrases.made(len(files), str(out), said_in))
    say(phrases.handle_with_care(said_in))
