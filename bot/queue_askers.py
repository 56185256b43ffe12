"""What people do with questions: ask, change, withdraw and support them, and follow what becomes of their own."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from bot import queue_asking as asking
from bot import queue_similar as likeness
from bot import queue_votes as voting
from bot.agenda import Language
from bot.errors import NotSaved
from bot.ids import PersonId, QuestionNumber, SessionKey
from bot.question_text import language_of
from bot.questions import Question, checked_addition, checked_name, checked_text
from bot.queue_core import Core, log
from bot.queue_values import Asked, Asking, Edited, Own, Page, Similar, Tiding, Voted
from bot.storage.store import Transaction

T = TypeVar("T")


class Askers(Core):
    """What anybody may do."""

    async def ask(
        self,
        person: PersonId,
        text: str,
        *,
        anonymous: bool,
        addressed_to: str | None,
        language: Language,
    ) -> Asked:
        """Put a question under review.

        Whoever has asked the same in this session already, by name or not, gets that question again. Whether
        one may still ask is decided by when they asked, not by when the database came to it. Text with one of
        config's blocked words in it is taken all the same, marked with `held_words`.
        `language` is the author's; of an anonymous question that in which it seems to be written is kept, or else
        the event's first.
        Raises EmptyText, TextTooLong, AskingNotOpen, AskingClosed, TooManyQuestions, SessionFull, Silenced, TooSoon.
        """
        question = self._asking(person, text, anonymous, addressed_to, language)
        return await self._ask(question, lambda tx, session: self._kept(tx, session, question))

    async def ask_unless_alike(
        self,
        person: PersonId,
        text: str,
        *,
        anonymous: bool,
        addressed_to: str | None,
        language: Language,
    ) -> Asked | Similar:
        """As `ask`; where approved questions of others ask nearly the same, nothing is saved and these come back."""
        question = self._asking(person, text, anonymous, addressed_to, language)

        def kept(tx: Transaction, session: SessionKey) -> Asked | Similar:
            seal, percent = self._anonymity.seal(person, session), self._rules.similar_percent
            found = likeness.similar(tx, session, question.text, person, seal, self._lookup, percent=percent)
            if found.approved:
                return found
            asked = self._kept(tx, session, question)
            return replace(asked, alike_under_review=found.under_review and not asked.repeated)

        return await self._ask(question, kept)

    async def ask_for(
        self,
        moderator: PersonId,
        on_behalf_of: str | PersonId,
        text: str,
        language: Language,
        *,
        addressed_to: str | None = None,
    ) -> Asked:
        """Put a question under review for somebody on the phone, or who writes another language.

        `on_behalf_of` is a person of the server, whose question it then is, or a name. Who filed it is in the
        question's history. Silence and slow mode do not hold for it; caps do, for a person of the server. What that
        person asked anonymously counts for nothing here: the moderator would learn whose it is. Raises as `ask` does.
        """
        name = checked_name(on_behalf_of) if isinstance(on_behalf_of, str) else None
        question = Asking(
            None if isinstance(on_behalf_of, str) else on_behalf_of,
            checked_text(text, self._rules.maximum_length),
            False,
            checked_addition(addressed_to, "addressee"),
            language,
            filed_by=moderator,
            filed_for=name,
        )
        return await self._ask(question, lambda tx, session: self._kept(tx, session, question))

    async def from_message(self, person: PersonId, author: PersonId, text: str, language: Language) -> Asked:
        """Put a message's text under review as a question of its author's, by name. `person` asks for it: the
        author, or a moderator, who then is in the history as who filed it. Raises as `ask` does."""
        if person == author:
            return await self.ask(author, text, anonymous=False, addressed_to=None, language=language)
        return await self.ask_for(person, author, text, language)

    async def withdraw(self, number: QuestionNumber, person: PersonId) -> Question:
        """Take one's own question out of the queue. Those that were joined to it are on their own again.

        Raises AlreadyDecided where it no longer waits, QuestionUnknown where it is somebody else's, and
        NotLinkable where it is anonymous and its key has been destroyed.
        """
        return await self._change(
            lambda tx: asking.withdraw(tx, number, person, self._anonymity, self._settled_at), "withdrawn"
        )

    async def edit_by_author(self, number: QuestionNumber, person: PersonId, text: str) -> Edited:
        """Change the text of one's own question while it waits; an approved one goes back under review.

        Raises EmptyText, TextTooLong, AskedAlready, Silenced, and as `withdraw` does.
        """
        kept = checked_text(text, self._rules.maximum_length)
        edited = await self._store.write(
            lambda tx: asking.edit_by_author(
                tx, number, person, kept, self._anonymity, self._rules.blocked_words, self._settled_at
            )
        )
        log.info("question.edited number=%d back_to_review=%s", number, edited.back_to_review)
        self._tell(edited.question)
        return edited

    async def mine(self, person: PersonId) -> Sequence[Own]:
        """The person's questions of the whole event, anonymous ones too, in order of arrival; no anonymous ones
        from before the key was destroyed, of which `unlinkable` tells that there are some."""
        seals = [self._anonymity.seal(person, session.key) for session in self._event.sessions]
        return await self._store.read(lambda tx: asking.mine(tx, person, seals))

    async def unlinkable(self) -> int:
        """How many anonymous questions nobody can link to anybody any more, since their key was destroyed."""
        return await self._store.read(lambda tx: tx.anonymity_keys.sealed_otherwise(self._anonymity.fingerprint))

    async def vote(self, number: QuestionNumber, person: PersonId) -> Voted:
        """Support a question, or take that back where the person supports it already.

        A question that was joined to another stands for that other one. Raises OwnQuestion, NotVotable,
        QuestionUnknown.
        """
        voted, question = await self._store.write(lambda tx: voting.vote(tx, number, person, self._anonymity))
        log.info("question.supported number=%d votes=%d", voted.number, voted.votes)
        self._tell(question)
        return voted

    async def supportable(self, session: SessionKey, page: int = 0, *, size: int = 5) -> Page:
        """The approved questions of the session, in an order that votes do not change."""
        return await self._store.read(lambda tx: voting.supportable(tx, session, page, size, self._lookup))

    async def wants_messages(self, person: PersonId) -> bool:
        """Whether the person asked to be told by direct message what becomes of their questions by name."""
        return await self._store.read(lambda tx: tx.tidings.wanted(person))

    async def set_wants_messages(self, person: PersonId, wanted: bool) -> None:
        """From now on, tell the person by direct message or not. What was still to be told then is not."""
        await self._store.write(lambda tx: tx.tidings.set_wanted(person, tx.now, wanted=wanted))

    async def tidings(self, how_many: int = 20) -> Sequence[Tiding]:
        """What is still to be told by direct message, the oldest first; never about an anonymous question.

        There is one a person and question, about where it stands by now.
        """
        return await self._store.read(lambda tx: tx.tidings.untold(how_many))

    async def note_told(self, tiding: Tiding) -> None:
        """The person was told, or cannot be."""
        await self._store.write(lambda tx: tx.tidings.note_told(tiding))

    def _asking(
        self, person: PersonId, text: str, anonymous: bool, addressed_to: str | None, language: Language
    ) -> Asking:
        return Asking(
            person,
            checked_text(text, self._rules.maximum_length),
            anonymous,
            checked_addition(addressed_to, "addressee"),
            # An anonymous author's own language would be one more thing that is known of them.
            (language_of(text) or self._event.languages[0]) if anonymous else language,
        )

    def _kept(self, tx: Transaction, session: SessionKey, question: Asking) -> Asked:
        return asking.ask(tx, session, question, self._anonymity, self._lookup, self._rules, self._pace)

    async def _ask(self, question: Asking, keep: Callable[[Transaction, SessionKey], T]) -> T:
        session = self.session_to_ask_in().key
        try:
            kept = await self._store.write(lambda tx: keep(tx, session))
        except NotSaved:
            if question.anonymous and question.person is not None:
                self._pace.forget(self._anonymity.seal(question.person, session))
            raise
        if isinstance(kept, Asked):
            filed = question.filed_by is not None
            log.info("question.asked number=%d repeated=%s filed=%s", kept.number, kept.repeated, filed)
            self._tell_of(session)
        return kept
