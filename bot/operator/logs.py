"""The log: one line a unit of work, on stderr, without secrets at any level."""

import logging
import re
import sys
import time

LEVELS = ("debug", "info", "warning", "error")

_HIDDEN = "[redacted]"

#: An interaction's token stands in the addresses of its answers, and in what Discord sends, read or as it came.
_INTERACTION_TOKENS = (
    re.compile(r"(/(?:interactions|webhooks)/\d+/)[^/\s?\"'>)]+"),
    re.compile(r"""((?:["'])token(?:["'])\s*:\s*(?:["']))[^"']*"""),
    re.compile(r"()\baW50ZXJhY3Rpb246[\w+/=-]+"),
)

#: The kind of what Discord sent, which a line may keep.
_KIND = re.compile(r"""['"]t['"]: ['"]([A-Z_]+)['"]""")


def configure(level: str, secret: str) -> None:
    """Write the log of this process to stderr from `level` up; `secret`, the bot's token, is never in it."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Redacted(secret))
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

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- logging's own name
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        is_payload = record.levelno <= logging.DEBUG and record.name.partition(".")[0] == "discord"
        return _without_payload(line) if is_payload else line

    def format(self, record: logging.LogRecord) -> str:
        # After all is put together, so that tracebacks and their causes are covered too.
        line = super().format(record)
        if self._secret:
            line = line.replace(self._secret, _HIDDEN)
        for pattern in _INTERACTION_TOKENS:
            line = pattern.sub(rf"\1{_HIDDEN}", line)
        return line


def _without_payload(line: str) -> str:
    begin, end = line.find("{"), line.rfind("}")
    if begin < 0:
        return line
    kind = _KIND.search(line)
    return f"{line[:begin]}{kind[1] if kind else ''} {_HIDDEN}{line[end + 1 :]}"


def _is_not_about_speaking(record: logging.LogRecord) -> bool:
    """discord.py warns of what is missing for a bot that speaks, which this one never does."""
    return "voice will NOT be supported" not in str(record.msg)
