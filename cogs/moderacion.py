"""Questions, for those who moderate: /siguiente, /cola, the live board and its buttons."""

from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import bot.phrases.question_refusals  # noqa: F401 -- the words of what is refused here
from bot.errors import NothingBehindThis, Refusal
from bot.ids import QuestionNumber, SessionKey
from bot.phrases import board as phrases
from bot.phrases.refusals import refused
from bot.question_refusals import AlreadyTaken, NothingApproved, QuestionTimeNotCome, QuestionUnknown
from bot.questions import Question, Reason
from bot.queue_operations import Taken

from .board import LiveBoard, OnAir
from .checks import moderators, moderators_of
from .patience import change, in_time
from .question_cards import brief, buttons, next_id, queue_line, reject_form
from .replies import language, person, reply
from .routes import fields, form, open_form, press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

T = TypeVar("T")

_NUMBER = r"(?P<number>\d{1,18})"
_SESSION = r"(?P<session>\d{4}-\d\d-\d\d)"


class Moderacion(commands.Cog):
    """What moderators may do with questions. Each press is checked and done by its custom_id alone."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue
        self._board = LiveBoard(bot)
        self._on_air = OnAir(bot)

    async def cog_load(self) -> None:
        self._board.start()
        self._on_air.start()
        for session in self._services.event.sessions:
            name = f"questions/close/{session.key}"
            self._services.schedule.at(name, session.ends_at, self._queue.close_past)

    async def cog_unload(self) -> None:
        await self._board.stop()
        await self._on_air.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Show what there is, now that it is known where."""
        self._board.look(self._queue.session_in_view().key)
        self._on_air.look()

    @app_commands.command(
        name="siguiente",
        description=locale_str("Ponga al aire la pregunta siguiente (quienes moderan)"),
    )
    @app_commands.check(moderators)
    async def siguiente(self, interaction: discord.Interaction) -> None:
        """Close the question on air and put the next one there."""
        await self._take_next(interaction, self._queue.session_in_view().key, seen=None, early=False)

    @app_commands.command(
        name="cola",
        description=locale_str("Vea las próximas preguntas y cuántas esperan (quienes moderan)"),
    )
    @app_commands.check(moderators)
    async def cola(self, interaction: discord.Interaction) -> None:
        """The next questions in turn."""
        board = await in_time(interaction, self._queue.board(self._queue.session_in_view().key))
        it = language(interaction)
        lines = [queue_line(shown, (it,)) for shown in board.next_in_turn]
        await reply(interaction, phrases.queue(lines, board.figures, it))

    @press(rf"question:next:{_SESSION}:(?P<seen>\d{{1,18}}|any):(?P<when>now|early)", only=moderators)
    async def press_next(self, interaction: discord.Interaction, session: str, seen: str, when: str) -> None:
        """The same as /siguiente, for the session of the board and from what the moderator saw on air."""
        number = None if seen == "any" else QuestionNumber(int(seen))
        await self._take_next(interaction, SessionKey(session), seen=number, early=when == "early")

    @press(rf"question:approve:{_NUMBER}", only=moderators)
    async def press_approve(self, interaction: discord.Interaction, number: str) -> None:
        """Let the question into the turns."""
        await self._move(interaction, number, self._queue.approve(_number(number), person(interaction)))

    @press(rf"question:finish:{_NUMBER}", only=moderators)
    async def press_finish(self, interaction: discord.Interaction, number: str) -> None:
        """Close the question on air without a next one."""
        await self._move(interaction, number, self._queue.finish(_number(number), person(interaction)))

    @press(rf"question:air:{_NUMBER}:(?P<when>now|early)", only=moderators)
    async def press_air(self, interaction: discord.Interaction, number: str, when: str) -> None:
        """Approve the question and put it on air."""
        work = self._queue.put_on_air(_number(number), person(interaction), early=when == "early")
        confirm = f"question:air:{number}:early"
        taken = await self._tried(interaction, work, number, confirm=confirm)
        if taken is not None:
            await self._tell_taken(interaction, taken)

    @press(rf"question:show:{_NUMBER}", only=moderators)
    async def press_show(self, interaction: discord.Interaction, number: str) -> None:
        """Post the question on air once more."""
        question = await self._tried(interaction, self._queue.show_again(_number(number)), number)
        if question is not None:
            await self._tell(interaction, question.session, phrases.shown_again(question.number, language(interaction)))

    @press(rf"question:reject:{_NUMBER}", only=moderators)
    async def press_reject(self, interaction: discord.Interaction, number: str) -> None:
        """Ask why."""
        await open_form(interaction, reject_form(int(number), language(interaction)))

    @form(rf"question:rejected:{_NUMBER}", only=moderators)
    async def submit_rejection(self, interaction: discord.Interaction, number: str) -> None:
        """Reject the question for the reason chosen."""
        entered = fields(interaction)
        reason = next((r for r in Reason if r.value in entered.get("reason", [])), None)
        if reason is None:
            raise NothingBehindThis
        words = str(entered.get("words", "")) or None
        work = self._queue.reject(_number(number), person(interaction), reason, words)
        await self._move(interaction, number, work)

    async def _take_next(
        self, interaction: discord.Interaction, session: SessionKey, *, seen: QuestionNumber | None, early: bool
    ) -> None:
        if all(known.key != session for known in self._services.event.sessions):
            raise NothingBehindThis
        work = self._queue.take_next(session, person(interaction), seen=seen, early=early)
        confirm = next_id(session, "any" if seen is None else seen, "early")
        taken = await self._tried(interaction, work, session, confirm=confirm)
        if taken is not None:
            await self._tell_taken(interaction, taken)

    async def _move(self, interaction: discord.Interaction, number: str, work: Coroutine[Any, Any, Question]) -> None:
        question = await self._tried(interaction, work, number)
        if question is not None:
            await self._tell(interaction, question.session, phrases.moved(question, language(interaction)))

    async def _tell_taken(self, interaction: discord.Interaction, taken: Taken) -> None:
        text = brief(taken.on_air.text, 300, 380)
        await self._tell(interaction, taken.on_air.session, phrases.taken(taken, text, language(interaction)))

    async def _tried(
        self,
        interaction: discord.Interaction,
        work: Coroutine[Any, Any, T],
        about: str,
        *,
        confirm: str | None = None,
    ) -> T | None:
        """What the work gives; None where it was refused, which is answered here, with what may be done next.

        `about` is the session's key or the question's number. A board on which something was pressed that is
        decided by now is brought up to date at the same time.
        """
        try:
            return await in_time(interaction, self._allowed(interaction, work, about))
        except Refusal as refusal:
            it = language(interaction)
            told, entries = refused(refusal, it), list[tuple[str, str]]()
            if isinstance(refusal, QuestionTimeNotCome) and confirm is not None:
                entries = [(phrases.early_button(it), confirm)]
            elif isinstance(refusal, AlreadyTaken):
                session = await self._session_of(str(refusal.number))
                entries = [(phrases.next_button(it), next_id(session, refusal.number, "now"))]
            elif isinstance(refusal, NothingApproved) and (first := refusal.first) is not None:
                told += f"\n**{first.number}** · {brief(first.text, 300, 380)}"
                entries = [
                    (phrases.approve_button(it), f"question:approve:{first.number}"),
                    (phrases.approve_on_air_button(it), f"question:air:{first.number}:now"),
                ]
            if _on_board(interaction):
                await change(interaction, view=await in_time(interaction, self._board_about(about)))
            await reply(interaction, told, view=buttons(entries))
            return None

    async def _tell(self, interaction: discord.Interaction, session: SessionKey, told: str) -> None:
        """Show what came of it: on the board that was pressed, in the private message, or in a new one."""
        if _on_board(interaction):
            await change(interaction, view=await in_time(interaction, self._board.view(session)))
        elif interaction.message is not None and interaction.message.flags.ephemeral:
            await change(interaction, content=told, view=None)
        else:
            await reply(interaction, told)

    async def _allowed(self, interaction: discord.Interaction, work: Coroutine[Any, Any, T], about: str) -> T:
        """What the work gives. Who moderates one session alone decides nothing of another's: raises NotAllowed."""
        try:
            await moderators_of(interaction, await self._session_of(about))
        except BaseException:
            work.close()
            raise
        return await work

    async def _board_about(self, about: str) -> discord.ui.LayoutView:
        return await self._board.view(await self._session_of(about))

    async def _session_of(self, about: str) -> SessionKey:
        """The session of a question's number, or of its own key; that in view, where there is no such question."""
        if not about.isdecimal():
            return SessionKey(about)
        try:
            return (await self._queue.shown(_number(about))).question.session
        except QuestionUnknown:
            return self._queue.session_in_view().key


def _number(text: str) -> QuestionNumber:
    return QuestionNumber(int(text))


def _on_board(interaction: discord.Interaction) -> bool:
    return interaction.message is not None and interaction.message.flags.components_v2
