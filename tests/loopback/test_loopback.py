"""The thread through all of it: unmodified discord.py logs in, and people talk to it."""

import discord
from discord import app_commands

from tests.loopback.conftest import Bot, Stand


async def test_loopback_carries_a_bot_from_login_to_answers(stand: Stand) -> None:
    bot = Bot()

    class Form(discord.ui.Modal, title="Pregunta"):
        text = discord.ui.TextInput(label="Texto", custom_id="texto", max_length=200)

        async def on_submit(self, interaction: discord.Interaction) -> None:
            await interaction.response.send_message(f"Recibida: {self.text.value}", ephemeral=True)

    class Buttons(discord.ui.View):
        @discord.ui.button(label="Preguntar", custom_id="question:ask")
        async def ask(self, interaction: discord.Interaction, button: object) -> None:
            await interaction.response.send_modal(Form())

    @bot.tree.command(name="hola", description="Saluda", guild=stand.guild)
    @app_commands.describe(nombre="A quién")
    async def hello(interaction: discord.Interaction, nombre: str) -> None:
        await interaction.response.send_message(f"Hola, {nombre}", ephemeral=True)

    await stand.start(bot)
    answer = await stand.ana.slash("hola", nombre="Ana")
    assert answer.text == "Hola, Ana"
    assert [message.text for message in stand.ana.private()] == ["Hola, Ana"]
    assert stand.ben.sees() == []

    await stand.channel(bot, "anuncios").send("Empieza", view=Buttons(timeout=None))
    [post] = stand.ben.sees()
    assert (post.text, post.labels) == ("Empieza", ["Preguntar"])
    opened = await stand.ben.click(post, "Preguntar")
    assert opened.modal is not None
    assert opened.modal.title == "Pregunta"
    sent = await stand.ben.submit(opened.modal, texto="¿Habrá vídeo?")
    assert sent.text == "Recibida: ¿Habrá vídeo?"
    assert [message.text for message in stand.ana.sees()] == ["Hola, Ana", "Empieza"]

    await stand.ana.joins("auditorio")
    await stand.loopback.settled()
    assert ("voice", stand.ana.id, None, "auditorio") in bot.noted
    assert stand.loopback.frames_pending == 0
    assert stand.loopback.requests_in_flight == 0
