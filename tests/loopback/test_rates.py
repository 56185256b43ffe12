"""Rate limits in the time of the event, and what happens when they are overrun."""

import asyncio
from datetime import timedelta
from typing import Any

import discord
import pytest

from tests.loopback.conftest import Bot, Stand


async def test_posts_over_the_limit_are_held_until_the_bucket_resets(stand: Stand) -> None:
    bot = await stand.start(Bot())
    channel = stand.channel(bot, "anuncios")
    start = stand.clock.now()
    posts = [asyncio.create_task(channel.send(str(number))) for number in range(12)]
    accepted = []
    for _ in range(3):
        await stand.still()
        accepted.append(len(stand.ana.sees()))
        assert stand.loopback.requests_in_flight == 0
        assert stand.loopback.held == (0 if accepted[-1] == 12 else min(5, 12 - accepted[-1]))
        stand.clock.move(seconds=5)
    assert accepted == [5, 10, 12]
    await asyncio.gather(*posts)
    assert set(stand.clock.expected) == {start + timedelta(seconds=5), start + timedelta(seconds=10)}


async def test_each_channel_has_limits_of_its_own_and_answers_count_for_none(stand: Stand) -> None:
    bot = Bot()

    @bot.tree.command(name="hola", description="Saluda", guild=stand.guild)
    async def hello(interaction: discord.Interaction) -> None:
        await interaction.response.send_message("hola")

    await stand.start(bot)
    for _ in range(5):
        await stand.channel(bot, "anuncios").send("x")
        await stand.channel(bot, "moderacion").send("x")
    held = asyncio.create_task(stand.channel(bot, "anuncios").send("y"))
    await stand.still()
    assert not held.done()
    for _ in range(20):
        assert (await stand.ana.slash("hola")).text == "hola"
    stand.clock.move(seconds=5)
    await held


async def test_edits_and_channel_names_are_limited(stand: Stand) -> None:
    bot = await stand.start(Bot())
    channel = stand.channel(bot, "anuncios")
    message = await channel.send("0")
    for number in range(5):
        await message.edit(content=str(number))
    held = asyncio.create_task(message.edit(content="último"))
    await channel.edit(topic="uno")
    await channel.edit(topic="dos")
    topic = asyncio.create_task(channel.edit(topic="tres"))
    await stand.still()
    assert (held.done(), topic.done(), stand.loopback.held) == (False, False, 2)
    stand.clock.move(seconds=5)
    await held
    assert stand.news.topic == "dos"
    stand.clock.move(minutes=10)
    await topic
    assert (stand.news.topic, [m.text for m in stand.ana.sees()]) == ("tres", ["último"])


async def test_a_held_request_that_is_given_up_is_never_accepted(stand: Stand) -> None:
    bot = await stand.start(Bot())
    channel = stand.channel(bot, "anuncios")
    for _ in range(5):
        await channel.send("x")
    held = asyncio.create_task(channel.send("nunca"))
    await stand.still()
    assert stand.loopback.held == 1
    held.cancel()
    await stand.still()
    assert stand.loopback.held == 0
    stand.clock.move(seconds=5)
    await stand.still()
    assert [m.text for m in stand.ana.sees()] == ["x"] * 5
    assert stand.loopback.requests_in_flight == 0


async def test_old_messages_are_edited_rarely(stand: Stand) -> None:
    bot = await stand.start(Bot())
    message = await stand.channel(bot, "anuncios").send("tablero")
    stand.clock.move(minutes=60)
    for number in range(4):
        await message.edit(content=f"joven {number}")
    stand.clock.move(seconds=6)
    for number in range(3):
        await message.edit(content=f"viejo {number}")
    with pytest.raises(discord.HTTPException) as caught:
        await asyncio.wait_for(_edit_in_event_time(stand, message), 5)
    assert (caught.value.status, caught.value.code) == (429, 30046)
    assert stand.ana.sees()[0].text == "viejo 2"


async def _edit_in_event_time(stand: Stand, message: discord.Message) -> None:
    editing = asyncio.create_task(message.edit(content="demasiado"))
    while not editing.done():
        await stand.still()
        if stand.loopback.held:
            stand.clock.move(seconds=5)
    await editing


@pytest.mark.trial("D9")
async def test_too_many_refused_requests_shut_the_address_out(stand: Stand) -> None:
    bot = await stand.start(Bot())
    for _ in range(10_000):
        stand.loopback.rates.refused()
    await stand.channel(bot, "anuncios").send("queda uno")
    stand.loopback.rates.refused()
    with pytest.raises(discord.HTTPException) as caught:
        await stand.channel(bot, "anuncios").send("cerrado")
    assert (caught.value.status, caught.value.code) == (429, 0)
    stand.clock.move(minutes=10)
    await stand.channel(bot, "anuncios").send("abierto")


@pytest.mark.trial("D9")
async def test_commands_can_be_created_two_hundred_times_a_day(stand: Stand) -> None:
    bot = await stand.start(Bot())

    async def register(*names: str) -> Any:
        payload = [{"name": name, "description": "x", "type": 1} for name in names]
        return await bot.http.bulk_upsert_guild_commands(stand.account.id, stand.world.id, payload)

    for first in range(0, 200, 50):
        await register(*(f"c{number}" for number in range(first, first + 50)))
    await register(*(f"c{number}" for number in range(150, 200)))
    with pytest.raises(discord.HTTPException) as caught:
        await register("uno-mas")
    assert caught.value.code == 30034
    assert len(stand.world.commands) == 50
    stand.clock.move(days=1)
    [made] = await register("uno-mas")
    assert made["name"] == "uno-mas"
