"""`estrado check --online`: what a server lacks, each thing by name."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import discord
import pytest

from bot.access import NEEDED, Lack, LackKind, PlaceKind
from bot.clock import RehearsalClock
from bot.config import Config, RolesConfig
from bot.connection import ConnectionEnded, DiscordRefused, DiscordUnreachable, IntentsNotEnabled, TokenRefused
from bot.errors import NotSaved, NotSavedReason
from bot.languages import LANGUAGES
from bot.loopback.contract import Contract
from bot.phrases.connection import lack, permission_name
from bot.rehearsal.hall import TOKEN, Hall, furnish
from cogs.endpoint import Endpoint
from cogs.inspection import explained, inspect
from tests.factories import workshop

VIEW, SEND, EMBED, ATTACH, HISTORY, CONNECT = (1 << bit for bit in (10, 11, 14, 15, 16, 20))
STAGE_MODERATOR = 1 << 4 | 1 << 22 | 1 << 24
CREATE_EVENTS, PIN = 1 << 44, 1 << 51


@pytest.fixture
async def hall(config: Config) -> AsyncIterator[Hall]:
    """The furnished server, with nobody connected to it."""
    contract = Contract.from_environment()
    furnished = furnish(config, RehearsalClock(datetime(2020, 9, 1, tzinfo=UTC)), contract)
    async with furnished.loopback:
        yield furnished
    assert contract is None or contract.violations == []


async def lacks(hall: Hall, config: Config, token: str = TOKEN) -> list[Lack]:
    endpoint = Endpoint(hall.loopback.rest_url, hall.loopback.gateway_url)
    return list(await inspect(config, token, endpoint))


async def test_a_server_that_has_everything_lacks_nothing(hall: Hall, config: Config) -> None:
    assert await lacks(hall, config) == []
    assert hall.loopback.sessions == []


async def test_every_missing_channel_and_role_is_named(hall: Hall, tmp_path: Path) -> None:
    config = workshop(
        tmp_path,
        announcements=("anuncios", "otra sala"),
        questions=12345,
        stage="anuncios",
        voice=("sala 2",),
        organizer_role="Nadie",
        announcement_role="Todos",
    )
    assert await lacks(hall, config) == [
        Lack(LackKind.CHANNEL, "discord.announcements[1]", "otra sala"),
        Lack(LackKind.CHANNEL, "discord.questions", "12345"),
        Lack(LackKind.CHANNEL, "discord.stage", "anuncios"),
        Lack(LackKind.CHANNEL, "discord.voice[0]", "sala 2"),
        Lack(LackKind.ROLE, "discord.organizer_role", "Nadie"),
        Lack(LackKind.ROLE, "discord.announcement_role", "Todos"),
    ]


@pytest.mark.parametrize(
    ("bit", "permissions"),
    [
        # Discord grants neither of the other two to those who may not post at all.
        (SEND, ["send_messages", "embed_links", "attach_files"]),
        (EMBED, ["embed_links"]),
        (ATTACH, ["attach_files"]),
        (HISTORY, ["read_message_history"]),
    ],
)
async def test_a_permission_that_one_channel_denies_is_named(
    bit: int, permissions: list[str], hall: Hall, config: Config
) -> None:
    hall.world.set_overwrite("preguntas", hall.bot_role, deny=bit, allow=SEND & ~bit)
    assert await lacks(hall, config) == [
        Lack(LackKind.PERMISSION, "discord.questions", "preguntas", permission) for permission in permissions
    ]


async def test_a_stage_that_the_bot_may_not_enter_is_named(hall: Hall, config: Config) -> None:
    hall.world.set_overwrite("auditorio", hall.bot_role, allow=STAGE_MODERATOR, deny=CONNECT)
    # Who may not go there may do nothing there.
    assert await lacks(hall, config) == [
        Lack(LackKind.PERMISSION, "discord.stage", "auditorio", name)
        for name in ("connect", "manage_channels", "mute_members", "move_members")
    ]


async def test_a_channel_that_the_bot_does_not_see_gives_it_nothing(hall: Hall, config: Config) -> None:
    hall.world.set_overwrite("organizacion", hall.bot_role, deny=VIEW)
    found = await lacks(hall, config)
    assert {lack.setting for lack in found} == {"discord.organizers"}
    assert Lack(LackKind.PERMISSION, "discord.organizers", "organizacion", "view_channel") in found


@pytest.mark.parametrize("name", ["moderacion", "organizacion"])
async def test_a_closed_channel_that_everyone_reads_is_named(name: str, hall: Hall, config: Config) -> None:
    hall.world.set_overwrite(name, hall.world.everyone, allow=VIEW)
    setting = "discord.moderators" if name == "moderacion" else "discord.organizers"
    assert await lacks(hall, config) == [Lack(LackKind.OPEN_TO_ALL, setting, name)]


async def test_a_role_that_announcements_cannot_mention_is_named(hall: Hall, tmp_path: Path) -> None:
    hall.world.add_role("Participantes")
    hall.world.add_role("Público", mentionable=True)
    found = [await lacks(hall, workshop(tmp_path, announcement_role=name)) for name in ("Participantes", "Público")]
    assert found == [[Lack(LackKind.MENTION, "discord.announcement_role", "Participantes")], []]


@pytest.mark.parametrize("reference", ["Otro servidor", 12345])
async def test_a_server_that_the_bot_is_not_in_is_named(reference: str | int, hall: Hall, tmp_path: Path) -> None:
    assert await lacks(hall, workshop(tmp_path, guild=reference)) == [
        Lack(LackKind.SERVER, "discord.guild", str(reference))
    ]


async def test_a_name_that_two_things_bear_is_named(hall: Hall, config: Config) -> None:
    hall.world.add_text_channel("Preguntas")
    hall.world.add_role("Moderación")
    assert await lacks(hall, config) == [
        Lack(LackKind.DOUBTFUL, "discord.questions", "preguntas"),
        Lack(LackKind.DOUBTFUL, "discord.moderator_role", "Moderación"),
    ]


async def test_a_wrong_token_is_refused(hall: Hall, config: Config) -> None:
    with pytest.raises(TokenRefused):
        await lacks(hall, config, token="made-up-and-unknown")


async def test_a_discord_that_nobody_serves_is_unreachable(hall: Hall, config: Config) -> None:
    with pytest.raises(DiscordUnreachable) as refusal:
        await inspect(config, TOKEN, Endpoint("http://127.0.0.1:1/api/v10", "ws://127.0.0.1:1"))
    assert refusal.value.reason.startswith("127.0.0.1: ")


def _closed(code: int) -> discord.ConnectionClosed:
    class Socket:
        close_code = code

    socket: Any = Socket()
    return discord.ConnectionClosed(socket, shard_id=None)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: _closed(4004), TokenRefused()),
        (lambda: _closed(4014), IntentsNotEnabled()),
        (lambda: _closed(4011), ConnectionEnded(4011)),
        (lambda: discord.PrivilegedIntentsRequired(None), IntentsNotEnabled()),
        (lambda: discord.LoginFailure("made up"), TokenRefused()),
        (discord.GatewayNotFound, DiscordUnreachable("GatewayNotFound")),
        (lambda: ExceptionGroup("", [ValueError(), ExceptionGroup("", [_closed(4004)])]), TokenRefused()),
        (TimeoutError, DiscordUnreachable("TimeoutError")),
        (lambda: NotSaved(NotSavedReason.FULL), NotSaved(NotSavedReason.FULL)),
        (lambda: ValueError("of our own"), None),
        (lambda: PermissionError("of a file"), None),
    ],
)
def test_what_ended_the_connection_is_told_apart(make: Callable[[], Exception], refusal: Exception | None) -> None:
    found = explained(make())
    assert (type(found), vars(found) if found else None) == (type(refusal), vars(refusal) if refusal else None)


def test_every_needed_permission_is_one_of_discords_and_has_a_name() -> None:
    for kind in PlaceKind:
        for permission in NEEDED[kind]:
            assert getattr(discord.Permissions.all(), permission) is True
            assert all(permission_name(permission, language) for language in LANGUAGES)


@pytest.mark.parametrize("kind", LackKind)
def test_every_kind_of_lack_is_worded_with_its_place_and_name(kind: LackKind) -> None:
    permission = "attach_files" if kind is LackKind.PERMISSION else None
    said = {language: lack(Lack(kind, "discord.somewhere", "sala {1}", permission), language) for language in LANGUAGES}
    assert said["es"] != said["en"]
    for sentence in said.values():
        assert sentence.startswith("discord.somewhere: ")
        assert "sala {1}" in sentence
    if permission:
        assert ("Adjuntar archivos" in said["es"], "Attach Files" in said["en"]) == (True, True)


def test_refused_answers_keep_their_status_and_code() -> None:
    class Response:
        status = 403
        reason = "Forbidden"

    response: Any = Response()
    assert explained(discord.Forbidden(response, {"code": 50001, "message": "made up"})) == DiscordRefused(403, 50001)


async def test_what_native_events_and_the_pinned_message_need_is_named(hall: Hall, config: Config) -> None:
    permissions = hall.bot_role.permissions & ~CREATE_EVENTS & ~PIN
    hall.world.change_role(hall.bot_role, permissions=permissions)
    hall.world.set_overwrite("auditorio", hall.bot_role)
    stage = [
        Lack(LackKind.PERMISSION, "discord.stage", "auditorio", name)
        for name in ("manage_channels", "mute_members", "move_members")
    ]
    assert await lacks(hall, config) == [
        Lack(LackKind.PERMISSION, "discord.announcements[0]", "anuncios", "pin_messages"),
        *stage,
        Lack(LackKind.EVENTS, "discord.guild", "Servidor de ensayo"),
    ]


async def test_roles_that_registration_is_to_give_and_cannot_are_named(hall: Hall, tmp_path: Path) -> None:
    given = RolesConfig(attendee="Asistente", countries={"CR": "Costa Rica"}, profiles={"judicial": "Nadie"})
    config = workshop(tmp_path, roles=given)
    attendee, country = hall.world.add_role("Asistente"), hall.world.add_role("Costa Rica")
    absent = Lack(LackKind.ROLE, "discord.roles.profiles.judicial", "Nadie")
    assert await lacks(hall, config) == [
        absent,
        Lack(LackKind.GIVE_ROLES, "discord.roles.attendee", "Asistente"),
        Lack(LackKind.GIVE_ROLES, "discord.roles.countries.CR", "Costa Rica"),
    ]
    hall.world.change_role(hall.bot_role, permissions=hall.bot_role.permissions | 1 << 28, position=country.position)
    hall.world.change_role(country, position=country.position + 1)
    assert attendee.position < hall.bot_role.position
    above = Lack(LackKind.ROLE_ABOVE, "discord.roles.countries.CR", "Costa Rica")
    assert await lacks(hall, config) == [absent, above]
    for language in LANGUAGES:
        assert "Costa Rica" in lack(above, language)
