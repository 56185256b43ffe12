"""The public posts of questions: the one on air, and its written answer."""

from collections.abc import Coroutine
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import NotSaved
from bot.question_time import soon_over
from bot.questions import Published
from bot.queue_values import AnswerToPost, Shown
from bot.sending import NoLongerTrue, NotPosted

from .keeping import Keeper
from .posting import Post
from .question_cards import answer_post, public_post
from .takedowns import Takedowns, notice_key, reference_of

if TYPE_CHECKING:
    from .client import Estrado

#: Before a public post is tried again, by how often it failed; the last one from then on.
_PAUSES_SECONDS = (2.0, 5.0, 15.0, 30.0)

#: The public post says how long the block lasts where it is less than this.
_LITTLE_TIME = timedelta(minutes=5)


class PublicPosts(Keeper):
    """Posts what is put on air and what is answered in writing: each exactly once, across restarts."""

    def __init__(self, bot: "Estrado", takedowns: Takedowns) -> None:
        super().__init__(bot.services.queue, bot.services.clock, "on_air", pauses_seconds=_PAUSES_SECONDS)
        self._bot = bot
        self._takedowns = takedowns

    async def work(self) -> None:
        """All that waits. What cannot be posted keeps back nothing else, and is raised in the end."""
        if self._bot.venue is None:
            return
        troubles: list[Exception] = []
        for shown in await self._queue.unposted():
            await _kept(self._post(shown), troubles)
        for answer in await self._queue.unposted_answers():
            await _kept(self._post_answer(answer), troubles)
        if troubles:
            raise troubles[0]

    async def _post(self, shown: Shown) -> None:
        venue, question = self._bot.venue, shown.question
        assert venue is not None
        event = self._bot.services.event
        session = event.session(question.air_session or question.session)

        def taken_back() -> bool:
            return self._takedowns.has_begun(question.number, Published.QUESTION, question.showings)

        try:
            delivered = await self._bot.posting.deliver(
                notice_key(question.number, Published.QUESTION),
                venue.questions,
                question.showings,
                lambda at: public_post(shown, soon_over(session, at, _LITTLE_TIME), event.languages),
                reference=reference_of(question.number, Published.QUESTION),
                is_current=lambda now: session.starts_at <= now < session.ends_at and not taken_back(),
            )
        except NoLongerTrue:
            return
        await self._queue.note_posted(question, delivered.messages[0])

    async def _post_answer(self, waiting: AnswerToPost) -> None:
        """Under the question's own public message, where it has one; a changed answer under the earlier one."""
        venue, answer = self._bot.venue, waiting.answer
        assert venue is not None
        under = waiting.earlier or waiting.post
        text = answer_post(
            waiting.shown,
            answer.text,
            self._bot.services.event.languages,
            corrected=waiting.corrected,
            stands_under=under is not None,
        )

        def holds(_now: datetime) -> bool:
            return not self._takedowns.has_begun(answer.number, Published.ANSWER, answer.generation)

        try:
            delivered = await self._bot.posting.deliver(
                notice_key(answer.number, Published.ANSWER),
                venue.questions,
                answer.generation,
                Post((text,), answers=under),
                reference=reference_of(answer.number, Published.ANSWER),
                is_current=holds,
            )
        except NoLongerTrue:
            return
        await self._queue.note_answer_posted(answer, delivered.messages[0])


async def _kept(work: Coroutine[Any, Any, None], troubles: list[Exception]) -> None:
    try:
        await work
    except (NotPosted, NotSaved) as trouble:
        troubles.append(trouble)
