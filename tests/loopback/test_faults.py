"""Discord's bad days, by name."""

import asyncio
from typing import Any

import discord
import pytest

from tests.loopback.conftest import TOKEN, Bot, Stand

POST = "POST /channels/{id}/messages"


async def test_faults_come_where_and_as_often_as_asked(stand: Stand) -> None:
    bot = await stand.start(Bot())
    news, back = stand.channel(bot, "anuncios"), stand.channel(bot, "moderacion")
    stand.loopback.faults.add("403", route=POST, channel="anuncios", code=50013)
    stand.loopback.faults.add("403", route=POST, channel="anuncios", code=50001)
    stand.loopback.faults.add("404", route=POST, channel="anuncios")
    stand.loopback.faults.add("503", route=POST, channel="anuncios")
    codes = []
    for _ in range(4):
        with pytest.raises(discord.HTTPException) as caught:
            await news.send("x")
        codes.append((caught.value.status, caught.value.code))
        await back.send("y")
    assert codes == [(403, 50013), (403, 50001), (404, 10003), (503, 0)]
    await news.send("al fin")
    assert [m.text for m in stand.ana.sees()] == ["al fin"]


async def test_a_request_can_be_accepted_and_answered_502(stand: Stand) -> None:
    bot = await stand.start(Bot())
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=stand.news.id)
    fault = stand.loopback.faults.add("accepted-then-502", route=POST, channel="anuncios")
    # The client tries again after a second, and the message is there twice unless a nonce prevents it.
    await bot.http.request(route, json={"content": "doble"})
    assert (fault.played, [m.text for m in stand.ana.sees()]) == (1, ["doble", "doble"])
    stand.loopback.faults.add("accepted-then-502", route=POST, channel="anuncios")
    sent = await stand.channel(bot, "anuncios").send("una")
    assert [m.text for m in stand.ana.sees()] == ["doble", "doble", "una"]
    assert stand.ana.sees()[-1].id == sent.id


async def test_a_502_does_nothing(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.loopback.faults.add("502", route=POST)
    await stand.channel(bot, "anuncios").send("al segundo intento")
    assert [m.text for m in stand.ana.sees()] == ["al segundo intento"]


async def test_a_hanging_request_is_not_under_way_and_can_be_given_up(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.loopback.faults.add("hang", route=POST)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(stand.channel(bot, "anuncios").send("nunca"), 0.05)
    await stand.still()
    assert (stand.loopback.held, stand.loopback.requests_in_flight) == (0, 0)
    hanging = asyncio.create_task(stand.channel(bot, "anuncios").send("sigue"))
    await hanging
    assert [m.text for m in stand.ana.sees()] == ["sigue"]


async def test_the_loopback_ends_although_a_request_hangs(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.loopback.faults.add("hang", route=POST)
    hanging = asyncio.create_task(stand.channel(bot, "anuncios").send("nunca"))
    await stand.still()
    assert (stand.loopback.held, stand.loopback.requests_in_flight) == (1, 0)
    hanging.cancel()


@pytest.mark.trial("J10")
async def test_a_long_429_is_raised_by_a_client_that_will_not_wait(stand: Stand) -> None:
    bot = await stand.start(Bot(max_ratelimit_timeout=30))
    stand.loopback.faults.add("429", route="PATCH /channels/{id}", retry_after=600)
    with pytest.raises(discord.RateLimited) as caught:
        await stand.channel(bot, "anuncios").edit(topic="tema")
    assert caught.value.retry_after == 600


async def test_a_slow_request_takes_real_time(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.loopback.faults.add("slow", route=POST, seconds=0.05)
    loop = asyncio.get_running_loop()
    before = loop.time()
    sending = asyncio.create_task(stand.channel(bot, "anuncios").send("lento"))
    await stand.still()
    assert sending.done()
    assert loop.time() - before >= 0.05


@pytest.mark.trial("D1")
async def test_an_answer_can_be_lost(stand: Stand) -> None:
    bot = Bot()
    codes: list[int] = []

    @bot.tree.command(name="hola", description="Saluda", guild=stand.guild)
    async def hello(interaction: discord.Interaction[Any]) -> None:
        try:
            await interaction.response.send_message("hola")
        except discord.NotFound as error:
            codes.append(error.code)

    await stand.start(bot)
    stand.loopback.faults.add("callback-10062")
    lost = await stand.ana.slash("hola")
    assert (lost.failed, lost.answers, codes) == (True, [], [10062])
    assert (await stand.ana.slash("hola")).text == "hola"


async def test_a_gateway_can_be_refused_at_the_door(stand: Stand) -> None:
    await stand.loopback.close_code(4004)
    bot = Bot()
    await bot.login(TOKEN)
    with pytest.raises(discord.ConnectionClosed) as caught:
        await bot.connect()
    assert caught.value.code == 4004
    await bot.close()
    stand.loopback.faults.add("503", times=None)
    stand.loopback.faults.clear()
    await stand.start(Bot())
