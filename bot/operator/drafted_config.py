"""A drafted programme as a config.toml that can be run, with a comment at everything to ask somebody about."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import tomlkit
from babel.core import get_global

from bot.i18n import day_name
from bot.languages import Language
from bot.phrases import programmes as phrases
from bot.programmes.draft import Doubt, DraftBlock, DraftEvent, DraftSession

#: What stands for a text that nobody has written yet; with its comment it cannot be overlooked.
_OPEN = "?"


def config_text(draft: DraftEvent, zone: ZoneInfo, language: Language) -> str:
    """The text of the file. `language` is that of its comments; its texts are in the programme's own.

    All that the program needs is there, so that it loads at once. What no programme tells (the server, the countries,
    what is said about privacy) is filled with something and marked.
    """
    lines = [
        *_comments([phrases.heading(language)]),
        "",
        *_comments(_asked(draft.doubts, language)),
        "[event]",
        _pair("name", draft.name),
        *_comments([phrases.zone(zone.key, language)]),
        _pair("timezone", zone.key),
        *_comments([phrases.one_language(language)]),
        _pair("languages", [draft.language]),
    ]
    for session in draft.sessions:
        lines += _session(session, language)
    lines += _rest(draft.language, zone, language)
    return "\n".join(lines) + "\n"


def _session(session: DraftSession, language: Language) -> Iterator[str]:
    yield ""
    yield from _comments([f"--- {day_name(session.day, language, with_year=True)} ---"])
    yield ""
    yield "[[event.sessions]]"
    yield _pair("day", session.day.isoformat())
    yield from _comments(_asked(session.doubts, language))
    yield _pair("theme", session.theme or _OPEN)
    for block in session.blocks:
        yield ""
        yield "[[event.sessions.blocks]]"
        yield from _block(block, language)


def _block(block: DraftBlock, language: Language) -> Iterator[str]:
    yield from _comments(_asked(block.doubts, language))
    yield _pair("hours", f"{block.starts:%H:%M}-{block.ends:%H:%M}")
    yield _pair("kind", block.kind.value)
    yield _pair("title", block.title or _OPEN)
    if block.speakers:
        yield _pair("speakers", list(block.speakers))
    if block.moderator is not None:
        yield _pair("moderator", block.moderator)
    if block.panelists:
        yield _pair("panelists", [{"name": name} for name in block.panelists])
    if block.remarks is not None:
        yield _pair("remarks", block.remarks)


def _rest(written_in: Language, zone: ZoneInfo, language: Language) -> Iterator[str]:
    """The sections that no programme tells."""
    for section, comment, values in (
        ("coverage", phrases.coverage(language), {"countries": _countries_of(zone)}),
        ("[coverage.profiles]", None, {"key": "delegate", "name": phrases.delegate(written_in), "minimum": 2}),
        ("discord", phrases.discord(language), _places(written_in)),
        ("privacy", phrases.privacy(language), _privacy(written_in)),
        ("storage", phrases.storage(language), _STORAGE),
    ):
        yield ""
        yield from _comments([comment] if comment else [])
        yield f"[{section}]"
        for key, value in values.items():
            yield _pair(key, value)


def _places(written_in: Language) -> Mapping[str, Any]:
    return {
        "guild": _OPEN,
        "announcements": [phrases.announcements_channel(written_in)],
        "questions": phrases.questions_channel(written_in),
        "moderators": phrases.moderators_channel(written_in),
        "organizers": phrases.organizers_channel(written_in),
        "stage": phrases.stage(written_in),
        "moderator_role": phrases.moderator_role(written_in),
        "organizer_role": phrases.organizer_role(written_in),
    }


def _privacy(written_in: Language) -> Mapping[str, Any]:
    return {"consent": phrases.consent(written_in), "recorded": phrases.recorded(written_in), "retention_days": 90}


#: In two directories, so that no copy of the database takes the key along.
_STORAGE: Mapping[str, Any] = {"database": "data/estrado.db", "anonymity_key": "secrets/anonymity.key"}


def _countries_of(zone: ZoneInfo) -> list[str]:
    """The country of the zone, as the one that is known to take part; one is needed."""
    country = get_global("zone_territories").get(zone.key)
    return [country] if country and len(country) == 2 and country.isalpha() else ["CR"]


def _asked(doubts: Iterable[Doubt], language: Language) -> list[str]:
    return [phrases.doubt(doubt, language) for doubt in doubts]


def _comments(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        # A text of the file that is told in a comment must not end it.
        yield f"# {' '.join(text.split())}"


def _pair(key: str, value: object) -> str:
    return f"{key} = {tomlkit.item(value).as_string()}"
