"""Discord's published description, where it is at hand."""

from typing import Any

import discord
import pytest

from bot.loopback import Contract
from tests.loopback.conftest import Bot, Stand

S = "175928847299117063"

FITS: list[tuple[str, str, Any]] = [
    (
        "POST",
        f"/channels/{S}/messages",
        {"content": "hi", "embeds": [{"title": "t"}], "allowed_mentions": {"parse": []}},
    ),
    ("POST", f"/interactions/{S}/tok/callback", {"type": 4, "data": {"content": "x", "flags": 64}}),
    ("POST", f"/interactions/{S}/tok/callback", {"type": 5}),
    ("POST", f"/interactions/{S}/tok/callback", {"type": 8, "data": {"choices": [{"name": "A", "value": "a"}]}}),
    ("PATCH", f"/webhooks/{S}/tok/messages/@original", {"content": "x"}),
    ("GET", "/gateway/bot", None),
    ("GET", f"/guilds/{S}/voice-states/@me", None),
]
DOES_NOT_FIT: list[tuple[str, str, Any]] = [
    ("POST", f"/channels/{S}/messages", {"content": 5}),
    ("POST", f"/channels/{S}/messages", {"embeds": [{"title": "t" * 257}]}),
    ("POST", f"/interactions/{S}/tok/callback", {"type": 99}),
    ("POST", f"/interactions/{S}/tok/callback", {"type": 9, "data": {"title": "no id", "components": []}}),
    ("PUT", f"/applications/{S}/guilds/{S}/commands", [{"name": "n" * 33, "description": "d"}]),
    ("GET", "/gateway/bots", None),
    ("DELETE", "/gateway/bot", None),
    ("PATCH", "/channels/abc", {"name": "x"}),
]


@pytest.fixture
def contract(description: Contract | None) -> Contract:
    if description is None:
        pytest.skip("DISCORD_OPENAPI names no copy of Discord's description")
    description.forget()
    return description


@pytest.mark.parametrize(("method", "path", "body"), FITS)
def test_contract_takes_what_discord_takes(contract: Contract, method: str, path: str, body: Any) -> None:
    contract.check_request(method, path, {}, body, "application/json", has_files=False)
    assert (contract.requests, contract.violations, contract.warnings) == (1, [], [])


@pytest.mark.parametrize(("method", "path", "body"), DOES_NOT_FIT)
def test_contract_complains_of_what_discord_refuses(contract: Contract, method: str, path: str, body: Any) -> None:
    contract.check_request(method, path, {}, body, "application/json", has_files=False)
    assert len(contract.violations) >= 1


def test_contract_warns_of_misspelt_keys_and_takes_numbers_for_ids(contract: Contract) -> None:
    body = {"contnet": "x", "content": "x", "message_reference": {"message_id": int(S)}, "flags": "64"}
    contract.check_request("POST", f"/channels/{S}/messages", {}, body, "application/json", has_files=False)
    assert contract.violations == []
    assert [warning.partition(":")[0] for warning in contract.warnings] == [
        "POST /channels/{channel_id}/messages.contnet"
    ]


def test_contract_wants_whole_answers(contract: Contract) -> None:
    contract.check_response("GET", f"/channels/{S}", 200, {"id": S, "type": 0})
    contract.check_response("GET", f"/channels/{S}", 204, None)
    contract.check_response("GET", "/users/@me", 200, None)
    assert len(contract.violations) >= 3


async def test_contract_holds_for_all_that_a_bot_says_and_hears(contract: Contract, stand: Stand) -> None:
    """The stand asserts after every test that nothing was against the description; this one counts, too."""
    bot = Bot()

    @bot.tree.command(name="hola", description="Saluda", guild=stand.guild)
    async def hello(interaction: discord.Interaction) -> None:
        await interaction.response.defer(ephemeral=True)
        await interaction.followup.send("hola", embed=discord.Embed(title="t", description="d"))

    await stand.start(bot)
    await stand.ana.slash("hola")
    await stand.channel(bot, "anuncios").send("hola")
    assert contract.requests >= 5
    assert contract.violations == []
