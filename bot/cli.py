"""The operator's command line. Composes: what each command does is in bot/operator, and Discord is in cogs."""

import io
import os
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.clock import SystemClock
from bot.config import load
from bot.connection import read_token
from bot.languages import Language
from bot.operator import checking, programme
from bot.operator.certificates_commands import certificates
from bot.operator.console import explaining, say, using_files
from bot.operator.database_commands import db
from bot.operator.export_commands import export
from bot.operator.logs import LEVELS, configure
from bot.operator.options import config_option, database_option, json_option, language_option
from bot.operator.participants_commands import participants
from bot.operator.report_commands import report
from bot.operator.stopping import Stopping, Words
from bot.phrases.connection import not_in_server

if TYPE_CHECKING:
    from cogs.endpoint import Endpoint

endpoint_option = click.option(
    "--endpoint",
    nargs=2,
    metavar="REST GATEWAY",
    default=lambda: _addresses_in(os.environ),
    hidden=True,
    help="A stand-in for Discord, by its two addresses.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="estrado", message="%(prog)s %(version)s")
def main() -> None:
    """Estrado, the dais of a virtual event: it announces, moderates and records on a Discord server.

    Results go to stdout, sentences and the log to stderr. Exit codes: 0 done; 1 refused, or something falls short;
    2 wrong use, wrong configuration or no token.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that knows no "ñ" shows a question mark instead of ending the command.
        sys.stdout.reconfigure(errors="replace")


@main.command()
@config_option
@database_option
@click.option(
    "--new-database",
    is_flag=True,
    help="Begin with an empty database although the event has begun. Without it a missing one is refused then.",
)
@click.option(
    "--log-level",
    type=click.Choice(LEVELS, case_sensitive=False),
    default="info",
    show_default=True,
    help="How much to log. debug has names and questions in it, and never a token.",
)
@language_option
@endpoint_option
@click.option("--follow-clock", metavar="URL", envvar="ESTRADO_CLOCK", hidden=True, help="A rehearsal's clock.")
def run(
    config: Path,
    database: Path | None,
    new_database: bool,
    log_level: str,
    language: Language,
    endpoint: tuple[str, str] | None,
    follow_clock: str | None,
) -> None:
    """Run the bot until the event is over.

    The token comes from the variable DISCORD_TOKEN, or from the file that DISCORD_TOKEN_FILE names. Makes the database
    and the anonymity key where there are none yet. Ends with 0 once every session is past and its summary is sent, as
    many days later as certificates.available_days says; or within ten seconds of Ctrl+C or SIGTERM; a second Ctrl+C
    ends it at once. Either way nothing that was saved is lost.
    Ends with 1 when twelve hours after the event something still could not be posted; started again, it tries again.
    """
    with explaining(language):
        loaded = load(config)
        token = read_token(os.environ)
    configure(log_level, token)
    # Before anything that takes time, so that no signal ends the process the rough way.
    stopping = Stopping(Words.in_language(language))
    from bot.operator.running import Run  # noqa: PLC0415 -- what only a running bot needs loads only then
    from bot.operator.timekeeping import timekeeping  # noqa: PLC0415 -- what only a running bot needs loads only then
    from cogs.app import running  # noqa: PLC0415 -- discord loads only where it is needed
    from cogs.inspection import explained  # noqa: PLC0415 -- discord loads only where it is needed

    stand_in = _endpoint(endpoint)
    start = Run(
        config=loaded,
        database=database,
        token=token,
        new_database=new_database,
        language=language,
        launch=lambda services, token, trace: running(
            services,
            token,
            endpoint=stand_in,
            http_trace=trace,
            on_no_server=lambda: say(not_in_server(str(loaded.discord.guild), language)),
        ),
        explain=explained,
        timekeeping=timekeeping(follow_clock),
        stopping=stopping,
    )
    sys.exit(start())


@main.command()
@config_option
@click.option(
    "--online",
    is_flag=True,
    help="Log in as well, and name every channel, role and permission that the server lacks. Needs the token; "
    "changes nothing.",
)
@json_option
@language_option
@endpoint_option
def check(config: Path, online: bool, as_json: bool, language: Language, endpoint: tuple[str, str] | None) -> None:
    """Tell all that is wrong with the configuration.

    Every mistake is told at once, with its line and its key; dates that are past are worth a warning.
    """
    checked = checking.check_config(config, SystemClock().now(), language)
    if online and checked.config is not None:
        from cogs.inspection import inspect  # noqa: PLC0415 -- discord loads only where it is needed

        with explaining(language):
            token = read_token(os.environ)
            configure("error", token)
            look = partial(inspect, token=token, endpoint=_endpoint(endpoint))
            checked = checking.check_server(checked, look)
    (checking.show_json if as_json else checking.show)(checked, language)
    sys.exit(checked.exit_code)


@main.command()
@config_option
@json_option
@language_option
def agenda(config: Path, as_json: bool, language: Language) -> None:
    """Show the programme as people will see it, and in UTC."""
    with explaining(language):
        event = load(config).agenda
    if as_json:
        programme.show_json(event)
    else:
        programme.show(event, language)


@main.command()
@config_option
@click.option("--attendees", type=click.IntRange(1, 5000), default=100, show_default=True, help="How many people come.")
@click.option("--seed", type=int, default=7, show_default=True, help="The same seed gives the same event.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help="Seconds of the event a second, for watching. By default as fast as it goes.",
)
@click.option("--days", metavar="DAY[-DAY]", help="Only these days, counted from 1: 2 or 2-3. By default all.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("ensayo"),
    show_default=True,
    help="The folder for estrado.db, transcript.md, result.json, the summaries and the reports; an earlier one's are "
    "replaced.",
)
@language_option
def rehearse(
    config: Path, attendees: int, seed: int, speed: float | None, days: str | None, out: Path, language: Language
) -> None:
    """Rehearse the whole event (ensayo general).

    Plays every day against a Discord on this machine, with made-up people and in a time that leaps. Ends with 1 if a
    cue was missed or doubled, a question lost, or a minute counted twice differs.
    """
    from bot.operator import rehearsing  # noqa: PLC0415 -- what only a rehearsal needs loads only then
    from cogs.app import running  # noqa: PLC0415 -- discord loads only where it is needed
    from cogs.endpoint import Endpoint  # noqa: PLC0415 -- discord loads only where it is needed

    with explaining(language), using_files(language):
        loaded = load(config)
        first, last = rehearsing.days_in(days, len(loaded.event.sessions), language)
        options = rehearsing.Options(out, attendees, seed, speed, first, last)
        code = rehearsing.run(
            loaded,
            options,
            lambda services, token, rest, gateway, http_trace: running(
                services, token, endpoint=Endpoint(rest, gateway), http_trace=http_trace
            ),
            language,
        )
    sys.exit(code)


main.add_command(participants)
main.add_command(certificates)
main.add_command(export)
main.add_command(report)
main.add_command(db)


def _addresses_in(environment: Mapping[str, str]) -> tuple[str, str] | None:
    rest, gateway = environment.get("ESTRADO_REST"), environment.get("ESTRADO_GATEWAY")
    return (rest, gateway) if rest and gateway else None


def _endpoint(addresses: tuple[str, str] | None) -> "Endpoint | None":
    if addresses is None:
        return None
    from cogs.endpoint import Endpoint  # noqa: PLC0415 -- discord loads only where it is needed

    return Endpoint(*addresses)
