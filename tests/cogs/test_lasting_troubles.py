"""Troubles that last: topics that may not be changed, refusals without end, a database that others hold, a server that
the bot was put out of, roles and channels that are gone."""

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.ids import PersonId
from bot.loopback import permissions as rights
from bot.loopback.people import Person
from bot.notices import Outcome
from tests.factories import workshop
from tests.storage.steps import step

from .test_announcements import TUESDAY, marks, notices

DAY = "2020-09-08"
POST, SYNCHRONISE = "POST /channels/{id}/messages", "PUT /applications/{id}/guilds/{id}/commands"
OPEN_STAGE, TOPIC = "POST /stage-instances", "PATCH /stage-instances/{id}"
#: How long a question waits for its turn in the database, by the machine's time.
LOCK_PATIENCE_SECONDS = 30
STAGE_MODERATOR = rights.MANAGE_CHANNELS | rights.MUTE_MEMBERS | rights.MOVE_MEMBERS


async def run_to(event: Any, hour: str) -> None:
    await event.clock.run_until(event.at(f"{DAY} {hour}"))


def told(organizer: Person, words: str) -> list[str]:
    """What organizers were told of something."""
    return [m.content for m in organizer.sees_in("organizacion") if words in m.content]


class TestTopics:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        config = workshop(tmp_path)
        connection = config.connection.model_copy(update={"send_timeout_seconds": 0.5})
        return config.model_copy(update={"connection": connection})

    @pytest.mark.trial("J10")
    @pytest.mark.parametrize("kind", ["429", "hang"])
    async def test_announcements_wait_for_no_topic(self, event: Any, kind: Any) -> None:
        event.world.set_overwrite("auditorio", event.hall.moderator_role, allow=STAGE_MODERATOR)
        ana, mora = event.person("Ana Prueba"), event.moderator()
        opening = event.loopback.faults.add(kind, route=OPEN_STAGE, times=None, retry_after=600)
        changing = event.loopback.faults.add(kind, route=TOPIC, times=None, retry_after=600)
        await mora.joins("auditorio")
        await run_to(event, "09:00")
        # Somebody opens it under a topic of their own: from now on it is to be changed, at each look.
        event.loopback.faults.clear()
        changing = event.loopback.faults.add(kind, route=TOPIC, times=None, retry_after=600)
        for hour in ("09:02", "09:04", "09:06", "09:08", "09:10"):
            await run_to(event, hour)
            event.bot.dispatch("venue_open", event.bot.venue)
            await mora.toggles(suppress=True)
            await mora.toggles(suppress=False)
        await run_to(event, "11:01")
        seen = ana.sees_in("anuncios")
        assert marks(seen) == TUESDAY
        public = [entry for entry in await event.services.notices.ledger() if entry.kind != "summary"]
        assert {(entry.outcome, entry.late_seconds) for entry in public} == {(Outcome.SENT, 0.0)}
        assert opening.played + changing.played > 0

    @pytest.mark.trial("J10")
    async def test_a_channel_that_never_answers_keeps_its_own_posts_alone_and_is_told(self, event: Any) -> None:
        ana, olga = event.person("Ana Prueba"), event.organizer()
        event.loopback.faults.add("hang", route=POST, channel="anuncios", times=None)
        await run_to(event, "09:05")
        assert ana.sees_in("anuncios") == []
        assert "número 1" in (await ana.slash("pregunta", texto="¿Se oye?")).text
        assert len(told(olga, "No logro publicar en")) == 1
        event.loopback.faults.clear()
        await run_to(event, "11:01")
        assert notices(ana.sees_in("anuncios"))[-4:] == [mark.rpartition("-")[0] for mark in TUESDAY[-4:]]
        assert notices(ana.sees_in("anuncios"))[0] == "0908-apertura"
        assert len(set(marks(ana.sees_in("anuncios")))) == len(marks(ana.sees_in("anuncios")))
        # How late it came in the end.
        assert len(told(olga, "El aviso 0908-apertura salió con")) == 1


class TestCommands:
    @pytest.mark.trial("D9")
    @pytest.mark.timeout(240)
    async def test_two_hundred_and_fifty_returns_tell_the_commands_no_more(self, event: Any) -> None:
        told_again = event.loopback.faults.add("slow", route=SYNCHRONISE, times=None, seconds=0)
        for number in range(250):
            if number % 10 == 0:
                await event.restart()
            else:
                await event.loopback.drop(resume=False)
                await event.loopback.connected()
            await event.clock.run_for(1)
        assert told_again.played == 0
        assert "martes 8" in (await event.person("Ana Prueba").slash("programa")).text

    @pytest.mark.trial("D9")
    async def test_it_works_with_the_commands_of_before_where_no_more_may_be_made(self, event: Any) -> None:
        guild = event.world.id
        ours = await event.bot.http.get_guild_commands(event.bot.application_id, guild)
        kept = [command for command in ours if command["name"] != "programa"]
        # As other programs of the same application did earlier that day: so many as may be made in one.
        for first in range(len(ours), 200, 40):
            others = [{"name": f"otro{n}", "description": "x", "type": 1} for n in range(first, min(first + 40, 200))]
            await event.bot.http.bulk_upsert_guild_commands(event.bot.application_id, guild, [*kept, *others])
        await event.bot.http.bulk_upsert_guild_commands(event.bot.application_id, guild, kept)
        await forget_what_was_told(event)
        asked = event.loopback.faults.add("slow", route=SYNCHRONISE, times=None, seconds=0)
        await event.restart()
        assert asked.played == 1
        assert "programa" not in {command["name"] for command in event.world.commands.values()}
        await works(event)

    @pytest.mark.trial("D9")
    async def test_it_works_with_the_commands_of_before_where_it_is_to_wait(self, event: Any) -> None:
        await forget_what_was_told(event)
        refused = event.loopback.faults.add("429", route=SYNCHRONISE, times=None, retry_after=600)
        await event.restart()
        assert refused.played == 1
        await works(event)
        event.loopback.faults.clear()
        accepted = event.loopback.faults.add("slow", route=SYNCHRONISE, times=None, seconds=0)
        await event.restart()
        await event.restart()
        assert accepted.played == 1


async def forget_what_was_told(event: Any) -> None:
    """As after an update that changes the commands."""
    await event.services.store.write(lambda tx: tx.facts.remember({"commands/definitions": "those of last month"}))


async def works(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await run_to(event, "09:05")
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:2]
    assert "número 1" in (await ana.slash("pregunta", texto="¿Se abrió?")).text


@pytest.mark.trial("D9")
async def test_a_channel_that_refuses_everything_is_not_asked_for_each_question(event: Any) -> None:
    olga = event.organizer()
    await run_to(event, "09:05")
    refused = [
        event.loopback.faults.add("403", route=route, channel=channel, times=None, code=50013)
        for route in (POST, "PATCH /channels/{id}/messages/{id}")
        for channel in ("preguntas", "moderacion")
    ]
    people = [event.person(f"Persona {number}") for number in range(40)]
    for number in range(200):
        await people[number % 40].slash("pregunta", texto=f"¿Cuál es la cuestión número {number} de la lista?")
        if number % 10 == 0:
            await event.clock.run_for(5)
    times = [sum(fault.played for fault in refused)]
    for hour in ("09:20", "09:30", "09:40", "09:50"):
        before = sum(fault.played for fault in refused)
        await run_to(event, hour)
        times.append(sum(fault.played for fault in refused) - before)
    assert (await event.services.queue.figures(DAY)).received == 200
    # Of 10,000 refusals in ten minutes that shut an address out.
    assert max(times) < 50
    assert len(told(olga, "#preguntas")) <= 1


class Machine:
    """The machine's time, which a test lets go on without waiting for it."""

    def __init__(self, event: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self._event = event
        self._ahead = 0.0
        real = event.loop.time
        monkeypatch.setattr(event.loop, "time", lambda: real() + self._ahead)

    async def runs_on(self, seconds: int, at_once: float = 0.5) -> None:
        for _ in range(int(seconds / at_once)):
            self._ahead += at_once
            await step(20)


async def until(is_so: Callable[[], bool]) -> None:
    """Let what is ready run until it is so."""
    async with asyncio.timeout(20):
        while not is_so():
            await step()


@pytest.mark.trial("F1")
@pytest.mark.parametrize("seconds", [3, 20, 120])
async def test_forty_come_and_ten_ask_while_another_process_holds_the_database(
    event: Any, monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    olga, machine = event.organizer(), Machine(event, monkeypatch)
    await run_to(event, "09:05")
    coming = [event.person(f"Persona {number}") for number in range(40)]
    asking = [event.person(f"Pregunta {number}") for number in range(10)]
    with closing(sqlite3.connect(event.config.storage.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for person in coming:
            await person.joins("auditorio")
        came_at = event.clock.now()
        slashes = [
            asyncio.ensure_future(person.slash("pregunta", texto=f"¿Qué dice el artículo {n}?"))
            for n, person in enumerate(asking)
        ]
        # Each of them is acknowledged within Discord's three seconds.
        await until(lambda: event.services.store.pending >= len(asking))
        await machine.runs_on(3, at_once=0.1)
        assert heard(asking) == []
        await machine.runs_on(seconds - 3)
        event.clock.set(came_at + timedelta(seconds=seconds))
        is_over = seconds > LOCK_PATIENCE_SECONDS
        if is_over:
            # They are told while it lasts.
            for exchange in await asyncio.gather(*slashes):
                await exchange.interaction.finished.wait()
            # The lock itself is a trouble once it was met for so long.
            await machine.runs_on(LOCK_PATIENCE_SECONDS + 1)
            await until(lambda: event.services.store.trouble is not None)
        other.execute("ROLLBACK")
    assert all(exchange.deferred for exchange in await asyncio.gather(*slashes))
    await event.settle()
    # That it goes again is said once it has gone on for a while.
    await event.clock.run_for(61)
    saved = ["Guardada" in text for text in heard(asking)]
    assert saved == [not is_over] * 10
    assert (await event.services.queue.figures(DAY)).received == sum(saved)
    if is_over:
        assert all("NO se guardó" in text for text in heard(asking))
    alerts = [len(told(olga, "La base de datos no guarda")), len(told(olga, "La base de datos vuelve a guardar"))]
    assert alerts == [int(is_over), int(is_over)]
    record = await event.services.register.day(DAY)
    at_hand = {stay.person: stay.opened_at for stay in record.stays}
    assert [at_hand[PersonId(person.id)] for person in coming] == [came_at] * 40


def heard(people: list[Person]) -> list[str]:
    return [message.text for person in people for message in person.private()]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop, with a role that its announcements call."""
    return workshop(tmp_path, announcement_role="Participantes")


async def test_a_role_that_is_gone_is_called_no_more_and_nothing_is_kept_back(event: Any) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    (role,) = [role for role in event.world.roles.values() if role.name == "Participantes"]
    await run_to(event, "08:50")
    assert str(role.id) in ana.sees_in("anuncios")[0].content
    event.world.delete_role(role)
    event.world.delete_role(event.hall.moderator_role)
    await run_to(event, "11:01")
    seen = ana.sees_in("anuncios")
    assert marks(seen) == TUESDAY
    assert str(role.id) not in "".join(message.content for message in seen[1:])
    # Each by itself, and once: what is mended and gone again is told again.
    absent = sorted(told(olga, "el servidor no tiene"))
    assert len(absent) == 2
    assert "discord.announcement_role" in absent[0]
    assert "discord.moderator_role" in absent[1]


async def test_a_bot_that_was_put_out_tells_what_is_true_when_it_is_let_in_again(event: Any) -> None:
    ana, olga = event.person("Ana Prueba"), event.organizer()
    await run_to(event, "08:50")
    shut = event.loopback.faults.add("403", times=None, code=50001)
    event.world.tell("GUILD_DELETE", {"id": str(event.world.id)})
    await run_to(event, "09:20")
    # Discord shuts out whoever is refused 10,000 times in ten minutes; here half an hour goes by.
    assert shut.played < 100
    assert marks(ana.sees_in("anuncios")) == TUESDAY[:1]
    event.loopback.faults.clear()
    await event.loopback.guild_available()
    await event.settle()
    seen = ana.sees_in("anuncios")
    assert notices(seen) == ["0908-recordatorio", "0908-apertura"]
    assert "La sesión está en marcha" in seen[1].content
    await run_to(event, "11:01")
    later = ana.sees_in("anuncios")
    assert len(set(marks(later))) == len(marks(later))
    assert notices(later) == [mark.rpartition("-")[0] for mark in TUESDAY]
    assert len(told(olga, "0908-apertura")) == 1
