"""`estrado db`: upgrades, checks, copies of the database and their way back."""

from datetime import datetime
from pathlib import Path

from bot.config import load
from bot.languages import Language
from bot.operator.console import DONE, FALLS_SHORT, put, put_json, say
from bot.phrases import database as phrases
from bot.storage import backup, checks


def database_of(config: Path, database: Path | None) -> Path:
    """The file that is meant: the one named, else the configuration's. Raises ConfigMistakes."""
    return load(config).storage.database if database is None else database


def upgrade(database: Path, now: datetime, language: Language) -> None:
    """Apply what is pending, and put the names of it."""
    applied = backup.upgrade(database, now)
    for name in applied:
        put(name)
    say(phrases.upgraded(len(applied), language) if applied else phrases.up_to_date(language))


def check(database: Path, language: Language, *, as_json: bool) -> int:
    """Put what is wrong, and return the exit code."""
    findings = checks.check(database)
    if as_json:
        put_json(
            {
                "file": str(database),
                "findings": [
                    {
                        "kind": found.kind.value,
                        "what": found.what,
                        "rows": found.rows,
                        "sentence": phrases.finding(found, language),
                    }
                    for found in findings
                ],
            }
        )
    else:
        for found in findings:
            put(phrases.finding(found, language))
    if findings:
        say(phrases.things_wrong(len(findings), database, language))
        return FALLS_SHORT
    say(phrases.database_is_good(database, language))
    return DONE


def back_up(database: Path, out: Path | None, now: datetime, language: Language, *, overwrite: bool) -> None:
    """Make a copy, and put its name. Without `out` it lies beside the database, under a name that sorts by time."""
    copy = out or database.with_name(f"{database.stem}-{now:%Y%m%dT%H%M%SZ}.db")
    backup.back_up(database, copy, overwrite=overwrite)
    put(str(copy))
    say(phrases.backed_up(language))


def restore(copy: Path, database: Path, now: datetime, language: Language, *, overwrite: bool) -> None:
    """Put what a copy holds in the database's place."""
    say(phrases.restored(backup.restore(copy, database, now, overwrite=overwrite), language))
