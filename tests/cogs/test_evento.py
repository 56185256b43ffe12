"""The sessions among Discord's own events, over the wire: made ahead, in step, never doubled, ended."""

from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.agenda_changes import ChangeKind, delay
from bot.config import Config
from bot.ids import SessionKey
from bot.loopback import permissions as rights
from bot.loopback.people import Person
from tests.factories import workshop

TUESDAY = "2020-09-08"
CREATE = "POST /guilds/{id}/scheduled-events"
SCHEDULED, ACTIVE = 1, 2
STAGE_MODERATOR = rights.MANAGE_CHANNELS | rights.MUTE_MEMBERS | rights.MOVE_MEMBERS


def of_day(event: Any, day: str = TUESDAY) -> dict[str, Any]:
    """The day's event in Discord's list; fails where there are several."""
    (found,) = [each for each in listed(event) if each["description"].endswith(f"ref. evento-{day}")]
    return found


def listed(event: Any) -> list[dict[str, Any]]:
    return list(event.world.scheduled_events.values())


def stage(event: Any) -> dict[str, Any] | None:
    return event.world.stage_instances.get(event.world.channel_named("auditorio").id)


def instants(event: Any) -> tuple[str, str]:
    found = of_day(event)
    return found["scheduled_start_time"], found["scheduled_end_time"]


def hours(event: Any, start: str, end: str) -> tuple[str, str]:
    return event.at(f"{TUESDAY} {start}").isoformat(), event.at(f"{TUESDAY} {end}").isoformat()


def speaker(event: Any) -> Person:
    """Somebody who moderates the Stage, and may be heard as soon as they are there."""
    event.world.set_overwrite("auditorio", event.hall.moderator_role, allow=STAGE_MODERATOR)
    return event.moderator()


async def without_events(event: Any) -> None:
    """As before the first start: no event in the server, and none that is known."""
    event.world.scheduled_events.clear()
    await forgotten(event)


async def forgotten(event: Any) -> None:
    """The process died before it could note what it had made."""
    await event.services.store.write(lambda tx: tx.connection.execute("DELETE FROM native_events"))


async def put_off(event: Any, minutes: int) -> None:
    await event.services.agenda.change(ChangeKind.DELAY, partial(delay, minutes=minutes), by=None, reason=None)
    await event.settle()


def of_organizers(event: Any) -> list[str]:
    olga = event.organizer()
    return [m.text for m in olga.sees_in("organizacion") if "eventos del servidor" in m.text]


async def test_each_day_is_an_event_of_the_stage_made_ahead(event: Any) -> None:
    assert len(listed(event)) == 4
    tuesday = of_day(event)
    stage_id = str(event.world.channel_named("auditorio").id)
    assert (tuesday["status"], tuesday["entity_type"], tuesday["channel_id"]) == (SCHEDULED, 1, stage_id)
    assert tuesday["name"].startswith("Día 1: Técnicas de investigación e inteligencia policial")
    assert len(tuesday["name"]) <= 100
    assert instants(event) == hours(event, "09:00", "11:00")
    described = tuesday["description"]
    assert "Martes" not in described
    assert "martes 8 de septiembre: Técnicas de investigación" in described
    assert "Tuesday 8 September: Investigation techniques" in described
    assert "10:15-11:00 Preguntas y Respuestas" in described
    assert "10:15-11:00 Questions and answers" in described
    assert stage(event) is None


async def test_it_starts_with_the_first_speaker_and_is_completed_with_the_session(event: Any) -> None:
    ana, mora = event.person("Ana"), speaker(event)
    await event.clock.run_until(event.at(f"{TUESDAY} 08:55"))
    await mora.joins("auditorio")
    await event.settle()
    assert of_day(event)["status"] == SCHEDULED
    await mora.leaves()
    await event.clock.run_until(event.at(f"{TUESDAY} 09:02"))
    await ana.joins("auditorio")
    await event.settle()
    assert (of_day(event)["status"], stage(event)) == (SCHEDULED, None)
    await mora.joins("auditorio")
    await event.settle()
    opened = stage(event)
    assert opened is not None
    assert of_day(event)["status"] == ACTIVE
    assert opened["topic"].startswith("Día 1: Técnicas de investigación")
    assert len(opened["topic"]) <= 120
    assert opened["guild_scheduled_event_id"] == of_day(event)["id"]
    await event.clock.run_until(event.at(f"{TUESDAY} 11:00"))
    assert len(listed(event)) == 3
    # Who still speaks is not cut short.
    assert stage(event) == opened
    await mora.leaves()
    await event.settle()
    assert stage(event) is None
    await event.restart()
    assert len(listed(event)) == 3
    assert all(message.pinged == [] for message in ana.sees())


async def test_where_nobody_spoke_it_is_called_off(event: Any) -> None:
    await event.clock.run_until(event.at(f"{TUESDAY} 11:01"))
    assert [each["status"] for each in listed(event)] == [SCHEDULED] * 3
    assert stage(event) is None


async def test_a_delay_moves_what_may_still_be_moved(event: Any) -> None:
    mora = speaker(event)
    await event.clock.run_until(event.at(f"{TUESDAY} 08:50"))
    await put_off(event, 20)
    assert instants(event) == hours(event, "09:20", "11:20")
    assert "10:35-11:20 Preguntas y Respuestas" in of_day(event)["description"]
    await mora.joins("auditorio")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:19"))
    assert of_day(event)["status"] == SCHEDULED
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    assert of_day(event)["status"] == ACTIVE
    await put_off(event, 10)
    assert instants(event) == hours(event, "09:20", "11:30")
    await event.clock.run_until(event.at(f"{TUESDAY} 11:25"))
    assert of_day(event)["status"] == ACTIVE
    await event.clock.run_until(event.at(f"{TUESDAY} 11:31"))
    assert len(listed(event)) == 3
    assert event.services.event.session(SessionKey(TUESDAY)).ends_at == event.at(f"{TUESDAY} 11:30")


async def test_brought_forward_past_its_old_start_it_still_has_an_end_after_its_start(event: Any) -> None:
    await event.clock.run_until(event.at(f"{TUESDAY} 08:30"))
    await put_off(event, 30)
    assert instants(event) == hours(event, "09:30", "11:30")
    await put_off(event, -60)
    start, end = instants(event)
    assert (start, end) == (event.at(f"{TUESDAY} 08:31").isoformat(), event.at(f"{TUESDAY} 10:30").isoformat())


@pytest.mark.parametrize("kind", ["accepted-then-502", "502"])
async def test_a_request_that_fails_makes_neither_none_nor_two(event: Any, kind: Any) -> None:
    await without_events(event)
    event.loopback.faults.add(kind, route=CREATE, times=2)
    await event.restart()
    await event.clock.run_for(120)
    assert len(listed(event)) == 4
    assert of_day(event)["status"] == SCHEDULED


async def test_one_that_was_made_by_a_process_that_died_before_it_noted_it_is_found_again(event: Any) -> None:
    ids = {each["id"] for each in listed(event)}
    await forgotten(event)
    await event.restart()
    assert {each["id"] for each in listed(event)} == ids
    await event.restart()
    assert {each["id"] for each in listed(event)} == ids


async def test_one_that_somebody_took_away_is_not_made_again(event: Any) -> None:
    del event.world.scheduled_events[int(of_day(event)["id"])]
    await put_off(event, 5)
    await event.restart()
    assert len(listed(event)) == 3
    assert of_organizers(event) == []


async def test_a_text_that_discord_writes_in_its_own_way_is_not_offered_without_end(event: Any) -> None:
    mora, changes = speaker(event), []

    def in_its_own_way(name: str, data: Any, **_more: Any) -> None:
        if name == "GUILD_SCHEDULED_EVENT_UPDATE" and data["id"] == tuesday:
            changes.append(data["status"])
            data["description"] = data["description"].replace("martes", "Martes")

    tuesday = of_day(event)["id"]
    event.world.listen(in_its_own_way)
    await put_off(event, 5)
    assert len(changes) == 2
    await mora.joins("auditorio")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:06"))
    assert changes == [SCHEDULED, SCHEDULED, ACTIVE]


@pytest.mark.parametrize(("kind", "code"), [("404", 10070), ("502", None)])
async def test_trouble_with_one_day_keeps_no_other_back(event: Any, kind: Any, code: int | None) -> None:
    event.loopback.faults.add(kind, route="PATCH /guilds/{id}/scheduled-events/{id}", code=code)
    await event.clock.run_until(event.at(f"{TUESDAY} 08:40"))
    await put_off(event, 5)
    await event.clock.run_until(event.at("2020-09-09 08:40"))
    await put_off(event, 5)
    assert of_day(event, "2020-09-09")["scheduled_start_time"] == event.at("2020-09-09 09:05").isoformat()


async def test_stage_that_is_open_already_gets_the_topic(event: Any) -> None:
    mora, channel = speaker(event), event.world.channel_named("auditorio")
    await event.clock.run_until(event.at(f"{TUESDAY} 08:59"))
    event.world.stage_instances[channel.id] = {
        "id": "77",
        "guild_id": str(event.world.id),
        "channel_id": str(channel.id),
        "topic": "Prueba de audio",
        "privacy_level": 2,
        "discoverable_disabled": True,
        "guild_scheduled_event_id": None,
    }
    await mora.joins("auditorio")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:01"))
    opened = stage(event)
    assert opened is not None
    assert (opened["id"], opened["topic"][:6]) == ("77", "Día 1:")


class TestMissingPermissions:
    async def test_organizers_are_told_once_and_it_is_made_up_for(self, event: Any) -> None:
        role, stage_channel = event.hall.bot_role, event.world.channel_named("auditorio")
        await without_events(event)
        await event.stop()
        overwrites = dict(stage_channel.overwrites)
        event.world.change_role(role, permissions=role.permissions & ~rights.CREATE_EVENTS)
        event.world.set_overwrite(stage_channel, role, allow=rights.MUTE_MEMBERS)
        await event.start()
        await event.clock.run_for(120)
        await event.restart()
        await event.clock.run_for(120)
        (told,) = of_organizers(event)
        assert "«Crear eventos», «Gestionar canales», «Mover a miembros»" in told
        assert "“Create Events”, “Manage Channels”, “Move Members”" in told
        assert listed(event) == []
        ana = event.person("Ana")
        await event.clock.run_until(event.at(f"{TUESDAY} 09:00"))
        # Everything else goes on.
        assert any("0908-apertura-1" in message.text for message in ana.sees_in("anuncios"))
        event.world.change_role(role, permissions=role.permissions | rights.CREATE_EVENTS)
        event.world.change_channel(stage_channel, overwrites=overwrites)
        await event.settle()
        assert len(listed(event)) == 4
        assert len(of_organizers(event)) == 1

    async def test_refusal_that_the_bot_did_not_foresee_is_told_too(self, event: Any) -> None:
        await without_events(event)
        event.loopback.faults.add("403", route=CREATE, times=None, code=50013)
        await event.restart()
        assert len(of_organizers(event)) == 1
        assert listed(event) == []


class TestWithoutStage:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return workshop(tmp_path, stage=None)

    async def test_the_hour_alone_starts_and_ends_it(self, event: Any) -> None:
        tuesday = of_day(event)
        assert (tuesday["entity_type"], tuesday["entity_metadata"]) == (3, {"location": "#anuncios"})
        await event.clock.run_until(event.at(f"{TUESDAY} 09:00"))
        assert of_day(event)["status"] == ACTIVE
        await event.clock.run_until(event.at(f"{TUESDAY} 11:00"))
        assert [each["status"] for each in listed(event)] == [SCHEDULED] * 3


class TestStartedLate:
    @pytest.fixture
    def starts_at(self, config: Config) -> datetime:
        return config.agenda.sessions[0].starts_at + timedelta(minutes=30)

    async def test_the_session_that_runs_gets_one_and_those_that_are_past_none(self, event: Any) -> None:
        mora = speaker(event)
        assert len(listed(event)) == 4
        assert instants(event) == hours(event, "09:31", "11:00")
        await mora.joins("auditorio")
        await event.settle()
        assert of_day(event)["status"] == ACTIVE
