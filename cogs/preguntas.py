"""Asking: /pregunta, its button and its form, a message made into a question, and what is asked nearly alike."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import bot.phrases.question_refusals  # noqa: F401 -- the words of what is refused here
from bot.agenda import Panelist
from bot.errors import Refusal
from bot.ids import PersonId, QuestionNumber
from bot.languages import Language, text_in
from bot.phrases import questions as phrases
from bot.phrases import support as support_phrases
from bot.phrases.refusals import refused
from bot.question_refusals import NotYourMessage
from bot.question_text import fold, says_something, shortened
from bot.questions import ADDRESSEE_LENGTH, WAITING
from bot.queue_values import Asked, Similar

from . import question_drafts as drafts
from .checks import in_the_server, moderators
from .patience import change, in_time
from .question_cards import buttons
from .question_drafts import Draft, Unsent
from .question_forms import ask_form, message_form
from .replies import language, person, reply
from .routes import fields, form, inert, open_form, press

if TYPE_CHECKING:
    from .client import Estrado

#: Discord shows this many suggestions, and of each so many signs.
_SUGGESTIONS, _SUGGESTION_LENGTH = 25, 100

_HOW = "(?P<how>anonymous|named)"


class Preguntas(commands.Cog):
    """How everybody asks."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._services = bot.services
        self._queue = bot.services.queue
        self._unsent = Unsent()
        self._menu = app_commands.ContextMenu(name="Convertir en pregunta", callback=self.convert)
        self._menu.add_check(in_the_server)

    async def cog_load(self) -> None:
        self._bot.tree.add_command(self._menu)

    async def cog_unload(self) -> None:
        self._bot.tree.remove_command(self._menu.name, type=self._menu.type)

    @commands.Cog.listener()
    async def on_erased(self, who: PersonId) -> None:
        """What somebody typed and did not send goes with the rest."""
        self._unsent.drop(who)

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
            # What was typed to be asked anonymously must not go by name for want of a second look.
            unsent = self._unsent.of(person(interaction)) or Draft("", False, None)
            draft = Draft(unsent.text, anonima or unsent.anonymous, para or unsent.addressed_to)
            await self._open_form(interaction, draft)
        else:
            await self._ask(interaction, Draft(texto, anonima, para))

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

    @press("question:ask", only=in_the_server)
    async def press_ask(self, interaction: discord.Interaction) -> None:
        """Open the form."""
        await self._open_form(interaction, self._unsent.of(person(interaction)) or Draft("", False, None))

    @form("question:ask", only=in_the_server)
    async def submit_question(self, interaction: discord.Interaction) -> None:
        """Take the question of the form."""
        entered = fields(interaction)
        anonymous = "anonymous" in entered.get("how", [])
        await self._ask(
            interaction, Draft(str(entered.get("text", "")), anonymous, str(entered.get("whom", "")) or None)
        )

    async def convert(self, interaction: discord.Interaction, message: discord.Message) -> None:
        """Make a message a question: one's own after a look at it, anybody's at once by those who moderate."""
        self._queue.session_to_ask_in()
        it = language(interaction)
        if message.author == interaction.user:
            limit = self._services.config.questions.maximum_length
            await open_form(interaction, message_form(it, limit, message.content))
            return
        if message.author.bot or message.webhook_id is not None:
            raise NotYourMessage
        await moderators(interaction)
        author = PersonId(message.author.id)
        work = self._queue.from_message(person(interaction), author, message.content, it)
        asked = await in_time(interaction, work)
        await reply(interaction, phrases.filed(asked, author, it))

    @form("question:message", only=in_the_server)
    async def submit_message(self, interaction: discord.Interaction) -> None:
        """Take the question that was one's own message."""
        await self._ask(
            interaction, Draft(str(fields(interaction).get("text", "")), anonymous=False, addressed_to=None)
        )

    @press(rf"question:anyway:{_HOW}", only=in_the_server)
    async def press_anyway(self, interaction: discord.Interaction, how: str) -> None:
        """Send the question that resembles others."""
        draft = drafts.draft_in(interaction.message, anonymous=how == "anonymous")
        asked = await self._taken(interaction, draft)
        if isinstance(asked, Asked):
            told, view = self._answer(asked, language(interaction))
            await change(interaction, content=told, embeds=[], view=view and inert(view))

    @press(rf"question:support:(?P<number>\d{{1,18}}):{_HOW}", only=in_the_server)
    async def press_support(self, interaction: discord.Interaction, number: str, how: str) -> None:
        """Support an approved question in place of one's own, which can still be sent."""
        it = language(interaction)
        draft = drafts.draft_in(interaction.message, anonymous=how == "anonymous")
        voted = await in_time(interaction, self._queue.vote(QuestionNumber(int(number)), person(interaction)))
        if not voted.supports:
            # It was supported already, perhaps from the public list: here nobody wants to take that back.
            voted = await self._queue.vote(voted.number, person(interaction))
        self._unsent.drop(person(interaction))
        told = support_phrases.supported(voted.number, voted.votes, it)
        view = inert(drafts.choices((), draft, it))
        await change(interaction, content=f"{told}\n{support_phrases.may_still_send(it)}", view=view)

    async def _open_form(self, interaction: discord.Interaction, draft: Draft) -> None:
        self._queue.session_to_ask_in()
        it, limit = language(interaction), self._services.config.questions.maximum_length
        shown = ask_form(it, limit, anonymous=draft.anonymous, whom=draft.addressed_to, text=draft.text)
        await open_form(interaction, shown)

    async def _ask(self, interaction: discord.Interaction, draft: Draft) -> None:
        """Ask and say the number, unless approved questions ask nearly the same: then ask what to do first."""
        it = language(interaction)
        # What no message could hold until then is not held back.
        kept = await self._taken(interaction, draft, unless_alike=draft.fits)
        if isinstance(kept, Similar):
            view = drafts.choices([shown.question.number for shown in kept.approved], draft, it)
            told = drafts.told(kept.approved, it)
            self._unsent.keep(person(interaction), draft)
            await reply(interaction, told, view=view, embed=drafts.embed(draft, it))
        elif kept is not None:
            told, view_or_none = self._answer(kept, it)
            await reply(interaction, told, view=view_or_none)

    async def _taken(
        self, interaction: discord.Interaction, draft: Draft, *, unless_alike: bool = False
    ) -> Asked | Similar | None:
        """What was saved, or what is alike; what was refused is given back, so that nobody has to write it again."""
        it = language(interaction)
        ask = self._queue.ask_unless_alike if unless_alike else self._queue.ask
        work = ask(
            person(interaction), draft.text, anonymous=draft.anonymous, addressed_to=draft.addressed_to, language=it
        )
        try:
            kept = await in_time(interaction, work)
        except Refusal as refusal:
            back = ""
            if says_something(draft.text):
                back = drafts.given_back(draft.text, it)
                # The form has it again, and that it was to be anonymous.
                self._unsent.keep(person(interaction), draft)
            await reply(interaction, refused(refusal, it) + back)
            return None
        if isinstance(kept, Asked):
            self._unsent.drop(person(interaction))
        return kept

    def _answer(self, asked: Asked, it: Language) -> tuple[str, discord.ui.View | None]:
        told = phrases.asked(asked, self._queue.hours(self._queue.session_in_view()), it)
        if asked.alike_under_review:
            told += "\n" + support_phrases.alike_under_review(it)
        entries = [(phrases.own_button(it), "question:mine")]
        if asked.state in WAITING:
            entries.append((phrases.withdraw_button(asked.number, it), f"question:withdraw:{asked.number}"))
        return told, buttons(entries)


def _described(panelist: Panelist, it: Language) -> str:
    institution = text_in(panelist.institution, it) if panelist.institution else ""
    return shortened(" · ".join(part for part in (panelist.name, institution) if part), _SUGGESTION_LENGTH)
