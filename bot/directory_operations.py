"""What the directory does in one transaction each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.agenda import Session
from bot.anonymity import blurred
from bot.attendance import counted_blocks, is_present, minutes_by_person_and_block
from bot.expected import (
    CONTESTED,
    Asked,
    Candidate,
    Certain,
    Expected,
    ExpectedId,
    NobodyExpected,
    NotRegistered,
    Recognised,
    Why,
    asked,
    matched,
    words_of_name,
)
from bot.expected_list import Comparison, Listing, compared
from bot.ids import PersonId
from bot.participants import Entry, Participant, turn_of
from bot.register_operations import day_record
from bot.storage.alerts import AlertKind
from bot.storage.expected import Doubt
from bot.storage.nouns import Nouns
from bot.storage.store import Transaction

#: About so many people on the list somebody is asked in all, whatever names they try.
MOST_ASKED = 8


@dataclass(frozen=True, slots=True)
class Registration:
    """What a registration came to. `is_new`: the person had not registered before. `asked`: what they are asked about
    the list. `is_contested`: organizers have to be told of two accounts for one person."""

    participant: Participant
    is_new: bool
    asked: Asked | None = None
    is_contested: bool = False


@dataclass(frozen=True, slots=True)
class Imported:
    """What a file came to. Where it was not taken (`taken`), nothing of it was."""

    comparison: Comparison
    taken: bool
    #: How many who had registered before turned out to be on the list.
    recognised: int = 0
    #: How many were taken off the list.
    removed: int = 0


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who registered and is nobody on the list, with those on it whom they may be."""

    participant: Participant
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Unmatched:
    """Both sides of what does not meet: the list and those who registered."""

    expected: tuple[Expected, ...]
    strangers: tuple[Stranger, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """Somebody expected who is not there. `participant` is None where nobody registered as them."""

    expected: Expected
    participant: Participant | None


def register(
    tx: Transaction,
    person: PersonId,
    entry: Entry,
    consented_at: datetime,
    account: str | None,
    by: PersonId | None,
    settled_at: Sequence[datetime],
) -> Registration:
    """The person is registered like this from now on. The time is kept to the hour, but stays after any of `settled_at`
    that it is after. `by` is the organizer who did it for them and to whom they gave
    their consent; who registers by another's hand is asked nothing."""
    is_new = tx.participants.find(person) is None
    # Whoever registers right before or after asking anonymously would stand beside that question.
    at = blurred(tx.now, settled_at)
    participant = tx.participants.keep(person, entry, consented_at, at, consent_given_to=by)
    # What waits in the queue takes its turn with the delegation that the person has now.
    tx.questions.set_affiliation(person, turn_of(participant.affiliation, participant.institution))
    question, is_contested = _recognise(tx, person, entry, account, may_ask=by is None)
    return Registration(participant, is_new, question, is_contested)


def is_the_one(tx: Transaction, person: PersonId) -> bool:
    """The person says to be the one whom they were asked about. Whether organizers have to be told of two accounts.

    Nothing happens where there is no such question (any more).
    """
    open_doubts = [doubt for doubt in tx.expected.doubts(person) if doubt.why not in CONTESTED]
    if len(open_doubts) != 1 or not open_doubts[0].was_asked:
        return False
    found = tx.expected.find(open_doubts[0].expected)
    assert found is not None, "a doubt goes with whom it is about"
    if found.person not in (None, person):
        return _contest(tx, person, [Candidate(found, Why.TAKEN)], was_asked=True)
    tx.expected.recognise(found.id, person, Recognised.PERSON, tx.now)
    return False


def is_none_of_them(tx: Transaction, person: PersonId) -> None:
    """The person says to be nobody of those whom they were asked about."""
    tx.expected.close_doubts(person)


def link(tx: Transaction, person: PersonId, expected: ExpectedId) -> Expected:
    """An organizer says who it is, whoever was thought to be. Raises NotRegistered and NobodyExpected."""
    if tx.participants.find(person) is None:
        raise NotRegistered
    found = tx.expected.find(expected)
    if found is None:
        raise NobodyExpected
    tx.expected.recognise(expected, person, Recognised.ORGANIZER, tx.now)
    tx.expected.close_doubts_about(expected)
    return found


def import_list(tx: Transaction, listing: Listing, *, keep_good: bool, whole: bool = False) -> Imported:
    """Take the list over: all of it, or nothing where a row is wrong; with `keep_good` the good rows all the same.

    `whole`: it is the whole list, and whoever is not in it is taken off. Who registered before is looked for in it.
    """
    comparison = compared(listing, tx.expected.all())
    if comparison.mistakes and not keep_good:
        return Imported(comparison, taken=False)
    tx.expected.change(((change.before.id, change.listed.said) for change in comparison.changed), tx.now)
    removed = comparison.left_out if whole else ()
    for each in removed:
        tx.expected.remove(each.id)
    for row in comparison.new:
        tx.expected.add(row.said, tx.now)
    return Imported(comparison, taken=True, recognised=_recognise_all(tx), removed=len(removed))


def unmatched(tx: Nouns) -> Unmatched:
    """Who on the list has not registered, and who registered and is nobody on the list."""
    everybody = {each.id: each for each in tx.expected.all()}
    known = {each.person for each in everybody.values()}
    doubts: dict[PersonId, list[Doubt]] = {}
    for doubt in tx.expected.doubts():
        doubts.setdefault(doubt.person, []).append(doubt)
    strangers = [
        Stranger(
            participant,
            tuple(Candidate(everybody[doubt.expected], doubt.why) for doubt in doubts.get(person, ())),
        )
        for person, participant in tx.participants.all().items()
        if person not in known and not participant.is_erased
    ]
    return Unmatched(tuple(each for each in everybody.values() if each.person is None), tuple(strangers))


def absent(
    tx: Nouns, session: Session, opens_at: datetime, now: datetime, present_after_seconds: int
) -> tuple[Absent, ...]:
    """Who is expected and was not there on that day until now: neither measured for long enough nor checked in."""
    record = day_record(tx, session, opens_at, now)
    counted = counted_blocks(record)
    there = {check_in.person for check_in in record.check_ins}
    there |= {
        person
        for person, own in minutes_by_person_and_block(record).items()
        if is_present({key: own[key] for key in counted if key in own}, present_after_seconds)
    }
    participants = tx.participants.all()
    return tuple(
        Absent(each, None if each.person is None else participants.get(each.person))
        for each in tx.expected.all()
        if each.person is None or each.person not in there
    )


def _recognise(
    tx: Transaction, person: PersonId, entry: Entry, account: str | None, *, may_ask: bool
) -> tuple[Asked | None, bool]:
    """Whom on the list the person is. What to ask them about it, and whether two accounts contest one person."""
    before = tx.expected.of_person(person)
    if before is not None and before.recognised is Recognised.ORGANIZER:
        return None, False
    found = matched(person, entry, account, tx.expected.possible(entry, account))
    if isinstance(found, Certain):
        if before is None or before.id != found.expected.id:
            tx.expected.recognise(found.expected.id, person, found.how, tx.now)
        tx.expected.close_doubts(person)
        return None, False
    if before is not None:
        if before.recognised is Recognised.ACCOUNT or before.id in {each.expected.id for each in found}:
            # A name that is spelt otherwise now.
            tx.expected.close_doubts(person)
            return None, False
        tx.expected.release(person)
    question = asked(found) if may_ask and tx.expected.times_asked(person) < MOST_ASKED else None
    return question, _contest(tx, person, found, was_asked=question is not None)


def _contest(tx: Transaction, person: PersonId, candidates: Sequence[Candidate], *, was_asked: bool) -> bool:
    """Note whom the person may be, and tell organizers where that is another account's already."""
    noted = tx.expected.doubt(person, candidates, tx.now, was_asked=was_asked)
    contested = [doubt for doubt in noted if doubt.why in CONTESTED]
    for doubt in contested:
        tx.alerts.open(AlertKind.CONTESTED, None, str(doubt.id), (), tx.now)
    return bool(contested)


def _recognise_all(tx: Transaction) -> int:
    """Look for everybody who has registered among the names on the list; how many were found."""
    everybody = tx.expected.all()
    known = {each.person for each in everybody}
    by_words: dict[str, list[Expected]] = {}
    for each in everybody:
        by_words.setdefault(words_of_name(each.said.name), []).append(each)
    found = 0
    for person, participant in tx.participants.all().items():
        if person in known or participant.is_erased:
            continue
        same = _up_to_date(tx, by_words.get(words_of_name(participant.name), ()))
        entry = Entry(participant.name, participant.institution, participant.standing, participant.language)
        match = matched(person, entry, None, same)
        if isinstance(match, Certain):
            tx.expected.recognise(match.expected.id, person, match.how, tx.now)
            found += 1
        elif match:
            _contest(tx, person, match, was_asked=False)
    return found


def _up_to_date(tx: Transaction, some: Iterable[Expected]) -> list[Expected]:
    """The same people as they are now: one may have been recognised a moment ago."""
    return [now for each in some if (now := tx.expected.find(each.id)) is not None]
