"""Supporting questions and joining them, inside one transaction."""

from bot.anonymity import Anonymity
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_refusals import MergeImpossible, NotVotable, OwnQuestion
from bot.questions import OPEN_TO_MERGE, By, Question, Standing, State
from bot.queue_operations import existing, is_own, shown, step
from bot.queue_undo import count_support
from bot.queue_values import Lookup, Page, Voted
from bot.storage.nouns import Nouns
from bot.storage.store import Transaction


def vote(tx: Transaction, number: QuestionNumber, person: PersonId, anonymity: Anonymity) -> tuple[Voted, Question]:
    """Support the question, or the one to which it was joined; no more, where the person did."""
    question = existing(tx, tx.votes.root(existing(tx, number).number))
    if question.state is not State.APPROVED:
        raise NotVotable(number, question.state)
    group = tx.votes.members(question.number)
    supports = not tx.votes.supports(group, person)
    if not supports:
        tx.votes.remove(group, person)
    elif any(is_own(existing(tx, member), person, anonymity) for member in group):
        raise OwnQuestion(number)
    else:
        tx.votes.add(question.number, person, tx.now)
    question = count_support(tx, question.number)
    return Voted(question.number, question.votes, supports), question


def merge(
    tx: Transaction, number: QuestionNumber, into: QuestionNumber, moderator: PersonId
) -> tuple[Question, Question]:
    """Join the one to the other; both as they are then."""
    question, other = existing(tx, number), existing(tx, into)
    if number == into or other.state not in OPEN_TO_MERGE:
        raise MergeImpossible(number, into, other.state)
    joined = step(
        tx,
        question,
        Standing(State.MERGED, into=into, air_session=question.air_session),
        By.MODERATOR,
        moderator,
    )
    return joined, count_support(tx, into)


def supportable(tx: Nouns, session: SessionKey, page: int, size: int, lookup: Lookup) -> Page:
    """One page of the approved questions, in order of arrival."""
    total = tx.questions.count_in(session, (State.APPROVED,))
    pages = max(1, -(-total // size))
    page = min(max(page, 0), pages - 1)
    found = tx.questions.head(session, State.APPROVED, size, page * size)
    return Page(tuple(shown(tx, question, lookup) for question in found), page, pages, total)
