"""Reports for organizers: /informe, privately with its files, and the final report, posted by itself."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Event, Session
from bot.cues import Cue, CueKind
from bot.event_coverage import event_delegations
from bot.ids import ChannelId
from bot.languages import Language
from bot.phrases import exports
from bot.phrases import reports as phrases
from bot.phrases.event_workbook import days_table
from bot.phrases.summary import told
from bot.queue_values import Exported
from bot.reports.apart import apart
from bot.reports.csv import written
from bot.reports.making import Made, day_report, final_report
from bot.reports.questions import questions_csv, questions_xlsx
from bot.summary import day_meant
from bot.summary_values import Final, Summary

from .checks import organizers
from .days import days_for_organizers
from .patience import in_time
from .posting import Post
from .replies import language, reply
from .report_files import file_of, picture_of, source_of, within_limits

if TYPE_CHECKING:
    from .client import Estrado


class Informes(commands.Cog):
    """What is posted names nobody. Names are in private answers to organizers."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._summaries = bot.services.summaries
        #: Where the announcements find who makes the post of the final report.
        self.posts_for = {CueKind.FINAL: self.final_post}

    @property
    def _event(self) -> Event:
        return self._bot.services.event

    async def final_post(self, _cue: Cue, _channel_id: ChannelId, _at: datetime) -> Post:
        """The post of the final report, with its picture, and its figures as a file."""
        final = await self._summaries.final()
        lines = event_delegations(final, self._bot.services.config.coverage)
        languages, first = self._event.languages, self._event.languages[0]
        parts = phrases.posted(final, lines, self._event)
        note = "\n".join(dict.fromkeys(phrases.with_files(it) for it in languages))
        figures = file_of("resumen-final.csv", written(days_table(final, self._event, first), first))
        return Post(parts=(*parts, note), files=(*await picture_of(self._bot, final), figures))

    informe = app_commands.Group(name="informe", description=locale_str("Informes del evento (organización)"))

    @informe.command(
        name="dia",
        description=locale_str(
            "Reciba los archivos de un día: imagen, hoja de cálculo, acta y lista de personas (organización)"
        ),
    )
    @app_commands.rename(fecha=locale_str("fecha"))
    @app_commands.describe(fecha=locale_str("El día de la sesión; sin él, la de hoy o la última"))
    @app_commands.check(organizers)
    async def day(self, interaction: discord.Interaction, fecha: str | None = None) -> None:
        """A day's figures, and all its files."""
        it = language(interaction)
        session = day_meant(self._event, fecha, self._bot.clock.now())
        summary, made = await in_time(interaction, self._day(session, it), patience_seconds=0)
        text = "\n\n".join(told(summary, self._event, it, for_organizers=True))
        await _hand_over(interaction, text, made)

    @informe.command(name="final", description=locale_str("Reciba los archivos de todo el evento (organización)"))
    @app_commands.check(organizers)
    async def final(self, interaction: discord.Interaction) -> None:
        """The event's figures, and all its files."""
        it = language(interaction)
        final, made = await in_time(interaction, self._final(it), patience_seconds=0)
        lines = event_delegations(final, self._bot.services.config.coverage)
        await _hand_over(interaction, phrases.told(final, lines, self._event, it), made)

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
        it = language(interaction)
        only = None if dia is None else day_meant(self._event, dia, self._bot.clock.now())
        days, files = await in_time(interaction, self._questions(only, it))
        kept, too_large = within_limits(files, it)
        await reply(interaction, "\n\n".join(filter(None, (exports.report(only, days, it), too_large))), files=kept)

    @day.autocomplete("fecha")
    @questions.autocomplete("dia")
    async def suggest_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The event's days, for organizers alone."""
        return await days_for_organizers(interaction, self._event, typed)

    async def _day(self, session: Session, it: Language) -> tuple[Summary, tuple[Made, ...]]:
        summary = await self._summaries.summary(session.key)
        return summary, await apart(day_report, await source_of(self._bot), session.key, (it,))

    async def _final(self, it: Language) -> tuple[Final, tuple[Made, ...]]:
        final = await self._summaries.final()
        return final, await apart(final_report, await source_of(self._bot), (it,))

    async def _questions(self, only: Session | None, it: Language) -> tuple[list[exports.Day], Sequence[Made]]:
        """What became of a day's questions, or of all days', and the questions as files, where there are any."""
        sessions = self._event.sessions if only is None else (only,)
        days = [(session, *await self._summaries.questions(session.key)) for session in sessions]
        keys = {session.key for session in sessions}
        every = await self._bot.services.queue.export()
        asked = [each for each in every if each.question.session in keys]
        name = "preguntas" if only is None else f"preguntas-{only.day}"
        return days, await asyncio.to_thread(self._written, asked, name, it) if asked else ()

    def _written(self, asked: Sequence[Exported], name: str, it: Language) -> Sequence[Made]:
        return (
            Made(f"{name}.xlsx", questions_xlsx(asked, self._event, it, self._bot.clock.now())),
            Made(f"{name}.csv", questions_csv(asked, self._event, it)),
        )


async def _hand_over(interaction: discord.Interaction, text: str, made: Sequence[Made]) -> None:
    """Figures with their files, privately."""
    it = language(interaction)
    kept, too_large = within_limits(made, it)
    await reply(interaction, "\n\n".join(filter(None, (text, phrases.handed_over(it), too_large))), files=kept)
