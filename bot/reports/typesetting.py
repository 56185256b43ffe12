"""Documents, typeset by typst: the same file on every machine, without a network.

A document is a template (a .typ file beside this module) and its data. The data reach the template as JSON and are
never part of its source, so that whatever a person is called is text: `#`, `$`, `*`, `@` or `[link](…)` mean nothing.
Fonts are those that typst brings, never the machine's. Every file is PDF/A-2a and PDF/UA-1: it can be archived, and
read aloud.

Typesetting takes tenths of a second and lets other threads run meanwhile: call it in one, off the event loop.
"""

import json
import logging
import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from bot.errors import NotTypeset

log = logging.getLogger(__name__)

_TEMPLATES = Path(__file__).parent

#: Stands where a letter should be that no font has.
_NO_LETTER = "\u25a1"

#: How typst says that it has no letter for some of the text.
_MISSING = re.compile(r"the text `(?P<quoted>\".*?\")` could not be displayed", re.DOTALL)

_ESCAPED = re.compile(r"\\u\{([0-9a-fA-F]+)\}")


class Typeset(NamedTuple):
    """A document; `missing` are the letters that no font here has, which a small square stands for."""

    pdf: bytes
    missing: str


def typeset(template: str, data: Mapping[str, object], *, made_at: datetime) -> Typeset:
    """The document that the template `<template>.typ` makes of `data`, as a PDF of the date `made_at`.

    The same arguments give the same bytes. Raises NotTypeset.
    """
    # Only who makes a document needs it.
    from typst import TypstError, compile_with_warnings  # noqa: PLC0415 -- what only documents need loads only then

    written, missing = json.dumps(data, ensure_ascii=False), ""
    while True:
        try:
            pdf, warnings = compile_with_warnings(
                _TEMPLATES / f"{template}.typ",
                root=_TEMPLATES,
                ignore_system_fonts=True,
                sys_inputs={"data": written},
                timestamp=int(made_at.timestamp()),
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
            )
        except TypstError as error:
            more = "".join(letter for letter in _undisplayed(error.message) if letter in written)
            if not more:
                raise _not_typeset(template, error.message) from None
            missing += more
            written = written.translate(dict.fromkeys(map(ord, more), _NO_LETTER))
            continue
        except RuntimeError as error:
            raise _not_typeset(template, str(error)) from None
        for warning in warnings:
            log.warning("typesetting.warned template=%s message=%s", template, warning.message)
        if missing:
            log.warning("typesetting.letters_missing template=%s count=%d", template, len(missing))
        return Typeset(pdf, missing)


def _not_typeset(template: str, complaint: str) -> NotTypeset:
    log.error("typesetting.failed template=%s complaint=%s", template, complaint)
    return NotTypeset(template)


def _undisplayed(complaint: str) -> str:
    """The letters that typst had no picture for, each once."""
    found = _MISSING.search(complaint)
    if found is None:
        return ""
    text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), found["quoted"][1:-1])
    return "".join(dict.fromkeys(letter for letter in text if letter not in f"\\ {_NO_LETTER}"))
