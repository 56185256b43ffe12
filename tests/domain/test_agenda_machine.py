"""The agenda is the same whatever the machine's locale, zone and files: each case is a process of its own."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from tests.domain.agendas import REPOSITORY

TELLS = """
import json, locale, sys
from pathlib import Path
from bot.agenda import parse_day
from bot.config import ConfigMistakes, load
from bot.cues import plan, posts
from bot.i18n import day_name
from bot.phrases.agenda import announcement, programme
from bot.phrases.mistakes import report

try:
    locale.setlocale(locale.LC_ALL, "")
except locale.Error:
    pass
texts = ["Martes 8 de septiembre", "MIERCOLES 9 DE SETIEMBRE", "Jueves, 10 de sept."]
texts.append("viernes 11 de septiembre de 2026")
told = {"days": [day_name(parse_day(text, 2026), "es") for text in texts]}
try:
    config = load(Path(sys.argv[1]))
except ConfigMistakes as mistakes:
    told["mistakes"] = [mistake.kind for mistake in mistakes.mistakes]
    told["report"] = report(mistakes.mistakes, "es")
else:
    event = config.agenda
    told["starts"] = [block.starts_at.isoformat() for block in event.blocks()]
    told["announcements"] = [
        announcement(post, event, config.privacy.recorded, post.cues[0].at, language)
        for cue in plan(event, config.announcements) if cue.audience == "public"
        for post in posts([cue]) for language in event.languages
    ]
    told["programme"] = programme(event, event.sessions[0].starts_at, "es")
print(json.dumps(told))
"""

WITHOUT_ZONES = "import sys; sys.modules['tzdata'] = None\n" + TELLS


def told(config: str = "config.toml", program: str = TELLS, **environment: str) -> dict[str, Any]:
    """What a new Python process with that environment and nothing else makes of the configuration."""
    answer = subprocess.run(
        [sys.executable, "-c", program, config],
        cwd=REPOSITORY,
        env={"PATH": os.environ["PATH"], "PYTHONCOERCECLOCALE": "0", **environment},
        capture_output=True,
        check=True,
        text=True,
    )
    result: dict[str, Any] = json.loads(answer.stdout)
    return result


@pytest.fixture(scope="module")
def expected() -> dict[str, Any]:
    return told(LC_ALL="C.UTF-8", TZ="America/Costa_Rica")


@pytest.mark.trial("S1")
@pytest.mark.parametrize("locale", ["C", "en_US.UTF-8", "es_ES.UTF-8", "tr_TR.UTF-8"])
def test_days_and_announcements_do_not_follow_the_machines_locale(locale: str, expected: dict[str, Any]) -> None:
    found = told(LC_ALL=locale, LANG=locale, LANGUAGE=locale)
    assert found == expected
    assert found["days"] == [
        "martes 8 de septiembre",
        "miércoles 9 de septiembre",
        "jueves 10 de septiembre",
        "viernes 11 de septiembre",
    ]
    said = [text for text in found["announcements"] if "martes" in text.lower()]
    assert said
    assert all("martes 8 de septiembre" in text for text in said)


@pytest.mark.trial("S6")
@pytest.mark.parametrize("zone", ["UTC", "America/Bogota", "Asia/Tokyo", "Nowhere/Nothing"])
def test_instants_do_not_follow_the_machines_zone(zone: str, expected: dict[str, Any]) -> None:
    found = told(TZ=zone)
    assert found == expected
    assert found["starts"][0] == "2020-09-08T15:00:00+00:00"


@pytest.mark.trial("S6")
def test_a_machine_without_the_zones_takes_those_of_the_package(expected: dict[str, Any]) -> None:
    assert told(PYTHONTZPATH="") == expected


@pytest.mark.trial("S6")
def test_a_machine_without_any_zones_is_refused_and_never_taken_for_utc() -> None:
    found = told(program=WITHOUT_ZONES, PYTHONTZPATH="")
    assert found["mistakes"] == ["no_zone_database"]
    assert "tzdata" in found["report"]
    assert "event.timezone" in found["report"]
