"""Which Discord the client talks to: the real one, or a stand-in on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The two addresses of a Discord: `rest` as "http://…/api/v10", `gateway` as "ws://…"."""

    rest: str
    gateway: str


@contextmanager
def redirected(endpoint: Endpoint | None) -> Iterator[None]:
    """Talk to `endpoint` for the length of the block; None leaves discord.py's own addresses."""
    if endpoint is None:
        yield
        return
    # discord.py keeps the addresses in these two class attributes; nothing else of it is touched.
    rest, gateway = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = endpoint.rest, yarl.URL(endpoint.gateway)
    try:
        yield
    finally:
        Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = rest, gateway
