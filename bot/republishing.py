"""Corrected summaries: where the figures of a day that is over are not those that were posted, organizers are told.

What was posted is kept as numbers. Whatever changes a day that is over (a correction, time that turns out to be
unknown, an event that came late) has the day looked at once nothing has changed for a while; and each start looks at
every day. Only a difference is told, and each exactly once: it is a notice, whose content is kept before it is sent.
"""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Generic, Protocol, TypeVar

from bot.agenda import Event
from bot.clock import Clock
from bot.config import Config
from bot.cues import CueKind
from bot.errata import Errata
from bot.errors import NotSaved
from bot.ids import ChannelId, MessageId, SessionKey
from bot.live_agenda import LiveAgenda
from bot.notices import Address, HeldCue, Notices, NotPosted, Outcome, Reason
from bot.published import CorrectedSummary, differences, figures
from bot.register import Register
from bot.schedule import Schedule, pause
from bot.sending import Posted
from bot.storage.nouns import Nouns
from bot.storage.published import Published
from bot.storage.store import Store, Transaction
from bot.summary import Summaries, Summary

log = logging.getLogger(__name__)

M = TypeVar("M")

#: A summary of which this became is told, or is for a person to post by hand.
_DONE = (Outcome.SENT, Outcome.UNCONFIRMED, Outcome.FAILED)

_NAME = "corrected summary/"


class _NothingToCorrect(Exception):
    """The figures are those that were posted last, after all."""


class Outlet(Protocol[M]):
    """Makes messages and posts them. All of it raises NotPosted."""

    async def build_corrected(
        self,
        corrected: CorrectedSummary,
        summary: Summary | None,
        channel_id: ChannelId,
        first_message: MessageId | None,
    ) -> Sequence[M]:
        """The messages that tell a correction. `summary` is the day as it says; None where it has changed since.
        `first_message` is that of the summary that it corrects."""

    async def send(self, channel_id: ChannelId, message: M, mark: str, nonce: str) -> Posted:
        """Post one message with its mark."""

    async def find(self, channel_id: ChannelId, mark: str, since: datetime) -> Posted | None:
        """Seek the message that bears a mark."""


class Republishing(Generic[M]):
    """Knows what each day's summaries said, and sees to it that they are corrected."""

    def __init__(
        self,
        store: Store,
        agenda: LiveAgenda,
        config: Config,
        clock: Clock,
        notices: Notices,
        schedule: Schedule,
        register: Register,
        errata: Errata,
        summaries: Summaries,
    ) -> None:
        self._store = store
        self._agenda = agenda
        self._clock = clock
        self._notices = notices
        self._schedule = schedule
        self._summaries = summaries
        self._quiet = timedelta(minutes=config.announcements.correction_quiet_minutes)
        self._settles_after = timedelta(seconds=config.announcements.summary_settle_seconds)
        self._channel_id = ChannelId(0)
        self._outlet: Outlet[M] | None = None
        self._failures: dict[SessionKey, int] = {}
        self._changed_at: dict[SessionKey, datetime] = {}
        register.on_late(self.look_after)
        errata.on_change(self.look_after)

    @property
    def _event(self) -> Event:
        return self._agenda.event

    def open(self, organizers: ChannelId, outlet: Outlet[M]) -> None:
        """Tell corrections in this channel from now on, and at once what is due. Harmless when repeated."""
        if self._outlet is outlet and self._channel_id == organizers:
            return
        self.close()
        self._channel_id, self._outlet = organizers, outlet
        now = self._clock.now()
        for session in self._event.sessions:
            if session.ends_at + self._settles_after <= now:
                self._look_at(session.key, now)

    def close(self) -> None:
        """Tell nothing more. What is on its way may still arrive."""
        self._outlet = None
        for session in self._event.sessions:
            self._schedule.cancel(_NAME + session.key)

    def look_after(self, session: SessionKey) -> None:
        """Something of the day has changed, or is about to: look at it once nothing has for the configured time."""
        self._changed_at[session] = now = self._clock.now()
        settled_at = self._event.session(session).ends_at + self._settles_after
        self._look_at(session, max(now, settled_at) + self._quiet)

    @property
    def is_pending(self) -> bool:
        """Whether a day is still to be looked at, or is being looked at."""
        return any(name.startswith(_NAME) for name in self._schedule.names)

    async def nothing_left(self) -> bool:
        """Whether each day that was told was told as it is now, and no correction of it is on its way."""
        if self.is_pending:
            return False
        for session in self._event.sessions:
            published, is_done = await self._store.read(partial(_last, session.key))
            if published is None:
                continue
            if not is_done and published.generation > 1:
                return False
            summary = await self._summaries.summary(session.key)
            if differences(published.figures, figures(summary)):
                return False
        return True

    async def first(
        self, session: SessionKey, channel_id: ChannelId, at: datetime, summary: Summary, texts: Sequence[str]
    ) -> tuple[str, ...]:
        """Keep what a day's first summary says before it is posted; returns the texts to post.

        Those are `texts`, unless a message that was made for the same instant may be in the channel already: then they
        are what that one says.
        """
        said = figures(summary)
        kept = await self._store.write(lambda tx: tx.published.keep(session, channel_id, 1, at, said, texts))
        if differences(kept.figures, said):
            self.look_after(session)
        return kept.texts

    def _look_at(self, session: SessionKey, at: datetime) -> None:
        if self._outlet is not None:
            self._schedule.at(_NAME + session, at, partial(self._look, session, at))

    async def _look(self, session: SessionKey, due_at: datetime) -> None:
        """Post what is to be corrected of a day, if anything is; again later where it cannot be done now."""
        if (quiet_at := await self._quiet_at(session)) is not None:
            self._look_at(session, quiet_at)
            return
        try:
            await self._correct(session, due_at)
        except (NotPosted, NotSaved) as trouble:
            if isinstance(trouble, NotPosted) and trouble.reason is Reason.REFUSED:
                return
            self._failures[session] = self._failures.get(session, 0) + 1
            self._look_at(session, self._clock.now() + pause(self._failures[session]))
            return
        self._failures.pop(session, None)

    async def _quiet_at(self, session: SessionKey) -> datetime | None:
        """When the day will not have changed for long enough; None where it is so."""
        made_at = await self._store.read(lambda tx: tx.corrections.last_made_at(session))
        now = self._clock.now()
        instants = [at + self._quiet for at in (made_at, self._changed_at.get(session)) if at is not None and at <= now]
        latest = max(instants, default=now)
        return latest if latest > now else None

    async def _correct(self, session: SessionKey, due_at: datetime) -> None:
        channel_id, outlet = self._channel_id, self._outlet
        if outlet is None or not channel_id:
            return
        history, is_done, may_be_there = await self._store.read(partial(_state, session, channel_id))
        if not history or (len(history) == 1 and not is_done):
            # The day's first summary is still to come, by its cue, and with the figures that it has then.
            return
        number = len(history) if is_done else len(history) - 1
        summary = await self._summaries.summary(session)
        before = history[number - 1].figures
        if not may_be_there and not differences(before, figures(summary)):
            await self._store.write(partial(_forget, session, channel_id, number))
            return
        cue = HeldCue(_key(session, number), CueKind.CORRECTION, due_at)
        try:
            await self._notices.deliver(
                cue.key,
                channel_id,
                1,
                partial(self._build, outlet, session, channel_id, number),
                partial(outlet.send, channel_id),
                partial(outlet.find, channel_id),
                reference=f"{session[5:].replace('-', '')}-correccion{number}",
                cues=[cue],
            )
        except _NothingToCorrect:
            await self._store.write(partial(_forget, session, channel_id, number))
            return
        log.info("summary.corrected session=%s number=%d", session, number)

    async def _build(
        self, outlet: Outlet[M], session: SessionKey, channel_id: ChannelId, number: int, at: datetime
    ) -> Sequence[M]:
        """The messages of a day's correction as of `at`: what they say is kept, and is the same for the same instant.

        Raises _NothingToCorrect where there is nothing of it in the channel, and no reason for it any more.
        """
        summary = await self._summaries.summary(session)
        said = figures(summary)
        first, before, kept = await self._store.write(partial(_keep, session, channel_id, number, at, said))
        found = differences(before.figures, kept.figures)
        corrected = CorrectedSummary(self._event.session(session), first, before, found)
        is_as_it_says = not differences(kept.figures, said)
        messages = await self._notices.messages(_key(session, 0), channel_id)
        return await outlet.build_corrected(
            corrected, summary if is_as_it_says else None, channel_id, messages[0] if messages else None
        )


def _key(session: SessionKey, number: int) -> str:
    """The notice of a day's summary (0), or of its first, second … correction."""
    return f"{session}/{CueKind.CORRECTION}/{number}" if number else f"{session}/{CueKind.SUMMARY}"


def _state(session: SessionKey, channel_id: ChannelId, tx: Nouns) -> tuple[list[Published], bool, bool]:
    """A day's summaries in the channel, whether the last one is done with, and else whether it may be there."""
    history = tx.published.of_session(session, channel_id)
    key = _key(session, len(history) - 1)
    is_done = tx.notices.outcome(key, channel_id) in _DONE
    return history, is_done, not is_done and tx.notices.may_be_there(Address(key, channel_id))


def _last(session: SessionKey, tx: Nouns) -> tuple[Published | None, bool]:
    """A day's last summary, in whatever channel, and whether it is done with."""
    last = tx.published.last(session)
    if last is None:
        return None, True
    return last, tx.notices.outcome(_key(session, last.generation - 1), last.channel_id) in _DONE


def _keep(
    session: SessionKey, channel_id: ChannelId, number: int, at: datetime, said: dict[str, int], tx: Transaction
) -> tuple[Published, Published, Published]:
    history = tx.published.of_session(session, channel_id)
    first, before = history[0], history[number - 1]
    there = history[number] if len(history) > number else None
    if (there is None or there.made_at != at) and not differences(before.figures, said):
        raise _NothingToCorrect
    return first, before, tx.published.keep(session, channel_id, number + 1, at, said)


def _forget(session: SessionKey, channel_id: ChannelId, number: int, tx: Transaction) -> None:
    """A correction that is not in the channel, and not needed any more: the next one takes its number."""
    history = tx.published.of_session(session, channel_id)
    if len(history) > number:
        tx.published.drop(history[number])
    tx.notices.forget(_key(session, number), channel_id)
