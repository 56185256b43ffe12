"""The order of turns as it is read from the database's two lists, and histories that are replayed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_states import before, in_force
from bot.questions import By, Reason, Standing, State, Transition, standing_after, undoable, words_held
from bot.turns import ANONYMOUS_TURN, Candidate, Line, Turns, in_turn, rotate

TUESDAY = SessionKey("2020-09-08")
MODERATOR = PersonId(801)

#: Who waits: affiliation, which of its people, votes. Who has had turns: how many, by affiliation and by person.
waiting = st.lists(st.tuples(st.sampled_from(["CR", "HN", "GT", "anonymous"]), st.integers(0, 3), st.integers(0, 3)))
had = st.dictionaries(st.tuples(st.sampled_from(["CR", "HN", "GT"]), st.integers(0, 3)), st.integers(1, 3), max_size=6)


def lined_up(
    asked: list[tuple[str, int, int]], turns: Turns
) -> tuple[list[Candidate], Iterator[Line], dict[str, list[Candidate]]]:
    """The candidates, and the two lists as the database gives them."""
    candidates = [
        Candidate(QuestionNumber(n), turn, None, votes)
        if turn == ANONYMOUS_TURN
        else Candidate(QuestionNumber(n), turn, f"{turn}{who}", votes, turns.by_author.get(f"{turn}{who}", 0))
        for n, (turn, who, votes) in enumerate(asked, 1)
    ]
    of_turn: dict[str, list[Candidate]] = {}
    for candidate in sorted(candidates, key=lambda c: (c.author_turns, -c.votes, c.number)):
        of_turn.setdefault(candidate.turn, []).append(candidate)
    lines = [Line(turn, turns.by_turn.get(turn, 0), of_turn[turn][0]) for turn in of_turn]
    lines.sort(key=lambda line: (line.taken, line.first.author_turns, -line.first.votes, line.first.number))
    return candidates, iter(lines), of_turn


@given(waiting, had)
def test_order_from_the_two_lists_is_the_order_of_the_rule(
    asked: list[tuple[str, int, int]], given_turns: dict[tuple[str, int], int]
) -> None:
    by_turn: Counter[str] = Counter()
    for (turn, _), count in given_turns.items():
        by_turn[turn] += count
    turns = Turns(by_turn, {f"{turn}{who}": count for (turn, who), count in given_turns.items()})
    candidates, lines, of_turn = lined_up(asked, turns)
    order = list(rotate(lines, lambda turn: iter(of_turn[turn])))
    assert [candidate for candidate, _ in order] == in_turn(candidates, "rotation", turns)
    had_by_then = Counter(by_turn)
    for candidate, taken in order:
        assert taken == had_by_then[candidate.turn]
        had_by_then[candidate.turn] += 1


@given(waiting.filter(bool))
def test_with_k_countries_waiting_none_gets_a_second_turn_before_each_had_one(
    asked: list[tuple[str, int, int]],
) -> None:
    _, lines, of_turn = lined_up(asked, Turns())
    order = rotate(lines, lambda turn: iter(of_turn[turn]))
    first_round = [next(order)[0].turn for _ in of_turn]
    assert sorted(first_round) == sorted(of_turn)


@given(waiting, had, st.permutations(range(4)))
def test_who_asked_which_of_the_anonymous_ones_changes_nothing_of_the_order(
    asked: list[tuple[str, int, int]], given_turns: dict[tuple[str, int], int], others: list[int]
) -> None:
    """Neither in the rule, to which authors of anonymous questions cannot even be told, nor from the two lists."""
    turns = Turns(Counter(turn for turn, _ in given_turns), {f"{t}{who}": n for (t, who), n in given_turns.items()})
    swapped = [(turn, others[who] if turn == ANONYMOUS_TURN else who, votes) for turn, who, votes in asked]
    orders = []
    for each in (asked, swapped):
        candidates, lines, of_turn = lined_up(each, turns)
        read = [candidate.number for candidate, _ in rotate(lines, lambda turn, of=of_turn: iter(of[turn]))]
        orders += [read, [candidate.number for candidate in in_turn(candidates, "rotation", turns)]]
    assert orders[0] == orders[1] == orders[2] == orders[3]
    anonymous = [n for n in orders[0] if asked[n - 1][0] == ANONYMOUS_TURN]
    assert anonymous == sorted(anonymous, key=lambda n: (-asked[n - 1][2], n))


def test_only_what_is_needed_is_read() -> None:
    read: list[str] = []
    candidates = {turn: Candidate(QuestionNumber(n), turn, turn) for n, turn in enumerate("abcdef", 1)}

    def lines() -> Iterator[Line]:
        for turn, first in candidates.items():
            read.append(turn)
            yield Line(turn, 0, first)

    order = rotate(lines(), lambda turn: iter([candidates[turn]]))
    assert next(order)[0].turn == "a"
    assert read == ["a", "b"]


def step(id_: int, from_state: State | None, to: State, undoes: int | None = None, **more: object) -> Transition:
    by = By.MODERATOR if from_state else By.AUTHOR
    moderator = MODERATOR if from_state else None
    at = datetime(2020, 9, 8, 16, id_, tzinfo=UTC)
    return Transition(
        id_, QuestionNumber(1), at, by, moderator, from_state, to, more.pop("reason", None), None, undoes, **more
    )


class TestHistory:
    ASKED = step(1, None, State.PENDING)
    APPROVED = step(2, State.PENDING, State.APPROVED)
    ON_AIR = step(3, State.APPROVED, State.ON_AIR, session=TUESDAY)
    ANSWERED = step(4, State.ON_AIR, State.ANSWERED, in_writing=True)

    def test_history_leads_to_what_belongs_to_its_last_step(self) -> None:
        history = [self.ASKED, self.APPROVED, self.ON_AIR, self.ANSWERED]
        assert standing_after(history) == Standing(State.ANSWERED, in_writing=True, air_session=TUESDAY)
        rejected = step(5, State.PENDING, State.REJECTED, reason=Reason.OTHER)
        assert standing_after([self.ASKED, rejected]) == Standing(State.REJECTED, Reason.OTHER)

    def test_step_taken_back_takes_all_that_came_after_it_along(self) -> None:
        back = step(5, State.ANSWERED, State.APPROVED, undoes=3)
        history = [self.ASKED, self.APPROVED, self.ON_AIR, self.ANSWERED, back]
        assert in_force(history) == [self.ASKED, self.APPROVED]
        assert standing_after(history) == Standing(State.APPROVED)
        assert undoable(history) == self.APPROVED
        assert before(history, self.APPROVED) == [self.ASKED]
        again = step(6, State.APPROVED, State.PENDING, undoes=2)
        assert undoable([*history, again]) is None

    def test_what_the_author_did_is_not_for_moderators_to_take_back(self) -> None:
        at = self.ON_AIR.at
        withdrawn = Transition(3, QuestionNumber(1), at, By.AUTHOR, None, State.APPROVED, State.WITHDRAWN, None, None)
        assert undoable([self.ASKED, self.APPROVED, withdrawn]) is None


def test_held_words_are_whole_words_and_phrases_however_they_are_written() -> None:
    blocked = ("Coima", "mala fe", "c++")
    assert words_held("hubo coima y mala fe", blocked) == ("Coima", "mala fe")
    assert words_held("coimas de mala", blocked) == ()
