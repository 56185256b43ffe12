"""The loopback under a clock that leaps when nothing is under way."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import discord
import yarl
from aiohttp import web

from bot.clock import RehearsalClock
from bot.idle import IdleLoop
from bot.loopback import Loopback, World
from tests.loopback.conftest import BOT_PERMISSIONS, TOKEN, Bot, Stand


async def test_posts_are_accepted_at_their_instants_of_event_time(endpoint: Callable[[Loopback], None]) -> None:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, IdleLoop)
    start = datetime(2020, 9, 8, 14, 0, tzinfo=UTC)
    clock = RehearsalClock(start, loop.still)
    world = World(clock)
    world.add_bot(TOKEN, "Estrado", BOT_PERMISSIONS)
    news = world.add_text_channel("anuncios")
    ana = world.add_person("Ana Prueba")
    async with Loopback(world, time=clock) as loopback:
        endpoint(loopback)
        loop.doors.count(lambda: loopback.requests_in_flight)
        loop.fences.append(loopback.settled)
        bot = Bot()
        await bot.login(TOKEN)
        running = asyncio.create_task(bot.connect())
        await loopback.connected()
        channel = bot.get_channel(news.id)
        assert isinstance(channel, discord.TextChannel)
        posts = [asyncio.create_task(channel.send(str(number))) for number in range(12)]
        await clock.run_for(60)
        await asyncio.gather(*posts)
        accepted = [(message.created_at - start).total_seconds() for message in ana.sees()]
        assert accepted == [0.0] * 5 + [5.0] * 5 + [10.0] * 2
        await ana_goes_in_and_out(world, clock, bot)
        await bot.close()
        await running
        loop.fences.remove(loopback.settled)


async def ana_goes_in_and_out(world: World, clock: RehearsalClock, bot: Bot) -> None:
    world.add_stage("auditorio")
    ana = world.people[0]
    bot.noted.clear()
    for _ in range(50):
        await ana.joins("auditorio")
        await clock.run_for(0.001)
        await ana.leaves()
        await clock.run_for(0.001)
        assert len(bot.noted) == 2
        bot.noted.clear()
    times = [entry.at for entry in world.log if entry.kind == "voice"]
    assert times[-1] - times[0] == timedelta(milliseconds=99)


async def test_other_routes_can_be_served_beside_discord(stand: Stand) -> None:
    beside = Loopback(stand.world, time=stand.clock)

    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(text="aquí")

    beside.add_route("GET", "/control", answer)
    async with beside, aiohttp.ClientSession() as session:
        async with session.get(yarl.URL(beside.rest_url).with_path("/control")) as response:
            assert await response.text() == "aquí"
        async with session.get(f"{beside.rest_url}/no/such/path", headers={"Authorization": "Bot x"}) as response:
            assert (response.status, response.headers["Content-Type"]) == (404, "application/json")
    assert stand.loopback.log[-1].kind == "rest.unknown"
