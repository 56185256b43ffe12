"""The speaker line of the Stage: `/palabra`, the raised hands in fair turns, and a nudge when time is nearly up."""

from collections.abc import Awaitable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import discord
from discord import ButtonStyle, app_commands, ui
from discord.app_commands import locale_str
from discord.ext import commands

from bot.access import NEEDED, PlaceKind
from bot.errors import NothingBehindThis
from bot.floor import USUAL_MINUTES, Hand, NotSpeaking, Speech, Waiting
from bot.ids import PersonId, SessionKey
from bot.languages import Language
from bot.notices import NoLongerTrue, NotPosted
from bot.phrases import floor as phrases

from .answers import Unheard
from .checks import moderators
from .patience import change, in_time
from .replies import CONTENT_LIMIT, language, literal, person, reply
from .routes import chosen, inert, press
from .venue import Venue

if TYPE_CHECKING:
    from .client import Estrado

_SPEECH = r"(?P<session>\d{4}-\d\d-\d\d):(?P<number>\d{1,9})"

#: Discord's limits of a list's options and of each one's label.
_OPTIONS, _LABEL = 25, 100

#: So long is a card at most: what is said of the last press stands above it, in the same message.
_CARD = CONTENT_LIMIT - 400


class Palabra(commands.Cog):
    """Who has the floor is kept; what is done on the Stage is tried, and told where it could not be done."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._speaking = bot.services.speaking

    async def cog_load(self) -> None:
        self._speaking.on_change(self._plan)

    @commands.Cog.listener()
    async def on_venue_open(self, _venue: Venue) -> None:
        """Somebody may have had the floor before a restart."""
        self._plan(self._bot.services.queue.session_in_view().key)

    @app_commands.command(
        name="palabra",
        description=locale_str("Dé la palabra, y vea quién la tiene y quién la pide (quienes moderan)"),
    )
    @app_commands.rename(persona=locale_str("persona"), minutos=locale_str("minutos"))
    @app_commands.describe(
        persona=locale_str("A quién dársela; sin nadie, solo se muestra quién la tiene y quién la pide"),
        minutos=locale_str("Por cuántos minutos"),
    )
    @app_commands.check(moderators)
    async def palabra(
        self,
        interaction: discord.Interaction,
        persona: discord.Member | None = None,
        minutos: app_commands.Range[int, 1, 120] = USUAL_MINUTES,
    ) -> None:
        """Give somebody the floor, or only look."""
        key, note = self._bot.services.queue.session_in_view().key, ""
        if persona is not None:
            note = await in_time(interaction, self._give(interaction, key, PersonId(persona.id), minutos))
        text, view = await self._card(key, language(interaction))
        await reply(interaction, "\n".join(filter(None, (note, text))), view=view)

    @press(r"floor:give:(?P<session>\d{4}-\d\d-\d\d)", only=moderators)
    async def give(self, interaction: discord.Interaction, session: str) -> None:
        """Give the floor to one of those who raised their hands."""
        picked = chosen(interaction)
        if len(picked) != 1 or not picked[0].isdecimal():
            raise NothingBehindThis
        key = self._known(session)
        note = await in_time(interaction, self._give(interaction, key, PersonId(int(picked[0])), USUAL_MINUTES))
        await self._show(interaction, key, note)

    @press(r"floor:look:(?P<session>\d{4}-\d\d-\d\d)", only=moderators)
    async def look(self, interaction: discord.Interaction, session: str) -> None:
        """The line as it is now."""
        await self._show(interaction, self._known(session), "")

    @press(rf"floor:end:{_SPEECH}", only=moderators)
    async def end(self, interaction: discord.Interaction, session: str, number: str) -> None:
        """Whoever has the floor has finished, and goes back to the audience."""
        key, it = self._known(session), language(interaction)
        speech = await in_time(interaction, self._speaking.end(key, int(number)))
        trouble = await in_time(interaction, self._bring_back(speech.person, it))
        await self._show(interaction, key, "\n".join(filter(None, (phrases.ended(it), trouble))))

    @press(rf"floor:back:{_SPEECH}", only=moderators)
    async def back(self, interaction: discord.Interaction, session: str, number: str) -> None:
        """Whoever has the floor goes back to the audience, and their time runs on."""
        key, it = self._known(session), language(interaction)
        speech = await in_time(interaction, self._running(key, int(number)))
        trouble = await in_time(interaction, self._bring_back(speech.person, it))
        await self._show(interaction, key, trouble or phrases.brought_back(self._name(speech.person, it), it))

    @press(rf"floor:mute:{_SPEECH}", only=moderators)
    async def mute(self, interaction: discord.Interaction, session: str, number: str) -> None:
        """Whoever has the floor is not heard until they have it again."""
        key, it = self._known(session), language(interaction)
        speech = await in_time(interaction, self._running(key, int(number)))
        member = self._on_stage(speech.person)
        if member is None:
            note = phrases.not_on_stage(self._name(speech.person, it), it)
        else:
            trouble = await in_time(interaction, self._tried(member.edit(mute=True), it))
            note = trouble or phrases.muted(self._name(speech.person, it), it)
        await self._show(interaction, key, note)

    async def _give(self, interaction: discord.Interaction, key: SessionKey, who: PersonId, minutes: int) -> str:
        """What there is to say about it, beside who has the floor now."""
        it = language(interaction)
        await self._speaking.give(key, who, minutes, person(interaction))
        member = self._on_stage(who)
        if member is None:
            return phrases.not_on_stage(self._name(who, it), it)
        if (
            member.voice is not None
            and member.voice.mute
            and (trouble := await self._tried(member.edit(mute=False), it))
        ):
            return trouble
        return await self._tried(member.edit(suppress=False), it)

    async def _bring_back(self, who: PersonId | None, it: Language) -> str:
        member = self._on_stage(who)
        return "" if member is None else await self._tried(member.edit(suppress=True), it)

    async def _running(self, key: SessionKey, number: int) -> Speech:
        speech = await self._speaking.speech(key)
        if speech is None or speech.number != number:
            raise NotSpeaking
        return speech

    async def _tried(self, edit: Awaitable[object], it: Language) -> str:
        """Empty where it was done."""
        try:
            await edit
        except discord.Forbidden:
            return phrases.not_done(self._lacking(), it)
        except Unheard:
            return phrases.not_done((), it)
        return ""

    def _lacking(self) -> list[str]:
        stage = self._stage
        if stage is None:
            return []
        allowed = stage.permissions_for(stage.guild.me)
        return [each for each in NEEDED[PlaceKind.STAGE] if not getattr(allowed, each)]

    async def _show(self, interaction: discord.Interaction, key: SessionKey, note: str) -> None:
        text, view = await self._card(key, language(interaction))
        text = "\n".join(filter(None, (note, text)))
        # Nothing but a card of one's own is changed.
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await change(interaction, content=text, view=inert(view))
        else:
            await reply(interaction, text, view=view)

    async def _card(self, key: SessionKey, it: Language) -> tuple[str, ui.View]:
        line = await self._speaking.line(key, self._hands())
        waiting = [(each, self._name(each.hand.person, it)) for each in line.waiting[:_OPTIONS]]
        view = ui.View(timeout=None)
        if waiting:
            view.add_item(
                ui.Select[ui.View](
                    custom_id=f"floor:give:{key}",
                    placeholder=phrases.give_label(it),
                    options=[self._option(each, it) for each, _ in waiting],
                )
            )
        speech = line.speech
        if speech is not None:
            for action, label, style in (
                ("end", phrases.end_button, ButtonStyle.primary),
                ("back", phrases.back_button, ButtonStyle.secondary),
                ("mute", phrases.mute_button, ButtonStyle.danger),
            ):
                view.add_item(
                    ui.Button(custom_id=f"floor:{action}:{key}:{speech.number}", label=label(it), style=style)
                )
        view.add_item(ui.Button(custom_id=f"floor:look:{key}", label=phrases.look_button(it)))
        name, told = "" if speech is None else self._name(speech.person, it), list(waiting)
        # Names are long where their signs are escaped. Who does not fit in the text still stands in the list.
        while len(text := phrases.card(speech, name, told, it)) > _CARD and told:
            told.pop()
        return text, view

    def _option(self, each: Waiting, it: Language) -> discord.SelectOption:
        member = self._on_stage(each.hand.person)
        name = phrases.somebody(it) if member is None else member.display_name
        return discord.SelectOption(label=phrases.waits(each, name, it)[:_LABEL], value=str(each.hand.person))

    def _hands(self) -> Sequence[Hand]:
        """Those in the Stage's audience who asked to speak."""
        stage = self._stage
        if stage is None:
            return ()
        return [
            Hand(PersonId(id_), state.requested_to_speak_at)
            for id_, state in stage.voice_states.items()
            if state.suppress and state.requested_to_speak_at is not None
        ]

    def _on_stage(self, who: PersonId | None) -> discord.Member | None:
        stage = self._stage
        return None if stage is None else next((member for member in stage.members if member.id == who), None)

    def _name(self, who: PersonId | None, it: Language) -> str:
        """As it is shown to a moderator alone."""
        if who is None:
            return phrases.somebody(it)
        member = self._on_stage(who)
        return f"<@{who}>" if member is None else literal(member.display_name)

    @property
    def _stage(self) -> discord.StageChannel | None:
        venue = self._bot.venue
        guild = None if venue is None else self._bot.get_guild(venue.guild_id)
        channel = None if venue is None or guild is None or venue.stage is None else guild.get_channel(venue.stage)
        return channel if isinstance(channel, discord.StageChannel) else None

    def _known(self, session: str) -> SessionKey:
        key = SessionKey(session)
        try:
            self._bot.services.event.session(key)
        except KeyError:
            raise NothingBehindThis from None
        return key

    def _plan(self, session: SessionKey) -> None:
        """See to the nudge of whoever has the floor now, in place of that of who had it."""
        services = self._bot.services
        services.schedule.at(f"floor/{session}", services.clock.now(), partial(self._nudge, session))

    async def _nudge(self, session: SessionKey) -> None:
        """Tell moderators that the end is near, once, or see to it that it is done when it is."""
        services, venue = self._bot.services, self._bot.venue
        speech = await self._speaking.speech(session)
        if speech is None or speech.nudged_at is None or venue is None or not venue.moderators:
            return
        if services.clock.now() < speech.nudged_at:
            services.schedule.at(f"floor/{session}", speech.nudged_at, partial(self._nudge, session))
            return
        texts = dict.fromkeys(phrases.nudge(speech, it) for it in services.event.languages)

        def is_current(now: datetime) -> bool:
            return now < speech.ends_at

        try:
            await self._bot.posting.deliver(
                f"floor/{session}/{speech.number}",
                venue.moderators,
                1,
                "\n".join(texts),
                reference=f"{session[5:].replace('-', '')}-palabra{speech.number}",
                is_current=is_current,
            )
        except NoLongerTrue:
            return
        except NotPosted as trouble:
            if trouble.reason.may_pass and is_current(services.clock.now()):
                raise
