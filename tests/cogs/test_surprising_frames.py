"""A frame that discord.py cannot read, or could with nobody for a person, is left out, and the bot goes on."""

import json
from typing import Any

import pytest

from bot.i18n import language_of


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("VOICE_STATE_UPDATE", {"guild_id": "1"}),
        ("GUILD_ROLE_CREATE", {}),
        ("CHANNEL_UPDATE", {"guild_id": "x"}),
        ("GUILD_CREATE", []),
        ("INTERACTION_CREATE", {"id": "1", "type": 2}),
        ("INTERACTION_CREATE", {"id": "1", "type": 3, "user": {}, "data": {"custom_id": 7}}),
    ],
)
async def test_an_event_that_cannot_be_read_is_left_out_and_the_next_ones_are_answered(
    event: Any, caplog: pytest.LogCaptureFixture, kind: str, content: Any
) -> None:
    (session,) = event.loopback.sessions
    session.dispatch(kind, json.dumps(content))
    await event.settle()
    assert f"frame.not_understood event={kind}" in caplog.text
    assert "Traceback" not in caplog.text
    exchange = await event.person("Ana").slash("programa")
    assert not exchange.failed
    assert event.loopback.sessions == [session]


def test_a_locale_that_is_no_text_is_english() -> None:
    assert [language_of(locale) for locale in (5, None, ["es"], "es-419")] == ["en", "en", "en", "es"]
