"""Each session in Discord's own list of events, and on the Stage: made ahead, kept in step, and brought to its end."""

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import aiohttp
import discord

from bot.access import CREATE_EVENTS, NEEDED, STAGE_MODERATOR, PlaceKind
from bot.agenda import Session
from bot.ids import ChannelId, GuildId, NativeEventId, SessionKey
from bot.native_events import Announced, Change, Deed, Make, NativeEvent, NativeState, Turn, next_deed
from bot.notices import AlertKind
from bot.phrases import native_events as phrases
from bot.sending import NotPosted, Reason
from bot.storage.alerts import NativeUse
from bot.storage.native_events import KeptNativeEvent

from .keeping import Upkeep
from .posting import reason_of
from .stage import is_spoken_on, keep_stage
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

_STATES = {
    discord.EventStatus.scheduled: NativeState.SCHEDULED,
    discord.EventStatus.active: NativeState.ACTIVE,
}

#: Before what failed is tried again, by how often it failed in a row; the last one from then on.
_PAUSES_SECONDS = (5.0, 15.0, 60.0, 300.0)

#: More deeds than any one look at an event can need.
_DEEDS = 5


class NativeEvents(Upkeep):
    """Does at each `look` all that is left to do, whatever was done before; what fails is done again.

    Discord's list is asked each time: what an attempt has made of which nobody heard is found there again, by the
    mark that its description bears.
    """

    def __init__(self, bot: "Estrado") -> None:
        super().__init__(bot.services.clock, "native_events", pauses_seconds=_PAUSES_SECONDS)
        self._bot = bot
        self._services = bot.services
        #: What Discord did not take, or not as it stands: something else is offered again.
        self._in_vain: dict[SessionKey, Deed] = {}
        self._lacked: frozenset[str] | None = None
        self._was_spoken_on = False

    @property
    def lacks(self) -> bool:
        """Whether the bot may not do all of it, as far as it knows."""
        return bool(self._lacked)

    def heard(self) -> None:
        """Somebody may speak on the Stage, or may no more: look, where they are the first or the last."""
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        if venue is not None and guild is not None and self._has_begun(guild, venue) != self._was_spoken_on:
            self.look()

    async def work(self) -> None:
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        if venue is None or guild is None or guild.unavailable:
            return
        self._was_spoken_on = self._has_begun(guild, venue)
        for_events, for_stage = self._lacking(guild, venue)
        refused = False
        if not for_events:
            refused = not await self._tried(self._events(guild, venue))
        if not for_stage:
            refused = not await self._tried(keep_stage(self._services, guild, venue)) or refused
        lacking = {*for_events, *for_stage} or ({CREATE_EVENTS, *STAGE_MODERATOR} if refused else set())
        await self._tell(frozenset(lacking))

    async def _tried(self, work: Coroutine[Any, Any, None]) -> bool:
        """Whether Discord lets the bot do it. Raises what may pass by itself."""
        try:
            async with asyncio.timeout(self._services.config.connection.send_timeout_seconds * _DEEDS):
                await work
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            reason = reason_of(error)
            log.warning("native_events.not_done reason=%s kind=%s", reason, type(error).__name__)
            if reason is Reason.FORBIDDEN:
                return False
            if reason.may_pass:
                raise NotPosted(ChannelId(0), reason) from error
        return True

    # The list of events

    async def _events(self, guild: discord.Guild, venue: Venue) -> None:
        kept = await self._services.store.read(lambda tx: tx.native_events.all(venue.guild_id))
        listed = {event.id: event for event in await guild.fetch_scheduled_events(with_counts=False)}
        sessions = {session.key: session for session in self._services.event.sessions}
        for key in sorted({*sessions, *kept}):
            if key in kept and kept[key].is_over:
                continue
            if key in sessions:
                await self._keep_in_step(guild, venue, sessions[key], kept.get(key), listed)
            elif (gone := listed.get(kept[key].id)) is not None:
                # The day is in the programme no more.
                await (gone.cancel() if gone.status is discord.EventStatus.scheduled else gone.end())
                await self._end(venue.guild_id, key)

    async def _keep_in_step(
        self,
        guild: discord.Guild,
        venue: Venue,
        session: Session,
        kept: KeptNativeEvent | None,
        listed: Mapping[int, discord.ScheduledEvent],
    ) -> None:
        wanted = self._announced(session)
        own = self._of_session(session, kept, listed.values())
        for twin in own[1:]:
            # An attempt that was answered with an error, and made one all the same.
            await twin.delete()
        native = own[0] if own else None
        if kept is None and native is not None:
            await self._note(venue.guild_id, session.key, NativeEventId(native.id))
        done: Deed | None = None
        for _ in range(_DEEDS):
            seen = None if native is None else _seen(native)
            if (seen is None and kept is not None) or (seen is not None and seen.state is NativeState.OVER):
                await self._end(venue.guild_id, session.key)
                return
            in_vain = self._in_vain.get(session.key)
            deed = next_deed(
                wanted,
                seen,
                self._clock.now(),
                was_made=kept is not None,
                has_begun=self._has_begun(guild, venue),
                in_vain=in_vain,
            )
            if deed is None or deed == in_vain:
                return
            if deed == done:
                # Discord took it and shows it otherwise, a text that it writes in its own way: so it stays.
                self._in_vain[session.key] = deed
                continue
            try:
                native = await self._do(deed, native, guild, venue)
            except discord.NotFound:
                # Somebody took it away this very moment; or, before it was made, its Stage.
                await self._end(venue.guild_id, session.key)
                return
            except discord.HTTPException as error:
                if reason_of(error) is not Reason.REFUSED:
                    raise
                log.warning("native_event.refused session=%s code=%d", session.key, error.code)
                self._in_vain[session.key] = deed
                continue
            done = deed
            log.info("native_event.done session=%s deed=%s", session.key, type(deed).__name__)
            if isinstance(deed, Make):
                kept = KeptNativeEvent(NativeEventId(native.id), False)
                await self._note(venue.guild_id, session.key, kept.id)
                # The library tries by itself again what was answered with an error.
                again = await guild.fetch_scheduled_events(with_counts=False)
                for twin in self._of_session(session, kept, again)[1:]:
                    await twin.delete()

    async def _do(
        self, deed: Deed, native: discord.ScheduledEvent | None, guild: discord.Guild, venue: Venue
    ) -> discord.ScheduledEvent:
        if isinstance(deed, Make):
            return await self._make(deed.announced, guild, venue)
        assert native is not None
        match deed:
            case Change():
                values = {
                    "name": deed.name,
                    "description": deed.description,
                    "start_time": deed.starts_at,
                    "end_time": deed.ends_at,
                }
                given: dict[str, Any] = {key: value for key, value in values.items() if value is not None}
                return await native.edit(**given)
            case Turn.START:
                return await native.start()
            case Turn.COMPLETE:
                return await native.end()
            case Turn.CALL_OFF:
                return await native.cancel()

    async def _make(self, announced: Announced, guild: discord.Guild, venue: Venue) -> discord.ScheduledEvent:
        where: dict[str, Any]
        stage = None if venue.stage is None else guild.get_channel(venue.stage)
        if stage is not None:
            where = {"entity_type": discord.EntityType.stage_instance, "channel": stage}
        else:
            channel = guild.get_channel(venue.announcements[0])
            place = guild.name if channel is None else f"#{channel.name}"
            where = {"entity_type": discord.EntityType.external, "location": place}
        return await guild.create_scheduled_event(
            name=announced.name,
            description=announced.description,
            start_time=announced.starts_at,
            end_time=announced.ends_at,
            privacy_level=discord.PrivacyLevel.guild_only,
            **where,
        )

    def _of_session(
        self, session: Session, kept: KeptNativeEvent | None, listed: Iterable[discord.ScheduledEvent]
    ) -> list[discord.ScheduledEvent]:
        """Those that were made for the session, the one that is kept first."""
        me, last_line = self._bot.user, f"ref. {_mark(session)}"
        own = [
            event
            for event in listed
            if (kept is not None and event.id == kept.id)
            or (
                me is not None
                and event.creator_id == me.id
                and (event.description or "").rstrip().split("\n")[-1] == last_line
            )
        ]
        return sorted(own, key=lambda event: (kept is None or event.id != kept.id, event.id))

    def _announced(self, session: Session) -> Announced:
        event = self._services.event
        return Announced(
            phrases.name(event, session),
            phrases.description(event, session, _mark(session)),
            session.starts_at.replace(microsecond=0),
            session.ends_at.replace(microsecond=0),
        )

    async def _note(self, guild: GuildId, session: SessionKey, event: NativeEventId) -> None:
        await self._services.store.write(lambda tx: tx.native_events.keep(guild, session, event, tx.now))

    async def _end(self, guild: GuildId, session: SessionKey) -> None:
        await self._services.store.write(lambda tx: tx.native_events.end(guild, session, tx.now))

    # The Stage

    def _has_begun(self, guild: discord.Guild, venue: Venue) -> bool:
        """Whether somebody speaks on the Stage; where there is none, the hour alone says it."""
        stage = None if venue.stage is None else guild.get_channel(venue.stage)
        return not isinstance(stage, discord.StageChannel) or is_spoken_on(stage)

    # What is missing

    def _lacking(self, guild: discord.Guild, venue: Venue) -> tuple[list[str], list[str]]:
        """The permissions that are missing for the events, and for the Stage."""
        stage = None if venue.stage is None else guild.get_channel(venue.stage)
        for_stage: list[str] = []
        if stage is not None:
            allowed = stage.permissions_for(guild.me)
            for_stage = [name for name in NEEDED[PlaceKind.STAGE] if not getattr(allowed, name)]
        of_server = guild.me.guild_permissions
        may_create = of_server.create_events or of_server.manage_events
        for_events = for_stage if may_create else [CREATE_EVENTS, *for_stage]
        return for_events, for_stage

    async def _tell(self, lacking: frozenset[str]) -> None:
        """Organizers, once until it is mended."""
        if lacking == self._lacked:
            return
        if lacking:
            listed = [name for name in (CREATE_EVENTS, *NEEDED[PlaceKind.STAGE]) if name in lacking]
            await self._services.notices.tell(AlertKind.NATIVE, None, NativeUse.EVENTS, listed)
        else:
            await self._services.store.write(lambda tx: tx.alerts.close(AlertKind.NATIVE, NativeUse.EVENTS, tx.now))
        self._lacked = lacking


def _mark(session: Session) -> str:
    return f"evento-{session.key}"


def _seen(native: discord.ScheduledEvent) -> NativeEvent:
    starts_at = native.start_time.replace(microsecond=0)
    announced = Announced(
        native.name,
        native.description or "",
        starts_at,
        starts_at if native.end_time is None else native.end_time.replace(microsecond=0),
    )
    return NativeEvent(NativeEventId(native.id), _STATES.get(native.status, NativeState.OVER), announced)
