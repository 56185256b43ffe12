"""Corrections by moderators: /deshacer, /unir, and changing a text before it is approved."""

from collections.abc import Container
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.ids import QuestionNumber, SessionKey
from bot.phrases import moderation as phrases
from bot.question_states import OPEN_TO_MERGE
from bot.question_text import fold
from bot.questions import WAITING
from bot.queue_values import Shown

from .checks import moderators, sessions_moderated
from .choosing import fitting, number_in, suggested
from .decisions import Decisions
from .moderation_cards import edit_form, merge_view
from .patience import in_time
from .replies import language, person, reply
from .routes import chosen, fields, form, open_form, press

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"

#: A list on Discord has this many options.
_OPTIONS = 25


class Correcciones(commands.Cog):
    """What moderators may put right."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue
        self._decisions = Decisions(bot)

    @app_commands.command(
        name="deshacer",
        description=locale_str("Deshaga el último cambio de una pregunta (quienes moderan)"),
    )
    @app_commands.rename(numero=locale_str("numero"))
    @app_commands.describe(
        numero=locale_str("Cuál: su número o parte de su texto; sin nada, la última que usted cambió")
    )
    @app_commands.check(moderators)
    async def deshacer(self, interaction: discord.Interaction, numero: str | None = None) -> None:
        """Take back a question's last step."""
        number = number_in(numero)
        if numero is None:
            number = await in_time(interaction, self._last_moved_by(interaction))
        if number is None:
            await reply(interaction, phrases.choose_which(language(interaction)))
            return
        await self._undo(interaction, number, seen=None)

    @deshacer.autocomplete("numero")
    @app_commands.check(moderators)
    async def suggest_undoable(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Those of which this person may take a step back, the last one moved first."""
        session, own = self._queue.session_in_view().key, sessions_moderated(interaction)
        moved = await self._queue.recently_moved(session, 100, of=own)
        return suggested(fitting(moved, typed))

    @press(rf"question:undo:{_NUMBER}:(?P<seen>\d{{1,18}})(?:\.(?P<answer>\d{{1,9}}))?", only=moderators)
    async def press_undo(self, interaction: discord.Interaction, number: str, seen: str, answer: str | None) -> None:
        """Take back what the moderator saw as the last change."""
        await self._undo(interaction, QuestionNumber(int(number)), seen=int(seen), seen_answer=int(answer or 0))

    async def _undo(
        self,
        interaction: discord.Interaction,
        number: QuestionNumber,
        *,
        seen: int | None = None,
        seen_answer: int | None = None,
    ) -> None:
        work = self._queue.undo(number, person(interaction), seen=seen, seen_answer=seen_answer)
        undone = await self._decisions.tried(interaction, work, str(number))
        if undone is not None:
            told, question = phrases.undone(undone, language(interaction)), undone.question
            if await self._decisions.tell(interaction, question.session, told, about=question.number):
                # A board or a list shows where it stands now, but not what was public of it.
                await reply(interaction, told)

    async def _last_moved_by(self, interaction: discord.Interaction) -> QuestionNumber | None:
        session, own = self._queue.session_in_view().key, sessions_moderated(interaction)
        return await self._queue.last_changed_by(person(interaction), session, of=own)

    @app_commands.command(
        name="unir",
        description=locale_str("Una dos preguntas iguales (quienes moderan)"),
    )
    @app_commands.rename(numero=locale_str("numero"), con=locale_str("con"))
    @app_commands.describe(
        numero=locale_str("La que deja de estar por separado"),
        con=locale_str("La que queda"),
    )
    @app_commands.check(moderators)
    async def unir(self, interaction: discord.Interaction, numero: str, con: str) -> None:
        """Join one question to another."""
        number, into = number_in(numero), number_in(con)
        if number is None or into is None:
            await reply(interaction, phrases.choose_which(language(interaction)))
            return
        await self._merge(interaction, number, into)

    @unir.autocomplete("numero")
    @app_commands.check(moderators)
    async def suggest_joined(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Those that wait, of the days that this person moderates."""
        session, own = self._queue.session_in_view().key, sessions_moderated(interaction)
        return suggested(await self._queue.suggestions(session, typed, sorted(WAITING), earlier=own))

    @unir.autocomplete("con")
    @app_commands.check(moderators)
    async def suggest_target(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Those to which another may be joined, of the days that this person moderates."""
        session, own = self._queue.session_in_view().key, sessions_moderated(interaction)
        return suggested(await self._queue.suggestions(session, typed, sorted(OPEN_TO_MERGE), earlier=own))

    @press(rf"question:merge:{_NUMBER}", only=moderators)
    async def press_merge(self, interaction: discord.Interaction, number: str) -> None:
        """Offer the questions that are most like this one."""
        it = language(interaction)
        found = await self._decisions.tried(
            interaction, self._alike(QuestionNumber(int(number)), sessions_moderated(interaction)), number
        )
        if found is None:
            return
        if not found:
            await reply(interaction, phrases.nothing_to_merge_with(it))
            return
        await reply(interaction, phrases.merge_with(int(number), it), view=merge_view(int(number), found, it))

    @press(rf"question:into:{_NUMBER}", only=moderators)
    async def choose_into(self, interaction: discord.Interaction, number: str) -> None:
        """Join the question to the one that was chosen."""
        into = number_in(next(iter(chosen(interaction)), None))
        if into is None:
            await reply(interaction, phrases.choose_which(language(interaction)))
            return
        await self._merge(interaction, QuestionNumber(int(number)), into)

    @press(rf"question:rewrite:{_NUMBER}", only=moderators)
    async def press_edit(self, interaction: discord.Interaction, number: str) -> None:
        """Open the form with the text."""
        shown = await self._decisions.tried(interaction, self._queue.shown(QuestionNumber(int(number))), number)
        if shown is not None:
            limit = max(self._services.config.questions.maximum_length, len(shown.question.text))
            await open_form(interaction, edit_form(shown.question, limit, language(interaction)))

    @form(rf"question:rewritten:{_NUMBER}(?::(?P<edits>\d{{1,6}}))?", only=moderators)
    async def submit_edit(self, interaction: discord.Interaction, number: str, edits: str | None) -> None:
        """Approve the question with its new text."""
        text = str(fields(interaction).get("text", ""))
        seen = int(edits or 0)
        work = self._queue.edit_and_approve(QuestionNumber(int(number)), person(interaction), text, seen_edits=seen)
        question = await self._decisions.tried(interaction, work, number, typed=text)
        if question is not None:
            told = phrases.edited(question.number, language(interaction))
            await self._decisions.tell(interaction, question.session, told, about=question.number)

    async def _merge(self, interaction: discord.Interaction, number: QuestionNumber, into: QuestionNumber) -> None:
        work = self._queue.merge(number, into, person(interaction))
        joined = await self._decisions.tried(interaction, work, str(number), also=[into])
        if joined is not None:
            told = phrases.merged(number, joined, language(interaction))
            await self._decisions.tell(interaction, joined.session, told, about=number)

    async def _alike(self, number: QuestionNumber, of: Container[SessionKey]) -> list[Shown]:
        """Others to which it may be joined, those with most of its longer words first; of earlier days, those of
        these sessions."""
        question = (await self._queue.shown(number)).question
        words = sorted(set(fold(question.text).split()), key=len, reverse=True)[:4]
        found: dict[QuestionNumber, Shown] = {}
        shared: dict[QuestionNumber, int] = {}
        for word in (*words, ""):
            for each in await self._queue.suggestions(question.session, word, sorted(OPEN_TO_MERGE), earlier=of):
                other = each.question.number
                found[other] = each
                shared[other] = shared.get(other, 0) + bool(word)
        found.pop(number, None)
        return sorted(found.values(), key=lambda each: (-shared[each.question.number], each.question.number))[:_OPTIONS]
