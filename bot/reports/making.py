"""What is asked of whoever makes the files of a report, and what comes back.

Nothing here loads what draws, typesets or writes workbooks: the functions do so when they are called, which a running
bot has done in another process (`bot.reports.apart`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from bot.agenda import Event
from bot.config import Config
from bot.ids import SessionKey
from bot.languages import Language
from bot.summary_values import Final, Summary


class Form(StrEnum):
    """The files of a report."""

    #: The figures as a picture. It names nobody.
    PNG = "png"
    #: All sheets: for organizers alone.
    XLSX = "xlsx"
    #: The acta.
    PDF = "pdf"
    #: The people, by name: for organizers alone.
    CSV = "csv"


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures are, and as of when they are wanted. `seen_to` is how far a running bot is sure of a day, and
    `event` the agenda as it has it; without it, it is as the database keeps its changes."""

    database: Path
    config: Config
    now: datetime
    seen_to: Mapping[SessionKey, datetime] = field(default_factory=dict)
    event: Event | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A file. `description` says what a picture shows, to who cannot see it."""

    name: str
    content: bytes = field(repr=False)
    description: str | None = None


ALL = tuple(Form)


def day_report(
    source: Source, session: SessionKey, languages: Sequence[Language], forms: Iterable[Form] = ALL
) -> tuple[Made, ...]:
    """A day's files, in the order of `forms`. The picture is in each of the languages, the rest in the first one.

    Raises KeyError for a day without session, what is wrong with the database, and NotTypeset.
    """
    from bot.reports import files  # noqa: PLC0415 -- what only reports need loads only then

    return files.day_report(source, session, languages, forms)


def final_report(source: Source, languages: Sequence[Language], forms: Iterable[Form] = ALL) -> tuple[Made, ...]:
    """The files of the whole event, in the same way."""
    from bot.reports import files  # noqa: PLC0415 -- what only reports need loads only then

    return files.final_report(source, languages, forms)


def day_picture(source: Source, summary: Summary, languages: Sequence[Language]) -> Made:
    """The picture of a summary that is posted."""
    from bot.reports import files  # noqa: PLC0415 -- what only reports need loads only then

    return files.day_picture(source, summary, languages)


def final_picture(source: Source, final: Final, languages: Sequence[Language]) -> Made:
    """The picture of the final report that is posted."""
    from bot.reports import files  # noqa: PLC0415 -- what only reports need loads only then

    return files.final_picture(source, final, languages)
