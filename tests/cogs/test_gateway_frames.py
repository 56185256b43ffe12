"""The gateway's frames, as the register reads them."""

import json
from typing import Any

import pytest

from bot.attendance import connections_by_person
from bot.ids import ChannelId, GuildId, PersonId, SessionKey
from cogs.gateway_frames import Frame, Resumed, ServerGone, ServerSeen, Voice, read

STATE = {"user_id": "7", "channel_id": "30", "session_id": "s1"}


def frame(event: str | None, content: Any, op: int = 0) -> str:
    return json.dumps({"t": event, "s": 1, "op": op, "d": content})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            frame("VOICE_STATE_UPDATE", STATE | {"guild_id": "1", "member": {"user": {"id": "7", "bot": True}}}),
            Voice(GuildId(1), PersonId(7), ChannelId(30), "s1", True),
        ),
        (
            frame("VOICE_STATE_UPDATE", STATE | {"guild_id": "1", "member": {"user": {"id": "7"}}}),
            Voice(GuildId(1), PersonId(7), ChannelId(30), "s1", False),
        ),
        (
            frame("VOICE_STATE_UPDATE", STATE | {"guild_id": "1", "channel_id": None}),
            Voice(GuildId(1), PersonId(7), None, "s1", None),
        ),
        (frame("VOICE_STATE_UPDATE", STATE), None),
        (
            frame(
                "GUILD_CREATE",
                {
                    "id": "1",
                    "unavailable": False,
                    "voice_states": [STATE, STATE | {"user_id": "8"}],
                    "members": [{"user": {"id": "8", "bot": True}}],
                },
            ),
            ServerSeen(
                GuildId(1),
                (
                    Voice(GuildId(1), PersonId(7), ChannelId(30), "s1", None),
                    Voice(GuildId(1), PersonId(8), ChannelId(30), "s1", True),
                ),
            ),
        ),
        (frame("GUILD_CREATE", {"id": "1", "unavailable": True}), None),
        (frame("GUILD_DELETE", {"id": "1", "unavailable": True}), ServerGone(GuildId(1))),
        (frame("RESUMED", {"_trace": []}), Resumed()),
        (frame("VOICE_STATE_UPDATE", STATE | {"guild_id": "1", "session_id": None}), None),
        (frame("VOICE_STATE_UPDATE", STATE | {"guild_id": "9" * 30}), None),
        (frame("VOICE_STATE_UPDATE", {"guild_id": "1", "channel_id": "30", "session_id": "s1"}), None),
        (
            frame("VOICE_STATE_UPDATE", STATE | {"guild_id": "1", "member": None}),
            Voice(GuildId(1), PersonId(7), ChannelId(30), "s1", None),
        ),
        (
            frame("GUILD_CREATE", {"id": "1", "voice_states": [None, {"user_id": 8}, STATE], "members": [None, {}]}),
            ServerSeen(GuildId(1), (Voice(GuildId(1), PersonId(7), ChannelId(30), "s1", None),)),
        ),
        (frame("GUILD_CREATE", {"voice_states": []}), None),
        (frame("GUILD_DELETE", ["1"]), None),
        (frame(None, None, op=11), None),
        (frame("MESSAGE_CREATE", {"content": '"VOICE_STATE_UPDATE"'}), None),
        (frame("GUILD_MEMBER_UPDATE", {"nick": "GUILD_DELETE", "id": "1"}), None),
    ],
)
def test_a_frame_says_what_it_is_and_nothing_that_somebody_wrote(text: str, said: Frame | None) -> None:
    assert read(text) == said


async def test_a_bot_that_discord_does_not_introduce_is_struck_once_it_is_known(event: Any) -> None:
    recorder, ana = event.person("Grabadora", bot=True), event.person("Ana Prueba")
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    for person in (recorder, ana):
        channel = event.world.channel_named("auditorio")
        state = {"user_id": str(person.id), "channel_id": str(channel.id), "session_id": f"of {person.id}"}
        event.bot.dispatch("socket_raw_receive", frame("VOICE_STATE_UPDATE", state | {"guild_id": str(event.world.id)}))
    await event.settle()
    record = await event.services.register.day(SessionKey("2020-09-08"))
    assert connections_by_person(record) == {ana.id: 1}
