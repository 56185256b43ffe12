"""What is on and what is next."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.agenda import AgendaMistake, BlockKind, Event, instant_of
from bot.config import load
from tests.domain.agendas import WORKSHOP, a_session, an_event


@pytest.fixture(scope="module")
def workshop() -> Event:
    return load(WORKSHOP).agenda


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/Costa_Rica")).astimezone(UTC)


def test_the_workshop_is_the_concept_notes(workshop: Event) -> None:
    assert [
        (
            session.key,
            session.number,
            session.theme["es"],
            [
                (
                    block.printed,
                    block.kind.value,
                    block.title["es"],
                    [speaker["es"] for speaker in block.speakers],
                    block.moderator and block.moderator["es"],
                )
                for block in session.blocks
            ],
        )
        for session in workshop.sessions
    ] == [
        (
            "2020-09-08",
            1,
            "Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes",
            [
                (
                    "09:00-09:30",
                    "opening",
                    "Palabras de Inauguración",
                    ["Presidencia Pro-Témpore", "OIM", "UNODC"],
                    None,
                ),
                ("09:30-10:15", "exchange", "Intercambio Técnico", [], "PPT"),
                ("10:15-11:00", "qa", "Preguntas y Respuestas", [], None),
            ],
        ),
        (
            "2020-09-09",
            2,
            "Cooperación judicial transfronteriza",
            [
                ("09:00-09:15", "opening", "Bienvenida", ["Secretaría Ejecutiva"], None),
                ("09:15-10:15", "exchange", "Intercambio Técnico", [], "UNODC"),
                ("10:15-11:00", "qa", "Preguntas y Respuestas", [], None),
            ],
        ),
        (
            "2020-09-10",
            3,
            "Prevención y combate al tráfico ilícito de migrantes",
            [
                ("09:00-09:15", "opening", "Bienvenida", ["Secretaría Ejecutiva"], None),
                ("09:15-10:15", "exchange", "Intercambio Técnico", [], "OIM"),
                ("10:15-11:00", "qa", "Preguntas y Respuestas", [], None),
            ],
        ),
        (
            "2020-09-11",
            4,
            "Retos y buenas prácticas en el combate al TIM en tiempos de COVID-19",
            [
                ("09:00-09:15", "opening", "Bienvenida", ["Secretaría Ejecutiva"], None),
                ("09:15-10:15", "exchange", "Intercambio Técnico", [], "OIM"),
                ("10:15-10:45", "qa", "Preguntas y Respuestas", [], None),
                ("10:45-11:00", "closing", "Cierre del Intercambio Técnico", [], None),
            ],
        ),
    ]


def test_hours_are_instants_of_the_events_zone(workshop: Event) -> None:
    tuesday = workshop.sessions[0]
    assert (tuesday.starts_at, tuesday.ends_at) == (
        datetime(2020, 9, 8, 15, 0, tzinfo=UTC),
        datetime(2020, 9, 8, 17, 0, tzinfo=UTC),
    )


def test_keys_are_the_day_and_the_place_in_it(workshop: Event) -> None:
    friday = workshop.sessions[3]
    assert [block.key for block in friday.blocks] == [f"2020-09-11/{n}" for n in (1, 2, 3, 4)]
    assert workshop.session(friday.key) is friday
    assert workshop.block(friday.blocks[3].key) is friday.blocks[3]
    with pytest.raises(KeyError):
        workshop.session("2020-09-12")  # type: ignore[arg-type]
    with pytest.raises(KeyError):
        workshop.block("2020-09-11/5")  # type: ignore[arg-type]


def test_a_block_has_its_start_and_not_its_end(workshop: Event) -> None:
    tuesday = workshop.sessions[0]
    moment = timedelta(milliseconds=1)
    assert tuesday.block_at(at("2020-09-08 09:00") - moment) is None
    assert tuesday.block_at(at("2020-09-08 09:00")) is tuesday.blocks[0]
    assert tuesday.block_at(at("2020-09-08 09:30") - moment) is tuesday.blocks[0]
    assert tuesday.block_at(at("2020-09-08 09:30")) is tuesday.blocks[1]
    assert tuesday.block_at(at("2020-09-08 11:00")) is None
    assert tuesday.next_block(at("2020-09-08 09:30")) is tuesday.blocks[2]
    assert tuesday.next_block(at("2020-09-08 10:15")) is None


def test_a_session_can_be_open_before_it_starts(workshop: Event) -> None:
    early = at("2020-09-08 08:45")
    assert workshop.session_at(early) is None
    assert workshop.session_at(early, timedelta(minutes=15)) is workshop.sessions[0]
    assert workshop.session_at(early - timedelta(milliseconds=1), timedelta(minutes=15)) is None
    assert workshop.session_at(at("2020-09-08 11:00"), timedelta(minutes=15)) is None


def test_what_is_next_and_when_it_is_over(workshop: Event) -> None:
    assert workshop.next_session(at("2020-09-08 08:59")) is workshop.sessions[0]
    assert workshop.next_session(at("2020-09-08 09:00")) is workshop.sessions[1]
    assert workshop.next_session(at("2020-09-11 09:00")) is None
    assert not workshop.is_over(at("2020-09-11 10:59"))
    assert workshop.is_over(at("2020-09-11 11:00"))


def test_today_is_the_events_day_and_not_the_servers(workshop: Event) -> None:
    # In Costa Rica it is still Tuesday.
    assert workshop.session_of_day(datetime(2020, 9, 9, 5, 59, tzinfo=UTC)) is workshop.sessions[0]
    assert workshop.session_of_day(datetime(2020, 9, 9, 6, 0, tzinfo=UTC)) is workshop.sessions[1]
    assert workshop.session_of_day(at("2020-09-12 09:00")) is None


def test_a_session_knows_its_questions_and_answers(workshop: Event) -> None:
    assert workshop.sessions[3].qa is workshop.sessions[3].blocks[2]
    assert workshop.sessions[3].opening is workshop.sessions[3].blocks[0]
    without = an_event(a_session("8/9/2026", ("09:00-10:00", "exchange"))).sessions[0]
    assert (without.qa, without.opening) == (None, None)
    assert without.blocks[0].kind is BlockKind.EXCHANGE


def test_a_gap_between_blocks_is_in_the_session_and_in_no_block() -> None:
    event = an_event(a_session("8/9/2026", ("09:00-09:30", "opening"), ("10:00-11:00", "qa")))
    assert event.session_at(at("2026-09-08 09:45")) is event.sessions[0]
    assert event.sessions[0].block_at(at("2026-09-08 09:45")) is None


MADRID = ZoneInfo("Europe/Madrid")


def test_the_same_hour_is_another_instant_after_the_clocks_change() -> None:
    assert instant_of(date(2026, 10, 24), time(9), MADRID) == datetime(2026, 10, 24, 7, tzinfo=UTC)
    assert instant_of(date(2026, 10, 26), time(9), MADRID) == datetime(2026, 10, 26, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "hour", "kind"),
    [
        (date(2027, 3, 28), time(2, 30), "missing_hour"),
        (date(2027, 3, 28), time(2, 0), "missing_hour"),
        (date(2026, 10, 25), time(2, 30), "ambiguous_hour"),
        (date(2026, 10, 25), time(2, 0), "ambiguous_hour"),
    ],
)
def test_an_hour_that_the_clocks_skip_or_repeat_is_refused(day: date, hour: time, kind: str) -> None:
    with pytest.raises(AgendaMistake) as caught:
        instant_of(day, hour, MADRID)
    assert caught.value.kind == kind


def test_the_hours_around_a_change_of_clocks_stand() -> None:
    assert instant_of(date(2027, 3, 28), time(3), MADRID) == datetime(2027, 3, 28, 1, tzinfo=UTC)
    assert instant_of(date(2027, 3, 28), time(1, 59), MADRID) == datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    assert instant_of(date(2026, 10, 25), time(3), MADRID) == datetime(2026, 10, 25, 2, tzinfo=UTC)
