"""Who is suggested for whom a question is, with more panelists than Discord shows."""

from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, PanelistConfig
from tests.factories import workshop

#: Their first hundred signs are the same.
LONG = "Doctora Perpetua del Perpetuo Socorro de los Ángeles Ensayo Prueba Ficticia Inventada y Supuesta de la Muestra"

NAMES = [f"{LONG} {number}" for number in range(58)] + ["Zoé Ñandú", "Óscar Último"]


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop with sixty panelists on Tuesday."""
    made = workshop(tmp_path)
    tuesday = made.event.sessions[0]
    exchange = tuesday.blocks[1].model_copy(
        update={
            "panelists": tuple(PanelistConfig.model_construct(name=name, institution={"es": "OIM"}) for name in NAMES)
        }
    )
    blocks = (tuesday.blocks[0], exchange, *tuesday.blocks[2:])
    session = tuesday.model_copy(update={"blocks": blocks})
    event = made.event.model_copy(update={"sessions": (session, *made.event.sessions[1:])})
    return made.model_copy(update={"event": event})


@pytest.mark.trial("D5")
async def test_panelists_are_suggested_within_discords_limits_and_found_without_accents(event: Any) -> None:
    ana = event.person("Ana Prueba")
    assert len(LONG) >= 100
    everybody = await ana.suggestions("pregunta", option="para", typed="")
    assert 1 <= len(everybody) <= 25
    assert all(len(choice.name) <= 100 and len(choice.value) <= 100 for choice in everybody)
    for typed in ("nandu", "ÑANDÚ", "zoe"):
        assert [choice.value for choice in await ana.suggestions("pregunta", option="para", typed=typed)] == [
            "Zoé Ñandú"
        ]
    assert [c.name for c in await ana.suggestions("pregunta", option="para", typed="ultimo")] == ["Óscar Último · OIM"]
    assert await ana.suggestions("pregunta", option="para", typed="nadie así") == []


async def test_what_is_suggested_may_be_asked(event: Any) -> None:
    ana, moderator = event.person("Ana Prueba"), event.moderator()
    await event.clock.run_until(event.at("2020-09-08 09:30"))
    suggested = await ana.suggestions("pregunta", option="para", typed="socorro")
    await ana.slash("pregunta", texto="¿Cómo?", para=suggested[0].value)
    await event.clock.run_for(3)
    board = next(m for m in reversed(moderator.sees_in("moderacion")) if m.components)
    assert "para Doctora Perpetua" in board.text
