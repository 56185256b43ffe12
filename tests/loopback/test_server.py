"""What a bot can change in the server itself."""

import datetime
from typing import Any

import discord
import pytest

from bot.loopback import permissions as rights
from tests.loopback.conftest import Bot, Stand


async def test_roles_channels_and_overwrites_are_made_changed_and_deleted(stand: Stand) -> None:
    stand.world.change_role(stand.bot_role, position=50)
    bot = await stand.start(Bot())
    guild = await bot.fetch_guild(stand.world.id)
    role = await guild.create_role(name="Delegación", permissions=discord.Permissions(send_messages=True))
    await role.edit(name="Delegaciones", mentionable=True)
    member = await guild.fetch_member(stand.ana.id)
    await member.add_roles(role)
    assert [stand.world.roles[role_id].name for role_id in stand.ana.role_ids] == ["Delegaciones"]
    await member.remove_roles(role)
    assert stand.ana.role_ids == []
    seen = discord.PermissionOverwrite(view_channel=True)
    own = discord.Object(stand.bot_role.id, type=discord.Role)
    channel = await guild.create_text_channel("grupo", overwrites={role: seen, own: seen})
    await channel.set_permissions(guild.default_role, view_channel=False)
    assert stand.ana.sees_in("grupo") == []
    with pytest.raises(LookupError):
        stand.ana.sees_in("nada")
    assert not stand.world.may_see(stand.ana, stand.world.channel_named("grupo"))
    await channel.set_permissions(guild.default_role, overwrite=None)
    assert stand.world.may_see(stand.ana, stand.world.channel_named("grupo"))
    await channel.delete()
    await role.delete()
    await stand.loopback.settled()
    known = bot.get_guild(stand.world.id)
    assert known is not None
    assert [each.name for each in known.text_channels] == ["anuncios", "moderacion"]
    assert [each.name for each in await guild.fetch_channels()] == [
        "anuncios",
        "moderacion",
        "auditorio",
        "sala 2",
        "ausentes",
    ]
    assert {each.name for each in await guild.fetch_roles()} == {"@everyone", "Estrado", "Moderación"}
    with pytest.raises(discord.Forbidden):
        await guild.get_role(stand.bot_role.id).edit(name="yo")  # type: ignore[union-attr]


async def test_without_permission_the_server_stays_as_it_is(stand: Stand) -> None:
    stand.world.change_role(stand.bot_role, permissions=rights.EVERYONE)
    bot = await stand.start(Bot())
    guild = await bot.fetch_guild(stand.world.id)
    member = await guild.fetch_member(stand.ana.id)
    for attempt in (
        guild.create_role(name="x"),
        guild.create_text_channel("x"),
        member.edit(nick="x"),
        member.add_roles(discord.Object(stand.moderators.id)),
        stand.channel(bot, "anuncios").edit(topic="x"),
        stand.channel(bot, "auditorio").create_instance(topic="x"),
    ):
        with pytest.raises(discord.Forbidden) as caught:
            await attempt
        assert caught.value.code == 50013


async def test_renamed_and_removed_channels_are_told(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.world.rename_channel("anuncios", "avisos")
    await stand.ana.joins("sala 2")
    stand.world.remove_channel("sala 2")
    await stand.loopback.settled()
    known = bot.get_guild(stand.world.id)
    assert known is not None
    assert [each.name for each in known.text_channels] == ["avisos", "moderacion"]
    assert [each.name for each in known.voice_channels] == ["ausentes"]
    assert stand.world.voice == {}


async def test_scheduled_events_go_through_their_life(stand: Stand) -> None:
    bot = await stand.start(Bot())
    guild = await bot.fetch_guild(stand.world.id)
    start = stand.clock.now() + datetime.timedelta(hours=1)
    event = await guild.create_scheduled_event(
        name="Sesión 1",
        start_time=start,
        privacy_level=discord.PrivacyLevel.guild_only,
        entity_type=discord.EntityType.stage_instance,
        channel=discord.Object(stand.stage.id, type=discord.StageChannel),
    )
    await guild.create_scheduled_event(
        name="Visita",
        start_time=start,
        end_time=start + datetime.timedelta(hours=1),
        privacy_level=discord.PrivacyLevel.guild_only,
        entity_type=discord.EntityType.external,
        location="Sala",
    )
    assert len(await guild.fetch_scheduled_events()) == 2
    started = await event.edit(status=discord.EventStatus.active)
    assert started.status is discord.EventStatus.active
    await (await guild.fetch_scheduled_event(event.id)).edit(name="Sesión primera")
    ended = await started.edit(status=discord.EventStatus.completed)
    assert ended.status is discord.EventStatus.completed
    for other in await guild.fetch_scheduled_events():
        await other.delete()
    assert stand.world.scheduled_events == {}
    with pytest.raises(discord.HTTPException) as caught:
        await guild.create_scheduled_event(
            name="Ayer",
            start_time=stand.clock.now() - datetime.timedelta(days=1),
            privacy_level=discord.PrivacyLevel.guild_only,
            entity_type=discord.EntityType.stage_instance,
            channel=discord.Object(stand.stage.id, type=discord.StageChannel),
        )
    assert caught.value.code == 50035


async def test_scheduled_events_ask_for_permissions_an_order_of_hours_and_a_start_to_come(stand: Stand) -> None:
    bot = await stand.start(Bot())
    guild, start = await bot.fetch_guild(stand.world.id), stand.clock.now() + datetime.timedelta(hours=1)

    async def make(**values: Any) -> discord.ScheduledEvent:
        given = {
            "name": "Sesión",
            "start_time": start,
            "end_time": start + datetime.timedelta(hours=2),
            "privacy_level": discord.PrivacyLevel.guild_only,
            "entity_type": discord.EntityType.stage_instance,
            "channel": discord.Object(stand.stage.id, type=discord.StageChannel),
        }
        return await guild.create_scheduled_event(**given | values)

    async def refused(work: Any) -> int:
        with pytest.raises(discord.HTTPException) as caught:
            await work
        return caught.value.code

    with_all = stand.bot_role.permissions
    assert await refused(make(end_time=start)) == 50035
    event = await make()
    assert await refused(event.edit(start_time=stand.clock.now())) == 50035
    assert await refused(event.edit(end_time=start - datetime.timedelta(minutes=1))) == 50035
    stand.world.change_role(stand.bot_role, permissions=with_all & ~rights.CREATE_EVENTS & ~rights.MANAGE_EVENTS)
    assert await refused(event.start()) == await refused(make()) == 50013
    # Those who may make events may change their own, and nobody else's.
    only_own = with_all & ~rights.MANAGE_EVENTS | rights.CREATE_EVENTS
    stand.world.change_role(stand.bot_role, permissions=only_own)
    await event.edit(name="Sesión 1")
    of_another = stand.world.scheduled_events[event.id] | {"creator_id": str(stand.ben.id)}
    stand.world.scheduled_events[event.id] = of_another
    assert await refused(event.delete()) == await refused(event.edit(name="x")) == 50013
    stand.world.scheduled_events[event.id] = of_another | {"creator_id": str(stand.account.id)}
    stand.world.change_role(stand.bot_role, permissions=only_own & ~rights.MUTE_MEMBERS)
    assert await refused(make()) == 50013
    stand.world.change_role(stand.bot_role, permissions=only_own)
    started = await event.start()
    # When it began is past; when it ends is not.
    assert await refused(started.edit(start_time=start + datetime.timedelta(hours=1))) == 180000
    later = await started.edit(end_time=start + datetime.timedelta(hours=3))
    assert later.end_time == start + datetime.timedelta(hours=3)


async def test_stages_open_under_a_topic_once(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stage = stand.channel(bot, "auditorio")
    instance = await stage.create_instance(topic="Apertura")
    await instance.edit(topic="Preguntas")
    assert (await stage.fetch_instance()).topic == "Preguntas"
    with pytest.raises(discord.HTTPException) as caught:
        await stage.create_instance(topic="Otra")
    assert caught.value.code == 150006
    await instance.delete()
    with pytest.raises(discord.NotFound):
        await stage.fetch_instance()


async def test_the_bot_knows_itself_and_others(stand: Stand) -> None:
    bot = await stand.start(Bot())
    information = await bot.application_info()
    assert (information.id, information.name) == (stand.account.id, "Estrado")
    assert (await bot.fetch_user(stand.ana.id)).display_name == "Ana Prueba"
    with pytest.raises(discord.NotFound) as caught:
        await bot.fetch_user(5)
    assert caught.value.code == 10013
    with pytest.raises(discord.NotFound) as caught:
        await bot.fetch_guild(5)
    assert caught.value.code == 10004


async def test_commands_are_kept_by_name_and_refused_when_they_are_wrong(stand: Stand) -> None:
    bot = await stand.start(Bot())
    app, guild = stand.account.id, stand.world.id

    def named(name: str, **more: object) -> dict[str, object]:
        return {"name": name, "description": "x", "type": 1, **more}

    [first, second] = await bot.http.bulk_upsert_guild_commands(app, guild, [named("uno"), named("dos")])
    [kept] = await bot.http.bulk_upsert_guild_commands(app, guild, [named("uno", description="y")])
    assert (kept["id"], kept["description"]) == (first["id"], "y")
    assert kept["version"] != first["version"]
    with pytest.raises(discord.NotFound):
        await bot.http.get_guild_command(app, guild, int(second["id"]))
    option = {"name": "a", "description": "x", "type": 3}
    for wrong in (
        named("Uno"),
        named("con espacio"),
        named("x" * 33),
        named("uno", description="x" * 101),
        named("uno", options=[option, {**option, "name": "b", "required": True}]),
        named("uno", options=[option, option]),
        named("uno", options=[{**option, "name": f"o{n}"} for n in range(26)]),
    ):
        with pytest.raises(discord.HTTPException) as caught:
            await bot.http.upsert_guild_command(app, guild, wrong)  # type: ignore[arg-type]
        assert caught.value.code == 50035
    await bot.http.delete_guild_command(app, guild, int(first["id"]))
    assert stand.world.commands == {}
    if stand.loopback.contract is not None:
        # The description knows some of these limits, too.
        stand.loopback.contract.violations.clear()
