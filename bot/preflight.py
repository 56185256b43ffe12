"""Who is called before a session and who of them is there, and what a look at the bot itself comes to. All pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.access import Lack
from bot.agenda import Panelist, Session
from bot.errors import Refusal
from bot.ids import PersonId
from bot.question_text import fold
from bot.status import Status


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in a session: a panelist's, or that of whoever moderates it (None)."""

    panelist: Panelist | None = None

    @property
    def key(self) -> str:
        """What it is called where arrivals are kept."""
        return _MODERATION if self.panelist is None else f"{_PANELIST}{fold(self.panelist.name)}"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody said that they are there, in a place."""

    place: str
    person: PersonId
    at: datetime


@dataclass(frozen=True, slots=True)
class Attendance:
    """A place and who is there in it: nobody, or in moderation several."""

    place: Place
    people: tuple[PersonId, ...]


@dataclass
class NotCalled(Refusal):
    """Nobody expects the person in that session."""


@dataclass
class WhichPanelist(Refusal):
    """The person may be one of these panelists, whose accounts are not known."""

    names: tuple[str, ...]


@dataclass
class CallIsOver(Refusal):
    """The session has ended."""


class TroubleKind(StrEnum):
    """What a look at the bot itself may find."""

    SERVER = "server"
    LACK = "lack"
    #: The machine's clock and Discord's.
    CLOCK = "clock"
    CLOCK_UNKNOWN = "clock_unknown"
    DISK = "disk"
    DATABASE = "database"
    BACKUP = "backup"
    BACKUP_FAILED = "backup_failed"


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """The bot before a session. `clock_off` is how far the machine's clock is ahead of Discord's; None: unknown.

    `damage` is what the database says of itself where it is not whole. `makes_backups`: whether it is to make any.
    """

    status: Status
    lacks: Sequence[Lack]
    clock_off: timedelta | None
    damage: str | None
    makes_backups: bool

    @property
    def troubles(self) -> tuple[TroubleKind, ...]:
        """What is not as it should be, each kind once."""
        return tuple(dict.fromkeys(_troubles(self)))


#: From so much on, what is announced to the minute is visibly off.
CLOCK_TOLERANCE = timedelta(seconds=2)

#: Four days of a large event come to a few of them, with room for files and the copies of each night.
ENOUGH_DISK = 500 * 2**20

#: A night's copy is made every day; one night may have been missed for a restart.
_BACKUP_AGE = timedelta(hours=36)

#: Of so many signs is the panelist's name by which somebody chooses who they are.
CHOSEN_LENGTH = 100

_MODERATION, _PANELIST = "moderation", "panelist:"


def places(session: Session) -> tuple[Place, ...]:
    """Everybody who is expected in a session: moderation, and each panelist once."""
    panelists = {fold(each.name): each for block in session.blocks for each in reversed(block.panelists)}
    named = dict.fromkeys(fold(each.name) for block in session.blocks for each in block.panelists)
    return (Place(), *(Place(panelists[name]) for name in named))


def attendance(session: Session, arrivals: Iterable[Arrival]) -> tuple[Attendance, ...]:
    """Who is there, place by place."""
    people: dict[str, list[PersonId]] = {}
    for arrival in sorted(arrivals, key=lambda each: each.at):
        people.setdefault(arrival.place, []).append(arrival.person)
    return tuple(Attendance(place, tuple(people.get(place.key, ()))) for place in places(session))


def places_of(
    session: Session,
    person: PersonId,
    names: Collection[str],
    arrivals: Iterable[Arrival],
    now: datetime,
    *,
    moderates: bool,
    chosen: str | None = None,
) -> tuple[Place, ...]:
    """The places that somebody takes who says to be there: whoever moderates may be a panelist too.

    `names` are what the person is called; `chosen` is the beginning of the panelist's name that they say is theirs.
    Raises CallIsOver, WhichPanelist where they have to say it, and NotCalled.
    """
    if now >= session.ends_at:
        raise CallIsOver
    folded, taken = {fold(name) for name in names}, {each.place: each.person for each in arrivals}
    panel = [place for place in places(session) if place.panelist is not None]
    own = [place for place in panel if place.panelist is not None and place.panelist.person == person]
    unknown = [
        place
        for place in panel
        if place.panelist is not None and place.panelist.person is None and taken.get(place.key, person) == person
    ]
    own += [place for place in unknown if fold(_name(place)) in folded or _name(place)[:CHOSEN_LENGTH] == chosen]
    if moderates:
        own.append(Place())
    if own:
        return tuple(own)
    if unknown and chosen is None:
        raise WhichPanelist(tuple(_name(place) for place in unknown))
    raise NotCalled


def _name(place: Place) -> str:
    return "" if place.panelist is None else place.panelist.name


def _troubles(checked: SelfCheck) -> Iterator[TroubleKind]:
    status = checked.status
    if not (status.connected and status.in_server):
        yield TroubleKind.SERVER
    if checked.lacks:
        yield TroubleKind.LACK
    if checked.clock_off is None:
        yield TroubleKind.CLOCK_UNKNOWN
    elif abs(checked.clock_off) > CLOCK_TOLERANCE:
        yield TroubleKind.CLOCK
    if status.free_bytes < ENOUGH_DISK:
        yield TroubleKind.DISK
    if status.trouble is not None or checked.damage is not None:
        yield TroubleKind.DATABASE
    if status.backup_failed_at is not None:
        yield TroubleKind.BACKUP_FAILED
    elif checked.makes_backups and not _is_recent(status):
        yield TroubleKind.BACKUP


def _is_recent(status: Status) -> bool:
    # Minutes after a first start there is none yet, and nothing is wrong with that.
    newest = status.last_backup or status.since
    return status.now - newest <= _BACKUP_AGE
