"""`estrado run` as a process of its own against the loopback: how it starts, how it ends, what it says and leaves."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import stat
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from aiohttp import web

from bot.config import load
from bot.corrections import CorrectionKind
from bot.cues import plan
from bot.ids import ChannelId, PersonId
from bot.operator.running import GIVES_UP_AFTER, nothing_left
from bot.participants import Country, Standing
from bot.participants import Entry as Registered
from bot.rehearsal.hall import TOKEN
from bot.storage.checks import check
from bot.storage.notices import Entry, Outcome
from bot.storage.store import Store
from tests.bot_process import ROOT, START, Stage, config_file, run, sentences, stage
from tests.factories import CONFIG_FILE

__all__ = ["config_file", "stage"]

# How it ends when it cannot begin


@pytest.mark.trial("F4")
async def test_a_wrong_token_ends_in_one_sentence_with_the_database_closed(stage: Stage) -> None:
    async with stage.bot(DISCORD_TOKEN="made-up-and-unknown") as bot:
        await bot.says("store.opened")
        assert await bot.ended() == 1
    assert sentences(bot.log) == [
        "Discord does not accept the token. Copy it anew from the developer portal (Bot, Reset Token) and try again."
    ]
    assert "made-up-and-unknown" not in bot.log
    assert check(stage.config.storage.database) == []
    async with stage.connected_bot() as bot:
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0


async def test_a_discord_that_cannot_be_reached_ends_in_one_sentence(config_file: Path) -> None:
    nowhere = {"ESTRADO_REST": "http://127.0.0.1:1/api/v10", "ESTRADO_GATEWAY": "ws://127.0.0.1:1"}
    async with run("--config", config_file, LANG="es_CR.UTF-8", **nowhere) as bot:
        assert await bot.ended(START) == 1
    (sentence,) = sentences(bot.log)
    assert sentence.startswith("No se puede llegar a Discord (127.0.0.1: ")


@pytest.mark.trial("A15")
async def test_intents_that_are_not_granted_end_in_one_sentence(stage: Stage) -> None:
    await stage.loopback.close_code(4014)
    async with stage.bot() as bot:
        assert await bot.ended(START) == 1
    assert sentences(bot.log)[-1].startswith("Discord does not grant the bot the intents that it asks for.")
    assert "Traceback" not in bot.log


@pytest.mark.trial("F4")
async def test_a_key_that_cannot_be_used_ends_it_after_the_database_was_opened(stage: Stage) -> None:
    stage.config.storage.anonymity_key.parent.mkdir()
    stage.config.storage.anonymity_key.write_text("no key")
    async with stage.bot() as bot:
        await bot.says("store.opened")
        assert await bot.ended() == 1
    assert sentences(bot.log) == [f"The anonymity key {stage.config.storage.anonymity_key} cannot be used (no key)."]


@pytest.mark.trial("F4")
async def test_an_error_of_the_program_ends_it_with_a_reference_and_the_database_closed(config_file: Path) -> None:
    async def nonsense(_request: web.Request) -> web.Response:
        return web.json_response({"id": "no user at all"})

    application = web.Application()
    application.router.add_get("/{path:.*}", nonsense)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    address = {"ESTRADO_REST": f"http://127.0.0.1:{port}", "ESTRADO_GATEWAY": f"ws://127.0.0.1:{port}"}
    async with run("--config", config_file, **address) as bot:
        await bot.says("store.opened")
        assert await bot.ended() == 1
    await runner.cleanup()
    reference = re.search(r"failed reference=(\w+)", bot.log)
    assert reference is not None
    assert f"with the reference {reference[1]}." in sentences(bot.log)[-1]
    assert check(load(config_file).storage.database) == []


@pytest.mark.trial("J8")
async def test_a_second_bot_on_the_database_is_refused(stage: Stage) -> None:
    async with stage.connected_bot() as bot:
        async with stage.bot() as second:
            assert await second.ended(START) == 1
        assert "Another Estrado (process " in second.log
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0


@pytest.mark.parametrize("wanted", ["auditorio", "otra sala"])
async def test_check_online_asks_the_server(wanted: str, stage: Stage) -> None:
    text = stage.file.read_text("utf-8").replace('stage = "auditorio"', f'stage = "{wanted}"')
    stage.file.write_text(text, "utf-8")
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "bot", "check", "--online", "--json", "--language", "en", "--config", stage.file),
        cwd=ROOT,
        env={**os.environ, "DISCORD_TOKEN": TOKEN, **stage.environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(START):
        out, said = await process.communicate()
    lacks = json.loads(out)["lacks"]
    # The verdicts on the file and on the server, and no warning of a library's.
    assert len(said.decode().splitlines()) == 2
    if wanted == "auditorio":
        assert (process.returncode, lacks) == (0, [])
        assert said.decode().splitlines()[-1] == "No channel, role or permission is missing in the server Taller CRM."
    else:
        assert process.returncode == 1
        assert [(lack["kind"], lack["setting"], lack["name"]) for lack in lacks] == [
            ("channel", "discord.stage", "otra sala")
        ]
        assert said.decode().splitlines()[-1] == "1 thing is missing in the server."


# An event that is past, or has begun


async def test_an_event_that_is_past_is_said_so_and_nothing_is_made(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(CONFIG_FILE.read_text("utf-8"), "utf-8")
    async with run("--config", file) as bot:
        assert await bot.ended(START) == 0
    assert sentences(bot.log)[-1].startswith("All sessions of Workshop for the exchange of good practices")
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.trial("F7")
async def test_a_database_that_is_missing_once_the_event_has_begun_is_not_made_in_silence(stage: Stage) -> None:
    stage.clock.set(stage.event.sessions[2].starts_at)
    async with stage.bot(follow=True) as bot:
        assert await bot.ended(START) == 1
    database = stage.config.storage.database
    assert f"There is no database {database}." in sentences(bot.log)[-1]
    assert not database.exists()
    async with stage.connected_bot("--new-database", follow=True) as bot:
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert database.exists()


def served_until(stage: Stage) -> datetime:
    """Until when people can get their certificates."""
    return stage.event.sessions[-1].ends_at + timedelta(days=stage.config.certificates.available_days)


async def test_the_bot_ends_by_itself_once_the_last_summary_is_sent_and_certificates_were_available(
    stage: Stage,
) -> None:
    last = max(plan(stage.event, stage.config.announcements), key=lambda cue: cue.at)
    async with stage.connected_bot(follow=True) as bot:
        for session in stage.event.sessions:
            await stage.until(session.starts_at)
            await stage.until(session.ends_at)
        await stage.until(last.at)
        # Discord takes five messages in five seconds; there are more.
        for seconds in (5, 10, 15):
            await stage.until(stage.clock.now() + timedelta(seconds=seconds))
        # It would answer here, or this would never return.
        await stage.until(served_until(stage) - timedelta(minutes=1))
        stage.let_go(served_until(stage))
        assert await bot.ended() == 0
    assert sentences(bot.log)[-1].startswith("All sessions of ")
    async with stage.bot(follow=True) as again:
        assert await again.ended(START) == 0
    assert sentences(again.log) == sentences(bot.log)[-1:]
    posted = [entry.key for entry in await stage.ledger()]
    assert posted == sorted({cue.key for cue in plan(stage.event, stage.config.announcements)}, key=posted.index)
    await started_after_the_time_of_keeping(stage)


async def started_after_the_time_of_keeping(stage: Stage) -> None:
    """Nothing is left to be told; what is kept about people goes all the same."""
    person = PersonId(700_000_000_000_000_001)
    entry = Registered("Ana Prueba", "Allí", Standing(Country("CR")), "es")
    async with Store.open(stage.config.storage.database, stage.clock) as store:
        await store.write(lambda tx: tx.participants.keep(person, entry, tx.now, tx.now))
    stage.clock.set(stage.event.sessions[-1].ends_at + timedelta(days=stage.config.privacy.retention_days))
    async with stage.bot(follow=True) as bot:
        assert await bot.ended(START) == 0
    assert "erasure.everybody people=1" in bot.log
    async with Store.open(stage.config.storage.database, stage.clock) as store:
        assert await store.read(lambda tx: tx.erasures.has_words()) is False


async def test_the_bot_stays_until_a_day_that_was_corrected_is_told_so_by_this_run_or_the_next(stage: Stage) -> None:
    session, organizer = stage.event.sessions[-1], stage.hall.organizer("Olga Organizadora", "es-419")
    stage.clock.set(session.starts_at)
    given = {"sesion": str(session.key), "presencia": "present", "motivo": "Estuvo por teléfono"}

    def corrected() -> list[str]:
        posts = [m.content for m in stage.hall.world.messages_in("organizacion")]
        return re.findall(r"ref\. (\S+-correccion\S+)", "\n".join(posts))

    async with stage.connected_bot("--new-database", follow=True) as bot:
        await stage.until(session.ends_at)
        # Discord takes five messages in five seconds; the summaries of four days are more.
        for minutes in range(1, 10):
            await stage.until(session.ends_at + timedelta(minutes=minutes))
        await stage.until(served_until(stage) - timedelta(minutes=1))
        await organizer.slash("corregir", persona=stage.person("Ana Prueba"), **given)
        # By now it would end, but for the correction that is due in four minutes.
        await stage.until(served_until(stage) + timedelta(minutes=1))
        assert corrected() == []
        await stage.until(served_until(stage) + timedelta(minutes=5))
        stage.let_go(served_until(stage) + timedelta(minutes=6))
        assert await bot.ended() == 0
    assert corrected() == ["0911-correccion1-1"]
    async with stage.bot(follow=True) as again:
        assert await again.ended(START) == 0
    # Corrected by a run that was killed: the next one does not end before it is told.
    async with Store.open(stage.config.storage.database, stage.clock) as store:
        ben = PersonId(stage.person("Ben Ensayo").id)
        await store.write(
            lambda tx: tx.corrections.add(
                ben, session.key, CorrectionKind.PRESENT, "Estuvo", PersonId(organizer.id), tx.now
            )
        )
    async with stage.connected_bot(follow=True) as last:
        await stage.until(stage.clock.now() + timedelta(minutes=5))
        stage.let_go(stage.clock.now() + timedelta(minutes=1))
        assert await last.ended() == 0
    assert corrected() == ["0911-correccion1-1", "0911-correccion2-1"]


async def test_a_bot_that_is_not_in_the_server_says_which_and_waits_until_it_is_there(stage: Stage) -> None:
    world = stage.hall.world
    world.name = "Otro servidor"
    async with stage.bot(follow=True) as bot:
        await bot.says("The bot is not in the server Taller CRM and waits.")
        await stage.until(stage.event.sessions[0].starts_at - timedelta(minutes=15))
        assert world.messages_in("anuncios") == []
        world.change_server(name="Taller CRM")
        await bot.says("notice.sent mark=0908-recordatorio-1")
        await stage.until(stage.event.sessions[0].starts_at)
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert len([m for m in world.messages_in("anuncios") if "ref. 0908-" in m.content]) == 2
    assert "register.roll" in bot.log
    assert bot.log.count("is not in the server") == 1


@pytest.mark.trial("J6")
async def test_a_summary_that_cannot_be_posted_does_not_keep_the_bot_for_ever_and_is_posted_by_the_next_start(
    stage: Stage,
) -> None:
    last = max(cue.at for cue in plan(stage.event, stage.config.announcements))
    posting = "POST /channels/{id}/messages"
    fault = stage.loopback.faults.add("403", route=posting, channel="organizacion", times=None)
    stage.clock.set(stage.event.sessions[-1].starts_at)
    async with stage.connected_bot("--new-database", follow=True) as bot:
        await stage.until(last)
        await stage.until(last + GIVES_UP_AFTER - timedelta(minutes=1))
        stage.let_go(last + GIVES_UP_AFTER + timedelta(minutes=1))
        assert await bot.ended() == 1
    assert sentences(bot.log)[-1].startswith("The event ended hours ago, and this could not be posted: ")
    assert "0911-resumen" in sentences(bot.log)[-1]
    assert "Traceback" not in bot.log
    assert fault.played
    stage.loopback.faults.clear()
    async with stage.connected_bot(follow=True) as again:
        # Discord takes five messages in five seconds; there are more.
        for seconds in (5, 10, 15):
            await stage.until(stage.clock.now() + timedelta(seconds=seconds))
        stage.let_go(served_until(stage))
        assert await again.ended() == 0
    assert [m for m in stage.hall.world.messages_in("organizacion") if "ref. 0911-resumen-1" in m.content]


@pytest.mark.parametrize("known_by", ["gateway", "request"])
async def test_a_token_that_is_reset_ends_it_in_one_sentence_and_the_new_one_goes_on(
    stage: Stage, known_by: str
) -> None:
    world, starts_at = stage.hall.world, stage.event.sessions[0].starts_at
    async with stage.connected_bot(follow=True) as bot:
        await stage.until(starts_at - timedelta(minutes=15))
        world.bots["made-up-and-new"] = world.bots.pop(TOKEN)
        if known_by == "gateway":
            await stage.loopback.close_code(4004)
        else:
            # The connection stands: the next post is refused.
            await stage.until(starts_at)
        assert await bot.ended() == 1
    assert sentences(bot.log)[-1].startswith("Discord does not accept the token.")
    assert TOKEN not in bot.log
    stage.clock.set(starts_at + timedelta(minutes=5))
    async with stage.connected_bot("--new-database", follow=True, DISCORD_TOKEN="made-up-and-new") as bot:
        await stage.until(stage.clock.now() + timedelta(seconds=5))
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    posted = "\n".join(message.content for message in world.messages_in("anuncios"))
    assert re.findall(r"ref\. (0908-(?:recordatorio|apertura)-1)\b", posted) == [
        "0908-recordatorio-1",
        "0908-apertura-1",
    ]


def test_nothing_is_left_only_when_every_cue_is_past_and_settled_in_each_channel(config_file: Path) -> None:
    config = load(config_file)
    cues = plan(config.agenda, config.announcements)
    settled = [
        Entry(c.key, ChannelId(channel), c.kind, c.at, Outcome.SENT, c.key, c.at, c.at)
        for c in cues
        for channel in (1, 2)
    ]
    end = max(cue.at for cue in cues)
    assert nothing_left(cues, settled, end)
    (summary,) = [entry for entry in settled if entry.due_at == end and entry.channel_id == 1]
    failing = Entry(summary.key, ChannelId(1), summary.kind, end, Outcome.FAILING, summary.key, None, None)
    assert not nothing_left(cues, [failing, *(entry for entry in settled if entry != summary)], end)
    assert not nothing_left(cues, [entry for entry in settled if entry.key != summary.key], end)
    assert not nothing_left(cues, [], end + timedelta(days=30))


# How it stops


@pytest.mark.trial("F4")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_stops_it_in_good_order_and_what_was_acknowledged_is_there(
    number: signal.Signals, stage: Stage
) -> None:
    async with stage.connected_bot(follow=True) as bot:
        await stage.until(stage.event.sessions[0].starts_at)
        people = [stage.person(f"Ana {n} Prueba") for n in range(20)]
        asking = [
            asyncio.create_task(ana.slash("pregunta", texto=f"¿Habrá vídeo de la sala {n}?"))
            for n, ana in enumerate(people)
        ]
        # In the middle of it: some have their answer, some have not.
        await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
        bot.signal(number)
        assert await bot.ended() == 0
        exchanges = await asyncio.gather(*asking, return_exceptions=True)
    assert sentences(bot.log)[-2:] == [
        "Stopping; all that was saved stays saved. Another Ctrl+C ends at once.",
        "Estrado stopped in good order.",
    ]
    assert "Traceback" not in bot.log
    acknowledged = [
        n for n, exchange in enumerate(exchanges) if not isinstance(exchange, BaseException) and exchange.text
    ]
    assert acknowledged
    assert check(stage.config.storage.database) == []
    connection = sqlite3.connect(stage.config.storage.database)
    kept = {text for (text,) in connection.execute("SELECT text FROM questions")}
    connection.close()
    assert {f"¿Habrá vídeo de la sala {n}?" for n in acknowledged} <= kept


@pytest.mark.trial("F4")
@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.parametrize("post", ["opening", "summary"])
async def test_it_stops_in_time_while_a_post_hangs_and_at_once_when_asked_twice(
    post: str, times: int, stage: Stage
) -> None:
    session = stage.event.sessions[0]
    settled = session.ends_at + timedelta(seconds=stage.config.announcements.summary_settle_seconds)
    places = stage.config.discord
    channel, before, at = (
        (places.announcements[0], stage.clock.now(), session.starts_at)
        if post == "opening"
        else (places.organizers, session.ends_at, settled)
    )
    async with stage.connected_bot(follow=True) as bot:
        await stage.until(before)
        fault = stage.loopback.faults.add(
            "hang", route="POST /channels/{id}/messages", channel=str(channel), times=None
        )
        await stage.until(at)
        assert fault.played == 1
        bot.signal(signal.SIGINT)
        await bot.says("Stopping")
        if times == 2:
            bot.signal(signal.SIGINT)
            assert await bot.ended(3) == 1
        else:
            assert await bot.ended() == 0
    assert ("Estrado ended at once." in bot.log) == (times == 2)
    assert "Traceback" not in bot.log
    assert check(stage.config.storage.database) == []


async def test_a_signal_before_the_connection_stops_it_in_good_order(stage: Stage) -> None:
    stage.loopback.faults.add("hang", route="GET /users/@me", times=None)
    async with stage.bot() as bot:
        await bot.says("logging in")
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert sentences(bot.log)[-1] == "Estrado stopped in good order."
    assert check(stage.config.storage.database) == []


STOPPING = """
import asyncio, sys, threading
from bot.operator.stopping import Stopping, Words

stopping = Stopping(Words(stopping=b"stopping\\n", forced=b"forced\\n", too_slow=b"too slow\\n"), 0.5)
if sys.argv[1] == "thread":
    threading.Thread(target=threading.Event().wait).start()
    stopping.begin()
else:
    print("ready", file=sys.stderr, flush=True)
    while True:
        pass
"""


@pytest.mark.trial("F4")
@pytest.mark.parametrize("hindrance", ["thread", "loop"])
async def test_whatever_hangs_the_process_ends(hindrance: str) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", STOPPING, hindrance, cwd=ROOT, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    async with asyncio.timeout(START):
        if hindrance == "loop":
            assert await process.stderr.readline() == b"ready\n"
            process.send_signal(signal.SIGTERM)
            assert await process.stderr.readline() == b"stopping\n"
        assert await process.stderr.read() == b"too slow\n"
        assert await process.wait() == 1


# What it leaves and what it says


@pytest.mark.trial("P2")
async def test_no_token_is_in_the_log_and_nobody_else_reads_the_files(stage: Stage) -> None:
    async with stage.connected_bot("--log-level", "debug", follow=True) as bot:
        await stage.until(stage.event.sessions[0].starts_at)
        ana = stage.person("Ana Prueba")
        exchange = await ana.slash("programa")
        assert exchange.text
        # A form goes by discord.py's own way, which writes down where to.
        assert (await ana.slash("pregunta")).modal
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert "INTERACTION_CREATE" in bot.log
    assert "/callback" in bot.log
    assert TOKEN not in bot.log
    # The loopback's interaction tokens are words of 64 characters.
    assert {frozenset(word) for word in re.findall(r"[\w-]{64,}", bot.log)} <= {frozenset("0")}
    assert re.search(r"/interactions/\d+/\[redacted\]/callback", bot.log)
    # Of what Discord sent, and of what was answered, only which it was.
    assert "WebSocket Event: INTERACTION_CREATE [redacted]" in bot.log
    assert "'token'" not in bot.log
    assert "Prueba" not in bot.log
    storage = stage.config.storage
    for file in (*storage.database.parent.iterdir(), storage.anonymity_key):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    for folder in (storage.database.parent, storage.anonymity_key.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_at_info_the_log_has_no_names_and_no_questions(stage: Stage) -> None:
    async with stage.connected_bot(follow=True) as bot:
        await stage.until(stage.event.sessions[0].starts_at)
        exchange = await stage.person("Ana Prueba").slash("pregunta", texto="¿Habrá vídeo?")
        assert exchange.text
        bot.signal(signal.SIGTERM)
        assert await bot.ended() == 0
    assert "Habr" not in bot.log
    assert "Prueba" not in bot.log
    assert all(re.match(r"\d{4}-\d\d-\d\dT|Estrado |Stopping", line) for line in bot.log.splitlines())
