"""For organizers: the daily summary, posted by itself, and what /asistencia and /informe give at any moment."""

import asyncio
import io
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Session
from bot.cues import Cue, CueKind
from bot.errors import NotSavedReason, Refusal
from bot.i18n import day_name
from bot.ids import ChannelId
from bot.languages import text_in
from bot.phrases import carried, exports
from bot.phrases import notices as alerts
from bot.phrases import summary as phrases
from bot.question_text import fold
from bot.queue_values import Exported
from bot.reports.csv import figures_csv, people_csv, written
from bot.reports.questions import questions_csv, questions_xlsx
from bot.sending import NotPosted, Reason
from bot.storage.alerts import AlertKind
from bot.summary import day_meant

from .checks import organizers
from .left_questions import listed
from .patience import in_time
from .posting import Post
from .replies import language, reply
from .venue import Venue, is_exposed

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: Discord shows this many suggestions.
_SUGGESTIONS = 25


class Organizacion(commands.Cog):
    """What organizers alone see. What is posted names nobody; names are in private answers to them."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._event = bot.services.event
        self._summaries = bot.services.summaries
        #: Where the announcements find who makes the post of a summary.
        self.posts_for = {CueKind.SUMMARY: self.summary_post}
        self._telling: set[asyncio.Task[None]] = set()
        bot.services.store.on_trouble(self._on_storage_trouble)

    async def cog_unload(self) -> None:
        for task in tuple(self._telling):
            task.cancel()

    async def summary_post(self, cue: Cue) -> Post:
        """The post of a day's summary, with its figures as a file."""
        summary = await self._summaries.summary(cue.session)
        first = self._event.languages[0]
        parts = phrases.posted(summary, self._event)
        files: tuple[discord.File, ...] = (
            _file(f"resumen-{summary.session.day}.csv", figures_csv(summary, self._event, first)),
        )
        if cue.session == self._event.sessions[-1].key:
            # Nothing comes after it: what nobody answered by now wants an answer in writing.
            left = await self._bot.services.queue.for_written_answers()
            if left:
                parts += (listed(left, carried.for_written_answers_heading, self._event.languages),)
                table = carried.for_written_answers_table(left, first)
                files += (_file("preguntas-por-responder.csv", written(table, first)),)
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

    informe = app_commands.Group(name="informe", description=locale_str("Informes del evento (organización)"))

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
        summary, people = await in_time(interaction, self._summaries.day(session.key))
        told = phrases.told(summary, self._event, it, for_organizers=True)
        text = "\n\n".join((*told, phrases.with_names(it)))
        files = [
            _file(f"resumen-{session.day}.csv", figures_csv(summary, self._event, it)),
            _file(f"personas-{session.day}.csv", people_csv(people, it)),
        ]
        await reply(interaction, text, files=files)

    @informe.command(
        name="preguntas",
        description=locale_str(
            "Vea qué fue de las preguntas, con textos, autores y respuestas en un archivo (organización)"
        ),
    )
    @app_commands.rename(dia=locale_str("dia"))
    @app_commands.describe(dia=locale_str("Solo las de un día; sin él, las de todo el evento"))
    @app_commands.check(organizers)
    async def questions(self, interaction: discord.Interaction, dia: str | None = None) -> None:
        """What became of the questions: figures, and each of them in a file."""
        it, now = language(interaction), self._bot.clock.now()
        only = None if dia is None else day_meant(self._event, dia, now)
        days, questions = await in_time(interaction, self._asked(only))
        name = "preguntas" if only is None else f"preguntas-{only.day}"
        files = [
            _file(f"{name}.xlsx", questions_xlsx(questions, self._event, it, now)),
            _file(f"{name}.csv", questions_csv(questions, self._event, it)),
        ]
        await reply(interaction, exports.report(only, days, it), files=files if questions else ())

    @asistencia.autocomplete("dia")
    @questions.autocomplete("dia")
    async def suggest_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The event's days, for organizers alone."""
        try:
            await organizers(interaction)
        except Refusal:
            return []
        it, wanted = language(interaction), fold(typed)
        labels = {
            session.key: phrases.day_suggestion(day_name(session.day, it), text_in(session.theme, it))
            for session in self._event.sessions
        }
        found = [(key, label) for key, label in labels.items() if wanted in fold(f"{key} {label}")]
        return [app_commands.Choice(name=label, value=key) for key, label in found[:_SUGGESTIONS]]

    async def _asked(self, only: Session | None) -> tuple[list[exports.Day], Sequence[Exported]]:
        """What became of a day's questions, or of all days', and the questions."""
        sessions = self._event.sessions if only is None else (only,)
        days = [(session, *await self._summaries.questions(session.key)) for session in sessions]
        keys = {session.key for session in sessions}
        every = await self._bot.services.queue.export()
        return days, [each for each in every if each.question.session in keys]

    def _on_storage_trouble(self, reason: NotSavedReason | None) -> None:
        task = asyncio.get_running_loop().create_task(self._tell_of_storage(reason), name="storage-trouble")
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell_of_storage(self, reason: NotSavedReason | None) -> None:
        """Tell organizers, or where they cannot be reached moderators; alerts proper need the very database."""
        venue = self._bot.venue
        if venue is None:
            return
        text = "\n\n".join(
            alerts.storage_recovered(it) if reason is None else alerts.storage_trouble(reason, it)
            for it in self._event.languages
        )
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


def _file(name: str, content: bytes) -> discord.File:
    return discord.File(io.BytesIO(content), filename=name)
