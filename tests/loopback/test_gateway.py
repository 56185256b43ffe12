"""Sessions, intents, resuming, and what people's voices look like to a bot."""

import asyncio

import aiohttp
import discord
import pytest

from bot.loopback import CannotDo, NotVisible
from bot.loopback import permissions as rights
from bot.loopback.gateway import GUILD_MEMBERS
from tests.loopback.conftest import TOKEN, Bot, Stand


def voices(bot: Bot) -> list[tuple[object, ...]]:
    return [each[1:] for each in bot.noted if each[0] == "voice"]


async def test_a_wrong_token_is_refused_at_both_doors(stand: Stand) -> None:
    bot = Bot()
    with pytest.raises(discord.LoginFailure):
        await bot.login("wrong")
    await bot.close()
    bot = Bot()
    await bot.login(TOKEN)
    bot.http.token = "wrong"
    with pytest.raises(discord.ConnectionClosed) as caught:
        await bot.connect()
    assert caught.value.code == 4004
    await bot.close()


async def test_bytes_are_read_as_text_is(stand: Stand) -> None:
    identify = b'{"op":2,"d":{"token":"%s","intents":1,"properties":{}}}' % TOKEN.encode()
    async with aiohttp.ClientSession() as client, client.ws_connect(stand.loopback.gateway_url) as socket:
        assert (await socket.receive_json())["op"] == 10
        await socket.send_bytes(identify)
        assert (await asyncio.wait_for(socket.receive_json(), 5))["t"] == "READY"


async def test_privileged_intents_have_to_be_switched_on(stand: Stand) -> None:
    bot = Bot(discord.Intents(guilds=True, members=True))
    await bot.login(TOKEN)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await bot.connect()
    await bot.close()
    stand.account.privileged = GUILD_MEMBERS
    bot = await stand.start(Bot(discord.Intents(guilds=True, members=True, voice_states=True)))
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    assert guild.get_member(stand.ana.id) is not None


async def test_without_the_members_intent_only_those_in_voice_are_known(stand: Stand) -> None:
    await stand.ana.joins("auditorio")
    bot = await stand.start(Bot())
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    assert {member.id for member in guild.members} == {stand.account.id, stand.ana.id}
    assert [member.id for member in guild.stage_channels[0].members] == [stand.ana.id]
    assert guild.afk_channel is not None
    assert guild.afk_channel.name == "ausentes"
    await stand.ben.renames("Benito")
    await (await guild.fetch_member(stand.account.id)).edit(nick="Estrado 2")
    await stand.loopback.settled()
    assert [each for each in bot.noted if each[0] == "member"] == [("member", stand.account.id, "Estrado 2")]
    assert (await guild.fetch_member(stand.ben.id)).nick == "Benito"
    with pytest.raises(discord.Forbidden):
        await bot.http.get_members(stand.world.id, 100, None)


async def test_bots_without_the_voice_intent_hear_nothing(stand: Stand) -> None:
    bot = await stand.start(Bot(discord.Intents(guilds=True)))
    await stand.ana.joins("auditorio")
    await stand.loopback.settled()
    assert voices(bot) == []


async def test_voices_are_told_as_discord_tells_them(stand: Stand) -> None:
    bot = await stand.start(Bot())
    ana = stand.ana
    await ana.joins("auditorio")
    await ana.toggles(mute=True, video=True)
    await ana.toggles(request_to_speak=True, suppress=False)
    await ana.moves("sala 2")
    await ana.moves("ausentes")
    await ana.leaves()
    await stand.loopback.settled()
    assert voices(bot) == [
        (ana.id, None, "auditorio"),
        (ana.id, "auditorio", "auditorio"),
        (ana.id, "auditorio", "auditorio"),
        (ana.id, "auditorio", "sala 2"),
        (ana.id, "sala 2", "ausentes"),
        (ana.id, "ausentes", None),
    ]
    with pytest.raises(CannotDo):
        await ana.leaves()
    with pytest.raises(CannotDo):
        await ana.joins("anuncios")
    stand.world.set_overwrite("sala 2", stand.world.everyone, deny=rights.CONNECT)
    with pytest.raises(NotVisible):
        await ana.joins("sala 2")
    kept = [entry.detail for entry in stand.loopback.log if entry.kind == "voice"]
    assert [(each["before"], each["channel"]) for each in kept][-1] == ("ausentes", None)


@pytest.mark.trial("A4")
async def test_devices_change_in_all_three_ways(stand: Stand) -> None:
    bot = await stand.start(Bot())
    ana = stand.ana
    await ana.joins("auditorio")
    await ana.changes_device()
    later = asyncio.create_task(ana.changes_device(gap=0.005))
    await stand.still()
    stand.clock.move(seconds=0.005)
    await later
    await ana.changes_device(late_leave=True)
    await stand.still()
    sessions = list(dict.fromkeys(session for session, _ in bot.sessions_heard))
    named = [("abcd"[sessions.index(session)], inside) for session, inside in bot.sessions_heard]
    assert named == [("a", True), ("b", True), ("b", False), ("c", True), ("d", True), ("c", False)]
    assert stand.world.voice[ana.id].session_id == sessions[-1]
    assert len([e for e in stand.loopback.log if e.kind == "voice"]) == 5


async def test_the_bot_can_move_mute_and_bring_on_stage(stand: Stand) -> None:
    bot = await stand.start(Bot())
    await stand.ana.joins("auditorio")
    await stand.loopback.settled()
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    member = await guild.fetch_member(stand.ana.id)
    assert stand.world.voice[stand.ana.id].suppress
    await member.edit(suppress=False)
    assert not stand.world.voice[stand.ana.id].suppress
    await member.edit(mute=True)
    await member.move_to(guild.voice_channels[0])
    await stand.loopback.settled()
    assert voices(bot)[-1] == (stand.ana.id, "auditorio", "sala 2")
    state = await member.fetch_voice()
    assert (state.mute, state.channel and state.channel.name) == (True, "sala 2")
    await member.move_to(None)
    with pytest.raises(discord.NotFound):
        await member.fetch_voice()


async def test_a_lost_connection_is_resumed_and_replays_what_was_missed(stand: Stand) -> None:
    bot = await stand.start(Bot())
    [session] = stand.loopback.sessions
    await stand.loopback.cut()
    await stand.ana.joins("auditorio")
    await stand.ana.leaves()
    assert voices(bot) == []
    await stand.still()
    assert ("resumed",) in bot.noted
    await stand.loopback.settled()
    assert voices(bot) == [(stand.ana.id, None, "auditorio"), (stand.ana.id, "auditorio", None)]
    assert stand.loopback.sessions == [session]
    assert [e.kind for e in stand.loopback.log if e.kind.startswith("gateway")] == [
        "gateway.opened",
        "gateway.closed",
        "gateway.resumed",
    ]


async def test_a_socket_that_is_closed_is_resumed_too(stand: Stand) -> None:
    bot = await stand.start(Bot())
    await stand.loopback.drop()
    await stand.still()
    assert ("resumed",) in bot.noted


async def test_a_session_that_is_lost_begins_anew(stand: Stand) -> None:
    bot = await stand.start(Bot())
    [old] = stand.loopback.sessions
    await stand.ana.joins("auditorio")
    await stand.loopback.drop(resume=False)
    await stand.still()
    assert [each[0] for each in bot.noted].count("connect") == 2
    [new] = stand.loopback.sessions
    assert new is not old
    assert "resumed" not in [each[0] for each in bot.noted]
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    assert [member.id for member in guild.stage_channels[0].members] == [stand.ana.id]


async def test_an_outage_of_the_server_ends_without_a_ready(stand: Stand) -> None:
    bot = await stand.start(Bot())
    await stand.ana.joins("auditorio")
    await stand.still()
    bot.noted.remove(("available",))
    await stand.loopback.guild_unavailable()
    await stand.still()
    assert ("unavailable",) in bot.noted
    await stand.ana.leaves()
    await stand.ben.joins("auditorio")
    await stand.loopback.guild_available()
    await stand.still()
    assert ("available",) in bot.noted
    # What happened meanwhile was never told as an event.
    assert voices(bot) == [(stand.ana.id, None, "auditorio")]
    assert [each[0] for each in bot.noted].count("connect") == 1
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    assert stand.ben.id in {member.id for member in guild.stage_channels[0].members}


async def test_a_server_that_is_away_at_the_start_comes_later(stand: Stand) -> None:
    await stand.loopback.guild_unavailable()
    bot = await stand.start(Bot())
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    assert guild.unavailable
    await stand.loopback.guild_available()
    await stand.loopback.settled()
    assert not guild.unavailable


@pytest.mark.trial("J8")
async def test_two_copies_of_a_bot_hear_the_same(stand: Stand) -> None:
    one, two = await stand.start(Bot()), Bot()
    await stand.start(two)
    await stand.still()
    await stand.ana.joins("auditorio")
    await stand.loopback.settled()
    assert voices(one) == voices(two) == [(stand.ana.id, None, "auditorio")]


async def test_events_come_twice_or_in_the_wrong_order_on_demand(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.loopback.faults.repeat_next_event("VOICE_STATE_UPDATE")
    await stand.ana.joins("auditorio")
    stand.loopback.faults.swap_next_events("VOICE_STATE_UPDATE")
    await stand.ana.leaves()
    await stand.ana.joins("auditorio")
    await stand.still()
    assert [inside for _, inside in bot.sessions_heard] == [True, True, True, False]


async def test_the_fence_passes_when_the_socket_is_gone(stand: Stand) -> None:
    bot = await stand.start(Bot())
    await stand.ana.joins("auditorio")
    fence = asyncio.create_task(stand.loopback.settled())
    await bot.close()
    await asyncio.wait_for(fence, 2)
    await stand.still()
    assert not any(session.connected for session in stand.loopback.sessions)
    assert stand.loopback.frames_pending == 0


async def test_members_can_be_asked_for_over_the_gateway(stand: Stand) -> None:
    bot = await stand.start(Bot())
    guild = bot.get_guild(stand.world.id)
    assert guild is not None
    found = await guild.query_members(user_ids=[stand.ana.id, 5])
    assert [member.id for member in found] == [stand.ana.id]
    stand.loopback.faults.ignore_member_requests()
    asking = asyncio.create_task(guild.query_members("Ben"))
    await stand.still()
    assert not asking.done()
    asking.cancel()
    stand.loopback.faults.ignore_member_requests(False)
    assert [member.id for member in await guild.query_members("Ben")] == [stand.ben.id]


async def test_sockets_can_be_closed_with_any_code(stand: Stand) -> None:
    bot = Bot()
    await bot.login(TOKEN)
    running = asyncio.create_task(bot.connect())
    await stand.loopback.connected()
    await stand.loopback.close_code(4014)
    with pytest.raises(discord.PrivilegedIntentsRequired):
        await running
    await bot.close()
