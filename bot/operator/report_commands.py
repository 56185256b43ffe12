"""`estrado report`."""

from pathlib import Path

import click

from bot.clock import SystemClock
from bot.languages import LANGUAGES, Language
from bot.operator import reporting
from bot.operator.console import explaining, terminal_language, using_files
from bot.operator.options import config_option, database_option


@click.command()
@click.argument("of", metavar="DATE|final")
@config_option
@database_option
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder for the files; those of the same names are replaced.",
)
@click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    help="Language of the files and of what is said. By default the event's languages, the first one first, and the "
    "terminal's.",
)
def report(of: str, config: Path, database: Path | None, out: Path, language: Language | None) -> None:
    """Make the files of a day, or of the whole event.

    A picture (PNG), a workbook (XLSX), the acta (PDF) and the list of people (CSV), from the database alone; the bot
    may be running. Names each file on stdout. The workbook and the list name people: they are for organizers.
    """
    said_in = language or terminal_language()
    with explaining(said_in), using_files(said_in):
        reporting.report(config, database, of, out, language, SystemClock().now(), said_in)
