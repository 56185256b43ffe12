"""What everything that is done with questions is made of: plain functions inside one transaction."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.agenda import Session
from bot.anonymity import Anonymity, blurred
from bot.ids import PersonId, QuestionNumber
from bot.question_refusals import AlreadyDecided, AnsweredMeanwhile, NotLinkable, QuestionUnknown, TextChanged
from bot.questions import (
    TRANSITIONS,
    WAITING,
    Answer,
    Asker,
    By,
    Question,
    Reason,
    Replaced,
    Standing,
    State,
    answerable,
)
from bot.queue_values import AnswerToPost, Lookup, Shown
from bot.storage.nouns import Nouns
from bot.storage.store import Transaction

#: What an author who wants messages is told of.
TOLD = frozenset({State.ON_AIR, State.ANSWERED, State.DEFERRED, State.REJECTED, State.MERGED})


def existing(tx: Nouns, number: QuestionNumber) -> Question:
    """The question of that number; raises QuestionUnknown."""
    question = tx.questions.find(number)
    if question is None:
        raise QuestionUnknown(number)
    return question


def shown(tx: Nouns, question: Question, lookup: Lookup) -> Shown:
    """The question with who asked it, as registered by now."""
    if question.filed_for is not None:
        return Shown(question, Asker(question.filed_for))
    registered = None if question.author is None else lookup(tx, question.author)
    return Shown(question, registered.asker if registered else None)


def place(tx: Nouns, question: Question) -> int | None:
    """Its place in order of arrival while it waits."""
    return tx.questions.place(question) if question.state in WAITING else None


def is_own(question: Question, person: PersonId, anonymity: Anonymity) -> bool:
    """Whether the person asked it, by name or not. Of a destroyed key's questions nobody did, as far as one can
    tell."""
    return question.author == person or (
        question.seal is not None
        and question.sealed_under == anonymity.fingerprint
        and question.seal == anonymity.seal(person, question.session)
    )


def own(tx: Nouns, number: QuestionNumber, person: PersonId, anonymity: Anonymity) -> Question:
    """The person's question. Whoever is not the author learns nothing, not even that the question exists: raises
    QuestionUnknown, or NotLinkable where nobody can tell whose it is."""
    question = existing(tx, number)
    if question.sealed_under not in (None, anonymity.fingerprint):
        raise NotLinkable(number)
    if not is_own(question, person, anonymity):
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
    return step(tx, question, Standing(to, reason, words, air_session=question.air_session), by, moderator)


def step(
    tx: Transaction,
    question: Question,
    to: Standing,
    by: By,
    moderator: PersonId | None = None,
    undoes: int | None = None,
    at: datetime | None = None,
    took_off: int | None = None,
) -> Question:
    """One step, if the table has it or it takes another back; who wants to be told of it will be. `at`: another
    instant than the present one is kept."""
    if undoes is None and to.state not in TRANSITIONS[question.state]:
        raise decided(question)
    moved = tx.questions.move(question, to, at or tx.now, by, moderator, undoes, took_off)
    tell(tx, moved)
    return moved


def acted_at(tx: Transaction, question: Question, settled_at: Sequence[datetime]) -> datetime:
    """When its author does something to the question, as it is kept: the hour of an anonymous one, but not before its
    last step, nor before figures that have settled by now."""
    return max(blurred(tx.now, settled_at), question.moved_at) if question.anonymous else tx.now


def tell(tx: Transaction, question: Question) -> None:
    """Note for the author, and for those whose questions were joined to it, where it stands now."""
    joined = [number for number in tx.votes.members(question.number) if number != question.number]
    if question.state not in TOLD:
        tx.tidings.drop(question.number)
        for number in joined:
            tx.tidings.drop(number, but=State.MERGED)
        return
    tx.tidings.add(question.number, question.state, tx.now)
    for number in joined if question.state is not State.MERGED else ():
        tx.tidings.add(number, question.state, tx.now)


def decided(question: Question) -> AlreadyDecided:
    """Where the question stands instead, and who put it there."""
    return AlreadyDecided(question.number, question.state, question.moved_by, question.moved_when)


def check_text_seen(question: Question, seen: int | None) -> None:
    """Raises TextChanged where the author has changed it since it had been changed `seen` times; None: whatever."""
    if question.state is State.PENDING and seen is not None and question.edits != seen:
        raise TextChanged(question.number)


def approve_all(
    tx: Transaction,
    numbers: Sequence[QuestionNumber],
    moderator: PersonId,
    seen: Mapping[QuestionNumber, int] | None = None,
) -> list[Question]:
    """Approve those that are under review, say what was seen, and have nothing in them that wants a second look."""
    found = [
        question
        for n in dict.fromkeys(numbers)
        if (question := tx.questions.find(n)) is not None and (seen is None or question.edits == seen.get(n, 0))
    ]
    return [
        move(tx, question, State.APPROVED, By.MODERATOR, moderator)
        for question in found
        if question.state is State.PENDING and not question.held_words
    ]


def answer(
    tx: Transaction, number: QuestionNumber, moderator: PersonId, text: str, seen: int | None = None
) -> tuple[Answer, Question]:
    """Keep the answer; what has not been on air or is to come later is answered with it."""
    question = existing(tx, number)
    if not answerable(question.state):
        raise decided(question)
    last = tx.answers.last(number)
    if seen is not None and last is not None and last.generation > seen:
        raise AnsweredMeanwhile(number, last.moderator)
    if question.state is State.PENDING:
        question = move(tx, question, State.APPROVED, By.MODERATOR, moderator)
    if question.state in (State.APPROVED, State.DEFERRED):
        written = Standing(State.ANSWERED, in_writing=True, air_session=question.air_session)
        question = step(tx, question, written, By.MODERATOR, moderator)
    else:
        tell(tx, question)
    last_step = tx.questions.history(number)[-1].id
    return tx.answers.add(number, text, moderator, tx.now, last_step), question


def unposted_answers(tx: Nouns, lookup: Lookup) -> list[AnswerToPost]:
    """The answers whose last generation is not known to be public, each with what it belongs under."""
    return [
        AnswerToPost(
            each,
            shown(tx, existing(tx, each.number), lookup),
            tx.questions.posted(each.number),
            tx.answers.posted(each.number),
            corrected=tx.answers.how_many(each.number) > 1,
        )
        for each in tx.answers.unposted()
    ]


def texts(tx: Nouns, number: QuestionNumber) -> list[Replaced]:
    """What the question said before."""
    return tx.texts.replaced(existing(tx, number).number)


def silence(tx: Transaction, number: QuestionNumber, moderator: PersonId, session: Session, fingerprint: str) -> None:
    """Take no more from whoever asked it, in the session and until its end."""
    question = _linkable(tx, number, session, fingerprint)
    tx.silences.add(session.key, question.author, question.seal, session.ends_at, moderator, tx.now)


def lift_silence_of(
    tx: Transaction, number: QuestionNumber, moderator: PersonId, session: Session, fingerprint: str
) -> bool:
    """Take questions again from whoever asked it. Of an anonymous author it is always said to be done: otherwise
    one question would tell whether another is by the same person."""
    question = _linkable(tx, number, session, fingerprint)
    lifted = tx.silences.lift(session.key, question.author, question.seal, moderator, tx.now)
    return lifted or question.anonymous


def _linkable(tx: Nouns, number: QuestionNumber, session: Session, fingerprint: str) -> Question:
    """The question, where one can tell whose the next ones in the session are. Raises NotLinkable."""
    question = existing(tx, number)
    sealed_here = question.sealed_under == fingerprint and question.session == session.key
    if question.filed_for is not None or (question.seal is not None and not sealed_here):
        raise NotLinkable(number)
    return question
