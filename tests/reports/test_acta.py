"""The acta of a day and of the event, read back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.agenda import Session
from bot.attendance import Span
from bot.clock import to_ms
from bot.config import Config, load
from bot.coverage import Count, Delegation, Stand
from bot.ids import PersonId
from bot.languages import Language
from bot.origins import Origins
from bot.participants import Country, Elsewhere, Participant
from bot.questions import Figures, Reason, State
from bot.reports.acta import acta_pdf, final_acta_pdf
from bot.summary_values import Attendee, Basis, BlockFigures, Career, DayOf, Final, People, Summary
from tests.factories import CONFIG_FILE
from tests.reports.pdfs import overlaps, texts, within

CONFIG = load(CONFIG_FILE)
EVENT = CONFIG.agenda
MADE_AT = datetime(2020, 9, 12, 15, tzinfo=UTC)
MINUTE = 60_000


def summary(session: Session, *, config: Config = CONFIG, by: tuple[int, ...] = (1, 2, 0), **more: object) -> Summary:
    """A day on which every delegation has the same people, but for Belize, which nobody came from."""
    profiles = config.coverage.profiles
    delegations = []
    for code in config.coverage.countries:
        has = (0,) * len(by) if code == "BZ" else by
        full = all(n >= p.minimum for n, p in zip(has, profiles, strict=True))
        stand = Stand.ABSENT if not sum(has) else Stand.COMPLETE if full else Stand.INCOMPLETE
        delegations.append(Delegation(code, stand, has, 0, Count(sum(has), 1, 2)))
    start = to_ms(session.starts_at)
    unknown = (Span(start + 20 * MINUTE, start + 24 * MINUTE),)
    values: dict[str, object] = {
        "session": session,
        "as_of": session.ends_at + timedelta(seconds=60),
        "provisional": False,
        "basis": Basis.MEASURED,
        "profiles": profiles,
        "delegations": tuple(sorted(delegations, key=lambda line: list(Stand).index(line.stand))),
        "elsewhere": {Elsewhere.ORGANIZATION: Count(4, 1, 0), Elsewhere.PANELIST: Count(3), Elsewhere.STAFF: Count(2)},
        "unregistered": Count(12, 3, 0),
        "present_after_seconds": 60,
        "only_seen": 3,
        "connections": 80,
        "blocks": tuple(
            BlockFigures(
                block, 40 + n, 1234 * MINUTE, 17 * MINUTE, 4 * MINUTE if n == 0 else 0, unknown if n == 0 else ()
            )
            for n, block in enumerate(session.blocks)
        ),
        "unknown": unknown,
        "questions": Figures(
            {State.ANSWERED: 14, State.REJECTED: 5, State.DEFERRED: 2},
            in_writing=3,
            by_reason={Reason.OFF_TOPIC: 3, Reason.REPEATED: 2},
        ),
        "origins": Origins({}, 0, 0),
    }
    return Summary(**(values | more))  # type: ignore[arg-type]


def people(session: Session) -> People:
    return People(session, False, Basis.MEASURED, CONFIG.coverage.profiles, (), 12)


def day_acta(language: Language = "es", at: int = 0, **more: object) -> bytes:
    session = EVENT.sessions[at]
    return acta_pdf(summary(session, **more), people(session), EVENT, language, MADE_AT)  # type: ignore[arg-type]


def final(**more: object) -> Final:
    summaries = tuple(summary(session, **more) for session in EVENT.sessions)  # type: ignore[arg-type]
    careers = []
    for number, code in enumerate(CONFIG.coverage.countries, 1):
        at = summaries[0].as_of
        who = Participant(PersonId(number), "Nombre Secreto", "Lugar", Country(code), "judicial", "es", at, at)
        day = DayOf(60 * MINUTE, 120 * MINUTE, 0, code != "BZ", None, excused=code == "BZ", corrected=code == "MX")
        careers.append(Career(who, who.standing, {session.key: day for session in EVENT.sessions}))
    return Final(summaries[-1].as_of, False, summaries, tuple(careers))


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("by", [(0, 0, 0), (1, 1, 1), (2, 2, 2), (12, 12, 12)])
@pytest.mark.parametrize("at", range(4))
def test_day_of_the_workshop_takes_two_pages_whoever_came(language: Language, by: tuple[int, ...], at: int) -> None:
    pdf = day_acta(language, at, by=by)
    assert len(texts(pdf)) == 2
    assert within(pdf, 25)


def test_day_says_what_was_and_what_it_rests_on() -> None:
    first, second = texts(day_acta())
    for said in (
        "Acta de asistencia",
        "Sesión 1 de 4: martes 8 de septiembre de 2020",
        "Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes",
        "De 09:00 a 11:00, hora de Costa Rica",
        "Presencia medida en el auditorio, al menos 60 segundos",
        "Definitiva, con lo anotado hasta el martes 8 de septiembre a las 11:01",
        "Presentes: 51 personas, de ellas 12 sin registrar. 3 más estuvieron menos de 60 segundos y no se cuentan.",
        "Sin datos 09:20:00–09:24:00. De ese tiempo no dicen nada las cifras de esta acta.",
        "Belice 0 de 2 0 de 2 0 de 2 0 1 2",
        "Canadá 1 de 2 2 0 de 2 3 1 2",
        "Total 10 20 0 51 15 22",
        "Página 1 de 2",
    ):
        assert said in first
    for said in (
        "Delegaciones ausentes: Belice.",
        "Costa Rica: Fiscalía o procuraduría, 1 de 2; Unidad de investigación, 0 de 2.",
        "Palabras de Inauguración 09:00–09:30 40 1.234,0 17,0 4,0",
        "Intercambio Técnico (modera: PPT) 09:30–10:15 41 1.234,0 17,0 –",
        "09:20:00–09:24:00 (4,0 minutos).",
        "Recibidas: 21. Respondidas 14, aplazadas 2, rechazadas 5.",
        "Motivos de rechazo: Fuera del tema 3, repetidas 2.",
        "Por la moderación",
        "Por la organización",
        "Página 2 de 2",
    ):
        assert said in second


def test_corrections_are_counted_and_name_nobody() -> None:
    session = EVENT.sessions[0]
    at = session.ends_at
    who = Participant(PersonId(1), "Nombre Secreto", "Lugar", Country("CR"), None, "es", at, at)
    attendees = [
        Attendee(who, who.standing, True, {}, None, corrected=True),
        Attendee(who, who.standing, False, {}, None, corrected=False),
        Attendee(who, who.standing, False, {}, None, excused=True),
    ]
    of_day = replace(people(session), attendees=tuple(attendees))
    (first, second) = texts(acta_pdf(summary(session), of_day, EVENT, "es", MADE_AT))
    assert "2 asistencias corregidas por la organización, con su motivo en el registro. 1 ausencia excusada." in second
    assert "Secreto" not in first + second
    assert "Correcciones" not in texts(day_acta())[1]


def test_hours_that_were_others_than_the_programme_are_told_with_it() -> None:
    session = EVENT.sessions[0]
    late = replace(
        session,
        blocks=tuple(
            replace(b, starts_at=b.starts_at + timedelta(minutes=12), ends_at=b.ends_at + timedelta(minutes=12))
            for b in session.blocks
        ),
    )
    first, second = texts(acta_pdf(summary(late), people(late), EVENT, "en", MADE_AT))
    assert "From 09:12 to 11:12, Costa Rica Time (programme: from 09:00 to 11:00)" in first
    assert "Opening remarks 09:12–09:42 (programme: 09:00–09:30)" in second


def test_provisional_says_so_and_declared_presence_is_called_that() -> None:
    first, second = texts(day_acta(provisional=True, basis=Basis.DECLARED, unknown=(), blocks=()))
    assert "Provisional, a las 11:01: las cifras pueden cambiar." in first
    assert "Presencia declarada por cada persona; en este evento no se mide" in first
    assert "Bloques" not in second
    assert "Tiempo sin datos" not in second


@pytest.mark.parametrize("language", ["es", "en"])
@pytest.mark.parametrize("by", [(0, 0, 0), (1, 1, 1), (2, 2, 2)])
def test_event_takes_two_pages(language: Language, by: tuple[int, ...]) -> None:
    pdf = final_acta_pdf(final(by=by), EVENT, language, MADE_AT)
    assert len(texts(pdf)) == 2
    assert within(pdf, 25)
    assert [overlaps(pdf, page) for page in range(2)] == [[], []]


def test_event_says_what_its_days_came_to_and_names_nobody() -> None:
    first, second = texts(final_acta_pdf(final(), EVENT, "es", MADE_AT))
    assert "Sesiones 1 a 4: del 8 al 11 de septiembre de 2020" in first
    assert "México 1 de 3 · 3 1 de 3 · 3 1 de 3 · 3 1 de 3 · 3 1" in first
    assert "Total 51 51 51 51 10" in first
    assert "Delegaciones ausentes todos los días: Belice." in second
    assert "Total 84 56 8 20" in second
    assert "4 asistencias corregidas por la organización" in second
    assert "4 ausencias excusadas." in second
    assert "Secreto" not in first + second


def test_more_delegations_than_a_page_holds_take_more_pages_and_lose_none() -> None:
    south_and_north = "AR BO BR CL CO CU EC PE PY UY VE ES FR DE IT PT GB IE NL BE LU AT CH SE NO FI DK PL CZ SK HU RO"
    codes = (*south_and_north.split(), "BG", "GR", "TR", "JP", "KR", "CN", "IN", "AU", "NZ", "ZA", "EG", "MA")
    coverage = CONFIG.coverage.model_copy(update={"countries": codes})
    config = CONFIG.model_copy(update={"coverage": coverage})
    session = EVENT.sessions[0]
    pdf = acta_pdf(summary(session, config=config), people(session), EVENT, "en", MADE_AT)
    pages = texts(pdf)
    assert len(pages) > 2
    assert f"Page 1 of {len(pages)}" in pages[0]
    assert all("1 of 2" in page or "Signatures" in page for page in pages)
    assert sum(page.count("Morocco") for page in pages) == 2
    assert within(pdf, 25)


def test_texts_of_the_configuration_are_text(tmp_path: Path) -> None:
    written = CONFIG_FILE.read_text("utf-8").replace(
        "Cooperación judicial transfronteriza", "#let x = 1 *y* [z] $2$ <w>"
    )
    file = tmp_path / "config.toml"
    file.write_text(written, "utf-8")
    session = load(file).agenda.sessions[1]
    (first, _second) = texts(acta_pdf(summary(session), people(session), EVENT, "es", MADE_AT))
    assert "#let x = 1 *y* [z] $2$ <w>" in first


def test_the_same_day_gives_the_same_bytes() -> None:
    assert day_acta() == day_acta()
