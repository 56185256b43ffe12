"""The steps of a registration, the same for people themselves and for an organizer who registers somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import discord

from bot.directory import Registration
from bot.errors import Refusal
from bot.ids import PersonId
from bot.languages import Language
from bot.participants import Country, Draft, Field, NothingToRead, NotOnTheList, Participant, TooLongToKeep
from bot.phrases import directory as phrases
from bot.phrases.refusals import refused

from .patience import in_time
from .registration_form import affiliation_views, again_view, fits_the_form, registration_form
from .replies import language, literal, person, reply
from .routes import fields, open_form

if TYPE_CHECKING:
    from .client import Estrado

#: So many forms that were not taken are remembered, so that people find them filled in; after a restart they do not.
_DRAFTS = 500


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who is registered. `whose` is how the custom_ids of the registration begin, `by` an organizer who does it."""

    whose: str
    person: PersonId
    account: str | None
    by: PersonId | None = None


class Desk:
    """Shows the form and takes it. What is not taken is given back, so that nobody has to write it again."""

    def __init__(self, bot: "Estrado") -> None:
        self._config = bot.services.config
        self._directory = bot.services.directory
        self._drafts: dict[tuple[PersonId, PersonId | None], Draft] = {}

    async def consent(self, who: Applicant, it: Language) -> str:
        """What is kept, what for and until when, and how the person is registered already."""
        participant = await self._directory.find(who.person)
        registered = None if participant is None else self._described(participant, it)
        return phrases.consent(self._config.privacy.consent, self._config.keep_until, registered, it)

    async def show(
        self,
        interaction: discord.Interaction,
        who: Applicant,
        consented_at: datetime,
        *,
        affiliation: str | None = None,
    ) -> None:
        """Open the form, or ask for the delegation first where the form cannot list them all."""
        it, coverage = language(interaction), self._config.coverage
        if affiliation is None and not fits_the_form(coverage, it):
            for view in affiliation_views(who.whose, coverage, consented_at, it):
                await reply(interaction, phrases.pick_affiliation(it), view=view)
            return
        draft = self._drafts.get((who.person, who.by))
        if draft is None:
            draft = await self._directory.draft_for(who.person, who.account)
        modal = registration_form(who.whose, coverage, consented_at, draft, it, affiliation=affiliation)
        await open_form(interaction, modal)

    async def take(
        self, interaction: discord.Interaction, who: Applicant, consented_at: datetime, affiliation: str | None
    ) -> Registration | None:
        """Keep what was filled in; None where it was not taken, and that was answered."""
        it, draft = language(interaction), _filled(fields(interaction), affiliation)
        try:
            work = self._directory.register(
                who.person, draft, consented_at=consented_at, language=it, account=who.account, by=who.by
            )
            registration = await in_time(interaction, work)
        except Refusal as refusal:
            self._remember(who, draft)
            told = f"{refused(refusal, it)}\n\n{_given_back(draft, it)}"
            taken_badly = isinstance(refusal, NothingToRead | NotOnTheList | TooLongToKeep)
            await reply(interaction, told, view=again_view(who.whose, consented_at, it) if taken_badly else None)
            return None
        self._drafts.pop((who.person, who.by), None)
        return registration

    def told(self, registration: Registration, it: Language) -> str:
        """What became of it."""
        participant = registration.participant
        return phrases.registered(
            self._described(participant, it),
            is_new=registration.is_new,
            lacks_profile=isinstance(participant.affiliation, Country) and participant.profile is None,
            language=it,
        )

    def forget(self, person: PersonId) -> None:
        """Keep nothing of what was filled in for somebody who was erased."""
        for key in [key for key in self._drafts if person in key]:
            del self._drafts[key]

    def _described(self, participant: Participant, it: Language) -> str:
        names = {profile.key: profile.name for profile in self._config.coverage.profiles}
        return phrases.described(
            literal(participant.name),
            literal(participant.institution),
            participant.affiliation,
            names.get(participant.profile or ""),
            it,
        )

    def _remember(self, who: Applicant, draft: Draft) -> None:
        self._drafts.pop((who.person, who.by), None)
        self._drafts[who.person, who.by] = draft
        if len(self._drafts) > _DRAFTS:
            del self._drafts[next(iter(self._drafts))]


def myself(interaction: discord.Interaction, whose: str) -> Applicant:
    """Whoever uses the bot, registering themselves."""
    return Applicant(whose, person(interaction), interaction.user.name)


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
