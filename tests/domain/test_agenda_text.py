"""Days and hours as people write them."""

import datetime
from collections.abc import Callable
from datetime import date, time
from typing import TypeVar

import dateutil.parser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import AgendaMistake, parse_day, parse_hours
from bot.i18n import day_name

SEPTEMBER_8 = date(2020, 9, 8)


def refusal_of_day(text: str, year: int | None) -> str:
    with pytest.raises(AgendaMistake) as caught:
        parse_day(text, year)
    return caught.value.kind


def refusal_of_hours(text: str) -> str:
    with pytest.raises(AgendaMistake) as caught:
        parse_hours(text)
    return caught.value.kind


T = TypeVar("T")


def _read(read: Callable[[], T]) -> T | AgendaMistake:
    try:
        return read()
    except AgendaMistake as mistake:
        return mistake


@pytest.mark.trial("S1")
@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Martes 8 de septiembre", date(2026, 9, 8)),
        ("MIERCOLES 9 DE SETIEMBRE", date(2026, 9, 9)),
        ("Jueves, 10 de sept.", date(2026, 9, 10)),
        ("viernes 11 de septiembre de 2026", date(2026, 9, 11)),
    ],
)
def test_days_of_the_trial_are_read(text: str, day: date) -> None:
    assert parse_day(text, 2026) == day


@pytest.mark.parametrize(
    "text",
    [
        "Martes 8 de septiembre",
        "martes, 8 de septiembre de 2020",
        "mar. 8 de sep. de 2020",
        "mar 8 sept 2020",
        "mar 8/9",
        "8 de setiembre del 2020",
        "el 8 set. 2020",
        "Día 8 de septiembre",
        "Tuesday 8 September",
        "Tuesday, September 8, 2020",
        "September 8th, 2020",
        "the 8th of September 2020",
        "Tue 8 Sep",
        "8\u00a0de\u202fseptiembre",
        "  8   de\tseptiembre ",
        "8/9/2020",
        "08/09/2020",
        "08.09.2020",
        "8-9-2020",
        "8–9–2020",
        "8.9",
        "2020-09-08",
        "8.º de septiembre",
        "SEPTIEMBRE 8 DE 2020",
    ],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert parse_day(text, 2020) == SEPTEMBER_8


def test_the_first_of_a_month_is_read() -> None:
    assert {parse_day(text, 2020) for text in ("1º de mayo", "primero de mayo", "1.º de mayo", "1ero de mayo")} == {
        date(2020, 5, 1)
    }


def test_an_accent_may_be_composed_of_two_signs() -> None:
    assert parse_day("mie\u0301rcoles 9 de septiembre", 2020) == date(2020, 9, 9)


def test_mar_is_tuesday_beside_a_month_and_march_otherwise() -> None:
    assert parse_day("mar 8 de septiembre", 2020) == SEPTEMBER_8
    assert parse_day("8 mar", 2020) == date(2020, 3, 8)
    assert refusal_of_day("mar 10 mar", 2020) == "unreadable_day"


@pytest.mark.trial("S3")
@pytest.mark.parametrize("today", [(2026, 11, 24), (2027, 1, 31), (2027, 1, 1)])
def test_nothing_of_a_day_is_taken_from_today(today: tuple[int, int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen(datetime.datetime):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> "Frozen":
            return cls(*today, 12, tzinfo=tz)

    monkeypatch.setattr("datetime.datetime", Frozen)
    # Asked without our rules, the parser takes what is missing from the frozen day.
    assert dateutil.parser.parse("12:30").date() == date(*today)

    assert parse_day("08/09/2026", None) == date(2026, 9, 8)
    assert parse_day("09/09/2026", None) == date(2026, 9, 9)
    assert parse_day("13/09/2026", None) == date(2026, 9, 13)
    assert refusal_of_day("8/9", None) == "day_without_year"
    assert parse_day("8/9", 2026) == date(2026, 9, 8)
    for year in (None, 2026):
        assert refusal_of_day("septiembre", year) == "incomplete_day"
        assert refusal_of_day("2026-09", year) == "incomplete_day"
        assert refusal_of_day("", year) == "incomplete_day"
        assert refusal_of_day("8", year) == "incomplete_day"
        assert refusal_of_day("martes", year) == "incomplete_day"
        assert refusal_of_day("martes de septiembre de 2026", year) == "incomplete_day"


@pytest.mark.parametrize(
    ("text", "year", "kind"),
    [
        ("8 de septiembre", None, "day_without_year"),
        ("martes 8 de septiembre", None, "day_without_year"),
        ("29 de febrero", None, "day_without_year"),
        ("29 de febrero", 2021, "no_such_day"),
        ("lunes 8 de septiembre", 2020, "other_weekday"),
        ("Monday 8/9/2020", None, "other_weekday"),
        ("8 de septiembre de 2026", 2020, "other_year"),
        ("2026-09-08", 2020, "other_year"),
        ("8/9/20", 2020, "short_year"),
        ("8 sep 20", None, "short_year"),
        ("09/13/2026", None, "no_such_day"),
        ("31/02/2026", None, "no_such_day"),
        ("0/9/2026", None, "no_such_day"),
        ("2026-02-30", None, "no_such_day"),
        ("31 de septiembre", 2020, "no_such_day"),
        ("8 de brumario", 2020, "unknown_word"),
        ("mañana", 2020, "unknown_word"),
        ("hoy", 2020, "unknown_word"),
        ("8/9/2020 UTC", None, "unknown_word"),
        ("8 de septiembre de 2020 a las 9", None, "unknown_word"),
        ("8-10 de septiembre", 2020, "unreadable_day"),
        ("8 y 9 de septiembre", 2020, "unknown_word"),
        ("8 de septiembre octubre", 2020, "unreadable_day"),
        ("martes miércoles 8 de septiembre", 2020, "unreadable_day"),
        ("8/9/2020 9/9/2020", None, "unreadable_day"),
        ("8 sept 2020 0930", None, "unreadable_day"),
        ("8/9/2020 09:30", None, "unreadable_day"),
        ("20200908", None, "unreadable_day"),
        ("+8/9/2020", None, "unreadable_day"),
        ("8_9_2020", None, "unreadable_day"),
    ],
)
def test_a_day_that_is_ambiguous_wrong_or_not_whole_is_refused(text: str, year: int | None, kind: str) -> None:
    assert refusal_of_day(text, year) == kind


def test_a_contradicted_weekday_says_which_day_it_is() -> None:
    with pytest.raises(AgendaMistake) as caught:
        parse_day("lunes 8 de septiembre", 2020)
    assert caught.value.values() == {"text": "lunes 8 de septiembre", "day": SEPTEMBER_8, "weekday": 1}


@given(st.dates(date(1970, 1, 1), date(2100, 1, 1)), st.sampled_from(["es", "en"]))
def test_a_day_that_we_write_is_read_again(day: date, language: str) -> None:
    written = day_name(day, language, with_year=True)  # type: ignore[arg-type]
    assert parse_day(written, None) == day
    assert parse_day(written.upper(), day.year) == day
    assert parse_day(f"{day.day}/{day.month}/{day.year}", None) == day
    assert parse_day(day.isoformat(), None) == day


@given(st.text(max_size=30), st.sampled_from([None, 2020]))
def test_any_text_is_a_day_or_refused(text: str, year: int | None) -> None:
    read = _read(lambda: parse_day(text, year))
    assert isinstance(read, date) or read.values()["text"] == text


@given(
    st.lists(
        st.sampled_from([
            "8", "9", "13", "31", "2020", "20", "martes", "mar", "tue", "septiembre", "sept.", "de", "/", "-", ".", ",",
            " ", " ", ":", "30", "a", "th", "T", "+",
        ]),
        max_size=8,
    ).map("".join)
)  # fmt: skip
def test_what_looks_like_a_day_is_a_day_or_refused(text: str) -> None:
    read = _read(lambda: parse_day(text, 2020))
    assert isinstance(read, AgendaMistake) or (read.year == 2020 and str(read.day) in text)


DASHES = ["-", *"\u2010\u2011\u2012\u2013\u2014\u2015\u2212"]
SPACES = ["", " ", "\u00a0", "\u202f", "\u2009", "\u200a", "  "]


@pytest.mark.trial("S2")
@pytest.mark.parametrize("dash", DASHES)
@pytest.mark.parametrize("before", SPACES)
@pytest.mark.parametrize("after", SPACES)
def test_hours_are_read_with_any_dash_and_any_space(dash: str, before: str, after: str) -> None:
    assert parse_hours(f"09:30{before}{dash}{after}10:15") == (time(9, 30), time(10, 15))


@pytest.mark.trial("S2")
@pytest.mark.parametrize(
    "text",
    [
        "09:30 -10:15",
        "9:30 a 10:15",
        "9:30 hasta 10:15",
        "9:30 to 10:15",
        "de 9:30 a 10:15",
        "de las 9:30 a las 10:15",
        "09.30-10.15",
        "09h30-10h15",
        "9:30 h – 10:15 h",
        "9:30 a. m. a 10:15 a. m.",
        "9:30 – 10:15 a.m.",
        "9:30am-10:15AM",
        " 09:30-10:15 ",
    ],
)
def test_hours_are_read_however_they_are_written(text: str) -> None:
    assert parse_hours(text) == (time(9, 30), time(10, 15))


def test_hours_of_the_afternoon_are_read() -> None:
    assert parse_hours("11:00 am - 1:00 pm") == (time(11), time(13))
    assert parse_hours("10:15 - 1:00 p. m.") == (time(10, 15), time(13))
    assert parse_hours("12:15 am - 12:30 pm") == (time(0, 15), time(12, 30))
    assert parse_hours("9h - 10h") == (time(9), time(10))


@pytest.mark.trial("S2")
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("10:15-", "half_range"),
        ("-10:15", "half_range"),
        ("10:15 a", "half_range"),
        ("10:15-09:30", "end_not_after_start"),
        ("09:30-09:30", "end_not_after_start"),
        ("24:00", "unreadable_hours"),
        ("23:00-24:00", "no_such_hour"),
        ("9:60-10:00", "no_such_hour"),
        ("13:00 pm-14:00 pm", "no_such_hour"),
        ("09:30", "unreadable_hours"),
        ("09:30 10:15", "unreadable_hours"),
        ("9-10", "unreadable_hours"),
        ("09:30-10:15-11:00", "unreadable_hours"),
        ("09:30-10:15 UTC", "unreadable_hours"),
        ("09:30+10:15", "unreadable_hours"),
        ("", "unreadable_hours"),
        ("1:00-2:00 pm", "ambiguous_hours"),
        ("9:30 am - 10:15", "ambiguous_hours"),
    ],
)
def test_hours_that_are_half_written_wrong_or_ambiguous_are_refused(text: str, kind: str) -> None:
    assert refusal_of_hours(text) == kind


@given(st.times(), st.times(), st.sampled_from(DASHES), st.sampled_from([":", ".", "h"]))
def test_a_range_that_we_write_is_read_again(start: time, end: time, dash: str, sign: str) -> None:
    start, end = (hour.replace(second=0, microsecond=0) for hour in (start, end))
    written = dash.join(f"{hour.hour}{sign}{hour.minute:02}" for hour in (start, end))
    if start < end:
        assert parse_hours(written) == (start, end)
    else:
        assert refusal_of_hours(written) == "end_not_after_start"


@given(st.text(max_size=20) | st.text("0123456789:.-h apm", max_size=14))
def test_any_text_is_hours_or_refused(text: str) -> None:
    read = _read(lambda: parse_hours(text))
    assert read[0] < read[1] if isinstance(read, tuple) else read.values()["text"] == text
