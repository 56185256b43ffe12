"""What is announced about the agenda, as it is read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.config import load
from bot.cues import CueKey, plan, posts
from bot.languages import Language
from bot.phrases.agenda import announcement, programme
from tests.domain.agendas import WORKSHOP, a_session, an_event

CONFIG = load(WORKSHOP)
EVENT = CONFIG.agenda
PLAN = plan(EVENT, CONFIG.announcements)


def at(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo("America/Costa_Rica")).astimezone(UTC)


def stamp(local: str) -> int:
    return int(at(local).timestamp())


def told(now: str, *keys: str, language: Language = "es") -> str:
    """The one post that these cues make at `now`."""
    (post,) = posts(cue for cue in PLAN if cue.key in {CueKey(key) for key in keys})
    return announcement(post, EVENT, CONFIG.privacy.recorded, at(now), language)


NINE, HALF_PAST, QUARTER_PAST_TEN = (stamp(f"2020-09-08 {hour}") for hour in ("09:00", "09:30", "10:15"))

OPENING = f"""\
## Tema 1: Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes
martes 8 de septiembre · Taller para el intercambio de buenas prácticas para el combate integral al tráfico ilícito \
de migrantes

**Palabras de Inauguración: Presidencia Pro-Témpore, OIM, UNODC**

La Presidencia Pro-Témpore, la OIM y la UNODC dan la bienvenida a las delegaciones de los Países Miembros de la CRM. \
Durante cuatro días se intercambiarán buenas prácticas regionales para el combate integral al tráfico ilícito de \
migrantes.

**Programa** (hora de Costa Rica; entre paréntesis, su hora local)
- 09:00-09:30 (<t:{NINE}:t>) Palabras de Inauguración: Presidencia Pro-Témpore, OIM, UNODC
- 09:30-10:15 (<t:{HALF_PAST}:t>) Intercambio Técnico · Modera: PPT
- 10:15-11:00 (<t:{QUARTER_PAST_TEN}:t>) Preguntas y Respuestas

**Qué se registra.** Se registran las entradas y salidas del auditorio, las preguntas y el registro de participantes. \
El bot no graba la voz."""


def test_the_opening_says_day_theme_who_opens_remarks_programme_and_what_is_recorded() -> None:
    assert told("2020-09-08 09:00", "2020-09-08/opening") == OPENING


def test_the_opening_is_said_in_english_too() -> None:
    said = told("2020-09-08 09:00", "2020-09-08/opening", language="en")
    assert said.startswith(
        "## Theme 1: Investigation techniques and police intelligence on the Smuggling of Migrants\n"
        "Tuesday 8 September · "
    )
    assert "**Opening remarks: Pro-Tempore Presidency, IOM, UNODC**" in said
    assert f"- 09:30-10:15 (<t:{HALF_PAST}:t>) Technical exchange · Moderator: PPT" in said
    assert "**What is recorded.** Entries to" in said


@pytest.mark.trial("J2")
def test_a_late_opening_is_the_opening_and_says_that_it_is_late() -> None:
    said = told("2020-09-08 09:04", "2020-09-08/opening")
    late = f"Este anuncio sale con retraso: la sesión comenzó a las <t:{NINE}:t>.\n\n"
    assert said.replace(late, "") == OPENING
    assert said != OPENING


@pytest.mark.trial("J2")
def test_an_opening_in_the_questions_says_once_what_is_on_and_nothing_starts_now() -> None:
    said = told("2020-09-08 10:20", "2020-09-08/opening", "2020-09-08/qa_opens")
    assert (
        f"**La sesión está en marcha desde las <t:{NINE}:t>.** Ahora: Preguntas y Respuestas (10:15-11:00).\n\n" in said
    )
    assert "omienza" not in said
    assert "en curso" not in said
    # In what is on now and in the programme.
    assert said.count("Preguntas y Respuestas") == 2
    assert "omienza ahora" not in told("2020-09-08 10:40", "2020-09-08/qa_opens")
    assert "omienza ahora" not in told("2020-09-08 10:00", "2020-09-08/2/start")


def test_every_other_post_is_short_and_whole() -> None:
    eleven, wednesday = stamp("2020-09-08 11:00"), stamp("2020-09-09 09:00")
    assert told("2020-09-08 08:45", "2020-09-08/reminder") == (
        f"**La sesión comienza <t:{NINE}:R>**, a las 09:00 (hora de Costa Rica; su hora local: <t:{NINE}:t>).\n"
        "martes 8 de septiembre · "
        "Tema 1: Técnicas de investigación e inteligencia policial sobre Tráfico Ilícito de Migrantes"
    )
    assert told("2020-09-08 09:30", "2020-09-08/2/start") == (
        f"**Comienza ahora** (09:30-10:15; su hora local: <t:{HALF_PAST}:t>): Intercambio Técnico · Modera: PPT"
    )
    assert told("2020-09-08 10:15", "2020-09-08/qa_opens") == (
        f"**Comienza ahora: Preguntas y Respuestas.** Hasta las <t:{eleven}:t>."
    )
    assert told("2020-09-08 10:55", "2020-09-08/last_call") == (
        f"**Preguntas y Respuestas termina <t:{eleven}:R>** (a las <t:{eleven}:t>)."
    )
    assert told("2020-09-08 11:00", "2020-09-08/qa_closes", "2020-09-08/session_closes") == (
        "**Se cierra: Preguntas y Respuestas.** Gracias por sus preguntas.\n\n"
        "**Termina la sesión de hoy.** Gracias por participar.\n"
        f"Próxima sesión: miércoles 9 de septiembre, a las <t:{wednesday}:t> · "
        "Tema 2: Cooperación judicial transfronteriza"
    )


def test_the_last_close_is_the_events_and_names_no_next_session() -> None:
    assert told("2020-09-11 11:00", "2020-09-11/session_closes", "event/closes") == (
        "**Termina la sesión de hoy.** Gracias por participar.\n\n"
        "**Taller para el intercambio de buenas prácticas para el combate integral al tráfico ilícito de migrantes** "
        "llega a su fin. Gracias a quienes participaron."
    )
    assert told("2020-09-11 11:05", "2020-09-11/session_closes").startswith("**La sesión de hoy terminó a las <t:")


def test_every_public_cue_is_said_in_every_language_in_time_and_late() -> None:
    for cue in PLAN:
        if cue.audience != "public":
            continue
        (post,) = posts([cue])
        for now in (cue.at, cue.late_at, cue.expires_at or cue.at):
            said = {
                language: announcement(post, EVENT, CONFIG.privacy.recorded, now, language) for language in ("es", "en")
            }
            assert all(said.values())
            assert said["es"] != said["en"]


def test_panelists_are_named_where_there_are_any_and_text_is_shown_as_it_is_written() -> None:
    session = a_session("8/9/2026", ("09:00-10:00", "exchange"))
    session["blocks"][0] |= {
        "title": "Mesa {abierta}",
        "moderator": "Instituto & Cía.",
        "panelists": [{"name": "Ana Prueba", "institution": {"es": "Fiscalía", "en": "Prosecution"}}, {"name": "Ben"}],
        "remarks": "Línea {uno}\n\n" + "x" * 9000,
    }
    event = an_event(session)
    (opening,) = (cue for cue in plan(event, CONFIG.announcements) if cue.kind == "opening")
    said = announcement(posts([opening])[0], event, {"es": "R {x}"}, opening.at, "en")
    assert "Mesa {abierta} · Moderator: Instituto & Cía. · Panelists: Ana Prueba (Prosecution), Ben" in said
    assert "Línea {uno}\n\n" + "x" * 9000 in said
    assert said.endswith("R {x}")


def test_the_programme_tells_today_what_is_on_and_what_is_next() -> None:
    today = "**martes 8 de septiembre** · Tema 1: "
    tomorrow = f"Próxima sesión: miércoles 9 de septiembre, a las <t:{stamp('2020-09-09 09:00')}:t> · Tema 2: "
    before, during, after = (programme(EVENT, at(f"2020-09-08 {hour}"), "es") for hour in ("07:00", "09:40", "12:00"))
    assert all(said.startswith(today) and tomorrow in said for said in (before, during, after))
    assert f"Comienza <t:{NINE}:R>, a las <t:{NINE}:t>." in before
    assert f"Ahora: Intercambio Técnico. Después, a las <t:{QUARTER_PAST_TEN}:t>: Preguntas y Respuestas." in during
    assert f"- 09:30-10:15 (<t:{HALF_PAST}:t>) Intercambio Técnico · Modera: PPT ← **ahora**" in during
    assert "La sesión de hoy terminó a las <t:" in after
    assert "ahora**" not in before + after


def test_the_programme_on_a_day_without_session_shows_the_next_and_at_the_end_that_it_is_over() -> None:
    early = programme(EVENT, at("2020-09-01 09:00"), "es")
    assert early.startswith("Hoy no hay sesión.\n\nPróxima sesión: martes 8 de septiembre, a las")
    assert "- 09:00-09:30" in early
    assert programme(EVENT, at("2020-09-12 09:00"), "es") == "El evento ha terminado."
    assert programme(EVENT, at("2020-09-12 09:00"), "en") == "The event is over."
    assert programme(EVENT, at("2020-09-11 12:00"), "es").endswith("El evento ha terminado.")
