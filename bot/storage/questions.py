"""Questions as they are kept. What may be done with them is decided above; here it is only written down."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection, Row

from bot.agenda import Language
from bot.clock import from_ms, to_ms
from bot.ids import ChannelId, MessageId, PersonId, QuestionNumber, SessionKey
from bot.questions import By, Figures, LiveMessage, Question, Reason, State
from bot.storage.queries import load
from bot.turns import Candidate, Turns

queries = load("questions")


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What a question begins with: `author`, or `seal` in its place."""

    session: SessionKey
    author: PersonId | None = field(repr=False)
    seal: str | None = field(repr=False)
    affiliation: str | None = field(repr=False)
    text: str = field(repr=False)
    folded: str = field(repr=False)
    language: Language
    addressed_to: str | None = field(repr=False)


@dataclass(frozen=True, slots=True)
class Transition:
    """One step in a question's history. `from_state` is None for the asking."""

    at: datetime
    by: By
    moderator: PersonId | None
    from_state: State | None
    to_state: State
    reason: Reason | None
    words: str | None


class Questions:
    """Questions, their history and the messages that show them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, number: QuestionNumber) -> Question | None:
        row = queries.question(self._connection, number=number)
        return None if row is None else _question(row)

    def same_text(self, session: SessionKey, author: PersonId, seal: str, folded: str) -> QuestionNumber | None:
        """The person's question of the session that says the same, by name or not; no withdrawn one."""
        row = queries.same_text(self._connection, session=session, author=author, seal=seal, folded=folded)
        return None if row is None else QuestionNumber(row["number"])

    def add(self, question: NewQuestion, at: datetime) -> QuestionNumber:
        """A new question under review, with the first row of its history."""
        number = queries.add(
            self._connection,
            session=question.session,
            author=question.author,
            seal=question.seal,
            affiliation=question.affiliation,
            text=question.text,
            folded=question.folded,
            language=question.language,
            addressed_to=question.addressed_to,
            at=to_ms(at),
        )
        self._log(number, at, By.AUTHOR, None, None, State.PENDING, None, None)
        return QuestionNumber(number)

    def add_repeat(self, number: QuestionNumber) -> None:
        """Its author asked the same once more."""
        queries.add_repeat(self._connection, number=number)

    def move(
        self,
        question: Question,
        to: State,
        at: datetime,
        by: By,
        moderator: PersonId | None = None,
        reason: Reason | None = None,
        words: str | None = None,
    ) -> Question:
        """The question in its new state, with a row in its history."""
        queries.move(
            self._connection,
            number=question.number,
            to_state=to,
            at=to_ms(at),
            moderator=moderator,
            reason=reason,
            words=words,
            shown=int(to is State.ON_AIR),
        )
        self._log(question.number, at, by, moderator, question.state, to, reason, words)
        moved = self.find(question.number)
        assert moved is not None
        return moved

    def history(self, number: QuestionNumber) -> list[Transition]:
        """Every step of the question, in order."""
        return [
            Transition(
                from_ms(row["at"]),
                By(row["moved_by"]),
                _person(row["moderator_id"]),
                State(row["from_state"]) if row["from_state"] else None,
                State(row["to_state"]),
                Reason(row["reason"]) if row["reason"] else None,
                row["words"],
            )
            for row in queries.transitions(self._connection, number=number)
        ]

    def count_of_author(self, session: SessionKey, author: PersonId, seal: str) -> int:
        """How many the person has in the session, by name and not; withdrawn ones do not count."""
        count: int = queries.count_of_author(self._connection, session=session, author=author, seal=seal)
        return count

    def count_of_session(self, session: SessionKey) -> int:
        """How many the session has; withdrawn ones do not count."""
        count: int = queries.count_of_session(self._connection, session=session)
        return count

    def place(self, question: Question) -> int:
        """Its place, from 1, among those of its session that wait, in order of arrival."""
        place: int = queries.place(self._connection, session=question.session, number=question.number)
        return place

    def on_air(self, session: SessionKey) -> Question | None:
        number = queries.on_air(self._connection, session=session)
        return None if number is None else self.find(number)

    def all_on_air(self) -> list[Question]:
        """The questions on air, of every session."""
        return self._each(row["number"] for row in list(queries.all_on_air(self._connection)))

    def head(self, session: SessionKey, state: State, how_many: int) -> list[Question]:
        """The first of the session in that state, in order of arrival."""
        rows = list(queries.head(self._connection, session=session, state=state, how_many=how_many))
        return self._each(row["number"] for row in rows)

    def candidates(self, session: SessionKey) -> list[Candidate]:
        """The approved questions of the session, in order of arrival."""
        return [
            Candidate(QuestionNumber(row["number"]), row["turn"], row["author"], row["votes"])
            for row in queries.candidates(self._connection, session=session)
        ]

    def turns(self, session: SessionKey) -> Turns:
        """The turns that the session has given so far."""
        by_turn: dict[str, int] = {}
        by_author: dict[str, int] = {}
        for row in queries.turns(self._connection, session=session):
            by_turn[row["turn"]] = by_turn.get(row["turn"], 0) + row["taken"]
            by_author[row["author"]] = by_author.get(row["author"], 0) + row["taken"]
        return Turns(by_turn, by_author)

    def of_author(self, author: PersonId, seals: Iterable[str]) -> list[Question]:
        """Every question of the person, in order of arrival; `seals` are theirs in each session."""
        found = list(queries.of_author(self._connection, author=author, seals=json.dumps(list(seals))))
        return self._each(row["number"] for row in found)

    def state_of_each(self) -> dict[QuestionNumber, State]:
        """How every question of the event stands, in order of arrival."""
        return {QuestionNumber(row["number"]): State(row["state"]) for row in queries.state_of_each(self._connection)}

    def figures(self, session: SessionKey) -> Figures:
        rows = list(queries.states(self._connection, session=session))
        return Figures({State(row["state"]): row["how_many"] for row in rows}, sum(row["repeats"] for row in rows))

    def figures_at(self, session: SessionKey, at: datetime) -> Figures:
        """As they stood at `at`. Repeats have no instant: they are those of now, and end with the asking."""
        rows = list(queries.states_at(self._connection, session=session, at=to_ms(at)))
        return Figures({State(row["state"]): row["how_many"] for row in rows}, self.figures(session).repeats)

    def show_again(self, question: Question) -> Question:
        """The question with one more showing, which is not posted yet."""
        queries.show_again(self._connection, number=question.number)
        shown = self.find(question.number)
        assert shown is not None
        return shown

    def note_posted(self, question: Question, message: MessageId) -> None:
        """The message that shows this showing of the question; nothing, where there was another since."""
        queries.note_posted(self._connection, number=question.number, showings=question.showings, message=message)

    def posted(self, number: QuestionNumber) -> MessageId | None:
        """The message of the question's last showing, once it is known."""
        message: MessageId | None = queries.posted(self._connection, number=number)
        return message

    def set_affiliation(self, author: PersonId, affiliation: str | None) -> None:
        """For whose turn the person's questions by name count, from now on."""
        queries.set_affiliation(self._connection, author=author, affiliation=affiliation)

    def sealed_under(self) -> str | None:
        """The fingerprint of the key of the anonymous questions; None where there are none yet."""
        if not queries.has_anonymous(self._connection):
            return None
        fingerprint: str | None = queries.key_fingerprint(self._connection)
        return fingerprint

    def keep_key_fingerprint(self, fingerprint: str) -> None:
        queries.keep_key_fingerprint(self._connection, fingerprint=fingerprint)

    def live_message(self, name: str) -> LiveMessage | None:
        row = queries.live_message(self._connection, name=name)
        if row is None:
            return None
        return LiveMessage(ChannelId(row["channel_id"]), MessageId(row["message_id"]), from_ms(row["posted_at"]))

    def keep_live_message(self, name: str, message: LiveMessage) -> None:
        queries.keep_live_message(
            self._connection,
            name=name,
            channel=message.channel,
            message=message.message,
            posted_at=to_ms(message.posted_at),
        )

    def _each(self, numbers: Iterable[int]) -> list[Question]:
        return [q for n in numbers if (q := self.find(QuestionNumber(n))) is not None]

    def _log(
        self,
        number: QuestionNumber,
        at: datetime,
        by: By,
        moderator: PersonId | None,
        from_state: State | None,
        to: State,
        reason: Reason | None,
        words: str | None,
    ) -> None:
        queries.log_transition(
            self._connection,
            number=number,
            at=to_ms(at),
            moved_by=by,
            moderator=moderator,
            from_state=from_state,
            to_state=to,
            reason=reason,
            words=words,
        )


def _person(value: int | None) -> PersonId | None:
    return None if value is None else PersonId(value)


def _question(row: Row) -> Question:
    return Question(
        number=QuestionNumber(row["number"]),
        session=SessionKey(row["session_key"]),
        author=_person(row["author_id"]),
        seal=row["author_seal"],
        text=row["text"],
        language=row["language"],
        addressed_to=row["addressed_to"],
        state=State(row["state"]),
        asked_at=from_ms(row["asked_at"]),
        moved_at=from_ms(row["moved_at"]),
        moved_by=_person(row["moved_by"]),
        reason=Reason(row["reason"]) if row["reason"] else None,
        words=row["words"],
        showings=row["showings"],
        votes=row["votes"],
    )
