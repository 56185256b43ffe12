"""Scheduled events and stages that are live."""

from datetime import datetime

from bot.loopback import permissions as rights
from bot.loopback.nouns import (
    Channel,
    ChannelKind,
    DiscordRefusal,
    Json,
    invalid_form,
    missing_access,
    missing_permissions,
    unknown,
)
from bot.loopback.rest import Answer, Call, route

IN_STAGE, IN_VOICE, ELSEWHERE = 1, 2, 3
SCHEDULED, ACTIVE, COMPLETED, CANCELED = 1, 2, 3, 4

#: What may come after a status; an event that is over stays over.
_NEXT = {SCHEDULED: {SCHEDULED, ACTIVE, CANCELED}, ACTIVE: {ACTIVE, COMPLETED}}


@route("GET", "/guilds/{guild_id}/scheduled-events")
def events(call: Call) -> Answer:
    """Every scheduled event."""
    return Answer(200, list(call.own_guild().scheduled_events.values()))


@route("POST", "/guilds/{guild_id}/scheduled-events")
def create(call: Call) -> Answer:
    """A new scheduled event."""
    guild = call.own_guild()
    if not guild.base_permissions(call.bot) & (rights.MANAGE_EVENTS | rights.CREATE_EVENTS):
        raise missing_permissions()
    if len(guild.scheduled_events) >= 100:
        raise DiscordRefusal(400, 30038, "Maximum number of guild scheduled events reached (100)")
    body: Json = call.body or {}
    event: Json = {
        "id": str(guild.new_id()),
        "guild_id": str(guild.id),
        "creator_id": str(call.bot.id),
        "description": None,
        "channel_id": None,
        "image": None,
        "scheduled_end_time": None,
        "status": SCHEDULED,
        "entity_id": None,
        "entity_metadata": None,
        "recurrence_rule": None,
        "privacy_level": 2,
        "guild_scheduled_event_exceptions": [],
    }
    event |= _values(call, body, event)
    for key in ("name", "scheduled_start_time", "entity_type"):
        if not event.get(key):
            raise invalid_form(key, "BASE_TYPE_REQUIRED", "This field is required")
    start = datetime.fromisoformat(event["scheduled_start_time"])
    if start <= guild.time.now():
        raise _in_the_past()
    _check_order(event)
    _check_place(call, event)
    guild.scheduled_events[int(event["id"])] = event
    guild.tell("GUILD_SCHEDULED_EVENT_CREATE", event)
    return Answer(200, event)


@route("GET", "/guilds/{guild_id}/scheduled-events/{event_id}")
def read(call: Call) -> Answer:
    """One scheduled event."""
    return Answer(200, _event(call))


@route("PATCH", "/guilds/{guild_id}/scheduled-events/{event_id}")
def change(call: Call) -> Answer:
    """Change, start, end or cancel one."""
    before = _event(call)
    _may_change(call, before)
    body: Json = call.body or {}
    start = body.get("scheduled_start_time")
    if start is not None and datetime.fromisoformat(start) != datetime.fromisoformat(before["scheduled_start_time"]):
        if before["status"] != SCHEDULED:
            raise DiscordRefusal(400, 180000, "Cannot update the start of an event that has begun")
        if datetime.fromisoformat(start) <= call.guild.time.now():
            raise _in_the_past()
    status = body.get("status") or before["status"]
    if status not in _NEXT.get(before["status"], {before["status"]}):
        raise DiscordRefusal(400, 180000, "Cannot update a finished event")
    event = before | _values(call, body, before) | {"status": status}
    _check_order(event)
    _check_place(call, event)
    call.guild.scheduled_events[int(event["id"])] = event
    call.guild.tell("GUILD_SCHEDULED_EVENT_UPDATE", event)
    if status in (COMPLETED, CANCELED):
        del call.guild.scheduled_events[int(event["id"])]
    return Answer(200, event)


@route("DELETE", "/guilds/{guild_id}/scheduled-events/{event_id}")
def delete(call: Call) -> Answer:
    """Delete one."""
    event = _event(call)
    _may_change(call, event)
    del call.guild.scheduled_events[int(event["id"])]
    call.guild.tell("GUILD_SCHEDULED_EVENT_DELETE", event)
    return Answer(204)


@route("POST", "/stage-instances")
def open_stage(call: Call) -> Answer:
    """Open a stage under a topic."""
    body: Json = call.body or {}
    channel = _stage(call, int(body.get("channel_id") or 0))
    topic = body.get("topic")
    if not isinstance(topic, str) or not 1 <= len(topic) <= 120:
        raise invalid_form("topic", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 120 in length.")
    if channel.id in call.guild.stage_instances:
        raise DiscordRefusal(400, 150006, "The Stage is already open")
    event_id = body.get("guild_scheduled_event_id")
    instance: Json = {
        "id": str(call.guild.new_id()),
        "guild_id": str(call.guild.id),
        "channel_id": str(channel.id),
        "topic": topic,
        "privacy_level": 2,
        "discoverable_disabled": True,
        "guild_scheduled_event_id": None if event_id is None else str(event_id),
    }
    call.guild.stage_instances[channel.id] = instance
    call.guild.tell("STAGE_INSTANCE_CREATE", instance)
    return Answer(200, instance)


@route("GET", "/stage-instances/{channel_id}")
def read_stage(call: Call) -> Answer:
    """The open stage of a channel."""
    return Answer(200, _instance(call))


@route("PATCH", "/stage-instances/{channel_id}")
def change_stage(call: Call) -> Answer:
    """Change an open stage's topic."""
    instance = _instance(call)
    channel = _stage(call, call.number(0))
    topic = (call.body or {}).get("topic", instance["topic"])
    if not isinstance(topic, str) or not 1 <= len(topic) <= 120:
        raise invalid_form("topic", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 120 in length.")
    instance = instance | {"topic": topic}
    call.guild.stage_instances[channel.id] = instance
    call.guild.tell("STAGE_INSTANCE_UPDATE", instance)
    return Answer(200, instance)


@route("DELETE", "/stage-instances/{channel_id}")
def close_stage(call: Call) -> Answer:
    """Close a stage."""
    instance = _instance(call)
    del call.guild.stage_instances[_stage(call, call.number(0)).id]
    call.guild.tell("STAGE_INSTANCE_DELETE", instance)
    return Answer(204)


def _may_change(call: Call, event: Json) -> None:
    """Who may make events may change their own; those of others take more."""
    own = event["creator_id"] == str(call.bot.id)
    allowed = call.guild.base_permissions(call.bot)
    if not allowed & (rights.MANAGE_EVENTS | (rights.CREATE_EVENTS if own else 0)):
        raise missing_permissions()


def _check_order(event: Json) -> None:
    end = event.get("scheduled_end_time")
    if end and datetime.fromisoformat(end) <= datetime.fromisoformat(event["scheduled_start_time"]):
        message = "The end must be after the start."
        raise invalid_form("scheduled_end_time", "GUILD_SCHEDULED_EVENT_END_BEFORE_START", message)


def _check_place(call: Call, event: Json) -> None:
    """In a Stage or voice channel one has to have what its kind asks for."""
    if event["channel_id"] is None:
        return
    channel = call.guild.channels.get(int(event["channel_id"]))
    allowed = 0 if channel is None else call.guild.permissions(call.bot, channel)
    in_stage = event["entity_type"] == IN_STAGE
    if not allowed & rights.VIEW_CHANNEL or (not allowed & rights.CONNECT and not in_stage):
        raise missing_access()
    if in_stage and not rights.moderates_stage(allowed):
        raise missing_permissions()


def _in_the_past() -> DiscordRefusal:
    message = "Cannot schedule event in the past."
    return invalid_form("scheduled_start_time", "GUILD_SCHEDULED_EVENT_SCHEDULE_PAST", message)


def _event(call: Call) -> Json:
    found = call.own_guild().scheduled_events.get(call.number(1))
    if found is None:
        raise unknown("Guild Scheduled Event", 10070)
    return found


def _values(call: Call, body: Json, before: Json) -> Json:
    keys = ("name", "description", "scheduled_start_time", "scheduled_end_time", "entity_type")
    values: Json = {key: body[key] for key in keys if key in body}
    for key, most in (("name", 100), ("description", 1000)):
        if len(values.get(key) or "") > most:
            raise invalid_form(key, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
    kind = values.get("entity_type") or before.get("entity_type")
    if kind == ELSEWHERE:
        metadata = body.get("entity_metadata") or before.get("entity_metadata") or {}
        end = values.get("scheduled_end_time") or before.get("scheduled_end_time")
        if not metadata.get("location") or not end:
            raise invalid_form("entity_metadata", "BASE_TYPE_REQUIRED", "A place and an end are required.")
        return values | {"entity_metadata": {"location": metadata["location"]}, "channel_id": None}
    if "channel_id" in body and body["channel_id"] is not None:
        channel = call.guild.channel(int(body["channel_id"]))
        fits = ChannelKind.STAGE if kind == IN_STAGE else ChannelKind.VOICE
        if channel.kind is not fits:
            raise invalid_form("channel_id", "CHANNEL_TYPE_INVALID", "The channel is of another kind.")
        values |= {"channel_id": str(channel.id), "entity_metadata": None}
    if kind in (IN_STAGE, IN_VOICE) and not values.get("channel_id", before.get("channel_id")):
        raise invalid_form("channel_id", "BASE_TYPE_REQUIRED", "This field is required")
    return values


def _stage(call: Call, channel_id: int) -> Channel:
    channel = call.guild.channel(channel_id)
    if channel.kind is not ChannelKind.STAGE:
        raise invalid_form("channel_id", "CHANNEL_TYPE_INVALID", "This is no stage channel.")
    if not rights.moderates_stage(call.guild.permissions(call.bot, channel)):
        raise DiscordRefusal(403, 50013, "Missing Permissions")
    return channel


def _instance(call: Call) -> Json:
    found = call.guild.stage_instances.get(call.number(0))
    if found is None:
        raise unknown("Stage Instance", 10067)
    return found
