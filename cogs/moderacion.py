"""Questions, for those who moderate: /siguiente, /cola, /politica, and the live board with its buttons."""

from dataclasses import replace
from typing import TYPE_CHECKING, get_args

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

import bot.phrases.question_refusals  # noqa: F401 -- the words of what is refused here
from bot.errors import NothingBehindThis
from bot.ids import QuestionNumber, SessionKey
from bot.phrases import board as phrases
from bot.phrases import moderation as moderation_phrases
from bot.phrases import on_air as on_air_phrases
from bot.question_time import questions_end, time_left
from bot.questions import Outcome, Reason, State
from bot.turns import Policy

from .board import live_board
from .checks import moderators, sessions_moderated
from .choosing import Chosen, number_in, panelist_of, suggested, suggested_panelists
from .decisions import Decisions
from .moderation_cards import queue_line, reject_form
from .patience import in_time
from .public_posts import PublicPosts
from .question_cards import next_id
from .replies import language, person, reply
from .routes import fields, form, open_form, press
from .takedowns import Takedowns
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"
_SESSION = r"(?P<session>\d{4}-\d\d-\d\d)"
_CHOICE = r"(?::(?P<outcome>answered|in_writing|deferred):(?P<number>\d{1,18}|-):(?P<whom>[0-9a-f]{8}|-))?"

#: How often the text that was seen had been changed; nothing, where it was the first one.
_EDITS = r"(?::(?P<edits>\d{1,6}))?"
_SEEN = r"\d{1,18}(?:\.\d{1,6})?"

#: What may be put on air by its number: in turn or not, approved yet or not, of today or left from an earlier day.
_FOR_AIR = (State.APPROVED, State.PENDING, State.DEFERRED)


class Moderacion(commands.Cog):
    """What moderators may do with questions. Each press is checked and done by its custom_id alone."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue
        self._decisions = Decisions(bot)
        self._bot = bot
        self._board = live_board(bot)
        self._takedowns = Takedowns(bot)
        self._public = PublicPosts(bot, self._takedowns)

    async def cog_load(self) -> None:
        self._board.start()
        self._takedowns.start()
        self._public.start()
        self._services.agenda.on_change(lambda _before, _after: self._plan_closings())
        self._plan_closings()

    def _plan_closings(self) -> None:
        """Nothing stays on air once its session is over."""
        for session in self._services.event.sessions:
            name = f"questions/close/{session.key}"
            self._services.schedule.at(name, session.ends_at, self._queue.close_past)

    async def cog_unload(self) -> None:
        await self._board.stop()
        await self._public.stop()
        await self._takedowns.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Show what there is, now that it is known where."""
        self._board.look(self._queue.session_in_view().key)
        self._takedowns.look()
        self._public.look()

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, channel: discord.abc.GuildChannel
    ) -> None:
        """Look at once whether everybody can read the moderators' channel now, or no more."""
        venue = self._bot.venue
        if venue is not None and channel.id == venue.moderators:
            self._board.look(self._queue.session_in_view().key)

    # Who is next

    @app_commands.command(
        name="siguiente",
        description=locale_str("Ponga al aire la pregunta siguiente (quienes moderan)"),
    )
    @app_commands.rename(que_fue=locale_str("que_fue"), numero=locale_str("numero"), para=locale_str("para"))
    @app_commands.describe(
        que_fue=locale_str("Qué fue de la que está al aire: respondida, si no dice otra cosa"),
        numero=locale_str("Cuál va al aire: su número o parte de su texto; sin nada, la que toque"),
        para=locale_str("Solo entre las dirigidas a esta persona"),
    )
    @app_commands.choices(
        que_fue=[
            app_commands.Choice(name=locale_str("Respondida"), value=Outcome.ANSWERED.value),
            app_commands.Choice(name=locale_str("Se responderá por escrito"), value=Outcome.IN_WRITING.value),
            app_commands.Choice(name=locale_str("Aplazada"), value=Outcome.DEFERRED.value),
        ]
    )
    @app_commands.check(moderators)
    async def siguiente(
        self,
        interaction: discord.Interaction,
        que_fue: str = Outcome.ANSWERED.value,
        numero: str | None = None,
        para: str | None = None,
    ) -> None:
        """Close the question on air and put the next one there, or the one that was said."""
        chosen = Chosen(Outcome(que_fue), number_in(numero), para)
        if numero is not None and chosen.number is None:
            await reply(interaction, moderation_phrases.choose_which(language(interaction)))
            return
        await self._take_next(interaction, self._queue.session_in_view().key, chosen, seen=None, early=False)

    @siguiente.autocomplete("numero")
    @app_commands.check(moderators)
    async def suggest_for_air(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """Those that may go on air, and of days that this person does not moderate what they left for this one."""
        session, own = self._queue.session_in_view().key, sessions_moderated(interaction)
        return suggested(await self._queue.suggestions(session, typed, _FOR_AIR, earlier=own, carried=True))

    @siguiente.autocomplete("para")
    @app_commands.check(moderators)
    async def suggest_panelists(self, interaction: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
        """The panelists of the session."""
        return suggested_panelists(self._queue.session_in_view(), typed, language(interaction))

    @press(rf"question:next:{_SESSION}:(?P<seen>\d{{1,18}}|any):(?P<when>now|early){_CHOICE}", only=moderators)
    async def press_next(
        self,
        interaction: discord.Interaction,
        session: str,
        seen: str,
        when: str,
        outcome: str | None,
        number: str | None,
        whom: str | None,
    ) -> None:
        """The same as /siguiente, for the session of the board and from what the moderator saw on air."""
        key = SessionKey(session)
        if all(known.key != key for known in self._services.event.sessions):
            raise NothingBehindThis
        chosen = Chosen(
            Outcome(outcome or Outcome.ANSWERED),
            number_in(number),
            panelist_of(self._services.event.session(key), whom),
        )
        saw = None if seen == "any" else QuestionNumber(int(seen))
        await self._take_next(interaction, key, chosen, seen=saw, early=when == "early")

    @press(rf"question:air:{_NUMBER}:(?P<when>now|early){_EDITS}", only=moderators)
    async def press_air(self, interaction: discord.Interaction, number: str, when: str, edits: str | None) -> None:
        """Approve the question, with the text that the moderator saw, and put it on air."""
        seen = int(edits or 0)
        work = self._queue.put_on_air(_number(number), person(interaction), early=when == "early", seen_edits=seen)
        confirm = f"question:air:{number}:early" + (f":{seen}" if seen else "")
        await self._decisions.take(interaction, number, work, confirm)

    @app_commands.command(
        name="cola",
        description=locale_str("Vea las próximas preguntas y cuántas esperan (quienes moderan)"),
    )
    @app_commands.check(moderators)
    async def cola(self, interaction: discord.Interaction) -> None:
        """The next questions in turn, and the time that is left for each."""
        it = language(interaction)
        board = await in_time(interaction, self._queue.board(self._queue.session_in_view().key))
        lines = [
            queue_line(each.shown, phrases.place_reason(why, it) if (why := each.place_reason) else None, (it,))
            for each in board.next_in_turn
        ]
        now, session = self._services.clock.now(), board.session
        left = time_left(session, now)
        time = None
        if left is not None:
            waiting = board.figures[State.APPROVED]
            time = on_air_phrases.time_for_each(left, questions_end(session), waiting, it)
        await reply(interaction, phrases.queue(lines, board.figures, time, it))

    @app_commands.command(
        name="politica",
        description=locale_str("Cambie el orden en que se pasan las preguntas (quienes moderan)"),
    )
    @app_commands.rename(orden=locale_str("orden"))
    @app_commands.describe(orden=locale_str("El orden desde ahora"))
    @app_commands.choices(
        orden=[
            app_commands.Choice(name=locale_str("Por turnos entre delegaciones"), value="rotation"),
            app_commands.Choice(name=locale_str("Por apoyos"), value="votes"),
            app_commands.Choice(name=locale_str("Por orden de llegada"), value="arrival"),
        ]
    )
    @app_commands.check(moderators)
    async def politica(self, interaction: discord.Interaction, orden: str) -> None:
        """Whose turn is next is decided like this from now on."""
        policy: Policy = next(each for each in get_args(Policy) if each == orden)
        session = self._queue.session_in_view().key
        await in_time(interaction, self._queue.set_policy(session, policy, person(interaction)))
        await reply(interaction, moderation_phrases.policy_set(policy, language(interaction)))

    # What becomes of a question

    @press(rf"question:approve:{_NUMBER}{_EDITS}", only=moderators)
    async def press_approve(self, interaction: discord.Interaction, number: str, edits: str | None) -> None:
        """Let the question, with the text that the moderator saw, into the turns."""
        work = self._queue.approve(_number(number), person(interaction), seen_edits=int(edits or 0))
        await self._decisions.move(interaction, number, work)

    @press(rf"question:page:(?P<numbers>{_SEEN}(?:-{_SEEN}){{0,4}})", only=moderators)
    async def press_page(self, interaction: discord.Interaction, numbers: str) -> None:
        """Approve the ones that the moderator saw together."""
        edits = {
            _number(number): int(times or 0) for number, _, times in (n.partition(".") for n in numbers.split("-"))
        }
        seen = list(edits)
        work = self._queue.approve_all(seen, person(interaction), seen_edits=edits)
        approved = await self._decisions.tried(interaction, work, str(seen[0]), also=seen[1:])
        if approved is None:
            return
        it, done = language(interaction), [question.number for question in approved]
        left = [number for number in seen if number not in done]
        told = [moderation_phrases.approved_page(done, it)] if done else []
        told += [moderation_phrases.not_approved(left, it)] if left else []
        shown = await self._decisions.tell(interaction, await self._decisions.session_of(str(seen[0])), "\n".join(told))
        if shown and left:
            await reply(interaction, "\n".join(told))

    @press(rf"question:finish:{_NUMBER}", only=moderators)
    async def press_finish(self, interaction: discord.Interaction, number: str) -> None:
        """Close the question on air without a next one."""
        await self._decisions.move(interaction, number, self._queue.finish(_number(number), person(interaction)))

    @press(rf"question:written:{_NUMBER}", only=moderators)
    async def press_written(self, interaction: discord.Interaction, number: str) -> None:
        """Close the question on air, to be answered in writing."""
        work = self._queue.finish(_number(number), person(interaction), Outcome.IN_WRITING)
        await self._decisions.move(interaction, number, work)

    @press(rf"question:defer:{_NUMBER}", only=moderators)
    async def press_defer(self, interaction: discord.Interaction, number: str) -> None:
        """Leave the question for a later day."""
        await self._decisions.move(interaction, number, self._queue.defer(_number(number), person(interaction)))

    @press(rf"question:show:{_NUMBER}", only=moderators)
    async def press_show(self, interaction: discord.Interaction, number: str) -> None:
        """Post the question on air once more."""
        question = await self._decisions.tried(interaction, self._queue.show_again(_number(number)), number)
        if question is not None:
            told = phrases.shown_again(question.number, language(interaction))
            await self._decisions.tell(interaction, question.session, told, about=question.number)

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
        await self._decisions.move(interaction, number, work)

    async def _take_next(
        self,
        interaction: discord.Interaction,
        session: SessionKey,
        chosen: Chosen,
        *,
        seen: QuestionNumber | None,
        early: bool,
    ) -> None:
        if chosen.number is not None:
            await self._decisions.check_may_air(interaction, chosen.number)
        work = self._queue.take_next(
            session,
            person(interaction),
            seen=seen,
            early=early,
            outcome=chosen.outcome,
            number=chosen.number,
            addressed_to=chosen.addressed_to,
        )
        confirm = next_id(session, "any" if seen is None else seen, "early") + chosen.id_part()
        # What becomes of the one on air was said of another one.
        wanted = replace(chosen, outcome=Outcome.ANSWERED).id_part()
        await self._decisions.take(interaction, session, work, confirm, wanted)


def _number(text: str) -> QuestionNumber:
    return QuestionNumber(int(text))
