"""The places of the event: found by id or name, the same ones after they were renamed, and told of when absent."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.place_ids import memory_key
from cogs.venue import Absent, find_guild, find_venue, matches
from tests.factories import workshop

TUESDAY = "2020-09-08"


@dataclass
class Thing:
    id: int
    name: str


@dataclass
class Place:
    """A server with channels and roles, and nothing else."""

    id: int = 1
    name: str = "Servidor de ensayo"
    roles: list[Thing] = field(default_factory=lambda: [Thing(50, "Moderación"), Thing(51, "Organización")])
    text_channels: list[Thing] = field(
        default_factory=lambda: [
            Thing(10, "anuncios"),
            Thing(11, "preguntas"),
            Thing(12, "moderacion"),
            Thing(13, "organizacion"),
        ]
    )
    stage_channels: list[Thing] = field(default_factory=lambda: [Thing(20, "auditorio")])
    voice_channels: list[Thing] = field(default_factory=lambda: [Thing(21, "sala 2")])


@pytest.mark.parametrize("reference", [10, "anuncios", "#anuncios", " Anuncios ", "ANUNCIOS"])
def test_place_is_meant_by_id_or_by_name_with_or_without_its_sign(reference: int | str) -> None:
    assert matches(reference, Thing(10, "anuncios"))
    assert not matches(reference, Thing(11, "anuncios-2"))


def test_accent_may_be_written_as_one_sign_or_as_two() -> None:
    assert matches("Moderacio\u0301n", Thing(50, "Moderación"))
    assert matches("@Moderación", Thing(50, "Moderacio\u0301n"))
    assert not matches("Moderacion", Thing(50, "Moderación"))


def test_name_made_of_digits_is_no_id() -> None:
    assert not matches("10", Thing(10, "anuncios"))
    assert matches("10", Thing(3, "10"))


def test_everything_is_found(tmp_path: Path) -> None:
    venue = find_venue(Place(), workshop(tmp_path, voice=("sala 2",), announcements=("#anuncios", 11)))
    assert venue.absent == ()
    assert (venue.announcements, venue.questions, venue.moderators, venue.organizers) == ((10, 11), 11, 12, 13)
    assert (venue.stage, venue.voice, venue.counted_channels) == (20, {21}, {20, 21})
    assert (venue.moderator_role, venue.organizer_role) == (50, 51)


def test_what_is_absent_is_named_and_keeps_nobody_from_the_rest(tmp_path: Path) -> None:
    config = workshop(tmp_path, questions="aula", stage=99, organizer_role="Comité")
    venue = find_venue(Place(), config)
    assert venue.absent == (
        Absent("discord.questions", "aula"),
        Absent("discord.stage", 99),
        Absent("discord.organizer_role", "Comité"),
    )
    assert (venue.questions, venue.stage) == (0, 99)
    assert venue.announcements == (10,)
    assert not venue.is_organizer([50, 1])
    assert not venue.is_moderator([])


def test_renamed_place_stays_the_same_and_a_new_one_of_its_name_does_not_take_over(tmp_path: Path) -> None:
    config, place = workshop(tmp_path), Place()
    remembered = dict(find_venue(place, config).found)
    place.text_channels[0].name = "bienvenida"
    place.text_channels.insert(0, Thing(99, "anuncios"))
    venue = find_venue(place, config, remembered)
    assert venue.announcements == (10,)
    assert venue.absent == ()


def test_place_that_was_replaced_is_found_by_its_name(tmp_path: Path) -> None:
    config, place = workshop(tmp_path), Place()
    remembered = dict(find_venue(place, config).found)
    place.text_channels[0] = Thing(99, "anuncios")
    assert find_venue(place, config, remembered).announcements == (99,)


def test_other_name_in_the_configuration_means_another_place(tmp_path: Path) -> None:
    remembered = {memory_key("discord.announcements[0]", "anuncios"): 10}
    assert find_venue(Place(), workshop(tmp_path, announcements=("preguntas",)), remembered).announcements == (11,)


def test_server_is_found_by_id_or_name() -> None:
    places: list[Any] = [Place(7, "Otro"), Place()]
    assert find_guild(places, "Servidor de ensayo") is places[1]
    assert find_guild(places, 7) is places[0]
    assert find_guild(places, "Ninguno") is None


# Over the wire


def texts(person: Any, channel: str) -> str:
    return "\n".join(message.text for message in person.sees_in(channel) if not message.ephemeral)


async def test_channel_renamed_during_the_event_is_the_same_after_a_restart(event: Any) -> None:
    ana = event.person("Ana")
    event.world.rename_channel("anuncios", "sala-de-prensa")
    await event.restart()
    await event.clock.run_until(event.at(f"{TUESDAY} 09:00"))
    assert event.config.agenda.sessions[0].theme["es"] in texts(ana, "sala-de-prensa")
    assert event.bot.venue.absent == ()


async def test_channel_deleted_between_two_blocks_is_told_and_the_event_goes_on(event: Any) -> None:
    ana, olga = event.person("Ana"), event.organizer()
    await event.clock.run_until(event.at(f"{TUESDAY} 09:10"))
    event.world.remove_channel("anuncios")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:31"))
    assert "anuncios" in texts(olga, "organizacion")
    assert "número 1" in (await ana.slash("pregunta", texto="¿Sigue?", channel="preguntas")).text


async def test_channel_made_again_is_used_at_once_without_a_restart(event: Any) -> None:
    ana = event.person("Ana")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:10"))
    event.world.remove_channel("anuncios")
    await event.settle()
    event.world.add_text_channel("anuncios")
    await event.settle()
    assert event.bot.venue.absent == ()
    await event.clock.run_until(event.at(f"{TUESDAY} 09:31"))
    assert texts(ana, "anuncios")


async def test_organizers_are_told_what_the_server_lacks(event: Any) -> None:
    olga = event.organizer()
    await event.stop()
    event.world.delete_role(next(role for role in event.world.roles.values() if role.name == "Moderación"))
    event.world.remove_channel("preguntas")
    await event.start()
    await event.clock.run_for(60)
    told = texts(olga, "organizacion")
    assert "preguntas" in told
    assert "moderator_role" in told
    # And nobody moderates by a role that is not there.
    assert not event.bot.venue.is_moderator([])


async def test_ids_of_the_setup_count_before_names_and_what_was_found_before(event: Any) -> None:
    other = event.world.add_text_channel("otra sala", deny={event.world.everyone: 1 << 11})
    assert event.bot.venue.questions != other.id
    event.config = event.config.with_known_ids(
        {memory_key("discord.questions", "preguntas"): other.id, memory_key("discord.stage", "otro nombre"): other.id}
    )
    stage = event.bot.venue.stage
    await event.restart()
    assert event.bot.venue.questions == other.id
    # What was written for another name counts for nothing.
    assert event.bot.venue.stage == stage
