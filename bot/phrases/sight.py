"""What is said beside a figure of time in which the bot could not see."""

from collections.abc import Iterable

from bot.agenda import Event
from bot.attendance import Span
from bot.clock import from_ms
from bot.i18n import translator
from bot.languages import Language

_ = translator("sight")


def hours(spans: Iterable[Span], event: Event) -> str:
    """When that was, in the event's zone: "09:20-09:24", with seconds where the minute does not say it."""
    return ", ".join("-".join(_edge(edge, event) for edge in span) for span in spans)


def without_data(spans: Iterable[Span], event: Event, language: Language) -> str:
    """The note at a figure that unknown time touches: "sin datos 09:20-09:24"; empty where none does."""
    when = hours(spans, event)
    return _("sin datos {hours}", language, hours=when) if when else ""


def noted(figure: str, spans: Iterable[Span], event: Event, language: Language) -> str:
    """A figure in words, with the note where unknown time touches it."""
    note = without_data(spans, event, language)
    return f"{figure} · {note}" if note else figure


def _edge(milliseconds: int, event: Event) -> str:
    local = from_ms(milliseconds).astimezone(event.timezone)
    return f"{local:%H:%M:%S}" if milliseconds % 60_000 else f"{local:%H:%M}"
