"""Refusals that several parts share. A refusal is a class that carries data; its words are in bot/phrases."""

from dataclasses import dataclass
from enum import StrEnum


class Refusal(Exception):
    """Something that a person asked for and that the rules of the event do not allow.

    Subclasses are dataclasses whose fields are plain values, enough for bot/phrases to say what happened and what
    to do next. They never carry prose, and nobody is ever shown their str().
    """


class NotSavedReason(StrEnum):
    """Why the database could not take an operation."""

    FULL = "full"
    LOCKED = "locked"
    READ_ONLY = "read_only"
    REPLACED = "replaced"
    INPUT_OUTPUT = "input_output"
    CLOSED = "closed"


class NotSaved(Refusal):
    """The operation was not saved, wholly; asking again later is safe. `reason` says what stood in the way."""

    def __init__(self, reason: NotSavedReason) -> None:
        super().__init__(reason)
        self.reason = reason


class Needed(StrEnum):
    """What somebody would have to be to do something."""

    MODERATOR = "moderator"
    ORGANIZER = "organizer"


@dataclass
class NotAllowed(Refusal):
    """The person is not what the action needs."""

    needed: Needed


@dataclass
class NotTypeset(Refusal):
    """A document could not be made; the log says why."""

    document: str


class OnlyInTheServer(Refusal):
    """The action needs the event's server; it was asked for in a private message or in another server."""


class NotOpenYet(Refusal):
    """The bot has not seen the event's server yet, moments after a start."""


class NothingBehindThis(Refusal):
    """A button, list or form that this version of the program does not know."""


class CommandChanged(Refusal):
    """A command as Discord still shows it and this version of the program does not know it."""
