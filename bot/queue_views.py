"""What can be seen of the questions, each view as of one instant."""

from collections.abc import Container, Sequence

from bot import queue_air as air
from bot import queue_board as boards
from bot import queue_carried as carried
from bot import queue_operations as operations
from bot.agenda import Language
from bot.ids import MessageId, QuestionNumber, SessionKey
from bot.questions import Figures, LiveMessage, Question, State, Transition
from bot.queue_carried import LEFT_FOR_LATER
from bot.queue_core import Core
from bot.queue_values import Answer, BoardPage, Exported, Replaced, Shown, Tab


class Views(Core):
    """What is read, and where it is shown."""

    async def board(
        self,
        session: SessionKey,
        *,
        tab: Tab = Tab.REVIEW,
        page: int = 0,
        panelist: str | None = None,
        language: Language | None = None,
    ) -> BoardPage:
        """What moderators see of the session; `panelist` and `language` leave only those rows of the tab."""
        on = self._event.session(session)
        return await self._store.read(
            lambda tx: boards.board(
                tx, on, self._rules.policy, self._lookup, tab=tab, page=page, panelist=panelist, language=language
            )
        )

    async def addressees(self, session: SessionKey, how_many: int = 24) -> Sequence[str]:
        """To whom questions of the session are addressed, each once."""
        return await self._store.read(lambda tx: tx.questions.addressees(session, how_many))

    async def suggestions(
        self,
        session: SessionKey,
        typed: str,
        states: Sequence[State],
        *,
        how_many: int = 25,
        earlier: Container[SessionKey] = (),
        carried: bool = False,
    ) -> Sequence[Shown]:
        """Questions of the session in these states whose number, or one of whose words, begins with what was typed.

        After them come those of the days before that are among `earlier`, and with `carried`, of the other days
        before, what they left for this one.
        """
        of: list[tuple[SessionKey, Sequence[State]]] = [(session, states)]
        for key in self._before(session):
            if key in earlier:
                of.append((key, states))
            elif carried:
                of.append((key, [state for state in states if state in LEFT_FOR_LATER]))
        return await self._store.read(lambda tx: boards.suggestions(tx, of, typed, how_many, self._lookup))

    async def recently_moved(
        self, session: SessionKey, how_many: int = 25, *, of: Container[SessionKey] | None = None
    ) -> Sequence[Shown]:
        """The questions, of the session and of earlier days, of which a step can be taken back, the last one moved
        first; with `of`, those that had their turn, or were asked, in one of these sessions."""
        keys = [session, *self._before(session)]
        return await self._store.read(lambda tx: boards.recently_moved(tx, keys, how_many, self._lookup, of))

    def _before(self, session: SessionKey) -> list[SessionKey]:
        return [s.key for s in reversed(self._event.sessions) if s.key < session]

    async def figures(self, session: SessionKey) -> Figures:
        """How many questions of the session stand where, with all that a summary tells of them."""
        return await self._store.read(lambda tx: tx.figures.of(session))

    async def shown(self, number: QuestionNumber) -> Shown:
        """One question with who asked it. Raises QuestionUnknown."""
        return await self._store.read(lambda tx: operations.shown(tx, operations.existing(tx, number), self._lookup))

    async def history(self, number: QuestionNumber) -> tuple[Transition, ...]:
        """Every step of the question, those that were taken back too. Raises QuestionUnknown."""
        return await self._store.read(lambda tx: tuple(tx.questions.history(operations.existing(tx, number).number)))

    async def texts(self, number: QuestionNumber) -> tuple[Replaced, ...]:
        """What the question said before, the first text first."""
        return await self._store.read(lambda tx: tuple(operations.texts(tx, number)))

    async def answers(self, session: SessionKey) -> tuple[Answer, ...]:
        """The answers in writing to the session's questions, the last generation of each."""
        return await self._store.read(lambda tx: tuple(tx.answers.of_session(session)))

    async def answer_of(self, number: QuestionNumber) -> Answer | None:
        """The last generation of the answer in writing."""
        return await self._store.read(lambda tx: tx.answers.last(number))

    async def carried_over(self, session: SessionKey) -> tuple[Shown, ...]:
        """What earlier days left: deferred, or approved and without a turn; nothing that is still under review."""
        return await self._store.read(lambda tx: carried.carried_over(tx, session, self._lookup))

    async def for_written_answers(self) -> tuple[Shown, ...]:
        """What wants an answer in writing, of the whole event: deferred, approved, under review, or said to be
        answered in writing and without an answer yet. For organizers: not all of it has been approved."""
        return await self._store.read(lambda tx: carried.for_written_answers(tx, self._lookup))

    async def export(self) -> tuple[Exported, ...]:
        """Every question of the event with its history, in order of arrival."""
        return await self._store.read(lambda tx: carried.export(tx, self._lookup))

    async def unposted(self) -> Sequence[Shown]:
        """The questions on air whose last showing is not known to be posted."""
        return await self._store.read(lambda tx: air.unposted(tx, self._lookup))

    async def note_posted(self, question: Question, message: MessageId) -> None:
        """This showing of the question is the public message `message`."""
        await self._store.write(lambda tx: tx.questions.note_posted(question, message))

    async def posted(self, number: QuestionNumber) -> MessageId | None:
        """The public message of the question's last showing, once it is known."""
        return await self._store.read(lambda tx: tx.questions.posted(number))

    async def live_message(self, name: str) -> LiveMessage | None:
        """Where the message of that name stands."""
        return await self._store.read(lambda tx: tx.live_messages.find(name))

    async def keep_live_message(self, name: str, message: LiveMessage) -> None:
        """The message of that name stands here from now on."""
        await self._store.write(lambda tx: tx.live_messages.keep(name, message))
