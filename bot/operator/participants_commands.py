"""`estrado participants`."""

import sys
from pathlib import Path

import click

from bot.languages import Language
from bot.operator import participants as directory
from bot.operator.console import explaining, using_files
from bot.operator.options import FILE, config_option, database_option, json_option, language_option


@click.group()
def participants() -> None:
    """The list of who should come, and who of them registered."""


@participants.command("import")
@click.argument("file", type=FILE)
@config_option
@database_option
@click.option("--keep-good", is_flag=True, help="Import the good rows although others are wrong.")
@click.option("--whole", is_flag=True, help="FILE is the whole list: take off it whoever is not in the file.")
@click.option("--dry-run", is_flag=True, help="Only tell what would change; the bot may be running.")
@json_option
@language_option
def import_participants(
    file: Path,
    config: Path,
    database: Path | None,
    keep_good: bool,
    whole: bool,
    dry_run: bool,
    as_json: bool,
    language: Language,
) -> None:
    """Import the list of who should come from FILE, CSV or XLSX.

    Columns, in any order and in Spanish or English: name (or given names and surnames), institution, country, profile,
    Discord user name; others are not read. A country may be written in either language or as a code; without one it is
    an organization. Tells on stdout what is new, changed and the same, and on stderr each wrong row with its line. Ends
    with 1 and imports nothing where one is wrong. A row is known again by its name within its delegation or
    organization, so the same file twice changes nothing. The bot must not be running: it offers the same as
    /participantes importar.
    """
    with explaining(language), using_files(language):
        code = directory.import_file(
            file,
            config,
            database,
            language,
            keep_good=keep_good,
            whole=whole,
            dry_run=dry_run,
            as_json=as_json,
        )
    sys.exit(code)


@participants.command("list")
@config_option
@database_option
@json_option
@language_option
def list_participants(config: Path, database: Path | None, as_json: bool, language: Language) -> None:
    """Show the list, and who on it has registered.

    The bot may be running. It names people: it is for organizers.
    """
    with explaining(language), using_files(language):
        directory.show_list(config, database, language, as_json=as_json)


@participants.command("unmatched")
@config_option
@database_option
@json_option
@language_option
def unmatched_participants(config: Path, database: Path | None, as_json: bool, language: Language) -> None:
    """Show who on the list has not registered, and who registered and is not on it.

    With whom on the list the latter may be. The bot may be running. It names people: it is for organizers.
    """
    with explaining(language), using_files(language):
        directory.show_unmatched(config, database, language, as_json=as_json)
