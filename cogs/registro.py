"""Registration: the consent first, then a form. Nothing is stored without the consent."""

from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from discord.app_commands import locale_str
from discord.ext import commands

from bot.clock import from_ms
from bot.errors import NothingBehindThis, Refusal
from bot.ids import PersonId
from bot.languages import Language
from bot.participants import Country, Draft, Field, NothingToRead, NotOnTheList, Participant, TooLongToKeep, draft_of
from bot.phrases import directory as phrases
from bot.phrases.refusals import refused

from .checks import in_the_server
from .patience import in_time
from .registration_form import affiliation_views, again_view, consent_view, fits_the_form, registration_form
from .replies import language, literal, person, reply
from .routes import chosen, fields, form, open_form, press

if TYPE_CHECKING:
    from .client import Estrado

#: So many forms that were not taken are remembered, so that people find them filled in; after a restart they do not.
_DRAFTS = 500

_INSTANT = r"(?P<consented>\d{1,14})"


class Registro(commands.Cog):
    """`/registro`, and the button of the opening post that does the same."""

    def __init__(self, bot: "Estrado") -> None:
        self._config = bot.services.config
        self._directory = bot.services.directory
        self._clock = bot.services.clock
        self._drafts: dict[PersonId, Draft] = {}

    @app_commands.command(name="registro", description=locale_str("Regístrese en el evento, o corrija sus datos"))
    @app_commands.check(in_the_server)
    async def registro(self, interaction: discord.Interaction) -> None:
        """Show the consent."""
        await self._ask_consent(interaction)

    @press("registration:open", only=in_the_server)
    async def press_open(self, interaction: discord.Interaction) -> None:
        """The same, by button."""
        await self._ask_consent(interaction)

    @press("registration:agree", only=in_the_server)
    async def press_agree(self, interaction: discord.Interaction) -> None:
        """Open the form: from this press on the person agrees."""
        await self._ask(interaction, self._clock.now())

    @press(f"registration:again:{_INSTANT}", only=in_the_server)
    async def press_again(self, interaction: discord.Interaction, consented: str) -> None:
        """Open the form once more."""
        await self._ask(interaction, from_ms(int(consented)))

    @press(rf"registration:affiliation:{_INSTANT}:\d{{1,2}}", only=in_the_server)
    async def choose_affiliation(self, interaction: discord.Interaction, consented: str) -> None:
        """Open the form for the delegation that was chosen in a list."""
        for affiliation in chosen(interaction)[:1]:
            await self._open_form(interaction, from_ms(int(consented)), affiliation=affiliation)
            return
        raise NothingBehindThis

    @form(rf"registration:form:{_INSTANT}(?::(?P<affiliation>\w{{1,20}}))?", only=in_the_server)
    async def submit(self, interaction: discord.Interaction, consented: str, affiliation: str | None) -> None:
        """Keep what was filled in. What is not taken is given back, so that nobody has to write it again."""
        it, who, consented_at = language(interaction), person(interaction), from_ms(int(consented))
        draft = _filled(fields(interaction), affiliation)
        try:
            work = self._directory.register(who, draft, consented_at=consented_at, language=it)
            registration = await in_time(interaction, work)
        except Refusal as refusal:
            self._remember(who, draft)
            told = f"{refused(refusal, it)}\n\n{_given_back(draft, it)}"
            taken_badly = isinstance(refusal, NothingToRead | NotOnTheList | TooLongToKeep)
            await reply(interaction, told, view=again_view(consented_at, it) if taken_badly else None)
            return
        self._drafts.pop(who, None)
        participant = registration.participant
        told = phrases.registered(
            self._described(participant, it),
            is_new=registration.is_new,
            lacks_profile=isinstance(participant.affiliation, Country) and participant.profile is None,
            language=it,
        )
        await reply(interaction, told)

    async def _ask_consent(self, interaction: discord.Interaction) -> None:
        it = language(interaction)
        participant = await in_time(interaction, self._directory.find(person(interaction)))
        registered = None if participant is None else self._described(participant, it)
        told = phrases.consent(self._config.privacy.consent, self._config.keep_until, registered, it)
        await reply(interaction, told, view=consent_view(it))

    async def _ask(self, interaction: discord.Interaction, consented_at: datetime) -> None:
        """Open the form, or ask for the delegation first where the form cannot list them all."""
        it, coverage = language(interaction), self._config.coverage
        if fits_the_form(coverage, it):
            await self._open_form(interaction, consented_at, affiliation=None)
            return
        for view in affiliation_views(coverage, consented_at, it):
            await reply(interaction, phrases.pick_affiliation(it), view=view)

    async def _open_form(
        self, interaction: discord.Interaction, consented_at: datetime, *, affiliation: str | None
    ) -> None:
        it, who = language(interaction), person(interaction)
        draft = self._drafts.get(who)
        if draft is None:
            participant = await self._directory.find(who)
            draft = Draft() if participant is None else draft_of(participant)
        modal = registration_form(self._config.coverage, consented_at, draft, it, affiliation=affiliation)
        await open_form(interaction, modal)

    def _described(self, participant: Participant, it: Language) -> str:
        names = {profile.key: profile.name for profile in self._config.coverage.profiles}
        return phrases.described(
            literal(participant.name),
            literal(participant.institution),
            participant.affiliation,
            names.get(participant.profile or ""),
            it,
        )

    def _remember(self, who: PersonId, draft: Draft) -> None:
        self._drafts.pop(who, None)
        self._drafts[who] = draft
        if len(self._drafts) > _DRAFTS:
            del self._drafts[next(iter(self._drafts))]


def _filled(entered: dict[str, str | list[str]], affiliation: str | None) -> Draft:
    return Draft(
        name=_text(entered, Field.NAME),
        institution=_text(entered, Field.INSTITUTION),
        affiliation=affiliation or _picked(entered, Field.AFFILIATION),
        profile=_picked(entered, Field.PROFILE),
        language=_picked(entered, Field.LANGUAGE),
    )


def _given_back(draft: Draft, it: Language) -> str:
    return phrases.given_back(literal(draft.name), literal(draft.institution), it)


def _text(entered: dict[str, str | list[str]], field: Field) -> str:
    value = entered.get(field, "")
    return value if isinstance(value, str) else ""


def _picked(entered: dict[str, str | list[str]], field: Field) -> str | None:
    value = entered.get(field, [])
    return value[0] if isinstance(value, list) and value else None
