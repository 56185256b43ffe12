"""Interactions: what a person does with a command, a component or a form, and the answers a bot may give.

Stricter than a client would notice: three real seconds for the first answer, one first answer each, tokens of fifteen
minutes of the event's time, and the first follow-up after a deferral takes the deferral's place and visibility.
"""

import asyncio
import secrets
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.loopback import components as parts
from bot.loopback import payloads
from bot.loopback import permissions as rights
from bot.loopback.gateway import Gateway
from bot.loopback.guild import Guild
from bot.loopback.messages import File, composed
from bot.loopback.nouns import (
    EPHEMERAL,
    LOADING,
    Channel,
    ChannelKind,
    DiscordRefusal,
    Json,
    Member,
    Message,
    invalid_form,
    unknown,
)

COMMAND, COMPONENT, AUTOCOMPLETE, MODAL_SUBMIT = 2, 3, 4, 5
PONG, ANSWER, DEFERRED_ANSWER, DEFERRED_UPDATE, UPDATE, CHOICES, MODAL = 1, 4, 5, 6, 7, 8, 9

ANSWER_SECONDS = 3.0
TOKEN_LIFE = timedelta(minutes=15)

_ALLOWED_ANSWERS = {
    COMMAND: {ANSWER, DEFERRED_ANSWER, MODAL},
    COMPONENT: {ANSWER, DEFERRED_ANSWER, DEFERRED_UPDATE, UPDATE, MODAL},
    AUTOCOMPLETE: {CHOICES},
    MODAL_SUBMIT: {ANSWER, DEFERRED_ANSWER},
}


@dataclass(eq=False)
class Interaction:
    """One act of a person, and all that has come of it so far."""

    id: int
    token: str
    kind: int
    person: Member
    bot: Member
    channel: Channel
    created_at: datetime
    metadata: Json
    #: The message whose component was used, also where that opened the form that is now submitted.
    message: Message | None
    answered: "asyncio.Future[bool]"
    sent_at: float
    answer_type: int | None = None
    acknowledged_after: float | None = None
    failed: bool = False
    original: Message | None = None
    messages: list[Message] = field(default_factory=list)
    modal: Json | None = None
    choices: list[Json] = field(default_factory=list)
    updated: bool = False
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    timer: asyncio.TimerHandle | None = None


class Interactions:
    """Every interaction of the server's people with its bots."""

    def __init__(self, guild: Guild, gateway: Gateway) -> None:
        self._guild = guild
        self._gateway = gateway
        self._by_token: dict[str, Interaction] = {}
        self._order: deque[Interaction] = deque()

    # A person acts

    def begin(
        self,
        kind: int,
        person: Member,
        bot: Member,
        channel: Channel,
        data: Json,
        *,
        message: Message | None = None,
        opened_by: Interaction | None = None,
    ) -> Interaction:
        """Send an interaction. Its `answered` ends with whether a valid answer came within three real seconds."""
        loop = asyncio.get_running_loop()
        guild = self._guild
        made = Interaction(
            id=guild.new_id(),
            token=secrets.token_urlsafe(48),
            kind=kind,
            person=person,
            bot=bot,
            channel=channel,
            created_at=guild.time.now(),
            metadata={},
            message=message,
            answered=loop.create_future(),
            sent_at=loop.time(),
        )
        made.metadata = self._metadata(made, opened_by)
        self._by_token[made.token] = made
        self._order.append(made)
        while self._expired(self._order[0]):
            del self._by_token[self._order.popleft().token]
        payload = self._payload(made, data)
        guild.record("interaction.sent", interaction=made.id, type=kind, person=person.id, data=data)
        if self._gateway.tell_bot(bot, "INTERACTION_CREATE", payload):
            made.timer = loop.call_later(ANSWER_SECONDS, self._fail, made)
        else:
            self._fail(made)
        return made

    def close(self) -> None:
        """Nobody waits any more for an answer."""
        for interaction in self._by_token.values():
            if interaction.timer is not None:
                interaction.timer.cancel()
            if not interaction.answered.done():
                self._fail(interaction)

    def _fail(self, interaction: Interaction) -> None:
        interaction.failed = True
        interaction.finished.set()
        if not interaction.answered.done():
            interaction.answered.set_result(False)
        self._guild.record("interaction.failed", interaction=interaction.id, person=interaction.person.id)

    def _payload(self, interaction: Interaction, data: Json) -> Json:
        guild, person, channel = self._guild, interaction.person, interaction.channel
        payload: Json = {
            "id": str(interaction.id),
            "application_id": str(interaction.bot.id),
            "type": interaction.kind,
            "token": interaction.token,
            "version": 1,
            "data": data,
            "channel_id": str(channel.id),
            "locale": person.locale,
            "entitlements": [],
            "attachment_size_limit": payloads.ATTACHMENT_LIMIT,
        }
        if interaction.message is not None:
            payload["message"] = payloads.message(interaction.message)
        if channel.kind is ChannelKind.PRIVATE:
            payload |= {
                "user": payloads.user(person),
                "channel": payloads.channel(guild, channel, asked_by=interaction.bot),
                "context": 1,
                "app_permissions": rights.as_text(rights.PRIVATE | rights.MENTION_EVERYONE),
                "authorizing_integration_owners": {"0": "0"},
            }
        else:
            allowed = guild.permissions(person, channel)
            member = payloads.member(person) | {"permissions": rights.as_text(allowed)}
            payload |= {
                "member": member,
                "guild_id": str(guild.id),
                "guild": {"id": str(guild.id), "locale": guild.locale, "features": []},
                "guild_locale": guild.locale,
                "channel": payloads.channel(guild, channel) | {"permissions": rights.as_text(allowed)},
                "context": 0,
                "app_permissions": rights.as_text(guild.permissions(interaction.bot, channel)),
                "authorizing_integration_owners": {"0": str(guild.id)},
            }
        return payload

    def _metadata(self, interaction: Interaction, opened_by: Interaction | None) -> Json:
        owner = "0" if interaction.channel.kind is ChannelKind.PRIVATE else str(self._guild.id)
        metadata: Json = {
            "id": str(interaction.id),
            "type": interaction.kind,
            "user": payloads.user(interaction.person),
            "authorizing_integration_owners": {"0": owner},
        }
        if interaction.kind == COMPONENT and interaction.message is not None:
            metadata["interacted_message_id"] = str(interaction.message.id)
        if interaction.kind == MODAL_SUBMIT:
            # A form opened before the bot was started anew: what opened it is not known here any more.
            first = metadata | {"type": COMMAND}
            metadata["triggering_interaction_metadata"] = first if opened_by is None else opened_by.metadata
        return metadata

    # A bot answers

    def callback(self, interaction_id: int, token: str, body: Json, files: Sequence[File]) -> Json:
        """The first answer. Returns what `?with_response=true` is answered."""
        found = self._by_token.get(token)
        if found is None or found.id != interaction_id or found.failed:
            raise unknown("interaction", 10062)
        if found.answer_type is not None:
            raise DiscordRefusal(400, 40060, "Interaction has already been acknowledged.")
        answer_type = body.get("type")
        allowed = _ALLOWED_ANSWERS[found.kind]
        if found.kind == MODAL_SUBMIT and found.message is not None:
            allowed = allowed | {UPDATE, DEFERRED_UPDATE}
        if answer_type not in allowed:
            message = f"Value must be one of {{{', '.join(map(str, sorted(allowed)))}}}."
            raise invalid_form("type", "BASE_TYPE_CHOICES", message)
        message_of_answer = self._answer(found, answer_type, body.get("data") or {}, files)
        self._acknowledge(found, answer_type)
        about: Json = {"id": str(found.id), "type": found.kind, "channel_id": str(found.channel.id)}
        response: Json = {"interaction": about}
        if found.channel.kind is not ChannelKind.PRIVATE:
            about["guild_id"] = str(self._guild.id)
        if message_of_answer is not None:
            about["response_message_id"] = str(message_of_answer.id)
            about["response_message_loading"] = bool(message_of_answer.flags & LOADING)
            about["response_message_ephemeral"] = message_of_answer.is_ephemeral
        if message_of_answer is not None and answer_type in (ANSWER, UPDATE):
            response["resource"] = {"type": answer_type, "message": payloads.message(message_of_answer)}
        return response

    def _answer(self, interaction: Interaction, answer_type: int, data: Json, files: Sequence[File]) -> Message | None:
        if answer_type == ANSWER:
            interaction.original = self._post(interaction, data, files)
        elif answer_type == DEFERRED_ANSWER:
            flags = int(data.get("flags") or 0) & EPHEMERAL | LOADING
            interaction.original = self._new(interaction, {"content": "", "flags": flags})
        elif answer_type in (UPDATE, DEFERRED_UPDATE):
            interaction.original = interaction.message
            if answer_type == UPDATE and interaction.message is not None:
                self._edit(interaction, interaction.message, data, files)
        elif answer_type == MODAL:
            interaction.modal = parts.checked_modal(data)
        elif answer_type == CHOICES:
            interaction.choices = _choices(data.get("choices") or [])
        return interaction.original

    def _acknowledge(self, interaction: Interaction, answer_type: int) -> None:
        interaction.answer_type = answer_type
        interaction.acknowledged_after = asyncio.get_running_loop().time() - interaction.sent_at
        if interaction.timer is not None:
            interaction.timer.cancel()
        if answer_type not in (DEFERRED_ANSWER, DEFERRED_UPDATE):
            interaction.finished.set()
        if not interaction.answered.done():
            interaction.answered.set_result(True)
        self._guild.record(
            "interaction.acknowledged",
            interaction=interaction.id,
            person=interaction.person.id,
            type=answer_type,
            seconds=interaction.acknowledged_after,
        )

    # Follow-ups

    def by_token(self, application_id: int, token: str) -> Interaction:
        """The interaction of a token that is still good and was answered already."""
        found = self._by_token.get(token)
        if found is None or found.bot.id != application_id or self._expired(found):
            raise DiscordRefusal(401, 50027, "Invalid Webhook Token")
        if found.answer_type is None:
            raise unknown("Webhook", 10015)
        return found

    def _expired(self, interaction: Interaction) -> bool:
        return self._guild.time.now() - interaction.created_at >= TOKEN_LIFE

    def follow_up(self, interaction: Interaction, body: Json, files: Sequence[File]) -> Message:
        """One more message. The first one after a deferral takes its place."""
        original = interaction.original
        if original is not None and original.flags & LOADING and original.deleted_at is None:
            body = {key: value for key, value in body.items() if key != "flags"} | {
                "flags": int(body.get("flags") or 0) & ~EPHEMERAL
            }
            return self._edit(interaction, original, body, files)
        message = self._post(interaction, body, files)
        interaction.finished.set()
        return message

    def find(self, interaction: Interaction, message_id: str) -> Message:
        """The message of that id, or "@original"; refuses with 10008."""
        if message_id == "@original":
            if interaction.original is not None and interaction.original.deleted_at is None:
                return interaction.original
        else:
            for message in interaction.messages:
                if str(message.id) == message_id and message.deleted_at is None:
                    return message
            if interaction.message is not None and str(interaction.message.id) == message_id:
                return interaction.message
        raise unknown("Message", 10008)

    def edit(self, interaction: Interaction, message: Message, body: Json, files: Sequence[File]) -> Message:
        """Change a message of the interaction."""
        return self._edit(interaction, message, body, files)

    def delete(self, interaction: Interaction, message: Message) -> None:
        """Delete a message of the interaction."""
        self._guild.delete_message(message)
        interaction.finished.set()

    # Messages

    def _allowed(self, interaction: Interaction) -> int:
        # An answer needs no permission to be sent; whom it may ping depends on the bot's own.
        own = self._guild.permissions(interaction.bot, interaction.channel)
        return own | rights.ATTACH_FILES | rights.EMBED_LINKS

    def _post(self, interaction: Interaction, data: Json, files: Sequence[File]) -> Message:
        allowed = self._allowed(interaction)
        values = composed(self._guild, data, files, allowed=allowed)
        return self._new(interaction, values)

    def _new(self, interaction: Interaction, values: dict[str, Any]) -> Message:
        ephemeral = bool(values["flags"] & EPHEMERAL)
        message = Message(
            id=self._guild.new_id(),
            channel=interaction.channel,
            author=interaction.bot,
            created_at=self._guild.time.now(),
            interaction_metadata=interaction.metadata,
            webhook_id=interaction.bot.id,
            kind=20 if interaction.kind == COMMAND and not interaction.messages else 0,
            only_for=interaction.person.id if ephemeral else None,
            **({"embeds": (), "components": (), "attachments": ()} | values),
        )
        interaction.messages.append(message)
        self._guild.add_message(message)
        return message

    def _edit(self, interaction: Interaction, message: Message, body: Json, files: Sequence[File]) -> Message:
        before = {
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "attachments": message.attachments,
            "flags": message.flags,
        }
        changes = composed(self._guild, body, files, allowed=self._allowed(interaction), before=before)
        was_loading = bool(message.flags & LOADING)
        changes["flags"] &= ~LOADING
        self._guild.change_message(message, edited=not was_loading, **changes)
        if message is interaction.message:
            interaction.updated = True
        interaction.finished.set()
        return message


def _choices(choices: Sequence[Json]) -> list[Json]:
    if len(choices) > 25:
        raise invalid_form("data.choices", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
    for index, choice in enumerate(choices):
        for text in (choice.get("name"), *(choice.get("name_localizations") or {}).values()):
            if not isinstance(text, str) or not 1 <= len(text) <= 100:
                where = f"data.choices.{index}.name"
                raise invalid_form(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
        value = choice.get("value")
        if isinstance(value, str) and len(value) > 100:
            where = f"data.choices.{index}.value"
            raise invalid_form(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length.")
    return list(choices)
