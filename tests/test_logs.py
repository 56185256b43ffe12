"""The log for programs: a JSON object a line, with nothing in it that the log for people would not have."""

import json
import logging
import sys
from typing import Any

import pytest

from bot.operator.logs import Form, JsonLines, said, speaker
from tests.command_line import estrado
from tests.factories import CONFIG_FILE

TOKEN = "made-up.token.of-the-bot"


def line(message: str, *values: object, name: str = "bot.queue", level: int = logging.INFO, **more: Any) -> Any:
    record = logging.LogRecord(name, level, "queue.py", 1, message, values, more.get("exc_info"))
    record.created, record.msecs = 1599577200.25, 250.0
    written = JsonLines(TOKEN).format(record)
    assert "\n" not in written
    return json.loads(written)


def test_line_of_ours_has_its_event_and_values() -> None:
    assert line("question.asked number=%d session=%s", 7, "2020-09-08") == {
        "time": "2020-09-08T15:00:00.250Z",
        "level": "info",
        "logger": "bot.queue",
        "message": "question.asked number=7 session=2020-09-08",
        "event": "question.asked",
        "values": {"number": "7", "session": "2020-09-08"},
    }


@pytest.mark.parametrize(
    ("name", "message"), [("discord.gateway", "shard.id id=1"), ("bot.cli", "Any sentence, in words.")]
)
def test_line_of_others_or_in_words_is_only_a_message(name: str, message: str) -> None:
    assert set(line(message, name=name)) == {"time", "level", "logger", "message"}


def test_lines_and_quotes_in_a_message_stay_one_line() -> None:
    assert line('he said "no"\nand left', name="other")["message"] == 'he said "no"\nand left'


def test_exception_goes_with_its_line() -> None:
    try:
        raise ValueError(f"no good: {TOKEN}")
    except ValueError:
        written = line("failed reference=%s", "ab12", exc_info=sys.exc_info())
    assert written["event"] == "failed"
    assert written["exception"].startswith("Traceback (most recent call last):")
    assert written["exception"].endswith("ValueError: no good: [redacted]")


@pytest.mark.trial("P2")
@pytest.mark.parametrize(
    "secret",
    [
        f"Authorization: Bot {TOKEN}",
        '{"id": "1", "token": "aW50ZXJhY3Rpb246abc"}',
        "POST /interactions/12/aW50ZXJhY3Rpb246abc/callback",
        "PATCH https://discord.com/api/v10/webhooks/12/very.secret/messages/@original",
        "{'token': 'very.secret'}",
    ],
)
def test_no_token_is_in_it(secret: str) -> None:
    for message in (line("%s", secret, name="aiohttp"), line("request.failed what=%s", secret)):
        written = json.dumps(message)
        assert "[redacted]" in written
        for part in (TOKEN, "aW50ZXJhY3Rpb246abc", "very.secret"):
            assert part not in written


@pytest.mark.trial("P2")
def test_what_discord_sends_is_left_out() -> None:
    payload = {"t": "INTERACTION_CREATE", "d": {"member": {"nick": "Ana Reservada"}}}
    written = line("For Shard ID None: WebSocket Event: %s", payload, name="discord.gateway", level=logging.DEBUG)
    assert written["message"] == "For Shard ID None: WebSocket Event: INTERACTION_CREATE [redacted]"


@pytest.mark.parametrize("wrong", [{}, {"DISCORD_TOKEN": "Bot x y"}])
def test_what_keeps_the_bot_from_starting_goes_with_the_lines(wrong: dict[str, str]) -> None:
    result = estrado("run", "--config", CONFIG_FILE, "--log-format", "json", **wrong)
    assert result.exit_code == 2
    (spoken,) = (json.loads(line) for line in result.stderr.splitlines())
    assert spoken["logger"] == "estrado"
    assert "token" in spoken["message"]


def test_sentences_go_with_the_lines(capsys: pytest.CaptureFixture[str]) -> None:
    speaker(Form.JSON)("Estrado está en marcha.")
    speaker(Form.TEXT)("Estrado está en marcha.")
    first, second = capsys.readouterr().err.splitlines()
    spoken = json.loads(first)
    assert spoken.pop("time").endswith("Z")
    assert spoken == json.loads(said("Estrado está en marcha.", Form.JSON))
    assert spoken["message"] == second == "Estrado está en marcha."
