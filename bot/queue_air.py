"""What goes on air and off it, inside one transaction."""

from datetime import datetime

from bot.agenda import Event
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import AlreadyTaken, NothingApproved, NothingApprovedFor
from bot.question_text import fold
from bot.questions import By, Outcome, Question, Standing, State, check_may_go_on_air
from bot.queue_operations import check_text_seen, decided, existing, move, shown, step
from bot.queue_order import in_order
from bot.queue_values import Lookup, Shown, Taken
from bot.storage.nouns import Nouns
from bot.storage.store import Transaction
from bot.turns import Policy, Selection

#: Whoever asks for the next question without having seen this one go on air is asked again for so long.
JUST_TAKEN_SECONDS = 10

#: From where a moderator may put a question on air by its number.
READY = frozenset({State.PENDING, State.APPROVED, State.DEFERRED})


def take_next(
    tx: Transaction,
    session: SessionKey,
    moderator: PersonId,
    policy: Policy,
    seen: QuestionNumber | None,
    *,
    outcome: Outcome = Outcome.ANSWERED,
    number: QuestionNumber | None = None,
    addressed_to: str | None = None,
) -> Taken:
    """Take off what is on air and put on air whose turn it is; nothing of it where nobody is approved.

    `policy` holds where the session has none of its own.
    """
    current = tx.questions.on_air(session)
    _check_seen(current, seen, tx.now)
    if number is not None:
        return _put(tx, existing(tx, number), session, moderator, outcome)
    first = next(in_order(tx, session, policy, Selection(fold(addressed_to) if addressed_to else None)), None)
    if first is None and addressed_to:
        raise NothingApprovedFor(addressed_to)
    if first is None:
        waiting = tx.questions.figures(session)[State.PENDING]
        raise NothingApproved(waiting, next(iter(tx.questions.head(session, State.PENDING, 1)), None))
    return _put(tx, existing(tx, first.candidate.number), session, moderator, outcome)


def put_on_air(
    tx: Transaction,
    number: QuestionNumber,
    moderator: PersonId,
    event: Event,
    now: datetime,
    *,
    early: bool,
    outcome: Outcome = Outcome.ANSWERED,
    seen_edits: int | None = None,
) -> Taken:
    """Approve where that is still to be done, take off what is on air, and put this one there."""
    question = existing(tx, number)
    if question.state not in READY:
        raise decided(question)
    check_text_seen(question, seen_edits)
    under_way = event.session_at(now)
    # What an earlier day left goes on air in the session under way.
    session = under_way if under_way and under_way.key > question.session else event.session(question.session)
    check_may_go_on_air(session, now, early=early)
    return _put(tx, question, session.key, moderator, outcome)


def finish(tx: Transaction, number: QuestionNumber, moderator: PersonId, how: Outcome) -> Question:
    """Take the question off air."""
    question = existing(tx, number)
    if question.state is not State.ON_AIR:
        raise decided(question)
    return _close(tx, question, moderator, how)


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
        if question.air_session is not None and event.session(question.air_session).ends_at <= tx.now
    ]


def unposted(tx: Nouns, lookup: Lookup) -> list[Shown]:
    """Those on air whose last showing is not known to be posted."""
    return [
        shown(tx, question, lookup)
        for question in tx.questions.all_on_air()
        if tx.questions.posted(question.number) is None
    ]


def _put(tx: Transaction, question: Question, session: SessionKey, moderator: PersonId, outcome: Outcome) -> Taken:
    if question.state not in READY:
        raise decided(question)
    if question.state is State.PENDING:
        question = move(tx, question, State.APPROVED, By.MODERATOR, moderator)
    current = tx.questions.on_air(session)
    closed = current and _close(tx, current, moderator, outcome)
    took_off = None if closed is None else tx.questions.history(closed.number)[-1].id
    on_air = Standing(State.ON_AIR, air_session=session)
    return Taken(step(tx, question, on_air, By.MODERATOR, moderator, took_off=took_off), closed)


def _close(tx: Transaction, question: Question, moderator: PersonId, how: Outcome) -> Question:
    standing = Standing(how.state, in_writing=how is Outcome.IN_WRITING, air_session=question.air_session)
    return step(tx, question, standing, By.MODERATOR, moderator)


def _check_seen(current: Question | None, seen: QuestionNumber | None, now: datetime) -> None:
    if current is None:
        # What was seen has been closed meanwhile and nothing has come in its place: the next may.
        return
    if seen == current.number:
        return
    if seen is None and (now - current.moved_at).total_seconds() >= JUST_TAKEN_SECONDS:
        return
    raise AlreadyTaken(current.number, current.moved_by, current.moved_at)
