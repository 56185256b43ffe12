"""`estrado export`: what is kept of the event, as files for organizers."""

from datetime import datetime
from pathlib import Path
from typing import Literal

from bot.compendium import approved
from bot.config import load
from bot.directory import who_asks
from bot.languages import Language
from bot.live_agenda import kept_event
from bot.operator.console import DONE, FALLS_SHORT, put, say
from bot.operator.writing import write_privately
from bot.phrases import compendium as compendium_phrases
from bot.phrases import exports as phrases
from bot.practices import PracticeState
from bot.queue_carried import export
from bot.reports.compendium import compendium_pdf, compendium_xlsx
from bot.reports.questions import questions_csv, questions_json, questions_xlsx
from bot.storage.looking import look

Format = Literal["csv", "xlsx", "json"]

CompendiumFormat = Literal["xlsx", "pdf"]


def questions(
    config: Path, database: Path | None, form: Format, out: Path | None, now: datetime, language: Language
) -> None:
    """Write every question of the event, and put the file's name. Raises ConfigMistakes and refusals of the database.

    Without `out` it lies beside the database, under a name that sorts by time.
    """
    loaded = load(config)
    path = database or loaded.storage.database
    found = look(path, now, lambda tx: export(tx, who_asks))
    event = look(path, now, lambda tx: kept_event(tx, loaded.agenda))
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


def practices(
    config: Path, database: Path | None, form: CompendiumFormat, out: Path | None, now: datetime, language: Language
) -> int:
    """Write the compendium of the practices that were approved, put the file's name, and return the exit code.

    Raises ConfigMistakes, NotTypeset and refusals of the database.
    """
    loaded = load(config)
    path = database or loaded.storage.database
    event, found, waiting = look(
        path,
        now,
        lambda tx: (
            kept_event(tx, loaded.agenda),
            approved(tx),
            sum(each.state is PracticeState.PENDING for each in tx.practices.all()),
        ),
    )
    if waiting:
        say(compendium_phrases.left_out(waiting, language))
    if not found:
        say(compendium_phrases.nothing_yet(language))
        return FALLS_SHORT
    file = out or path.with_name(f"buenas-practicas-{now:%Y%m%dT%H%M%SZ}.{form}")
    missing = ""
    if form == "pdf":
        content, missing = compendium_pdf(found, event, loaded.coverage.countries, language, now)
    else:
        content = compendium_xlsx(found, event, loaded.coverage.countries, language, now)
    write_privately(file, content)
    put(str(file))
    if missing:
        say(compendium_phrases.letters_missing(" ".join(missing), file, language))
    say(compendium_phrases.made(len(found), language))
    return DONE
