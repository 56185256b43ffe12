"""`/programa`, asked as people ask it."""

from .conftest import RunningEvent


async def test_programa_tells_an_attendee_what_is_on_and_what_is_next_in_their_language(event: RunningEvent) -> None:
    ana = event.person("Ana Prueba", locale="es-419")
    ben = event.person("Ben Sample", locale="en-GB")
    await event.clock.run_until(event.at("2020-09-08 09:40"))
    said = (await ana.slash("programa")).text
    assert "martes 8 de septiembre" in said
    assert "Ahora: Intercambio Técnico." in said
    assert "miércoles 9 de septiembre" in said
    said = (await ben.slash("programa")).text
    assert "Now: Technical exchange." in said
    assert "Wednesday 9 September" in said
    # Each answer is its asker's alone.
    assert [message.ephemeral for message in ana.private()] == [True]
    assert not any("Now: Technical exchange." in message.text for message in ana.sees())


async def test_programa_knows_before_between_and_after(event: RunningEvent) -> None:
    ana = event.person("Ana Prueba")
    for at, expected in (
        ("2020-09-08 08:30", "Comienza <t:"),
        ("2020-09-08 12:00", "La sesión de hoy terminó"),
        ("2020-09-09 12:00", "jueves 10 de septiembre"),
        ("2020-09-11 12:00", "El evento ha terminado."),
        ("2020-09-12 12:00", "El evento ha terminado."),
    ):
        await event.clock.run_until(event.at(at))
        assert expected in (await ana.slash("programa")).text
