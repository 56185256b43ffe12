"""Made-up agendas and configurations for tests, as TOML gives them."""

import copy
from pathlib import Path
from typing import Any

from bot.agenda import Event
from bot.config import Config, read

REPOSITORY = Path(__file__).parents[2]
WORKSHOP = REPOSITORY / "config.toml"

_SMALL: dict[str, Any] = {
    "event": {
        "name": "Encuentro de prueba",
        "timezone": "America/Costa_Rica",
        "languages": ["es", "en"],
        "sessions": [],
    },
    "coverage": {"countries": ["CR", "PA"], "profiles": [{"key": "judicial", "name": "Fiscalía"}]},
    "discord": {
        "guild": "Encuentro",
        "announcements": ["anuncios"],
        "questions": "preguntas",
        "moderators": "moderacion",
        "organizers": "organizacion",
        "moderator_role": "Moderación",
        "organizer_role": "Organización",
    },
    "privacy": {"consent": "Se guarda su nombre.", "recorded": "Se guardan los minutos."},
    "storage": {"database": "data/estrado.db", "anonymity_key": "secrets/anonymity.key"},
}


def a_session(day: str, *blocks: tuple[str, str], **more: Any) -> dict[str, Any]:
    """A session of (hours, kind) blocks."""
    written = [{"hours": hours, "kind": kind, "title": f"Bloque {n}"} for n, (hours, kind) in enumerate(blocks, 1)]
    return {"day": day, "theme": "Tema de prueba", "blocks": written, **more}


def a_document(*sessions: dict[str, Any], **event: Any) -> dict[str, Any]:
    """The values of a small valid configuration with these sessions."""
    document = copy.deepcopy(_SMALL)
    document["event"] |= {"sessions": list(sessions) or [a_session("8/9/2026", ("09:00-10:00", "opening"))], **event}
    return document


def a_config(*sessions: dict[str, Any], **event: Any) -> Config:
    return read(a_document(*sessions, **event), Path("/nowhere"))


def an_event(*sessions: dict[str, Any], **event: Any) -> Event:
    return a_config(*sessions, **event).agenda
