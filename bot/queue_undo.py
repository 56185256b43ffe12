"""Taking a step back, inside one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.agenda import Event
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import AlreadyDecided, NothingToUndo, UndoBlocked
from bot.question_states import before, in_force, standing_after, undoable
from bot.question_text import fold
from bot.questions import Answer, By, Published, Question, State, Transition, words_held
from bot.queue_operations import decided, existing, step
from bot.queue_values import Undone
from bot.storage.nouns import Nouns
from bot.storage.store import Transaction


def undo(
    tx: Transaction,
    number: QuestionNumber,
    moderator: PersonId,
    event: Event,
    blocked: Sequence[str] = (),
    seen: int | None = None,
    seen_answer: int | None = None,
) -> Undone:
    """Take back the last thing that moderators or the event did, if nothing was done since `seen`, the last step, and
    `seen_answer`, the generation of the answer that held, 0 for none."""
    question = existing(tx, number)
    history, answer = tx.questions.history(number), tx.answers.last(number)
    if seen is not None and history[-1].id != seen:
        raise decided(question)
    if seen_answer is not None and seen_answer != (answer.generation if answer else 0):
        raise _answered(tx, question)
    last = undoable(history)
    if last is None:
        raise NothingToUndo(number)
    if answer is not None and _answered_after(tx, last):
        _withdraw(tx, [answer], moderator)
        earlier = tx.answers.last(number) is not None
        return Undone(existing(tx, number), step=False, answer=True, earlier_answer=earlier)
    if last.from_state is not State.ON_AIR:
        undone = _take_back(tx, question, moderator, blocked)
        return undone if last.took_off is None else _and_back(tx, undone, last.took_off, moderator, event)
    assert question.air_session is not None
    if not _is_on(event, question.air_session, tx.now):
        # Nothing goes on air outside its session: that it was there is taken back as well.
        return _take_back(tx, question, moderator, blocked, steps=2)
    if (current := tx.questions.on_air(question.air_session)) is not None:
        raise UndoBlocked(number, current.number)
    return _take_back(tx, question, moderator, blocked)


def last_changed_by(tx: Nouns, moderator: PersonId, numbers: Sequence[QuestionNumber]) -> QuestionNumber | None:
    """Of these questions the one to which the moderator did something last, of those whose last change is theirs and
    can be taken back."""
    changes = []
    for number in dict.fromkeys(numbers):
        question, last = existing(tx, number), undoable(tx.questions.history(number))
        if last is None:
            continue
        answer = tx.answers.last(number)
        is_answer = answer is not None and _answered_after(tx, last)
        by, at = (answer.moderator, answer.at) if answer and is_answer else (question.moved_by, question.moved_at)
        if by == moderator:
            # Of two that one press moved, the one that was put on air was moved last.
            changes.append((at, is_answer, question.state is State.ON_AIR, number))
    return max(changes)[-1] if changes else None


def _take_back(
    tx: Transaction, question: Question, moderator: PersonId, blocked: Sequence[str], steps: int = 1
) -> Undone:
    """Take back the last steps, with all that they brought with them."""
    taken = in_force(tx.questions.history(question.number))[-steps:]
    answers = tx.answers.since(question.number, taken[0].id)
    _withdraw(tx, answers, moderator)
    airing = next((each for each in taken if each.to_state is State.ON_AIR), None)
    if airing is not None:
        for showing in range(airing.showing or question.showings, question.showings + 1):
            tx.takedowns.order(question.number, Published.QUESTION, showing, tx.now)
        tx.questions.forget_posted(question.number)
    text = tx.texts.before_steps(question.number, [each.id for each in taken])
    if text is not None:
        held = words_held(fold(text), blocked)
        question = tx.questions.set_text(question, text, held, tx.now, moderator=moderator)
    return Undone(
        take_back(tx, question, By.MODERATOR, moderator, steps),
        post=airing is not None,
        answer=bool(answers),
        earlier_answer=bool(answers) and tx.answers.last(question.number) is not None,
        text=text is not None,
        parted_from=question.into,
    )


def _and_back(tx: Transaction, undone: Undone, closing: int, moderator: PersonId, event: Event) -> Undone:
    """Put on air again what the step had taken off it, unless something else was done to that one since, or its session
    is over."""
    other = existing(tx, tx.questions.number_of_step(closing))
    last = undoable(tx.questions.history(other.number))
    if last is None or last.id != closing or other.air_session is None:
        return undone
    if not _is_on(event, other.air_session, tx.now) or tx.questions.on_air(other.air_session) is not None:
        return undone
    return replace(undone, on_air=take_back(tx, other, By.MODERATOR, moderator))


def _is_on(event: Event, key: SessionKey, now: datetime) -> bool:
    session = event.session(key)
    return session.starts_at <= now < session.ends_at


def _answered_after(tx: Nouns, last: Transition) -> bool:
    """Whether an answer in writing came after the step, which may have come with an answer itself."""
    return len(tx.answers.since(last.number, last.id)) > last.is_answer


def _withdraw(tx: Transaction, answers: Sequence[Answer], moderator: PersonId) -> None:
    for answer in answers:
        tx.answers.withdraw(answer, moderator, tx.now)
        tx.takedowns.order(answer.number, Published.ANSWER, answer.generation, tx.now)


def _answered(tx: Nouns, question: Question) -> AlreadyDecided:
    """Who changed the answer meanwhile."""
    by, at = tx.answers.last_change(question.number) or (question.moved_by, question.moved_when)
    return AlreadyDecided(question.number, question.state, by, at)


def take_back(
    tx: Transaction,
    question: Question,
    by: By,
    moderator: PersonId | None = None,
    steps: int = 1,
    at: datetime | None = None,
) -> Question:
    """The question where it stood before its last `steps` in force, as one more step of its history; `at` as in
    `step`."""
    history = tx.questions.history(question.number)
    undone: Transition = in_force(history)[-steps]
    moved = step(tx, question, standing_after(before(history, undone)), by, moderator, undone.id, at)
    if question.into is not None:
        count_support(tx, question.into)
        count_support(tx, question.number)
    return existing(tx, moved.number)


def count_support(tx: Transaction, number: QuestionNumber) -> Question:
    """Count anew who supports the questions that are joined to each other, and give back the one that the others
    were joined to."""
    root = tx.votes.root(number)
    for member in tx.votes.members(root):
        tx.votes.recount(member)
    question = existing(tx, root)
    tx.turns.supported(question)
    return question
