"""Announcing: what is due goes to its channels, each channel by itself, and what went wrong to organizers.

The plan says what is due, the notices what was told already; here they meet. A channel that fails is tried again
after a pause, while the others go on. While the database takes nothing, or cannot even be read, announcements go on by
what is remembered here; only posts with figures wait, since what they count waits too.
"""

import logging
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import groupby
from typing import Generic, Protocol, TypeVar

from bot.clock import Clock
from bot.cues import SAID_TO_BE_LATE, Audience, Cue, CueKey, CueKind, Post, due, posts, reference
from bot.errors import NotSaved, NotSavedReason
from bot.ids import ChannelId
from bot.notices import Address, HeldCue, NoLongerTrue, Notices, NotPosted, Outcome, Reason
from bot.schedule import Schedule, pause
from bot.sending import Posted, mark
from bot.storage.alerts import Alert, AlertKind
from bot.storage.store import Reader, Store, Transaction

log = logging.getLogger(__name__)

M = TypeVar("M")

#: How soon it is tried again to write down what went on without the database, and how long somebody who holds it is
#: waited for, by the machine's time, with what can be written later.
_WRITTEN_DOWN_EVERY = timedelta(seconds=30)
_PATIENCE_SECONDS = 2.0


class Outlet(Protocol[M]):
    """Makes messages and posts them. All of it raises NotPosted."""

    async def build(self, post: Post, channel_id: ChannelId, at: datetime) -> Sequence[M]:
        """The messages of a post as of `at`: the same ones whenever it is asked again for the same instant."""

    async def build_alert(self, alert: Alert) -> Sequence[M]:
        """The messages that tell organizers."""

    async def send(self, channel_id: ChannelId, message: M, mark: str, nonce: str) -> Posted:
        """Post one message with its mark."""

    async def find(self, channel_id: ChannelId, mark: str, since: datetime) -> Posted | None:
        """Seek the message that bears a mark."""


@dataclass(slots=True)
class _Place:
    """A channel that is announced in."""

    channel_id: ChannelId
    audience: Audience
    #: What is known to be told or passed over, whatever the database says by now.
    settled: set[CueKey]
    #: Posts of several instants of which nothing was sent by a bot that died.
    sought: set[CueKey] = field(default_factory=set)
    failures: int = 0


class Announcing(Generic[M]):
    """Sees to it that each channel has been told what it is to be told."""

    def __init__(
        self,
        plan: Sequence[Cue],
        clock: Clock,
        store: Store,
        notices: Notices,
        schedule: Schedule,
        outlet: Outlet[M],
    ) -> None:
        self._cues: Mapping[CueKey, Cue] = {cue.key: cue for cue in plan}
        self._clock = clock
        self._store = store
        self._notices = notices
        self._schedule = schedule
        self._outlet = outlet
        self._places: dict[str, _Place] = {}
        self._opened_at = clock.now()
        #: By channel, for as long as this runs.
        self._settled: dict[ChannelId, set[CueKey]] = {}
        self._unnoted: list[tuple[AlertKind, ChannelId | None, str, tuple[str, ...]]] = []
        self._alert_channels: tuple[ChannelId, ...] = ()
        self._alert_failures = 0
        notices.on_alert(self._alert)
        store.on_trouble(self._on_trouble)

    def open(
        self,
        public: Sequence[ChannelId],
        organizers: ChannelId,
        else_tell: ChannelId,
        *,
        backstage: ChannelId | None = None,
    ) -> None:
        """Announce in these channels from now on, and at once what is due; in place of those named before.

        Alerts go to the organizers, or where they cannot be reached to `else_tell`. Harmless when repeated.
        """
        channels = [(channel_id, Audience.PUBLIC) for channel_id in public]
        channels.append((organizers, Audience.ORGANIZERS))
        if backstage is not None:
            channels.append((backstage, Audience.BACKSTAGE))
        places = [_Place(*each, self._settled.setdefault(each[0], set())) for each in channels]
        self._alert_channels = tuple(channel for channel in (organizers, else_tell) if channel)
        self.close()
        for place in places:
            if not place.channel_id:
                # config.toml names it and the server does not have it; whoever looked for it has told so.
                continue
            name = f"announce/{place.audience}/{place.channel_id}"
            self._places[name] = place
            self._schedule.at(name, self._clock.now(), partial(self._serve, name, place))
        self._alert()

    def replan(self, plan: Sequence[Cue]) -> None:
        """From now on this is what is due. What was told already is not told again, whatever hour it has now."""
        self._cues = {cue.key: cue for cue in plan}
        self._look_everywhere()

    def close(self) -> None:
        """Announce nothing more. What is on its way may still arrive."""
        for name in self._places:
            self._schedule.cancel(name)
        self._places.clear()

    async def _serve(self, name: str, place: _Place) -> None:
        """Tell the channel what is due, and see to it that this is done again in time."""
        cues = self._cues
        plan = [cue for cue in cues.values() if cue.audience is place.audience]
        is_written = await self._notices.write_down(place.channel_id) and await self._note_what_was_not()
        recorded, claims = await self._recorded(place)
        on_their_way = [self._claimed(CueKey(key), keys) for key, keys in claims.items()]
        to_do = due(plan, recorded, self._clock.now())
        failed = False
        with suppress(NotSaved):
            failed = not await self._pass_over(place, to_do.skip)
        left = [*(post for post in on_their_way if post), *posts(to_do.send)]
        while left and self._cues is cues:
            post = left.pop(0)
            # What was claimed together stays together.
            is_claimed = post.key in claims
            if not is_claimed and await self._was_begun_apart(place, post):
                left[:0] = _each_instant(post)
                continue
            try:
                trouble = await self._deliver(place, post, is_claimed=is_claimed)
            except _NotTogether:
                _, claims = await self._recorded(place)
                left[:0] = [post] if post.key in claims else _each_instant(post)
                continue
            failed |= trouble is not None
            if trouble not in (None, Reason.REFUSED):
                # It concerns the channel, not the message: what comes after would only overtake it.
                with suppress(NotSaved):
                    await self._store.write(partial(_hold_back, tuple(left), place.channel_id), _PATIENCE_SECONDS)
                break
        place.failures = place.failures + 1 if failed else 0
        instants = [to_do.next_at] if to_do.next_at is not None else []
        if self._cues is not cues:
            instants.append(self._clock.now())
        if failed:
            instants.append(self._clock.now() + pause(place.failures))
        if not is_written or self._unnoted or self._notices.has_unsaved(place.channel_id):
            instants.append(self._clock.now() + _WRITTEN_DOWN_EVERY)
        if instants and self._places.get(name) is place:
            self._schedule.at(name, min(instants), partial(self._serve, name, place))

    async def _recorded(self, place: _Place) -> tuple[frozenset[CueKey], dict[str, list[str]]]:
        """What needs nothing any more, or is on its way; and what is. What is remembered here holds where the file
        is another one by now, or cannot be read."""
        try:
            recorded, claims = await self._store.read(partial(_state, place.channel_id))
        except sqlite3.Error:
            log.exception("announcing.unreadable channel=%d", place.channel_id)
            return frozenset(place.settled), {}
        on_their_way = {CueKey(key) for keys in claims.values() for key in keys}
        place.settled |= recorded - on_their_way
        claims = {notice: keys for notice, keys in claims.items() if not place.settled.issuperset(map(CueKey, keys))}
        return recorded | place.settled, claims

    async def _was_begun_apart(self, place: _Place, post: Post) -> bool:
        """Whether a bot that died sent some of the post by itself, at its instant, and could not write it down."""
        apart = _each_instant(post)
        if len(apart) == 1 or post.key in place.sought:
            return False
        for each in apart:
            if each.cues[0].at <= self._opened_at:
                try:
                    if await self._sought(place.channel_id, each) is not None:
                        return True
                except NotPosted:
                    # One by one, each of them is sought before it is sent.
                    return True
        place.sought.add(post.key)
        return False

    async def _deliver(self, place: _Place, post: Post, *, is_claimed: bool) -> Reason | None:
        """Why it is to be tried again, or None where it is not."""
        channel_id = place.channel_id
        goes_on = not _WITH_FIGURES.intersection(cue.kind for cue in post.cues)
        is_one = is_claimed or len(_each_instant(post)) == 1
        try:
            delivered = await self._notices.deliver(
                post.key,
                channel_id,
                1,
                partial(self._outlet.build, post, channel_id),
                partial(self._outlet.send, channel_id),
                partial(self._outlet.find, channel_id),
                reference=reference(post.cues[0]),
                cues=[_held(cue) for cue in post.cues],
                is_current=lambda now: any(not cue.is_too_late(now) for cue in post.cues),
                goes_on=goes_on and is_one,
            )
        except NotPosted as trouble:
            return trouble.reason
        except NoLongerTrue:
            return None
        except NotSaved as refused:
            if goes_on and not is_one and refused.reason is not NotSavedReason.CLOSED:
                raise _NotTogether from None
            # Figures that wait keep nothing else from their channel.
            return Reason.UNKNOWN if goes_on else Reason.REFUSED
        except Exception:  # one message that cannot be made must not keep the channel from the others
            log.exception("announcing.failed key=%s channel=%d", post.key, channel_id)
            await self._note(AlertKind.REFUSED, channel_id, reference(post.cues[0]))
            return Reason.REFUSED
        place.settled.update(cue.key for cue in post.cues)
        if delivered.sent_at is None:
            return None
        lateness = post.cues[0].lateness(delivered.sent_at)
        if place.audience is Audience.PUBLIC and lateness >= SAID_TO_BE_LATE:
            minutes = str(round(lateness.total_seconds() / 60))
            await self._note(AlertKind.LATE, None, reference(post.cues[0]), (minutes,))
        return None

    async def _note(
        self, kind: AlertKind, channel_id: ChannelId | None, subject: str, detail: tuple[str, ...] = ()
    ) -> None:
        """Note what organizers are to be told; later, where nothing can be noted now."""
        try:
            await self._notices.tell(kind, channel_id, subject, detail)
        except NotSaved:
            self._unnoted.append((kind, channel_id, subject, detail))

    async def _note_what_was_not(self) -> bool:
        unnoted, self._unnoted = self._unnoted, []
        for each in unnoted:
            await self._note(*each)
        return not self._unnoted

    def _on_trouble(self, reason: NotSavedReason | None) -> None:
        if reason is None:
            self._look_everywhere()

    def _look_everywhere(self) -> None:
        for name, place in self._places.items():
            self._schedule.at(name, self._clock.now(), partial(self._serve, name, place))

    async def _pass_over(self, place: _Place, cues: Sequence[Cue]) -> bool:
        """Record what it is too late for; False where it could not be found out of all whether it is."""
        too_late = [post for together in posts(cues) for post in _each_instant(together)]
        unknown, sent_in_time = set(), set()
        for post in too_late:
            if post.cues[0].at > self._opened_at or post.key in place.sought:
                continue
            try:
                sent = await self._sought(place.channel_id, post)
            except NotPosted:
                unknown.add(post.key)
                continue
            if sent is None:
                place.sought.add(post.key)
            else:
                # A bot that died sent it in time.
                await self._notices.take_over(post.key, place.channel_id, [_held(cue) for cue in post.cues], sent)
                sent_in_time.add(post.key)
        missed = [post for post in too_late if post.key not in unknown | sent_in_time]
        await self._skip([cue for post in missed for cue in post.cues], place)
        return not unknown

    async def _sought(self, channel_id: ChannelId, post: Post) -> Posted | None:
        """The post's first message; None also where the channel cannot be read, in which nothing goes out unsaved."""
        try:
            return await self._outlet.find(channel_id, mark(reference(post.cues[0]), 1, 1), post.cues[0].at)
        except NotPosted as trouble:
            if trouble.reason is not Reason.FORBIDDEN:
                raise
            return None

    async def _skip(self, cues: Sequence[Cue], place: _Place) -> None:
        if not cues:
            return
        held = [_held(cue) for cue in cues]
        outcomes = await self._store.write(partial(_skip, held, place.channel_id), _PATIENCE_SECONDS)
        log.info("announcing.too_late channel=%d cues=%d", place.channel_id, len(cues))
        references = [
            reference(cue)
            for cue, outcome in zip(cues, outcomes, strict=True)
            if outcome is Outcome.SKIPPED and cue.kind not in _PREPARING
        ]
        if references:
            await self._notices.tell(AlertKind.SKIPPED, None, " ".join(references), references)

    def _claimed(self, key: CueKey, keys: Sequence[str]) -> Post | None:
        """The post that a claim was made for; None where the agenda does not have it any more."""
        cues = tuple(self._cues[CueKey(each)] for each in keys if each in self._cues)
        return Post(key, cues[0].audience, cues[0].session, cues) if cues else None

    def _alert(self) -> None:
        if self._alert_channels:
            self._schedule.at("alerts", self._clock.now(), self._tell_organizers)

    async def _tell_organizers(self) -> None:
        """Tell what is to be told, each once; what nobody can be told for the time being, again after a pause."""
        tried: set[int] = set()
        untold = False
        # That a channel turns out to be broken is one more thing to tell, elsewhere.
        while left := [a for a in await self._store.read(lambda tx: tx.alerts.untold()) if a.id not in tried]:
            for alert in left:
                tried.add(alert.id)
                untold |= not await self._tell(alert)
        self._alert_failures = self._alert_failures + 1 if untold else 0
        if untold:
            at = self._clock.now() + pause(self._alert_failures)
            self._schedule.at("alerts again", at, self._tell_organizers)

    async def _tell(self, alert: Alert) -> bool:
        channel_id = await self._store.read(partial(_reachable, self._alert_channels, alert))
        try:
            await self._notices.deliver(
                f"alert/{alert.id}",
                channel_id,
                1,
                partial(self._build_alert, alert),
                partial(self._outlet.send, channel_id),
                partial(self._outlet.find, channel_id),
                reference=f"alerta-{alert.id}",
            )
        except NotPosted:
            # What is wrong with the channel has been noted.
            return False
        await self._store.write(partial(_told, alert))
        return True

    async def _build_alert(self, alert: Alert, _at: datetime) -> Sequence[M]:
        return await self._outlet.build_alert(alert)


class _NotTogether(Exception):
    """What became due at several instants goes on one by one: whoever looks for it later knows no more than those."""


#: What tells figures. They are not those of the event while what they count cannot be written.
_WITH_FIGURES = frozenset({CueKind.SUMMARY, CueKind.FINAL})

#: What only prepares a session: once it has begun nobody misses it, and whoever started the bot that late knows.
_PREPARING = frozenset({CueKind.DAY_BEFORE, CueKind.PREFLIGHT, CueKind.ROLL})


def _each_instant(post: Post) -> list[Post]:
    """The same as posts of one instant each, as they go out in time."""
    groups = [tuple(group) for _, group in groupby(sorted(post.cues, key=lambda cue: cue.at), key=lambda cue: cue.at)]
    return [replace(post, key=cues[0].key, cues=cues) for cues in groups]


def _held(cue: Cue) -> HeldCue:
    return HeldCue(cue.key, cue.kind, cue.at)


def _state(channel_id: ChannelId, tx: Reader) -> tuple[frozenset[CueKey], dict[str, list[str]]]:
    recorded = frozenset(CueKey(key) for key in tx.notices.recorded(channel_id))
    return recorded, tx.notices.open_claims(channel_id)


def _skip(cues: Sequence[HeldCue], channel_id: ChannelId, tx: Transaction) -> list[Outcome]:
    return [tx.notices.skip(cue, channel_id, tx.now) for cue in cues]


def _hold_back(left: Sequence[Post], channel_id: ChannelId, tx: Transaction) -> None:
    """What the channel keeps from being sent counts as attempted, and not as forgotten."""
    for post in left:
        address = Address(post.key, channel_id)
        if tx.notices.may_be_there(address):
            continue
        tx.notices.hold(address, [_held(cue) for cue in post.cues])
        tx.notices.release(address)


def _reachable(channels: Sequence[ChannelId], alert: Alert, tx: Reader) -> ChannelId:
    """The first channel that is not what the alert is about, nor broken itself; else the first there is."""
    fit = [c for c in channels if c != alert.channel_id and not tx.alerts.is_broken(c)]
    return (*fit, *channels)[0]


def _told(alert: Alert, tx: Transaction) -> None:
    tx.alerts.told(alert.id, tx.now)
