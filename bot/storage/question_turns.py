"""Whose turn is next, kept so that it costs the same however many wait."""

from collections.abc import Callable, Iterator
from heapq import merge
from sqlite3 import Connection, Row

from bot.ids import QuestionNumber, SessionKey
from bot.questions import Question
from bot.storage.queries import load
from bot.turns import Candidate, Line, Policy, Selection

queries = load("question_turns")
_questions = load("questions")

_ALL = Selection()


class QuestionTurns:
    """The turns that a session has given and those that wait for one.

    What gives several is lazy: nothing may be written while it is read.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, session: SessionKey, selection: Selection = _ALL) -> Iterator[Line]:
        """The affiliations that wait, the one whose turn is next first, each with its first question."""
        if not selection.is_all:
            return self._waiting(session, selection)
        return (
            Line(row["turn"], row["taken"], candidate(row))
            for row in queries.waiting(self._connection, session=session)
        )

    def of_turn(self, session: SessionKey, turn: str, selection: Selection = _ALL) -> Iterator[Candidate]:
        """The approved questions of an affiliation in their order: fewest turns of the person, votes, arrival."""
        if selection.is_all:
            return (candidate(row) for row in queries.of_turn(self._connection, session=session, turn=turn))
        chosen = queries.of_turn_in if selection.addressed_folded is None else queries.of_turn_for
        return self._merged(chosen, selection, _within_a_turn, session=session, turn=turn)

    def by(self, session: SessionKey, policy: Policy, selection: Selection = _ALL) -> Iterator[Candidate]:
        """The approved questions in the order of a policy that looks at no affiliation."""
        if selection.is_all:
            query = queries.by_votes if policy == "votes" else queries.by_arrival
            return (candidate(row) for row in query(self._connection, session=session))
        if policy == "votes":
            chosen = queries.by_votes_in if selection.addressed_folded is None else queries.by_votes_for
            return self._merged(chosen, selection, _by_votes, session=session)
        chosen = queries.by_arrival_in if selection.addressed_folded is None else queries.by_arrival_for
        return self._merged(chosen, selection, _by_arrival, session=session)

    def follow(self, question: Question, before: Question) -> None:
        """Bring the turns to what `question` is now."""
        row = _questions.turn_of(self._connection, number=question.number)
        aired = {question.air_session, before.air_session} - {None}
        if question.air_session != before.air_session:
            for session in aired:
                queries.count_author(self._connection, session=session, turn=row["turn"], author=row["author_key"])
        for session in aired | {question.session}:
            self.refresh(SessionKey(str(session)), row["turn"])

    def refresh(self, session: SessionKey, turn: str) -> None:
        """Count the affiliation's turns in the session, and find which of its questions is first."""
        queries.refresh(self._connection, session=session, turn=turn)

    def supported(self, question: Question) -> None:
        """The question has other votes than before."""
        row = _questions.turn_of(self._connection, number=question.number)
        self.refresh(question.session, row["turn"])

    def _waiting(self, session: SessionKey, selection: Selection) -> Iterator[Line]:
        rows = queries.waiting_turns(self._connection, session=session)
        lines = [
            Line(row["turn"], row["taken"], first)
            for row in rows
            if (first := next(self.of_turn(session, row["turn"], selection), None)) is not None
        ]
        return iter(sorted(lines, key=lambda line: (line.taken, *_within_a_turn(line.first))))

    def _merged(
        self,
        query: Callable[..., Iterator[Row]],
        selection: Selection,
        order: Callable[[Candidate], tuple[int, ...]],
        **values: str,
    ) -> Iterator[Candidate]:
        """One language after the other lies in order in the index; of both, the order is made while reading."""
        if selection.addressed_folded is not None:
            values["addressed_folded"] = selection.addressed_folded
        return merge(
            *(map(candidate, query(self._connection, language=it, **values)) for it in selection.languages), key=order
        )


def _within_a_turn(candidate: Candidate) -> tuple[int, ...]:
    return candidate.author_turns, -candidate.votes, candidate.number


def _by_votes(candidate: Candidate) -> tuple[int, ...]:
    return -candidate.votes, candidate.number


def _by_arrival(candidate: Candidate) -> tuple[int, ...]:
    return (candidate.number,)


def candidate(row: Row) -> Candidate:
    """The part of a question on which its turn depends."""
    return Candidate(QuestionNumber(row["number"]), row["turn"], row["author"], row["votes"], row["author_turns"])
