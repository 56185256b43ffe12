"""Figures by delegation and profile, over the wire: who is who, what is lacking, and what changed since yesterday."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.coverage import Count
from bot.ids import SessionKey
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.storage.looking import look
from bot.summary import day_of, final_of
from tests.factories import workshop

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (SessionKey(f"2020-09-{day:02}") for day in range(8, 12))


def table(message: SeenMessage, name: str) -> list[list[str]]:
    """An attached file as a Spanish spreadsheet reads it."""
    content = next(file.content for file in message.attachments if file.name == name)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


async def registers(person: Person, **entered: str) -> None:
    await person.slash("registro")
    form = (await person.click(person.private()[-1], "registration:agree")).modal
    assert form is not None
    await person.submit(form, **{"name": person.display_name, "institution": "Institución de Ensayo", **entered})


async def until(event: Any, text: str) -> None:
    await event.clock.run_until(event.at(text))
    await event.settle()


async def asked(event: Any, organizer: Person, day: SessionKey) -> tuple[str, SeenMessage]:
    """What /asistencia says of a day, and the message with its files."""
    before = len(organizer.private())
    await organizer.slash("asistencia", dia=day)
    await event.settle()
    answers = organizer.private()[before:]
    return "\n".join(m.text for m in answers), answers[-1]


def posted(organizer: Person, heading: str) -> str:
    """The Spanish part of the day's post in the organizers' channel."""
    texts = [m.text for m in organizer.sees_in("organizacion") if not m.ephemeral]
    whole = "\n".join(texts)
    start = whole.index(heading)
    return whole[start : whole.index("## Summary of", start)]


@pytest.mark.trial("A12")
async def test_two_people_of_one_name_are_two_and_a_rename_makes_no_third(event: Any) -> None:
    """Everybody is known by their id; a delegation and profile are those registered when the day settles."""
    organizer = event.organizer()
    one, other = event.person("Ana García"), event.person("Ana García")
    nameless = event.world.add_person("sin_nombre", locale="es-419", global_name="")
    await registers(one, affiliation="CR", profile="judicial")
    await registers(other, affiliation="HN", profile="migration", institution="Otra Institución")
    await until(event, f"{TUESDAY} 09:00")
    await one.joins("auditorio")
    await nameless.joins("auditorio")
    await until(event, f"{TUESDAY} 09:10")
    await other.joins("auditorio")
    await until(event, f"{TUESDAY} 09:40")
    await one.renames("Anita G.")
    await registers(one, name="Ana Isabel García", affiliation="CR", profile="judicial")
    await until(event, f"{TUESDAY} 10:00")
    await one.gains(event.hall.moderator_role)
    await registers(one, name="Ana Isabel García", affiliation="CR", profile="investigation")
    await until(event, f"{TUESDAY} 11:02")
    await registers(other, affiliation="MX", profile="judicial", institution="Otra Institución")
    _text, files = await asked(event, organizer, TUESDAY)
    rows = [row for row in table(files, f"personas-{TUESDAY}.csv") if row and "García" in row[0]]
    assert [row[:7] for row in rows] == [
        ["Ana Isabel García", "Institución de Ensayo", "Costa Rica", "CR", "Unidad de investigación", "sí", "120,00"],
        ["Ana García", "Otra Institución", "Honduras", "HN", "Autoridad de control migratorio", "sí", "110,00"],
    ]
    summary, people = await event.services.summaries.day(TUESDAY)
    assert summary.total == Count(people=3)
    assert (summary.unregistered, people.unnamed) == (Count(people=1), 1)
    by_country = {line.country: line.by_profile for line in summary.delegations if line.count.people}
    assert by_country == {"CR": (0, 0, 1), "HN": (0, 1, 0)}


async def test_gaps_come_first_and_what_changed_since_the_day_before_is_told(event: Any) -> None:
    organizer = event.organizer()
    ana, ben, carla = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Carla"))
    await registers(ana, affiliation="CR", profile="judicial")
    await registers(ben, affiliation="BZ", profile="migration")
    await registers(carla, affiliation="BZ", profile="judicial")
    await until(event, f"{TUESDAY} 09:00")
    await ana.joins("auditorio")
    await ben.joins("auditorio")
    await until(event, f"{TUESDAY} 09:30")
    text, _ = await asked(event, organizer, TUESDAY)
    gaps = [
        "Faltan: Belice, Fiscalía o procuraduría: 0 de 2; Autoridad de control migratorio: 1 de 2; "
        "Unidad de investigación: 0 de 2",
        "Faltan: Costa Rica, Fiscalía o procuraduría: 1 de 2; Autoridad de control migratorio: 0 de 2; "
        "Unidad de investigación: 0 de 2",
    ]
    assert [line for line in text.splitlines() if line.startswith("Faltan")] == gaps
    assert text.index("**Delegaciones ausentes (9):**") < text.index(gaps[0]) < text.index("```")
    assert "Frente al" not in text
    await until(event, f"{TUESDAY} 11:02")
    tuesday = posted(organizer, "## Resumen del martes 8 de septiembre")
    assert all(gap in tuesday for gap in gaps)
    await ana.leaves()
    await ben.leaves()
    await until(event, f"{WEDNESDAY} 09:00")
    await ben.joins("auditorio")
    await carla.joins("auditorio")
    await until(event, f"{WEDNESDAY} 09:20")
    text, _ = await asked(event, organizer, WEDNESDAY)
    told = (
        "**Frente al martes 8 de septiembre**:\n"
        "Más: Belice, Fiscalía o procuraduría: 0 → 1\n"
        "Menos: Costa Rica, Fiscalía o procuraduría: 1 → 0"
    )
    assert told in text
    await until(event, f"{WEDNESDAY} 11:02")
    assert told in posted(organizer, "## Resumen del miércoles 9 de septiembre")
    summary = await event.services.summaries.summary(WEDNESDAY)
    assert summary.since is not None
    assert [(c.country, c.profile.key, c.before, c.now) for c in summary.gained] == [
        ("BZ", "judicial", 0, 1),
        ("CR", "judicial", 1, 0),
    ]


@pytest.mark.trial("R4")
async def test_day_of_nobody_is_told_and_sums_agree_on_every_day(event: Any) -> None:
    """Somebody with two Discord roles, somebody without profile, somebody unregistered: each is one person."""
    organizer = event.organizer()
    ana, ben, eva, iva = (event.person(f"{name} Prueba") for name in ("Ana", "Ben", "Eva", "Iva"))
    for person, entered in {
        ana: {"affiliation": "CR", "profile": "judicial"},
        ben: {"affiliation": "CR"},
        iva: {"affiliation": "staff"},
    }.items():
        await registers(person, **entered)
    await ana.gains(event.hall.moderator_role)
    await ana.gains(event.hall.organizer_role)
    for day in (TUESDAY, WEDNESDAY):
        await until(event, f"{day} 09:00")
        for person in (ana, ben, eva, iva):
            await person.joins("auditorio")
        await until(event, f"{day} 09:30")
        # Three connections more, and still one person.
        for _ in range(3):
            await eva.leaves()
            await event.clock.run_for(30)
            await eva.joins("auditorio")
        await until(event, f"{day} 10:30")
        for person in (ana, ben, eva, iva):
            await person.leaves()
    await until(event, f"{THURSDAY} 11:05")
    thursday = posted(organizer, "## Resumen del jueves 10 de septiembre")
    assert "**Personas presentes: 0**" in thursday
    assert "**Delegaciones ausentes (11):**" in thursday
    assert "Menos: Costa Rica, Fiscalía o procuraduría: 1 → 0" in thursday
    for day, people, connections in ((TUESDAY, 4, 7), (WEDNESDAY, 4, 7), (THURSDAY, 0, 0)):
        text, files = await asked(event, organizer, day)
        assert f"Conexiones, que no son personas: {connections}" in text
        rows = table(files, f"resumen-{day}.csv")
        assert ["Personas presentes", str(people)] in rows
        by_profile = rows[rows.index(["Perfil", "Personas"]) + 1 :]
        by_profile = by_profile[: by_profile.index([])]
        assert int(by_profile[-1][1]) == sum(int(row[1]) for row in by_profile[:-1]) == people
        start = next(n for n, row in enumerate(rows) if row[:3] == ["Delegación", "Código", "Cobertura"])
        lines = rows[start + 1 : start + 1 + rows[start + 1 :].index([])]
        assert int(lines[-1][-3]) == sum(int(row[-3]) for row in lines[:-1]) == people
        if people:
            assert ["Sin dato: delegación sin perfil indicado", "1"] in by_profile
            assert ["Sin dato: sin registrar", "1"] in by_profile


@pytest.mark.trial("A11")
async def test_days_are_rebuilt_to_the_same_figures_from_the_database_alone(event: Any) -> None:
    organizer = event.organizer()
    ana, ben = event.person("Ana Prueba"), event.person("Ben Prueba")
    await registers(ana, affiliation="CR", profile="judicial")
    await registers(ben, affiliation="HN", profile="migration")
    await until(event, f"{TUESDAY} 09:15")
    await ben.joins("auditorio")
    await until(event, f"{TUESDAY} 09:40")
    await ben.leaves()
    await until(event, f"{TUESDAY} 10:50")
    await ana.joins("auditorio")
    await until(event, f"{TUESDAY} 11:02")
    tuesday = await event.services.summaries.day(TUESDAY)
    posts = [m.text for m in organizer.sees_in("organizacion")]
    await until(event, f"{TUESDAY} 15:00")
    await ben.joins("auditorio")
    await until(event, f"{TUESDAY} 15:02")
    await ben.leaves()
    await until(event, f"{WEDNESDAY} 09:20")
    await ana.leaves()
    assert [m.text for m in organizer.sees_in("organizacion")][: len(posts)] == posts
    await until(event, f"{FRIDAY} 08:00")
    assert await event.services.summaries.day(TUESDAY) == tuesday
    config, now = event.config, event.clock.now()
    database = config.storage.database

    def offline(day: SessionKey) -> Any:
        return look(database, now, lambda nouns: day_of(nouns, config.agenda, config, day, now))

    assert offline(TUESDAY) == tuesday
    wednesday = await event.services.summaries.day(WEDNESDAY)
    assert offline(WEDNESDAY) == wednesday
    measured = {
        attendee.participant.person_id: sum(attendee.minutes.values()) / 60_000
        for day in (tuesday, wednesday)
        for attendee in day[1].attendees
        if attendee.participant.person_id == ana.id
    }
    assert [sum(a.minutes.values()) / 60_000 for a in tuesday[1].attendees] == [10, 25]
    assert measured == {ana.id: 20}
    final = await event.services.summaries.final()
    assert look(database, now, lambda nouns: final_of(nouns, config.agenda, config, now)) == final
    (of_ana,) = (career for career in final.people if career.participant.person_id == ana.id)
    assert [of_ana.days[day].measured / 60_000 for day in (TUESDAY, WEDNESDAY, THURSDAY, FRIDAY)] == [10, 20, 0, 0]
    assert {of_ana.days[day].counted / 60_000 for day in of_ana.days} == {120}
    assert [summary.total.people for summary in final.summaries] == [2, 1, 0, 0]
    assert final.provisional


class TestUnknownTime:
    async def test_every_figure_that_it_touches_says_so(self, event: Any) -> None:
        organizer, ana = event.organizer(), event.person("Ana Prueba")
        await registers(ana, affiliation="CR", profile="judicial")
        await until(event, f"{TUESDAY} 09:00")
        await ana.joins("auditorio")
        await until(event, f"{TUESDAY} 09:20")
        await event.loopback.guild_unavailable()
        await until(event, f"{TUESDAY} 09:24")
        await event.loopback.guild_available()
        await until(event, f"{TUESDAY} 11:02")
        note = "sin datos 09:20-09:24"
        post = posted(organizer, "## Resumen del martes 8 de septiembre")
        touched = [line for line in post.splitlines() if line.endswith(note)]
        assert [line.split(" ")[0] for line in touched] == ["**Personas", "**Cobertura**", "-"]
        assert "09:00-09:30 Palabras de Inauguración: 1 persona, 26,0 min" in touched[2]
        _text, files = await asked(event, organizer, TUESDAY)
        heading = table(files, f"personas-{TUESDAY}.csv")[0]
        assert [cell for cell in heading if note in cell] == [
            f"Presente · {note}",
            f"Minutos · {note}",
            f"Minutos 09:00-09:30 Palabras de Inauguración · {note}",
        ]
        # And the next day, which is compared with this one.
        await ana.leaves()
        await until(event, f"{WEDNESDAY} 09:20")
        text, _ = await asked(event, organizer, WEDNESDAY)
        changed = "Menos: Costa Rica, Fiscalía o procuraduría: 1 → 0"
        assert f"**Frente al martes 8 de septiembre** · {note}:\n{changed}" in text


class TestEarlyCheckIn:
    @pytest.fixture
    def config(self, tmp_path: Path) -> Config:
        """Presence can be declared from the start of the session on, and not before."""
        whole = workshop(tmp_path)
        attendance = whole.attendance.model_copy(update={"check_in_opens_minutes": 0})
        return whole.model_copy(update={"attendance": attendance})

    @pytest.mark.trial("A13")
    async def test_two_minutes_early_spoils_nothing_and_a_click_makes_no_minutes(self, event: Any) -> None:
        organizer, ana, ben = event.organizer(), event.person("Ana Prueba"), event.person("Ben Prueba")
        await registers(ana, affiliation="CR", profile="judicial")
        await registers(ben, affiliation="HN", profile="judicial")
        await until(event, f"{TUESDAY} 08:58")
        opens = int(event.at(f"{TUESDAY} 09:00").timestamp())
        assert f"<t:{opens}:F>" in (await ana.slash("presente")).text
        assert (await event.services.register.day(TUESDAY)).check_ins == ()
        await until(event, f"{TUESDAY} 09:02")
        assert (await ana.slash("presente")).text.startswith("Anotado: está presente")
        # Whoever is not there cannot be declared by somebody else: there is no code to pass on, and no other day.
        (command,) = [c for c in ana.visible_commands() if c.name == "presente"]
        assert {option.name for option in command.options} <= {"acompanantes"}
        await until(event, f"{TUESDAY} 11:02")
        summary, people = await event.services.summaries.day(TUESDAY)
        assert summary.total == Count(people=0, declared=1)
        assert [(a.participant.person_id, a.present, dict(a.minutes), a.companions) for a in people.attendees] == [
            (ana.id, False, {}, 0)
        ]
        text = posted(organizer, "## Resumen del martes 8 de septiembre")
        assert "**Personas presentes: 0**" in text
        assert "Declaradas con /presente: 1; acompañantes: 0. No se suman a las medidas." in text
        assert all(figures.people == figures.total == 0 for figures in summary.blocks)
