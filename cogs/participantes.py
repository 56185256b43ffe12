"""For organizers: the list of who should come, and who is missing."""

import asyncio
import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Event
from bot.directory import Imported
from bot.errors import Refusal
from bot.expected import Expected, ExpectedId, NobodyExpected
from bot.expected_list import Listing, read_list
from bot.i18n import day_name
from bot.ids import PersonId
from bot.languages import Language
from bot.phrases import expected as phrases
from bot.phrases import recognition
from bot.question_text import fold, shortened
from bot.reports.csv import written
from bot.sheets import LARGEST_FILE, NoTable, Unreadable
from bot.summary import day_meant

from .checks import organizers
from .days import days_for_organizers
from .patience import in_time
from .replies import language, literal, reply

if TYPE_CHECKING:
    from .client import Estrado

#: Discord shows this many suggestions, and of each so many signs.
_SUGGESTIONS, _LABEL = 25, 100

#: As many mistakes are said in the message; all of them are in the file.
_SAID = 15


class Participantes(commands.Cog):
    """`/participantes`. What names people goes into files of private answers."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._coverage = bot.services.config.coverage
        self._directory = bot.services.directory

    @property
    def _event(self) -> Event:
        return self._bot.services.event

    participantes = app_commands.Group(
        name="participantes", description=locale_str("Las personas que se esperan en el evento (organización)")
    )

    @participantes.command(
        name="importar",
        description=locale_str("Importe la lista de quienes deben venir, desde un archivo CSV o Excel (organización)"),
    )
    @app_commands.rename(archivo=locale_str("archivo"), validas=locale_str("validas"))
    @app_commands.describe(
        archivo=locale_str("La lista: con nombre, país o institución y, si los tiene, perfil y usuario de Discord"),
        validas=locale_str("Importe las filas correctas aunque otras tengan errores"),
    )
    @app_commands.check(organizers)
    async def importar(
        self, interaction: discord.Interaction, archivo: discord.Attachment, validas: bool = False
    ) -> None:
        """Take the list over, and tell what it changed and what is wrong with it."""
        listing, done = await in_time(interaction, self._import(archivo, keep_good=validas))
        it = language(interaction)
        await reply(interaction, self._told(listing, done, it), files=self._mistakes_file(done, it))

    @participantes.command(
        name="pendientes",
        description=locale_str(
            "Vea quién falta por registrarse, y quién se registró sin estar en la lista (organización)"
        ),
    )
    @app_commands.check(organizers)
    async def pendientes(self, interaction: discord.Interaction) -> None:
        """Both sides of what does not meet, by name in a file."""
        it = language(interaction)
        found = await in_time(interaction, self._directory.unmatched())
        text = f"{phrases.unmatched_figures(found, it)}\n{recognition.names_are_in_the_file(it)}"
        table = phrases.unmatched_table(found, self._coverage, it)
        await reply(interaction, text, files=[_file("pendientes.csv", written(table, it))])

    @participantes.command(name="ausentes", description=locale_str("Vea quién debía venir y no estuvo (organización)"))
    @app_commands.rename(dia=locale_str("dia"))
    @app_commands.describe(dia=locale_str("El día de la sesión; sin él, la de hoy o la última"))
    @app_commands.check(organizers)
    async def ausentes(self, interaction: discord.Interaction, dia: str | None = None) -> None:
        """Who was expected and was not there, by name in a file."""
        it = language(interaction)
        session = day_meant(self._event, dia, self._bot.clock.now())
        absent = await in_time(interaction, self._directory.expected_absent(session.key))
        if not absent and not await self._directory.expected():
            await reply(interaction, recognition.nobody_expected_yet(it))
            return
        unregistered = sum(each.participant is None for each in absent)
        text = recognition.absent_figures(len(absent), unregistered, day_name(session.day, it), it)
        if not absent:
            await reply(interaction, text)
            return
        table = phrases.absent_table(absent, self._coverage, it)
        files = [_file(f"ausentes-{session.day}.csv", written(table, it))]
        await reply(interaction, f"{text}\n{recognition.names_are_in_the_file(it)}", files=files)

    @participantes.command(
        name="emparejar",
        description=locale_str("Diga quién de la lista es una persona registrada (organización)"),
    )
    @app_commands.rename(persona=locale_str("persona"), invitada=locale_str("invitada"))
    @app_commands.describe(
        persona=locale_str("La cuenta que se registró"),
        invitada=locale_str("La persona de la lista; escriba parte de su nombre"),
    )
    @app_commands.check(organizers)
    async def emparejar(self, interaction: discord.Interaction, persona: discord.User, invitada: str) -> None:
        """Say who it is."""
        if not (invitada.isascii() and invitada.isdecimal() and len(invitada) <= 18):
            raise NobodyExpected
        it, number = language(interaction), ExpectedId(int(invitada))
        found = await in_time(interaction, self._directory.link(PersonId(persona.id), number))
        await reply(interaction, recognition.linked(persona.mention, literal(_described(found, it)), it))

    @emparejar.autocomplete("invitada")
    async def suggest_expected(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """People on the list, for organizers alone: first those who have no account."""
        try:
            await organizers(interaction)
        except Refusal:
            return []
        it, wanted = language(interaction), fold(typed) if typed.strip() else ""
        everybody = sorted(await self._directory.expected(), key=lambda each: each.person is not None)
        labels = ((each, _described(each, it)) for each in everybody)
        found = [(each, label) for each, label in labels if wanted in fold(label)]
        return [
            app_commands.Choice(name=shortened(label, _LABEL), value=str(each.id))
            for each, label in found[:_SUGGESTIONS]
        ]

    @ausentes.autocomplete("dia")
    async def suggest_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The event's days, for organizers alone."""
        return await days_for_organizers(interaction, self._event, typed)

    async def _import(self, file: discord.Attachment, *, keep_good: bool) -> tuple[Listing, Imported]:
        if file.size > LARGEST_FILE:
            raise NoTable(Unreadable.TOO_LARGE)
        content = await file.read()
        # Thousands of rows take a while to read.
        listing = await asyncio.to_thread(read_list, content, self._coverage)
        return listing, await self._directory.import_list(listing, keep_good=keep_good)

    def _told(self, listing: Listing, done: Imported, it: Language) -> str:
        mistakes = [phrases.mistake(each, self._coverage, it) for each in done.comparison.mistakes]
        lines = [recognition.import_figures(phrases.imported(done, it), it)]
        lines += phrases.verdict(done, it, keep_good=recognition.validas_option(it), whole=None)
        lines += [f"- {literal(mistake)}" for mistake in mistakes[:_SAID]]
        if len(mistakes) > _SAID:
            lines.append(recognition.more_mistakes(len(mistakes) - _SAID, it))
        if listing.unread:
            lines.append(literal(phrases.unread(listing.unread, it)))
        return "\n".join(lines)

    def _mistakes_file(self, done: Imported, it: Language) -> list[discord.File]:
        mistakes = done.comparison.mistakes
        if len(mistakes) <= _SAID:
            return []
        rows = [[str(each.line), phrases.mistake(each, self._coverage, it)] for each in mistakes]
        return [_file("errores.csv", written(rows, it))]


def _described(expected: Expected, it: Language) -> str:
    said = expected.said
    return phrases.described(said.name, said.institution, said.standing, it)


def _file(name: str, content: bytes) -> discord.File:
    return discord.File(io.BytesIO(content), filename=name)
