"""Files that the command line leaves, each for its owner alone."""

import os
import secrets
from pathlib import Path

from bot.storage.files import make_folder, make_private_file


def write_privately(file: Path, content: bytes) -> None:
    """The file as a whole or not at all, for its owner alone; what was there under its name is replaced."""
    if file.exists() and not file.is_file():
        # A pipe or a device is written to, not replaced.
        file.write_bytes(content)
        return
    make_folder(file.absolute().parent)
    unfinished = file.with_name(f".{file.name}.{secrets.token_hex(4)}.part")
    make_private_file(unfinished)
    try:
        with unfinished.open("wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)
