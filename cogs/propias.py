"""One's own questions: /mis-preguntas, changing and withdrawing them, and being told what becomes of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import discord
from discord import app_commands, ui
from discord.app_commands import locale_str
from discord.ext import commands

import bot.phrases.question_refusals  # noqa: F401 -- the words of what is refused here
from bot.errors import NothingBehindThis, Refusal
from bot.i18n import day_name
from bot.ids import QuestionNumber
from bot.languages import Language
from bot.phrases import own_questions as phrases
from bot.phrases import questions as question_phrases
from bot.phrases.refusals import refused
from bot.question_refusals import AlreadyDecided, QuestionUnknown
from bot.question_text import says_something, shortened
from bot.questions import WAITING, Question
from bot.queue_values import Own

from .checks import in_the_server
from .patience import in_time
from .question_drafts import given_back
from .question_forms import edit_form
from .replies import language, literal, person, reply
from .routes import chosen, fields, form, open_form, press
from .tidings import DirectMessages
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"

#: A message takes so many buttons, one of which is that of the messages; a list takes as many options.
_BUTTONS, _OPTIONS = 24, 25


class Propias(commands.Cog):
    """What everybody may do with their own questions. Each sees their own alone."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue
        self._messages = DirectMessages(bot)

    async def cog_load(self) -> None:
        self._messages.start()

    async def cog_unload(self) -> None:
        await self._messages.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Go on telling, now that the bot is where the event is."""
        self._messages.look()

    @app_commands.command(
        name="mis-preguntas",
        description=locale_str("Vea sus preguntas, en qué están y sus respuestas; cambie o retire las que aún esperan"),
    )
    @app_commands.check(in_the_server)
    async def mis_preguntas(self, interaction: discord.Interaction) -> None:
        """The person's own questions."""
        await self._show(interaction)

    @press("question:mine", only=in_the_server)
    async def press_mine(self, interaction: discord.Interaction) -> None:
        """The same, by button."""
        await self._show(interaction)

    @press(rf"question:withdraw:{_NUMBER}", only=in_the_server)
    async def press_withdraw(self, interaction: discord.Interaction, number: str) -> None:
        """Withdraw one's own question."""
        await self._withdraw(interaction, number)

    @press("question:withdraw", only=in_the_server)
    async def choose_withdraw(self, interaction: discord.Interaction) -> None:
        """Withdraw the one chosen."""
        await self._withdraw(interaction, _one(interaction))

    @press(rf"question:edit:{_NUMBER}", only=in_the_server)
    async def press_edit(self, interaction: discord.Interaction, number: str) -> None:
        """Open the text of one's own question to change it."""
        await self._open_edit(interaction, number)

    @press("question:edit", only=in_the_server)
    async def choose_edit(self, interaction: discord.Interaction) -> None:
        """Open the one chosen."""
        await self._open_edit(interaction, _one(interaction))

    @form(rf"question:edited:{_NUMBER}", only=in_the_server)
    async def submit_edit(self, interaction: discord.Interaction, number: str) -> None:
        """Keep the changed text; one that was not taken is given back."""
        it, text = language(interaction), str(fields(interaction).get("text", ""))
        work = self._queue.edit_by_author(QuestionNumber(int(number)), person(interaction), text)
        try:
            edited = await in_time(interaction, work)
        except Refusal as refusal:
            back = given_back(text, it) if says_something(text) else ""
            await reply(interaction, refused(refusal, it) + back)
            return
        await reply(interaction, phrases.edited(edited, it))

    @press("question:messages:(?P<wanted>on|off)", only=in_the_server)
    async def press_messages(self, interaction: discord.Interaction, wanted: str) -> None:
        """Be told by direct message, or no longer."""
        it = language(interaction)
        await in_time(interaction, self._queue.set_wants_messages(person(interaction), wanted == "on"))
        await reply(interaction, phrases.messages_on(it) if wanted == "on" else phrases.messages_off(it))

    async def _withdraw(self, interaction: discord.Interaction, number: str) -> None:
        work = self._queue.withdraw(QuestionNumber(int(number)), person(interaction))
        question = await in_time(interaction, work)
        await reply(interaction, question_phrases.withdrawn(question, language(interaction)))

    async def _open_edit(self, interaction: discord.Interaction, number: str) -> None:
        question = await self._own(interaction, QuestionNumber(int(number)))
        if question.state not in WAITING:
            # Which moderator it was is nothing for the author.
            raise AlreadyDecided(question.number, question.state, None, question.moved_when)
        limit = self._services.config.questions.maximum_length
        await open_form(interaction, edit_form(language(interaction), limit, question))

    async def _own(self, interaction: discord.Interaction, number: QuestionNumber) -> Question:
        """Raises QuestionUnknown where it is somebody else's, or nobody's."""
        for own in await self._queue.mine(person(interaction)):
            if own.question.number == number:
                return own.question
        raise QuestionUnknown(number)

    async def _show(self, interaction: discord.Interaction) -> None:
        it, who = language(interaction), person(interaction)
        own = await in_time(interaction, self._queue.mine(who))
        parts = [phrases.heading(it), *(self._entry(each, it) for each in own)] if own else [phrases.nothing_asked(it)]
        if await self._queue.unlinkable():
            parts.append(phrases.unlinkable(it))
        view = _choices([each.question for each in own if each.question.state in WAITING], it)
        if own:
            wants = await self._queue.wants_messages(who)
            label = phrases.messages_off_button(it) if wants else phrases.messages_on_button(it)
            view.add_item(ui.Button(label=label, custom_id=f"question:messages:{'off' if wants else 'on'}"))
        await reply(interaction, "\n\n".join(parts), view=view if view.children else None)

    def _entry(self, own: Own, it: Language) -> str:
        question = own.question
        day = day_name(self._services.event.session(question.session).day, it)
        lines = [phrases.entry(own, literal(question.text), day, it)]
        if question.words is not None:
            lines.append(question_phrases.added_words(literal(question.words), it))
        if own.answer is not None:
            lines.append(phrases.answer(literal(own.answer.text), it))
        return "\n".join(lines)


def _choices(waiting: Sequence[Question], it: Language) -> ui.View:
    """Buttons to change and to withdraw each; lists to choose from, of the newest, where those would not fit."""
    view = ui.View(timeout=None)
    if 2 * len(waiting) <= _BUTTONS:
        for question in waiting:
            number = question.number
            view.add_item(ui.Button(label=phrases.edit_button(number, it), custom_id=f"question:edit:{number}"))
            label = question_phrases.withdraw_button(number, it)
            view.add_item(ui.Button(label=label, custom_id=f"question:withdraw:{number}"))
        return view
    options = [
        discord.SelectOption(label=shortened(f"{question.number} · {question.text}", 100), value=str(question.number))
        for question in reversed(waiting[-_OPTIONS:])
    ]
    for custom_id, over in (("question:edit", phrases.edit_list), ("question:withdraw", phrases.withdraw_list)):
        view.add_item(ui.Select(custom_id=custom_id, placeholder=over(it), options=options))
    return view


def _one(interaction: discord.Interaction) -> str:
    values = chosen(interaction)
    if len(values) != 1 or not values[0].isdecimal() or len(values[0]) > 18:
        raise NothingBehindThis
    return values[0]
