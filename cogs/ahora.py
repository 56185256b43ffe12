"""What is on, and how to take part: two messages that everybody finds at any time."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import ButtonStyle, ui
from discord.ext import commands

from bot.ids import SessionKey
from bot.phrases import notices as notice_phrases
from bot.phrases.agenda import programme
from bot.phrases.now_card import now

from .checks import in_the_server
from .live_messages import Live, LiveMessages
from .question_cards import in_all, row
from .replies import language, reply
from .routes import press
from .taking_part import TakingPart
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

#: How often the pinned message is looked for while a session runs.
_LOOK_AGAIN = timedelta(minutes=5)


class Ahora(commands.Cog):
    """The now card, one live message a session, and the pinned message; each where config.toml wants it."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._services = bot.services
        wanted = bot.services.config.announcements
        live = Live("now", lambda venue: venue.announcements[0], self._view, quiet=True)
        self._card = LiveMessages(bot, live) if wanted.now_card else None
        self._taking_part = TakingPart(bot) if wanted.how_to_take_part else None

    async def cog_load(self) -> None:
        if self._card is not None:
            self._card.start()
        if self._taking_part is not None:
            self._taking_part.start()
        self._services.agenda.on_change(lambda _before, _after: self._plan())
        self._plan()

    async def cog_unload(self) -> None:
        if self._card is not None:
            await self._card.stop()
        if self._taking_part is not None:
            await self._taking_part.stop()

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Show what there is, now that it is known where."""
        if self._card is not None:
            self._card.look(self._services.queue.session_in_view().key)
        await self._look_at_pinned()

    @commands.Cog.listener()
    async def on_guild_role_update(self, _before: discord.Role, _after: discord.Role) -> None:
        """What was missing to pin it may be there."""
        self._pin_at_last()

    @commands.Cog.listener()
    async def on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, _after: discord.abc.GuildChannel
    ) -> None:
        """What was missing to pin it may be there."""
        self._pin_at_last()

    def _pin_at_last(self) -> None:
        if self._taking_part is not None and self._taking_part.lacks:
            self._taking_part.look()

    @press("programme:show", only=in_the_server)
    async def press_programme(self, interaction: discord.Interaction) -> None:
        """What /programa says."""
        it = language(interaction)
        await reply(interaction, programme(self._services.event, self._bot.clock.now(), it))

    async def _view(self, key: SessionKey, is_live: bool, _has_begun: bool) -> ui.LayoutView:
        services = self._services
        event, at = services.event, self._bot.clock.now()
        session = event.session(key)
        hours = services.queue.hours(session)
        is_paused = await services.store.read(lambda tx: tx.agenda_changes.is_paused(key))
        view = ui.LayoutView(timeout=None)
        for it in event.languages:
            view.add_item(ui.TextDisplay(now(event, session, hours, at, it, is_paused=is_paused)))
        if is_live:
            ask = in_all(event.languages, notice_phrases.ask_button)
            present = in_all(event.languages, notice_phrases.presence_button)
            view.add_item(
                row(
                    (ask, "question:ask", ButtonStyle.primary),
                    (present, "presence:declare", ButtonStyle.success),
                )
            )
        return view

    def _plan(self) -> None:
        """At each start and end of a block the card says something else."""
        if self._card is None:
            return
        at = self._bot.clock.now()
        for session in self._services.event.sessions:
            instants = {bound for block in session.blocks for bound in (block.starts_at, block.ends_at)}
            for number, instant in enumerate(sorted(instants)):
                name = f"now/{session.key}/{number}"
                if instant > at:
                    self._services.schedule.at(name, instant, partial(self._look_at_card, session.key))
                else:
                    self._services.schedule.cancel(name)

    async def _look_at_card(self, session: SessionKey) -> None:
        if self._card is not None:
            self._card.look(session)

    async def _look_at_pinned(self) -> None:
        """Now, and again while sessions run."""
        if self._taking_part is None:
            return
        self._taking_part.look()
        event, at = self._services.event, self._bot.clock.now()
        following = None if event.session_at(at) is not None else event.next_session(at)
        again = at + _LOOK_AGAIN if following is None else following.starts_at
        if not event.is_over(at):
            self._services.schedule.at("taking_part", again, self._look_at_pinned)
