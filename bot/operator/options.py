"""The options that several commands share."""

from pathlib import Path

import click

from bot.languages import LANGUAGES
from bot.operator.console import terminal_language

FILE = click.Path(dir_okay=False, path_type=Path)

config_option = click.option(
    "--config",
    type=FILE,
    default=Path("config.toml"),
    show_default=True,
    help="The event's configuration.",
)
database_option = click.option(
    "--database", type=FILE, help="The database, in place of the one that the configuration names."
)
language_option = click.option(
    "--language",
    type=click.Choice(LANGUAGES),
    default=terminal_language,
    help="Language of what is said. By default the terminal's: es where that is Spanish, else en.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Put the result on stdout as JSON, for a script.")
overwrite_option = click.option("--overwrite", is_flag=True, help="Replace what is there already.")
