"""Taking a step back, inside one transaction."""

from bot.agenda import Event
from bot.ids import PersonId, QuestionNumber
from bot.question_refusals import NothingToUndo, UndoBlocked
from bot.question_states import before, in_force, standing_after, undoable
from bot.questions import By, Question, State, Transition
from bot.queue_operations import decided, existing, step
from bot.storage.store import Transaction


def undo(
    tx: Transaction, number: QuestionNumber, moderator: PersonId, event: Event, seen: int | None = None
) -> Question:
    """Take back the last step that moderators or the event made, if nothing was done since `seen`."""
    question = existing(tx, number)
    history = tx.questions.history(number)
    if seen is not None and history[-1].id != seen:
        raise decided(question)
    last = undoable(history)
    if last is None:
        raise NothingToUndo(number)
    if last.from_state is not State.ON_AIR:
        return take_back(tx, question, By.MODERATOR, moderator)
    assert question.air_session is not None
    session = event.session(question.air_session)
    if not session.starts_at <= tx.now < session.ends_at:
        # Nothing goes on air outside its session: that it was there is taken back as well.
        return take_back(tx, question, By.MODERATOR, moderator, steps=2)
    if (current := tx.questions.on_air(session.key)) is not None:
        raise UndoBlocked(number, current.number)
    return take_back(tx, question, By.MODERATOR, moderator)


def take_back(
    tx: Transaction, question: Question, by: By, moderator: PersonId | None = None, steps: int = 1
) -> Question:
    """The question where it stood before its last `steps` in force, as one more step of its history."""
    history = tx.questions.history(question.number)
    undone: Transition = in_force(history)[-steps]
    moved = step(tx, question, standing_after(before(history, undone)), by, moderator, undone.id)
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
