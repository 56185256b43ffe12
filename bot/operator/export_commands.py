"""`estrado export`."""

import sys
from pathlib import Path

import click

from bot.clock import SystemClock
from bot.languages import Language
from bot.operator import exporting
from bot.operator.console import explaining, using_files
from bot.operator.options import FILE, config_option, database_option, language_option


@click.group()
def export() -> None:
    """Write what is kept of the event into files for organizers."""


@export.command("questions")
@config_option
@database_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("csv", "xlsx", "json")),
    default="csv",
    show_default=True,
    help="csv and xlsx for a spreadsheet, json for a script.",
)
@click.option(
    "--out",
    type=FILE,
    help="The file; one of that name is replaced. By default beside the database, named by the time in UTC.",
)
@language_option
def export_questions(
    config: Path, database: Path | None, form: exporting.Format, out: Path | None, language: Language
) -> None:
    """Export all questions, with what became of each.

    Names the file on stdout. The bot may be running. The file names those who asked by name and holds texts that were
    not published: it is for organizers. Nothing in it leads to who asked anonymously.
    """
    with explaining(language), using_files(language):
        exporting.questions(config, database, form, out, SystemClock().now(), language)


@export.command("practices")
@config_option
@database_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("xlsx", "pdf")),
    default="pdf",
    show_default=True,
    help="pdf to be read and printed, xlsx to go on working with.",
)
@click.option(
    "--out",
    type=FILE,
    help="The file; one of that name is replaced. By default beside the database, named by the time in UTC.",
)
@language_option
def export_practices(
    config: Path, database: Path | None, form: exporting.CompendiumFormat, out: Path | None, language: Language
) -> None:
    """Export the good practices that were approved, by theme and country.

    Names the file on stdout. The bot may be running. The file has the practices in the words of those who recorded
    them, with country and institution, and names no person. Exits with 1 where none is approved yet.
    """
    with explaining(language), using_files(language):
        sys.exit(exporting.practices(config, database, form, out, SystemClock().now(), language))
