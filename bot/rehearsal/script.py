"""What people do in a rehearsal, and when: drawn from a seed, so that the same seed is the same event."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.agenda import Event, Session
from bot.rehearsal.cast import Actor

_QUESTIONS = (
    "¿Cómo comparten las unidades de investigación la información entre fronteras?",
    "¿Qué hace la fiscalía cuando el testigo ya salió del país?",
    "¿Habrá grabación de la sesión y de las presentaciones?",
    "How do you tell a smuggled person from a trafficked one at first contact?",
    "¿Qué plazo tienen las solicitudes de asistencia judicial urgentes?",
    "¿Con qué indicadores detectan documentación fraudulenta en un puesto terrestre?",
    "Which channel works best for urgent requests at night?",
    "¿Cómo se protege a los funcionarios que investigan?",
    "¿Qué cambió en las rutas durante la pandemia?",
    "¿Se puede formar un equipo conjunto sin un tratado bilateral? [ver acta](https://example.org) @everyone",
)
_RUBBISH = ("\u200b\u2800\u3164", "   ", "\u0301\u0301\u0301")


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that one person does at an instant. Everything else derives from it."""

    at: datetime


@dataclass(frozen=True, slots=True)
class Joins(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class Leaves(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class Toggles(Deed):
    actor: int
    what: str


@dataclass(frozen=True, slots=True)
class GoesAway(Deed):
    """Is moved to the AFK channel."""

    actor: int


@dataclass(frozen=True, slots=True)
class ChangesDevice(Deed):
    actor: int
    late_leave: bool


@dataclass(frozen=True, slots=True)
class Registers(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class ChecksIn(Deed):
    actor: int
    companions: int
    by_button: bool


@dataclass(frozen=True, slots=True)
class Asks(Deed):
    actor: int
    text: str
    anonymous: bool
    by_form: bool


@dataclass(frozen=True, slots=True)
class LooksUp(Deed):
    """Asks for the programme and for their own questions."""

    actor: int


@dataclass(frozen=True, slots=True)
class Withdraws(Deed):
    actor: int


@dataclass(frozen=True, slots=True)
class Reviews(Deed):
    """A moderator approves, or rejects, the first question that waits on the board."""

    moderator: int
    approves: bool


@dataclass(frozen=True, slots=True)
class TakesNext(Deed):
    """One or two moderators ask for the next question; two do so at the same moment."""

    moderators: tuple[int, ...]
    by_button: bool


@dataclass(frozen=True, slots=True)
class Inspects(Deed):
    """An organizer asks for the attendance so far."""


def script(event: Event, actors: Sequence[Actor], random_source: random.Random) -> tuple[Deed, ...]:
    """All deeds of all days in the order of their instants; equal instants keep the order in which they were drawn."""
    deeds: list[Deed] = []
    registered: set[int] = set()
    for session in event.sessions:
        for actor in actors:
            deeds.extend(_attendee(session, actor, registered, random_source))
        deeds.extend(_moderators(session, random_source))
        deeds.append(Inspects(session.starts_at + timedelta(minutes=40)))
    return tuple(sorted(map(_on_the_millisecond, deeds), key=lambda deed: deed.at))


def _on_the_millisecond(deed: Deed) -> Deed:
    """The same deed at a whole millisecond, as the database keeps instants, so that a recount can be exact."""
    return replace(deed, at=deed.at.replace(microsecond=deed.at.microsecond // 1000 * 1000))


def _attendee(session: Session, actor: Actor, registered: set[int], draw: random.Random) -> Iterator[Deed]:
    if draw.random() < 0.08:
        return
    me = actor.number
    starts, ends = session.starts_at, session.ends_at
    if me not in registered and draw.random() < 0.9:
        registered.add(me)
        yield Registers(starts + _between(draw, -30, 20), me)
    arrives = starts + _drawn_arrival(draw)
    leaves = ends + (_between(draw, -50, -1) if draw.random() < 0.15 else _between(draw, 0.01, 10))
    yield Joins(arrives, me)
    yield from _while_there(me, arrives, leaves, draw)
    if draw.random() < 0.95:
        yield Leaves(leaves, me)
    if draw.random() < 0.6:
        yield ChecksIn(starts + _between(draw, -20, 90), me, draw.choice((0, 0, 0, 1, 2)), draw.random() < 0.7)
    if draw.random() < 0.1:
        yield LooksUp(starts + _between(draw, -10, 100), me)
    yield from _questions(session, me, draw)


def _drawn_arrival(draw: random.Random) -> timedelta:
    punctuality = draw.random()
    if punctuality < 0.2:
        return _between(draw, -40, -10)
    return _between(draw, -10, 2) if punctuality < 0.8 else _between(draw, 2, 60)


def _while_there(me: int, arrives: datetime, leaves: datetime, draw: random.Random) -> Iterator[Deed]:
    def sometime() -> datetime:
        return arrives + (leaves - arrives) * draw.uniform(0.02, 0.95)

    for _ in range(draw.choice((0, 0, 1, 2, 4))):
        yield Toggles(sometime(), me, draw.choice(("mute", "deaf", "video", "suppress")))
    if draw.random() < 0.2:
        for _ in range(draw.randint(1, 3)):
            dropped = sometime()
            yield Leaves(dropped, me)
            yield Joins(dropped + timedelta(seconds=draw.uniform(2, 40)), me)
    if draw.random() < 0.1:
        yield ChangesDevice(sometime(), me, draw.random() < 0.5)
    if draw.random() < 0.04:
        away = sometime()
        yield GoesAway(away, me)
        yield Joins(away + _between(draw, 1, 8), me)


def _questions(session: Session, me: int, draw: random.Random) -> Iterator[Deed]:
    if draw.random() > 0.3:
        return
    at = session.starts_at + _between(draw, 0, 115)
    number = draw.randrange(1000)
    text = f"{draw.choice(_QUESTIONS)} ({number})"
    asked = Asks(at, me, text, draw.random() < 0.25, draw.random() < 0.4)
    yield asked
    if draw.random() < 0.15:
        yield Asks(at + timedelta(seconds=5), me, text.upper() + "  ", asked.anonymous, asked.by_form)
    if draw.random() < 0.1:
        yield Asks(at + timedelta(seconds=20), me, draw.choice(_RUBBISH), False, draw.random() < 0.5)
    if draw.random() < 0.08:
        yield Withdraws(at + timedelta(seconds=60), me)
    if draw.random() < 0.2:
        yield LooksUp(at + timedelta(minutes=3), me)


def _moderators(session: Session, draw: random.Random) -> Iterator[Deed]:
    """They read questions from the start and take one every two minutes or so once the Q&A is open."""
    qa = session.qa
    at = session.starts_at + _between(draw, 3, 6)
    while at < session.ends_at:
        yield Reviews(at, draw.randrange(2), draw.random() < 0.82)
        at += _between(draw, 0.7, 3)
    if qa is None:
        return
    at = qa.starts_at + timedelta(seconds=draw.uniform(5, 40))
    while at < qa.ends_at:
        both = draw.random() < 0.15
        yield TakesNext(at, (0, 1) if both else (draw.randrange(2),), draw.random() < 0.5)
        at += _between(draw, 1.5, 4)


def _between(draw: random.Random, low: float, high: float) -> timedelta:
    """A span between so many minutes, in whole milliseconds."""
    return timedelta(milliseconds=round(draw.uniform(low, high) * 60_000))
