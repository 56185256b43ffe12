"""The event's server: known again under another name, not mistaken for another, and what changes in it meanwhile."""

from datetime import timedelta
from typing import Any

import discord
import pytest

from bot.attendance import minutes_by_person_and_block
from bot.errors import NotSaved, NotSavedReason
from bot.ids import SessionKey

TUESDAY = SessionKey("2020-09-08")


async def run_to(event: Any, hour: str) -> None:
    await event.clock.run_until(event.at(f"{TUESDAY} {hour}"))


async def test_a_server_renamed_during_the_event_is_the_same_after_a_restart(event: Any) -> None:
    ana = event.person("Ana Prueba")
    event.world.change_server(name="Taller, primer día")
    await event.restart()
    await run_to(event, "09:00")
    assert [message.content for message in ana.sees_in("anuncios") if "0908-apertura-1" in message.content]


async def test_another_server_of_the_same_name_does_not_take_the_event_over(event: Any) -> None:
    venue = event.bot.venue
    data: Any = {"id": "7", "name": event.world.name, "roles": [], "channels": [], "members": []}
    other = discord.Guild(data=data, state=event.bot._connection)
    await event.bot.on_guild_join(other)
    await event.settle()
    assert event.bot.venue is venue


async def test_a_channel_and_a_role_that_get_the_right_name_at_last_are_used_at_once(event: Any) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    role = event.hall.organizer_role
    await event.stop()
    event.world.remove_channel("anuncios")
    event.world.add_text_channel("general")
    event.world.delete_role(role)
    late = event.world.add_role("Comité")
    ines = event.person("Inés Prueba", roles=(late,))
    await event.start()
    settings = [absent.setting for absent in event.bot.venue.absent]
    assert settings == ["discord.announcements[0]", "discord.organizer_role"]
    event.world.rename_channel("general", "anuncios")
    await event.settle()
    assert [absent.setting for absent in event.bot.venue.absent] == ["discord.organizer_role"]
    event.world.change_role(late, name="Organización")
    await event.settle()
    assert event.bot.venue.absent == ()
    await run_to(event, "08:45")
    assert [message.content for message in ana.sees_in("anuncios") if "0908-recordatorio-1" in message.content]
    assert (await ines.slash("asistencia")).answer.attachments
    assert not (await olga.slash("asistencia")).answer.attachments


@pytest.mark.trial("A8")
async def test_a_channel_that_becomes_the_one_of_those_who_are_away_counts_no_longer(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:00")
    await ana.joins("auditorio")
    await run_to(event, "09:10")
    event.world.change_server(afk=event.hall.stage)
    await run_to(event, "09:20")
    event.world.change_server(afk=None)
    await run_to(event, "11:00")
    minutes = minutes_by_person_and_block(await event.services.register.day(TUESDAY))[ana.id]
    assert timedelta(milliseconds=sum(minutes.values())) == timedelta(minutes=110)


@pytest.mark.trial("J6")
async def test_what_the_server_lacks_cannot_be_noted_and_the_announcements_go_on(
    event: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database takes nothing at the very moment at which the server is seen."""
    ana = event.person("Ana Prueba")
    await event.stop()
    event.world.remove_channel("preguntas")
    tell = type(event.services.notices).tell

    async def refuse(*_arguments: Any) -> None:
        raise NotSaved(NotSavedReason.FULL)

    monkeypatch.setattr(type(event.services.notices), "tell", refuse)
    await event.start()
    monkeypatch.setattr(type(event.services.notices), "tell", tell)
    await run_to(event, "09:00")
    assert [message.content for message in ana.sees_in("anuncios") if "0908-apertura-1" in message.content]
