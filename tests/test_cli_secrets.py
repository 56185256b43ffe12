"""The token and the log: what is taken in, and what never comes out."""

import logging
import re
import sys
from pathlib import Path

import pytest

from bot.connection import TokenFileUnreadable, TokenMalformed, TokenMissing, read_token
from bot.operator.logs import Redacted
from tests.command_line import estrado
from tests.factories import CONFIG_FILE


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    """The real workshop, in a folder of the test's own."""
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    return file


def test_run_without_a_token_is_wrong_use(config_file: Path, tmp_path: Path) -> None:
    result = estrado("run", "--config", config_file)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1
    assert not (tmp_path / "data").exists()


def test_the_token_loses_the_white_space_around_it(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("  abc.def-ghi_jkl \r\n")
    assert read_token({"DISCORD_TOKEN": "\tabc.def-ghi_jkl\n"}) == "abc.def-ghi_jkl"
    assert read_token({"DISCORD_TOKEN_FILE": str(file)}) == "abc.def-ghi_jkl"
    assert read_token({"DISCORD_TOKEN": " ", "DISCORD_TOKEN_FILE": str(file)}) == "abc.def-ghi_jkl"
    assert read_token({"DISCORD_TOKEN": "first", "DISCORD_TOKEN_FILE": str(file)}) == "first"


@pytest.mark.parametrize("written", ["Bot abc.def", '"abc.def"', "abc\ndef", "contraseña", "abc\x00def"])
def test_what_cannot_be_a_token_is_not_tried_and_not_repeated(written: str, config_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(written)
    with pytest.raises(TokenMalformed) as refusal:
        read_token({"DISCORD_TOKEN": written})
    assert written not in repr(refusal.value)
    result = estrado("run", "--config", config_file, DISCORD_TOKEN_FILE=str(file))
    assert result.exit_code == 2
    assert written not in result.output


def test_a_token_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TokenMissing):
        read_token({})
    with pytest.raises(TokenFileUnreadable):
        read_token({"DISCORD_TOKEN_FILE": str(tmp_path / "nowhere")})
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(TokenMalformed):
        read_token({"DISCORD_TOKEN_FILE": str(tmp_path / "empty")})


# The log

SECRET = "made-up-token-of-a-test"
INTERACTION = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5OmFiY2RlZg"


@pytest.mark.trial("P2")
@pytest.mark.parametrize(
    "message",
    [
        f"Authorization: Bot {SECRET}",
        f"POST https://discord.com/api/v10/interactions/123/{INTERACTION}/callback with x has returned 200",
        "PATCH http://127.0.0.1:1/api/v10/webhooks/5/unlike-any-other/messages/@original has received {}",
        "WebSocket Event: {'t': 'INTERACTION_CREATE', 'd': {'token': 'unlike-any-other', 'id': '1'}}",
        'sent {"token":"unlike-any-other","intents":1}',
        f"something quite else, {INTERACTION}",
    ],
)
def test_no_token_reaches_the_log_by_message_argument_or_traceback(message: str) -> None:
    formatter = Redacted(SECRET)
    record = logging.LogRecord("discord.http", logging.DEBUG, __file__, 1, "%s", (message,), None)
    try:
        try:
            raise ValueError(message)
        except ValueError as cause:
            raise OSError("no answer") from cause
    except OSError:
        failed = logging.LogRecord("bot", logging.ERROR, __file__, 1, "failed", (), sys.exc_info())
    for line in (formatter.format(record), formatter.format(failed)):
        assert SECRET not in line
        assert INTERACTION not in line
        assert "unlike-any-other" not in line
        assert "[redacted]" in line


def test_a_record_is_one_line() -> None:
    record = logging.LogRecord("bot", logging.INFO, __file__, 1, "one\ntwo\r%s", ("three\n",), None)
    line = Redacted("").format(record)
    assert line.endswith(r"INFO bot one\ntwo\rthree\n")
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ", line)
