"""The rules of the questions: text, hours, states and turns."""

import unicodedata
from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Block, BlockKind, Event, Session
from bot.ids import BlockKey, QuestionNumber, SessionKey
from bot.question_refusals import (
    AskingClosed,
    AskingNotOpen,
    EmptyText,
    QuestionTimeNotCome,
    SessionNotOn,
    TextTooLong,
)
from bot.question_text import fold, says_something, shortened, tidy
from bot.questions import (
    TRANSITIONS,
    WAITING,
    Figures,
    State,
    asking_hours,
    check_may_go_on_air,
    checked_addition,
    checked_text,
    session_to_ask_in,
)
from bot.turns import Candidate, Turns, in_turn, next_up

ZONE = ZoneInfo("America/Costa_Rica")

EMPTY_LOOKING = [
    "",
    "   ",
    "\n\n\n",
    "\t \r\n",
    "\u200b",
    "\u2800\u2800",
    "\u3164",
    "\u115f\u1160\uffa0",
    "\u00ad\u2060\ufeff",
    "\u0301\u0302\u0308",
    "😀🎉",
    "🇨🇷",
    "1️⃣",
    "ℹ️",
    "👨‍👩‍👧",
    "¿?",
    "…—·",
    "\x00\x07",
    "\ud800",
]


def at(text: str) -> datetime:
    """An instant of the event's zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def session(number: int, day: int, *blocks: tuple[BlockKind, str, str]) -> Session:
    key = SessionKey(f"2020-09-{day:02}")
    return Session(
        key,
        date(2020, 9, day),
        number,
        {"es": f"Tema {number}"},
        tuple(
            Block(
                BlockKey(f"{key}/{n}"), kind, {"es": kind}, at(f"{key} {start}"), at(f"{key} {end}"), f"{start}-{end}"
            )
            for n, (kind, start, end) in enumerate(blocks, 1)
        ),
    )


TUESDAY = session(1, 8, (BlockKind.OPENING, "09:00", "10:15"), (BlockKind.QA, "10:15", "11:00"))
FRIDAY = session(
    2,
    11,
    (BlockKind.OPENING, "09:00", "10:15"),
    (BlockKind.QA, "10:15", "10:45"),
    (BlockKind.CLOSING, "10:45", "11:00"),
)
EVENT = Event({"es": "Taller"}, ZONE, ("es", "en"), (TUESDAY, FRIDAY))


def hours(of: Session) -> object:
    return asking_hours(of, "session", "qa")


class TestText:
    @pytest.mark.trial("Q7")
    @pytest.mark.parametrize("text", EMPTY_LOOKING)
    def test_text_that_shows_nothing_is_refused_everywhere(self, text: str) -> None:
        with pytest.raises(EmptyText):
            checked_text(text, 1000)
        if text:
            for where in ("addressee", "words"):
                with pytest.raises(EmptyText):
                    checked_addition(text, where)

    @pytest.mark.parametrize("text", ["¿Qué?", "ñ", "7", "سؤال", "問", "कैसे", "😀 sí", "é", "#2"])
    def test_text_with_a_letter_or_number_is_taken(self, text: str) -> None:
        assert checked_text(text, 1000) == text

    def test_addition_may_be_left_out(self) -> None:
        assert checked_addition(None, "words") is None
        assert checked_addition("", "addressee") is None

    @pytest.mark.trial("D4")
    def test_question_over_the_limit_is_refused(self) -> None:
        assert checked_text("á" * 1000, 1000) == "á" * 1000
        with pytest.raises(TextTooLong) as refused:
            checked_text("á" * 4000, 1000)
        assert refused.value == TextTooLong(4000, 1000)

    def test_tidy_keeps_what_was_typed_but_for_what_cannot_be_kept(self) -> None:
        assert tidy("  **Uno**\r\n\r\n dos\x00\ud83d\t<@1>  ") == "**Uno**\n\n dos\t<@1>"

    @pytest.mark.trial("Q1")
    @pytest.mark.parametrize(
        "other",
        [
            "cuando se detiene",
            unicodedata.normalize("NFD", "  ¿cuándo   se\ndetiene??  "),
            "¿CUÁNDO SE DETIENE?",
            "¿Cuán\u00addo se\u200b detiene",
            "¿Ｃuándo se detiene?",
        ],
    )
    def test_same_question_written_otherwise_folds_alike(self, other: str) -> None:
        assert fold(other) == fold("¿Cuándo se detiene?")

    @pytest.mark.parametrize(
        ("one", "other"), [("¿Cuándo?", "¿Cuánto?"), ("कि", "का"), ("1 de mayo", "2 de mayo"), ("C", "C++")]
    )
    def test_different_questions_fold_differently(self, one: str, other: str) -> None:
        assert fold(one) != fold(other)

    @given(st.text())
    def test_fold_of_text_that_says_something_says_something(self, text: str) -> None:
        if says_something(text):
            assert fold(text).strip()

    @given(st.text(), st.integers(5, 400))
    def test_shortened_is_one_line_within_the_length(self, text: str, length: int) -> None:
        short = shortened(text, length)
        assert len(short) <= length
        assert len(short.splitlines()) <= 1
        if short != " ".join(text.split()):
            assert short.endswith("…")

    def test_shortened_never_cuts_inside_a_letter(self) -> None:
        assert shortened("e\u0301" * 10, 8) == "e\u0301" * 3 + "…"


class TestHours:
    def test_question_is_taken_until_the_last_instant_and_not_at_it(self) -> None:
        last = at("2020-09-08 10:59:59.900")
        assert session_to_ask_in(EVENT, hours, last) is TUESDAY
        for late in (at("2020-09-08 11:00"), at("2020-09-08 11:00:00.100"), at("2020-09-08 23:59")):
            with pytest.raises(AskingClosed) as refused:
                session_to_ask_in(EVENT, hours, late)
            assert refused.value == AskingClosed(at("2020-09-08 11:00"), at("2020-09-11 09:00"))

    def test_question_before_the_session_is_told_when_asking_opens(self) -> None:
        assert session_to_ask_in(EVENT, hours, at("2020-09-08 09:00")) is TUESDAY
        for early in (at("2020-09-01 12:00"), at("2020-09-08 08:59:59.999")):
            with pytest.raises(AskingNotOpen) as refused:
                session_to_ask_in(EVENT, hours, early)
            assert refused.value == AskingNotOpen(at("2020-09-08 09:00"))
        with pytest.raises(AskingNotOpen) as refused:
            session_to_ask_in(EVENT, hours, at("2020-09-09 10:00"))
        assert refused.value == AskingNotOpen(at("2020-09-11 09:00"))

    def test_asking_closes_with_the_questions_of_friday_though_the_session_goes_on(self) -> None:
        with pytest.raises(AskingClosed) as refused:
            session_to_ask_in(EVENT, hours, at("2020-09-11 10:45"))
        assert refused.value == AskingClosed(at("2020-09-11 10:45"), None)
        with pytest.raises(AskingNotOpen) as over:
            session_to_ask_in(EVENT, hours, at("2020-09-12 10:45"))
        assert over.value == AskingNotOpen(None)

    def test_hours_follow_the_configuration(self) -> None:
        assert asking_hours(FRIDAY, "qa", "session").opens_at == at("2020-09-11 10:15")
        assert asking_hours(FRIDAY, "qa", "session").closes_at == at("2020-09-11 11:00")

    def test_nothing_goes_on_air_before_its_time_unless_confirmed(self) -> None:
        with pytest.raises(QuestionTimeNotCome) as early:
            check_may_go_on_air(TUESDAY, at("2020-09-08 10:14:59"), early=False)
        assert early.value.starts_at == at("2020-09-08 10:15")
        check_may_go_on_air(TUESDAY, at("2020-09-08 10:14:59"), early=True)
        check_may_go_on_air(TUESDAY, at("2020-09-08 10:15"), early=False)
        for outside in (at("2020-09-08 08:59"), at("2020-09-08 11:00"), at("2020-09-11 10:20")):
            with pytest.raises(SessionNotOn):
                check_may_go_on_air(TUESDAY, outside, early=True)


class TestStates:
    def test_every_state_has_its_ways_out(self) -> None:
        assert set(TRANSITIONS) == set(State)
        assert {s for s in State if State.WITHDRAWN in TRANSITIONS[s]} == WAITING
        assert State.ON_AIR not in TRANSITIONS[State.PENDING]

    def test_figures_add_up(self) -> None:
        figures = Figures({State.PENDING: 2, State.APPROVED: 1, State.ANSWERED: 3, State.REJECTED: 1}, repeats=4)
        assert (figures.received, figures.waiting, figures.accepted) == (7, 3, 4)
        assert figures[State.ON_AIR] == 0


def candidate(number: int, turn: str, author: str = "", votes: int = 0) -> Candidate:
    return Candidate(QuestionNumber(number), turn, author or f"{turn}{number}", votes)


class TestTurns:
    QUESTIONS = (
        candidate(1, "CR", "ana"),
        candidate(2, "CR", "ana", votes=9),
        candidate(3, "CR", "eva"),
        candidate(4, "HN"),
        candidate(5, "anonymous"),
        candidate(6, "anonymous", votes=2),
    )

    def test_rotation_gives_each_affiliation_a_turn_before_a_second(self) -> None:
        order = [c.number for c in in_turn(self.QUESTIONS, "rotation", Turns())]
        assert order == [2, 6, 4, 3, 5, 1]

    def test_rotation_remembers_the_turns_that_were_given(self) -> None:
        turns = Turns({"CR": 1, "anonymous": 1}, {"ana": 1})
        assert [c.number for c in in_turn(self.QUESTIONS, "rotation", turns)][:2] == [4, 6]

    @pytest.mark.parametrize("policy", ["rotation", "votes", "arrival"])
    def test_first_ones_are_the_beginning_of_all(self, policy: str) -> None:
        everything = in_turn(self.QUESTIONS, policy, Turns({"CR": 1}))
        assert [in_turn(self.QUESTIONS, policy, Turns({"CR": 1}), n) for n in range(8)] == [
            everything[:n] for n in range(8)
        ]

    def test_votes_and_arrival(self) -> None:
        assert [c.number for c in in_turn(self.QUESTIONS, "votes", Turns())] == [2, 6, 1, 3, 4, 5]
        assert [c.number for c in in_turn(self.QUESTIONS, "arrival", Turns())] == [1, 2, 3, 4, 5, 6]

    @given(st.lists(st.tuples(st.sampled_from(["CR", "HN", "GT", "anonymous"]), st.integers(0, 3), st.integers(0, 5))))
    def test_no_affiliation_has_a_second_turn_before_each_had_one(self, waiting: list[tuple[str, int, int]]) -> None:
        questions = [candidate(n, turn, f"{turn}{who}", votes) for n, (turn, who, votes) in enumerate(waiting)]
        order = in_turn(questions, "rotation", Turns())
        assert sorted(c.number for c in order) == list(range(len(questions)))
        given_turns: Counter[str] = Counter()
        for place, chosen in enumerate(order):
            still_waiting = {c.turn for c in order[place:]}
            assert given_turns[chosen.turn] == min(given_turns[turn] for turn in still_waiting)
            given_turns[chosen.turn] += 1

    @given(
        st.lists(st.tuples(st.sampled_from(["CR", "HN"]), st.integers(0, 2), st.integers(0, 2))),
        st.sampled_from(["rotation", "votes", "arrival"]),
    )
    def test_next_up_is_the_first_in_turn(self, waiting: list[tuple[str, int, int]], policy: str) -> None:
        questions = [candidate(n, turn, f"{turn}{who}", votes) for n, (turn, who, votes) in enumerate(waiting)]
        order = in_turn(questions, policy, Turns({"CR": 1}, {"CR0": 1}))
        assert next_up(questions, policy, Turns({"CR": 1}, {"CR0": 1})) == (order[0] if order else None)
