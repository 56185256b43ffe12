"""The floor of each session: given to one person at a time, for so long, by whoever moderates."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from bot.clock import Clock
from bot.floor import Hand, NoSession, NotSpeaking, Speech, Waiting, in_line, turn_of
from bot.ids import PersonId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.storage.store import Reader, Store, Transaction


@dataclass(frozen=True, slots=True)
class SpeakerLine:
    """Who has the floor, and who waits for it."""

    speech: Speech | None
    waiting: Sequence[Waiting]


class Speaking:
    """Who speaks, session by session. Whoever is given the floor takes it from who had it."""

    def __init__(self, store: Store, agenda: LiveAgenda, clock: Clock) -> None:
        self._store = store
        self._agenda = agenda
        self._clock = clock
        self._listeners: list[Callable[[SessionKey], None]] = []

    def on_change(self, listener: Callable[[SessionKey], None]) -> None:
        """Call `listener` when somebody was given or has left the floor."""
        self._listeners.append(listener)

    async def line(self, session: SessionKey, hands: Iterable[Hand]) -> SpeakerLine:
        """The floor of a session, with these hands in their turns."""
        return await self._store.read(partial(_line, session, tuple(hands)))

    async def speech(self, session: SessionKey) -> Speech | None:
        """Who has the floor."""
        return await self._store.read(lambda tx: tx.speeches.running(session))

    async def give(self, session: SessionKey, person: PersonId, minutes: int, by: PersonId) -> Speech:
        """Give somebody the floor from now on. Raises NoSession once the session is over."""
        if self._clock.now() >= self._agenda.event.session(session).ends_at:
            raise NoSession
        speech = await self._store.write(partial(_give, session, person, timedelta(minutes=minutes), by))
        self._tell(session)
        return speech

    async def end(self, session: SessionKey, number: int) -> Speech:
        """The speech of that number is over. Raises NotSpeaking where it was already."""
        speech = await self._store.write(partial(_end, session, number))
        self._tell(session)
        return speech

    def _tell(self, session: SessionKey) -> None:
        for listener in self._listeners:
            listener(session)


def _line(session: SessionKey, hands: Sequence[Hand], tx: Reader) -> SpeakerLine:
    turns = {hand.person: turn_of(tx.participants.find(hand.person)) for hand in hands}
    return SpeakerLine(tx.speeches.running(session), in_line(hands, turns, tx.speeches.all(session)))


def _give(session: SessionKey, person: PersonId, length: timedelta, by: PersonId, tx: Transaction) -> Speech:
    tx.speeches.end(session, tx.now)
    turn = turn_of(tx.participants.find(person))
    return tx.speeches.add(session, person, turn, tx.now, tx.now + length, by)


def _end(session: SessionKey, number: int, tx: Transaction) -> Speech:
    speech = tx.speeches.running(session)
    if speech is None or speech.number != number:
        raise NotSpeaking
    tx.speeches.end(session, tx.now)
    return speech
