"""Programmes and configurations as they never should be: read, or refused in words."""

import json
import tomllib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.config import load, read
from bot.config_mistakes import ConfigMistake, ConfigMistakes
from bot.errors import Refusal
from bot.operator.drafted_config import config_text
from bot.operator.importing import read_programme
from bot.phrases.mistakes import worded
from bot.phrases.operator import told
from tests.factories import CONFIG_FILE
from tests.fuzz.fuzzed import fuzzed
from tests.fuzz.spoiling import STRANGE, changes, spoilt
from tests.fuzz.texts import broken, hostile

_WORDS = (
    "Martes 8 de septiembre",
    "8 de septiembre de 2020",
    "Tuesday, September 8th",
    "31 de febrero",
    "8/9/2020",
    "2020-09-08",
    "09:00 – 09:30",
    "09:30-10:15",
    "9.00 a 10.00 h",
    "24:00-25:00",
    "10:00-09:00",
    "9 am - 10 pm",
    "09:00",
    "TEMA 1: Rutas",
    "Preguntas y Respuestas",
    "Modera: Ana Prueba",
    "Panelistas:",
    "Receso",
    "CALENDARIO",
    "Día Contenido",
    "",
)
_LINES = st.lists(st.sampled_from(_WORDS) | hostile, max_size=25).map("\n".join)

_PROPERTIES = (
    "BEGIN:VEVENT",
    "END:VEVENT",
    "BEGIN:VTIMEZONE",
    "END:VTIMEZONE",
    "UID:1",
    "SUMMARY:Rutas",
    "DTSTART:20200908T150000Z",
    "DTEND:20200908T160000Z",
    "DTSTART;VALUE=DATE:20200908",
    "DTSTART;TZID=America/Nowhere:20200908T150000",
    "DTEND:nada",
    "DTSTART:99999999T999999Z",
    "DURATION:-PT1H",
    "DURATION:P99999999999D",
    "RRULE:FREQ=DAILY",
    "STATUS:CANCELLED",
    ":",
    ";",
    'DESCRIPTION;X="',
    "DTSTART:00010101T000000Z",
    "DTEND:99991231T235959Z",
    "X-WR-CALNAME:",
    "LOCATION:Sala",
    "SUMMARY",
)
_CALENDAR = st.lists(st.sampled_from(_PROPERTIES) | hostile, max_size=20).map(
    lambda lines: "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", *lines, "END:VEVENT", "END:VCALENDAR"])
)

_TALK = {"date": "2020-09-08T09:00:00-06:00", "start": "09:00", "duration": "01:00", "title": "Rutas", "persons": []}
_SCHEDULE: Any = {
    "schedule": {
        "version": "1",
        "conference": {
            "title": "Taller",
            "start": "2020-09-08",
            "end": "2020-09-08",
            "days": [
                {"index": 1, "date": "2020-09-08", "rooms": {"Sala": [_TALK, {**_TALK, "title": {"en": "Routes"}}]}}
            ],
        },
    }
}


#: TOML has neither halves of signs nor nothing.
_IN_TOML = tuple(each for each in STRANGE if each not in ("\ud800", None, [None], {"id": None}))


@fuzzed(150)
@given(
    content=st.one_of(
        _LINES.map(str.encode),
        _CALENDAR.map(str.encode),
        st.binary(max_size=300),
        changes().map(lambda drawn: json.dumps(spoilt(_SCHEDULE, drawn)).encode()),
    ),
    year=st.none() | st.integers(1970, 9999),
    named=st.booleans(),
)
def test_a_programme_is_drafted_into_a_configuration_or_refused_in_words(
    content: bytes, year: int | None, named: bool
) -> None:
    zone = ZoneInfo("America/Mexico_City")
    name = "Taller" if named else None
    refused: Refusal | None = None
    try:
        draft = read_programme(content, year=year, zone=zone, written_in="es", name=name, room=None)
        # It may lack something still, and be refused for that; but it is TOML, in words that can be kept.
        tomllib.loads(config_text(draft, zone, "es").encode().decode())
    except Refusal as refusal:
        refused = refusal
    assert refused is None or (told(refused, "es") and told(refused, "en"))


@fuzzed(60)
@given(drawn=changes(_IN_TOML))
def test_a_configuration_with_any_value_is_taken_or_told_what_is_wrong_with_it(drawn: list[Any]) -> None:
    values = spoilt(tomllib.loads(CONFIG_FILE.read_text("utf-8")), drawn)
    _check_told(lambda: read(values, CONFIG_FILE.parent))


@fuzzed(60)
@given(
    where=st.integers(0, 30_000), length=st.integers(0, 40), put=broken | st.sampled_from(('"', "[", "]", "=", "[["))
)
def test_a_file_that_was_typed_into_is_read_or_told_what_is_wrong_with_it(
    tmp_path_factory: Any, where: int, length: int, put: str
) -> None:
    text = CONFIG_FILE.read_text("utf-8")
    where %= len(text)
    file = Path(tmp_path_factory.getbasetemp()) / "config.toml"
    file.write_bytes((text[:where] + put + text[where + length :]).encode("utf-8", "surrogatepass"))
    _check_told(lambda: load(file))


def _check_told(reading: Callable[[], object]) -> None:
    """It reads, or says in words what is wrong."""
    mistakes: Sequence[ConfigMistake] | None = None
    try:
        reading()
    except ConfigMistakes as refused:
        mistakes = refused.mistakes
    assert mistakes is None or len(mistakes)
    for mistake in mistakes or ():
        assert worded(mistake, "es")
        assert worded(mistake, "en")
