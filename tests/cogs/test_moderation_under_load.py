"""Two moderators at cross purposes, and a thousand questions at once: nothing lost, nothing shown twice, never late."""

import asyncio
import random
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config
from bot.loopback.people import Person
from bot.question_states import in_force
from bot.questions import State
from tests.cogs.dais import TUESDAY, board_of, boards, on_air
from tests.factories import workshop

ROUNDS = 200


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """The workshop with room for two thousand questions, and no limit for one person."""
    made = workshop(tmp_path)
    rules = made.questions.model_copy(update={"per_session": 2000, "per_person": 500})
    return made.model_copy(update={"questions": rules})


@pytest.fixture
async def questions_time(event: Any) -> Any:
    """Tuesday 10:16, in the questions and answers."""
    await event.clock.run_until(event.at(f"{TUESDAY} 10:16"))
    return event


async def decide(event: Any, moderator: Person, chance: random.Random, number: int) -> None:
    """One thing that a moderator may do just then, right or not, on the board as they happen to see it."""
    board = board_of(moderator)
    press = chance.choice(
        [
            f"question:approve:{number}",
            f"question:air:{number}:now",
            f"question:finish:{number}",
            f"question:defer:{number}",
            f"question:written:{number}",
            f"question:page:{number}-{number + 1}",
            f"question:next:{TUESDAY}:{chance.choice([0, number])}:now",
            f"question:next:{TUESDAY}:any:now",
            f"question:air:{number}:now",
            f"question:silence:{number + 500}",
            "undo",
            "undo",
            "undo",
            "merge",
            "reject",
        ]
    )
    if press == "undo":
        await moderator.slash("deshacer", numero=str(number))
    elif press == "merge":
        await moderator.slash("unir", numero=str(number), con=str(chance.randint(1, 20)))
    elif press == "reject":
        await moderator.submit_raw(
            f"question:rejected:{number}", {"reason": ["other"], "words": ""}, channel="moderacion"
        )
    else:
        await moderator.click(board, forged_custom_id=press)


async def test_two_hundred_rounds_of_two_moderators_at_cross_purposes_lose_and_double_nothing(
    questions_time: Any,
) -> None:
    event, chance = questions_time, random.Random(4)
    one, two, ben = event.moderator("Una"), event.moderator("Otra"), event.person("Ben")
    queue = event.services.queue
    for number in range(1, 21):
        asked = await queue.ask(
            event.person(f"Persona {number}").id, f"Texto{number}", anonymous=False, addressed_to=None, language="es"
        )
        assert asked.number == number
    for _ in range(ROUNDS):
        number = chance.randint(1, 20)
        await asyncio.gather(
            decide(event, one, chance, number), decide(event, two, chance, chance.choice([number, number % 20 + 1]))
        )
        await event.clock.run_for(chance.choice([0.0, 0.3, 2.5, 11.0]))
        aired = [n for n in range(1, 21) if (await queue.shown(n)).question.state is State.ON_AIR]
        assert len(aired) <= 1
    await event.clock.run_for(60)
    figures = await queue.figures(TUESDAY)
    assert figures.received == sum(figures.by_state.values()) == 20
    shown = Counter(int(match[1]) for text in on_air(ben) if (match := re.search(r"Pregunta (\d+) al aire", text)))
    assert sum(shown.values()) > 10
    for number in range(1, 21):
        question, history = (await queue.shown(number)).question, await queue.history(number)
        assert history[-1].to_state is question.state
        ends = [step.at for step in history[1:]] + [event.clock.now()]
        airings = [
            end - step.at
            for step, end in zip(history, ends, strict=True)
            if step.to_state is State.ON_AIR and step in in_force(history)
        ]
        # Each time on air is posted once, and its post goes where that was taken back; one that was over within the
        # same moment need not be posted.
        assert sum(lasted.total_seconds() > 0 for lasted in airings) <= shown[number] <= len(airings)
    posts = [m for m in ben.sees_in("preguntas") if "al aire" in m.text]
    marks = [re.search(r"ref\. (\S+)", m.text) for m in posts]
    assert len({mark[1] for mark in marks if mark}) == len(posts)
    assert not any("Algo falló" in m.text for moderator in (one, two) for m in moderator.private())
    assert len(boards(one)) == 1
    assert ben.private() == []


async def test_board_is_never_behind_by_more_than_three_seconds_under_a_thousand_questions(
    questions_time: Any,
) -> None:
    event, moderator = questions_time, questions_time.moderator()
    people = [event.person(f"Persona {number}") for number in range(1000)]
    await asyncio.gather(*(person.slash("pregunta", texto=f"Asunto{number}") for number, person in enumerate(people)))
    await event.clock.run_for(3)
    text = board_of(moderator).text
    assert "recibidas 1000" in text
    assert "y 995 más en revisión" in text
    numbers = re.findall(r"^\*\*(\d+)\*\*", text, re.MULTILINE)
    assert numbers == ["1", "2", "3", "4", "5"]
    await moderator.click(board_of(moderator), "question:page:1-2-3-4-5")
    assert "aprobadas 5" in board_of(moderator).text
    await moderator.slash("siguiente")
    await event.clock.run_for(3)
    assert "Al aire: 1" in board_of(moderator).text
