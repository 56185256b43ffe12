"""Certificates are given, changed and taken away here, and looked up."""

import logging
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.agenda import Event
from bot.certificates import (
    Certificate,
    CertificatesNotYet,
    Day,
    Merit,
    NotMet,
    NotRegisteredForOne,
    Rule,
    is_met,
    merit,
    new_code,
)
from bot.clock import Clock
from bot.collation import alphabetical
from bot.config import Config
from bot.corrections import InForce
from bot.errors import Refusal
from bot.ids import PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.participants import Participant
from bot.storage.nouns import Nouns
from bot.storage.store import Store, Transaction
from bot.summary import final_of
from bot.summary_values import DayOf

log = logging.getLogger(__name__)


class IssuingNeedsTheDatabase(Refusal):
    """Something has to be written, and the bot that runs has the database."""


@dataclass(frozen=True, slots=True)
class Steps:
    """What has to be written so that the certificates are those that the figures earn."""

    #: Who gets one, in the order of the alphabet, with what they earned it.
    given: tuple[tuple[PersonId, Merit], ...] = ()
    #: As each has to be, where its figures were corrected.
    changed: tuple[Certificate, ...] = ()
    #: Those below the rule now.
    withdrawn: tuple[Certificate, ...] = ()
    #: Those that had been, and meet the rule again.
    restored: tuple[Certificate, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.given or self.changed or self.withdrawn or self.restored)


@dataclass(frozen=True, slots=True)
class Earned:
    """Somebody's days in the event, and their name, which decides the place in the list alone."""

    name: str = field(repr=False)
    days: Mapping[SessionKey, Day]


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate with the person whose it is, as they are registered now."""

    certificate: Certificate
    participant: Participant


@dataclass(frozen=True, slots=True)
class Account:
    """All certificates as they stand, and what was, or has to be, written for it."""

    #: The valid ones, by number.
    held: tuple[Held, ...]
    steps: Steps
    #: Everybody who registered, by id.
    people: Mapping[PersonId, Participant]


def rule_of(config: Config) -> Rule:
    """The configuration's rule for this event."""
    sessions, asked = len(config.event.sessions), config.certificates.days
    return Rule(
        sessions=sessions,
        days=max(1, sessions - 1) if asked is None else asked,
        minutes_percent=config.certificates.minutes_percent,
        declared_counts=config.certificates.declared_counts,
    )


def steps_to(people: Mapping[PersonId, Earned], given: Iterable[Certificate], rule: Rule) -> Steps:
    """What is between the certificates as they are and as everybody's days earn them. Pure."""
    earned = {person: merit(own.days, rule) for person, own in people.items()}
    held = {certificate.person: certificate for certificate in given if certificate.person in earned}
    new = [person for person, own in earned.items() if person not in held and is_met(own, rule)]
    changed, withdrawn, restored = [], [], []
    for person, certificate in held.items():
        if person is None:
            continue
        own = earned[person]
        meets = is_met(own, rule)
        as_it_should_be = replace(certificate, merit=own, is_valid=meets)
        if certificate.is_valid and not meets:
            withdrawn.append(as_it_should_be)
        elif meets and not certificate.is_valid:
            restored.append(as_it_should_be)
        elif own != certificate.merit:
            # Of one that is withdrawn too, so that what is said about it is true.
            changed.append(as_it_should_be)
    # The language decides nothing but the place of an ñ, and a list of numbers is not sorted twice.
    new.sort(key=lambda person: (alphabetical(people[person].name, "es"), person))
    return Steps(
        given=tuple((person, earned[person]) for person in new),
        changed=tuple(changed),
        withdrawn=tuple(withdrawn),
        restored=tuple(restored),
    )


def is_erased(participant: Participant) -> bool:
    """Whether it stands for somebody who was erased: they go on in the figures, under a number below zero."""
    return participant.person_id < 0


def look_at(nouns: Nouns, event: Event, config: Config) -> Account:
    """The certificates, and what would have to be written. Changes nothing. Raises CertificatesNotYet."""
    return _account(nouns, steps_to(_earned(nouns, event, config), nouns.certificates.all(), rule_of(config)))


def bring_up_to_date(tx: Transaction, event: Event, config: Config) -> Account:
    """Write what has to be written, all of it at once. Raises CertificatesNotYet."""
    steps = steps_to(_earned(tx, event, config), tx.certificates.all(), rule_of(config))
    for person, own in steps.given:
        tx.certificates.give(person, new_code(secrets.randbelow), own, tx.now)
    for certificate in (*steps.changed, *steps.withdrawn, *steps.restored):
        tx.certificates.change(certificate.number, certificate.merit, is_valid=certificate.is_valid, at=tx.now)
    return _account(tx, steps)


class Certificates:
    """What a participant gets of it, while the bot runs."""

    def __init__(self, store: Store, agenda: LiveAgenda, config: Config, clock: Clock) -> None:
        self._store = store
        self._agenda = agenda
        self._config = config
        self._clock = clock

    @property
    def _event(self) -> Event:
        return self._agenda.event

    async def own(self, person: PersonId) -> Held:
        """The person's, given now where they have earned it and nobody gave it yet.

        Numbers are given to everybody at once, so that they say nothing about who asked first. Raises
        CertificatesNotYet, NotRegisteredForOne, NotMet and NotSaved.
        """
        if self._clock.now() < settles_at(self._event, self._config):
            raise CertificatesNotYet(settles_at(self._event, self._config))
        account = await self._store.read(lambda tx: look_at(tx, self._event, self._config))
        if account.steps:
            account = await self._store.write(lambda tx: bring_up_to_date(tx, self._event, self._config))
            log.info("certificates.given new=%d withdrawn=%d", len(account.steps.given), len(account.steps.withdrawn))
        for held in account.held:
            if held.certificate.person == person:
                return held
        if person not in account.people:
            raise NotRegisteredForOne
        raise NotMet(await self._store.read(lambda tx: self._merit(tx, person)), rule_of(self._config))

    def _merit(self, nouns: Nouns, person: PersonId) -> Merit:
        return merit(_earned(nouns, self._event, self._config)[person].days, rule_of(self._config))


def settles_at(event: Event, config: Config) -> datetime:
    """When the last day's figures stand, and certificates can be given."""
    return event.sessions[-1].ends_at + timedelta(seconds=config.announcements.summary_settle_seconds)


def _earned(nouns: Nouns, event: Event, config: Config) -> dict[PersonId, Earned]:
    """Everybody's days, once they have all settled. Raises CertificatesNotYet.

    Whoever was erased is not among them, although they go on in the figures.
    """
    final = final_of(nouns, event, config, nouns.now)
    if final.provisional:
        raise CertificatesNotYet(settles_at(event, config))
    corrections = {session.key: nouns.corrections.in_force(session.key) for session in event.sessions}
    return {
        career.participant.person_id: Earned(
            career.participant.name,
            {
                key: _day(of, corrections[key].get(career.participant.person_id, InForce()))
                for key, of in career.days.items()
            },
        )
        for career in final.people
        if not is_erased(career.participant)
    }


def _day(of: DayOf, held: InForce) -> Day:
    # Not `of.corrected`: that is silent where a correction says what the summary has anyway, such as presence of
    # somebody who was measured for too little of the day.
    return Day(of.measured, of.counted, of.unknown, of.present, of.declared, held.is_present)


def _account(nouns: Nouns, steps: Steps) -> Account:
    people = nouns.participants.all()
    held = [
        Held(certificate, people[certificate.person])
        for certificate in nouns.certificates.all()
        if certificate.is_valid and certificate.person in people
    ]
    return Account(tuple(held), steps, people)
