"""What follows an erasure: the bot's own posts, those who come back, and the end of the time of keeping."""

from datetime import timedelta
from typing import Any

import pytest

from bot.ids import SessionKey
from bot.loopback.seen import SeenMessage
from bot.storage import backup, checks, tombstones
from tests.cogs.dais import TUESDAY, WEDNESDAY, board_of, private_texts
from tests.cogs.test_mis_datos import (
    ANONYMOUS,
    NEW_RECORD,
    WORDS,
    a_tuesday,
    erase,
    figures,
    left_in,
    public_text,
    register,
    rows_with,
)

_EDIT = "PATCH /channels/{id}/messages/{id}"
_ERASED = "Texto borrado a petición de quien preguntó."


def told(event: Any) -> list[str]:
    """What organizers were told about posts and the time of keeping."""
    return [m.text for m in event.organizer("Otra Organizadora").sees_in("organizacion") if "🔏" in m.text]


def posts(event: Any) -> list[SeenMessage]:
    """The public posts of the questions."""
    return [m for m in event.person("Alguien").sees_in("preguntas") if "Pregunta 1" in m.text or "pregunta 1" in m.text]


@pytest.mark.trial("P1")
async def test_posts_are_changed_though_the_bot_stops_right_after_the_erasure(event: Any) -> None:
    ximena, ben, _ = await a_tuesday(event)
    event.loopback.faults.add("502", route=_EDIT, times=None)
    await erase(ximena)
    await event.stop()
    assert "quetzaltecas" in public_text(ben)
    event.loopback.faults.clear()
    await event.start()
    await event.clock.run_for(120)
    assert not [word for word in WORDS if word in public_text(ben)]
    assert public_text(ben).count(_ERASED) == 2
    assert await event.services.erasure.posts() == []
    assert told(event) == []
    # They keep the mark by which the bot finds them.
    assert "ref. pregunta-1-1" in public_text(ben)


async def test_what_discord_does_not_let_be_changed_is_taken_away_and_told_once(event: Any) -> None:
    ximena, ben, _ = await a_tuesday(event)
    event.loopback.faults.add("30046", route=_EDIT, channel="preguntas", times=None)
    await erase(ximena)
    await event.clock.run_for(1200)
    assert not [word for word in WORDS if word in public_text(ben)]
    assert _ERASED not in public_text(ben)
    (text,) = told(event)
    assert "las quité" in text
    assert "I removed them" in text
    assert not [word for word in WORDS if word in text]
    await event.restart()
    await event.clock.run_for(1200)
    assert told(event) == [text]


@pytest.mark.parametrize("trouble", ["forbidden", "channel gone"])
async def test_what_cannot_be_reached_is_told_to_organizers_with_where_it_is(event: Any, trouble: str) -> None:
    ximena, _, _ = await a_tuesday(event)
    if trouble == "forbidden":
        event.loopback.faults.add("403", route=_EDIT, channel="preguntas", times=None, code=50013)
    else:
        event.world.remove_channel("preguntas")
    await event.settle()
    await erase(ximena)
    await event.clock.run_for(600)
    assert await event.services.erasure.posts() == []
    (text,) = told(event)
    assert "bórrenlas a mano" in text
    assert "https://discord.com/channels/" in text
    assert not [word for word in (*WORDS, str(ximena.id)) if word in text]
    await event.restart()
    await event.clock.run_for(600)
    assert told(event) == [text]


async def test_lists_of_what_is_left_lose_the_line_and_nothing_else(event: Any) -> None:
    mora = event.moderator()
    ximena, ben = event.person("ximena_zp"), event.person("Benito Prueba")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:00:10"))
    for number, (who, text) in enumerate(((ximena, "¿Y las quetzaltecas?"), (ben, "¿Y el receso?")), 1):
        await who.slash("pregunta", texto=text)
        await event.clock.run_for(3)
        await mora.click(board_of(mora), f"question:approve:{number}")
        await event.clock.run_for(3)
    await event.clock.run_until(event.at(f"{WEDNESDAY} 10:20"))
    listing = next(m for m in reversed(ben.sees_in("anuncios")) if "quetzaltecas" in m.text)
    await erase(ximena)
    await event.clock.run_for(120)
    after = next(m for m in ben.sees_in("anuncios") if m.id == listing.id)
    assert after.text == listing.text.replace(r"¿Y las quetzaltecas?", "[…]")
    assert "¿Y el receso?" in after.text
    assert after.labels == listing.labels
    # It is no question any more that anybody waits for.
    assert [s.question.number for s in await event.services.queue.carried_over(SessionKey("2020-09-10"))] == [2]


async def test_a_question_that_waits_leaves_the_queue_and_the_board(event: Any) -> None:
    mora, ximena = event.moderator(), event.person("ximena_zp")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:00:10"))
    await register(event, ximena)
    await ximena.slash("pregunta", texto="¿Y las quetzaltecas?")
    await ximena.slash("pregunta", texto=ANONYMOUS, anonima=True)
    await event.clock.run_for(3)
    await mora.click(board_of(mora), "question:approve:1")
    await event.clock.run_for(3)
    support = next(m for m in mora.sees_in("preguntas") if m.components)
    assert "kilogramos" in board_of(mora).text
    assert "quetzaltecas" in support.text
    await erase(ximena)
    await event.clock.run_for(70)
    assert not [word for word in WORDS if word in board_of(mora).text]
    assert not [word for word in WORDS if word in public_text(mora)]
    states = (await event.services.queue.figures(SessionKey(TUESDAY))).by_state
    assert {state.value: n for state, n in states.items()} == {"withdrawn": 2}
    assert await event.services.erasure.posts() == []
    assert checks.check(event.config.storage.database) == []


@pytest.mark.trial("P1")
async def test_whoever_stays_in_the_room_is_counted_again_only_when_they_come_in_anew(event: Any) -> None:
    ximena = event.person("ximena_zp")
    database = event.config.storage.database
    await event.clock.run_until(event.at(f"{TUESDAY} 09:10"))
    await ximena.joins("auditorio")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:30"))
    await erase(ximena)
    await event.clock.run_for(60)
    before = await figures(event, TUESDAY)
    await event.loopback.drop(resume=False)
    await event.loopback.connected()
    await event.settle()
    await event.restart()
    await event.clock.run_for(60)
    assert rows_with(database, str(ximena.id)) == []
    assert not [text for text in private_texts(ximena) if NEW_RECORD in text]
    await ximena.leaves()
    await event.clock.run_for(30)
    assert rows_with(database, str(ximena.id)) == []
    await ximena.joins("auditorio")
    await event.clock.run_for(30)
    assert rows_with(database, str(ximena.id))
    assert [m.text.count(NEW_RECORD) for m in ximena.direct_messages()] == [1]
    await ximena.leaves()
    await ximena.joins("auditorio")
    await event.clock.run_for(120)
    assert len(ximena.direct_messages()) == 1
    assert (await figures(event, TUESDAY))[0].session == before[0].session


async def test_only_to_look_is_no_coming_back(event: Any) -> None:
    ximena = event.person("ximena_zp")
    await event.clock.run_until(event.at(f"{TUESDAY} 09:10"))
    await ximena.slash("presente")
    await erase(ximena)
    await event.clock.run_for(60)
    await ximena.slash("programa")
    shown = await ximena.slash("mis-datos")
    await event.clock.run_for(120)
    assert "No guardo nada sobre usted." in shown.text
    assert not [text for text in private_texts(ximena) if NEW_RECORD in text]
    assert rows_with(event.config.storage.database, str(ximena.id)) == []


@pytest.mark.trial("P1")
async def test_when_the_time_of_keeping_is_over_everybody_is_erased_and_the_figures_stay(event: Any) -> None:
    database = event.config.storage.database
    ximena, ben, _ = await a_tuesday(event)
    before = await figures(event, TUESDAY)
    old = database.with_name("estrado-20200908T000000Z.db")
    kept = database.with_name("estrado-20200912T000000Z.db")
    other = database.with_name("estrado-by-hand.db")
    for copy in (old, kept):
        await event.services.store.backup(copy)
    other.write_bytes(b"not ours to delete")
    due = event.services.erasure.due_at
    await event.clock.run_until(due - timedelta(hours=1))
    assert rows_with(database, str(ben.id))
    assert kept.exists()
    assert not old.exists()
    assert told(event) == []
    await event.clock.run_until(due + timedelta(hours=5))
    await event.clock.run_for(1800)
    everybody = (str(ben.id), str(ximena.id), "Benito Prueba", "Migración de Ensayo", *WORDS)
    assert [each for word in everybody for each in rows_with(database, word)] == []
    assert left_in(database.parent, *everybody) == []
    assert not kept.exists()
    assert other.exists()
    assert await figures(event, TUESDAY) == before
    assert not [word for word in WORDS if word in public_text(ben)]
    assert checks.check(database) == []
    (text,) = [each for each in told(event) if "plazo de conservación" in each]
    await event.restart()
    await event.clock.run_for(3 * 86_400)
    assert [each for each in told(event) if "plazo de conservación" in each] == [text]
    (only,) = tombstones.read(database).values()
    assert only.digest is None


async def test_an_older_copy_is_erased_again_when_the_time_is_over(event: Any, tmp_path: Any) -> None:
    database = event.config.storage.database
    _, ben, _ = await a_tuesday(event)
    copy = tmp_path / "elsewhere" / "tuesday.db"
    await event.services.store.backup(copy)
    await event.clock.run_until(event.services.erasure.due_at + timedelta(hours=5))
    await event.stop()
    backup.restore(copy, database, event.clock.now(), overwrite=True)
    await event.start()
    assert rows_with(database, str(ben.id)) == []
    assert rows_with(database, "Benito Prueba") == []
