"""Certificates of attendance as PDF files. They bear names: each is for that person alone."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Literal

from bot.agenda import Event
from bot.certifying import Held
from bot.config import Config
from bot.languages import Language
from bot.phrases.certificates import certificate, document_title, number
from bot.reports.typesetting import Typeset, typeset

#: "own": each in the language that the person chose.
Wanted = Language | Literal["own"]

#: How long the part of a file's name is that tells whose it is.
_NAME_LENGTH = 60

#: Letters that are no letter with a mark.
_PLAIN = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"})


def certificates_pdf(held: Sequence[Held], config: Config, wanted: Wanted) -> Typeset:
    """Certificates in one file, a page each; the same ones always give the same bytes. Raises NotTypeset.

    To be called off the event loop. There must be one at least.
    """
    event = config.agenda
    last = max(each.certificate.since for each in held)
    day = last.astimezone(event.timezone).date()
    first = _language(held[0], event, wanted)
    pages = [certificate(e, event, config.certificates.signatories, _language(e, event, wanted)) for e in held]
    data = {
        "language": first,
        "title": document_title(event, first),
        "date": [day.year, day.month, day.day],
        "certificates": pages,
    }
    return typeset("certificates", data, made_at=last)


def file_name(held: Held) -> str:
    """A name for somebody's file that every system takes and people can read: "constancia-007-jose-nandu.pdf"."""
    letters = unicodedata.normalize("NFKD", held.participant.name.casefold().translate(_PLAIN))
    plain = "".join(c for c in letters if not unicodedata.combining(c))
    words = "".join(c if c.isascii() and c.isalnum() else " " for c in plain).split()
    name = "-".join(words)[:_NAME_LENGTH].strip("-")
    return "-".join(filter(None, ("constancia", number(held.certificate), name))) + ".pdf"


def is_file_name(name: str) -> bool:
    """Whether a file of that name is a certificate's."""
    return re.fullmatch(r"constancia-\d{3,}(-[a-z0-9-]+)?\.pdf", name) is not None


def _language(held: Held, event: Event, wanted: Wanted) -> Language:
    language = held.participant.language if wanted == "own" else wanted
    return language if language in event.languages else event.languages[0]
