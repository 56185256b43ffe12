"""How what a moderator decides is done and answered, wherever it was pressed."""

import re
from collections.abc import Coroutine, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import discord

from bot.errors import Refusal
from bot.ids import QuestionNumber, SessionKey
from bot.languages import Language
from bot.phrases import board as phrases
from bot.phrases import moderation as moderation_phrases
from bot.phrases.questions import your_text
from bot.phrases.refusals import refused
from bot.question_refusals import AlreadyTaken, NothingApproved, QuestionTimeNotCome, QuestionUnknown, TextChanged
from bot.question_text import says_something
from bot.questions import Question, undoable
from bot.queue_carried import LEFT_FOR_LATER
from bot.queue_values import Tab, Taken

from .board import board_now
from .board_view import ALL, Listing, list_view, panelist_token
from .checks import moderators_of
from .choosing import panelists
from .patience import change, in_time
from .question_cards import air_id, approve_id, brief, buttons, next_id, undo_id
from .replies import bot_of, language, literal, reply, reply_layout
from .routes import inert

if TYPE_CHECKING:
    from .client import Estrado

T = TypeVar("T")

#: The pattern of Listing.id.
LISTING = (
    r"question:list:(?P<session>\d{4}-\d\d-\d\d):(?P<tab>review|approved|on_air|deferred):(?P<page>\d{1,5})"
    r":(?P<panelist>-|[0-9a-f]{8}):(?P<language>-|es|en):(?P<what>tab|here|back|on)"
)


class Decisions:
    """Does what was decided and shows what came of it: on the board or the private list that was pressed, in the
    private message, or in a new one."""

    def __init__(self, bot: "Estrado") -> None:
        self._services = bot.services
        self._queue = bot.services.queue

    async def move(self, interaction: discord.Interaction, number: str, work: Coroutine[Any, Any, Question]) -> None:
        """Do what moves a question, and say where it stands now."""
        question = await self.tried(interaction, work, number)
        if question is not None:
            told = phrases.moved(question, language(interaction))
            await self.tell(interaction, question.session, told, about=question.number)

    async def take(
        self,
        interaction: discord.Interaction,
        about: str,
        work: Coroutine[Any, Any, Taken],
        confirm: str,
        wanted: str = "",
    ) -> None:
        """Do what puts a question on air, and show it; `confirm` is the custom_id for doing it before its time, and
        `wanted` what a custom_id says of which question was meant."""
        taken = await self.tried(interaction, work, about, confirm=confirm, wanted=wanted)
        if taken is not None:
            on_air, it = taken.on_air, language(interaction)
            told = phrases.taken(taken, brief(on_air.text, 300, 380), it)
            await self.tell(interaction, on_air.air_session or on_air.session, told, about=on_air.number)

    async def tried(
        self,
        interaction: discord.Interaction,
        work: Coroutine[Any, Any, T],
        about: str,
        *,
        confirm: str | None = None,
        also: Sequence[QuestionNumber] = (),
        typed: str = "",
        wanted: str = "",
    ) -> T | None:
        """What the work gives; None where it was refused, which is answered here, with what may be done next.

        `about` is the session's key or the question's number; `also` are the numbers of others that are decided
        with it. `typed` is given back where it was not taken. A board or list on which something was pressed that
        is decided by now is brought up to date at the same time.
        """
        try:
            return await in_time(interaction, self._allowed(interaction, work, [about, *map(str, also)]))
        except Refusal as refusal:
            it = language(interaction)
            told, entries = refused(refusal, it), list[tuple[str, str]]()
            if isinstance(refusal, QuestionTimeNotCome) and confirm is not None:
                entries = [(phrases.early_button(it), confirm)]
            elif isinstance(refusal, AlreadyTaken):
                # Not the session in which that one was asked: it may be of an earlier day.
                session = await self.session_of(about)
                entries = [(phrases.next_button(it), next_id(session, refusal.number, "now") + wanted)]
            elif isinstance(refusal, TextChanged):
                entries = [(moderation_phrases.card_button(it), f"question:card:{refusal.number}")]
            elif isinstance(refusal, NothingApproved) and (first := refusal.first) is not None:
                told += f"\n**{first.number}** · {brief(first.text, 300, 380)}"
                entries = [
                    (phrases.approve_button(it), approve_id(first)),
                    (phrases.approve_on_air_button(it), air_id(first)),
                ]
            if says_something(typed):
                told += f"\n\n{your_text(literal(typed), it)}"
            await self._show_again(interaction, await self.session_of(about))
            await reply(interaction, told, view=buttons(entries))
            return None

    async def tell(
        self, interaction: discord.Interaction, session: SessionKey, told: str, *, about: QuestionNumber | None = None
    ) -> bool:
        """Show what came of it; whether on a board or list alone, where `told` is not said.

        A private answer about a question offers to take it back and to see its card.
        """
        if await self._show_again(interaction, session):
            return True
        view = None if about is None else await self._afterwards(about, language(interaction))
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await change(interaction, content=told, view=None if view is None else inert(view))
        else:
            await reply(interaction, told, view=view)
        return False

    async def open_list(self, interaction: discord.Interaction, listing: Listing) -> None:
        """Show a list privately, in place of the one that was pressed if there is one. Raises NotAllowed."""
        await moderators_of(interaction, SessionKey(listing.session))
        view = await in_time(interaction, self._list(listing, language(interaction)))
        if listing_of(interaction) is None:
            await reply_layout(interaction, view)
        else:
            await change(interaction, view=view)

    async def session_of(self, about: str) -> SessionKey:
        """The session of a question's number, or of its own key; that in view, where there is no such question.

        A question belongs to the session in which it has its turn, which may be a later one than it was asked in.
        """
        if not about.isdecimal():
            return SessionKey(about)
        try:
            question = (await self._queue.shown(QuestionNumber(int(about)))).question
        except QuestionUnknown:
            return self._queue.session_in_view().key
        return question.air_session or question.session

    async def check_may_air(self, interaction: discord.Interaction, number: QuestionNumber) -> None:
        """Raise NotAllowed where the question is of a session that this person does not moderate, unless it was left
        for a later day. Of a question that does not exist nothing is said."""
        try:
            question = (await self._queue.shown(number)).question
        except QuestionUnknown:
            return
        if question.state not in LEFT_FOR_LATER:
            await moderators_of(interaction, question.air_session or question.session)

    async def _allowed(self, interaction: discord.Interaction, work: Coroutine[Any, Any, T], about: Sequence[str]) -> T:
        """What the work gives. Who moderates one session alone decides nothing of another's: raises NotAllowed."""
        try:
            for each in about:
                await moderators_of(interaction, await self.session_of(each))
        except BaseException:
            work.close()
            raise
        return await work

    async def _show_again(self, interaction: discord.Interaction, session: SessionKey) -> bool:
        """Whether a board or a list was pressed, which then shows what there is now."""
        if on_board(interaction):
            # A question of an earlier day may be decided on today's board, which stays today's.
            pressed = _session_of_board(interaction) or session
            await change(interaction, view=await in_time(interaction, board_now(self._services, pressed)))
            return True
        if (listing := listing_of(interaction)) is not None:
            await change(interaction, view=await in_time(interaction, self._list(listing, language(interaction))))
            return True
        return False

    async def _list(self, listing: Listing, it: Language) -> discord.ui.LayoutView:
        session = self._services.event.session(SessionKey(listing.session))
        names = [*panelists(session), *await self._queue.addressees(session.key)]
        # Whoever is written in several ways, as the programme writes them.
        names = list({panelist_token(name): name for name in reversed(names)}.values())[::-1]
        board = await self._queue.board(
            session.key,
            tab=listing.tab,
            page=listing.page,
            panelist=next((name for name in names if panelist_token(name) == listing.panelist), None),
            language=None if listing.language == ALL else _language(listing.language),
        )
        return inert(list_view(board, listing, names, it))

    async def _afterwards(self, number: QuestionNumber, it: Language) -> discord.ui.View | None:
        entries = [(moderation_phrases.card_button(it), f"question:card:{number}")]
        history = await self._queue.history(number)
        if undoable(history) is not None:
            undo = undo_id(number, history[-1].id, await self._queue.answer_of(number))
            entries.insert(0, (moderation_phrases.undo_button(it), undo))
        return buttons(entries)


def on_board(interaction: discord.Interaction) -> bool:
    """Whether a moderators' board was pressed: a message for all, so only in the channel that is theirs."""
    venue, message = bot_of(interaction).venue, interaction.message
    if venue is None or message is None or interaction.channel_id != venue.moderators:
        return False
    return message.flags.components_v2 and not message.flags.ephemeral


def _session_of_board(interaction: discord.Interaction) -> SessionKey | None:
    """The session whose board was pressed, as the board itself says."""
    message = interaction.message
    # discord.py gives a message without them no such attribute.
    for custom_id in _custom_ids(getattr(message, "components", ())):
        if found := re.fullmatch(r"question:lists:(\d{4}-\d\d-\d\d)", str(custom_id)):
            return SessionKey(found[1])
    return None


def listing_of(interaction: discord.Interaction) -> Listing | None:
    """The private list that was pressed, as it stands."""
    message = interaction.message
    if message is None or not message.flags.ephemeral:
        return None
    for custom_id in _custom_ids(message.components):
        found = re.fullmatch(LISTING, custom_id)
        if found is not None and found["what"] == "here":
            return listing_from(found.groupdict())
    return None


def listing_from(parts: dict[str, str]) -> Listing:
    """The list that a custom_id names."""
    return Listing(parts["session"], Tab(parts["tab"]), int(parts["page"]), parts["panelist"], parts["language"])


def _custom_ids(components: Any) -> Iterator[str]:
    for component in components:
        yield from filter(None, (getattr(component, "custom_id", None),))
        yield from _custom_ids(getattr(component, "children", ()))


def _language(text: str) -> Language:
    return "es" if text == "es" else "en"
