"""What questions said before, and the words by which they are found."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from sqlite3 import Connection

from bot.clock import from_ms, to_ms
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_states import By, State
from bot.question_text import fold
from bot.questions import Replaced
from bot.storage.queries import load

queries = load("question_texts")


@dataclass(frozen=True, slots=True)
class Alike:
    """A question that waits and shares words with a text: whose it is, and what it folds to."""

    number: QuestionNumber
    author: PersonId | None = field(repr=False)
    seal: str | None = field(repr=False)
    is_approved: bool
    folded: str = field(repr=False)


class QuestionTexts:
    """Texts that were replaced, and the words of those that stand."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def keep_replaced(self, number: QuestionNumber, at: datetime, moderator: PersonId | None) -> None:
        """Keep the text that the question has now."""
        by = By.AUTHOR if moderator is None else By.MODERATOR
        queries.keep_replaced(self._connection, number=number, at=to_ms(at), replaced_by=by, moderator=moderator)

    def came_with(self, number: QuestionNumber, step: int) -> None:
        """The last change of the text came with this step, and is taken back with it."""
        queries.came_with(self._connection, number=number, step=step)

    def before_steps(self, number: QuestionNumber, steps: Sequence[int]) -> str | None:
        """What the question said before these steps changed it; None where they did not."""
        text: str | None = queries.before_steps(self._connection, number=number, steps=json.dumps(steps))
        return text

    def replaced(self, number: QuestionNumber) -> list[Replaced]:
        """What the question said before, the first text first."""
        return [
            Replaced(
                QuestionNumber(row["number"]),
                row["text"],
                from_ms(row["replaced_at"]),
                By(row["replaced_by"]),
                None if row["moderator_id"] is None else PersonId(row["moderator_id"]),
            )
            for row in queries.replaced(self._connection, number=number)
        ]

    def keep_words(self, session: SessionKey, number: QuestionNumber, words: Iterable[str]) -> None:
        """The question is found by these words, and by no others."""
        queries.forget_words(self._connection, number=number)
        self.keep_first_words(session, number, words)

    def keep_first_words(self, session: SessionKey, number: QuestionNumber, words: Iterable[str]) -> None:
        """A new question is found by these words."""
        queries.keep_words(self._connection, session=session, number=number, words=json.dumps(list(words)))

    def alike(self, session: SessionKey, words: Sequence[str], newest: int, how_many: int) -> list[Alike]:
        """Those that wait and share words with a text, the most and the rarest first; of each word its `newest`."""
        rows = queries.alike(
            self._connection, session=session, words=json.dumps(list(words)), newest=newest, how_many=how_many
        )
        return [
            Alike(
                QuestionNumber(row["number"]),
                None if row["author_id"] is None else PersonId(row["author_id"]),
                row["author_seal"],
                row["state"] == State.APPROVED,
                fold(row["text"]) if row["folded"] is None else row["folded"],
            )
            for row in rows
        ]

    def with_prefix(
        self, session: SessionKey, beginning: str, states: Sequence[State], looked_at: int, how_many: int
    ) -> list[QuestionNumber]:
        """The first that are found in these states with a word that begins like this, in order of arrival."""
        rows = queries.with_prefix(
            self._connection,
            session=session,
            low=beginning,
            high=beginning + "\U0010ffff",
            states=json.dumps(list(states)),
            looked_at=looked_at,
            how_many=how_many,
        )
        return sorted(QuestionNumber(row["number"]) for row in rows)
