"""What people do in a rehearsal, and when: drawn from a seed, so that the same seed is the same event."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.agenda import Event, Session
from bot.rehearsal.cast import Actor
from bot.rehearsal.deeds import (
    Adopts,
    Answers,
    Asks,
    ChangesDevice,
    ChecksIn,
    Converts,
    Corrects,
    Deed,
    Defers,
    Edits,
    Files,
    GoesAway,
    Imitates,
    Inspects,
    Joins,
    Leaves,
    LooksAhead,
    LooksUp,
    Merges,
    Registers,
    Reviews,
    ReviewsPage,
    SetsPolicy,
    Silences,
    Supports,
    TakesEarlier,
    TakesNext,
    Toggles,
    Undoes,
    WantsMessages,
    Withdraws,
)

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
_ANSWERS = (
    "Sí: las presentaciones se envían a las delegaciones al cierre de cada día.",
    "Depende del tratado; la autoridad central de cada país tiene el formulario.",
    "Yes, within 24 hours, through the central authority.",
)
_ON_THE_TELEPHONE = ("Telma Teléfono", "Teo Llamada")
_RUBBISH = ("\u200b\u2800\u3164", "   ", "\u0301\u0301\u0301")


def script(event: Event, actors: Sequence[Actor], random_source: random.Random) -> tuple[Deed, ...]:
    """All deeds of all days in the order of their instants; equal instants keep the order in which they were drawn."""
    deeds: list[Deed] = []
    registered: set[int] = set()
    for number, session in enumerate(event.sessions):
        if actors:
            text = f"{_QUESTIONS[number % len(_QUESTIONS)]} (mesa {number + 1})"
            deeds.append(Adopts(session.starts_at + timedelta(minutes=35), actors[0].number, number % 2, text))
        deeds.append(Imitates(session.starts_at + timedelta(minutes=12)))
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
    yield from _support(session, me, draw)


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
    if draw.random() < 0.1:
        yield Converts(at, me, text)
        return
    asked = Asks(at, me, text, draw.random() < 0.25, draw.random() < 0.4, draw.random() < 0.6)
    yield asked
    if draw.random() < 0.15:
        yield Asks(at + timedelta(seconds=5), me, text.upper() + "  ", asked.anonymous, asked.by_form)
    if draw.random() < 0.1:
        yield Asks(at + timedelta(seconds=20), me, draw.choice(_RUBBISH), False, draw.random() < 0.5)
    if draw.random() < 0.08:
        yield Withdraws(at + timedelta(seconds=60), me)
    if draw.random() < 0.1:
        yield Edits(at + timedelta(seconds=90), me)
    if draw.random() < 0.2:
        yield LooksUp(at + timedelta(minutes=3), me)
    if draw.random() < 0.15:
        yield WantsMessages(at + timedelta(minutes=4), me)


def _support(session: Session, me: int, draw: random.Random) -> Iterator[Deed]:
    for _ in range(draw.choice((0, 0, 0, 1, 2))):
        yield Supports(session.starts_at + _between(draw, 15, 115), me, draw.randrange(60))


def _moderators(session: Session, draw: random.Random) -> Iterator[Deed]:
    """They read questions from the start and take one every two minutes or so once the Q&A is open."""
    qa = session.qa
    at = session.starts_at + _between(draw, 3, 6)
    while at < session.ends_at:
        yield _review(at, draw)
        at += _between(draw, 0.7, 3)
    yield from _now_and_then(session, draw)
    if qa is None:
        return
    yield SetsPolicy(qa.starts_at + _between(draw, 15, 20), draw.randrange(2), draw.choice(("votes", "arrival")))
    yield SetsPolicy(qa.starts_at + _between(draw, 25, 30), draw.randrange(2), "rotation")
    if session.number > 1:
        yield TakesEarlier(qa.starts_at + _between(draw, 5, 12), draw.randrange(2))
    at = qa.starts_at + timedelta(seconds=draw.uniform(5, 40))
    while at < qa.ends_at:
        both = draw.random() < 0.15
        outcome = draw.choices((None, "in_writing", "deferred"), (70, 15, 15))[0]
        moderators = (0, 1) if both else (draw.randrange(2),)
        yield TakesNext(at, moderators, outcome is None and draw.random() < 0.7, outcome)
        if draw.random() < 0.1:
            yield Undoes(at + timedelta(seconds=20), moderators[0])
        at += _between(draw, 1.5, 4)
    yield Defers(qa.ends_at - _between(draw, 0.5, 1), draw.randrange(2))


def _review(at: datetime, draw: random.Random) -> Deed:
    chance, moderator = draw.random(), draw.randrange(2)
    if chance < 0.1:
        return ReviewsPage(at, moderator)
    if chance < 0.2:
        return Corrects(at, moderator)
    return Reviews(at, moderator, draw.random() < 0.8)


def _now_and_then(session: Session, draw: random.Random) -> Iterator[Deed]:
    """What moderators do once or twice a day."""

    def sometime(first: float, last: float) -> datetime:
        return session.starts_at + _between(draw, first, last)

    yield Files(sometime(20, 60), draw.randrange(2), draw.choice(_ON_THE_TELEPHONE), draw.choice(_QUESTIONS))
    yield LooksAhead(sometime(30, 80), draw.randrange(2))
    yield Undoes(sometime(30, 60), draw.randrange(2))
    for _ in range(2):
        yield Merges(sometime(20, 110), draw.randrange(2))
        yield Answers(sometime(90, 118), draw.randrange(2), draw.randrange(25), draw.choice(_ANSWERS))
    if draw.random() < 0.5:
        yield Silences(sometime(60, 100), draw.randrange(2))


def _between(draw: random.Random, low: float, high: float) -> timedelta:
    """A span between so many minutes, in whole milliseconds."""
    return timedelta(milliseconds=round(draw.uniform(low, high) * 60_000))
