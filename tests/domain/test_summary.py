"""A day's figures: each person in one line, sums that agree, and the texts and tables made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.agenda import Event, Session
from bot.attendance import CheckIn, ClosedBy, DayRecord, Span, Stay, attended
from bot.clock import to_ms
from bot.config import Config, CoverageConfig, Profile, load
from bot.coverage import Count, Stand
from bot.i18n import country_name
from bot.ids import ChannelId, PersonId
from bot.languages import LANGUAGES
from bot.origins import Origin, Origins
from bot.participants import Country, Elsewhere, Standing
from bot.phrases.figures import day_table
from bot.phrases.summary import posted, told
from bot.questions import Figures, State
from bot.splitting import split
from bot.summary import Basis, NoSuchDay, Summary, at_the_close, day_meant, summarise
from tests.factories import CONFIG_FILE

CONFIG: Config = load(CONFIG_FILE)
EVENT: Event = CONFIG.agenda
SESSION: Session = EVENT.sessions[0]
QUESTIONS = Figures({State.ANSWERED: 3, State.PENDING: 1})
SIXTY = (
    "AR BO BR CL CO EC GY PY PE SR UY VE BZ CA CR DO GT HN MX NI PA SV US HT JM CU BS BB TT AG DM GD KN LC VC "
    "ES PT FR DE IT NL BE LU AT CH SE NO DK FI IS IE GB PL CZ SK HU RO BG GR HR"
)
CLOSED_AT = SESSION.ends_at + timedelta(minutes=1)
JUDICIAL, MIGRATION = Standing(Country("CR"), "judicial"), Standing(Country("CR"), "migration")


def stay(person: int, start: float, minutes: float) -> Stay:
    """Somebody in the auditorium, from `start` minutes after the session's start."""
    opened = SESSION.starts_at + timedelta(minutes=start)
    closed = opened + timedelta(minutes=minutes)
    return Stay(PersonId(person), SESSION.key, ChannelId(1), "s", opened, closed, ClosedBy.LEFT)


def check_in(person: int, companions: int = 0) -> CheckIn:
    return CheckIn(PersonId(person), SESSION.key, companions, SESSION.starts_at)


def summary_of(
    stays: Iterable[Stay] = (),
    check_ins: Iterable[CheckIn] = (),
    standings: Mapping[int, Standing] | None = None,
    *,
    unknown: tuple[Span, ...] = (),
    coverage: CoverageConfig = CONFIG.coverage,
    **more: Any,
) -> Summary:
    record = DayRecord(
        SESSION.key, SESSION.blocks, tuple(stays), unknown, tuple(check_ins), SESSION.ends_at, is_closed=True
    )
    values = {
        "asked_from": Origins({"CR": Origin(2, 2)}, elsewhere=1, anonymous=1),
        "basis": Basis.MEASURED,
        "present_after_seconds": 60,
        "as_of": CLOSED_AT,
        "provisional": False,
        **more,
    }
    known = {PersonId(person): standing for person, standing in (standings or {}).items()}
    return summarise(SESSION, attended(record), known, QUESTIONS, coverage, **values)


class TestCounting:
    def test_person_is_present_from_the_threshold_on_and_seen_below_it(self) -> None:
        summary = summary_of([stay(1, 0, 1), stay(2, 0, 0.99), stay(3, -10, 5), stay(4, 5, 100)])
        assert (summary.total.people, summary.only_seen) == (2, 2)
        assert summary.unregistered == Count(2)

    def test_reconnecting_makes_no_more_people_and_no_more_minutes(self) -> None:
        summary = summary_of([stay(1, 0, 10), stay(1, 5, 10), stay(1, 20, 5)], standings={1: JUDICIAL})
        assert summary.total == Count(1)
        assert (summary.blocks[0].people, summary.blocks[0].total, summary.blocks[0].median) == (
            1,
            1_200_000,
            1_200_000,
        )

    def test_median_is_of_those_who_were_in_the_block(self) -> None:
        summary = summary_of([stay(1, 0, 30), stay(2, 0, 10), stay(3, 40, 5)])
        first, second, third = summary.blocks
        assert (first.people, first.total, first.median) == (2, 2_400_000, 1_200_000)
        assert (second.people, second.total, second.median) == (1, 300_000, 300_000)
        assert (third.people, third.total, third.median) == (0, 0, 0)

    def test_declared_presence_is_never_added_to_measured_presence(self) -> None:
        standings = {1: JUDICIAL, 2: JUDICIAL}
        summary = summary_of([stay(1, 0, 30)], [check_in(1, 2), check_in(2, 3), check_in(3)], standings)
        assert summary.total == Count(people=1, declared=3, companions=5)
        costa_rica = next(line for line in summary.delegations if line.country == "CR")
        assert (costa_rica.by_profile, costa_rica.count) == ((1, 0, 0), Count(1, 2, 5))
        assert summary.unregistered == Count(0, 1, 0)

    def test_without_a_stage_all_rests_on_what_was_declared(self) -> None:
        summary = summary_of([stay(9, 0, 30)], [check_in(1, 2)], {1: JUDICIAL}, basis=Basis.DECLARED)
        assert summary.total == Count(1, 1, 2)
        assert (summary.only_seen, summary.blocks, summary.unknown) == (0, (), ())
        for language in LANGUAGES:
            assert "/presente" in told(summary, EVENT, language)[0]
            assert "Minutos" not in "".join(told(summary, EVENT, language))

    def test_unknown_time_is_neither_presence_nor_absence_and_is_shown(self) -> None:
        start = to_ms(SESSION.starts_at)
        hole = Span(start + 20 * 60_000, start + 24 * 60_000)
        summary = summary_of([stay(1, 0, 30)], unknown=(hole,))
        assert (summary.blocks[0].total, summary.blocks[0].unknown) == (26 * 60_000, 4 * 60_000)
        text, note = "\n".join(told(summary, EVENT, "es")), "sin datos 09:20-09:24"
        assert [line for line in text.splitlines() if note in line] == [
            f"**Personas presentes: 1** (medidas en el auditorio, al menos 60 s) · {note}",
            f"**Cobertura** · {note}",
            f"- 09:00-09:30 Palabras de Inauguración: 1 persona, 26,0 min en total, mediana 26,0 · {note}",
        ]
        assert "**Sin datos**: 09:20-09:24. El bot no pudo ver" in text
        rows = day_table(summary, EVENT, "es")
        assert ["09:20:00", "09:24:00"] in [row[:2] for row in rows]
        assert [row[:2] for row in rows if row and row[-1] == note] == [
            ["Personas presentes", 1],
            ["Palabras de Inauguración", "09:00-09:30"],
        ]

    def test_what_is_on_air_at_the_close_counts_as_answered(self) -> None:
        before = Figures({State.ANSWERED: 2, State.ON_AIR: 1, State.REJECTED: 1}, 4, in_writing=1, anonymous=2)
        assert at_the_close(before) == replace(before, by_state={State.ANSWERED: 3, State.REJECTED: 1})

    def test_file_of_the_day_names_no_country_of_which_few_asked(self) -> None:
        rows = day_table(summary_of(), EVENT, "es")
        start = rows.index(["País de quien pregunta", "Preguntas"])
        assert rows[start + 1 :] == [
            ["otros, de menos de 5 personas cada uno", 2],
            ["sin delegación", 1],
            ["anónimas", 1],
        ]
        assert "- Por país: Costa Rica 2 · " in told(summary_of(), EVENT, "es", for_organizers=True)[-1]
        assert "Costa Rica 2" not in told(summary_of(), EVENT, "es")[-1]


class TestCoverage:
    def test_missing_delegations_come_first_then_incomplete_ones(self) -> None:
        profiles = [profile.key for profile in CONFIG.coverage.profiles]
        whole = {n: Standing(Country("US"), profiles[n % 3]) for n in range(6)}
        standings = {**whole, 10: JUDICIAL, 11: Standing(Country("FR"), "judicial")}
        summary = summary_of([stay(person, 0, 30) for person in standings], standings=standings)
        stands = [line.stand for line in summary.delegations]
        assert stands == [Stand.ABSENT] * 9 + [Stand.INCOMPLETE, Stand.COMPLETE, Stand.UNEXPECTED]
        (costa_rica,) = summary.standing(Stand.INCOMPLETE)
        assert [(profile.key, has) for profile, has in summary.missing(costa_rica)] == [
            ("judicial", 1),
            ("migration", 0),
            ("investigation", 0),
        ]
        text = "\n\n".join(told(summary, EVENT, "es"))
        absent = text.index("**Delegaciones ausentes (9):** Belice, Canadá, El Salvador, Guatemala, Honduras, México")
        assert absent < text.index("**Delegaciones incompletas (1):** Costa Rica") < text.index("```")
        assert "Fuera de la lista (1): Francia" in text

    def test_people_outside_the_delegations_fill_no_minimum(self) -> None:
        standings = {1: Standing(Elsewhere.ORGANIZATION), 2: Standing(Elsewhere.STAFF), 3: Standing(Elsewhere.STAFF)}
        summary = summary_of([stay(person, 0, 30) for person in standings], standings=standings)
        assert {line.stand for line in summary.delegations} == {Stand.ABSENT}
        assert summary.elsewhere == {
            Elsewhere.ORGANIZATION: Count(1),
            Elsewhere.PANELIST: Count(),
            Elsewhere.STAFF: Count(2),
        }
        assert summary.total == Count(3)


STANDINGS = st.one_of(
    st.none(),
    st.builds(Standing, st.sampled_from(list(Elsewhere))),
    st.builds(
        Standing,
        st.sampled_from([Country(code) for code in ("CR", "HN", "MX", "FR")]),
        st.sampled_from([None, "judicial", "migration", "investigation", "gone"]),
    ),
)
PEOPLE = st.lists(
    st.tuples(
        STANDINGS,
        st.lists(st.tuples(st.integers(-20, 130), st.integers(0, 60)), max_size=3),
        st.one_of(st.none(), st.integers(0, 5)),
    ),
    max_size=12,
)


@pytest.mark.trial("R4")
@given(PEOPLE, st.sampled_from(list(Basis)))
def test_sum_by_country_is_sum_by_profile_is_unique_persons(people: Any, basis: Basis) -> None:
    stays = [stay(n, start, length) for n, (_s, spans, _c) in enumerate(people) for start, length in spans]
    declared = {n: companions for n, (_s, _spans, companions) in enumerate(people) if companions is not None}
    standings = {n: standing for n, (standing, _spans, _c) in enumerate(people) if standing is not None}
    summary = summary_of(stays, [check_in(n, c) for n, c in declared.items()], standings, basis=basis)

    # Counted anew, by the second: who was in the blocks for a minute or more.
    def seconds(n: int) -> int:
        return len(
            {s for start, length in people[n][1] for s in range(start * 60, (start + length) * 60) if 0 <= s < 7200}
        )

    there = {n for n in range(len(people)) if seconds(n) >= 60} if basis is Basis.MEASURED else set(declared)
    assert summary.total == Count(len(there), len(declared), sum(declared.values()))
    by_country = sum(line.count.people for line in summary.delegations)
    outside = sum(count.people for count in summary.elsewhere.values()) + summary.unregistered.people
    by_profile = sum(summary.people_by_profile) + summary.people_without_profile
    assert by_country + outside == by_profile + outside == len(there)
    for line in summary.delegations:
        assert sum(line.by_profile) + line.without_profile == line.count.people
    if basis is Basis.MEASURED:
        assert summary.only_seen == len({s.person for s in stays} - there)
    # The last line of the table that is read, and of the one in the file.
    matrix = "\n".join(told(summary, EVENT, "es")).split("```")[1].strip().splitlines()
    rows = [int(row.split()[-1]) for row in matrix[1:]]
    assert rows[-1] == sum(rows[:-1]) == len(there)
    lines = [row for row in day_table(summary, EVENT, "es") if len(row) == len(summary.profiles) + 7]
    for column in range(3, len(lines[0])):
        numbers = [row[column] or 0 for row in lines[1:]]
        assert numbers[-1] == sum(numbers[:-1])


@pytest.mark.trial("R4")
def test_empty_day_has_a_summary_without_an_empty_part() -> None:
    summary = summary_of()
    assert summary.total == Count()
    for text in posted(summary, EVENT):
        assert "0" in text
        assert all(part.strip() for part in split(text, 2000))
    assert all(part.strip() for language in LANGUAGES for part in told(summary, EVENT, language))


@pytest.mark.trial("D4")
def test_sixty_countries_and_twelve_long_profiles_are_told_in_full_within_limits() -> None:
    codes = SIXTY.split()
    profiles = tuple(
        Profile.model_construct(key=f"p{n}", name={"es": f"{n} " + "ñ" * 97, "en": f"{n} " + "n" * 97}, minimum=2)
        for n in range(12)
    )
    coverage = CoverageConfig.model_construct(countries=tuple(codes), profiles=profiles)
    standings = {
        n * 12 + p: Standing(Country(code), f"p{p}") for n, code in enumerate(codes[10:]) for p in range(12) if n % 7
    }
    assert len(set(codes)) == 60
    summary = summary_of([stay(n, 0, 30) for n in standings], standings=standings, coverage=coverage)
    for language, text in zip(EVENT.languages, posted(summary, EVENT), strict=True):
        parts = split(text, 1900)
        assert max(len(part) for part in parts) <= 1900
        assert all(part.count("```") % 2 == 0 for part in parts)
        everything = "\n".join(parts)
        for code in codes:
            assert country_name(code, language) in everything
        for profile in profiles:
            assert profile.name[language] in everything


class TestDay:
    NOON = datetime(2020, 9, 9, 18, tzinfo=UTC)

    @pytest.mark.parametrize("text", ["2020-09-10", " jueves 10 de septiembre", "10/9", "Thursday 10 September"])
    def test_day_is_understood_as_people_write_it(self, text: str) -> None:
        assert day_meant(EVENT, text, self.NOON).key == "2020-09-10"

    def test_without_a_day_it_is_todays_or_the_last_that_began(self) -> None:
        assert day_meant(EVENT, None, self.NOON).key == "2020-09-09"
        assert day_meant(EVENT, None, self.NOON - timedelta(days=10)).key == "2020-09-08"
        assert day_meant(EVENT, None, self.NOON + timedelta(days=10)).key == "2020-09-11"

    def test_day_of_an_event_over_the_turn_of_the_year_is_understood_in_either_year(self) -> None:
        first, last = EVENT.sessions[0], EVENT.sessions[3]
        event = replace(EVENT, sessions=(replace(first, day=date(2020, 12, 30)), replace(last, day=date(2021, 1, 2))))
        for text in ("2 de enero", "2021-01-02", "sábado 2 de enero de 2021"):
            assert day_meant(event, text, self.NOON).key == last.key
        assert day_meant(event, "30/12", self.NOON).key == first.key

    @pytest.mark.parametrize("text", ["2020-09-12", "mañana", "", "31 de septiembre", "lunes 10 de septiembre"])
    def test_day_without_session_is_refused_with_the_days_there_are(self, text: str) -> None:
        with pytest.raises(NoSuchDay) as refused:
            day_meant(EVENT, text, self.NOON)
        assert [day.day for day in refused.value.days] == [8, 9, 10, 11]
