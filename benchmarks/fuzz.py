"""Surprising input, tried for long: `python -m benchmarks.fuzz --examples 1000` tries so many new examples of each test
of tests/fuzz, and prints what failed with the example that shows it. Exit code 1 where something did."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from tests.fuzz.fuzzed import VARIABLE

_ROOT = Path(__file__).parent.parent


def command(examples: int, only: str | None) -> tuple[list[str], dict[str, str]]:
    """What is run, and in which environment."""
    words = [sys.executable, "-m", "pytest", "tests/fuzz", "-q", "--show-capture=no", "--durations=10", "--timeout=0"]
    return [*words, *(["-k", only] if only else [])], {**os.environ, VARIABLE: str(examples)}


def main() -> int:
    """Run what the command line asks for."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=1000, help="how many of each test (1000)")
    arguments.add_argument("--only", metavar="WORDS", help="only tests of that name, as pytest's -k takes it")
    options = arguments.parse_args()
    words, environment = command(max(1, options.examples), options.only)
    return subprocess.run(words, cwd=_ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
