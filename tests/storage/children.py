"""Other processes that share a database with a test."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

_HOLDER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
for line in sys.stdin:
    connection.execute("BEGIN IMMEDIATE" if line == "hold\\n" else "ROLLBACK")
    print("done", flush=True)
"""


#: A shell that runs the tests in the background has its children ignore Ctrl+C; a process of its own does not.
_HEEDING_CTRL_C = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


def start(program: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that runs `program` with this repository at hand."""
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", _HEEDING_CTRL_C + program, *arguments],
        cwd=ROOT,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(program: str, *arguments: str, seconds: float = 10) -> subprocess.CompletedProcess[str]:
    """Such a process, awaited. Raises subprocess.TimeoutExpired, the process killed, where it does not end."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", _HEEDING_CTRL_C + program, *arguments],
        cwd=ROOT,
        text=True,
        capture_output=True,
        timeout=seconds,
        check=False,
    )


class Holder:
    """Another process that takes the write lock of a database and gives it back."""

    def __init__(self, path: Path) -> None:
        self._process = start(_HOLDER, str(path))

    def hold(self) -> None:
        self._say("hold")

    def release(self) -> None:
        self._say("release")

    def close(self) -> None:
        self._process.communicate(timeout=10)

    def _say(self, word: str) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(word + "\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "done\n"
