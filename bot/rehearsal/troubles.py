"""Which faults of Discord a rehearsal meets, and when: drawn from its seed, on any day.

Unlike the incidents of bot/rehearsal/mishaps.py nothing of it is laid down beforehand, so that one seed after another
tries another mixture; what has to hold at the end is the same for all.
"""

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Literal

from bot.agenda import Event, Session
from bot.loopback.faults import FaultKind
from bot.rehearsal.deeds import BreaksConnection, ChangesPlaces, Deed, MeetsFault, StartsBot, StopsBot

POSTING, EDITING = "POST /channels/{id}/messages", "PATCH /channels/{id}/messages/{id}"
CALLBACK = "POST /interactions/{id}/{token}/callback"

#: What may be met where. A callback hangs nowhere, and fails once at a time: after that, a second try comes within the
#: three seconds, a third does not, and nobody could be answered, whatever the bot did.
_MET: dict[str, tuple[FaultKind, ...]] = {
    POSTING: ("accepted-then-502", "502", "503", "hang", "429", "403", "404", "slow"),
    EDITING: ("accepted-then-502", "502", "503", "hang", "429", "403", "slow", "30046"),
    CALLBACK: ("accepted-then-502", "502", "slow", "callback-10062"),
}

_BEFORE, _AFTER = timedelta(minutes=20), timedelta(minutes=10)
#: The bot is away so long, and connections break at least so long apart from that.
_AWAY = timedelta(seconds=45)
_FEWEST, _MOST = 6, 14

What = Literal["fault", "drop", "restart"]


def troubles(event: Event, seed: int) -> tuple[Deed, ...]:
    """The faults, broken connections and restarts of all days, in their order.

    They have a source of their own: the people of a seed do the same with them and without.
    """
    draw = random.Random(f"faults of {seed}")
    return tuple(deed for session in event.sessions for deed in _of_day(session, draw))


def _of_day(session: Session, draw: random.Random) -> Iterator[Deed]:
    first, last = session.starts_at - _BEFORE, session.ends_at + _AFTER
    kinds: list[What] = ["drop", "restart"]
    kinds += draw.choices(("fault", "drop", "restart"), (8, 1, 1), k=draw.randint(_FEWEST, _MOST))
    draw.shuffle(kinds)
    # Each has a part of the day to itself, so that the bot is not stopped where it does not run.
    part = (last - first) / len(kinds)
    for number, kind in enumerate(kinds):
        at = first + part * number + (part - 2 * _AWAY) * draw.random()
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        if kind == "drop":
            yield BreaksConnection(at, resumes=draw.random() < 0.5)
        elif kind == "restart":
            yield StopsBot(at)
            yield ChangesPlaces(at + _AWAY * draw.randint(1, 9) / 10)
            yield StartsBot(at + _AWAY)
        else:
            route = draw.choice(tuple(_MET))
            times = 1 if route == CALLBACK else draw.randint(1, 2)
            yield MeetsFault(at, draw.choice(_MET[route]), route, times, draw.choice((0.3, 2.0, 600.0)))
