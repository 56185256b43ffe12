"""The day as it really goes: /retrasar, /agenda, /pausar and /abrir, and /anunciar for all else."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Block, instant_of, parse_hours
from bot.agenda_changes import ChangeKind, Hours
from bot.agenda_differences import differences
from bot.agenda_mistakes import AgendaMistake
from bot.errors import NothingBehindThis, Refusal
from bot.i18n import day_name
from bot.languages import Language, Text
from bot.phrases import steering as phrases
from bot.question_text import fold, shortened
from bot.steering import Command, Confirmed, DraftId, HoursUnreadable

from .agenda_cards import confirm_view, say_form
from .checks import moderators, organizers
from .patience import in_time
from .public_words import PublicWords, change_texts, said_texts
from .replies import language, person, reply
from .routes import fields, form, open_form, press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

#: Discord shows this many suggestions, and of each so many signs.
_SUGGESTIONS, _LABEL = 25, 100

#: No day is put off by more.
_MOST_MINUTES = 12 * 60

#: What moderators may confirm; the rest is the organizers'.
_FOR_MODERATORS = frozenset({ChangeKind.DELAY, ChangeKind.OPEN_QUESTIONS})

_REASON, _NAME, _TITLE = 200, 200, 200

_Reason = app_commands.Range[str, 1, _REASON]
_Person = app_commands.Range[str, 1, _NAME]


class Agenda(commands.Cog):
    """What is changed in the programme while it goes on. Each change is seen first, confirmed, and told once."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._steering = bot.services.steering
        self._words = PublicWords(bot)

    async def cog_load(self) -> None:
        """Tell what an earlier run left to be told, too."""
        self._words.start()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """The channels are known, perhaps anew."""
        self._words.look()

    @app_commands.command(
        name="retrasar",
        description=locale_str("Retrase el bloque en curso, o el siguiente, y lo que queda del día (quienes moderan)"),
    )
    @app_commands.rename(minutos=locale_str("minutos"), motivo=locale_str("motivo"))
    @app_commands.describe(
        minutos=locale_str("Cuántos minutos; con signo menos, se adelanta"),
        motivo=locale_str("Por qué; lo leerán todas las personas"),
    )
    @app_commands.check(moderators)
    async def retrasar(
        self,
        interaction: discord.Interaction,
        minutos: app_commands.Range[int, -_MOST_MINUTES, _MOST_MINUTES],
        motivo: _Reason,
    ) -> None:
        """Put off the rest of the day."""
        await self._preview(interaction, Command.delay(minutos, motivo))

    agenda = app_commands.Group(name="agenda", description=locale_str("Cambie un bloque del programa (organización)"))

    @agenda.command(name="mover", description=locale_str("Dé otras horas a un bloque (organización)"))
    @app_commands.rename(bloque=locale_str("bloque"), horas=locale_str("horas"), motivo=locale_str("motivo"))
    @app_commands.describe(
        bloque=locale_str("El bloque; escriba parte de su hora o título"),
        horas=locale_str("Las horas oficiales, como 10:30-11:15"),
        motivo=locale_str("Por qué; lo leerán todas las personas"),
    )
    @app_commands.check(organizers)
    async def mover(
        self, interaction: discord.Interaction, bloque: str, horas: str, motivo: _Reason | None = None
    ) -> None:
        """Other hours for a block of its day."""
        block = self._block(bloque)
        await self._preview(interaction, Command.move(block.key, self._hours(block, horas), motivo))

    @agenda.command(
        name="cancelar", description=locale_str("Quite del programa un bloque que no ha comenzado (organización)")
    )
    @app_commands.rename(bloque=locale_str("bloque"), motivo=locale_str("motivo"))
    @app_commands.describe(
        bloque=locale_str("El bloque; escriba parte de su hora o título"),
        motivo=locale_str("Por qué; lo leerán todas las personas"),
    )
    @app_commands.check(organizers)
    async def cancelar(self, interaction: discord.Interaction, bloque: str, motivo: _Reason | None = None) -> None:
        """Take a block out."""
        await self._preview(interaction, Command.cancel(self._block(bloque).key, motivo))

    @agenda.command(
        name="cambiar",
        description=locale_str("Cambie quién expone o modera un bloque, o su título (organización)"),
    )
    @app_commands.rename(
        bloque=locale_str("bloque"),
        ponente=locale_str("ponente"),
        modera=locale_str("modera"),
        rol=locale_str("rol"),
        titulo=locale_str("titulo"),
        motivo=locale_str("motivo"),
    )
    @app_commands.describe(
        bloque=locale_str("El bloque; escriba parte de su hora o título"),
        ponente=locale_str("Quién expone, en lugar de quien estaba previsto"),
        modera=locale_str("Quién modera, en lugar de quien estaba previsto"),
        rol=locale_str("El rol de Discord de quien modera: sus permisos pasan a él"),
        titulo=locale_str("El título nuevo"),
        motivo=locale_str("Por qué; lo leerán todas las personas"),
    )
    @app_commands.check(organizers)
    async def cambiar(
        self,
        interaction: discord.Interaction,
        bloque: str,
        ponente: _Person | None = None,
        modera: _Person | None = None,
        rol: discord.Role | None = None,
        titulo: app_commands.Range[str, 1, _TITLE] | None = None,
        motivo: _Reason | None = None,
    ) -> None:
        """Other people, or another title; the same in each of the event's languages."""
        command = Command.recast(
            self._block(bloque).key,
            motivo,
            title=self._text(titulo),
            speakers=None if ponente is None else (self._said(ponente),),
            moderator=self._text(modera),
            moderator_role=None if rol is None else rol.id,
        )
        await self._preview(interaction, command)

    @mover.autocomplete("bloque")
    @cancelar.autocomplete("bloque")
    @cambiar.autocomplete("bloque")
    async def suggest_blocks(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The blocks that are not over, found by day, hour or title; none for whoever is no organizer."""
        try:
            await organizers(interaction)
        except Refusal:
            return []
        it, wanted, now = language(interaction), fold(typed), self._bot.clock.now()
        found = [
            app_commands.Choice(name=shortened(label, _LABEL), value=block.key)
            for session in self._bot.services.event.sessions
            for block in session.blocks
            if block.ends_at > now
            and wanted in fold(label := phrases.block_suggestion(block, day_name(session.day, it), it))
        ]
        return found[:_SUGGESTIONS]

    @app_commands.command(
        name="pausar",
        description=locale_str("Deje de recibir preguntas nuevas hasta /abrir (quienes moderan)"),
    )
    @app_commands.check(moderators)
    async def pausar(self, interaction: discord.Interaction) -> None:
        """No new questions for a while."""
        await in_time(interaction, self._steering.pause(person(interaction)))
        await reply(interaction, phrases.paused_by_you(language(interaction)))

    @app_commands.command(
        name="abrir",
        description=locale_str("Reciba preguntas de nuevo, o comience ya el espacio de preguntas (quienes moderan)"),
    )
    @app_commands.check(moderators)
    async def abrir(self, interaction: discord.Interaction) -> None:
        """End a pause; where there is none, begin the questions and answers before their hour."""
        if await in_time(interaction, self._steering.resume(person(interaction))):
            await reply(interaction, phrases.resumed_by_you(language(interaction)))
            return
        await self._preview(interaction, Command.open_questions())

    @app_commands.command(
        name="anunciar",
        description=locale_str("Anuncie algo a todas las personas, en los idiomas del evento (organización)"),
    )
    @app_commands.check(organizers)
    async def anunciar(self, interaction: discord.Interaction) -> None:
        """Ask for the words, in each of the event's languages."""
        await open_form(interaction, say_form(self._bot.services.event.languages, language(interaction)))

    @form(r"agenda:say", only=organizers)
    async def said(self, interaction: discord.Interaction) -> None:
        """Show what would be posted."""
        it, entered = language(interaction), fields(interaction)
        text: Text = {
            each: words for each in self._bot.services.event.languages if (words := str(entered.get(each, "")).strip())
        }
        if not text:
            raise NothingBehindThis
        draft = await in_time(interaction, self._steering.prepare_words(person(interaction), text))
        await self._show(interaction, said_texts(self._bot.services.event.languages, text), draft, it)

    @press(r"agenda:confirm:(?P<draft>\d{1,18})", only=moderators)
    async def confirm(self, interaction: discord.Interaction, draft: str) -> None:
        """Do what was seen, once."""
        confirmed = await in_time(interaction, self._confirmed(interaction, DraftId(int(draft))))
        it = language(interaction)
        await reply(interaction, phrases.being_said(it) if confirmed.changed is None else phrases.done(it))

    async def _confirmed(self, interaction: discord.Interaction, draft: DraftId) -> Confirmed:
        # They may have lost their role since they prepared it.
        if await self._steering.kind_of(draft) not in _FOR_MODERATORS:
            await organizers(interaction)
        return await self._steering.confirm(person(interaction), draft)

    async def _preview(self, interaction: discord.Interaction, command: Command) -> None:
        it = language(interaction)
        draft, changed = await in_time(interaction, self._steering.prepare(person(interaction), command))
        found = differences(changed.before, changed.after)
        texts = change_texts(self._bot, found, command.reason) if found else (phrases.only_rights(it),)
        await self._show(interaction, texts, draft, it)

    async def _show(
        self, interaction: discord.Interaction, texts: tuple[str, ...], draft: DraftId, it: Language
    ) -> None:
        await reply(interaction, phrases.preview("\n\n".join(texts), it), view=confirm_view(draft, it))

    def _block(self, typed: str) -> Block:
        """The block that was chosen. Raises NothingBehindThis for what is none."""
        for block in self._bot.services.event.blocks():
            if block.key == typed.strip():
                return block
        raise NothingBehindThis

    def _hours(self, block: Block, typed: str) -> Hours:
        event = self._bot.services.event
        day = next(session.day for session in event.sessions if block in session.blocks)
        try:
            start, end = parse_hours(typed)
            return Hours(instant_of(day, start, event.timezone), instant_of(day, end, event.timezone))
        except AgendaMistake as mistake:
            raise HoursUnreadable(typed) from mistake

    def _text(self, words: str | None) -> Text | None:
        return None if words is None else self._said(words)

    def _said(self, words: str) -> Mapping[Language, str]:
        return dict.fromkeys(self._bot.services.event.languages, words.strip())
