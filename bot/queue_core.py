"""What every part of the queue stands on: the store, the rules of the configuration, and who is told of changes."""

import logging
from collections.abc import Callable
from datetime import datetime

from bot.agenda import Event, Session
from bot.anonymity import Anonymity
from bot.clock import Clock
from bot.config import Config
from bot.ids import SessionKey
from bot.live_agenda import LiveAgenda
from bot.questions import Hours, Question, asking_hours, session_to_ask_in
from bot.queue_asking import Pace
from bot.queue_values import Lookup, Taken
from bot.storage.store import Store, Transaction

log = logging.getLogger("bot.queue")

Listener = Callable[[SessionKey], None]


class Core:
    """The questions of the whole event, without what is done with them."""

    def __init__(
        self, store: Store, agenda: LiveAgenda, config: Config, clock: Clock, anonymity: Anonymity, lookup: Lookup
    ) -> None:
        self._store = store
        self._agenda = agenda
        self._rules = config.questions
        self._clock = clock
        self._anonymity = anonymity
        self._lookup = lookup
        self._config = config
        self._pace = Pace()
        self._listeners: list[Listener] = []

    @property
    def _event(self) -> Event:
        return self._agenda.event

    @property
    def _settled_at(self) -> tuple[datetime, ...]:
        return self._config.settled_at(self._event)

    def on_change(self, listener: Listener) -> None:
        """Call `listener` with the session after each change that was saved. It must not raise."""
        self._listeners.append(listener)

    def forget(self, listener: Listener) -> None:
        """Stop calling `listener`."""
        self._listeners.remove(listener)

    def changed(self, session: SessionKey) -> None:
        """Something else than this queue has changed the session's questions."""
        self._tell_of(session)

    def hours(self, session: Session) -> Hours:
        """From when to when the session takes questions."""
        return asking_hours(session, self._rules.opens, self._rules.closes)

    def session_to_ask_in(self) -> Session:
        """The session that takes questions now. Raises AskingNotOpen and AskingClosed."""
        return session_to_ask_in(self._event, self.hours, self._clock.now())

    def session_in_view(self) -> Session:
        """The session that moderators work on: the one under way, else today's, the next, or the last."""
        now = self._clock.now()
        return (
            self._event.session_at(now)
            or self._event.session_of_day(now)
            or self._event.next_session(now)
            or self._event.sessions[-1]
        )

    async def _change(self, operation: Callable[[Transaction], Question], event: str) -> Question:
        question = await self._store.write(operation)
        log.info("question.%s number=%d", event, question.number)
        self._tell(question)
        return question

    async def _put(self, operation: Callable[[Transaction], Taken]) -> Taken:
        taken = await self._store.write(operation)
        log.info("question.on_air number=%d", taken.on_air.number)
        self._tell(taken.on_air)
        return taken

    def _tell(self, *questions: Question) -> None:
        """Of the sessions in which the questions were asked, and of those in which they are or were on air."""
        sessions = [key for q in questions for key in (q.session, q.air_session) if key is not None]
        for session in dict.fromkeys(sessions):
            self._tell_of(session)

    def _tell_of(self, session: SessionKey) -> None:
        for listener in tuple(self._listeners):
            listener(session)
