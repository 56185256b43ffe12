"""What falls due in an event, when, and how late is too late. Pure: who sends and who remembers is elsewhere."""

from collections.abc import Iterable, Iterator, Set
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from itertools import groupby
from typing import NewType

from bot.agenda import Block, BlockKind, Event, Session
from bot.config import AnnouncementsConfig
from bot.errors import Refusal
from bot.ids import BlockKey, SessionKey

#: "2020-09-08/opening", "2020-09-08/2/start": the same after a restart, and after the hours of the agenda change.
CueKey = NewType("CueKey", str)


class CueKind(StrEnum):
    """Why something is due. In the order in which cues of one instant are told."""

    QA_CLOSES = "qa_closes"
    SESSION_CLOSES = "session_closes"
    EVENT_CLOSES = "event_closes"
    #: On the day before, with the way in.
    DAY_BEFORE = "day_before"
    #: Moderators and panelists are called, each to say that they are there.
    PREFLIGHT = "preflight"
    #: Who of them is missing, and how the bot is doing.
    ROLL = "roll"
    REMINDER = "reminder"
    #: The session's start: day, theme, remarks, programme. It stands for its first block's start too.
    OPENING = "opening"
    #: Any later block's start but the questions and answers', which have cues of their own.
    BLOCK_START = "block_start"
    QA_OPENS = "qa_opens"
    LAST_CALL = "last_call"
    SUMMARY = "summary"
    #: What the whole event came to, soon after its last day has settled.
    FINAL = "final"
    #: The figures of a day that is over are not those of its summary. It is in no plan: nobody knows when it is due.
    CORRECTION = "correction"


class Audience(StrEnum):
    """Who sees what a cue causes."""

    PUBLIC = "public"
    #: Moderators and panelists.
    BACKSTAGE = "backstage"
    ORGANIZERS = "organizers"


class Form(StrEnum):
    """How a cue is told by the time that it is sent."""

    NORMAL = "normal"
    #: A few minutes after its hour: said as it would have been, and that it comes late.
    LATE = "late"
    #: So late that it is no news any more: what is said is that it has been going on.
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True)
class Cue:
    """Something due at `at`. From `expires_at` on it is no longer true and is not sent; None: it always is."""

    key: CueKey
    kind: CueKind
    session: SessionKey
    block: BlockKey | None
    at: datetime
    #: After this the cue is told as under way.
    late_at: datetime
    expires_at: datetime | None
    audience: Audience

    def is_too_late(self, now: datetime) -> bool:
        return self.expires_at is not None and now >= self.expires_at

    def form(self, now: datetime) -> Form:
        """How to tell it at `now`, at or after its hour."""
        if now > self.late_at:
            return Form.UNDER_WAY
        return Form.LATE if now - self.at > SAID_TO_BE_LATE else Form.NORMAL

    def lateness(self, now: datetime) -> timedelta:
        """How long after its hour `now` is; never negative."""
        return max(now - self.at, timedelta(0))

    def is_late(self, now: datetime) -> bool:
        """Whether sending it at `now` counts as late."""
        return self.lateness(now) >= COUNTED_AS_LATE


#: From so much lateness on, a post says that it is late.
SAID_TO_BE_LATE = timedelta(minutes=1)

#: Who is missing is told so long before a session, or half-way between the call and it where that is less.
ROLL_MINUTES = 10

#: The final report follows the last day's summary by so much, and does not crowd it in its channel.
AFTER_THE_LAST = timedelta(minutes=1)

#: From so much lateness on, a sent cue counts as late.
COUNTED_AS_LATE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Due:
    """What to do now: send these, record those as skipped, and look again at `next_at` (None: nothing is to come)."""

    send: tuple[Cue, ...]
    skip: tuple[Cue, ...]
    next_at: datetime | None


@dataclass
class NeverSent(Refusal):
    """The event is long over, and these could not be posted, by what their posts are called."""

    references: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Post:
    """Cues that one message tells, in order. `key` is the first one's, and names the post."""

    key: CueKey
    audience: Audience
    session: SessionKey
    cues: tuple[Cue, ...]


def plan(event: Event, announcements: AnnouncementsConfig) -> tuple[Cue, ...]:
    """Every cue of the event in order of time; cues of one instant in the order in which they are told."""
    late_after = timedelta(minutes=announcements.late_after_minutes)
    cues = [cue for session in event.sessions for cue in _of_session(session, announcements, late_after)]
    cues += [cue for session in event.sessions for cue in _before(session, event, announcements, late_after)]
    last = event.sessions[-1]
    cues.append(_cue(CueKind.EVENT_CLOSES, last, None, last.ends_at, late_after, expires_at=last.ends_at + late_after))
    settled_at = last.ends_at + timedelta(seconds=announcements.summary_settle_seconds)
    cues.append(_cue(CueKind.FINAL, last, None, settled_at + AFTER_THE_LAST, late_after, expires_at=None))
    return tuple(sorted(cues, key=lambda cue: (cue.at, _ORDER[cue.kind])))


def due(plan: Iterable[Cue], recorded: Set[CueKey], now: datetime) -> Due:
    """What of the plan is due at `now` and not in `recorded` (sent or skipped): to send, or too late.

    What is said on the day before is true until that day ends; a call, the news of who is missing, and a reminder
    until the session starts; an opening until the session ends, the start of a block until that block ends, "Q&A is
    open" and "few minutes left" until it closes; news of a close for the configured lateness; summaries and the final
    report for ever.
    """
    left = [cue for cue in plan if cue.key not in recorded]
    come = [cue for cue in left if cue.at <= now]
    return Due(
        send=tuple(cue for cue in come if not cue.is_too_late(now)),
        skip=tuple(cue for cue in come if cue.is_too_late(now)),
        next_at=min((cue.at for cue in left if cue.at > now), default=None),
    )


def posts(cues: Iterable[Cue]) -> tuple[Post, ...]:
    """The messages that tell these cues: one an audience and session, each summary and the final report alone; an
    opening comes first in its own.

    The order of the cues handed in does not matter.
    """
    ordered = sorted(cues, key=lambda cue: (_place(cue), cue.kind is not CueKind.OPENING, cue.at, _ORDER[cue.kind]))
    grouped = (tuple(group) for _, group in groupby(ordered, key=_place))
    return tuple(Post(g[0].key, g[0].audience, g[0].session, g) for g in grouped)


def _place(cue: Cue) -> tuple[SessionKey, int, Audience]:
    # Whatever has figures in it stands alone.
    alone = _FOR_ORGANIZERS.index(cue.kind) + 1 if cue.kind in _FOR_ORGANIZERS else 0
    return cue.session, alone, cue.audience


_FOR_ORGANIZERS = (CueKind.SUMMARY, CueKind.FINAL, CueKind.ROLL)

_AUDIENCES = {**dict.fromkeys(_FOR_ORGANIZERS, Audience.ORGANIZERS), CueKind.PREFLIGHT: Audience.BACKSTAGE}

#: What concerns the event and not one of its days.
_OF_EVENT = {CueKind.EVENT_CLOSES: "event/closes", CueKind.FINAL: "event/final"}

_ORDER = {kind: place for place, kind in enumerate(CueKind)}


def _before(session: Session, event: Event, announcements: AnnouncementsConfig, late_after: timedelta) -> Iterator[Cue]:
    """What prepares a session, and is nothing to those who only watch it begin."""
    starts = session.starts_at
    if announcements.day_before_hours:
        at = starts - timedelta(hours=announcements.day_before_hours)
        the_day = datetime.combine(starts.astimezone(event.timezone), time(), event.timezone).astimezone(UTC)
        # Announced within the day itself, it is true until the session begins.
        yield _cue(CueKind.DAY_BEFORE, session, None, at, late_after, expires_at=the_day if at < the_day else starts)
    if announcements.preflight_minutes:
        called_at = starts - timedelta(minutes=announcements.preflight_minutes)
        yield _cue(CueKind.PREFLIGHT, session, None, called_at, late_after, expires_at=starts)
        roll_at = starts - min(timedelta(minutes=ROLL_MINUTES), (starts - called_at) / 2)
        yield _cue(CueKind.ROLL, session, None, roll_at, late_after, expires_at=starts)


def _of_session(session: Session, announcements: AnnouncementsConfig, late_after: timedelta) -> Iterator[Cue]:
    starts, ends = session.starts_at, session.ends_at
    if announcements.reminder_minutes:
        reminder_at = starts - timedelta(minutes=announcements.reminder_minutes)
        yield _cue(CueKind.REMINDER, session, None, reminder_at, late_after, expires_at=starts)
    yield _cue(CueKind.OPENING, session, session.blocks[0], starts, late_after, expires_at=ends)
    for block in session.blocks[1:]:
        if block.kind is not BlockKind.QA:
            yield _cue(CueKind.BLOCK_START, session, block, block.starts_at, late_after, expires_at=block.ends_at)
    if session.qa is not None:
        yield from _of_qa(session, session.qa, announcements, late_after)
    yield _cue(CueKind.SESSION_CLOSES, session, None, ends, late_after, expires_at=ends + late_after)
    settled_at = ends + timedelta(seconds=announcements.summary_settle_seconds)
    yield _cue(CueKind.SUMMARY, session, None, settled_at, late_after, expires_at=None)


def _of_qa(session: Session, qa: Block, announcements: AnnouncementsConfig, late_after: timedelta) -> Iterator[Cue]:
    yield _cue(CueKind.QA_OPENS, session, qa, qa.starts_at, late_after, expires_at=qa.ends_at)
    last_call_at = qa.ends_at - timedelta(minutes=announcements.last_call_minutes)
    if qa.starts_at < last_call_at < qa.ends_at:
        yield _cue(CueKind.LAST_CALL, session, qa, last_call_at, late_after, expires_at=qa.ends_at)
    yield _cue(CueKind.QA_CLOSES, session, qa, qa.ends_at, late_after, expires_at=qa.ends_at + late_after)


def _cue(
    kind: CueKind,
    session: Session,
    block: Block | None,
    at: datetime,
    late_after: timedelta,
    *,
    expires_at: datetime | None,
) -> Cue:
    if kind is CueKind.BLOCK_START and block is not None:
        key = f"{block.key}/start"
    else:
        key = _OF_EVENT.get(kind, f"{session.key}/{kind}")
    return Cue(
        key=CueKey(key),
        kind=kind,
        session=session.key,
        block=None if block is None else block.key,
        at=at,
        late_at=at + late_after,
        expires_at=expires_at,
        audience=_AUDIENCES.get(kind, Audience.PUBLIC),
    )


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
