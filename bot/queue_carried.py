"""What is left when a day or the event is over, and everything for a file."""

from bot.ids import SessionKey
from bot.questions import Question, State
from bot.queue_operations import shown
from bot.queue_values import Exported, Lookup, Shown
from bot.storage.nouns import Nouns
from bot.storage.personal import ERASED

#: What stays for a later day, whoever moderates that.
LEFT_FOR_LATER = (State.DEFERRED, State.APPROVED)


def carried_over(tx: Nouns, session: SessionKey, lookup: Lookup) -> tuple[Shown, ...]:
    """Of earlier days, what was deferred or approved and had no turn, in order of arrival."""
    left = [q for state in LEFT_FOR_LATER for q in tx.questions.before(session, state)]
    return _shown(tx, left, lookup)


def for_written_answers(tx: Nouns, lookup: Lookup) -> tuple[Shown, ...]:
    """Of all days, what nobody answered and what was to be answered in writing and is not yet."""
    left = tx.questions.without_the_answer_in_writing()
    for state in (State.DEFERRED, State.APPROVED, State.PENDING):
        left += tx.questions.in_state(state)
    return _shown(tx, left, lookup)


def export(tx: Nouns, lookup: Lookup) -> tuple[Exported, ...]:
    """Every question of the event, in order of arrival."""
    return tuple(
        Exported(
            question,
            shown(tx, question, lookup).asker,
            tx.answers.last(question.number),
            tuple(tx.questions.history(question.number)),
            tuple(tx.texts.replaced(question.number)),
        )
        for question in tx.questions.all()
    )


def _shown(tx: Nouns, questions: list[Question], lookup: Lookup) -> tuple[Shown, ...]:
    # What was erased waits for no answer.
    left = sorted((question for question in questions if question.text != ERASED), key=lambda q: q.number)
    return tuple(shown(tx, question, lookup) for question in left)
