"""What a day's summary says, and what the days come to together: values alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.agenda import Block, Session
from bot.attendance import Span
from bot.config import Profile
from bot.coverage import Count, Delegation, Stand
from bot.errors import Refusal
from bot.ids import BlockKey, SessionKey
from bot.origins import Origins
from bot.participants import Elsewhere, Participant, Standing
from bot.questions import Figures


class Basis(StrEnum):
    """What presence rests on."""

    #: The Stage and the voice channels.
    MEASURED = "measured"
    #: Check-ins alone, where the event has no Stage.
    DECLARED = "declared"


@dataclass
class NoSuchDay(Refusal):
    """A day without session, or a text that is no day."""

    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class BlockFigures:
    """Who was in a block for any time at all, and for how long: milliseconds, all together and the median of them."""

    block: Block
    people: int
    total: int
    median: int
    #: Milliseconds in which the bot could not see.
    unknown: int
    #: When that was.
    unknown_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A profile of a delegation of which another number of people is present than on the day before."""

    country: str
    profile: Profile
    before: int
    now: int

    @property
    def by(self) -> int:
        """How many more; less than zero where there are fewer."""
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of one day as of `as_of`. It names nobody."""

    session: Session
    as_of: datetime
    #: More may come: the day is not over, or has not settled.
    provisional: bool
    basis: Basis
    profiles: tuple[Profile, ...]
    #: Absent ones first, then incomplete, complete and unexpected ones, each in the order of the configuration.
    delegations: tuple[Delegation, ...]
    elsewhere: Mapping[Elsewhere, Count]
    unregistered: Count
    present_after_seconds: int
    #: Measured for less than that; among none of the counts of people.
    only_seen: int
    #: How often anybody connected; never to be taken for a number of people.
    connections: int
    blocks: tuple[BlockFigures, ...]
    unknown: tuple[Span, ...]
    questions: Figures
    origins: Origins
    #: The day with which `gained` compares; None on the first one.
    since: Session | None = None
    #: What changed in the coverage since then, gains and losses, in the order of countries and profiles of the
    #: configuration.
    gained: tuple[Change, ...] = ()
    #: What of that day's blocks the bot could not see.
    since_unknown: tuple[Span, ...] = ()

    @property
    def total(self) -> Count:
        """Everybody."""
        lines = [line.count for line in self.delegations]
        return sum([*lines, *self.elsewhere.values()], self.unregistered)

    @property
    def companions_by_profile(self) -> tuple[int, ...]:
        """Declared companions of members of delegations by profile, in the order of the profiles; the others have none.
        Never to be added to people."""
        return tuple(sum(line.companions_by_profile[n] for line in self.delegations) for n in range(len(self.profiles)))

    @property
    def unknown_in_blocks(self) -> tuple[Span, ...]:
        """What of the blocks the bot could not see: it touches every figure of people and of minutes."""
        return tuple(span for figures in self.blocks for span in figures.unknown_spans)

    @property
    def people_by_profile(self) -> tuple[int, ...]:
        """Members of delegations by profile, in the order of the profiles."""
        return tuple(sum(line.by_profile[n] for line in self.delegations) for n in range(len(self.profiles)))

    @property
    def people_without_profile(self) -> int:
        """Members of delegations who gave no profile, or one that the configuration has no more."""
        return sum(line.without_profile for line in self.delegations)

    def standing(self, *stands: Stand) -> tuple[Delegation, ...]:
        """The delegations that stand so."""
        return tuple(line for line in self.delegations if line.stand in stands)

    def missing(self, line: Delegation) -> tuple[tuple[Profile, int], ...]:
        """The profiles of which a delegation has fewer than the minimum, with how many it has."""
        if line.stand is Stand.UNEXPECTED:
            return ()
        pairs = zip(self.profiles, line.by_profile, strict=True)
        return tuple((profile, has) for profile, has in pairs if has < profile.minimum)


@dataclass(frozen=True, slots=True)
class Attendee:
    """One registered person's day: what organizers alone may see. Milliseconds by block."""

    participant: Participant = field(repr=False)
    standing: Standing
    present: bool
    minutes: Mapping[BlockKey, int]
    #: None: did not check in. Else how many companions were declared.
    companions: int | None
    #: Excused, and not present.
    excused: bool = False
    #: True: present by a correction alone; False: present but for a correction; None: neither.
    corrected: bool | None = None
    #: How many companions more by a correction than were declared; less than zero where fewer.
    companions_corrected: int = 0


@dataclass(frozen=True, slots=True)
class People:
    """Who was there on a day: those who registered by name, the others as a number."""

    session: Session
    provisional: bool
    basis: Basis
    profiles: tuple[Profile, ...]
    attendees: tuple[Attendee, ...]
    #: Present, and not registered when the day settled.
    unnamed: int
    #: What of each block the bot could not see; blocks that it saw as a whole have no entry.
    unknown: Mapping[BlockKey, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DayOf:
    """One registered person's day in the account of the whole event. All times are milliseconds.

    `counted` is how long the session's counted blocks (all but breaks) are, and `unknown` how much of that the bot
    could not see: nobody is present or absent then.
    """

    measured: int
    counted: int
    unknown: int
    present: bool
    #: None: did not check in. Else how many companions were declared.
    companions: int | None
    excused: bool = False
    corrected: bool = False

    @property
    def declared(self) -> bool:
        """Whether the person checked in that day."""
        return self.companions is not None


@dataclass(frozen=True, slots=True)
class Career:
    """One registered person's whole event; `days` has every session, those that the person missed too."""

    participant: Participant = field(repr=False)
    #: As of the last day that has settled, or of now before that.
    standing: Standing
    days: Mapping[SessionKey, DayOf]


@dataclass(frozen=True, slots=True)
class Final:
    """The whole event: a summary of each session, in order, and everybody who registered."""

    as_of: datetime
    #: More may come: not every day has settled.
    provisional: bool
    summaries: tuple[Summary, ...]
    people: tuple[Career, ...]
