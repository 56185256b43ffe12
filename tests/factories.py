"""What many tests need: the real workshop's configuration, with its files somewhere of the test's own."""

from pathlib import Path
from typing import Any

from bot.config import Config, load

CONFIG_FILE = Path(__file__).parent.parent / "config.toml"

#: The places that the tests speak of, whatever the real workshop calls them.
PLACES: dict[str, Any] = {
    "guild": "Servidor de ensayo",
    "announcements": ("anuncios",),
    "questions": "preguntas",
    "moderators": "moderacion",
    "organizers": "organizacion",
    "stage": "auditorio",
    "voice": (),
    "moderator_role": "Moderación",
    "organizer_role": "Organización",
    "announcement_role": None,
}


#: What is said to prepare a session comes in the tests that are about it alone.
UNPREPARED: dict[str, Any] = {"day_before_hours": 0, "preflight_minutes": 0}

#: So do the messages that stand in the announcements' channel for themselves.
UNPINNED: dict[str, Any] = {"how_to_take_part": False, "now_card": False}


def workshop(directory: Path, **places: Any) -> Config:
    """The real workshop in the tests' places, with database and key under `directory`."""
    config = load(CONFIG_FILE)
    storage = config.storage.model_copy(
        update={
            "database": directory / "database" / "estrado.db",
            "anonymity_key": directory / "secrets" / "anonymity.key",
        }
    )
    discord = config.discord.model_copy(update={**PLACES, **places})
    announcements = config.announcements.model_copy(update=UNPREPARED | UNPINNED)
    return config.model_copy(update={"storage": storage, "discord": discord, "announcements": announcements})
