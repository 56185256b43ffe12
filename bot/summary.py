"""A day's figures: who came against who was expected, how long, and what became of the questions.

Figures are of persons unless they say otherwise. Each person is in exactly one line: a delegation, another
affiliation, or unregistered. So the lines add up to the persons, by country and by profile alike.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from statistics import median

from bot import register_operations
from bot.agenda import Event, Session, parse_day
from bot.agenda_mistakes import AgendaMistake
from bot.attendance import (
    Attended,
    Span,
    counted_blocks,
    is_present,
    length,
    span_of,
    unknown_by_block,
    unknown_spans_by_block,
)
from bot.clock import Clock
from bot.config import Config, CoverageConfig
from bot.corrections import Corrected, Corrections, corrected
from bot.coverage import Delegation, Lines, lines
from bot.ids import BlockKey, PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.origins import Origins, origins
from bot.participants import Participant, Standing
from bot.questions import Figures, State
from bot.register import Register
from bot.storage.nouns import Nouns
from bot.storage.store import Store
from bot.summary_values import (
    Attendee,
    Basis,
    BlockFigures,
    Career,
    Change,
    DayOf,
    Final,
    NoSuchDay,
    People,
    Summary,
)

__all__ = [
    "Attendee",
    "Basis",
    "BlockFigures",
    "Career",
    "Change",
    "DayOf",
    "Final",
    "NoSuchDay",
    "People",
    "Summaries",
    "Summary",
    "at_the_close",
    "basis_of",
    "changes",
    "day_meant",
    "day_of",
    "final_of",
    "present_people",
    "summarise",
    "summary_of",
]


def basis_of(config: Config) -> Basis:
    """What presence rests on in this event."""
    places = config.discord
    return Basis.MEASURED if places.stage is not None or places.voice else Basis.DECLARED


def summarise(
    session: Session,
    attended: Attended,
    standings: Mapping[PersonId, Standing],
    questions: Figures,
    coverage: CoverageConfig,
    *,
    asked_from: Origins,
    basis: Basis,
    present_after_seconds: int,
    as_of: datetime,
    provisional: bool,
    corrections: Corrections | None = None,
) -> Summary:
    """The figures of a day. `standings` say for whom each registered person counts; everybody else is unregistered.
    `corrections` are those in force: minutes stay as they were measured."""
    measured = basis is Basis.MEASURED
    present = present_people(attended, basis, present_after_seconds)
    after = corrected(present, _companions(attended), corrections or {})
    found = _lines(attended, after, standings, coverage)
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
        only_seen=len(attended.minutes.keys() - present - after.added) if measured else 0,
        connections=attended.connections if measured else 0,
        blocks=tuple(_block_figures(attended)) if measured else (),
        unknown=attended.unknown if measured else (),
        questions=questions,
        origins=asked_from,
    )


def present_people(attended: Attended, basis: Basis, present_after_seconds: int) -> frozenset[PersonId]:
    """Who was measured for long enough, breaks apart; or who checked in, where nothing is measured."""
    if basis is Basis.DECLARED:
        return frozenset(check_in.person for check_in in attended.check_ins)
    counted = counted_blocks(attended)
    only_counted = len(counted) == len(attended.blocks)
    return frozenset(
        person
        for person, own in attended.minutes.items()
        if is_present(own if only_counted else {k: own[k] for k in counted if k in own}, present_after_seconds)
    )


def changes(before: Iterable[Delegation], now: Iterable[Delegation], coverage: CoverageConfig) -> tuple[Change, ...]:
    """In which profiles of which delegations another number is present now, in the order of the configuration.

    Delegations that nobody expects are not compared.
    """
    had = {line.country: line.by_profile for line in before}
    has = {line.country: line.by_profile for line in now}
    return tuple(
        Change(country, profile, had[country][n], has[country][n])
        for country in coverage.countries
        for n, profile in enumerate(coverage.profiles)
        if had[country][n] != has[country][n]
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


# From a database alone


def day_of(
    nouns: Nouns,
    event: Event,
    config: Config,
    session: SessionKey,
    now: datetime,
    *,
    seen_to: datetime | None = None,
) -> tuple[Summary, People]:
    """The figures of a day as of `now`, or as of when it settled, and the people behind them.

    A plain function of a database, so that the figures are the same with the bot and without it. `seen_to` is how far
    a bot that sees at this moment is sure. Raises KeyError for a day without session.
    """
    day = _Day.look(nouns, event.session(session), config, now, seen_to)
    return day.summary(nouns, _day_before(nouns, event, config, day, now)), day.people(nouns.participants.all())


def summary_of(
    nouns: Nouns,
    event: Event,
    config: Config,
    session: SessionKey,
    now: datetime,
    *,
    seen_to: datetime | None = None,
) -> Summary:
    """The figures of `day_of` alone, which is less work where many came."""
    day = _Day.look(nouns, event.session(session), config, now, seen_to)
    return day.summary(nouns, _day_before(nouns, event, config, day, now))


def final_of(
    nouns: Nouns, event: Event, config: Config, now: datetime, *, seen_to: Mapping[SessionKey, datetime] | None = None
) -> Final:
    """The whole event as of `now`: its days, and everybody who registered with each of their days."""
    sure = seen_to or {}
    days = [_Day.look(nouns, session, config, now, sure.get(session.key)) for session in event.sessions]
    summaries = [
        day.summary(nouns, before if day.has_begun else None)
        for before, day in zip([None, *days[:-1]], days, strict=True)
    ]
    registered = nouns.participants.all()
    latest = nouns.participants.standings_at(max(day.as_of for day in days))
    shares = {day.on.key: day.shares(registered.keys()) for day in days}
    return Final(
        as_of=max(day.as_of for day in days),
        provisional=any(day.provisional for day in days),
        summaries=tuple(summaries),
        people=tuple(
            Career(
                participant,
                latest.get(person, participant.standing),
                {key: of_day[person] for key, of_day in shares.items()},
            )
            for person, participant in registered.items()
        ),
    )


class Summaries:
    """Makes the summaries of the event's days.

    A day settles some time after its end. From then on its figures are those of that instant, whenever they are
    asked for: whoever registers or changes delegation later, and what moderators still do, does not change them.
    """

    def __init__(self, store: Store, agenda: LiveAgenda, config: Config, clock: Clock, register: Register) -> None:
        self._store = store
        self._agenda = agenda
        self._config = config
        self._clock = clock
        self._register = register

    @property
    def _event(self) -> Event:
        return self._agenda.event

    async def summary(self, session: SessionKey) -> Summary:
        """The figures of the day as of now, or as of when it settled. Raises KeyError for a day without session."""
        self._event.session(session)
        await self._register.settled()
        now, sure = self._clock.now(), self._register.sure_of(session)
        return await self._store.read(lambda tx: summary_of(tx, self._event, self._config, session, now, seen_to=sure))

    async def day(self, session: SessionKey) -> tuple[Summary, People]:
        """The figures, and the people behind them, of the same instant."""
        self._event.session(session)
        await self._register.settled()
        now, sure = self._clock.now(), self._register.sure_of(session)
        return await self._store.read(lambda tx: day_of(tx, self._event, self._config, session, now, seen_to=sure))

    async def final(self) -> Final:
        """The whole event as of now."""
        await self._register.settled()
        now = self._clock.now()
        sure = {s.key: at for s in self._event.sessions if (at := self._register.sure_of(s.key)) is not None}
        return await self._store.read(lambda tx: final_of(tx, self._event, self._config, now, seen_to=sure))

    async def questions(self, session: SessionKey) -> tuple[Figures, Origins]:
        """What became of the session's questions until now, after its day has settled too, and where they came from."""
        now = self._clock.now()
        return await self._store.read(lambda tx: _asked(tx, session, tx.participants.standings_at(now), now))


@dataclass(frozen=True, slots=True)
class _Day:
    """What the figures of one day are made of."""

    on: Session
    config: Config
    basis: Basis
    as_of: datetime
    provisional: bool
    has_begun: bool
    attended: Attended
    standings: Mapping[PersonId, Standing]
    corrections: Corrections

    @classmethod
    def look(cls, nouns: Nouns, on: Session, config: Config, now: datetime, seen_to: datetime | None) -> "_Day":
        settles_at = on.ends_at + timedelta(seconds=config.announcements.summary_settle_seconds)
        as_of, provisional = (now, True) if now < settles_at else (settles_at, False)
        opens_at = on.starts_at - timedelta(minutes=config.attendance.register_opens_minutes)
        return cls(
            on=on,
            config=config,
            basis=basis_of(config),
            as_of=as_of,
            provisional=provisional,
            has_begun=on.starts_at <= now,
            attended=register_operations.attended(nouns, on, opens_at, now, seen_to),
            standings=nouns.participants.standings_at(as_of),
            corrections=nouns.corrections.in_force(on.key),
        )

    @property
    def corrected(self) -> Corrected:
        present = present_people(self.attended, self.basis, self.config.attendance.present_after_seconds)
        return corrected(present, _companions(self.attended), self.corrections)

    @property
    def lines(self) -> Lines:
        return _lines(self.attended, self.corrected, self.standings, self.config.coverage)

    @property
    def unknown_in_blocks(self) -> tuple[Span, ...]:
        if self.basis is Basis.DECLARED:
            return ()
        return tuple(span for hidden in unknown_spans_by_block(self.attended).values() for span in hidden)

    def summary(self, nouns: Nouns, before: "_Day | None") -> Summary:
        questions, asked_from = _asked(nouns, self.on.key, self.standings, self.as_of)
        summary = summarise(
            self.on,
            self.attended,
            self.standings,
            at_the_close(questions) if self.as_of >= self.on.ends_at else questions,
            self.config.coverage,
            asked_from=asked_from,
            basis=self.basis,
            present_after_seconds=self.config.attendance.present_after_seconds,
            as_of=self.as_of,
            provisional=self.provisional,
            corrections=self.corrections,
        )
        if before is None:
            return summary
        gained = changes(before.lines.delegations, summary.delegations, self.config.coverage)
        return replace(summary, since=before.on, gained=gained, since_unknown=before.unknown_in_blocks)

    def people(self, registered: Mapping[PersonId, Participant]) -> People:
        companions, after = _companions(self.attended), self.corrected
        minutes = self.attended.minutes if self.basis is Basis.MEASURED else {}
        named = self.standings.keys() & registered.keys()
        attendees = [
            Attendee(
                participant=registered[person],
                standing=self.standings[person],
                present=person in after.present,
                minutes=minutes.get(person, {}),
                companions=companions.get(person),
                excused=person in after.excused,
                corrected=_corrected(person, after),
                companions_corrected=after.companions.get(person, 0),
            )
            for person in sorted(minutes.keys() | companions.keys() | self.corrections.keys())
            if person in named
        ]
        return People(
            session=self.on,
            provisional=self.provisional,
            basis=self.basis,
            profiles=self.config.coverage.profiles,
            attendees=tuple(attendees),
            unnamed=sum(person not in named for person in after.present),
            unknown=unknown_spans_by_block(self.attended) if self.basis is Basis.MEASURED else {},
        )

    def shares(self, people: Iterable[PersonId]) -> dict[PersonId, DayOf]:
        """The day of each of these people."""
        companions, after = _companions(self.attended), self.corrected
        minutes = self.attended.minutes if self.basis is Basis.MEASURED else {}
        counted = counted_blocks(self.attended)
        unknown = unknown_by_block(self.attended)
        whole = length(span_of(block) for block in self.on.blocks if block.key in counted)
        unseen = sum(unknown.get(key, 0) for key in counted)
        nothing: Mapping[BlockKey, int] = {}
        return {
            person: DayOf(
                measured=sum(minutes.get(person, nothing).get(key, 0) for key in counted),
                counted=whole,
                unknown=unseen,
                present=person in after.present,
                companions=companions.get(person),
                excused=person in after.excused,
                corrected=_corrected(person, after) is not None,
            )
            for person in people
        }


def _day_before(nouns: Nouns, event: Event, config: Config, day: _Day, now: datetime) -> _Day | None:
    """The day to compare with; none for the first one, and for a day that has not begun."""
    place = event.sessions.index(day.on)
    if not place or not day.has_begun:
        return None
    return _Day.look(nouns, event.sessions[place - 1], config, now, None)


def _companions(attended: Attended) -> dict[PersonId, int]:
    return {check_in.person: check_in.companions for check_in in attended.check_ins}


def _lines(
    attended: Attended, after: Corrected, standings: Mapping[PersonId, Standing], coverage: CoverageConfig
) -> Lines:
    profiles = {check_in.person: check_in.profiles for check_in in attended.check_ins}
    return lines(after.present, _companions(attended), standings, coverage, after, profiles)


def _corrected(person: PersonId, after: Corrected) -> bool | None:
    """Whether a correction alone makes somebody present, or absent; None where none does."""
    if person in after.added:
        return True
    return False if person in after.removed else None


def _asked(
    nouns: Nouns, session: SessionKey, standings: Mapping[PersonId, Standing], at: datetime
) -> tuple[Figures, Origins]:
    figures = nouns.figures.at(session, at)
    asked = nouns.askers.asked(session, at)
    return figures, origins(asked, standings, received=figures.received, anonymous=figures.anonymous)


def _written_day(text: str, year: int) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return parse_day(text, year)


def _block_figures(attended: Attended) -> Iterator[BlockFigures]:
    unknown = unknown_spans_by_block(attended)
    for block in attended.blocks:
        own = [there[block.key] for there in attended.minutes.values() if block.key in there]
        hidden = unknown.get(block.key, ())
        yield BlockFigures(block, len(own), sum(own), round(median(own)) if own else 0, length(hidden), hidden)
