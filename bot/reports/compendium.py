"""The compendium of good practices as files. They name no person, only delegations and their institutions."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.agenda import Event
from bot.languages import Language
from bot.phrases.compendium import document, workbook
from bot.practices import Practice
from bot.reports.typesetting import Typeset, typeset
from bot.reports.xlsx import report


def compendium_pdf(
    practices: Sequence[Practice], event: Event, expected: Iterable[str], language: Language, made_at: datetime
) -> Typeset:
    """By theme and country, as a PDF. `expected` are the countries' codes. Raises NotTypeset."""
    return typeset("compendium", document(practices, event, expected, language, made_at), made_at=made_at)


def compendium_xlsx(
    practices: Sequence[Practice], event: Event, expected: Iterable[str], language: Language, made_at: datetime
) -> bytes:
    """The same as a workbook."""
    return report(workbook(practices, event, expected, language), language, made_at)
