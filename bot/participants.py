"""Who takes part, as they registered: values, what a registration must say, and what is kept of it. All pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.config import CoverageConfig
from bot.errors import Refusal
from bot.ids import PersonId
from bot.languages import LANGUAGES, Language
from bot.question_text import fold, says_something, tidy

#: How long a name and an institution may be.
NAME_LENGTH = 100
INSTITUTION_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Country:
    """The delegation of a country, by its ISO 3166-1 alpha-2 code."""

    code: str


class Elsewhere(StrEnum):
    """Where people belong who are in no delegation. They are outside the coverage."""

    ORGANIZATION = "organization"
    PANELIST = "panelist"
    STAFF = "staff"


Affiliation = Country | Elsewhere


@dataclass(frozen=True, slots=True)
class Standing:
    """For whom a person counts: the affiliation and, in a delegation, the profile, where they said which."""

    affiliation: Affiliation
    profile: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A registration as it may be kept: made by `checked` alone."""

    name: str = field(repr=False)
    institution: str = field(repr=False)
    standing: Standing
    language: Language


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who registered. `registered_at` is the first time, `consented_at` the last, both to the hour.

    `consent_given_to` is the organizer who registered them; None where they did it themselves.
    """

    person_id: PersonId
    name: str = field(repr=False)
    institution: str = field(repr=False)
    affiliation: Affiliation
    profile: str | None
    language: Language
    consented_at: datetime
    registered_at: datetime
    consent_given_to: PersonId | None = None

    @property
    def standing(self) -> Standing:
        return Standing(self.affiliation, self.profile)

    @property
    def is_erased(self) -> bool:
        """Whether it is only counted still: it stands under a number that is no id of Discord's."""
        return self.person_id < 0


class Field(StrEnum):
    """What a registration asks for; also the names of the form's fields."""

    NAME = "name"
    INSTITUTION = "institution"
    AFFILIATION = "affiliation"
    PROFILE = "profile"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Draft:
    """What somebody filled in, as it came. An affiliation is a country's code or one of Elsewhere."""

    name: str = field(default="", repr=False)
    institution: str = field(default="", repr=False)
    affiliation: str | None = None
    profile: str | None = None
    language: str | None = None


@dataclass
class NothingToRead(Refusal):
    """A text that shows nothing where something is needed. `draft` is all that was filled in."""

    where: Field
    draft: Draft = field(repr=False)


@dataclass
class TooLongToKeep(Refusal):
    """A text longer than what is kept of it."""

    where: Field
    length: int
    limit: int
    draft: Draft = field(repr=False)


@dataclass
class NotOnTheList(Refusal):
    """Nothing was chosen, or something that the event does not have (any more)."""

    where: Field
    draft: Draft = field(repr=False)


class NotInTheServer(Refusal):
    """Somebody who is not in the event's server (any more), and so cannot take part."""


class BotsDoNotRegister(Refusal):
    """Somebody wants to register a bot."""


def checked(draft: Draft, coverage: CoverageConfig, otherwise: Language) -> Entry:
    """What may be kept of a registration; `otherwise` is the language of whoever chose none.

    A profile counts in a delegation only, and may be left open. Raises NothingToRead, TooLongToKeep, NotOnTheList.
    """
    name = _checked_line(draft, Field.NAME, draft.name, NAME_LENGTH)
    institution = _checked_line(draft, Field.INSTITUTION, draft.institution, INSTITUTION_LENGTH)
    affiliation = _affiliation(draft, coverage)
    profile = None
    if isinstance(affiliation, Country) and draft.profile:
        if draft.profile not in {known.key for known in coverage.profiles}:
            raise NotOnTheList(Field.PROFILE, draft)
        profile = draft.profile
    language = otherwise
    if draft.language:
        known = [each for each in LANGUAGES if each == draft.language]
        if not known:
            raise NotOnTheList(Field.LANGUAGE, draft)
        language = known[0]
    return Entry(name, institution, Standing(affiliation, profile), language)


def draft_of(participant: Participant) -> Draft:
    """What the form shows to somebody who has registered already."""
    return Draft(
        participant.name,
        participant.institution,
        written(participant.affiliation),
        participant.profile,
        participant.language,
    )


def written(affiliation: Affiliation) -> str:
    """An affiliation as the form has it: a country's code, or the kind."""
    return affiliation.code if isinstance(affiliation, Country) else affiliation.value


def turn_of(affiliation: Affiliation, institution: str) -> str:
    """For whose turn a question counts: a delegation, an organization, all panelists, all staff."""
    if isinstance(affiliation, Country):
        return f"country:{affiliation.code}"
    if affiliation is Elsewhere.ORGANIZATION:
        return f"organization:{fold(institution)}"
    return affiliation.value


def one_line(text: str) -> str:
    """The text as a name is kept: composed letters, single blanks, nothing that is only there to turn or hide it."""
    shown = "".join(c for c in unicodedata.normalize("NFC", tidy(text)) if c not in _HIDDEN)
    return " ".join(shown.split())


#: Signs without a picture that names do not need: they turn the line around, or make two equal names differ.
_HIDDEN = frozenset("\u00ad\u180e\u200b\u200e\u200f\u2060\ufeff\u061c") | {
    chr(code) for span in ((0x202A, 0x202F), (0x2066, 0x206A), (0xE0000, 0xE0080)) for code in range(*span)
}


def _checked_line(draft: Draft, where: Field, text: str, limit: int) -> str:
    kept = one_line(text)
    if not says_something(kept):
        raise NothingToRead(where, draft)
    if len(kept) > limit:
        raise TooLongToKeep(where, len(kept), limit, draft)
    return kept


def _affiliation(draft: Draft, coverage: CoverageConfig) -> Affiliation:
    if draft.affiliation in coverage.countries:
        return Country(draft.affiliation)
    if draft.affiliation in _ELSEWHERE:
        return _ELSEWHERE[draft.affiliation]
    raise NotOnTheList(Field.AFFILIATION, draft)


_ELSEWHERE: Mapping[str | None, Elsewhere] = {each.value: each for each in Elsewhere}
