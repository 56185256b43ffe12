"""Discord's bad days in the middle of the event: what was asked is done once, and who can put it right is told once."""

import io
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.config import Config
from bot.loopback import permissions as rights
from cogs.posting import Post
from tests.factories import workshop

from .dais import on_air, state_of
from .test_announcements import TUESDAY, marks, notices
from .test_apoyos import list_of
from .test_lasting_troubles import POST, run_to, told


def impatient(config: Config) -> Config:
    """The same event, whose bot waits for an answer no longer than half a second of the machine's."""
    connection = config.connection.model_copy(update={"send_timeout_seconds": 0.5})
    return config.model_copy(update={"connection": connection})


@pytest.mark.parametrize("then", ["403", "429", "404", "401"])
async def test_a_post_that_was_taken_although_the_last_answer_refused_it_is_not_sent_again(
    event: Any, then: Any
) -> None:
    """discord.py tries again after a 502 by itself, and tells of the last answer alone."""
    ana = event.person("Ana Prueba")
    await run_to(event, "08:59")
    event.loopback.faults.add("accepted-then-502", route=POST, channel="anuncios")
    event.loopback.faults.add(then, route=POST, channel="anuncios", times=1 if then == "401" else None)
    if then == "401":
        await run_to(event, "09:00")
        with pytest.raises(ExceptionGroup) as ended:
            await event.stop()
        assert ended.group_contains(discord.LoginFailure)
    else:
        await run_to(event, "09:20")
    event.loopback.faults.clear()
    # Discord has forgotten the nonce by now.
    event.clock.set(event.at("2020-09-08 09:21"))
    if then == "401":
        await event.start()
    await run_to(event, "11:00")
    assert marks(ana.sees_in("anuncios")) == TUESDAY


@pytest.mark.parametrize("taken", [True, False])
async def test_what_may_have_been_taken_waits_while_nothing_can_be_posted_nor_sought(event: Any, taken: bool) -> None:
    """A 502, then a refusal for permissions that are really gone, the history's among them, and come back."""
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await run_to(event, "08:59")
    event.loopback.faults.add("accepted-then-502" if taken else "502", route=POST, channel="anuncios")
    event.loopback.faults.add("403", route=POST, channel="anuncios")
    await run_to(event, "09:00")
    event.world.set_overwrite("anuncios", event.hall.bot_role, deny=rights.SEND_MESSAGES | rights.READ_MESSAGE_HISTORY)
    await run_to(event, "09:06")
    assert len(told(olga, "No puedo publicar en")) >= 1
    assert told(olga, "No pude confirmar") == []
    event.world.set_overwrite("anuncios", event.hall.bot_role, allow=rights.SEND_MESSAGES)
    await run_to(event, "11:00")
    assert notices(ana.sees_in("anuncios")) == [mark.rpartition("-")[0] for mark in TUESDAY]
    seen = marks(ana.sees_in("anuncios"))
    assert len(set(seen)) == len(seen)
    assert told(olga, "No pude confirmar") == []


class TestAShortPatience:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        return impatient(workshop(tmp_path))

    async def test_one_trouble_of_a_channel_is_told_once_whatever_each_attempt_meets(self, event: Any) -> None:
        ana, olga = event.person("Ana Prueba"), event.organizer()
        await run_to(event, "08:59")
        played = []
        for kind, until in (("hang", "09:02"), ("503", "09:07"), ("429", "09:13"), ("500", "09:18")):
            fault = event.loopback.faults.add(kind, route=POST, channel="anuncios", times=None)
            await run_to(event, until)
            event.loopback.faults.clear()
            played.append(fault.played)
        assert all(played)
        assert len(told(olga, "No logro publicar en")) == 1
        await run_to(event, "11:00")
        assert notices(ana.sees_in("anuncios")) == [mark.rpartition("-")[0] for mark in TUESDAY]
        assert len(told(olga, "No logro publicar en")) == 1
        # Once it has worked again, what comes anew is told anew.
        event.loopback.faults.add("503", route=POST, channel="anuncios", times=None)
        await event.clock.run_until(event.at("2020-09-09 09:10"))
        assert len(told(olga, "No logro publicar en")) == 2


async def test_a_server_that_lacks_something_anew_is_told_anew_and_each_thing_once(event: Any) -> None:
    olga = event.organizer()
    await event.stop()
    moderation = next(role for role in event.world.roles.values() if role.name == "Moderación")
    event.world.delete_role(moderation)
    await event.start()
    await event.restart()
    assert len(told(olga, "`discord.moderator_role`")) == 1
    # What comes back by its name is used at once; a second lack says nothing more of the first.
    again = event.world.add_role("Moderación")
    await event.clock.run_for(60)
    event.world.remove_channel("preguntas")
    await event.restart()
    assert len(told(olga, "`discord.moderator_role`")) == 1
    event.world.delete_role(again)
    await event.restart()
    assert len(told(olga, "`discord.moderator_role`")) == 2


async def test_files_that_may_not_be_attached_again_are_told_again(event: Any) -> None:
    olga, posting, channel = event.organizer(), event.bot.posting, event.bot.venue.organizers
    for may_attach, times in ((False, 1), (True, 1), (False, 2), (False, 2)):
        allow, deny = (
            (rights.PRIVATE, 0) if may_attach else (rights.PRIVATE & ~rights.ATTACH_FILES, rights.ATTACH_FILES)
        )
        event.world.set_overwrite("organizacion", event.hall.bot_role, allow=allow, deny=deny)
        await event.settle()
        file = discord.File(io.BytesIO(b"cifras"), filename="cifras.csv")
        left = await posting.with_files_where_allowed(channel, Post(("Las cifras",), files=(file,)))
        assert bool(left.files) == may_attach
        await event.clock.run_for(10)
        assert len(told(olga, "Los resúmenes salen sin sus archivos")) == times


async def test_a_stage_that_cannot_be_seen_any_more_is_told_once_until_it_is_seen_again(event: Any) -> None:
    olga, said = event.organizer(), "No puedo medir quién está en"
    await run_to(event, "09:10")
    assert told(olga, said) == []
    for lost, times in (
        (rights.CONNECT, 1),
        (rights.CONNECT | rights.VIEW_CHANNEL, 1),
        (0, 1),
        (rights.VIEW_CHANNEL, 2),
    ):
        event.world.set_overwrite("auditorio", event.hall.bot_role, deny=lost)
        await event.clock.run_for(30)
        assert len(told(olga, said)) == times
    # Neither a restart nor whatever else changes there tells it anew.
    await event.restart()
    await event.clock.run_for(30)
    assert len(told(olga, said)) == 2


async def test_interactions_that_come_twice_are_done_once(event: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A question by command and by form, a vote, the next question."""
    await run_to(event, "09:30")
    ana, ben, mora = event.person("Ana Prueba"), event.person("Ben Prueba"), event.moderator()

    def twice() -> None:
        event.loopback.faults.repeat_next_event("INTERACTION_CREATE")

    twice()
    await ana.slash("pregunta", texto="¿Se oye la sala?")
    (opening,) = [m for m in ana.sees_in("anuncios") if "ref. 0908-apertura-1" in m.content]
    form = (await ana.click(opening, "question:ask")).modal
    twice()
    await ana.submit(form, text="¿Quién cierra?")
    await ana.slash("pregunta", texto="¿Y mañana?")
    for number in (1, 2, 3):
        await event.services.queue.approve(number, mora.id)
    await event.clock.run_for(3)
    twice()
    await ben.click(list_of(ben), "support:vote:3")
    assert [m.text for m in ben.private()] == ["Apoya la pregunta 3, que tiene 1 apoyo."]
    votes = "SELECT count(*) FROM question_votes WHERE number = 3"
    assert await event.services.store.read(lambda tx: tx.connection.execute(votes).fetchone()[0]) == 1
    await run_to(event, "10:20")
    twice()
    await mora.slash("siguiente")
    await event.clock.run_for(3)
    assert len(on_air(ana)) == 1
    states = sorted([str(await state_of(event, number)) for number in (1, 2, 3)])
    assert states == ["approved", "approved", "on_air"]
    assert len([record for record in caplog.records if record.message.startswith("interaction.twice")]) == 4
