"""Corrections: what is in force, what it makes of a day, and in what two summaries differ. All pure."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.attendance import CheckIn
from bot.corrections import (
    REASON_LENGTH,
    Correction,
    CorrectionKind,
    CorrectionNumber,
    InForce,
    NoReason,
    ReasonTooLong,
    corrected,
    in_force,
    reason_kept,
)
from bot.coverage import Count, Stand
from bot.ids import PersonId, SessionKey
from bot.languages import LANGUAGES
from bot.phrases.corrected_summary import told
from bot.phrases.figures import day_table
from bot.phrases.summary import told as summary_told
from bot.published import FORMAT, CorrectedSummary, differences, figures
from bot.storage.published import Published
from tests.domain.test_summary import CONFIG, EVENT, JUDICIAL, MIGRATION, SESSION, check_in, stay, summary_of

START = datetime(2020, 9, 8, 15, tzinfo=UTC)
PRESENT, ABSENT, EXCUSED, TAKEN_BACK = CorrectionKind


def row(
    number: int, kind: CorrectionKind, person: int = 1, *, takes_back: int | None = None, companions: int | None = None
) -> Correction:
    return Correction(
        CorrectionNumber(number),
        PersonId(person),
        SessionKey("2020-09-08"),
        kind,
        "porque sí",
        PersonId(9),
        START + timedelta(minutes=number),
        companions,
        None if takes_back is None else CorrectionNumber(takes_back),
    )


class TestInForce:
    def test_the_latest_prevails_and_presence_and_excuse_stand_apart(self) -> None:
        rows = [row(1, PRESENT), row(2, EXCUSED), row(3, ABSENT), row(4, PRESENT, person=2)]
        assert in_force(rows) == {1: InForce(rows[2], rows[1]), 2: InForce(rows[3])}

    def test_what_a_taken_back_one_had_replaced_holds_again(self) -> None:
        rows = [row(1, PRESENT), row(2, ABSENT), row(3, TAKEN_BACK, takes_back=2)]
        assert in_force(rows) == {1: InForce(rows[0])}
        assert in_force([*rows, row(4, TAKEN_BACK, takes_back=1)]) == {}

    @given(st.lists(st.tuples(st.sampled_from([PRESENT, ABSENT, EXCUSED]), st.integers(1, 3)), max_size=12), st.data())
    def test_it_is_what_a_walk_without_the_taken_back_ones_comes_to(
        self, made: list[tuple[CorrectionKind, int]], data: st.DataObject
    ) -> None:
        rows = [row(number, kind, person) for number, (kind, person) in enumerate(made, 1)]
        gone = data.draw(st.sets(st.sampled_from(rows))) if rows else set()
        taking = [row(100 + n, TAKEN_BACK, one.person, takes_back=one.number) for n, one in enumerate(gone)]
        left = [one for one in rows if one not in gone]
        expected: dict[int, InForce] = {}
        for one in left:
            presence = [each for each in left if each.person == one.person and each.kind is not EXCUSED]
            excuse = [each for each in left if each.person == one.person and each.kind is EXCUSED]
            expected[one.person] = InForce(
                presence[-1] if presence else None,
                excuse[-1] if excuse else None,
            )
        assert in_force([*rows, *taking]) == expected


class TestReason:
    def test_it_is_kept_on_one_line(self) -> None:
        assert reason_kept("  Llamó \n por\tteléfono\x00 ") == "Llamó por teléfono"
        assert reason_kept("a" * REASON_LENGTH) == "a" * REASON_LENGTH

    @pytest.mark.parametrize("text", ["", "  ", "…", "\u200b", "👍"])
    def test_without_a_word_it_is_none(self, text: str) -> None:
        with pytest.raises(NoReason):
            reason_kept(text)

    def test_too_long_says_how_long(self) -> None:
        with pytest.raises(ReasonTooLong) as caught:
            reason_kept("a" * 301)
        assert (caught.value.length, caught.value.limit) == (301, 300)


people = st.sets(st.integers(1, 6).map(PersonId))


class TestEffect:
    @given(people, st.dictionaries(st.integers(1, 6).map(PersonId), st.integers(0, 3)), st.data())
    def test_what_was_and_what_was_added_and_removed_add_up(
        self, present: set[PersonId], declared: dict[PersonId, int], data: st.DataObject
    ) -> None:
        kinds = data.draw(st.dictionaries(st.integers(1, 6), st.sampled_from([PRESENT, ABSENT, EXCUSED])))
        held = {PersonId(person): in_force([row(1, kind, person)])[PersonId(person)] for person, kind in kinds.items()}
        after = corrected(present, declared, held)
        assert after.present == (present | after.added) - after.removed
        assert not after.added & present
        assert after.removed <= present
        assert not after.excused & after.present
        assert after.companions == {}
        for person, kind in kinds.items():
            if kind is not EXCUSED:
                assert (person in after.present) is (kind is PRESENT)

    def test_companions_are_told_as_the_difference_from_what_was_declared(self) -> None:
        held = in_force([row(1, PRESENT, 1, companions=5), row(2, ABSENT, 2, companions=0), row(3, PRESENT, 3)])
        after = corrected({PersonId(1)}, {PersonId(1): 2, PersonId(2): 3, PersonId(3): 4}, held)
        assert after.companions == {1: 3, 2: -3}

    def test_corrected_presence_counts_in_the_coverage_and_every_line_says_so(self) -> None:
        held = in_force([row(1, PRESENT, 2), row(2, ABSENT, 3), row(3, EXCUSED, 4), row(4, PRESENT, 9)])
        standings = {1: JUDICIAL, 2: JUDICIAL, 3: MIGRATION, 4: MIGRATION}
        summary = summary_of([stay(1, 0, 30), stay(3, 0, 30)], standings=standings, corrections=held)
        line = next(line for line in summary.delegations if line.country == "CR")
        assert (line.by_profile, line.stand) == ((2, 0, 0), Stand.INCOMPLETE)
        assert line.count == Count(people=2, corrected=1, discounted=1, excused=1)
        assert summary.unregistered == Count(people=1, corrected=1)
        assert sum(summary.people_by_profile) + summary.people_without_profile == line.count.people
        # Minutes are what was measured, of those who are not counted too.
        assert (summary.blocks[0].people, summary.blocks[0].total) == (2, 3_600_000)
        for language in LANGUAGES:
            assert "{" not in "".join(summary_told(summary, EVENT, language))

    def test_somebody_seen_for_too_short_and_corrected_is_not_seen_only_any_more(self) -> None:
        stays = [stay(1, 0, 0.5), stay(2, 0, 0.5)]
        assert summary_of(stays).only_seen == 2
        assert summary_of(stays, corrections=in_force([row(1, PRESENT, 1)])).only_seen == 1

    def test_companions_with_a_profile_are_apart_from_the_coverage(self) -> None:
        declared = CheckIn(PersonId(1), SESSION.key, 3, SESSION.starts_at, (("investigation", 1), ("judicial", 1)))
        summary = summary_of([stay(1, 0, 30)], [declared, check_in(2, 2)], {1: JUDICIAL})
        line = next(line for line in summary.delegations if line.country == "CR")
        assert (line.by_profile, line.companions_by_profile) == ((1, 0, 0), (1, 0, 1))
        assert summary.total == Count(people=1, declared=2, companions=5)
        text = "".join(summary_told(summary, EVENT, "es"))
        assert (
            "Acompañantes con perfil declarado, fuera de la cobertura: Costa Rica (Fiscalía o procuraduría 1, "
            "Unidad de investigación 1)." in text
        )
        assert ["Costa Rica", "CR", 1, 0, 1] in day_table(summary, EVENT, "es")


class TestDifferences:
    def test_the_same_summary_differs_in_nothing_and_has_only_whole_numbers(self) -> None:
        summary = summary_of([stay(1, 0, 30)], [check_in(2, 3)], {1: JUDICIAL})
        said = figures(summary)
        assert differences(said, figures(summary)) == ()
        assert all(type(value) is int for value in said.values())

    def test_a_line_that_only_one_of_the_two_has_counts_from_zero(self) -> None:
        before, now = {"format": FORMAT, "people": 1}, {"format": FORMAT, "people": 1, "country:FR:people": 2}
        assert [(d.name, d.before, d.now) for d in differences(before, now)] == [(("country", "FR", "people"), 0, 2)]
        assert [(d.before, d.now) for d in differences(now, before)] == [(2, 0)]
        assert differences(before, {**before, "country:FR:people": 0}) == ()

    def test_a_figure_that_an_older_program_did_not_have_corrects_nothing(self) -> None:
        before, now = {"format": FORMAT - 1, "people": 1}, {"format": FORMAT, "people": 2, "connections": 7}
        assert [d.name for d in differences(before, now)] == [("people",)]

    @given(st.integers(1, 100_000_000), st.integers(1, 1000))
    def test_every_difference_of_time_can_be_seen(self, total: int, more: int) -> None:
        before = {"format": FORMAT, f"block:{SESSION.blocks[0].key}:total": total}
        now = {"format": FORMAT, f"block:{SESSION.blocks[0].key}:total": total + more}
        text = said_of(before, now, "es").splitlines()[-1]
        one, _, other = text.partition(": ")[2].rpartition(" (")[0].partition(" → ")
        assert one != other

    def test_every_figure_has_its_words_in_both_languages(self) -> None:
        summary = summary_of([stay(1, 0, 30)], [check_in(2, 3)], {1: JUDICIAL, 2: replace(JUDICIAL, profile=None)})
        said = figures(summary)
        changed = {name: value if name == "format" else value + 1 for name, value in said.items()}
        for language in LANGUAGES:
            lines = said_of(said, changed, language).splitlines()[3:]
            assert len(lines) == len(said) - 1
            assert len(set(lines)) == len(lines)
            # A figure without words would be told by its name.
            assert not any(name in line for name in said for line in lines if ":" in name)
            assert not any(f"- {name}:" in lines for name in said)


def said_of(before: dict[str, int], now: dict[str, int], language: str) -> str:
    one = Published(SESSION.key, 1, 1, SESSION.ends_at + timedelta(minutes=1), before, ())  # type: ignore[arg-type]
    summary = CorrectedSummary(SESSION, one, one, differences(before, now))
    return told(summary, EVENT, CONFIG.coverage.profiles, language)  # type: ignore[arg-type]
