"""The command line, called in this process."""

from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import main


def estrado(*arguments: str | Path, **environment: str | None) -> Result:
    """What the command did, without this machine's language or token."""
    nothing = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG", "DISCORD_TOKEN", "DISCORD_TOKEN_FILE"))
    return CliRunner().invoke(main, [str(argument) for argument in arguments], env={**nothing, **environment})
