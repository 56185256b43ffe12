"""For organizers: the daily summary, posted by itself, and what /asistencia gives at any moment."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Event, Session
from bot.cues import Cue, CueKind
from bot.errors import NotSavedReason
from bot.ids import ChannelId
from bot.languages import Language
from bot.phrases import carried
from bot.phrases import notices as alerts
from bot.phrases import summary as phrases
from bot.reports.csv import figures_csv, people_csv, written
from bot.sending import NotPosted, Reason
from bot.storage.alerts import AlertKind
from bot.summary import day_meant

from .checks import organizers
from .days import days_for_organizers
from .left_questions import listed
from .patience import in_time
from .posting import Post
from .replies import language, reply
from .report_files import file_of, picture_of
from .venue import Venue, is_exposed

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: How long writing has to go well before it is said that it does.
_GOES_AGAIN_AFTER = timedelta(minutes=1)
_RECOVERED = "storage recovered"


class Organizacion(commands.Cog):
    """What organizers alone see. What is posted names nobody; names are in private answers to them."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._summaries = bot.services.summaries
        #: Where the announcements find who makes the post of a summary.
        self.posts_for = {CueKind.SUMMARY: self.summary_post}
        self._telling: set[asyncio.Task[None]] = set()
        #: Why the database took nothing, as organizers were told, and still are.
        self._storage_troubles: set[NotSavedReason] = set()
        bot.services.store.on_trouble(self._on_storage_trouble)

    @property
    def _event(self) -> Event:
        return self._bot.services.event

    async def cog_unload(self) -> None:
        for task in tuple(self._telling):
            task.cancel()

    async def summary_post(self, cue: Cue, channel_id: ChannelId, at: datetime) -> Post:
        """The post of a day's summary, with its picture, and its figures as a file. What it says is kept, to be held
        against later."""
        summary = await self._summaries.summary(cue.session)
        first = self._event.languages[0]
        made = phrases.posted(summary, self._event)
        parts = await self._bot.services.republishing.first(cue.session, channel_id, at, summary, made)
        files: tuple[discord.File, ...] = ()
        if parts == made:
            figures = file_of(f"resumen-{summary.session.day}.csv", figures_csv(summary, self._event, first))
            files = (*await picture_of(self._bot, summary), figures)
        if cue.session == self._event.sessions[-1].key:
            # Nothing comes after it: what nobody answered by now wants an answer in writing.
            left = await self._bot.services.queue.for_written_answers()
            if left:
                parts += (listed(left, carried.for_written_answers_heading, self._event.languages),)
                table = carried.for_written_answers_table(left, first)
                files += (file_of("preguntas-por-responder.csv", written(table, first)),)
        return Post(parts=parts, files=files)

    @commands.Cog.listener()
    async def on_venue_open(self, venue: Venue) -> None:
        """Say, where it can be read safely, that summaries are not posted for everyone to read."""
        guild = self._bot.get_guild(venue.guild_id)
        channel = None if guild is None else guild.get_channel(venue.organizers)
        if channel is not None:
            await self._warn_if_exposed(channel)

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, channel: discord.abc.GuildChannel
    ) -> None:
        """The same, when it was made so while the event runs."""
        if self._bot.venue is not None and channel.id == self._bot.venue.organizers:
            await self._warn_if_exposed(channel)

    @app_commands.command(
        name="asistencia",
        description=locale_str("Vea la asistencia de un día con nombres, también mientras transcurre (organización)"),
    )
    @app_commands.rename(dia=locale_str("dia"))
    @app_commands.describe(dia=locale_str("El día de la sesión; sin él, la de hoy o la última"))
    @app_commands.check(organizers)
    async def asistencia(self, interaction: discord.Interaction, dia: str | None = None) -> None:
        """The day as it stands, with its people in a file."""
        it = language(interaction)
        session = day_meant(self._event, dia, self._bot.clock.now())
        text, files = await in_time(interaction, self._day_told(session, it))
        await reply(interaction, text, files=files)

    @asistencia.autocomplete("dia")
    async def suggest_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The event's days, for organizers alone."""
        return await days_for_organizers(interaction, self._event, typed)

    async def _day_told(self, session: Session, it: Language) -> tuple[str, list[discord.File]]:
        summary, people = await self._summaries.day(session.key)

        def made() -> tuple[str, list[discord.File]]:
            told = phrases.told(summary, self._event, it, for_organizers=True)
            return "\n\n".join((*told, phrases.with_names(it))), [
                file_of(f"resumen-{session.day}.csv", figures_csv(summary, self._event, it)),
                file_of(f"personas-{session.day}.csv", people_csv(people, self._event, it)),
            ]

        # Where thousands came, their file takes longer than the event loop may be held up.
        return await asyncio.to_thread(made)

    def _on_storage_trouble(self, reason: NotSavedReason | None) -> None:
        """A full disk may still take little things: that it goes again is told once it has gone on for a while."""
        schedule = self._bot.services.schedule
        if reason is None:
            schedule.at(_RECOVERED, self._bot.clock.now() + _GOES_AGAIN_AFTER, self._tell_of_recovery)
            return
        schedule.cancel(_RECOVERED)
        if reason not in self._storage_troubles:
            self._storage_troubles.add(reason)
            self._tell_soon(lambda it: alerts.storage_trouble(reason, it))

    async def _tell_of_recovery(self) -> None:
        if self._storage_troubles and self._bot.services.store.trouble is None:
            self._storage_troubles.clear()
            self._tell_soon(alerts.storage_recovered)

    def _tell_soon(self, words: Callable[[Language], str]) -> None:
        task = asyncio.get_running_loop().create_task(self._tell_of_storage(words), name="storage-trouble")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_of_storage(self, words: Callable[[Language], str]) -> None:
        """Tell organizers, or where they cannot be reached moderators; alerts proper need the very database."""
        venue = self._bot.venue
        if venue is None:
            return
        text = "\n\n".join(words(it) for it in self._event.languages)
        for channel_id in (venue.organizers, venue.moderators):
            try:
                await self._bot.posting.post(channel_id, text)
            except NotPosted as trouble:
                log.warning("storage.trouble_untold channel=%d reason=%s", channel_id, trouble.reason)
            else:
                return

    async def _warn_if_exposed(self, channel: discord.abc.GuildChannel) -> None:
        if is_exposed(channel.guild, ChannelId(channel.id)):
            await self._bot.services.notices.tell(AlertKind.BROKEN, ChannelId(channel.id), Reason.EXPOSED)
