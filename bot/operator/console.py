"""How the command line speaks: what a script may read to stdout, sentences to stderr, in the operator's language."""

import contextlib
import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping

import click

from bot.config_mistakes import ConfigMistakes
from bot.connection import TokenUnusable
from bot.errors import Refusal
from bot.languages import Language
from bot.phrases.mistakes import worded
from bot.phrases.operator import file_trouble, told

#: Done; refused, or something falls short; wrong use, wrong configuration or no token.
DONE, FALLS_SHORT, WRONG_USE = 0, 1, 2


def terminal_language(environment: Mapping[str, str] = os.environ) -> Language:
    """Spanish where the terminal's messages are in Spanish, else English."""
    chosen = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return "es" if next(filter(None, chosen), "").lower().startswith("es") else "en"


def say(sentence: str) -> None:
    """A sentence for who sits at the terminal."""
    click.echo(sentence, err=True)


def put(line: str) -> None:
    """A line of what was asked for."""
    click.echo(line)


def put_json(value: object) -> None:
    """What was asked for, for a script."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


@contextlib.contextmanager
def explaining(language: Language, tell: Callable[[str], None] = say) -> Iterator[None]:
    """Whatever is refused in the block is said in one sentence each, without a traceback, and ends the process."""
    try:
        yield
    except ConfigMistakes as error:
        for mistake in error.mistakes:
            tell(worded(mistake, language))
        sys.exit(WRONG_USE)
    except Refusal as refusal:
        tell(told(refusal, language))
        sys.exit(WRONG_USE if isinstance(refusal, TokenUnusable) else FALLS_SHORT)


@contextlib.contextmanager
def using_files(language: Language) -> Iterator[None]:
    """Where a file or folder cannot be used in the block, say which and why, and end the process."""
    try:
        yield
    except OSError as error:
        say(file_trouble(str(error.filename or "?"), error.strerror or type(error).__name__, language))
        sys.exit(FALLS_SHORT)
