"""Whose turn is next, kept so that it costs the same however many wait."""

from collections.abc import Iterator, Mapping
from sqlite3 import Connection, Row

from bot.ids import QuestionNumber, SessionKey
from bot.questions import Question
from bot.storage.queries import load
from bot.turns import Candidate, Line, Policy

queries = load("question_turns")
_questions = load("questions")


class QuestionTurns:
    """The turns that a session has given and those that wait for one.

    What gives several is lazy: nothing may be written while it is read.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, session: SessionKey) -> Iterator[Line]:
        """The affiliations that wait, the one whose turn is next first, each with its first question."""
        return (
            Line(row["turn"], row["taken"], candidate(row))
            for row in queries.waiting(self._connection, session=session)
        )

    def of_turn(self, session: SessionKey, turn: str) -> Iterator[Candidate]:
        """The approved questions of an affiliation in their order: fewest turns of the person, votes, arrival."""
        return (candidate(row) for row in queries.of_turn(self._connection, session=session, turn=turn))

    def by(self, session: SessionKey, policy: Policy) -> Iterator[Candidate]:
        """The approved questions in the order of a policy that looks at no affiliation."""
        query = queries.by_votes if policy == "votes" else queries.by_arrival
        return (candidate(row) for row in query(self._connection, session=session))

    def taken(self, session: SessionKey) -> Mapping[str, int]:
        """How many turns each affiliation has had in the session."""
        return {row["turn"]: row["taken"] for row in queries.taken(self._connection, session=session)}

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


def candidate(row: Row) -> Candidate:
    """The part of a question on which its turn depends."""
    return Candidate(QuestionNumber(row["number"]), row["turn"], row["author"], row["votes"], row["author_turns"])
