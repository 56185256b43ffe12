"""Messages of channels."""

from itertools import islice
from typing import Any

from bot.loopback import payloads, rates
from bot.loopback import permissions as rights
from bot.loopback.messages import composed
from bot.loopback.nouns import (
    LOADING,
    Channel,
    ChannelKind,
    DiscordRefusal,
    Json,
    Message,
    invalid_form,
    missing_permissions,
    unknown,
)
from bot.loopback.rest import Answer, Call, old_edits, route


@route("POST", "/channels/{channel_id}/messages")
def post(call: Call) -> Answer:
    """A new message."""
    guild = call.guild
    channel = call.channel(needs=rights.SEND_MESSAGES)
    if not all(recipient.takes_private_messages for recipient in channel.recipients):
        raise DiscordRefusal(403, 50007, "Cannot send messages to this user")
    body: Json = call.body or {}
    nonce = body.get("nonce")
    if isinstance(nonce, str) and len(nonce) > 25:
        raise invalid_form("nonce", "NONCE_TYPE_TOO_LONG", "Must be 25 or fewer in length.")
    if body.get("enforce_nonce") and nonce is not None:
        known = call.loopback.nonces.find(channel.id, call.bot.id, str(nonce))
        if known is not None:
            return Answer(200, payloads.message(known))
    allowed = guild.permissions(call.bot, channel)
    values = composed(guild, body, call.files, allowed=allowed)
    reference = _reference(call, channel, body.get("message_reference"))
    message = Message(
        id=guild.new_id(),
        channel=channel,
        author=call.bot,
        created_at=guild.time.now(),
        nonce=nonce,
        tts=bool(body.get("tts")),
        reference=reference,
        kind=0 if reference is None else 19,
        **values,
    )
    if nonce is not None:
        call.loopback.nonces.keep(message)
    guild.add_message(message)
    return Answer(200, payloads.message(message))


@route("GET", "/channels/{channel_id}/messages")
def history(call: Call) -> Answer:
    """Up to a hundred messages, the newest first; none at all for whoever may not read the history."""
    channel = call.channel()
    if not call.guild.permissions(call.bot, channel) & rights.READ_MESSAGE_HISTORY:
        return Answer(200, [])
    limit = int(call.query.get("limit", 50))
    if not 1 <= limit <= 100:
        raise invalid_form("limit", "NUMBER_TYPE_MAX", "Must be between 1 and 100.")
    ids = channel.messages
    if "after" in call.query:
        after = int(call.query["after"])
        newer = list(_newest(channel, lambda number: number > after))
        found = newer[-limit:]
    elif "around" in call.query:
        around = int(call.query["around"])
        older = list(islice((m for m in reversed(ids.values()) if m.id < around), limit // 2))
        newer = [m for m in reversed(ids.values()) if m.id >= around][-(limit - len(older)) :]
        found = [*newer, *older]
    else:
        before = int(call.query.get("before", 1 << 63))
        found = list(islice((m for m in reversed(ids.values()) if m.id < before), limit))
    return Answer(200, [payloads.past_message(message) for message in found])


@route("GET", "/channels/{channel_id}/messages/{message_id}")
def read(call: Call) -> Answer:
    """One message."""
    channel = call.channel(needs=rights.READ_MESSAGE_HISTORY)
    return Answer(200, payloads.past_message(_message(call, channel)))


@route("PATCH", "/channels/{channel_id}/messages/{message_id}")
def edit(call: Call) -> Answer:
    """Change a message of one's own."""
    guild = call.guild
    channel = call.channel()
    message = _message(call, channel)
    if message.author is not call.bot:
        raise DiscordRefusal(403, 50005, "Cannot edit a message authored by another user")
    old = guild.age_seconds(message) > rates.OLD_AFTER.total_seconds()
    if old and not call.loopback.rates.take_old_edit(channel.id):
        raise old_edits()
    before = {
        "content": message.content,
        "embeds": message.embeds,
        "components": message.components,
        "attachments": message.attachments,
        "flags": message.flags & ~LOADING,
    }
    allowed = guild.permissions(call.bot, channel)
    changes = composed(guild, call.body or {}, call.files, allowed=allowed, before=before)
    guild.change_message(message, **changes)
    return Answer(200, payloads.past_message(message))


@route("DELETE", "/channels/{channel_id}/messages/{message_id}")
def delete(call: Call) -> Answer:
    """Delete a message: one's own, or with the permission anybody's."""
    channel = call.channel()
    message = _message(call, channel)
    if message.author is not call.bot:
        if channel.kind is ChannelKind.PRIVATE:
            raise DiscordRefusal(403, 50003, "Cannot execute action on a DM channel")
        call.channel(needs=rights.MANAGE_MESSAGES)
    call.guild.delete_message(message)
    return Answer(204)


@route("POST", "/channels/{channel_id}/messages/bulk-delete")
def bulk_delete(call: Call) -> Answer:
    """Delete two to a hundred messages of the last two weeks."""
    channel = call.channel(needs=rights.MANAGE_MESSAGES)
    ids = [int(each) for each in (call.body or {}).get("messages", ())]
    if not 2 <= len(ids) <= 100:
        raise DiscordRefusal(400, 50016, "Provided too few or too many messages to delete.")
    messages = [channel.messages[each] for each in ids if each in channel.messages]
    if any(call.guild.age_seconds(message) > 14 * 86400 for message in messages):
        raise DiscordRefusal(400, 50034, "You can only bulk delete messages that are under 14 days old.")
    call.guild.delete_messages(channel, messages)
    return Answer(204)


@route("GET", "/channels/{channel_id}/pins")
def pins(call: Call) -> Answer:
    """Pinned messages, the way that went before pages."""
    channel = call.channel(needs=rights.READ_MESSAGE_HISTORY)
    return Answer(200, [payloads.past_message(message) for message in _pinned(channel)])


@route("GET", "/channels/{channel_id}/messages/pins")
def pages_of_pins(call: Call) -> Answer:
    """Pinned messages, the latest pinned first."""
    channel = call.channel(needs=rights.READ_MESSAGE_HISTORY)
    items = []
    for message in _pinned(channel):
        assert message.pinned_at is not None
        pinned_at = payloads.instant(message.pinned_at)
        items.append({"pinned_at": pinned_at, "message": payloads.past_message(message)})
    limit = int(call.query.get("limit", 50))
    return Answer(200, {"items": items[:limit], "has_more": len(items) > limit})


@route("PUT", "/channels/{channel_id}/pins/{message_id}")
@route("PUT", "/channels/{channel_id}/messages/pins/{message_id}")
def pin(call: Call) -> Answer:
    """Pin a message."""
    channel = _pinnable(call)
    message = _message(call, channel)
    if message.pinned_at is None:
        if len(_pinned(channel)) >= 250:
            raise DiscordRefusal(400, 30003, "Maximum number of pins reached (250)")
        call.guild.change_message(message, edited=False, pinned_at=call.guild.time.now())
    return Answer(204)


@route("DELETE", "/channels/{channel_id}/pins/{message_id}")
@route("DELETE", "/channels/{channel_id}/messages/pins/{message_id}")
def unpin(call: Call) -> Answer:
    """Unpin a message."""
    message = _message(call, _pinnable(call))
    call.guild.change_message(message, edited=False, pinned_at=None)
    return Answer(204)


@route("POST", "/channels/{channel_id}/typing")
def typing(call: Call) -> Answer:
    """Show that one writes."""
    call.channel(needs=rights.SEND_MESSAGES)
    return Answer(204)


def _message(call: Call, channel: Channel) -> Message:
    found = channel.messages.get(call.number(1))
    if found is None:
        raise unknown("Message", 10008)
    return found


def _newest(channel: Channel, wanted: Any) -> Any:
    for message in reversed(channel.messages.values()):
        if not wanted(message.id):
            return
        yield message


def _pinned(channel: Channel) -> list[Message]:
    found = [message for message in channel.messages.values() if message.pinned_at is not None]
    return sorted(found, key=lambda message: (message.pinned_at, message.id), reverse=True)


def _pinnable(call: Call) -> Channel:
    channel = call.channel()
    allowed = call.guild.permissions(call.bot, channel)
    # The right to pin was split off from the right to manage; either does.
    if channel.kind is not ChannelKind.PRIVATE and not allowed & (rights.PIN_MESSAGES | rights.MANAGE_MESSAGES):
        raise missing_permissions()
    return channel


def _reference(call: Call, channel: Channel, given: Json | None) -> Json | None:
    if not given:
        return None
    message_id = str(given.get("message_id"))
    if not message_id.isdigit() or int(message_id) not in channel.messages:
        if given.get("fail_if_not_exists", True):
            raise invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
        return None
    reference: Json = {"type": 0, "channel_id": str(channel.id), "message_id": message_id}
    if channel.kind is not ChannelKind.PRIVATE:
        reference["guild_id"] = str(call.guild.id)
    return reference
