"""`estrado export`: what is kept of the event, as files for organizers."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.config import load
from bot.directory import who_asks
from bot.languages import Language
from bot.operator.console import put, say
from bot.operator.writing import write_privately
from bot.phrases import exports as phrases
from bot.queue_carried import export
from bot.reports.questions import questions_csv, questions_json, questions_xlsx
from bot.storage.looking import look

Format = Literal["csv", "xlsx", "json"]


def questions(
    config: Path, database: Path | None, form: Format, out: Path | None, now: datetime, language: Language
) -> None:
    """Write every question of the event, and put the file's name. Raises ConfigMistakes and refusals of the database.

    Without `out` it lies beside the database, under a name that sorts by time.
    """
    loaded = load(config)
    path = database or loaded.storage.database
    found = look(path, now, lambda tx: export(tx, who_asks))
    event = loaded.agenda
    match form:
        case "csv":
            content = questions_csv(found, event, language)
        case "xlsx":
            content = questions_xlsx(found, event, language, now)
        case "json":
            content = questions_json(found)
    file = out or path.with_name(f"preguntas-{now:%Y%m%dT%H%M%SZ}.{form}")
    write_privately(file, content)
    put(str(file))
    say(phrases.exported(len(found), language))
