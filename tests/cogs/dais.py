"""What tests of moderation do and look at again and again."""

import re
from typing import Any

from bot.ids import PersonId, QuestionNumber
from bot.loopback.people import Person
from bot.loopback.seen import SeenMessage
from bot.participants import Affiliation, Country, Entry, Standing
from bot.questions import State

TUESDAY, WEDNESDAY = "2020-09-08", "2020-09-09"

#: Texts that would do something to what stands around them, were they not shown literally.
HOSTILE = [
    "[acta oficial](https://example.org)",
    "# TITULO",
    "``` sin cerrar ||",
    "-# pequeño",
    "<t:0:R>",
    "</pregunta:1>",
    "<#1> @everyone <@&1>",
    "a" + "\u0301" * 60,
    "\u202eal revés",
    "كيف حالك؟ nº José Ñandú Nguyễn",
]


def boards(moderator: Person) -> list[SeenMessage]:
    """Every board that stands in the moderators' channel."""
    return [m for m in moderator.sees_in("moderacion") if m.components and not m.ephemeral]


def board_of(moderator: Person) -> SeenMessage:
    """The moderators' board as it stands."""
    return boards(moderator)[-1]


def on_air(person: Person) -> list[str]:
    """The public posts of questions."""
    return [m.text for m in person.sees_in("preguntas") if not m.ephemeral and "al aire" in m.text]


def answers(person: Person) -> list[SeenMessage]:
    """The public posts of written answers."""
    return [m for m in person.sees_in("preguntas") if not m.ephemeral and m.text.startswith("### Respuesta")]


def private_texts(person: Person) -> list[str]:
    """What was said to somebody alone."""
    return [message.text for message in person.private()]


async def at_questions(event: Any, *texts: str, approved: bool = True) -> list[Person]:
    """Each text asked by somebody else, approved unless said otherwise, and Tuesday 10:20; who asked, in order."""
    moderator, people = event.moderator("Moderadora de antes"), []
    for text in texts:
        people.append(event.person(f"Persona {len(people) + 1}"))
        await people[-1].slash("pregunta", texto=text)
        await event.clock.run_for(3)
        if approved:
            await moderator.click(board_of(moderator), f"question:approve:{len(people)}")
    await event.clock.run_until(event.at(f"{TUESDAY} 10:20"))
    return people


async def register(event: Any, person: Person, affiliation: Affiliation | str, name: str = "Ana Registrada") -> None:
    """Enter somebody in the register of participants; a text is a country's code."""
    belongs = Country(affiliation) if isinstance(affiliation, str) else affiliation
    entry, now = Entry(name, "Ministerio", Standing(belongs, None), "es"), event.clock.now()
    await event.services.store.write(lambda tx: tx.participants.keep(PersonId(person.id), entry, now, now))


async def state_of(event: Any, number: int) -> State:
    """Where a question stands."""
    return (await event.services.queue.shown(QuestionNumber(number))).question.state


def not_literal(shown: str) -> list[str]:
    """The signs in a person's text, as it is shown, that Discord would take for more than what they are."""
    unescaped = re.sub(r"\\.", "", shown)
    return [sign for sign in "<>[]()#`|*_~@\u202e" if sign in unescaped] + (["https://"] if "https://" in shown else [])
