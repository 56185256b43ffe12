"""The roles that registration gives: once, for as long as they are due, and whatever Discord refuses."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, RolesConfig
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from tests.factories import workshop

MANAGE_ROLES = 1 << 28
VIEW = 1 << 10

GIVEN = RolesConfig(
    attendee="Asistente",
    countries={"CR": "Costa Rica", "HN": "Honduras"},
    profiles={"judicial": "Fiscalía"},
)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return workshop(tmp_path, roles=GIVEN)


NAMES = ("Asistente", "Costa Rica", "Honduras", "Fiscalía")


@pytest.fixture
async def roles(event: Any) -> Any:
    """The event in whose server the roles are, below the bot's own, which may give them."""
    event.roles = {role.name: role for role in event.world.roles.values() if role.name in NAMES}
    return event


def last(person: Person) -> SeenMessage:
    return person.private()[-1]


async def registers(person: Person, affiliation: str = "CR", **more: Any) -> None:
    await person.slash("registro")
    form = (await person.click(last(person), "registration:agree")).modal
    assert form is not None
    await person.submit(form, name="Ana Prueba", institution="Ministerio", affiliation=affiliation, **more)


def held(event: Any, person: Person) -> set[str]:
    return {event.world.roles[role].name for role in person.role_ids}


def given(event: Any) -> list[tuple[int, int]]:
    with sqlite3.connect(event.config.storage.database) as connection:
        rows = connection.execute("SELECT person_id, role_id FROM given_roles ORDER BY 1, 2").fetchall()
    connection.close()
    return rows


async def alerts(event: Any, olga: Person) -> list[str]:
    await event.clock.run_for(60)
    return [message.text for message in olga.sees_in("organizacion") if "No puedo dar el rol" in message.text]


async def test_registration_gives_the_roles_and_a_corrected_one_the_right_ones(roles: Any) -> None:
    ana, ben = roles.person("Ana"), roles.person("Ben")
    await registers(ana, profile="judicial")
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente", "Costa Rica", "Fiscalía"}
    assert held(roles, ben) == set()
    await registers(ana, "HN", profile=[])
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente", "Honduras"}
    await registers(ana, "organization")
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente"}


async def test_it_opens_a_channel_to_registered_people_only(roles: Any) -> None:
    sala = roles.world.add_text_channel(
        "delegaciones", hidden_from_everyone=True, allow={roles.roles["Asistente"]: VIEW}
    )
    ana = roles.person("Ana")
    assert not roles.world.may_see(ana, sala)
    await registers(ana)
    await roles.clock.run_for(5)
    assert roles.world.may_see(ana, sala)


async def test_roles_that_somebody_has_otherwise_are_left_alone(roles: Any) -> None:
    ana = roles.person("Ana", roles=(roles.roles["Honduras"],))
    await registers(ana)
    await registers(ana, "organization")
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente", "Honduras"}


async def test_what_an_organizer_takes_away_stays_away_and_who_comes_back_gets_it_anew(roles: Any) -> None:
    ana = roles.person("Ana")
    await registers(ana)
    await roles.clock.run_for(5)
    roles.world.change_member(ana, role_ids=[])
    await ana.slash("programa")
    await roles.restart()
    await ana.slash("programa")
    await roles.clock.run_for(5)
    assert held(roles, ana) == set()
    # Left the server and came back.
    roles.world.change_member(ana, joined_at=roles.clock.now())
    await ana.slash("programa")
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente", "Costa Rica"}


async def test_who_registered_before_gets_them_after_a_start(roles: Any) -> None:
    ana = roles.person("Ana")
    for role in roles.roles.values():
        roles.world.delete_role(role)
    await registers(ana)
    await roles.stop()
    for name in NAMES:
        roles.world.add_role(name)
    roles.world.change_role(roles.hall.bot_role, position=50)
    await roles.start()
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente", "Costa Rica"}
    kept = given(roles)
    await roles.restart()
    await roles.clock.run_for(5)
    assert given(roles) == kept


async def test_role_above_the_bots_is_told_once_and_all_else_goes_on(roles: Any) -> None:
    ana, ben, olga = roles.person("Ana"), roles.person("Ben"), roles.organizer()
    roles.world.change_role(roles.roles["Costa Rica"], position=60)
    for person in (ana, ben):
        await registers(person)
        assert "Registro guardado" in last(person).text
    told = await alerts(roles, olga)
    assert len(told) == 1
    assert "`discord.roles.countries.CR`" in told[0]
    assert "por encima del mío" in told[0]
    assert held(roles, ana) == held(roles, ben) == {"Asistente"}
    await roles.restart()
    assert len(await alerts(roles, olga)) == 1
    # Once it is mended, nobody has to do anything else.
    roles.world.change_role(roles.roles["Costa Rica"], position=3)
    await roles.clock.run_for(5)
    assert held(roles, ana) == held(roles, ben) == {"Asistente", "Costa Rica"}


async def test_missing_permission_is_told_once_and_no_request_is_wasted(roles: Any) -> None:
    olga, ana = roles.organizer(), roles.person("Ana")
    permissions = roles.hall.bot_role.permissions
    roles.world.change_role(roles.hall.bot_role, permissions=permissions & ~MANAGE_ROLES)
    await registers(ana)
    told = await alerts(roles, olga)
    assert len(told) == 4
    assert all("Gestionar roles" in text for text in told)
    assert held(roles, ana) == set()
    roles.world.change_role(roles.hall.bot_role, permissions=permissions)
    await roles.clock.run_for(5)
    assert held(roles, ana) == {"Asistente", "Costa Rica"}


async def test_what_discord_forbids_for_reasons_of_its_own_is_told_once_and_not_asked_again_and_again(
    roles: Any,
) -> None:
    olga = roles.organizer()
    fault = roles.loopback.faults.add("403", route="PUT /guilds/{g}/members/{u}/roles/{r}", times=None, code=50013)
    for number in range(5):
        await registers(roles.person(f"Persona {number}"), "organization")
    told = await alerts(roles, olga)
    assert len(told) == 1
    assert "Discord no lo permite" in told[0]
    assert fault.played == 1


@pytest.mark.parametrize(("kind", "times"), [("503", 5), ("429", 5), ("accepted-then-502", 1)])
async def test_what_discord_does_badly_is_tried_again(roles: Any, kind: Any, times: int) -> None:
    ana = roles.person("Ana")
    roles.loopback.faults.add(kind, route="PUT /guilds/{guild}/members/{user}/roles/{role}", times=times)
    await registers(ana)
    await roles.clock.run_for(600)
    assert held(roles, ana) == {"Asistente", "Costa Rica"}


async def test_who_has_left_the_server_keeps_nobody_else_waiting(roles: Any) -> None:
    ana, ben = roles.person("Ana"), roles.person("Ben")
    await roles.stop()
    await roles.start()
    await registers(ana)
    await roles.clock.run_for(5)
    roles.world.members.pop(ana.id)
    await registers(ben)
    await roles.restart()
    await roles.clock.run_for(5)
    assert held(roles, ben) == {"Asistente", "Costa Rica"}


async def test_erased_people_lose_what_registration_gave(roles: Any) -> None:
    ana = roles.person("Ana")
    await registers(ana)
    await roles.clock.run_for(5)
    await roles.stop()
    with sqlite3.connect(roles.config.storage.database) as connection:
        connection.execute("DELETE FROM standings")
        connection.execute("DELETE FROM participants")
    connection.close()
    await roles.start()
    await roles.clock.run_for(5)
    assert held(roles, ana) == set()
    assert given(roles) == []
