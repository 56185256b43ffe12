"""Who has earned a certificate, and the code by which it is known."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.certificates import (
    Code,
    CodeUnreadable,
    Day,
    DayKind,
    Rule,
    is_met,
    kind_of,
    merit,
    new_code,
    printed,
    read_code,
)
from bot.ids import SessionKey

RULE = Rule(sessions=4, days=3, minutes_percent=50, declared_counts=False)
HOUR = 3_600_000


def a_day(measured: int = 0, *, present: bool = False, unknown: int = 0, **more: bool | None) -> Day:
    """A day of two counted hours."""
    return Day(measured, 2 * HOUR, unknown, present, **more)  # type: ignore[arg-type]


def there(measured: int, **more: bool | int | None) -> Day:
    return replace(a_day(measured, present=True), **more)  # type: ignore[arg-type]


def days(*each: Day) -> Mapping[SessionKey, Day]:
    return {SessionKey(f"2020-09-0{n}"): day for n, day in enumerate(each, 1)}


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        (there(HOUR), DayKind.MEASURED),
        (there(HOUR - 1), None),
        (a_day(), None),
        # Time without data is taken out of what is asked for, and counts for nobody.
        (there(HOUR // 2, unknown=HOUR), DayKind.MEASURED),
        (there(HOUR // 2 - 1, unknown=HOUR), None),
        (a_day(unknown=2 * HOUR), None),
        # Shorter than what makes anybody present, however little could be seen.
        (a_day(20_000, unknown=2 * HOUR - 30_000), None),
        # Corrected: there, whatever was measured; not there, whatever was measured.
        (a_day(present=True, corrected=True), DayKind.CORRECTED),
        (there(HOUR, corrected=True), DayKind.MEASURED),
        (there(60_000, corrected=True), DayKind.CORRECTED),
        (there(2 * HOUR, corrected=False), None),
        (a_day(declared=True), None),
    ],
)
def test_day_counts_by_what_it_rests_on(day: Day, kind: DayKind | None) -> None:
    assert kind_of(day, RULE) is kind


def test_declared_day_counts_only_where_the_rule_says_so_and_never_as_measured() -> None:
    rule = replace(RULE, declared_counts=True)
    assert kind_of(a_day(declared=True), rule) is DayKind.DECLARED
    assert kind_of(there(60_000, declared=True), rule) is DayKind.DECLARED
    assert kind_of(there(HOUR, declared=True), rule) is DayKind.MEASURED
    # An organizer who says that they were not there is believed.
    assert kind_of(a_day(declared=True, corrected=False), rule) is None
    own = merit(days(there(HOUR), there(HOUR), a_day(declared=True), a_day()), rule)
    assert (own.measured_days, own.declared_days, own.days) == (2, 1, 3)
    assert is_met(own, rule)
    assert not is_met(merit(days(there(HOUR), there(HOUR), a_day(declared=True), a_day()), RULE), RULE)


def test_a_day_that_nobody_could_see_is_asked_of_nobody() -> None:
    unseen = a_day(unknown=2 * HOUR)
    own = merit(days(there(HOUR), there(HOUR), unseen, a_day()), RULE)
    assert (own.days, own.unseen_days, own.measured, own.seen) == (2, 1, 2 * HOUR, 6 * HOUR)
    assert is_met(own, RULE)
    assert not is_met(merit(days(there(HOUR), a_day(), unseen, a_day()), RULE), RULE)
    # Without a single day that counts there is nothing to certify.
    assert not is_met(merit(days(*[unseen] * 4), RULE), RULE)


@given(st.lists(st.integers(0, 2 * HOUR), min_size=4, max_size=4), st.integers(1, 4), st.integers(1, 100))
def test_more_minutes_never_lose_a_certificate_and_a_stricter_rule_never_gives_one(
    minutes: list[int], needed: int, percent: int
) -> None:
    rule = Rule(4, needed, percent, False)
    met = is_met(merit(days(*(there(m) for m in minutes)), rule), rule)
    enough = sum(m > 0 and m * 100 >= 2 * HOUR * percent for m in minutes)
    assert met == (enough >= needed)
    if met:
        assert is_met(merit(days(*(there(2 * HOUR) for _ in minutes)), rule), rule)
    else:
        stricter = replace(rule, minutes_percent=100)
        assert not is_met(merit(days(*(there(m) for m in minutes)), stricter), stricter)


signs = st.lists(st.integers(0, 31), min_size=11, max_size=11)


def code_of(numbers: list[int]) -> Code:
    drawn = iter(numbers)
    return new_code(lambda _n: next(drawn))


@given(signs)
def test_code_is_read_however_it_is_typed(numbers: list[int]) -> None:
    code = code_of(numbers)
    assert len(code) == 12
    assert len(printed(code)) == 14
    sloppy = printed(code).lower().replace("-", " - ").replace("0", "o").replace("1", "l")
    assert read_code(code) == read_code(printed(code)) == read_code(f"  {sloppy}\n") == code


@given(signs, st.integers(0, 11), st.integers(1, 31))
def test_every_wrong_sign_is_noticed(numbers: list[int], place: int, by: int) -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    code = code_of(numbers)
    wrong = alphabet[(alphabet.index(code[place]) + by) % 32]
    with pytest.raises(CodeUnreadable):
        read_code(code[:place] + wrong + code[place + 1 :])


@given(signs, st.integers(0, 11), st.integers(0, 11))
def test_every_exchange_of_two_signs_is_noticed(numbers: list[int], one: int, other: int) -> None:
    code = list(code_of(numbers))
    if code[one] == code[other]:
        return
    code[one], code[other] = code[other], code[one]
    with pytest.raises(CodeUnreadable):
        read_code("".join(code))


@pytest.mark.parametrize(
    "text", ["", "84G7", "84G7-ZWYR-D6ZU", "84G7-ZWYR-D6ZE-1", "ñandú ñandú", "84G7-ZWYR-D6Z\u0660"]
)
def test_what_is_no_code_is_refused(text: str) -> None:
    with pytest.raises(CodeUnreadable):
        read_code(text)


def test_codes_differ() -> None:
    assert len({new_code(secrets.randbelow) for _ in range(1000)}) == 1000
