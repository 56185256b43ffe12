"""What the bot kept, held against what really happened on the made-up server."""

import logging
import time
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.agenda import Event
from bot.clock import to_ms
from bot.config import Config
from bot.cues import Audience, due, plan
from bot.loopback.seen import SeenMessage
from bot.phrases import incidents as phrases
from bot.rehearsal import result as figures
from bot.rehearsal.days import attendance_of, blind_spans, presence_of, whereabouts
from bot.rehearsal.hall import Hall
from bot.rehearsal.incidents import MARK, Account
from bot.rehearsal.performance import Heard
from bot.rehearsal.recount import Difference, Span, compared, differences, recount
from bot.rehearsal.result import Result
from bot.services import Services

log = logging.getLogger(__name__)


async def audit(
    config: Config,
    event: Event,
    services: Services,
    hall: Hall,
    heard: Heard,
    account: Account | None,
    now: datetime,
    started: float,
    unseen: Sequence[Span] | None = None,
) -> Result:
    """Hold what the bot kept by `now` against what happened; `started` is when, by time.monotonic().

    `event` is the programme as it really went, by what people did; `account` what went wrong on purpose, if anything.
    `unseen` is when the bot could not see, for one that was killed: how long before that it had last kept what it saw
    does not stand in the server's log, by which it is told otherwise.
    """
    channels = {Audience.PUBLIC: hall.announcements, Audience.ORGANIZERS: (hall.organizers,)}
    channels[Audience.BACKSTAGE] = (hall.backstage,)
    cues = plan(event, config.announcements)
    come = due(cues, frozenset(), now)
    expected = [
        (str(cue.key), str(channel.id)) for cue in (*come.send, *come.skip) for channel in channels[cue.audience]
    ]
    found: list[Difference] = []
    count = 0
    attendance: dict[str, figures.Day] = {}
    counted = frozenset(channel.id for channel in hall.presence_channels)
    blind = tuple(blind_spans(hall.loopback.log)) if unseen is None else tuple(unseen)
    for session in event.sessions:
        record = await services.register.day(session.key)
        blocks = {b.key: Span(to_ms(b.starts_at), to_ms(b.ends_at)) for b in session.blocks}
        second = recount(whereabouts(hall.loopback.log, hall.world), blocks, counted, blind)
        first = presence_of(record)
        for difference in differences(second, first):
            log.warning(
                "recount.differs person=%d block=%s recounted_ms=%d registered_ms=%d",
                difference.person,
                difference.block,
                difference.recounted,
                difference.registered,
            )
            found.append(difference)
        count += compared(second, first)
        attendance[session.key] = attendance_of(await services.summaries.summary(session.key))
    ledger = await services.notices.ledger()
    known = {
        (entry.notice, entry.channel_id): await services.notices.messages(entry.notice, entry.channel_id)
        for entry in ledger
        if entry.notice is not None
    }
    there = {message for channel in hall.world.channels.values() for message in channel.messages}
    planned = frozenset(str(cue.key) for cue in plan(config.agenda, config.announcements))
    for entry in figures.untimely({str(cue.key): cue.at for cue in cues}, planned, ledger):
        log.warning("cue.untimely key=%s channel=%d", entry.key, entry.channel_id)
        if account is not None:
            place = hall.world.channels.get(entry.channel_id)
            where = f"#{entry.channel_id if place is None else place.name}"
            said = phrases.said_wrongly(entry.key, where, account.language)
            account.tell(entry.sent_at or now, said, well=False)
    return Result(
        cues=figures.cues_figures(expected, figures.borne_out(ledger, known, there), _doubled(hall)),
        questions=figures.questions_figures(heard.acknowledged, await services.queue.export()),
        attendance=attendance,
        recount=figures.noted(found, count),
        contract=figures.checked(hall.loopback.contract),
        wall_seconds=round(time.monotonic() - started, 3),
        unanswered=heard.unanswered,
        incidents=None if account is None else figures.IncidentFigures(len(account.lines), tuple(account.wrong)),
    )


def _doubled(hall: Hall) -> int:
    """Messages beyond the first that bear one reference in one channel."""
    marks: Counter[tuple[int, str]] = Counter()
    for channel in hall.world.channels.values():
        for message in channel.messages.values():
            marks.update((channel.id, mark) for mark in set(MARK.findall(SeenMessage(message).text)))
    return sum(count - 1 for count in marks.values())
