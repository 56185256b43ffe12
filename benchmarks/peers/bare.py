"""discord.py that acknowledges and does nothing else.

`python -m benchmarks.peers.bare [limited | unlimited | commit FILE]`.
limited: with as many connections as the program has by default. unlimited: as it comes. commit: limited, and one
INSERT and COMMIT through aiosqlite before each acknowledgement.
"""

import os
import sys
from typing import Any

import aiohttp
import aiosqlite
import discord
from discord import app_commands

from cogs.endpoint import Endpoint, redirected

_CONNECTIONS = 300


class Bare(discord.Client):
    """One command."""

    def __init__(self, database: str | None, **options: Any) -> None:
        super().__init__(intents=discord.Intents(guilds=True, voice_states=True), max_messages=None, **options)
        self._path = database
        self._database: aiosqlite.Connection | None = None
        tree = app_commands.CommandTree(self)

        @tree.command(name="pregunta")
        async def pregunta(interaction: discord.Interaction, texto: str) -> None:
            if self._database is not None:
                await self._database.execute("INSERT INTO question VALUES (?, ?)", (interaction.user.id, texto))
            await interaction.response.send_message("ok", ephemeral=True)

    async def setup_hook(self) -> None:
        if self._path is not None:
            # Every statement commits by itself: a commit() of one person's would take along what others inserted.
            self._database = await aiosqlite.connect(self._path, isolation_level=None)
            await self._database.execute("PRAGMA journal_mode = WAL")
            await self._database.execute("PRAGMA synchronous = FULL")
            await self._database.execute("CREATE TABLE IF NOT EXISTS question (person INTEGER, text TEXT)")


class _Limited(Bare):
    async def login(self, token: str) -> None:
        # Only where there is a running loop.
        self.http.connector = aiohttp.TCPConnector(limit=_CONNECTIONS)
        await super().login(token)


def main() -> None:
    """Run until it is ended."""
    kind = sys.argv[1] if sys.argv[1:] else "limited"
    made = (Bare if kind == "unlimited" else _Limited)(sys.argv[2] if kind == "commit" else None)
    with redirected(Endpoint(os.environ["ESTRADO_REST"], os.environ["ESTRADO_GATEWAY"])):
        made.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
