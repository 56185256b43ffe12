"""The speaker line: who has the floor, who is next, what happens on the Stage, and the nudge in the channel."""

import sqlite3
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.floor import Hand, Speech, in_line
from bot.ids import PersonId, SessionKey
from bot.loopback.nouns import Overwrite
from bot.loopback.people import Person
from tests.cogs.dais import register

TUESDAY = SessionKey("2020-09-08")


@pytest.fixture
async def talk(event: Any) -> Any:
    """Tuesday 9:40, in the technical exchange."""
    await event.clock.run_until(event.at(f"{TUESDAY} 09:40"))
    return event


async def raised(event: Any, name: str, country: str | None = None, *, after: float = 1) -> Person:
    """Somebody in the Stage's audience whose hand is raised."""
    who: Person = event.person(name)
    if country is not None:
        await register(event, who, country, name)
    await who.joins("auditorio")
    await event.clock.run_for(after)
    await who.toggles(request_to_speak=True)
    await event.settle()
    return who


def voice(event: Any, who: Person) -> Any:
    return event.world.voice[who.id]


def nudges(moderator: Person) -> list[str]:
    return [m.text for m in moderator.sees_in("moderacion") if "-palabra" in m.text]


async def test_raised_hands_stand_in_fair_turns_by_country(talk: Any) -> None:
    moderator = talk.moderator()
    first = await raised(talk, "Ana Prueba", "CR")
    await raised(talk, "Eva Prueba", "CR")
    await raised(talk, "Hugo Prueba", "HN")
    await raised(talk, "Nadie Registrado")
    await moderator.slash("palabra")
    card = moderator.private()[-1]
    assert [line[:2] + line[3:].split(" ·")[0] for line in card.text.splitlines()[2:]] == [
        "1.Ana Prueba",
        "2.Hugo Prueba",
        "3.Nadie Registrado",
        "4.Eva Prueba",
    ]
    await moderator.choose(card, f"floor:give:{TUESDAY}", str(first.id))
    assert not voice(talk, first).suppress
    card = moderator.private()[-1]
    assert "Tiene la palabra Ana Prueba** (Costa Rica)" in card.text
    ends = int((talk.clock.now() + timedelta(minutes=5)).timestamp())
    assert f"Termina <t:{ends}:R>" in card.text or f"Termina <t:{ends - 1}:R>" in card.text
    # Costa Rica has had its turn: the other two come before its second hand.
    assert [option.label.split(" ·")[0] for option in card.selects[0].options] == [
        "Hugo Prueba",
        "Nadie Registrado",
        "Eva Prueba",
    ]


async def test_two_minutes_before_the_end_moderators_are_told_once_over_a_restart(talk: Any) -> None:
    moderator = talk.moderator()
    ana = await raised(talk, "Ana Prueba", "CR")
    await moderator.slash("palabra", persona=ana, minutos=6)
    await talk.clock.run_for(60 * 3)
    await talk.restart()
    assert nudges(moderator) == []
    await talk.clock.run_for(61)
    await talk.settle()
    (said,) = nudges(moderator)
    assert "le quedan dos minutos" in said
    assert "Ana" not in said
    await talk.restart()
    await talk.clock.run_for(200)
    assert len(nudges(moderator)) == 1


async def test_who_has_finished_is_nudged_no_more_and_is_back_in_the_audience(talk: Any) -> None:
    moderator = talk.moderator()
    ana = await raised(talk, "Ana Prueba", "CR")
    await moderator.slash("palabra", persona=ana)
    await moderator.click(moderator.private()[-1], "Terminó")
    assert voice(talk, ana).suppress
    assert voice(talk, ana).request_to_speak is None
    assert "Nadie tiene la palabra" in moderator.private()[-1].text
    await talk.clock.run_for(60 * 6)
    assert nudges(moderator) == []


async def test_muted_until_given_the_floor_again(talk: Any) -> None:
    moderator = talk.moderator()
    ana = await raised(talk, "Ana Prueba", "CR")
    await moderator.slash("palabra", persona=ana)
    await moderator.click(moderator.private()[-1], "Quitar el sonido")
    assert voice(talk, ana).mute
    await moderator.click(moderator.private()[-1], "Devolver al público")
    assert voice(talk, ana).suppress
    await moderator.slash("palabra", persona=ana)
    assert not voice(talk, ana).mute
    assert not voice(talk, ana).suppress


async def test_a_card_of_an_earlier_speech_does_nothing_to_the_next_one(talk: Any) -> None:
    moderator, other = talk.moderator(), talk.moderator("Otra Moderadora")
    ana, hugo = await raised(talk, "Ana Prueba", "CR"), await raised(talk, "Hugo Prueba", "HN")
    await moderator.slash("palabra", persona=ana)
    old = moderator.private()[-1]
    await other.slash("palabra", persona=hugo)
    for label in ("Terminó", "Quitar el sonido", "Devolver al público"):
        done = await moderator.click(old, label)
        assert done.answer is not None
        assert "Ya no tiene la palabra" in done.answer.text
    assert not voice(talk, hugo).suppress
    assert not voice(talk, hugo).mute


async def test_without_the_permission_the_time_runs_and_the_moderator_is_told(talk: Any) -> None:
    moderator = talk.moderator()
    ana = await raised(talk, "Ana Prueba", "CR")
    stage = talk.hall.stage
    denied = Overwrite(is_member=False, deny=1 << 22)
    talk.world.change_channel(stage, overwrites={**stage.overwrites, talk.hall.bot_role.id: denied})
    await talk.settle()
    await moderator.slash("palabra", persona=ana)
    text = moderator.private()[-1].text
    assert "Hágalo a mano" in text
    assert "Tiene la palabra Ana Prueba" in text
    assert voice(talk, ana).suppress


async def test_somebody_elsewhere_has_the_floor_all_the_same(talk: Any) -> None:
    moderator, ana = talk.moderator(), talk.person("Ana Prueba")
    await moderator.slash("palabra", persona=ana)
    assert "no está en el auditorio" in moderator.private()[-1].text
    assert f"Tiene la palabra <@{ana.id}>" in moderator.private()[-1].text


async def test_one_speech_runs_at_a_time_whatever_two_moderators_do(talk: Any) -> None:
    speaking = talk.services.speaking
    for person in (1, 2, 3):
        await speaking.give(TUESDAY, PersonId(person), 5, PersonId(9))
    with sqlite3.connect(f"file:{talk.config.storage.database}?mode=ro", uri=True) as connection:
        rows = connection.execute("SELECT number, ended_at IS NULL FROM speeches ORDER BY number").fetchall()
    connection.close()
    assert rows == [(1, 0), (2, 0), (3, 1)]


async def test_after_the_session_nobody_gets_the_floor(talk: Any) -> None:
    moderator, ana = talk.moderator(), talk.person("Ana Prueba")
    await talk.clock.run_until(talk.at(f"{TUESDAY} 11:00"))
    done = await moderator.slash("palabra", persona=ana)
    assert done.answer is not None
    assert "terminó" in done.answer.text


def test_who_spoke_before_comes_after_who_did_not() -> None:
    # Pure: one delegation, two people, the first of whom has spoken.
    at = datetime(2020, 9, 8, 15, tzinfo=UTC)
    hands = [Hand(PersonId(1), at), Hand(PersonId(2), at + timedelta(seconds=5))]
    had = [Speech(1, PersonId(1), "CR", at, at + timedelta(minutes=5))]
    line = in_line(hands, {PersonId(1): "CR", PersonId(2): "CR"}, had)
    assert [each.hand.person for each in line] == [2, 1]


async def test_a_line_of_long_names_is_shown_within_discords_limit(talk: Any) -> None:
    moderator = talk.moderator()
    await moderator.slash("palabra")
    looked = moderator.private()[-1]
    hands = [await raised(talk, f"({number:02}) M.-A. P.-C. (S.E.-C.) [-.-]", after=0.1) for number in range(25)]
    await moderator.click(looked, "Ver de nuevo")
    card = moderator.private()[-1]
    assert len(card.text) <= 2000
    # The first in turn stand in the text, and everybody can be chosen.
    assert "10. " in card.text
    assert {option.value for option in card.selects[0].options} == {str(who.id) for who in hands}


def test_who_is_given_the_floor_twice_at_once_has_taken_one_turn() -> None:
    at = datetime(2020, 9, 8, 15, tzinfo=UTC)
    ends, later = at + timedelta(minutes=5), at + timedelta(minutes=6)
    spoke = Speech(1, PersonId(3), "HN", at - timedelta(hours=1), at)
    pressed = [Speech(number, PersonId(1), "CR", at + timedelta(seconds=number), ends) for number in (2, 3)]
    again = Speech(4, PersonId(1), "CR", later, later + timedelta(minutes=5))
    hands = [Hand(PersonId(2), at)]
    turns = {PersonId(2): "CR"}
    assert [each.taken for each in in_line(hands, turns, [spoke, *pressed])] == [1]
    assert [each.taken for each in in_line(hands, turns, [spoke, *pressed, again])] == [2]
