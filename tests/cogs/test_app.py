"""The client as a whole: what it asks of Discord, what keeps it going, and how it ends."""

import sqlite3
from typing import Any

import discord
import pytest

from bot.rehearsal.hall import TOKEN
from bot.services import open_services
from cogs.app import running
from cogs.endpoint import Endpoint

TUESDAY = "2020-09-08"

SYNCHRONISE = "PUT /applications/{application_id}/guilds/{guild_id}/commands"


@pytest.mark.trial("A15")
async def test_no_privileged_intent_is_asked_for(event: Any) -> None:
    assert {name for name, wanted in event.bot.intents if wanted} == {
        "guilds",
        "voice_states",
        "guild_scheduled_events",
    }


@pytest.mark.trial("A15")
async def test_discord_that_never_answers_ends_the_start_in_time(event: Any) -> None:
    await event.stop()
    event.loopback.faults.add("hang", route="GET /users/@me")
    endpoint = Endpoint(event.loopback.rest_url, event.loopback.gateway_url)
    async with open_services(event.config, event.clock) as services:
        with pytest.raises(TimeoutError):
            async with running(services, TOKEN, endpoint=endpoint, login_patience_seconds=0.2):
                pytest.fail("it cannot have begun")
    await event.start()
    assert event.bot.venue is not None


async def test_nobody_can_be_mentioned_unless_a_post_says_so(event: Any) -> None:
    assert event.bot.allowed_mentions.to_dict() == discord.AllowedMentions.none().to_dict()


async def test_nothing_is_kept_of_what_was_shown(event: Any) -> None:
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    ana = event.person("Ana")
    await ana.slash("pregunta")
    await ana.slash("pregunta", texto="¿Una?")
    await ana.slash("registro")
    assert list(event.bot.persistent_views) == []


async def test_event_opens_and_commands_are_told_although_nothing_can_be_remembered(
    event: Any, caplog: pytest.LogCaptureFixture
) -> None:
    await event.stop()
    with sqlite3.connect(event.config.storage.database, isolation_level=None) as other:
        other.execute("DELETE FROM facts")
        other.execute("CREATE TRIGGER forgetful BEFORE INSERT ON facts BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.close()
    told = event.loopback.faults.add("slow", route=SYNCHRONISE, times=None, seconds=0)
    await event.start()
    assert event.bot.venue is not None
    assert told.played == 1
    assert "facts.not_remembered" in caplog.text
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    assert "número 1" in (await event.person("Ana").slash("pregunta", texto="¿Se abrió?")).text


async def test_commands_that_cannot_be_told_do_not_keep_the_event_from_opening(event: Any) -> None:
    await event.services.store.write(lambda tx: tx.facts.remember({"commands/definitions": "those of last month"}))
    await event.stop()
    event.loopback.faults.add("hang", route=SYNCHRONISE)
    await event.start()
    ana = event.person("Ana")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:00"))
    assert any(message.buttons for message in ana.sees_in("anuncios"))
    assert "número 1" in (await ana.slash("pregunta", texto="¿Se abrió?")).text


async def test_other_server_is_none_of_its_business(event: Any, caplog: pytest.LogCaptureFixture) -> None:
    venue = event.bot.venue
    await event.bot.on_guild_join(_Foreign())
    assert "server.foreign id=4321" in caplog.text
    assert event.bot.venue is venue


class _Foreign:
    id = 4321
    name = "Otro servidor"
