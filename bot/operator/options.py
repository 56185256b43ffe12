"""The options that several commands share."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.languages import LANGUAGES
from bot.operator.console import terminal_language

Callback = TypeVar("Callback", bound=Callable[..., Any])

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


def port_option(*, required: bool = False) -> Callable[[Callback], Callback]:
    """Where on this machine the bot tells how it is doing."""
    told = "" if required else " By default nowhere."
    return click.option(
        "--http-port",
        type=click.IntRange(1, 65535),
        envvar="ESTRADO_HTTP_PORT",
        required=required,
        help="The port of 127.0.0.1, and of no other address, at which the bot tells how it is doing: /health for a "
        f"supervisor, /metrics for Prometheus.{told}",
    )
