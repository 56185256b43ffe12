"""Questions as they are kept. What may be done with them is decided above; here it is only written down."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from itertools import islice
from sqlite3 import Connection, Row

from bot.agenda import Language
from bot.clock import from_ms, to_ms
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.languages import LANGUAGES
from bot.question_states import By, Standing, State, Transition
from bot.question_text import fold, words_of
from bot.questions import Figures, Question
from bot.storage.queries import load
from bot.storage.question_figures import QuestionFigures
from bot.storage.question_rows import question as question_of
from bot.storage.question_rows import transition as transition_of
from bot.storage.question_texts import QuestionTexts
from bot.storage.question_turns import QuestionTurns
from bot.turns import Selection

queries = load("questions")


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """What a question begins with: `author`, or in its place `seal` and the key's fingerprint, or `filed_for`."""

    session: SessionKey
    author: PersonId | None = field(repr=False)
    seal: str | None = field(repr=False)
    sealed_under: str | None = field(repr=False)
    affiliation: str | None = field(repr=False)
    text: str = field(repr=False)
    folded: str = field(repr=False)
    language: Language
    addressed_to: str | None = field(repr=False)
    held_words: tuple[str, ...] = field(default=(), repr=False)
    filed_by: PersonId | None = None
    filed_for: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class OfAuthor:
    """How many questions somebody has in a session, withdrawn ones apart, and when they asked the last one by name."""

    how_many: int
    last_asked_at: datetime | None


class Questions:
    """Questions and their history.

    Whatever is written here leaves the turns as they have to be.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turns = QuestionTurns(connection)
        self._texts = QuestionTexts(connection)

    def find(self, number: QuestionNumber) -> Question | None:
        row = queries.question(self._connection, number=number)
        return None if row is None else question_of(row)

    def same_text(
        self, session: SessionKey, author: PersonId | None, seal: str | None, folded: str
    ) -> QuestionNumber | None:
        """The person's question of the session that says the same, by name or not; no withdrawn one."""
        number = queries.same_text(self._connection, session=session, author=author, seal=seal, folded=folded)
        return None if number is None else QuestionNumber(number)

    def add(self, question: NewQuestion, at: datetime) -> QuestionNumber:
        """A new question under review, with the first row of its history."""
        number = QuestionNumber(
            queries.add(
                self._connection,
                session=question.session,
                author=question.author,
                seal=question.seal,
                sealed_under=question.sealed_under,
                filed_for=question.filed_for,
                filed_by=question.filed_by,
                affiliation=question.affiliation,
                text=question.text,
                folded=question.folded,
                held_words=json.dumps(question.held_words),
                language=question.language,
                addressed_to=question.addressed_to,
                addressed_folded=None if question.addressed_to is None else fold(question.addressed_to),
                at=to_ms(at),
            )
        )
        queries.set_author_turns(self._connection, number=number)
        self._texts.keep_first_words(question.session, number, words_of(question.folded))
        by = By.AUTHOR if question.filed_by is None else By.MODERATOR
        self._log(number, None, Standing(State.PENDING), at, by, question.filed_by, None)
        return number

    def add_repeat(self, number: QuestionNumber) -> None:
        """Its author asked the same once more."""
        queries.add_repeat(self._connection, number=number)

    def set_text(
        self,
        question: Question,
        text: str,
        held_words: tuple[str, ...],
        at: datetime,
        *,
        moderator: PersonId | None = None,
        folded: str | None = None,
    ) -> Question:
        """The question with another text; the one before is kept, with who replaced it (None: the author).

        `folded` is what the author's repeats are compared with from now on, where that changes.
        """
        self._texts.keep_replaced(question.number, at, moderator)
        queries.set_text(
            self._connection, number=question.number, text=text, folded=folded, held_words=json.dumps(held_words)
        )
        self._texts.keep_words(question.session, question.number, words_of(fold(text)))
        return self._known(question.number)

    def move(
        self,
        question: Question,
        to: Standing,
        at: datetime,
        by: By,
        moderator: PersonId | None = None,
        undoes: int | None = None,
        took_off: int | None = None,
    ) -> Question:
        """The question where it stands now, with a row in its history. Being on air again by taking a step back
        is no new showing. `took_off` is the step of another question that made room on air."""
        queries.move(
            self._connection,
            number=question.number,
            to_state=to.state,
            at=to_ms(at),
            moderator=moderator,
            reason=to.reason,
            words=to.words,
            in_writing=to.in_writing,
            merged_into=to.into,
            air_session=to.air_session,
            shown=to.state is State.ON_AIR and undoes is None,
        )
        self._log(question.number, question.state, to, at, by, moderator, undoes, took_off)
        moved = self._known(question.number)
        self._turns.follow(moved, question)
        return moved

    def history(self, number: QuestionNumber) -> list[Transition]:
        """Every step of the question, in order."""
        return [transition_of(row) for row in queries.transitions(self._connection, number=number)]

    def number_of_step(self, step: int) -> QuestionNumber:
        """Whose history the step stands in."""
        return QuestionNumber(queries.number_of_step(self._connection, id=step))

    def of_author_in(self, session: SessionKey, author: PersonId | None, seal: str | None) -> OfAuthor:
        """What the person has in the session, by name and not."""
        row = queries.of_author_in(self._connection, session=session, author=author, seal=seal)
        last = row["last_asked_at"]
        return OfAuthor(row["how_many"], None if last is None else from_ms(last))

    def count_in(self, session: SessionKey, states: Iterable[State]) -> int:
        """How many of the session stand in one of these states."""
        count: int = queries.count_in(self._connection, session=session, states=json.dumps(list(states)))
        return count

    def place(self, question: Question) -> int:
        """Its place, from 1, among those of its session that wait, in order of arrival."""
        place: int = queries.place(self._connection, session=question.session, number=question.number)
        return place

    def on_air(self, session: SessionKey) -> Question | None:
        """What is before the public in the session, whenever it was asked."""
        number = queries.on_air(self._connection, session=session)
        return None if number is None else self.find(number)

    def all_on_air(self) -> list[Question]:
        """The questions on air, of every session."""
        return self._each(queries.all_on_air(self._connection))

    def head(self, session: SessionKey, state: State, how_many: int, skipped: int = 0) -> list[Question]:
        """The first of the session in that state after `skipped`, in order of arrival."""
        return self._each(
            queries.head(self._connection, session=session, state=state, how_many=how_many, skipped=skipped)
        )

    def addressees(self, session: SessionKey, how_many: int) -> list[str]:
        """To whom the session's questions are addressed, each once, whatever case and accents."""
        rows = queries.addressees(
            self._connection,
            session=session,
            how_many=how_many,
            states=json.dumps(list(State)),
            languages=json.dumps(LANGUAGES),
        )
        return [row["name"] for row in rows]

    def selected(
        self, session: SessionKey, state: State, selection: Selection, how_many: int, skipped: int = 0
    ) -> list[QuestionNumber]:
        """The first of a selection in that state after `skipped`, in order of arrival; something must be selected."""
        values = {"session": session, "state": state}
        query = queries.head_in
        if selection.addressed_folded is not None:
            values["addressed_folded"], query = selection.addressed_folded, queries.head_for
        found = [
            (row["number"] for row in query(self._connection, language=it, **values)) for it in selection.languages
        ]
        return [QuestionNumber(number) for number in islice(merge(*found), skipped, skipped + how_many)]

    def numbered(self, session: SessionKey, state: State, low: int, high: int, how_many: int) -> list[Question]:
        """The first of the session in that state with a number from `low` to `high`."""
        return self._each(
            queries.numbered(self._connection, session=session, state=state, low=low, high=high, how_many=how_many)
        )

    def recently_moved(self, session: SessionKey, how_many: int) -> list[Question]:
        """The session's questions that moderators moved, the last one first."""
        return self._each(queries.recently_moved(self._connection, session=session, how_many=how_many))

    def before(self, session: SessionKey, state: State) -> list[Question]:
        """The questions of earlier days in that state, in order of arrival."""
        return self._each(queries.before(self._connection, session=session, state=state))

    def in_state(self, state: State) -> list[Question]:
        """The questions of the event in that state, in order of arrival."""
        return self._each(queries.in_state(self._connection, state=state))

    def without_the_answer_in_writing(self) -> list[Question]:
        """Those that were to be answered in writing and are not yet."""
        return self._each(queries.without_the_answer_in_writing(self._connection))

    def all(self) -> list[Question]:
        """Every question of the event, in order of arrival."""
        return self._each(queries.everything(self._connection))

    def of_author(self, author: PersonId, seals: Iterable[str]) -> list[Question]:
        """Every question of the person, in order of arrival; `seals` are theirs in each session."""
        return self._each(queries.of_author(self._connection, keys=json.dumps([str(author), *seals])))

    def joined_to(self, number: QuestionNumber) -> list[Question]:
        """The questions that were joined to this one itself."""
        return self._each(queries.joined_to(self._connection, number=number))

    def state_of_each(self) -> dict[QuestionNumber, State]:
        """How every question of the event stands, in order of arrival."""
        return {QuestionNumber(row["number"]): State(row["state"]) for row in queries.state_of_each(self._connection)}

    def figures(self, session: SessionKey) -> Figures:
        """How many stand where, at no cost; `tx.figures` tells more."""
        rows = list(queries.states(self._connection, session=session))
        states = {State(row["state"]): row["how_many"] for row in rows if row["how_many"]}
        return Figures(states, sum(row["repeats"] for row in rows))

    def figures_at(self, session: SessionKey, at: datetime) -> Figures:
        """As they stood at `at`. Repeats have no instant: they are those of now, and end with the asking."""
        return QuestionFigures(self._connection).at(session, at)

    def show_again(self, question: Question) -> Question:
        """The question with one more showing, which is not posted yet."""
        queries.show_again(self._connection, number=question.number)
        return self._known(question.number)

    def note_posted(self, question: Question, message: MessageId) -> None:
        """The message that shows this showing of the question; nothing, where there was another since or it is
        to be removed."""
        queries.note_posted(self._connection, number=question.number, showings=question.showings, message=message)

    def forget_posted(self, number: QuestionNumber) -> None:
        """The message of the question's last showing is not its post any more."""
        queries.forget_posted(self._connection, number=number)

    def posted(self, number: QuestionNumber) -> MessageId | None:
        """The message of the question's last showing, once it is known."""
        message: MessageId | None = queries.posted(self._connection, number=number)
        return message

    def set_affiliation(self, author: PersonId, affiliation: str | None) -> None:
        """For whose turn the person's questions by name count, from now on."""
        before = list(queries.affiliations_of(self._connection, author=author))
        queries.set_affiliation(self._connection, author=author, affiliation=affiliation)
        after = list(queries.affiliations_of(self._connection, author=author))
        for session, turn in {tuple(row) for row in (*before, *after)}:
            self._turns.refresh(session, turn)

    def _known(self, number: QuestionNumber) -> Question:
        question = self.find(number)
        assert question is not None
        return question

    def _each(self, rows: Iterable[Row]) -> list[Question]:
        numbers: Sequence[int] = [row["number"] for row in rows]
        return [q for n in numbers if (q := self.find(QuestionNumber(n))) is not None]

    def _log(
        self,
        number: QuestionNumber,
        from_state: State | None,
        to: Standing,
        at: datetime,
        by: By,
        moderator: PersonId | None,
        undoes: int | None,
        took_off: int | None = None,
    ) -> None:
        queries.log_transition(
            self._connection,
            number=number,
            at=to_ms(at),
            moved_by=by,
            moderator=moderator,
            from_state=from_state,
            to_state=to.state,
            reason=to.reason,
            words=to.words,
            undoes=undoes,
            in_writing=to.in_writing,
            merged_into=to.into,
            air_session=to.air_session if to.state is State.ON_AIR else None,
            took_off=took_off,
        )
