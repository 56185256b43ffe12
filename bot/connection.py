"""What it takes to be let into Discord, and why it did not come to that."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.errors import Refusal

TOKEN_VARIABLE = "DISCORD_TOKEN"
TOKEN_FILE_VARIABLE = "DISCORD_TOKEN_FILE"


class TokenUnusable(Refusal):
    """There is no token to try; the program was started the wrong way."""


class TokenMissing(TokenUnusable):
    """Neither of the two variables is set."""


@dataclass(unsafe_hash=True)
class TokenFileUnreadable(TokenUnusable):
    """The file that should hold the token cannot be read. `reason` is the system's, for the operator."""

    path: Path
    reason: str


@dataclass(unsafe_hash=True)
class TokenMalformed(TokenUnusable):
    """What `source` (a variable or a file) holds is empty or cannot be a token."""

    source: str


class TokenRefused(Refusal):
    """Discord does not know the token."""


@dataclass(unsafe_hash=True)
class DiscordUnreachable(Refusal):
    """Discord did not answer, or answered that it is out of order. `reason` is for the operator."""

    reason: str


@dataclass(unsafe_hash=True)
class DiscordRefused(Refusal):
    """Discord answered no: its HTTP status and its own code, 0 where it gave none."""

    status: int
    code: int


@dataclass(unsafe_hash=True)
class ConnectionEnded(Refusal):
    """Discord closed the gateway for good. `code` is its close code."""

    code: int


class IntentsNotEnabled(Refusal):
    """The application does not have the intents that the bot asks for."""


class TimeGone(Refusal):
    """The rehearsal whose clock was followed has ended."""


def read_token(environment: Mapping[str, str]) -> str:
    """The bot's token, without the white space around it: from DISCORD_TOKEN, else from DISCORD_TOKEN_FILE's file.

    Raises TokenMissing, TokenFileUnreadable and TokenMalformed, none of which carries anything of the token.
    """
    if (written := environment.get(TOKEN_VARIABLE)) is not None and written.strip():
        return _plausible(written, TOKEN_VARIABLE)
    if not (name := environment.get(TOKEN_FILE_VARIABLE, "").strip()):
        raise TokenMissing
    path = Path(name)
    try:
        written = path.read_text("utf-8")
    except UnicodeDecodeError:
        raise TokenMalformed(name) from None
    except OSError as error:
        raise TokenFileUnreadable(path, error.strerror or type(error).__name__) from None
    return _plausible(written, name)


def _plausible(written: str, source: str) -> str:
    """Refuse what would be no header of a request: a copied "Bot …", quotation marks, two lines, an empty file."""
    token = written.strip()
    if not token or any(not "!" <= character <= "~" or character in "\"'" for character in token):
        raise TokenMalformed(source)
    return token
