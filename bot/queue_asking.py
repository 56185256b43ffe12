"""Asking, changing and withdrawing questions, inside one transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.anonymity import Anonymity, blurred
from bot.config import QuestionsConfig
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import (
    AlreadyDecided,
    AskedAlready,
    QuestionsPaused,
    SessionFull,
    Silenced,
    TooManyQuestions,
    TooSoon,
)
from bot.question_text import fold
from bot.questions import (
    TRANSITIONS,
    WAITING,
    By,
    Question,
    Standing,
    State,
    words_held,
)
from bot.queue_operations import acted_at, check_text_seen, decided, existing, move, own, place, step
from bot.queue_undo import take_back
from bot.queue_values import Asked, Asking, Edited, Lookup, Own
from bot.storage.nouns import Nouns
from bot.storage.questions import NewQuestion
from bot.storage.store import Transaction


class Pace:
    """When people asked anonymously last, by their seals, as long as slow mode may ask for it.

    In memory alone, since it would tell to the millisecond when an anonymous question came. A restart forgets it.
    """

    def __init__(self) -> None:
        self._last: dict[str, datetime] = {}

    def last(self, seal: str) -> datetime | None:
        return self._last.get(seal)

    def note(self, seal: str, at: datetime, forget_before: datetime) -> None:
        """Somebody asked at `at`."""
        # Whoever asked last stands last, so that no more is looked at than is forgotten.
        self._last.pop(seal, None)
        while self._last and self._last[oldest := next(iter(self._last))] <= forget_before:
            del self._last[oldest]
        self._last[seal] = at

    def forget(self, seal: str) -> None:
        """What they asked was not saved after all."""
        self._last.pop(seal, None)


def ask(
    tx: Transaction,
    session: SessionKey,
    asking: Asking,
    anonymity: Anonymity,
    lookup: Lookup,
    rules: QuestionsConfig,
    pace: Pace | None = None,
) -> Asked:
    """A new question, or the one in which the same person asked the same before.

    `pace` knows who has just asked anonymously, for slow mode; of that the database has the hour alone.
    """
    person, folded = asking.person, fold(asking.text)
    seal = None if person is None else anonymity.seal(person, session)
    by_themselves = asking.filed_by is None
    if by_themselves:
        _check_not_silenced(tx, session, person, seal)
        if tx.agenda_changes.is_paused(session):
            raise QuestionsPaused
    if person is not None:
        # Whoever files for somebody else must not learn, by what is refused, what that person asked anonymously.
        known = seal if by_themselves else None
        if (same := tx.questions.same_text(session, person, known, folded)) is not None:
            tx.questions.add_repeat(same)
            return _asked_again(tx, same)
        before = tx.questions.of_author_in(session, person, known)
        if before.how_many >= rules.per_person:
            raise TooManyQuestions(rules.per_person)
        last = [at for at in (before.last_asked_at, pace.last(seal) if pace and seal else None) if at is not None]
        if by_themselves and last:
            again_at = max(last) + timedelta(seconds=rules.slow_mode_seconds)
            if tx.now < again_at:
                raise TooSoon(again_at)
    if tx.questions.count_in(session, frozenset(State) - {State.WITHDRAWN}) >= rules.per_session:
        raise SessionFull(rules.per_session)
    registered = None if asking.anonymous or person is None else lookup(tx, person)
    held = words_held(folded, rules.blocked_words)
    number = tx.questions.add(
        NewQuestion(
            session=session,
            author=None if asking.anonymous else person,
            seal=seal if asking.anonymous else None,
            sealed_under=anonymity.fingerprint if asking.anonymous else None,
            affiliation=registered.affiliation if registered else None,
            text=asking.text,
            folded=folded,
            language=asking.language,
            addressed_to=asking.addressed_to,
            held_words=held,
            filed_by=asking.filed_by,
            filed_for=asking.filed_for,
        ),
        blurred(tx.now) if asking.anonymous else tx.now,
    )
    if pace is not None and asking.anonymous and seal is not None:
        pace.note(seal, tx.now, tx.now - timedelta(seconds=rules.slow_mode_seconds))
    # The last to come is behind all that wait, which are counted anyway.
    waiting = tx.questions.count_in(session, WAITING)
    return Asked(number, State.PENDING, waiting, asking.anonymous, repeated=False, held_words=held)


def withdraw(
    tx: Transaction,
    number: QuestionNumber,
    person: PersonId,
    anonymity: Anonymity,
    settled_at: Sequence[datetime] = (),
) -> Question:
    """Out of the queue; what had been joined to it is there again by itself."""
    question = own(tx, number, person, anonymity)
    if State.WITHDRAWN not in TRANSITIONS[question.state]:
        raise _decided_for_author(question)
    at = acted_at(tx, question, settled_at)
    for member in tx.questions.joined_to(number):
        # By name or not, they stand in the database as moved by this.
        take_back(tx, member, By.EVENT, at=max(at, member.moved_at))
    withdrawn = Standing(State.WITHDRAWN, air_session=question.air_session)
    return step(tx, existing(tx, number), withdrawn, By.AUTHOR, at=at)


def edit_by_author(
    tx: Transaction,
    number: QuestionNumber,
    person: PersonId,
    text: str,
    anonymity: Anonymity,
    blocked: Sequence[str],
    settled_at: Sequence[datetime] = (),
) -> Edited:
    """Another text; what had been approved is under review again."""
    question = own(tx, number, person, anonymity)
    seal = anonymity.seal(person, question.session)
    _check_not_silenced(tx, question.session, person, seal)
    if question.state not in WAITING:
        raise _decided_for_author(question)
    if text == question.text:
        return Edited(question, back_to_review=False)
    folded = fold(text)
    same = tx.questions.same_text(question.session, person, seal, folded)
    if same not in (None, number):
        raise AskedAlready(same)
    at = acted_at(tx, question, settled_at)
    question = tx.questions.set_text(question, text, words_held(folded, blocked), at, folded=folded)
    if question.state is State.PENDING:
        return Edited(question, back_to_review=False)
    return Edited(step(tx, question, Standing(State.PENDING), By.AUTHOR, at=at), back_to_review=True)


def edit_and_approve(
    tx: Transaction,
    number: QuestionNumber,
    moderator: PersonId,
    text: str,
    blocked: Sequence[str],
    seen_edits: int | None = None,
) -> Question:
    """Another text, approved. What the author wrote goes on being what their repeats are compared with: told
    of a clash, moderators would learn which anonymous questions are of one author."""
    question = existing(tx, number)
    if question.state is not State.PENDING:
        raise decided(question)
    check_text_seen(question, seen_edits)
    if text == question.text:
        return move(tx, question, State.APPROVED, By.MODERATOR, moderator)
    question = tx.questions.set_text(question, text, words_held(fold(text), blocked), tx.now, moderator=moderator)
    approved = move(tx, question, State.APPROVED, By.MODERATOR, moderator)
    tx.texts.came_with(number, tx.questions.history(number)[-1].id)
    return approved


def mine(tx: Nouns, person: PersonId, seals: Sequence[str]) -> list[Own]:
    """Everything that the person asked, with what became of it."""
    found = []
    for question in tx.questions.of_author(person, seals):
        outcome = existing(tx, tx.votes.root(question.number))
        answer = tx.answers.last(outcome.number)
        found.append(Own(question, place(tx, question), outcome, answer))
    return found


def _check_not_silenced(tx: Nouns, session: SessionKey, person: PersonId | None, seal: str | None) -> None:
    if person is None or seal is None:
        return
    if (until := tx.silences.until(session, person, seal, tx.now)) is not None:
        raise Silenced(until)


def _decided_for_author(question: Question) -> AlreadyDecided:
    """Which moderator it was is nothing for the author."""
    return AlreadyDecided(question.number, question.state, None, question.moved_when)


def _asked_again(tx: Nouns, number: QuestionNumber) -> Asked:
    question = existing(tx, number)
    return Asked(
        number, question.state, place(tx, question), question.anonymous, repeated=True, held_words=question.held_words
    )
