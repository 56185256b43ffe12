"""Declared presence, over the wire: /presente and the button Presente."""

import asyncio
from typing import Any

import pytest

from bot.attendance import DayRecord, minutes_by_person_and_block
from bot.ids import SessionKey

TUESDAY, WEDNESDAY = SessionKey("2020-09-08"), SessionKey("2020-09-09")

OFFER = "Si quiere, indique con el botón de qué perfil son. Se anota como declarado."


async def day(event: Any, session: SessionKey = TUESDAY) -> DayRecord:
    await event.settle()
    return await event.services.register.day(session)  # type: ignore[no-any-return]


def stamp(event: Any, text: str, form: str) -> str:
    return f"<t:{int(event.at(text).timestamp())}:{form}>"


@pytest.mark.trial("A13")
async def test_too_early_is_answered_with_the_hour_and_spoils_nothing(event: Any) -> None:
    ana, ben = event.person("Ana Prueba"), event.person("Ben Rehearsal", locale="en-GB")
    await event.clock.run_until(event.at("2020-09-08 08:44"))
    opens = stamp(event, "2020-09-08 08:45", "F")
    assert (await ana.slash("presente")).text == (
        f"Todavía no: la presencia se anota desde {opens}. No se guardó nada; vuelva a esa hora, por favor."
    )
    assert (await ben.slash("presente", acompanantes=2)).text == (
        f"Not yet: presence is noted from {opens}. Nothing was saved; please come back then."
    )
    assert (await day(event)).check_ins == ()
    await event.clock.run_until(event.at("2020-09-08 09:02"))
    assert (await ana.slash("presente")).text == "Anotado: está presente en la sesión de hoy."
    assert (await ben.slash("presente", acompanantes=2)).text == (
        "Noted: you are present in today's session. 2 more people share your connection.\n"
        "If you like, say with the button which profile they have. It is noted as declared."
    )
    record = await day(event)
    assert [(c.person, c.companions) for c in record.check_ins] == [(ana.id, 0), (ben.id, 2)]
    # What each was told, each sees alone; a declaration makes no minutes.
    assert len(ana.private()) == len(ben.private()) == 2
    assert minutes_by_person_and_block(record) == {}


@pytest.mark.trial("A13")
async def test_twice_by_button_and_by_command_is_once_and_says_so(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at("2020-09-08 09:02"))
    (post,) = (m for m in ana.sees_in("anuncios") if "presence:declare" in str(m.components))
    pressed = await asyncio.gather(*(ana.click(post, "presence:declare") for _ in range(5)))
    noted = stamp(event, "2020-09-08 09:02", "t")
    already = f"Ya estaba anotada su presencia de hoy, a las {noted}; no hace falta repetirla."
    assert sorted(exchange.text for exchange in pressed) == [
        "Anotado: está presente en la sesión de hoy.",
        *[already] * 4,
    ]
    assert (await ana.slash("presente", acompanantes=1)).text == (
        f"Corregido: su presencia de hoy ya estaba anotada. Con usted comparte la conexión 1 persona más.\n{OFFER}"
    )
    assert (await ana.slash("presente")).text == f"{already} Con usted comparte la conexión 1 persona más.\n{OFFER}"
    assert (await ana.slash("presente", acompanantes=0)).text == (
        "Corregido: su presencia de hoy ya estaba anotada. Nadie más comparte su conexión."
    )
    assert (await ana.slash("presente", acompanantes=500)).text == (
        "Son demasiados acompañantes para una conexión: se pueden anotar hasta 20."
    )
    assert [(c.person, c.companions) for c in (await day(event)).check_ins] == [(ana.id, 0)]


@pytest.mark.trial("A13")
async def test_after_the_session_and_on_other_days_nothing_is_noted(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    (post,) = (m for m in ana.sees_in("anuncios") if "presence:declare" in str(m.components))
    await event.clock.run_until(event.at("2020-09-08 11:01"))
    assert (await ana.slash("presente")).text == (
        "La sesión de hoy ya terminó y su presencia no se puede anotar ahora. La siguiente se anota desde "
        f"{stamp(event, '2020-09-09 08:45', 'F')}."
    )
    await event.clock.run_until(event.at("2020-09-11 12:00"))
    assert (await ana.click(post, "presence:declare")).text == (
        "El evento terminó y ya no se anota presencia. Si estuvo y no quedó anotado, escriba a la organización."
    )
    for session in event.services.event.sessions:
        assert (await day(event, session.key)).check_ins == ()


async def test_the_button_of_the_opening_post_works_after_a_restart(event: Any) -> None:
    ana = event.person("Ana Prueba")
    await event.clock.run_until(event.at("2020-09-08 09:00"))
    (post,) = (m for m in ana.sees_in("anuncios") if "presence:declare" in str(m.components))
    await event.restart()
    assert (await ana.click(post, "presence:declare")).text == "Anotado: está presente en la sesión de hoy."
    assert [c.person for c in (await day(event)).check_ins] == [ana.id]
