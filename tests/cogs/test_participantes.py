"""`/participantes`: the same list as the command line imports, while the bot runs; and who of it is missing."""

import csv
import io
from typing import Any

import pytest

from bot.loopback.nouns import Upload
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from tests.domain.test_sheets import workbook

CSV = """sep=;
Nombre;Institución;País;Perfil;Discord
Ana García;Fiscalía;Costa Rica;judicial;
Álvaro Ñandú;Migración;Salvador (El);migration;
Oda Prueba;OIM;;;
""".encode("cp1252")


def last(person: Person) -> SeenMessage:
    return person.private()[-1]


def table(message: SeenMessage) -> list[list[str]]:
    (file,) = message.attachments
    return list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"), newline=""), delimiter=";"))


async def imports(olga: Person, content: bytes = CSV, name: str = "lista.csv", **more: Any) -> SeenMessage:
    await olga.slash("participantes importar", archivo=Upload(name, content), **more)
    return last(olga)


async def registers(person: Person, name: str, affiliation: str = "CR") -> None:
    await person.slash("registro")
    form = (await person.click(last(person), "registration:agree")).modal
    assert form is not None
    await person.submit(form, name=name, institution="Ministerio", affiliation=affiliation)


async def test_list_is_imported_while_the_bot_runs_and_twice_is_once(event: Any) -> None:
    olga, ben = event.organizer(), event.person("Ben")
    assert "Nuevas: 3. Cambiadas: 0. Iguales: 0." in (await imports(olga)).text
    assert "Nuevas: 0. Cambiadas: 0. Iguales: 3." in (await imports(olga)).text
    rows = [["Nombre", "País", "Institución"], ["García, Ana", "CR", "Corte"], ["Eva", "HN", "X"]]
    answer = await imports(olga, workbook(rows), "lista.xlsx")
    assert "Nuevas: 1. Cambiadas: 1. Iguales: 0." in answer.text
    assert "2 personas de la lista no están en el archivo y siguen en ella." in answer.text
    assert [each.said.name for each in await event.services.directory.expected()] == [
        "García, Ana", "Álvaro Ñandú", "Oda Prueba", "Eva",
    ]  # fmt: skip
    assert ben.private() == []
    assert not any("Ana" in message.text for message in ben.sees())


async def test_bad_rows_are_told_with_their_lines_and_nothing_is_taken_unless_asked_for(event: Any) -> None:
    olga = event.organizer()
    bad = CSV.replace("Salvador (El)".encode("cp1252"), b"Salvadorr **x**")
    answer = await imports(olga, bad)
    assert "Hay 1 fila con errores y no se importó nada." in answer.text
    assert "validas:True" in answer.text
    assert "Línea 4\\: «Salvadorr \\*\\*x\\*\\*» no es un país que se conozca" in answer.text
    assert await event.services.directory.expected() == []
    assert "Nuevas: 2." in (await imports(olga, bad, validas=True)).text


@pytest.mark.trial("D4")
async def test_more_mistakes_than_a_message_holds_are_in_a_file(event: Any) -> None:
    olga = event.organizer()
    rows = "\n".join(f"Persona {n};{'Narnia' * 10}" for n in range(400))
    answer = await imports(olga, f"nombre;país\n{rows}\n".encode())
    assert "Y 385 filas más con errores" in answer.text
    assert len(table(answer)) == 400
    assert table(answer)[-1][0] == "401"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "El archivo está vacío"),
        (b"x" * (5 * 1024 * 1024 + 1), "demasiado grande"),
        (b"\x89PNG\0", "Eso no es una tabla"),
        (b"a;b\nc;d\n", "No se encuentran los títulos de las columnas"),
    ],
)
async def test_what_is_no_list_is_refused_in_a_sentence(event: Any, content: bytes, said: str) -> None:
    assert said in (await imports(event.organizer(), content)).text


@pytest.mark.trial("D8")
async def test_organizers_alone_may_and_others_are_suggested_nothing(event: Any) -> None:
    olga, eve, mora = event.organizer(), event.person("Eve"), event.moderator()
    await imports(olga)
    for person in (eve, mora):
        await person.slash("participantes importar", archivo=Upload("x.csv", CSV), forged=True)
        for name in ("participantes pendientes", "participantes ausentes"):
            await person.slash(name, forged=True)
        assert all("solo para la organización" in message.text for message in person.private())
        others = {"persona": eve}
        assert await person.suggestions("participantes emparejar", "invitada", "Ana", forged=True, **others) == []
        assert await person.suggestions("participantes ausentes", "dia", "", forged=True) == []
        assert all(not message.attachments for message in person.private())


@pytest.mark.trial("R3")
async def test_pending_people_are_listed_by_the_spanish_alphabet_with_whom_they_may_be(event: Any) -> None:
    olga, ana, zoe = event.organizer(), event.person("Ana"), event.person("Zoe")
    await imports(olga)
    await registers(ana, "Ana Garzía")
    await registers(zoe, "Zoe Nadie", "MX")
    await olga.slash("participantes pendientes")
    assert (
        "3 personas de la lista no se han registrado. 2 personas registradas no están en la lista." in last(olga).text
    )
    assert "Ana" not in last(olga).text
    assert [row[:3] for row in table(last(olga))] == [
        ["Nombre", "Institución", "Delegación o procedencia"],
        ["Ana García", "Fiscalía", "Costa Rica"],
        ["Álvaro Ñandú", "Migración", "El Salvador"],
        ["Oda Prueba", "OIM", "Organización internacional"],
        ["Ana Garzía", "Ministerio", "Costa Rica"],
        ["Zoe Nadie", "Ministerio", "México"],
    ]
    assert "puede ser: Ana García · Fiscalía · Costa Rica (el nombre se parece)" in table(last(olga))[4][4]


async def test_organizer_says_who_somebody_is(event: Any) -> None:
    olga, ana = event.organizer(), event.person("Ana")
    await imports(olga)
    await olga.slash("participantes emparejar", persona=ana, invitada="1")
    assert "Esa cuenta no se ha registrado" in last(olga).text
    await registers(ana, "Apodo")
    choices = await olga.suggestions("participantes emparejar", "invitada", "garcia", persona=ana)
    assert [choice.name for choice in choices] == ["Ana García · Fiscalía · Costa Rica"]
    await olga.slash("participantes emparejar", persona=ana, invitada=choices[0].value)
    assert last(olga).text == f"<@{ana.id}> es Ana García · Fiscalía · Costa Rica. Anotado."
    assert last(olga).pinged == []
    for wrong in ("99", "Ana", "", "9" * 40):
        if wrong:
            await olga.slash("participantes emparejar", persona=ana, invitada=wrong)
            assert "Esa persona no está en la lista" in last(olga).text
    assert ana.private()[-1].text.startswith("Registro guardado")


async def test_who_was_expected_and_is_not_there_is_told_to_organizers_privately(event: Any) -> None:
    olga, ana, oda = event.organizer(), event.person("Ana"), event.person("Oda")
    await olga.slash("participantes ausentes")
    assert "Todavía no hay lista" in last(olga).text
    await imports(olga)
    await registers(ana, "Ana García")
    await registers(oda, "Oda Prueba", "organization")
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    await ana.joins("auditorio")
    await event.clock.run_for(600)
    await olga.slash("participantes ausentes")
    assert "2 personas que se esperaban no han estado: martes 8 de septiembre." in last(olga).text
    assert "De ellas, 1 no se ha registrado" in last(olga).text
    assert [[row[0], row[4]] for row in table(last(olga))] == [
        ["Nombre", "Registrada"],
        ["Álvaro Ñandú", "no"],
        ["Oda Prueba", "sí"],
    ]
    await oda.slash("presente")
    await olga.slash("participantes ausentes", dia="2020-09-08")
    assert [row[0] for row in table(last(olga))] == ["Nombre", "Álvaro Ñandú"]
    await olga.slash("participantes ausentes", dia="2020-09-09")
    assert len(table(last(olga))) == 4


async def test_file_that_cannot_be_fetched_is_an_apology_and_nothing_is_imported(event: Any) -> None:
    olga = event.organizer()
    event.world.uploads_url += "-gone"
    answer = await imports(olga)
    assert "Algo falló de nuestro lado" in answer.text
    assert await event.services.directory.expected() == []


@pytest.mark.trial("R3")
async def test_people_of_the_day_are_in_the_order_of_the_alphabet_however_their_names_are_written(event: Any) -> None:
    olga = event.organizer()
    await event.clock.run_until(event.at("2020-09-08 09:05"))
    names = ["Zúñiga", "Oca", "Nunez", "Álvarez", "Ñandú", "E\u0301lida", "Alvarez", "Nun\u0303ez", "Ávila"]
    for name in names:
        person = event.person(name)
        await registers(person, f"{name} Prueba", "MX")
        await person.slash("presente")
        await person.joins("auditorio")
    await event.clock.run_for(600)
    await olga.slash("asistencia")
    # The files come with the last of several messages.
    await event.settle()
    people = next(file for file in last(olga).attachments if file.name.startswith("personas"))
    rows = list(csv.reader(io.StringIO(people.content.decode("utf-8-sig"), newline=""), delimiter=";"))
    listed = [row[0].removesuffix(" Prueba") for row in rows if row and row[0].endswith(" Prueba")]
    assert listed == ["Alvarez", "Álvarez", "Ávila", "Élida", "Nunez", "Nuñez", "Ñandú", "Oca", "Zúñiga"]
    countries = {row[2] for row in rows if row and row[0].endswith(" Prueba")}
    assert countries == {"México"}
    figures = next(file for file in last(olga).attachments if file.name.startswith("resumen"))
    assert figures.content.decode("utf-8-sig").count("\r\nMéxico;MX;") == 1
