"""discord.py with the member cache as it comes with voice intents, and an empty listener: `python -m
benchmarks.peers.listening`."""

import os

import discord

from cogs.endpoint import Endpoint, redirected


class Listening(discord.Client):
    """Hears who comes and goes, and does nothing."""

    async def on_voice_state_update(
        self, member: discord.Member, before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        pass


def main() -> None:
    """Run until it is ended."""
    made = Listening(intents=discord.Intents(guilds=True, voice_states=True), max_messages=None)
    with redirected(Endpoint(os.environ["ESTRADO_REST"], os.environ["ESTRADO_GATEWAY"])):
        made.run(os.environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
