"""The Stage: opened under the day's theme with the first speaker, closed when nobody speaks any more."""

from typing import Any

import discord

from bot.agenda import Session
from bot.phrases.native_events import stage_topic
from bot.services import Services

from .venue import Venue

_UNKNOWN_STAGE_INSTANCE = 10067
_STAGE_IS_OPEN = 150006


async def keep_stage(services: Services, guild: discord.Guild, venue: Venue) -> None:
    """Open it, give it its topic, or close it, whichever is left to do. Raises what discord.py raises."""
    stage = None if venue.stage is None else guild.get_channel(venue.stage)
    if not isinstance(stage, discord.StageChannel):
        return
    now, event = services.clock.now(), services.event
    session = event.session_at(now)
    instance = await _instance(stage)
    if session is not None:
        topic = stage_topic(event, session)
        if instance is None and is_spoken_on(stage):
            await _open(services, stage, session, topic, venue)
        elif instance is not None and instance.topic != topic:
            await instance.edit(topic=topic)
        return
    own = {stage_topic(event, each) for each in event.sessions if each.ends_at <= now}
    # Whoever still speaks is not cut short; and what others opened under another topic is theirs.
    if instance is not None and instance.topic in own and not is_spoken_on(stage):
        await instance.delete()


def is_spoken_on(stage: discord.StageChannel) -> bool:
    """Whether somebody is there who may be heard."""
    guild = stage.guild

    def is_bot(person: int) -> bool:
        member = guild.get_member(person)
        return member is not None and member.bot

    return any(not state.suppress and not is_bot(person) for person, state in stage.voice_states.items())


async def _open(services: Services, stage: discord.StageChannel, session: Session, topic: str, venue: Venue) -> None:
    kept = await services.store.read(lambda tx: tx.native_events.all(venue.guild_id))
    of_session = kept.get(session.key)
    more: dict[str, Any] = {}
    if of_session is not None and not of_session.is_over:
        more["scheduled_event"] = discord.Object(of_session.id)
    try:
        await stage.create_instance(topic=topic, **more)
    except discord.HTTPException as error:
        if error.code != _STAGE_IS_OPEN:
            raise
        # Somebody else was a moment quicker, or Discord itself with the event.
        instance = await _instance(stage)
        if instance is not None and instance.topic != topic:
            await instance.edit(topic=topic)


async def _instance(stage: discord.StageChannel) -> discord.StageInstance | None:
    try:
        return await stage.fetch_instance()
    except discord.NotFound as error:
        if error.code == _UNKNOWN_STAGE_INSTANCE:
            return None
        raise
