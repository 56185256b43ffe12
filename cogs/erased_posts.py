"""The bot's own posts that show somebody who was erased: changed one by one, across restarts, or told to organizers."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from bot.erasure import ERASED
from bot.ids import ChannelId, MessageId, QuestionNumber
from bot.languages import Language
from bot.notices import mark
from bot.phrases import privacy as phrases
from bot.queue_values import Shown
from bot.sending import NotPosted, Reason
from bot.storage.erasing import without_lines
from bot.storage.erasure_posts import ErasurePost, PostKind, PostOutcome, Unchanged

from .keeping import ended, guarded
from .live_messages import EDITABLE_FOR
from .posting import Post, marked_messages
from .question_cards import answer_post, in_all, public_post
from .replies import literal

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

#: Between two posts: Discord takes few changes of old messages.
_BETWEEN_SECONDS = 2.0

#: Until what could not be changed is tried again.
_AGAIN_SECONDS = 30.0

#: A post that Discord does not let be changed is taken away after so many attempts.
_ATTEMPTS = 10

#: A message of which nobody learnt whether it arrived is waited for so long.
_ARRIVES_WITHIN = timedelta(hours=1)

#: A list that goes with the last summary, with the texts of the questions in it.
_TABLE = "preguntas-por-responder.csv"


class ErasedPosts:
    """Changes what is on the list that every erasure makes, and tells organizers what it could not change."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._erasure = bot.services.erasure
        self._clock = bot.services.clock
        self._woken = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Change what there is to be changed from now on."""
        self._erasure.on_erased(lambda _session: self._woken.set())
        self._tasks = [asyncio.create_task(self._keep(), name="erased posts")]

    async def stop(self) -> None:
        """Stop; what is left is changed by the next start."""
        await ended(self._tasks)

    def look(self) -> None:
        """Change what is left from before."""
        self._woken.set()

    async def _keep(self) -> None:
        while True:
            await self._woken.wait()
            self._woken.clear()
            await guarded(self._change_all(), "erased_posts")
            await guarded(self._tell(), "erased_posts")
            if self._bot.venue is None:
                continue
            if self._erasure.lags:
                await guarded(self._erasure.catch_up(), "erasure")
            if await self._is_left():
                await self._clock.sleep(_AGAIN_SECONDS)
                self._woken.set()

    async def _is_left(self) -> bool:
        """Whether something is to be done again; so it is where the database does not tell."""
        left = True

        async def look() -> None:
            nonlocal left
            erasure = self._erasure
            left = erasure.lags or bool(await erasure.posts()) or bool(await erasure.unchanged())

        await guarded(look(), "erased_posts")
        return left

    async def _change_all(self) -> None:
        if self._bot.venue is None:
            return
        for post in await self._erasure.posts():
            outcome = await self._outcome(post)
            if outcome is not None:
                await self._erasure.settle(post, outcome)
                log.info("erased_post.settled kind=%s outcome=%s", post.kind, outcome)
            elif post.kind is not PostKind.LIVE:
                await self._erasure.note_attempt(post)
            if post.message is not None and post.kind is not PostKind.LIVE:
                await self._clock.sleep(_BETWEEN_SECONDS)

    async def _outcome(self, post: ErasurePost) -> PostOutcome | None:
        """What became of it; None where it has to be looked at again."""
        if post.is_absent:
            return PostOutcome.GONE
        if post.is_lost:
            return PostOutcome.UNREACHABLE
        if post.message is None:
            waited = self._clock.now() - post.noted_at
            return PostOutcome.UNREACHABLE if waited > _ARRIVES_WITHIN else None
        try:
            match post.kind:
                case PostKind.LIVE:
                    return await self._live(post.channel, post.message)
                case PostKind.FLAG:
                    await self._bot.posting.delete(post.channel, post.message)
                    return PostOutcome.GONE
                case PostKind.LIST:
                    return await self._list(post, post.message)
                case PostKind.QUESTION | PostKind.ANSWER:
                    return await self._made_anew(post, post.message)
        except NotPosted as trouble:
            return None if trouble.reason.may_pass else PostOutcome.UNREACHABLE

    async def _live(self, channel: ChannelId, message: MessageId) -> PostOutcome | None:
        """It is made anew by who keeps it, or stands no longer; what nobody can change any more is taken away."""
        since = await self._erasure.live_since(message)
        if since is not None and self._clock.now() - since < EDITABLE_FOR:
            return None
        await self._bot.posting.delete(channel, message)
        return PostOutcome.GONE

    async def _list(self, post: ErasurePost, message_id: MessageId) -> PostOutcome | None:
        message = await self._bot.posting.fetch(post.channel, message_id)
        if message is None:
            return PostOutcome.GONE
        text = without_lines(message.content, frozenset(post.numbers))
        kept = [each for each in message.attachments if each.filename != _TABLE]
        if text == message.content and len(kept) == len(message.attachments):
            return PostOutcome.EDITED
        if await self._bot.posting.edit(post.channel, message_id, text=text, attachments=kept):
            return PostOutcome.EDITED
        return await self._not_changed(post, message_id)

    async def _made_anew(self, post: ErasurePost, message_id: MessageId) -> PostOutcome | None:
        (number,) = post.numbers
        shown = await self._bot.services.queue.shown(number)
        text, reference = await (self._question if post.kind is PostKind.QUESTION else self._answer)(shown, post)
        messages = marked_messages(Post((text,)))
        if post.part > len(messages):
            await self._bot.posting.delete(post.channel, message_id)
            return PostOutcome.GONE
        whole = f"{messages[post.part - 1].parts[0]}\n-# ref. {mark(reference, post.generation, post.part)}"
        if await self._bot.posting.edit(post.channel, message_id, text=whole):
            return PostOutcome.EDITED
        return await self._not_changed(post, message_id)

    async def _question(self, shown: Shown, _post: ErasurePost) -> tuple[str, str]:
        text = self._worded(public_post(shown, None, self._languages))
        return text, f"pregunta-{shown.question.number}"

    async def _answer(self, shown: Shown, post: ErasurePost) -> tuple[str, str]:
        number, generation = shown.question.number, post.generation
        answer = await self._erasure.answer_text(number, generation)
        under = await self._bot.services.queue.posted(number) is not None
        text = answer_post(shown, answer, self._languages, corrected=generation > 1, stands_under=under)
        return self._worded(text), f"respuesta-{number}"

    def _worded(self, text: str) -> str:
        """With words in place of the sign that stands for a text that was erased."""
        told = in_all(self._languages, phrases.erased_text)
        return text.replace(f"> {literal(ERASED)}", f"> *{told}*")

    async def _not_changed(self, post: ErasurePost, message_id: MessageId) -> PostOutcome | None:
        """It is gone, or Discord does not let so old a message be changed: then it goes, after some attempts."""
        try:
            if await self._bot.posting.fetch(post.channel, message_id) is None:
                return PostOutcome.GONE
        except NotPosted as trouble:
            # Without its history nobody can tell, and taking away what is gone does no harm.
            if trouble.reason is not Reason.FORBIDDEN:
                raise
        if post.attempts + 1 < _ATTEMPTS:
            return None
        await self._bot.posting.delete(post.channel, message_id)
        return PostOutcome.REMOVED

    async def _tell(self) -> None:
        """Organizers, once, of what is left for them to do, and of what was taken away."""
        venue, unchanged = self._bot.venue, await self._erasure.unchanged()
        if venue is None or not unchanged:
            return
        parts = (
            *self._told(unchanged, PostOutcome.UNREACHABLE, self._unreachable),
            *self._told(unchanged, PostOutcome.REMOVED, self._removed),
        )
        key = f"privacy/posts/{unchanged[0].id}-{unchanged[-1].id}"
        await self._bot.posting.deliver(key, venue.organizers, 1, Post(parts), reference=f"datos-{unchanged[-1].id}")
        await self._erasure.note_told(unchanged)

    def _told(
        self,
        unchanged: Sequence[Unchanged],
        outcome: PostOutcome,
        words: Callable[[Sequence[Unchanged], Language], str],
    ) -> Sequence[str]:
        found = [each for each in unchanged if each.outcome is outcome]
        return [in_all(self._languages, lambda it: words(found, it), "\n\n")] if found else []

    def _unreachable(self, posts: Sequence[Unchanged], it: Language) -> str:
        return phrases.posts_unchanged([(f"<#{p.channel}>", self._link(p), p.numbers) for p in posts], it)

    def _removed(self, posts: Sequence[Unchanged], it: Language) -> str:
        places: list[tuple[str, Sequence[QuestionNumber]]] = [(f"<#{p.channel}>", p.numbers) for p in posts]
        return phrases.posts_removed(places, it)

    def _link(self, post: Unchanged) -> str:
        venue = self._bot.venue
        if post.message is None or venue is None:
            return ""
        return f"https://discord.com/channels/{venue.guild_id}/{post.channel}/{post.message}"

    @property
    def _languages(self) -> Sequence[Language]:
        return self._bot.services.event.languages
