"""ids.toml, beside config.toml: which id each name of the server's places and roles had when `estrado setup` ran.

An id counts only for the name that it was written for, so that another name in config.toml means another place.
"""

import contextlib
import json
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.config_mistakes import ConfigMistake, ConfigMistakes

FILE = "ids.toml"

Reference = int | str


@dataclass(frozen=True, slots=True)
class PlaceId:
    """A place or role: its key in config.toml, what stands there, and its id."""

    setting: str
    reference: Reference
    id: int


def memory_key(setting: str, reference: Reference) -> str:
    """Under which the id of a place is remembered; another name in config.toml means another place."""
    return f"venue/{setting}={reference}"


def as_discord_writes(name: str) -> str:
    """What Discord makes of the name that somebody gives a text channel."""
    return "-".join(name.lower().split())


def read(folder: Path) -> Mapping[str, int]:
    """The ids in the folder's ids.toml, by `memory_key`; none where there is no such file. Raises ConfigMistakes."""
    file = folder / FILE
    try:
        written = tomllib.loads(file.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _mistake(file, error.strerror or type(error).__name__) from None
    except ValueError as error:
        raise _mistake(file, str(error)) from None
    ids = {}
    for setting, value in written.items():
        match value:
            case {"name": str() | int() as reference, "id": int() as id_} if id_ > 0:
                ids[memory_key(setting, reference)] = id_
            case _:
                raise _mistake(file, setting)
    return ids


def write(folder: Path, ids: Mapping[str, PlaceId]) -> Path:
    """Write these, and no others, into the folder's ids.toml; whole whenever it is interrupted."""
    file = folder / FILE
    lines = [
        "# Made by `estrado setup`, anew each time. It keeps the names of config.toml to what they meant then,",
        "# whatever it is called in Discord by now. Without this file each is found by its name.",
        "",
        *(
            f"{_text(each.setting)} = {{ name = {_text(each.reference)}, id = {each.id} }}"
            for _, each in sorted(ids.items())
        ),
    ]
    unfinished = file.with_name(f".{FILE}.new")
    try:
        with unfinished.open("w", encoding="utf-8") as text:
            text.write("\n".join(lines) + "\n")
            text.flush()
            os.fsync(text.fileno())
        unfinished.replace(file)
    finally:
        with contextlib.suppress(FileNotFoundError):
            unfinished.unlink()
    return file


def _text(value: Reference) -> str:
    # A JSON string is a TOML string too, but for one sign, which TOML wants written out.
    return str(value) if isinstance(value, int) else json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _mistake(file: Path, reason: str) -> ConfigMistakes:
    return ConfigMistakes([ConfigMistake("", "unusable_ids", {"file": str(file), "reason": reason})])
