"""`estrado db`."""

import sys
from pathlib import Path

import click

from bot.clock import SystemClock
from bot.languages import Language
from bot.operator import database as store
from bot.operator import forgetting, purging
from bot.operator.console import explaining, using_files
from bot.operator.options import (
    FILE,
    config_option,
    database_option,
    json_option,
    language_option,
    overwrite_option,
)


@click.group()
def db() -> None:
    """Upgrade, check, copy, restore, purge the database."""


@db.command()
@config_option
@database_option
@language_option
def upgrade(config: Path, database: Path | None, language: Language) -> None:
    """Bring the database to this version of Estrado.

    Names the changes on stdout. The bot does so by itself when it starts.
    """
    with explaining(language), using_files(language):
        store.upgrade(store.database_of(config, database), SystemClock().now(), language)


@db.command("check")
@config_option
@database_option
@json_option
@language_option
def check_database(config: Path, database: Path | None, as_json: bool, language: Language) -> None:
    """Tell all that is wrong with the database.

    Changes nothing; the bot may be running.
    """
    with explaining(language), using_files(language):
        code = store.check(store.database_of(config, database), language, as_json=as_json)
    sys.exit(code)


@db.command()
@config_option
@database_option
@click.option("--out", type=FILE, help="The copy. By default beside the database, named by the time in UTC.")
@overwrite_option
@language_option
def backup(config: Path, database: Path | None, out: Path | None, overwrite: bool, language: Language) -> None:
    """Make a consistent, checked copy of the database.

    Names it on stdout. The bot may be running. The anonymity key is not part of it, on purpose: keep a copy of that
    elsewhere.
    """
    with explaining(language), using_files(language):
        original = store.database_of(config, database)
        store.back_up(original, out, SystemClock().now(), language, overwrite=overwrite)


@db.command()
@click.argument("copy", type=FILE)
@config_option
@database_option
@overwrite_option
@language_option
def restore(copy: Path, config: Path, database: Path | None, overwrite: bool, language: Language) -> None:
    """Put the backup COPY in the place of the database.

    What is there is refused without --overwrite, and is set aside under another name with it. The bot must not be
    running.
    """
    with explaining(language), using_files(language):
        lost = store.database_of(config, database)
        store.restore(copy, lost, SystemClock().now(), language, overwrite=overwrite)


@db.command("forget-anonymous")
@config_option
@database_option
@click.option("--yes", is_flag=True, help="Do it. Without this it is only told what would be done.")
@language_option
def forget_anonymous(config: Path, database: Path | None, yes: bool, language: Language) -> None:
    """Destroy the anonymity key, for good.

    Then nobody can link an anonymous question to who asked it any more, not even its author. New ones get a new key.
    The bot must not be running. Destroy your own copies of the key as well.
    """
    with explaining(language), using_files(language):
        code = forgetting.forget(config, database, language, sure=yes)
    sys.exit(code)


@db.command()
@config_option
@database_option
@click.option("--yes", is_flag=True, help="Do it. Without this it is only told what would be done.")
@click.option("--dry-run", is_flag=True, help="Only tell what would be done; ends with 0.")
@language_option
def purge(config: Path, database: Path | None, yes: bool, dry_run: bool, language: Language) -> None:
    """Erase people when their time is over.

    Once privacy.retention_days are over, names, institutions, ids and texts go for good; the figures of each day stay.
    Backups beside the database, or in backups.folder, that still have them are deleted, before that time those older
    than privacy.retention_days. Copies elsewhere and files made by hand are out of reach. The bot must not be running;
    where it runs, it does so by itself every night.
    """
    with explaining(language), using_files(language):
        code = purging.purge(config, database, language, sure=yes, dry_run=dry_run)
    sys.exit(code)
