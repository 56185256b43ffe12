"""The operator's command line. Composes: what each command does is in bot/operator, and Discord is in cogs."""

import asyncio
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
from bot.operator.console import explaining, put, using_files
from bot.operator.loading import LoadedWhenAsked, unswept
from bot.operator.logs import LEVELS, Form, configure, said, speaker
from bot.operator.options import (
    FILE,
    config_option,
    database_option,
    json_option,
    language_option,
    port_option,
)
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
@click.option(
    "--log-format",
    type=click.Choice([form.value for form in Form]),
    default=Form.TEXT.value,
    show_default=True,
    envvar="ESTRADO_LOG_FORMAT",
    help="json: each line is a JSON object, for a program that collects them.",
)
@port_option()
@language_option
@endpoint_option
@click.option("--follow-clock", metavar="URL", envvar="ESTRADO_CLOCK", hidden=True, help="A rehearsal's clock.")
def run(
    config: Path,
    database: Path | None,
    new_database: bool,
    log_level: str,
    log_format: str,
    http_port: int | None,
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
    form = Form(log_format)
    tell = speaker(form)
    with explaining(language, tell):
        loaded = load(config)
        token = read_token(os.environ)
    configure(log_level, token, form)
    # Before anything that takes time, so that no signal ends the process the rough way.
    stopping = Stopping(Words.in_language(language, lambda sentence: said(sentence, form)))
    with unswept():
        from bot.operator.rereading import ignore_hang_ups  # noqa: PLC0415 -- what only a running bot needs loads only then
        from bot.operator.running import Run  # noqa: PLC0415 -- what only a running bot needs loads only then
        from bot.operator.timekeeping import timekeeping  # noqa: PLC0415 -- what only a running bot needs loads only then
        from cogs.app import running  # noqa: PLC0415 -- discord loads only where it is needed
        from cogs.inspection import explained  # noqa: PLC0415 -- discord loads only where it is needed

    ignore_hang_ups()
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
            on_no_server=lambda: tell(not_in_server(str(loaded.discord.guild), language)),
        ),
        explain=explained,
        timekeeping=timekeeping(follow_clock),
        stopping=stopping,
        reread=lambda: load(config),
        say=tell,
        http_port=http_port,
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
    from bot.operator import checking  # noqa: PLC0415 -- what one command needs loads only for it

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
@click.option("--dry-run", is_flag=True, help="Only tell what would be made; changes nothing.")
@click.option(
    "--invite-link",
    is_flag=True,
    help="Only put the link that lets the bot into a server, with the least permissions that it runs with.",
)
@click.option("--for-setup", is_flag=True, help="With --invite-link: with those that this command needs as well.")
@language_option
@endpoint_option
def setup(
    config: Path,
    dry_run: bool,
    invite_link: bool,
    for_setup: bool,
    language: Language,
    endpoint: tuple[str, str] | None,
) -> None:
    """Make the roles and channels that the configuration names.

    With the permissions that each needs, and only what is not there yet: roles, the category, text channels, the Stage
    and voice channels. Puts the plan on stdout first. What others made and allowed stays, but @everyone no longer reads
    the channels of moderators and organizers, nor writes in the bot's unless that was allowed there. Writes ids.toml
    beside the configuration. Repeated, or ended in between, it goes on with what is still lacking; ends with 1 where
    something is. Needs the token.
    """
    if for_setup and not invite_link:
        raise click.UsageError("--for-setup goes with --invite-link")
    from bot.operator.setting_up import set_up  # noqa: PLC0415 -- discord loads only where it is needed
    from cogs.furnishing import furnish, invitation  # noqa: PLC0415 -- discord loads only where it is needed

    with explaining(language), using_files(language):
        loaded = load(config)
        token = read_token(os.environ)
        configure("error", token)
        stand_in = _endpoint(endpoint)
        if invite_link:
            put(asyncio.run(invitation(loaded, token, for_setup=for_setup, endpoint=stand_in)))
            return
        code = set_up(
            loaded,
            config.parent,
            lambda config, planned: furnish(config, token, dry_run=dry_run, planned=planned, endpoint=stand_in),
            language,
            dry_run=dry_run,
        )
    sys.exit(code)


@main.group(invoke_without_command=True)
@config_option
@click.option("--json", "as_json", is_flag=True, help="Put it on stdout as a schedule.json of pretalx's shape.")
@click.option("--ics", type=FILE, help="Write it as a calendar, an entry a session; - for stdout.")
@language_option
@click.pass_context
def agenda(context: click.Context, config: Path, as_json: bool, ics: Path | None, language: Language) -> None:
    """Show the programme, or write it for other programs.

    The table has the hours as people will see them, and in UTC. Where the bot has run, what was changed since is in it.
    """
    if context.invoked_subcommand is not None:
        return
    from bot.operator import programme  # noqa: PLC0415 -- what one command needs loads only for it

    with explaining(language), using_files(language):
        loaded = load(config)
        now = SystemClock().now()
        event, sequences = programme.as_it_is(loaded, now)
        if ics is not None:
            programme.write_calendar(loaded, event, sequences, ics, now, language)
        elif as_json:
            programme.show_json(loaded, event, language)
        else:
            programme.show(event, language)


@agenda.command("reload")
@config_option
@database_option
@language_option
def reload_agenda(config: Path, database: Path | None, language: Language) -> None:
    """Have the running bot read the programme anew.

    What config.toml says of blocks that have not begun holds at once, and everybody is told what is different; a file
    that has mistakes, or denies what is past, changes nothing. The same as SIGHUP. Run it where the bot runs.
    """
    from bot.operator.rereading import reload  # noqa: PLC0415 -- the database loads only where it is needed

    with explaining(language), using_files(language):
        sys.exit(reload(config, database, language))


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
    "--incidents",
    is_flag=True,
    help="Let things go wrong: a broken connection and a restart on day 1, a delay of 10 minutes and a broken "
    "connection on day 2, a cancelled block and a restart on day 3, a deleted live message and a missing permission on "
    "day 4. transcript.md tells of each in a line.",
)
@click.option(
    "--faults",
    is_flag=True,
    help="Let Discord fail, connections break and the bot be restarted on every day: which of it, and when, comes from "
    "the seed. transcript.md tells of each in a line. Not with --incidents.",
)
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
    config: Path,
    attendees: int,
    seed: int,
    speed: float | None,
    days: str | None,
    incidents: bool,
    faults: bool,
    out: Path,
    language: Language,
) -> None:
    """Rehearse the whole event (ensayo general).

    Plays every day against a Discord on this machine, with made-up people and in a time that leaps. Ends with 1 if a
    cue was missed or doubled, a question lost, or a minute counted twice differs; the last line on stderr is then the
    command that repeats it.
    """
    from bot.operator import rehearsing  # noqa: PLC0415 -- what only a rehearsal needs loads only then
    from cogs.app import running  # noqa: PLC0415 -- discord loads only where it is needed
    from cogs.endpoint import Endpoint  # noqa: PLC0415 -- discord loads only where it is needed

    with explaining(language), using_files(language):
        rehearsing.only_one(incidents, faults, language)
        loaded = load(config)
        first, last = rehearsing.days_in(days, len(loaded.event.sessions), language)
        options = rehearsing.Options(out, attendees, seed, speed, first, last, incidents, language, faults)
        code = rehearsing.run(
            loaded,
            options,
            lambda services, token, rest, gateway, http_trace: running(
                services, token, endpoint=Endpoint(rest, gateway), http_trace=http_trace
            ),
            language,
            rehearsing.repeating(config, options),
        )
    sys.exit(code)


main.commands = LoadedWhenAsked(
    {
        **main.commands,
        "import": "bot.operator.import_command:import_programme",
        "participants": "bot.operator.participants_commands:participants",
        "certificates": "bot.operator.certificates_commands:certificates",
        "export": "bot.operator.export_commands:export",
        "report": "bot.operator.report_commands:report",
        "db": "bot.operator.database_commands:db",
        "health": "bot.operator.health_command:health",
    }
)


def _addresses_in(environment: Mapping[str, str]) -> tuple[str, str] | None:
    rest, gateway = environment.get("ESTRADO_REST"), environment.get("ESTRADO_GATEWAY")
    return (rest, gateway) if rest and gateway else None


def _endpoint(addresses: tuple[str, str] | None) -> "Endpoint | None":
    if addresses is None:
        return None
    from cogs.endpoint import Endpoint  # noqa: PLC0415 -- discord loads only where it is needed

    return Endpoint(*addresses)
