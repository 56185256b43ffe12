"""A day's figures: who came against who was expected, how long, and what became of the questions.

Figures are of persons unless they say otherwise. Each person is in exactly one line: a delegation, another
affiliation, or unregistered. So the lines add up to the persons, by country and by profile alike.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from statistics import median

from bot.agenda import Block, Event, Session, parse_day
from bot.agenda_mistakes import AgendaMistake
from bot.attendance import (
    DayRecord,
    Span,
    counted_blocks,
    is_present,
    minutes_by_person_and_block,
    unknown_by_block,
)
from bot.clock import Clock
from bot.config import Config, CoverageConfig, Profile
from bot.coverage import Count, Delegation, Stand, lines
from bot.errors import Refusal
from bot.ids import BlockKey, PersonId, SessionKey
from bot.origins import Origins, origins
from bot.participants import Elsewhere, Participant, Standing
from bot.questions import Figures, State
from bot.register import Register
from bot.storage.store import Reader, Store


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
    blocks: tuple[BlockFigures, ...]
    unknown: tuple[Span, ...]
    questions: Figures
    origins: Origins

    @property
    def total(self) -> Count:
        """Everybody."""
        lines = [line.count for line in self.delegations]
        return sum([*lines, *self.elsewhere.values()], self.unregistered)

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


def summarise(
    session: Session,
    record: DayRecord,
    standings: Mapping[PersonId, Standing],
    questions: Figures,
    coverage: CoverageConfig,
    *,
    asked_from: Origins,
    basis: Basis,
    present_after_seconds: int,
    as_of: datetime,
    provisional: bool,
) -> Summary:
    """The figures of a day. `standings` say for whom each registered person counts; everybody else is unregistered."""
    minutes = minutes_by_person_and_block(record) if basis is Basis.MEASURED else {}
    measured = present_people(record, minutes, present_after_seconds)
    companions = {check_in.person: check_in.companions for check_in in record.check_ins}
    present = measured if basis is Basis.MEASURED else frozenset(companions)

    found = lines(present, companions, standings, coverage)
    return Summary(
        session=session,
        as_of=as_of,
        provisional=provisional,
        basis=basis,
        profiles=coverage.profiles,
        delegations=found.delegations,
        elsewhere=found.elsewhere,
        unregistered=found.unregistered,
        present_after_seconds=present_after_seconds,
        only_seen=len({stay.person for stay in record.stays} - measured) if basis is Basis.MEASURED else 0,
        blocks=tuple(_block_figures(record, minutes)) if basis is Basis.MEASURED else (),
        unknown=record.unknown if basis is Basis.MEASURED else (),
        questions=questions,
        origins=asked_from,
    )


def present_people(
    record: DayRecord, minutes: Mapping[PersonId, Mapping[BlockKey, int]], present_after_seconds: int
) -> frozenset[PersonId]:
    """Who was measured for long enough; breaks do not count."""
    counted = counted_blocks(record)
    return frozenset(
        person
        for person, own in minutes.items()
        if is_present({key: own[key] for key in counted if key in own}, present_after_seconds)
    )


def at_the_close(questions: Figures) -> Figures:
    """The figures of a session that has ended: what was on air then counts as answered."""
    states = dict(questions.by_state)
    if on_air := states.pop(State.ON_AIR, 0):
        states[State.ANSWERED] = states.get(State.ANSWERED, 0) + on_air
    return replace(questions, by_state=states)


def day_meant(event: Event, text: str | None, now: datetime) -> Session:
    """The session of a day as somebody wrote it: "2020-09-08", "martes 8 de septiembre", "8/9".

    Without a text: today's, else the last one that began, else the first. Raises NoSuchDay.
    """
    if text is None:
        begun = [session for session in event.sessions if session.starts_at <= now]
        return event.session_of_day(now) or (begun[-1] if begun else event.sessions[0])
    days = {session.day: session for session in event.sessions}
    # An event over the turn of the year has days of two.
    for year in dict.fromkeys(day.year for day in days):
        with suppress(AgendaMistake):
            if (meant := _written_day(text, year)) in days:
                return days[meant]
    raise NoSuchDay(tuple(days))


class Summaries:
    """Makes the summaries of the event's days.

    A day settles some time after its end. From then on its figures are those of that instant, whenever they are
    asked for: whoever registers or changes delegation later, and what moderators still do, does not change them.
    """

    def __init__(self, store: Store, event: Event, config: Config, clock: Clock, register: Register) -> None:
        self._store = store
        self._event = event
        self._coverage = config.coverage
        self._present_after_seconds = config.attendance.present_after_seconds
        self._clock = clock
        self._register = register
        self._settles_after = timedelta(seconds=config.announcements.summary_settle_seconds)
        places = config.discord
        self._basis = Basis.MEASURED if places.stage is not None or places.voice else Basis.DECLARED

    async def summary(self, session: SessionKey) -> Summary:
        """The figures of the day as of now, or as of when it settled. Raises KeyError for a day without session."""
        return (await self.day(session))[0]

    async def day(self, session: SessionKey) -> tuple[Summary, People]:
        """The figures, and the people behind them, of the same instant."""
        on = self._event.session(session)
        now = self._clock.now()
        settles_at = on.ends_at + self._settles_after
        as_of, provisional = (now, True) if now < settles_at else (settles_at, False)
        record = await self._register.day(session)

        def look(tx: Reader) -> tuple[dict[PersonId, Standing], dict[PersonId, Participant], Figures, Origins]:
            standings = tx.participants.standings_at(as_of)
            return standings, tx.participants.all(), *_asked(tx, session, standings, as_of)

        standings, participants, questions, asked_from = await self._store.read(look)
        summary = summarise(
            on,
            record,
            standings,
            at_the_close(questions) if as_of >= on.ends_at else questions,
            self._coverage,
            asked_from=asked_from,
            basis=self._basis,
            present_after_seconds=self._present_after_seconds,
            as_of=as_of,
            provisional=provisional,
        )
        named = {person: participants[person] for person in standings if person in participants}
        return summary, _people(summary, record, standings, named, self._present_after_seconds)

    async def questions(self, session: SessionKey) -> tuple[Figures, Origins]:
        """What became of the session's questions until now, after its day has settled too, and where they came from."""
        now = self._clock.now()
        return await self._store.read(lambda tx: _asked(tx, session, tx.participants.standings_at(now), now))


def _asked(
    tx: Reader, session: SessionKey, standings: Mapping[PersonId, Standing], at: datetime
) -> tuple[Figures, Origins]:
    figures = tx.figures.at(session, at)
    asked = tx.askers.asked(session, at)
    return figures, origins(asked, standings, received=figures.received, anonymous=figures.anonymous)


def _written_day(text: str, year: int) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return parse_day(text, year)


def _block_figures(record: DayRecord, minutes: Mapping[PersonId, Mapping[BlockKey, int]]) -> Iterator[BlockFigures]:
    unknown = unknown_by_block(record)
    for block in record.blocks:
        own = [there[block.key] for there in minutes.values() if block.key in there]
        yield BlockFigures(block, len(own), sum(own), round(median(own)) if own else 0, unknown.get(block.key, 0))


def _people(
    summary: Summary,
    record: DayRecord,
    standings: Mapping[PersonId, Standing],
    named: Mapping[PersonId, Participant],
    present_after_seconds: int,
) -> People:
    measured = summary.basis is Basis.MEASURED
    minutes = minutes_by_person_and_block(record) if measured else {}
    companions = {check_in.person: check_in.companions for check_in in record.check_ins}
    present = present_people(record, minutes, present_after_seconds) if measured else frozenset(companions)
    there = {stay.person for stay in record.stays} if measured else set()
    attendees = [
        Attendee(
            participant=named[person],
            standing=standings[person],
            present=person in present,
            minutes=minutes.get(person, {}),
            companions=companions.get(person),
        )
        for person in sorted(there | companions.keys())
        if person in named
    ]
    return People(
        session=summary.session,
        provisional=summary.provisional,
        basis=summary.basis,
        profiles=summary.profiles,
        attendees=tuple(attendees),
        unnamed=sum(person not in named for person in present),
    )
