"""Announcing: what is due goes to its channels, each channel by itself, and what went wrong to organizers.

The plan says what is due, the notices what was told already; here they meet. A channel that fails is tried again
after a pause, while the others go on.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Generic, Protocol, TypeVar

from bot.clock import Clock
from bot.cues import SAID_TO_BE_LATE, Audience, Cue, CueKey, CueKind, Post, due, posts
from bot.errors import NotSaved
from bot.ids import ChannelId
from bot.notices import Address, HeldCue, NoLongerTrue, Notices, NotPosted, Outcome, Reason
from bot.schedule import Schedule, pause
from bot.sending import Posted
from bot.storage.alerts import Alert, AlertKind
from bot.storage.store import Reader, Store, Transaction

log = logging.getLogger(__name__)

M = TypeVar("M")


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
        self._alert_channels: tuple[ChannelId, ...] = ()
        self._alert_failures = 0
        notices.on_alert(self._alert)

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
        places = [_Place(channel_id, Audience.PUBLIC) for channel_id in public]
        places.append(_Place(organizers, Audience.ORGANIZERS))
        if backstage is not None:
            places.append(_Place(backstage, Audience.BACKSTAGE))
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
        for name, place in self._places.items():
            self._schedule.at(name, self._clock.now(), partial(self._serve, name, place))

    def close(self) -> None:
        """Announce nothing more. What is on its way may still arrive."""
        for name in self._places:
            self._schedule.cancel(name)
        self._places.clear()

    async def _serve(self, name: str, place: _Place) -> None:
        """Tell the channel what is due, and see to it that this is done again in time."""
        cues = self._cues
        plan = [cue for cue in cues.values() if cue.audience is place.audience]
        recorded, claims = await self._store.read(partial(_state, place.channel_id))
        on_their_way = [self._claimed(CueKey(key), keys) for key, keys in claims.items()]
        to_do = due(plan, recorded, self._clock.now())
        await self._pass_over(place, to_do.skip)
        left = [*(post for post in on_their_way if post), *posts(to_do.send)]
        failed = False
        while left and self._cues is cues:
            trouble = await self._deliver(place, left.pop(0))
            failed |= trouble is not None
            if trouble not in (None, Reason.REFUSED):
                # It concerns the channel, not the message: what comes after would only overtake it.
                await self._store.write(partial(_hold_back, tuple(left), place.channel_id))
                break
        place.failures = place.failures + 1 if failed else 0
        instants = [to_do.next_at] if to_do.next_at is not None else []
        if self._cues is not cues:
            instants.append(self._clock.now())
        if failed:
            instants.append(self._clock.now() + pause(place.failures))
        if instants and self._places.get(name) is place:
            self._schedule.at(name, min(instants), partial(self._serve, name, place))

    async def _deliver(self, place: _Place, post: Post) -> Reason | None:
        """Why it is to be tried again, or None where it is not."""
        channel_id = place.channel_id
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
            )
        except NotPosted as trouble:
            return trouble.reason
        except NoLongerTrue:
            return None
        except NotSaved:
            return Reason.UNKNOWN
        except Exception:  # one message that cannot be made must not keep the channel from the others
            log.exception("announcing.failed key=%s channel=%d", post.key, channel_id)
            await self._notices.tell(AlertKind.REFUSED, channel_id, reference(post.cues[0]))
            return Reason.REFUSED
        if delivered.sent_at is None:
            return None
        lateness = post.cues[0].lateness(delivered.sent_at)
        if place.audience is Audience.PUBLIC and lateness >= SAID_TO_BE_LATE:
            minutes = str(round(lateness.total_seconds() / 60))
            await self._notices.tell(AlertKind.LATE, None, reference(post.cues[0]), (minutes,))
        return None

    async def _pass_over(self, place: _Place, cues: Sequence[Cue]) -> None:
        """Record what it is too late for."""
        if not cues:
            return
        held = [_held(cue) for cue in cues]
        outcomes = await self._store.write(partial(_skip, held, place.channel_id))
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


#: What only prepares a session: once it has begun nobody misses it, and whoever started the bot that late knows.
_PREPARING = frozenset({CueKind.DAY_BEFORE, CueKind.PREFLIGHT, CueKind.ROLL})

#: What each kind of cue is called in the references that people quote. The same in every language.
_CALLED = {
    CueKind.DAY_BEFORE: "vispera",
    CueKind.PREFLIGHT: "llamada",
    CueKind.ROLL: "revista",
    CueKind.REMINDER: "recordatorio",
    CueKind.OPENING: "apertura",
    CueKind.BLOCK_START: "bloque",
    CueKind.QA_OPENS: "preguntas",
    CueKind.LAST_CALL: "ultimos-minutos",
    CueKind.QA_CLOSES: "fin-preguntas",
    CueKind.SESSION_CLOSES: "cierre",
    CueKind.EVENT_CLOSES: "fin-evento",
    CueKind.SUMMARY: "resumen",
    CueKind.FINAL: "informe-final",
    CueKind.CORRECTION: "correccion",
}


def reference(cue: Cue) -> str:
    """What a cue's post is called: "0908-apertura", "0908-bloque2"."""
    day = cue.session[5:].replace("-", "")
    place = cue.block.rpartition("/")[2] if cue.kind is CueKind.BLOCK_START and cue.block else ""
    return f"{day}-{_CALLED[cue.kind]}{place}"


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
