"""The acta: what a day, or the whole event, came to, in a form that is signed. It names nobody."""

from datetime import datetime

from bot.agenda import Event
from bot.languages import Language
from bot.phrases.acta import day_acta
from bot.phrases.final_acta import final_acta
from bot.reports.typesetting import typeset
from bot.summary_values import Final, People, Summary


def acta_pdf(summary: Summary, people: People, event: Event, language: Language, made_at: datetime) -> bytes:
    """The acta of a day as a PDF: two pages, more only where the figures need them. Raises NotTypeset.

    To be called off the event loop.
    """
    return typeset("acta", day_acta(summary, people, event, language), made_at=made_at).pdf


def final_acta_pdf(final: Final, event: Event, language: Language, made_at: datetime) -> bytes:
    """The acta of the whole event as a PDF, in the same way. Raises NotTypeset."""
    return typeset("acta", final_acta(final, event, language), made_at=made_at).pdf
