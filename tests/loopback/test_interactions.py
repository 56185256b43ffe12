"""The rules of interactions: time, number, visibility, tokens, kinds of answers."""

import asyncio
from typing import Any

import discord
import pytest
from discord import app_commands

from bot.loopback import InvalidOption, NoSuchComponent, NotVisible, UnknownCommand
from tests.loopback.conftest import Bot, Stand

Interaction = discord.Interaction[Any]


def code_of(error: BaseException) -> int:
    assert isinstance(error, discord.HTTPException)
    return error.code


async def test_interactions_fail_after_three_real_seconds_and_not_before(stand: Stand) -> None:
    bot = Bot()
    late: list[int] = []

    @bot.tree.command(name="tarde", description="Llega tarde", guild=stand.guild)
    async def late_command(interaction: Interaction) -> None:
        with pytest.raises(discord.NotFound) as caught:
            await interaction.response.send_message("tarde")
        late.append(caught.value.code)

    @bot.tree.command(name="justo", description="Llega justo", guild=stand.guild)
    async def in_time(interaction: Interaction) -> None:
        await interaction.response.send_message("a tiempo")

    await stand.start(bot)
    callback = "POST /interactions/{id}/{token}/callback"
    stand.loopback.faults.add("slow", route=callback, seconds=3.05)
    missed = await stand.ana.slash("tarde")
    assert (missed.failed, missed.acknowledged, missed.answers) == (True, False, [])
    await stand.still()
    assert late == [10062]
    stand.loopback.faults.add("slow", route=callback, seconds=2.5)
    kept = await stand.ben.slash("justo")
    assert (kept.failed, kept.text) == (False, "a tiempo")
    assert kept.acknowledged_after is not None
    assert 2.4 < kept.acknowledged_after < 3
    kinds = [entry.kind for entry in stand.loopback.log if entry.kind.startswith("interaction")]
    assert sorted(kinds) == [
        "interaction.acknowledged",
        "interaction.failed",
        "interaction.sent",
        "interaction.sent",
    ]


async def test_interactions_take_one_first_answer(stand: Stand) -> None:
    bot = Bot()
    codes: list[int] = []

    @bot.tree.command(name="doble", description="Contesta dos veces", guild=stand.guild)
    async def twice(interaction: Interaction) -> None:
        route = discord.http.Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction.id,
            webhook_token=interaction.token,
        )
        await interaction.response.send_message("una")
        with pytest.raises(discord.HTTPException) as caught:
            await bot.http.request(route, json={"type": 4, "data": {"content": "dos"}})
        codes.append(caught.value.code)

    await stand.start(bot)
    exchange = await stand.ana.slash("doble")
    assert [message.text for message in exchange.answers] == ["una"]
    await stand.still()
    assert codes == [40060]


async def test_deferred_answers_keep_their_visibility(stand: Stand) -> None:
    bot = Bot()

    @bot.tree.command(name="privado", description="Difiere en privado", guild=stand.guild)
    async def privately(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await interaction.followup.send("uno", ephemeral=False)
        await interaction.followup.send("dos", ephemeral=True)

    @bot.tree.command(name="publico", description="Difiere en público", guild=stand.guild)
    async def publicly(interaction: Interaction) -> None:
        await interaction.response.defer(thinking=True)
        await interaction.edit_original_response(content="para todos")

    await stand.start(bot)
    hidden = await stand.ana.slash("privado")
    shown = await stand.ana.slash("publico")
    await stand.still()
    assert hidden.deferred
    assert [(m.text, m.ephemeral) for m in hidden.answers] == [("uno", True), ("dos", True)]
    assert [m.text for m in stand.ben.sees()] == ["para todos"]
    assert [m.text for m in stand.ana.sees()] == ["uno", "dos", "para todos"]
    assert [m.text for m in stand.ana.private()] == ["uno", "dos"]
    assert shown.answer is not None
    assert shown.answer.edited_at is None


async def test_thinking_is_not_an_answer_until_it_ends(stand: Stand) -> None:
    bot = Bot()
    go = asyncio.Event()

    @bot.tree.command(name="piensa", description="Piensa", guild=stand.guild)
    async def think(interaction: Interaction) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await go.wait()
        await interaction.followup.send("ya")

    await stand.start(bot)
    asking = asyncio.create_task(stand.ana.slash("piensa"))
    await stand.still()
    assert stand.loopback.log[-1].kind == "interaction.acknowledged"
    assert stand.ana.sees() == []
    go.set()
    assert (await asking).text == "ya"


async def test_tokens_live_fifteen_minutes_of_the_event(stand: Stand) -> None:
    bot = Bot()
    kept: list[Interaction] = []

    @bot.tree.command(name="guarda", description="Guarda", guild=stand.guild)
    async def keep(interaction: Interaction) -> None:
        kept.append(interaction)
        await interaction.response.send_message("hola", ephemeral=True)

    await stand.start(bot)
    exchange = await stand.ana.slash("guarda")
    stand.clock.move(minutes=14, seconds=59)
    await kept[0].edit_original_response(content="cambiado")
    assert exchange.text == "cambiado"
    stand.clock.move(seconds=1)
    with pytest.raises(discord.HTTPException) as caught:
        await kept[0].followup.send("tarde")
    assert (caught.value.status, caught.value.code) == (401, 50027)
    await stand.ana.slash("guarda")
    with pytest.raises(discord.HTTPException) as caught:
        await kept[0].edit_original_response(content="muy tarde")
    assert caught.value.code == 50027


async def test_follow_ups_before_the_first_answer_are_refused(stand: Stand) -> None:
    bot = Bot()
    codes: list[int] = []

    @bot.tree.command(name="pronto", description="Demasiado pronto", guild=stand.guild)
    async def too_soon(interaction: Interaction) -> None:
        with pytest.raises(discord.NotFound) as caught:
            await interaction.followup.send("antes")
        codes.append(caught.value.code)
        await interaction.response.send_message("después")
        await interaction.delete_original_response()
        with pytest.raises(discord.NotFound) as caught:
            await interaction.original_response()
        codes.append(caught.value.code)

    await stand.start(bot)
    exchange = await stand.ana.slash("pronto")
    await stand.still()
    assert codes == [10015, 10008]
    assert exchange.answers == []


async def test_components_update_their_message_at_once(stand: Stand) -> None:
    bot = Bot()

    class Board(discord.ui.View):
        @discord.ui.button(label="Aprobar", custom_id="question:approve:1", row=0)
        async def approve(self, interaction: Interaction, button: Any) -> None:
            await interaction.response.edit_message(content="aprobada", view=None)

        @discord.ui.button(label="Cerrado", custom_id="closed", disabled=True, row=0)
        async def closed(self, interaction: Interaction, button: Any) -> None:
            raise AssertionError

        @discord.ui.select(
            custom_id="reason",
            placeholder="Motivo",
            row=1,
            options=[discord.SelectOption(label="Repetida", value="repeated"), discord.SelectOption(label="Otro")],
        )
        async def reason(self, interaction: Interaction, select: Any) -> None:
            await interaction.response.defer()
            await interaction.edit_original_response(content=f"motivo {select.values[0]}")

        @discord.ui.select(cls=discord.ui.UserSelect, custom_id="who", placeholder="Quién", row=2)
        async def who(self, interaction: Interaction, select: Any) -> None:
            await interaction.response.send_message(f"es {select.values[0].display_name}", ephemeral=True)

    await stand.start(bot)
    await stand.channel(bot, "moderacion").send("pendiente", view=Board(timeout=None))
    assert stand.ana.sees() == []
    [board] = stand.ben.sees_in("moderacion")
    assert [select.placeholder for select in board.selects] == ["Motivo", "Quién"]
    assert board.labels == ["Aprobar", "Cerrado"]
    with pytest.raises(NotVisible):
        await stand.ana.click(board, "Aprobar")
    with pytest.raises(NoSuchComponent):
        await stand.ben.click(board, "Cerrado")
    with pytest.raises(NoSuchComponent):
        await stand.ben.click(board, "Rechazar")
    with pytest.raises(NoSuchComponent):
        await stand.ben.choose(board, "Motivo", "Ninguno")
    chosen = await stand.ben.choose(board, "Motivo", "Repetida")
    await chosen.finished()
    assert chosen.updated is not None
    assert chosen.updated.text == "motivo repeated"
    assert (await stand.ben.choose(board, "Quién", stand.ana)).text == "es Ana Prueba"
    pressed = await stand.ben.click(board, "Aprobar")
    assert pressed.updated is not None
    assert (pressed.updated.text, pressed.updated.labels, pressed.answers) == ("aprobada", [], [])
    with pytest.raises(NoSuchComponent):
        await stand.ben.click(board, "Aprobar")
    assert stand.loopback.world.ephemeral[stand.ben.id]


async def test_a_custom_id_that_no_message_has_can_be_forged(stand: Stand) -> None:
    bot = Bot()
    seen: list[str] = []

    @bot.event
    async def on_interaction(interaction: Interaction) -> None:
        assert interaction.data is not None
        seen.append(str(interaction.data.get("custom_id")))
        await interaction.response.send_message("no", ephemeral=True)

    await stand.start(bot)
    await stand.channel(bot, "anuncios").send("hola")
    [post] = stand.ana.sees()
    exchange = await stand.ana.click(post, forged_custom_id="question:approve:99")
    assert (seen, exchange.text) == (["question:approve:99"], "no")


async def test_wrong_kinds_of_answers_are_refused(stand: Stand) -> None:
    bot = Bot()
    codes: list[int] = []

    def callback(interaction: Interaction) -> discord.http.Route:
        return discord.http.Route(
            "POST",
            "/interactions/{webhook_id}/{webhook_token}/callback",
            webhook_id=interaction.id,
            webhook_token=interaction.token,
        )

    @bot.event
    async def on_interaction(interaction: Interaction) -> None:
        wrong: list[dict[str, Any]] = [{"type": 7, "data": {"content": "x"}}, {"type": 8, "data": {"choices": []}}]
        if interaction.type is discord.InteractionType.modal_submit:
            wrong = [{"type": 9, "data": {"custom_id": "x", "title": "x", "components": []}}]
        for body in wrong:
            with pytest.raises(discord.HTTPException) as caught:
                await bot.http.request(callback(interaction), json=body)
            codes.append(caught.value.code)
        await interaction.response.send_message("bien", ephemeral=True)

    @bot.tree.command(name="algo", description="Algo", guild=stand.guild)
    async def something(interaction: Interaction) -> None:
        pass

    await stand.start(bot)
    assert (await stand.ana.slash("algo")).text == "bien"
    assert (await stand.ana.submit_raw("question:ask", {"texto": "¿?"})).text == "bien"
    assert codes == [50035, 50035, 50035]
    if stand.loopback.contract is not None:
        # An empty form is against the description, too: that was the point here.
        stand.loopback.contract.violations.clear()


async def test_options_are_checked_and_resolved_as_discord_does(stand: Stand) -> None:
    bot = Bot()

    @bot.tree.command(name="mover", description="Mueve", guild=stand.guild)
    @app_commands.choices(modo=[app_commands.Choice(name="Rápido", value="fast")])
    async def move(
        interaction: Interaction,
        quien: discord.Member,
        donde: discord.TextChannel,
        rol: discord.Role,
        veces: app_commands.Range[int, 1, 3] = 1,
        modo: str = "slow",
        texto: app_commands.Range[str, 2, 5] = "ab",
    ) -> None:
        said = f"{quien.display_name} {donde.name} {rol.name} {veces} {modo} {texto}"
        await interaction.response.send_message(said, ephemeral=True)

    group = app_commands.Group(name="informe", description="Informes", guild_ids=[stand.world.id])

    @group.command(name="dia", description="Del día")
    async def day(interaction: Interaction, dia: str) -> None:
        await interaction.response.send_message(f"informe del {dia}", ephemeral=True)

    bot.tree.add_command(group)
    await stand.start(bot)
    who = {"quien": stand.ben, "donde": stand.news, "rol": stand.moderators}
    exchange = await stand.ana.slash("mover", **who, veces=2, modo="Rápido", texto="hola")
    assert exchange.text == "Ben Ensayo anuncios Moderación 2 fast hola"
    assert (await stand.ana.slash("informe dia", dia="martes")).text == "informe del martes"
    for wrong in ({"veces": 4}, {"veces": "2"}, {"modo": "otro"}, {"texto": "a"}, {"texto": "abcdef"}, {"nada": 1}):
        with pytest.raises(InvalidOption):
            await stand.ana.slash("mover", **who, **wrong)
    with pytest.raises(InvalidOption):
        await stand.ana.slash("mover", quien=stand.ben)
    with pytest.raises(InvalidOption):
        await stand.ana.slash("mover", **{**who, "donde": stand.stage})
    for absent in ("nada", "informe", "informe semana", "mover algo"):
        with pytest.raises(UnknownCommand):
            await stand.ana.slash(absent)


@pytest.mark.trial("D5")
async def test_suggestions_are_shown_in_the_persons_language_and_never_too_many(stand: Stand) -> None:
    bot = Bot()
    asked: list[tuple[str, str]] = []

    @bot.tree.command(name="siguiente", description="Siguiente", guild=stand.guild)
    async def take(interaction: Interaction, sesion: str, numero: int) -> None:
        await interaction.response.send_message("ok")

    @take.autocomplete("numero")
    async def numbers(interaction: Interaction, current: str) -> list[app_commands.Choice[int]]:
        asked.append((current, interaction.namespace.sesion))
        if current == "todas":
            return [app_commands.Choice(name=str(n), value=n) for n in range(26)]
        return [app_commands.Choice(name=f"{current} primera", value=12)]

    await stand.start(bot)
    choices = await stand.ben.suggestions("siguiente", option="numero", typed="12", sesion="martes")
    assert [(choice.name, choice.value) for choice in choices] == [("12 primera", 12)]
    assert asked == [("12", "martes")]
    with pytest.raises(InvalidOption):
        await stand.ben.suggestions("siguiente", option="sesion", typed="m")
    assert await stand.ben.suggestions("siguiente", option="numero", typed="todas", sesion="martes") == []
    if stand.loopback.contract is not None:
        # The description knows this limit, too.
        assert len(stand.loopback.contract.violations) == 1
        stand.loopback.contract.violations.clear()


@pytest.mark.trial("D8")
async def test_hidden_commands_can_still_be_called(stand: Stand) -> None:
    bot = Bot()

    @bot.tree.command(name="cola", description="La cola", guild=stand.guild)
    @app_commands.default_permissions(manage_messages=True)
    async def queue(interaction: Interaction) -> None:
        member = isinstance(interaction.user, discord.Member)
        roles = [role.name for role in interaction.user.roles] if isinstance(interaction.user, discord.Member) else []
        await interaction.response.send_message(f"{member} {interaction.guild_id is None} {roles}", ephemeral=True)

    await stand.start(bot)
    assert stand.ana.visible_commands() == []
    with pytest.raises(UnknownCommand):
        await stand.ana.slash("cola")
    assert (await stand.ana.slash("cola", forged=True)).text == "True False ['@everyone']"
    await stand.ana.gains(stand.moderators)
    assert (await stand.ana.slash("cola", forged=True)).text == "True False ['@everyone', 'Moderación']"
    await stand.ana.loses(stand.moderators)
    assert (await stand.ana.slash("cola", dm=True)).text == "False True []"
    [command_id] = stand.world.commands
    stand.world.command_permissions[command_id] = [{"id": str(stand.ana.id), "type": 2, "permission": True}]
    assert [command.name for command in stand.ana.visible_commands()] == ["cola"]


async def test_commands_are_listed_in_the_persons_language(stand: Stand) -> None:
    bot = Bot()

    class English(app_commands.Translator):
        async def translate(self, string: Any, locale: discord.Locale, context: Any) -> str | None:
            return "Ask something" if locale is discord.Locale.british_english and " " in str(string) else None

    await bot.tree.set_translator(English())

    @bot.tree.command(name="pregunta", description="Haz una pregunta", guild=stand.guild)
    async def ask(interaction: Interaction) -> None:
        await interaction.response.send_message("ok")

    ask._locale_description = app_commands.locale_str("Haz una pregunta")
    await stand.start(bot)
    [spanish], [english] = stand.ana.visible_commands(), stand.ben.visible_commands()
    assert (spanish.name, spanish.description) == ("pregunta", "Haz una pregunta")
    assert (english.name, english.description) == ("pregunta", "Ask something")


async def test_context_menus_carry_the_message_and_forms_know_it(stand: Stand) -> None:
    bot = Bot()

    @bot.tree.context_menu(name="Convertir en pregunta", guild=stand.guild)
    async def convert(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"{message.author.display_name}: {message.content}", ephemeral=True)

    @bot.tree.context_menu(name="Ficha", guild=stand.guild)
    async def card(interaction: Interaction, member: discord.Member) -> None:
        await interaction.response.send_message(member.display_name, ephemeral=True)

    await stand.start(bot)
    said = await stand.ana.says("anuncios", "¿Habrá vídeo?")
    assert (await stand.ben.context_menu("Convertir en pregunta", said)).text == "Ana Prueba: ¿Habrá vídeo?"
    assert (await stand.ben.context_menu("Ficha", stand.ana)).text == "Ana Prueba"
    with pytest.raises(UnknownCommand):
        await stand.ben.context_menu("Ficha", said)


async def test_forms_with_labels_and_selects_are_filled_and_checked(stand: Stand) -> None:
    bot = Bot()

    class Form(discord.ui.Modal, title="Registro"):
        name = discord.ui.Label(
            text="Nombre", component=discord.ui.TextInput(custom_id="nombre", max_length=10, min_length=2)
        )
        profile = discord.ui.Label(
            text="Perfil",
            component=discord.ui.Select(
                custom_id="perfil",
                options=[
                    discord.SelectOption(label="Delegado", value="d"),
                    discord.SelectOption(label="Otro", value="o"),
                ],
            ),
        )
        note = discord.ui.Label(
            text="Nota", component=discord.ui.TextInput(custom_id="nota", required=False, default="nada")
        )

        async def on_submit(self, interaction: Interaction) -> None:
            got = [self.name.component.value, self.profile.component.values, self.note.component.value]  # type: ignore[attr-defined]
            await interaction.response.send_message(str(got), ephemeral=True)

    @bot.tree.command(name="registro", description="Registro", guild=stand.guild)
    async def register(interaction: Interaction) -> None:
        await interaction.response.send_modal(Form())

    await stand.start(bot)
    modal = (await stand.ana.slash("registro")).modal
    assert modal is not None
    assert [(f.custom_id, f.label, f.kind, f.required, f.max_length) for f in modal.fields] == [
        ("nombre", "Nombre", "text", True, 10),
        ("perfil", "Perfil", "select", True, None),
        ("nota", "Nota", "text", False, None),
    ]
    for wrong in ({"nombre": "A", "perfil": "d"}, {"nombre": "Ana"}, {"nombre": "A" * 11, "perfil": "d"}):
        with pytest.raises((InvalidOption, NoSuchComponent)):
            await stand.ana.submit(modal, **wrong)
    sent = await stand.ana.submit(modal, nombre="Ana", Perfil="Delegado")
    assert sent.text == "['Ana', ['d'], 'nada']"


async def test_people_are_told_that_nobody_answers(stand: Stand) -> None:
    bot = Bot()

    @bot.tree.command(name="hola", description="Saluda", guild=stand.guild)
    async def hello(interaction: Interaction) -> None:
        await interaction.response.send_message("hola")

    await stand.start(bot)
    await bot.close()
    assert (await stand.ana.slash("hola")).failed
    assert stand.ana.sees() == []
