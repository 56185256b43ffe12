"""The rules of messages: permissions, lengths, emptiness, mentions, nonces, history."""

import io
from typing import Any

import discord
import pytest

from bot.loopback import NotVisible
from bot.loopback import permissions as rights
from tests.loopback.conftest import Bot, Stand


async def refused(coroutine: Any) -> tuple[int, int]:
    """Status and code with which Discord refuses."""
    with pytest.raises(discord.HTTPException) as caught:
        await coroutine
    return caught.value.status, caught.value.code


async def post(bot: Bot, channel_id: int, **body: Any) -> Any:
    route = discord.http.Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
    return await bot.http.request(route, json=body)


async def test_everybody_sees_what_their_roles_let_them_see(stand: Stand) -> None:
    bot = await stand.start(Bot())
    await stand.channel(bot, "anuncios").send("público")
    await stand.channel(bot, "moderacion").send("reservado")
    dm = await (await bot.fetch_user(stand.ana.id)).send("personal")
    assert [m.text for m in stand.ana.sees()] == ["público", "personal"]
    assert [m.text for m in stand.ben.sees()] == ["público", "reservado"]
    assert [m.text for m in stand.ana.direct_messages()] == ["personal"]
    assert stand.ana.sees_in("moderacion") == []
    await stand.ana.gains(stand.moderators)
    assert [m.text for m in stand.ana.sees()] == ["público", "reservado", "personal"]
    await dm.delete()
    assert stand.ana.direct_messages() == []
    stand.ana.takes_private_messages = False
    assert await refused((await bot.fetch_user(stand.ana.id)).send("otra")) == (403, 50007)
    with pytest.raises(NotVisible):
        await stand.world.add_person("Carla Muestra").says("moderacion", "hola")


async def test_missing_permissions_access_and_channels_have_their_codes(stand: Stand) -> None:
    bot = await stand.start(Bot())
    news, back = stand.news.id, stand.back.id
    stand.world.set_overwrite("anuncios", stand.bot_role, deny=rights.SEND_MESSAGES)
    assert await refused(post(bot, news, content="x")) == (403, 50013)
    stand.world.set_overwrite("moderacion", stand.bot_role)
    assert await refused(post(bot, back, content="x")) == (403, 50001)
    stand.world.remove_channel("moderacion")
    assert await refused(post(bot, back, content="x")) == (404, 10003)
    stand.world.set_overwrite("anuncios", stand.bot_role)
    await post(bot, news, content="x")
    stand.world.set_overwrite("anuncios", stand.account, deny=rights.ATTACH_FILES)
    file = discord.File(io.BytesIO(b"x"), "x.txt")
    assert await refused(stand.channel(bot, "anuncios").send(file=file)) == (403, 50013)
    said = await stand.ana.says("anuncios", "mío")
    partial = stand.channel(bot, "anuncios").get_partial_message(said.id)
    assert await refused(partial.edit(content="suyo")) == (403, 50005)
    assert await refused(stand.channel(bot, "anuncios").fetch_message(1)) == (404, 10008)


async def test_administrators_may_do_everything_whatever_a_channel_denies(stand: Stand) -> None:
    bot = await stand.start(Bot())
    stand.world.set_overwrite("moderacion", stand.bot_role, deny=rights.ALL)
    assert await refused(post(bot, stand.back.id, content="x")) == (403, 50001)
    stand.world.change_role(stand.bot_role, permissions=rights.ADMINISTRATOR)
    await post(bot, stand.back.id, content="x")
    assert [m.text for m in stand.ben.sees_in("moderacion")] == ["x"]


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u3164", "\u2800\n", "\u00ad", "\u200b\u3164 \u2060"])
@pytest.mark.trial("Q7")
async def test_messages_that_show_nothing_are_refused(stand: Stand, text: str) -> None:
    bot = await stand.start(Bot())
    assert await refused(post(bot, stand.news.id, content=text)) == (400, 50006)
    assert stand.ana.sees() == []


def buttons(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"type": 2, "style": 1, "label": "b", "custom_id": f"b{n}", **more} for n in range(count)]


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def choice(**more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "s", "options": [{"label": "a", "value": "a"}], **more}


TOO_MUCH: list[dict[str, Any]] = [
    {"content": "x" * 2001},
    {"embeds": [{"title": "x" * 257}]},
    {"embeds": [{"description": "x" * 4097}]},
    {"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]},
    {"embeds": [{"fields": [{"name": "n", "value": "v"}] * 26}]},
    {"embeds": [{"fields": [{"name": "n", "value": ""}]}]},
    {"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]},
    {"embeds": [{"title": "x"}] * 11},
    {"embeds": [{}]},
    {"content": "x", "components": [row(*buttons(6))]},
    {"content": "x", "components": [row(*buttons(1))] * 6},
    {"content": "x", "components": [row(*buttons(1), *buttons(1))]},
    {"content": "x", "components": [row({"type": 2, "style": 1, "label": "x" * 81, "custom_id": "b"})]},
    {"content": "x", "components": [row({"type": 2, "style": 1, "label": "x", "custom_id": "b" * 101})]},
    {"content": "x", "components": [row({"type": 2, "style": 1, "label": "x"})]},
    {"content": "x", "components": [row({"type": 2, "style": 5, "label": "x"})]},
    {"content": "x", "components": [row(choice(), *buttons(1))]},
    {"content": "x", "components": [row(choice(options=[{"label": str(n), "value": str(n)} for n in range(26)]))]},
    {"content": "x", "components": [row(choice(options=[{"label": "a", "value": "x"}] * 2))]},
    {"content": "x", "components": [row(choice(options=[{"label": "a" * 101, "value": "x"}]))]},
    {"content": "x", "components": [row(choice(placeholder="x" * 151))]},
    {"content": "x", "components": [{"type": 10, "content": "x"}]},
    {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "x"}]},
    {"flags": 1 << 15, "components": [{"type": 10, "content": "x" * 2001}, {"type": 10, "content": "x" * 2000}]},
    {"flags": 1 << 15, "components": [{"type": 10, "content": "x"}] * 41},
    {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 10, "content": "x"}] * 40}]},
    {"content": "x", "nonce": "n" * 26},
]


@pytest.mark.parametrize("body", TOO_MUCH)
@pytest.mark.trial("D4")
async def test_what_is_too_long_or_too_much_is_refused(stand: Stand, body: dict[str, Any]) -> None:
    bot = await stand.start(Bot())
    assert await refused(post(bot, stand.news.id, **body)) == (400, 50035)
    assert stand.ana.sees() == []
    if stand.loopback.contract is not None:
        # The description knows some of these limits, too.
        stand.loopback.contract.violations.clear()


async def test_what_just_fits_is_taken(stand: Stand) -> None:
    bot = await stand.start(Bot())
    fits: list[dict[str, Any]] = [
        {"content": "x" * 2000},
        {"embeds": [{"description": "x" * 4096}, {"description": "x" * 1904}]},
        {"content": "x", "components": [row(*buttons(5)), row(choice())]},
        {"flags": 1 << 15, "components": [{"type": 17, "components": [{"type": 10, "content": "x" * 100}] * 39}]},
    ]
    for body in fits:
        await post(bot, stand.news.id, **body)
    assert [len(m.text.replace("\n", "")) for m in stand.ana.sees()] == [2000, 6000, 1, 3900]


async def test_layouts_are_read_and_pressed_like_other_messages(stand: Stand) -> None:
    bot = Bot()

    class Board(discord.ui.LayoutView):
        box = discord.ui.Container(
            discord.ui.TextDisplay("# Cola"),
            discord.ui.Section("¿Habrá vídeo?", accessory=discord.ui.Button(label="Aprobar", custom_id="approve")),
            discord.ui.Separator(),
            discord.ui.ActionRow(discord.ui.Button(label="Siguiente", custom_id="next")),
        )

    @bot.event
    async def on_interaction(interaction: discord.Interaction) -> None:
        assert interaction.data is not None
        await interaction.response.send_message(str(interaction.data.get("custom_id")), ephemeral=True)

    await stand.start(bot)
    board = Board(timeout=None)
    board.stop()
    sent = await stand.channel(bot, "anuncios").send(view=board)
    [seen] = stand.ana.sees()
    assert (seen.text, seen.content, seen.labels) == ("# Cola\n¿Habrá vídeo?", "", ["Aprobar", "Siguiente"])
    assert (await stand.ana.click(seen, "Aprobar")).text == "approve"
    assert (await stand.ana.click(seen, "next")).text == "next"
    assert await refused(sent.edit(content="texto")) == (400, 50035)
    plain = await stand.channel(bot, "anuncios").send("texto")
    assert await refused(plain.edit(view=board)) == (400, 50035)
    await plain.edit(content=None, view=board)
    assert stand.ana.sees()[-1].text == "# Cola\n¿Habrá vídeo?"


async def test_only_permitted_mentions_ping(stand: Stand) -> None:
    bot = await stand.start(Bot())
    text = f"<@{stand.ana.id}> <@&{stand.moderators.id}> @everyone `<@{stand.ben.id}>`"

    async def pinged(allowed: dict[str, Any] | None) -> list[Any]:
        body = {"content": text} if allowed is None else {"content": text, "allowed_mentions": allowed}
        await post(bot, stand.news.id, **body)
        stand.clock.move(seconds=5)
        return stand.ana.sees()[-1].pinged

    assert await pinged(None) == [stand.ana]
    assert await pinged({"parse": []}) == []
    stand.world.change_role(stand.bot_role, permissions=stand.bot_role.permissions | rights.MENTION_EVERYONE)
    assert await pinged(None) == [stand.ana, f"<@&{stand.moderators.id}>", "@everyone"]
    assert await pinged({"parse": [], "roles": [str(stand.moderators.id)]}) == [f"<@&{stand.moderators.id}>"]
    assert await pinged({"parse": ["everyone"], "users": []}) == ["@everyone"]
    both = {"parse": ["users"], "users": [str(stand.ana.id)]}
    assert await refused(post(bot, stand.news.id, content=text, allowed_mentions=both)) == (400, 50035)


async def test_nonces_make_one_message_for_five_minutes_and_are_not_in_the_history(stand: Stand) -> None:
    bot = await stand.start(Bot())
    body = {"content": "una vez", "nonce": "2020-09-08/2:start", "enforce_nonce": True}
    first = await post(bot, stand.news.id, **body)
    stand.clock.move(minutes=4, seconds=59)
    assert (await post(bot, stand.news.id, **body))["id"] == first["id"]
    assert first["nonce"] == "2020-09-08/2:start"
    history = await bot.http.logs_from(stand.news.id, 10)
    assert [(message["id"], "nonce" in message) for message in history] == [(first["id"], False)]
    stand.clock.move(seconds=1)
    assert (await post(bot, stand.news.id, **body))["id"] != first["id"]
    await post(bot, stand.news.id, **{**body, "enforce_nonce": False})
    assert [m.text for m in stand.ana.sees()] == ["una vez"] * 3


async def test_history_is_paged_in_both_directions(stand: Stand) -> None:
    bot = await stand.start(Bot())
    for number in range(7):
        await stand.ana.says("anuncios", str(number))
    channel = stand.channel(bot, "anuncios")
    ids = {m.content: discord.Object(m.id) for m in stand.ana.sees()}
    assert len([m async for m in channel.history(limit=3)]) == 3

    async def page(**where: Any) -> list[int]:
        numbers = {each.id: int(text) for text, each in ids.items()}
        return [numbers[m.id] async for m in channel.history(**where)]

    assert await page(limit=3) == [6, 5, 4]
    assert await page(limit=2, before=ids["3"]) == [2, 1]
    assert await page(limit=2, after=ids["3"], oldest_first=True) == [4, 5]
    assert await page(limit=3, around=ids["3"]) == [4, 3, 2]
    stand.world.set_overwrite("anuncios", stand.bot_role, deny=rights.READ_MESSAGE_HISTORY)
    # As on Discord: no refusal, only nothing.
    assert await page(limit=3) == []
    assert await refused(channel.fetch_message(ids["3"].id)) == (403, 50013)


async def test_files_come_whole_and_edits_keep_or_drop_them(stand: Stand) -> None:
    bot = await stand.start(Bot())
    channel = stand.channel(bot, "anuncios")
    file = discord.File(io.BytesIO(b"a;b\n"), "informe.csv", description="Informe")
    message = await channel.send("aquí", files=[file, discord.File(io.BytesIO(b"\x00\xff"), "b.bin")])
    [seen] = stand.ana.sees()
    assert [(each.name, each.content) for each in seen.attachments] == [
        ("informe.csv", b"a;b\n"),
        ("b.bin", b"\x00\xff"),
    ]
    assert message.attachments[0].description == seen.attachments[0].description == "Informe"
    with pytest.raises(discord.HTTPException) as too_long:
        await channel.send("aquí", file=discord.File(io.BytesIO(b"a"), "a.csv", description="x" * 1025))
    assert (too_long.value.status, too_long.value.code) == (400, 50035)
    if (contract := stand.loopback.contract) is not None:
        assert len(contract.violations) == 1
        contract.forget()
    message = await message.edit(content="allí")
    assert len(stand.ana.sees()[0].attachments) == 2
    await message.edit(attachments=[message.attachments[1], discord.File(io.BytesIO(b"c"), "c.txt")])
    [seen] = stand.ana.sees()
    assert [each.name for each in seen.attachments] == ["b.bin", "c.txt"]
    assert seen.edited_at is not None
    await message.delete()
    assert seen.deleted
    assert stand.ana.sees() == []


async def test_pins_and_bulk_deletion(stand: Stand) -> None:
    bot = await stand.start(Bot())
    channel = stand.channel(bot, "anuncios")
    sent = [await channel.send(str(number)) for number in range(3)]
    await sent[1].pin()
    assert [m.id async for m in channel.pins()] == [sent[1].id]
    assert [m.pinned for m in stand.ana.sees()] == [False, True, False]
    await sent[1].unpin()
    await channel.delete_messages(sent[:2])
    assert [m.text for m in stand.ana.sees()] == ["2"]


async def test_bots_without_the_intent_do_not_read_what_people_write(stand: Stand) -> None:
    bot = await stand.start(Bot())
    said = await stand.ana.says("anuncios", "hola")
    to_bot = await stand.ana.says("anuncios", f"<@{stand.account.id}> hola")
    await stand.loopback.settled()
    assert ("message", said.id, "") in bot.noted
    assert ("message", to_bot.id, to_bot.content) in bot.noted


async def test_others_are_told_what_somebody_deletes(stand: Stand) -> None:
    bot = await stand.start(Bot())
    said = await stand.ana.says("anuncios", "hola")
    stand.world.delete_message(said)
    await stand.loopback.settled()
    assert ("deleted", said.id) in bot.noted
