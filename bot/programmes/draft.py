"""A programme as far as a file tells it: what the file leaves open is a doubt beside the value. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any

from bot.agenda import BlockKind
from bot.errors import Refusal
from bot.languages import Language


class DoubtKind(StrEnum):
    """What a reader of the file would have to ask somebody."""

    #: The event's name was guessed from a sentence, or taken from the file's name.
    NAME = "name"
    #: No theme is written for the day.
    NO_THEME = "no_theme"
    #: Nothing says what happens in the block.
    NO_TITLE = "no_title"
    #: `title` does not say what kind of block it is.
    KIND = "kind"
    #: `word` looks like a misprint of `likely`, which the file has `times` times.
    MISPRINT = "misprint"
    #: Panelists are announced as `announced` and not named.
    PANELISTS = "panelists"
    #: Nobody is named who moderates.
    NO_MODERATOR = "no_moderator"
    #: Only the start is written; the end was taken from what follows, or guessed.
    NO_END = "no_end"
    #: The words that open the session are not in the file.
    REMARKS = "remarks"
    #: The session had questions and answers before this block; there is one such block a session.
    SECOND_QA = "second_qa"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing to ask, with its values."""

    kind: DoubtKind
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DraftBlock:
    """A block: local hours of the event's zone, the end later than the start."""

    starts: time
    ends: time
    kind: BlockKind
    title: str
    speakers: tuple[str, ...] = ()
    moderator: str | None = None
    panelists: tuple[str, ...] = ()
    remarks: str | None = None
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftSession:
    """A day: its blocks in order of time, none overlapping another."""

    day: date
    theme: str | None
    blocks: tuple[DraftBlock, ...]
    doubts: tuple[Doubt, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftEvent:
    """The whole programme, its days in order. `language` is the one that it is written in."""

    name: str
    language: Language
    sessions: tuple[DraftSession, ...]
    doubts: tuple[Doubt, ...] = ()


class ProgrammeMistakeKind(StrEnum):
    """Why a file gives no programme."""

    #: No line names a day; no entry has a start.
    NO_DAY = "no_day"
    #: The day has no hours.
    NO_HOURS = "no_hours"
    #: What the line says is a day or an hour that cannot be; the AgendaMistake says why.
    IMPOSSIBLE = "impossible"
    #: Two blocks of a day overlap.
    OVERLAP = "overlap"
    #: An entry goes over midnight, or over days.
    OVER_MIDNIGHT = "over_midnight"
    #: Several rooms run at once, and none was chosen.
    ROOMS = "rooms"
    #: The file is no text, schedule or calendar that is known.
    UNREADABLE = "unreadable"
    #: The entry repeats by a rule, which says more than one day holds.
    REPEATS = "repeats"


@dataclass
class ProgrammeMistake(Refusal):
    """Why a file gives no programme, with its line (from 1) where it has one."""

    kind: ProgrammeMistakeKind
    line: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class AlreadyThere(Refusal):
    """A file of that name exists, and replacing it was not asked for."""

    file: Path
