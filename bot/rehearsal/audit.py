"""What the bot kept, held against what really happened on the made-up server."""

import logging
import re
import time
from collections import Counter
from datetime import datetime

from bot.clock import to_ms
from bot.config import Config
from bot.cues import Audience, due, plan
from bot.loopback.seen import SeenMessage
from bot.rehearsal import result as figures
from bot.rehearsal.days import attendance_of, presence_of, whereabouts
from bot.rehearsal.hall import Hall
from bot.rehearsal.performance import Heard
from bot.rehearsal.recount import Difference, Span, compared, differences, recount
from bot.rehearsal.result import Result
from bot.services import Services

log = logging.getLogger(__name__)

_MARK = re.compile(r"\bref\. (\S+)")


async def audit(config: Config, services: Services, hall: Hall, heard: Heard, now: datetime, started: float) -> Result:
    """Hold what the bot kept by `now` against what happened; `started` is when, by time.monotonic()."""
    event = config.agenda
    channels = {Audience.PUBLIC: hall.announcements, Audience.ORGANIZERS: (hall.organizers,)}
    come = due(plan(event, config.announcements), frozenset(), now)
    expected = [
        (str(cue.key), str(channel.id)) for cue in (*come.send, *come.skip) for channel in channels[cue.audience]
    ]
    found: list[Difference] = []
    count = 0
    attendance: dict[str, figures.Day] = {}
    counted = frozenset(channel.id for channel in hall.presence_channels)
    for session in event.sessions:
        record = await services.register.day(session.key)
        blocks = {b.key: Span(to_ms(b.starts_at), to_ms(b.ends_at)) for b in session.blocks}
        unknown = [Span(*span) for span in record.unknown]
        second = recount(whereabouts(hall.loopback.log, hall.world), blocks, counted, unknown)
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
    return Result(
        cues=figures.cues_figures(expected, figures.borne_out(ledger, known, there), _doubled(hall)),
        questions=figures.questions_figures(heard.acknowledged, await services.queue.export()),
        attendance=attendance,
        recount=figures.noted(found, count),
        contract=figures.checked(hall.loopback.contract),
        wall_seconds=round(time.monotonic() - started, 3),
        unanswered=heard.unanswered,
    )


def _doubled(hall: Hall) -> int:
    """Messages beyond the first that bear one reference in one channel."""
    marks: Counter[tuple[int, str]] = Counter()
    for channel in hall.world.channels.values():
        for message in channel.messages.values():
            marks.update((channel.id, mark) for mark in set(_MARK.findall(SeenMessage(message).text)))
    return sum(count - 1 for count in marks.values())
