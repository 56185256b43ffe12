"""/materiales: documents and links of each day, for everybody; organizers add to them while the event goes on."""

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Event
from bot.errors import NothingBehindThis, Refusal
from bot.i18n import day_name
from bot.ids import PersonId, SessionKey
from bot.languages import Language, text_in
from bot.library import Library
from bot.materials import (
    LARGEST_DOCUMENT,
    Material,
    MaterialFault,
    MaterialKey,
    MaterialNotAdded,
    checked_material,
)
from bot.phrases import materials as phrases
from bot.question_text import shortened
from bot.summary import day_meant

from .checks import in_the_server, organizers
from .days import days_for_organizers
from .patience import in_time
from .replies import language, literal, person, reply
from .routes import chosen, press

if TYPE_CHECKING:
    from .client import Estrado

#: Discord's limits of a list, of the lists of one kind in a message, and of an option's label.
_OPTIONS, _LISTS, _LABEL = 25, 2, 100


class Materiales(commands.Cog):
    """Documents come in private answers, so that they are there when somebody wants them and in nobody's way."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._library: Library = bot.services.library

    @property
    def _event(self) -> Event:
        return self._bot.services.event

    @app_commands.command(name="materiales", description=locale_str("Lea los documentos y enlaces de cada día"))
    @app_commands.check(in_the_server)
    async def materiales(self, interaction: discord.Interaction) -> None:
        """The list, with what the reader may do with it."""
        it = language(interaction)
        found = await in_time(interaction, self._library.all())
        titled = [(each, literal(text_in(each.title, it))) for each in found]
        view = await self._view(interaction, found, it)
        await reply(interaction, phrases.listed(titled, self._event, it), view=view)

    @app_commands.command(
        name="material-nuevo",
        description=locale_str("Añada un documento o un enlace a los materiales de un día (organización)"),
    )
    @app_commands.rename(
        sesion=locale_str("sesion"),
        titulo=locale_str("titulo"),
        enlace=locale_str("enlace"),
        archivo=locale_str("archivo"),
    )
    @app_commands.describe(
        sesion=locale_str("A qué día pertenece"),
        titulo=locale_str("Con qué nombre aparece en la lista"),
        enlace=locale_str("Su dirección, si está en la red: https://…"),
        archivo=locale_str("El documento, si lo tiene usted"),
    )
    @app_commands.check(organizers)
    async def material_nuevo(
        self,
        interaction: discord.Interaction,
        sesion: str,
        titulo: str,
        enlace: str | None = None,
        archivo: discord.Attachment | None = None,
    ) -> None:
        """Put it on the day's list."""
        it, session = language(interaction), day_meant(self._event, sesion, self._bot.clock.now())
        work = self._add(session.key, titulo, enlace, archivo, person(interaction))
        title = await in_time(interaction, work)
        await reply(interaction, phrases.added(literal(title), day_name(session.day, it), it))

    @material_nuevo.autocomplete("sesion")
    async def suggest_days(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The event's days."""
        return await days_for_organizers(interaction, self._event, typed)

    @press(r"material:get:\d{1,2}", only=in_the_server)
    async def choose_to_get(self, interaction: discord.Interaction) -> None:
        """The document that was chosen."""
        name, content = await in_time(interaction, self._library.document(_chosen(interaction)))
        file = discord.File(io.BytesIO(content), filename=name)
        await reply(interaction, phrases.here_it_is(literal(name), language(interaction)), files=[file])

    @press(r"material:remove:\d{1,2}", only=organizers)
    async def choose_to_remove(self, interaction: discord.Interaction) -> None:
        """Take the one that was chosen off the list."""
        it = language(interaction)
        removed = await in_time(interaction, self._library.remove(_chosen(interaction)))
        await reply(interaction, phrases.removed(literal(text_in(removed.title, it)), it))

    async def _add(
        self, session: SessionKey, title: str, link: str | None, file: discord.Attachment | None, by: PersonId
    ) -> str:
        """The title as it is kept."""
        if file is not None and file.size > LARGEST_DOCUMENT:
            raise MaterialNotAdded(MaterialFault.TOO_LARGE, LARGEST_DOCUMENT)
        content = None if file is None or link is not None else await file.read()
        added = checked_material(title, link, None if file is None else file.filename, content)
        await self._library.add(session, added, by)
        return added.title

    async def _view(self, interaction: discord.Interaction, found: Sequence[Material], it: Language) -> ui.View | None:
        view = ui.View(timeout=None)
        documents = [each for each in found if each.file_name is not None]
        self._add_lists(view, "get", documents, phrases.get_placeholder(it), it)
        if await _is_organizer(interaction):
            added = [each for each in found if each.number is not None]
            self._add_lists(view, "remove", added, phrases.remove_placeholder(it), it)
        return view if view.children else None

    def _add_lists(self, view: ui.View, what: str, some: Sequence[Material], placeholder: str, it: Language) -> None:
        for number in range(min(_LISTS, -(-len(some) // _OPTIONS))):
            options = [
                discord.SelectOption(label=shortened(phrases.choice(each, self._event, it), _LABEL), value=each.key)
                for each in some[number * _OPTIONS : (number + 1) * _OPTIONS]
            ]
            view.add_item(ui.Select(custom_id=f"material:{what}:{number}", placeholder=placeholder, options=options))


def _chosen(interaction: discord.Interaction) -> MaterialKey:
    for key in chosen(interaction)[:1]:
        return MaterialKey(key)
    raise NothingBehindThis


async def _is_organizer(interaction: discord.Interaction) -> bool:
    try:
        return await organizers(interaction)
    except Refusal:
        return False
