"""What everybody is told outside the plan: changes of the programme, pauses, and what organizers say. Once each."""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from bot.agenda_differences import Difference, Retitled, read
from bot.cues import Cue, CueKind, posts, reference
from bot.cues import plan as planned_cues
from bot.ids import ChannelId, MessageId, SessionKey
from bot.languages import Language, Text, text_in
from bot.notices import Address, NoLongerTrue, Outcome, mark
from bot.phrases import steering as phrases
from bot.schedule import pause
from bot.steering import Words, WordsKind
from bot.storage.alerts import AlertKind
from bot.storage.nouns import Nouns

from .announcements import Announcements
from .posting import NotPosted, Post, Reason
from .replies import literal

if TYPE_CHECKING:
    from .client import Estrado

log = logging.getLogger(__name__)

_NAME = "public words"

#: Posts of these name hours of the block that they are about.
_OF_A_BLOCK = frozenset({CueKind.BLOCK_START, CueKind.QA_OPENS, CueKind.LAST_CALL})


class PublicWords:
    """Sees to it that all that was kept to be told is told, in order, and that earlier posts say the same hours."""

    def __init__(self, bot: "Estrado") -> None:
        self._bot = bot
        self._steering = bot.services.steering
        self._schedule = bot.services.schedule
        self._failures = 0

    def start(self) -> None:
        """Tell what is to be told from now on, and what an earlier run left."""
        self._steering.on_words(self.look)
        self.look()

    def look(self) -> None:
        """There may be something to tell."""
        self._schedule.at(_NAME, self._bot.clock.now(), self._tell_all)

    async def _tell_all(self) -> None:
        if self._bot.venue is None:
            # Its opening looks again.
            return
        failed, held = False, set[ChannelId]()
        for words in await self._steering.untold():
            try:
                failed |= not await self._tell(words, held)
            except Exception:  # what cannot be told must not keep everybody from the rest
                log.exception("words.failed id=%d", words.id)
                failed = True
        self._failures = self._failures + 1 if failed else 0
        if failed:
            self._schedule.at(_NAME, self._bot.clock.now() + pause(self._failures), self._tell_all)

    async def _tell(self, words: Words, held: set[ChannelId]) -> bool:
        """Whether it is done with. `held` are the channels that something earlier has still to reach."""
        done = True
        for channel_id in self._channels(words):
            if channel_id in held:
                # Told before it, this would be contradicted by what is older: a pause after its end.
                done = False
                continue
            try:
                await self._deliver(words, channel_id)
            except NoLongerTrue:
                called = _reference(words)
                await self._bot.services.notices.tell(AlertKind.SKIPPED, None, called, (called,))
            except NotPosted as trouble:
                # What is wrong with the channel has been noted; what is refused is for a person to post.
                if trouble.reason is not Reason.REFUSED:
                    held.add(channel_id)
                    done = False
        if words.kind is WordsKind.CHANGE:
            done &= await self._correct_posts(self._differences(words), [each.session for each in _themes(words)])
        if done:
            await self._steering.told(words.id)
        return done

    def _channels(self, words: Words) -> tuple[ChannelId, ...]:
        venue = self._bot.venue
        if venue is None:
            return ()
        if words.kind in (WordsKind.PAUSED, WordsKind.RESUMED):
            return (venue.questions,)
        return tuple(channel_id for channel_id in venue.announcements if channel_id)

    async def _deliver(self, words: Words, channel_id: ChannelId) -> None:
        await self._bot.posting.deliver(
            f"words/{words.id}",
            channel_id,
            1,
            Post(self._texts(words)),
            reference=_reference(words),
            is_current=lambda now: now < words.expires_at,
        )

    def _texts(self, words: Words) -> tuple[str, ...]:
        match words.kind:
            case WordsKind.CHANGE:
                return change_texts(self._bot, self._differences(words), words.content["reason"], _themes(words))
            case WordsKind.PAUSED:
                return _whole([phrases.paused(it) for it in self._languages])
            case WordsKind.RESUMED:
                return _whole([phrases.resumed(it) for it in self._languages])
            case WordsKind.SAID:
                return said_texts(self._languages, words.content["text"])

    def _differences(self, words: Words) -> tuple[Difference, ...]:
        if words.kind is not WordsKind.CHANGE:
            return ()
        return read(words.content["differences"], self._bot.services.event)

    @property
    def _languages(self) -> Sequence[Language]:
        return self._bot.services.event.languages

    async def _correct_posts(self, found: Sequence[Difference], retitled: Sequence[SessionKey]) -> bool:
        """Make what was announced before say the hours of now. Whether nothing of it is left to be tried again."""
        venue, done = self._bot.venue, True
        for channel_id in () if venue is None else venue.announcements:
            for session in dict.fromkeys([*(each.session for each in found), *retitled]):
                for cues in await self._bot.services.store.read(partial(_sent, session, channel_id)):
                    try:
                        await self._correct_post(cues, channel_id, found)
                    except NotPosted as trouble:
                        log.warning("agenda.post_not_corrected channel=%d reason=%s", channel_id, trouble.reason)
                        done &= not trouble.reason.may_pass
        return done

    async def _correct_post(self, keys: Sequence[str], channel_id: ChannelId, found: Sequence[Difference]) -> None:
        services = self._bot.services
        now_planned = planned_cues(services.event, services.config.announcements)
        cues = [cue for cue in now_planned if cue.key in keys]
        if not any(_is_of(cue, found) for cue in cues):
            return
        (post,) = posts(cues)
        first = next((cue for cue in cues if cue.key == keys[0]), post.cues[0])
        built_at, messages = await services.store.read(partial(_posted, Address(keys[0], channel_id)))
        if built_at is None:
            return
        parts = await Announcements(self._bot).build(post, channel_id, built_at)
        for number, (message, part) in enumerate(zip(messages, parts, strict=False), 1):
            await self._bot.posting.edit_marked(channel_id, message, part, mark(reference(first), 1, number))


def change_texts(
    bot: "Estrado", found: Sequence[Difference], reason: str | None, themes: Sequence[Retitled] = ()
) -> tuple[str, ...]:
    """What everybody is told of a change, in the event's languages."""
    event, why = bot.services.event, None if reason is None else literal(reason)
    return _whole([phrases.changed(found, event, why, it, themes) for it in event.languages])


def said_texts(languages: Sequence[Language], text: Text) -> tuple[str, ...]:
    """What organizers say to everybody: their own words, with Discord's markup and without pings."""
    return _whole([text_in(text, it) for it in languages])


def _whole(texts: Sequence[str]) -> tuple[str, ...]:
    """One message where the languages fit into it, else each begins its own."""
    parts = tuple(dict.fromkeys(texts))
    whole = "\n\n".join(parts)
    return (whole,) if len(whole) <= _TOGETHER else parts


#: So much is told in one message, mark included.
_TOGETHER = 1900


def _reference(words: Words) -> str:
    called = {WordsKind.CHANGE: "cambio", WordsKind.SAID: "anuncio"}.get(words.kind, "preguntas")
    return f"{words.session[5:].replace('-', '')}-{called}-{words.id}"


def _themes(words: Words) -> tuple[Retitled, ...]:
    return tuple(Retitled(SessionKey(key), before, after) for key, before, after in words.content["themes"])


def _is_of(cue: Cue, found: Sequence[Difference]) -> bool:
    """Whether a post of a changed session says what has changed."""
    if cue.kind in _OF_A_BLOCK:
        return any(each.block == cue.block for each in found)
    return cue.kind in (CueKind.REMINDER, CueKind.OPENING)


def _sent(session: SessionKey, channel_id: ChannelId, nouns: Nouns) -> list[list[str]]:
    """The cues of the session's posts that are in the channel: those of each post, the one that names it first."""
    found: dict[str, list[str]] = {}
    for entry in nouns.notices.ledger():
        if entry.channel_id == channel_id and entry.outcome is Outcome.SENT and entry.key.startswith(f"{session}/"):
            found.setdefault(entry.notice or entry.key, []).append(entry.key)
    return [[name, *(key for key in keys if key != name)] for name, keys in found.items()]


def _posted(address: Address, nouns: Nouns) -> tuple[datetime | None, list[MessageId]]:
    return nouns.notices.built_at(address), nouns.notices.messages(address)
