"""Documents and links that go with the event's days: values, and what one must be. All pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NewType

from bot.errors import Refusal
from bot.ids import SessionKey
from bot.languages import Text
from bot.links import web_link
from bot.participants import one_line
from bot.question_text import says_something

MaterialNumber = NewType("MaterialNumber", int)

#: "7" is the one that was added as number 7; "c" and a digest is one of the configuration.
MaterialKey = NewType("MaterialKey", str)

TITLE_LENGTH, FILE_NAME_LENGTH = 120, 100

#: What is kept of a document, in bytes; Discord takes 10 MiB from a bot.
LARGEST_DOCUMENT = 8 * 1024 * 1024

#: How many may be added to a day.
PER_SESSION = 25


@dataclass(frozen=True, slots=True)
class Material:
    """Something to read: at a `link`, or a document of the name `file_name`."""

    key: MaterialKey
    session: SessionKey
    title: Text
    link: str | None = None
    file_name: str | None = None
    #: Of one that was added while the event goes on; those of the configuration have none.
    number: MaterialNumber | None = None


@dataclass(frozen=True, slots=True)
class Added:
    """What an organizer adds, as it may be kept: made by `checked_material` alone."""

    title: str
    link: str | None
    file_name: str | None
    content: bytes | None = field(repr=False)


class MaterialFault(StrEnum):
    """Why something cannot be added."""

    NO_TITLE = "no_title"
    TITLE_TOO_LONG = "title_too_long"
    #: Neither a link nor a document, or both.
    NOT_ONE = "not_one"
    NOT_A_LINK = "not_a_link"
    TOO_LARGE = "too_large"
    EMPTY = "empty"
    #: The day has one of that title.
    TITLE_TAKEN = "title_taken"
    TOO_MANY = "too_many"


@dataclass
class MaterialNotAdded(Refusal):
    """Nothing was added. `limit` is what the fault is measured by, where it is."""

    fault: MaterialFault
    limit: int | None = None


@dataclass
class NoSuchMaterial(Refusal):
    """It is not there (any more)."""


@dataclass
class MaterialUnreadable(Refusal):
    """A document that the configuration names and that cannot be read."""

    file_name: str


def checked_material(title: str, link: str | None, file_name: str | None, content: bytes | None) -> Added:
    """What may be kept of it. Raises MaterialNotAdded."""
    kept = one_line(title)
    if not says_something(kept):
        raise MaterialNotAdded(MaterialFault.NO_TITLE)
    if len(kept) > TITLE_LENGTH:
        raise MaterialNotAdded(MaterialFault.TITLE_TOO_LONG, TITLE_LENGTH)
    if (link is None) == (file_name is None):
        raise MaterialNotAdded(MaterialFault.NOT_ONE)
    if link is not None:
        if (shown := web_link(link)) is None:
            raise MaterialNotAdded(MaterialFault.NOT_A_LINK)
        return Added(kept, shown, None, None)
    if not content:
        raise MaterialNotAdded(MaterialFault.EMPTY)
    if len(content) > LARGEST_DOCUMENT:
        raise MaterialNotAdded(MaterialFault.TOO_LARGE, LARGEST_DOCUMENT)
    return Added(kept, None, file_name_kept(file_name or ""), content)


def file_name_kept(name: str) -> str:
    """A document's name as it is kept: without folders, short enough, and never nothing."""
    last = one_line(name.replace("\\", "/").rsplit("/", 1)[-1]).lstrip(".")
    stem, dot, suffix = last.rpartition(".")
    if dot and len(suffix) <= 10:
        return f"{stem[: FILE_NAME_LENGTH - len(suffix) - 1] or 'documento'}.{suffix}"
    return last[:FILE_NAME_LENGTH] or "documento"
