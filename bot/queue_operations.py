"""What is done with questions inside one transaction: plain functions that read, decide by the rules and write."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.agenda import Event, Language, Session
from bot.anonymity import Anonymity
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import (
    AlreadyDecided,
    AlreadyTaken,
    NothingApproved,
    QuestionUnknown,
    SessionFull,
    TooManyQuestions,
)
from bot.question_text import fold
from bot.questions import (
    TRANSITIONS,
    WAITING,
    Asker,
    By,
    Figures,
    Question,
    Reason,
    State,
    check_may_go_on_air,
)
from bot.storage.nouns import Nouns
from bot.storage.questions import NewQuestion
from bot.storage.store import Transaction
from bot.turns import Policy, in_turn, next_up

#: How many the board and `/cola` show; the rest is counted.
HEAD = 5

#: Whoever asks for the next question without having seen this one go on air is asked again for so long.
JUST_TAKEN_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Registered:
    """What is known of somebody who asks by name: how they are shown, and for whose turn they count."""

    asker: Asker
    affiliation: str


#: Finds a person in the database; None where they have not registered.
Lookup = Callable[[Nouns, PersonId], Registered | None]


@dataclass(frozen=True, slots=True)
class Asking:
    """What somebody asks, checked, and how."""

    person: PersonId = field(repr=False)
    text: str = field(repr=False)
    anonymous: bool
    addressed_to: str | None = field(repr=False)
    language: Language


@dataclass(frozen=True, slots=True)
class Asked:
    """`number` is saved. `repeated`: the person had asked the same before, and this is that one."""

    number: QuestionNumber
    state: State
    #: Among those of the session that wait, in order of arrival; None where it waits no more.
    place: int | None
    anonymous: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A question with who asked it: None for anonymous ones and for people who have not registered."""

    question: Question
    asker: Asker | None


@dataclass(frozen=True, slots=True)
class Own:
    """A question as its author sees it."""

    question: Question
    place: int | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What was put on air, and what was closed as answered for it."""

    on_air: Question
    closed: Question | None


@dataclass(frozen=True, slots=True)
class Board:
    """What moderators see of a session: on air, the first under review, the next in turn, and how many."""

    session: Session
    on_air: Shown | None
    under_review: Sequence[Shown]
    next_in_turn: Sequence[Shown]
    figures: Figures


def ask(
    tx: Transaction,
    session: SessionKey,
    asking: Asking,
    anonymity: Anonymity,
    lookup: Lookup,
    *,
    per_person: int,
    per_session: int,
) -> Asked:
    """A new question, or the one in which the same person asked the same before."""
    person, folded = asking.person, fold(asking.text)
    seal = anonymity.seal(person, session)
    if (same := tx.questions.same_text(session, person, seal, folded)) is not None:
        tx.questions.add_repeat(same)
        return _asked(tx, same, repeated=True)
    if tx.questions.count_of_author(session, person, seal) >= per_person:
        raise TooManyQuestions(per_person)
    if tx.questions.count_of_session(session) >= per_session:
        raise SessionFull(per_session)
    registered = None if asking.anonymous else lookup(tx, person)
    number = tx.questions.add(
        NewQuestion(
            session=session,
            author=None if asking.anonymous else person,
            seal=seal if asking.anonymous else None,
            affiliation=registered.affiliation if registered else None,
            text=asking.text,
            folded=folded,
            language=asking.language,
            addressed_to=asking.addressed_to,
        ),
        tx.now,
    )
    return _asked(tx, number, repeated=False)


def withdraw(tx: Transaction, number: QuestionNumber, person: PersonId, anonymity: Anonymity) -> Question:
    """Whoever is not the author learns nothing, not even that the question exists."""
    question = existing(tx, number)
    own = question.author == person or question.seal == anonymity.seal(person, question.session)
    if not own:
        raise QuestionUnknown(number)
    if State.WITHDRAWN not in TRANSITIONS[question.state]:
        # Which moderator it was is nothing for the author.
        raise AlreadyDecided(number, question.state, None, question.moved_at)
    return move(tx, question, State.WITHDRAWN, By.AUTHOR)


def take_next(
    tx: Transaction,
    session: SessionKey,
    moderator: PersonId,
    policy: Policy,
    seen: QuestionNumber | None,
) -> Taken:
    """Close what is on air and put on air whose turn it is; nothing of it where nobody is approved."""
    current = tx.questions.on_air(session)
    _check_seen(current, seen, tx.now)
    first = next_up(tx.questions.candidates(session), policy, tx.questions.turns(session))
    if first is None:
        waiting = tx.questions.figures(session)[State.PENDING]
        raise NothingApproved(waiting, next(iter(tx.questions.head(session, State.PENDING, 1)), None))
    closed = current and move(tx, current, State.ANSWERED, By.MODERATOR, moderator)
    return Taken(move(tx, existing(tx, first.number), State.ON_AIR, By.MODERATOR, moderator), closed)


def put_on_air(
    tx: Transaction,
    number: QuestionNumber,
    moderator: PersonId,
    event: Event,
    now: datetime,
    *,
    early: bool,
) -> Taken:
    """Approve where that is still to be done, close what is on air, and put this one there."""
    question = existing(tx, number)
    if question.state not in WAITING:
        raise decided(question)
    check_may_go_on_air(event.session(question.session), now, early=early)
    if question.state is State.PENDING:
        question = move(tx, question, State.APPROVED, By.MODERATOR, moderator)
    current = tx.questions.on_air(question.session)
    closed = current and move(tx, current, State.ANSWERED, By.MODERATOR, moderator)
    return Taken(move(tx, question, State.ON_AIR, By.MODERATOR, moderator), closed)


def show_again(tx: Transaction, number: QuestionNumber) -> Question:
    """One more showing of the question on air."""
    question = existing(tx, number)
    if question.state is not State.ON_AIR:
        raise decided(question)
    return tx.questions.show_again(question)


def close_past(tx: Transaction, event: Event) -> list[Question]:
    """Answered is what was on air when its session ended."""
    return [
        move(tx, question, State.ANSWERED, By.EVENT)
        for question in tx.questions.all_on_air()
        if event.session(question.session).ends_at <= tx.now
    ]


def board(tx: Nouns, session: Session, policy: Policy, lookup: Lookup) -> Board:
    """The session's questions as of this instant."""
    order = in_turn(tx.questions.candidates(session.key), policy, tx.questions.turns(session.key), HEAD)
    on_air = tx.questions.on_air(session.key)
    return Board(
        session,
        shown(tx, on_air, lookup) if on_air else None,
        [shown(tx, q, lookup) for q in tx.questions.head(session.key, State.PENDING, HEAD)],
        [shown(tx, existing(tx, c.number), lookup) for c in order],
        tx.questions.figures(session.key),
    )


def shown(tx: Nouns, question: Question, lookup: Lookup) -> Shown:
    """The question with who asked it, as registered by now."""
    registered = None if question.author is None else lookup(tx, question.author)
    return Shown(question, registered.asker if registered else None)


def unposted(tx: Nouns, lookup: Lookup) -> list[Shown]:
    """Those on air whose last showing is not known to be posted."""
    return [
        shown(tx, question, lookup)
        for question in tx.questions.all_on_air()
        if tx.questions.posted(question.number) is None
    ]


def existing(tx: Nouns, number: QuestionNumber) -> Question:
    """The question of that number; raises QuestionUnknown."""
    question = tx.questions.find(number)
    if question is None:
        raise QuestionUnknown(number)
    return question


def move(
    tx: Transaction,
    question: Question,
    to: State,
    by: By,
    moderator: PersonId | None = None,
    reason: Reason | None = None,
    words: str | None = None,
) -> Question:
    """One step, if the table has it; raises AlreadyDecided where it has not."""
    if to not in TRANSITIONS[question.state]:
        raise decided(question)
    return tx.questions.move(question, to, tx.now, by, moderator, reason, words)


def decided(question: Question) -> AlreadyDecided:
    """Where the question stands instead, and who put it there."""
    return AlreadyDecided(question.number, question.state, question.moved_by, question.moved_at)


def place(tx: Nouns, question: Question) -> int | None:
    """Its place in order of arrival while it waits."""
    return tx.questions.place(question) if question.state in WAITING else None


def _asked(tx: Nouns, number: QuestionNumber, *, repeated: bool) -> Asked:
    question = existing(tx, number)
    return Asked(number, question.state, place(tx, question), question.anonymous, repeated)


def _check_seen(current: Question | None, seen: QuestionNumber | None, now: datetime) -> None:
    if current is None:
        # What was seen has been closed meanwhile and nothing has come in its place: the next may.
        return
    if seen == current.number:
        return
    if seen is None and (now - current.moved_at).total_seconds() >= JUST_TAKEN_SECONDS:
        return
    raise AlreadyTaken(current.number, current.moved_by, current.moved_at)
