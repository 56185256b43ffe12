"""`estrado import`."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from bot.config_mistakes import ConfigMistake, Mistaken
from bot.config_values import read_zone
from bot.languages import LANGUAGES, Language
from bot.operator.console import explaining, using_files
from bot.operator.options import FILE, language_option, overwrite_option
from bot.phrases.mistakes import worded


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--year", type=click.IntRange(1970, 9999), help="The year of days that are written without one.")
@click.option("--timezone", required=True, metavar="ZONE", help="The zone of the written hours, by its IANA name.")
@click.option("--out", type=FILE, help="The file to write; by default the draft goes to stdout.")
@click.option("--name", help="The event's name. By default what the programme seems to be called.")
@click.option("--room", help="The room, where a schedule has several.")
@click.option(
    "--written-in", type=click.Choice(LANGUAGES), default="es", show_default=True, help="The programme's language."
)
@overwrite_option
@language_option
def import_programme(
    file: Path,
    year: int | None,
    timezone: str,
    out: Path | None,
    name: str | None,
    room: str | None,
    written_in: Language,
    overwrite: bool,
    language: Language,
) -> None:
    """Draft a config.toml from a programme.

    The file is a schedule.json of pretalx's shape, a calendar (.ics), or plain text.

    A text has a line a day ("Martes 8 de septiembre"), ranges of hours with any dash, and what happens beside or below
    them. Days, hours, themes, kinds of block, speakers and moderators are read; what the programme leaves open, or
    seems to misprint, is marked with a comment. Names the file on stdout.
    """
    zone = _zone(timezone, language)
    with explaining(language), using_files(language):
        from bot.operator import importing  # noqa: PLC0415 -- what only this command needs loads only then

        content = file.read_bytes()
        draft = importing.read_programme(content, year=year, zone=zone, written_in=written_in, name=name, room=room)
        importing.write(draft, out, zone, language, overwrite=overwrite)


def _zone(name: str, language: Language) -> ZoneInfo:
    try:
        return read_zone(name)
    except Mistaken as mistaken:
        raise click.BadParameter(
            worded(ConfigMistake("", mistaken.kind, mistaken.data), language), param_hint="--timezone"
        ) from None
