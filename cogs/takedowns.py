"""What was public and was taken back: removed from its channel, across restarts."""

from datetime import datetime
from typing import TYPE_CHECKING

from bot.ids import ChannelId, MessageId, QuestionNumber
from bot.notices import Posted
from bot.questions import Published, Takedown
from bot.sending import NotPosted, Reason

from .keeping import Keeper
from .question_cards import withdrawn_post

if TYPE_CHECKING:
    from .client import Estrado

#: Before a removal is tried again, by how often it failed; the last one from then on.
_PAUSES_SECONDS = (2.0, 5.0, 15.0, 30.0, 60.0, 300.0)

#: The end of a notice's key, and the beginning of its reference.
_NAMES = {Published.QUESTION: ("on-air", "pregunta"), Published.ANSWER: ("answer", "respuesta")}


class Takedowns(Keeper):
    """Removes the public posts of what was taken back; what Discord does not let the bot remove then says no more than
    that it was withdrawn."""

    def __init__(self, bot: "Estrado") -> None:
        super().__init__(bot.services.queue, bot.services.clock, "takedown", pauses_seconds=_PAUSES_SECONDS)
        self._bot = bot
        self._begun: set[tuple[QuestionNumber, Published, int]] = set()

    def has_begun(self, number: QuestionNumber, what: Published, generation: int) -> bool:
        """Whether the post is being removed or gone, so that it must not be sent any more: somebody may have found it
        to be posted a moment before it was taken back."""
        return (number, what, generation) in self._begun

    async def work(self) -> None:
        """All that is to go. What cannot be removed keeps back nothing else, and is raised in the end."""
        if self._bot.venue is None:
            return
        troubles: list[NotPosted] = []
        for takedown in await self._queue.takedowns():
            try:
                await self._remove(takedown)
            except NotPosted as trouble:
                troubles.append(trouble)
        if troubles:
            raise troubles[0]

    async def _remove(self, takedown: Takedown) -> None:
        async def remove(channel: ChannelId, message: MessageId) -> None:
            await self._remove_message(takedown, channel, message)

        self._begun.add((takedown.number, takedown.what, takedown.generation))
        notices = self._bot.services.notices
        try:
            await notices.withdraw(
                notice_key(takedown.number, takedown.what),
                takedown.generation,
                remove,
                self._find,
                reference=reference_of(takedown.number, takedown.what),
            )
        except NotPosted as trouble:
            await notices.tell_of(trouble)
            raise
        await self._queue.note_taken_down(takedown)

    async def _remove_message(self, takedown: Takedown, channel: ChannelId, message: MessageId) -> None:
        posting = self._bot.posting
        try:
            await posting.delete(channel, message)
        except NotPosted as trouble:
            if trouble.reason not in (Reason.FORBIDDEN, Reason.REFUSED):
                raise
            text = withdrawn_post(takedown, self._bot.services.event.languages)
            if not await posting.edit(channel, message, text=text):
                # Too old to be changed just now, unless somebody has deleted it meanwhile.
                raise

    async def _find(self, channel: ChannelId, mark: str, since: datetime) -> Posted | None:
        try:
            return await self._bot.posting.find(channel, mark, since)
        except NotPosted as trouble:
            # With a channel goes what was in it.
            if trouble.reason is Reason.MISSING:
                return None
            raise


def notice_key(number: QuestionNumber, what: Published) -> str:
    """Under which key what a question has that is public is delivered."""
    return f"question/{number}/{_NAMES[what][0]}"


def reference_of(number: QuestionNumber, what: Published) -> str:
    """What its marks begin with."""
    return f"{_NAMES[what][1]}-{number}"
