"""Good practices: delegations record them with /practica, moderators decide, everybody reads them with /practicas."""

import io
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.agenda import Event
from bot.compendium import Compendium
from bot.errors import NothingBehindThis, Refusal
from bot.ids import SessionKey
from bot.phrases import practices as phrases
from bot.phrases.refusals import refused
from bot.practices import (
    NoSuchPractice,
    Practice,
    PracticeDraft,
    PracticeField,
    PracticeNumber,
    PracticeState,
    delegation_of,
)
from bot.sending import NotPosted, Reason
from bot.summary import day_meant

from .checks import in_the_server, moderators, moderators_of, sessions_moderated
from .keeping import Upkeep
from .patience import in_time
from .practice_cards import card_view, list_view, practice_form, reject_form, review_post, shown
from .replies import language, person, reply
from .routes import chosen, fields, form, open_form, press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

_NUMBER = r"(?P<number>\d{1,18})"

#: Before what could not be posted is tried again.
_AGAIN_SECONDS = 30.0


class _Posts(Upkeep):
    """Tells moderators of each practice that waits, exactly once, across restarts."""

    def __init__(self, bot: "Estrado") -> None:
        super().__init__(bot.services.clock, "practices", pauses_seconds=(_AGAIN_SECONDS,))
        self._bot = bot
        self._told: set[PracticeNumber] = set()

    async def work(self) -> None:
        """One that cannot be posted keeps back no other."""
        venue, event = self._bot.venue, self._bot.services.event
        if venue is None:
            return
        days = {session.key for session in event.sessions}
        trouble: NotPosted | None = None
        for practice in await self._bot.services.compendium.all():
            waits = practice.state is PracticeState.PENDING and practice.session in days
            if waits and practice.number not in self._told:
                post = review_post(practice, event)
                try:
                    await self._bot.posting.deliver(f"practice/{practice.number}", venue.moderators, 1, post)
                except NotPosted as not_posted:
                    # What Discord refuses for its content is given up, and organizers are told.
                    trouble = trouble or (None if not_posted.reason is Reason.REFUSED else not_posted)
                    continue
                self._told.add(practice.number)
        if trouble is not None:
            raise trouble


class Practicas(commands.Cog):
    """A practice's words are in private answers alone; in the moderators' channel stands that there is one."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._compendium: Compendium = bot.services.compendium
        self._posts = _Posts(bot)

    @property
    def _event(self) -> Event:
        return self._bot.services.event

    @property
    def _days(self) -> set[SessionKey]:
        return {session.key for session in self._event.sessions}

    async def cog_load(self) -> None:
        self._compendium.on_recorded(lambda _practice: self._posts.look())
        self._posts.start()

    async def cog_unload(self) -> None:
        await self._posts.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Tell moderators what was recorded and they were not told of."""
        self._posts.look()

    # Recording

    @app_commands.command(
        name="practica",
        description=locale_str("Registre una buena práctica de su delegación sobre el tema del día"),
    )
    @app_commands.check(in_the_server)
    async def practica(self, interaction: discord.Interaction) -> None:
        """Open the form, for whoever is of a delegation."""
        participant = await self._bot.services.directory.find(person(interaction))
        delegation_of(None if participant is None else participant.affiliation, PracticeDraft())
        today = day_meant(self._event, None, self._bot.clock.now())
        await open_form(interaction, practice_form(self._event, today.key, language(interaction)))

    @form("practice:record", only=in_the_server)
    async def record(self, interaction: discord.Interaction) -> None:
        """Keep it; what could not be saved is given back."""
        it, filled = language(interaction), fields(interaction)
        draft = PracticeDraft(*(str(filled.get(each, "")) for each in PracticeField))
        picked = filled.get("session")
        key = SessionKey(picked[0]) if isinstance(picked, list) and picked else None
        if key not in self._days:
            # A day that was taken out of the programme meanwhile.
            key = day_meant(self._event, None, self._bot.clock.now()).key
        assert key is not None
        try:
            practice = await in_time(interaction, self._compendium.record(person(interaction), key, draft, language=it))
        except Refusal as refusal:
            text = f"{refused(refusal, it)}\n{phrases.given_back(it)}"
            await reply(interaction, text, files=[_given_back(draft)])
            return
        view = card_view(practice, it, reviews=False, is_own=True)
        await reply(interaction, phrases.recorded(practice, it), view=view)

    @press(rf"practice:withdraw:{_NUMBER}", only=in_the_server)
    async def press_withdraw(self, interaction: discord.Interaction, number: str) -> None:
        """Take one's own back."""
        work = self._compendium.withdraw(PracticeNumber(int(number)), person(interaction))
        await reply(interaction, phrases.withdrawn(await in_time(interaction, work), language(interaction)))

    # Reading

    @app_commands.command(
        name="practicas",
        description=locale_str("Lea las buenas prácticas que las delegaciones registraron, y vea qué fue de las suyas"),
    )
    @app_commands.check(in_the_server)
    async def practicas(self, interaction: discord.Interaction) -> None:
        """Those that this person may read, what waits for them first in the list to choose from."""
        it = language(interaction)
        found = [p for p in await self._compendium.all() if self._may_read(interaction, p)]
        own = {practice.number for practice in found if practice.person == person(interaction)}
        waiting_first = sorted(found, key=lambda practice: practice.state is not PracticeState.PENDING)
        text = phrases.listed([shown(practice) for practice in found], own, self._event, it)
        await reply(interaction, text, view=list_view(waiting_first, it))

    @press(r"practice:list:\d{1,2}", only=in_the_server)
    async def choose(self, interaction: discord.Interaction) -> None:
        """The one that was chosen in a list."""
        for number in chosen(interaction)[:1]:
            if number.isascii() and number.isdecimal() and len(number) <= 18:
                await self.press_show(interaction, number)
                return
        raise NothingBehindThis

    @press(rf"practice:show:{_NUMBER}", only=in_the_server)
    async def press_show(self, interaction: discord.Interaction, number: str) -> None:
        """One practice, with what this person may do with it."""
        practice = await self._compendium.find(PracticeNumber(int(number)))
        if not self._may_read(interaction, practice):
            raise NoSuchPractice(practice.number)
        text = phrases.card(shown(practice), self._event, language(interaction))
        await reply(interaction, text, view=self._view(interaction, practice))

    # Deciding

    @press(rf"practice:approve:{_NUMBER}", only=moderators)
    async def press_approve(self, interaction: discord.Interaction, number: str) -> None:
        """Take it into the compendium."""
        meant = await self._reviewed(interaction, number)
        work = self._compendium.approve(meant, person(interaction))
        await self._tell_decision(interaction, await in_time(interaction, work))

    @press(rf"practice:reject:{_NUMBER}", only=moderators)
    async def press_reject(self, interaction: discord.Interaction, number: str) -> None:
        """Ask why."""
        await open_form(interaction, reject_form(number, language(interaction)))

    @form(rf"practice:rejected:{_NUMBER}", only=moderators)
    async def reject(self, interaction: discord.Interaction, number: str) -> None:
        """Leave it out."""
        reason = str(fields(interaction).get("reason", ""))
        meant = await self._reviewed(interaction, number)
        work = self._compendium.reject(meant, person(interaction), reason)
        await self._tell_decision(interaction, await in_time(interaction, work))

    async def _reviewed(self, interaction: discord.Interaction, number: str) -> PracticeNumber:
        """The practice, where this person moderates its day."""
        practice = await self._compendium.find(PracticeNumber(int(number)))
        await moderators_of(interaction, practice.session)
        return practice.number

    async def _tell_decision(self, interaction: discord.Interaction, practice: Practice) -> None:
        """A decision can be changed where it is told."""
        told = phrases.decided(practice, language(interaction))
        await reply(interaction, told, view=self._view(interaction, practice))

    def _view(self, interaction: discord.Interaction, practice: Practice) -> discord.ui.View | None:
        return card_view(
            practice,
            language(interaction),
            reviews=practice.session in sessions_moderated(interaction),
            is_own=practice.person == person(interaction),
        )

    def _may_read(self, interaction: discord.Interaction, practice: Practice) -> bool:
        """Approved ones are for all; the others for who recorded them and for who moderates that day."""
        if practice.state is PracticeState.WITHDRAWN or practice.session not in self._days:
            return False
        if practice.state is PracticeState.APPROVED or practice.person == person(interaction):
            return True
        return practice.session in sessions_moderated(interaction)


def _given_back(draft: PracticeDraft) -> discord.File:
    written = "\n\n".join(filter(None, (draft.title, draft.text, draft.results)))
    return discord.File(io.BytesIO(written.encode()), filename="practica.txt")
