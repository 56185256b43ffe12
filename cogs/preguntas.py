"""Questions, for those who ask them: /pregunta, /mis-preguntas, and the buttons and the form that do the same."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import bot.phrases.question_refusals  # noqa: F401 -- the words of what is refused here
from bot.agenda import Panelist
from bot.errors import Refusal
from bot.i18n import day_name
from bot.ids import QuestionNumber
from bot.languages import Language, text_in
from bot.phrases import questions as phrases
from bot.phrases.refusals import refused
from bot.question_text import fold, says_something, shortened
from bot.questions import ADDRESSEE_LENGTH, WAITING
from bot.queue_operations import Own

from .checks import in_the_server
from .patience import in_time
from .question_cards import ask_form, buttons
from .replies import language, literal, person, reply
from .routes import fields, form, open_form, press

if TYPE_CHECKING:
    from .client import Estrado

#: Discord shows this many suggestions, and of each so many signs.
_SUGGESTIONS, _SUGGESTION_LENGTH = 25, 100


class Preguntas(commands.Cog):
    """What everybody may do with questions. Each sees their own alone."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue

    @app_commands.command(
        name="pregunta",
        description=locale_str("Haga una pregunta a quienes exponen; sin texto se abre un formulario"),
    )
    @app_commands.rename(texto=locale_str("texto"), anonima=locale_str("anonima"), para=locale_str("para"))
    @app_commands.describe(
        texto=locale_str("Su pregunta, tal como debe leerse"),
        anonima=locale_str("Nadie del evento verá que es suya, tampoco quienes moderan; Discord sí lo sabe"),
        para=locale_str("A quién va dirigida, si es a alguien en particular"),
    )
    @app_commands.check(in_the_server)
    async def pregunta(
        self,
        interaction: discord.Interaction,
        texto: str | None = None,
        anonima: bool = False,
        para: str | None = None,
    ) -> None:
        """Ask a question, or open the form for it."""
        if texto is None:
            await self._open_form(interaction, anonymous=anonima, whom=para)
        else:
            await self._ask(interaction, texto, anonymous=anonima, whom=para)

    @pregunta.autocomplete("para")
    async def suggest_panelists(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The panelists of the session, found with or without accents."""
        wanted = fold(typed) if says_something(typed) else ""
        names = {
            shortened(panelist.name, ADDRESSEE_LENGTH): _described(panelist, language(interaction))
            for block in self._queue.session_in_view().blocks
            for panelist in block.panelists
        }
        found = [(name, label) for name, label in names.items() if wanted in fold(label)]
        return [app_commands.Choice(name=label, value=name) for name, label in found[:_SUGGESTIONS]]

    @app_commands.command(
        name="mis-preguntas",
        description=locale_str("Vea sus preguntas, en qué están, y retire las que aún esperan"),
    )
    @app_commands.check(in_the_server)
    async def mis_preguntas(self, interaction: discord.Interaction) -> None:
        """The person's own questions."""
        await self._show_own(interaction)

    @press("question:mine", only=in_the_server)
    async def press_mine(self, interaction: discord.Interaction) -> None:
        """The same, by button."""
        await self._show_own(interaction)

    @press("question:ask", only=in_the_server)
    async def press_ask(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        await self._open_form(interaction, anonymous=False, whom=None)

    @form("question:ask", only=in_the_server)
    async def submit_question(self, interaction: discord.Interaction) -> None:
        """Take the question of the form."""
        entered = fields(interaction)
        await self._ask(
            interaction,
            str(entered.get("text", "")),
            anonymous="anonymous" in entered.get("how", []),
            whom=str(entered.get("whom", "")) or None,
        )

    @press(r"question:withdraw:(?P<number>\d{1,18})", only=in_the_server)
    async def press_withdraw(self, interaction: discord.Interaction, number: str) -> None:
        """Withdraw one's own question."""
        work = self._queue.withdraw(QuestionNumber(int(number)), person(interaction))
        question = await in_time(interaction, work)
        await reply(interaction, phrases.withdrawn(question, language(interaction)))

    async def _open_form(self, interaction: discord.Interaction, *, anonymous: bool, whom: str | None) -> None:
        self._queue.session_to_ask_in()
        limit = self._services.config.questions.maximum_length
        await open_form(interaction, ask_form(language(interaction), limit, anonymous=anonymous, whom=whom))

    async def _ask(self, interaction: discord.Interaction, text: str, *, anonymous: bool, whom: str | None) -> None:
        """Ask, and say the number; what was not taken is given back, so that nobody has to write it again."""
        it = language(interaction)
        work = self._queue.ask(person(interaction), text, anonymous=anonymous, addressed_to=whom, language=it)
        try:
            asked = await in_time(interaction, work)
        except Refusal as refusal:
            given_back = f"\n\n{phrases.your_text(literal(text), it)}" if says_something(text) else ""
            await reply(interaction, refused(refusal, it) + given_back)
            return
        session = self._queue.session_in_view()
        entries = [(phrases.own_button(it), "question:mine")]
        if asked.state in WAITING:
            entries.append((phrases.withdraw_button(asked.number, it), f"question:withdraw:{asked.number}"))
        told = phrases.asked(asked, self._queue.hours(session), it)
        await reply(interaction, told, view=buttons(entries))

    async def _show_own(self, interaction: discord.Interaction) -> None:
        it = language(interaction)
        own = await in_time(interaction, self._queue.mine(person(interaction)))
        days = [day_name(self._services.event.session(each.question.session).day, it) for each in own]
        told = phrases.own_questions(own, [_text(each, it) for each in own], days, it)
        entries = [
            (phrases.withdraw_button(each.question.number, it), f"question:withdraw:{each.question.number}")
            for each in own
            if each.question.state in WAITING
        ]
        await reply(interaction, told, view=buttons(entries))


def _text(own: Own, it: Language) -> str:
    text = literal(own.question.text)
    if own.question.words is None:
        return text
    return f"{text}\n{phrases.added_words(literal(own.question.words), it)}"


def _described(panelist: Panelist, it: Language) -> str:
    institution = text_in(panelist.institution, it) if panelist.institution else ""
    return shortened(" · ".join(part for part in (panelist.name, institution) if part), _SUGGESTION_LENGTH)
