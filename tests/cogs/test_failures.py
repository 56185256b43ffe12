"""Whatever goes wrong, wherever: one final answer in the person's language, with a reference that the log has too."""

import asyncio
import re
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.errors import NotSaved, NotSavedReason, Refusal
from bot.languages import Language
from bot.loopback.people import Person
from bot.phrases.refusals import words
from cogs.routes import Routes
from tests.cogs.acts import WITHOUT_DATABASE, Act, acts, announcement

TUESDAY = "2020-09-08"

SECRET = "Zutana" + "x" * 10_000

APOLOGY = {
    "es": re.compile(r"Algo falló de nuestro lado.* esta referencia: ([0-9a-f]{6})"),
    "en": re.compile(r"Something failed on our side.* this reference: ([0-9a-f]{6})"),
}

Failing = Callable[[discord.Interaction], Awaitable[bool]]


class Unworded(Refusal):
    """A refusal whose words fail."""


@words(Unworded)
def _unworded(_refusal: Unworded, language: Language) -> str:
    raise KeyError(SECRET)


async def before_the_answer(_interaction: discord.Interaction) -> bool:
    raise RuntimeError(SECRET)


async def after_a_deferral(interaction: discord.Interaction) -> bool:
    await interaction.response.defer(ephemeral=True, thinking=True)
    raise RuntimeError(SECRET)


async def after_a_silent_deferral(interaction: discord.Interaction) -> bool:
    await interaction.response.defer(thinking=interaction.message is None, ephemeral=True)
    raise RuntimeError(SECRET)


async def after_the_answer(interaction: discord.Interaction) -> bool:
    await interaction.response.send_message("Hecho.", ephemeral=True)
    raise RuntimeError(SECRET)


async def answering_twice(interaction: discord.Interaction) -> bool:
    await interaction.response.send_message("Hecho.", ephemeral=True)
    await interaction.response.send_message("Hecho.", ephemeral=True)
    return True


async def inside_the_failure_handler(_interaction: discord.Interaction) -> bool:
    raise Unworded


async def inside_the_failure_handler_after_a_deferral(interaction: discord.Interaction) -> bool:
    await interaction.response.defer(ephemeral=True, thinking=True)
    raise Unworded


STAGES = [
    before_the_answer,
    after_a_deferral,
    after_a_silent_deferral,
    after_the_answer,
    answering_twice,
    inside_the_failure_handler,
    inside_the_failure_handler_after_a_deferral,
]


class FailingRoutes(Routes):
    """Buttons, lists and forms that all fail."""

    def __init__(self, fail: Failing) -> None:
        super().__init__()
        self._fail = fail

    async def answer(self, interaction: discord.Interaction) -> None:
        await self._fail(interaction)


@contextmanager
def failing(event: Any, fail: Failing) -> Iterator[None]:
    """Everything that is registered fails in this way."""
    # discord.py keeps the checks of a command for all bots of the process.
    registered = [
        *(each for each in event.bot.tree.walk_commands() if isinstance(each, app_commands.Command)),
        *event.bot.tree.walk_commands(type=discord.AppCommandType.message),
    ]
    for command in registered:
        command.add_check(fail)
    event.bot.routes = FailingRoutes(fail)
    try:
        yield
    finally:
        for command in registered:
            command.remove_check(fail)


def apologies(texts: list[str], language: str, log: str) -> list[str]:
    """The apologies among some texts, each with a reference that the log has."""
    found = [match for text in texts if (match := APOLOGY[language].search(text))]
    assert all(f"failed reference={match[1]} " in log for match in found)
    return [match[0] for match in found]


async def answers_to(event: Any, act: Act, who: Person, message: Any) -> list[str]:
    """What somebody is told privately when they do it, once all is over."""
    before = {each.message.id for each in who.private()}
    exchange = await act.by(who, message)
    await event.settle()
    assert exchange.acknowledged, act
    assert not exchange.failed, act
    assert exchange.interaction.finished.is_set(), f"{act}: somebody still sees that the bot is thinking"
    return [each.text for each in who.private() if each.message.id not in before]


@pytest.fixture
async def morning(event: Any) -> Any:
    """Tuesday 10:20, with a question approved and another under review."""
    await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
    return event


@pytest.mark.trial("D3")
@pytest.mark.parametrize("fail", STAGES)
async def test_every_act_that_fails_gets_one_final_answer(
    morning: Any, fail: Failing, caplog: pytest.LogCaptureFixture
) -> None:
    everything = acts(morning.bot)
    message = announcement(morning)
    who = {"es": morning.organizer(), "en": morning.organizer("Olivia Organizer", locale="en-GB")}
    with failing(morning, fail):
        for number, act in enumerate(everything):
            language = ("es", "en")[number % 2]
            texts = await answers_to(morning, act, who[language], message)
            assert len(apologies(texts, language, caplog.text)) == 1, (act, texts)
            assert [text for text in texts if text != "Hecho."] == [texts[-1]], act
            assert "Zutana" not in "".join(texts)
            assert len(texts[-1]) < 300
    assert "error code: 40060" not in caplog.text
    assert "unanswered" not in caplog.text


@pytest.mark.trial("D3")
async def test_every_act_whose_database_fails_gets_one_apology(morning: Any, caplog: pytest.LogCaptureFixture) -> None:
    message, everything = announcement(morning), acts(morning.bot)
    with sqlite3.connect(morning.config.storage.database, isolation_level=None) as other:
        own = ("questions", "question_policies", "question_messages_wanted")
        attendance = ("participants", "check_ins", "stays", "registers", "standings", "corrections")
        programme = ("agenda_commands", "drafts", "public_words", "question_pauses", "speeches", "arrivals")
        for table in (*own, *attendance, *programme, "expected", "doubts", "practices", "materials"):
            other.execute(f"ALTER TABLE {table} RENAME TO {table}_elsewhere")
    other.close()
    untouched = set()
    for act in everything:
        texts = await answers_to(morning, act, morning.organizer(), message)
        if not apologies(texts, "es", caplog.text):
            untouched.add(str(act))
            continue
        assert len(texts) == 1, (act, texts)
        assert "elsewhere" not in texts[0]
        assert "table" not in texts[0]
    assert untouched == WITHOUT_DATABASE


@pytest.mark.trial("D3")
async def test_every_act_is_told_when_nothing_can_be_saved(morning: Any) -> None:
    message, everything = announcement(morning), acts(morning.bot)

    async def closed(_interaction: discord.Interaction) -> bool:
        raise NotSaved(NotSavedReason.FULL)

    with failing(morning, closed):
        for act in everything:
            (text,) = await answers_to(morning, act, morning.organizer(), message)
            assert text.startswith("NO se guardó: hay un problema con la base de datos"), act


@pytest.mark.trial("D3")
@pytest.mark.parametrize("kind", ["accepted-then-502", "502"])
async def test_answer_whose_receipt_is_lost_is_given_once(
    morning: Any, kind: Any, caplog: pytest.LogCaptureFixture
) -> None:
    message = announcement(morning)
    open_to_all = [act for act in acts(morning.bot) if act.needs is None]
    people = [morning.person(f"Persona {number}") for number in range(len(open_to_all))]
    morning.loopback.faults.add(kind, route="POST /interactions/{id}/{token}/callback", times=len(open_to_all))
    done = await asyncio.gather(*(act.by(who, message) for act, who in zip(open_to_all, people, strict=True)))
    await morning.settle()
    for act, who, exchange in zip(open_to_all, people, done, strict=True):
        assert not exchange.failed, act
        assert len(who.private()) == (0 if exchange.modal is not None else 1), act
    assert "failed reference" not in caplog.text


@pytest.mark.trial("D1")
@pytest.mark.trial("D3")
async def test_deferral_whose_receipt_is_lost_does_not_leave_anybody_waiting(
    morning: Any, caplog: pytest.LogCaptureFixture
) -> None:
    ana = morning.person("Ana")
    morning.loopback.faults.add("accepted-then-502", route="POST /interactions/{id}/{token}/callback")
    other = sqlite3.connect(morning.config.storage.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    morning.loop.call_later(1.5, other.execute, "ROLLBACK")
    exchange = await ana.slash("pregunta", texto="¿Habrá vídeo?")
    await morning.settle()
    other.close()
    assert exchange.deferred
    assert ["es la **número 1**" in message.text for message in ana.private()] == [True]
    assert "failed reference" not in caplog.text


@pytest.mark.trial("D3")
async def test_interaction_that_discord_has_forgotten_is_noted_and_no_more(
    morning: Any, caplog: pytest.LogCaptureFixture
) -> None:
    message = announcement(morning)
    open_to_all = [act for act in acts(morning.bot) if act.needs is None]
    people = [morning.person(f"Persona {number}") for number in range(len(open_to_all))]
    morning.loopback.faults.add("callback-10062", times=len(open_to_all))
    done = await asyncio.gather(*(act.by(who, message) for act, who in zip(open_to_all, people, strict=True)))
    await morning.settle()
    assert all(exchange.failed for exchange in done)
    assert [text for who in people for text in who.private()] == []
    assert caplog.text.count("interaction.too_late") == len(open_to_all)
    assert "failed reference" not in caplog.text


@pytest.mark.trial("D3")
async def test_button_and_command_of_another_version_are_explained(morning: Any) -> None:
    message, eve, ana = announcement(morning), morning.person("Eve", locale="en-US"), morning.person("Ana")
    await eve.click(message, forged_custom_id="poll:vote:17")
    await ana.submit_raw("poll:create", {"title": "Dato"})
    morning.bot.tree.remove_command("programa", guild=discord.Object(morning.world.id))
    morning.bot.tree.remove_command("programa")
    await ana.slash("programa")
    await morning.settle()
    assert [m.text for m in eve.private()] == ["This button no longer works. Use the latest message or the command."]
    assert [m.text for m in ana.private()] == [
        "Este botón ya no sirve. Use el mensaje más reciente o el comando.",
        "Este comando cambió. Cierre Discord, ábralo otra vez y repítalo, por favor.",
    ]


@pytest.mark.trial("D8")
async def test_forged_custom_id_leaves_nothing_of_itself_in_the_log(
    morning: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    await morning.person("Ana").click(announcement(morning), forged_custom_id="Zutana:\nfailed reference=abc")
    await morning.settle()
    assert "refused kind=NothingBehindThis command=?" in caplog.text
    assert "Zutana" not in caplog.text
