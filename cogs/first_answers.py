"""The first answer to an interaction, by the shortest way: one request, of which nothing is kept.

discord.py makes a message of what Discord sends back, which nobody here reads, and which takes longer than all that a
question needs. Where the short way does not succeed at once, discord.py goes its own, with all that it knows of limits
and of trying again.
"""

import json
from typing import Any

import aiohttp
import discord
from discord.http import Route

_NOT_FOUND = 404
_MESSAGE = discord.InteractionResponseType.channel_message.value

_encoded = json.JSONEncoder(separators=(",", ":")).encode


class FirstAnswers:
    """Gives them over the connections that the client has anyway."""

    def __init__(self, trace: aiohttp.TraceConfig | None) -> None:
        self._trace = trace
        self._session: aiohttp.ClientSession | None = None

    def open(self, connector: aiohttp.BaseConnector) -> None:
        """Begin, once there are connections."""
        self._session = aiohttp.ClientSession(
            connector=connector,
            connector_owner=False,
            trace_configs=[] if self._trace is None else [self._trace],
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Content-Type": "application/json"},
        )

    async def close(self) -> None:
        """Give no more; the connections stay."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def give(self, interaction: discord.Interaction, message: dict[str, Any]) -> bool:
        """Whether Discord has taken `message`, as its API names the parts, for the first answer.

        Where not, it may still have been taken, and only the reply be lost. Raises discord.NotFound where Discord does
        not know the interaction, or not any more.
        """
        if self._session is None:
            return False
        address = f"{Route.BASE}/interactions/{interaction.id}/{interaction.token}/callback"
        try:
            async with self._session.post(address, data=_encoded({"type": _MESSAGE, "data": message})) as answered:
                if answered.status == _NOT_FOUND:
                    raise discord.NotFound(answered, await answered.json())
                return answered.ok
        except (aiohttp.ClientError, OSError):
            return False


def written(
    content: str | None,
    view: "discord.ui.View | discord.ui.LayoutView | None",
    embed: discord.Embed | None,
    mentions: discord.AllowedMentions,
) -> dict[str, Any]:
    """A private message as Discord's API names its parts."""
    flags = discord.MessageFlags(ephemeral=True)
    message: dict[str, Any] = {"allowed_mentions": mentions.to_dict()}
    if content is not None:
        message["content"] = content
    if view is not None:
        message["components"] = view.to_components()
        flags.components_v2 = isinstance(view, discord.ui.LayoutView)
    if embed is not None:
        message["embeds"] = [embed.to_dict()]
    return message | {"flags": flags.value}
