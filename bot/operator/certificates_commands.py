"""`estrado certificates`."""

import sys
from pathlib import Path
from typing import Literal

import click

from bot.clock import SystemClock
from bot.languages import LANGUAGES, Language
from bot.operator.console import explaining, terminal_language, using_files
from bot.operator.options import config_option, database_option, language_option


@click.group(invoke_without_command=True)
@config_option
@database_option
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), help="The folder for the files. Required.")
@click.option(
    "--language",
    "wanted",
    type=click.Choice(("own", *LANGUAGES)),
    default="own",
    show_default=True,
    help="Language of the certificates; own: each in the one that the person chose.",
)
@click.pass_context
def certificates(
    context: click.Context, config: Path, database: Path | None, out: Path | None, wanted: Language | Literal["own"]
) -> None:
    """Make the certificates of attendance, once the event is over.

    One PDF for each person who meets the rule of the configuration, and constancias.pdf with all of them. Names the
    files on stdout. They bear people's names: hand each person theirs alone. A number and a code are given once, and
    stay; repeat it after corrections, and it tells whose certificate they changed or took away. The bot may be running
    unless certificates have to be entered.
    """
    if context.invoked_subcommand is not None:
        # Said before the subcommand they are meant for it.
        context.default_map = {context.invoked_subcommand: {"config": config, "database": database}}
        return
    if out is None:
        raise click.UsageError("Missing option '--out'.", context)
    from bot.operator import certificates as work  # noqa: PLC0415 -- what only documents need loads only then

    language = terminal_language()
    with explaining(language), using_files(language):
        code = work.make(config, database, out, wanted, SystemClock().now(), language)
    sys.exit(code)


@certificates.command()
@click.argument("code")
@config_option
@database_option
@language_option
def verify(code: str, config: Path, database: Path | None, language: Language) -> None:
    """Tell whose certificate has this CODE.

    Ends with 0 where it is valid; with 1 where the code is mistyped, was never given, or is of a certificate that was
    withdrawn. The bot may be running.
    """
    from bot.operator import certificates as work  # noqa: PLC0415 -- what only documents need loads only then

    with explaining(language), using_files(language):
        outcome = work.verify(config, database, code, SystemClock().now(), language)
    sys.exit(outcome)
