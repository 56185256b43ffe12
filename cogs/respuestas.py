"""Answers in writing: /responder."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.ids import QuestionNumber
from bot.phrases import moderation as phrases
from bot.questions import State
from bot.queue_values import Answer, Shown

from .checks import moderators, sessions_moderated
from .choosing import number_in, suggested
from .decisions import Decisions
from .moderation_cards import answer_form
from .replies import language, person, reply
from .routes import fields, form, open_form, press

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"

#: What may be answered in writing.
_ANSWERABLE = (State.ON_AIR, State.DEFERRED, State.ANSWERED, State.APPROVED)


class Respuestas(commands.Cog):
    """Moderators write answers; all read them under the question."""

    def __init__(self, bot: "Estrado") -> None:
        self._queue = bot.services.queue
        self._decisions = Decisions(bot)

    @app_commands.command(
        name="responder",
        description=locale_str("Escriba la respuesta de una pregunta y publíquela (quienes moderan)"),
    )
    @app_commands.rename(numero=locale_str("numero"))
    @app_commands.describe(numero=locale_str("Cuál: su número o parte de su texto"))
    @app_commands.check(moderators)
    async def responder(self, interaction: discord.Interaction, numero: str) -> None:
        """Open the form for the answer."""
        number = number_in(numero)
        if number is None:
            await reply(interaction, phrases.choose_which(language(interaction)))
            return
        await self._open_form(interaction, str(number))

    @responder.autocomplete("numero")
    @app_commands.check(moderators)
    async def suggest_answerable(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Those that may be answered, of today and of the earlier days that this person moderates."""
        session, own = self._queue.session_in_view().key, sessions_moderated(interaction)
        return suggested(await self._queue.suggestions(session, typed, _ANSWERABLE, earlier=own))

    @press(rf"question:answer:{_NUMBER}", only=moderators)
    async def press_answer(self, interaction: discord.Interaction, number: str) -> None:
        """The same, by button."""
        await self._open_form(interaction, number)

    @form(rf"question:answered:{_NUMBER}(?::(?P<seen>\d{{1,9}}))?", only=moderators)
    async def submit_answer(self, interaction: discord.Interaction, number: str, seen: str | None) -> None:
        """Keep the answer; it is posted from there."""
        text = str(fields(interaction).get("text", ""))
        last = None if seen is None else int(seen)
        work = self._queue.answer(QuestionNumber(int(number)), person(interaction), text, seen=last)
        answer = await self._decisions.tried(interaction, work, number, typed=text)
        if answer is not None:
            told = phrases.answer_kept(answer.number, language(interaction))
            session = await self._decisions.session_of(number)
            await self._decisions.tell(interaction, session, told, about=answer.number)

    async def _open_form(self, interaction: discord.Interaction, number: str) -> None:
        found = await self._decisions.tried(interaction, self._found(QuestionNumber(int(number))), number)
        if found is not None:
            shown, answer = found
            await open_form(interaction, answer_form(shown.question, answer, language(interaction)))

    async def _found(self, number: QuestionNumber) -> tuple[Shown, Answer | None]:
        return await self._queue.shown(number), await self._queue.answer_of(number)
