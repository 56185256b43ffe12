"""How many questions stand where, by what, and how long they waited."""

from collections import Counter
from datetime import datetime
from sqlite3 import Connection
from statistics import median

from bot.agenda import Language
from bot.clock import to_ms
from bot.ids import SessionKey
from bot.question_states import Reason, State
from bot.questions import Figures
from bot.storage.queries import load

queries = load("question_figures")

#: No instant comes after this one.
_EVER = 2**62

#: How the affiliation of a country's delegation begins.
_COUNTRY = "country:"


class QuestionFigures:
    """Figures of a session's questions, counted from their histories."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, session: SessionKey) -> Figures:
        """As they stand."""
        return self._until(session, _EVER)

    def at(self, session: SessionKey, at: datetime) -> Figures:
        """As they stood at `at`, for those who asked as they are registered now. Repeats have no instant: they
        are those of now, and end with the asking."""
        return self._until(session, to_ms(at))

    def _until(self, session: SessionKey, at: int) -> Figures:
        by_state: Counter[State] = Counter()
        by_reason: Counter[Reason] = Counter()
        by_language: Counter[Language] = Counter()
        by_country: Counter[str] = Counter()
        in_writing = anonymous = 0
        for row in queries.standings(self._connection, session=session, at=at):
            how_many = row["how_many"]
            by_state[State(row["state"])] += how_many
            by_language[row["language"]] += how_many
            in_writing += how_many * row["in_writing"]
            anonymous += how_many * row["anonymous"]
            if row["reason"]:
                by_reason[Reason(row["reason"])] += how_many
            if row["affiliation"] and row["affiliation"].startswith(_COUNTRY):
                by_country[row["affiliation"].removeprefix(_COUNTRY)] += how_many
        waits = [row["waited"] for row in queries.waits(self._connection, session=session, at=at)]
        return Figures(
            dict(by_state),
            queries.repeats(self._connection, session=session),
            in_writing,
            dict(by_reason),
            dict(by_language),
            dict(by_country),
            anonymous,
            median(waits) / 1000 if waits else None,
        )
