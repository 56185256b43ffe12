"""hikari as it comes, which acknowledges and does nothing else: `python -m benchmarks.peers.hikari_bare`."""

import os

import hikari


def main() -> None:
    """Run until it is ended."""
    bot = hikari.GatewayBot(
        os.environ["DISCORD_TOKEN"],
        rest_url=os.environ["ESTRADO_REST"],
        intents=hikari.Intents.GUILDS | hikari.Intents.GUILD_VOICE_STATES,
        banner=None,
        logs="ERROR",
    )

    @bot.listen()
    async def acknowledge(event: hikari.InteractionCreateEvent) -> None:
        interaction = event.interaction
        if isinstance(interaction, hikari.CommandInteraction):
            await interaction.create_initial_response(
                hikari.ResponseType.MESSAGE_CREATE, "ok", flags=hikari.MessageFlag.EPHEMERAL
            )

    bot.run(check_for_updates=False)


if __name__ == "__main__":
    main()
