"""Secrets and people's words: through a whole day with the log at its most talkative, none of them is in it."""

import io
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot.operator.logs import Redacted
from bot.rehearsal.hall import TOKEN
from tests.cogs.dais import TUESDAY
from tests.cogs.test_mis_datos import ANONYMOUS, NAME, WORDS, a_tuesday, erase
from tests.factories import CONFIG_FILE


@pytest.mark.trial("P2")
def test_the_repository_has_nobodys_ids_and_no_tokens() -> None:
    """Ids of Discord's have 17 to 20 digits; those here are counted up, or nearly all noughts."""
    root = CONFIG_FILE.parent
    folders = ("bot", "cogs", "docs", "tests", "benchmarks", ".ci")
    kinds = {".py", ".md", ".sql", ".po", ".toml", ".txt", ".typ", ".json", ".csv", ".yml"}
    files = [*root.glob("*.*"), *(file for folder in folders for file in (root / folder).rglob("*"))]
    read = {file: file.read_text("utf-8") for file in files if file.is_file() and file.suffix in kinds}
    assert len(read) > 300
    found = {
        f"{file.relative_to(root)}: {number}"
        for file, text in read.items()
        for number in re.findall(r"(?<![\d.])\d{17,20}(?!\d)", text)
        if not _is_made_up(number)
    }
    assert found == set()
    token = re.compile(r"[MNO][\w-]{23,27}\.[\w-]{6}\.[\w-]{27,}")
    assert [str(file) for file, text in read.items() if token.search(text)] == []


def _is_made_up(number: str) -> bool:
    counted_up = "12345678901234567890" * 2
    return (
        "0000000000" in number
        or number[:15] in counted_up
        or number[1:16] in counted_up
        # The greatest number that SQLite keeps, and the one by which Discord's documentation explains its ids.
        or number in {"9223372036854775807", "175928847299117063"}
    )


class Log:
    """What a log would hold: as it is written by `estrado run --log-level debug`, and as it would be without care."""

    def __init__(self) -> None:
        self._written, self._careless = io.StringIO(), io.StringIO()
        self.handlers = [logging.StreamHandler(self._written), logging.StreamHandler(self._careless)]
        self.handlers[0].setFormatter(Redacted(TOKEN))

    @property
    def written(self) -> str:
        return self._written.getvalue()

    @property
    def careless(self) -> str:
        return self._careless.getvalue()


@pytest.fixture
def log() -> Iterator[Log]:
    """All that every library tells."""
    made, root, level = Log(), logging.getLogger(), logging.getLogger().level
    for handler in made.handlers:
        root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    try:
        yield made
    finally:
        for handler in made.handlers:
            root.removeHandler(handler)
        root.setLevel(level)


@pytest.mark.trial("P2")
async def test_a_whole_day_at_debug_tells_no_secret_name_or_text(event: Any, log: Log) -> None:
    ximena, ben, mora = await a_tuesday(event)
    # An answer that does not arrive, and one that fails within.
    event.loopback.faults.add("callback-10062")
    await ximena.slash("mis-preguntas")
    event.loopback.faults.add("502", route="POST /interactions/{id}/{token}/callback", times=None)
    await ben.slash("pregunta", texto="¿Y los ornitorrincos?")
    event.loopback.faults.clear()

    async def fails(_interaction: discord.Interaction) -> bool:
        raise RuntimeError("whatever it is")

    command = event.bot.tree.get_command("programa", guild=discord.Object(event.bot.venue.guild_id))
    command.add_check(fails)
    await ben.slash("programa")
    # Copies of a command share their checks, those of later bots too.
    command.remove_check(fails)
    await ximena.slash("mis-datos")
    await mora.slash("cola")
    await event.organizer().slash("asistencia", dia=TUESDAY)
    await event.organizer("Otra").slash("informe preguntas")
    await erase(ximena)
    await event.clock.run_for(300)
    await event.restart()
    names = ("Benito Prueba", "ximena_zp", "Mora Moderadora", "Migración de Ensayo")
    spoken = (*WORDS, NAME, ANONYMOUS, "ornitorrincos", "receso", *names)
    tokens = set(re.findall(r"'token': '([^']+)'", log.careless))
    # It tells much, and would tell all of this.
    assert len(tokens) > 20
    assert [word for word in spoken if word not in log.careless] == []
    assert log.written.count("WebSocket Event: INTERACTION_CREATE") > 20
    assert "has returned 200" in log.written
    assert "Traceback (most recent call last)" in log.written
    assert [token for token in (TOKEN, *tokens) if token in log.written] == []
    assert [word for word in spoken if word in log.written or json.dumps(word)[1:-1] in log.written] == []
