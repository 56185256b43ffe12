"""Where questions came from: each in one line, and no line of few people where more than organizers read."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ids import PersonId
from bot.languages import LANGUAGES
from bot.origins import FEW_PEOPLE, Origin, Origins, origins
from bot.participants import Country, Elsewhere, Standing
from bot.phrases.question_figures import by_country, told
from bot.questions import Figures, Reason, State


def asked_by(*countries: tuple[str, int, int], elsewhere: int = 0, anonymous: int = 0) -> Origins:
    return Origins({code: Origin(questions, people) for code, questions, people in countries}, elsewhere, anonymous)


def test_question_counts_for_the_delegation_of_who_asked_it() -> None:
    standings = {PersonId(n): Standing(Country("CR")) for n in (1, 2)}
    standings |= {PersonId(3): Standing(Country("HN")), PersonId(4): Standing(Elsewhere.PANELIST)}
    asked = {PersonId(n): n for n in (1, 2, 3, 4, 5)}
    found = origins(asked, standings, received=19, anonymous=2)
    # Four of the panelist, five of somebody unregistered, and two that no account asked.
    assert found == Origins({"CR": Origin(3, 2), "HN": Origin(3, 1)}, elsewhere=11, anonymous=2)


def test_country_of_few_people_is_told_to_organizers_alone() -> None:
    found = asked_by(("CR", 9, 5), ("HN", 12, 4), ("MX", 1, 1), elsewhere=2, anonymous=3)
    assert by_country(found, "es", for_organizers=False) == [
        ("Costa Rica", 9),
        ("otros, de menos de 5 personas cada uno", 13),
        ("sin delegación", 2),
        ("anónimas", 3),
    ]
    assert by_country(found, "en", for_organizers=True) == [
        ("Costa Rica", 9),
        ("Honduras", 12),
        ("Mexico", 1),
        ("no delegation", 2),
        ("anonymous", 3),
    ]


PEOPLE = st.dictionaries(
    st.integers(1, 60).map(PersonId),
    st.tuples(
        st.integers(1, 5),
        st.sampled_from([None, *(Standing(Country(code)) for code in ("CR", "HN", "MX")), Standing(Elsewhere.STAFF)]),
    ),
)


@given(PEOPLE, st.integers(0, 9), st.integers(0, 3))
def test_lines_add_up_to_the_questions_received_whoever_reads(people: Any, anonymous: int, filed: int) -> None:
    asked = {person: count for person, (count, _standing) in people.items()}
    standings = {person: standing for person, (_count, standing) in people.items() if standing is not None}
    received = sum(asked.values()) + anonymous + filed
    found = origins(asked, standings, received=received, anonymous=anonymous)
    for for_organizers in (True, False):
        assert sum(count for _, count in by_country(found, "en", for_organizers=for_organizers)) == received
    for code, name in (("CR", "Costa Rica"), ("HN", "Honduras"), ("MX", "Mexico")):
        of_it = [p for p, s in standings.items() if s.affiliation == Country(code)]
        named = [line for line, _ in by_country(found, "en", for_organizers=False)]
        assert (name in named) is (len(of_it) >= FEW_PEOPLE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_told_of_what_there_was_not(language: Any) -> None:
    text = told(Figures({}), Origins(), language, for_organizers=True)
    assert len(text.splitlines()) == 1


def test_figures_are_told_in_full() -> None:
    figures = Figures(
        {State.ANSWERED: 4, State.REJECTED: 3, State.DEFERRED: 1, State.PENDING: 2},
        in_writing=1,
        by_reason={Reason.OTHER: 1, Reason.OFF_TOPIC: 2},
        by_language={"en": 3, "es": 7},
        median_wait_seconds=754.0,
    )
    assert told(figures, asked_by(("CR", 10, 6)), "es", for_organizers=False).splitlines() == [
        "**Preguntas recibidas: 10** (respondidas 4, de ellas por escrito 1 · aprobadas sin responder 0 · "
        "aplazadas 1 · rechazadas 3 · por revisar 2). Aprobadas en total: 5.",
        "- Motivos de rechazo: fuera del tema 2 · por otro motivo 1",
        "- Por idioma: español 7 · inglés 3",
        "- Por país: Costa Rica 10",
        "- Mediana de la espera hasta estar al aire, de las hechas con nombre: 12,6 min",
    ]
