"""What moderators do with questions. Two who do the same at once are answered one after the other: the first does
it, the second is told who did (AlreadyDecided, AlreadyTaken)."""

from collections.abc import Container, Mapping, Sequence

from bot import queue_air as air
from bot import queue_asking as asking
from bot import queue_board as boards
from bot import queue_operations as operations
from bot import queue_undo as undoing
from bot import queue_votes as voting
from bot.agenda import Session
from bot.ids import MessageId, PersonId, QuestionNumber, SessionKey
from bot.question_refusals import NobodyToSilence
from bot.questions import (
    By,
    Outcome,
    Question,
    Reason,
    State,
    Takedown,
    check_may_go_on_air,
    checked_addition,
    checked_text,
)
from bot.queue_core import Core, log
from bot.queue_values import Answer, AnswerToPost, Silence, Taken, Undone
from bot.storage.store import Transaction
from bot.turns import Policy

#: An answer in writing takes what one of Discord's forms takes.
ANSWER_LENGTH = 4000


class Moderators(Core):
    """What moderators, and organizers, may do."""

    async def approve(self, number: QuestionNumber, moderator: PersonId, *, seen_edits: int | None = None) -> Question:
        """Let a question into the turns. `seen_edits` is how often the text that the moderator saw had been changed.

        Raises TextChanged where that is another one by now, AlreadyDecided, QuestionUnknown.
        """

        def step(tx: Transaction) -> Question:
            question = operations.existing(tx, number)
            operations.check_text_seen(question, seen_edits)
            return operations.move(tx, question, State.APPROVED, By.MODERATOR, moderator)

        return await self._change(step, State.APPROVED)

    async def approve_all(
        self,
        numbers: Sequence[QuestionNumber],
        moderator: PersonId,
        *,
        seen_edits: Mapping[QuestionNumber, int] | None = None,
    ) -> Sequence[Question]:
        """Approve those of them that are under review, and give them back. Those with `held_words` are left: they
        want to be looked at one by one; and so are those with another text than the one that was seen, by
        `seen_edits` of each."""
        approved = await self._store.write(lambda tx: operations.approve_all(tx, numbers, moderator, seen_edits))
        for question in approved:
            log.info("question.approved number=%d", question.number)
        self._tell(*approved)
        return approved

    async def edit_and_approve(
        self, number: QuestionNumber, moderator: PersonId, text: str, *, seen_edits: int | None = None
    ) -> Question:
        """Change the text of a question under review and approve it. What it said before is kept.

        `seen_edits` as in `approve`. Raises TextChanged, AlreadyDecided, QuestionUnknown, EmptyText, TextTooLong.
        """
        kept = checked_text(text, self._rules.maximum_length)
        return await self._change(
            lambda tx: asking.edit_and_approve(tx, number, moderator, kept, self._rules.blocked_words, seen_edits),
            State.APPROVED,
        )

    async def reject(self, number: QuestionNumber, moderator: PersonId, reason: Reason, words: str | None) -> Question:
        """Refuse a question; `reason` and `words` are for its author.

        Raises AlreadyDecided, QuestionUnknown, EmptyText, TextTooLong.
        """
        kept = checked_addition(words, "words")
        return await self._move(number, State.REJECTED, moderator, reason, kept)

    async def defer(self, number: QuestionNumber, moderator: PersonId) -> Question:
        """Leave an approved question, or the one on air, for a later day. Raises AlreadyDecided, QuestionUnknown."""
        return await self._move(number, State.DEFERRED, moderator)

    async def finish(self, number: QuestionNumber, moderator: PersonId, how: Outcome = Outcome.ANSWERED) -> Question:
        """Take the question on air off it, with none in its place. Raises AlreadyDecided, QuestionUnknown."""
        return await self._change(lambda tx: air.finish(tx, number, moderator, how), how)

    async def take_next(
        self,
        session: SessionKey,
        moderator: PersonId,
        *,
        seen: QuestionNumber | None = None,
        early: bool = False,
        outcome: Outcome = Outcome.ANSWERED,
        number: QuestionNumber | None = None,
        addressed_to: str | None = None,
    ) -> Taken:
        """Put on air whose turn it is, of those for `addressed_to` where that is given, or the question `number`;
        the one on air makes room by `outcome`.

        `seen` is the question that the moderator saw on air, 0 for none. Where another is on air by now, or
        nothing was seen and one has just been put there, raises AlreadyTaken and changes nothing.
        Raises NothingApproved and NothingApprovedFor (the one on air stays), SessionNotOn, and
        QuestionTimeNotCome unless `early`; with `number` also AlreadyDecided and QuestionUnknown.
        """
        check_may_go_on_air(self._event.session(session), self._clock.now(), early=early)
        policy = self._rules.policy
        return await self._put(
            lambda tx: air.take_next(
                tx, session, moderator, policy, seen, outcome=outcome, number=number, addressed_to=addressed_to
            )
        )

    async def put_on_air(
        self,
        number: QuestionNumber,
        moderator: PersonId,
        *,
        early: bool = False,
        outcome: Outcome = Outcome.ANSWERED,
        seen_edits: int | None = None,
    ) -> Taken:
        """Approve a question where that is still to be done, and put it on air at once, in turn or not.

        One of an earlier day, deferred or still waiting, goes on air in the session under way. `seen_edits` as in
        `approve`, for one that is under review.
        Raises TextChanged, AlreadyDecided, QuestionUnknown, SessionNotOn, and QuestionTimeNotCome unless `early`.
        """
        now = self._clock.now()
        return await self._put(
            lambda tx: air.put_on_air(
                tx, number, moderator, self._event, now, early=early, outcome=outcome, seen_edits=seen_edits
            )
        )

    async def show_again(self, number: QuestionNumber) -> Question:
        """Ask for the question on air to be posted once more. Raises AlreadyDecided, QuestionUnknown."""
        return await self._change(lambda tx: air.show_again(tx, number), "shown_again")

    async def undo(
        self,
        number: QuestionNumber,
        moderator: PersonId,
        *,
        seen: int | None = None,
        seen_answer: int | None = None,
    ) -> Undone:
        """Take back the last thing that moderators or the event did to a question; that it was is kept.

        `seen` is the last row of the history that the moderator saw, whatever it was, and `seen_answer` the
        generation of the answer in writing, 0 for none: where there is another since, raises AlreadyDecided and
        changes nothing.

        With a step goes what came with it: a text is again what it was before, an answer does not hold any more, and
        `takedowns` has what was public of it until it is gone. What had made room on air is there again, unless
        something else was done to it since. An answer that came after the last step goes first, by itself.

        An answer or deferral that left the air is taken back to the air; once its session is over, to where the
        question stood before it went there. Raises NothingToUndo, QuestionUnknown, and UndoBlocked where
        another is on air.
        """
        blocked = self._rules.blocked_words
        undone = await self._store.write(
            lambda tx: undoing.undo(tx, number, moderator, self._event, blocked, seen, seen_answer)
        )
        log.info("question.undone number=%d", number)
        self._tell(undone.question, *([undone.on_air] if undone.on_air else []))
        return undone

    async def last_changed_by(
        self, moderator: PersonId, session: SessionKey, *, of: Container[SessionKey] | None = None
    ) -> QuestionNumber | None:
        """What `undo` would take back for a moderator who says no number: the question, of the session or an earlier
        one, that they changed last and nobody since; with `of`, of those that belong to one of these sessions."""
        keys = [each.key for each in self._event.sessions if each.key <= session]
        return await self._store.read(lambda tx: boards.last_changed_by(tx, keys, moderator, of))

    async def takedowns(self) -> Sequence[Takedown]:
        """The public posts that are to be removed and are not known to be gone."""
        return await self._store.read(lambda tx: tx.takedowns.open())

    async def note_taken_down(self, takedown: Takedown) -> None:
        """Nothing of this post is public any more."""
        await self._store.write(lambda tx: tx.takedowns.done(takedown, tx.now))

    async def merge(self, number: QuestionNumber, into: QuestionNumber, moderator: PersonId) -> Question:
        """Join a question that waits to another, and give back that other: who supported both counts once, and
        the authors of both follow the other from now on.

        Raises AlreadyDecided, QuestionUnknown, MergeImpossible.
        """
        joined = await self._store.write(lambda tx: voting.merge(tx, number, into, moderator))
        log.info("question.merged number=%d into=%d", number, into)
        self._tell(*joined)
        return joined[-1]

    async def set_policy(self, session: SessionKey, policy: Policy, moderator: PersonId) -> None:
        """Whose turn is next in the session is decided like this from now on."""
        await self._store.write(lambda tx: tx.policies.set(session, policy, moderator, tx.now))
        log.info("question.policy session=%s policy=%s", session, policy)
        self._tell_of(session)

    async def policy(self, session: SessionKey) -> Policy:
        """How it is decided in the session whose turn is next."""
        return await self._store.read(lambda tx: tx.policies.of(session) or self._rules.policy)

    async def answer(
        self, number: QuestionNumber, moderator: PersonId, text: str, *, seen: int | None = None
    ) -> Answer:
        """Keep an answer in writing, in place of an earlier one; `unposted_answers` has it until it is public.

        A question that waits or was deferred is answered with it; one under review is approved first. The one
        on air stays there. `seen` is the generation that the moderator saw, 0 for none: where there is a later one,
        raises AnsweredMeanwhile and changes nothing. Raises AlreadyDecided, QuestionUnknown, EmptyText, TextTooLong.
        """
        kept = checked_text(text, ANSWER_LENGTH, "answer")
        answer, question = await self._store.write(lambda tx: operations.answer(tx, number, moderator, kept, seen))
        log.info("question.answer_written number=%d generation=%d", number, answer.generation)
        self._tell(question)
        return answer

    async def unposted_answers(self) -> Sequence[AnswerToPost]:
        """The answers whose last generation is not known to be public, the oldest first."""
        return await self._store.read(lambda tx: operations.unposted_answers(tx, self._lookup))

    async def note_answer_posted(self, answer: Answer, message: MessageId) -> None:
        """This generation of the answer is public in `message`."""
        await self._store.write(lambda tx: tx.answers.note_posted(answer.number, answer.generation, message))

    async def silence(self, number: QuestionNumber, moderator: PersonId) -> Silence:
        """Take no more from whoever asked this, by name or not, until the end of the session in view.

        Who an anonymous author is stays hidden: nothing tells whether somebody is silenced but their own
        attempts. Raises QuestionUnknown, and NotLinkable where the question is anonymous and of another
        session, where its key has been destroyed, or where nobody on the server asked it. Raises NobodyToSilence
        once the session is over.
        """
        session = self._session_to_silence_in()

        def keep(tx: Transaction) -> None:
            operations.silence(tx, number, moderator, session, self._anonymity.fingerprint)

        await self._store.write(keep)
        log.info("question.author_silenced number=%d", number)
        return Silence(session.key, session.ends_at)

    async def silence_person(self, person: PersonId, moderator: PersonId) -> Silence:
        """Take no more from this person, by name or not, until the end of the session in view. Raises
        NobodyToSilence once that is over."""
        session = self._session_to_silence_in()
        await self._store.write(
            lambda tx: tx.silences.add(session.key, person, None, session.ends_at, moderator, tx.now)
        )
        log.info("question.person_silenced")
        return Silence(session.key, session.ends_at)

    async def lift_silence(self, person: PersonId, moderator: PersonId) -> bool:
        """Take questions from this person again. False where no moderator had silenced them by name."""
        session = self.session_in_view().key
        lifted = await self._store.write(lambda tx: tx.silences.lift(session, person, None, moderator, tx.now))
        log.info("question.silence_lifted")
        return lifted

    async def lift_silence_of(self, number: QuestionNumber, moderator: PersonId) -> bool:
        """Take questions again from whoever asked this. False where nobody had silenced them by name; of an
        anonymous author it is never told. Raises as `silence` does."""
        session, fingerprint = self.session_in_view(), self._anonymity.fingerprint
        lifted = await self._store.write(
            lambda tx: operations.lift_silence_of(tx, number, moderator, session, fingerprint)
        )
        log.info("question.silence_lifted number=%d", number)
        return lifted

    def _session_to_silence_in(self) -> Session:
        session = self.session_in_view()
        if self._clock.now() >= session.ends_at:
            raise NobodyToSilence(session.ends_at)
        return session

    async def close_past(self) -> None:
        """Count as answered what was on air when its session ended. What waits stays as it is."""
        for question in await self._store.write(lambda tx: air.close_past(tx, self._event)):
            log.info("question.answered number=%d by=event", question.number)
            self._tell(question)

    async def _move(
        self,
        number: QuestionNumber,
        to: State,
        moderator: PersonId,
        reason: Reason | None = None,
        words: str | None = None,
    ) -> Question:
        def step(tx: Transaction) -> Question:
            question = operations.existing(tx, number)
            return operations.move(tx, question, to, By.MODERATOR, moderator, reason, words)

        return await self._change(step, to)
