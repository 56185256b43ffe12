"""The command line, called in this process."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from click.testing import CliRunner, Result

from bot.cli import main


def estrado(*arguments: str | Path, **environment: str | None) -> Result:
    """What the command did, without this machine's language or token."""
    nothing = dict.fromkeys(("LC_ALL", "LC_MESSAGES", "LANG", "DISCORD_TOKEN", "DISCORD_TOKEN_FILE"))
    with _logging_kept():
        return CliRunner().invoke(main, [str(argument) for argument in arguments], env={**nothing, **environment})


@contextmanager
def _logging_kept() -> Iterator[None]:
    """A command sets up the log of its process, which is that of all tests here."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        logging.captureWarnings(False)
