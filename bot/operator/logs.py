"""The log: one line a unit of work, on stderr, without secrets at any level."""

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from enum import StrEnum
from typing import Any

from bot.clock import SystemClock
from bot.operator.console import say

LEVELS = ("debug", "info", "warning", "error")


class Form(StrEnum):
    """How a line is written: for people, or for programs as one JSON object."""

    TEXT = "text"
    JSON = "json"


_HIDDEN = "[redacted]"

#: An interaction's token stands in the addresses of its answers, and in what Discord sends, read or as it came.
_INTERACTION_TOKENS = (
    re.compile(r"(/(?:interactions|webhooks)/\d+/)[^/\s?\"'>)]+"),
    re.compile(r"""((?:["'])token(?:["'])\s*:\s*(?:["']))[^"']*"""),
    re.compile(r"()\baW50ZXJhY3Rpb246[\w+/=-]+"),
)

#: The kind of what Discord sent, which a line may keep.
_KIND = re.compile(r"""['"]t['"]: ['"]([A-Z_]+)['"]""")


#: A line of ours: what happened, and its values.
_EVENT = re.compile(r"(?P<event>[a-z_]+(?:\.[a-z_]+)*)(?P<values>(?: \w+=[^\s=]+)*)")


def configure(level: str, secret: str, form: Form = Form.TEXT) -> None:
    """Write the log of this process to stderr from `level` up; `secret`, the bot's token, is never in it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines(secret) if form is Form.JSON else Redacted(secret))
    root = logging.getLogger()
    for other in tuple(root.handlers):
        root.removeHandler(other)
    root.addHandler(handler)
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    # The wakes of the scheduler tell nothing that the notices do not tell.
    logging.getLogger("apscheduler").setLevel(logging.DEBUG if level == "debug" else logging.WARNING)
    logging.getLogger("discord.client").addFilter(_is_not_about_speaking)


class Redacted(logging.Formatter):
    """One line a record, tracebacks excepted, in UTC, from which the bot's and interactions' tokens are taken out.

    Of what discord.py tells about each request and each event only which it was is left: the rest is people's names
    and what they write.
    """

    @staticmethod
    def converter(seconds: float | None = None) -> time.struct_time:
        return time.gmtime(seconds)

    def __init__(self, secret: str) -> None:
        super().__init__("%(asctime)s.%(msecs)03dZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")
        self._secret = secret

    def without_secrets(self, text: str) -> str:
        """The text with every token taken out."""
        if self._secret:
            text = text.replace(self._secret, _HIDDEN)
        for pattern in _INTERACTION_TOKENS:
            text = pattern.sub(rf"\1{_HIDDEN}", text)
        return text

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's own name
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        return _without_payload(line) if _is_payload(record) else line

    def format(self, record: logging.LogRecord) -> str:
        # After all is put together, so that tracebacks and their causes are covered too.
        return self.without_secrets(super().format(record))


class JsonLines(Redacted):
    """The same as JSON objects, one a line: time, level, logger, message; of our own lines `event` and `values` too;
    `exception` where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        if _is_payload(record):
            message = _without_payload(message)
        line: dict[str, Any] = {
            "time": f"{self.formatTime(record, self.datefmt)}.{int(record.msecs):03}Z",
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.without_secrets(message),
        }
        if record.name.partition(".")[0] in ("bot", "cogs") and (ours := _EVENT.fullmatch(line["message"])):
            line["event"] = ours["event"]
            line["values"] = dict(value.split("=", 1) for value in ours["values"].split())
        if record.exc_info:
            # Before it is written as JSON, whose signs of escape would hide a token from those who look for one.
            line["exception"] = self.without_secrets(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def speaker(form: Form) -> Callable[[str], None]:
    """Says sentences on stderr so that they go with the log's lines."""
    if form is Form.TEXT:
        return say

    def speak(sentence: str) -> None:
        now = SystemClock().now()
        say(said(sentence, form, f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03}Z"))

    return speak


def said(sentence: str, form: Form, at: str | None = None) -> str:
    """A sentence as a line of the log, without its time where that is not known beforehand."""
    if form is Form.TEXT:
        return sentence
    time_of_it = {} if at is None else {"time": at}
    return json.dumps(
        {**time_of_it, "level": "info", "logger": "estrado", "message": sentence},
        ensure_ascii=False,
    )


def _is_payload(record: logging.LogRecord) -> bool:
    return record.levelno <= logging.DEBUG and record.name.partition(".")[0] == "discord"


def _without_payload(line: str) -> str:
    begin, end = line.find("{"), line.rfind("}")
    if begin < 0:
        return line
    kind = _KIND.search(line)
    return f"{line[:begin]}{kind[1] if kind else ''} {_HIDDEN}{line[end + 1 :]}"


def _is_not_about_speaking(record: logging.LogRecord) -> bool:
    """discord.py warns of what is missing for a bot that speaks, which this one never does."""
    return "voice will NOT be supported" not in str(record.msg)
